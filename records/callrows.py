"""Calls, their offers, talks and journal as rows. Functions of an open transaction."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final, TypeVar

from sqlalchemy import Table, delete, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import bindparam

from cti.effects import WriteJournal
from cti.ids import AgentId, CallId, CentreId, LegId, LineId, PeerId, SeatId
from records import callbacks, followups
from records.callrecord import CallRecord, Direction, Disposition, Offered, Source, Talk
from records.draft import opening
from records.merge import merge
from records.tables import calls, jobs, journal, offers, talks, work_orders

Row = Mapping[Any, Any]
T = TypeVar("T")

CHUNK: Final = 500
"""Rows asked for at once: well under both databases' limit of parameters."""
WRITE_LOCK: Final = 0x12346
"""PostgreSQL advisory lock under which calls are merged; SQLite has one writer anyway."""


def printable(value: str) -> str:
    """Drop what a database cannot keep (NUL, halves of surrogate pairs) from a network's text."""
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Cut into lists of at most ``size``."""
    iterator = iter(items)
    while piece := list(islice(iterator, size)):
        yield piece


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """Insert those rows whose keys are not there yet; leave the others as they are."""
    if not rows:
        return
    of = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    await connection.execute(of(table).on_conflict_do_nothing(), rows)


async def write_records(
    connection: AsyncConnection, records: Iterable[CallRecord], now: datetime
) -> None:
    """Merge records into their rows. A call's first record also opens its one draft."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
    merged: dict[CallId, CallRecord] = {}
    for record in records:
        clean = _clean(record)
        known = merged.get(clean.call)
        merged[clean.call] = clean if known is None else merge(known, clean)
    for piece in chunks(merged.values()):
        await _write_piece(connection, piece, now)


async def _write_piece(
    connection: AsyncConnection, piece: Sequence[CallRecord], now: datetime
) -> None:
    known = {r.call: r for r in await read_records(connection, [r.call for r in piece])}
    fresh = [r for r in piece if r.call not in known]
    changed = [
        true
        for r in piece
        if r.call in known and (true := merge(known[r.call], r)) != known[r.call]
    ]
    if fresh:
        await connection.execute(calls.insert(), [_call_row(r) for r in fresh])
        await insert_new(connection, work_orders, [_order_row(r, now) for r in fresh])
        await _adopt_early(connection, fresh)
    if changed:
        of = [r.call for r in changed]
        await connection.execute(
            update(calls).where(calls.c.call_id == bindparam("of")),
            [{**_call_row(r), "of": r.call} for r in changed],
        )
        await connection.execute(delete(offers).where(offers.c.call_id.in_(of)))
        await connection.execute(delete(talks).where(talks.c.call_id.in_(of)))
        await _reopen(connection, [r for r in changed if _head(r) != _head(known[r.call])], now)
    offer_rows = [row for r in (*fresh, *changed) for row in _offer_rows(r)]
    talk_rows = [row for r in (*fresh, *changed) for row in _talk_rows(r)]
    if offer_rows:
        await connection.execute(offers.insert(), offer_rows)
    if talk_rows:
        await connection.execute(talks.insert(), talk_rows)
    ended = [record for record in (*fresh, *changed) if record.ended_at is not None]
    await callbacks.keep_in_step(connection, ended, read_records)
    await callbacks.note_attempts(connection, ended)
    await followups.note_attempts(connection, ended)


async def _adopt_early(connection: AsyncConnection, fresh: Sequence[CallRecord]) -> None:
    """Give rows that came before their call (an outbox may be read late) their centre."""
    for table in (journal, jobs):
        early = await connection.scalars(
            select(table.c.call_id)
            .where(table.c.call_id.in_([r.call for r in fresh]), table.c.centre == "")
            .distinct()
        )
        centres = {r.call: r.centre for r in fresh}
        for call in early.all():
            await connection.execute(
                update(table).where(table.c.call_id == call).values(centre=centres[call])
            )


async def _reopen(
    connection: AsyncConnection, changed: Sequence[CallRecord], now: datetime
) -> None:
    """Open a draft anew whose signalling facts turned out otherwise, while nobody worked on it."""
    for record in changed:
        row = _order_row(record, now)
        del row["id"]
        await connection.execute(
            update(work_orders)
            .where(
                work_orders.c.call_id == record.call,
                work_orders.c.status == "draft",
                work_orders.c.is_complete.is_(False),
            )
            .values(row)
        )


def _head(record: CallRecord) -> tuple[object, ...]:
    return (record.centre, record.line, record.dnis, record.ani, record.arrived_at)


def _clean(record: CallRecord) -> CallRecord:
    fields = {"line": str(record.line), "dnis": record.dnis, "ani": record.ani}
    if all(value == printable(value) for value in fields.values()):
        return record
    return replace(
        record,
        line=LineId(printable(record.line)),
        dnis=printable(record.dnis),
        ani=printable(record.ani),
    )


def _call_row(record: CallRecord) -> dict[str, object]:
    return {
        "call_id": record.call,
        "centre": record.centre,
        "line": record.line,
        "dnis": record.dnis,
        "ani": record.ani,
        "arrived_at": record.arrived_at,
        "waited_since": record.waited_since,
        "answered_at": record.answered_at,
        "ended_at": record.ended_at,
        "disposition": record.disposition.value,
        "cause": record.cause,
        "has_fallen_back": record.has_fallen_back,
        "source": record.source.value,
        "revision": record.revision,
        "satisfaction": record.satisfaction,
        "kept_at": record.kept_at,
        "direction": record.direction.value,
        "about": record.about,
    }


def _order_row(record: CallRecord, now: datetime) -> dict[str, object]:
    draft = opening(record)
    return {
        "id": draft.id,
        "call_id": record.call,
        "centre": record.centre,
        "status": draft.status,
        "received_at": record.arrived_at,
        "caller_number": record.ani,
        "draft": draft.model_dump(mode="json"),
        "is_complete": False,
        "updated_at": now,
    }


def _offer_rows(record: CallRecord) -> Iterator[Row]:
    for position, offer in enumerate(record.offers):
        yield {
            "call_id": record.call,
            "position": position,
            "centre": record.centre,
            "seat": offer.seat,
            "at": offer.at,
            "outcome": offer.outcome,
            "peer": offer.peer,
            "leg": offer.leg,
            "target": offer.target,
        }


def _talk_rows(record: CallRecord) -> Iterator[Row]:
    for position, talk in enumerate(record.talks):
        yield {
            "call_id": record.call,
            "position": position,
            "centre": record.centre,
            "seat": talk.seat,
            "agent": talk.agent,
            "since": talk.since,
            "until": talk.until,
            "peer": talk.peer,
            "leg": talk.leg,
            "target": talk.target,
        }


async def read_records(connection: AsyncConnection, of: Sequence[CallId]) -> list[CallRecord]:
    """Read those calls that are there, in the order they arrived."""
    found: list[CallRecord] = []
    for piece in chunks(of):
        rows = (
            await connection.execute(select(calls).where(calls.c.call_id.in_(piece)))
        ).mappings()
        offered: dict[str, list[Offered]] = defaultdict(list)
        talked: dict[str, list[Talk]] = defaultdict(list)
        for row in await _of_calls(connection, offers, piece):
            offered[row["call_id"]].append(
                Offered(
                    seat=SeatId(row["seat"]),
                    at=row["at"],
                    outcome=row["outcome"],
                    peer=PeerId(row["peer"]),
                    leg=LegId(row["leg"]),
                    target=row["target"],
                )
            )
        for row in await _of_calls(connection, talks, piece):
            talked[row["call_id"]].append(
                Talk(
                    seat=SeatId(row["seat"]),
                    agent=AgentId(row["agent"]),
                    since=row["since"],
                    until=row["until"],
                    peer=PeerId(row["peer"]),
                    leg=LegId(row["leg"]),
                    target=row["target"],
                )
            )
        found += [_record(r, offered[r["call_id"]], talked[r["call_id"]]) for r in rows]
    return sorted(found, key=lambda record: (record.arrived_at, record.call))


async def _of_calls(
    connection: AsyncConnection, table: Table, piece: Sequence[CallId]
) -> Sequence[Row]:
    chosen = select(table).where(table.c.call_id.in_(piece)).order_by(table.c.position)
    return (await connection.execute(chosen)).mappings().all()


def _record(row: Row, offered: Sequence[Offered], talked: Sequence[Talk]) -> CallRecord:
    return CallRecord(
        call=CallId(row["call_id"]),
        centre=CentreId(row["centre"]),
        line=LineId(row["line"]),
        dnis=row["dnis"],
        ani=row["ani"],
        arrived_at=row["arrived_at"],
        waited_since=row["waited_since"],
        ended_at=row["ended_at"],
        disposition=Disposition(row["disposition"]),
        cause=row["cause"],
        has_fallen_back=row["has_fallen_back"],
        offers=tuple(offered),
        talks=tuple(talked),
        source=Source(row["source"]),
        revision=row["revision"],
        satisfaction=row["satisfaction"],
        kept_at=row["kept_at"],
        direction=Direction(row["direction"]),
        about=None if row["about"] is None else CallId(row["about"]),
    )


async def centres_of(connection: AsyncConnection, of: Iterable[CallId]) -> dict[str, str]:
    """Say which centre each of those calls belongs to, as far as known."""
    known: dict[str, str] = {}
    for piece in chunks(set(of)):
        chosen = select(calls.c.call_id, calls.c.centre).where(calls.c.call_id.in_(piece))
        known.update({row.call_id: row.centre for row in await connection.execute(chosen)})
    return known


async def write_journal(connection: AsyncConnection, lines: Sequence[WriteJournal]) -> None:
    """Append journal lines. The same line again changes nothing."""
    if not lines:
        return
    centre = await centres_of(connection, (line.call for line in lines))
    rows: dict[str, Row] = {}
    for line in lines:
        data = {printable(key): printable(value) for key, value in line.data}
        plain = [line.call, line.at.astimezone(UTC).isoformat(), line.what, data]
        digest = hashlib.sha256(json.dumps(plain).encode()).hexdigest()
        rows[digest] = {
            "digest": digest,
            "call_id": line.call,
            "centre": centre.get(line.call, ""),
            "at": line.at,
            "what": line.what,
            "data": data,
        }
    await insert_new(connection, journal, list(rows.values()))


async def read_journal(connection: AsyncConnection, call: CallId) -> list[WriteJournal]:
    """Read a call's journal in the order it happened."""
    chosen = select(journal).where(journal.c.call_id == call).order_by(journal.c.at, journal.c.id)
    return [
        WriteJournal(
            call=call, at=row["at"], what=row["what"], data=tuple(sorted(row["data"].items()))
        )
        for row in (await connection.execute(chosen)).mappings()
    ]
