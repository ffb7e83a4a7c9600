"""What people write in a cell, and what they meant."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.cells import (
    DATE_EXAMPLE,
    HOURS_EXAMPLE,
    digits,
    is_emergency,
    named,
    nearest_date,
    nearest_hours,
    only_digits,
    read_date,
)
from config.hours import read_hours
from config.ledger import EMERGENCY, NUMBER

local = st.from_regex(NUMBER, fullmatch=True)
areas = st.from_regex(r"0[1-9][0-9]{1,2}", fullmatch=True)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("0476-8337772", "8337772"),
        ("+86 476 8337772", "8337772"),
        ("0086 0476 8337772", "8337772"),
        ("（0476）8337772", "8337772"),
        ("８３３７７７２", "8337772"),
        ("+86 138 4765 2301", "13847652301"),
        ("013847652301", "13847652301"),
        ("400-881-2345", "4008812345"),
        ("0476-12345", "12345"),
        ("86476110", "86476110"),
        ("0476110", "110"),
        ("0471-8337772", "04718337772"),
        ("0731-82212345", "073182212345"),
        ("+8612345", "12345"),
        ("电话", ""),
    ],
)
def test_what_was_meant_by_a_number(written: str, meant: str) -> None:
    """A number of eight digits that begins like +86 476 is a number of eight digits."""
    assert digits(written, "0476") == meant


@given(local, areas, st.sampled_from(["", "{a}", "{a}-", "+86{n}", "+86 {n} ", "0086{n}-"]))
def test_a_number_means_itself_however_it_is_written(number: str, area: str, form: str) -> None:
    """As long as what is written is not itself another number of the ledger."""
    written = form.format(a=area, n=area.removeprefix("0")) + number
    meant = digits(written, area)

    assert meant == number or NUMBER.fullmatch(meant) or meant in EMERGENCY


def test_digits_alone_keep_their_area_code() -> None:
    assert only_digits("（0476）８３３-7772 转 1") == "047683377721"


@pytest.mark.parametrize("written", ["110", "１１９", "0476-120", "+86 731 122", "0791110", "0110"])
def test_emergency_numbers_are_known_in_every_dress(written: str) -> None:
    assert is_emergency(written)


@pytest.mark.parametrize("written", ["96110", "8333110", "12110", "", "1101", "86731110", "999110"])
def test_numbers_that_end_like_an_emergency_are_none(written: str) -> None:
    """96110 warns of fraud; 8333110 is a line of Chifeng."""
    assert not is_emergency(written)


@pytest.mark.parametrize(
    "written", ["2026-12-31", "2026年12月31日", "2026/12/31", "2026.12.31", "２０２６-12-31"]
)
def test_dates_are_read_as_people_write_them(written: str) -> None:
    assert read_date(written) == date(2026, 12, 31)
    assert read_date("") is None


@pytest.mark.parametrize("written", ["31-12-2026", "2026-2-30", "明年", "1926-12-31", "2026-12"])
def test_what_is_no_date_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_date(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-02-30", "2026-02-28"),
        ("2028年2月31日", "2028-02-29"),
        ("2026-01-00", "2026-01-01"),
        ("到2026/3/5止", "2026-03-05"),
        ("20261231", "2026-12-31"),
        ("2026-13-31", DATE_EXAMPLE),
        ("明年底", DATE_EXAMPLE),
    ],
)
def test_the_nearest_date_is_told(written: str, meant: str) -> None:
    assert nearest_date(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("周一至周五 8:30--12:00，14:30-17:30", "工作日 08:30-12:00,14:30-17:30"),
        ("8:30-17:30", "每天 08:30-17:30"),
        ("上班时间8点到17点30分", "工作日 08:00-17:30"),
        ("白天", HOURS_EXAMPLE),
        ("20:00-8:00", HOURS_EXAMPLE),
    ],
)
def test_the_nearest_hours_are_told(written: str, meant: str) -> None:
    """Only what reads back as hours is proposed."""
    assert nearest_hours(written) == meant


@given(st.text(max_size=30))
def test_what_is_proposed_is_always_valid(written: str) -> None:
    """Whoever follows the advice is not refused again."""
    if (meant := nearest_date(written)) != DATE_EXAMPLE:
        assert read_date(meant) is not None
    if (meant := nearest_hours(written)) != HOURS_EXAMPLE:
        assert not read_hours(meant).is_always


def test_a_cell_names_each_thing_once_however_it_is_written() -> None:
    """Full-width signs and digits, any separator; 全部 names none in particular."""
    assert named("１２３４５、12333，12345; 8337772 / 12333") == ("12345", "12333", "8337772")
    assert named("全部") == named("") == ()
