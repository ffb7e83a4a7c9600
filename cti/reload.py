"""A changed profile taken over by a running brain, whole or not at all. Ring 3.

Steps: read and check; make the prompts; give Asterisk the numbers; then seats, lines and desks.
Whatever fails before the last step leaves the last good profile in force, and is said.
"""

import asyncio
import subprocess
from collections.abc import Callable

import structlog

from config.faults import ProfileFaults
from config.files import load_profile
from config.platform import Platform
from config.profile import Profile
from config.render import DialplanRefused, apply
from config.settings import Settings
from cti.prompting import make_prompts, needed, today

log = structlog.get_logger()

KEPT = "profile refused, the last good one is kept"


class ProfileReload:
    """Holds the profile in force. ``want`` asks for a reload, ``run`` carries reloads out.

    ``take_over`` is called in the loop with each profile that was accepted.
    Raises ``ProfileFaults`` when made and the profile has faults: then there is none to go on with.
    """

    def __init__(self, settings: Settings, take_over: Callable[[Profile], None]) -> None:
        self.current = load_profile(settings)
        self._settings = settings
        self._take_over = take_over
        self._wanted = asyncio.Event()

    def want(self) -> None:
        """Ask for a reload. Asking again while one is under way makes one more."""
        self._wanted.set()

    async def run(self) -> None:
        """Reload when asked, until cancelled. Nothing that goes wrong ends it."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._reload()
            except Exception:  # noqa: BLE001 - the brain outlives every bad profile
                log.exception(KEPT)

    async def _reload(self) -> None:
        try:
            profile = await asyncio.to_thread(load_profile, self._settings)
        except ProfileFaults as error:
            log.error(KEPT, faults=[str(fault) for fault in error.faults])
            return
        if profile.centre != self.current.centre:
            # Seats, queues and rows carry the centre's name: another one is another hotline.
            why = f"centre 由 {self.current.centre} 改为 {profile.centre}, 需要停止后重新启动"
            log.error(KEPT, faults=[why])
            return
        await asyncio.to_thread(self._build, profile)
        try:
            waiting = await asyncio.to_thread(apply, self._settings, profile)
        except (DialplanRefused, subprocess.SubprocessError, OSError, ValueError) as error:
            await asyncio.to_thread(self._build, self.current)
            log.error(KEPT, why=f"{type(error).__name__}: {error}")
            return
        if waiting:
            log.warning("part of the new profile waits for a restart of asterisk", files=waiting)
        self.current = profile
        self._take_over(profile)
        log.info("profile taken over", lines=len(profile.lines), seats=len(profile.seats))

    def _build(self, profile: Profile) -> None:
        # One process at a low priority: callers are being served meanwhile.
        platform = Platform(centres=(profile,))
        chosen = needed(platform, today())
        make_prompts(self._settings, platform, chosen, workers=1, in_background=True)
