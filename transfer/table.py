"""The tables of moves: one for each kind, from (step, what happened) to (step, what to do). Pure.

Read a row aloud: in this step, when that happens, the move is in the next step and these things
are done, in order. A pair that is in no table changes nothing. Whoever hangs up and whatever
fails, the caller is with somebody, on its way to somebody, or in the queue.
"""

from collections.abc import Mapping

from transfer.step import Do, Kind, Step, What

Answer = tuple[Step, tuple[Do, ...]]
Table = Mapping[tuple[Step, What], Answer]

_S, _W, _D = Step, What, Do

_JOINED: Table = {
    (_S.JOINED, _W.COMPLETE): (_S.COMPLETED, (_D.RELEASE,)),
    (_S.JOINED, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.DISARM)),
    (_S.JOINED, _W.PART): (_S.CONSULTING, (_D.HOLD,)),
    (_S.JOINED, _W.INITIATOR_GONE): (_S.COMPLETED, ()),
    (_S.JOINED, _W.INITIATOR_LOST): (_S.COMPLETED, ()),
    (_S.JOINED, _W.RECIPIENT_GONE): (_S.RETURNED, (_D.DISARM,)),
    (_S.JOINED, _W.RECIPIENT_LOST): (_S.RETURNED, (_D.DISARM,)),
    (_S.JOINED, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.JOINED, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
}
"""All three talk: the same however they came together."""

_CONSULTING: Table = {
    (_S.CONSULTING, _W.JOIN): (_S.JOINED, (_D.JOIN,)),
    (_S.CONSULTING, _W.COMPLETE): (_S.COMPLETED, (_D.JOIN, _D.RELEASE)),
    (_S.CONSULTING, _W.SWAP): (_S.SWAPPED, (_D.HOLD_RECIPIENT, _D.JOIN, _D.ARM)),
    (_S.CONSULTING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.JOIN)),
    (_S.CONSULTING, _W.INITIATOR_GONE): (_S.COMPLETED, (_D.JOIN,)),
    (_S.CONSULTING, _W.INITIATOR_LOST): (_S.COMPLETED, (_D.JOIN,)),
    (_S.CONSULTING, _W.RECIPIENT_GONE): (_S.RETURNED, (_D.JOIN,)),
    (_S.CONSULTING, _W.RECIPIENT_LOST): (_S.RETURNED, (_D.JOIN,)),
    (_S.CONSULTING, _W.CALLER_CAME): (_S.JOINED, (_D.DISARM,)),
    (_S.CONSULTING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.CONSULTING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
    (_S.SWAPPED, _W.SWAP): (_S.CONSULTING, (_D.HOLD, _D.DISARM, _D.JOIN_RECIPIENT)),
    (_S.SWAPPED, _W.JOIN): (_S.JOINED, (_D.JOIN_RECIPIENT,)),
    (_S.SWAPPED, _W.COMPLETE): (_S.COMPLETED, (_D.JOIN_RECIPIENT, _D.RELEASE)),
    (_S.SWAPPED, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.DISARM)),
    (_S.SWAPPED, _W.INITIATOR_GONE): (_S.COMPLETED, (_D.JOIN_RECIPIENT,)),
    (_S.SWAPPED, _W.INITIATOR_LOST): (_S.COMPLETED, (_D.JOIN_RECIPIENT,)),
    (_S.SWAPPED, _W.RECIPIENT_GONE): (_S.RETURNED, (_D.DISARM,)),
    (_S.SWAPPED, _W.RECIPIENT_LOST): (_S.RETURNED, (_D.DISARM,)),
    (_S.SWAPPED, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.SWAPPED, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
}

"""While initiator and caller talk alone in the room, the caller is armed: if the initiator goes, it
goes on hold, and from there to the recipient. It is disarmed when the recipient is in the room."""

CONSULT: Table = {
    (_S.SETTING_ASIDE, _W.SET): (_S.RINGING, (_D.RING,)),
    (_S.SETTING_ASIDE, _W.REFUSED): (_S.RETURNED, (_D.DISARM,)),
    (_S.SETTING_ASIDE, _W.INITIATOR_GONE): (_S.RETURNED, (_D.QUEUE,)),
    (_S.SETTING_ASIDE, _W.INITIATOR_LOST): (_S.RETURNED, (_D.QUEUE,)),
    (_S.SETTING_ASIDE, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.SETTING_ASIDE, _W.WAITING): (_S.RETURNED, ()),
    (_S.RINGING, _W.ANSWERED): (_S.CONSULTING, ()),
    (_S.RINGING, _W.UNANSWERED): (_S.RINGING, (_D.RING,)),
    (_S.RINGING, _W.EXHAUSTED): (_S.RETURNED, (_D.JOIN, _D.TELL_NUMBER)),
    (_S.RINGING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.JOIN)),
    (_S.RINGING, _W.COMPLETE): (_S.PASSING, (_D.RELEASE,)),
    (_S.RINGING, _W.INITIATOR_GONE): (_S.PASSING, ()),
    (_S.RINGING, _W.INITIATOR_LOST): (_S.PASSING, ()),
    (_S.RINGING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.RINGING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
    (_S.PASSING, _W.ANSWERED): (_S.COMPLETED, (_D.JOIN,)),
    (_S.PASSING, _W.UNANSWERED): (_S.PASSING, (_D.RING,)),
    (_S.PASSING, _W.EXHAUSTED): (_S.RETURNED, (_D.QUEUE, _D.TELL_NUMBER)),
    (_S.PASSING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.QUEUE)),
    (_S.PASSING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.PASSING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
    **_CONSULTING,
    **_JOINED,
}
"""The initiator who hangs up while it rings passes the caller on to whoever answers."""

THREE_WAY: Table = {
    (_S.RINGING, _W.ANSWERED): (_S.JOINING, (_D.GATHER,)),
    (_S.RINGING, _W.UNANSWERED): (_S.RINGING, (_D.RING,)),
    (_S.RINGING, _W.EXHAUSTED): (_S.RETURNED, (_D.DISARM, _D.TELL_NUMBER)),
    (_S.RINGING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.DISARM)),
    (_S.RINGING, _W.COMPLETE): (_S.PASSING, (_D.RELEASE,)),
    (_S.RINGING, _W.INITIATOR_GONE): (_S.PASSING, ()),
    (_S.RINGING, _W.INITIATOR_LOST): (_S.PASSING, ()),
    (_S.RINGING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.PASSING, _W.INITIATOR_CAME): (_S.RINGING, (_D.ARM,)),
    (_S.PASSING, _W.ANSWERED): (_S.COMPLETED, (_D.JOIN,)),
    (_S.PASSING, _W.UNANSWERED): (_S.PASSING, (_D.RING,)),
    (_S.PASSING, _W.EXHAUSTED): (_S.RETURNED, (_D.QUEUE, _D.TELL_NUMBER)),
    (_S.PASSING, _W.CANCEL): (_S.RETURNED, (_D.STOP, _D.QUEUE)),
    (_S.PASSING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.JOINING, _W.SET): (_S.JOINED, ()),
    (_S.JOINING, _W.REFUSED): (_S.RETURNED, (_D.STOP, _D.DISARM)),
    (_S.JOINING, _W.CANCEL): (_S.RETURNED, (_D.STOP,)),
    (_S.JOINING, _W.COMPLETE): (_S.COMPLETED, (_D.JOIN, _D.RELEASE)),
    (_S.JOINING, _W.INITIATOR_GONE): (_S.COMPLETED, (_D.JOIN,)),
    (_S.JOINING, _W.INITIATOR_LOST): (_S.COMPLETED, (_D.JOIN,)),
    (_S.JOINING, _W.RECIPIENT_GONE): (_S.RETURNED, ()),
    (_S.JOINING, _W.RECIPIENT_LOST): (_S.RETURNED, ()),
    (_S.JOINING, _W.CALLER_GONE): (_S.ABANDONED, (_D.END,)),
    (_S.JOINING, _W.WAITING): (_S.RETURNED, (_D.STOP,)),
    **_CONSULTING,
    **_JOINED,
}
"""Until the recipient is there, initiator and caller talk as if nothing were under way. Nothing is
disarmed while they gather: the seat may be in the room already, and the caller must follow it."""

BLIND: Table = {
    (_S.SENDING, _W.SET): (_S.PASSING, ()),
    (_S.SENDING, _W.REFUSED): (_S.RETURNED, (_D.DISARM,)),
    (_S.SENDING, _W.ANSWERED): (_S.COMPLETED, ()),
    (_S.SENDING, _W.UNANSWERED): (_S.PASSING, (_D.SEND,)),
    (_S.SENDING, _W.EXHAUSTED): (_S.RETURNED, (_D.QUEUE, _D.TELL_NUMBER)),
    (_S.SENDING, _W.WAITING): (_S.RETURNED, (_D.QUEUE,)),
    (_S.SENDING, _W.CALLER_GONE): (_S.ABANDONED, ()),
    (_S.PASSING, _W.ANSWERED): (_S.COMPLETED, ()),
    (_S.PASSING, _W.UNANSWERED): (_S.PASSING, (_D.SEND,)),
    (_S.PASSING, _W.EXHAUSTED): (_S.RETURNED, (_D.QUEUE, _D.TELL_NUMBER)),
    (_S.PASSING, _W.REFUSED): (_S.RETURNED, (_D.QUEUE,)),
    (_S.PASSING, _W.WAITING): (_S.RETURNED, (_D.QUEUE,)),
    (_S.PASSING, _W.CANCEL): (_S.RETURNED, (_D.QUEUE,)),
    (_S.PASSING, _W.CALLER_GONE): (_S.ABANDONED, ()),
}
"""The caller's own dialplan rings the recipient, brain or none: the initiator is gone at once, and
its going means nothing."""

TABLES: Mapping[Kind, Table] = {
    Kind.BLIND: BLIND,
    Kind.HAND_OVER: BLIND,
    Kind.CONSULT: CONSULT,
    Kind.THREE_WAY: THREE_WAY,
    Kind.EMERGENCY: THREE_WAY,
}


def begin(kind: Kind, *, has_initiator: bool = True) -> Answer:
    """How a move of that kind begins. Without an initiator: for a caller who waits."""
    if not has_initiator:
        return _S.PASSING, (_D.RING,)
    return {
        Kind.BLIND: (_S.SENDING, (_D.SEND,)),
        Kind.HAND_OVER: (_S.SENDING, (_D.SEND,)),
        Kind.CONSULT: (_S.SETTING_ASIDE, (_D.SET_ASIDE,)),
        Kind.THREE_WAY: (_S.RINGING, (_D.ARM, _D.RING)),
        Kind.EMERGENCY: (_S.RINGING, (_D.ARM, _D.RING)),
    }[kind]


def advance(kind: Kind, step: Step, what: What) -> Answer:
    """What follows: the next step and what to do. The same step and nothing, if nothing does."""
    return TABLES[kind].get((step, what), (step, ()))
