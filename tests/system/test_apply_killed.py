"""An apply killed at any step, with a real Asterisk: the old table or the new one, never between.

Each kill is SIGKILL of a real process in the middle of its work. Then it is looked at: first what
Asterisk holds and what it would read at a start, before anybody mended anything; then, once the
next to come has ended what was left, whether disk, Asterisk and what is remembered agree.
"""

import asyncio
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bench.phone import Softphone
from config import durable
from config.apply import STEPS, apply, recover, rollback, start
from config.faults import ProfileFaults
from config.files import city_files
from config.platform import Platform
from config.readback import differences
from config.render import DialplanRefused, cli, etc
from config.revisions import Revision, Revisions
from config.settings import Settings
from tests.asterisk.world import AsteriskWorld, eventually
from tests.config.town import Town, row, silent

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

NEW = "8990001"
FORWARD = STEPS[STEPS.index("flipped") :]
"""Killed here or later, the new table is what the next to come puts in force."""


class House:
    """A running Asterisk on a town's first revision, and a child process to change it."""

    def __init__(self, folder: Path) -> None:
        self.town = Town(folder / "town")
        self.world = AsteriskWorld(folder / "home", profile=str(self.town.folder))
        self.settings: Settings = self.world.settings
        self.revisions = Revisions(self.settings)
        self.usual = start(self.settings, who="up", make_prompts=silent).revision.number
        """The last revision with the usual table."""

    def killed(self, work: Callable[[], object]) -> int:
        """Do it in a process of its own; how that ended, -9 when it was killed."""
        child = multiprocessing.get_context("fork").Process(target=work)
        child.start()
        child.join(60)
        assert child.exitcode is not None, "it hangs"
        return child.exitcode

    def holds(self, number: int) -> bool:
        """Whether Asterisk holds exactly that revision, and nothing else."""
        return differences(self.settings, self.revisions.rendered(number)) == []

    def would_read(self, number: int) -> bool:
        """Whether Asterisk would read exactly that revision at a start now."""
        return durable.read_tree(etc(self.settings)) == durable.read_tree(
            self.revisions.directory(number) / "etc"
        )

    def agree(self) -> Revision:
        """Disk, Asterisk, and what is remembered all say the same; returns what is in force."""
        current = self.revisions.current()
        assert current is not None
        assert current.state == "applied"
        assert self.holds(current.number)
        assert self.would_read(current.number)
        history = self.revisions.history()
        assert {revision.state for revision in history} <= {"applied", "refused"}
        assert [r.number for r in history if r.state == "applied"][0] == current.number
        assert not any(revision.is_doubtful for revision in history)
        left = {path.name for path in self.revisions.folder.iterdir()}
        assert left - {"000000"} == {f"{revision.number:06d}" for revision in history}
        return current


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    house = House(tmp_path_factory.mktemp("house"))
    with house.world:
        yield house


@pytest.fixture
def before(house: House) -> Revision:
    """The usual table in force again, whatever an earlier test left."""
    recover(house.settings)
    usual = rollback(house.settings, house.usual, who="test", why="", make_prompts=silent)
    house.usual = usual.number
    return usual


def killed_at(step: str) -> Callable[[str], None]:
    def on_step(at: str) -> None:
        if at == step:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_step


def hold_one(house: House, before: Revision, after_step: str) -> Revision:
    """What is true at once after the kill, and after somebody came by; what is in force then."""
    numbers = {before.number, *house.revisions.numbers()[-1:]}
    assert [n for n in numbers if house.holds(n)] != [], f"Asterisk is between, after {after_step}"
    assert [n for n in numbers if house.would_read(n)] != [], f"the disk is between {after_step}"
    recover(house.settings)
    return house.agree()


@pytest.mark.parametrize("step", [step for step in STEPS if step != "restored"])
def test_an_apply_killed_at_a_step(house: House, before: Revision, step: str) -> None:
    """The old table until it is in force on disk, the new one from then on."""
    house.town.write(row(NEW))

    def work() -> None:
        apply(house.settings, who="x", why="", make_prompts=silent, on_step=killed_at(step))

    assert house.killed(work) == -signal.SIGKILL
    now = hold_one(house, before, step)
    assert (now.number > before.number) == (step in FORWARD)
    assert (NEW in house.world.rx("dialplan show")) == (step in FORWARD)
    after = apply(house.settings, who="next", why="", make_prompts=silent)
    assert (house.agree(), after.added + now.added) == (after, after.added + now.added)
    assert NEW in house.world.rx("dialplan show")


@pytest.mark.parametrize("step", STEPS)
def test_a_rollback_killed_at_a_step(house: House, before: Revision, step: str) -> None:
    """The same, and the working copy is the old table's exactly when that is in force."""
    old = city_files(house.town.folder)
    house.town.write(row(NEW))
    new = city_files(house.town.folder)
    applied = apply(house.settings, who="x", why="", make_prompts=silent)

    def work() -> None:
        kill = killed_at(step)
        rollback(house.settings, before.number, who="x", why="", make_prompts=silent, on_step=kill)

    assert house.killed(work) == -signal.SIGKILL
    now = hold_one(house, applied, step)
    assert (now.kind == "rollback") == (step in FORWARD)
    assert city_files(house.town.folder) == (old if step in FORWARD else new)
    assert (NEW in house.world.rx("dialplan show")) == (step not in FORWARD)


@pytest.mark.parametrize("step", ["flipped back", "refused"])
def test_a_refusal_killed_at_a_step(house: House, before: Revision, step: str) -> None:
    """Asterisk came to hold something else than it was given, and whoever saw it was killed."""
    house.town.write(row(NEW))
    kill = killed_at(step)

    def on_step(at: str) -> None:
        if at == "reloaded":
            spoil(house)
        kill(at)

    def work() -> None:
        apply(house.settings, who="x", why="", make_prompts=silent, on_step=on_step)

    assert house.killed(work) == -signal.SIGKILL
    recover(house.settings)
    assert house.agree() == before
    assert NEW not in house.world.rx("dialplan show")


def spoil(house: House) -> None:
    """Take one step of the new number out of the running Asterisk."""
    shown = house.world.rx("dialplan show")
    context = shown[: shown.index(f"'{NEW}' =>")].rpartition("[ Context '")[2].partition("'")[0]
    assert "emoved" in cli(house.settings, f"dialplan remove extension {NEW}@{context} 2")


def test_what_asterisk_does_not_hold_in_full_is_put_back(house: House, before: Revision) -> None:
    """One step of one number is missing: the old table is in force again, and it is said why."""
    house.town.write(row(NEW))

    def on_step(at: str) -> None:
        if at == "reloaded":
            spoil(house)

    with pytest.raises(DialplanRefused, match=f"{NEW}@.* does something else"):
        apply(house.settings, who="x", why="", make_prompts=silent, on_step=on_step)
    assert house.agree() == before
    refused = house.revisions.history()[0]
    assert (refused.state, NEW in refused.problem) == ("refused", True)
    assert NEW not in house.world.rx("dialplan show")


def test_a_phone_that_asterisk_does_not_take_is_noticed(house: House, before: Revision) -> None:
    """Its registration's place is missing: calls to it would find nobody."""
    files = house.revisions.rendered(before.number)
    more = files["pjsip.conf"] + "\n[testcity-1099](seat)\nauth = testcity-1099\naors = nowhere\n"

    assert differences(house.settings, files) == []
    assert differences(house.settings, files | {"pjsip.conf": more}) == [
        "Aor nowhere of testcity-1099 is missing in PJSIP",
        "InAuth testcity-1099 of testcity-1099 is missing in PJSIP",
        "endpoint testcity-1099 is missing in PJSIP",
    ]


def test_an_apply_killed_at_any_moment(house: House, before: Revision) -> None:
    """Not only between the steps: in the middle of a write, of a reload, of an answer."""
    rng = random.Random(8)
    for count in range(12):
        house.town.write(*(row(str(8990010 + n)) for n in range(count + 1)))
        current = house.revisions.current()
        assert current is not None

        def work() -> None:
            apply(house.settings, who="x", why="", make_prompts=silent)

        child = multiprocessing.get_context("fork").Process(target=work)
        child.start()
        time.sleep(rng.uniform(0.0, 0.3))
        child.kill()
        child.join()
        hold_one(house, current, f"kill {count}")


def test_a_frozen_asterisk_keeps_the_old_table(house: House, before: Revision) -> None:
    """It is not known what it holds: that stays open until it answers, and then is ended."""
    house.town.write(row(NEW))
    os.kill(house.world.pid, signal.SIGSTOP)
    try:
        with pytest.raises(DialplanRefused):
            apply(house.settings, who="x", why="", make_prompts=silent)
        refused = house.revisions.history()[0]
        assert (refused.state, refused.is_doubtful) == ("refused", True)
        assert house.would_read(before.number)
        with pytest.raises(DialplanRefused):
            recover(house.settings)
    finally:
        os.kill(house.world.pid, signal.SIGCONT)
    assert recover(house.settings) == before
    assert house.agree() == before


def test_an_asterisk_that_dies_starts_with_what_is_in_force(house: House, before: Revision) -> None:
    """Killed together with the apply, as a power cut does; it holds the new table at its start."""
    house.town.write(row(NEW))

    def on_step(at: str) -> None:
        if at == "flipped":
            os.kill(house.world.pid, signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    def work() -> None:
        apply(house.settings, who="x", why="", make_prompts=silent, on_step=on_step)

    assert house.killed(work) == -signal.SIGKILL
    house.world.kill()  # takes its exit status
    house.world.start()
    recover(house.settings)
    assert house.agree().number > before.number
    assert NEW in house.world.rx("dialplan show")


def test_seats_come_and_go_with_the_table(house: House, before: Revision) -> None:
    """A new seat's phone may register at once; nothing waits for a restart."""
    seats = house.town.folder / "seats.csv"
    text = seats.read_text(encoding="utf-8")
    seats.write_text(text + "1003,座席03,通用,话务员\n", encoding="utf-8")
    try:
        assert apply(house.settings, who="x", why="", make_prompts=silent).waits == ()
        assert "testcity-1003" in house.world.rx("pjsip show endpoints")
    finally:
        seats.write_text(text, encoding="utf-8")
    apply(house.settings, who="x", why="", make_prompts=silent)
    assert "testcity-1003" not in house.world.rx("pjsip show endpoints")
    house.agree()


def test_another_centre_is_refused_while_asterisk_runs(house: House, before: Revision) -> None:
    """Seats, queues and rows carry the centre's name."""
    facts = house.town.folder / "profile.toml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text(text.replace("testcity", "other"), encoding="utf-8")
    try:
        with pytest.raises(ProfileFaults, match="需要停止后重新启动"):
            apply(house.settings, who="x", why="", make_prompts=silent)
    finally:
        facts.write_text(text, encoding="utf-8")
    assert house.agree() == before


async def test_callers_in_the_queue_stay_while_it_is_reloaded(
    house: House, before: Revision, phones: Softphone
) -> None:
    """Without a brain callers stand in Asterisk's own queue; another ring time moves nobody."""
    caller = await phones.call(
        "8337772", ani="13900000127", host=house.settings.host, port=house.settings.sip_port
    )
    await caller.connected()
    await eventually("it waits in the queue", lambda: " 1. PJSIP/trunk" in queue(house), 20)
    facts = house.town.folder / "profile.toml"
    text = facts.read_text(encoding="utf-8")
    facts.write_text("ring_s = 21\n" + text, encoding="utf-8")
    try:
        changed = await asyncio.to_thread(
            apply, house.settings, who="x", why="", make_prompts=silent
        )
    finally:
        facts.write_text(text, encoding="utf-8")
    assert (changed.waits, changed.number > before.number) == ((), True)
    assert " 1. PJSIP/trunk" in queue(house)
    assert not caller.is_over
    await caller.hangup()


def queue(house: House) -> str:
    return house.world.rx("queue show fallback-testcity")


def test_nobody_makes_prompts_for_a_table_that_is_refused(house: House, before: Revision) -> None:
    """Minutes of work for nothing."""
    made: list[Platform] = []
    house.town.spoil()

    with pytest.raises(ProfileFaults):
        apply(house.settings, who="x", why="", make_prompts=made.append)
    assert made == []
    assert house.agree() == before
