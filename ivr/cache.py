"""Spoken sentences, kept by content: the same words in the same voice are made once.

A clip is one sentence as callers get it. It lies in ``settings.cache/prompts`` under a name
made of all that shaped it, beside its SHA-256; one that isn't what was written is made again.
Several processes may make clips at once: whole files are renamed into place, and twins are equal.
"""

import hashlib
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path

from config.settings import Settings
from ivr.sound import TELEPHONE_RATE, Samples, prepare, read_wav, write_wav
from ivr.text import PIPELINE
from ivr.voice import RATE, Kokoro

LOOK_EVERY_S = 0.5
"""How often to ask whether the clips are still wanted."""

_BACKGROUND_NICENESS = 15


class Unwanted(Exception):  # noqa: N818 - nothing went wrong
    """Whoever wanted the clips wants them no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """One sentence in one voice. ``said`` holds no digits."""

    said: str
    voice: str
    speed: float = 1.0
    rate: int = TELEPHONE_RATE

    @property
    def key(self) -> str:
        """The clip's name in the cache."""
        shaped_by = [PIPELINE, self.said, self.voice, round(self.speed, 3), self.rate]
        return hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()[:40]


class ClipCache:
    """The clips on disk. Holds nothing in memory, so any number of them may exist."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def file(self, clip: Clip) -> Path:
        """Where the clip is or will be."""
        return self._directory / f"{clip.key}.wav"

    def holds(self, clip: Clip) -> bool:
        """Whether the clip is there and is byte for byte what was written."""
        file = self.file(clip)
        try:
            return _digest(file) == file.with_suffix(".sha256").read_text(encoding="ascii")
        except (OSError, UnicodeDecodeError):
            return False

    def read(self, clip: Clip) -> Samples:
        """The clip's sound, at ``clip.rate``."""
        samples, _rate = read_wav(self.file(clip))
        return samples

    def keep(self, clip: Clip, samples: Samples) -> None:
        """Write a clip. The sum comes last: a clip without one doesn't count as there."""
        file = self.file(clip)
        write_wav(file, samples, clip.rate)
        unfinished = file.with_suffix(f".{os.getpid()}.part")
        unfinished.write_text(_digest(file), encoding="ascii")
        unfinished.replace(file.with_suffix(".sha256"))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def clip_cache(settings: Settings) -> ClipCache:
    """The clips of an installation."""
    return ClipCache(settings.cache / "prompts")


def make_clips(
    settings: Settings,
    clips: Sequence[Clip],
    on_ready: Callable[[Clip], None],
    *,
    workers: int | None = None,
    in_background: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> int:
    """See to it that every clip is there; return how many had to be made.

    ``on_ready`` is called once for each clip, in this process: first for those that are there,
    then for the others as they are done, begun in the given order. ``workers`` defaults to one
    for each processor; 0 makes them in this process. Blocks; interrupting it stops the workers,
    and what is made stays. Workers are stopped by ``is_wanted`` saying no as well: ``Unwanted``.
    """
    kept = clip_cache(settings)
    missing: list[Clip] = []
    for clip in dict.fromkeys(clips):
        if kept.holds(clip):
            on_ready(clip)
        else:
            missing.append(clip)
    if not missing:
        return 0
    processors = len(os.sched_getaffinity(0))
    if workers == 0:
        for clip in missing:
            _make(settings.cache, clip, processors)
            on_ready(clip)
        return len(missing)
    count = min(workers or processors, len(missing))
    _make_in_pool(settings.cache, missing, on_ready, count, in_background, is_wanted)
    return len(missing)


def _make_in_pool(
    cached: Path,
    missing: list[Clip],
    on_ready: Callable[[Clip], None],
    workers: int,
    in_background: bool,
    is_wanted: Callable[[], bool],
) -> None:
    # spawned, not forked: a forked child would inherit the model's threads half dead
    spawning = multiprocessing.get_context("spawn")
    held, lifeline = spawning.Pipe(duplex=False)
    pool = ProcessPoolExecutor(
        workers,
        mp_context=spawning,
        initializer=_begin_work,
        initargs=(held, in_background),
    )
    with pool:
        try:
            made = {pool.submit(_make, cached, clip, 1): clip for clip in missing}
            pending = set(made)
            while pending:
                if not is_wanted():
                    raise Unwanted
                done, pending = wait(pending, LOOK_EVERY_S, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                    on_ready(made[future])
        except BaseException:
            # who presses Ctrl-C does not wait for the sentences that are under way
            lifeline.close()
            raise
    lifeline.close()


def _begin_work(held: Connection, in_background: bool) -> None:
    """Set a worker up: it lives as long as its parent wants it and may give way to calls."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if in_background:
        os.nice(_BACKGROUND_NICENESS)
    threading.Thread(target=_live_while, args=(held,), daemon=True).start()


def _live_while(held: Connection) -> None:
    # the other end closes when the parent lets go or dies; a pool's worker would not notice,
    # it waits on a pipe that it holds open itself
    held.poll(None)
    os._exit(1)


def _make(cached: Path, clip: Clip, threads: int) -> None:
    spoken = _kokoro(cached / "models", threads).speak(clip.said, clip.voice, clip.speed)
    ClipCache(cached / "prompts").keep(clip, prepare(spoken, RATE, clip.rate))


@cache
def _kokoro(models: Path, threads: int) -> Kokoro:
    return Kokoro(models, threads)
