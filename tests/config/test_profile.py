"""The profile as a whole: every fault of every file at once."""

from datetime import date

import pytest

from config.facts import further_centres, read_facts
from config.faults import ProfileFaults
from config.profile import Level, read_profile
from config.seats import language_skill, languages
from tests.config.profiles import FILES, NUMBERS, SEATS, TOML, faults_of, good_profile, places


def test_a_good_profile_is_read_whole() -> None:
    """What the files say is what the profile holds."""
    profile = good_profile()

    assert (profile.centre, profile.area_code, profile.ring_s) == ("testcity", "0476", 15)
    assert [seat.extension for seat in profile.seats] == ["1001", "1002"]
    assert profile.seats[1].skills == {"通用", "人社"}
    assert [seat.is_expert for seat in profile.seats] == [False, True]
    assert profile.seat_id(profile.seats[0]) == "testcity-1001"


def test_a_number_nobody_gave_us_is_the_hotlines() -> None:
    """Every number has a line: the unknown ones 12345's own."""
    profile = good_profile()

    assert profile.line("8337772").name == "市长热线"
    assert profile.line("8888888") == profile.hotline
    assert profile.hotline.name == "测试市12345热线"


@pytest.mark.parametrize("name", ["profile.toml", "numbers.csv", "seats.csv"])
def test_a_missing_file_is_named(name: str) -> None:
    """Each of the three files is needed."""
    with pytest.raises(ProfileFaults) as refused:
        read_profile({key: text for key, text in FILES.items() if key != name})

    assert [fault.file for fault in refused.value.faults] == [name]


def test_broken_toml_is_named_with_its_line() -> None:
    """A value without quotes stops the reading at its line."""
    faults = faults_of(profile=TOML.replace('"测试市"', "测试市"))

    assert places(faults) == [(3, "")]
    assert "TOML" in faults[0].message


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('"0476"', "476", (4, "area_code")),
        ('"0476"', '"476"', (4, "area_code")),
        ('"testcity"', '"Test-City"', (1, "centre")),
        ('["127.0.0.1"]', '["localhost"]', (5, "trunks")),
        ('["127.0.0.1"]', "[]", (5, "trunks")),
        ('city = "测试市"', 'citty = "测试市"', (0, "city")),
    ],
)
def test_a_wrong_value_is_named_with_its_key(old: str, new: str, place: tuple[int, str]) -> None:
    """Each wrong item is refused with its line, its name and an example."""
    faults = faults_of(profile=TOML.replace(old, new))

    assert place in places(faults)
    assert all(fault.instead for fault in faults)


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        ('voice = "a\\nb"', (7, "voice")),
        ('level = "town"', (7, "level")),
        ("transition_begins = 2026-02-30", (7, "")),
        ('transition_begins = "soon"', (7, "transition_begins")),
        ("transition_begins = 2026-05-01\ntransition_ends = 2026-04-30", (8, "transition_ends")),
        ('after_cancel = "ring"', (7, "after_cancel")),
        ("outside_ring_s = 4", (7, "outside_ring_s")),
        ('dial_out = "10.1.2.3"', (7, "dial_out")),
        ('dial_out = "10.1.2.3:0"', (7, "dial_out")),
        ('dial_out = "a;b:5060"', (7, "dial_out")),
        ('dial_out = "10.1.2.3:65536"', (7, "dial_out")),
        ('dial_out_prefix = "9,1"', (7, "dial_out_prefix")),
        ("callback_attempts = 0", (7, "callback_attempts")),
        ("callback_pause_s = 0", (7, "callback_pause_s")),
        ('events_url = "crm.example/events"', (7, "events_url")),
        ('events_url = "https://crm.example:70000/"', (7, "events_url")),
        ('pop_url = "https://crm.example/pop"', (7, "pop_url")),
        ('pop_url = "https://crm.example/pop?key={key}&n={number}"', (7, "pop_url")),
        ('pop_url = "https://{key}.example/"', (7, "pop_url")),
        ('pop_url = "javascript:alert({key})"', (7, "pop_url")),
        ('page_origins = ["https://crm.example/"]', (7, "page_origins")),
        ('page_origins = ["*"]', (7, "page_origins")),
        ('scope_out = ["政党"]', (7, "scope_out")),
        ('centres = ["../up"]', (7, "centres")),
        ('centres = ["prompts"]', (7, "centres")),
        ('centres = ["a", "a"]', (7, "centres")),
        ("limits = 3", (7, "limits")),
        ("[limits]\nsign_d = 0", (8, "limits.sign_d")),
        ('[limits]\nurgent = "soon"', (8, "limits.urgent")),
        ("[limits] # 时限\n\nsigned_d = 1", (9, "limits.signed_d")),
        ("[[limits]]\nsign_d = 1", (0, "limits")),
        ("\n[limit]\nsign_d = 1", (8, "limit")),
    ],
)
def test_a_wrong_rule_is_named_with_its_line(lines: str, place: tuple[int, str]) -> None:
    """Every item there is, those of a section with its name."""
    faults = faults_of(profile=f"{TOML}{lines}\n")

    assert places(faults) == [place]
    assert all(fault.instead for fault in faults)


def test_what_a_profile_says_of_itself_is_read() -> None:
    """Level, dates, rules; a profile that says nothing is a city's without dates."""
    text = TOML + (
        'level = "county"\ntransition_begins = 2026-01-01\ntransition_ends = 2026-12-31\n'
        'after_cancel = "hangup"\noutside_ring_s = 25\nscope_out = ["党群"]\n'
        '[limits]\ndispatch_h = 2\nurgent = "same-day"\n'
    )
    profile = read_profile({**FILES, "profile.toml": text})

    assert (profile.level, good_profile().level) == (Level.COUNTY, Level.CITY)
    assert [level.rank for level in Level] == [0, 1, 2]
    assert [level.chinese for level in Level] == ["省级", "市级", "县级"]
    assert {line.begins for line in profile.lines} == {date(2026, 1, 1)}
    assert {line.ends for line in profile.lines} == {date(2026, 12, 31)}
    assert (profile.after_cancel, profile.outside_ring_s) == ("hangup", 25)
    assert profile.scope_out == ("党群",)
    assert (profile.limits.dispatch_h, profile.limits.urgent) == (2, "same-day")


def test_other_systems_are_named_by_their_addresses() -> None:
    """None of them unless it is written; with a port, a path, and the key where it belongs."""
    plain, _ = read_facts(TOML)
    assert plain is not None
    assert (plain.events_url, plain.pop_url, plain.page_origins) == ("", "", ())
    lines = (
        'events_url = "http://[::1]:8080"\n'
        'pop_url = "https://crm.example:8443/#/pop/{key}?from=12345"\n'
        'page_origins = ["https://crm.example", "http://10.1.2.3:8080"]\n'
    )
    facts, faults = read_facts(TOML + lines)
    assert faults == []
    assert facts is not None
    assert facts.page_origins == ("https://crm.example", "http://10.1.2.3:8080")


def test_a_profile_says_how_citizens_are_called_back() -> None:
    """Where the carrier is, what is dialled first, how often; without a carrier nobody is."""
    facts = 'dial_out = "sip.carrier.cn:5080"\ndial_out_prefix = "9"\ncallback_attempts = 3\n'
    profile = read_profile({**FILES, "profile.toml": TOML + facts})

    assert (profile.dial_out, profile.dial_out_prefix) == ("sip.carrier.cn:5080", "9")
    assert (profile.callback_attempts, profile.callback_pause_s) == (3, 300)
    assert good_profile().dial_out == ""


def test_further_centres_are_made_out_even_of_a_profile_with_faults() -> None:
    """Their files are read on, so that one reading names every fault."""
    assert further_centres('centres = ["a", "b", "a", "../c", 1]\nx = 1') == ("a", "b")
    assert further_centres("centres = 1") == ()
    assert further_centres("centres = [") == ()


def test_only_home_has_further_centres_and_must_have_a_trunk() -> None:
    text = TOML.replace('trunks = ["127.0.0.1"]\n', "")

    assert read_facts(text, is_home=False)[1] == []
    assert [f.column for f in read_facts(text)[1]] == ["trunks"]
    assert [f.column for f in read_facts(TOML + 'centres = ["a"]', is_home=False)[1]] == ["centres"]


def test_a_limit_nobody_knows_is_told_the_nearest() -> None:
    (fault,) = faults_of(profile=TOML + "[limits]\nsigns_d = 1\n")

    assert fault.instead == "sign_d"


def test_a_copy_with_other_lines_knows_only_those() -> None:
    """What was looked up in the first is not found in the second."""
    profile = good_profile()
    assert profile.line("8337772").row == 2
    copy = profile.model_copy(update={"lines": profile.lines[1:]})

    assert copy.line("8337772") == copy.hotline
    assert copy.line("12333") is profile.line("12333")
    assert profile == good_profile()


def test_a_peer_is_found_by_its_name() -> None:
    files = {**FILES, "peers.csv": "对端,名称,地址\nshuiwu,税务,10.0.0.1\n"}
    profile = read_profile(files)

    assert profile.peer("shuiwu") == profile.peers[0]
    assert profile.peer("nobody") is None


def test_a_further_centres_files_are_named_with_its_folder() -> None:
    assert read_profile(FILES, folder="shi").file("numbers.csv") == "shi/numbers.csv"
    assert good_profile().file("numbers.csv") == "numbers.csv"


def test_an_office_of_an_unknown_kind_is_told_the_nearest() -> None:
    (fault,) = faults_of(offices="部门,别称,类型\n教育局,,政府\n妇联,,党群组织\n")

    assert (fault.row, fault.column, fault.instead) == (3, "类型", "党群")


def test_a_misspelt_item_is_told_the_nearest() -> None:
    """An item nobody reads is refused: it would silently not work."""
    faults = faults_of(profile=TOML + "ring_z = 20\n")

    assert places(faults) == [(7, "ring_z")]
    assert faults[0].instead == "ring_s"


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        (",座席03,通用,", "分机", "该座席的分机号，如1001"),
        ("1001,座席03,通用,", "分机", "另一个分机号"),
        ("12a,座席03,通用,", "分机", "三到六位数字，不以0开头，如1001"),
        ("1003,座席03,人设,", "技能", "人社"),
        ("1003,座席03,,", "技能", "通用"),
        ("1003,,通用,", "姓名", "座席1003"),
        ("1003,座席03,通用,专员", "类别", "专家"),
        ("12333,座席03,通用,", "分机", "另一个分机号"),
        ("110,座席03,通用,", "分机", "另一个分机号"),
    ],
)
def test_a_wrong_seat_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    """A seat without or with a doubled extension, an unknown skill, a clash with a number."""
    faults = faults_of(seats=f"{SEATS}{row}\n")

    assert [(f.row, f.column, f.instead) for f in faults] == [(4, column, instead)]


def test_a_skill_has_a_level_and_a_language_is_a_skill() -> None:
    """The digit behind a skill is its level, 1 when there is none; of two the better one counts."""
    seats = "分机,姓名,技能,类别,语言\n1003,座席03,通用3、人社２,话务员,蒙古语、藏语2\n"
    seats += "1004,座席04,人社4、人社2、通用1,话务员,\n"
    one, other = read_profile({**FILES, "seats.csv": seats}).seats

    assert one.skills == {"通用", "人社", "语言:蒙古语", "语言:藏语"}
    assert one.levels == {"通用": 3, "人社": 2, "语言:藏语": 2}
    assert other.skills == {"通用", "人社"}
    assert other.levels == {"人社": 2}
    assert languages(one.skills) == ["蒙古语", "藏语"]
    assert language_skill("") == ""


def test_a_skill_whose_own_name_ends_in_a_digit_keeps_it() -> None:
    """One that is listed so in profile.toml; its level stands behind that digit."""
    files = {**FILES, "profile.toml": TOML.replace('"人社"', '"人社", "热线2"')}
    seats = SEATS + "1003,座席03,热线2,话务员\n1004,座席04,热线23,话务员\n"
    *_, one, other = read_profile({**files, "seats.csv": seats}).seats

    assert one.skills == other.skills == {"热线2"}
    assert [one.levels, other.levels] == [{}, {"热线2": 3}]


def test_a_language_that_is_none_is_named_with_its_cure() -> None:
    (fault,) = faults_of(seats="分机,姓名,技能,语言\n1001,座席01,通用,会蒙语(一级)\n")

    assert (fault.row, fault.column) == (2, "语言")
    assert fault.instead == "如蒙古语；几种语言用顿号隔开"


def test_working_hours_that_nobody_understands_are_named() -> None:
    """Outside them it is night for the overflow plan; unsaid, offices' usual hours."""
    assert read_profile(FILES).work_hours == "工作日 08:30-17:30"
    (fault,) = faults_of(profile=f'{TOML}work_hours = "白天"\n')
    assert (fault.row, fault.column) == (7, "work_hours")
    assert "工作日 08:30-12:00,14:30-17:30" in fault.instead


def test_a_centres_own_days_are_its_calendar() -> None:
    """A Wednesday off by its own table; without one the country's days stand."""
    festival, usual = date(2026, 11, 25), read_profile(FILES)
    own = read_profile({**FILES, "days.csv": "日期,类别\n2026-11-25,放假\n"})
    assert (usual.calendar.is_workday(festival), own.calendar.is_workday(festival)) == (True, False)


def test_what_known_callers_are_worth_is_read() -> None:
    """Each kind in seconds of waiting; an unknown kind and too much are refused by name."""
    classes = f'{TOML}[classes]\n"人大代表" = 60\n'
    assert read_profile({**FILES, "profile.toml": classes}).classes == {"人大代表": 60}

    (much,) = faults_of(profile=classes.replace("60", "301"))
    assert (much.row, much.column) == (8, "classes.人大代表")
    assert much.instead == '"人大代表" = 60（0到300的整数，单位秒）'
    (other,) = faults_of(profile=classes.replace("人大代表", "代表"))
    assert (other.row, other.column, other.instead) == (8, "classes.代表", "人大代表")
    (much,) = faults_of(profile=classes.replace("人大代表", "企业").replace("60", "-1"))
    assert much.instead == '"企业" = 60（0到300的整数，单位秒）'


def test_faults_of_all_files_are_named_together() -> None:
    """Whoever mends the profile mends it once."""
    faults = faults_of(
        profile=TOML.replace("0476", "x"),
        numbers=NUMBERS.replace("双号并行", "并行"),
        seats=SEATS.replace("1002", ""),
        gazetteer="旗县区,苏木乡镇街道\n,某镇\n",
        offices="部门,别称\n教育局,\n教育局,\n",
    )

    assert [fault.file for fault in faults] == [
        "profile.toml",
        "numbers.csv",
        "seats.csv",
        "gazetteer.csv",
        "offices.csv",
    ]


def test_a_fault_reads_as_a_sentence() -> None:
    """An administrator sees file, line, column, what is wrong and what to write."""
    (fault,) = faults_of(numbers=NUMBERS.replace("设分中心", "分中心"))

    assert str(fault) == (
        "numbers.csv 第6行「归并方式」列：没有「分中心」这种归并方式；请改为：设分中心"
    )


def test_a_centre_without_seats_is_refused() -> None:
    """Nobody could answer."""
    (fault,) = faults_of(seats="分机,姓名,技能\n")

    assert (fault.file, fault.message) == ("seats.csv", "没有座席")


def test_places_and_departments_are_read() -> None:
    """A district alone is a place too; an office has what people call it."""
    profile = read_profile(
        {
            **FILES,
            "gazetteer.csv": "旗县区,苏木乡镇街道\n红山区,\n红山区,哈达街道\n",
            "offices.csv": "部门,别称\n教育局,市教育局、教委\n",
        }
    )

    assert [(place.district, place.township) for place in profile.gazetteer] == [
        ("红山区", ""),
        ("红山区", "哈达街道"),
    ]
    assert profile.offices[0].aliases == ("市教育局", "教委")
