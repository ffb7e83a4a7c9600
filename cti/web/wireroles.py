"""Who may be told what over a desk's socket, and who may ask for what: the whole table.

The hub tells nobody a kind that is not for their role, and the socket takes no command that is not;
within a role everybody is told of the own seat, the own calls and the own centre only.
"""

from collections.abc import Mapping
from typing import Final

from cti.web.endpoint import SEATED, Role

SUPERVISORS: Final = frozenset({Role.SUPERVISOR})
TOLD: Final[Mapping[str, frozenset[Role]]] = {
    "snapshot": SEATED,
    "resumed": SEATED,
    "seat": SEATED,
    "pop": SEATED,
    "card-past": SEATED,
    "withdraw": SEATED,
    "callback-offered": SEATED,
    "callback-withdrawn": SEATED,
    "move": SEATED,
    "move-gone": SEATED,
    "said": SEATED,
    "text": SEATED,
    "draft-grown": SEATED,
    "note": SEATED,
    "note-read": SEATED,
    "hand": SEATED,
    "supervised": SUPERVISORS,
    "said-along": SUPERVISORS,
    "along": SUPERVISORS,
    "blocked": SUPERVISORS,
    "live": SUPERVISORS,
}
"""By the kind of message."""
ASKED: Final[Mapping[str, frozenset[Role]]] = {
    "sign-in": SEATED,
    "ready": SEATED,
    "not-ready": SEATED,
    "sign-out": SEATED,
    "popped": SEATED,
    "raise-hand": SEATED,
    "lower-hand": SEATED,
    "ping": SEATED,
}
"""By the command."""
WATCHERS_ONLY: Final = frozenset(kind for kind, roles in TOLD.items() if roles == SUPERVISORS)
"""What only a desk that watches a centre is told."""
