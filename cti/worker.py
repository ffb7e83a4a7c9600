"""The worker, put together: jobs from SQL, an engine, drafts. Ring 3, holds no rules."""

import asyncio
import os
import signal

import structlog

from config.apply import in_force
from config.faults import ProfileFaults
from config.revisions import Revisions
from config.settings import Settings
from cti.errors import DomainError
from cti.ids import CallId
from records.complete import complete
from records.engine.registry import load_mended
from records.jobs import work
from records.keyring import ring
from records.store import CallStore

log = structlog.get_logger()

NICER = 10
"""Transcribing waits for whoever serves a caller: Asterisk's voices and the brain come first."""


class CityInForce:
    """The centres as callers meet them, read again only when another revision came into force.

    Raises ``ProfileFaults`` only when made: then there is none.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._revisions = Revisions(settings)
        self.current = in_force(settings)

    def look(self) -> None:
        """Read the newest. With faults, ``current`` stays as it was."""
        if self._revisions.pointed() == self.current.revision:
            return
        try:
            self.current = in_force(self._settings)
        except (ProfileFaults, DomainError, OSError) as error:
            log.warning("city cannot be read, the last good one is used", why=str(error))


async def run(settings: Settings) -> None:
    """Complete drafts until SIGTERM or SIGINT; a job under way is given back.

    The engine's model is loaded at the start, so that the first call does not wait for it.
    """
    os.nice(NICER)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    city = CityInForce(settings)
    engine = await asyncio.to_thread(load_mended, settings, threads=settings.speech_threads)
    log.info("worker running", engine=engine.name)
    store = await CallStore.open(settings.sql_url, ring(settings))

    async def complete_one(call: CallId) -> None:
        await asyncio.to_thread(city.look)
        await complete(call, settings, store, engine, city.current)

    try:
        await work(settings, complete_one, stop)
    finally:
        await store.close()
    log.info("worker stopped")
