"""Keeping the place: the caller hangs up, and is called back when its turn comes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.call import CallState
from cti.effects import (
    CallBack,
    CompleteDraft,
    Effect,
    ForgetKept,
    HandPlace,
    HangUp,
    OfferCall,
    PopScreen,
    TakeSnapshot,
    TellCaller,
    WithdrawPop,
    WriteCall,
)
from cti.events import (
    ClockSet,
    LegBridged,
    LegStarted,
    LinkLost,
    OrderRefused,
    OutsideEnded,
    OutsideStarted,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import CallId, CentreId, ChannelId, OfferId, PeerId, SeatId
from cti.keeping import KEPT_AT_MOST
from cti.outevents import CallbackStarted, PlaceKept
from cti.plan import Overflow
from queues.callback import owed
from queues.seat import AgentState
from records.callrecord import Disposition, Offered
from tests.cti.keeping import (
    AGAIN,
    AGAIN_CHANNEL,
    ANOTHER,
    ANOTHER_CHANNEL,
    CITIZEN,
    KEEPING,
    answered,
    bridged,
    came_to,
    dialled,
    dials,
    in_vain,
    journal,
    keeping,
    missed,
    offer,
    place,
    pressed,
    record_of,
    rings,
    rung,
    seen_caller,
)
from tests.cti.playbook import (
    ANI,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    LINE,
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
from tests.cti.test_switch import ended, started

TOO_OLD = after(40) + KEPT_AT_MOST
"""When the place of ``keeping()`` has been kept for too long."""


def seat_state(p: Playbook) -> AgentState:
    view = p.switch.seat(SEAT)
    assert view is not None
    return view.state


def found(p: Playbook, kind: type[Effect]) -> list[Effect]:
    return [effect for effect in p.all if isinstance(effect, kind)]


# --- who is asked -----------------------------------------------------------------------------


def asked(p: Playbook, until: float) -> list[bool]:
    p.tick(after(until))
    return [effect.keeps for effect in p.effects if isinstance(effect, TellCaller)]


def test_a_waiting_caller_is_asked_twice_and_no_more() -> None:
    """Nobody knows how long it takes, so the first word asks already; and the second one."""
    assert asked(Playbook(KEEPING).call_in(), 3600) == [True, True, *([False] * 10)]


def test_nobody_is_asked_where_places_are_not_kept() -> None:
    """Without a line to dial out by, nobody hears of it."""
    assert not any(asked(Playbook().call_in(), 3600))


@pytest.mark.parametrize("ani", ["", "anonymous", "1001", "110", "4008123456", "00442071234567"])
def test_who_could_not_be_called_back_is_not_asked(ani: str) -> None:
    """Withheld, a seat's, an emergency line's, no subscriber's, abroad."""
    p = Playbook(KEEPING) >> replace(arrived(), ani=ani) >> replace(waiting(), ani=ani)
    assert not any(asked(p, 3600))


@pytest.mark.parametrize("ani", ["13900000001", "04768337772", "8337772", "+8613900000001"])
def test_mobiles_and_subscribers_are_asked(ani: str) -> None:
    p = Playbook(KEEPING) >> replace(arrived(), ani=ani) >> replace(waiting(), ani=ani)
    assert any(asked(p, 3600))


def test_who_is_handed_over_by_another_exchange_is_not_asked() -> None:
    """An emergency line's citizen must never be told to hang up; its number may not be its own."""
    p = Playbook(KEEPING) >> replace(arrived(), is_handed_over=True)
    p >> waiting()
    assert not any(asked(p, 3600))


def test_who_was_handed_over_out_of_sight_is_not_asked() -> None:
    """Its wait says it, or the snapshot of a brain that came later."""
    p = Playbook(KEEPING) >> replace(waiting(), is_handed_over=True)
    assert not any(asked(p, 3600))
    seen = replace(seen_caller("wait"), is_handed_over=True)
    p = Playbook(KEEPING, snapshot=SnapshotTaken(at=after(1), channels=(seen,)))
    assert not any(asked(p, 3600))


# --- the place --------------------------------------------------------------------------------


def test_the_place_is_kept_off_the_line() -> None:
    """In the queue, not on the line, and the row says since when."""
    p = keeping()
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.KEPT, [CALL])
    assert p.switch.figures()["calls_kept"] == 1
    record = record_of(p)
    assert (record.kept_at, record.ended_at) == (after(40), None)
    assert journal(p) == ["arrived", "waiting", "place-kept"]
    assert found(p, CompleteDraft) == []


def test_nobody_is_offered_who_hears_the_goodbye() -> None:
    """From the key until the channel is gone neither a ring nor a call-back."""
    p = Playbook(KEEPING).call_in() >> pressed()
    p.sign_in(at=after(41))
    assert found(p, OfferCall) == found(p, CallBack) == []
    p >> hung_up(CHANNEL, 43) << Wish(CallBack, call=CALL)


def test_a_kept_place_is_never_ahead_of_an_earlier_holder_and_never_behind() -> None:
    """Three callers, the second keeps its place: the seats serve first, second, third."""
    third = CallId("node1-1795310099.8")
    p = Playbook(KEEPING).call_in(ANOTHER, ANOTHER_CHANNEL, at=-20).call_in()
    p.call_in(third, AGAIN_CHANNEL, at=20) >> pressed() >> hung_up(CHANNEL, 43)
    assert p.switch.waiting == [ANOTHER, CALL, third]
    p.sign_in(at=after(50)) << Wish(OfferCall, call=ANOTHER)
    p.sign_in(OTHER, BEN, at=after(51)) << Wish(CallBack, call=CALL)
    assert p.switch.waiting == [third]


def test_the_citizen_is_dialled_as_its_own_centre_dials_by_whosever_seat() -> None:
    """A place that waited too long is another centre's seat's; the trunk stays its centre's."""
    city = CentreId("hulunbuir")
    away = SeatId("hulunbuir-1001")
    times = KEEPING.times[CENTRE]
    p = keeping(
        replace(
            KEEPING,
            seats={away: replace(KEEPING.seats[SEAT], centre=city)},
            times={
                CENTRE: replace(times, out_prefix="9"),
                city: replace(times, out_prefix="0"),
            },
            overflows={CENTRE: (Overflow(after=timedelta(seconds=60), centre=city),)},
        )
    )
    p.sign_in(away, at=after(100)) << Wish(CallBack, call=CALL, seat=away, prefix="9")


def test_its_turn_rings_the_seat_first_with_the_card() -> None:
    """The card says that it is a call-back, which attempt, and since when the place is kept."""
    p = keeping()
    p.sign_in(at=after(100))
    p << Wish(PopScreen, call=CALL, attempt=1, kept_at=after(40), since=after(0))
    p << Wish(
        CallBack,
        call=CALL,
        seat=SEAT,
        offer=offer(),
        ani=ANI,
        since=after(0),
        arrived_at=after(0),
        attempt=1,
        ring=timedelta(seconds=15),
    )
    p.none(OfferCall)
    assert (seat_state(p), p.switch.call_state(CALL)) == (AgentState.OFFERED, CallState.KEPT)


def test_a_seat_that_rings_is_no_reason_to_look_again() -> None:
    """And one that does not ring within a second is."""
    p = rung()
    p.tick(after(110)).none(TakeSnapshot)
    q = keeping().sign_in(at=after(100))
    q.tick(after(102)) << Wish(TakeSnapshot)


def test_who_answers_talks_as_any_other() -> None:
    """Answered, the wait ends when the place was kept, one talk, one draft, nothing owed."""
    p = answered()
    assert p.switch.call_state(CALL) is CallState.TALKING
    assert seat_state(p) is AgentState.TALKING
    assert len(found(p, PopScreen)) == 1
    p >> came_to(OfferOutcome.ANSWERED, 200)
    assert seat_state(p) is AgentState.WRAP_UP
    p >> hung_up(leg(SEAT), 200, SEAT) >> hung_up(CITIZEN, 200.2)
    p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
    record = record_of(p)
    assert record.disposition is Disposition.ANSWERED
    assert (record.kept_at, record.answered_at, record.ended_at) == (
        *(after(40), after(110), after(200.2)),
    )
    assert record.offers == (Offered(seat=SEAT, at=after(100.1), outcome="answered"),)
    assert p.switch.live_calls == frozenset()
    assert len(found(p, ForgetKept)) == 1


def test_a_citizens_leg_first_seen_in_the_bridge_is_the_callers() -> None:
    p = rung() >> dials(102) >> bridged(leg(SEAT), 110, SEAT) >> bridged(CITIZEN, 110)
    assert p.switch.call_state(CALL) is CallState.TALKING


# --- the seat does not answer -----------------------------------------------------------------


def test_a_seat_that_does_not_answer_is_out_and_the_place_is_kept() -> None:
    """As with any missed offer; another seat rings at once."""
    p = rung().sign_in(OTHER, BEN, at=after(105)) >> missed(115)
    p << Wish(WithdrawPop, seat=SEAT, call=CALL)
    p << Wish(CallBack, call=CALL, seat=OTHER, offer=offer(2), attempt=1)
    assert seat_state(p) is AgentState.NOT_READY
    assert found(p, ForgetKept) == []


@pytest.mark.parametrize("has_rung", [False, True])
def test_a_phone_that_rang_and_failed_has_refused(has_rung: bool) -> None:
    """Asterisk says of both that the order failed; only of one was there a leg."""
    p = rung() if has_rung else keeping().sign_in(at=after(100))
    p >> missed(101, outcome=OfferOutcome.UNREACHABLE)
    said = OfferOutcome.REJECTED if has_rung else OfferOutcome.UNREACHABLE
    seat = p.switch.seat(SEAT)
    assert seat is not None
    assert (seat.state, seat.reason) == (AgentState.NOT_READY, said.value)


def test_two_calls_at_one_seat_step_back_for_a_moment() -> None:
    """Somebody else's call was being put to the seat: nobody is out, and it is tried again."""
    p = rung() >> missed(100.2, outcome=OfferOutcome.TAKEN)
    p.none(CallBack)
    assert seat_state(p) is AgentState.AVAILABLE
    p.tick(after(101)) << Wish(CallBack, call=CALL, offer=offer(2))


@pytest.mark.parametrize("why", [Refusal.GONE, Refusal.NOT_UP, Refusal.OTHER])
def test_an_order_that_was_refused_is_given_again_later(why: Refusal) -> None:
    """Not at once: whatever keeps the phone from being rung would be asked without end."""
    p = keeping().sign_in(at=after(100))
    p >> OrderRefused(at=after(100.1), call=CALL, offer=offer(), why=why)
    p.none(CallBack)
    assert seat_state(p) is AgentState.AVAILABLE
    p.tick(after(112)) << Wish(CallBack, call=CALL, offer=offer(2))


def test_an_order_that_was_not_answered_is_looked_after() -> None:
    """It may have been carried out: a second one would ring the citizen twice."""
    p = keeping().sign_in(at=after(100))
    p >> OrderRefused(at=after(103), call=CALL, offer=offer(), why=Refusal.TIMED_OUT)
    p.none(CallBack) << Wish(TakeSnapshot)


# --- the citizen does not answer --------------------------------------------------------------


@pytest.mark.parametrize(
    "outcome",
    [
        OfferOutcome.MISSED,
        OfferOutcome.REJECTED,
        OfferOutcome.UNREACHABLE,
        OfferOutcome.CALLER_LEFT,
    ],
)
def test_an_attempt_in_vain_waits_and_the_place_is_kept(outcome: OfferOutcome) -> None:
    """The seat is free at once; the citizen is left in peace for five minutes."""
    p = rung() >> dials(102) >> dialled(102.1) >> hung_up(CITIZEN, 130, cause=17)
    p >> came_to(outcome, 130)
    p << Wish(WithdrawPop, call=CALL)
    assert seat_state(p) is AgentState.AVAILABLE
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.KEPT, [CALL])
    p.tick(after(400)).none(CallBack)
    p.tick(after(403)) << Wish(PopScreen, call=CALL, attempt=2)
    p << Wish(CallBack, call=CALL, offer=offer(2), attempt=2)


def test_a_later_caller_is_served_while_an_attempt_waits() -> None:
    """The seat does not stand idle, and the kept place goes first again when its time comes."""
    p = in_vain(rung(), 102)
    p.call_in(ANOTHER, ANOTHER_CHANNEL, at=140) << Wish(OfferCall, call=ANOTHER)


def test_after_the_last_attempt_the_request_is_over() -> None:
    """Two in vain: abandoned, its place forgotten, its draft owed, and a task left to people."""
    p = in_vain(rung(), 102)
    p.tick(after(403)) >> rings(402.6)
    in_vain(p, 404, number=2, attempt=2)
    record = record_of(p)
    assert (record.disposition, record.cause) == (Disposition.ABANDONED, 16)
    assert (record.kept_at, record.ended_at) == (after(40), after(434))
    assert [each.outcome for each in record.offers] == ["answered", "answered"]
    assert owed(record) is not None
    assert len(found(p, ForgetKept)) == len(found(p, CompleteDraft)) == 1
    assert journal(p)[3:-1] == [
        *("offered", "callback-started", "callback-ended"),
        *("offered", "callback-started", "callback-ended", "callback-given-up"),
    ]
    assert p.switch.live_calls == frozenset()
    p.tick(after(4000)).none(CallBack)


def test_an_attempt_that_ends_before_anybody_is_dialled_is_no_attempt() -> None:
    """The agent hung up at once, or Asterisk counts otherwise: look, and ring again later."""
    p = rung() >> came_to(OfferOutcome.CALLER_LEFT, 102)
    p.none(CallBack) << Wish(TakeSnapshot)
    p.tick(after(111)).none(CallBack)
    p.tick(after(113)) << Wish(CallBack, call=CALL, attempt=1)


def test_a_place_that_is_owed_no_more_is_not_called() -> None:
    """Asterisk has no such place when the seat answers: nobody is dialled, the request is over."""
    p = rung() >> came_to(OfferOutcome.TAKEN, 102)
    p << Wish(CompleteDraft, call=CALL)
    assert seat_state(p) is AgentState.AVAILABLE
    p.tick(after(4000)).none(CallBack)


def test_a_place_that_nobody_serves_for_too_long_is_a_task_of_people() -> None:
    """No seat signs in: after two hours the request is over, and nobody's phone rings later."""
    p = keeping()
    p.tick(TOO_OLD - timedelta(seconds=1))
    assert p.switch.waiting == [CALL]
    p.tick(TOO_OLD) << Wish(ForgetKept, call=CALL) << Wish(CompleteDraft, call=CALL)
    record = record_of(p)
    assert (record.disposition, record.ended_at) == (Disposition.ABANDONED, TOO_OLD)
    assert owed(record) is not None
    p.sign_in(at=TOO_OLD).none(CallBack)


def test_an_attempt_under_way_goes_on_when_its_place_grows_too_old() -> None:
    """And is the last one."""
    at = (TOO_OLD - after(0)).total_seconds() - 20
    p = keeping().sign_in(at=after(at)) >> rings(at) >> dials(at + 1) >> dialled(at + 1.1)
    p.tick(after(at + 25)).none(ForgetKept)
    p >> came_to(OfferOutcome.MISSED, at + 30) << Wish(ForgetKept) << Wish(CompleteDraft)


def test_a_clock_set_back_makes_no_place_older_than_it_is() -> None:
    """By the new clock it is an hour younger, and it grows too old all the same."""
    hour = timedelta(hours=1)
    p = keeping() >> ClockSet(at=after(50) - hour, by=-hour)
    p.tick(TOO_OLD - timedelta(seconds=1)).none(ForgetKept)
    p.tick(TOO_OLD) << Wish(ForgetKept, call=CALL)


def test_an_order_that_comes_late_ends_no_talk() -> None:
    """A seat taken for gone reached the citizen after all: the next seat's order is in vain."""
    p = rung().sign_in(OTHER, BEN, at=after(100.5)) >> missed(115)
    p << Wish(CallBack, seat=OTHER, offer=offer(2))
    p >> dialled(116) >> bridged(leg(SEAT), 120, SEAT) >> bridged(CITIZEN, 120)
    p >> came_to(OfferOutcome.TAKEN, 121, 2) << Wish(WithdrawPop, seat=OTHER)
    p.none(CompleteDraft)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_the_end_of_an_attempt_that_nobody_tells_is_looked_after() -> None:
    """The seat's leg is gone and the dialplan said nothing, as when it was hung up by force."""
    p = rung() >> dials(102) >> dialled(102.1) >> hung_up(leg(SEAT), 105, SEAT)
    p.tick(after(105.5)).none(TakeSnapshot)
    p.tick(after(107)) << Wish(TakeSnapshot)


def test_an_end_that_is_told_is_not_looked_after() -> None:
    p = in_vain(rung(), 102)
    p.tick(after(200)).none(TakeSnapshot)


def test_a_seat_that_rings_again_is_not_taken_for_gone() -> None:
    """The alarm of one leg that ended finds another of the same seat."""
    p = rung() >> hung_up(leg(SEAT), 100.5, SEAT) >> rings(100.7)
    p.tick(after(110)).none(TakeSnapshot)


def test_a_talk_that_was_not_seen_is_looked_after() -> None:
    """The dialplan says answered and nobody saw them meet: nothing may be owed still."""
    p = rung() >> dials(102) >> came_to(OfferOutcome.ANSWERED, 160)
    p << Wish(TakeSnapshot)
    assert seat_state(p) is AgentState.AVAILABLE


def test_a_set_clock_does_not_shorten_the_pause() -> None:
    """Set forward by an hour, the citizen is not called again at once."""
    p = in_vain(rung(), 102) >> ClockSet(at=after(3733), by=timedelta(hours=1))
    p.tick(after(3900)).none(CallBack)
    p.tick(after(4010)) << Wish(CallBack, call=CALL)


def test_what_belongs_to_another_order_changes_nothing() -> None:
    """Late news of an offer that stands no more, or of a call that is not known."""
    p = rung()
    p >> came_to(OfferOutcome.MISSED, 103, number=9) >> dials(103, number=9)
    assert seat_state(p) is AgentState.OFFERED
    p >> CallbackStarted(at=after(104), call=ANOTHER, offer=OfferId("x/1"), seat=SEAT, attempt=1)
    assert p.switch.call_state(ANOTHER) is None


# --- the instant in which the offer was ordered -----------------------------------------------


def raced() -> Playbook:
    """A seat was ordered, and the caller pressed 1 before it was carried out."""
    return Playbook(KEEPING).call_in().sign_in(at=after(39.9)) >> pressed()


def test_an_order_that_wins_lets_them_talk_and_nothing_is_owed() -> None:
    """The caller held the line all the time, so the row knows of no kept place."""
    p = raced() >> started(at=40.1)
    p.talk(at=42) << Wish(ForgetKept, call=CALL)
    p >> hung_up(leg(SEAT), 60, SEAT) >> hung_up(CHANNEL, 60)
    record = record_of(p)
    assert (record.disposition, record.kept_at) == (Disposition.ANSWERED, None)
    assert found(p, CallBack) == []


def test_an_order_that_loses_keeps_the_place() -> None:
    """The channel was gone, or busy with its goodbye: the caller is called back."""
    for why in (Refusal.GONE, Refusal.NOT_UP):
        p = raced() >> OrderRefused(at=after(40.1), call=CALL, offer=offer(), why=why)
        assert p.switch.call_state(CALL) is CallState.KEPT
        assert found(p, CallBack) == []
        p >> hung_up(CHANNEL, 43) << Wish(CallBack, call=CALL, offer=offer(2))


def test_who_hangs_up_before_the_order_is_carried_out_keeps_the_place() -> None:
    """No word of the order at all: the channel is gone, the seat free, the place kept."""
    p = raced() >> hung_up(CHANNEL, 40.2)
    p << Wish(WithdrawPop, seat=SEAT) << Wish(CallBack, call=CALL, offer=offer(2))


def test_who_hangs_up_while_the_seat_rings_after_all_keeps_the_place() -> None:
    """It was told that it could: it is called back."""
    p = raced() >> started(at=40.1) >> hung_up(CHANNEL, 42)
    p << Wish(CallBack, call=CALL)
    assert record_of(p).ended_at is None


def test_a_seat_that_misses_leaves_the_caller_waiting_with_its_place_kept() -> None:
    """Back in the music; offered as anybody who waits, and called back once it hangs up."""
    p = raced() >> started(at=40.1) >> ended(OfferOutcome.MISSED, at=55) >> waiting(at=55.1)
    assert p.switch.call_state(CALL) is CallState.WAITING
    p >> hung_up(CHANNEL, 70)
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.KEPT, [CALL])


def test_a_key_told_twice_is_one_place() -> None:
    p = keeping() >> pressed(43.5)
    assert journal(p).count("place-kept") == 1


def test_a_key_in_mid_talk_keeps_nothing() -> None:
    """It cannot be, but whatever Asterisk wrote down must not be called back."""
    p = Playbook(KEEPING).call_in().sign_in().talk() >> pressed()
    p << Wish(ForgetKept, call=CALL)


def test_a_kept_place_of_nobody_we_know_is_looked_after() -> None:
    p = Playbook(KEEPING) >> PlaceKept(at=after(40), call=CALL, kept=place())
    p << Wish(TakeSnapshot)


# --- the same caller calls in again -----------------------------------------------------------


def again(p: Playbook, at: float = 90) -> Playbook:
    return p >> arrived(AGAIN, AGAIN_CHANNEL, at)


def test_who_calls_in_again_gets_the_place_it_kept() -> None:
    """Its channel is told, the kept request is over, and nobody calls it back any more."""
    p = again(keeping()) >> waiting(AGAIN, AGAIN_CHANNEL, 95, 95)
    p << Wish(HandPlace, call=AGAIN, channel=AGAIN_CHANNEL, since=after(0))
    p << Wish(ForgetKept, call=CALL) << Wish(CompleteDraft, call=CALL)
    assert p.switch.waiting == [AGAIN]
    first = record_of(p)
    assert (first.disposition, first.ended_at) == (Disposition.ABANDONED, after(90))
    p.call_in(ANOTHER, ANOTHER_CHANNEL, at=96).sign_in(at=after(100))
    p << Wish(PopScreen, call=AGAIN, since=after(0), attempt=0)
    p << Wish(OfferCall, call=AGAIN)
    p >> hung_up(AGAIN_CHANNEL, 101, call=AGAIN)
    second = record_of(p, AGAIN)
    assert (second.waited_since, second.kept_at) == (after(95), None)  # its own wait
    assert found(p, CallBack) == []


def test_nobody_is_called_back_who_is_on_the_line() -> None:
    """Already while it hears the first sentence; gone without waiting, the place is as before."""
    p = again(keeping()).sign_in(at=after(91))
    assert found(p, CallBack) == []
    p >> hung_up(AGAIN_CHANNEL, 93, call=AGAIN)
    p.tick(after(93)) << Wish(CallBack, call=CALL)
    assert record_of(p, AGAIN).disposition is Disposition.ABANDONED


def test_two_calls_of_one_caller_meet_one_place() -> None:
    """The one that waits first takes it; the other one's end changes nothing."""
    third = CallId("node1-1795310199.9")
    p = again(keeping()) >> arrived(third, ANOTHER_CHANNEL, 92)
    p >> waiting(third, ANOTHER_CHANNEL, 94, 94)
    assert p.switch.waiting == [third]
    p >> hung_up(AGAIN_CHANNEL, 99, call=AGAIN)
    p.tick(after(100))
    p >> waiting(third, ANOTHER_CHANNEL, 101, 94)
    assert p.switch.waiting == [third]


def test_a_second_call_gone_while_a_third_lives_does_not_call_back() -> None:
    third = CallId("node1-1795310199.9")
    p = again(keeping()) >> arrived(third, ANOTHER_CHANNEL, 92)
    p >> hung_up(AGAIN_CHANNEL, 93, call=AGAIN)
    p.tick(after(93)).sign_in(at=after(94))
    assert found(p, CallBack) == []
    p >> hung_up(ANOTHER_CHANNEL, 95, call=third)
    p.tick(after(95)) << Wish(CallBack, call=CALL)


def test_who_came_first_by_another_way_keeps_its_own_place() -> None:
    """A call that went out to the line's own seats before the place was kept waits since then."""
    p = Playbook(KEEPING) >> arrived(AGAIN, AGAIN_CHANNEL, -30)
    p >> OutsideStarted(at=after(-20), call=AGAIN, peer=PeerId("tax"), line=LINE)
    p.call_in() >> pressed() >> hung_up(CHANNEL, 43)
    p >> OutsideEnded(at=after(50), call=AGAIN, peer=PeerId("tax"), outcome=OfferOutcome.MISSED)
    p >> waiting(AGAIN, AGAIN_CHANNEL, 51, 51)
    assert p.switch.waiting == [AGAIN, CALL]  # it came before: no sign that it is the same person


def talks_outside(p: Playbook, at: float) -> Playbook:
    """The later call is answered at the line's own seats elsewhere."""
    tax, peer_leg = PeerId("tax"), leg(SEAT, 77)
    p >> OutsideStarted(at=after(at), call=AGAIN, peer=tax, line=LINE)
    p >> LegStarted(at=after(at), call=AGAIN, channel=peer_leg, seat=None, peer=tax)
    p >> LegBridged(at=after(at), call=AGAIN, channel=peer_leg, seat=None, peer=tax, bridge="b3")
    return p >> LegBridged(at=after(at), call=AGAIN, channel=AGAIN_CHANNEL, seat=None, bridge="b3")


def test_a_talk_without_waiting_is_what_the_place_was_kept_for() -> None:
    """Answered at the line's own seats elsewhere: nobody calls back any more."""
    p = talks_outside(again(keeping()), 95)
    p << Wish(ForgetKept, call=CALL) << Wish(CompleteDraft, call=CALL)
    assert record_of(p).ended_at == after(90)


def test_who_talks_already_when_the_goodbye_ends_is_not_called_back() -> None:
    """It called in again and was answered elsewhere before its first channel was gone."""
    p = talks_outside(again(Playbook(KEEPING).call_in() >> pressed(), 41), 42)
    p.none(ForgetKept) >> hung_up(CHANNEL, 43) << Wish(ForgetKept, call=CALL)
    assert p.switch.call_state(CALL) is None
    p.sign_in(at=after(44)).none(CallBack)


def test_an_attempt_under_way_is_broken_off_when_its_caller_waits() -> None:
    """The seat's leg is hung up, whether it rings or dials; the card is withdrawn."""
    for events in ((), (dials(102), dialled(102.1))):
        p = rung()
        for event in events:
            p >> event
        again(p, 103) >> waiting(AGAIN, AGAIN_CHANNEL, 105, 105)
        p << Wish(HangUp, call=CALL, channel=leg(SEAT))
        p << Wish(WithdrawPop, seat=SEAT, call=CALL) << Wish(ForgetKept, call=CALL)
        assert p.switch.call_state(CALL) is None


def test_an_attempt_in_vain_because_the_caller_is_here_is_not_made_again() -> None:
    """The citizen's phone is busy with calling us: it keeps its place and nothing is dialled."""
    p = again(rung() >> dials(102) >> dialled(102.1), 103)
    p >> came_to(OfferOutcome.REJECTED, 104)
    p.tick(after(500)).none(CallBack)
    p >> waiting(AGAIN, AGAIN_CHANNEL, 501, 501) << Wish(HandPlace, call=AGAIN)


def test_another_callers_call_meets_nothing() -> None:
    """Neither somebody else's, nor the same number's in another centre."""
    for centre, ani in ((CENTRE, "13900000002"), (CentreId("tongliao"), ANI)):
        p = keeping()
        p >> replace(arrived(AGAIN, AGAIN_CHANNEL, 90), centre=centre, ani=ani)
        assert p.switch.waiting == [CALL]


def twins() -> Playbook:
    """Two callers of one number, as of a company's exchange: both hold, then both press 1."""
    p = Playbook(KEEPING).call_in().call_in(ANOTHER, ANOTHER_CHANNEL, at=10)
    p >> pressed() >> pressed(41, ANOTHER) >> hung_up(CHANNEL, 43)
    return p >> hung_up(ANOTHER_CHANNEL, 44, call=ANOTHER)


def test_two_requests_of_one_number_are_two() -> None:
    """Each has its place, and each is called back."""
    p = twins()
    assert p.switch.waiting == [CALL, ANOTHER]
    p.sign_in(at=after(100)) << Wish(CallBack, call=CALL)
    p.sign_in(OTHER, BEN, at=after(101)) << Wish(CallBack, call=ANOTHER)


def test_who_calls_in_again_gets_the_earlier_of_two_places() -> None:
    """The other stays as it was, until somebody calls in again; a look changes nothing."""
    p = twins() >> SnapshotTaken(at=after(50), kept=(place(), place(ANOTHER, since=10)))
    again(p) >> waiting(AGAIN, AGAIN_CHANNEL, 95, 95)
    assert p.switch.waiting == [AGAIN, ANOTHER]
    third, channel = CallId("node1-1795310199.9"), ChannelId("PJSIP/trunk-00000009")
    p >> arrived(third, channel, 96) >> waiting(third, channel, 97, 97)
    p << Wish(HandPlace, call=third, since=after(10))
    assert p.switch.waiting == [AGAIN, third]


def test_who_meets_one_place_does_not_meet_the_other() -> None:
    """The second goodbye of the number ends after the new call came: that place stays owed."""
    p = Playbook(KEEPING).call_in().call_in(ANOTHER, ANOTHER_CHANNEL, at=10)
    p >> pressed() >> pressed(41, ANOTHER) >> hung_up(CHANNEL, 42)
    again(p, 43) >> hung_up(ANOTHER_CHANNEL, 44, call=ANOTHER)
    assert p.switch.waiting == [ANOTHER]


def test_who_calls_in_again_during_the_goodbye_gets_the_place_it_kept() -> None:
    """Its first channel ends a moment later: the new call waits already, or is told just then."""
    for is_waiting in (True, False):
        p = Playbook(KEEPING).call_in() >> pressed()
        again(p, 41)
        if is_waiting:
            p >> waiting(AGAIN, AGAIN_CHANNEL, 42, 42)
        p >> hung_up(CHANNEL, 43)
        if not is_waiting:
            assert p.switch.waiting == []
            p >> waiting(AGAIN, AGAIN_CHANNEL, 44, 44)
        p << Wish(HandPlace, call=AGAIN, since=after(0)) << Wish(ForgetKept, call=CALL)
        assert p.switch.waiting == [AGAIN]
        assert p.switch.call_state(CALL) is None


def test_a_place_that_a_look_took_away_is_met_by_nobody() -> None:
    """It was called back while the link was down; the caller that calls now waits as any other."""
    p = keeping() >> LinkLost(at=after(50)) >> SnapshotTaken(at=after(300))
    again(p, 310) >> waiting(AGAIN, AGAIN_CHANNEL, 315, 315)
    p.none(HandPlace)


def test_a_last_attempt_that_fails_while_its_caller_is_here_is_not_the_end() -> None:
    """The caller takes the place; gone without waiting, the request is over at last."""
    for waits in (True, False):
        p = in_vain(rung(), 102)
        p.tick(after(403)) >> rings(402.6) >> dials(404, 2, 2)
        again(p, 405) >> came_to(OfferOutcome.REJECTED, 406, 2) >> hung_up(leg(SEAT), 406, SEAT)
        assert p.switch.call_state(CALL) is CallState.KEPT
        if waits:
            p >> waiting(AGAIN, AGAIN_CHANNEL, 410, 410) << Wish(HandPlace, call=AGAIN)
        else:
            p >> hung_up(AGAIN_CHANNEL, 410, call=AGAIN)
            p.tick(after(410)) << Wish(CompleteDraft, call=CALL)
        assert p.switch.call_state(CALL) is None


def test_who_answers_the_call_back_while_calling_in_is_talked_with() -> None:
    """The later call goes without waiting: nothing is left to be called back."""
    p = again(rung() >> dials(102) >> dialled(102.1), 103)
    p >> bridged(leg(SEAT), 105, SEAT) >> bridged(CITIZEN, 105)
    p >> hung_up(AGAIN_CHANNEL, 106, call=AGAIN)
    p.tick(after(107)).none(CallBack)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_an_attempt_under_way_goes_on_when_the_later_call_goes() -> None:
    p = again(rung() >> dials(102) >> dialled(102.1), 103)
    p >> hung_up(AGAIN_CHANNEL, 106, call=AGAIN)
    p.tick(after(107)).none(CallBack).none(HangUp)
    p >> bridged(leg(SEAT), 110, SEAT) >> bridged(CITIZEN, 110)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_clock_set_back_gives_nobody_a_worse_place() -> None:
    """By the new clock the later call waits longer than the kept one: it has its own place."""
    p = keeping() >> ClockSet(at=after(-500), by=timedelta(seconds=-545))
    again(p, -490) >> waiting(AGAIN, AGAIN_CHANNEL, -480, -480)
    p.none(HandPlace) << Wish(ForgetKept, call=CALL)
    assert p.switch.waiting == [AGAIN]


def test_other_legs_of_a_kept_call_are_nobodys() -> None:
    """Neither another seat's nor an exchange's leg is the citizen's."""
    p = rung() >> rings(101, OTHER)
    p >> LegStarted(at=after(101), call=CALL, channel=leg(SEAT, 78), seat=None, peer=PeerId("tax"))
    p >> dials(102) >> dialled(102.1) >> bridged(leg(SEAT), 110, SEAT) >> bridged(CITIZEN, 110)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_pressing_again_in_the_new_call_keeps_the_place_anew() -> None:
    """With the first waiting's place, and all attempts before it."""
    p = again(keeping()) >> waiting(AGAIN, AGAIN_CHANNEL, 95, 95)
    p >> pressed(120, AGAIN) >> hung_up(AGAIN_CHANNEL, 123, call=AGAIN)
    p.sign_in(at=after(200)) << Wish(CallBack, call=AGAIN, since=after(0), attempt=1)


def test_a_kept_place_that_is_over_is_met_by_nobody() -> None:
    p = answered() >> hung_up(CITIZEN, 200) >> hung_up(leg(SEAT), 200, SEAT)
    again(p, 300) >> waiting(AGAIN, AGAIN_CHANNEL, 305, 305)
    p.none(HandPlace)
