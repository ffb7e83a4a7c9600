"""What a change comes to, told before it is made."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.changes import OTHERS, Changes, compare
from config.city import parse_platform
from config.ledgertable import read_ledger
from config.numberplan import NumberPlan
from config.overrides import PromptOverride
from config.platform import Platform
from config.profile import Profile
from config.workdays import CHINA
from ivr.text import prompt
from tests.config.platforms import province, province_files
from tests.config.profiles import FILES

AT = datetime(2026, 7, 1, 9, tzinfo=CHINA)
HEADER = "部门,电话名称,电话号码,归并方式,过渡开始,过渡结束,对端,转接号码,座席时间\n"
TABLE = (
    HEADER
    + "市政府办公室,市长热线,8337772,整体并入,,2026-12-31,,,\n"
    + "人社局,社保电话,12333,双号并行,,2026-12-31,,,\n"
    + "住建局,住建电话,12319,双号并行,,2026-12-31,,,\n"
    + "税务局,税务电话,12366,设分中心,,,shuiwu,9306366,\n"
)
PEERS = "对端,名称,地址,端口\nshuiwu,税务分中心,10.0.0.8,5060\n"


def _city(table: str = TABLE, **more: str) -> Platform:
    """One centre with that table; ``more`` are its other files."""
    names = {"profile": "profile.toml", "terms": "terms.txt"}
    files = dict(FILES) | {"numbers.csv": table, "peers.csv": PEERS}
    files |= {names.get(key, f"{key}.csv"): text for key, text in more.items()}
    return parse_platform({name: text.encode() for name, text in files.items()})


def _with(platform: Platform, **fields: Any) -> Platform:
    """The same with other values in its first centre."""
    home = platform.home.model_copy(update=fields)
    return platform.model_copy(update={"centres": (home, *platform.centres[1:])})


BEFORE = _city()


def _said(platform: Platform, prompt_id: str) -> str:
    return f"听到「{prompt(platform.home, f'testcity-{prompt_id}').text}」"


def _to(table: str) -> Changes:
    return compare(BEFORE, _city(table), AT)


@pytest.mark.parametrize("platform", [BEFORE, province()])
def test_no_change_says_nothing(platform: Platform) -> None:
    """Not even when the same is read anew, with remarks above that shift all its rows."""
    assert compare(platform, platform, AT) == Changes()
    assert str(compare(platform, platform, AT)) == ""
    assert len(_to("# 说明\n\n" + TABLE)) == 0
    files = {
        name: b"# x\n" + data if name.endswith("numbers.csv") else data
        for name, data in province_files().items()
    }
    assert len(compare(province(), parse_platform(files), AT)) == 0


def test_who_goes_another_way_is_told_from_when() -> None:
    """12333 gets seats behind a peer when its transition begins."""
    moved, kept = "双号并行,,2026-12-31,,,", "双号并行,2027-01-01,2027-12-31,shuiwu,9306333,"
    after = _city(TABLE.replace(f"12333,{moved}", f"12333,{kept}"))
    changes = compare(BEFORE, after, AT)
    there = "先转税务分中心（9306333，振铃20秒），无人接听回到12345"
    assert changes.lines[:3] == [
        f"拨打12333的人：{days}，{_said(after, now)}，{there}"
        f"（原：{_said(BEFORE, was)}，由12345受理）"
        for days, now, was in (
            ("从应用时起至2026-12-31", "recorded", "12333-transition"),
            ("从2027-01-01起至2027-12-31", "12333-transition", "12333-kept"),
            ("从2028-01-01起", "12333-kept", "12333-kept"),
        )
    ]
    assert {change.kind for change in changes} == {"changed", "line"}


def test_what_stays_the_same_is_not_said() -> None:
    """Only the way, when the sentence is the same; only the sentence, when the way is."""
    (way, *_) = _to(TABLE.replace("9306366", "9306367")).noticed
    assert (way.before, way.after) == (
        "先转税务分中心（9306366，振铃20秒），无人接听回到12345",
        "先转税务分中心（9306367，振铃20秒），无人接听回到12345",
    )
    (sentence, *_) = _to(TABLE.replace("社保电话", "社保热线")).noticed
    after = _city(TABLE.replace("社保电话", "社保热线"))
    assert sentence.before == _said(BEFORE, "12333-transition")
    assert sentence.after == _said(after, "12333-transition")


def test_longer_transition_is_told_with_its_days() -> None:
    """Between the old end and the new one it is told that the number is not cancelled yet."""
    (change,) = _to(TABLE.replace("整体并入,,2026-12-31", "整体并入,,2027-06-30")).noticed
    assert (change.what, change.since, change.until) == (
        "8337772",
        date(2027, 1, 1),
        date(2027, 6, 30),
    )
    assert "已取消" in change.before
    assert "已取消" not in change.after


def test_hours_are_told_one_by_one() -> None:
    """The line's own seats in their hours, 12345 in the others."""
    table = TABLE.replace("12333,双号并行,,2026-12-31,,,", "12333,双号并行,,,shuiwu,9306333,")
    before = _city(table)
    after = _city(table.replace("9306333,", "9306333,工作日 08:30-12:00"))
    (change,) = compare(before, after, AT).noticed
    open_, closed = (_said(after, f"12333-{what}") for what in ("transition", "closed"))
    there = "先转税务分中心（9306333，振铃20秒），无人接听回到12345"
    assert change.before == f"{open_}，{there}"
    assert change.after == (
        f"工作日 08:30-12:00：{open_}，{there}；其余时间：{closed}，由12345受理"
    )


def test_a_number_that_comes_or_goes_is_told_against_an_unknown_one() -> None:
    """Whoever dialled it before it came heard that 12345 answers it."""
    row = "民政局,民政热线,12349,整体并入,,,,,\n"
    came = _to(TABLE + row)
    assert [(c.kind, c.what) for c in came.noticed] == [("added", "12349")]
    assert "您拨打的号码由12345热线受理" in came.noticed[0].before
    assert "增加号码12349：民政热线，民政局，整体并入，并入" in str(came)
    gone = compare(_city(TABLE + row), BEFORE, AT)
    assert [(c.kind, c.what) for c in gone.noticed] == [("removed", "12349")]
    assert "去掉号码12349（原：民政热线，民政局，整体并入，并入）" in str(gone)


def test_numbers_that_change_alike_stand_together() -> None:
    """For a person; each has its own change for a program."""
    rows = "".join(f"局,热线,9611{n},设分中心,,,shuiwu,9306366,\n" for n in range(9))
    table = HEADER + rows
    before = _city(table)
    changes = compare(before, _with(before, outside_ring_s=30), AT)
    assert len(changes.noticed) == 9
    assert len(changes.lines) == 2
    assert "等9个号码的人：从应用时起，先转税务分中心（9306366，振铃30秒）" in changes.lines[0]
    assert changes.lines[1] == "对端振铃时间（秒）由「20」改为「30」"


def test_the_hotline_and_unknown_numbers_are_told_too() -> None:
    """They are in no table, and people dial them."""
    changes = compare(BEFORE, _with(BEFORE, announce_recording=False), AT)
    assert {"12345", OTHERS, "8337772", "12366"} <= {change.what for change in changes.noticed}
    assert "播报录音提示由「是」改为「否」" in changes.lines
    silent = next(c for c in changes.noticed if c.what == OTHERS)
    assert silent.kind == "changed"


def test_a_farewell_that_ends_the_call_is_told() -> None:
    changes = compare(BEFORE, _with(BEFORE, after_cancel="hangup"), AT)
    (change,) = changes.noticed
    assert (change.what, change.since) == ("8337772", date(2027, 1, 1))
    assert "播完挂机" in change.after


def test_silence_is_told() -> None:
    """Before its transition a line with seats of its own has no sentence."""
    planned = TABLE.replace("设分中心,,", "设分中心,2027-01-01,")
    before = _with(BEFORE, announce_recording=False)
    after = _with(_city(planned), announce_recording=False)
    assert compare(before, after, AT).noticed[0].after == "不播报提示"


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        (
            "overrides",
            {"testcity-12333-transition": PromptOverride(text="请说。")},
            "听到「请说。」",
        ),
        ("recorded", {"testcity-12333-transition": "ab12"}, "听到「录音ab12」"),
    ],
)
def test_another_wording_or_a_recording_is_told(
    field: str, value: Mapping[str, object], told: str
) -> None:
    """Only of the number whose prompt it is."""
    changes = compare(BEFORE, _with(BEFORE, **{field: value}), AT)
    assert [(change.what, change.after) for change in changes] == [("12333", told)]


def test_a_standing_prompt_is_told() -> None:
    """Who waits hears it, whatever was dialled."""
    changes = compare(BEFORE, _with(BEFORE, overrides={"bye": PromptOverride(text="再见。")}), AT)
    assert changes.lines == ["提示音bye由「感谢您的来电，再见。」改为「再见。」"]
    recorded = compare(BEFORE, _with(BEFORE, recorded={"testcity-unknown": "ab12"}), AT)
    assert [change.what for change in recorded] == [OTHERS]


def test_what_agents_notice_is_told() -> None:
    """Seats, facts, peers, neighbours, lines of emergency, refusals, articles, offices, places."""
    offices = "部门,别称\n市政府办公室,\n人社局,\n住建局,\n税务局,\n"
    before = _city(
        relations="关系,中心,名称,区号,对端,号码\n上级,sheng,省热线,0471,shuiwu,12345\n",
        linkage="号码,名称,类别,处理,对端,转接号码\n110,报警,紧急,三方,shuiwu,110\n",
        refusals="编号,理由,话术,出处\nlawsuit,已诉讼,请说明,条\n",
        knowledge="编号,标题,答复,单位,失效\nschool,入学,看公告,教育局,\n",
        openings="场合,话术\n来电,您好。\n",
        days="日期,类别,名称\n2026-08-18,放假,\n",
        offices=f"{offices}教育局,教委\n",
        gazetteer="旗县区,苏木乡镇街道\n红山区,西屯街道\n",
        terms="甲\n",
    )
    after = _city(
        profile=FILES["profile.toml"] + "wrap_up_s = 40.5\n[limits]\nsign_d = 1\n",
        seats="分机,姓名,技能,类别\n1001,座席01,人社,专家\n1003,座席03,通用,话务员\n",
        peers=PEERS.replace("10.0.0.8", "10.0.0.9") + "gong,公网,10.0.0.7,5060\n",
        relations="关系,中心,名称,区号,对端,号码\n上级,sheng,省热线,0472,shuiwu,12345\n",
        linkage="号码,名称,类别,处理,对端,转接号码\n110,报警,紧急,转接,shuiwu,110\n",
        refusals="编号,理由,话术,出处\nlawsuit,已诉讼,请谅解,条\n",
        knowledge="编号,标题,答复,单位,失效\nschool,入学,看公告,教育局,2026-12-31\n",
        openings="场合,话术\n来电,您好，请讲。\n",
        days="日期,类别,名称\n2026-08-18,放假,那达慕\n",
        offices=f"{offices}教育局,市教委\n民政局,\n",
        gazetteer="旗县区,苏木乡镇街道\n红山区,东屯街道\n",
        terms="".join(f"词{n}\n" for n in range(9)),
    )
    assert set(compare(before, after, AT).lines) == {
        "话后整理时间（秒）由「30」改为「40.5」",
        "办理时限由「未定」改为「sign_d=1」",
        "座席1001的技能由「通用」改为「人社」",
        "座席1001的类别由「话务员」改为「专家」",
        "去掉座席1002（原：座席02，人社、通用，专家）",
        "增加座席1003：座席03，通用，话务员",
        "对端shuiwu的地址由「10.0.0.8:5060」改为「10.0.0.9:5060」",
        "增加对端gong：公网，10.0.0.7:5060",
        "上级「省热线」的区号由「0471」改为「0472」",
        "联动号码110的处理由「三方」改为「转接」",
        "不予受理理由lawsuit的话术由「请说明」改为「请谅解」",
        "知识「入学」（school）的有效期由「（空）」改为「2026-12-31」",
        "第一句话来电（全部）的话术由「您好。」改为「您好，请讲。」",
        "本地日历2026-08-18的名称由「（空）」改为「那达慕」",
        "增加承办单位2个：教育局（市教委）、民政局",
        "去掉承办单位1个（原：教育局（教委））",
        "增加地名1个：红山区东屯街道",
        "去掉地名1个（原：红山区西屯街道）",
        "增加热词9个：词0、词1、词2、词3、词4、词5等",
        "去掉热词1个（原：甲）",
    }


def test_whom_callers_can_be_taken_to_is_told() -> None:
    """Each row by its way; a number that may be somebody's own is not shown whole."""
    experts = "专业,姓名,座席,对端,号码,线路,次序,日期,时间,振铃秒,说明\n"
    contacts = "部门,类别,对端,号码,次序,振铃秒,告知号码,24小时响应,说明\n"
    before = _city(
        experts=f"{experts}人社,张工,1002,,,12333,,,,,\n人社,手机,,shuiwu,15400000011,,9,,,,\n",
        contacts=f"{contacts}人社局,值班,shuiwu,9306501,,,,,\n",
    )
    after = _city(
        experts=f"{experts}人社,张工,1002,,,,1,,,25,社保\n医保,李工,1001,,,,,每周三,08:00-09:00,,\n",
        contacts=f"{contacts}人社局,值班,shuiwu,9306501,2,20,9306501,是,值班室\n",
    )
    assert set(compare(before, after, AT).lines) == {
        "专家「人社」张工（座席1002）的线路由「12333」改为「（空）」",
        "专家「人社」张工（座席1002）的次序由「（空）」改为「1」",
        "专家「人社」张工（座席1002）的振铃由「（空）」改为「25秒」",
        "专家「人社」张工（座席1002）的说明由「（空）」改为「社保」",
        "去掉专家「人社」手机（shuiwu*********11）（原：9）",
        "增加专家「医保」李工（座席1001，每周三 08:00-09:00）：有",
        "部门电话「人社局」值班（shuiwu9306501）的次序由「（空）」改为「2」",
        "部门电话「人社局」值班（shuiwu9306501）的振铃由「（空）」改为「20秒」",
        "部门电话「人社局」值班（shuiwu9306501）的告知号码由「（空）」改为「9306501」",
        "部门电话「人社局」值班（shuiwu9306501）的24小时响应由「（空）」改为「是」",
        "部门电话「人社局」值班（shuiwu9306501）的说明由「（空）」改为「值班室」",
    }


def test_what_of_moving_the_profile_says_is_told() -> None:
    keys = 'consult_recorded = true\ntyped_numbers = []\nfirst_answerer = "先接先办。"\n'
    assert compare(_city(), _city(profile=FILES["profile.toml"] + keys), AT).lines == [
        "咨询专家时另存录音由「否」改为「是」",
        "可以转到手输号码的人由「supervisor」改为「无」",
        "首接规则由「明确属于对方的，一键转接；不明确的，三方通话；"
        "仍不明确的，谁先接听谁先受理。」改为「先接先办。」",
    ]


def test_where_callers_overflow_to_is_told() -> None:
    """Each step in the words of its row, and when it is night."""
    steps = "次序,线路,等待秒,每席等待人数,去向,目标,号码,时段\n"
    before = _city(overflow=f"{steps}1,,20,,技能,人社,,\n2,12333,60,,后备队列,,,\n")
    after = _city(
        profile=FILES["profile.toml"] + 'work_hours = "每天 08:00-20:00"\n',
        overflow=f"{steps}1,,30,1.5,技能,人社,,夜间\n3,,90,,后备队列,,,\n",
    )
    assert compare(before, after, AT).lines == [
        "工作时间由「工作日 08:30-17:30」改为「每天 08:00-20:00」",
        "溢出第1步（全部线路）的步骤由「等待20秒 → 技能人社」"
        "改为「等待30秒、每席超过1.5人（夜间） → 技能人社」",
        "去掉溢出第2步（12333）（原：等待60秒 → 后备队列）",
        "增加溢出第3步（全部线路）：等待90秒 → 后备队列",
    ]


def test_who_wants_whom_is_told() -> None:
    """Levels, languages, known callers (never a whole number), duties, and what they are worth."""
    callers = "号码,名称,类别,技能,到期\n"
    duties = "日期,时间,名称,类别,线路,座席\n"
    before = _city(
        callers=f"{callers}13900000001,甲公司,企业,,\n13900000002,李代表,人大代表,,\n",
        duties=f"{duties}每周三,08:30-12:00,市长接听,领导接听日,12345,1001\n",
    )
    after = _city(
        profile=FILES["profile.toml"]
        + 'widens_s = 20\nlast_seat_s = 5\n[classes]\n"人大代表" = 60\n',
        seats="分机,姓名,技能,类别,语言\n1001,座席01,通用2,话务员,蒙古语\n1002,座席02,通用、人社,专家,\n",
        callers=f"{callers}13900000001,甲公司,企业,人社,2026-12-31\n",
        duties=f"{duties}每周三,08:30-12:00,市长接听,领导接听日,12345,1002\n每天,,防汛,,,1001\n",
    )
    assert compare(before, after, AT).lines == [
        "等待首选座席（秒）由「0」改为「20」",
        "等待上次座席（秒）由「0」改为「5」",
        "来电人优先（秒）由「无」改为「人大代表=60」",
        "座席1001的技能由「通用」改为「语言:蒙古语、通用2」",
        "来电人「甲公司」（*********01）的技能由「（空）」改为「人社」",
        "来电人「甲公司」（*********01）的到期由「（空）」改为「2026-12-31」",
        "去掉来电人「李代表」（*********02）（原：人大代表）",
        "值班「市长接听」（每周三 08:30-12:00，12345）的座席由「1001」改为「1002」",
        "增加值班「防汛」（每天 全天，全部线路）：部门值班，1001",
    ]


def test_facts_are_told_as_they_are_read() -> None:
    """Dates, lists, levels, nothing at all."""
    after = _with(BEFORE, transition_ends=date(2026, 12, 31), scope_out=("党群",), voice="x")
    assert compare(BEFORE, after, AT).lines == [
        "音色由「zm_yunxi」改为「x」",
        "过渡结束由「未定」改为「2026-12-31」",
        "不归并的类别由「无」改为「党群」",
    ]


def test_a_cleared_cell_is_told() -> None:
    (*_, line) = compare(_city(TABLE.replace("2026-12-31,,,\n", ",,,\n")), BEFORE, AT).lines
    assert line == "号码12319的过渡结束由「（空）」改为「2026-12-31」"


def test_a_centre_that_comes_or_goes_is_told() -> None:
    """And who answers its callers instead."""
    whole = province()
    part = whole.model_copy(update={"centres": whole.centres[:2]})
    assert "增加中心「乙州12345热线」：2个号码，2个座席" in compare(part, whole, AT).lines
    gone = compare(whole, part, AT)
    assert "去掉中心「乙州12345热线」（原：2个号码，2个座席）" in gone.lines
    told = next(c for c in gone.noticed if c.what == "12345" and c.area == "0792")
    assert told.text.startswith("区号0792的地区拨打12345的人：从应用时起")
    assert "由乙州12345热线受理" in told.before
    over = next(c for c in gone.noticed if c.trunk == "zhou")
    assert over.text.startswith("经zhou的中继拨打")


def test_a_change_can_be_sent_as_json() -> None:
    """Dates as text, all else as it is."""
    changes = _to(TABLE.replace("2026-12-31", "2027-06-30"))
    sent = json.loads(json.dumps([asdict(change) for change in changes], default=str))
    assert sent[0]["since"] == "2027-01-01"
    assert sent[0]["text"] == str(changes.all[0])


# Exactly the numbers of which something else is done.

_NUMBERS = ("8337772", "12333", "12366")
_LINE = st.tuples(
    st.sampled_from(["整体并入", "双号并行", "保留中心在线转办"]),
    st.sampled_from(["", "2026-06-01", "2026-08-01"]),
    st.sampled_from(["", "2026-12-31", "2027-03-31"]),
    st.sampled_from(["", "工作日 08:30-12:00"]),
    st.sampled_from(["甲热线", "乙热线"]),
)
_TABLE = st.dictionaries(st.sampled_from(_NUMBERS), _LINE, min_size=1)


def _drawn(rows: Mapping[str, tuple[str, ...]]) -> Platform:
    text = HEADER
    for number, (mode, begins, ends, hours, name) in rows.items():
        is_kept = mode == "保留中心在线转办"
        way = f"shuiwu,9306366,{hours}" if is_kept else ",,"
        text += f"局,{name},{number},{mode},{begins},{ends},{way}\n"
    lines, _ = read_ledger("numbers.csv", text, "0476")
    return _with(BEFORE, lines=lines)


def _done(plan: NumberPlan, home: Profile, number: str, at: datetime) -> object:
    """All that a caller notices of one call."""
    found = plan.explain(number, at=at)
    said = [prompt(home, step.prompt).text for step in found.steps if step.do == "say"]
    return said, [(step.do, step.number, step.ring_s) for step in found.steps]


_DAYS = [date(2026, 7, 2), date(2026, 7, 31), date(2026, 8, 3), date(2026, 12, 31)]
_DAYS += [date(2027, 1, 4), date(2027, 3, 31), date(2027, 4, 1)]
"""Working days, among them the last before a turn and the first after it."""


@settings(max_examples=60, deadline=None)
@given(before=_TABLE, after=_TABLE)
def test_exactly_what_is_done_otherwise_is_told(
    before: Mapping[str, tuple[str, ...]], after: Mapping[str, tuple[str, ...]]
) -> None:
    """Held against what ``explain`` says at two hours of the days around every turn."""
    old, new = _drawn(before), _drawn(after)
    sides = [(NumberPlan(platform), platform.home) for platform in (old, new)]
    changes = compare(old, new, AT).noticed
    for number in (*_NUMBERS, "12345", "7654321"):
        for day in _DAYS:
            hours = [datetime(day.year, day.month, day.day, h, tzinfo=CHINA) for h in (3, 9)]
            is_other = any(
                len({repr(_done(plan, home, f"0476{number}", at)) for plan, home in sides}) == 2
                for at in hours
            )
            told = [
                change
                for change in changes
                if change.what == number
                and (change.since or date.min) <= day <= (change.until or date.max)
            ]
            assert len(told) == is_other
