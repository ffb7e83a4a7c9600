"""The caller card as the desk's socket says it, part by part. Of ``wire``."""

from typing import Annotated

from typing_extensions import TypedDict  # typing's own tells pydantic too little before 3.12

from config.ledger import LineState, Mode
from config.openings import Occasion
from cti.web.at import At
from cti.web.past import CardPast
from cti.web.valueof import ValueOf


class CardLine(TypedDict):
    """The line that was dialled."""

    number: str
    name: str
    department: str
    mode: Annotated[str, ValueOf(Mode)]


class CardEntry(TypedDict):
    """One office behind a number."""

    name: str
    department: str


class CardKnown(TypedDict):
    """A number of the list of known callers."""

    name: str
    kind: str


class CardHanded(TypedDict):
    """Who hands the caller over, with the number of the case there."""

    is_emergency: bool
    path: list[str]
    case: str


class Card(TypedDict):
    """The caller card. ``past`` null: it is being looked up."""

    call: str
    offer: str
    line: CardLine
    entries: list[CardEntry]
    state: Annotated[str, ValueOf(LineState, or_none=True)]
    state_name: str
    heard: str
    ani: str
    known: CardKnown | None
    duty: str
    handed: CardHanded | None
    to_dial: str
    about: str | None
    dnis: str
    attempt: int
    kept_at: At | None
    waited_s: float
    at: At
    place: str
    occasion: Annotated[str, ValueOf(Occasion)]
    first_words: str
    past: CardPast | None
