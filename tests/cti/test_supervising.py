"""A supervisor in somebody else's talk: rung alone, heard as asked, and never the caller's loss."""

from dataclasses import replace

import pytest

from cti.effects import HangUp, ShowSeat, TakeSnapshot, WriteJournal
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    Event,
    LegBridged,
    LinkLost,
    OrderRefused,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, SeatId
from cti.listener import SUPERVISING
from cti.move import Where
from cti.moveevents import (
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import ArmCaller, Monitor, SendTo
from cti.plan import PlannedSeat
from cti.seen import SeenChannel, SeenMember
from cti.supervising import UNSEEN_AFTER
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
from transfer.step import Mode

BOSS, CHIEF = SeatId("chifeng-1009"), AgentId("chief")
OWN = leg(BOSS, 9)
TONED = replace(
    PLAN,
    seats={
        **PLAN.seats,
        BOSS: PlannedSeat(centre=CENTRE, extension="1009", skills=frozenset({"班长"})),
    },
    times={CENTRE: replace(PLAN.times[CENTRE], supervise_tone=True)},
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
        p >> joins(Mode.BARGE)
        p.none(Monitor)
        p >> hears()
        p >> joins(Mode.BARGE, at=8)
        p << Wish(Monitor, own=OWN, mode=Mode.BARGE, channel=leg(SEAT))
        p >> hears(Mode.BARGE, at=8)
        p << Wish(WriteJournal, what="supervised", data=(("mode", "barge"), ("seat", BOSS)))


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
        p.none(WriteJournal)
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("Monitor", Refusal.OTHER)
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("Monitor", Refusal.TIMED_OUT)
        assert boss(p)[0] is AgentState.NOT_READY
        p.tick(after(5) + RING + UNSEEN_AFTER)
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
        p << Wish(HangUp, channel=leg(SEAT))
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
        p.none(HangUp)
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p.tick(after(12.1))
        p << disarmed
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p >> refused("SendTo", channel=OWN)
        p << disarmed
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p.tick(after(13))
        p << disarmed
        p << Wish(TakeSnapshot)


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
    for shown, wished in (
        ((caller(), PHONE, there), Wish(HangUp, channel=leg(SEAT))),
        ((caller(), PHONE), Wish(ArmCaller, channel=CHANNEL, to="")),
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


@pytest.mark.parametrize("mode", list(Mode))
def test_whoever_is_heard_by_both_follows_the_agent_to_the_room(mode: Mode) -> None:
    """Else the caller, on hold, would hear what is said to the agent and the expert."""
    with talk() as p:
        p >> joins(mode) >> hears(mode)
        p >> RoomEntered(at=after(9), call=CALL, channel=leg(SEAT), seat=SEAT)
        if mode is Mode.BARGE:
            p << Wish(Monitor, call=CALL, channel=leg(SEAT), mode=Mode.BARGE, own=OWN)
        p.none(Monitor)
