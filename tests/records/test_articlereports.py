"""That an article is outdated is kept until somebody has seen to it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.settings import Settings
from cti.ids import AgentId, CentreId
from records import articlereports
from records.store import CallStore

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
HERE, THERE = CentreId("chifeng"), CentreId("xining")
ANNA, BAO, CHIEF = AgentId("anna"), AgentId("bao"), AgentId("chief")


async def test_reports_are_kept_told_once_counted_and_closed(tmp_path: Path) -> None:
    """An agent's second report of an article is its first told anew; other centres see none."""
    store = await CallStore.open(Settings(home=tmp_path).sql_url)
    try:
        async with store.database.writing() as connection:

            async def tell(who: AgentId, why: str, later_s: int = 0) -> int:
                now = NOW + timedelta(seconds=later_s)
                return await articlereports.add(
                    connection, HERE, "id-card", why=why, by=who, now=now
                )

            first = await tell(ANNA, "工本费变了")
            assert await tell(ANNA, "工本费改为20元", 5) == first
            other = await tell(BAO, "地址变了", 9)
            assert [
                (one.id, one.why) for one in await articlereports.open_reports(connection, HERE)
            ] == [
                (other, "地址变了"),
                (first, "工本费改为20元"),
            ]
            wanted = ["id-card", "school"]
            assert await articlereports.count(connection, HERE, wanted) == {"id-card": 2}
            assert await articlereports.count(connection, THERE, wanted) == {}
            assert not await articlereports.close(connection, THERE, first, CHIEF, NOW)
            assert await articlereports.close(connection, HERE, first, CHIEF, NOW)
            assert await articlereports.close(connection, HERE, first, CHIEF, NOW)
            assert await articlereports.count(connection, HERE, wanted) == {"id-card": 1}
            assert await tell(ANNA, "又变了", 20) not in (first, other)
    finally:
        await store.close()
