"""What leaves to an office: the matter, never who complained."""

from typing import Any

import pytest

from records.draft import Caller, Dialled, Evidence, Place, WorkOrderDraft
from records.officesheet import CLOSED, OfficeSheet, for_office
from tests.records.samples import NOON

CALLER = Caller(number="13847652319", name="王小明", enterprise=True)


def order(content: str, **other: Any) -> WorkOrderDraft:
    told: dict[str, Any] = {
        "id": "20261120-a",
        "centre": "chifeng",
        "call_id": "node1-1.2",
        "received_at": NOON,
        "dialled": Dialled(number="12345"),
        "caller": CALLER,
        "demand_type": "complaint",
        "content": content,
        "evidence": (Evidence(field="caller.name", kind="speech", text="我叫王小明"),),
    }
    return WorkOrderDraft(**{**told, **other})


def consenting(**other: Any) -> Caller:
    return CALLER.model_copy(update={"disclosure_consent": True, **other})


def written(sheet: OfficeSheet) -> str:
    return sheet.model_dump_json()


@pytest.mark.parametrize("consent", [None, False, True])
@pytest.mark.parametrize("kind", ["complaint", "report"])
def test_whoever_is_complained_about_never_learns_who_complained(
    kind: str, consent: bool | None
) -> None:
    """Not with consent either: no name, number, employer or home, in no field and in no text."""
    draft = order(
        "我叫王小明，我在红山区第九中学上班，我家住天王国际小区三号楼二单元，食堂的饭是馊的，"
        "我的电话是一三八四七六五二三一九，打给我13847652319。",
        demand_type=kind,
        caller=CALLER.model_copy(update={"disclosure_consent": consent}),
    )
    sheet = for_office(draft)
    assert sheet.content == "食堂的饭是馊的，"
    assert (sheet.caller_number, sheet.caller_name) == (None, None)
    assert sheet.withheld == "投诉、举报不告知来电人身份"
    for secret in ("王小明", "2319", "二三一九", "九中学", "天王国际", "node1-1.2"):
        assert secret not in written(sheet)


@pytest.mark.parametrize(
    ("content", "matter"),
    [
        ("楼上私自加盖了一层", "违法建设"),
        ("拆迁款一直没有给", "拆迁征收"),
        ("楼下饭店的油烟很大", "油烟异味"),
        ("广场舞太吵了", "噪声扰民"),
    ],
)
def test_what_neighbours_guess_quickly_says_nothing_without_consent(
    content: str, matter: str
) -> None:
    """Also as a call for help; the caller's own words stay here, the summary leaves."""
    silent = for_office(order(content, summary=content, demand_type="help"))
    assert silent.withheld == f"{matter}，来电人没有同意告知身份"
    assert (silent.content, silent.summary, silent.caller_number) == (None, content, None)
    agreed = for_office(order(content, demand_type="help", caller=consenting()))
    assert (agreed.withheld, agreed.content, agreed.caller_name) == ("", content, "王小明")


def test_there_are_four_such_matters() -> None:
    """Illegal building, demolition, fumes and noise."""
    assert len(CLOSED) == 4


def test_an_anonymous_caller_is_named_to_nobody() -> None:
    """Whatever an older consent says."""
    draft = order("路灯坏了", demand_type="help", caller=consenting(anonymous=True))
    sheet = for_office(draft)
    assert (sheet.caller_number, sheet.caller_name) == (None, None)
    assert (sheet.withheld, sheet.content) == ("来电人要求匿名", "路灯坏了")


def test_who_asks_for_help_and_agrees_can_be_reached() -> None:
    """An office that must mend something at the caller's needs the number; not without consent."""
    sheet = for_office(order("家里没有水", demand_type="help", caller=consenting()))
    assert (sheet.caller_number, sheet.caller_name) == ("13847652319", "王小明")
    sheet = for_office(order("家里没有水", demand_type="help"))
    assert sheet.caller_number is None
    assert sheet.withheld == "来电人没有同意告知身份"


def test_an_employer_who_pays_no_wages_is_named_but_not_as_the_callers() -> None:
    """The employer is the matter then; that the caller works there is not."""
    sheet = for_office(order("我在蒙东建筑公司打工，工资欠了三个月。"))
    assert sheet.content == "涉及蒙东建筑公司，工资欠了三个月。"


def test_a_home_keeps_its_compound_and_loses_its_door() -> None:
    """Where the trouble is at home, the office is told as much as it needs to find it."""
    home = "天王国际小区三号楼二单元"
    draft = order(
        f"我家住{home}，楼道灯坏了。",
        title=f"{home}楼道灯坏了（投诉）",
        place=Place(text=home, region="红山区", detail=home),
    )
    sheet = for_office(draft)
    assert (sheet.place.text, sheet.place.detail) == ("天王国际小区", "天王国际小区")
    assert sheet.place.region == "红山区"
    assert sheet.title == "天王国际小区楼道灯坏了（投诉）"


def test_another_ones_place_is_told_to_the_door() -> None:
    """Where somebody else builds without leave is what the office must know."""
    place = Place(text="天王国际小区三号楼", detail="天王国际小区三号楼")
    assert for_office(order("天王国际小区三号楼楼顶有违建", place=place)).place == place


def test_others_numbers_are_masked_and_our_own_stay() -> None:
    """A shop's number is part of the matter, a person's is not told; which it is nobody knows."""
    sheet = for_office(order("商家电话15947652301没有人接，拨12345才有人管"))
    assert sheet.content == "商家电话*********01没有人接，拨12345才有人管"


def test_the_day_is_told_and_not_the_minute() -> None:
    """NOON is noon of that day in China."""
    assert for_office(order("路灯坏了")).received_on.isoformat() == "2026-11-20"
