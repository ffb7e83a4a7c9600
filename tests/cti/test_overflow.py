"""Overflow: who waits too long, or with too many, goes where the plan says, once, place kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.call import Call, CallState
from cti.effects import (
    AdoptCaller,
    FallBack,
    OfferCall,
    SendOutside,
    TakeSnapshot,
    WriteJournal,
)
from cti.events import (
    CallFellBack,
    CallWaiting,
    ClockSet,
    LinkLost,
    OrderRefused,
    OutsideEnded,
    OutsideStarted,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, PeerId, SeatId
from cti.outevents import PlaceKept
from cti.overflow import LOOK_EVERY, due, is_night, next_look, pools
from cti.plan import CentreTimes, Overflow, PlannedSeat, SwitchPlan
from cti.seen import KeptPlace, SeenChannel
from queues.pool import skill_pool
from records.callrecord import Offered
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
    waiting,
)

CITY, TAX = CentreId("hulunbuir"), PeerId("shuiwu")
THEIRS = SeatId("hulunbuir-2001")
SECOND = CallId("node1-1795310090.9")


def s(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


WIDER = Overflow(after=s(20), skill="税务")
CITYWIDE = Overflow(after=s(40), centre=CITY)
LOADED = Overflow(after=s(10), per_seat=1.0, skill="税务")
OUT = Overflow(after=s(60), peer=TAX, number="12366", host="10.0.0.7", port=5060, ring=s(25))
LAST = Overflow(after=s(90), is_fallback=True)


def plan(*steps: Overflow, **more: object) -> SwitchPlan:
    """A seat for the line's own skill, one for taxes, and one at another centre."""
    made = SwitchPlan(
        seats={
            SEAT: PlannedSeat(centre=CENTRE, extension="1001", skills=frozenset({"人社"})),
            OTHER: PlannedSeat(centre=CENTRE, extension="1002", skills=frozenset({"税务"})),
            THEIRS: PlannedSeat(centre=CITY, extension="2001", skills=frozenset({"通用"})),
        },
        skill_of={(CENTRE, LINE): "人社"},
        times={CENTRE: CentreTimes()},
        overflows={CENTRE: steps},
    )
    return replace(made, **more)  # type: ignore[arg-type]  # keyword names are checked by replace


def call(**facts: object) -> Call:
    made = Call(
        id=CALL,
        channel=CHANNEL,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        arrived_at=NOON,
        since=NOON,
    )
    for name, value in facts.items():
        setattr(made, name, value)
    return made


# --- what the plan says -----------------------------------------------------------------------


def test_waiting_alone_opens_pools_in_the_order_of_the_plan() -> None:
    """A step of another line is nobody's; of two to the same seats the first one's time counts."""
    elsewhere = replace(WIDER, lines=frozenset({LineId("12345")}))
    steps = plan(elsewhere, WIDER, CITYWIDE, replace(WIDER, after=s(50)), LOADED, OUT, LAST)
    assert pools(steps, call()) == (
        (skill_pool(CENTRE, "税务"), s(20)),
        (skill_pool(CITY, "通用"), s(40)),
    )
    assert pools(plan(), call()) == ()


def test_a_step_of_load_opens_its_pool_once_it_was_taken() -> None:
    assert pools(plan(LOADED), call()) == ()
    assert pools(plan(LOADED), call(overflowed={LOADED})) == ((skill_pool(CENTRE, "税务"), s(10)),)


def test_a_caller_is_looked_at_only_when_somebody_must_decide() -> None:
    """At the step's time, then every few seconds; never for what the ACD opens by itself."""
    assert next_look(plan(WIDER, CITYWIDE), call(), NOON) is None
    assert next_look(plan(OUT, LOADED), call(), NOON) == after(10)
    assert next_look(plan(OUT, LOADED), call(), after(10)) == after(10) + LOOK_EVERY
    assert next_look(plan(OUT, LOADED), call(overflowed={LOADED}), NOON) == after(60)
    assert next_look(plan(OUT), call(since=None), NOON) == after(60)
    assert next_look(plan(OUT), call(is_handed_over=True), NOON) is None


def test_a_place_that_an_earlier_call_kept_is_no_waiting_of_this_one() -> None:
    """Also when only the caller's channel knows of that place, after a brain that died."""
    queued, found = call(since=after(-500), queued_at=after(10)), call(since=after(-500))
    assert next_look(plan(OUT), queued, after(10)) == after(70)
    assert next_look(plan(OUT), found, after(10)) == after(60)
    assert due(plan(OUT), queued, after(69), waiting=1, seats=1) == ()
    assert due(plan(OUT), queued, after(70), waiting=1, seats=1) == (OUT,)


@pytest.mark.parametrize(
    ("waiting", "seats", "is_due"),
    [(1, 1, False), (2, 1, True), (2, 2, False), (1, 0, True), (5, 4, True)],
)
def test_load_is_more_waiting_than_the_plan_allows_for_each_seat(
    waiting: int, seats: int, is_due: bool
) -> None:
    """Nobody signed in is load as well."""
    found = due(plan(LOADED), call(), after(10), waiting=waiting, seats=seats)
    assert found == ((LOADED,) if is_due else ())
    assert due(plan(LOADED), call(), after(9), waiting=9, seats=0) == ()


def test_the_first_step_out_of_the_queue_ends_the_list() -> None:
    """Nobody is sent to two places at once."""
    both = plan(LOADED, OUT, LAST)
    assert due(both, call(), after(99), waiting=9, seats=1) == (LOADED, OUT)
    assert due(both, call(overflowed={OUT, LOADED}), after(99), waiting=9, seats=1) == (LAST,)


def test_the_night_plan_holds_outside_working_hours() -> None:
    night = replace(OUT, is_night=True)
    dark = plan(night, nights={CENTRE: ((after(100), after(200)),)})
    assert [is_night(dark, CENTRE, after(at)) for at in (99, 100, 199, 200)] == [
        False,
        True,
        True,
        False,
    ]
    assert not is_night(dark, CITY, after(150))
    assert due(dark, call(), after(99), waiting=1, seats=1) == ()
    assert due(dark, call(), after(100), waiting=1, seats=1) == (night,)


# --- told as stories --------------------------------------------------------------------------


def test_who_waits_its_time_rings_where_it_overflows_to() -> None:
    """First at the other skill, later at another centre; its own seat stays the first choice."""
    p = Playbook(plan(WIDER, CITYWIDE)).sign_in(OTHER, BEN).call_in()
    p.tick(after(19)).none(OfferCall)
    p.tick(after(20)) << Wish(OfferCall, call=CALL, seat=OTHER)

    q = Playbook(plan(WIDER, CITYWIDE)).sign_in(THEIRS, AgentId("xia")).call_in()
    q.tick(after(39)).none(OfferCall)
    q.tick(after(40)) << Wish(OfferCall, call=CALL, seat=THEIRS)

    r = Playbook(plan(WIDER)).sign_in(OTHER, BEN).sign_in(SEAT, ANNA)
    r >> arrived() >> waiting()
    r << Wish(OfferCall, seat=SEAT)


def test_load_lets_a_caller_overflow_and_is_looked_at_again() -> None:
    """One seat, one waiting: no load. Another comes, and whoever has waited long enough goes."""
    p = Playbook(plan(LOADED)).sign_in(OTHER, BEN).call_in()
    p.tick(after(14)).none(OfferCall)
    p >> arrived(SECOND, ChannelId("PJSIP/trunk-00000009"), 14)
    p >> waiting(SECOND, ChannelId("PJSIP/trunk-00000009"), 14, 14)
    (
        p.tick(after(20))
        << Wish(WriteJournal, call=CALL, what="overflowed")
        << Wish(OfferCall, call=CALL, seat=OTHER)
    )
    assert p.switch.waiting == [SECOND]


def test_whoever_keeps_a_place_at_home_is_no_load() -> None:
    """Two in the queue, one of them off the line: the other has a seat's worth of callers."""
    p = Playbook(plan(LOADED)).sign_in(OTHER, BEN).call_in() >> pressed(5) >> hung_up(CHANNEL, 8)
    p >> replace(arrived(SECOND, ChannelId("PJSIP/trunk-00000009"), 14), ani="13900000009")
    p >> replace(waiting(SECOND, ChannelId("PJSIP/trunk-00000009"), 14, 14), ani="13900000009")
    assert p.switch.waiting == [CALL, SECOND]
    p.tick(after(40)).none(WriteJournal, call=SECOND, what="overflowed")


def sent(p: Playbook, at: float = 60) -> Playbook:
    p.tick(after(at)) << Wish(
        SendOutside,
        call=CALL,
        channel=CHANNEL,
        peer=TAX,
        host="10.0.0.7",
        port=5060,
        number="12366",
        ring=s(25),
    )
    return p


def test_who_is_put_through_outside_is_in_no_queue_and_comes_back_at_its_place() -> None:
    """Unanswered there, it stands before whoever came later; and it is not sent there again."""
    p = sent(Playbook(plan(OUT)).call_in())
    assert p.switch.waiting == []
    p >> OutsideStarted(at=after(60.2), call=CALL, peer=TAX, line=LINE)
    assert p.switch.call_state(CALL) is CallState.OUTSIDE
    p.tick(after(62)).none(TakeSnapshot)
    p >> arrived(SECOND, ChannelId("PJSIP/trunk-00000009"), 70)
    p >> waiting(SECOND, ChannelId("PJSIP/trunk-00000009"), 70, 70)
    p >> OutsideEnded(at=after(80), call=CALL, peer=TAX, outcome=OfferOutcome.MISSED)
    p >> waiting(CALL, CHANNEL, 82, 0)
    assert p.switch.waiting == [CALL, SECOND]
    p.tick(after(129)).none(SendOutside)


def test_an_exchange_is_tried_once_in_a_call_whoever_put_the_caller_through() -> None:
    """Another step, the line's own seats, or a brain before this one."""
    steps = plan(OUT, replace(OUT, after=s(70), number="12367"))
    assert next_look(steps, call(overflowed={OUT}), NOON) is None
    rung = Offered(seat=SeatId(""), peer=TAX, at=NOON, outcome="missed")
    assert next_look(steps, call(offers=[rung]), NOON) is None
    assert next_look(steps, call(tried=frozenset({TAX})), NOON) is None

    seen = replace(standing("wait"), tried=TAX)
    p = Playbook(plan(OUT), snapshot=SnapshotTaken(at=after(65), channels=(seen,)))
    p.tick(after(300)).none(SendOutside)


def test_a_call_that_was_handed_over_is_not_put_through_to_an_exchange() -> None:
    """Two hotlines would pass it to each other for ever."""
    p = Playbook(plan(OUT))
    p >> replace(arrived(), is_handed_over=True) >> waiting()
    p.tick(after(300)).none(SendOutside)


def test_the_last_step_is_asterisks_own_queue_and_is_not_taken_back() -> None:
    """It comes back when that queue's time is over, and is not sent there again."""
    p = Playbook(plan(LAST)).call_in()
    p.tick(after(90)) << Wish(FallBack, call=CALL, channel=CHANNEL)
    p >> CallFellBack(at=after(90.1), call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
    p.tick(after(110)).none(AdoptCaller).none(TakeSnapshot)
    p >> SnapshotTaken(at=after(111), channels=(standing("fallback", 1),))
    p.tick(after(120)).none(AdoptCaller)
    p >> waiting(CALL, CHANNEL, 210, 0)
    assert p.switch.waiting == [CALL]
    p.tick(after(400)).none(FallBack)


def standing(context: str, position: int = 0) -> SeenChannel:
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=context,
        bridge="",
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        arrived_at=NOON,
        since=NOON,
        queue_position=position,
    )


def test_a_caller_that_fell_back_because_the_brain_was_away_is_taken_back() -> None:
    """Only our own order leaves somebody there."""
    p = Playbook(plan(LAST)).call_in()
    p >> CallFellBack(at=after(5), call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
    p.tick(after(9)) << Wish(AdoptCaller, call=CALL)


@pytest.mark.parametrize("why", [Refusal.NOT_UP, Refusal.OTHER])
def test_a_refused_order_puts_the_caller_back_at_its_place(why: Refusal) -> None:
    p = sent(Playbook(plan(OUT)).call_in())
    p >> OrderRefused(at=after(60.1), call=CALL, offer=None, why=why)
    assert p.switch.waiting == [CALL]
    p.tick(after(63)).none(TakeSnapshot)


def test_an_order_that_nobody_answered_is_looked_after() -> None:
    """Timed out, not seen, or its channel gone: the next snapshot says where the caller is."""
    p = sent(Playbook(plan(OUT)).call_in())
    p >> OrderRefused(at=after(62), call=CALL, offer=None, why=Refusal.TIMED_OUT)
    p << Wish(TakeSnapshot)
    p >> SnapshotTaken(at=after(63), channels=(standing("wait"),))
    assert p.switch.waiting == [CALL]

    q = sent(Playbook(plan(OUT)).call_in())
    q.tick(after(61.5)) << Wish(TakeSnapshot)

    r = sent(Playbook(plan(OUT)).call_in())
    r >> OrderRefused(at=after(60.1), call=CALL, offer=None, why=Refusal.GONE)
    r.tick(after(62)) << Wish(TakeSnapshot)

    gone = sent(Playbook(plan(OUT)).call_in())
    (
        gone
        >> hung_up(CHANNEL, 60.5)
        >> OrderRefused(at=after(61), call=CALL, offer=None, why=Refusal.GONE)
    )
    gone.none(TakeSnapshot)


def pressed(at: float) -> PlaceKept:
    kept = KeptPlace(
        call=CALL,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        since=NOON,
        arrived_at=NOON,
        kept_at=after(at),
    )
    return PlaceKept(at=after(at), call=CALL, kept=kept)


def test_who_calls_in_again_with_its_place_is_not_sent_away_at_once() -> None:
    """Its place is that of the earlier call; how long it waits on the line counts from now."""
    p = Playbook(plan(OUT)).call_in() >> pressed(40) >> hung_up(CHANNEL, 43)
    p.call_in(SECOND, ChannelId("PJSIP/trunk-00000009"), at=500)
    p.tick(after(559)).none(SendOutside)
    p.tick(after(560)) << Wish(SendOutside, call=SECOND)


def test_a_place_that_was_kept_in_the_same_instant_wins() -> None:
    """The caller pressed 1 as it was sent: its goodbye is said, and it is called back."""
    p = sent(Playbook(plan(OUT)).call_in())
    p >> pressed(60)
    p >> OrderRefused(at=after(60.1), call=CALL, offer=None, why=Refusal.NOT_UP)
    assert p.switch.waiting == []
    p >> hung_up(CHANNEL, 62)
    assert p.switch.call_state(CALL) is CallState.KEPT
    assert p.switch.waiting == [CALL]
    p.tick(after(300)).none(SendOutside)


def test_nobody_is_sent_anywhere_while_asterisk_cannot_be_reached() -> None:
    """Once it can, whose time has come goes."""
    p = Playbook(plan(OUT)).call_in()
    p >> LinkLost(at=after(50))
    p.tick(after(70)).none(SendOutside)
    p >> SnapshotTaken(at=after(71), channels=(standing("wait"),))
    sent(p, 80)


def test_a_brain_that_died_meanwhile_keeps_the_place_of_who_was_outside() -> None:
    """The caller's channel says since when it waits; own seats count from their ringing."""
    seen = replace(standing("outside"), since=NOON)
    p = Playbook(plan(OUT), snapshot=SnapshotTaken(at=after(65), channels=(seen,)))
    p >> OutsideStarted(at=after(66), call=CALL, peer=TAX, line=LINE)
    p >> OutsideEnded(at=after(80), call=CALL, peer=TAX, outcome=OfferOutcome.MISSED)
    p >> CallWaiting(
        at=after(82),
        call=CALL,
        channel=CHANNEL,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        since=NOON,
    )
    p >> hung_up(CHANNEL, 90)
    record = next(e.record for e in reversed(p.all) if hasattr(e, "record"))
    assert record.waited_since == NOON


def test_a_new_plan_holds_for_those_who_wait() -> None:
    """Steps that are added or taken away are so at once, and a clock that was set keeps them."""
    p = Playbook(plan()).sign_in(OTHER, BEN).call_in()
    p.switch.replan(plan(OUT), after(30))
    p >> ClockSet(at=after(31) + s(3600), by=s(3600))
    p >> SnapshotTaken(at=after(32) + s(3600), channels=(standing("wait"),))
    assert p.switch.due() is not None
    q = Playbook(plan(OUT)).call_in()
    q.switch.replan(plan(WIDER), after(30))
    q.tick(after(100)).none(SendOutside)
