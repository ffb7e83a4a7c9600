"""Every sealed column brought under the newest key, row by row. Functions of a database.

May be stopped at any time and run again: what is under the newest key already is left alone. The
hotline may work meanwhile; each step holds a few hundred rows for some milliseconds.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

from sqlalchemy import JSON, Column, Row, String, Table, select, tuple_, type_coerce, update

from records.database import Database
from records.sealedtypes import Sealed, SealedJson
from records.sealing import Key, sealed_by
from records.tables import metadata

STEP: Final = 200


def sealed_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table that are sealed."""
    return [column for column in table.c if isinstance(column.type, Sealed | SealedJson)]


async def reseal(database: Database, newest: Key) -> AsyncIterator[tuple[str, int]]:
    """Seal everything with the newest key; gives each table's name and how many rows changed,
    after every step.
    """
    for table in metadata.sorted_tables:
        if columns := sealed_columns(table):
            last: tuple[Any, ...] | None = None
            while True:
                last, changed = await _step(database, table, columns, newest, last)
                if last is None:
                    break
                yield table.name, changed


async def forget_plain(database: Database) -> None:
    """Take what was overwritten out of SQLite's file, too: it keeps old pages otherwise.

    Holds the database for as long as it takes to write it anew. PostgreSQL's own VACUUM does it.
    """
    if database.is_sqlite:
        async with database.engine.connect() as connection:
            raw = await connection.get_raw_connection()
            await raw.driver_connection.execute("VACUUM")  # type: ignore[union-attr]  # is open
            await raw.driver_connection.execute(  # type: ignore[union-attr]  # is open
                "PRAGMA wal_checkpoint(TRUNCATE)"
            )


async def _step(
    database: Database,
    table: Table,
    columns: list[Column[Any]],
    newest: Key,
    after: tuple[Any, ...] | None,
) -> tuple[tuple[Any, ...] | None, int]:
    """Go through the next rows; gives the last one's key, None at the end, and how many changed."""
    keys = list(table.primary_key.columns)
    raw = [type_coerce(c, _kept_as(c)).label(f"raw_{c.name}") for c in columns]
    wanted = select(*keys, *columns, *raw).order_by(*keys).limit(STEP).with_for_update()
    if after is not None:
        wanted = wanted.where(tuple_(*keys) > tuple_(*after))
    changed = 0
    async with database.writing() as connection:
        rows = (await connection.execute(wanted)).all()
        for row in rows:
            told = row._mapping
            if stale := [c for c in columns if _is_stale(told[f"raw_{c.name}"], newest)]:
                mine = [key == told[key.name] for key in keys]
                values = {column.name: told[column.name] for column in stale}
                await connection.execute(update(table).where(*mine).values(values))
                changed += 1
    return (_place(rows[-1], keys) if rows else None), changed


def _kept_as(column: Column[Any]) -> String | JSON:
    return JSON() if isinstance(column.type, SealedJson) else String()


def _place(row: Row[Any], keys: list[Column[Any]]) -> tuple[Any, ...]:
    told: Mapping[Any, Any] = row._mapping
    return tuple(told[key.name] for key in keys)


def _is_stale(raw: Any, newest: Key) -> bool:
    if raw is None or raw == "":
        return False
    return not (isinstance(raw, str) and sealed_by(raw, newest))
