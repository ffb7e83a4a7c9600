"""Is it alive, is it ready, how is it doing: for supervisors, load balancers and Prometheus."""

import asyncio
from typing import Final

from aiohttp import web
from pydantic import BaseModel

from cti.ports import Brain
from cti.web.endpoint import PUBLIC, Ask, Endpoint
from cti.web.metrics import Metrics
from cti.web.ports import STORE_FAULTS, Checks

CHECK_S: Final = 2.0


class Alive(BaseModel):
    """The process answers."""

    alive: bool


class Ready(BaseModel):
    """Whether calls are being served as they should, part by part."""

    ready: bool
    switch: bool
    """Linked to Asterisk, snapshot taken, offers being made."""
    database: bool


class Health:
    """Serves ``/healthz``, ``/readyz`` and ``/metrics``, to anyone who can reach the port."""

    def __init__(self, brain: Brain, store: Checks, metrics: Metrics) -> None:
        self._brain = brain
        self._store = store
        self._metrics = metrics

    def endpoints(self) -> tuple[Endpoint, ...]:
        """None of them holds a number, a name or a secret: no credentials asked."""
        return (
            Endpoint(
                method="GET",
                path="/healthz",
                does="进程是否存活。",
                roles=PUBLIC,
                handler=self.alive,
                answer=Alive,
            ),
            Endpoint(
                method="GET",
                path="/readyz",
                does="是否就绪，逐项列出；未就绪时状态码为 503。",
                roles=PUBLIC,
                handler=self.ready,
                answer=Ready,
                also=(503,),
            ),
            Endpoint(
                method="GET",
                path="/metrics",
                does="Prometheus 指标。",
                roles=PUBLIC,
                handler=self.figures,
                media="text/plain",
            ),
        )

    async def alive(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Answer."""
        return web.json_response(Alive(alive=True).model_dump())

    async def ready(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Answer 200 when every part is, 503 when not; the body says which."""
        switch = self._brain.is_ready()
        database = await self._has_database()
        parts = Ready(ready=switch and database, switch=switch, database=database)
        return web.json_response(parts.model_dump(), status=200 if parts.ready else 503)

    async def figures(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Everything Prometheus may know."""
        return web.Response(
            body=self._metrics.text(),
            headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
        )

    async def _has_database(self) -> bool:
        try:
            async with asyncio.timeout(CHECK_S):
                await self._store.check()
        except STORE_FAULTS:
            return False
        return True
