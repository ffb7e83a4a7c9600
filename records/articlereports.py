"""Reports that an article is outdated, as rows; whoever keeps the articles closes them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import AgentId, CentreId
from records.knowledge import ArticleReport
from records.tables import article_reports


async def add(
    connection: AsyncConnection,
    centre: CentreId,
    article: str,
    *,
    why: str,
    by: AgentId,
    now: datetime,
) -> int:
    """Keep a report; its id. The same agent's open report of the same article is told anew."""
    table = article_reports.c
    same = (
        select(table.id)
        .where(table.centre == centre, table.article == article, table.by == by)
        .where(table.closed_at.is_(None))
    )
    known = await connection.scalar(same)
    if known is not None:
        told = update(article_reports).where(table.id == known).values(why=why, at=now)
        await connection.execute(told)
        return int(known)
    values = {"centre": centre, "article": article, "why": why, "by": by, "at": now}
    made = await connection.execute(article_reports.insert().returning(table.id), values)
    return int(made.scalar_one())


async def open_reports(connection: AsyncConnection, centre: CentreId) -> list[ArticleReport]:
    """A centre's reports that nobody has closed, the newest first; two hundred at most."""
    table = article_reports.c
    wanted = select(article_reports).where(table.centre == centre, table.closed_at.is_(None))
    found = await connection.execute(wanted.order_by(table.at.desc(), table.id.desc()).limit(200))
    return [_read(row) for row in found.mappings()]


async def count(
    connection: AsyncConnection, centre: CentreId, articles: Sequence[str]
) -> Mapping[str, int]:
    """How many open reports each of those articles has."""
    table = article_reports.c
    wanted = (
        select(table.article, func.count())
        .where(table.centre == centre, table.closed_at.is_(None), table.article.in_(articles))
        .group_by(table.article)
    )
    return Counter({row[0]: row[1] for row in await connection.execute(wanted)})


async def close(
    connection: AsyncConnection, centre: CentreId, report: int, by: AgentId, now: datetime
) -> bool:
    """Close one, once; False: the centre has no such report."""
    table = article_reports.c
    mine = (table.centre == centre, table.id == report)
    if await connection.scalar(select(table.id).where(*mine)) is None:
        return False
    done = update(article_reports).where(*mine, table.closed_at.is_(None))
    await connection.execute(done.values(closed_by=by, closed_at=now))
    return True


def _read(row: RowMapping) -> ArticleReport:
    return ArticleReport(
        id=row["id"],
        article=row["article"],
        why=row["why"],
        by=AgentId(row["by"]),
        at=row["at"],
    )
