"""The caller card: all that a desk is told of a call before its phone rings. Part of the rules."""

from datetime import datetime

from cti.call import Call
from cti.effects import PopScreen
from cti.ids import AgentId, MoveId, OfferId
from cti.wanting import Wanting
from queues.seatlife import Seat


def card(
    call: Call,
    seat: Seat,
    agent: AgentId,
    offer: OfferId,
    at: datetime,
    wanting: Wanting,
    *,
    attempt: int = 0,
    move: MoveId | None = None,
) -> PopScreen:
    """What the agent at the seat sees of the call. ``attempt`` and ``move`` as in ``PopScreen``."""
    known = wanting.known(call.centre, call.ani, at)
    return PopScreen(
        seat=seat.id,
        agent=agent,
        call=call.id,
        offer=offer,
        centre=call.centre,
        line=call.line,
        dnis=call.dnis,
        ani=call.ani,
        since=call.since or at,
        at=at,
        arrived_at=call.arrived_at,
        line_state=call.line_state,
        prompt=call.prompt,
        about=call.about,
        move=move,
        answered_at=call.first_answered_at,
        is_emergency=call.is_emergency,
        path=call.stand.path,
        case=call.stand.case,
        to_dial=call.stand.to_dial,
        attempt=attempt,
        kept_at=call.kept_at if attempt else None,
        known_as=known.name if known else "",
        known_kind=known.kind if known else "",
        duty=wanting.duty(call.line, seat.id, call.centre),
    )
