"""Numbers that are given up for ever, and what a change comes to."""

from datetime import date

from config.platform import Platform
from config.profile import read_profile
from config.retired import Counts, counted, restored, retired
from tests.config.profiles import FILES, good_profile

DAY = date(2027, 3, 1)
HEADER = "部门,电话名称,电话号码,归并方式,过渡结束\n"


def town(*rows: str) -> Platform:
    table = HEADER + "\n".join(rows) + "\n"
    return Platform(centres=(read_profile(dict(FILES) | {"numbers.csv": table}),))


CANCELLED = "局,甲,8330001,整体并入,2026-12-31"
LIVING = "局,甲,8330001,整体并入,"
OTHER = "局,乙,8330002,双号并行,2026-12-31"


def test_what_stood_cancelled_past_midnight_is_given_up() -> None:
    """Only 整体并入 numbers whose transition is over; a kept number is not given up."""
    assert retired(town(CANCELLED, OTHER), date(2027, 2, 28), DAY, ()) == ("testcity/8330001",)


def test_a_mistaken_date_is_taken_back_on_the_same_day() -> None:
    """What was put in force today gave nothing up yet."""
    assert retired(town(CANCELLED), DAY, DAY, ()) == ()


def test_what_was_given_up_once_stays_so() -> None:
    """Whatever the tables since say, and whether they can be read."""
    known = ("testcity/8330009",)
    assert retired(town(LIVING), date(2026, 1, 1), DAY, known) == known
    assert retired(None, date(2026, 1, 1), DAY, known) == known


def test_a_number_given_up_must_not_live_again() -> None:
    """It may stand in the table as cancelled, or not at all."""
    gone = ("testcity/8330001",)
    assert restored(town(CANCELLED), gone, DAY) == []
    assert restored(town(OTHER), gone, DAY) == []
    faults = restored(town(OTHER, LIVING), gone, DAY)
    assert [(fault.row, fault.column) for fault in faults] == [(3, "电话号码")]


def test_a_change_is_counted_by_numbers() -> None:
    """A row that only moved is no change; a first table is all new."""
    assert counted(None, town(LIVING)) == Counts(added=1)
    assert counted(town(LIVING, OTHER), town(OTHER, LIVING)) == Counts()
    assert counted(town(LIVING), town(CANCELLED, OTHER)) == Counts(added=1, changed=1)
    assert counted(town(LIVING, OTHER), town(OTHER)) == Counts(removed=1)
    assert counted(Platform(centres=(good_profile(),)), town(OTHER)).removed == 4
