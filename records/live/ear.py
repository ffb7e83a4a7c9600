"""One channel as it is recorded, cut into utterances the moment each one ends.

``records.engine.vad`` cuts a finished recording; here nobody knows yet how the sentence goes on,
so a shorter silence ends it: text that comes late is text nobody reads.
"""

from dataclasses import replace
from typing import Final

import numpy as np
import webrtcvad

from records.engine.protocol import LONGEST_UTTERANCE_S
from records.engine.vad import RATE, quietest
from records.live.spoken import Pcm, Spoken

ENDS_S: Final = 0.6
"""So much silence ends an utterance. The final transcript waits for 0.9 s, and reads better."""
SHORTEST_S: Final = 0.18
MARGIN_S: Final = 0.24
PAUSE_S: Final = MARGIN_S
"""So much silence may be the end. Whoever reads now may have the text when it turns out to be."""
_FRAME_S: Final = 0.03
_FRAME: Final = int(RATE * _FRAME_S)
_QUIETEST_PEAK: Final = 80


class Ear:
    """Listens to one channel. Feed it whatever was recorded since, in order."""

    def __init__(self, start_s: float = 0.0, longest_s: float = LONGEST_UTTERANCE_S) -> None:
        """``start_s``: where in the recording the first sample fed stands."""
        self._detector = webrtcvad.Vad(2)
        self._longest_s = longest_s
        self._held: Pcm = np.zeros(0, dtype=np.int16)
        self._held_s = start_s
        """Where the held samples begin."""
        self._looked = 0
        """Held samples the detector has seen."""
        self._first_s = 0.0
        self._last_s = 0.0
        self._voiced_s = 0.0

    @property
    def heard_s(self) -> float:
        """Up to where everything was fed."""
        return self._held_s + len(self._held) / RATE

    @property
    def paused_s(self) -> float:
        """How long the utterance under way has been silent; 0 while it goes on, or none is."""
        silent_s = self.heard_s - self._last_s
        return silent_s if self._voiced_s and silent_s >= PAUSE_S else 0.0

    def feed(self, pcm: Pcm) -> list[Spoken]:
        """Take the next samples; give the utterances that have ended by now."""
        self._held = np.concatenate((self._held, pcm))
        ended = []
        while self._looked + _FRAME <= len(self._held):
            frame = self._held[self._looked : self._looked + _FRAME]
            at_s = self._held_s + self._looked / RATE
            self._looked += _FRAME
            if (spoken := self._hear(frame, at_s)) is not None:
                ended.append(spoken)
        return ended

    def so_far(self) -> Spoken | None:
        """The utterance under way, as far as it was heard; None in silence."""
        if self._voiced_s < SHORTEST_S:
            return None
        now_s = self.heard_s
        return self._take(max(self._held_s, self._first_s - MARGIN_S), now_s, now_s)

    def finish(self) -> Spoken | None:
        """End the utterance under way: nothing more comes."""
        return self._end(self._last_s + MARGIN_S, self.heard_s) if self._voiced_s else None

    def _hear(self, frame: Pcm, at_s: float) -> Spoken | None:
        is_voice = int(np.abs(frame.astype(np.int32)).max()) >= _QUIETEST_PEAK and bool(
            self._detector.is_speech(frame.tobytes(), RATE)
        )
        after_s = at_s + _FRAME_S
        if is_voice:
            if not self._voiced_s:
                self._first_s = at_s
            self._last_s = after_s
            self._voiced_s += _FRAME_S
        if not self._voiced_s:
            self._forget(after_s - MARGIN_S)
            return None
        if after_s - self._last_s >= ENDS_S:
            return self._end(self._last_s + MARGIN_S, after_s)
        if after_s - self._first_s >= self._longest_s - 2 * MARGIN_S:
            return self._cut(after_s)
        return None

    def _end(self, until_s: float, now_s: float) -> Spoken | None:
        is_click = self._voiced_s < SHORTEST_S
        until_s = min(until_s, self.heard_s)
        spoken = self._take(max(self._held_s, self._first_s - MARGIN_S), until_s, now_s)
        self._voiced_s = 0.0
        self._forget(until_s)
        return None if is_click else spoken

    def _cut(self, now_s: float) -> Spoken | None:
        """Cut an utterance that would be too long, where it is quietest."""
        held = self._held[: self._looked]
        at_s = self._held_s + quietest(
            held, self._first_s - self._held_s + self._longest_s / 2, now_s - self._held_s
        )
        from_s = max(self._held_s, self._first_s - MARGIN_S)
        spoken = replace(self._take(from_s, at_s, now_s), is_cut=True)
        self._forget(at_s)
        self._first_s, self._voiced_s = at_s, max(SHORTEST_S, now_s - at_s)
        return spoken

    def _take(self, from_s: float, until_s: float, known_s: float) -> Spoken:
        pcm = self._held[self._index(from_s) : self._index(until_s)]
        start_s, end_s = round(from_s, 2), round(until_s, 2)
        return Spoken(start_s=start_s, end_s=end_s, known_s=known_s, pcm=pcm)

    def _forget(self, before_s: float) -> None:
        gone = min(self._index(before_s), self._looked)
        if gone > 0:
            self._held = self._held[gone:]
            self._held_s += gone / RATE
            self._looked -= gone

    def _index(self, at_s: float) -> int:
        return max(0, round((at_s - self._held_s) * RATE))
