"""The figures as pictures: ours beside the peer, the reach as a line."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

from matplotlib import pyplot as plt  # noqa: E402  # the backend is chosen first
from matplotlib.figure import Figure  # noqa: E402  # the backend is chosen first

OURS, PEER, REACH = "#1f6f8b", "#b0b0b0", "#c0392b"


def draw_pops(
    path: Path,
    ours: Mapping[float, Sequence[float]],
    peer: Mapping[float, Sequence[float]],
    reach_ms: float,
) -> None:
    """How many of the calls had popped after so many milliseconds, one panel a rate."""
    figure, panels = plt.subplots(1, len(ours), figsize=(4 * len(ours), 3.4), sharey=True)
    for panel, rate in zip(panels, ours, strict=True):
        for name, waits, colour in (
            ("hotline: pop at the desk", ours[rate], OURS),
            ("app_queue: AgentCalled", peer[rate], PEER),
        ):
            ranked = sorted(waits)
            shares = [100 * (n + 1) / len(ranked) for n in range(len(ranked))]
            panel.step(ranked, shares, where="post", color=colour, label=name)
        panel.axvline(reach_ms, color=REACH, linestyle=":", label="reach (p99 at 15/s)")
        panel.set_xscale("log")
        panel.set_title(f"{rate:g} calls a second")
        panel.set_xlabel("ms since the caller began to wait")
    panels[0].set_ylabel("% of calls")
    panels[-1].legend(fontsize=7, loc="lower right")
    _save(figure, path)


def draw_pushes(
    path: Path, ours: Mapping[str, Sequence[float]], peer: Sequence[float], reach_ms: float
) -> None:
    """How many of the messages had reached the desk after so many milliseconds, by kind."""
    figure, panel = plt.subplots(figsize=(5, 3.4))
    styles = dict(zip(ours, ("-", "--", "-."), strict=True))
    for name, lags in (
        *((f"hotline: {kind}", found) for kind, found in ours.items()),
        ("bare aiohttp", peer),
    ):
        ranked = sorted(lags)
        shares = [100 * (n + 1) / len(ranked) for n in range(len(ranked))]
        kind = name.removeprefix("hotline: ")
        colour = OURS if kind in styles else PEER
        panel.step(
            ranked, shares, where="post", color=colour, linestyle=styles.get(kind, "-"), label=name
        )
    panel.axvline(reach_ms, color=REACH, linestyle=":", label="reach (p99)")
    panel.set_xscale("log")
    panel.set_xlabel("ms to the desk")
    panel.set_ylabel("% of messages")
    panel.legend(fontsize=7, loc="lower right")
    _save(figure, path)


def draw_rings(path: Path, ours: Sequence[float], peer: Sequence[float]) -> None:
    """How many of the free seats had rung after so many milliseconds."""
    figure, panel = plt.subplots(figsize=(5, 3.4))
    for name, waits, colour in (("hotline", ours, OURS), ("app_queue", peer, PEER)):
        ranked = sorted(waits)
        shares = [100 * (n + 1) / len(ranked) for n in range(len(ranked))]
        panel.step(ranked, shares, where="post", color=colour, label=name)
    panel.set_xscale("log")
    panel.set_xlabel("ms since the seat became free, callers waiting")
    panel.set_ylabel("% of seats ringing again")
    panel.legend(fontsize=8, loc="lower right")
    _save(figure, path)


def draw_keys(
    path: Path, series: Mapping[str, tuple[Sequence[float], Sequence[float], float]]
) -> None:
    """For each title ours, the peer's and the reach: how many had it after so many ms."""
    figure, panels = plt.subplots(1, len(series), figsize=(5 * len(series), 3.4), squeeze=False)
    for panel, (title, (ours, peer, reach_ms)) in zip(panels[0], series.items(), strict=True):
        for name, waits, colour in (("hotline", ours, OURS), ("plain AMI", peer, PEER)):
            ranked = sorted(waits)
            shares = [100 * (n + 1) / len(ranked) for n in range(len(ranked))]
            panel.step(ranked, shares, where="post", color=colour, label=name)
        panel.axvline(reach_ms, color=REACH, linestyle=":", label="reach (p99)")
        panel.set_title(title)
        panel.set_xlabel("ms since the key")
        panel.set_ylabel("% of presses")
        panel.legend(fontsize=8, loc="lower right")
    _save(figure, path)


def draw_calls(
    path: Path,
    shares: Mapping[str, Sequence[float]],
    climbs: Mapping[str, Sequence[tuple[float, float, bool]]],
) -> None:
    """CPU of one call, every round; and CPU against rate, a cross where it was no longer clean.

    ``shares``: system → share of a core a call, by round. ``climbs``: system → (rate, share of a
    core in all, clean).
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3.6))
    colours = dict(zip(shares, (OURS, PEER), strict=False))
    for place, (name, values) in enumerate(shares.items()):
        left.bar(place, 100 * sorted(values)[len(values) // 2], color=colours[name], width=0.6)
        left.plot([place] * len(values), [100 * value for value in values], "k.", markersize=5)
    left.set_xticks(range(len(shares)), list(shares))
    left.set_ylabel("% of a core for one concurrent call")
    left.set_ylim(bottom=0)
    for name, steps in climbs.items():
        right.plot(
            [step[0] for step in steps],
            [100 * step[1] for step in steps],
            "o-",
            color=colours[name],
            label=name,
            markersize=4,
        )
        spoilt = [step for step in steps if not step[2]]
        right.plot(
            [step[0] for step in spoilt], [100 * step[1] for step in spoilt], "x", color=REACH
        )
    right.set_xlabel("calls a second (short calls)")
    right.set_ylabel("% of a core")
    right.legend(fontsize=8)
    _save(figure, path)


def draw_costs(
    path: Path,
    queues: Sequence[int],
    by_queue: Sequence[float],
    seats: Sequence[int],
    by_seats: Sequence[float],
    reach_ms: float,
) -> None:
    """What a decision costs as the queue or the free seats grow, beside a logarithm's growth."""
    figure, panels = plt.subplots(1, 2, figsize=(9, 3.6), sharey=True)
    for panel, sizes, costs, of in (
        (panels[0], queues, by_queue, "callers waiting (1,000 seats, 20 skills)"),
        (panels[1], seats, by_seats, "seats free (20 skills)"),
    ):
        logarithm = [costs[0] * math.log(size) / math.log(sizes[0]) for size in sizes]
        panel.plot(sizes, costs, "o-", color=OURS, label="ACD")
        panel.plot(sizes, logarithm, "--", color=PEER, label="logarithm")
        panel.axhline(reach_ms, color=REACH, linestyle=":", label="reach")
        panel.set_xscale("log")
        panel.set_yscale("log")
        panel.set_xlabel(of)
    panels[0].set_ylabel("ms a decision")
    panels[0].legend(fontsize=7)
    _save(figure, path)


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=130)
    plt.close(figure)
