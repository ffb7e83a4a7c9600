"""A thousand callers moved at random, twenty at once, some of whose agents lose their networks.

``HOTLINE_SOAK_MOVES`` may ask for another number of them.
"""

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from bench.phonelink import PhoneGone
from cti.ids import CentreId, seat_id
from tests.standstill import Watch
from tests.system.city import until
from tests.system.moveoutage import LostWalk, Outages
from tests.system.moverecord import log_tells_the_same
from tests.system.movestage import Stage, rooms, stage
from tests.system.movewalk import walk
from tests.system.networks import EVERYWHERE, FarPhones, networks
from tests.system.test_live_report import live, report, supervisor

pytestmark = [pytest.mark.soak, pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(14400)]

MOVES = int(os.environ.get("HOTLINE_SOAK_MOVES", "1000"))
SLOTS, AGENTS = 20, 30
FAR = 15
"""Agents whose telephones have networks of their own."""
ENOUGH = 100
"""Among so many all that may happen has happened."""
TOLD_EVERY = 25
SEED = 54321
CENTRE = CentreId("chifeng")


class Walks:
    """All of them, as many at once as there are slots."""

    def __init__(self, on: Stage, outages: Outages, tell: Callable[[str], None]) -> None:
        self._on, self._outages, self._tell = on, outages, tell
        self._waiting = iter(range(MOVES))
        self._began = monotonic()
        self.done = 0
        self.wrong: list[Exception] = []

    async def all(self) -> None:
        """Walk them."""
        async with asyncio.TaskGroup() as group:
            for slot in range(SLOTS):
                group.create_task(self._keep_walking(slot))

    async def _keep_walking(self, slot: int) -> None:
        for number in self._waiting:
            try:
                await walk(self._on, slot, Random(SEED + number), partial(LostWalk, self._outages))
                await self._on.is_ready_again()
            except Exception as error:
                if _is_unjudged(error):
                    raise
                error.add_note(f"walk {number}")
                self.wrong.append(error)
                self._tell(f"walk {number}: {error!r}; {'; '.join(error.__notes__)}")
            self.done += 1
            if self.done % TOLD_EVERY == 0 or self.done == MOVES:
                self._tell(
                    f"{self.done} of {MOVES} in {monotonic() - self._began:.0f} s, "
                    f"{len(self.wrong)} wrong; out of reach for a moment "
                    f"{self._outages.moments}, for good {self._outages.for_good}; with somebody in "
                    f"the end {self._outages.served}; spoke late {len(self._on.late)}; "
                    f"recorded in part {len(self._on.lost)}, {sum(self._on.lost.values())} packets"
                )


def _is_unjudged(error: Exception) -> bool:
    """A program of telephones has died: with its people gone nothing more can be said."""
    group = ExceptionGroup("", [error])
    return group.subgroup(PhoneGone) is not None


async def test_nobody_is_lost_in_a_thousand_moves(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is with somebody in the end, or was hung up on, or hung up; all it said is recorded; and
    nothing is left of it but one record, one draft and one call in the figures.
    """

    def tell(line: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

    with networks(FAR) as far, Watch(tmp_path / "stops") as watch:
        homes = dict(zip(map(str, range(1001 + AGENTS - FAR, 1001 + AGENTS)), far, strict=True))
        users = {str(seat_id(CENTRE, extension)): home for extension, home in homes.items()}
        outages = Outages(homes)
        async with (
            FarPhones(users) as phones,
            stage(tmp_path, phones, watch, slots=SLOTS, agents=AGENTS, host=EVERYWHERE) as on,
        ):
            walks = Walks(on, outages, tell)
            await walks.all()
            if MOVES >= ENOUGH:
                assert outages.moments, "no network was lost for a moment"
                assert outages.for_good, "no network was lost for good"
                assert outages.served > MOVES // 2, "most callers hung up, or were hung up on"
            if walks.wrong:
                raise ExceptionGroup(f"{len(walks.wrong)} of {MOVES} walks", walks.wrong)
            await nothing_is_left(on)
            await figures_are_right(on)


async def nothing_is_left(on: Stage) -> None:
    """No channel, room or seat is in what is over, and no file but the recordings'; each call is
    written once, as Asterisk's log tells it.
    """
    city = on.city
    await until(lambda: city.channels() == 0, 30, "no channel is left", every_s=0.2)
    assert rooms(city) == []
    await on.is_ready_again()
    await until(lambda: set(city.seat_states().values()) == {"available"}, 10, "all are free")
    calls = [record.call for record in await city.records()]
    assert len(calls) == len(set(calls)) == MOVES
    assert sum((await city.jobs()).values()) == MOVES
    assert sorted(order.draft.call_id for order in await city.orders()) == sorted(calls)
    parts = {file.name.rsplit("-", 1)[0] for file in city.recordings.glob("*-m*-*.wav")}
    assert {part.rpartition("-m")[0] for part in parts} <= set(calls)
    own = {file.name for call in calls for file in city.recording(call)}
    left = {file.name for file in city.recordings.iterdir() if "-m" not in file.name}
    assert left == own
    await log_tells_the_same(on)


async def figures_are_right(on: Stage) -> None:
    """Whatever became of a caller: it came once, was answered once, and gave up never."""
    async with await supervisor(on.city) as watch:
        now, kept = await live(watch), (await report(watch))["whole"]
    spent = kept.pop("seats")
    assert (kept["offered"], kept["answered"], kept["answered_outside"]) == (MOVES, MOVES, 0)
    assert (kept["abandoned"], kept["cut"], kept["live"]) == (0, 0, 0)
    assert kept["connection_share"] == 1
    assert {name: now["today"][name] for name in kept} == kept
    assert abs(now["today"]["occupancy"] - spent["occupancy"]) < 0.01
