"""What a move does while its initiator's page is away, and is expected back. Pure. Ring 1.

A page is loaded anew in the middle of a consult: nobody hung up, and it is back in seconds. So the
move goes on in its step, without an initiator, and the caller holds, or talks with the recipient.
``leave`` says what the going itself brings about; ``advance`` what everything else does until the
page is back (``INITIATOR_CAME``) or is not waited for any more (``INITIATOR_LOST``).
"""

from collections.abc import Mapping
from typing import Final

from transfer.step import Do, Kind, Step, What
from transfer.table import Answer, Table

_S, _W, _D = Step, What, Do

_LEAVES: Final[Mapping[Step, Answer]] = {
    _S.RINGING: (_S.RINGING, ()),
    _S.CONSULTING: (_S.CONSULTING, ()),
    _S.SWAPPED: (_S.CONSULTING, (_D.JOIN_RECIPIENT,)),
    _S.JOINING: (_S.JOINED, (_D.JOIN, _D.ARM)),
    _S.JOINED: (_S.JOINED, (_D.ARM,)),
}
"""A caller who talked with the page alone was armed, and holds now. One who talks with the
recipient is armed: if that hangs up before the page is back, goodbye would be wrong."""

_RINGING: Table = {
    (_S.RINGING, _W.UNANSWERED): (_S.RINGING, (_D.RING,)),
    (_S.RINGING, _W.EXHAUSTED): (_S.RETURNED, (_D.QUEUE, _D.TELL_NUMBER)),
    (_S.RINGING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.QUEUE)),
    (_S.RINGING, _W.COMPLETE): (_S.PASSING, ()),
    (_S.RINGING, _W.INITIATOR_LOST): (_S.PASSING, ()),
    (_S.RINGING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.RINGING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
}

_ANSWERED: Table = {
    (_S.CONSULTING, _W.INITIATOR_CAME): (_S.CONSULTING, ()),
    (_S.CONSULTING, _W.INITIATOR_LOST): (_S.COMPLETED, (_D.JOIN,)),
    (_S.CONSULTING, _W.JOIN): (_S.JOINED, (_D.JOIN, _D.ARM)),
    (_S.CONSULTING, _W.COMPLETE): (_S.COMPLETED, (_D.JOIN,)),
    (_S.CONSULTING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.QUEUE)),
    (_S.CONSULTING, _W.RECIPIENT_GONE): (_S.RETURNED, (_D.QUEUE,)),
    (_S.CONSULTING, _W.RECIPIENT_LOST): (_S.RETURNED, (_D.QUEUE,)),
    (_S.CONSULTING, _W.CALLER_CAME): (_S.JOINED, (_D.ARM,)),
    (_S.CONSULTING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.CONSULTING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
    (_S.JOINED, _W.INITIATOR_CAME): (_S.JOINED, (_D.DISARM,)),
    (_S.JOINED, _W.INITIATOR_LOST): (_S.COMPLETED, (_D.DISARM,)),
    (_S.JOINED, _W.COMPLETE): (_S.COMPLETED, (_D.DISARM,)),
    (_S.JOINED, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.QUEUE)),
    (_S.JOINED, _W.RECIPIENT_GONE): (_S.RETURNED, (_D.QUEUE,)),
    (_S.JOINED, _W.RECIPIENT_LOST): (_S.RETURNED, (_D.QUEUE,)),
    (_S.JOINED, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.JOINED, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
}

CONSULT: Final[Table] = {
    (_S.RINGING, _W.ANSWERED): (_S.CONSULTING, ()),
    (_S.RINGING, _W.INITIATOR_CAME): (_S.RINGING, ()),
    **_RINGING,
    **_ANSWERED,
}
"""Who was asked for a word in private waits for it, as the caller does."""

THREE_WAY: Final[Table] = {
    (_S.RINGING, _W.ANSWERED): (_S.JOINED, (_D.JOIN, _D.ARM)),
    (_S.RINGING, _W.INITIATOR_CAME): (_S.RINGING, (_D.JOIN,)),
    **_RINGING,
    **_ANSWERED,
}
"""Whoever was to talk with the caller does so at once: with an emergency line seconds count."""

TABLES: Final[Mapping[Kind, Table]] = {
    Kind.CONSULT: CONSULT,
    Kind.THREE_WAY: THREE_WAY,
    Kind.EMERGENCY: THREE_WAY,
}
"""Of a caller moved blind the initiator is gone at once, and its going means nothing."""


def leave(kind: Kind, step: Step) -> Answer | None:
    """What the going of the page brings about; None: in that step it is not waited for."""
    return _LEAVES.get(step) if kind in TABLES else None


def advance(kind: Kind, step: Step, what: What) -> Answer:
    """What follows while it is away. The same step and nothing, if nothing does."""
    return TABLES[kind].get((step, what), (step, ()))
