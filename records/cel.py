"""Asterisk's channel event log: JSON lines, read from where we stopped, whatever happened to it.

The file grows while it is read, is rotated by renaming, and may end in half a line. A line that
is no event is counted, never an error. Pure: bytes and file facts in, events out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern


@dataclass(frozen=True, slots=True)
class CelEvent:
    """One line: what happened to one channel, and when. ``extra`` is empty for most events."""

    type: str
    """``CHAN_START``… or, for our own marks, the mark's name (``WAIT``)."""
    at: float
    """Epoch seconds."""
    uniqueid: str
    linkedid: str
    account: str
    """Our call id, once ``[arrive]`` has set it."""
    channel: str
    context: str
    exten: str
    num: str
    extra: Mapping[str, str]
    offset: int = 0
    """Where its line begins in its file."""

    @property
    def time(self) -> datetime:
        """When, as an aware datetime."""
        return datetime.fromtimestamp(self.at, UTC)


@dataclass(frozen=True, slots=True)
class Block:
    """What a stretch of the file held."""

    events: Sequence[CelEvent]
    bad: int
    """Lines that were no events."""
    length: int
    """Bytes read up to the last whole line; the rest is read again with what follows."""


@dataclass(frozen=True, slots=True, order=True)
class LogFile:
    """A log file as its directory shows it; the oldest sorts first."""

    changed_at: float
    name: str
    inode: int
    size: int


def read_block(data: bytes, offset: int = 0) -> Block:
    """Read the whole lines of ``data``, which begins at ``offset`` of its file."""
    length = data.rfind(b"\n") + 1
    events: list[CelEvent] = []
    bad, begin = 0, 0
    for line in data[:length].split(b"\n")[:-1]:
        try:
            events.append(read_line(line, offset + begin))
        except ValueError:
            bad += 1
        begin += len(line) + 1
    return Block(events, bad, length)


def read_line(line: bytes, offset: int = 0) -> CelEvent:
    """Read one line. Raises ValueError when it is not an event of ours."""
    raw = json.loads(line.decode("utf-8", "replace"))
    if not isinstance(raw, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever is wrong with a line is one error
    try:
        return CelEvent(
            type=intern(raw["eventtype"]),
            at=_seconds(raw["eventtime"]),
            uniqueid=str(raw["uniqueid"]),
            linkedid=str(raw["linkedid"]),
            account=str(raw.get("accountcode") or ""),
            channel=str(raw["channame"]),
            context=intern(str(raw.get("context") or "")),
            exten=str(raw.get("exten") or ""),
            num=str(raw.get("num") or ""),
            extra=_extra(raw.get("eventextra")),
            offset=offset,
        )
    except (KeyError, TypeError, OverflowError) as error:
        raise ValueError("not an event") from error


def _seconds(value: object) -> float:
    at = float(str(value))
    datetime.fromtimestamp(at, UTC)  # a time no calendar has is no time
    return at


def _extra(value: object) -> Mapping[str, str]:
    """Flatten what an event carries: Asterisk's JSON, and the ``key=value`` text of our marks."""
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    if not isinstance(value, dict):
        return {}
    flat = {str(key): "" if item is None else str(item) for key, item in value.items()}
    pairs = (word.partition("=") for word in flat.pop("extra", "").split())
    return {**flat, **{key: text for key, is_pair, text in pairs if is_pair}}


def plan(files: Iterable[LogFile], inode: int, offset: int) -> list[tuple[LogFile, int]]:
    """Say which files to read, from which offsets, when reading stopped at ``inode``, ``offset``.

    The file we stopped in may have another name by now; newer files follow it. If it is gone, or
    has shrunk, everything that is there is read: replaying twice changes nothing.
    """
    ordered = sorted(files)
    for index, file in enumerate(ordered):
        if file.inode == inode and file.size >= offset:
            return [(file, offset), *((newer, 0) for newer in ordered[index + 1 :])]
    return [(file, 0) for file in ordered]
