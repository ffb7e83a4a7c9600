"""A city's files become a platform, or every fault of every centre is named."""

import csv
import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.city import LARGEST, LARGEST_RECORDING, decode, is_recording, parse_platform
from config.faults import ProfileFaults
from config.profile import OPTIONAL, REQUIRED
from tests.config.cities import FILES, added, changed, refused, swapped, the_platform, told


def test_a_platform_is_its_home_and_the_centres_in_its_folders() -> None:
    platform = parse_platform(changed(), revision=12)

    assert platform.revision == 12
    assert [(c.centre, c.folder) for c in platform] == [("sheng", ""), ("shi", "shi")]
    home, city = platform
    assert [line.number for line in home.lines] == ["8337772", "12366", "12333", "12319"]
    assert [peer.id for peer in home.peers] == ["shuiwu", "renshe", "waishi", "gongan"]
    assert (len(home.relations), len(home.linkage), len(home.refusals)) == (2, 3, 1)
    assert home.limits.sign_d == 1
    assert home.overrides["bye"].text == "再见。"
    assert [line.destination for line in city.lines] == ["6003"]


def test_what_was_checked_once_is_read_for_ever() -> None:
    """A revision in force is not judged by rules that came after it; what is no table still is."""
    dead = {**changed(), "peers.csv": "对端,名称,地址,端口\n".encode()}
    with pytest.raises(ProfileFaults):
        parse_platform(dead)
    assert parse_platform(dead, 12, is_checked=True).revision == 12
    with pytest.raises(ProfileFaults):
        parse_platform({**dead, "seats.csv": b"\0"}, 12, is_checked=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_office_programs_encodings_are_read(encoding: str) -> None:
    files = {name: text.replace("\n", "\r\n").encode(encoding) for name, text in FILES.items()}

    assert parse_platform(files).home.line("8337772").name == "救助热线"


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", b"\xff\xff\xff\xff", b"x" * (LARGEST + 1)])
def test_a_file_that_is_no_text_is_named_and_others_are_read_on(data: bytes) -> None:
    """A spreadsheet with a wrong suffix, noise, a giant: named, and others' faults too."""
    files = {**changed(swapped("shi/seats.csv", "通用", "潜水")), "shi/numbers.csv": data}

    with pytest.raises(ProfileFaults) as found:
        parse_platform(files)
    assert [fault.file for fault in found.value.faults] == ["shi/numbers.csv", "shi/seats.csv"]


def test_faults_of_a_further_centre_are_named_with_its_folder() -> None:
    assert told(swapped("shi/numbers.csv", "双号并行", "双号")) == [
        ("shi/numbers.csv", 2, "归并方式", "双号并行")
    ]


def test_every_fault_of_every_centre_is_named_in_the_order_of_the_files() -> None:
    """Those that only show when files are laid side by side too."""
    changes = {
        **swapped("profile.toml", 'level = "province"', 'level = "land"'),
        **swapped("seats.csv", "1002,", "1001,"),
        **swapped("shi/numbers.csv", "12329", "119"),
        **swapped("shi/peers.csv", "gjj", "zfgjj"),
    }
    assert [(f.file, f.row) for f in refused(changes)] == [
        ("profile.toml", 4),
        ("seats.csv", 3),
        ("shi/numbers.csv", 2),
    ]
    del changes["profile.toml"]
    assert [(f.file, f.row) for f in refused(changes)] == [
        ("seats.csv", 3),
        ("shi/numbers.csv", 2),
        ("shi/numbers.csv", 2),
    ]


def test_what_an_unreadable_table_may_hold_is_not_said_to_be_missing() -> None:
    """One broken cell of peers.csv is one fault, not one at each line that names a peer."""
    changes = {
        **swapped("peers.csv", "10.1.0.2", "10.1.0"),
        **swapped("offices.csv", "国税,垂管", "国税,垂直"),
        **swapped("numbers.csv", "renshe", "zhengfu"),
    }
    changes["relations.csv"] = FILES["relations.csv"].replace("前置", "前")

    assert {(f.file, f.row) for f in refused(changes)} == {
        ("peers.csv", 3),
        ("relations.csv", 3),
        ("offices.csv", 3),
    }


@pytest.mark.parametrize("name", ["profile.toml", "numbers.csv", "seats.csv"])
@pytest.mark.parametrize("folder", ["", "shi/"])
def test_a_missing_file_is_named(folder: str, name: str) -> None:
    assert (f"{folder}{name}", 0) in [(f.file, f.row) for f in refused({folder + name: None})]


def test_nothing_at_all_is_three_missing_files() -> None:
    with pytest.raises(ProfileFaults) as found:
        parse_platform({})
    assert [fault.file for fault in found.value.faults] == list(REQUIRED)


def test_a_folder_that_is_not_there_is_named() -> None:
    changes: dict[str, str | None] = {name: None for name in FILES if name.startswith("shi/")}
    assert told(changes) == [("profile.toml", 0, "centres", "放入shi目录，或删去shi")]


def test_a_further_centre_has_no_further_ones() -> None:
    (fault,) = refused(swapped("shi/profile.toml", "skills", 'centres = ["xian"]\nskills'))

    assert (fault.file, fault.row, fault.column) == ("shi/profile.toml", 6, "centres")


def test_a_further_centre_needs_no_trunk_of_its_own() -> None:
    """Its callers may come over the province's; home without any could have none at all."""
    assert refused(swapped("shi/profile.toml", 'trunks = ["10.0.1.1"]\n', "")) == []
    assert told(swapped("profile.toml", 'trunks = ["10.0.0.0/24"]\n', "")) == [
        ("profile.toml", 0, "trunks", 'trunks = ["127.0.0.1"]（IP地址或网段的列表）')
    ]


def test_recordings_are_known_by_their_digest() -> None:
    """The same bytes are the same recording; other folders' are another centre's."""
    files = changed() | {
        "prompts/sheng-12345.mp3": b"one",
        "prompts/.hidden": b"",
        "prompts/README.md": b"",
        "shi/prompts/shi-unknown.wav": b"one",
    }
    home, city = parse_platform(files)

    assert home.recorded == {"sheng-12345": "7692c3ad3540bb80"}
    assert city.recorded == {"shi-unknown": "7692c3ad3540bb80"}


def test_two_recordings_of_one_prompt_are_refused() -> None:
    files = changed() | {"shi/prompts/shi-12345.mp3": b"1", "shi/prompts/shi-12345.wav": b"2"}

    with pytest.raises(ProfileFaults) as found:
        parse_platform(files)
    assert [fault.file for fault in found.value.faults] == ["shi/prompts/shi-12345.wav"]


def test_a_recording_of_which_only_a_part_was_read_is_refused() -> None:
    """Half of it would be remembered as the whole, and found nowhere."""
    files = changed() | {"shi/prompts/shi-12345.wav": bytes(LARGEST_RECORDING + 1)}

    with pytest.raises(ProfileFaults) as found:
        parse_platform(files)
    (fault,) = found.value.faults
    assert (fault.file, fault.message) == ("shi/prompts/shi-12345.wav", "录音超过30 MB")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("prompts/a.wav", True),
        ("prompts/a.MP3", True),
        ("prompts/a/b.wav", False),
        ("a.wav", False),
        ("prompts/.a.wav", False),
        ("prompts/a", False),
        ("prompts/~a.wav", False),
        ("prompts/说明.TXT", False),
        ("prompts/a.wav.bak", False),
    ],
)
def test_what_is_a_recording(path: str, expected: bool) -> None:
    assert is_recording(path) == expected


def test_two_hotlines_in_a_file_that_no_longer_is_toml() -> None:
    """The further centres cannot be made out; what can be read of home is."""
    broken = swapped("profile.toml", 'name = "', "name = ") | swapped("seats.csv", "1002", "1001")

    assert {f.file for f in refused(broken)} == {"profile.toml", "seats.csv"}


def test_a_profile_that_is_no_text_has_no_folders() -> None:
    with pytest.raises(ProfileFaults) as found:
        parse_platform({**changed(), "profile.toml": b"\0"})
    assert [fault.file for fault in found.value.faults] == ["profile.toml"]


def test_the_encoding_is_told_when_none_fits() -> None:
    with pytest.raises(ValueError, match="编码"):
        decode(b"\xff\xff")


anything = st.binary(max_size=60) | st.sampled_from([text.encode() for text in FILES.values()])
paths = st.sampled_from(
    [*REQUIRED, *OPTIONAL, *(f"shi/{name}" for name in REQUIRED), "prompts/a.wav", "x/y", ""]
)


@given(st.dictionaries(paths, anything, max_size=8))
def test_any_bytes_give_a_platform_or_faults(files: dict[str, bytes]) -> None:
    """Never another exception, and never an empty list of faults."""
    texts = {name: text for name, text in changed().items() if name not in files}
    try:
        found = len(parse_platform({**texts, **files}).centres)
    except ProfileFaults as error:
        found = len(error.faults)
    assert found > 0


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        "limits = 1",
        "[limits]\nsign_d = []",
        "centres = 1",
    ],
)
def test_a_hostile_toml_is_a_fault(text: str) -> None:
    assert {fault.file for fault in refused({"profile.toml": text})} == {"profile.toml"}


def table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def written(rows: Sequence[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


BAD_CELLS = [
    ("numbers.csv", column, bad)
    for column, bad in (
        ("部门", "没有这个局"),
        ("电话名称", ""),
        ("电话号码", "110"),
        ("电话号码", "电话"),
        ("归并方式", "归并"),
        ("座席安排", "留"),
        ("过渡开始", "2026-02-30"),
        ("过渡结束", "以后"),
        ("对端", "Bad Peer"),
        ("对端", "nobody"),
        ("转接号码", "总机"),
        ("转接号码", "119"),
        ("座席时间", "白天"),
        ("来源", "网上"),
    )
] + [
    ("peers.csv", "地址", "10.1"),
    ("peers.csv", "端口", "70000"),
    ("peers.csv", "名称", ""),
    ("relations.csv", "关系", "同级"),
    ("relations.csv", "中心", "?"),
    ("relations.csv", "区号", "71"),
    ("linkage.csv", "号码", "x"),
    ("linkage.csv", "类别", "一般"),
    ("linkage.csv", "处理", "挂断"),
    ("refusals.csv", "编号", "不"),
    ("refusals.csv", "话术", ""),
    ("offices.csv", "类型", "私企"),
    ("prompts.csv", "提示音", "sheng-99999-kept"),
    ("prompts.csv", "语速", "9"),
    ("seats.csv", "分机", "12345"),
    ("seats.csv", "技能", "潜水"),
    ("shi/numbers.csv", "归并方式", "并"),
    ("shi/peers.csv", "地址", ""),
]


@given(st.sampled_from(BAD_CELLS), st.data())
def test_a_good_platform_broken_in_one_cell_names_that_cell(
    broken: tuple[str, str, str], data: st.DataObject
) -> None:
    """Whatever row it stands in; the row of an editor and the column's own name."""
    file, column, bad = broken
    rows = table(FILES[file])
    row = data.draw(st.integers(1, len(rows) - 1))
    at = rows[0].index(column)
    rows[row] += [""] * (at + 1 - len(rows[row]))
    rows[row][at] = bad

    assert (file, row + 1, column) in [
        (f.file, f.row, f.column) for f in refused({file: written(rows)})
    ]


def test_a_number_added_is_a_line() -> None:
    """The fixture is a platform that can grow."""
    platform = the_platform(added("shi/numbers.csv", "市府办,市长热线,8881234,整体并入"))

    assert [line.number for line in platform.centres[1].lines] == ["12329", "8881234"]
