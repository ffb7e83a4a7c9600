"""The live listener, put together: what is said in a talk, on the agent's screen. Ring 3.

A process of its own: it may be killed, or be slow, and nobody on the line notices.
"""

import asyncio
import os
import signal

import structlog

from config.settings import Settings
from cti.worker import CityInForce
from records.engine.registry import load_mended
from records.keyring import ring
from records.live.grown import GrowingDrafts
from records.live.line import LiveLine
from records.live.listener import LiveListener
from records.live.told import TALKS
from records.store import CallStore

log = structlog.get_logger()

NICER = 8
"""Asterisk's voices and the brain come first; final transcripts (10) wait for the live text."""
LOOK_EVERY_S = 5.0
"""How often to see whether another city came into force."""


async def run(settings: Settings) -> None:
    """Follow talks until SIGTERM or SIGINT. The engine's model is loaded at the start."""
    os.nice(NICER)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    city = CityInForce(settings)
    engine = await asyncio.to_thread(
        load_mended, settings, threads=settings.speech_threads, is_live=True
    )
    store = await CallStore.open(settings.sql_url, ring(settings))
    line = LiveLine(settings.redis)
    listener = LiveListener(
        settings.recordings, line, engine, lambda: city.current, GrowingDrafts(store)
    )
    log.info("listener running", engine=engine.name)

    async def hear() -> None:
        async for text in line.hear(TALKS):
            listener.told(text)

    async def look() -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await asyncio.to_thread(city.look)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in (hear(), look(), listener.run())]
            await stop.wait()
            for task in tasks:
                task.cancel()
    finally:
        await line.close()
        await store.close()
    log.info("listener stopped")
