"""The picture rebuilt from what stands in Asterisk, in the cases that stories seldom meet."""

from functools import partial

from cti.call import CallState
from cti.effects import AdoptCaller, OfferCall, ReplayCel, WithdrawPop, WriteCall
from cti.events import LinkLost, OfferStarted, SnapshotTaken
from cti.ids import CallId, CentreId, ChannelId, OfferId, SeatId
from cti.picture import ADOPT_AFTER
from cti.seen import SeenChannel
from queues.seat import AgentState
from tests.cti import looked
from tests.cti.looked import MEMBERS, members, phone
from tests.cti.playbook import (
    ANNA,
    BEN,
    CALL,
    CHANNEL,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
)

FIRST = OfferId(f"{CALL}/1")
STRANGER = SeatId("chifeng-1999")


caller = partial(looked.caller, offer=FIRST)


def state_of(p: Playbook, seat: SeatId = SEAT) -> AgentState:
    view = p.switch.seat(seat)
    assert view is not None
    return view.state


def test_seats_calling_each_other_are_no_call() -> None:
    """Nor is a leg whose caller has just gone: no row, no draft."""
    other = CallId("node1-1.7")
    snapshot = SnapshotTaken(at=NOON, channels=(phone(call=other), phone(OTHER, call=other)))
    p = Playbook(snapshot=snapshot)
    assert p.switch.live_calls == frozenset()
    p.none(WriteCall)


def test_members_and_memories_of_seats_the_profile_has_not_are_passed_over() -> None:
    """A seat taken out of the profile while the brain was away changes nothing."""
    snapshot = SnapshotTaken(
        at=NOON,
        members=members(STRANGER, SEAT),
        wrapping_up=((STRANGER, after(20), None), (SEAT, after(-1), None)),
        not_ready=((STRANGER, BEN, "用餐"), (SEAT, BEN, "用餐")),
        reskilled=((STRANGER, BEN, (("人社", 0),)), (SEAT, BEN, (("人社", 0),))),
    )
    p = Playbook(snapshot=snapshot)
    assert p.switch.seat(STRANGER) is None
    assert p.switch.seats()[0].skills == (("通用", 0),)
    # Asterisk's own member wins over the mirror; a wrap-up that is over is over.
    assert state_of(p) is AgentState.AVAILABLE


def test_skills_that_a_supervisor_has_set_outlive_the_brain() -> None:
    """Whoever sits there yet goes on with them until leaving the seat."""
    set_to = (("人社", 1),)
    snapshot = SnapshotTaken(at=NOON, members=members(SEAT), reskilled=((SEAT, ANNA, set_to),))
    p = Playbook(snapshot=snapshot)
    view = p.switch.seat(SEAT)
    assert view is not None
    assert (view.skills, view.is_reskilled) == (set_to, True)


def test_a_caller_between_two_places_is_left_to_the_dialplan() -> None:
    """Still hearing the sentence, or on the way from a talk: the next event says where to."""
    for context, state in (("arrive", CallState.ARRIVED), ("after", CallState.LEAVING)):
        p = Playbook(snapshot=SnapshotTaken(at=NOON, channels=(caller(context),)))
        assert p.switch.call_state(CALL) is state
        p.none(AdoptCaller)


def test_an_offer_that_is_no_longer_ringing_is_withdrawn() -> None:
    """The card goes, the seat is free; the caller's next event says where it stands."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        p >> LinkLost(at=after(2))
        p >> SnapshotTaken(at=after(5), channels=(caller("after"),), members=members(SEAT))
        p << Wish(WithdrawPop, seat=SEAT)
        assert state_of(p) is AgentState.AVAILABLE


def test_an_offer_found_ringing_is_the_one_we_made() -> None:
    """The same offer at the same seat is not counted twice; another seat's is."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        p >> LinkLost(at=after(2))
        channels = (caller("connect"), phone())
        p >> SnapshotTaken(at=after(3), channels=channels, members=members(SEAT))
        assert p.switch.call_state(CALL) is CallState.OFFERED
        p >> SnapshotTaken(at=after(9))
        p << Wish(WriteCall) << Wish(ReplayCel, call=CALL)
        record = [effect.record for effect in p.all if isinstance(effect, WriteCall)][-1]
        assert [offered.seat for offered in record.offers] == [SEAT]
        assert state_of(p) is AgentState.AVAILABLE


def test_a_phone_of_no_seat_we_know_may_ring_for_a_call() -> None:
    """A seat taken out of the profile in mid-offer is followed to the end."""
    channels = (caller("connect"), phone(STRANGER))
    p = Playbook(snapshot=SnapshotTaken(at=NOON, channels=channels))
    assert p.switch.call_state(CALL) is CallState.OFFERED
    p >> SnapshotTaken(at=after(9))
    p << Wish(ReplayCel, call=CALL)


def test_a_talk_that_ended_out_of_sight_leaves_its_seat() -> None:
    """The seat believed in a call that is not there: its talk is over, and it wraps up."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LinkLost(at=after(5))
        p >> SnapshotTaken(at=after(9), channels=(caller("bye"),), members=members(SEAT))
        assert state_of(p) is AgentState.WRAP_UP


def test_a_caller_of_no_centre_is_not_taken_for_one() -> None:
    """A channel that has not reached the arrival yet will tell of itself."""
    early = SeenChannel(
        channel=CHANNEL, call=CALL, seat=None, context="from-trunk", bridge="", centre=CentreId("")
    )
    p = Playbook(snapshot=SnapshotTaken(at=NOON, channels=(early,)))
    assert p.switch.call_state(CALL) is None


def test_a_seat_that_believes_in_an_offer_rung_elsewhere_is_let_go() -> None:
    """Asterisk rings another seat for the caller: ours is free, and its agent with it."""
    with Playbook().sign_in().sign_in(OTHER, BEN).call_in() as p:
        believed = next(view.seat for view in p.switch.seats() if view.call == CALL)
        ringing = OTHER if believed == SEAT else SEAT
        p >> LinkLost(at=after(2))
        channels = (caller("connect"), phone(ringing))
        p >> SnapshotTaken(at=after(5), channels=channels, members=MEMBERS)
        assert state_of(p, believed) is AgentState.AVAILABLE
        assert state_of(p, ringing) is AgentState.OFFERED


def test_a_talk_after_which_nobody_is_there_is_let_go() -> None:
    """The agent of the talk is gone from its bridge and leg: wrap-up, and the caller is kept."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LinkLost(at=after(5))
        channels = (caller("wait"),)
        p >> SnapshotTaken(at=after(9), channels=channels, members=members(SEAT))
        assert state_of(p) is AgentState.WRAP_UP
        assert p.switch.waiting == [CALL]


def test_an_offer_answered_out_of_sight_is_the_talk_it_became() -> None:
    """The card stays: the agent is talking with that very caller."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        p >> LinkLost(at=after(2))
        channels = (caller("connect", bridge="b1"), phone(bridge="b1"))
        p >> SnapshotTaken(at=after(5), channels=channels, members=members(SEAT))
        p.none(WithdrawPop)
        assert state_of(p) is AgentState.TALKING


def test_an_order_given_just_now_is_not_taken_back() -> None:
    """Asterisk was looked at between the order and the ringing: the caller still stands waiting."""
    with Playbook().sign_in().call_in() as p:
        assert p.switch.call_state(CALL) is CallState.OFFERED
        p >> SnapshotTaken(at=after(0.5), channels=(caller("wait"),), members=members(SEAT))
        p.none(WithdrawPop).none(OfferCall)
        assert p.switch.call_state(CALL) is CallState.OFFERED


def test_a_caller_on_the_way_into_the_fall_back_queue_is_taken_back_a_little_later() -> None:
    """In its context, not yet in its queue: three seconds alone, then it is ours."""
    p = Playbook(snapshot=SnapshotTaken(at=NOON, channels=(caller("fallback"),)))
    p.none(AdoptCaller)
    p.tick(NOON + ADOPT_AFTER)
    p << Wish(AdoptCaller, call=CALL)


def test_what_happened_while_asterisk_was_looked_at_follows_the_picture() -> None:
    """The caller left meanwhile: nobody is offered a caller who is gone."""
    meanwhile = (hung_up(CHANNEL, 0.2),)
    p = Playbook().sign_in()
    p >> SnapshotTaken(
        at=after(0.1), channels=(caller("wait"),), members=members(SEAT), meanwhile=meanwhile
    )
    p.none(OfferCall)
    assert p.switch.waiting == []


def test_the_deadline_of_an_earlier_snapshot_does_not_end_the_waiting_of_a_later() -> None:
    """Offers wait for the adopted of the last snapshot, two seconds from that one."""
    fallen = (caller("fallback", queue_position=1),)
    p = Playbook(snapshot=SnapshotTaken(at=NOON, channels=fallen, members=members(SEAT)))
    p >> SnapshotTaken(at=after(1), channels=fallen, members=members(SEAT))
    other = CallId("node1-1.7")
    p.call_in(other, ChannelId("PJSIP/trunk-00000007"), at=1.5)
    p.tick(after(2.5))
    p.none(OfferCall)
    p.tick(after(3))
    p << Wish(OfferCall, call=other)
