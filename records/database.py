"""One door to SQL: SQLite for one machine, PostgreSQL for many, the same behaviour from both.

Writers of one database never run into each other: SQLite's write transactions take the lock when
they begin (never in the middle, where SQLite could only fail), and wait ``busy_s`` for it.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from records.keyring import Ring
from records.sealedtypes import RING

BUSY_S: Final = 15.0
"""How long a writer waits for another one. Longer than any transaction of ours."""
COMMAND_S: Final = 30.0
"""Deadline of one PostgreSQL statement."""
MIGRATION_LOCK: Final = 0x12345
"""PostgreSQL advisory lock that lets one process migrate while others wait."""
MIGRATIONS: Final = Path(__file__).parent / "migrations"

_WRITES = "hotline_writes"


class Database:
    """An engine with our habits. Make one per process, ``close`` it at the end.

    Used by ``async with database.reading()`` and ``async with database.writing()``; the latter
    commits at its end and rolls back when an exception leaves it. Cancelling is safe in both.
    With a ``ring`` of keys, what says who called is sealed (``records.sealedtypes``).
    """

    def __init__(self, url: str, ring: Ring | None = None, *, busy_s: float = BUSY_S) -> None:
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.engine = _sqlite(url, busy_s) if self.is_sqlite else _postgresql(url)
        setattr(self.engine.dialect, RING, ring)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that only reads. Never waits for writers."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that may write."""
        async with self.engine.connect() as connection:
            await connection.execution_options(**{_WRITES: True})
            async with connection.begin():
                yield connection

    async def check(self) -> None:
        """Raise whatever keeps us from SQL now. For ``/readyz`` and ``doctor``."""
        async with self.reading() as connection:
            await connection.execute(text("SELECT 1"))

    async def close(self) -> None:
        """Give all connections back. The database may be used again afterwards."""
        await self.engine.dispose()


async def upgrade(url: str) -> None:
    """Bring the database at ``url`` to the newest migration, creating it if there is none.

    Idempotent; several processes may call it at once: one migrates, the others wait and find it
    done. All of a migration happens or none of it.
    """
    location = make_url(url)
    if location.get_backend_name() == "sqlite" and location.database:
        Path(location.database).parent.mkdir(parents=True, exist_ok=True)
    database = Database(url)
    try:
        async with database.writing() as connection:
            if not database.is_sqlite:
                await connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            await connection.run_sync(_migrate)
    finally:
        await database.close()


def newest() -> str:
    """The last migration's revision: its file is named after it."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def _is_newest(connection: Connection) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    kept = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    return kept == [newest()]


def _migrate(connection: Connection) -> None:
    if _is_newest(connection):
        return
    # to load it takes a quarter of a second, and it is needed once in a database's life
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _postgresql(url: str) -> AsyncEngine:
    return create_async_engine(
        url,
        hide_parameters=True,  # names and numbers, which an error's text would carry into logs
        pool_pre_ping=True,  # a restarted server costs one ping, not one failed write
        pool_timeout=BUSY_S,
        connect_args={"timeout": 5, "command_timeout": COMMAND_S},
    )


def _sqlite(url: str, busy_s: float) -> AsyncEngine:
    engine = create_async_engine(
        url, hide_parameters=True, connect_args={"timeout": busy_s}, pool_timeout=BUSY_S
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={int(busy_s * 1000)}")
        cursor.execute("PRAGMA foreign_keys=ON")
        # FULL: a work order that was answered for survives a power cut
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
