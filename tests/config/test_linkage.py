"""Emergency and public services: what is read, and what is refused with its cure."""

import pytest

from config.hours import ALWAYS, read_hours
from config.linkage import Handling, LinkageKind, read_linkage

HEADER = "号码,名称,类别,处理,对端,转接号码,备用对端,备用号码,座席时间\n"


def test_every_column_is_read() -> None:
    rows = (
        "110,公安,紧急,三方,gongan,110,gw,9110,",
        "95598,供电,公共服务,告知号码,,,,,每天 08:00-20:00",
    )
    text = HEADER + "\n".join(rows)
    (police, power), faults = read_linkage(text)

    assert faults == []
    assert (police.kind, police.handling) == (LinkageKind.EMERGENCY, Handling.THREE_WAY)
    assert (police.peer, police.destination) == ("gongan", "110")
    assert (police.backup_peer, police.backup_destination) == ("gw", "9110")
    assert police.hours is ALWAYS
    assert (power.kind, power.handling) == (LinkageKind.UTILITY, Handling.TELL)
    assert (power.number, power.name, power.row) == ("95598", "供电", 3)
    assert power.hours == read_hours("每天 08:00-20:00")


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        ("95-598,供电,公共服务,告知号码,,,,,", "号码", "95598"),
        (",供电,公共服务,告知号码,,,,,", "号码", "该服务的号码，只写数字"),
        ("96,供电,公共服务,告知号码,,,,,", "号码", "该服务的号码，只写数字"),
        ("119,消防,紧急,告知号码,,,,,", "号码", "删去这一行"),
        ("120,急救,公共服务,告知号码,,,,,", "类别", "紧急"),
        ("95598,供电,公共,告知号码,,,,,", "类别", "公共服务"),
        ("95598,,公共服务,告知号码,,,,,", "名称", "该服务的名称"),
        ("95598,供电,公共服务,告知,,,,,", "处理", "告知号码"),
        ("95598,供电,公共服务,告知号码,gw,,,,", "对端", "留空，或处理写：转接"),
        (
            "95598,供电,公共服务,转接,,95598,,,",
            "对端",
            "小写字母开头，只用小写字母和数字，如shuiwu",
        ),
        ("95598,供电,公共服务,转接,gw,,,,", "转接号码", "在对端拨打的号码，只写数字"),
        ("95598,供电,其他,三方,gw,95598,gw,,", "备用号码", "在对端拨打的号码，只写数字"),
        (
            "95598,供电,其他,三方,gw,95598,,1234,",
            "备用对端",
            "小写字母开头，只用小写字母和数字，如shuiwu",
        ),
        ("95598,供电,其他,告知号码,,,,,8:00-20:00", "座席时间", "每天 08:00-20:00"),
    ],
)
def test_a_wrong_cell_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    """A way out that leads nowhere is worse than none: it costs the caller the time."""
    faults = [f for f in read_linkage(f"{HEADER}119,火警,紧急,三方,xf,119,,,\n{row}\n")[1]]

    assert (3, column, instead) in [(f.row, f.column, f.instead) for f in faults]
    assert {f.column for f in faults} <= {column, "对端", "转接号码"}
