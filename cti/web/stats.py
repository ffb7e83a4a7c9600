"""The hotline's figures over HTTP, for people, programs and spreadsheets."""

from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, model_validator

from config.workdays import CHINA
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.figures import FiguresShown
from cti.web.ports import Store
from cti.web.sight import CentreWanted, centre_wanted
from queues.breakdown import BREAKDOWNS

READ: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})
PATH: Final = "/api/v1/stats"
WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST: Final = timedelta(days=366 * 2)

By = Enum("By", {name.replace("-", "_").upper(): name for name in BREAKDOWNS})  # type: ignore[misc]
"""The breakdowns there are."""
ON_A_WALL: Final = frozenset({By("line"), By("half-hour")})
"""What a screen shows of the day; nothing by person."""


class Stretch(BaseModel):
    """Which calls: those that arrived from ``since`` until just before ``until``; last 7 days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    by: By = By("day")
    centre: CentreWanted = None

    @model_validator(mode="after")
    def _is_a_stretch(self) -> "Stretch":
        since, until = self.span(datetime.now(UTC))
        if not timedelta(0) < until - since <= LONGEST:
            raise ValueError("开始时间应早于结束时间，且不超过两年")
        return self

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        """Both ends, what was left out filled in."""
        until = self.until or now
        today = until.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.since or today - timedelta(days=6), until


class SeatFiguresShown(BaseModel):
    """How seats spent their time, in seconds; null where nothing was counted."""

    signed_in_s: float
    ready_s: float
    ringing_s: float
    talking_s: float
    wrapping_up_s: float
    not_ready_s: float
    occupancy: float | None
    wrap_up_s: float | None
    not_ready_by_reason: dict[str, float]


class WholeShown(FiguresShown):
    """All calls and seats together."""

    seats: SeatFiguresShown


class RowShown(FiguresShown):
    """One row of a breakdown; one by line says nothing of seats."""

    row: str
    seats: SeatFiguresShown | None


class WorstShown(BaseModel):
    """The 24 hours with the lowest connection rate."""

    since: AwareDatetime
    connection_share: float


class CallbacksShown(BaseModel):
    """What became of the callers who called in vain."""

    owed: int
    done: int
    closed: int
    failed: int
    overdue: int
    callback_s: float | None


class FollowUpsShown(BaseModel):
    """What citizens say of their finished orders."""

    owed: int
    done: int
    failed: int
    overdue: int
    satisfied_share: float | None
    satisfaction: float | None


class ReportShown(BaseModel):
    """A report."""

    since: AwareDatetime
    until: AwareDatetime
    by: str
    whole: WholeShown
    rows: list[RowShown]
    worst_24_h: WorstShown | None
    callbacks: CallbacksShown
    follow_ups: FollowUpsShown


class Stats:
    """Serves ``/api/v1/stats``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store = store
        self._hub = hub

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The routes of this part."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="来电量、接通率、15秒接通率等统计，可按号码、座席、时段分组。",
                roles=READ | {Role.SCREEN},
                handler=self.report,
                query=Stretch,
                answer=ReportShown,
                refusals=("other-centre", "screen-asks"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/workbook",
                does="同一统计的 Excel 文件。",
                roles=READ,
                handler=self.workbook,
                query=Stretch,
                media=WORKBOOK,
                refusals=("other-centre",),
            ),
        )

    async def report(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Count a centre's calls."""
        wanted: Stretch = ask.query
        if ask.identity.role is Role.SCREEN and wanted.by not in ON_A_WALL:
            raise Refused("screen-asks")
        since, until = wanted.span(datetime.now(UTC))
        centre = centre_wanted(ask.identity, self._hub.platform, wanted.centre)
        found = await self._store.report(centre, since, until, wanted.by.value)
        return web.json_response(found.as_json())

    async def workbook(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The same as a file."""
        wanted: Stretch = ask.query
        since, until = wanted.span(datetime.now(UTC))
        centre = centre_wanted(ask.identity, self._hub.platform, wanted.centre)
        data = await self._store.workbook(centre, since, until, wanted.by.value)
        headers = {"Content-Disposition": 'attachment; filename="stats.xlsx"'}
        return web.Response(body=data, content_type=WORKBOOK, headers=headers)
