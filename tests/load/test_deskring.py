"""Cards and rings: what is made of their times."""

import pytest

from bench.deskring import Announced, judge, paired

PAGE = [Announced("1001", True, 1000.0 * n, 1000.0 * n + 40) for n in range(100)]


def rings(after_ms: float) -> dict[str, list[float]]:
    """Each card's ring, so long after its decision."""
    return {"1001": [1000.0 * n + after_ms for n in range(100)]}


def test_each_ring_is_judged_by_its_own_card() -> None:
    """Seat by seat, in order."""
    other = [Announced("1002", False, 0.0, 10.0)]
    assert paired([*PAGE[:2], *other], {"1002": [15.0], "1001": [1050.0, 30.0]}) == [
        5.0,
        -10.0,
        10.0,
    ]


@pytest.mark.parametrize(("after_ms", "holds"), [(41.0, True), (39.0, False)])
def test_ninety_nine_of_a_hundred_are_seen_first(after_ms: float, *, holds: bool) -> None:
    """A ring before its card is what the agent would never forgive."""
    figures, held = judge(PAGE, rings(after_ms), 1.0)
    assert (held, figures["rings"], figures["page_p95_ms"]) == (holds, 100, 40.0)


def test_a_page_that_paints_late_does_not_hold() -> None:
    """Nor does a run without pages."""
    late = [Announced("1001", True, one.decided, one.decided + 101) for one in PAGE]
    assert not judge(late, rings(110), 1.0)[1]
    assert not judge([], rings(110), 1.0)[1]
