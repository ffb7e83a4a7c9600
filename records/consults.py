"""What was said with a recipient while the caller was on hold: a recording of its own, linked.

Where a profile keeps consults, a recipient's leg has two files named for it, ``<leg>-rx.wav`` (what
the recipient says) and ``<leg>-tx.wav`` (what it hears). They are no part of the call's own
recording, which the caller's line has whole; here they become one stereo file and some transcript.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import soundfile
import structlog

from cti.ids import LegId
from records import wav
from records.callrecord import CallRecord
from records.draft import RecordedPart
from records.engine.protocol import Channel, Engine, Segment
from records.speaker import Window, speaker, together, without
from records.transcribe import listen_sides

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Consult:
    """One recipient's own recording."""

    leg: LegId
    part: str
    """The end of the leg's name, by which it is asked for: ``m1``."""
    channel: Channel
    """Who the recipient is."""
    rx: Path
    tx: Path
    seconds: float
    begun_at: datetime
    """Reckoned back from the file's end, which is the leg's."""

    @property
    def stereo(self) -> Path:
        """Both sides in one file: left the recipient, right what it hears."""
        return self.rx.with_name(f"{self.leg}.wav")


def part_of(leg: str) -> str:
    """The end of a leg's name: ``m1`` of ``node1-1795310090.4-m1``."""
    return leg.rpartition("-")[2]


def find(recordings: Path, record: CallRecord) -> list[Consult]:
    """The recordings of a call's recipients, in the order in which they were rung, mended.

    Blocks; raises OSError. A file that is no recording is left out.
    """
    found = []
    for offer in record.offers:
        if not offer.leg:
            continue
        sides = [recordings / f"{offer.leg}-{side}.wav" for side in ("rx", "tx")]
        there = [path for path in sides if path.is_file()]
        if not there:
            continue
        try:
            ended = max(_mended(path) for path in there)
        except wav.NotARecording:
            log.warning("consult left out", leg=offer.leg)
            continue
        seconds = max(wav.seconds(path) for path in sides)
        found.append(
            Consult(
                leg=offer.leg,
                part=part_of(offer.leg),
                channel=speaker(offer),
                rx=sides[0],
                tx=sides[1],
                seconds=seconds,
                begun_at=datetime.fromtimestamp(ended, UTC) - timedelta(seconds=seconds),
            )
        )
    return found


def _mended(path: Path) -> float:
    """Mend what a kill left; give when the file ended, which mending does not change."""
    stat = path.stat()
    if wav.mend(path):
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    return stat.st_mtime


def alone(record: CallRecord, consult: Consult) -> list[Window]:
    """When initiator and recipient spoke without the caller, in seconds of the consult."""
    begun = consult.begun_at.timestamp()
    joint = [
        (since - begun, consult.seconds if until is None else until - begun)
        for since, until in together(record, consult.leg)
    ]
    return without([(0.0, consult.seconds)], joint)


def listen(
    record: CallRecord,
    found: Sequence[Consult],
    engine: Engine,
    hotwords: Sequence[str],
    is_stopped: Callable[[], bool],
) -> list[Segment]:
    """Write down what was said without the caller; what the caller heard is in its own recording.

    Blocks, and stops, as ``transcribe.listen`` does.
    """
    segments: list[Segment] = []
    for consult in found:
        windows = alone(record, consult)
        try:
            heard = listen_sides(
                ((consult.rx, consult.channel), (consult.tx, "agent")),
                windows,
                engine,
                hotwords,
                is_stopped,
            )
        except soundfile.LibsndfileError:
            log.warning("consult cannot be read", leg=consult.leg)
            continue
        segments += [replace(segment, part=consult.part) for segment in heard.segments]
    return segments


def join(found: Sequence[Consult]) -> None:
    """Make each consult's stereo file. Blocks; raises OSError."""
    for consult in found:
        with suppress(wav.NotARecording):
            wav.stereo(consult.rx, consult.tx, consult.stereo)


def shown(record: CallRecord, found: Sequence[Consult]) -> tuple[RecordedPart, ...]:
    """How a work order links them."""
    return tuple(
        RecordedPart(
            url=f"/api/v1/calls/{record.call}/recording?part={consult.part}",
            seconds=round(consult.seconds, 2),
            channel=consult.channel,
            part=consult.part,
        )
        for consult in found
    )
