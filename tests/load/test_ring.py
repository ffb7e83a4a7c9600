"""How soon a free seat rings, ours beside ``app_queue``: what is made of it, and a small run."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.deskclient import DeskClient, Told
from bench.ring import Rung, free_times, judge, measure, pops_ahead

ROUNDS = 5


def rings(*waits_ms: float) -> list[Rung]:
    """A seat's ringings after so many milliseconds of freedom each, and the first."""
    first = Rung("seat", 1.0, None)
    return [first, *(Rung("seat", 2.0 + wait / 1000, 2.0) for wait in waits_ms)]


def test_the_first_ring_of_all_follows_no_talk() -> None:
    """Nobody was seen to become free before it, so it is in no figure."""
    assert free_times(rings(10.0, 20.0)) == pytest.approx([10.0, 20.0])


@pytest.mark.parametrize(
    ("ours", "holds"), [((10.0, 50.0), True), ((51.0, 60.0), False), ((10.0, 101.0), False)]
)
def test_a_tenth_is_asked_of_both_the_middle_and_the_tail(
    ours: tuple[float, ...], holds: bool
) -> None:
    """Against 500 ms and 1,000 ms: at most 50 and at most 100."""
    figures, is_held = judge(rings(*ours), rings(500.0, 1000.0))
    assert is_held is holds
    assert figures["app_queue"] == {
        "rings": 2,
        "p50_ms": 500.0,
        "p95_ms": 1000.0,
        "most_ms": 1000.0,
    }


def test_a_pop_read_after_its_ring_is_told() -> None:
    """The first ring's pop was read 100 ms before it, the second's 100 ms after."""
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    desk = DeskClient("http://localhost", "anna", "")
    desk.heard += [
        Told(noon + timedelta(seconds=second), {"type": kind})
        for second, kind in ((0.9, "pop"), (2.0, "seat"), (3.1, "pop"))
    ]
    told = [Rung("seat", 1.0, None), Rung("seat", 3.0, 2.9), Rung("other", 5.0, None)]
    ahead = pops_ahead(told, {"seat": desk}, noon.timestamp())
    assert ahead == pytest.approx([100.0, -100.0], abs=0.01)


@pytest.mark.asterisk
@pytest.mark.alone
async def test_a_free_seat_rings_in_a_tenth_of_app_queues_time(tmp_path: Path) -> None:
    """The same Asterisk, phones and callers; first with the brain, then with it killed."""
    ours, peer, ahead = await measure(tmp_path, ROUNDS)
    figures, holds = judge(ours, peer)
    assert len(free_times(ours)) == len(free_times(peer)) == 4 * ROUNDS
    assert holds, figures
    assert len(ahead) == len(ours)
