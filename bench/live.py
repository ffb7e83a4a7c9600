"""How long after an utterance its text is there, with several calls talking at once.

Ours: the real listener (``hotline follow``) beside a Redis of its own, reading recordings that grow
in real time, in blocks as Asterisk writes them (``--block``). Peer: stock faster-whisper, beam 5,
the same model, one thread: the same utterances in the order they become known, one after another;
its lags are reckoned from how long each decode took, with no interim text to make.

``final``: until the whole utterance stands. ``read``: until a text reached its end, be it interim.
``recorder``: until the block with its end is written, which no engine can undercut. ``cut`` pieces,
of somebody who talked on without a pause for 15 s, have no end to count from. Drafts do not
grow here: no call is in the database.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from math import ceil
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bench.livefeed import Talking
from bench.livepeer import stock_lags
from bench.ports import free_port
from bench.result import Result
from bench.speech import OWN
from bench.weigh import cpu_seconds
from config.files import load_platform
from config.redisbinary import redis_server
from config.settings import CHECKOUT, Settings
from cti.ids import CallId
from records.live.ear import MARGIN_S
from records.live.told import HEARD, TALKS, Heard, LiveTalk, LiveTalks

BLOCK_S: Final = 2.048
"""Asterisk's 32 kB of one channel at 8 kHz and 16 bit; of a live copy at 48 kHz, 0.341 s."""
REACH: Final = {"p95_s": 1.5, "shed_share": 0.0}
_AFTER_S: Final = 12.0
"""Waited for the last texts; longer than anything waits before it is shed."""


@dataclass(frozen=True, slots=True)
class Came:
    """One message of the listener, and when."""

    at: float
    said: Heard


def run(folder: Path, arguments: Sequence[str] = ()) -> Result:
    """Let the calls talk, then give the peer the same."""
    parser = argparse.ArgumentParser(prog="python -m bench live")
    parser.add_argument("--corpus", type=Path, help="a folder with a folder wav of spoken texts")
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--block", type=float, default=BLOCK_S, help="seconds written at once")
    options = parser.parse_args(arguments)
    clips = sorted((options.corpus / "wav" if options.corpus else OWN).glob("*.wav"))
    talks = [
        Talking(CallId(f"bench-{n}.0"), [_pcm(clip) for clip in _for(clips, n)], options.seconds)
        for n in range(options.calls)
    ]
    load = os.getloadavg()[0]
    came, cpu_s = asyncio.run(_talk(talks, options.block))
    figures: dict[str, Any] = _figures(talks, came)
    peer, peer_cpu_s = stock_lags(talks, options.block)
    audio_s = sum(talk.length_s for talk in talks)
    figures |= {
        "calls": options.calls,
        "block_s": options.block,
        "recorder": quantiles([wait for talk in talks for wait in talk.waits(options.block)]),
        "stock": quantiles(peer),
        "cpu_per_call_s": round(cpu_s / audio_s, 3),
        "cpu_of_stock": round(cpu_s / max(0.1, peer_cpu_s), 2),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(load, 1),
        "load_after": round(os.getloadavg()[0], 1),
    }
    texts = [{"at": one.at, **one.said.model_dump(mode="json")} for one in came]
    (folder / "heard.json").write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    holds = (
        0 < figures["final"]["p95"] <= REACH["p95_s"]
        and figures["shed_share"] <= REACH["shed_share"]
        and figures["untold"] == 0
    )
    return Result(bench="live", figures=figures, reach=REACH, holds=holds)


def quantiles(lags: Sequence[float]) -> dict[str, float]:
    """Half, nearly all and the longest, in seconds; zeros where there is none."""
    ordered = sorted(lags) or [0.0]
    at = {"p50": 0.5, "p95": 0.95, "most": 1.0}
    last = len(ordered)
    return {name: round(ordered[max(1, ceil(last * q)) - 1], 2) for name, q in at.items()}


def lags(talk: Talking, came: Sequence[Came]) -> tuple[list[float], list[float], int]:
    """Of one call: until each final text, until each was read to its end, and how many gaps.

    Of pieces whose speaker went on there is no end to count from; ``_figures`` counts them.
    """
    final, read = list[float](), list[float]()
    gaps = 0
    mine = [one for one in came if one.said.call == talk.call]
    for one in mine:
        if one.said.kind == "gap":
            gaps += 1
        if one.said.kind != "final":
            continue
        if talk.is_cut(one.said.end_s):
            continue
        end_s = one.said.end_s - MARGIN_S
        reached = [
            each.at
            for each in mine
            if each.said.key == one.said.key and each.said.text and each.said.end_s >= end_s - 0.01
        ]
        final.append(one.at - talk.began_at - end_s)
        read.append(min(reached) - talk.began_at - end_s)
    return final, read, gaps


def _figures(talks: Sequence[Talking], came: Sequence[Came]) -> dict[str, Any]:
    final, read = list[float](), list[float]()
    gaps = 0
    cut = sum(
        one.said.kind == "final" and talk.is_cut(one.said.end_s)
        for talk in talks
        for one in came
        if one.said.call == talk.call
    )
    for talk in talks:
        one_final, one_read, one_gaps = lags(talk, came)
        final, read, gaps = final + one_final, read + one_read, gaps + one_gaps
    expected = sum(len(talk.utterances) for talk in talks)
    return {
        "final": quantiles(final),
        "read": quantiles(read),
        "utterances": expected,
        "cut": cut,
        "shed_share": round(gaps / max(1, expected), 3),
        "untold": max(0, expected - len(final) - cut - gaps),
    }


async def _talk(talks: Sequence[Talking], block_s: float) -> tuple[list[Came], float]:
    """All calls from beginning to end; what was told, and the listener's CPU seconds."""
    with tempfile.TemporaryDirectory(prefix="hotline-live-") as made:
        settings = Settings(home=Path(made), redis_port=free_port(), redis_url="")
        settings.recordings.mkdir(parents=True)
        async with _redis(settings) as redis, _listener(settings, redis) as pid:
            before, came = cpu_seconds([pid]), list[Came]()
            async with asyncio.TaskGroup() as group:
                ends = [
                    group.create_task(work)
                    for work in (_hear(redis, came), _tell(redis, talks, settings))
                ]
                async with asyncio.TaskGroup() as feeds:
                    for n, talk in enumerate(talks):
                        wait_s = n * block_s / len(talks)
                        feeds.create_task(talk.record(settings.recordings, block_s, wait_s))
                await asyncio.sleep(_AFTER_S)
                for task in ends:
                    task.cancel()
            cpu_s = cpu_seconds([pid]) - before
    return came, cpu_s


async def _hear(redis: Redis, came: list[Came]) -> None:
    async with redis.pubsub() as ear:
        await ear.subscribe(HEARD)
        async for message in ear.listen():
            if message["type"] == "message":
                came.append(Came(_clock(), Heard.model_validate_json(message["data"])))


async def _tell(redis: Redis, talks: Sequence[Talking], settings: Settings) -> None:
    centre = load_platform(settings).home.centre
    while True:
        told = tuple(
            LiveTalk(call=one.call, centre=centre, since=datetime.fromtimestamp(one.began_at, UTC))
            for one in talks
            if one.began_at
        )
        await redis.publish(TALKS, LiveTalks(talks=told).model_dump_json())
        await asyncio.sleep(0.5)


@asynccontextmanager
async def _redis(settings: Settings) -> AsyncIterator[Redis]:
    program = redis_server(Settings().home)
    if program is None:
        raise RuntimeError("no redis-server: make run installs it")
    words = ["--port", str(settings.redis_port), "--bind", "127.0.0.1", "--save", ""]
    quiet = asyncio.subprocess.DEVNULL
    server = await asyncio.create_subprocess_exec(str(program), *words, stdout=quiet)
    redis = Redis.from_url(settings.redis)
    try:
        yield redis
    finally:
        await redis.aclose()
        server.terminate()
        await server.wait()


@asynccontextmanager
async def _listener(settings: Settings, redis: Redis) -> AsyncIterator[int]:
    """The real process, once it hears the brain; gives its pid."""
    environment = {
        **os.environ,
        "HOTLINE_HOME": str(settings.home),
        "HOTLINE_REDIS_PORT": str(settings.redis_port),
        "HOTLINE_REDIS_URL": "",
    }
    program = "from cti.cli.main import main; main()"
    listener = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program, "follow"), env=environment, cwd=CHECKOUT
    )
    try:
        async with asyncio.timeout(60):
            while not await _is_heard(redis):  # noqa: ASYNC110 - another process is asked
                await asyncio.sleep(0.2)
        yield listener.pid
    finally:
        if listener.returncode is None:
            listener.terminate()
        await listener.wait()


async def _is_heard(redis: Redis) -> bool:
    try:
        ((_, count),) = await redis.pubsub_numsub(TALKS)
    except (OSError, RedisError):
        return False
    return bool(count)


def _for(clips: Sequence[Path], call: int) -> Iterator[Path]:
    """Each call has another order of the clips."""
    return islice(cycle(clips), call * 7 % len(clips), call * 7 % len(clips) + len(clips))


def _pcm(clip: Path) -> np.ndarray[Any, np.dtype[np.int16]]:
    samples, _ = soundfile.read(clip, dtype="int16")
    found: np.ndarray[Any, np.dtype[np.int16]] = samples
    return found


def _clock() -> float:
    return time.time()  # noqa: TID251 - compared with times of files
