"""What happened when the citizen is called: back, or about a call that was missed. Ring 0.

The union is ``cti.events``.
"""

from dataclasses import dataclass

from cti.happened import CallEvent, OfferOutcome, SeatEvent
from cti.ids import AgentId, CallId, CentreId, LineId, OfferId, SeatId
from cti.seen import KeptPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceKept(CallEvent):
    """The caller chose to be called back; Asterisk has written it down and says goodbye.

    From now on it is neither offered nor moved until its channel is gone.
    """

    kept: KeptPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackStarted(CallEvent):
    """The seat has answered for a call-back, and ``[callback]`` is dialling the citizen.

    A seat that does not answer is an ``OfferEnded`` of the same offer instead; an order that was
    not carried out is an ``OrderRefused``.
    """

    offer: OfferId
    seat: SeatId
    attempt: int
    """As Asterisk's database counts, this one included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackEnded(CallEvent):
    """The ``Dial`` of the citizen returned: in vain, or the talk is over.

    ``REJECTED`` is the citizen's busy or refusal, ``CALLER_LEFT`` the seat's hanging up first.
    """

    offer: OfferId
    seat: SeatId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOutStarted(CallEvent):
    """The agent has answered the own phone, and ``[dial-out]`` is dialling the citizen."""

    seat: SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOutEnded(CallEvent):
    """``Dial`` of the citizen returned: in vain, or the talk is over.

    ``REJECTED`` is the citizen's busy or refusal, ``CALLER_LEFT`` the agent's hanging up first.
    """

    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOutRefused(CallEvent):
    """The agent's own phone did not answer, or was not there; the citizen was not dialled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentDials(SeatEvent):
    """The agent who claimed a call-back task wants to call the citizen now, or not at all.

    Not carried out when the seat is not the agent's, rings or talks, or the task is being dialled.
    """

    agent: AgentId
    call: CallId
    """The id of the call out, made by whoever asks: asked twice, it is made once."""
    about: CallId
    """The missed call."""
    centre: CentreId
    line: LineId
    number: str


OutEvent = (
    AgentDials
    | CallbackEnded
    | CallbackStarted
    | DialOutEnded
    | DialOutRefused
    | DialOutStarted
    | PlaceKept
)
