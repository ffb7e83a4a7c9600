"""Facts on their way to SQL. The driver puts them here and never waits; nothing is lost.

While SQL answers, facts stay a moment in memory and go there in batches. When SQL fails, or has
not answered for ``PATIENCE_S``, they go to a file beside the database, in order, and from there to
SQL when it is back; the file outlives a crash. A fact may be written twice: the store knows it.
What neither SQL nor the disk takes is counted and said loudly; ``hotline reconcile`` recovers it.
"""

import asyncio
import json
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol, assert_never

import structlog
from pydantic import TypeAdapter
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from cti.effects import (
    CloseSeatTimes,
    CompleteDraft,
    Fact,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.ids import CallId

BATCH: Final = 500
ROOM: Final = 10_000
"""Facts kept in memory at most."""
GATHER_S: Final = 1.0
"""How long facts wait for company: a call makes a dozen, and each transaction costs as much CPU
as all the rest of the brain's work on the call. What a crash takes with it, CEL gives back."""
PATIENCE_S: Final = 1.0
"""How long SQL may take before facts go to the file, where a crash cannot reach them."""
BACKOFF_S: Final = (0.2, 0.5, 1.0, 2.0, 5.0)
BLOCK: Final = 1 << 20
"""Bytes read back at once: more than ``BATCH`` facts, far more than one."""
SPILL_STEP: Final = 200
"""Facts moved to the file at once: a few milliseconds of the brain's loop."""

log = structlog.get_logger()

_KINDS: Final[Mapping[str, TypeAdapter[Any]]] = {
    kind.__name__: TypeAdapter(kind)
    for kind in (WriteCall, WriteJournal, WriteSeatTime, CloseSeatTimes, CompleteDraft)
}


class FactSink(Protocol):
    """Where facts end: ``records.store.CallStore``."""

    async def write_facts(self, facts: Sequence[Fact]) -> None:
        """Write all of them, or none and raise."""
        ...


def encode(fact: Fact) -> bytes:
    """Write a fact as one line of JSON."""
    kind = type(fact).__name__
    return json.dumps([kind, _KINDS[kind].dump_python(fact, mode="json")]).encode() + b"\n"


def decode(line: bytes) -> Fact:
    """Read a line that ``encode`` wrote. Raises ValueError for anything else."""
    try:
        kind, data = json.loads(line)
        fact: Fact = _KINDS[kind].validate_python(data)
    except (TypeError, KeyError) as error:
        raise ValueError("not a fact") from error
    return fact


def is_poison(error: Exception) -> bool:
    """Say whether the fact itself is at fault: writing it again would fail again."""
    if isinstance(error, DBAPIError):
        state = str(getattr(error.orig, "sqlstate", None) or "")
        is_data = isinstance(error, IntegrityError | DataError) or state[:2] in {"22", "23"}
        return is_data and not error.connection_invalidated
    return isinstance(error, StatementError | ValueError | TypeError)


class FactOutbox:
    """A queue of facts that survives its database, and its process.

    ``put`` may be called any time in the loop's thread. ``run`` is to be run once, as a task; when
    it is cancelled, what is not in SQL yet is in the file, and the next process's outbox writes it.
    ``ring`` is awaited after drafts were owed; it must not raise (``records.jobs.Doorbell``).
    """

    def __init__(
        self,
        sink: FactSink,
        path: Path,
        ring: Callable[[CallId], Awaitable[None]] | None = None,
        *,
        room: int = ROOM,
    ) -> None:
        self._sink = sink
        self._ring = ring
        self._room = room
        self._file = SpillFile(path)
        self._tail: deque[Fact] = deque()  # everything in the file is older than this
        self._moved = 0  # facts that went to the file since the batch in flight was taken
        self._is_in_trouble = False
        self._failures = 0
        self._lost = 0
        self._rejected = 0
        self._wake = asyncio.Event()
        self._settled = asyncio.Event()
        self._full = asyncio.Event()
        self._is_hurried = False

    def put(self, fact: Fact) -> None:
        """Take one fact over. Never waits; at worst writes a few lines to the file's cache."""
        self._settled.clear()
        if len(self._tail) >= self._room:
            self._spill()
        if len(self._tail) >= self._room:
            self._lost += 1
            if self._lost & (self._lost - 1) == 0:  # 1, 2, 4, 8…: loud, but not a second flood
                log.error("fact lost, reconcile will recover the call", lost=self._lost)
            return
        self._tail.append(fact)
        if self._is_in_trouble or self._file.waiting:
            self._spill()
        self._wake.set()
        if len(self._tail) >= BATCH:
            self._full.set()

    def figures(self) -> Mapping[str, float]:
        """How much waits, and what could not be kept."""
        return {
            "outbox_waiting": len(self._tail),
            "outbox_spilled_bytes": self._file.waiting,
            "outbox_lost": self._lost,
            "outbox_rejected": self._rejected,
            "outbox_bad_lines": self._file.bad,
        }

    async def settled(self) -> None:
        """Wait until everything put so far is in SQL; it goes there without delay."""
        self._is_hurried = True
        self._full.set()
        try:
            await self._settled.wait()
        finally:
            self._is_hurried = False

    async def run(self) -> None:
        """Write facts until cancelled."""
        try:
            while True:
                if self._file.waiting:
                    await self._write_from_file()
                elif self._tail:
                    await self._gather()
                    await self._write_from_memory()
                else:
                    self._settled.set()
                    self._wake.clear()
                    await self._wake.wait()
        finally:
            while self._tail and self._spill():
                pass

    async def _gather(self) -> None:
        """Wait for company, unless a batch is full or somebody waits for all to be written."""
        self._full.clear()
        if len(self._tail) < BATCH and not self._is_hurried:
            with suppress(TimeoutError):
                async with asyncio.timeout(GATHER_S):
                    await self._full.wait()

    async def _write_from_file(self) -> None:
        try:
            facts, end, bad = self._file.peek(BATCH)
        except OSError as error:
            await self._back_off(error)
            return
        if await self._write(facts):
            self._file.forget(end, bad)

    async def _write_from_memory(self) -> None:
        facts = list(islice(self._tail, BATCH))
        self._moved = 0
        if await self._write(facts):
            # what moved to the file meanwhile is written again from there, which changes nothing
            for _ in range(len(facts) - self._moved):
                self._tail.popleft()

    async def _write(self, facts: Sequence[Fact]) -> bool:
        timer = asyncio.get_running_loop().call_later(PATIENCE_S, self._take_cover)
        try:
            await self._sink.write_facts(facts)
        except Exception as error:  # noqa: BLE001 - whatever SQL raises, the facts stay owed
            if not is_poison(error):
                await self._back_off(error)
                return False
            if not await self._write_one_by_one(facts):
                return False
        finally:
            timer.cancel()
        if self._is_in_trouble:
            log.info("database writes again", failures=self._failures)
        self._is_in_trouble = False
        self._failures = 0
        owed = [fact.call for fact in facts if isinstance(fact, CompleteDraft)]
        if owed and self._ring is not None:
            await self._ring(owed[-1])  # one ring: a worker that wakes empties the table
        return True

    async def _write_one_by_one(self, facts: Sequence[Fact]) -> bool:
        """Find the facts that cannot be written and set them aside; the others are written."""
        for fact in facts:
            try:
                await self._sink.write_facts([fact])
            except Exception as error:  # noqa: BLE001 - as above
                if not is_poison(error):
                    await self._back_off(error)
                    return False
                self._rejected += 1
                log.error("fact rejected by the database", fact=type(fact).__name__, of=_of(fact))
                self._file.set_aside(fact)
        return True

    async def _back_off(self, error: Exception) -> None:
        self._take_cover()
        wait = BACKOFF_S[min(self._failures, len(BACKOFF_S) - 1)]
        self._failures += 1
        if self._failures in (1, 10) or self._failures % 100 == 0:
            log.warning(
                "database does not take facts",
                error=type(error).__name__,
                failures=self._failures,
                **self.figures(),
            )
        await asyncio.sleep(wait)

    def _take_cover(self) -> None:
        """SQL is in trouble: bring what is in memory to the file, a step at a time."""
        if not self._is_in_trouble:
            log.warning("database slow or away, facts go to the file", **self.figures())
        self._is_in_trouble = True
        if self._spill() and self._tail:
            asyncio.get_running_loop().call_soon(self._take_cover)

    def _spill(self) -> bool:
        """Move the oldest facts in memory to the file. False when the disk takes none."""
        step = list(islice(self._tail, SPILL_STEP))
        if not step or not self._file.append(step):
            return False
        for _ in step:
            self._tail.popleft()
        self._moved += len(step)
        return True


class SpillFile:
    """Facts on disk, one a line, oldest first. Forgotten from the front, emptied when all are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._offset = 0
        self._size = 0
        self._handle: int | None = None
        self._is_full = False
        self.bad = 0
        """Lines that could not be read: torn by a crash in the middle of a write."""
        if path.exists():
            self._open()

    @property
    def waiting(self) -> int:
        """Bytes not forgotten yet."""
        return self._size - self._offset

    def append(self, facts: Sequence[Fact]) -> bool:
        """Append facts, all or none. False when the disk does not take them."""
        try:
            handle = self._open()
            data = b"".join(encode(fact) for fact in facts)
            if os.write(handle, data) != len(data):
                os.ftruncate(handle, self._size)
                raise OSError("disk full")
        except OSError as error:
            if not self._is_full:
                log.error("outbox file cannot be written, facts stay in memory", error=str(error))
            self._is_full = True
            return False
        self._is_full = False
        self._size += len(data)
        return True

    def peek(self, count: int) -> tuple[list[Fact], int, int]:
        """Read up to ``count`` facts, the offset after them, and how many lines were no facts."""
        facts: list[Fact] = []
        end, bad = self._offset, 0
        # through the handle: a file that somebody removed is still read to its end
        for line in os.pread(self._open(), BLOCK, self._offset).splitlines(keepends=True)[:count]:
            if not line.endswith(b"\n") and end + len(line) < self._size:
                break  # cut by the block, not by a crash
            end += len(line)
            try:
                facts.append(decode(line))
            except ValueError:
                bad += 1
        return facts, end, bad

    def forget(self, end: int, bad: int) -> None:
        """Forget everything before ``end``; empty the file when that is everything."""
        self.bad += bad
        if bad:
            log.warning("outbox lines cannot be read", bad=bad)
        self._offset = end
        if end >= self._size:
            os.ftruncate(self._open(), 0)
            self._offset = self._size = 0

    def set_aside(self, fact: Fact) -> None:
        """Keep a fact that no database will take, for a person to look at."""
        aside = self._path.with_name(f"{self._path.stem}-rejected.jsonl")
        try:
            with aside.open("ab") as file:
                file.write(encode(fact))
        except OSError as error:
            log.error("rejected fact cannot be kept", error=str(error))

    def _open(self) -> int:
        if self._handle is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            size = os.fstat(handle).st_size
            if size and os.pread(handle, 1, size - 1) != b"\n":
                size += os.write(handle, b"\n")  # a crash tore the last line: the next is whole
            self._handle, self._size = handle, size
        return self._handle

    def close(self) -> None:
        """Give the file back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _of(fact: Fact) -> str:
    match fact:
        case WriteCall():
            return fact.record.call
        case WriteSeatTime():
            return fact.stretch.seat
        case CloseSeatTimes():
            return ",".join(fact.centres)
        case WriteJournal() | CompleteDraft():
            return fact.call
        case _:
            assert_never(fact)
