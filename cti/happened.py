"""What every fact has in common, and the words in which facts say how something went. Ring 0."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cti.ids import CallId, SeatId


class Phone(Enum):
    """What Asterisk knows of a seat's phone (its device state)."""

    FREE = "free"
    RINGING = "ringing"
    IN_USE = "in-use"
    GONE = "gone"
    """Not registered, or Asterisk cannot say. Never offered to."""


class OfferOutcome(Enum):
    """How an offer ended, from the ``DIALSTATUS`` of its own ``Dial``."""

    ANSWERED = "answered"
    MISSED = "missed"
    """RONA, ring no answer: the phone rang its whole time."""
    REJECTED = "rejected"
    """The agent pressed the phone's reject key, or the phone was busy."""
    UNREACHABLE = "unreachable"
    """The phone was not there: nothing rang."""
    CALLER_LEFT = "caller-left"
    TAKEN = "taken"
    """Somebody else's call was being put to the seat at the same instant; nothing rang."""


class PhoneKey(Enum):
    """What a page presses on the telephone that stands beside it."""

    ANSWER = "answer"
    HOLD = "hold"
    RESUME = "resume"
    MUTE = "mute"
    UNMUTE = "unmute"
    HANG_UP = "hang-up"
    """Refuses a call that rings."""


class Refusal(Enum):
    """Why an order was not carried out."""

    GONE = "gone"
    """The channel does not exist any more."""
    NOT_UP = "not-up"
    """An earlier order is still being carried out, or the channel is dying."""
    TIMED_OUT = "timed-out"
    """Nobody answered within the order's deadline. It may still have been carried out."""
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Anything that happened, and when."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent(Happened):
    """Anything that happened to a call."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEvent(Happened):
    """Anything that happened at a seat."""

    seat: SeatId
