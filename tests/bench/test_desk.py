"""What the desk bench counts as lag, and what it does not forgive."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.desk import Pushed, judge, seat_lag, wall_lag
from bench.deskclient import Told

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)


def told(kind: str, **body: Any) -> Told:
    """A message read a second after the hour."""
    return Told(NOW + timedelta(seconds=1), {"type": kind, **body})


def seat(after_s: float) -> dict[str, str]:
    """A seat that is as it is since then."""
    return {"since": (NOW + timedelta(seconds=after_s)).isoformat()}


def test_lag_is_told_from_the_oldest_change_in_a_message() -> None:
    """A wall that is told late of one seat among many is late; other messages count nothing."""
    assert seat_lag(told("seat", seat=seat(0.75))) == [250.0]
    assert seat_lag(told("seat", seat=None)) == []
    changes = {"a": seat(0.9), "b": seat(0.25), "gone": None}
    assert wall_lag(told("live", live={"seats": changes})) == [750.0]
    assert wall_lag(told("live", live={"now": {"talking": 1}})) == []
    assert wall_lag(told("seat", seat=seat(0.5))) == []


def test_a_card_that_never_came_is_missing() -> None:
    """Callers who were served and no card are counted; lags of all kinds are one figure, too."""
    lags = {"pop": [5.0], "seat": [7.0], "wall": [300.0]}
    ours = Pushed(lags=lags, kb_a_desk=40.0, cpu_share=0.2, served=2, slow={}, texts=())
    figures = judge(ours, ([1.0, 2.0], 20.0))
    assert figures["ours"]["missing_cards"] == 1
    assert (figures["ours"]["p99_ms"], figures["ours"]["messages"]) == (300.0, 3)
    assert (figures["p99_of_bare"], figures["memory_of_bare"]) == (3.5, 2.0)
