"""How callers are usually taken somewhere, and how long it rings: what a cell may say."""

import pytest

from config.handling import Handling, read_handling, read_ring
from config.table import Row

FILE = "relations.csv"
WAYS = (Handling.TRANSFER, Handling.THREE_WAY)


def test_a_row_that_says_nothing_means_what_is_usual() -> None:
    assert read_handling(FILE, Row(2, {}), WAYS) == (None, [])
    assert read_ring(FILE, Row(2, {"振铃秒": ""})) == (0, [])


def test_what_it_says_is_read() -> None:
    row = Row(2, {"处理": "三方", "振铃秒": "25"})
    assert read_handling(FILE, row, WAYS) == (Handling.THREE_WAY, [])
    assert read_ring(FILE, row) == (25, [])


@pytest.mark.parametrize("written", ["4", "61", "100", "二十", "-5", "１０"])
def test_a_time_nobody_would_wait_or_ring_is_named(written: str) -> None:
    ring, [fault] = read_ring(FILE, Row(2, {"振铃秒": written}))
    assert (ring, fault.file, fault.row, fault.column) == (0, FILE, 2, "振铃秒")
    assert fault.instead == "5到60的整数；不写与其他座席相同"


def test_a_way_that_does_not_lead_there_is_named_with_those_that_do() -> None:
    handling, [fault] = read_handling(FILE, Row(2, {"处理": "转"}), WAYS)
    assert (handling, fault.column, fault.instead) == (None, "处理", "转接")
    assert read_handling(FILE, Row(2, {"处理": "告知号码"}), WAYS)[1] != []
