"""What ``make test`` and ``make soak`` run: stages with their output, verdicts at the end."""

import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One check: its name and the program of the virtual environment that makes it."""

    name: str
    argv: tuple[str, ...]
    again: tuple[tuple[str, ...], ...] = ()
    """What decides it after a failure, if anything can: all must pass, one after another."""


PYTEST = ("python", "-m", "pytest")
AGAIN = ((*PYTEST, "--undecided"),) * 3
"""What one failure leaves undecided, with nothing beside it: see ``tests/conftest.py``."""
DESK = ("python", "-m", "install.desk")
"""The page's own checks, with the Node that builds it."""
SIDE_BY_SIDE = ("-n", "2", "--dist", "loadfile")
LONGEST = "--durations=25"
TEST = (
    Stage(name="ruff check", argv=("ruff", "check", ".")),
    Stage(name="ruff format", argv=("ruff", "format", "--check", ".")),
    Stage(name="mypy", argv=("mypy",)),
    Stage(name="import-linter", argv=("lint-imports",)),
    Stage(name="desk lint", argv=(*DESK, "lint")),
    Stage(name="desk types", argv=(*DESK, "types")),
    Stage(name="desk tests", argv=(*DESK, "test")),
    Stage(name="core coverage", argv=("python", "-m", "install.coverage")),
    Stage(
        name="tests without calls",
        argv=(*PYTEST, *SIDE_BY_SIDE, "-m", "not asterisk and not soak", "--without-core"),
        again=AGAIN,
    ),
    Stage(
        name="tests with calls, side by side",
        argv=(*PYTEST, *SIDE_BY_SIDE, "-m", "asterisk and not alone and not soak", LONGEST),
        again=AGAIN,
    ),
    Stage(
        name="tests with calls, alone",
        argv=(*PYTEST, "-m", "asterisk and alone and not soak", LONGEST),
        again=AGAIN,
    ),
)
SOAK = (Stage(name="soak", argv=(*PYTEST, "-m", "soak")),)


def run(
    stages: Sequence[Stage], programs: Path, checkout: Path, environment: Mapping[str, str]
) -> int:
    """Run every stage, also after one failed, and return 0 only when all passed.

    Output goes straight to the terminal. ``programs``: the directory with ruff, mypy, python….
    """
    verdicts: list[tuple[Stage, str, float]] = []
    for number, stage in enumerate(stages, start=1):
        print(f"\n=== [{number}/{len(stages)}] {stage.name} ===", flush=True)
        begun = time.monotonic()
        code = _code(stage.argv, programs, checkout, environment)
        verdict = "失败" if code else "通过"
        for asking, argv in enumerate(stage.again if code else (), start=2):
            heading = f"[{number}/{len(stages)}] {stage.name}: undecided, asking no. {asking}"
            print(f"\n=== {heading} ===", flush=True)
            verdict = "通过（重问后）"
            if _code(argv, programs, checkout, environment):
                verdict = "失败"
                break
        verdicts.append((stage, verdict, time.monotonic() - begun))
    print()
    for stage, verdict, seconds in verdicts:
        print(f"{verdict}  {stage.name}  {seconds:.0f} 秒")
    return 1 if any(verdict == "失败" for _, verdict, _ in verdicts) else 0


def _code(
    argv: Sequence[str], programs: Path, checkout: Path, environment: Mapping[str, str]
) -> int:
    command = [str(programs / argv[0]), *argv[1:]]
    return subprocess.run(command, cwd=checkout, env=dict(environment), check=False).returncode
