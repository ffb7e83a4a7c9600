"""Which utterance is written down next, and which never, when more is said than can be. Pure.

The rule: what was said longest ago goes first, but a call that was served goes behind the others;
what waited longer than ``LATE_S`` is let go and marked as a gap, so that the text on the screen is
always about what is being said. Only the live text sheds: the final transcript has every word.

It waits from when it was known to be over, not from when it was said: whoever talks on without a
pause is cut seconds back, and that is nobody's delay.
"""

from dataclasses import dataclass
from typing import Final

from cti.ids import CallId
from records.engine.protocol import Channel
from records.live.spoken import Spoken

LATE_S: Final = 8.0
"""Of these up to two are the recorder's own: it writes in blocks."""
INTERIM_S: Final = 1.5
"""So much more must have been said before an unfinished utterance is read again."""
INTERIM_GROWS: Final = 0.5
"""And so much more of what was read already: it is read from its beginning each time."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """One utterance of a call. ``said_at``: when it ended, ``known_at``: when that was known, both
    on the listener's clock in seconds.
    """

    call: CallId
    channel: Channel
    spoken: Spoken
    said_at: float
    known_at: float
    is_final: bool = True
    is_pause: bool = False
    """Not known to be over, and perhaps it is: read as carefully as if it were."""

    @property
    def key(self) -> str:
        """The utterance's own: its interim and its final text have the same."""
        return f"{self.channel}-{round(self.spoken.start_s * 100)}"


class Turns:
    """The utterances that wait to be written down."""

    def __init__(self) -> None:
        self._waiting: list[Piece] = []
        self._served: dict[CallId, int] = {}
        self._turn = 0
        self.shed_count = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def calls(self) -> set[CallId]:
        """Whose utterances wait."""
        return {one.call for one in self._waiting}

    def put(self, piece: Piece) -> None:
        """Let an utterance wait."""
        self._waiting.append(piece)

    def take(self) -> Piece | None:
        """The one to write down now; None when nothing waits. Ask ``shed`` before."""
        if not self._waiting:
            return None
        piece = min(self._waiting, key=lambda one: (self._served.get(one.call, 0), one.said_at))
        self._waiting.remove(piece)
        self._turn += 1
        self._served[piece.call] = self._turn
        return piece

    def shed(self, now: float) -> list[Piece]:
        """What is let go because it is too late, oldest first."""
        late = [one for one in self._waiting if now - one.known_at > LATE_S]
        if late:
            self._waiting = [one for one in self._waiting if now - one.known_at <= LATE_S]
            self.shed_count += len(late)
        return sorted(late, key=lambda one: one.said_at)

    def forget(self, call: CallId) -> None:
        """The call is over: nobody reads its live text any more."""
        self._waiting = [one for one in self._waiting if one.call != call]
        self._served.pop(call, None)
