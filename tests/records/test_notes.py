"""What supervisors tell agents is kept until it is read, and who has read it when."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from config.settings import Settings
from cti.ids import AgentId, CentreId
from cti.note import Note
from records import notes
from records.store import CallStore
from records.tables import audit

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HERE, THERE = CentreId("chifeng"), CentreId("xining")
ANNA, BAO, CHIEF = AgentId("anna"), AgentId("bao"), AgentId("chief")


def told(text: str) -> Note:
    return Note(
        id=0, centre=HERE, sender=CHIEF, sender_name="王班长", to=ANNA, text=text, sent_at=NOW
    )


async def test_notes_are_kept_for_each_until_they_have_read_them(tmp_path: Path) -> None:
    """Nobody reads in another's stead or in another centre; reading again keeps the first time."""
    store = await CallStore.open(Settings(home=tmp_path).sql_url)
    try:
        async with store.database.writing() as connection:
            first, other = await notes.add(connection, told("请到培训室"), [ANNA, BAO])
            [second] = await notes.add(connection, told("请回电 13900000001"), [ANNA])
            assert (first.to, first.sender_name, first.read_at) == (ANNA, "王班长", None)
            assert await notes.unread(connection, HERE, ANNA) == [first, second]
            assert await notes.unread(connection, THERE, ANNA) == []
            assert not await notes.acknowledge(connection, HERE, first.id, BAO, NOW)
            assert not await notes.acknowledge(connection, THERE, first.id, ANNA, NOW)
            for later_s in (5, 9):
                at = NOW + timedelta(seconds=later_s)
                assert await notes.acknowledge(connection, HERE, first.id, ANNA, at)
            assert await notes.unread(connection, HERE, ANNA) == [second]
            latest = await notes.latest(connection, HERE, 2)
            assert latest == [second, other]
            [*_, oldest] = await notes.latest(connection, HERE, 9)
            assert oldest.read_at == NOW + timedelta(seconds=5)
            kept = await connection.execute(select(audit.c.who, audit.c.data))
            audited = [(row.who, dict(row.data)) for row in kept]
        said = {"to": "anna、bao", "notes": f"{first.id}、{other.id}"}
        assert audited[0] == (CHIEF, said)
        assert "139" not in str(audited)
    finally:
        await store.close()
