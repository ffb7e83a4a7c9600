"""A seat calls a citizen back: what the switch asks for, what it notes, and whom it never rings."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cti.call import CallState
from cti.effects import (
    CompleteDraft,
    DialOut,
    OfferCall,
    PopScreen,
    ReplayCel,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
    WriteJournal,
)
from cti.events import (
    AgentNotReady,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    LinkLost,
    OrderRefused,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import CallId, ChannelId, OfferId
from cti.outevents import AgentDials, DialOutEnded, DialOutRefused, DialOutStarted
from cti.plan import CentreTimes
from cti.seen import SeenChannel, SeenMember
from queues.seat import AgentState
from records.callrecord import CallRecord, Direction, Disposition, Source
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    LINE,
    NOON,
    OTHER,
    PLAN,
    RING,
    SEAT,
    WRAP_UP,
    Playbook,
    Wish,
    after,
    leg,
)

OUT = CallId("out-1795310100.1231001")
MISSED = CallId("node1-1795300000.9")
CITIZEN = ChannelId("PJSIP/out-chifeng-00000009")
DIALS_OUT = replace(PLAN, times={CENTRE: CentreTimes(ring=RING, wrap_up=WRAP_UP, dials_out=True)})


def dials(at: float = 5, **other: object) -> AgentDials:
    asked = AgentDials(
        at=after(at),
        seat=SEAT,
        agent=ANNA,
        call=OUT,
        about=MISSED,
        centre=CENTRE,
        line=LINE,
        number="+8613900000001",
    )
    return replace(asked, **other)  # type: ignore[arg-type]


def seat_leg(at: float = 6) -> LegStarted:
    return LegStarted(at=after(at), call=OUT, channel=leg(SEAT), seat=SEAT)


def agent_answers(at: float = 8) -> Sequence[Event]:
    """The agent picks up the own phone; the citizen's begins to ring."""
    return (
        DialOutStarted(at=after(at), call=OUT, seat=SEAT),
        LegStarted(at=after(at), call=OUT, channel=CITIZEN, seat=None),
    )


def citizen_answers(at: float = 12) -> Sequence[Event]:
    return (
        LegBridged(at=after(at), call=OUT, channel=CITIZEN, seat=None, bridge="b9"),
        LegBridged(at=after(at), call=OUT, channel=leg(SEAT), seat=SEAT, bridge="b9"),
    )


def talk_ends(at: float = 60) -> Sequence[Event]:
    return (
        LegUnbridged(at=after(at), call=OUT, channel=CITIZEN, seat=None, bridge="b9"),
        LegHungUp(at=after(at), call=OUT, channel=CITIZEN, seat=None, cause=16),
        DialOutEnded(at=after(at), call=OUT, outcome=OfferOutcome.ANSWERED),
        LegHungUp(at=after(at), call=OUT, channel=leg(SEAT), seat=SEAT, cause=16),
    )


def in_vain(outcome: OfferOutcome, at: float = 30, cause: int = 17) -> Sequence[Event]:
    return (
        LegHungUp(at=after(at), call=OUT, channel=CITIZEN, seat=None, cause=cause),
        DialOutEnded(at=after(at), call=OUT, outcome=outcome),
        LegHungUp(at=after(at), call=OUT, channel=leg(SEAT), seat=SEAT, cause=16),
    )


def told(p: Playbook, *events: Event) -> Playbook:
    for event in events:
        p >> event
    return p


def state(p: Playbook) -> AgentState:
    seat = p.switch.seat(SEAT)
    assert seat is not None
    return seat.state


def last_record(p: Playbook) -> CallRecord:
    return [effect.record for effect in p.all if isinstance(effect, WriteCall)][-1]


def test_calling_out_shows_the_card_and_rings_the_agents_own_phone() -> None:
    """Agent first: nobody is called to hear a machine. The number is dialled in its one form."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        p << Wish(PopScreen, seat=SEAT, agent=ANNA, call=OUT, about=MISSED, ani="+8613900000001")
        p << Wish(
            DialOut,
            call=OUT,
            about=MISSED,
            seat=SEAT,
            centre=CENTRE,
            line=LINE,
            ani="+8613900000001",
            number="13900000001",
            arrived_at=after(5),
            ring=RING,
        )
        assert state(p) is AgentState.OFFERED
        assert not any(isinstance(effect, WriteCall) for effect in p.all)


def test_a_citizen_who_answers_is_a_call_out_with_a_draft_of_its_own() -> None:
    """Linked to the missed call on both sides; then the seat wraps up as after any talk."""
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg())
        p >> agent_answers()[0]
        p << Wish(WriteCall)
        p << Wish(WriteJournal, call=OUT, what="dialled-out")
        p << Wish(WriteJournal, call=MISSED, what="called-back", data=(("call", OUT),))
        assert last_record(p).disposition is Disposition.LIVE
        told(p, agent_answers()[1], *citizen_answers())
        assert state(p) is AgentState.TALKING
        assert p.switch.call_state(OUT) is CallState.TALKING
        told(p, *talk_ends())
        p << Wish(WriteCall)
        p << Wish(CompleteDraft, call=OUT)
        record = last_record(p)
        assert (record.direction, record.about) == (Direction.OUT, MISSED)
        assert (record.ani, record.dnis) == ("+8613900000001", "12345")
        assert [(talk.seat, talk.agent, talk.until) for talk in record.talks] == [
            (SEAT, ANNA, after(60))
        ]
        assert [(one.seat, one.at, one.outcome) for one in record.offers] == [
            ("", after(8), "answered")
        ]
        assert (record.disposition, record.source) == (Disposition.ANSWERED, Source.LIVE)
        assert record.waited_since is None
        assert state(p) is AgentState.WRAP_UP
        assert p.switch.call_state(OUT) is None


def test_a_citizen_who_does_not_answer_costs_no_wrap_up() -> None:
    """The seat is as it was at once, and the record says how it went."""
    for outcome in (OfferOutcome.MISSED, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE):
        with Playbook(DIALS_OUT).sign_in() as p:
            told(p, dials(), seat_leg(), *agent_answers(), *in_vain(outcome))
            p << Wish(WriteCall)
            p << Wish(CompleteDraft, call=OUT)
            record = last_record(p)
            assert (record.disposition, record.offers[-1].outcome) == (
                Disposition.UNREACHED,
                outcome.value,
            )
            assert state(p) is AgentState.AVAILABLE


def test_a_network_that_fails_on_the_way_out_is_still_nobody_reached() -> None:
    """Only calls that come in are cut: a call out owes nobody a call back."""
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers())
        told(p, *in_vain(OfferOutcome.UNREACHABLE, cause=38))
        assert last_record(p).disposition is Disposition.UNREACHED


def test_an_agent_who_hangs_up_while_it_rings_has_given_up() -> None:
    """Told or not: whoever hangs up may leave the dialplan before it can tell."""
    for is_told in (True, False):
        with Playbook(DIALS_OUT).sign_in() as p:
            told(p, dials(), seat_leg(), *agent_answers())
            if is_told:
                p >> DialOutEnded(at=after(9), call=OUT, outcome=OfferOutcome.CALLER_LEFT)
            p >> LegHungUp(at=after(9), call=OUT, channel=CITIZEN, seat=None, cause=16)
            p >> LegHungUp(at=after(9), call=OUT, channel=leg(SEAT), seat=SEAT, cause=16)
            assert last_record(p).offers[-1].outcome == "caller-left"
            assert state(p) is AgentState.AVAILABLE


def test_a_talk_whose_end_nobody_told_reached_the_citizen_all_the_same() -> None:
    """The agent hung up first and the dialplan said nothing."""
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers(), *citizen_answers())
        unbridged, citizen_gone, _, seat_gone = talk_ends()
        told(p, unbridged, seat_gone, citizen_gone)
        assert last_record(p).offers[-1].outcome == "answered"


def test_an_own_phone_that_is_not_answered_leaves_nothing_behind() -> None:
    """No row, no draft, no attempt: the citizen was never called. The seat is not punished."""
    gone = LegHungUp(at=after(20), call=OUT, channel=leg(SEAT), seat=SEAT, cause=19)
    stories: Sequence[Sequence[Event]] = (
        (seat_leg(), gone),
        (DialOutRefused(at=after(6), call=OUT),),
        (seat_leg(), gone, DialOutRefused(at=after(20), call=OUT)),
    )
    for story in stories:
        with Playbook(DIALS_OUT).sign_in() as p:
            p >> dials()
            told(p, *story)
            assert state(p) is AgentState.AVAILABLE
            assert not any(isinstance(effect, WriteCall) for effect in p.all)
            assert any(Wish(WithdrawPop, call=OUT).fits(effect) for effect in p.all)
            noted = [e for e in p.all if isinstance(e, WriteJournal)]
            assert [(line.call, line.what) for line in noted] == [(MISSED, "not-called-back")]
            p >> dials(40, call=CallId("out-1795310140.1231001"))
            p << Wish(DialOut)


def test_an_order_that_asterisk_refuses_leaves_nothing_behind() -> None:
    """Answered no, the seat is free at once; not answered in time, Asterisk is looked at."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        p >> OrderRefused(at=after(6), call=OUT, offer=OfferId(f"{OUT}/1"), why=Refusal.OTHER)
        assert (state(p), p.switch.call_state(OUT)) == (AgentState.AVAILABLE, None)
        assert not any(isinstance(effect, WriteCall) for effect in p.all)
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        p >> OrderRefused(at=after(6), call=OUT, offer=OfferId(f"{OUT}/1"), why=Refusal.TIMED_OUT)
        p << Wish(TakeSnapshot)


def test_a_refusal_that_comes_after_the_answer_changes_nothing() -> None:
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers(), DialOutRefused(at=after(9), call=OUT))
        assert p.switch.call_state(OUT) is CallState.OFFERED


def test_who_was_not_ready_or_wrapping_up_may_call_out() -> None:
    """Not ready, the agent is not ready again afterwards, with the same reason."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> AgentNotReady(at=after(1), seat=SEAT, reason="整理工单")
        p >> dials()
        p << Wish(DialOut)
        told(p, seat_leg(), *agent_answers(), *in_vain(OfferOutcome.MISSED))
        seat = p.switch.seat(SEAT)
        assert seat is not None
        assert (seat.state, seat.reason) == (AgentState.NOT_READY, "整理工单")
    with Playbook(DIALS_OUT).sign_in() as p:
        p.call_in().talk()
        for event in (
            LegHungUp(at=after(4), call=CALL, channel=leg(SEAT), seat=SEAT, cause=16),
            LegHungUp(
                at=after(4),
                call=CALL,
                channel=ChannelId("PJSIP/trunk-00000004"),
                seat=None,
                cause=16,
            ),
        ):
            p >> event
        assert state(p) is AgentState.WRAP_UP
        p >> dials()
        p << Wish(DialOut)


def test_nobody_is_rung_for_a_call_out_who_may_not_be() -> None:
    """Another's seat, an unknown one, one that rings or talks, one without a phone, no trunk."""
    with Playbook(DIALS_OUT).sign_in() as p:
        (p >> dials(agent=BEN)).none(DialOut)
        (p >> dials(seat=OTHER)).none(DialOut)
        (p >> dials(seat=type(SEAT)("chifeng-9999"))).none(DialOut)
        p.call_in()
        (p >> dials()).none(DialOut)
        p.talk()
        (p >> dials()).none(DialOut)
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> PhoneChanged(at=after(1), seat=SEAT, phone=Phone.GONE)
        (p >> dials()).none(DialOut)
    with Playbook(PLAN).sign_in() as p:
        (p >> dials()).none(DialOut)
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> LinkLost(at=after(1))
        (p >> dials()).none(DialOut)


def test_why_nobody_is_rung_is_known_before() -> None:
    """Each reason by its error's id; the same that keeps the switch from ringing."""
    with Playbook(DIALS_OUT) as p:
        p.sign_in()
        p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.FREE)
        why = p.switch.why_not_dial
        assert why(dials()) == ""
        assert why(dials(agent=BEN)) == "not-signed-in"
        for phone, id in (
            (Phone.GONE, "phone-missing"),
            (Phone.RINGING, "seat-busy"),
            (Phone.IN_USE, "seat-busy"),
        ):
            p >> PhoneChanged(at=NOON, seat=SEAT, phone=phone)
            assert why(dials()) == id
        p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.FREE)
        p >> dials()
        p << Wish(DialOut)
        assert why(dials(at=6)) == "seat-busy"
        assert why(dials(at=6, seat=OTHER, agent=BEN)) == "not-signed-in"
        p.sign_in(OTHER, BEN)
        p >> PhoneChanged(at=NOON, seat=OTHER, phone=Phone.FREE)
        assert why(dials(at=6, seat=OTHER, agent=BEN)) == "citizen-on-call"
    with Playbook() as p:
        p.sign_in()
        assert p.switch.why_not_dial(dials()) == "no-way-out"


def test_a_task_is_dialled_once_however_often_it_is_asked_for() -> None:
    """By the same agent's other tab, or by another agent: the citizen's phone rings once."""
    with Playbook(DIALS_OUT).sign_in().sign_in(OTHER, BEN) as p:
        p >> dials()
        p << Wish(DialOut)
        (p >> dials()).none(DialOut)
        (p >> dials(seat=OTHER, agent=BEN, call=CallId("out-2.1"))).none(DialOut)


def test_whoever_calls_us_just_now_is_not_called() -> None:
    """In whatever form the number came; the task is closed by that call, or stands after it."""
    with Playbook(DIALS_OUT).sign_in().sign_in(OTHER, BEN) as p:
        p.call_in(at=1)
        (p >> dials(seat=OTHER, agent=BEN)).none(DialOut)
        p >> dials(seat=OTHER, agent=BEN, number="13900000099")
        p << Wish(DialOut)


def test_a_seat_that_calls_out_is_offered_nobody() -> None:
    """And a caller who comes meanwhile is offered to it as soon as it is free again."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        p.call_in(at=6)
        p.none(OfferCall)
        told(p, seat_leg(), *agent_answers())
        citizen_gone, ended, seat_gone = in_vain(OfferOutcome.MISSED)
        p >> citizen_gone
        p >> ended
        p << Wish(OfferCall, call=CALL, seat=SEAT)
        p >> seat_gone


def test_a_talk_out_says_nothing_about_how_quickly_the_queue_moves() -> None:
    """Whoever waits is told a time from those who waited."""
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers(), *citizen_answers())
        assert p.switch._picture.pace(CENTRE).expected_wait(0, after(20)) is None


def test_an_order_that_never_shows_itself_makes_us_look() -> None:
    """Not answered in time and never seen: the snapshot says that it is not there."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        p.tick(after(26))
        p << Wish(TakeSnapshot)
        p >> SnapshotTaken(at=after(27), members=(member(),))
        assert p.switch.call_state(OUT) is None
        assert state(p) is AgentState.AVAILABLE
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers())
        p.tick(after(26)).none(TakeSnapshot)


def test_a_call_out_that_nobody_knows_makes_us_look() -> None:
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> DialOutStarted(at=after(1), call=OUT, seat=SEAT)
        p << Wish(TakeSnapshot)
        p >> DialOutEnded(at=after(2), call=OUT, outcome=OfferOutcome.MISSED)
        p >> DialOutRefused(at=after(2), call=OUT)
        assert p.effects == []


# --- after a blackout ------------------------------------------------------------------------


def member() -> SeenMember:
    return SeenMember(seat=SEAT, agent=ANNA, is_paused=False, reason="", phone=Phone.FREE)


def seen(context: str, bridge: str = "") -> SeenChannel:
    return SeenChannel(
        channel=leg(SEAT),
        call=OUT,
        seat=SEAT,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        arrived_at=after(5),
        about=MISSED,
    )


def citizen(bridge: str = "") -> SeenChannel:
    return SeenChannel(channel=CITIZEN, call=OUT, seat=None, context="nowhere", bridge=bridge)


def restarted(*channels: SeenChannel, at: datetime = NOON) -> Playbook:
    return Playbook(
        DIALS_OUT, snapshot=SnapshotTaken(at=at, channels=channels, members=(member(),))
    )


def test_given_a_restart_while_the_agents_phone_rings_then_the_call_goes_on() -> None:
    with restarted(seen("default")) as p:
        assert state(p) is AgentState.OFFERED
        assert not any(isinstance(effect, WriteCall) for effect in p.all)
        told(p, *agent_answers(), *citizen_answers(), *talk_ends())
        record = last_record(p)
        assert (record.about, record.direction, record.arrived_at) == (
            MISSED,
            Direction.OUT,
            after(5),
        )
        assert record.source is Source.GLIMPSED
        p << Wish(ReplayCel, call=OUT)


def test_given_a_restart_while_the_citizens_phone_rings_then_it_is_noted_once() -> None:
    with restarted(seen("dial-out"), citizen()) as p:
        assert state(p) is AgentState.OFFERED
        assert len(last_record(p).offers) == 1
        told(p, *citizen_answers(), *talk_ends())
        assert len(last_record(p).offers) == 1
        assert last_record(p).offers[0].outcome == "answered"


def test_given_a_restart_in_mid_talk_then_the_seat_talks_and_wraps_up() -> None:
    with restarted(seen("dial-out", "b9"), citizen("b9")) as p:
        assert state(p) is AgentState.TALKING
        told(p, *talk_ends())
        assert state(p) is AgentState.WRAP_UP
        assert last_record(p).disposition is Disposition.ANSWERED


def test_given_a_lost_link_then_a_call_out_that_ended_meanwhile_is_left_to_the_log() -> None:
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers(), LinkLost(at=after(9)))
        p >> SnapshotTaken(at=after(20), members=(member(),))
        p << Wish(ReplayCel, call=OUT)
        assert state(p) is AgentState.AVAILABLE


def test_given_a_snapshot_then_a_known_call_out_stays_as_it_is() -> None:
    """A seat of nobody's any more is left alone, and so is the last leg of a call that ends."""
    with Playbook(DIALS_OUT).sign_in() as p:
        told(p, dials(), seat_leg(), *agent_answers())
        p >> SnapshotTaken(at=after(9), channels=(seen("dial-out"), citizen()), members=(member(),))
        assert state(p) is AgentState.OFFERED
        p >> SnapshotTaken(at=after(10), channels=(citizen(),), members=(member(),))
        p >> LegHungUp(at=after(11), call=OUT, channel=CITIZEN, seat=None, cause=16)
        told(p, LegHungUp(at=after(11), call=OUT, channel=leg(SEAT), seat=SEAT, cause=16))
        assert p.switch.call_state(OUT) is None
        assert len(last_record(p).offers) == 1
    nobody = replace(seen("dial-out"), seat=type(SEAT)("chifeng-9999"))
    with restarted(nobody) as p:
        assert p.switch.call_state(OUT) is CallState.ARRIVED


def test_a_call_out_is_no_callers_waiting_and_stands_once_the_citizen_is_dialled() -> None:
    """Tasks are offered while nobody waits; the live figures count what has a row."""
    with Playbook(DIALS_OUT).sign_in() as p:
        p >> dials()
        assert (p.switch.waiting_in(CENTRE), p.switch.standing(CENTRE)) == (0, [])
        told(p, seat_leg(), *agent_answers())
        assert [one.record.call for one in p.switch.standing(CENTRE)] == [OUT]
        assert p.switch.waiting_in(CENTRE) == 0
        p.call_in(at=9)
        assert p.switch.waiting_in(CENTRE) == 1
        assert p.switch.waiting_in(type(CENTRE)("elsewhere")) == 0
