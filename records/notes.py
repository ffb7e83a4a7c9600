"""What supervisors tell agents, one row for each who is told: who, when, and when it was read."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import AgentId, CentreId
from cti.note import Note
from records.audits import add_audit
from records.tables import notes


async def add(connection: AsyncConnection, told: Note, to: Collection[AgentId]) -> list[Note]:
    """Keep what is told, once for each of them, and a row in the audit. ``told.to`` counts not."""
    made = []
    for agent in to:
        row = {
            "centre": told.centre,
            "sender": told.sender,
            "sender_name": told.sender_name,
            "recipient": agent,
            "text": told.text,
            "sent_at": told.sent_at,
        }
        done = await connection.execute(notes.insert().returning(notes), row)
        made.append(_read(done.mappings().one()))
    data = {"to": "、".join(to), "notes": "、".join(str(one.id) for one in made)}
    # its words are not in the audit: they may hold a number
    await add_audit(connection, told.sent_at, told.centre, told.sender, "note-sent", data)
    return made


async def acknowledge(
    connection: AsyncConnection, centre: CentreId, note: int, who: AgentId, now: datetime
) -> bool:
    """The recipient has read it; again changes nothing. False: no such note to them."""
    mine = (notes.c.id == note, notes.c.centre == centre, notes.c.recipient == who)
    if (await connection.execute(select(notes.c.id).where(*mine))).first() is None:
        return False
    unread = update(notes).where(*mine, notes.c.read_at.is_(None))
    await connection.execute(unread.values(read_at=now))
    return True


async def unread(connection: AsyncConnection, centre: CentreId, who: AgentId) -> list[Note]:
    """What that agent was told and has not read, the oldest first."""
    mine = (notes.c.centre == centre, notes.c.recipient == who, notes.c.read_at.is_(None))
    found = await connection.execute(select(notes).where(*mine).order_by(notes.c.id))
    return [_read(row) for row in found.mappings()]


async def latest(connection: AsyncConnection, centre: CentreId, limit: int) -> list[Note]:
    """What the centre's agents were told last, the newest first."""
    wanted = select(notes).where(notes.c.centre == centre).order_by(notes.c.id.desc()).limit(limit)
    return [_read(row) for row in (await connection.execute(wanted)).mappings()]


def _read(row: RowMapping) -> Note:
    return Note(
        id=row["id"],
        centre=row["centre"],
        sender=row["sender"],
        sender_name=row["sender_name"],
        to=row["recipient"],
        text=row["text"],
        sent_at=row["sent_at"],
        read_at=row["read_at"],
    )
