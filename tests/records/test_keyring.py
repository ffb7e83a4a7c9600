"""The key file: made once, closed to others, read again when it changed."""

import json
import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from config.settings import Settings
from records.keyring import KeyFileError, PatientRing, add, key_file, read, ring
from records.sealing import seal, unseal


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_the_first_keys_are_made_once_and_for_us_alone(settings: Settings) -> None:
    """A second process finds those of the first; nothing else is left beside the file."""
    first, second = ring(settings)(), ring(settings)()
    assert first == second
    path = key_file(settings)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_the_cipher_is_a_setting(tmp_path: Path) -> None:
    """SM4 where the operator must use it."""
    assert ring(Settings(home=tmp_path, cipher="sm4-gcm"))().known[0].cipher == "sm4-gcm"


def test_a_running_process_takes_a_new_key_up(settings: Settings) -> None:
    """It seals with it from then on, and still reads what it sealed before."""
    now = ring(settings)
    kept = seal("13847652301", now())
    made = add(key_file(settings), "sm4-gcm")
    assert now().aged(0) == made
    assert unseal(kept, now()) == "13847652301"
    assert key_file(settings).stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_read_is_refused(settings: Settings) -> None:
    """With the command that mends it."""
    ring(settings)
    key_file(settings).chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        ring(settings)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"keys": [], "index": ""}', "null"])
def test_what_is_no_key_file_is_refused_and_left_as_it_is(settings: Settings, text: str) -> None:
    """It is never made anew: what it once held may be in a backup."""
    ring(settings)
    path = key_file(settings)
    path.write_text(text)
    with pytest.raises(KeyFileError, match="备份"):
        ring(settings)
    with pytest.raises(KeyFileError):
        add(path, "aes-256-gcm")
    assert path.read_text() == text


def test_a_key_that_is_too_short_is_refused(settings: Settings) -> None:
    """A copy that lost its end must not seal anything."""
    ring(settings)
    path = key_file(settings)
    told = json.loads(path.read_text())
    told["keys"][0]["key"] = "YWJj"
    path.write_text(json.dumps(told))
    with pytest.raises(KeyFileError, match="长度"):
        read(path)


@pytest.mark.parametrize("text", [None, "", "{}", "another"])
def test_a_file_lost_under_a_running_process_harms_nobody(
    settings: Settings, tmp_path: Path, text: str | None
) -> None:
    """It goes on with the keys it has, says so once, and makes none behind its back."""
    now = ring(settings)
    keys, path = now(), key_file(settings)
    path.unlink()
    if text == "another":
        ring(other := Settings(home=tmp_path / "other"))
        text = key_file(other).read_text()
    if text is not None:
        path.write_text(text)
        path.chmod(0o600)
    with capture_logs() as said:
        assert now() == now() == keys
    assert [line["log_level"] for line in said] == ["error"]
    assert path.exists() == (text is not None)


def test_who_answers_calls_waits_for_the_keys(settings: Settings) -> None:
    """While the file is none, or lacks the key that is looked for, there are none; then at once."""
    good = ring(settings)()
    path = key_file(settings)
    kept = path.read_text()
    path.write_text("{}")
    patient = PatientRing(settings)
    with pytest.raises(KeyFileError, match="备份"):
        patient()
    path.unlink()
    assert patient() != good
    patient.wait_for(good.known[0].id)
    with pytest.raises(KeyFileError, match=good.known[0].id):
        patient()
    path.write_text(kept)
    os.utime(path, ns=(1, 1))
    assert patient() == good
