"""Who may see what of a caller. Pure.

A whole telephone number is for the agent on that call, the supervisor and the system; all others
see its last two digits, also where somebody wrote it into a text (``records.covering``).
"""

from typing import Final

from cti.web.endpoint import Identity, Role
from records.callrecord import CallRecord

SEES_ALL: Final = frozenset({Role.SUPERVISOR, Role.SYSTEM})


def was_on(call: CallRecord | None, who: Identity) -> bool:
    """Whether this agent talked with that caller."""
    return call is not None and any(talk.agent == who.user for talk in call.talks)


def may_see(call: CallRecord | None, who: Identity) -> bool:
    """Whether the caller's number, words and voice may be shown whole."""
    return who.role in SEES_ALL or was_on(call, who)


def may_edit(call: CallRecord | None, who: Identity) -> bool:
    """Whose order it is to edit: the agent's on the call; anyone's at a desk if nobody talked."""
    return who.role is Role.SUPERVISOR or was_on(call, who) or call is None or not call.talks
