"""Hot topics over HTTP: what many call about, for supervisors and programs."""

import asyncio
from datetime import UTC, datetime
from time import monotonic
from typing import Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict

from cti.ids import CentreId
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.ports import Store
from cti.web.sight import CentreWanted, centre_wanted
from records.hottopics import LOOKED_AT, Kind, Topic, hot_topics, with_words

READ: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})
FRESH_S: Final = 60.0
"""For so long an answer is good for everybody of a centre."""
SHOWN: Final = 50
ORDERS: Final = 100
"""Orders named of one topic, the newest; ``count`` says how many there are."""


class TopicsQuery(BaseModel):
    """Whose orders."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: CentreWanted = None


class TopicShown(BaseModel):
    """A matter that many call about."""

    word: str
    place: str
    """Empty: all over the centre."""
    kinds: list[Kind]
    why: list[str]
    """For each kind, the figures that make it one."""
    callers: int
    """Different ones, in the last day."""
    count: int
    orders: list[str]
    first_at: AwareDatetime


class TopicsShown(BaseModel):
    """All of a centre."""

    at: AwareDatetime
    items: list[TopicShown]


class HotTopics:
    """Serves ``/api/v1/topics``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store, self._hub = store, hub
        self._found: dict[CentreId, tuple[float, TopicsShown]] = {}

    @property
    def endpoint(self) -> Endpoint:
        """One."""
        return Endpoint(
            method="GET",
            path="/api/v1/topics",
            does="热点、集中、持续、突发、苗头性诉求：近十天的工单按事项和地点归拢，写明凭据和工单。",
            roles=READ,
            handler=self.show,
            query=TopicsQuery,
            answer=TopicsShown,
            refusals=("other-centre",),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Find them, or tell what was found a moment ago."""
        centre = centre_wanted(ask.identity, self._hub.platform, ask.query.centre)
        at, known = self._found.get(centre, (0.0, None))
        if known is None or monotonic() - at > FRESH_S:
            known = await self._find(centre)
            self._found[centre] = monotonic(), known
        return web.json_response(known.model_dump(mode="json"))

    async def _find(self, centre: CentreId) -> TopicsShown:
        now = datetime.now(UTC)
        said = await self._store.said_since(centre, now - LOOKED_AT)
        found = await asyncio.to_thread(lambda: hot_topics(with_words(said), now))
        return TopicsShown(at=now, items=[_shown(topic) for topic in found[:SHOWN]])


def _shown(topic: Topic) -> TopicShown:
    return TopicShown(
        word=topic.word,
        place=topic.place,
        kinds=list(topic.kinds),
        why=list(topic.why),
        callers=topic.callers,
        count=len(topic.orders),
        orders=list(topic.orders[:ORDERS]),
        first_at=topic.first_at,
    )
