"""Money as it is said."""

import pytest

from records.amount import find_amounts, number


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("三万二", 32_000),
        ("两千三百", 2300),
        ("一百零五", 105),
        ("两万零三百", 20_300),
        ("十五", 15),
        ("1.5万", 15_000),
        ("3万2千", 32_000),
        ("3,600", 3600),
        ("一亿", 100_000_000),
        ("万亿", 1_000_000_000_000),
    ],
)
def test_numbers_are_read_as_they_are_spoken(said: str, yuan: float) -> None:
    """Also short (三万二) and half written (3万2千)."""
    assert number(said) == yuan


@pytest.mark.parametrize("said", ["二零二三", "一三八", "一吨"])
def test_digits_read_one_by_one_are_no_number(said: str) -> None:
    """A year and a telephone number are no amount."""
    assert number(said) is None


@pytest.mark.parametrize(
    ("text", "yuan", "is_about"),
    [
        ("交了两千三百块钱的取暖费", 2300, False),
        ("打车要四十多块钱", 40, True),
        ("花了四十多万元", 400_000, True),
        ("三块五一斤", 3.5, False),
        ("花了三万二，", 32_000, False),
        ("骨灰盒要两万多", 20_000, True),
        ("销售额不超过十万是不是", 100_000, False),
    ],
)
def test_an_amount_is_found_as_it_is_said(text: str, yuan: float, is_about: bool) -> None:
    """With 块 or 元, or after a word of paying."""
    (found,) = find_amounts(text)
    assert (found.yuan, found.is_about) == (yuan, is_about)
    assert text[found.start : found.end] in text


@pytest.mark.parametrize(
    "text",
    [
        "交了十一年社保",
        "交了一千二百度电",
        "那边有三块地",
        "花了两天",
        "交了二零二三",
        "交了五",
        "电话一三八四七六五二三一九",
        "花了零块",
    ],
)
def test_what_counts_other_things_is_no_money(text: str) -> None:
    """Years, kilowatt-hours, plots of land."""
    assert find_amounts(text) == []


def test_amounts_come_in_the_order_of_the_text() -> None:
    """However each was found."""
    found = find_amounts("押金五百，还有两千块钱工资")
    assert [each.yuan for each in found] == [500, 2000]
