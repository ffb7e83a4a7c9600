"""The five hotlines' data: what their documents say stands there exactly, the rest is marked."""

from collections import Counter
from datetime import date

import pytest

from config.files import load_platform
from config.ledger import LineState, Mode, Seating
from config.platform import Platform
from config.settings import Settings
from tests.config.fiveprofiles import (
    ALL,
    CITIES,
    FIVE,
    PROFILES,
    annex_rows,
    facts_of,
    lines_of,
    remarks_of,
    rows_of,
)

WHOLE, DUAL, SUB = Mode.WHOLE, Mode.DUAL, Mode.SUB_CENTRE


def platform(profile: str) -> Platform:
    """The profile as the program reads it."""
    return load_platform(Settings(profile=profile))


def modes(profile: str) -> Counter[Mode]:
    """How many numbers are merged in which way."""
    return Counter(line.mode for line in lines_of(profile).values())


def limits_of(profile: str) -> dict[str, object]:
    """Its time limits, those that it has."""
    return platform(profile).home.limits.model_dump(exclude_none=True)


def test_these_are_all_the_profiles() -> None:
    """A new one is to be held against its document here too."""
    found = (path.parent.relative_to(PROFILES) for path in PROFILES.rglob("profile.toml"))
    assert sorted(ALL) == sorted(map(str, found))


@pytest.mark.parametrize("profile", FIVE)
def test_every_profile_is_without_a_fault(profile: str) -> None:
    """Every row of its tables is there, for each centre of its platform."""
    centres = [profile, *(city for city in CITIES if city.startswith(f"{profile}/"))]
    for folder, centre in zip(centres, platform(profile), strict=True):
        assert list(lines_of(folder)) == [line.number for line in centre.lines]
        for name, read in (
            ("seats", centre.seats),
            ("peers", centre.peers),
            ("relations", centre.relations),
            ("linkage", centre.linkage),
            ("experts", centre.experts),
            ("contacts", centre.contacts),
            ("refusals", centre.refusals),
            ("offices", centre.offices),
            ("gazetteer", centre.gazetteer),
        ):
            if read or name not in ("experts", "contacts"):
                assert len(rows_of(folder, f"{name}.csv")) == len(read)


@pytest.mark.parametrize("profile", FIVE)
def test_who_is_known_and_on_duty_is_invented_and_says_so(profile: str) -> None:
    """No number of anybody's: 154 is given to nobody, nor is a local number that begins with 9."""
    facts, home = facts_of(profile), platform(profile).home
    for name, read in (("callers.csv", home.callers), ("duties.csv", home.duties)):
        assert "示例" in remarks_of(profile, name)
        assert len(rows_of(profile, name)) == len(read) > 0
    local = f"{facts['area_code']}9"
    numbers = [row["号码"] for row in rows_of(profile, "callers.csv")]
    assert [number for number in numbers if not number.startswith(("154", local))] == []
    assert facts["classes"] == {"人大代表": 60, "政协委员": 60}


@pytest.mark.parametrize("profile", FIVE)
def test_whom_callers_can_be_taken_to_is_invented_and_says_so(profile: str) -> None:
    """Experts and departments' telephones. 154 is given to nobody, nor is a local 9."""
    home = platform(profile).home
    for name in ("experts.csv", "contacts.csv"):
        assert "示例" in remarks_of(profile, name)
        numbers = [row["号码"] for row in rows_of(profile, name) if row["号码"]]
        assert numbers
        assert [number for number in numbers if not number.startswith(("154", "9"))] == []
    assert any(expert.reach.seat for expert in home.experts)


def test_shaoyangs_units_bound_to_answer_at_any_hour_are_its_documents() -> None:
    """第二十条: eight units by name, and each of the twelve counties and districts."""
    rows = [row for row in rows_of("shaoyang", "contacts.csv") if row["24小时响应"] == "是"]
    named = {row["部门"].removeprefix("市") for row in rows}
    units = {"应急管理局", "卫生健康委", "公安局", "生态环境局", "城管执法局", "自来水公司"}
    units |= {"国网邵阳供电公司", "燃气总公司"}
    assert units < named
    below = {row["部门"] for row in rows_of("shaoyang", "offices.csv")} & named
    assert len(named - units) == len(below - units) == 12


# ---- Chifeng


def test_chifengs_table_is_the_published_annex_row_by_row() -> None:
    """Order, offices, names, numbers and modes; a blank of the annex means what stands above."""
    columns = ("序号", "部门", "电话名称", "电话号码", "归并方式")
    table = [tuple(row[column] for column in columns) for row in rows_of("chifeng", "numbers.csv")]
    assert annex_rows() == table


def test_chifeng_has_36_rows_on_35_numbers() -> None:
    """24 rows whole on 23 numbers, 10 dual, 2 sub-centres."""
    rows = Counter(row["归并方式"] for row in rows_of("chifeng", "numbers.csv"))
    assert rows == {"整体并入": 24, "双号并行": 10, "设分中心": 2}
    assert modes("chifeng") == {WHOLE: 23, DUAL: 10, SUB: 2}


def test_8820813_serves_two_offices() -> None:
    entries = lines_of("chifeng")["8820813"].entries
    names = ["赤峰市公安局户政对外咨询电话", "赤峰市公安局治安对外咨询电话"]
    assert names == [entry.name for entry in entries]


def test_chifengs_limits_are_its_documents() -> None:
    """五（三）: five working days, ten for hard matters, the same day for pressing ones."""
    limits = {"return_d": 1, "other_d": 5, "hard_d": 10, "urgent": "same-day"}
    assert limits == limits_of("chifeng")


def test_chifeng_declines_what_its_document_lists() -> None:
    """三: ten kinds, in the document's order."""
    declined = [row["理由"] for row in rows_of("chifeng", "refusals.csv")]
    order = ["诉讼", "仲裁", "纪检监察", "行政复议", "政府信息公开", "信访"]
    order += ["国家秘密", "商业秘密", "个人隐私", "公序良俗"]
    assert [word for word in order for said in declined if word in said] == order
    assert len(declined) == len(order)


def test_chifengs_twelve_stations_take_no_calls() -> None:
    """四（四）: orders are sent to them; there is nothing to dial."""
    below = [row for row in rows_of("chifeng", "relations.csv") if row["关系"] == "下级"]
    assert len({row["中心"] for row in below}) == 12
    assert {("", "")} == {(row["对端"], row["号码"]) for row in below}


# ---- Qinghai


def test_qinghai_has_9_dual_lines_whose_seats_stay_and_5_sub_centres() -> None:
    """二（一）: and 15 whole ones that the published text does not name, so they are examples."""
    assert modes("qinghai") == {WHOLE: 15, DUAL: 9, SUB: 5}
    kept = [line for line in lines_of("qinghai").values() if line.seating is Seating.KEPT]
    assert Counter(line.mode for line in kept) == {DUAL: 9, SUB: 5}
    sources = Counter((row["归并方式"], row["来源"]) for row in rows_of("qinghai", "numbers.csv"))
    examples = {("整体并入", "示例"): 15, ("双号并行", "文件"): 9, ("设分中心", "文件"): 5}
    assert examples == sources


def test_qinghais_kept_numbers_and_names_are_its_documents() -> None:
    """二（一）2 and 3, in their order."""
    said = {
        "12315": "消费者投诉服务热线",
        "12333": "人力资源和社会保障服务热线",
        "12328": "交通运输服务监督热线",
        "12348": "公共法律服务热线",
        "12316": "农业系统公益服务热线",
        "12329": "住房公积金热线",
        "12350": "安全生产举报投诉电话",
        "12317": "返贫监测帮扶业务咨询办理电话",
        "12320": "公共卫生服务热线",
        "12305": "邮政申诉受理电话",
        "12313": "烟草市场举报电话",
        "12366": "纳税服务热线",
        "12360": "海关服务热线",
        "12367": "移民咨询服务热线",
    }
    kept = {n: line.name for n, line in lines_of("qinghai").items() if line.mode is not WHOLE}
    assert list(said.items()) == list(kept.items())


def test_qinghai_is_one_platform_of_four_centres() -> None:
    """二（二）2: the province is home; its own number is one of Xining's area."""
    centres = [(c.centre, c.area_code) for c in platform("qinghai")]
    assert centres == [
        ("qinghai", "0971"),
        ("xining", "0971"),
        ("haidong", "0972"),
        ("huangnan", "0973"),
    ]


def test_no_two_centres_of_a_platform_share_a_trunk_or_a_peer() -> None:
    """Calls would be taken for another centre's."""
    qinghai = ("qinghai", *CITIES)
    for found in (
        [trunk for centre in qinghai for trunk in facts_of(centre)["trunks"]],
        [row["对端"] for centre in qinghai for row in rows_of(centre, "peers.csv")],
        [row["端口"] for centre in qinghai for row in rows_of(centre, "peers.csv")],
    ):
        assert len(found) == len(set(found))


# ---- Jiangxi


def test_jiangxi_has_lines_in_all_three_of_its_modes() -> None:
    """二（二）2; besides, numbers of its own that were given up."""
    assert modes("jiangxi") == {
        Mode.FRONTED: 3,
        Mode.KEPT_CENTRE: 3,
        Mode.FORWARDED: 4,
        WHOLE: 2,
    }


def test_jiangxis_own_numbers_were_cancelled_at_the_end_of_2021() -> None:
    """二（二）3: 在2021年12月底前取消."""
    own = [line for line in lines_of("jiangxi").values() if line.mode is WHOLE]
    states = [(line.state(date(2021, 12, 31)), line.state(date(2022, 1, 1))) for line in own]
    assert states == [(LineState.TRANSITION, LineState.CANCELLED)] * 2


def test_each_of_jiangxis_eleven_cities_fronts_the_province() -> None:
    """二（二）2: 市级热线作为省级热线前置."""
    fronting = {
        row["名称"].removesuffix("12345热线"): row["区号"]
        for row in rows_of("jiangxi", "relations.csv")
        if row["关系"] == "前置" and row["对端"] and row["号码"]
    }
    assert fronting == {
        "南昌市": "0791",
        "九江市": "0792",
        "上饶市": "0793",
        "抚州市": "0794",
        "宜春市": "0795",
        "吉安市": "0796",
        "赣州市": "0797",
        "景德镇市": "0798",
        "萍乡市": "0799",
        "新余市": "0790",
        "鹰潭市": "0701",
    }


def test_jiangxi_leaves_party_organs_associations_and_utilities_out() -> None:
    """二（二）1; they are among its offices, but none has a line."""
    out = {"党群", "社会团体", "公共企业"}
    assert out == set(facts_of("jiangxi")["scope_out"])
    offices = {row["部门"]: row["类型"] for row in rows_of("jiangxi", "offices.csv")}
    assert out < set(offices.values())
    lines = rows_of("jiangxi", "numbers.csv")
    assert not out & {offices[row["部门"]] for row in lines}


# ---- Hunan


def test_hunans_document_names_no_number() -> None:
    """So every row is an example, a mobile number among them (二（一）2: 含移动电话)."""
    assert {"示例"} == {row["来源"] for row in rows_of("hunan", "numbers.csv")}
    assert modes("hunan") == {WHOLE: 7, DUAL: 4, SUB: 3}
    mobile = [line for number, line in lines_of("hunan").items() if len(number) == 11]
    assert [line.mode for line in mobile] == [WHOLE]


def test_hunans_dual_lines_have_their_seats_with_12345() -> None:
    """二（一）2: 话务座席并入12345热线."""
    seatings = {line.seating for line in lines_of("hunan").values() if line.mode is DUAL}
    assert {Seating.MOVED_IN} == seatings


def test_hunan_knows_its_fourteen_cities() -> None:
    """二（一）1; three of them share an area code."""
    below = [row for row in rows_of("hunan", "relations.csv") if row["关系"] == "下级"]
    assert len({row["中心"] for row in below}) == 14
    assert len({row["区号"] for row in below}) == 12


@pytest.mark.parametrize("profile", ["hunan", "jiangxi", "qinghai"])
def test_where_a_document_has_no_time_limits_the_profile_has_none(profile: str) -> None:
    assert limits_of(profile) == {}


# ---- Shaoyang


def test_shaoyangs_limits_are_its_documents() -> None:
    """第十三条 and 第十四条."""
    assert limits_of("shaoyang") == {
        "dispatch_h": 2,
        "sign_d": 1,
        "return_d": 2,
        "consult_d": 1,
        "other_d": 5,
        "hard_d": 10,
        "extensions": 1,
        "extension_d": 10,
    }


def test_shaoyang_declines_for_the_ten_reasons_of_article_ten() -> None:
    """第十条, in its words and its order."""
    reasons = [
        "涉及国家机密、商业机密、个人隐私的事项",
        "已经或应当通过诉讼、仲裁、行政复议等法律途径解决的事项",
        "已经信访程序受理、处理或者终结的事项",
        "同一服务对象的同一事项已经受理、正在办理，或已依法办理完毕，服务对象无新情况、新理由的事项",
        "违反法律法规、社会公序良俗的事项",
        "属于党委、人大、政协管辖范围的事项",
        "涉及军队、武警职责范围的事项",
        "所反映问题非热线本级所界定的行政职权管辖范围的事项",
        "骚扰电话",
        "其它不予受理情况",
    ]
    articles = [f"第十条（{n}）" for n in "一二三四五六七八九十"]
    declined = [(row["理由"], row["出处"]) for row in rows_of("shaoyang", "refusals.csv")]
    assert list(zip(reasons, articles, strict=True)) == declined


def test_shaoyangs_sub_centres_are_examples() -> None:
    """第七条 has sub-centres but names none."""
    sources = {row["来源"] for row in rows_of("shaoyang", "numbers.csv")}
    assert {"示例"} == sources
    assert modes("shaoyang") == {WHOLE: 4, DUAL: 5, SUB: 2}


def test_shaoyangs_utilities_answer_at_any_hour() -> None:
    """第二十条: water, power and gas answer within 24 hours a day; heat and buses are not named."""
    utilities = {
        row["名称"]: row["座席时间"]
        for row in rows_of("shaoyang", "linkage.csv")
        if row["类别"] == "公共服务"
    }
    assert dict.fromkeys(["市自来水公司", "国网邵阳供电公司", "市燃气总公司"], "全天") == utilities
