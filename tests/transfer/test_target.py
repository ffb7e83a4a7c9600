"""Targets: who is there when, and which routes are tried."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cti.ids import SeatId
from transfer.target import Route, Spans, Target, TargetKind

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
hours = st.integers(0, 48).map(lambda hour: NOON + timedelta(hours=hour))
spans = st.none() | st.lists(st.tuples(hours, hours), max_size=3).map(
    lambda pairs: tuple(sorted((min(pair), max(pair)) for pair in pairs))
)


def route(name: int, opens: Spans | None) -> Route:
    return Route(seat=SeatId(f"chifeng-{name}"), open=opens)


def target(kind: TargetKind, routes: tuple[Route, ...], opens: Spans | None = None) -> Target:
    return Target(id="a", name="甲", kind=kind, routes=routes, open=opens)


def test_every_kind_has_its_own_word() -> None:
    words = [kind.chinese for kind in TargetKind]
    assert len(set(words)) == len(TargetKind)


@given(st.lists(spans, max_size=4), hours)
def test_routes_that_are_open_are_tried_in_their_order(
    opens: list[Spans | None], at: datetime
) -> None:
    """Of an emergency line all are: what is written of its hours may be wrong."""
    routes = tuple(route(1001 + place, one) for place, one in enumerate(opens))
    tried = target(TargetKind.EXPERT, routes).routes_at(at)
    assert tried == tuple(one for one in routes if one.is_open(at))
    assert target(TargetKind.EMERGENCY, routes).routes_at(at) == routes


@given(spans, hours)
def test_it_opens_next_when_it_is_closed_and_then_is_open(
    opens: Spans | None, at: datetime
) -> None:
    """At that moment somebody is there, unless the span is empty; before it, nobody."""
    one = target(TargetKind.OFFICE, (), opens)
    next_ = one.opens_at(at)
    if next_ is None:
        later = [since for since, _ in opens or () if since > at]
        assert one.is_open(at) or not later
        return
    assert not one.is_open(at)
    assert next_ > at
    assert not any(at < since < next_ for since, _ in opens or ())


def test_a_span_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    one = route(1001, ((NOON, NOON + timedelta(hours=1)),))
    moments = (timedelta(microseconds=-1), timedelta(), timedelta(minutes=59), timedelta(hours=1))
    assert [one.is_open(NOON + after) for after in moments] == [False, True, True, False]
