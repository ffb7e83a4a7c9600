"""Peers and relations: what is read, and what is refused with its place and its cure."""

import pytest

from config.handling import Handling
from config.peers import (
    PEERS,
    RELATIONS,
    RelationKind,
    number_faults,
    peer_faults,
    read_peers,
    read_relations,
)
from config.table import Row

HEADER = "对端,名称,地址,端口,接口\n"
RELATED = "关系,中心,名称,区号,对端,号码\n"


def test_a_peer_is_an_exchange_with_a_name_of_its_own() -> None:
    """Without a port it is SIP's usual one."""
    peers, faults = read_peers(HEADER + "shuiwu,税务,10.1.2.3,\nrenshe,人社,pbx.example,5070\n")

    assert faults == []
    assert [(p.id, p.name, p.address, p.port, p.row) for p in peers] == [
        ("shuiwu", "税务", "10.1.2.3", 5060, 2),
        ("renshe", "人社", "pbx.example", 5070, 3),
    ]


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        ("Shui-Wu,税务,10.1.2.3,", "对端", "shuiwu"),
        (",税务,10.1.2.3,", "对端", "小写字母开头，只用小写字母和数字，如shuiwu"),
        ("jia,税务,10.1.2.3,", "对端", "另一个名称"),
        ("yi,,10.1.2.3,", "名称", "该交换机所属单位的名称"),
        ("yi,乙,10.1.2,", "地址", "IPv4地址或主机名，如10.1.2.3"),
        ("yi,乙,300.1.2.3,", "地址", "IPv4地址或主机名，如10.1.2.3"),
        ("yi,乙,,", "地址", "IPv4地址或主机名，如10.1.2.3"),
        ("yi,乙,a;b,", "地址", "IPv4地址或主机名，如10.1.2.3"),
        ("yi,乙,10.1.2.3,0", "端口", "1到65535的整数，通常是5060"),
        ("yi,乙,10.1.2.3,65536", "端口", "1到65535的整数，通常是5060"),
        ("yi,乙,10.1.2.3,sip", "端口", "1到65535的整数，通常是5060"),
        (
            "yi,乙,10.1.2.3,,乙",
            "接口",
            "https://主机名或地址/路径，不带用户名和密码；没有接口就留空",
        ),
    ],
)
def test_a_wrong_peer_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    faults = read_peers(f"{HEADER}jia,甲,10.0.0.1,\n{row}\n")[1]

    assert [(f.file, f.row, f.column, f.instead) for f in faults] == [(PEERS, 3, column, instead)]


def test_relations_name_hotlines_above_below_and_before_us() -> None:
    """One that takes no calls has nothing to dial; one on this platform needs nothing."""
    text = (
        RELATED + "上级,sheng,省热线,0471,sheng,6345\n下级,xian,县热线,,,\n前置,shi,市热线,0472,,\n"
    )
    relations, faults = read_relations(text)

    assert faults == []
    assert [(r.kind, r.centre, r.area_code, r.peer, r.number) for r in relations] == [
        (RelationKind.UPPER, "sheng", "0471", "sheng", "6345"),
        (RelationKind.LOWER, "xian", "", "", ""),
        (RelationKind.FRONT, "shi", "0472", "", ""),
    ]


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        ("上及,shi,市,0472,,", "关系", "上级"),
        ("下级,jia,甲,0476,,", "中心", "删去这一行"),
        ("下级,Shi 1,市,0472,,", "中心", "shi1"),
        ("下级,市,市,0472,,", "中心", "小写字母开头，只用小写字母和数字，如xining"),
        ("下级,shi,,0472,,", "名称", "该热线的名称"),
        ("下级,shi,市,472,,", "区号", "0472"),
        ("下级,shi,市,x,,", "区号", "带0的区号，如0791"),
        ("前置,shi,市,,,", "区号", "带0的区号，如0791"),
        ("下级,shi,市,0472,Shi,6345", "对端", "shi"),
        ("下级,shi,市,0472,,6345", "对端", "小写字母开头，只用小写字母和数字，如shuiwu"),
        ("下级,shi,市,0472,shi,", "号码", "在对端拨打的号码，只写数字"),
        ("下级,shi,市,0472,shi,0472-6345", "号码", "04726345"),
        ("下级,shi,市,0472,shi,0472-110", "号码", "该热线的号码"),
    ],
)
def test_a_wrong_relation_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    """An emergency number is never a hotline's."""
    faults = read_relations(f"{RELATED}下级,jia,甲,0476,,\n{row}\n")[1]

    assert [(f.file, f.row, f.column, f.instead) for f in faults] == [
        (RELATIONS, 3, column, instead)
    ]


def test_one_hotline_may_be_below_us_and_before_us() -> None:
    faults = read_relations(RELATED + "下级,shi,市,0472,,\n前置,shi,市,0472,,\n")[1]

    assert faults == []


def test_an_empty_cell_is_a_fault_only_where_it_is_needed() -> None:
    row = Row(2, {})

    assert peer_faults("x", row, "对端", is_needed=False) == []
    assert number_faults("x", row, "号码", is_needed=False) == []
    assert [f.message for f in peer_faults("x", row, "对端", is_needed=True)] == ["没有写对端"]
    assert [f.message for f in number_faults("x", row, "号码", is_needed=True)] == ["没有写号码"]


def test_a_relation_says_when_how_and_how_long_calls_are_taken_there() -> None:
    """All may be left out."""
    head = "关系,中心,名称,对端,号码,座席时间,振铃秒,处理\n"
    [relation], faults = read_relations(
        f"{head}上级,sheng,省,sheng,12345,每天 08:00-20:00,25,三方\n"
    )
    assert faults == []
    assert (relation.hours.chinese, relation.ring_s) == ("每天 08:00-20:00", 25)
    assert relation.handling is Handling.THREE_WAY
    [bare], _ = read_relations("关系,中心,名称\n上级,sheng,省\n")
    assert (bare.hours.is_always, bare.ring_s, bare.handling) == (True, 0, None)
    wrong = read_relations(f"{head}上级,sheng,省,sheng,12345,8:00-20:00,90,告知号码\n")[1]
    assert [(f.row, f.column, f.instead) for f in wrong] == [
        (2, "处理", "转接 / 先咨询 / 三方"),
        (2, "振铃秒", "5到60的整数；不写与其他座席相同"),
        (2, "座席时间", "每天 08:00-20:00"),
    ]
