"""What holds for every test: laws are judged by what they find, never by how long a case takes.

The machine may be busy with something else; a deadline would then fail a law that holds.
"""

import signal
from collections.abc import Generator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

import pytest
from hypothesis import HealthCheck, settings

from tests.standstill import Watch

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(autouse=True, scope="session")
def _can_be_interrupted() -> None:
    """A shell starts what runs in its background deaf to Ctrl-C, and every child inherits that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self._began = monotonic()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if report.failed:
            stood_s = self.watch.longest(self._began)
            if stood_s:
                report.sections.append(("machine", f"stood still for {stood_s * 1000:.0f} ms"))
                self._undecided.append(item.nodeid)
            else:
                self._has_failed = True
        return report

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        if self._config.getoption("undecided"):
            wanted = set(self._cache.get(self.KEPT, None) or ()) if self._cache else set()
            items[:] = [item for item in items if item.nodeid in wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._has_failed |= report.failed

    def pytest_sessionfinish(self) -> None:
        # Asked again is asked once: nothing stays undecided twice, and beside a failure it is moot.
        moot = self._has_failed or self._config.getoption("undecided")
        if self._cache is not None:
            self._cache.set(self.KEPT, [] if moot else list(dict.fromkeys(self._undecided)))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what ``make test`` says when it asks a second time."""
    parser.addoption(
        "--undecided",
        action="store_true",
        help="only tests that failed the last time while the machine stood still, and alone did",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Watch the machine for as long as tests run."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="hotline-watch-"))
        watch = stack.enter_context(Watch(Path(folder) / "stops"))
        config.pluginmanager.register(Undecided(config, watch), "undecided")
        config.add_cleanup(stack.pop_all().close)
