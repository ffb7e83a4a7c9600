"""The ratchet of coverage, on a small checkout with one core module."""

import subprocess
import sys
from pathlib import Path

from install.coverage import Fault, examine

PYPROJECT = """\
[tool.importlinter]
[[tool.importlinter.contracts]]
type = "layers"
layers = ["room.root", "room.edge", "room.rule", "room.words"]
"""
RULE = """\
def sign(number: int) -> str:
    if number < 0:
        return "-"
    return "+"
"""
HALF = """\
from room.rule import sign

def test_plus() -> None:
    assert sign(1) == "+"
"""
WHOLE = HALF + '\ndef test_minus() -> None:\n    assert sign(-1) == "-"\n'


def checkout(at: Path, *, rule: str = RULE, tests: str) -> Path:
    for name, text in {
        "pyproject.toml": PYPROJECT,
        "room/__init__.py": "",
        "room/rule.py": rule,
        "tests/room/test_rule.py": tests,
    }.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_text(text, encoding="utf-8")
    return at


def test_a_wholly_covered_core_has_no_fault(tmp_path: Path) -> None:
    """Every line and branch was reached by the module's own tests."""
    assert examine(checkout(tmp_path, tests=WHOLE)) == []


def test_a_line_that_is_not_reached_is_named(tmp_path: Path) -> None:
    """With its number, and the branch that leads there."""
    found = examine(checkout(tmp_path, tests=HALF))
    assert found == [Fault(module="room/rule.py", why="lines 3; branches 2->3")]


def test_tests_that_fail_or_are_missing_are_a_fault(tmp_path: Path) -> None:
    """Nothing is covered by what does not pass."""
    (found,) = examine(checkout(tmp_path / "a", tests=WHOLE.replace('"-"', '"minus"')))
    assert found.why.startswith("its tests failed")
    here = checkout(tmp_path / "b", tests=WHOLE)
    (here / "tests/room/test_rule.py").unlink()
    (found,) = examine(here)
    assert found.why.startswith("its tests failed")


def test_a_module_its_tests_never_import_is_a_fault(tmp_path: Path) -> None:
    """A test of that name may test something else."""
    found = examine(checkout(tmp_path, tests="def test_nothing() -> None:\n    assert True\n"))
    assert [fault.module for fault in found] == ["room/rule.py"]


def test_what_the_coverage_has_run_is_run_no_second_time() -> None:
    """And everything else is."""
    files = ("tests/queues/test_acd.py", "tests/install/test_stages.py")
    argv = [sys.executable, "-m", "pytest", "--collect-only", "-q", "--without-core", *files]
    root = Path(__file__).parents[2]
    done = subprocess.run(argv, cwd=root, capture_output=True, text=True, check=True)
    assert "test_stages.py::" in done.stdout
    assert "test_acd.py::" not in done.stdout
