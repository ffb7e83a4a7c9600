"""What a supervisor tells an agent. Ring 0: words only."""

from dataclasses import dataclass
from datetime import datetime

from cti.ids import AgentId, CentreId


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One note to one agent; what is told to all is one for each."""

    id: int
    centre: CentreId
    sender: AgentId
    sender_name: str
    """How people call them."""
    to: AgentId
    text: str
    sent_at: datetime
    read_at: datetime | None = None
