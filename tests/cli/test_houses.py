"""``hotline houses``: who tells us and is told, and the secret we share with each."""

from pathlib import Path

import pytest

from tests.cli.test_commands import run, value


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing was ever started."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_houses_are_services_lines_kept_elsewhere_and_hotlines() -> None:
    """Each by the one name it has in addresses."""
    found = {one["line"]: one["name"] for one in value("houses", "list")}
    assert (found["110"], found["neimenggu"]) == ("公安报警", "内蒙古自治区12345热线")
    assert "公安报警" in run("houses", "list").stdout


def test_a_secret_is_made_once_and_stays(home: Path) -> None:
    """It is the one that the brain signs with; nobody gets one who is not in the tables."""
    first = value("houses", "secret", "110")
    assert first["line"] == "110"
    assert value("houses", "secret", "110") == first
    assert run("houses", "secret", "110").stdout.strip() == first["secret"]
    assert (home / "secrets" / "house-chifeng-110").read_text() == first["secret"]
    assert value("houses", "secret", "119") != first
    refused = run("houses", "secret", "999")
    assert (refused.exit_code, refused.stdout) == (1, "")


def test_another_centre_of_the_platform_has_its_own() -> None:
    """One that is not there is refused."""
    assert run("houses", "list", "--centre", "nowhere").exit_code == 1
