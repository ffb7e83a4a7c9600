"""A supervisor in somebody else's talk: rung alone, heard as asked, and never the caller's loss."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.effects import HangUp, ShowSeat, TakeSnapshot, WriteJournal
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    ClockSet,
    Event,
    LegBridged,
    LegUnbridged,
    LinkLost,
    OrderRefused,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, MoveId, SeatId
from cti.listener import SUPERVISING
from cti.move import Where
from cti.moveevents import (
    AgentMoves,
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import ArmCaller, Monitor, SendTo, SetAside, ShowSupervised
from cti.plan import PlannedSeat
from cti.seen import SeenChannel, SeenMember
from cti.supervisesteps import UNSEEN_AFTER
from queues.seat import AgentState
from tests.cti.moved import TAX_OFFICE
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
    PLAN,
    RING,
    SEAT,
    WRAP_UP,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
)
from transfer.step import Kind, Mode, Phase

BOSS, CHIEF = SeatId("chifeng-1009"), AgentId("chief")
OWN = leg(BOSS, 9)
TONED = replace(
    PLAN,
    seats={
        **PLAN.seats,
        BOSS: PlannedSeat(centre=CENTRE, extension="1009", skills=frozenset({"班长"})),
    },
    times={CENTRE: replace(PLAN.times[CENTRE], supervise_tone=True)},
    targets={CENTRE: {TAX_OFFICE.id: TAX_OFFICE}},
)
ELSEWHERE = CallId("node1-1795310099.9")


def joins(mode: Mode = Mode.LISTEN, at: float = 5, call: CallId = CALL) -> SupervisorJoins:
    return SupervisorJoins(at=after(at), seat=BOSS, agent=CHIEF, call=call, mode=mode)


def takes(at: float = 10, agent: AgentId = CHIEF, call: CallId = CALL) -> SupervisorTakes:
    return SupervisorTakes(at=after(at), seat=BOSS, agent=agent, call=call)


def hears(mode: Mode = Mode.LISTEN, at: float = 7) -> MonitorStarted:
    return MonitorStarted(at=after(at), seat=BOSS, call=CALL, channel=OWN, mode=mode)


def no_more(at: float = 20, call: CallId = CALL) -> MonitorEnded:
    return MonitorEnded(at=after(at), seat=BOSS, call=call)


def boss_in_room(at: float = 11) -> RoomEntered:
    return RoomEntered(at=after(at), call=CALL, channel=OWN, seat=BOSS)


def refused(order: str, why: Refusal = Refusal.GONE, channel: ChannelId | None = None) -> Event:
    return OrderRefused(at=after(11), call=CALL, offer=None, why=why, order=order, channel=channel)


def told(phase: Phase, **facts: object) -> Wish:
    """The supervisor's desks are told that it stands so."""
    return Wish(ShowSupervised, phase=phase, agent=CHIEF, **facts)


def talk(*, is_ready: bool = True) -> Playbook:
    """Anna talks with a caller; a supervisor sits at an own seat."""
    book = Playbook(TONED).sign_in().call_in().talk()
    book >> PhoneChanged(at=NOON, seat=BOSS, phone=Phone.FREE)
    book >> AgentSignedIn(at=NOON, seat=BOSS, agent=CHIEF)
    if is_ready:
        book >> AgentReady(at=NOON, seat=BOSS)
    return book


def boss(book: Playbook) -> tuple[AgentState, str]:
    view = book.switch.seat(BOSS)
    assert view is not None
    return view.state, view.reason


def test_a_supervisors_own_phone_is_rung_to_hear_the_agents_talk() -> None:
    """With the tone that the centre asks for; meanwhile nobody else is put to that seat."""
    with talk() as p:
        p >> joins(Mode.WHISPER)
        p << Wish(
            Monitor,
            call=CALL,
            caller=CHANNEL,
            centre=CENTRE,
            seat=BOSS,
            channel=leg(SEAT),
            mode=Mode.WHISPER,
            ring=RING,
            has_tone=True,
            own="",
        )
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> hears(Mode.WHISPER)
        p << Wish(WriteJournal, what="supervised", data=(("mode", "whisper"), ("seat", BOSS)))
        p >> no_more()
        p << Wish(WriteJournal, what="supervised-no-more")
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_whoever_was_away_is_away_again_afterwards() -> None:
    """A supervisor need not take calls to listen."""
    with talk(is_ready=False) as p:
        p >> joins()
        p << Wish(Monitor)
        p >> hears() >> no_more()
        assert boss(p) == (AgentState.NOT_READY, "sign-in")


def test_whoever_listens_is_not_ready_until_that_is_over() -> None:
    """Asked for meanwhile, it holds afterwards; so does a break, which takes nothing of it back."""
    with talk() as p:
        p >> joins() >> hears()
        p >> AgentReady(at=after(8), seat=BOSS)
        p.none(ShowSeat)
        assert p.switch.seats()[-1].since == after(5)
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")
    with talk(is_ready=False) as p:
        p >> joins() >> hears()
        p >> AgentReady(at=after(8), seat=BOSS)
        p << Wish(ShowSeat)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        assert p.switch.figures()["seats_available"] == 0
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")
    with talk() as p:
        p >> joins() >> hears()
        p >> AgentNotReady(at=after(8), seat=BOSS, reason="meal")
        p >> no_more()
        assert boss(p) == (AgentState.NOT_READY, "meal")


def test_a_wrap_up_that_ends_while_its_agent_listens_makes_nobody_ready() -> None:
    """Its time is over; the seat is free when the listening is."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> boss_in_room()
        for channel, seat in ((OWN, BOSS), (CHANNEL, None)):
            p >> LegBridged(at=after(11), call=CALL, channel=channel, seat=seat, bridge="room")
        p >> hung_up(OWN, 16, BOSS)
        assert boss(p)[0] is AgentState.WRAP_UP
        p >> hears(at=17)
        assert boss(p)[0] is AgentState.WRAP_UP
        p.tick(after(16) + WRAP_UP)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> no_more(at=200)
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_a_phone_that_was_heard_of_late_makes_its_seat_not_ready() -> None:
    """A brain before us rang it, and we took the seat for free."""
    with talk() as p:
        p >> hears()
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_another_mode_is_ordered_on_the_channel_that_hears_already() -> None:
    """It rings once; while it still rings, or hears another talk, nothing is ordered."""
    with talk() as p:
        p >> joins()
        p >> joins(Mode.WHISPER)
        p.none(Monitor)
        p << told(Phase.RINGING, wanted=Mode.WHISPER)
        p >> hears()
        p << told(Phase.HEARING, mode=Mode.LISTEN)
        p << Wish(Monitor, own=OWN, mode=Mode.WHISPER, channel=leg(SEAT)) << told(Phase.CHANGING)
        p >> joins(Mode.LISTEN, at=8)
        p.none(Monitor)
        p >> hears(Mode.WHISPER, at=8)
        p << Wish(WriteJournal, what="supervised", data=(("mode", "whisper"), ("seat", BOSS)))
        p << Wish(Monitor, own=OWN, mode=Mode.LISTEN, channel=leg(SEAT))
        p >> hears(Mode.LISTEN, at=8)
        p.none(Monitor)
        p << told(Phase.HEARING)


@pytest.mark.parametrize(
    "wish",
    [
        joins(call=ELSEWHERE),
        replace(joins(), seat=SeatId("chifeng-1999")),
        replace(joins(), agent=BEN),
        replace(joins(), seat=SEAT, agent=ANNA),
    ],
)
def test_what_is_not_there_is_not_heard(wish: SupervisorJoins) -> None:
    """No such talk or seat, somebody else's seat, or the own talk."""
    with talk() as p:
        p >> wish
        p.none(Monitor)


def test_nobody_hears_a_caller_who_waits_or_has_gone() -> None:
    """There is no agent's talk to hear; nor is there at a phone that is away."""
    with talk() as p:
        p >> hung_up(CHANNEL, 3)
        p >> joins()
        p.none(Monitor)
    with talk() as p:
        p >> hung_up(leg(SEAT), 3, SEAT)
        p >> joins()
        p.none(Monitor)
    with talk() as p:
        p >> PhoneChanged(at=after(4), seat=BOSS, phone=Phone.GONE)
        p >> joins()
        p.none(Monitor)


def test_an_agent_who_consults_while_the_caller_holds_is_heard_too() -> None:
    """Whoever is with the caller comes first."""
    with talk() as p:
        p >> LegBridged(at=after(4), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="room")
        p >> joins()
        p << Wish(Monitor, channel=leg(SEAT))


def test_an_unanswered_phone_is_given_up_and_the_seat_is_free_again() -> None:
    """By the order's own answer, by its refusal, or when nothing was told at all."""
    with talk() as p:
        p >> joins() >> no_more(at=6)
        p << told(Phase.OVER, why="unanswered")
        p.none(WriteJournal, what="supervised-no-more")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("SendTo", Refusal.OTHER) >> refused("Hangup", Refusal.OTHER)
        assert boss(p)[0] is AgentState.NOT_READY
        p >> refused("Monitor", Refusal.OTHER)
        p << told(Phase.OVER, why="refused")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("Monitor", Refusal.TIMED_OUT)
        assert boss(p)[0] is AgentState.NOT_READY
        p.tick(after(5) + RING + UNSEEN_AFTER)
        p << Wish(TakeSnapshot) << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears()
        p.tick(after(5) + RING + UNSEEN_AFTER)
        assert boss(p)[0] is AgentState.NOT_READY


def test_the_end_of_another_call_or_of_nothing_changes_nothing() -> None:
    with talk() as p:
        p >> no_more()
        p >> joins() >> no_more(call=ELSEWHERE)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p.tick(after(5) + RING + UNSEEN_AFTER)
        p >> joins(at=40)
        p << Wish(Monitor)


# --- taking over ------------------------------------------------------------------------------


def test_taking_over_lets_the_agent_go_only_when_the_supervisor_is_there() -> None:
    """The caller is armed to follow, the supervisor goes to the room, then the agent leaves."""
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p << Wish(ArmCaller, channel=CHANNEL, to="room")
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p.none(HangUp)
        p >> takes()
        p.none(SendTo)
        p >> joins(Mode.BARGE, at=10)
        p.none(Monitor)
        p >> boss_in_room()
        p.none(ArmCaller)  # or the caller would go to the queue when the agent goes
        p << Wish(HangUp, channel=leg(SEAT)) << told(Phase.OVER, why="")
        p << Wish(WriteJournal, what="taken-over", data=(("seat", BOSS),))
        p >> hung_up(leg(SEAT), 11, SEAT)
        p >> RoomEntered(at=after(11), call=CALL, channel=CHANNEL, seat=None)
        for channel, seat in ((OWN, BOSS), (CHANNEL, None)):
            p >> LegBridged(at=after(11), call=CALL, channel=channel, seat=seat, bridge="room")
        assert boss(p)[0] is AgentState.TALKING
        p >> no_more(at=12)
        assert boss(p)[0] is AgentState.TALKING
        p.tick(after(15))
        p.none(ArmCaller)
        p >> hung_up(OWN, 16, BOSS)
        assert boss(p)[0] is AgentState.WRAP_UP


def test_a_phone_stops_listening_on_its_way_to_the_room() -> None:
    """That is no reason to leave the talk as it was: the room's own word follows."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=10)
        p.none(ArmCaller)
        p >> boss_in_room()
        p << Wish(HangUp, channel=leg(SEAT))


def test_a_supervisor_who_comes_to_the_room_after_the_agent_left_lets_nobody_go() -> None:
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> hung_up(leg(SEAT), 10, SEAT)
        p >> boss_in_room()
        p.none(HangUp, channel=leg(SEAT))
        p << Wish(WriteJournal, what="taken-over")


@pytest.mark.parametrize(
    "wish", [takes(agent=BEN), takes(call=ELSEWHERE), replace(takes(), seat=OTHER, agent=BEN)]
)
def test_only_who_hears_a_talk_may_take_it_over(wish: SupervisorTakes) -> None:
    with talk() as p:
        p >> joins()
        p >> takes()
        p.none(SendTo)
        p >> hears() >> wish
        p.none(SendTo)


def test_nobody_takes_over_what_is_being_moved_or_is_no_talk_any_more() -> None:
    """The caller has gone, or the agent has."""
    for channel, seat in ((CHANNEL, None), (leg(SEAT), SEAT)):
        with talk() as p:
            p >> joins() >> hears()
            p >> hung_up(channel, 9, seat)
            p >> takes()
            p.none(SendTo)


def test_a_take_over_that_comes_to_nothing_leaves_the_caller_with_the_agent() -> None:
    """Refused, given up by the supervisor, or not seen in time: the caller is armed no more."""
    disarmed = Wish(ArmCaller, channel=CHANNEL, to="")
    with talk() as p:
        p >> joins() >> hears() >> takes() >> refused("SendTo", channel=leg(OTHER))
        p.none(ArmCaller)
        p >> refused("SendTo", channel=OWN)
        p << disarmed
        p >> boss_in_room()
        p.none(HangUp, channel=leg(SEAT))
        p << Wish(HangUp, channel=OWN) << told(Phase.OVER, why="late")
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p.tick(after(13))
        p.none(ArmCaller)
        p << Wish(TakeSnapshot)
        p.tick(after(15.1))
        p << disarmed << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p >> refused("SendTo", channel=OWN)
        p << disarmed
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p.tick(after(13))
        p << Wish(TakeSnapshot)
        p.none(ArmCaller)
        p.tick(after(15))
        p << disarmed << told(Phase.HEARING, why="late")
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)


def test_from_the_room_only_the_supervisor_is_moved() -> None:
    """The caller stays where it is, and must not be sent anywhere when its talk ends."""
    with talk() as p:
        p >> joins() >> hears()
        call = p.switch._picture.calls[CALL]
        call.stand.caller = Where.ROOM
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p >> refused("SendTo", channel=OWN)
        assert not [one for one in p.all if isinstance(one, ArmCaller)]


# --- after a blackout -------------------------------------------------------------------------


def caller(bridge: str = "b1") -> SeenChannel:
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context="connect",
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=NOON,
        since=NOON,
    )


PHONE = SeenChannel(channel=leg(SEAT), call=CALL, seat=SEAT, context="connect", bridge="b1")
LISTENER = SeenChannel(
    channel=OWN, call=CALL, seat=BOSS, context="monitor", bridge="", hears=Mode.WHISPER
)
MEMBERS = (
    SeenMember(seat=SEAT, agent=ANNA, is_paused=False, reason="", phone=Phone.IN_USE),
    SeenMember(seat=BOSS, agent=CHIEF, is_paused=True, reason=SUPERVISING, phone=Phone.IN_USE),
)


def test_a_brain_that_comes_back_knows_who_hears_which_talk() -> None:
    """The phone is no leg of the call, and may change its mode or take the talk over."""
    seen = SnapshotTaken(at=NOON, channels=(caller(), PHONE, LISTENER), members=MEMBERS)
    with Playbook(TONED, snapshot=seen) as p:
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        assert OWN not in p.switch._picture.calls[CALL].legs
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p >> boss_in_room()
        p << Wish(HangUp, channel=leg(SEAT))


def test_a_phone_that_answers_for_a_brain_before_us_is_known_by_that() -> None:
    with talk() as p:
        p >> replace(hears(), call=ELSEWHERE)
        p.none(WriteJournal)
        p >> hears()
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")


def test_who_has_stopped_hearing_out_of_sight_is_free_again() -> None:
    """In this brain's own memory, and in one that finds only the reason."""
    seen = SnapshotTaken(at=NOON, channels=(caller(), PHONE), members=MEMBERS)
    with Playbook(TONED, snapshot=seen) as p:
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears()
        p >> LinkLost(at=after(8))
        p >> joins(Mode.BARGE, at=8)
        p.none(Monitor)
        p >> replace(seen, at=after(9))
        assert boss(p)[0] is AgentState.AVAILABLE


def test_a_take_over_out_of_sight_is_gone_on_with_as_asterisk_shows() -> None:
    """In the room already: the agent is let go. Gone: the caller stays with the agent."""
    there = replace(LISTENER, hears=None, context="seat-room", bridge="room")
    armed = replace(caller(), goes="room")
    for shown, wished in (
        ((armed, PHONE, there), Wish(HangUp, channel=leg(SEAT))),
        ((armed, PHONE), Wish(ArmCaller, channel=CHANNEL, to="")),
    ):
        with talk() as p:
            p >> joins() >> hears() >> takes()
            p >> LinkLost(at=after(10))
            p >> SnapshotTaken(at=after(11), channels=shown, members=MEMBERS)
            p << wished


def test_a_phone_that_still_hears_stays_as_it_was() -> None:
    """What it hears is what Asterisk shows."""
    seen = SnapshotTaken(at=after(9), channels=(caller(), PHONE, LISTENER), members=MEMBERS)
    with talk() as p:
        p >> joins() >> hears()
        p >> LinkLost(at=after(8)) >> seen
        listener = p.switch._picture.listeners[BOSS]
        assert (listener.mode, listener.spied) == (Mode.WHISPER, leg(SEAT))


@pytest.mark.parametrize(
    ("heard", "channel"), [(True, OWN), (False, f"{CALL}-s-{BOSS}")], ids=["hears", "rings"]
)
def test_who_signs_out_hears_no_more(channel: str, *, heard: bool) -> None:
    """Whoever hears a talk has a name; also when the phone still rings for it."""
    with talk() as p:
        p >> joins()
        if heard:
            p >> hears()
        p >> AgentSignedOut(at=after(9), seat=BOSS)
        p << Wish(HangUp, call=CALL, channel=channel)
        p >> no_more()
        assert boss(p) == (AgentState.LOGGED_OUT, "")
        p >> takes(30) >> AgentSignedOut(at=after(31), seat=BOSS)
        p.none(HangUp)


def test_who_signs_out_on_the_way_to_the_room_talks_there() -> None:
    """The agent is let go for it: the caller must not be left alone."""
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> AgentSignedOut(at=after(10), seat=BOSS)
        p.none(HangUp)
        p >> boss_in_room()
        p << Wish(HangUp, call=CALL, channel=leg(SEAT))


def test_who_signed_out_on_the_way_and_never_came_hears_no_more() -> None:
    """The caller stays with the agent, and nobody without a name listens."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> AgentSignedOut(at=after(10), seat=BOSS)
        p >> refused("SendTo", channel=OWN)
        p << Wish(ArmCaller, to="") << Wish(HangUp, call=CALL, channel=OWN)


# --- heard by both ------------------------------------------------------------------------------


def agent_in_room(at: float = 9) -> RoomEntered:
    return RoomEntered(at=after(at), call=CALL, channel=leg(SEAT), seat=SEAT)


def caller_in_room(at: float = 9) -> RoomEntered:
    return RoomEntered(at=after(at), call=CALL, channel=CHANNEL, seat=None)


def test_to_be_heard_by_both_all_three_come_to_the_room() -> None:
    """The agent is brought there, the caller follows by itself, then the supervisor: there alone
    is a third voice on the caller's recording, and out of the ear of a caller who holds.
    """
    with talk() as p:
        p >> joins(Mode.BARGE)
        p << Wish(Monitor, mode=Mode.LISTEN, own="") << told(Phase.RINGING, wanted=Mode.BARGE)
        p >> hears()
        p << told(Phase.HEARING)
        p << Wish(SetAside, channel=CHANNEL, seat_channel=leg(SEAT), to="room")
        p << told(Phase.GATHERING)
        p.none(Monitor)
        p >> agent_in_room()
        p.none(ArmCaller)  # the caller is still to follow
        p << Wish(Monitor, mode=Mode.BARGE, own=OWN) << told(Phase.CHANGING)
        p >> caller_in_room() >> hears(Mode.BARGE, at=9)
        p << told(Phase.HEARING, mode=Mode.BARGE, why="")
        p.none(Monitor)


def test_the_agent_talks_all_the_way_to_the_room() -> None:
    """No wrap-up, no other state is shown meanwhile; one that never comes wraps up in the end."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegUnbridged(at=after(8.1), call=CALL, channel=channel, seat=seat, bridge="b1")
            p.none(ShowSeat)
        p >> agent_in_room(8.2) >> caller_in_room(8.2)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegBridged(at=after(8.3), call=CALL, channel=channel, seat=seat, bridge="room")
            p.none(ShowSeat)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.since) == (AgentState.TALKING, after(2))
        p >> hung_up(leg(SEAT), 20, SEAT)
        p << Wish(ShowSeat)
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> LegUnbridged(at=after(8.1), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b1")
        p >> hung_up(leg(SEAT), 8.2, SEAT)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP


def test_who_is_in_the_room_already_is_not_brought_there() -> None:
    """After a consult, or when another supervisor is heard by both."""
    with talk() as p:
        p >> agent_in_room(3) >> caller_in_room(3)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegBridged(at=after(3), call=CALL, channel=channel, seat=seat, bridge="room")
        p >> joins(Mode.BARGE)
        p << Wish(Monitor, mode=Mode.BARGE, own="")
        p >> hears(Mode.BARGE)
        p.none(SetAside)
        p.none(Monitor)


def test_two_supervisors_bring_the_talk_to_the_room_once() -> None:
    """Moved twice, the agent would leave the room again, and the caller with it."""
    other = SeatId("chifeng-1008")
    desk = replace(TONED.seats[BOSS], extension="1008")
    plan = replace(TONED, seats={**TONED.seats, other: desk})
    with Playbook(plan).sign_in().call_in().talk() as p:
        for seat, agent in ((BOSS, CHIEF), (other, AgentId("deputy"))):
            p >> PhoneChanged(at=NOON, seat=seat, phone=Phone.FREE)
            p >> AgentSignedIn(at=NOON, seat=seat, agent=agent)
            p >> replace(joins(Mode.BARGE), seat=seat, agent=agent)
            p >> replace(hears(), seat=seat, channel=leg(seat, 9))
        assert len([one for one in p.all if isinstance(one, SetAside)]) == 1
        p >> agent_in_room()
        p << Wish(Monitor, own=OWN, mode=Mode.BARGE) << Wish(Monitor, own=leg(other, 9))


def test_a_talk_that_cannot_be_brought_to_the_room_stays_as_it_was() -> None:
    """Refused, or not seen there in time: the caller goes nowhere when the talk ends."""
    disarmed = Wish(ArmCaller, channel=CHANNEL, to="")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> refused("SetAside", Refusal.NOT_UP, leg(SEAT))
        p << disarmed << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p.tick(after(10))
        p << Wish(TakeSnapshot)
        p.none(ArmCaller)
        p.tick(after(12))
        p << disarmed << told(Phase.HEARING, why="late")
        p >> agent_in_room(13)
        p.none(Monitor)


def test_a_look_shows_that_the_agent_has_come() -> None:
    """The room's own word was missed."""
    shown = replace(LISTENER, hears=Mode.LISTEN)
    there = replace(PHONE, context="seat-room", bridge="room")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> SnapshotTaken(at=after(10), channels=(caller("room"), there, shown), members=MEMBERS)
        p << Wish(Monitor, own=OWN, mode=Mode.BARGE)
        barges = replace(LISTENER, hears=Mode.BARGE)
        p >> SnapshotTaken(at=after(11), channels=(caller("room"), there, barges), members=MEMBERS)
        p << told(Phase.HEARING, mode=Mode.BARGE)


def test_who_hangs_up_while_the_talk_is_brought_to_the_room_disarms_nobody() -> None:
    """The agent may be there already: the caller must follow. Until then nothing else is begun."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8) >> no_more(9)
        p.none(ArmCaller)
        p << told(Phase.BRINGING)
        p >> joins(at=9)
        p << told(Phase.BRINGING, why="supervise-under-way")
        p.none(Monitor)
        p >> agent_in_room()
        p.none(Monitor)
        p << told(Phase.OVER, why="")
        assert boss(p)[0] is AgentState.AVAILABLE


def test_a_talk_that_is_over_meanwhile_is_nobodys_to_bring() -> None:
    """The caller has gone while both were on their way: nobody is armed or looked for in vain."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8) >> no_more(9)
        p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(CHANNEL, 9)
        p.tick(after(30))
        p.none(ArmCaller)
        p << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    for mode, phase, why in (
        (Mode.BARGE, Phase.HEARING, "not-talking"),
        (Mode.WHISPER, Phase.CHANGING, ""),
    ):
        with talk() as p:
            p >> joins() >> joins(mode) >> hung_up(leg(SEAT), 6, SEAT) >> hung_up(CHANNEL, 6)
            p >> hears()
            p << told(Phase.HEARING) << told(phase, why=why)
            p.none(Monitor)


def test_a_phone_that_found_nobody_in_the_room_hears_and_its_desk_is_told() -> None:
    """The dialplan says in which mode it is; what was wanted is not ordered again by itself."""
    with talk() as p:
        p >> joins(Mode.BARGE) >> hears() >> agent_in_room() >> hears(Mode.LISTEN, at=11)
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
        p.none(Monitor)


def test_a_mode_that_was_refused_or_never_told_leaves_the_one_that_is() -> None:
    """The desk is told, and the supervisor may press again."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.WHISPER, at=8)
        p >> refused("Monitor", Refusal.OTHER, OWN)
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.WHISPER, at=8)
        p.tick(after(12))
        p << Wish(TakeSnapshot) << told(Phase.HEARING, wanted=Mode.LISTEN, why="late")
        p >> hears(Mode.WHISPER, at=13)
        p << told(Phase.HEARING, mode=Mode.WHISPER, wanted=Mode.WHISPER)


# --- every wish is answered -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (joins(call=ELSEWHERE), "call-unknown"),
        (replace(joins(), seat=SeatId("chifeng-1999")), "not-signed-in"),
        (replace(joins(), agent=BEN), "not-signed-in"),
        (replace(joins(), seat=SEAT, agent=ANNA), "not-talking"),
        (takes(), "not-hearing"),
    ],
)
def test_what_is_not_there_is_refused_with_a_word(
    wish: SupervisorJoins | SupervisorTakes, why: str
) -> None:
    """By the same rule as the edge asks before."""
    with talk() as p:
        assert p.switch.why_not_supervise(wish) == why
        p >> wish
        p << Wish(ShowSupervised, phase=Phase.OVER, agent=wish.agent, why=why)
        p.none(Monitor)


def test_a_phone_that_is_busy_or_away_is_refused_with_a_word() -> None:
    for phone, why in ((Phone.GONE, "phone-missing"), (Phone.IN_USE, "seat-busy")):
        with talk() as p:
            p >> PhoneChanged(at=after(4), seat=BOSS, phone=phone) >> joins()
            p << told(Phase.OVER, why=why)
            p << Wish(WriteJournal, what="supervise-failed", data=(("seat", BOSS), ("why", why)))


def test_one_hears_one_talk_at_a_time() -> None:
    """What it hears stands as it was."""
    with talk() as p:
        p.call_in(ELSEWHERE, ChannelId("PJSIP/trunk-00000099"))
        p >> joins() >> hears() >> joins(call=ELSEWHERE, at=8)
        p << told(Phase.OVER, call=ELSEWHERE, why="hears-another")
        assert p.switch._picture.listeners[BOSS].call == CALL
        assert p.switch.why_not_supervise(joins()) == ""


def test_a_key_that_comes_too_early_is_refused_with_a_word() -> None:
    """The phone still rings, or the talk is being brought to the room, or taken over already."""
    with talk() as p:
        p >> joins() >> takes()
        p << told(Phase.RINGING, why="not-hearing")
        p >> hears() >> joins(Mode.BARGE, at=8)
        assert p.switch.why_not_supervise(takes()) == "supervise-under-way"
        p >> takes()
        p << told(Phase.GATHERING, why="supervise-under-way")
        p >> agent_in_room() >> hears(Mode.BARGE, at=9) >> takes() >> joins(at=10)
        p << told(Phase.TAKING, why="supervise-under-way")


def test_what_is_being_moved_is_neither_taken_over_nor_brought_to_the_room() -> None:
    """The supervisor is told why; it hears on."""
    consult = AgentMoves(
        at=after(8),
        seat=SEAT,
        agent=ANNA,
        call=CALL,
        move=MoveId("move-1"),
        kind=Kind.CONSULT,
        target=TAX_OFFICE.id,
    )
    with talk() as p:
        p >> joins() >> hears() >> consult
        for wish in (takes(), joins(Mode.BARGE, at=10)):
            assert p.switch.why_not_supervise(wish) == "move-under-way"
            p >> wish
            p << told(Phase.HEARING, why="move-under-way")
            p.none(SendTo)
            p.none(SetAside)
        p >> agent_in_room(10)
        assert p.switch.why_not_supervise(joins(Mode.BARGE, at=10)) == ""
        p >> joins(Mode.BARGE, at=10)
        p << Wish(Monitor, mode=Mode.BARGE)
        p.none(SetAside)
    with talk() as p:
        p >> joins() >> hears() >> consult >> joins(Mode.WHISPER, at=10)
        p << Wish(Monitor, mode=Mode.WHISPER)
    with talk() as p:
        p >> joins(Mode.BARGE) >> consult >> hears()
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="move-under-way")
        p.none(SetAside)


def test_out_of_sight_nothing_is_begun_and_the_desk_is_told() -> None:
    """Asterisk is looked at again first."""
    with talk() as p:
        p >> LinkLost(at=after(4)) >> joins()
        p << told(Phase.OVER, why="switch-away")
        p >> takes()
        p << told(Phase.OVER, why="switch-away", mode=Mode.LISTEN)


def test_deadlines_stay_as_far_away_when_the_clock_is_set() -> None:
    looks = Wish(TakeSnapshot, why="what a supervisor ordered did not show")
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> ClockSet(at=after(3610), by=timedelta(hours=1))
        p.tick(after(3611.9))
        assert not [one for one in p.effects if looks.fits(one)]
        p.tick(after(3612))
        p << looks
