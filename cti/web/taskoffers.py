"""Looks whether the queues are quiet and offers free seats whom to call back. No rules here.

The rules are ``queues.quiet``'s. Nothing here ever stands in a caller's way: an offer is shown on a
desk and taken back, and the seat is free all the while.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from config.hours import read_hours
from config.profile import Profile
from config.workdays import CHINA
from cti.ids import AgentId, CentreId
from cti.web.desk import DeskHub
from cti.web.ports import STORE_FAULTS, Store
from queues.quiet import QuietQueue
from queues.seat import SeatView
from queues.task import Task

LOOK_EVERY_S: Final = 1.0
READ_AT_ONCE: Final = 200
"""Open tasks read at a look, the most urgent first."""

log = structlog.get_logger()


class Queues(Protocol):
    """The switch as it is seen from here."""

    def waiting_in(self, centre: CentreId) -> int:
        """How many callers wait there for a seat."""
        ...

    def seats(self) -> list[SeatView]:
        """Every seat."""
        ...


class TaskOffers:
    """Offers tasks to seats until cancelled. Declines come by ``hub``."""

    def __init__(
        self,
        queues: Queues,
        store: Store,
        hub: DeskHub,
        now: Callable[[], datetime],
    ) -> None:
        self._queues, self._store, self._hub, self._now = queues, store, hub, now
        self._quiet: dict[CentreId, QuietQueue] = {}
        self._is_away = False

    async def run(self, every_s: float = LOOK_EVERY_S) -> None:
        """Look once a second. While the database is away, what is offered is taken back."""
        while True:
            await self.look()
            await asyncio.sleep(every_s)

    async def look(self) -> None:
        """Look at every centre, and tell its desks what has changed."""
        declined, now = self._hub.tasks.take_declined(), self._now()
        for profile in self._hub.platform.centres:
            quiet = self._quiet.setdefault(profile.centre, QuietQueue(now))
            for agent, call in declined:
                quiet.decline(agent, call, now)
            await self._look(profile, quiet, now)

    async def _look(self, profile: Profile, quiet: QuietQueue, now: datetime) -> None:
        centre = profile.centre
        after = timedelta(seconds=profile.tasks_after_s)
        is_quiet = quiet.is_quiet(
            now,
            waiting=self._queues.waiting_in(centre),
            after=after,
            is_open=_may_call(profile, now),
        )
        seats = [seat for seat in self._queues.seats() if self._is_looking(seat, centre)]
        tasks = await self._tasks(centre) if is_quiet and seats else ()
        gone, made = quiet.look(now, is_quiet=is_quiet, seats=seats, tasks=tasks, after=after)
        for offer in gone:
            self._hub.tasks.withdraw(offer.agent, offer.task.call)
        for offer in made:
            self._hub.tasks.offer(offer.agent, offer.task, now)

    async def _tasks(self, centre: CentreId) -> Sequence[Task]:
        """The centre's open tasks; none while the database is away."""
        try:
            found = await self._store.callbacks(
                centre=centre, is_open=True, limit=READ_AT_ONCE, offset=0
            )
        except STORE_FAULTS as error:
            if not self._is_away:
                log.warning("call-back tasks cannot be read", why=type(error).__name__)
            self._is_away = True
            return ()
        self._is_away = False
        return found

    def _is_looking(self, seat: SeatView, centre: CentreId) -> bool:
        is_theirs = seat.centre == centre and seat.agent is not None
        return is_theirs and self._hub.is_connected(seat.agent or AgentId(""))


def _may_call(profile: Profile, now: datetime) -> bool:
    """Whether citizens may be called unasked at that moment."""
    here = now.astimezone(CHINA)
    hours = read_hours(profile.tasks_hours)
    return hours.hold(here.time(), is_workday=profile.calendar.is_workday(here.date()))
