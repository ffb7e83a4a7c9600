"""The worker, put together: jobs from SQL, an engine, drafts. Ring 3, holds no rules."""

import asyncio
import os
import signal

import structlog

from config.files import ProfileKeeper
from config.platform import Platform
from config.settings import Settings
from cti.ids import CallId
from records.complete import complete
from records.engine.registry import load
from records.jobs import work
from records.store import CallStore

log = structlog.get_logger()

NICER = 10
"""Transcribing waits for whoever serves a caller: Asterisk's voices and the brain come first."""


async def run(settings: Settings) -> None:
    """Complete drafts until SIGTERM or SIGINT; a job under way is given back.

    The engine's model is loaded at the start, so that the first call does not wait for it.
    """
    os.nice(NICER)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    profiles = ProfileKeeper(settings)
    engine = await asyncio.to_thread(load, settings, threads=settings.speech_threads)
    log.info("worker running", engine=engine.name)
    store = await CallStore.open(settings.sql_url)

    async def complete_one(call: CallId) -> None:
        faults = await asyncio.to_thread(profiles.reload)
        if faults is not None:
            log.warning("profile has faults, the last good one is used", faults=len(faults.faults))
        await complete(call, settings, store, engine, Platform(centres=(profiles.current,)))

    try:
        await work(settings, complete_one, stop)
    finally:
        await store.close()
    log.info("worker stopped")
