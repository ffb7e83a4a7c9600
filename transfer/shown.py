"""What a look at the channels says of a move: for a brain that was away, or has just come. Pure.

Where caller, initiator and recipient stand says more than what was last written down: everybody
may have gone on, or hung up, meanwhile. ``shown`` says in which step the move is then, and what has
happened besides, to be told to its table in order.
"""

from enum import Enum

from transfer.step import Kind, Step, What


class Place(Enum):
    """Where one of the three stands."""

    NOWHERE = "nowhere"
    """No channel of it is there."""
    TALK = "talk"
    """In a plain talk, or on the way out of it."""
    WAIT = "wait"
    HOLD = "hold"
    ROOM = "room"
    AWAY = "away"
    """The caller's own dialplan dials the recipient."""
    RINGS = "rings"


Shown = tuple[Step, tuple[What, ...]]
ALONE = frozenset({Kind.BLIND, Kind.HAND_OVER})
"""Kinds in which the caller's own dialplan dials the recipient."""
_BEFORE = frozenset({Step.RINGING, Step.PASSING})


def shown(
    kind: Kind, step: Step, caller: Place, initiator: Place, recipient: Place
) -> Shown | None:
    """The step in which the move is, and what happened in it. None: nothing is left of it.

    ``step`` is the last that is known. Of a move of which nothing is left, what still rings is
    stopped, and the caller is brought to whoever is there, or to the queue.
    """
    if kind in ALONE:
        return _alone(step, caller, initiator)
    if recipient is Place.NOWHERE:
        return _without(kind, step, caller, initiator)
    if recipient is Place.RINGS:
        return _rings(kind, caller, initiator)
    if recipient is Place.HOLD:
        return _recipient_holds(caller, initiator)
    return _with(kind, step, caller, initiator)


def _alone(step: Step, caller: Place, initiator: Place) -> Shown:
    match caller:
        case Place.AWAY:
            return step, (What.SET,) if step is Step.SENDING else ()
        case Place.HOLD:
            return Step.PASSING, (What.UNANSWERED,)
        case Place.WAIT:
            return Step.PASSING, (What.WAITING,)
        case _:  # the order that lets the initiator go was lost, or is just being carried out
            is_refused = initiator is not Place.NOWHERE
            return Step.SENDING, (What.REFUSED,) if is_refused else ()


def _without(kind: Kind, step: Step, caller: Place, initiator: Place) -> Shown | None:
    """Nobody is rung, or any more."""
    is_gone = initiator is Place.NOWHERE
    if step is Step.SETTING_ASIDE:
        if is_gone:
            return step, (What.INITIATOR_GONE,)
        if initiator is not Place.ROOM or caller is Place.ROOM:
            return step, (What.REFUSED,)
        return step, {Place.HOLD: (What.SET,), Place.WAIT: (What.WAITING,)}.get(caller, ())
    if step not in _BEFORE:
        return None
    if caller is Place.WAIT and kind is Kind.CONSULT:
        return Step.RINGING, (What.WAITING,)
    if caller is Place.WAIT or is_gone:
        return Step.PASSING, (What.UNANSWERED,)
    return Step.RINGING, (What.UNANSWERED,)


def _rings(kind: Kind, caller: Place, initiator: Place) -> Shown | None:
    if kind is Kind.CONSULT and caller is Place.WAIT:
        return Step.RINGING, (What.WAITING,)
    if kind is Kind.CONSULT and caller is Place.TALK and initiator is Place.TALK:
        return None
    if caller is Place.WAIT or initiator is Place.NOWHERE:
        return Step.PASSING, ()
    return Step.RINGING, ()


def _with(kind: Kind, step: Step, caller: Place, initiator: Place) -> Shown | None:
    """The recipient has answered, and is in the room."""
    is_consult = kind is Kind.CONSULT
    is_gone = initiator is Place.NOWHERE
    match caller:
        case Place.WAIT:
            if is_consult or step not in _BEFORE:
                return Step.JOINED, (What.WAITING,)
            return Step.PASSING, (What.ANSWERED,)
        case Place.ROOM:
            return Step.JOINED, (What.INITIATOR_GONE,) if is_gone else ()
        case Place.HOLD if not is_gone:
            return _aside(step)
        case _ if is_gone:
            return Step.PASSING, (What.ANSWERED,)
        case _ if is_consult:
            return None
        case _:  # the caller follows the initiator, or both still talk
            on_its_way = initiator is Place.ROOM
            return (Step.JOINING, ()) if on_its_way else (Step.RINGING, (What.ANSWERED,))


def _aside(step: Step) -> Shown:
    """Initiator and recipient are in the room, and the caller holds."""
    if step is Step.CONSULTING:
        return step, ()
    if step in (Step.JOINED, Step.JOINING):
        return Step.CONSULTING, (What.JOIN,)
    if step is Step.SWAPPED:
        return Step.CONSULTING, (What.SWAP,)
    return Step.RINGING, (What.ANSWERED,)


def _recipient_holds(caller: Place, initiator: Place) -> Shown | None:
    if caller is Place.WAIT:
        return Step.SWAPPED, (What.WAITING,)
    if caller is Place.TALK:
        return None
    if initiator is Place.NOWHERE:
        return Step.SWAPPED, (What.INITIATOR_GONE,)
    if caller is Place.HOLD:
        return Step.CONSULTING, (What.SWAP,)
    return Step.SWAPPED, ()
