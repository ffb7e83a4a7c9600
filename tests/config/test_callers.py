"""Known callers: who calls by that number, and what the table may say."""

from datetime import date

import pytest

from config.callers import Caller, read_callers
from config.faults import Fault
from config.profile import read_profile
from tests.config.profiles import FILES, faults_of, places

HEAD = "号码,名称,类别,技能,到期\n"


def read(*rows: str) -> tuple[Caller, ...]:
    callers, faults = read_callers(HEAD + "\n".join(rows), ("通用", "政企通"), "0476")
    assert faults == []
    return callers


def refused(*rows: str) -> list[Fault]:
    return read_callers(HEAD + "\n".join(rows), ("通用", "政企通"), "0476")[1]


def test_a_row_is_read_whole() -> None:
    """The day it runs out is its last; without a skill its kind decides."""
    assert read(
        "13900000001,示例企业,企业,政企通,2026年12月31日", "13900000002,代表,人大代表,,"
    ) == (
        Caller(
            number="13900000001",
            name="示例企业",
            kind="企业",
            skill="政企通",
            until=date(2026, 12, 31),
            row=2,
        ),
        Caller(number="13900000002", name="代表", kind="人大代表", row=3),
    )


@pytest.mark.parametrize(
    ("written", "shows_as"),
    [
        ("139 0000-0001", ("13900000001",)),
        ("+86 13900000001", ("13900000001",)),
        ("（0476）9331234", ("9331234", "04769331234")),
        ("０４７６－９３３１２３４", ("9331234", "04769331234")),
        ("9331234", ("9331234", "04769331234")),
        ("010-96661234", ("01096661234",)),
        ("4009990001", ("4009990001",)),
    ],
)
def test_a_number_is_known_however_it_was_written(written: str, shows_as: tuple[str, ...]) -> None:
    """With and without the area's code for a number of the area, as trunks show both."""
    (caller,) = read(f"{written},示例,其他")
    assert caller.keys("0476") == shows_as


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        (",甲,企业", "号码", "手机号码，或带区号的座机号码，如04768331234；或删去这一行"),
        ("总机,甲,企业", "号码", "手机号码，或带区号的座机号码，如04768331234"),
        ("1390000000x,甲,企业", "号码", "手机号码，或带区号的座机号码，如04768331234"),
        ("110,甲,其他", "号码", "删去这一行；紧急电话来电不排队"),
        ("0476-9331234,甲,企业", "号码", "一个号码只保留一行"),
        ("13900000001,,企业", "名称", "座席弹屏上要显示的名称"),
        ("13900000001,甲,代表", "类别", "人大代表"),
        ("13900000001,甲,企业,政企", "技能", "政企通"),
        ("13900000001,甲,企业,,2026-02-30", "到期", "2026-02-28"),
    ],
)
def test_a_wrong_row_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    faults = refused("9331234,乙,企业", row)
    assert [(f.row, f.column, f.instead) for f in faults] == [(3, column, instead)]


def test_no_fault_holds_a_whole_number() -> None:
    """Faults are logged; row and column tell the administrator which number it is."""
    faults = refused("13900000001,甲,企业", "13900000001,乙,企业", "139000000011390000000,丙,其他")
    assert [fault.row for fault in faults] == [3, 4]
    assert [fault for fault in faults if "1390000" in str(fault)] == []


def test_a_profile_has_its_callers_and_names_their_faults_with_the_others() -> None:
    """Without readable skills none is said to be missing."""
    good = read_profile({**FILES, "callers.csv": f"{HEAD}13900000001,甲,企业,人社,\n"})
    assert [caller.name for caller in good.callers] == ["甲"]
    assert places(faults_of(callers=f"{HEAD}13900000001,甲,企业,税务,\n")) == [(2, "技能")]
    assert read_callers(f"{HEAD}13900000001,甲,企业,税务,\n", None, "")[1] == []
