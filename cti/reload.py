"""The table in force, taken over by a running brain, whole or not at all. Ring 3.

SIGHUP puts the working copy in force. Whoever else does that, a command or the page, only changes
``current`` on disk: it is looked at twice a second, and what an apply that was killed left open is
ended. Whatever is refused leaves the last good table in force, and is said.
"""

import asyncio
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog

from config.apply import apply, in_force, is_left_open, recover
from config.applylock import ApplyBusy
from config.faults import ProfileFaults
from config.platform import Platform
from config.revisions import Revision, Revisions
from config.settings import Settings
from config.turn import another_hotline
from cti.audit import note_in_database, note_revision
from cti.errors import DomainError
from cti.prompting import make_prompts, needed, today
from ivr.text import PromptText

log = structlog.get_logger()

KEPT = "profile refused, the last good one is kept"
LOOK_EVERY_S = 0.5


class ProfileReload:
    """Holds the platform in force. ``want`` asks for a reload, ``run`` carries reloads out.

    ``take_over`` is called in the loop with each platform that came into force.
    Raises ``ProfileFaults`` when made and there is none: neither a revision nor a working copy
    without faults.
    """

    def __init__(self, settings: Settings, take_over: Callable[[Platform], None]) -> None:
        self.current = in_force(settings)
        self._settings = settings
        self._revisions = Revisions(settings)
        self._take_over = take_over
        self._wanted, self._changed = asyncio.Event(), asyncio.Event()
        self._unsaid = asyncio.Event()
        self._is_running = threading.Event()

    def want(self) -> None:
        """Ask for a reload. Asking again while one is under way makes one more."""
        self._wanted.set()

    async def run(self) -> None:
        """Reload when asked and look for changes, until cancelled. Nothing wrong ends it."""
        self._is_running.set()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._reload_when_asked())
                group.create_task(self._watch())
                group.create_task(self._say_the_rest())
        finally:
            self._is_running.clear()  # so that a thread at work on prompts ends as well

    async def _reload_when_asked(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                applied = await asyncio.to_thread(self._apply)
            except ProfileFaults as error:
                log.error(KEPT, faults=[str(fault) for fault in error.faults])
            except (DomainError, subprocess.SubprocessError, OSError, ValueError) as error:
                details = error.details if isinstance(error, DomainError) else {}
                log.error(KEPT, why=f"{type(error).__name__}: {error}", details=details)
            except Exception:  # noqa: BLE001 - the brain outlives every bad profile
                log.exception(KEPT)
            else:
                if applied.waits:
                    told = "part of the new profile waits for a restart of asterisk"
                    log.warning(told, files=applied.waits)
                self._changed.set()

    def _apply(self) -> Revision:
        def prompts(platform: Platform) -> None:
            if platform.home.centre != self.current.home.centre:  # before the first revision
                raise another_hotline(self.current.home.centre, platform)
            tomorrow = today() + timedelta(days=1)
            soon = [*needed(platform, today()), *needed(platform, tomorrow)]
            self._make(platform, list(dict.fromkeys(soon)))

        before = self._revisions.pointed()
        made = apply(self._settings, who="SIGHUP", why="", make_prompts=prompts)
        note_revision(note_in_database(self._settings), made, before)
        return made

    def _make(self, platform: Platform, chosen: list[PromptText] | None = None) -> None:
        # One process at a low priority: callers are being served meanwhile.
        make_prompts(
            self._settings,
            platform,
            chosen,
            workers=1,
            in_background=True,
            is_wanted=self._is_running.is_set,
        )

    async def _say_the_rest(self) -> None:
        """What later dates and long queues need is made once the new table is in force."""
        while True:
            await self._unsaid.wait()
            self._unsaid.clear()
            try:
                await asyncio.to_thread(self._make, self.current)
            except Exception as error:  # noqa: BLE001 - what is missing then is said at the next start
                log.error("prompts for later are missing", why=f"{type(error).__name__}: {error}")

    async def _watch(self) -> None:
        said = ""
        while True:
            try:
                found = await asyncio.to_thread(self._look)
            except Exception as error:  # noqa: BLE001 - the brain goes on with what it has
                if said != (said := f"{type(error).__name__}: {error}"):
                    log.error("the table in force cannot be read", why=said)
            else:
                said = ""
                if found is not None:
                    self._go_over(found)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._changed.wait()
            self._changed.clear()

    def _look(self) -> Platform | None:
        """The platform that came into force since, if one did."""
        if is_left_open(self._revisions):
            try:
                recover(self._settings, who="brain", wait_s=0)
            except ApplyBusy:
                return None  # nothing was left: somebody is at it
        current = self._revisions.current()
        if current is None or current.number == self.current.revision:
            return None
        return self._revisions.platform(current.number)

    def _go_over(self, platform: Platform) -> None:
        self.current = platform
        self._take_over(platform)
        self._unsaid.set()
        log.info(
            "profile taken over",
            revision=platform.revision,
            lines=sum(len(profile.lines) for profile in platform),
            seats=sum(len(profile.seats) for profile in platform),
        )
