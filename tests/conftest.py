"""What holds for every test: laws are judged by what they find, never by how long a case takes.

The machine may be busy with something else; a deadline would then fail a law that holds.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings

from install.coverage import tested
from tests.standstill import Watch

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True, scope="session")
def _can_be_interrupted() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and every child inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


MACHINE = "machine"
"""The section of a report that says how long the machine stood still."""


class Undecided:
    """Tells failures from those that a machine standing still leaves undecided."""

    KEPT = "hotline/undecided"

    def __init__(self, config: pytest.Config, watch: Watch) -> None:
        self._config = config
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        """None where the tests are run without one, as for the coverage of the core."""
        self.watch = watch
        self._undecided: list[str] = []
        self._began = monotonic()
        self._has_failed = False
        self._shared: dict[tuple[str, str], float] = {}
        """The longest stop while a fixture of several tests was made, by where and what it is."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._began = monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[object]
    ) -> Generator[None, object, object]:
        began = monotonic()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                self._shared[fixturedef.baseid, fixturedef.argname] = self.watch.longest(began)

    def _stood_s(self, item: pytest.Item) -> float:
        """The longest stop in the test, or in the making of what it shares with others."""
        names: list[str] = getattr(item, "fixturenames", [])
        shared = (
            stood_s
            for (base, name), stood_s in self._shared.items()
            if name in names and item.nodeid.startswith(base)
        )
        return max(self.watch.longest(self._began), *shared, 0.0)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.failed and (stood_s := self._stood_s(item)):
            report.sections.append((MACHINE, f"stood still for {stood_s * 1000:.0f} ms"))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Told where the verdict is made, also of tests that run in several processes."""
        if not report.failed:
            return
        if any(name == MACHINE for name, _ in report.sections):
            self._undecided.append(report.nodeid)
        else:
            self._has_failed = True

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._config.getoption("without_core"):
            root = self._config.rootpath
            done = tested(root)
            left_out = [one for one in items if str(one.path.relative_to(root)) in done]
            items[:] = [one for one in items if str(one.path.relative_to(root)) not in done]
            self._config.hook.pytest_deselected(items=left_out)
        if self._config.getoption("undecided"):
            wanted = set(self._cache.get(self.KEPT, None) or ()) if self._cache else set()
            items[:] = [item for item in items if item.nodeid in wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._has_failed |= report.failed

    def pytest_sessionfinish(self) -> None:
        # Asked again is asked once: nothing stays undecided twice, and beside a failure it is moot.
        moot = self._has_failed or self._config.getoption("undecided")
        if self._cache is not None and not hasattr(self._config, "workerinput"):
            self._cache.set(self.KEPT, [] if moot else list(dict.fromkeys(self._undecided)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what ``make test`` says when it asks a second time."""
    parser.addoption(
        "--undecided",
        action="store_true",
        help="only tests that failed the last time while the machine stood still, and alone did",
    )
    parser.addoption(
        "--without-core",
        action="store_true",
        help="without the tests that the coverage of the core has just run, whole",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Watch the machine for as long as tests run. How wide a table is, each test says itself."""
    os.environ.pop("COLUMNS", None)
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="hotline-watch-"))
        watch = stack.enter_context(Watch(Path(folder) / "stops"))
        config.pluginmanager.register(Undecided(config, watch), "undecided")
        config.add_cleanup(stack.pop_all().close)
