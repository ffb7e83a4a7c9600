"""Holds every core module wholly covered, lines and branches, by its own tests run alone.

``python -m install.coverage`` in a checkout: the core is the ring of that name in
``pyproject.toml``; a module's own tests are ``tests/<room>/test_<module>.py``, or those that
``[tool.hotline.core_tests]`` names. Exit status 1 names every line and branch that is not reached.
"""

import json
import multiprocessing
import os
import sys
import tempfile
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["pytest", "pytest_asyncio", "pytest_cov", "xdist", "hypothesis", "hypothesis.strategies"]
    + ["pydantic", "numpy", "structlog", "openpyxl", "aiohttp", "sqlalchemy", "pypinyin"]
)
"""Every run starts from a process that has the packages already: to import them takes longer than
most tests. Nothing of the checkout is among them, for its lines must be seen to run."""

CORE = 2
"""The core's place in the list of rings, the root first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A core module whose own tests do not cover it. ``why`` says what is missing."""

    module: str
    why: str


def core(settings: dict[str, Any], checkout: Path) -> list[str]:
    """The core's modules, as paths in the checkout. A package without code is none."""
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    names = [name.strip(" ()") for name in layers[CORE].split(":")]
    paths = [name.replace(".", "/") + ".py" for name in names]
    return [path for path in paths if not (checkout / path).with_suffix("").is_dir()]


def own_tests(settings: dict[str, Any], module: str) -> tuple[str, ...]:
    """The test files that must cover the module."""
    named: dict[str, list[str]] = settings["tool"].get("hotline", {}).get("core_tests", {})
    room, _, name = module.rpartition("/")
    return tuple(named.get(module, [f"tests/{room}/test_{name}"]))


def examine(checkout: Path) -> list[Fault]:
    """Run every core module's own tests and return what they leave out. Takes about a minute."""
    settings = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    modules_of: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for module in core(settings, checkout):
        modules_of[own_tests(settings, module)].append(module)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda work: _run(checkout, *work), modules_of.items())
        return sorted((fault for faults in found for fault in faults), key=lambda f: f.module)


def tested(checkout: Path) -> set[str]:
    """The test files that ``examine`` runs, whole: nobody need run them a second time."""
    settings = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    return {test for module in core(settings, checkout) for test in own_tests(settings, module)}


def _run(checkout: Path, tests: Sequence[str], modules: Sequence[str]) -> list[Fault]:
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "coverage.json"
        printed, verdict = Path(scratch) / "printed", Path(scratch) / "verdict"
        argv = [
            *("-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"),
            *("--hypothesis-seed=0", "--cov-branch", f"--cov-report=json:{report}"),
            *(f"--cov={module[:-3].replace('/', '.')}" for module in modules),
            *tests,
        ]
        child = _FORKS.Process(target=_alone, args=(checkout, argv, Path(scratch)))
        child.start()
        child.join()
        if not verdict.exists() or verdict.read_text("ascii") != "0":
            lines = printed.read_text(encoding="utf-8").splitlines() if printed.exists() else []
            told = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
            said = "; ".join(told) or f"{' '.join(lines)[-500:]} (exit {child.exitcode})"
            why = f"its tests failed: {said}"
            return [Fault(module=module, why=why) for module in modules]
        if not report.exists():  # nothing at all was imported
            return [Fault(module=module, why="never imported") for module in modules]
        files = json.loads(report.read_text(encoding="utf-8"))["files"]
    return [
        Fault(module=module, why=missing)
        for module in modules
        if (missing := _missing(files.get(module))) is not None
    ]


def _alone(checkout: Path, argv: list[str], scratch: Path) -> None:
    """Run pytest in this process, of which nothing of the checkout has been imported yet.

    What it finds is written down: a library's thread that stumbles at the end of a forked process
    has nothing to say about the tests.
    """
    with (scratch / "printed").open("wb") as out:
        for stream in (1, 2):
            os.dup2(out.fileno(), stream)
    os.chdir(checkout)
    os.environ["COVERAGE_FILE"] = str(scratch / "data")
    sys.path.insert(0, str(checkout))
    import pytest

    verdict = int(pytest.main(argv))
    (scratch / "verdict").write_text(str(verdict), "ascii")


def _missing(file: dict[str, Any] | None) -> str | None:
    if file is None:
        return "never imported"
    lines = ", ".join(map(str, file["missing_lines"]))
    branches = ", ".join(f"{a}->{'exit' if b < 0 else b}" for a, b in file["missing_branches"])
    if not lines and not branches:
        return None
    return f"lines {lines or 'none'}; branches {branches or 'none'}"


def main() -> int:
    """Examine the checkout this file stands in."""
    faults = examine(Path(__file__).resolve().parent.parent)
    for fault in faults:
        print(f"{fault.module}: {fault.why}")
    if not faults:
        print("every core module is wholly covered by its own tests")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
