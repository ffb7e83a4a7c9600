"""Few errors, made of data. Each domain error has one stable kebab-case id; only the web edge
knows which HTTP status that is, and which Chinese sentence people read.
"""

from typing import ClassVar


class DomainError(Exception):
    """A rule refused a request. ``details`` are facts a program can use."""

    id: ClassVar[str] = "domain-error"

    def __init__(self, message: str, **details: str) -> None:
        super().__init__(message)
        self.details = details


class SeatUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """No seat with that extension in that centre."""

    id = "seat-unknown"


class SeatTaken(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Another agent is signed in at the seat."""

    id = "seat-taken"


class NotSignedIn(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The agent is not signed in at any seat."""

    id = "not-signed-in"
