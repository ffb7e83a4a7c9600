"""The tables beside the number table, over HTTP. Checked, applied and rolled back with it.

They hold telephone numbers and names, so administrators alone see them.
"""

import asyncio
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from config.tables import TableShown, TablesShown
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.ledgerport import Ledger
from cti.web.numbers import TABLE_LIMIT, Cell, CentreQuery, Whose, tag_of

ADMIN: Final = frozenset({Role.ADMIN})
PATH: Final = "/api/v1/tables"
TABLE: Final = f"{PATH}/{{table:[a-z-]{{1,32}}}}"


class RowsPut(BaseModel):
    """The whole table: each row as column → cell. None: an empty table."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: list[dict[Cell, Cell]] = Field(max_length=50_000)


class Tables:
    """Serves ``/api/v1/tables``. What blocks runs in threads."""

    def __init__(self, ledger: Ledger) -> None:
        self._tables = ledger.tables
        self._whose = Whose(ledger)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, read, write."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="可以在页面里改的资料表（号码表另见 /api/v1/numbers）。",
                roles=ADMIN,
                handler=self.all,
                answer=TablesShown,
            ),
            Endpoint(
                method="GET",
                path=TABLE,
                does="一张资料表：工作副本的各行、各列怎样写、错误；ETag 是它的版本。",
                roles=ADMIN,
                handler=self.show,
                query=CentreQuery,
                answer=TableShown,
                refusals=("home-only", "centre-unknown", "table-unknown"),
            ),
            Endpoint(
                method="PUT",
                path=TABLE,
                does="写入资料表的工作副本；有错误则全部不写。须带 If-Match。应用同号码表。",
                roles=ADMIN,
                handler=self.put,
                query=CentreQuery,
                body=RowsPut,
                body_limit=TABLE_LIMIT,
                answer=TableShown,
                refusals=(
                    "home-only",
                    "centre-unknown",
                    "table-unknown",
                    "profile-faults",
                    "tag-missing",
                    "table-changed",
                ),
            ),
        )

    async def all(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Name the tables."""
        return web.json_response(text=self._tables.all().model_dump_json())

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """A table of the centre's."""
        centre, name = await self._whose.centre(ask), request.match_info["table"]
        return _answer(await asyncio.to_thread(self._tables.show, centre, name))

    async def put(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Write it."""
        centre, name = await self._whose.centre(ask), request.match_info["table"]
        tag, who, rows = tag_of(request), ask.identity.user, ask.body.rows
        shown = await asyncio.to_thread(self._tables.put, centre, name, rows, tag=tag, who=who)
        return _answer(shown)


def _answer(shown: TableShown) -> web.Response:
    return web.json_response(text=shown.model_dump_json(), headers={"ETag": f'"{shown.tag}"'})
