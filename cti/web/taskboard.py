"""The call-back task that each agent is offered now. Part of the hub."""

from collections.abc import Callable, Iterable
from datetime import datetime

from cti.ids import AgentId, CallId
from cti.web import wire
from cti.web.shown import task_shown
from queues.task import Task

Tell = Callable[[Iterable[AgentId], wire.Delta], None]
"""Tells the desks of those agents."""


class TaskBoard:
    """All methods are synchronous and belong to the event loop's thread."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._offered: dict[AgentId, wire.Callback] = {}
        self._declined: list[tuple[AgentId, CallId]] = []

    def of(self, agent: AgentId) -> wire.Callback | None:
        """What that agent is asked to do."""
        return self._offered.get(agent)

    def offer(self, agent: AgentId, task: Task, now: datetime) -> None:
        """Ask the agent to call that caller back; a desk that comes later is asked, too."""
        self._offered[agent] = shown = task_shown(task, now)
        self._tell((agent,), {"type": "callback-offered", "callback": shown})

    def withdraw(self, agent: AgentId, call: CallId) -> None:
        """Ask no more: somebody waits, or the task is in other hands."""
        if self._is_offered(agent, call):
            del self._offered[agent]
        self._tell((agent,), {"type": "callback-withdrawn", "call": call})

    def decline(self, agent: AgentId, call: CallId) -> None:
        """The agent does not want it. Whoever offers tasks takes it back soon."""
        if self._is_offered(agent, call):
            self._declined.append((agent, call))

    def take_declined(self) -> list[tuple[AgentId, CallId]]:
        """Who declined what since this was last asked."""
        declined, self._declined = self._declined, []
        return declined

    def _is_offered(self, agent: AgentId, call: CallId) -> bool:
        offered = self._offered.get(agent)
        return offered is not None and offered["call_id"] == call
