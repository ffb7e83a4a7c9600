"""Who asks for help. Part of the hub.

Hands are of the moment: the brain keeps them while it runs, and an agent's page that finds its hand
down after the brain was away raises it again.
"""

from collections.abc import Callable
from datetime import datetime

from cti.ids import AgentId, CentreId
from cti.ports import Groups
from cti.web.taskboard import Tell

ShowLive = Callable[[CentreId, Groups], None]
"""Tells the centre's supervisors."""


class Hands:
    """Raised hands, by agent."""

    def __init__(self, tell: Tell, show_live: ShowLive) -> None:
        self._tell, self._show_live = tell, show_live
        self._up: dict[AgentId, tuple[CentreId, datetime]] = {}

    def rise(self, agent: AgentId, centre: CentreId, at: datetime) -> None:
        """The agent asks the supervisors of that centre for help; again changes nothing."""
        if agent in self._up:
            return
        self._up[agent] = centre, at
        self._tell((agent,), {"type": "hand", "hand": self.since(agent)})
        self._show_live(centre, {"hands": self.of(centre)})

    def fall(self, agent: AgentId) -> None:
        """Help has come, is not wanted any more, or the agent has left the seat."""
        up = self._up.pop(agent, None)
        if up is not None:
            self._tell((agent,), {"type": "hand", "hand": None})
            self._show_live(up[0], {"hands": self.of(up[0])})

    def since(self, agent: AgentId) -> str | None:
        """Since when that hand is up."""
        up = self._up.get(agent)
        return up[1].isoformat() if up is not None else None

    def of(self, centre: CentreId) -> dict[str, str]:
        """Whose hands are up in a centre, and since when."""
        mine = {who: at for who, (where, at) in self._up.items() if where == centre}
        return {who: at.isoformat() for who, at in mine.items()}
