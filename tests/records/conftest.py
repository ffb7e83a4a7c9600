"""Real servers for the records' tests: each database test runs on SQLite and on PostgreSQL."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.ext.asyncio import create_async_engine

from bench.ports import free_port
from config.redisbinary import redis_server as redis_server_program
from config.settings import Settings
from records.database import Database, upgrade
from records.store import CallStore

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def binaries() -> Path:
    """Find PostgreSQL's own binaries, whatever its version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    beside = shutil.which("initdb")
    if beside is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
    return Path(beside).parent


@dataclass
class Postgres:
    """A private PostgreSQL that a test may stop and start."""

    place: Path
    port: int
    bin: Path

    def _run(self, *command: str | Path) -> None:
        # PostgreSQL refuses to run as root
        drop = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*drop, *command], cwd=self.place, check=True, capture_output=True, timeout=60
        )

    def create(self) -> None:
        """Make an empty cluster that trusts this machine and writes without fsync."""
        if os.geteuid() == 0:
            shutil.chown(self.place, "postgres")
        self._run(
            self.bin / "initdb", "-D", self.place / "data", "-A", "trust", "-U", "hotline", "-N"
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = f"-p {self.port} -h 127.0.0.1 -k {self.place} -c fsync=off -c max_connections=40"
        log = self.place / "log"
        self._run(
            self.bin / "pg_ctl", "-D", self.place / "data", "-o", options, "-l", log, "-w", "start"
        )

    def stop(self) -> None:
        """Stop it at once, cutting every connection."""
        self._run(self.bin / "pg_ctl", "-D", self.place / "data", "-m", "immediate", "-w", "stop")

    def url(self, database: str) -> str:
        """Where one of its databases is."""
        return f"postgresql+asyncpg://hotline@127.0.0.1:{self.port}/{database}"

    async def make(self) -> str:
        """Make a new empty database and give its URL."""
        name = f"t{uuid.uuid4().hex[:12]}"
        engine = create_async_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(sqlalchemy.text(f"CREATE DATABASE {name}"))
        await engine.dispose()
        return self.url(name)


def _a_postgres() -> Iterator[Postgres]:
    place = Path(tempfile.mkdtemp(prefix="hotline-pg-"))
    server = Postgres(place=place, port=free_port(), bin=binaries())
    try:
        server.create()
        server.start()
        yield server
        server.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for all tests that leave it running."""
    yield from _a_postgres()


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A server for one test that stops and starts it."""
    yield from _a_postgres()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return await server.make()


@pytest.fixture
async def store(url: str) -> AsyncIterator[CallStore]:
    """A migrated store of each kind."""
    await upgrade(url)
    store = CallStore(Database(url))
    yield store
    await store.close()


@dataclass
class RedisServer:
    """A private Redis that a test may kill and start."""

    place: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Start it and wait until it takes connections."""
        program = redis_server_program(Settings().home)
        assert program is not None, "make test installs it"
        command = [str(program), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once; the server is ours to kill
            command, cwd=self.place, stdout=subprocess.DEVNULL
        )
        async with asyncio.timeout(10):
            while True:
                try:
                    _, writer = await asyncio.open_connection("127.0.0.1", self.port)
                except OSError:
                    await asyncio.sleep(0.02)
                    continue
                writer.close()
                return

    def kill(self) -> None:
        """Kill it as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    """A running Redis of the test's own."""
    server = RedisServer(place=tmp_path, port=free_port())
    await server.start()
    yield server
    server.kill()
