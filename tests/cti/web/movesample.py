"""A talk with its agent, and places to take its caller to, for tests of moves at the web edge."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cti.effects import ShowSeat
from cti.ids import AgentId, CallId, CentreId, MoveId, PeerId, SeatId
from cti.movewishes import ShowMove
from cti.web.desk import DeskHub
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain, seat_view
from transfer.step import Kind, Step
from transfer.target import Route, Target, TargetKind

ANNA, BAO = AgentId("anna"), AgentId("bao")
SEAT, OTHER_SEAT = SeatId("chifeng-1001"), SeatId("chifeng-1002")
CALL, MOVE = CallId("node1-1795310090.4"), MoveId("a1b2c3d4e5f6")
NOW = datetime.now(UTC)
ALL = (Kind.CONSULT, Kind.THREE_WAY, Kind.BLIND)
ROUTE = Route(peer=PeerId("zhujian"), number="8001")


def place(id: str, kind: TargetKind = TargetKind.EXPERT, **changes: Any) -> Target:
    """A target that is reached by one telephone, changed as said."""
    made = Target(id=id, name=id, kind=kind, routes=(ROUTE,), ways=ALL)
    return replace(made, **changes)


EXPERT = place("expert:zhujian", name="住建专家")
EMERGENCY = place(
    "emergency:110", TargetKind.EMERGENCY, name="公安报警", number="110", ways=(Kind.EMERGENCY,)
)
TOLD = place("utility:96789", TargetKind.UTILITY, routes=(), number="96789", ways=())
LATER = (NOW + timedelta(hours=1), NOW + timedelta(hours=2))
SHUT = place("office:zhujian", TargetKind.OFFICE, open=(LATER,))
OWN = place("seat:1001", TargetKind.SEAT, routes=(Route(seat=SEAT),))
PLACES = (EXPERT, EMERGENCY, TOLD, SHUT, OWN)


def talks(brain: FakeBrain, hub: DeskHub, agent: AgentId = ANNA) -> None:
    """The agent talks with the caller, and every place is known."""
    brain.places = list(PLACES)
    brain.calls[CALL] = CHIFENG
    view = seat_view("1001", agent=agent, state=AgentState.TALKING, call=CALL)
    brain.seats[view.seat] = view
    hub.show_seat(ShowSeat(view=view))


def shown(step: Step, **changes: Any) -> ShowMove:
    """How the one move stands, changed as said."""
    wish = ShowMove(
        call=CALL,
        centre=CentreId("chifeng"),
        move=MOVE,
        seat=SEAT,
        kind=Kind.CONSULT,
        target=EXPERT.id,
        name=EXPERT.name,
        target_kind=EXPERT.kind,
        step=step,
        at=NOON,
    )
    return replace(wish, **changes)


async def pressed(
    client: Client, user: str = "anna", call: str = CALL, **words: str
) -> tuple[int, str]:
    """Ask for a move; returns the status, and the error's id or ''."""
    body = {"move": MOVE, "kind": "consult", "target": EXPERT.id} | words
    answer = await client.post(f"/api/v1/calls/{call}/moves", json=body, headers=bearer(user))
    told = await answer.json()
    return answer.status, told.get("error", {}).get("id", "")


async def steered(
    client: Client, key: str, user: str = "anna", move: str = MOVE
) -> tuple[int, str]:
    """Press a key of a move; returns the status, and the error's id or ''."""
    path = f"/api/v1/calls/{CALL}/moves/{move}/{key}"
    answer = await client.post(path, headers=bearer(user))
    told = await answer.json()
    return answer.status, told.get("error", {}).get("id", "")
