"""Centres of one platform that contradict each other."""

import pytest

from config.together import contradictions
from tests.config.cities import FILES, added, refused, swapped, the_platform, told


@pytest.mark.parametrize(
    ("old", "new", "column", "instead"),
    [
        ('centre = "shi"', 'centre = "sheng"', "centre", "另一个名称"),
        (
            '"0476"',
            '"0471"\nlevel = "province"',
            "area_code",
            "自己的区号，或写明 level",
        ),
        (
            '"10.0.1.1"',
            '"10.0.0.77"',
            "trunks",
            "该中心自己的中继；没有就不写，来电按区号归属",
        ),
    ],
)
def test_what_tells_centres_apart_must_differ(
    old: str, new: str, column: str, instead: str
) -> None:
    """Names, the area of one level's hotlines, trunks."""
    found = told(swapped("shi/profile.toml", old, new))

    assert ("shi/profile.toml", 0, column, instead) in found


def test_a_province_and_its_own_city_may_share_an_area_code() -> None:
    """12345 is then the city's."""
    changes = {
        **swapped("shi/profile.toml", "0476", "0471"),
        **swapped("relations.csv", "0476", "0471"),
    }
    assert refused(changes) == []


def same_area(*rows: str) -> dict[str, str | None]:
    """The city lies in the province's own area and has these lines too."""
    return {
        **swapped("shi/profile.toml", "0476", "0471"),
        **swapped("relations.csv", "0476", "0471"),
        **added("shi/numbers.csv", *rows),
    }


@pytest.mark.parametrize("number", ["8337772", "12319"])
def test_a_number_of_another_area_is_another_number(number: str) -> None:
    assert refused(added("shi/numbers.csv", f"市局,甲热线,{number},整体并入")) == []


def test_a_centre_alone_contradicts_nobody() -> None:
    platform = the_platform()
    alone = platform.model_copy(update={"centres": platform.centres[:1]})

    assert list(contradictions(alone)) == []


def test_a_number_that_exists_once_is_in_one_centre() -> None:
    """A local one in its area, a mobile one anywhere; 12319 exists in every area."""
    local = same_area("市局,甲热线,8337772,整体并入", "市局,乙热线,12319,双号并行")
    assert told(local) == [("shi/numbers.csv", 3, "电话号码", "两个中心的清单中只保留一处")]

    mobile = {
        **added("numbers.csv", "5,民政厅,丙热线,13847650001,整体并入"),
        **added("shi/numbers.csv", "市局,丙热线,13847650001,整体并入"),
    }
    assert [(f.file, f.row) for f in refused(mobile)] == [("shi/numbers.csv", 3)]


def test_trunks_of_two_kinds_of_addresses_do_not_overlap() -> None:
    assert refused(swapped("shi/profile.toml", '"10.0.1.1"', '"fd00::1", "10.0.1.1"')) == []


def test_one_name_is_one_peer_on_the_whole_platform() -> None:
    """The same exchange may be named in two centres, another may not have its name."""
    same = added("shi/peers.csv", "renshe,人社,10.1.0.2")
    assert refused(same) == []
    assert told(added("shi/peers.csv", "renshe,人社,10.1.0.5")) == [
        ("shi/peers.csv", 3, "对端", "另一个名称")
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("relations.csv", "0476,,", "0477,,", (2, "区号", "0476")),
        ("relations.csv", "下级,shi", "上级,shi", (2, "关系", "下级")),
        ("shi/relations.csv", "上级", "下级", (2, "关系", "上级")),
        ("relations.csv", "下级,shi", "下级,sheng", (2, "中心", "另一个中心，或删去这一行")),
        (
            "relations.csv",
            "0472,waishi,6345",
            "0472,,",
            (3, "对端", "该热线的对端，并写明号码"),
        ),
    ],
)
def test_a_relation_that_does_not_fit_is_named(
    file: str, old: str, new: str, expected: tuple[int, str, str]
) -> None:
    """Against what the other centre says of itself, or where nobody could be rung."""
    assert [(f.file, f.row, f.column, f.instead) for f in refused(swapped(file, old, new))] == [
        (file, *expected)
    ]


def test_two_of_one_level_are_not_above_each_other() -> None:
    changes = swapped("shi/profile.toml", "skills", 'level = "province"\nskills')

    assert {(f.file, f.column, f.instead) for f in refused(changes)} == {
        ("relations.csv", "关系", "改正 profile.toml 中的 level"),
        ("shi/relations.csv", "关系", "改正 profile.toml 中的 level"),
    }


def test_one_area_has_one_hotline_before_us() -> None:
    text = added("relations.csv", "前置,lingshi,邻市12345热线,0472,waishi,6346")

    assert told(text) == [("relations.csv", 4, "区号", "每个区号只有一个前置的热线")]


def test_a_hotline_here_answers_for_us_without_a_peer() -> None:
    assert refused(added("relations.csv", "前置,shi,某市12345热线,0476,,")) == []


def test_relations_with_faults_of_their_own_are_not_compared() -> None:
    changes = {
        "relations.csv": FILES["relations.csv"].replace("下级", "上级").replace("前置", "前")
    }

    assert [(f.row, f.column) for f in refused(changes)] == [(3, "关系")]
