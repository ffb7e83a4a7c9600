"""``hotline keys``: what there is, a new one, and everything under it."""

import asyncio
from pathlib import Path

import pytest

from config.settings import Settings
from records.keyring import key_file
from records.store import CallStore
from tests.cli.test_commands import run, value
from tests.records.samples import ended


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation whose database was filled before there were keys."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))

    async def fill() -> None:
        store = await CallStore.open(Settings().sql_url)
        await store.write_call(ended())
        await store.close()

    asyncio.run(fill())
    return tmp_path / "home"


def test_keys_are_named_and_never_shown() -> None:
    """Whoever looks over a shoulder sees which, not what."""
    [one] = value("keys", "list")
    assert (one["cipher"], one["seals"]) == ("aes-256-gcm", True)
    kept = key_file(Settings()).read_text().split('"key": "')[1].split('"')[0]
    assert kept not in run("keys", "list").stdout


def test_what_is_plain_is_sealed_once() -> None:
    """The call's number and its order; again there is nothing to do."""
    assert value("keys", "seal")["tables"] == {"calls": 1, "work_orders": 1}
    assert value("keys", "seal")["rows"] == 0


def test_a_new_key_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a stopped rotation left is done first, and said."""
    first = run("keys", "rotate")
    assert (first.exit_code, "还没有做完" in first.stderr) == (1, True)
    monkeypatch.setenv("HOTLINE_CIPHER", "sm4-gcm")
    made = value("keys", "rotate")
    assert (made["cipher"], made["rows"]) == ("sm4-gcm", 2)
    assert [one["seals"] for one in value("keys", "list")] == [False, True]
    assert "改了 0 行" in run("keys", "seal").stdout


def test_a_key_file_that_is_none_is_said() -> None:
    """And which commands need it say so, too."""
    value("keys", "seal")
    key_file(Settings()).write_text("{}")
    for words in (("keys", "list"), ("orders", "list")):
        told = run(*words)
        assert (told.exit_code, "密钥" in told.stderr) == (1, True)


def test_lost_keys_are_said_with_the_one_that_is_looked_for() -> None:
    """New ones are made, and open nothing."""
    [lost] = value("keys", "list")
    value("keys", "seal")
    key_file(Settings()).unlink()
    told = run("orders", "list")
    assert (told.exit_code, lost["id"] in told.stderr) == (1, True)
