"""One talk that is being listened to: its two channels, and all that was written down of it."""

from dataclasses import dataclass, field
from pathlib import Path

from cti.ids import CallId, CentreId
from records.engine.protocol import Channel, Gap, Segment, Transcript
from records.live.ear import MARGIN_S, Ear
from records.live.spoken import Spoken
from records.live.tail import Part, Tail, newest_part, written
from records.live.told import LiveTalk
from records.live.turns import INTERIM_GROWS, INTERIM_S, LATE_S, Piece

BROKEN_OFF = "……"
"""Ends a text whose last words were not read: the final transcript has them."""


@dataclass(frozen=True, slots=True)
class _Read:
    piece: Piece
    text: str
    confidence: float


@dataclass(slots=True)
class _Side:
    channel: Channel
    path: Path
    tail: Tail
    ear: Ear
    interim_s: float = 0.0
    """Up to where the utterance under way was read already."""

    @property
    def is_ending(self) -> bool:
        """The utterance under way may be over, and something of it is unread."""
        paused_s = self.ear.paused_s
        return paused_s > 0 and self.interim_s < self.ear.heard_s - paused_s


@dataclass(slots=True)
class Following:
    """Driven by the listener: ``hear`` every moment, ``finish`` when the talk is over."""

    call: CallId
    centre: CentreId
    is_aside: bool
    is_over: bool = False
    segments: list[Segment] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    _reads: dict[str, _Read] = field(default_factory=dict)
    """What utterances said that were not known to be over, by their key."""
    _part: Part | None = None
    _begun_at: float = 0.0
    """When the part's first sample was recorded, in seconds since 1970."""
    _sides: list[_Side] = field(default_factory=list)

    @classmethod
    def of(cls, talk: LiveTalk) -> "Following":
        """Begin to follow a talk."""
        return cls(call=talk.call, centre=talk.centre, is_aside=talk.is_aside)

    @property
    def offset_s(self) -> float:
        """Where the part that is listened to stands in the whole recording."""
        return self._part.offset_s if self._part else 0.0

    def begin(self, recordings: Path, talk: LiveTalk, now: float) -> bool:
        """Find the recording and where the talk begins in it; False: nothing recorded yet. Blocks.

        Whoever comes late, because the listener was away, begins a few seconds ago.
        """
        part = newest_part(recordings, self.call)
        if part is None:
            return False
        seconds, written_at = written(part.rx)
        self._begun_at = written_at - seconds
        since = max(talk.since.timestamp(), now - LATE_S)
        from_s = max(0.0, since - self._begun_at)
        self._part = part
        self._sides = [
            _Side("caller", part.rx, Tail(part.rx, from_s), Ear(from_s)),
            _Side("agent", part.tx, Tail(part.tx, from_s), Ear(from_s)),
        ]
        return True

    @property
    def is_begun(self) -> bool:
        """Whether there is a recording to listen to."""
        return bool(self._sides)

    @property
    def is_ending(self) -> bool:
        """Whether an utterance under way may be over and is unread."""
        return any(side.is_ending for side in self._sides)

    def hear(self) -> list[Piece]:
        """What has ended since this was asked last. Blocks; a file that is away is silence."""
        ended = []
        for side in self._sides:
            try:
                pcm = side.tail.read()
            except OSError:
                continue
            if self.is_aside and side.channel == "agent":
                pcm = pcm * 0  # the caller's music; what is said aside is nobody's to read here
            for spoken in side.ear.feed(pcm):
                side.interim_s = 0.0
                ended.append(self._piece(side, spoken))
        return sorted(ended, key=lambda piece: piece.said_at)

    def under_way(self) -> Piece | None:
        """The unfinished utterance that pauses, or of which most is unread, if it is worth it."""
        found: list[tuple[bool, float, _Side, Piece]] = []
        for side in self._sides:
            spoken = side.ear.so_far()
            if spoken is None:
                continue
            read_s = max(side.interim_s, spoken.start_s)
            unread = spoken.end_s - read_s
            is_pause = side.is_ending
            if is_pause or unread >= max(INTERIM_S, INTERIM_GROWS * (read_s - spoken.start_s)):
                piece = self._piece(side, spoken, is_final=False, is_pause=is_pause)
                found.append((is_pause, unread, side, piece))
        if not found:
            return None
        *_, side, piece = max(found, key=lambda one: one[:2])
        side.interim_s = piece.spoken.end_s
        return piece

    def note(self, piece: Piece, text: str, confidence: float) -> None:
        """Take what an unfinished utterance said so far."""
        self._reads[piece.key] = _Read(piece, text, confidence)

    def noted(self, piece: Piece) -> tuple[str, float] | None:
        """Its text and confidence, if all of it was read while nobody knew that it was over."""
        read = self._reads.get(piece.key)
        if read is None or not read.piece.is_pause or piece.spoken.is_cut:
            return None
        is_whole = read.piece.spoken.end_s >= piece.spoken.end_s - MARGIN_S
        return (read.text, read.confidence) if is_whole else None

    def half(self, piece: Piece) -> tuple[str, float]:
        """What is known of it though there is no time to read it: marked as broken off, or ''."""
        read = self._reads.get(piece.key)
        if read is None or read.piece.spoken.end_s > piece.spoken.end_s + MARGIN_S:
            return "", 0.0
        return read.text.rstrip("，。") + BROKEN_OFF, read.confidence

    def finish(self) -> list[Piece]:
        """The talk is over: what was being said ends with it."""
        rest = [*self.hear()]
        for side in self._sides:
            spoken = side.ear.finish()
            if spoken is not None:
                rest.append(self._piece(side, spoken))
        return rest

    def keep(self, piece: Piece, text: str, confidence: float) -> Segment | None:
        """Note what an utterance said ('' : a gap). Gives the segment, in the whole recording."""
        self._reads.pop(piece.key, None)
        start_s = round(piece.spoken.start_s + self.offset_s, 2)
        end_s = round(piece.spoken.end_s + self.offset_s, 2)
        if not text:
            self.gaps.append(Gap(channel=piece.channel, start_s=start_s, end_s=end_s))
            return None
        segment = Segment(
            channel=piece.channel,
            start_s=start_s,
            end_s=end_s,
            text=text,
            confidence=round(confidence, 3),
        )
        self.segments.append(segment)
        self.segments.sort(key=lambda one: one.start_s)
        return segment

    def transcript(self, engine: str) -> Transcript:
        """All that was written down so far."""
        return Transcript(engine=engine, segments=tuple(self.segments), gaps=tuple(self.gaps))

    def _piece(
        self, side: _Side, spoken: Spoken, *, is_final: bool = True, is_pause: bool = False
    ) -> Piece:
        return Piece(
            call=self.call,
            channel=side.channel,
            spoken=spoken,
            said_at=self._begun_at + spoken.end_s,
            known_at=self._begun_at + spoken.known_s,
            is_final=is_final,
            is_pause=is_pause,
        )
