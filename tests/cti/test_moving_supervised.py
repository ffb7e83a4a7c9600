"""A supervisor joins a talk or takes it over, and in the same moment its agent moves the caller."""

from dataclasses import replace

import pytest

from cti.call import CallState
from cti.effects import HangUp, PopScreen
from cti.events import AgentReady, AgentSignedIn, PhoneChanged, SnapshotTaken
from cti.happened import Phone
from cti.ids import AgentId, MoveId, SeatId
from cti.moveevents import MonitorEnded, MonitorStarted, RoomEntered, SupervisorJoins
from cti.moveevents import SupervisorTakes as Takes
from cti.movewishes import ArmCaller, RingRecipient, SendTo, SetAside, ShowMove
from cti.plan import PlannedSeat
from cti.seen import SeenChannel
from tests.cti.moved import (
    EXPERT,
    GROUP,
    M1,
    M2,
    MOVE_PLAN,
    POLICE,
    Moves,
    bridged,
    out_of_talk,
)
from tests.cti.playbook import CALL, CENTRE, CHANNEL, NOON, SEAT, Wish, after, hung_up, leg
from transfer.step import Kind, Mode, Step, What
from transfer.target import Target

BOSS, CHIEF = SeatId("chifeng-1009"), AgentId("chief")
OWN = leg(BOSS, 9)
_CHIEFS = PlannedSeat(centre=CENTRE, extension="1009", skills=frozenset({"班长"}))
PLAN = replace(MOVE_PLAN, seats={**MOVE_PLAN.seats, BOSS: _CHIEFS})
SECOND = MoveId("move-2")


def heard(mode: Mode = Mode.LISTEN) -> Moves:
    """Anna talks with the caller, and a supervisor listens."""
    p = Moves(PLAN).in_talk()
    return p.tell(
        PhoneChanged(at=NOON, seat=BOSS, phone=Phone.FREE),
        AgentSignedIn(at=NOON, seat=BOSS, agent=CHIEF),
        AgentReady(at=NOON, seat=BOSS),
        SupervisorJoins(at=after(2), seat=BOSS, agent=CHIEF, call=CALL, mode=mode),
        MonitorStarted(at=after(3), seat=BOSS, call=CALL, channel=OWN, mode=mode),
    )


def barges(p: Moves, at: float) -> Moves:
    """The supervisor wants to be heard by both: they are brought to the room."""
    p.tell(SupervisorJoins(at=after(at), seat=BOSS, agent=CHIEF, call=CALL, mode=Mode.BARGE))
    return p << Wish(SetAside, to="room")


def takes(p: Moves, at: float = 10) -> Moves:
    """The supervisor wants to have the caller."""
    p.tell(Takes(at=after(at), seat=BOSS, agent=CHIEF, call=CALL))
    return p << Wish(ArmCaller, channel=CHANNEL, to="room")


def comes(p: Moves, at: float) -> Moves:
    """The supervisor's phone is in the room, and hears the talk no more."""
    return p.tell(
        MonitorEnded(at=after(at), seat=BOSS, call=CALL),
        RoomEntered(at=after(at), call=CALL, channel=OWN, seat=BOSS),
        bridged(OWN, at, BOSS),
    )


def let_go(p: Moves, at: float) -> Moves:
    """The agent's leg ends, by our order; the caller's own dialplan goes on."""
    return p.tell(*out_of_talk(at), hung_up(leg(SEAT), at, SEAT))


@pytest.mark.parametrize("kind", [Kind.CONSULT, Kind.THREE_WAY, Kind.BLIND])
@pytest.mark.parametrize("whom", [EXPERT, GROUP])
def test_who_is_being_taken_over_is_moved_nowhere_else(kind: Kind, whom: Target) -> None:
    """Nor whose talk is being brought to the room: its agent is told that this is under way."""
    for p in (takes(heard()), barges(heard(), 10)):
        p.asks(kind, whom, 10.01).none(ArmCaller).none(SetAside)
        p << Wish(ShowMove, step=Step.RETURNED, why="under-way")
    p = comes(takes(heard()), 10.1).none(ArmCaller) << Wish(HangUp, channel=leg(SEAT))
    p.asks(kind, whom, 10.15) << Wish(ShowMove, step=Step.RETURNED, why="under-way")


def test_an_emergency_beside_a_take_over_leaves_the_caller_with_the_supervisor() -> None:
    """It follows to the room, not to hold; whoever answers comes to both."""
    p = takes(heard()).asks(Kind.EMERGENCY, POLICE, 10.01).none(ArmCaller)
    p << Wish(RingRecipient, number="110")
    comes(p, 10.05) << Wish(HangUp, channel=leg(SEAT))
    let_go(p, 10.1).enters(10.12) << Wish(ArmCaller, to="hold")
    assert p.switch.call_state(CALL) is CallState.TALKING
    p.rings(M1, 11).answers(M1, 12) << Wish(ShowMove, step=Step.JOINED)
    p.none(HangUp)


def test_an_emergency_that_ends_beside_a_take_over_disarms_nobody() -> None:
    """Undone or in vain: the caller follows to the supervisor all the same."""
    p = takes(heard()).asks(Kind.EMERGENCY, POLICE, 10.01).presses(What.CANCEL, 10.02)
    p.none(ArmCaller) << Wish(ShowMove, step=Step.RETURNED)
    comes(p, 10.05) << Wish(HangUp, channel=leg(SEAT))
    p.asks(Kind.EMERGENCY, POLICE, 10.06, move=SECOND).none(ArmCaller)
    p.presses(What.CANCEL, 10.07, move=SECOND).none(ArmCaller)
    let_go(p, 10.1).none(SendTo)


def test_who_holds_though_somebody_waits_in_the_room_is_brought_there() -> None:
    """Its own dialplan had read that it was to hold before the supervisor came."""
    p = takes(heard()).asks(Kind.EMERGENCY, POLICE, 10.01)
    let_go(comes(p, 10.05), 10.1).held(10.2) << Wish(SendTo, channel=CHANNEL, to="room")
    p = barges(heard(), 10).asks(Kind.EMERGENCY, POLICE, 10.01)
    p.aside(10.1) << Wish(SendTo, channel=CHANNEL, to="room")


def test_who_is_rung_for_a_caller_on_hold_alone_does_not_fetch_it() -> None:
    """Nobody else is there: it holds until somebody answers."""
    p = heard().asks(Kind.THREE_WAY, EXPERT, 8).rings(M1, 9)
    let_go(p, 10).held(10).none(SendTo)
    p.unanswered(M1, 20).rings(M2, 21).held(21).none(SendTo)


def test_a_move_that_ends_while_both_are_brought_to_the_room_disarms_nobody() -> None:
    """Its last route was in vain, or it was undone: the caller still has to follow its agent."""
    p = heard().asks(Kind.THREE_WAY, EXPERT, 8).rings(M1, 8).unanswered(M1, 9).rings(M2, 9)
    barges(p, 10).unanswered(M2, 10.01).none(ArmCaller) << Wish(ShowMove, step=Step.RETURNED)
    p = barges(heard().asks(Kind.THREE_WAY, EXPERT, 8).rings(M1, 8), 10)
    p.tell(*out_of_talk(10.01))
    p.tell(RoomEntered(at=after(10.01), call=CALL, channel=leg(SEAT), seat=SEAT))
    p.presses(What.CANCEL, 10.02).none(ArmCaller) << Wish(ShowMove, step=Step.RETURNED)


def test_who_is_brought_to_the_room_already_is_not_brought_there_twice() -> None:
    """The recipient answers in that moment: all meet in the room by the first order."""
    p = barges(heard().asks(Kind.THREE_WAY, EXPERT, 8).rings(M1, 9), 10)
    p.answers(M1, 10.01).none(SetAside)
    p.aside(10.02, to="room") << Wish(ShowMove, step=Step.JOINED)
    p.none(SetAside).none(ArmCaller, to="room")


@pytest.mark.parametrize("goes", ["room", "hold"])
def test_a_look_finds_who_follows_on_its_way(goes: str) -> None:
    """Its talk is over, and it does not stand anywhere yet: nobody is let go, or offered it."""
    p = barges(heard(), 10).tell(*out_of_talk(10.01))
    p.tell(RoomEntered(at=after(10.01), call=CALL, channel=leg(SEAT), seat=SEAT))
    there = SeenChannel(channel=leg(SEAT), call=CALL, seat=SEAT, context="seat-room", bridge="")
    caller = SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context="after",
        bridge="",
        centre=CENTRE,
        since=NOON,
        goes=goes,
    )
    ear = replace(there, channel=OWN, seat=BOSS, context="monitor", hears=Mode.LISTEN)
    p.tell(SnapshotTaken(at=after(10.02), channels=(caller, there, ear)))
    p.none(HangUp).none(PopScreen).none(SendTo)
    assert p.switch.call_state(CALL) is CallState.HELD
    p.enters(10.03).none(HangUp)
    assert p.switch.call_state(CALL) is CallState.HELD


def test_an_emergency_of_who_is_on_the_way_to_the_room_is_that_seats() -> None:
    """It talks with nobody in that moment, and presses all the same."""
    p = barges(heard(), 10).tell(*out_of_talk(10.01))
    p.asks(Kind.EMERGENCY, POLICE, 10.02) << Wish(ShowMove, step=Step.RINGING, seat=SEAT)
