"""A supervisor at an own seat beside a talk: what is told and seen of it, for ``playbook``."""

from dataclasses import replace

from cti.events import (
    AgentReady,
    AgentSignedIn,
    Event,
    OrderRefused,
    PhoneChanged,
)
from cti.happened import Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, SeatId
from cti.listener import SUPERVISING
from cti.moveevents import (
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import ShowSupervised
from cti.plan import PlannedSeat
from cti.seen import SeenChannel, SeenMember
from queues.seat import AgentState
from tests.cti.moved import TAX_OFFICE
from tests.cti.playbook import (
    ANI,
    ANNA,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    PLAN,
    SEAT,
    Playbook,
    Wish,
    after,
    leg,
)
from transfer.step import Mode, Phase

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


def agent_in_room(at: float = 9) -> RoomEntered:
    return RoomEntered(at=after(at), call=CALL, channel=leg(SEAT), seat=SEAT)


def caller_in_room(at: float = 9) -> RoomEntered:
    return RoomEntered(at=after(at), call=CALL, channel=CHANNEL, seat=None)


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
