"""The picture rebuilt from what stands in Asterisk, in the cases that stories seldom meet."""

from cti.call import CallState
from cti.effects import AdoptCaller, ReplayCel, WithdrawPop, WriteCall
from cti.events import LinkLost, OfferStarted, Phone, SeenChannel, SeenMember, SnapshotTaken
from cti.ids import CallId, CentreId, OfferId, SeatId
from queues.seat import AgentState
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    leg,
)

FIRST = OfferId(f"{CALL}/1")
STRANGER = SeatId("chifeng-1999")


def caller(context: str, *, bridge: str = "", position: int = 0) -> SeenChannel:
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        offer=FIRST,
        arrived_at=NOON,
        since=NOON,
        queue_position=position,
    )


def phone(seat: SeatId = SEAT, *, call: CallId = CALL, bridge: str = "") -> SeenChannel:
    return SeenChannel(channel=leg(seat), call=call, seat=seat, context="connect", bridge=bridge)


def member(seat: SeatId = SEAT) -> SeenMember:
    agent = ANNA if seat == SEAT else BEN
    return SeenMember(seat=seat, agent=agent, is_paused=False, reason="", phone=Phone.FREE)


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
        members=(member(STRANGER), member()),
        wrapping_up=((STRANGER, after(20)), (SEAT, after(-1))),
        not_ready=((STRANGER, BEN, "用餐"), (SEAT, BEN, "用餐")),
    )
    p = Playbook(snapshot=snapshot)
    assert p.switch.seat(STRANGER) is None
    # Asterisk's own member wins over the mirror; a wrap-up that is over is over.
    assert state_of(p) is AgentState.AVAILABLE


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
        p >> SnapshotTaken(at=after(5), channels=(caller("after"),), members=(member(),))
        p << Wish(WithdrawPop, seat=SEAT)
        assert state_of(p) is AgentState.AVAILABLE


def test_an_offer_found_ringing_is_the_one_we_made() -> None:
    """The same offer at the same seat is not counted twice; another seat's is."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        p >> LinkLost(at=after(2))
        channels = (caller("connect"), phone())
        p >> SnapshotTaken(at=after(3), channels=channels, members=(member(),))
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
        p >> SnapshotTaken(at=after(9), channels=(caller("bye"),), members=(member(),))
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
        p >> SnapshotTaken(at=after(5), channels=channels, members=(member(), member(OTHER)))
        assert state_of(p, believed) is AgentState.AVAILABLE
        assert state_of(p, ringing) is AgentState.OFFERED


def test_a_talk_after_which_nobody_is_there_is_let_go() -> None:
    """The agent of the talk is gone from its bridge and leg: wrap-up, and the caller is kept."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LinkLost(at=after(5))
        channels = (caller("wait"),)
        p >> SnapshotTaken(at=after(9), channels=channels, members=(member(),))
        assert state_of(p) is AgentState.WRAP_UP
        assert p.switch.waiting == [CALL]
