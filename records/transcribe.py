"""From two recorded channels to one transcript in spoken order."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from records.engine.protocol import (
    ENGINE_RATE,
    Channel,
    Engine,
    Gap,
    Piece,
    Samples,
    Segment,
    Transcript,
)
from records.engine.vad import RATE, Utterance, utterances

Window = tuple[float, float]
"""From, to, in seconds of the recording."""

_LEVEL = 0.1
"""RMS every utterance is brought to: a whisperer and a shouter are one voice to the engine."""
_MOST_GAIN = 20.0
_SHORTEST_GAP_S = 1.0
"""Less speech than this that gave no words is a cough, not a gap worth showing."""


class Stopped(Exception):  # noqa: N818 - nothing went wrong
    """Whoever wanted the transcript wants it no more."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One channel of a recording, at the telephone's rate."""

    channel: Channel
    pcm: NDArray[np.int16]

    @property
    def length_s(self) -> float:
        """How long it is."""
        return len(self.pcm) / RATE


def read_channels(path: Path, *, only: Channel = "caller") -> list[Heard]:
    """Read any recording soundfile knows: left is the caller, right (if any) the agent.

    A mono file is the channel ``only``. Raises ``soundfile.LibsndfileError`` when it is no
    audio. An hour of one channel takes 58 MB.
    """
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    names: tuple[Channel, ...] = (only,) if samples.shape[1] == 1 else ("caller", "agent")
    return [
        Heard(name, _at_telephone_rate(samples[:, index], rate)) for index, name in enumerate(names)
    ]


def transcribe_call(
    rx: Path,
    tx: Path,
    engine: Engine,
    hotwords: Sequence[str] = (),
    talks: Sequence[Window] | None = None,
) -> list[Segment]:
    """Write down both parties in spoken order. See ``listen``."""
    return list(listen_call(rx, tx, engine, hotwords, talks).segments)


def listen_call(
    rx: Path,
    tx: Path,
    engine: Engine,
    hotwords: Sequence[str] = (),
    talks: Sequence[Window] | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
    others: Mapping[Channel, Sequence[Window]] | None = None,
) -> Transcript:
    """Transcribe a call from its two files, either of which may be missing or empty.

    ``talks`` are the times a seat was on the line, ``others`` those in which only somebody else
    was; outside them the agent's channel holds our own prompts and hold music and is not listened
    to. None: all of it is.
    """
    caller = _read_if_any(rx, "caller")
    agent = _read_if_any(tx, "agent")
    if agent and talks is not None:
        heard = {"agent": talks, **(others or {})}
        agent = [Heard(who, _only(agent[0].pcm, when)) for who, when in heard.items()]
    return listen([*caller, *agent], engine, hotwords, is_stopped)


def listen_sides(
    sides: Iterable[tuple[Path, Channel]],
    windows: Sequence[Window],
    engine: Engine,
    hotwords: Sequence[str],
    is_stopped: Callable[[], bool],
) -> Transcript:
    """Transcribe those files, each of one channel, in those windows only. As ``listen_call``."""
    heard = [
        Heard(channel, _only(one.pcm, windows))
        for path, channel in sides
        for one in _read_if_any(path, channel)
    ]
    return listen(heard, engine, hotwords, is_stopped)


def listen(
    channels: Sequence[Heard],
    engine: Engine,
    hotwords: Sequence[str],
    is_stopped: Callable[[], bool] = lambda: False,
) -> Transcript:
    """Transcribe some channels of one recording.

    Blocks: about 0.1 s of CPU per second of speech with the base Whisper model. One utterance in
    which nothing could be understood is a gap, never a reason to fail. ``is_stopped`` is asked
    before each utterance; once it says yes, ``Stopped`` is raised.
    """
    spoken = sorted(
        ((utterance, heard) for heard in channels for utterance in utterances(heard.pcm)),
        key=lambda pair: (pair[0].start_s, pair[1].channel != "caller"),
    )
    segments: list[Segment] = []
    gaps: list[Gap] = []
    for utterance, heard in spoken:
        if is_stopped():
            raise Stopped
        part = heard.pcm[int(utterance.start_s * RATE) : int(utterance.end_s * RATE)]
        pieces = engine.transcribe(for_engine(part), hotwords)
        found = [piece for piece in pieces if not piece.is_foreign]
        segments.extend(_placed(piece, utterance, heard.channel) for piece in found)
        if not found and utterance.length_s >= _SHORTEST_GAP_S:
            gap = Gap(
                channel=heard.channel,
                start_s=utterance.start_s,
                end_s=utterance.end_s,
                is_foreign=bool(pieces),
            )
            gaps.append(gap)
    return Transcript(engine=engine.name, segments=tuple(segments), gaps=tuple(gaps))


def _placed(piece: Piece, utterance: Utterance, channel: Channel) -> Segment:
    """The piece where it stands in the recording."""
    return Segment(
        channel=channel,
        start_s=round(utterance.start_s + piece.start_s, 2),
        end_s=round(utterance.start_s + piece.end_s, 2),
        text=piece.text,
        confidence=round(piece.confidence, 3),
        raw=piece.raw,
    )


def for_engine(pcm: NDArray[np.int16]) -> Samples:
    """Telephone audio as an engine takes it: level-matched, at the engine's rate."""
    samples: Samples = pcm.astype(np.float32) * np.float32(1 / 32768)
    rms = float(np.sqrt(np.mean(samples * samples))) if len(samples) else 0.0
    if rms > 0:
        gain = min(_MOST_GAIN, _LEVEL / rms)
        samples = np.clip(samples * gain, -1, 1).astype(np.float32)
    resampled: Samples = soxr.resample(samples, RATE, ENGINE_RATE, quality="HQ")
    return resampled.astype(np.float32)


def _at_telephone_rate(samples: NDArray[np.int16], rate: int) -> NDArray[np.int16]:
    if rate == RATE:
        return np.ascontiguousarray(samples)
    resampled: NDArray[np.int16] = soxr.resample(samples, rate, RATE, quality="HQ")
    return resampled.astype(np.int16)


def _read_if_any(path: Path, channel: Channel) -> list[Heard]:
    return read_channels(path, only=channel)[:1] if path.is_file() else []


def _only(pcm: NDArray[np.int16], windows: Sequence[Window]) -> NDArray[np.int16]:
    """The same channel with silence outside the windows."""
    kept = np.zeros_like(pcm)
    for from_s, to_s in windows:
        a, b = max(0, int(from_s * RATE)), max(0, int(to_s * RATE))
        kept[a:b] = pcm[a:b]
    return kept
