"""Who may see what, of whose callers. Pure.

A whole telephone number is for the agent on that call, the supervisor and the system; all others
see its last two digits, also where somebody wrote it into a text (``records.covering``). Of a
call-back task it is for the supervisor, and for the agent who has claimed it.

The number and name of a caller who asked to be unknown are kept back even from them once the order
is handed in: whoever needs them says why (``cti.web.reveals``).

Each centre sees its own calls and orders only. Where the platform's home is a province, its
supervisors and administrators also read those of the centres below, and change nothing there.
"""

from collections.abc import Set
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field

from config.facts import Level
from config.platform import Platform
from cti.ids import AgentId, CentreId
from cti.web.endpoint import Identity, Role
from cti.web.errors import Refused
from queues.task import Task, TaskState
from records.callrecord import CallRecord
from records.draft import WorkOrderDraft

CentreWanted = Annotated[
    str | None,
    Field(pattern=r"^[a-z][a-z0-9]{0,31}$", description="哪个中心；不写为本中心"),
]
"""Which centre's list is asked for, as a query says it."""
SEES_ALL: Final = frozenset({Role.SUPERVISOR, Role.SYSTEM})
SEES_MARKS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})


WATCHES_BELOW: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
"""Who watches over the centres below, at a home centre that is a province."""


def centres_seen(who: Identity, platform: Platform) -> tuple[CentreId, ...]:
    """Whose calls, orders and figures that person may read; the own centre comes first."""
    home = platform.home
    is_above = home.level is Level.PROVINCE and who.centre == home.centre
    below = platform if is_above and who.role in WATCHES_BELOW else ()
    others = (centre.centre for centre in below if centre.centre != who.centre)
    return (who.centre, *others)


def centre_wanted(who: Identity, platform: Platform, wanted: str | None) -> CentreId:
    """The centre whose list is asked for; the own one when none is. Refused: not to be seen."""
    if wanted is None:
        return who.centre
    if wanted not in centres_seen(who, platform):
        raise Refused("other-centre")
    return CentreId(wanted)


def was_on(call: CallRecord | None, who: Identity) -> bool:
    """Whether this agent talked with that caller."""
    return call is not None and any(talk.agent == who.user for talk in call.talks)


def may_see(call: CallRecord | None, who: Identity) -> bool:
    """Whether the caller's number, words and voice may be shown whole."""
    return who.role in SEES_ALL or was_on(call, who)


def is_kept_back(draft: WorkOrderDraft, who: Identity) -> bool:
    """Whether who called is shown in that order only to whoever says why: the caller asked to be
    unknown, and nobody writes in the order any more.
    """
    is_done = draft.status in ("submitted", "delivered")
    return bool(draft.caller.anonymous) and is_done and who.role is not Role.SYSTEM


def may_call_back(task: Task, who: Identity, now: datetime) -> bool:
    """Whether the number of a caller to be called back may be shown whole."""
    is_holder = task.stands(now) is TaskState.CLAIMED and task.claimed_by == who.user
    return who.role is Role.SUPERVISOR or is_holder


def may_see_mark(who: Identity) -> bool:
    """Whether that reader may see what callers said of a talk: never the agents they said it of."""
    return who.role in SEES_MARKS


def may_edit(call: CallRecord | None, who: Identity, at_desk: Set[AgentId]) -> bool:
    """Whose order it is to edit, within its centre: the agent's on the call, now or before.

    ``at_desk``: at whose seats the call is right now. Anyone's, if it is nobody's and no seat of
    ours talked: a talk at another exchange leaves its order here.
    """
    if who.role is Role.SUPERVISOR or who.user in at_desk or was_on(call, who):
        return True
    is_nobodys = call is None or not any(talk.seat for talk in call.talks)
    return is_nobodys and not at_desk
