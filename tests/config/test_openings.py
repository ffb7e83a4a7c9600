"""What an agent says first: the table, and what is said where it is silent."""

import pytest

from config.openings import FILLED, LONGEST, USUAL, Occasion, Opening, first_words, read_openings

HEAD = "场合,线路,话术\n"
ALL = dict.fromkeys(FILLED, "某")


def test_every_column_is_read() -> None:
    """Lines may be named or not."""
    rows = "来电,,您好请讲\n归并号码,8337772 12333,{线路}请讲\n"
    openings, faults = read_openings(HEAD + rows, {"8337772", "12333"})
    assert faults == []
    assert openings == (
        Opening(occasion=Occasion.PLAIN, words="您好请讲", row=2),
        Opening(occasion=Occasion.MERGED, words="{线路}请讲", lines=("8337772", "12333"), row=3),
    )


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ("来店,,您好", "场合", "没有「来店」这种场合"),
        ("来电,,", "话术", "话术是空的"),
        (f"来电,,{'好' * (LONGEST + 1)}", "话术", f"话术有{LONGEST + 1}个字"),
        ("来电,,您好{姓}", "话术", "没有「{姓}」可填"),
        ("来电,9999999,您好", "线路", "没有「9999999」这个号码"),
    ],
)
def test_a_row_that_is_wrong_is_named(row: str, column: str, said: str) -> None:
    """With its column, and what should stand there."""
    [fault] = read_openings(f"{HEAD}{row}\n", {"8337772"})[1]
    assert (fault.row, fault.column, fault.message) == (2, column, said)


def test_an_occasion_stands_once_for_the_same_lines() -> None:
    """Nobody could say which of two holds."""
    [fault] = read_openings(f"{HEAD}来电,,甲\n来电,8337772,乙\n来电,,丙\n", None)[1]
    assert (fault.row, fault.message) == (4, "与第2行是同一场合")


def test_the_lines_own_words_come_before_those_for_all() -> None:
    """And both before the usual ones."""
    openings = (
        Opening(occasion=Occasion.PLAIN, words="都请讲"),
        Opening(occasion=Occasion.PLAIN, words="市长热线请讲", lines=("8337772",)),
    )
    assert first_words(openings, Occasion.PLAIN, "8337772", ALL) == "市长热线请讲"
    assert first_words(openings, Occasion.PLAIN, "12345", ALL) == "都请讲"
    assert "某" in first_words((), Occasion.PLAIN, "12345", ALL)


@pytest.mark.parametrize("occasion", list(Occasion))
def test_every_occasion_has_words_and_none_is_left_with_a_gap(occasion: Occasion) -> None:
    """What nothing fills gives way to the plain words."""
    assert "{" not in first_words((), occasion, "12345", ALL)
    assert "{" not in first_words((), occasion, "12345", {})
    assert len(USUAL[occasion]) <= LONGEST
