"""A table put in force on disk, without a running Asterisk: old or new, and known which."""

import json
import multiprocessing
import resource
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from config.apply import STEPS, apply, in_force, recover, rollback, start
from config.applylock import ApplyBusy
from config.faults import ProfileFaults
from config.profile import PROFILE
from config.render import DialplanRefused, etc, render
from config.revisions import Revision, Revisions
from config.settings import Settings
from tests.config.town import Town, row, silent, without_asterisk


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "town")


@pytest.fixture
def settings(tmp_path: Path, town: Town) -> Settings:
    return without_asterisk(tmp_path / "var", town)


def begin(settings: Settings) -> Revision:
    return start(settings, who="up", make_prompts=silent).revision


def put(settings: Settings, why: str = "") -> Revision:
    return apply(settings, who="anna", why=why, make_prompts=silent)


def lines(settings: Settings) -> set[str]:
    """The numbers in force, as the platform has them; Asterisk's files must say the same."""
    numbers = {str(line.number) for line in in_force(settings).home.lines}
    text = (etc(settings) / "numbers.conf").read_text(encoding="utf-8")
    assert {number for number in (*numbers, "8990001", "8990002") if number in text} == numbers
    return numbers


USUAL = {"8337772", "8820813", "12333"}


def test_a_first_start_is_revision_one(settings: Settings) -> None:
    """Who, when, why, and how many lines."""
    first = begin(settings)

    assert (first.number, first.kind, first.state, first.who) == (1, "start", "applied", "up")
    assert (first.added, first.changed, first.removed) == (3, 0, 0)
    assert Revisions(settings).history() == [first]
    assert in_force(settings).revision == 1
    assert lines(settings) == USUAL


def test_a_start_without_a_change_is_no_revision(settings: Settings) -> None:
    assert begin(settings) == begin(settings)


def test_a_changed_working_copy_counts_from_the_next_start(settings: Settings, town: Town) -> None:
    begin(settings)
    town.write(row("8990001"))
    assert lines(settings) == USUAL
    second = begin(settings)

    assert (second.number, second.kind, second.added) == (2, "start", 1)
    assert lines(settings) == {*USUAL, "8990001"}


def test_changed_settings_make_the_files_anew(settings: Settings) -> None:
    """The same table, another revision: what Asterisk reads is never changed in place."""
    begin(settings)
    second = begin(settings.model_copy(update={"sip_port": 5999}))

    assert (second.number, second.of, second.added) == (2, 1, 0)
    assert ":5999" in (etc(settings) / "pjsip.conf").read_text()


def test_without_a_good_table_nothing_starts(settings: Settings, town: Town) -> None:
    town.spoil()
    with pytest.raises(ProfileFaults, match="整体合并"):
        begin(settings)

    assert Revisions(settings).history() == []
    assert not etc(settings).exists()


def test_a_start_with_a_bad_table_keeps_the_last_good_one(settings: Settings, town: Town) -> None:
    """And says why."""
    begin(settings)
    town.spoil()
    started = start(settings, who="up", make_prompts=silent)

    assert "整体合并" in str(started.refused)
    assert (started.revision.number, lines(settings)) == (1, USUAL)


def test_an_apply_is_remembered_with_its_reason(settings: Settings, town: Town) -> None:
    begin(settings)
    town.write(row("8990001"))
    second = put(settings, "第三批")

    assert (second.who, second.why, second.kind, second.before) == ("anna", "第三批", "apply", 1)
    assert (second.added, second.changed, second.removed) == (1, 0, 0)
    assert not second.is_live, "it counts from Asterisk's next start"
    assert lines(settings) == {*USUAL, "8990001"}


def test_an_apply_without_a_change_is_no_revision(settings: Settings) -> None:
    begin(settings)

    assert put(settings).number == 1


def test_a_bad_table_is_refused_whole(settings: Settings, town: Town) -> None:
    begin(settings)
    town.spoil()
    with pytest.raises(ProfileFaults):
        put(settings)

    assert len(Revisions(settings).history()) == 1
    assert lines(settings) == USUAL


def test_prompts_that_cannot_be_made_stop_an_apply(settings: Settings, town: Town) -> None:
    """Nothing of the table is written before everything it can say is there."""
    begin(settings)
    town.write(row("8990001"))

    def broken(_platform: object) -> None:
        raise RuntimeError("no voice")

    with pytest.raises(RuntimeError, match="no voice"):
        apply(settings, who="anna", why="", make_prompts=broken)
    assert len(Revisions(settings).history()) == 1
    assert lines(settings) == USUAL


def test_a_rollback_is_a_new_revision_with_the_old_table(settings: Settings, town: Town) -> None:
    """And the working copy is the old one again, whatever was in it."""
    begin(settings)
    old = town.table.read_bytes()
    town.write(row("8990001"))
    (town.folder / "prompts.csv").write_text("提示音,音色,语速,文字\n", encoding="utf-8")
    put(settings)
    third = rollback(settings, 1, who="bao", why="误操作", make_prompts=silent)

    assert (third.number, third.kind, third.of, third.removed) == (3, "rollback", 1, 1)
    assert lines(settings) == USUAL
    assert town.table.read_bytes() == old
    assert not (town.folder / "prompts.csv").exists()
    assert third.restore == "done"
    assert put(settings).number == 3


def test_a_rollback_to_what_is_in_force_takes_back_the_working_copy(
    settings: Settings, town: Town
) -> None:
    begin(settings)
    old = town.table.read_bytes()
    town.spoil()
    again = rollback(settings, 1, who="bao", why="", make_prompts=silent)

    assert (again.number, town.table.read_bytes()) == (1, old)


def test_a_rollback_keeps_what_nobody_applied_yet(settings: Settings, town: Town) -> None:
    """Another administrator's work in hand is put aside; what a revision has is not."""
    begin(settings)
    town.write(row("8990001"))
    put(settings)
    town.write(row("8990001"), row("8990002"))
    in_hand = town.table.read_bytes()
    recording = town.folder / "prompts" / "bye.m4a"
    recording.parent.mkdir()
    recording.write_bytes(b"said anew")
    third = rollback(settings, 1, who="bao", why="", make_prompts=silent)

    assert third.aside == ("numbers.csv.bak", "prompts/bye.m4a.bak")
    assert (town.folder / "numbers.csv.bak").read_bytes() == in_hand
    assert (town.folder / "prompts/bye.m4a.bak").read_bytes() == b"said anew"
    assert not recording.exists()
    assert (put(settings).number, lines(settings)) == (3, USUAL)

    assert rollback(settings, 2, who="bao", why="", make_prompts=silent).aside == ()


def test_a_rollback_holds_though_the_working_copy_cannot_be_written(
    settings: Settings, town: Town
) -> None:
    """The next start leaves it in force; a working copy that somebody changes counts again."""
    begin(settings)
    town.write(row("8990001"))
    put(settings)
    (town.folder / ".numbers.csv.new").mkdir()
    third = rollback(settings, 1, who="bao", why="", make_prompts=silent)

    assert third.restore == "impossible"
    assert begin(settings) == third
    assert lines(settings) == USUAL
    town.write(row("8990002"))
    assert begin(settings).number == 4
    assert lines(settings) == {*USUAL, "8990002"}


def test_a_rollback_holds_though_the_working_copy_cannot_be_read(
    settings: Settings, town: Town
) -> None:
    """What lies there and is no file of the table stops neither it nor what comes after it."""
    begin(settings)
    town.write(row("8990001"))
    put(settings)
    (town.folder / "linkage.csv").mkdir()
    third = rollback(settings, 1, who="bao", why="", make_prompts=silent)

    assert (third.number, third.state, third.restore) == (3, "applied", "impossible")
    assert lines(settings) == USUAL
    assert recover(settings) == third
    (town.folder / "linkage.csv").rmdir()
    assert put(settings).number == 3


def yesterday(settings: Settings, number: int) -> None:
    """Let a revision have been made the day before."""
    meta = Revisions(settings).directory(number) / "meta.json"
    told = json.loads(meta.read_text())
    meta.write_text(json.dumps(told | {"at": "2026-01-01T00:00:00Z"}))


def test_a_number_given_up_is_not_rolled_back_to_life(settings: Settings, town: Town) -> None:
    """But a mistaken date is taken back on its own day."""
    town.write(row("8990001"))
    begin(settings)
    town.write(row("8990001", ends="2026-01-02"))
    put(settings)
    assert rollback(settings, 1, who="bao", why="", make_prompts=silent).number == 3
    town.write(row("8990001", ends="2026-01-02"))
    put(settings)
    yesterday(settings, 4)

    with pytest.raises(ProfileFaults, match="8990001已经取消"):
        rollback(settings, 1, who="bao", why="", make_prompts=silent)


def test_a_number_given_up_long_ago_is_refused(settings: Settings, town: Town) -> None:
    """Though the table in between did not hold it."""
    begin(settings)
    town.write(row("8990001", ends="2026-01-02"))
    put(settings)
    yesterday(settings, 2)
    back = rollback(settings, 1, who="bao", why="", make_prompts=silent)
    assert back.retired == ("testcity/8990001",)
    town.write(row("8990001"))

    with pytest.raises(ProfileFaults, match="8990001"):
        put(settings)


def test_another_centre_may_move_in_while_nothing_runs(settings: Settings, town: Town) -> None:
    begin(settings)
    facts = town.folder / PROFILE
    facts.write_text(facts.read_text(encoding="utf-8").replace("testcity", "other"), "utf-8")

    assert begin(settings).centre == "other"


def test_an_old_installation_gets_revisions(settings: Settings, town: Town) -> None:
    """Its directory of files becomes a link."""
    render(settings, in_force(settings))
    assert not etc(settings).is_symlink()
    town.write(row("8990001"))
    first = begin(settings)

    assert (first.number, etc(settings).is_symlink()) == (1, True)
    assert lines(settings) == {*USUAL, "8990001"}


def test_the_plain_rendering_never_writes_into_a_revision(settings: Settings) -> None:
    begin(settings)
    with pytest.raises(FileExistsError):
        render(settings, in_force(settings))


def test_the_second_of_two_waits_and_then_says_who_is_at_it(settings: Settings, town: Town) -> None:
    """One that waits long enough comes after the first."""
    begin(settings)
    town.write(row("8990001"))
    at_it, go_on = threading.Event(), threading.Event()

    def slow(_platform: object) -> None:
        at_it.set()
        assert go_on.wait(20)

    first = threading.Thread(
        target=lambda: apply(settings, who="anna", why="first", make_prompts=slow)
    )
    first.start()
    try:
        assert at_it.wait(10)
        with pytest.raises(ApplyBusy) as busy:
            apply(settings, who="bao", why="", make_prompts=silent, wait_s=0.1)
        assert busy.value.details["who"] == "anna"
    finally:
        go_on.set()
    town.write(row("8990001"), row("8990002"))
    assert put(settings, "second").why == "second"
    first.join()
    assert [r.why for r in Revisions(settings).history()] == ["second", "first", "启动"]


def test_a_full_disk_leaves_the_old_table(settings: Settings, town: Town) -> None:
    """A file that may not grow stands for a disk that is full."""
    begin(settings)
    town.write(*(row(str(8990001 + n)) for n in range(300)))

    def in_a_full_house() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        put(settings)

    assert in_a_child(in_a_full_house) == "DialplanRefused"
    assert [r.number for r in Revisions(settings).history()] == [1]
    assert [path.name for path in Revisions(settings).folder.iterdir()] == ["000001"]
    assert lines(settings) == USUAL
    assert put(settings).added == 300


def in_a_child(work: Callable[[], None]) -> str:
    """Run it in a process of its own; the name of what it raised, or ''."""
    forking = multiprocessing.get_context("fork")
    here, there = forking.Pipe(duplex=False)

    def run() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told to the parent
            there.send(type(error).__name__)
        else:
            there.send("")

    child = forking.Process(target=run)
    child.start()
    child.join(60)
    return str(here.recv()) if here.poll() else f"ended with {child.exitcode}"


def test_steps_are_told_in_order(settings: Settings, town: Town) -> None:
    """Of Asterisk's own none while it does not run; a rollback has one more."""
    begin(settings)
    town.write(row("8990001"))
    told: list[str] = []
    apply(settings, who="anna", why="", make_prompts=silent, on_step=told.append)
    without = [s for s in STEPS if s not in ("reloaded", "compared")]
    assert told == [step for step in without if step != "restored"]
    told.clear()
    rollback(settings, 1, who="anna", why="", make_prompts=silent, on_step=told.append)
    assert told == without


@pytest.mark.parametrize("step", [s for s in STEPS if s not in ("reloaded", "compared")])
def test_whatever_stops_it_it_is_the_old_table_or_the_new(
    settings: Settings, town: Town, step: str
) -> None:
    """An exception at a step: the old one before it counted, the new one after."""
    begin(settings)
    town.write(row("8990001"))
    put(settings)

    def stop(at: str) -> None:
        if at == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rollback(settings, 1, who="anna", why="", make_prompts=silent, on_step=stop)
    is_new = step in ("applied", "restored", "pruned")
    assert lines(settings) == (USUAL if is_new else {*USUAL, "8990001"})
    recover(settings)
    assert lines(settings) == (USUAL if is_new else {*USUAL, "8990001"})
    assert {r.state for r in Revisions(settings).history()} <= {"applied", "refused"}
    assert Revisions(settings).current() in Revisions(settings).history()


def test_what_is_refused_by_asterisk_is_remembered(settings: Settings, town: Town) -> None:
    """With why; its number is not given out again."""
    begin(settings)
    town.write(row("8990001"))

    def refuse(step: str) -> None:
        if step == "flipped":
            raise DialplanRefused("so")

    with pytest.raises(DialplanRefused):
        apply(settings, who="anna", why="", make_prompts=silent, on_step=refuse)
    assert [(r.number, r.state) for r in Revisions(settings).history()] == [
        (2, "refused"),
        (1, "applied"),
    ]
    assert put(settings).number == 3
