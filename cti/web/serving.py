"""The application on a socket, and what is logged of bytes that are no HTTP at all."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

STOP_S: Final = 3.0
"""How long requests under way may take to end when the server stops."""

log = structlog.get_logger()


class _OneLine(logging.Filter):
    """Turns aiohttp's own complaints into events; a stranger's bytes are counted, not quoted."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            log.info("not http", status=error.code)
        else:
            log.error("http server failed", exc_info=record.exc_info or None)
        return False


@asynccontextmanager
async def serving(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve ``app`` while the context lasts; gives the port (given 0: one that was free).

    Raises ``OSError`` when the port is taken.
    """
    logger = logging.Logger("hotline.http")  # not in the tree: nobody else's handlers see it
    logger.addFilter(_OneLine())
    runner = web.AppRunner(
        app, access_log=None, logger=logger, shutdown_timeout=STOP_S, handle_signals=False
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        bound: int = runner.addresses[0][1]
        yield bound
    finally:
        await runner.cleanup()
