"""What the brain does with a picture that has just changed hands: after a blackout or a look."""

from dataclasses import replace

from cti.call import CallState
from cti.effects import (
    AdoptCaller,
    CompleteDraft,
    OfferCall,
    PopScreen,
    ReplayCel,
    WithdrawPop,
    WriteCall,
)
from cti.events import (
    CallFellBack,
    LegStarted,
    LinkLost,
    OfferStarted,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone
from cti.ids import CallId, ChannelId, OfferId, SeatId
from cti.seen import SeenChannel
from queues.seat import AgentState
from tests.cti.looked import members, phone
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
    arrived,
    hung_up,
    leg,
    waiting,
)

FIRST = OfferId(f"{CALL}/1")
LATER = CallId("node1-1795310095.9")
LATER_CHANNEL = ChannelId("PJSIP/trunk-00000009")


def seen(
    context: str,
    call: CallId = CALL,
    channel: ChannelId = CHANNEL,
    *,
    since: float = 0,
    position: int = 0,
    bridge: str = "",
) -> SeenChannel:
    return SeenChannel(
        channel=channel,
        call=call,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=after(since),
        since=after(since),
        queue_position=position,
    )


def state_of(p: Playbook, seat: SeatId = SEAT) -> AgentState:
    view = p.switch.seat(seat)
    assert view is not None
    return view.state


def test_an_order_under_way_is_not_given_again_because_somebody_looked() -> None:
    """A look for another call's sake shows this caller still waiting, or already in the ring's
    first step: the order just given stands, seat and all.
    """
    for context in ("wait", "connect"):
        p = Playbook().sign_in().call_in()
        p >> SnapshotTaken(at=after(0.01), channels=(seen(context),), members=members(SEAT))
        p.none(OfferCall).none(WithdrawPop)
        assert (p.switch.call_state(CALL), state_of(p)) == (
            CallState.OFFERED,
            AgentState.OFFERED,
        )
        p >> OfferStarted(at=after(0.02), call=CALL, offer=FIRST, seat=SEAT)
        p.talk()
        assert state_of(p) is AgentState.TALKING


def test_an_order_that_was_never_carried_out_is_given_again() -> None:
    """After a second it is no longer under way: the caller waits, and is offered anew."""
    p = Playbook().sign_in().call_in()
    p >> SnapshotTaken(at=after(1.5), channels=(seen("wait"),), members=members(SEAT))
    p << Wish(WithdrawPop, offer=FIRST) << Wish(OfferCall, offer=OfferId(f"{CALL}/2"))


def test_a_caller_for_whom_a_seat_began_to_ring_meanwhile_is_left_in_the_queue() -> None:
    """The snapshot shows it alone, what was told meanwhile shows a phone ringing: hands off,
    and nobody else's offer waits for it.
    """
    taken = SnapshotTaken(
        at=after(60),
        channels=(
            seen("fallback", position=1),
            seen("wait", LATER, LATER_CHANNEL, since=30),
        ),
        members=members(SEAT, OTHER),
    )
    ring = LegStarted(at=after(60), call=CALL, channel=leg(SEAT), seat=SEAT)
    in_use = PhoneChanged(at=after(60), seat=SEAT, phone=Phone.RINGING)
    p = Playbook(snapshot=replace(taken, meanwhile=(ring, in_use)))
    p.tick(after(60)).none(AdoptCaller)
    offered = [(e.call, e.seat) for e in p.all if isinstance(e, OfferCall)]
    assert offered == [(LATER, OTHER)]
    p.tick(after(120)).none(AdoptCaller)


def test_nobody_is_offered_on_a_snapshot_that_is_overtaken_already() -> None:
    """The caller hung up while the snapshot was being taken: no order, no card, one record."""
    gone = SnapshotTaken(
        at=NOON,
        channels=(seen("wait"),),
        members=members(SEAT),
        meanwhile=(hung_up(CHANNEL, 0),),
    )
    p = Playbook(snapshot=gone)
    p.none(OfferCall).none(PopScreen)
    p << Wish(ReplayCel, call=CALL)


def test_a_caller_seen_just_before_it_joined_the_fall_back_queue_is_taken_back_later() -> None:
    """It was in neither list; it must not stay there until the queue gives it up."""
    taken = SnapshotTaken(at=NOON, channels=(seen("fallback"),), members=members(SEAT))
    p = Playbook(snapshot=taken)
    p.none(AdoptCaller)
    p.tick(after(3)) << Wish(AdoptCaller, call=CALL)


def test_a_second_snapshot_starts_the_wait_for_the_adopted_anew() -> None:
    """The first one's deadline must not let a newer caller pass those being taken back now."""
    taken = SnapshotTaken(
        at=NOON,
        channels=(seen("fallback", position=1), seen("wait", LATER, LATER_CHANNEL, since=30)),
        members=members(SEAT),
    )
    p = Playbook(snapshot=taken)
    again = SnapshotTaken(at=after(1.5), channels=taken.channels, members=taken.members)
    p >> again
    p.tick(after(2.5)).none(OfferCall)
    p >> waiting(CALL, CHANNEL, 2.6, 0)
    p << Wish(OfferCall, call=CALL)


def test_a_call_of_which_only_the_wait_was_seen_is_left_to_asterisks_log() -> None:
    """It may have talked before we looked: its row is provisional and CEL writes the true one."""
    p = Playbook()
    p >> waiting(at=5, since=2) >> hung_up(CHANNEL, 9)
    p << Wish(ReplayCel, call=CALL)
    p.none(CompleteDraft)


def test_agents_get_the_card_of_a_call_that_no_order_of_ours_brought() -> None:
    """Found ringing, found talking, or answered out of Asterisk's queue: who calls is shown."""
    ringing = SnapshotTaken(
        at=NOON,
        channels=(seen("connect"), phone(SEAT)),
        members=members(SEAT),
    )
    p = Playbook(snapshot=ringing)
    assert [(e.seat, e.agent, e.ani) for e in p.all if isinstance(e, PopScreen)] == [
        (SEAT, ANNA, ANI)
    ]
    p.talk()
    assert sum(isinstance(e, PopScreen) for e in p.all) == 1

    talks = SnapshotTaken(
        at=NOON,
        channels=(seen("fallback", bridge="b1"), phone(SEAT, bridge="b1")),
        members=members(SEAT),
    )
    q = Playbook(snapshot=talks)
    assert [e.call for e in q.all if isinstance(e, PopScreen)] == [CALL]
    q >> hung_up(leg(SEAT), 5, SEAT) >> hung_up(CHANNEL, 5)
    assert [e.record.has_fallen_back for e in q.all if isinstance(e, WriteCall)][-1]

    r = Playbook().sign_in()
    r >> arrived()
    r >> CallFellBack(at=after(1), call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
    r.talk()
    assert [e.call for e in r.all if isinstance(e, PopScreen)] == [CALL]


def test_a_card_at_a_seat_that_did_not_get_the_call_is_withdrawn() -> None:
    """While nobody looked, the offer went and Asterisk's own queue found another seat."""
    p = Playbook().sign_in().sign_in(OTHER, BEN).call_in()
    p >> LinkLost(at=after(1))
    p >> SnapshotTaken(
        at=after(60),
        channels=(seen("fallback", bridge="b1"), phone(OTHER, bridge="b1")),
        members=members(SEAT, OTHER),
    )
    p << Wish(WithdrawPop, seat=SEAT, call=CALL, offer=FIRST)
    assert (state_of(p), state_of(p, OTHER)) == (AgentState.AVAILABLE, AgentState.TALKING)


def test_a_caller_who_left_while_being_taken_back_holds_nobody_up() -> None:
    """Gone before the order came: the next is offered at once, and the call is closed."""
    taken = SnapshotTaken(
        at=NOON,
        channels=(seen("fallback", position=1), seen("wait", LATER, LATER_CHANNEL, since=30)),
        members=members(SEAT),
    )
    p = Playbook(snapshot=taken)
    p.tick(NOON) << Wish(AdoptCaller, call=CALL)
    p >> hung_up(CHANNEL, 0.1)
    p << Wish(ReplayCel, call=CALL) << Wish(OfferCall, call=LATER)


def test_falling_back_beside_a_living_brain_costs_neither_place_nor_record() -> None:
    """A heartbeat that came late: the caller is taken back and served, in one row."""
    p = Playbook().call_in()
    p >> CallFellBack(at=after(4), call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
    p.tick(after(7)) << Wish(AdoptCaller, call=CALL)
    p.call_in(LATER, LATER_CHANNEL, at=7.1)
    p >> waiting(at=7.2, since=0)
    p.sign_in(at=after(8))
    assert [e.call for e in p.all if isinstance(e, OfferCall)] == [CALL]
    p.talk(at=9)
    p >> hung_up(leg(SEAT), 20, SEAT) >> hung_up(CHANNEL, 20)
    p << Wish(CompleteDraft, call=CALL)
    assert p.switch.call_state(CALL) is None
