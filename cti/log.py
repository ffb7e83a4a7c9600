"""Logs: one event a line, JSON in files, readable on a terminal. Ring 2, no rules.

Numbers are masked by whoever logs them (``cti.ids.mask``); as a net below, every string that
looks like a telephone or ID number is masked here too, whatever its key.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from cti.ids import mask

_NUMBER = re.compile(
    r"(?<![\w./-])(?:\+?86)?(?:0\d{9,11}|1\d{10}|\d{17}[\dXx])(?![\w./-])", re.ASCII
)


def _masked(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        event[key] = _covered(value)
    return event


def _covered(value: Any) -> Any:
    if isinstance(value, str):
        return _NUMBER.sub(lambda found: mask(found[0]), value)
    if isinstance(value, dict):
        return {key: _covered(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_covered(each) for each in value]
    return value


def configure(*, is_terminal: bool | None = None, level: int = logging.INFO) -> None:
    """Set structlog up for this process. Call once, at the start."""
    pretty = sys.stderr.isatty() if is_terminal is None else is_terminal
    renderer: Any = (
        structlog.dev.ConsoleRenderer()
        if pretty
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masked,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
