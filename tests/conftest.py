"""What holds for every test: laws are judged by what they find, never by how long a case takes.

The machine may be busy with something else; a deadline would then fail a law that holds.
"""

import os
import signal
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings

from bench.ports import SHARE
from install.coverage import tested
from tests.standstill import Watch

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True, scope="session")
def _can_be_interrupted() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and every child inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of the test's own, kept as pytest keeps its own.

    Its name is short: the path of a socket has 107 bytes, and Asterisk's stands deep in the home.
    """
    return Path(mkdtemp(prefix="", dir=tmp_path_factory.getbasetemp()))


MACHINE = "machine"
"""The section of a report that says how long the machine stood still."""


MOST_UNEXPLAINED = 2
"""In so many files of a stage a test may fail without a stop: more is no chance. The tests of a
file often look at the same calls, so one thing fails several."""


class Undecided:
    """Tells failures from those that one run leaves undecided, and asks those again.

    What is kept from a run is which tests to ask again (``docs/decisions/021-asked-again.md``).
    """

    KEPT = "hotline/undecided"

    def __init__(self, config: pytest.Config, watch: Watch) -> None:
        self._config = config
        self._cache: pytest.Cache | None = getattr(config, "cache", None)
        """None where the tests are run without one, as for the coverage of the core."""
        self.watch = watch
        self._undecided: list[str] = []
        self._unexplained: set[str] = set()
        """Files in which a test failed though the machine did not stand still."""
        self._began = monotonic()
        self._has_failed = False
        self._shared: dict[tuple[str, str], float] = {}
        """The longest stop while a fixture of several tests was made, by where and what it is."""

    def pytest_sessionstart(self) -> None:
        """What an earlier run left undecided is no matter of a new one, however that ends."""
        if not self._is_second:
            self._keep([])

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
        if report.failed:
            stood_s = self._stood_s(item)
            if stood_s:
                report.sections.append((MACHINE, f"stood still for {stood_s * 1000:.0f} ms"))
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Told where the verdict is made, also of tests that run in several processes."""
        if not report.failed:
            return
        if report.nodeid not in self._undecided:
            self._undecided.append(report.nodeid)
        if MACHINE not in {name for name, _ in report.sections}:
            self._unexplained.add(report.nodeid.partition("::")[0])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._config.getoption("without_core"):
            root = self._config.rootpath
            done = tested(root)
            left_out = [one for one in items if str(one.path.relative_to(root)) in done]
            items[:] = [one for one in items if str(one.path.relative_to(root)) not in done]
            self._config.hook.pytest_deselected(items=left_out)
        if not self._is_second:
            return
        wanted = set(self._kept())
        if lost := wanted - {item.nodeid for item in items}:
            raise pytest.UsageError(f"cannot be asked again: {', '.join(sorted(lost))}")
        items[:] = [item for item in items if item.nodeid in wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._has_failed |= report.failed

    @property
    def _is_second(self) -> bool:
        return bool(self._config.getoption("undecided"))

    def _kept(self) -> list[str]:
        return (self._cache.get(self.KEPT, None) or []) if self._cache else []

    def _keep(self, undecided: list[str]) -> None:
        if self._cache is not None and not hasattr(self._config, "workerinput"):
            self._cache.set(self.KEPT, undecided)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._is_second:
            return
        is_moot = self._has_failed or len(self._unexplained) > MOST_UNEXPLAINED
        if session.exitstatus == pytest.ExitCode.TESTS_FAILED and not is_moot:
            self._keep(self._undecided)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what was left undecided: it is a fault to be found, in a test or what it tests."""
        for node in self._kept():
            terminalreporter.write_line(f"UNDECIDED {node}", yellow=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what ``make test`` says when it asks again."""
    parser.addoption(
        "--undecided",
        action="store_true",
        help="only tests that the last run left undecided, if no other failed",
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
    side_by_side: dict[str, object] = getattr(config, "workerinput", {})
    if side_by_side:
        worker = str(side_by_side["workerid"]).removeprefix("gw")
        os.environ[SHARE] = f"{worker}/{side_by_side['workercount']}"
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="hotline-watch-"))
        watch = stack.enter_context(Watch(Path(folder) / "stops"))
        config.pluginmanager.register(Undecided(config, watch), "undecided")
        config.add_cleanup(stack.pop_all().close)
