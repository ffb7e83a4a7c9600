"""Migrations and connections, on a real SQLite and a real PostgreSQL."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from cti.ids import CallId
from records.database import MIGRATIONS, Database, newest, upgrade
from records.store import CallStore
from records.tables import metadata
from tests.records.samples import arrived

CHECKOUT = Path(__file__).resolve().parents[2]
UPGRADE = (
    "import asyncio,sys; from records.database import upgrade; asyncio.run(upgrade(sys.argv[1]))"
)

WITHOUT_CENTRE: dict[str, str] = {}
"""Table → why its rows belong to no centre. None so far."""


THEN = "2026-11-20 04:00:00.000000"
OLD_ROWS: dict[str, dict[str, object]] = {
    "calls": {
        "call_id": "node1-1.1",
        "centre": "chifeng",
        "line": "8337772",
        "dnis": "8337772",
        "ani": "13847652301",
        "arrived_at": THEN,
        "disposition": "answered",
        "cause": 16,
        "has_fallen_back": False,
        "source": "live",
    },
    "offers": {
        "call_id": "node1-1.1",
        "position": 0,
        "centre": "chifeng",
        "seat": "chifeng-1001",
        "at": THEN,
        "outcome": "answered",
    },
    "talks": {
        "call_id": "node1-1.1",
        "position": 0,
        "centre": "chifeng",
        "seat": "chifeng-1001",
        "agent": "anna",
        "since": THEN,
    },
}
"""A call as the first program wrote it."""


def _migrate_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def _drift(connection: Connection) -> list[object]:
    return list(compare_metadata(MigrationContext.configure(connection), metadata))


async def test_the_migration_makes_exactly_the_tables(store: CallStore) -> None:
    """What the code writes and what the migrations make never drift apart."""
    async with store.database.reading() as connection:
        assert await connection.run_sync(_drift) == []


def test_every_row_belongs_to_a_centre() -> None:
    """Several centres can share a database, so no row may be without its centre."""
    without = {
        name
        for name, table in metadata.tables.items()
        if "centre" not in table.c or table.c.centre.nullable
    }
    assert without == WITHOUT_CENTRE.keys()


async def test_upgrading_twice_keeps_what_is_there(url: str, store: CallStore) -> None:
    """A second start changes nothing."""
    await store.write_call(arrived())
    await upgrade(url)
    assert arrived() == await store.call(arrived().call)


def test_the_newest_migration_is_the_one_whose_file_is_last() -> None:
    """By that a database is known to need none."""
    scripts = Config()
    scripts.set_main_option("script_location", str(MIGRATIONS))
    assert newest() == ScriptDirectory.from_config(scripts).get_current_head()


async def test_calls_of_an_older_program_are_kept(tmp_path: Path) -> None:
    """Rows written before revisions and peers were known belong to none."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'old.db'}"
    old = Database(url)
    async with old.writing() as connection:
        await connection.run_sync(_migrate_to, "0001")
        for table, row in OLD_ROWS.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            insert = sqlalchemy.text(f"INSERT INTO {table} ({names}) VALUES ({values})")
            await connection.execute(insert, row)
    await old.close()
    store = await CallStore.open(url)
    [record] = await store.records([CallId("node1-1.1")])
    assert (record.revision, record.offers[0].peer, record.talks[0].peer) == (0, "", "")
    assert record.talks[0].seat == "chifeng-1001"
    await store.close()


async def test_programs_that_start_together_migrate_once(url: str) -> None:
    """Brain and workers may start at the same moment on an empty database."""
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", UPGRADE, url, cwd=CHECKOUT, stderr=subprocess.PIPE
        )
        for _ in range(3)
    ]
    for process in started:
        _, told = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == 0, told.decode()
    database = Database(url)
    await database.check()
    async with database.reading() as connection:
        versions = await connection.scalars(
            sqlalchemy.text("SELECT version_num FROM alembic_version")
        )
        newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        assert list(versions) == [newest]
    await database.close()


async def test_a_transaction_that_fails_leaves_nothing(store: CallStore) -> None:
    """What an exception leaves is rolled back."""

    async def broken() -> None:
        async with store.database.writing() as connection:
            await connection.execute(
                sqlalchemy.text("INSERT INTO cursors VALUES ('cel', '', 1, 1)")
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await broken()
    assert await store.cursor("cel") == (0, 0)


async def test_writers_wait_for_each_other(store: CallStore) -> None:
    """Many tasks writing at once: all are written, none is refused."""
    async with asyncio.TaskGroup() as group:
        for n in range(20):
            group.create_task(store.write_call(arrived(f"node1-{n}")))
    assert await store.count_orders() == 20


async def test_sqlite_lets_readers_read_while_one_writes(tmp_path: Path) -> None:
    """WAL: a list at the desk never waits for the outbox."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'hotline.db'}")
    async with store.database.writing() as connection:
        await connection.execute(sqlalchemy.text("INSERT INTO cursors VALUES ('cel', '', 1, 1)"))
        async with asyncio.timeout(5):
            assert await store.cursor("cel") == (0, 0)
    assert await store.cursor("cel") == (1, 1)
    await store.close()


async def test_a_database_that_is_away_is_said_so(tmp_path: Path) -> None:
    """``check`` raises what is wrong."""
    before = set(threading.enumerate())
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'nowhere' / 'hotline.db'}")
    with pytest.raises(sqlalchemy.exc.OperationalError):
        await database.check()
    await database.close()
    async with asyncio.timeout(10):  # its thread tells this loop of its end, which must be open
        while set(threading.enumerate()) - before:  # noqa: ASYNC110 - nothing says when
            await asyncio.sleep(0.01)
