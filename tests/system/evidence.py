"""What a ``City`` leaves behind, read as a stranger would: Asterisk's log, headers, the tables."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cti.ids import CallId
from queues.mirror import RedisMirror
from queues.seat import SeatView
from records.leases import JobState
from records.wav import HEADER
from tests.system.city import City, until


def cel(city: City) -> Iterator[Mapping[str, Any]]:
    """Every event of Asterisk's own log, in order."""
    text = city.settings.cel_file.read_text(encoding="utf-8")
    return (json.loads(line) for line in text.splitlines())


def offers_made(city: City) -> Counter[str]:
    """How often each call was put to a seat, as Asterisk logged it: orders that took effect."""
    return Counter(event["accountcode"] for event in cel(city) if event["userdeftype"] == "OFFER")


def refused_orders(city: City) -> list[str]:
    """Orders that Asterisk did not take, as the brain told since its last snapshot.

    An order given again to an Asterisk that knows nothing of its call would be among them.
    """
    since = city.logs()["brain.log"].rpartition('"picture taken"')[2]
    return [line for line in since.splitlines() if "order refused" in line]


async def mirrored(city: City) -> Sequence[SeatView]:
    """What a brain that starts now would find of the seats."""
    async with asyncio.TaskGroup() as group:
        mirror = RedisMirror(city.settings.redis)
        running = group.create_task(mirror.run())
        seen = await mirror.read()
        running.cancel()
    return seen


def is_whole(recording: Path) -> bool:
    """Whether a recording's header tells its true length, and there is something in it."""
    head, size = recording.read_bytes()[:HEADER], recording.stat().st_size
    told = int.from_bytes(head[40:44], "little")
    return size > HEADER and told == size - HEADER


async def all_settled(city: City, calls: int, deadline_s: float = 60.0) -> None:
    """Wait until so many calls are known, all have ended, and nothing is owed for any of them."""

    async def is_settled() -> bool:
        records = await city.records()
        states = await city.jobs()
        return (
            len(records) == calls
            and all(record.ended_at is not None for record in records)
            and states[JobState.DONE] == calls
        )

    await until(is_settled, deadline_s, f"{calls} calls with their drafts", every_s=0.3)


async def one_draft_each(city: City) -> None:
    """Every call has one work order, completed by the worker, and one job, done."""
    calls = Counter(record.call for record in await city.records())
    orders = Counter(CallId(order.draft.call_id) for order in await city.orders())
    assert calls == orders
    assert set(calls.values()) == {1}
    assert await city.orders(is_complete=False) == []
    states = await city.jobs()
    assert states[JobState.DONE] == sum(states.values()) == len(calls)
