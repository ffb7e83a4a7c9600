"""Rows of the audit from where no store is open: a command, a thread. Ring 3; blocks."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from config.revisions import Revision
from config.settings import Settings
from cti.ids import CentreId
from records.keyring import ring
from records.store import CallStore

log = structlog.get_logger()

Note = Callable[[CentreId, str, str, Mapping[str, str]], None]
"""Writes down whose centre, who, what, and what with. Never raises for want of a database."""

WHAT: Final[Mapping[str, str]] = {
    "start": "numbers-started",
    "apply": "numbers-applied",
    "rollback": "numbers-rolled-back",
}
"""How the audit calls each kind of revision."""

AWAY: Final = (OperationalError, InterfaceError, OSError, TimeoutError)


def note_revision(note: Note, made: Revision, before: int | None) -> None:
    """Note a revision that came into force; nothing, when it is the one that was before."""
    if made.number == before:
        return
    data = {"revision": str(made.number), "before": str(made.before or ""), "why": made.why}
    if made.of is not None:
        data["of"] = str(made.of)
    if made.exceptions:
        data["exceptions"] = "；".join(made.exceptions)
    note(CentreId(made.centre), made.who, WHAT[made.kind], data)


def note_in_database(settings: Settings) -> Note:
    """Notes that open the database, write one row and close it.

    What was done is done by then: a database that is away is said in the log, where who and what
    stand too.
    """

    async def write(centre: CentreId, who: str, what: str, data: Mapping[str, str]) -> None:
        store = await CallStore.open(settings.sql_url, ring(settings))
        try:
            await store.write_audit(centre, who, what, data)
        finally:
            await store.close()

    def note(centre: CentreId, who: str, what: str, data: Mapping[str, str]) -> None:
        try:
            asyncio.run(write(centre, who, what, data))
        except AWAY as error:
            why = type(error).__name__
            log.error(
                "audit not written", centre=centre, who=who, what=what, data=dict(data), why=why
            )

    return note
