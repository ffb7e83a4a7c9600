"""The words of a move: its kinds, its steps, what can happen, what is then to be done. Ring 0.

A move takes a caller to somebody else, or somebody else to the caller. The *initiator* is the
agent who asked for it, the *recipient* whoever is rung. What follows from what is in
``transfer.table``. The *room* is the call's conference; on *hold* one hears music and a word.
"""

from enum import Enum


class Kind(Enum):
    """How the caller is moved."""

    BLIND = "blind"
    """The initiator lets go at once; whoever answers has the caller."""
    HAND_OVER = "hand-over"
    """Blind, to a sub-centre or another hotline, with the call's data."""
    CONSULT = "consult"
    """The initiator speaks with the recipient first, while the caller holds."""
    THREE_WAY = "three-way"
    """Initiator and caller go on talking until the recipient is there; then all three."""
    EMERGENCY = "emergency"
    """Three-way with 110, 119, 120 or 122. Nothing stands in its way; also for one who waits."""


class Step(Enum):
    """How far a move is."""

    ASKED = "asked"
    """An emergency that waits until what is under way has made room for it. In no table: it is not
    begun, and can be undone."""
    SETTING_ASIDE = "setting-aside"
    """The caller is being put on hold, and the initiator into the room. Nobody rings yet."""
    SENDING = "sending"
    """The caller is being taken out of the talk, to where the recipient is dialled."""
    RINGING = "ringing"
    """The recipient's phone rings and the initiator waits for it: in the room (consult), or still
    talking with the caller (three-way, emergency)."""
    PASSING = "passing"
    """It rings and there is no initiator (any more): whoever answers has the caller, who holds,
    or waits in the queue (an emergency), or is dialling (blind)."""
    CONSULTING = "consulting"
    """Initiator and recipient talk; the caller holds."""
    SWAPPED = "swapped"
    """Initiator and caller talk; the recipient holds."""
    JOINING = "joining"
    """The recipient is in the room; initiator and caller are being brought to it."""
    JOINED = "joined"
    """All three hear each other."""
    COMPLETED = "completed"
    """Caller and recipient have each other, without the initiator. The move is over."""
    RETURNED = "returned"
    """The caller is with the initiator as before, or back in the queue. The move is over."""
    ABANDONED = "abandoned"
    """The caller hung up. The move is over."""


FINAL = frozenset({Step.COMPLETED, Step.RETURNED, Step.ABANDONED})


class What(Enum):
    """What can happen to a move."""

    COMPLETE = "complete"
    """The initiator leaves the caller to the recipient (a key)."""
    CANCEL = "cancel"
    """The initiator wants the caller back without the recipient (a key)."""
    JOIN = "join"
    """The initiator wants all three together (a key)."""
    SWAP = "swap"
    """The initiator wants the other of the two (a key)."""
    PART = "part"
    """The initiator wants the recipient alone again (a key)."""
    SET = "set"
    """The order that begins or gathers has been carried out: everybody is where it put them."""
    REFUSED = "refused"
    """It was not carried out: everybody is where they were."""
    ANSWERED = "answered"
    """The recipient has answered, and is in the room, or (blind) talks with the caller."""
    UNANSWERED = "unanswered"
    """This route did not answer, and there is another to try."""
    EXHAUSTED = "exhausted"
    """No route answered."""
    WAITING = "waiting"
    """The caller's own dialplan has taken it back to the queue."""
    INITIATOR_CAME = "initiator-came"
    """A seat has answered a caller who waited while the recipient was already being rung."""
    CALLER_CAME = "caller-came"
    """The caller is in the room with both, though nobody asked for that: its own dialplan took it
    there from hold, having heard nothing of us for a while."""
    CALLER_GONE = "caller-gone"
    INITIATOR_GONE = "initiator-gone"
    INITIATOR_LOST = "initiator-lost"
    """Its phone vanished; nobody hung up."""
    RECIPIENT_GONE = "recipient-gone"
    RECIPIENT_LOST = "recipient-lost"


KEYS = frozenset({What.COMPLETE, What.CANCEL, What.JOIN, What.SWAP, What.PART})
"""What an agent may ask for while a move is under way."""
HANG_UPS = frozenset(
    {
        What.CALLER_GONE,
        What.INITIATOR_GONE,
        What.INITIATOR_LOST,
        What.RECIPIENT_GONE,
        What.RECIPIENT_LOST,
    }
)
"""Whoever hangs up or vanishes, a move under way has an answer."""


class Do(Enum):
    """What is to be done. Each is one order at most, and moves one channel by it."""

    SET_ASIDE = "set-aside"
    """The initiator into the room; the caller follows to hold by its own dialplan. From the room:
    the caller to hold."""
    SEND = "send"
    """The caller to where the next route is dialled; the initiator is let go."""
    RING = "ring"
    """Ring the next route into the room."""
    STOP = "stop"
    """End the recipient's leg, ringing or talking."""
    HOLD = "hold"
    """The caller from the room to hold."""
    JOIN = "join"
    """The caller into the room, from hold or from the queue."""
    GATHER = "gather"
    """The initiator into the room; the caller follows by its own dialplan. Nothing if they are."""
    HOLD_RECIPIENT = "hold-recipient"
    JOIN_RECIPIENT = "join-recipient"
    ARM = "arm"
    """Let the caller go on hold, not to goodbye, if its talk ends meanwhile."""
    DISARM = "disarm"
    RELEASE = "release"
    """End the initiator's leg."""
    QUEUE = "queue"
    """The caller back to the queue, at its head, to the initiator first. Nothing if it waits."""
    TELL_NUMBER = "tell-number"
    """Let the caller know the number to dial itself: by the initiator's desk, or a sentence."""
    END = "end"
    """End every leg that is left."""


class Mode(Enum):
    """How a supervisor is in a talk."""

    LISTEN = "listen"
    WHISPER = "whisper"
    """Heard by the agent only."""
    BARGE = "barge"
    """Heard by both."""


class Phase(Enum):
    """How far a supervisor is in a talk; what follows from what is in ``transfer.supervised``."""

    RINGING = "ringing"
    """The own phone rings."""
    HEARING = "hearing"
    """It hears the talk, in one mode."""
    CHANGING = "changing"
    """It hears, and was ordered into another mode."""
    GATHERING = "gathering"
    """It hears, and agent and caller are brought to the room: only there is a voice that both hear
    on the recording, and out of the ear of a caller who holds."""
    BRINGING = "bringing"
    """As GATHERING, but the supervisor has hung up: those on their way still have to arrive."""
    TAKING = "taking"
    """It was ordered to the room, and the caller is armed to follow when the agent is let go."""
    ON_WAY = "on-way"
    """As TAKING, and it hears no more: in the room in a moment, or gone."""
    OVER = "over"
    """It is in the talk no more, or has the caller itself."""
