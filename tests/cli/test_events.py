"""``hotline events``: the secret, and what was given up."""

from pathlib import Path

import pytest

from tests.cli.test_commands import run, value


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing was ever started."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_the_secret_is_made_once_and_is_the_centres(home: Path) -> None:
    """It is the one that the brain signs with."""
    first = value("events", "secret")
    assert value("events", "secret") == first
    assert (home / "secrets" / "events-chifeng").read_text() == first["secret"]
    assert run("events", "secret", "--centre", "nowhere").exit_code == 1


def test_where_nothing_was_given_up_nothing_is_sent_again() -> None:
    """And both say so."""
    assert value("events", "failed") == []
    assert value("events", "replay") == {"owed": 0}
    assert "幂等键" in run("events", "failed").stdout
