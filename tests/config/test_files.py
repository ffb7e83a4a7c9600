"""The city's files on disk: which belong to it, encodings, files that cannot be read."""

import shutil
from pathlib import Path

import pytest

from config.city import LARGEST
from config.faults import ProfileFaults
from config.files import city_files, load_platform, load_profile, parse_platform
from config.ledger import Mode
from config.settings import CHECKOUT, Settings
from tests.config.cities import changed


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of Chifeng's profile to break."""
    return Path(shutil.copytree(CHECKOUT / "config/profiles/chifeng", tmp_path / "city"))


def settings(city: Path) -> Settings:
    return Settings(home=city.parent / "var", profile=str(city))


def test_chifeng_has_its_35_lines() -> None:
    """The document's list: 23 wholly merged, 10 dual, 2 sub-centres; one number of two offices."""
    profile = load_profile(Settings())

    modes = [line.mode for line in profile.lines]
    assert [modes.count(mode) for mode in (Mode.WHOLE, Mode.DUAL, Mode.SUB_CENTRE)] == [23, 10, 2]
    assert sum(len(line.entries) for line in profile.lines) == 36
    assert {len(line.entries) for line in profile.lines if line.number == "8820813"} == {2}


def test_chifeng_is_whole() -> None:
    """Seats with known skills, 12 districts, and every line's department among the offices."""
    profile = load_profile(Settings())

    assert len(profile.seats) == 30
    assert len({place.district for place in profile.gazetteer}) == 12
    assert {line.department for line in profile.lines} <= {
        office.name for office in profile.offices
    }
    assert "公积金" in profile.terms


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_office_programs_encodings_are_read(city: Path, encoding: str) -> None:
    """A CSV saved by Excel or WPS is the same table."""
    file = city / "numbers.csv"
    file.write_bytes(file.read_text(encoding="utf-8").replace("\n", "\r\n").encode(encoding))

    assert load_profile(settings(city)).line("8337772").name == "市长热线"


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0\0", b"\xff\xff\xff\xff", b"x" * 5_000_000])
def test_an_unreadable_file_is_named(city: Path, data: bytes) -> None:
    """A spreadsheet with a wrong suffix, noise, a giant: the file is named, and others' faults."""
    (city / "numbers.csv").write_bytes(data)
    (city / "seats.csv").write_text("分机,姓名,技能\n1001,甲,潜水\n", encoding="utf-8")

    with pytest.raises(ProfileFaults) as refused:
        load_profile(settings(city))
    assert {fault.file for fault in refused.value.faults} == {"numbers.csv", "seats.csv"}


def test_a_missing_directory_is_named(tmp_path: Path) -> None:
    """A city without a directory is refused, naming it."""
    with pytest.raises(ProfileFaults) as refused:
        load_profile(Settings(home=tmp_path, profile="nowhere"))
    (fault,) = refused.value.faults

    assert fault.file == "nowhere"
    assert "chifeng" in fault.instead


def province(folder: Path) -> Path:
    """The small platform of a province and its city, on disk."""
    for name, data in changed().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def test_every_file_of_the_city_is_read_and_no_other(tmp_path: Path) -> None:
    """Further centres' files and all recordings; what else lies there is nobody's."""
    folder = province(tmp_path / "sheng")
    for name in ("prompts/sheng-12345.mp3", "shi/prompts/shi-12345.wav"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(b"sound")
    for name in ("notes.docx", ".numbers.csv.swp", "prompts/.hidden", "prompts/README.md"):
        (folder / name).write_bytes(b"other")
    (folder / "elsewhere").mkdir()
    (folder / "elsewhere" / "numbers.csv").write_bytes(b"other")
    (folder / "prompts" / "folder.wav").mkdir()

    sounds = {"prompts/sheng-12345.mp3": b"sound", "shi/prompts/shi-12345.wav": b"sound"}
    assert city_files(folder) == {**changed(), **sounds}
    platform = load_platform(settings(folder))
    assert [centre.centre for centre in platform] == ["sheng", "shi"]
    assert platform.revision == 0
    assert load_profile(settings(folder)) == platform.home
    assert parse_platform(city_files(folder)) == platform


def test_a_file_that_cannot_be_opened_is_named_with_the_others_faults(tmp_path: Path) -> None:
    """One reading names them all, wherever they lie."""
    folder = province(tmp_path / "sheng")
    (folder / "shi" / "numbers.csv").unlink()
    (folder / "shi" / "numbers.csv").mkdir()
    (folder / "seats.csv").write_text("分机,姓名,技能\n1001,甲,潜水\n", encoding="utf-8")

    with pytest.raises(ProfileFaults) as refused:
        load_platform(settings(folder))
    assert [fault.file for fault in refused.value.faults] == ["shi/numbers.csv", "seats.csv"]
    with pytest.raises(ProfileFaults) as refused:
        city_files(folder)
    assert [fault.file for fault in refused.value.faults] == ["shi/numbers.csv"]


def test_an_unreadable_file_alone_is_one_fault(tmp_path: Path) -> None:
    """Nothing else is wrong with the rest."""
    folder = province(tmp_path / "sheng")
    (folder / "refusals.csv").unlink()
    (folder / "refusals.csv").mkdir()

    with pytest.raises(ProfileFaults) as refused:
        load_platform(settings(folder))
    assert [fault.file for fault in refused.value.faults] == ["refusals.csv"]


def test_a_profile_that_is_no_text_names_no_further_centres(tmp_path: Path) -> None:
    folder = province(tmp_path / "sheng")
    (folder / "profile.toml").write_bytes(b"\0")

    assert not any(name.startswith("shi/") for name in city_files(folder))


def test_of_a_giant_no_more_is_read_than_shows_that_it_is_one(city: Path) -> None:
    (city / "numbers.csv").write_bytes(b"x" * (LARGEST + 1000))

    assert len(city_files(city)["numbers.csv"]) == LARGEST + 1
