"""Figures for Prometheus, in a registry of our own. No label ever holds a number or a name."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from cti.ports import Brain
from cti.web.desk import DeskHub

POP_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 5.0)
REQUEST_BUCKETS = (0.005, 0.02, 0.05, 0.1, 0.5, 1.0, 5.0)


class Metrics:
    """One application's figures."""

    def __init__(self, brain: Brain, hub: DeskHub) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Live(brain, hub))
        self._pop = Histogram(
            "hotline_pop_seconds",
            "From the brain's decision to the caller card written to a desk's socket.",
            buckets=POP_BUCKETS,
            registry=self._registry,
        )
        self._seen = Histogram(
            "hotline_pop_seen_seconds",
            "From the brain's decision to the first desk's word that the caller card is painted.",
            buckets=POP_BUCKETS,
            registry=self._registry,
        )
        self._requests = Histogram(
            "hotline_http_request_seconds",
            "HTTP requests answered.",
            ("method", "route", "status"),
            buckets=REQUEST_BUCKETS,
            registry=self._registry,
        )
        self._sign_ins = Counter(
            "hotline_sign_ins",
            "Attempts to sign in over HTTP.",
            ("outcome",),
            registry=self._registry,
        )

    def popped(self, seconds: float) -> None:
        """A caller card left for a desk so long after the brain wished it."""
        self._pop.observe(max(0.0, seconds))

    def seen(self, seconds: float) -> None:
        """A desk painted a caller card so long after the brain wished it."""
        self._seen.observe(max(0.0, seconds))

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. ``route`` is the template, never the path."""
        self._requests.labels(method, route, str(status)).observe(seconds)

    def signed_in(self, outcome: str) -> None:
        """Somebody tried to sign in: ``ok``, ``wrong`` or ``held-back``."""
        self._sign_ins.labels(outcome).inc()

    def text(self) -> bytes:
        """All figures in Prometheus' text format."""
        return generate_latest(self._registry)


class _Live(Collector):
    """Read at scrape time, so that nothing has to be kept up to date."""

    def __init__(self, brain: Brain, hub: DeskHub) -> None:
        self._brain = brain
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Ask the brain and the hub."""
        yield GaugeMetricFamily(
            "hotline_ready", "1 when offers are being made.", value=float(self._brain.is_ready())
        )
        for name, value in sorted(self._brain.figures().items()):
            yield GaugeMetricFamily(f"hotline_{name}", "A figure of the brain.", value=value)
        yield GaugeMetricFamily("hotline_desks_open", "Desks open.", value=self._hub.desks)
        yield CounterMetricFamily("hotline_pops", "Caller cards shown.", value=self._hub.pops)
        yield CounterMetricFamily(
            "hotline_desks_dropped",
            "Desks that did not read.",
            value=self._hub.drops,
        )
