"""Experts: who is tried after whom, and what a row may say."""

from config.experts import Expert, read_experts
from config.handling import Handling
from config.reach import Reach
from tests.config.profiles import faults_of, places

HEAD = "专业,姓名,座席,对端,号码,线路,次序,日期,时间,振铃秒,说明\n"


def test_every_column_is_read_in_the_order_of_trying() -> None:
    """Rows without an order come last, as they stand."""
    rows = "人社,手机,,gw,15400000011,,,,,,夜间\n人社,张工,1002,,,12333,1,,,25,社保\n"
    rows += "医保,李工,1002,,,,,,,,\n"
    experts, faults = read_experts(HEAD + rows, None, None)
    assert faults == []
    assert experts == (
        Expert(
            trade="人社",
            name="张工",
            reach=Reach(seat="1002", ring_s=25, order=1),
            lines=("12333",),
            note="社保",
            row=3,
        ),
        Expert(
            trade="人社",
            name="手机",
            reach=Reach(peer="gw", number="15400000011"),
            note="夜间",
            row=2,
        ),
        Expert(trade="医保", name="李工", reach=Reach(seat="1002"), row=4),
    )


def test_a_row_without_trade_or_name_is_named() -> None:
    faults = read_experts(f"{HEAD},张工,1002,,,,,,,,\n人社,,1001,,,,,,,,\n", None, None)[1]
    assert [(f.row, f.column, f.instead) for f in faults] == [
        (2, "专业", "专家的专业，如人社"),
        (3, "姓名", "专家的姓名或岗位"),
    ]


def test_the_same_way_twice_is_named() -> None:
    """It would be tried twice. At other hours it is another."""
    rows = "人社,张工,1002,,,,,,,,\n人社,李工,1002,,,,,,,,\n人社,王工,1002,,,,,,08:00-09:00,,\n"
    rows += "人社,甲,,gw,9306401,,,,,,\n人社,乙,,gw,9306401,,2,,,,\n"
    faults = read_experts(HEAD + rows, None, None)[1]
    assert [(f.row, f.column, f.message) for f in faults] == [
        (3, "座席", "与第2行是同一条路由"),
        (6, "号码", "与第5行是同一条路由"),
    ]


def test_seats_and_lines_are_looked_for_in_their_tables() -> None:
    """In a profile; a table that has faults of its own is not asked."""
    rows = f"{HEAD}人社,张工,1003,,,12334,,,,,\n"
    assert places(faults_of(experts=rows)) == [(2, "座席"), (2, "线路")]
    broken = faults_of(experts=rows, seats="分机,姓名,技能\n1001,甲,\n")
    assert [(f.file, f.column) for f in broken if f.file == "experts.csv"] == [
        ("experts.csv", "线路")
    ]
    assert faults_of(experts=rows.replace("1003", "1002").replace("12334", "12333")) == []


def test_how_callers_are_usually_taken_to_an_expert_may_be_said() -> None:
    """An expert's number is told to nobody."""
    head = "专业,姓名,座席,处理\n"
    [expert], faults = read_experts(f"{head}人社,张工,1002,三方\n", None, None)
    assert (expert.handling, faults) == (Handling.THREE_WAY, [])
    [fault] = read_experts(f"{head}人社,张工,1002,告知号码\n", None, None)[1]
    assert (fault.column, fault.instead) == ("处理", "先咨询 / 三方 / 转接")
