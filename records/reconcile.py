"""What the switch could not write, written afterwards: from Asterisk's own log and the recordings.

Run at every start and whenever somebody likes: what is there is left as it is. A call that lives
is left to the brain; a call nobody ended is closed; a recording nobody knows gets its record.
"""

import asyncio
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from config.settings import Settings
from cti.effects import CompleteDraft, Fact, WriteCall
from cti.ids import CALLED_OUT, CallId, CentreId, LineId
from records import logfiles, wav
from records.callrecord import CallRecord, Direction, Disposition, Source
from records.cel import plan, read_block
from records.merge import merge, with_agents
from records.moves import with_targets
from records.rebuild import SWITCH_DIED, Replay
from records.store import CallStore, RecordingFiles

BATCH: Final = 250
"""Calls written in one transaction: other writers wait no longer than that takes."""
SETTLING: Final = timedelta(seconds=30)
"""What moved this recently may belong to a call younger than the caller's list of live ones."""

OVERLAP: Final = timedelta(hours=1)
"""How far before the last look the next one begins: clocks and file systems are not that exact."""
LONGEST: Final = timedelta(days=1)
"""No call lasts longer. A recording is named for the second its call came in."""

_NAME: Final = re.compile(r"(?P<call>[a-z0-9]+-(?P<born>\d+)\.\d+)-(?P<side>rx|tx)\.wav")
_BORN: Final = re.compile(r"-(\d+)\.\d+$")

log = structlog.get_logger()


@dataclass(slots=True)
class Report:
    """What was found and done. Run again, everything but what was read is 0."""

    events: int = 0
    bad_lines: int = 0
    replayed: int = 0
    """Calls read from the log."""
    added: int = 0
    """Calls nobody had written."""
    corrected: int = 0
    """Calls whose record was unended or poorer."""
    live: int = 0
    """Calls left alone because they live."""
    closed: int = 0
    """Unended rows that neither Asterisk nor its log knows."""
    owed: int = 0
    """Drafts now owed that were not."""
    recordings: int = 0
    """Recordings newly known."""
    mended: int = 0
    """Files whose header was mended."""
    orphans: int = 0
    """Recordings no call was known for: each has its record and draft now."""
    unreadable: int = 0
    """Files that are no recordings of ours, or cannot be read."""

    def as_dict(self) -> dict[str, int]:
        """Give the counts by name, for ``--json``."""
        return {item.name: getattr(self, item.name) for item in fields(self)}


async def reconcile(
    settings: Settings,
    store: CallStore,
    since: datetime | None = None,
    *,
    live: Collection[CallId] | None = None,
    now: datetime | None = None,
    whole: bool = True,
    log_limit: int = logfiles.LIMIT,
    home: CentreId | None = None,
) -> Report:
    """Write everything that Asterisk's log and the recordings know and SQL does not.

    ``live``: the calls standing in Asterisk, read just before; an empty set when Asterisk does
    not run; None when nobody could ask it: then only what the log itself shows as over is closed.
    ``since``: read the whole log again, and write the calls that arrived from then on.
    ``whole``: look at every recording there is, which takes long in an old archive. Otherwise only
    at those that have moved since shortly before the last look, if there was one.
    ``log_limit``: bytes of log beyond which what has been read is put aside under another name.
    ``home``: the centre of calls that were cut before they could say whose they are; the profile's
    name when nobody says.
    Idempotent, and safe beside a working brain. Raises the database's and the file system's errors
    and may then simply be run again.
    """
    home = home or CentreId(settings.profile.rstrip("/").rpartition("/")[2])
    run = _Run(settings, store, since, live, now or datetime.now(UTC), home)
    await run.replay_log()
    await run.close_unknown()
    await run.find_recordings(whole=whole)
    await run.owe_drafts()
    await run.put_log_aside(log_limit)
    log.info("reconciled", **run.report.as_dict())
    return run.report


class _Run:
    """One reconciliation, step by step."""

    def __init__(
        self,
        settings: Settings,
        store: CallStore,
        since: datetime | None,
        live: Collection[CallId] | None,
        now: datetime,
        home: CentreId,
    ) -> None:
        self._settings = settings
        self._home = home
        self._store = store
        self._since = since
        self._live = live
        self._now = now
        self._settled = now - SETTLING
        self._unended: set[CallId] = set()
        self._cursor = f"cel:{settings.node}"
        self._mark = f"recordings:{settings.node}"
        self._stopped_in = (0, "")
        self.report = Report()

    async def replay_log(self) -> None:
        """Read the log on from where it was left, and write the calls in it."""
        inode, offset = (0, 0) if self._since else await self._store.cursor(self._cursor)
        log_file = self._settings.cel_file
        files = plan(await asyncio.to_thread(logfiles.log_files, log_file), inode, offset)
        replay = Replay(self._home)
        reached = [start for _, start in files]
        for index, (file, start) in enumerate(files):
            offset = start
            while True:
                data = await asyncio.to_thread(logfiles.read_on, log_file, file, offset)
                block = await asyncio.to_thread(read_block, data, offset)
                if not block.length:
                    break
                offset += block.length
                self.report.events += len(block.events)
                self.report.bad_lines += block.bad
                replay.feed(block.events, index)
                await self._write(replay.take())
            reached[index] = offset
        if self._live is not None:
            replay.cut(self._live, self._settled)
            await self._write(replay.take())
        await self._write(replay.rest())
        if files:
            at = replay.oldest() or (len(files) - 1, reached[-1])
            stopped_in = files[at[0]][0]
            await self._store.set_cursor(self._cursor, stopped_in.inode, at[1])
            self._stopped_in = (stopped_in.inode, stopped_in.name)

    async def put_log_aside(self, limit: int) -> None:
        """Let a log that has grown large begin anew, once no older one is needed any more."""
        inode, name = self._stopped_in
        log_file = self._settings.cel_file
        if name != log_file.name:
            return
        try:
            if await asyncio.to_thread(logfiles.put_aside, log_file, inode, limit):
                log.info("log put aside")
        except OSError as error:
            log.warning("log cannot be put aside", error=str(error))

    async def _write(self, records: Sequence[CallRecord]) -> None:
        for start in range(0, len(records), BATCH):
            piece = [r for r in records[start : start + BATCH] if self._concerns(r)]
            known = {r.call: r for r in await self._store.records([r.call for r in piece])}
            piece = [with_agents(r, known[r.call]) if r.call in known else r for r in piece]
            piece = [await self._with_people(await self._with_targets(r)) for r in piece]
            news = [r for r in piece if r.call not in known or merge(known[r.call], r) == r]
            news = [r for r in news if known.get(r.call) != r]
            self.report.replayed += len(piece)
            self.report.added += sum(r.call not in known for r in news)
            self.report.corrected += sum(r.call in known for r in news)
            self._unended |= {r.call for r in piece if r.ended_at is None}
            await self._store.write_facts([WriteCall(record=r) for r in news])

    async def _with_targets(self, record: CallRecord) -> CallRecord:
        """The log knows recipients' telephones; whom they were to be, the journal."""
        if not any(offer.leg and not offer.target for offer in record.offers):
            return record
        return with_targets(record, await self._store.journal(record.call))

    async def _with_people(self, record: CallRecord) -> CallRecord:
        """It knows seats; of a call that no brain saw, the seats' times say who sat there."""
        if all(talk.agent or not talk.seat for talk in record.talks):
            return record
        talks = [
            talk
            if talk.agent or not talk.seat
            else replace(talk, agent=await self._store.who_sat(talk.seat, talk.since))
            for talk in record.talks
        ]
        return replace(record, talks=tuple(talks))

    def _concerns(self, record: CallRecord) -> bool:
        # A call that is over in the log is over: whoever says it lives has not heard of it yet,
        # and the log is not read a second time.
        if record.ended_at is None and record.call in (self._live or ()):
            self.report.live += 1
            self._unended.add(record.call)
            return False
        return self._since is None or record.arrived_at >= self._since

    async def close_unknown(self) -> None:
        """Close the rows of calls that neither live nor stand in the log: the log was lost."""
        if self._live is None:
            return
        closed = [
            closing(record)
            for record in await self._store.unended()
            if record.call not in self._live
            and record.call not in self._unended
            and record.arrived_at < self._settled
        ]
        self.report.closed += len(closed)
        await self._store.write_calls(closed)

    async def find_recordings(self, *, whole: bool) -> None:
        """Say which files are which call's, mend what a kill left, open records for strangers."""
        since = None if whole else await self._looked_at()
        found = await asyncio.to_thread(_sides, self._settings.recordings, since)
        calls, mark = list(found), self._now.timestamp()
        for start in range(0, len(calls), BATCH):
            piece = calls[start : start + BATCH]
            recorded = await self._store.recorded(piece)
            fresh = {call: found[call] for call in piece if call not in recorded}
            done = await self._find(
                {call: sides for call, sides in fresh.items() if call not in (self._live or ())}
            )
            # What is left for later is looked at again, however long ago it has moved.
            mark = min([mark, *(_moved(fresh[call]) for call in fresh if call not in done)])
        await self._store.set_cursor(self._mark, 0, int(mark))

    async def _looked_at(self) -> datetime | None:
        _, mark = await self._store.cursor(self._mark)
        return min(self._now, datetime.fromtimestamp(mark, UTC)) - OVERLAP if mark else None

    async def _find(self, found: Mapping[CallId, Mapping[str, float]]) -> Collection[CallId]:
        """Give these recordings to their calls. Returns the calls that are over."""
        known = {r.call: r for r in await self._store.records(list(found))}
        lost = [
            orphan(call, found[call], self._home)
            for call in found
            if call not in known and self._is_settled(found[call])
        ]
        await self._store.write_calls(lost)
        over = {r.call for r in known.values() if r.ended_at} | {r.call for r in lost}
        files = await asyncio.to_thread(
            self._mend, [(call, found[call]) for call in found if call in over]
        )
        await self._store.write_recordings(files)
        self.report.orphans += len(lost)
        self.report.recordings += len(files)
        return over

    def _is_settled(self, sides: Mapping[str, float]) -> bool:
        return _moved(sides) < self._settled.timestamp()

    def _mend(self, piece: Sequence[tuple[CallId, Mapping[str, float]]]) -> list[RecordingFiles]:
        files = []
        for call, sides in piece:
            names = {side: f"{call}-{side}.wav" for side in sides}
            for name in names.values():
                try:
                    self.report.mended += wav.mend(self._settings.recordings / name)
                except (wav.NotARecording, OSError) as error:
                    self.report.unreadable += 1
                    log.warning("recording cannot be mended", call=call, error=str(error))
            longest = max(wav.seconds(self._settings.recordings / name) for name in names.values())
            files.append(
                RecordingFiles(
                    call=call,
                    rx=names.get("rx"),
                    tx=names.get("tx"),
                    stereo=None,
                    seconds=longest,
                )
            )
        return files

    async def owe_drafts(self) -> None:
        """Owe each ended call its draft."""
        owed = await self._store.without_job()
        self.report.owed += len(owed)
        facts: list[Fact] = [CompleteDraft(call=call) for call in owed]
        for start in range(0, len(facts), BATCH):
            await self._store.write_facts(facts[start : start + BATCH])


def closing(record: CallRecord) -> CallRecord:
    """End a record of which nothing more can be known, at the last thing that was seen."""
    seen = [record.arrived_at, *(offer.at for offer in record.offers)]
    seen += [at for talk in record.talks for at in (talk.since, talk.until) if at is not None]
    ended_at = max([*seen, record.waited_since or record.arrived_at])
    talks = tuple(
        talk if talk.until is not None else replace(talk, until=ended_at) for talk in record.talks
    )
    lost = Disposition.CUT if record.direction is Direction.IN else Disposition.UNREACHED
    return replace(
        record,
        ended_at=ended_at,
        disposition=Disposition.ANSWERED if talks else lost,
        cause=SWITCH_DIED,
        talks=talks,
        source=Source.GLIMPSED,
    )


def orphan(call: CallId, sides: Mapping[str, float], centre: CentreId) -> CallRecord:
    """Write the record of a call of which only the recording is left.

    Its id says when it came, its file when it ended; whether anybody answered, only ears can tell.
    """
    ended_at = datetime.fromtimestamp(_moved(sides), UTC)
    born = _BORN.search(call)
    arrived_at = datetime.fromtimestamp(int(born[1]), UTC) if born else ended_at
    is_out = call.startswith(CALLED_OUT)
    return CallRecord(
        call=call,
        centre=centre,
        line=LineId(""),
        dnis="",
        ani="",
        arrived_at=min(arrived_at, ended_at),
        ended_at=ended_at,
        disposition=Disposition.UNREACHED if is_out else Disposition.CUT,
        cause=SWITCH_DIED,
        source=Source.FILES,
        direction=Direction.OUT if is_out else Direction.IN,
    )


def _moved(sides: Mapping[str, float]) -> float:
    return max(sides.values())


def _sides(recordings: Path, since: datetime | None) -> dict[CallId, dict[str, float]]:
    """List the recordings that moved since then: call → side → when, the oldest call first.

    An old archive's files are told by their names alone, without a look at each.
    """
    moved = since.timestamp() if since else 0.0
    born = moved - LONGEST.total_seconds()
    listed = [
        (entry, name)
        for entry in logfiles.entries(recordings)
        if (name := _NAME.fullmatch(entry.name)) and int(name["born"]) >= born
    ]
    found: dict[CallId, dict[str, float]] = {}
    for entry, name in sorted(listed, key=lambda each: each[0].name):
        with suppress(FileNotFoundError):  # a worker has joined the two sides meanwhile
            found.setdefault(CallId(name["call"]), {})[name["side"]] = entry.stat().st_mtime
    return {call: sides for call, sides in found.items() if sides and _moved(sides) >= moved}
