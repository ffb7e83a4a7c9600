"""The profile on disk: encodings, unreadable files, and the last good one of a running service."""

import shutil
from pathlib import Path

import pytest

from config.faults import ProfileFaults
from config.files import ProfileKeeper, load_profile
from config.ledger import Mode
from config.settings import CHECKOUT, Settings


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


def test_the_last_good_profile_stays(city: Path) -> None:
    """A broken file changes nothing in a running service; mended, it is taken."""
    keeper = ProfileKeeper(settings(city))
    good = keeper.current
    numbers = city / "numbers.csv"
    text = numbers.read_text(encoding="utf-8")

    numbers.write_text(text.replace("设分中心", "设中心"), encoding="utf-8")
    refused = keeper.reload()
    assert refused is not None
    assert [fault.row for fault in refused.faults] == [36, 37]
    assert keeper.current is good

    numbers.write_text(text.replace("市长热线", "市长公开电话"), encoding="utf-8")
    assert keeper.reload() is None
    assert keeper.current.line("8337772").name == "市长公开电话"


def test_a_broken_profile_stops_the_start(city: Path) -> None:
    """There is no last good one yet."""
    (city / "seats.csv").unlink()

    with pytest.raises(ProfileFaults):
        ProfileKeeper(settings(city))
