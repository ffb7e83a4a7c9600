"""The ledger over HTTP: read and edit the table, check, plan, apply, roll back, explain.

Administrators change their own centre's table; who belongs to home may change any, and alone puts
the whole platform in force. Supervisors read. A caller's number never stands in an address.
"""

import asyncio
import re
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from config.ledgerview import (
    CentreNamed,
    ChangesShown,
    CheckShown,
    ImportShown,
    LedgerShown,
    PlanShown,
    Question,
    RevisionShown,
    Sheet,
)
from cti.ids import CentreId
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.ledgerport import Ledger
from cti.web.operations import Operations, OperationShown

READ: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
WRITE: Final = frozenset({Role.ADMIN})
TABLE_LIMIT: Final = 16_000_000
"""Bytes of a table: some 30,000 rows as JSON."""
SHEET_LIMIT: Final = 4_000_000
SHEETS: Final = (
    "text/csv",
    "application/octet-stream",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
OPERATION: Final = "{operation:[A-Za-z0-9-]{1,64}}"
PATH: Final = "/api/v1/numbers"


_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""A full-width space is none: people write names with it."""


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("control characters")
    return text.strip()


Cell = Annotated[str, Field(max_length=1000), AfterValidator(_one_line)]
Why = Annotated[str, Field(max_length=500), AfterValidator(_one_line)]
Digits = Annotated[str, Field(pattern=r"^[+]?[0-9*#]{1,24}$")]
OptionalDigits = Annotated[str, Field(pattern=r"^([+]?[0-9*#]{1,24})?$")]
Centre = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]{0,31}$")]


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CentreQuery(_Said):
    """Whose table; without it, one's own centre's."""

    centre: Centre | None = None


class ImportQuery(CentreQuery):
    """A sheet's name, whether it is all the table or some numbers, and whether to write it."""

    name: str = Field(default="numbers.csv", min_length=1, max_length=200)
    write: bool = Field(default=False, description="true：没有错误时写入号码表，须带 If-Match")
    part: bool = Field(default=False, description="true：只替换表中有的号码，其余保持不变")


class TablePut(_Said):
    """The whole table: each row as column → cell."""

    rows: list[dict[Cell, Cell]] = Field(min_length=1, max_length=50_000)


class ExplainAsked(_Said):
    """Whose call is to be explained."""

    dialled: Digits = Field(description="来电人拨打的号码")
    ani: OptionalDigits = Field(default="", alias="from", description="来电号码")
    at: AwareDatetime | None = Field(default=None, description="来电时间，须带时区；不写为现在")
    via: Centre | None = Field(default=None, description="从哪个中心的中继进来")
    revision: int | None = Field(
        default=None, ge=0, le=999_999, description="版本号，0 为正在使用的版本；不写为工作副本"
    )


class Applied(_Said):
    """Why it is applied."""

    why: Why = ""


class RolledBack(Applied):
    """Which revision's content comes back."""

    revision: int = Field(ge=1, le=999_999)


class History(BaseModel):
    """All revisions, the newest first."""

    items: list[RevisionShown]


class Centres(BaseModel):
    """The centres whose tables the reader may open, the own one first."""

    items: list[CentreNamed]


class Whose:
    """Whose centre a request is about, and whether it may be about it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def centre(self, ask: Ask) -> CentreId:
        """The asker's own centre, or the one that somebody of home named."""
        own, wanted = ask.identity.centre, ask.query.centre
        if wanted in (None, own):
            return own
        await self.only_home(ask)
        return CentreId(wanted)

    async def centres(self, ask: Ask) -> list[CentreNamed]:
        """Those that ``centre`` lets the asker name, the own one first."""
        own = ask.identity.centre
        found, home = await asyncio.to_thread(lambda: (self._ledger.centres(), self._ledger.home()))
        seen = [one for one in found if own in (one.centre, home)]
        return sorted(seen, key=lambda one: one.centre != own)

    async def only_home(self, ask: Ask) -> None:
        """Refuse whoever does not belong to the platform's own centre."""
        if ask.identity.centre != await asyncio.to_thread(self._ledger.home):
            raise Refused("home-only")


class Numbers:
    """Serves ``/api/v1/numbers``. What blocks runs in threads."""

    def __init__(self, ledger: Ledger, operations: Operations) -> None:
        self._ledger = ledger
        self._operations = operations
        self._whose = Whose(ledger)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Read, write, check, plan, explain, apply, history."""
        return (*self._table(), *self._questions(), *self._changes())

    def _table(self) -> tuple[Endpoint, ...]:
        writing = (
            "home-only",
            "centre-unknown",
            "profile-faults",
            "tag-missing",
            "table-changed",
        )
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="归并号码表：工作副本的各行、含义和错误；ETag 是它的版本。",
                roles=READ,
                handler=self.show,
                query=CentreQuery,
                answer=LedgerShown,
                refusals=("home-only", "centre-unknown"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/centres",
                does="可以打开哪些中心的表：自己的中心；主中心的人可以打开全平台的。",
                roles=READ,
                handler=self.centres,
                answer=Centres,
            ),
            Endpoint(
                method="PUT",
                path=PATH,
                does="写入归并号码表的工作副本；有错误则全部不写。须带 If-Match。",
                roles=WRITE,
                handler=self.put,
                query=CentreQuery,
                body=TablePut,
                body_limit=TABLE_LIMIT,
                answer=LedgerShown,
                refusals=writing,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/import",
                does="读入 CSV 或 XLSX：认出了什么、错在哪里、会改变什么；默认只看不写。",
                roles=WRITE,
                handler=self.import_sheet,
                query=ImportQuery,
                upload=SHEETS,
                body_limit=SHEET_LIMIT,
                answer=ImportShown,
                refusals=writing,
            ),
        )

    def _questions(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                method="GET",
                path=f"{PATH}/check",
                does="检查工作副本，一次列出全部错误。",
                roles=READ,
                handler=self.check,
                answer=CheckShown,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/plan",
                does="应用工作副本会改变什么：哪些来电人从哪天起会察觉什么。",
                roles=READ,
                handler=self.plan,
                answer=ChangesShown,
                refusals=("profile-faults",),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/explain",
                does="说明一通来电会听到什么、接到哪里、为什么。",
                roles=READ,
                handler=self.explain,
                body=ExplainAsked,
                answer=PlanShown,
                refusals=("profile-faults", "revision-unknown", "centre-unknown"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/history",
                does="历次应用、回退：何时、何人、为何。",
                roles=READ,
                handler=self.history,
                answer=History,
            ),
        )

    def _changes(self) -> tuple[Endpoint, ...]:
        applying = (
            "home-only",
            "operation-under-way",
            "apply-busy",
            "profile-faults",
            "dialplan-refused",
        )
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/apply",
                does="应用工作副本，不断开任何来电；25 秒内没有完成则答 202 和查询地址。",
                roles=WRITE,
                handler=self.apply,
                body=Applied,
                answer=OperationShown,
                also=(202,),
                refusals=applying,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/rollback",
                does="回退到以前的版本；产生一个新版本，内容与旧的相同。",
                roles=WRITE,
                handler=self.rollback,
                body=RolledBack,
                answer=OperationShown,
                also=(202,),
                refusals=(*applying, "revision-unknown"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/operations/{OPERATION}",
                does="应用或回退进行到哪一步。",
                roles=READ,
                handler=self.operation,
                answer=OperationShown,
                refusals=("operation-unknown",),
            ),
        )

    # --- the table ---------------------------------------------------------------------------

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The centre's table."""
        centre = await self._whose.centre(ask)
        return _table_answer(await asyncio.to_thread(self._ledger.show, centre))

    async def centres(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The centres whose tables may be opened."""
        return _answer(Centres(items=await self._whose.centres(ask)))

    async def put(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Write the centre's table."""
        centre, tag, put = await self._whose.centre(ask), tag_of(request), ask.body
        who = ask.identity.user
        shown = await asyncio.to_thread(self._ledger.put, centre, put.rows, tag=tag, who=who)
        return _table_answer(shown)

    async def import_sheet(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Understand a sheet, and write it when that was asked for."""
        query: ImportQuery = ask.query
        centre = await self._whose.centre(ask)
        tag = tag_of(request) if query.write else None
        shown = await asyncio.to_thread(
            self._ledger.import_sheet,
            centre,
            Sheet(name=query.name, data=ask.upload),
            tag=tag,
            who=ask.identity.user,
            is_part=query.part,
        )
        return _answer(shown)

    # --- questions ---------------------------------------------------------------------------

    async def check(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Check."""
        return _answer(await asyncio.to_thread(self._ledger.check))

    async def plan(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Compare."""
        return _answer(await asyncio.to_thread(self._ledger.plan))

    async def explain(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Explain one call."""
        said: ExplainAsked = ask.body
        asked = Question(
            dialled=said.dialled,
            ani=said.ani,
            at=said.at,
            via=CentreId(said.via) if said.via else None,
            revision=said.revision,
        )
        return _answer(await asyncio.to_thread(self._ledger.explain, asked))

    async def history(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List revisions."""
        return _answer(History(items=await asyncio.to_thread(self._ledger.history)))

    # --- changes -----------------------------------------------------------------------------

    async def apply(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Put the working copy in force."""
        await self._whose.only_home(ask)
        who, why = ask.identity.user, ask.body.why
        operation = self._operations.start(
            "apply", who, lambda tell: self._ledger.apply(who=who, why=why, tell=tell)
        )
        return await self._operations.answer(operation)

    async def rollback(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Put an older revision in force again."""
        await self._whose.only_home(ask)
        said: RolledBack = ask.body
        who = ask.identity.user
        operation = self._operations.start(
            "rollback",
            who,
            lambda tell: self._ledger.rollback(said.revision, who=who, why=said.why, tell=tell),
        )
        return await self._operations.answer(operation)

    async def operation(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Say how far a piece of work is."""
        return _answer(self._operations.find(request.match_info["operation"]).shown())


def tag_of(request: web.Request) -> str:
    """What ``If-Match`` says; without it nobody's work could be told from another's."""
    written = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if not written or written == "*":
        raise Refused("tag-missing")
    return written


def _answer(shown: Any) -> web.Response:
    return web.json_response(text=shown.model_dump_json(by_alias=True))


def _table_answer(shown: LedgerShown) -> web.Response:
    answer = _answer(shown)
    answer.headers["ETag"] = f'"{shown.tag}"'
    return answer
