"""The profile as a whole: every fault of every file at once."""

import pytest

from config.faults import ProfileFaults
from config.profile import read_profile
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
