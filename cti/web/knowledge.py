"""The knowledge base over HTTP: searched while they speak, and told when it is outdated.

What is searched for is in the body, never in the address: people say their names and numbers.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from config.knowledge import Article
from config.profile import Profile
from config.workdays import CHINA
from cti.ids import CentreId
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.ports import STORE_FAULTS, Store
from records.knowledge import KnowledgeIndex

PATH: Final = "/api/v1/knowledge"
KEEPERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
ARTICLE: Final = "{article:[^/]+}"
REPORT: Final = "{report:[^/]+}"
MOST_DIGITS: Final = 18

log = structlog.get_logger()


class SearchAsked(BaseModel):
    """What was said, or typed: characters, pinyin or its initials."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, max_length=500)
    limit: int = Field(default=5, ge=1, le=20)


class ArticleShown(BaseModel):
    """One article as an agent reads it."""

    id: str
    title: str
    answer: str
    office: str
    since: date | None
    until: date | None
    source: str
    is_outdated: bool
    """Its days are over, or not begun."""
    reports: int | None
    """How many agents have said it is outdated; null while nobody can tell."""
    score: float


class ArticlesFound(BaseModel):
    """The best first."""

    items: list[ArticleShown]


class ReportAsked(BaseModel):
    """What is wrong with it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    why: str = Field(min_length=1, max_length=300, pattern=r"\S")


class ArticleReportShown(BaseModel):
    """One report that nobody has closed."""

    id: int
    article: str
    title: str
    """'' when the article is gone by now."""
    office: str
    why: str
    by: str
    at: datetime


class ReportsShown(BaseModel):
    """The newest first."""

    items: list[ArticleReportShown]


class Knowledge:
    """Serves ``/api/v1/knowledge``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store, self._hub = store, hub
        self._indexes: dict[CentreId, tuple[Profile, KnowledgeIndex]] = {}

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Search, report, list the reports, close one."""
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/search",
                does="按所说的话、拼音或首字母查知识库。",
                roles=SEATED | {Role.ADMIN},
                handler=self.search,
                body=SearchAsked,
                answer=ArticlesFound,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{ARTICLE}/outdated",
                does="报告一条知识已过期或有误。",
                roles=SEATED,
                handler=self.report,
                body=ReportAsked,
                status=204,
                refusals=("article-unknown",),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/reports",
                does="未处理的知识过期报告，新的在前。",
                roles=KEEPERS,
                handler=self.reports,
                answer=ReportsShown,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/reports/{REPORT}/close",
                does="处理完一条知识过期报告。",
                roles=KEEPERS,
                handler=self.close,
                status=204,
                refusals=("report-unknown",),
            ),
        )

    async def search(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Find articles. A database that is away costs only the count of reports."""
        centre, asked = ask.identity.centre, ask.body
        hits = self._index(centre).find(asked.text, asked.limit)
        counts: Mapping[str, int] | None = None
        if hits:
            try:
                wanted = [hit.article.id for hit in hits]
                counts = await self._store.count_reports(centre, wanted)
            except STORE_FAULTS as error:
                log.warning("reports unknown", why=type(error).__name__)
        today = datetime.now(CHINA).date()
        items = [_shown(hit.article, hit.score, today, counts) for hit in hits]
        return web.json_response(ArticlesFound(items=items).model_dump(mode="json"))

    async def report(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Keep a report. Told twice by one agent, it is one report with the newer words."""
        who = ask.identity
        article = self._article(who.centre, request.match_info["article"])
        if article is None:
            raise Refused("article-unknown")
        await self._store.report_article(
            who.centre, article.id, why=ask.body.why.strip(), by=who.user, now=datetime.now(UTC)
        )
        return web.Response(status=204)

    async def reports(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List what nobody has closed."""
        centre, items = ask.identity.centre, []
        for one in await self._store.article_reports(centre):
            article = self._article(centre, one.article)
            items.append(
                ArticleReportShown(
                    id=one.id,
                    article=one.article,
                    title=article.title if article else "",
                    office=article.office if article else "",
                    why=one.why,
                    by=one.by,
                    at=one.at,
                )
            )
        return web.json_response(ReportsShown(items=items).model_dump(mode="json"))

    async def close(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Close a report; once more changes nothing."""
        who, named = ask.identity, request.match_info["report"]
        is_number = named.isascii() and named.isdecimal() and len(named) <= MOST_DIGITS
        report = int(named) if is_number else 0
        if not await self._store.close_report(who.centre, report, who.user, datetime.now(UTC)):
            raise Refused("report-unknown")
        return web.Response(status=204)

    def _profile(self, centre: CentreId) -> Profile:
        return self._hub.platform.centre_or_home(centre)

    def _article(self, centre: CentreId, name: str) -> Article | None:
        articles = self._profile(centre).knowledge
        return next((one for one in articles if one.id == name), None)

    def _index(self, centre: CentreId) -> KnowledgeIndex:
        profile = self._profile(centre)
        made, index = self._indexes.get(centre, (None, None))
        if index is None or made is not profile:
            index = KnowledgeIndex(profile.knowledge)
            self._indexes[centre] = (profile, index)
        return index


def _shown(
    article: Article, score: float, today: date, counts: Mapping[str, int] | None
) -> ArticleShown:
    return ArticleShown(
        id=article.id,
        title=article.title,
        answer=article.answer,
        office=article.office,
        since=article.since,
        until=article.until,
        source=article.source,
        is_outdated=not article.holds(today),
        reports=None if counts is None else counts.get(article.id, 0),
        score=score,
    )
