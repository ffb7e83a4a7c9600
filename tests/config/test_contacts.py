"""Departments' telephones: for questions, on duty, for emergencies; and who must answer always."""

import pytest

from config.contacts import Contact, ContactKind, read_contacts
from config.faults import Fault
from config.handling import Handling
from config.reach import Reach
from tests.config.profiles import faults_of

HEAD = "部门,类别,对端,号码,次序,日期,时间,振铃秒,告知号码,24小时响应,说明\n"


def faults(*rows: str) -> list[Fault]:
    return read_contacts(HEAD + "\n".join(rows), None)[1]


def test_every_column_is_read() -> None:
    rows = "人社局,咨询,gw,9306501,,,,,9306501,,办公室\n人社局,值班,gw,9306502,1,,,20,,是,\n"
    contacts, wrong = read_contacts(HEAD + rows, None)
    assert wrong == []
    assert contacts == (
        Contact(
            department="人社局",
            kind=ContactKind.DUTY,
            reach=Reach(peer="gw", number="9306502", ring_s=20, order=1),
            is_bound=True,
            row=3,
        ),
        Contact(
            department="人社局",
            kind=ContactKind.CONSULT,
            reach=Reach(peer="gw", number="9306501"),
            told="9306501",
            note="办公室",
            row=2,
        ),
    )
    assert [contact.key for contact in contacts] == ["人社局:值班", "人社局:咨询"]
    assert [contact.kind.is_urgent for contact in contacts] == [True, False]


@pytest.mark.parametrize("written", ["应急联络", "紧急联络"])
def test_both_words_for_emergencies_are_understood(written: str) -> None:
    """Chifeng's document says 应急联络; people say 紧急."""
    [contact], wrong = read_contacts(f"{HEAD}人社局,{written},gw,9306501,,,,,,,\n", None)
    assert (contact.kind, wrong) == (ContactKind.EMERGENCY, [])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (",咨询,gw,9306501,,,,,,,", ("部门", "部门名称，与offices.csv一致")),
        ("人社局,资询,gw,9306501,,,,,,,", ("类别", "咨询")),
        ("人社局,值班,gw,9306501,,,,,,对,", ("24小时响应", "是或否")),
        ("人社局,值班,gw,9306501,,,,,930-6501,,", ("告知号码", "9306501")),
        ("人社局,值班,gw,,,,,,,,", ("号码", "在对端拨打的号码，只写数字")),
    ],
)
def test_a_wrong_cell_is_named_with_its_cure(row: str, expected: tuple[str, str]) -> None:
    assert [(f.column, f.instead) for f in faults(row)] == [expected]


def test_the_same_way_twice_is_named() -> None:
    row = "人社局,值班,gw,9306501,,,,,,,"
    other = "人社局,咨询,gw,9306501,,,,,,,"
    assert [(f.row, f.column) for f in faults(row, other, row)] == [(4, "号码")]
    head = HEAD.replace("对端", "座席,对端")
    seat = "人社局,值班,1001,,,,,,,,,"
    again = read_contacts(f"{head}{seat}\n{seat}\n", None)[1]
    assert [(f.row, f.column) for f in again] == [(3, "座席")]


DAY = "人社局,值班,gw,101,,{},{},,,是,"


@pytest.mark.parametrize(
    ("rows", "hole"),
    [
        ([DAY.format("", "")], ""),
        ([DAY.format("每天", "全天")], ""),
        ([DAY.format("", '"00:00-12:00,12:00-24:00"')], ""),
        ([DAY.format("", "00:00-23:00")], "上班的周一23:00起"),
        ([DAY.format("", "08:00-24:00")], "上班的周一00:00起"),
        ([DAY.format("工作日", "")], "放假的周一00:00起"),
        ([DAY.format("", "工作日 00:00-24:00")], "放假的周一00:00起"),
        ([DAY.format("每周一至周六", "")], "上班的周日00:00起"),
        ([DAY.format("每周一至周六", ""), DAY.format("每周日", "")], ""),
        ([DAY.format("每月5日", "")], "上班的周一00:00起"),
        ([DAY.format("每月第一个周一", "")], "上班的周一00:00起"),
        ([DAY.format("2026-12-01", "")], "上班的周一00:00起"),
        ([DAY.format("", "").replace("值班", "咨询")], "上班的周一00:00起"),
        ([DAY.format("", "").replace("值班", "应急联络")], ""),
        ([DAY.format("", "08:00-20:00"), "人社局,应急联络,gw,102,9,,,,,,"], ""),
    ],
)
def test_who_is_bound_to_answer_always_has_somebody_at_every_hour(
    rows: list[str], hole: str
) -> None:
    """Of the week, on working days and holidays. What is written for some dates runs out."""
    found = faults(*rows)
    assert [(f.row, f.column) for f in found] == ([(2, "24小时响应")] if hole else [])
    assert all(hole in f.message for f in found)


def test_holes_are_looked_for_only_when_all_else_is_right() -> None:
    """The row that fills one may be the one that could not be read."""
    rows = (DAY.format("", "08:00-20:00"), "人社局,值斑,gw,102,,,,,,,")
    assert [(f.row, f.column) for f in faults(*rows)] == [(3, "类别")]


def test_seats_are_looked_for_in_their_table() -> None:
    found = faults_of(contacts="部门,类别,座席\n人社局,值班,1003\n")
    assert [(f.file, f.row, f.column) for f in found] == [("contacts.csv", 2, "座席")]


TOLD = "部门,类别,座席,对端,号码,告知号码,24小时响应,处理\n"


def test_a_number_may_be_for_telling_only() -> None:
    """Then it needs no way, and has none; urgent matters are not told but taken."""
    [contact], wrong = read_contacts(f"{TOLD}人社局,咨询,,,,9306501,,告知号码\n", None)
    assert (contact.handling, contact.reach, wrong) == (Handling.TELL, Reach(), [])
    found = read_contacts(f"{TOLD}人社局,咨询,,gw,9306501,,,告知号码\n", None)[1]
    assert [(f.column, f.instead) for f in found] == [
        ("对端", "留空，或改处理"),
        ("号码", "留空，或改处理"),
        ("告知号码", "来电人可以拨的号码"),
    ]
    [fault] = read_contacts(f"{TOLD}人社局,值班,,,,9306501,是,告知号码\n", None)[1]
    assert (fault.column, "上班的周一00:00起" in fault.message) == ("24小时响应", True)
    [fault] = read_contacts(f"{TOLD}人社局,咨询,,gw,9306501,,,三方会谈\n", None)[1]
    assert (fault.column, fault.instead) == ("处理", "三方")
