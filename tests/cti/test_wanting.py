"""What callers want by the plan of the hour, and what seats stand for."""

from dataclasses import replace
from datetime import timedelta

from cti.effects import AnswerAsk, AskLastSeat, OfferCall, PopScreen, WriteJournal
from cti.events import (
    AgentNotReady,
    AgentSignedOut,
    CallArrived,
    ClockSet,
    LastSeatKnown,
    LinkLost,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, SeatId
from cti.plan import CentreTimes, Duty, KnownCaller, PlannedSeat, SwitchPlan
from queues.acd import GENERAL
from tests.cti.moved import MOVE_PLAN, Moves
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
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
    arrived,
    leg,
    waiting,
)
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

THIRD, CARL = SeatId("chifeng-1003"), AgentId("carl")
SECOND_CALL, SECOND_CHANNEL = CallId("node1-1795310090.6"), ChannelId("PJSIP/trunk-00000006")
TIMES = CentreTimes(ring=RING, wrap_up=WRAP_UP)


def seats(**skills: str) -> dict[SeatId, PlannedSeat]:
    """Seats by extension (``s1001``) with their skills."""
    return {
        SeatId(f"chifeng-{name[1:]}"): PlannedSeat(
            centre=CENTRE, extension=name[1:], skills=frozenset(said.split())
        )
        for name, said in skills.items()
    }


def plan(**parts: object) -> SwitchPlan:
    return replace(PLAN, **parts)  # type: ignore[arg-type]  # the parts of a plan by name


def duty(since: float, until: float, *seats: SeatId, lines: tuple[LineId, ...] = ()) -> Duty:
    return Duty(
        name="供热值班",
        since=after(since),
        until=after(until),
        seats=frozenset(seats),
        lines=frozenset(lines),
    )


def both(p: Playbook) -> Playbook:
    """Two agents are ready; the first has been for longer."""
    return p.sign_in(SEAT, ANNA).sign_in(OTHER, BEN, after(1))


def rung(p: Playbook) -> list[SeatId]:
    return [effect.seat for effect in p.all if isinstance(effect, OfferCall)]


def second_call(p: Playbook, at: float, ani: str = "13900000002") -> None:
    p >> replace(arrived(SECOND_CALL, SECOND_CHANNEL, at), ani=ani)
    p >> replace(waiting(SECOND_CALL, SECOND_CHANNEL, at, at), ani=ani)


def other_call(p: Playbook, at: float) -> None:
    """Somebody calls and keeps the seat that is free busy."""
    call, channel = CallId("node1-1795310080.1"), ChannelId("PJSIP/trunk-00000001")
    p >> replace(waiting(call, channel, at, at), ani="13900000009")


# --- levels and languages -----------------------------------------------------------------------


def test_the_better_level_rings_first_however_long_the_other_is_free() -> None:
    planned = seats(s1001=GENERAL, s1002=GENERAL)
    planned[SEAT] = replace(planned[SEAT], levels={GENERAL: 1})
    assert rung(both(Playbook(plan(seats=planned))).call_in(at=5)) == [OTHER]


def test_a_lines_language_is_wanted_before_its_skill() -> None:
    """Whoever speaks it rings first, though another has the line's skill; then anybody."""
    found = plan(
        seats=seats(s1001="医保", s1002="通用 语言:蒙古语"),
        skill_of={(CENTRE, LINE): "医保"},
        language_of={(CENTRE, LINE): "语言:蒙古语"},
    )
    p = both(Playbook(found)).call_in(at=5)
    second_call(p, 6)
    assert rung(p) == [OTHER, SEAT]


# --- known callers --------------------------------------------------------------------------------


def known(**facts: object) -> SwitchPlan:
    who = KnownCaller(name="示例企业", kind="企业", skill="政企通")
    return plan(
        seats=seats(s1001="通用", s1002="通用 政企通"),
        known={(CENTRE, ANI): replace(who, **facts)},  # type: ignore[arg-type]  # as above
    )


def test_a_known_enterprise_rings_at_its_own_seats_and_is_named_on_the_card() -> None:
    """However its number arrives; anybody else rings where somebody has been free for longest."""
    p = both(Playbook(known()))
    p >> replace(arrived(at=5), ani=f"+86{ANI}") >> replace(waiting(at=5, since=5), ani=f"+86{ANI}")
    p << Wish(PopScreen, seat=OTHER, known_as="示例企业", known_kind="企业")
    q = both(Playbook(known()))
    second_call(q, 5)
    q << Wish(PopScreen, seat=SEAT, known_as="", known_kind="")


def test_the_journal_says_what_kind_of_caller_arrived() -> None:
    """Not who: the journal holds nobody's name. Of anybody else it says nothing."""
    p = Playbook(known())
    p >> arrived()
    p << Wish(WriteJournal, what="arrived", data=(("known", "企业"), ("line", LINE)))
    p >> replace(arrived(SECOND_CALL, SECOND_CHANNEL), ani="13900000002")
    p << Wish(WriteJournal, what="arrived", data=(("line", LINE),))


def test_a_call_that_arrives_twice_is_asked_about_once() -> None:
    """The dialplan's question is answered again; nothing else happens again."""
    p = Playbook(REMEMBERING)
    p >> arrived() >> arrived(at=1)
    p << Wish(AnswerAsk, call=CALL)
    p.none(AskLastSeat).none(WriteJournal)


def test_an_entry_that_has_run_out_names_nobody() -> None:
    """From that instant on the caller is anybody."""
    p = both(Playbook(known(until=after(5)))).call_in(at=5)
    p << Wish(PopScreen, seat=SEAT, known_as="")
    assert rung(both(Playbook(known(until=after(6)))).call_in(at=5)) == [OTHER]


def test_a_class_comes_before_those_who_wait_no_longer_than_it_is_worth() -> None:
    """A deputy who came 59 s later is served first, one who came 61 s later is not."""
    for later, first in ((59, CALL), (61, SECOND_CALL)):
        p = Playbook(known(skill="", kind="人大代表", head_start=timedelta(seconds=60)))
        second_call(p, 0)
        p.call_in(at=later).sign_in(at=after(later + 1))
        assert [e.call for e in p.all if isinstance(e, OfferCall)] == [first]


def test_whom_an_emergency_line_hands_over_goes_to_the_front_and_nobody_starves() -> None:
    """It is a class like any other, with a bound: before all who came up to 300 s earlier."""
    for later, first in ((299, SECOND_CALL), (301, CALL)):
        p = Playbook(plan(seats=seats(s1001="通用"))).call_in(at=0)
        p >> replace(arrived(SECOND_CALL, SECOND_CHANNEL, later), is_emergency=True)
        p >> replace(waiting(SECOND_CALL, SECOND_CHANNEL, later, later), is_emergency=True)
        p.sign_in(at=after(later + 1))
        assert [e.call for e in p.all if isinstance(e, OfferCall)] == [first]
    deputy = known(kind="人大代表", head_start=timedelta(seconds=400))
    p = Playbook(deputy).call_in(at=0)
    p >> replace(arrived(SECOND_CALL, SECOND_CHANNEL, 399), ani=ANI, is_emergency=True)
    p >> replace(waiting(SECOND_CALL, SECOND_CHANNEL, 399, 399), is_emergency=True)
    p.sign_in(at=after(400))
    p << Wish(OfferCall, call=CALL)  # both are deputies; none loses its class by being handed over


def test_the_journal_and_the_card_say_who_handed_a_caller_over() -> None:
    """With the number of the case there; a hotline's callers keep their turn."""
    p = Playbook(plan(seats=seats(s1001="通用"))).sign_in()
    p >> replace(
        arrived(), is_handed_over=True, is_emergency=True, case="JJ-7", came_from="10.1.0.110"
    )
    told = (("case", "JJ-7"), ("from", "10.1.0.110"), ("handed", "emergency"), ("line", LINE))
    p << Wish(WriteJournal, what="arrived", data=told)
    p >> replace(waiting(), is_handed_over=True, is_emergency=True)
    p << Wish(PopScreen, is_emergency=True, case="JJ-7")
    assert p.switch.figures()["calls_from_emergency"] == 1
    q = Playbook(plan(seats=seats(s1001="通用")))
    q >> replace(arrived(), is_handed_over=True, path=(CentreId("wuhai"),))
    passed = (("handed", "hotline"), ("line", LINE), ("path", "wuhai"))
    q << Wish(WriteJournal, what="arrived", data=passed)


def test_a_withheld_number_is_nobodys() -> None:
    p = both(Playbook(known()))
    second_call(p, 5, ani="")
    p << Wish(PopScreen, seat=SEAT, known_as="")


# --- duties ---------------------------------------------------------------------------------------


def test_during_a_duty_its_seats_ring_first_for_its_lines_and_the_card_says_so() -> None:
    found = plan(duties={CENTRE: (duty(0, 60, OTHER, lines=(LINE,)),)})
    p = both(Playbook(found)).call_in(at=5)
    p << Wish(PopScreen, seat=OTHER, duty="供热值班")
    q = both(Playbook(plan(duties={CENTRE: (duty(0, 60, OTHER, lines=(LineId("12333"),)),)})))
    q.call_in(at=5)
    q << Wish(PopScreen, seat=SEAT, duty="")


def test_when_the_seats_on_duty_are_busy_others_ring() -> None:
    """A duty changes who rings first, not who waits."""
    p = both(Playbook(plan(duties={CENTRE: (duty(0, 60, OTHER),)}))).call_in(at=5)
    second_call(p, 6)
    assert rung(p) == [OTHER, SEAT]


def test_a_duty_of_the_line_comes_before_one_of_all_lines() -> None:
    found = plan(duties={CENTRE: (duty(0, 60, SEAT), duty(0, 60, OTHER, lines=(LINE,)))})
    assert rung(both(Playbook(found)).call_in(at=5)) == [OTHER]


def test_a_duty_begins_and_ends_to_the_second() -> None:
    """Seats that are free and callers who come know it at once, without anything happening."""
    for at, rings in ((9, SEAT), (11, OTHER), (19, OTHER), (21, SEAT)):
        p = both(Playbook(plan(duties={CENTRE: (duty(10, 20, OTHER),)})))
        p.tick(after(at)).call_in(at=at)
        assert rung(p) == [rings]


def test_who_waits_when_a_duty_begins_wants_its_seats_and_keeps_the_place() -> None:
    """And when the duty is what it waits for, its seats alone for the centre's time."""
    times = {CENTRE: replace(TIMES, widens_after=timedelta(seconds=30))}
    p = Playbook(plan(duties={CENTRE: (duty(10, 60, OTHER),)}, times=times))
    p.sign_in(OTHER, BEN)
    other_call(p, 0)
    p.call_in(at=1)
    second_call(p, 2)
    p.tick(after(11)).sign_in(SEAT, ANNA, after(12)).none(OfferCall)
    assert p.switch.waiting == [CALL, SECOND_CALL]
    assert (p.switch.waiting_in(CENTRE), p.switch.waiting_in(CentreId("elsewhere"))) == (2, 0)
    p.tick(after(31)) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_nobody_waits_alone_for_a_duty_at_which_nobody_sits() -> None:
    """Its seats have not signed in, are on a break or have no phone: anybody will do at once."""
    times = {CENTRE: replace(TIMES, widens_after=timedelta(seconds=30))}
    found = plan(duties={CENTRE: (duty(0, 60, OTHER),)}, times=times)
    assert rung(Playbook(found).sign_in().call_in(at=1)) == [SEAT]
    for gone in (
        AgentNotReady(at=after(2), seat=OTHER, reason="小休"),
        PhoneChanged(at=after(2), seat=OTHER, phone=Phone.GONE),
    ):
        p = both(Playbook(found)) >> gone
        assert rung(p.call_in(at=3)) == [SEAT]


def test_a_clock_that_is_set_sets_the_duty_right() -> None:
    """An hour on, the duty is over."""
    p = both(Playbook(plan(duties={CENTRE: (duty(0, 60, OTHER),)})))
    p >> LinkLost(at=after(3600)) >> ClockSet(at=after(3601), by=timedelta(hours=1))
    p.call_in(at=3602)
    assert p.switch.due() is None or p.switch.due() > after(3602)  # type: ignore[operator]
    p >> SnapshotTaken(at=after(3603))
    assert p.switch._picture.wanting.until is None  # noqa: SLF001 - no duty is ahead


def test_an_alarm_of_a_plan_that_is_gone_changes_nothing() -> None:
    """The next duty begins when the plan in force says."""
    p = both(Playbook(plan(duties={CENTRE: (duty(10, 20, OTHER),)})))
    p.switch.replan(plan(duties={CENTRE: (duty(30, 40, OTHER),)}), after(5))
    p.tick(after(11)).call_in(at=12)
    assert rung(p) == [SEAT]


def test_a_new_plan_holds_for_those_who_wait() -> None:
    """The line's skill came into being while they waited."""
    p = Playbook(plan(times={CENTRE: replace(TIMES, widens_after=timedelta(seconds=30))}))
    p.sign_in(OTHER, BEN)
    other_call(p, 0)
    p.call_in(at=1)
    p.switch.replan(
        plan(
            seats=seats(s1001=GENERAL, s1002="医保"),
            skill_of={(CENTRE, LINE): "医保"},
            times={CENTRE: replace(TIMES, widens_after=timedelta(seconds=30))},
        ),
        after(2),
    )
    p.sign_in(at=after(3)).none(OfferCall)
    p.tick(after(31)) << Wish(OfferCall, seat=SEAT)


# --- the last seat -------------------------------------------------------------------------------

REMEMBERING = plan(
    seats=seats(s1001=GENERAL, s1002=GENERAL, s1003=GENERAL),
    times={CENTRE: replace(TIMES, last_seat_for=timedelta(seconds=5))},
)


def last_talked(seat: SeatId, agent: str, at: float) -> LastSeatKnown:
    return LastSeatKnown(at=after(at), call=CALL, seat=seat, agent=AgentId(agent))


def test_the_records_are_asked_only_where_the_answer_counts() -> None:
    """Not in a centre that waits for nobody, nor for a number that is withheld."""
    p = Playbook(REMEMBERING)
    p >> arrived() << Wish(AskLastSeat, call=CALL, centre=CENTRE, ani=ANI)
    for number, withheld in enumerate(("", "anonymous")):
        p >> replace(arrived(CallId(f"node1-9.{number}"), SECOND_CHANNEL), ani=withheld)
        p.none(AskLastSeat)
    q = Playbook()
    q >> arrived()
    q.none(AskLastSeat)


def test_who_knows_the_demand_rings_first_wherever_they_sit_now() -> None:
    """Carl was at 1001 then and is at 1003 now: Carl rings, not the seat where he was."""
    p = both(Playbook(REMEMBERING)).sign_in(THIRD, CARL, after(2))
    p >> arrived(at=3) >> last_talked(SEAT, CARL, 3) >> waiting(at=4, since=4)
    assert rung(p) == [THIRD]


def test_where_nobody_noted_who_sat_there_the_seat_itself_rings() -> None:
    p = both(Playbook(REMEMBERING))
    p >> arrived(at=3) >> last_talked(OTHER, "", 3) >> waiting(at=4, since=4)
    assert rung(p) == [OTHER]


def test_the_last_seat_alone_is_waited_for_but_only_so_long() -> None:
    """It is busy; another is free and rings when the time is over, with no event between."""
    p = Playbook(REMEMBERING).sign_in(OTHER, BEN)
    second_call(p, 1)
    p >> arrived(at=3) >> last_talked(OTHER, BEN, 3) >> waiting(at=4, since=4)
    p.sign_in(SEAT, ANNA, after(5)).none(OfferCall)
    assert p.switch.due() is not None
    p.tick(after(8.9)).none(OfferCall)
    p.tick(after(9)) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_an_answer_that_comes_late_takes_nobody_out_of_an_offer() -> None:
    """It was offered, or is over: the answer changes nothing."""
    p = both(Playbook(REMEMBERING)).call_in(at=3)
    p >> last_talked(OTHER, BEN, 4)
    p >> replace(last_talked(OTHER, BEN, 4), call=SECOND_CALL)
    assert rung(p) == [SEAT]


def test_an_answer_while_it_waits_is_heard() -> None:
    p = Playbook(REMEMBERING).call_in(at=3).sign_in(OTHER, BEN, after(3))
    q = Playbook(REMEMBERING).sign_in(OTHER, BEN)
    second_call(q, 1)
    q.call_in(at=2)
    q >> last_talked(OTHER, BEN, 3)
    q.sign_in(SEAT, ANNA, after(4)).none(OfferCall)
    assert rung(p) == [OTHER]


def test_nobody_waits_for_who_is_away() -> None:
    """On a break, signed out, or without a phone: the caller is anybody."""
    for gone in (
        AgentNotReady(at=after(2), seat=OTHER, reason="小休"),
        AgentSignedOut(at=after(2), seat=OTHER),
        PhoneChanged(at=after(2), seat=OTHER, phone=Phone.GONE),
    ):
        p = both(Playbook(REMEMBERING)) >> gone
        p >> arrived(at=3) >> last_talked(OTHER, BEN, 3) >> waiting(at=4, since=4)
        assert rung(p) == [SEAT]


def test_a_pause_outlives_what_is_learnt_meanwhile() -> None:
    """A channel that was busy is not offered earlier because the records answered."""
    p = Playbook(REMEMBERING).call_in(at=1)
    call = p.switch._picture.calls[CALL]  # noqa: SLF001 - the pause has no other door
    p.switch._picture.enqueue(call, after(1), pause=timedelta(seconds=3))  # noqa: SLF001
    p >> last_talked(OTHER, "", 2)
    p.sign_in(SEAT, ANNA, after(2)).none(OfferCall)
    p.tick(after(4)) << Wish(OfferCall, seat=SEAT)


def test_nothing_is_offered_by_the_clock_while_asterisk_is_out_of_sight() -> None:
    """The clock is not asked for either: it would be asked for again and again."""
    times = {CENTRE: replace(TIMES, widens_after=timedelta(seconds=30))}
    p = Playbook(plan(skill_of={(CENTRE, LINE): "医保"}, times=times)).sign_in().call_in(at=1)
    assert p.switch.due() is not None
    p >> LinkLost(at=after(2))
    p.tick(after(60)).none(OfferCall)
    due = p.switch.due()
    assert due is None or due > after(60)


def test_a_caller_of_no_line_of_the_plan_wants_the_general_seats() -> None:
    event = CallArrived(
        at=NOON,
        call=CALL,
        channel=CHANNEL,
        centre=CENTRE,
        line=LineId("1"),
        dnis="1",
        ani=ANI,
    )
    p = Playbook().sign_in()
    p >> event >> replace(waiting(), line=LineId("1"))
    assert rung(p) == [SEAT]


# --- who was moved -------------------------------------------------------------------------------

PROVINCE = CentreId("neimenggu")
THERE, PIA = SeatId("neimenggu-2001"), AgentId("pia")
ABOVE = Target(
    id="centre:neimenggu",
    name="自治区热线",
    kind=TargetKind.CENTRE,
    routes=(Route(skill=GENERAL, centre=PROVINCE),),
    ways=(Kind.HAND_OVER,),
)


def handed_up(*, is_there: bool = True, is_taken: bool = False) -> Moves:
    """Anna hands a caller, who came an hour ago, to the province; Ben beside her is free.

    ``is_there``: somebody sits there; ``is_taken``: that seat rings for another caller.
    """
    seat = PlannedSeat(centre=PROVINCE, extension="2001", skills=frozenset({GENERAL}))
    found = replace(MOVE_PLAN, seats={**MOVE_PLAN.seats, THERE: seat})
    p = Moves(replace(found, targets={CENTRE: {ABOVE.id: ABOVE}}))
    p.in_talk().sign_in(OTHER, BEN)
    if is_there:
        p.sign_in(THERE, PIA)
    if is_taken:
        there = replace(waiting(SECOND_CALL, SECOND_CHANNEL, 3590, 3590), centre=PROVINCE)
        p >> replace(arrived(SECOND_CALL, SECOND_CHANNEL, 3590), centre=PROVINCE) >> there
    p.asks(Kind.HAND_OVER, ABOVE, 3600).gone(leg(SEAT), 3600.5, SEAT).held(3600.5)
    p.tell(waiting(at=3601))
    p.tick(after(3602))
    return p


def test_who_was_handed_to_another_centre_on_the_platform_is_offered_there() -> None:
    """To its next free general seat, though a colleague of whoever let go is free as well."""
    assert offered(handed_up()) == [THERE]


def test_who_was_moved_to_a_skill_waits_for_it_alone_a_while() -> None:
    """From the key on, however long it waited before; then any general seat will do."""
    p = handed_up(is_taken=True)
    p.tick(after(3629))
    assert offered(p) == []
    p.tick(after(3631))
    assert offered(p) == [OTHER]


def test_who_was_moved_to_a_skill_of_which_nobody_is_there_does_not_wait_for_it() -> None:
    assert offered(handed_up(is_there=False)) == [OTHER]


def offered(p: Moves) -> list[SeatId]:
    """Where the caller rang since it was moved."""
    offers = [one for one in p.all if isinstance(one, OfferCall) and one.call == CALL]
    return [one.seat for one in offers[1:]]
