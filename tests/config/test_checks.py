"""What only shows when a platform's files are laid side by side."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.checks import SURELY_FITS_S, check
from config.hours import read_hours
from config.ledger import NEVER_KEPT, Entry, Line, Mode, Seating
from cti.ids import LineId
from ivr.linetext import spoken_seconds
from ivr.text import too_long
from tests.config.cities import FILES, added, changed, refused, swapped, the_platform, told
from tests.config.pace import SQUARED_S


def test_the_good_platform_has_no_fault() -> None:
    assert check(the_platform()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("numbers.csv", "renshe", "renshi", (4, "对端", "renshe")),
        ("numbers.csv", "shuiwu,6001", ",6001", (3, "对端", "设分中心的对端")),
        ("numbers.csv", "shuiwu,6001", "shuiwu,", (3, "转接号码", "设分中心的转接号码")),
        (
            "numbers.csv",
            "renshe,6002",
            "renshe,",
            (4, "转接号码", "该部门座席的转接号码；座席已并入的，座席安排写：并入"),
        ),
        ("relations.csv", "waishi,6345", "waishe,6345", (3, "对端", "waishi")),
        ("linkage.csv", "gongan,110", "gongnan,110", (2, "对端", "gongan")),
        ("linkage.csv", "waishi,0472110", "weishi,0472110", (2, "备用对端", "waishi")),
        ("shi/numbers.csv", "gjj", "gongjijin", (2, "对端", "gjj")),
    ],
)
def test_a_dead_target_is_named(
    file: str, old: str, new: str, expected: tuple[int, str, str]
) -> None:
    """A peer nobody has, seats that stay without a way to them."""
    assert told(swapped(file, old, new)) == [(file, *expected)]


def test_a_step_that_leads_nowhere_is_named() -> None:
    """To a centre or an exchange that there is not; the rest of a faulty table is not asked."""
    steps = "次序,等待秒,去向,目标,号码\n1,20,中心,sh,\n2,60,对端,waish,12345\n3,90,技能,通用,\n"
    assert told({"overflow.csv": steps}) == [
        ("overflow.csv", 2, "目标", "shi"),
        ("overflow.csv", 3, "目标", "waishi"),
    ]
    right = steps.replace(",sh,", ",shi,").replace(",waish,", ",waishi,")
    assert told({"overflow.csv": right}) == []
    broken = told({"overflow.csv": steps.replace("通用", "")})
    assert [fault[:3] for fault in broken] == [("overflow.csv", 4, "目标")]

    alone = {"shi/overflow.csv": "次序,等待秒,去向,目标,号码\n1,60,对端,wu,12345\n"}
    assert told(alone) == [("shi/overflow.csv", 2, "目标", "gjj")]


def test_a_language_that_no_seat_speaks_is_named() -> None:
    """The nearest that one does, or where to write it down; a table with faults is not asked."""
    spoken = FILES["numbers.csv"].replace("来源\n", "来源,语言\n")
    spoken = spoken.replace(",示例\n", ",示例,蒙语\n")
    silent = ("numbers.csv", 2, "语言", "先在seats.csv的语言列写明谁会")
    assert told({"numbers.csv": spoken}) == [silent]

    seats = "分机,姓名,技能,类别,语言\n1001,座席01,通用,话务员,蒙古语\n"
    assert told({"numbers.csv": spoken, "seats.csv": seats}) == [
        ("numbers.csv", 2, "语言", "蒙古语")
    ]
    assert told({"numbers.csv": spoken, "seats.csv": seats.replace("蒙古语", "蒙语")}) == []
    broken = told({"numbers.csv": spoken, "seats.csv": seats.replace("通用", "")})
    assert [fault[0] for fault in broken] == ["seats.csv"]


def test_without_peers_the_table_is_asked_for() -> None:
    assert told({"shi/peers.csv": None}) == [
        ("shi/numbers.csv", 2, "对端", "先在peers.csv中写明这个对端")
    ]


def test_a_fronted_line_needs_a_hotline_before_us() -> None:
    """One below us whose area is known will do; one above us will not."""
    below = FILES["relations.csv"].splitlines()[:2]
    above = "上级,guojia,国家热线,0472,waishi,6345"

    assert refused({"relations.csv": "\n".join(below)}) == []
    for rows in ([below[0]], [below[0], above], [below[0], "下级,xian,县热线,0476,,"]):
        assert told({"relations.csv": "\n".join(rows), "shi/relations.csv": None}) == [
            ("numbers.csv", 5, "归并方式", "在relations.csv中写明前置的热线")
        ]


@pytest.mark.parametrize(
    ("department", "instead"),
    [
        ("国税", "税务局"),
        ("税务", "税务局"),
        ("气象站", "先在offices.csv中写明这个部门"),
    ],
)
def test_a_number_without_a_unit_is_named(department: str, instead: str) -> None:
    """By what people call the office, else by the nearest name."""
    found = told(swapped("numbers.csv", "税务局", department))

    assert found == [("numbers.csv", 3, "部门", instead)]


def test_without_a_list_of_offices_any_unit_will_do() -> None:
    assert refused({"offices.csv": None, **swapped("numbers.csv", "税务局", "某局")}) == []


def test_each_office_of_a_shared_number_is_looked_for() -> None:
    changes = added("numbers.csv", "5,气象站,天气热线,8337772,整体并入")

    assert told(changes) == [("numbers.csv", 6, "部门", "先在offices.csv中写明这个部门")]


def test_offices_out_of_scope_are_not_merged() -> None:
    """Jiangxi leaves party organs out; an exception needs a reason."""
    row = "5,妇联,维权热线,12338,双号并行"

    assert told(added("numbers.csv", row)) == [
        ("numbers.csv", 6, "部门", "删去这一行，或写明例外理由")
    ]
    assert refused(added("numbers.csv", f"{row},,,,,,,国家另有规定")) == []


def test_an_extension_is_no_services_number() -> None:
    assert told(added("seats.csv", "95598,座席,通用,")) == [
        ("seats.csv", 4, "分机", "另一个分机号")
    ]


def test_an_emergency_extension_is_told_once() -> None:
    assert told(added("seats.csv", "110,座席,通用,")) == [("seats.csv", 4, "分机", "另一个分机号")]


def test_a_merged_number_is_not_given_out() -> None:
    """It will be cancelled."""
    row = "8337772,救助,其他,告知号码,,,,"

    assert told(added("linkage.csv", row)) == [("linkage.csv", 5, "号码", "删去这一行")]


def test_only_emergencies_are_handed_to_emergency_numbers() -> None:
    changes = swapped("linkage.csv", "waishi,9301001,,", "waishi,119,waishi,120")

    assert told(changes) == [
        ("linkage.csv", 4, "转接号码", "该服务自己的号码"),
        ("linkage.csv", 4, "备用号码", "该服务自己的号码"),
    ]


@pytest.mark.parametrize(
    "name", ["sheng-12333-planned", "sheng-12345-kept", "shi-12345", "unknown", "sheng"]
)
def test_an_override_of_a_prompt_nobody_plays_is_named(name: str) -> None:
    (fault,) = refused(added("prompts.csv", f"{name},,,您好。"))

    assert (fault.file, fault.row, fault.column) == ("prompts.csv", 4, "提示音")
    assert "sheng-12345" in fault.instead


def test_an_override_for_a_number_that_has_gone_says_so() -> None:
    """What is left behind when a number is taken from the table; a recording likewise."""
    (fault,) = refused(added("prompts.csv", "sheng-99999-kept,,,您好。"))
    assert fault.instead == "删去它，或把号码99999写回numbers.csv"


@pytest.mark.parametrize("name", ["sheng-12345", "sheng-unknown", "sheng-12333-closed", "wait-1"])
def test_every_prompt_may_have_other_words(name: str) -> None:
    assert refused(added("prompts.csv", f"{name},,,您好。")) == []


def test_prompts_that_centres_share_are_worded_at_home() -> None:
    assert told({"shi/prompts.csv": "提示音,文字\nbye,再见。\nshi-12345,您好。\n"}) == [
        ("shi/prompts.csv", 2, "提示音", "写在最上级的目录中：各中心共用这个提示音")
    ]


def test_a_recording_of_a_prompt_nobody_plays_is_named() -> None:
    """It would never be heard, and nobody would know why."""
    assert told({"shi/prompts/shi-12334-kept.wav": "RIFF"}) == [
        ("shi/prompts/shi-12334-kept", 0, "", "删去它，或把号码12334写回numbers.csv")
    ]
    assert refused({"shi/prompts/shi-12329-kept.wav": "RIFF"}) == []


def test_words_that_take_too_long_are_named() -> None:
    """A caller is to be rung for within eight seconds."""
    long = "您好，这里是某省政务服务便民热线" * 3

    assert told(added("prompts.csv", f"sheng-12345,,,{long}。")) == [
        ("prompts.csv", 4, "文字", "缩短文字，或加快语速")
    ]
    recorded = {"prompts/sheng-12345.wav": "RIFF"}
    assert refused({**added("prompts.csv", f"sheng-12345,,,{long}。"), **recorded}) == []


def test_words_somebody_chose_are_refused_only_when_surely_too_long() -> None:
    """They were listened to; an estimate alone is half a second too low at most."""
    words = next(w for n in range(60) if 7.5 < spoken_seconds(w := "好" * n) <= 8.0)
    assert refused(added("prompts.csv", f"sheng-12345,,,{words}")) == []
    assert len(refused(added("prompts.csv", f"sheng-12345,,,{words}好好好"))) == 1


def test_a_pace_that_takes_too_long_is_named() -> None:
    """The same words, said half as fast."""
    (fault,) = refused(added("prompts.csv", "sheng-12366-transition,,0.5,"))

    assert (fault.file, fault.row, fault.column) == ("prompts.csv", 4, "语速")


def test_a_line_whose_sentence_takes_too_long_is_named() -> None:
    """Once, until somebody chooses other words for each of its sentences or records them."""
    changes = swapped("numbers.csv", "社保热线", "社会保险" * 6)
    (fault,) = refused({**changes, "prompts.csv": None})
    assert (fault.file, fault.row, fault.column) == ("numbers.csv", 4, "电话名称")
    assert "sheng-12333-transition" in fault.instead
    assert "不得超过8秒" in fault.message

    (other,) = refused(changes)  # the transition has words of its own
    assert "sheng-12333-closed" in other.instead
    recorded = {"prompts/sheng-12333-closed.wav": "RIFF"}
    assert refused({**changes, **recorded}) == []


def test_a_hotline_whose_greeting_takes_too_long_is_named() -> None:
    long = {
        name: text.replace("某省12345热线", "某省人民政府政务服务便民热线" * 4)
        for name, text in FILES.items()
    }
    (fault,) = refused(long)
    assert (fault.file, fault.column) == ("profile.toml", "name")

    worded = FILES["prompts.csv"] + "sheng-12345,,,您好。\n"
    assert refused({**long, "prompts.csv": worded}) == []


@given(
    st.sampled_from([mode for mode in Mode if mode is not Mode.OWN]),
    st.sampled_from(Seating),
    st.sampled_from(["8337772", "88337772", "12333", "962333", "4008812345", "13847650001"]),
    st.booleans(),
    st.sampled_from(["connect", "hangup"]),
    st.integers(1, 15),
)
def test_a_name_that_is_not_measured_fits_every_sentence(
    mode: Mode, seating: Seating, number: str, is_recorded: bool, after: str, length: int
) -> None:
    """Whatever its mode and state, and whether the call is recorded."""
    name = "市民咨询投诉举报服务专用热线电话"[:length]
    if spoken_seconds(name) > SURELY_FITS_S or (seating is Seating.KEPT and mode in NEVER_KEPT):
        return
    line = Line(
        number=LineId(number),
        name=name,
        department="税务局",
        mode=mode,
        row=2,
        entries=(Entry(row=2, name=name, department="税务局"),),
        seating=seating,
        begins=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        hours=read_hours("工作日 08:30-12:00"),
    )
    facts = {"lines": (line,), "announce_recording": is_recorded, "after_cancel": after}

    assert too_long(the_platform().home.model_copy(update={**facts, "overrides": {}})) == []


def test_what_a_doubtful_file_may_hold_is_not_missed() -> None:
    """Its own faults are told already; the rest of the platform is looked at as ever."""
    home, city = the_platform()
    bare = home.model_copy(update={"peers": (), "relations": (), "lines": home.lines[:1]})
    platform = the_platform().model_copy(update={"centres": (bare, city)})

    files = {"peers.csv", "relations.csv", "offices.csv", "numbers.csv"}
    assert check(platform, files) == []
    assert {fault.file for fault in check(platform)} == {"linkage.csv", "prompts.csv"}


def test_ten_thousand_lines_are_checked_in_a_moment() -> None:
    """It is done again at every check, plan and apply."""
    home, *others = the_platform().centres
    lines = tuple(
        Line(
            number=LineId(str(8_000_000 + n)),
            name=f"第{n}号热线",
            department="税务局",
            mode=Mode.DUAL,
            row=n + 2,
            entries=(Entry(row=n + 2, name=f"第{n}号热线", department="税务局"),),
            seating=Seating.KEPT,
            begins=date(2026, 1, 1),
            peer="shuiwu",
            destination=str(20_000 + n),
        )
        for n in range(10_000)
    )
    overrides = {name: o for name, o in home.overrides.items() if name == "bye"}
    big = home.model_copy(update={"lines": lines, "overrides": overrides})
    platform = the_platform().model_copy(update={"centres": (big, *others)})

    began = process_time()
    assert check(platform) == []
    assert process_time() - began < SQUARED_S


def test_the_fixture_is_what_it_says() -> None:
    """A change that is none is refused by the tests' own tools."""
    assert set(changed()) == set(FILES)
    with pytest.raises(AssertionError):
        swapped("numbers.csv", "no such text", "")
