"""A draft that grows while its call goes on: the same rules as the final one, on less text.

What an agent wrote is kept, as always; once the final draft stands, nothing grows any more.
"""

from typing import Protocol

from config.profile import Profile
from cti.ids import CallId
from records.engine.protocol import Transcript
from records.extract import extract
from records.store import CallStore
from records.weights import kept


class Growing(Protocol):
    """Where growing drafts go."""

    async def write(self, call: CallId, transcript: Transcript, profile: Profile) -> str:
        """Write the draft so far; the work order's id, '' when it does not grow any more."""
        ...


class GrowingDrafts:
    """``Growing`` on the records."""

    def __init__(self, store: CallStore) -> None:
        self._store = store

    async def write(self, call: CallId, transcript: Transcript, profile: Profile) -> str:
        """Write the draft so far. Raises SQLAlchemy's errors when the database is away."""
        record = await self._store.call(call)
        if record is None:
            return ""
        journal = await self._store.journal(call)
        draft = extract(record, transcript, profile, None, journal, learned=kept())
        return await self._store.grow_draft(call, draft)
