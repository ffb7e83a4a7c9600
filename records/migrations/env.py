"""Where Alembic starts. The connection comes from ``records.database.upgrade``.

``alembic`` on the command line is for writing a new revision; it opens the database of the
settings in force by itself.
"""

import asyncio
from typing import Literal

from alembic import context
from sqlalchemy import Connection

from config.settings import Settings
from records.database import Database
from records.sealedtypes import Sealed, SealedJson
from records.tables import Instant, metadata


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types as what they are in SQL: a revision never changes again."""
    if kind != "type":
        return False
    if isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if isinstance(item, Sealed):
        return "sa.String()"
    return "sa.JSON()" if isinstance(item, SealedJson) else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transactional_ddl=True,  # also on SQLite: our transactions begin explicitly
        render_item=_render,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        context.run_migrations()


async def _by_hand() -> None:
    database = Database(Settings().sql_url)
    try:
        async with database.writing() as connection:
            await connection.run_sync(_run)
    finally:
        await database.close()


given: Connection | None = context.config.attributes.get("connection")
if given is None:
    asyncio.run(_by_hand())
else:
    _run(given)
