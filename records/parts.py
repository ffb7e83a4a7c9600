"""A recording in parts: who is called back is recorded again, and it is one call all the same.

The first part is ``<call>-rx.wav`` and ``-tx.wav``; those of its call-backs have the count of the
offer in their names, ``<call>-3-rx.wav``. A citizen whom a seat called is recorded on the seat's
leg, and once it is moved away from it on its own, ``<call>-1-rx.wav``. Here they become one
timeline, without the time in which nobody was on the line.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import structlog

from records import wav
from records.callrecord import CallRecord, Direction

log = structlog.get_logger()

Window = tuple[float, float]
_SLOP: Final = timedelta(seconds=1)
"""A talk may be noted that much before the end of the part before it."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A call's two sides as one file each."""

    rx: Path
    tx: Path
    lengths: tuple[float, ...] = ()
    """Seconds of each part; empty for a recording in one part."""


@contextmanager
def whole(recordings: Path, record: CallRecord) -> Iterator[Whole]:
    """The call's recording as one; files made for it are gone afterwards.

    Only a call that kept a place is looked for in parts, and a call out. Blocks; raises OSError. A
    part that is no recording is left out.
    """
    rx, tx = (recordings / f"{record.call}-{side}.wav" for side in ("rx", "tx"))
    further = _further(recordings, record)
    if not further:
        yield Whole(rx, tx)
        return
    with TemporaryDirectory() as folder:  # two workers may do the same at once
        joined = Path(folder) / "rx.wav", Path(folder) / "tx.wav"
        yield Whole(*joined, lengths=wav.join(_readable([(rx, tx), *further]), *joined))


def windows(
    record: CallRecord, lengths: Sequence[float], before_s: float, after_s: float
) -> list[Window]:
    """When somebody was on the line, in seconds of a recording whose parts have these lengths.

    The first part begins when the call arrived, each other one with the first talk after the one
    before it. Of a call out the first begins when the seat picks up, and the other with the end of
    the talk with that seat.
    """
    is_out = record.direction is Direction.OUT
    begins = record.rung[0].at if is_out and record.rung else record.arrived_at
    offset, length = 0.0, lengths[0]
    further = list(lengths[1:])
    found: list[Window] = []
    left_at = record.talks[0].until if is_out and record.talks else None
    for talk in record.talks:
        end = left_at or begins + timedelta(seconds=length) - _SLOP
        if further and talk.since >= end:
            offset += length
            begins, length = left_at or talk.since, further.pop(0)
        since = (talk.since - begins).total_seconds() - before_s
        until = length
        if talk.until is not None:
            until = min(length, (talk.until - begins).total_seconds() + after_s)
        found.append((offset + max(0.0, since), offset + until))
    return found


def _further(recordings: Path, record: CallRecord) -> list[tuple[Path, Path]]:
    if record.direction is Direction.OUT:
        moved = (recordings / f"{record.call}-1-rx.wav", recordings / f"{record.call}-1-tx.wav")
        return [moved] if any(path.is_file() for path in moved) else []
    if record.kept_at is None:
        return []
    name = re.compile(rf"{re.escape(record.call)}-(\d+)-(?:rx|tx)\.wav")
    counts = {int(m[1]) for path in recordings.iterdir() if (m := name.fullmatch(path.name))}
    return [
        (recordings / f"{record.call}-{n}-rx.wav", recordings / f"{record.call}-{n}-tx.wav")
        for n in sorted(counts)
    ]


def _readable(parts: Sequence[tuple[Path, Path]]) -> list[tuple[Path, Path]]:
    found = []
    for part in parts:
        try:
            for path in part:
                if path.is_file():
                    with path.open("rb") as file:
                        wav.check(file.read(wav.HEADER))
        except wav.NotARecording:
            log.warning("part of a recording left out", file=part[0].name)
        else:
            found.append(part)
    return found
