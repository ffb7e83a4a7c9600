"""What every hotline's tables keep to, whatever its document says."""

import re
from datetime import date, timedelta

import phonenumbers
import pytest

from config.ledger import EMERGENCY, LineState, Mode
from tests.config.fiveprofiles import ALL, PROFILES, facts_of, lines_of, remarks_of, rows_of

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize("profile", ALL)
def test_what_is_invented_says_so(profile: str) -> None:
    """Every row names its source; a table with invented rows says so above them or in the row."""
    rows = rows_of(profile, "numbers.csv")
    assert {row["来源"] for row in rows} <= {"文件", "示例"}
    if any(row["来源"] == "示例" for row in rows):
        assert re.search("示例|虚构", remarks_of(profile, "numbers.csv"))
    assert [
        row["备注"] for row in rows if row["来源"] == "文件" and "二（" not in row["备注"]
    ] == []
    for row in rows:
        assert not row["对端"] or "示例" in row["备注"] + remarks_of(profile, "numbers.csv")
    for table in ("seats.csv", "peers.csv"):
        assert "示例数据" in remarks_of(profile, table)
    assert "china-division 2.7.0" in remarks_of(profile, "gazetteer.csv")
    assert "示例" in (PROFILES / profile / "profile.toml").read_text()


@pytest.mark.parametrize("profile", ALL)
def test_every_number_is_valid_and_no_invented_one_is_anybodys(profile: str) -> None:
    """Invented local numbers begin with 9, mobile ones with 154: such are given to nobody."""
    area = facts_of(profile)["area_code"]
    for row in rows_of(profile, "numbers.csv"):
        number = row["电话号码"]
        if len(number) in (7, 8):
            assert phonenumbers.is_valid_number(phonenumbers.parse(area + number, "CN"))
        if row["来源"] == "示例":
            assert re.fullmatch(r"9[0-46-9]\d{5,6}|123\d\d|154\d{8}", number)


@pytest.mark.parametrize("profile", ALL)
def test_numbers_that_are_dialled_outside_are_nobodys_either(profile: str) -> None:
    """But for emergency lines and the power grid's national one, which are what they are."""
    dialled = [
        row[column]
        for table, columns in (
            ("numbers.csv", ("转接号码",)),
            ("relations.csv", ("号码",)),
            ("linkage.csv", ("号码", "转接号码", "备用号码")),
        )
        for row in rows_of(profile, table)
        for column in columns
        if row[column] and row[column] not in EMERGENCY | {"95598"}
    ]
    assert [n for n in dialled if not re.fullmatch(r"(0\d{2,3})?9[0-46-9]\d{5,6}", n)] == []


@pytest.mark.parametrize("profile", ALL)
def test_some_lines_are_in_transition_now_and_all_have_an_end(profile: str) -> None:
    """So that every line can be dialled in its transition and after it."""
    lines = lines_of(profile).values()
    assert LineState.TRANSITION in {line.state(TODAY) for line in lines}
    assert [line.number for line in lines if line.ends is None] == []
    for line in lines:
        assert line.ends is not None
        assert LineState.TRANSITION is line.state(line.ends)
        over = LineState.CANCELLED if line.mode is Mode.WHOLE else LineState.KEPT
        assert over is line.state(line.ends + timedelta(days=1))


@pytest.mark.parametrize("profile", ALL)
def test_every_peer_is_on_this_machine_at_a_port_of_its_own(profile: str) -> None:
    """An example that is started by mistake rings nobody. Every peer that is named is there."""
    peers = rows_of(profile, "peers.csv")
    assert {"127.0.0.1"} == {row["地址"] for row in peers}
    assert len(peers) == len({row["端口"] for row in peers})
    named = {
        row[column]
        for table in ("numbers.csv", "relations.csv", "linkage.csv")
        for row in rows_of(profile, table)
        for column in ("对端", "备用对端")
        if row[column]
    }
    assert named == {row["对端"] for row in peers}


@pytest.mark.parametrize("profile", ALL)
def test_each_emergency_line_has_two_ways(profile: str) -> None:
    """T4: a caller is never lost on the way."""
    urgent = [row for row in rows_of(profile, "linkage.csv") if row["类别"] == "紧急"]
    assert sorted(EMERGENCY) == [row["号码"] for row in urgent]
    for row in urgent:
        assert ("三方", row["号码"]) == (row["处理"], row["转接号码"])
        assert row["备用号码"]
        assert row["对端"] != row["备用对端"]


@pytest.mark.parametrize("profile", ALL)
def test_every_refusal_has_a_polite_sentence(profile: str) -> None:
    """One sentence that can be said in one breath, and an id of its own."""
    rows = rows_of(profile, "refusals.csv")
    assert len(rows) == len({row["编号"] for row in rows})
    for row in rows:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["编号"])
        assert re.fullmatch(r"[^。]{10,60}。", row["话术"])
        assert re.search("请|谢|抱歉", row["话术"])


@pytest.mark.parametrize(
    ("profile", "districts"),
    [
        ("chifeng", 12),
        ("hunan", 134),
        ("jiangxi", 100),
        ("qinghai", 45),
        ("shaoyang", 12),
        ("qinghai/xining", 7),
        ("qinghai/haidong", 6),
        ("qinghai/huangnan", 4),
    ],
)
def test_the_gazetteer_knows_every_district(profile: str, districts: int) -> None:
    """No name twice, and no file so large that nobody looks at it."""
    rows = rows_of(profile, "gazetteer.csv")
    assert districts == len({row["旗县区"] for row in rows})
    places = [(row["旗县区"], row["苏木乡镇街道"]) for row in rows]
    assert len(places) == len(set(places))
    assert (PROFILES / profile / "gazetteer.csv").stat().st_size < 300_000


@pytest.mark.parametrize("profile", ALL)
def test_every_line_belongs_to_an_office_that_is_listed(profile: str) -> None:
    offices = {row["部门"] for row in rows_of(profile, "offices.csv")}
    assert {row["部门"] for row in rows_of(profile, "numbers.csv")} <= offices
