"""What the brain knows, put as the desk's socket says it (``wire``). Pure."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from cti.effects import ShowBlocked
from cti.ids import mask
from cti.movewishes import ShowSupervised
from cti.web import wire
from queues.seat import AgentState, SeatView
from queues.task import Task
from records.live.told import Heard


def seat_shown(view: SeatView) -> wire.Seat:
    """A seat as desks see it."""
    return {
        "seat": view.seat,
        "centre": view.centre,
        "extension": view.extension,
        "agent": view.agent,
        "state": view.state.value,
        "reason": view.reason,
        "since": view.since.isoformat(),
        "until": view.until.isoformat() if view.until else None,
        "call": view.call,
        "wraps_up": view.wraps_up,
        "has_phone": view.has_phone,
    }


def vacant(view: SeatView) -> SeatView:
    """The seat as whoever has left it is shown it: nobody's, and nothing of who came."""
    return replace(
        view,
        agent=None,
        state=AgentState.LOGGED_OUT,
        reason="",
        until=None,
        call=None,
        wraps_up=None,
    )


def task_shown(task: Task, now: datetime) -> wire.Callback:
    """A call-back task as it is offered: enough to decide, the number only when it is claimed."""
    return {
        "call_id": task.call,
        "line": task.line,
        "number": mask(task.number),
        "missed_at": task.missed_at.isoformat(),
        "due_at": task.due_at.isoformat(),
        "is_overdue": task.is_overdue(now),
        "attempts": len(task.attempts),
    }


def said_shown(said: Heard) -> wire.Said:
    """An utterance as the agent reads it; under the same key a later one replaces it."""
    return cast("wire.Said", said.model_dump(exclude={"order"}))


def supervised_shown(wish: ShowSupervised) -> wire.Supervised:
    """How a supervisor stands with a talk, as the own desks see it."""
    return {
        "call": wish.call,
        "mode": wish.mode.value,
        "wanted": wish.wanted.value,
        "phase": wish.phase.value,
        "at": wish.at.isoformat(),
        "why": wish.why,
    }


def blocked_shown(wish: ShowBlocked) -> wire.Blocked:
    """A nuisance caller who was refused: who watches need not know who it was."""
    return {
        "call": wish.call,
        "line": wish.line,
        "number": mask(wish.ani),
        "at": wish.at.isoformat(),
    }
