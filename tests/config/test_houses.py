"""Other houses by the one name each has, and where they are told of callers."""

import pytest

from config.faults import Fault
from config.houses import House, house_of, others_than
from config.ledger import Line, Mode, Seating
from config.linkage import read_linkage
from config.peers import read_peers, read_relations
from config.profile import Profile
from cti.ids import CentreId, LineId

PEERS = """对端,名称,地址,端口,接口
jinji,联动平台,10.1.2.3,5060,https://jinji.example:8443/told?from=12345
shuiwu,税务局,10.1.2.4,,
shengji,省热线,10.1.2.5,,http://10.1.2.5/told
"""
LINKAGE = """号码,名称,类别,处理,对端,转接号码,接口
110,公安报警,紧急,三方,jinji,110,
120,医疗急救,紧急,三方,jinji,120,https://120.example/told
9301005,公交服务热线,公共服务,告知号码,,,
"""
RELATIONS = """关系,中心,名称,区号,对端,号码
上级,neimenggu,内蒙古12345热线,0471,shengji,04719306345
"""


@pytest.fixture
def centre() -> Profile:
    peers, wrong_peers = read_peers(PEERS)
    linkage, wrong_linkage = read_linkage(LINKAGE)
    relations, wrong_relations = read_relations(RELATIONS)
    assert (wrong_peers, wrong_linkage, wrong_relations) == ([], [], [])
    tax = Line(
        number=LineId("12366"),
        name="纳税服务",
        department="税务局",
        row=1,
        mode=Mode.SUB_CENTRE,
        seating=Seating.KEPT,
        peer="shuiwu",
    )
    ours = Line(number=LineId("8337772"), name="市长热线", department="市", row=2, mode=Mode.WHOLE)
    lines = (tax, ours)
    return Profile(
        centre=CentreId("chifeng"),
        name="赤峰",
        city="赤峰市",
        area_code="0476",
        skills=("通用",),
        lines=lines,
        seats=(),
        peers=peers,
        linkage=linkage,
        relations=relations,
    )


@pytest.mark.parametrize(
    ("line", "house"),
    [
        ("110", House("公安报警", "https://jinji.example:8443/told?from=12345")),
        ("120", House("医疗急救", "https://120.example/told")),
        ("9301005", House("公交服务热线", "")),
        ("12366", House("纳税服务", "")),
        ("neimenggu", House("内蒙古12345热线", "http://10.1.2.5/told")),
        ("8337772", None),
        ("nobody", None),
    ],
)
def test_a_house_is_told_where_its_row_says_or_its_exchange(
    centre: Profile, line: str, house: House | None
) -> None:
    """A line whose seats are here is none."""
    assert house_of(centre, line) == house


@pytest.mark.parametrize(
    "written",
    ["jinji.example/told", "ftp://jinji", "https://", "https://用户@jinji", "https://a b"],
)
def test_an_interface_is_an_address_that_can_be_posted_to(written: str) -> None:
    """Else it is named with its place, and what to write instead."""
    better = "https://主机名或地址/路径，不带用户名和密码；没有接口就留空"
    message = f"「{written}」不是接口的地址"
    _, faults = read_peers(f"对端,名称,地址,接口\njinji,平台,10.1.2.3,{written}\n")
    assert faults == [Fault("peers.csv", 2, "接口", message, better)]
    _, faults = read_linkage(
        f"号码,名称,类别,处理,对端,转接号码,接口\n110,公安,紧急,三方,jinji,110,{written}\n"
    )
    assert faults == [Fault("linkage.csv", 2, "接口", message, better)]


def test_where_only_others_call_from_is_known(centre: Profile) -> None:
    """Two houses behind one exchange cannot be told apart by it."""
    assert others_than(centre, "neimenggu") == {"10.1.2.3", "10.1.2.4"}
    assert others_than(centre, "110") == others_than(centre, "120") == {"10.1.2.4", "10.1.2.5"}
    assert "10.1.2.5" in others_than(centre, "nobody")
