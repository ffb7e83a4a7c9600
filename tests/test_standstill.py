"""A failure that the machine or real calls leave undecided is asked again; any other stands."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from tests.standstill import Watch

WORLD = """
import os, signal, time
from pathlib import Path
import pytest
from tests.conftest import Undecided, pytest_addoption, pytest_configure

@pytest.fixture
def stop(request):
    def stop_the_watch():
        pid = request.config.pluginmanager.get_plugin("undecided").watch.pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.15)
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)
    return stop_the_watch
"""
TEST = """
from pathlib import Path

def test_hears(stop):
    first = not Path("been").exists()
    Path("been").touch()
    if first:
        stop()
        assert False, "a packet came late"

def test_rule():
    assert not Path("wrong").exists()
"""
SHARED = """
import os, signal, time
from pathlib import Path
import pytest

@pytest.fixture(scope="module")
def heard(request):
    first = not Path("been").exists()
    Path("been").touch()
    if first:
        pid = request.config.pluginmanager.get_plugin("undecided").watch.pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.15)
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.05)
    return not first

def test_of_the_first_word(heard):
    time.sleep(0.1)
    assert heard

def test_of_the_second_word(heard):
    assert heard

def test_of_something_else():
    assert not Path("wrong").exists()
"""

CALLS = """
from pathlib import Path
import pytest

def counted(name):
    with open(name, "a") as file:
        file.write("x")
    return len(Path(name).read_text())

@pytest.mark.parametrize("call", ["a", "b", "c"])
def test_is_heard(call):
    fails_at = Path(f"{call}-fails").read_text() if Path(f"{call}-fails").exists() else ""
    assert str(counted(call)) not in fails_at

def test_rule():
    assert not Path("wrong").exists()
"""


def ask(place: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the little world's tests as ``make test`` runs ours."""
    argv = [sys.executable, "-m", "pytest", "-p", "no:randomly", "-q", *options]
    root = str(Path(__file__).parents[1])
    return subprocess.run(
        argv,
        cwd=place,
        env={**os.environ, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "conftest.py").write_text(WORLD)
    (tmp_path / "test_it.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_a_stop_is_noted_with_its_length_and_its_time(tmp_path: Path) -> None:
    with Watch(tmp_path / "stops") as watch:
        sleep(0.1)
        began = monotonic()
        os.kill(watch.pid, signal.SIGSTOP)
        sleep(0.3)
        os.kill(watch.pid, signal.SIGCONT)
        sleep(0.1)
        assert 0.25 < watch.longest(began) < 2.0
        assert watch.longest(began - 60, began - 50) == 0.0


def test_what_failed_while_the_machine_stood_still_is_asked_again(place: Path) -> None:
    """The first run fails all the same; the next asks that test alone."""
    first = ask(place)
    assert first.returncode == 1
    assert "stood still for" in first.stdout
    again = ask(place, "--undecided")
    assert again.returncode == 0, again.stdout
    assert "1 passed" in again.stdout


def test_it_is_so_where_several_processes_share_the_tests(place: Path) -> None:
    """The one that hands them out remembers which were left undecided."""
    assert ask(place, "-n", "2").returncode == 1
    again = ask(place, "--undecided")
    assert "1 passed" in again.stdout, again.stdout


def test_a_stop_while_a_shared_thing_was_made_counts_for_all_who_share_it(place: Path) -> None:
    """Calls are placed once for several tests, which look at them long after."""
    (place / "test_it.py").write_text(SHARED)
    assert ask(place).returncode == 1
    again = ask(place, "--undecided")
    assert "2 passed" in again.stdout, again.stdout


def test_it_counts_for_nobody_who_does_not_share_it(place: Path) -> None:
    (place / "test_it.py").write_text(SHARED)
    (place / "wrong").touch()
    first = ask(place).stdout
    assert "stood still for" in _report(first, "test_of_the_first_word")
    assert "stood still for" not in _report(first, "test_of_something_else")


def _report(told: str, test: str) -> str:
    """What the run says of that failed test."""
    return told.partition(f"_ {test} _")[2].partition("\n____")[0]


def thrice(place: Path) -> list[int]:
    """Ask again as ``make test`` does."""
    return [ask(place, "--undecided").returncode for _ in range(3)]


def test_what_fails_for_no_known_cause_is_asked_three_times_more(place: Path) -> None:
    """And the run names them, also when all three are well."""
    (place / "test_it.py").write_text(CALLS)
    (place / "b-fails").write_text("1")
    first = ask(place)
    assert first.returncode == 1
    assert "UNDECIDED test_it.py::test_is_heard[b]" in first.stdout
    assert thrice(place) == [0, 0, 0]
    assert (place / "b").read_text() == "xxxx"
    assert (place / "a").read_text() == "x"


def test_what_fails_once_more_has_failed(place: Path) -> None:
    (place / "test_it.py").write_text(CALLS)
    (place / "b-fails").write_text("1 4")
    assert ask(place).returncode == 1
    assert thrice(place) == [0, 0, 1]


def test_failures_in_many_files_are_no_chance(place: Path) -> None:
    for name, call in zip(("test_it", "test_so", "test_no"), "abc", strict=True):
        (place / f"{name}.py").write_text(CALLS.replace('["a", "b", "c"]', f'["{call}"]'))
        (place / f"{call}-fails").write_text("1")
    assert ask(place).returncode == 1
    assert ask(place, "--undecided").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_broken_rule_fails_again(place: Path) -> None:
    (place / "test_it.py").write_text(CALLS)
    (place / "wrong").touch()
    (place / "b-fails").write_text("1")
    assert ask(place).returncode == 1
    again = ask(place, "--undecided")
    assert again.returncode == 1
    assert "1 failed, 1 passed" in again.stdout


def test_stops_may_explain_failures_in_many_files(place: Path) -> None:
    for name in ("test_it", "test_so", "test_no"):
        (place / f"{name}.py").write_text(TEST.replace("been", f"been-{name}"))
    assert ask(place).returncode == 1
    assert thrice(place) == [0, 0, 0]


def test_a_file_that_cannot_be_read_is_no_chance(place: Path) -> None:
    (place / "test_it.py").write_text(CALLS)
    (place / "b-fails").write_text("1")
    (place / "test_so.py").write_text("import nothing_of_that_name")
    assert ask(place, "--continue-on-collection-errors").returncode != 0
    (place / "test_so.py").unlink()
    assert ask(place, "--undecided").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


BROKEN = """
import os, pytest
from tests.conftest import Undecided, pytest_addoption, pytest_configure

def pytest_runtest_teardown(item):
    if item.name == "test_is_heard[c]":
        {how}
"""


@pytest.mark.parametrize("how", ["os._exit(1)", "pytest.exit('enough')"])
def test_a_run_that_was_broken_off_leaves_nothing_undecided(place: Path, how: str) -> None:
    """Neither its own failures, nor those of a run before it."""
    (place / "test_it.py").write_text(CALLS)
    (place / "b-fails").write_text("1")
    ask(place)
    for name in "abc":
        (place / name).unlink()
    (place / "conftest.py").write_text(BROKEN.format(how=how))
    assert ask(place).returncode != 0
    assert ask(place, "--undecided").returncode == pytest.ExitCode.NO_TESTS_COLLECTED


def test_what_cannot_be_found_again_has_failed(place: Path) -> None:
    (place / "test_it.py").write_text(CALLS)
    (place / "b-fails").write_text("1")
    ask(place)
    (place / "test_it.py").write_text(CALLS.replace('"b", ', ""))
    assert ask(place, "--undecided").returncode == pytest.ExitCode.USAGE_ERROR
