"""``hotline prompts``: heard, recorded, brought back."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from config.files import profile_directory
from config.settings import Settings
from cti.cli.main import app
from ivr.sound import read_wav, write_wav
from tests.ivr.test_sound import babble

KEY = "chifeng-8337772-transition"


@pytest.fixture(autouse=True)
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working copy of Chifeng and a home of the test's own."""
    directory = tmp_path / "city"
    shutil.copytree(profile_directory(Settings(profile="chifeng")), directory)
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOTLINE_PROFILE", str(directory))
    return directory


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["prompts", *words], catch_exceptions=False)


def value(*words: str) -> Any:
    answer = run(*words, "--json")
    assert answer.exit_code == 0, answer.stderr
    return json.loads(answer.stdout)


def listed(key: str) -> dict[str, Any]:
    [found] = [one for one in value("list") if one["id"] == key]
    assert isinstance(found, dict)
    return found


def test_each_prompt_is_listed_with_its_words_its_voice_and_its_file() -> None:
    found = listed(KEY)
    assert found["text"].startswith("您拨打的市长热线已并入12345热线。")
    assert found["seconds"] is None
    assert (found["voice"], found["recorded"]) == ("zm_yunxi", False)
    assert found["file"].startswith(f"{KEY}-")
    rows = run("list").stdout.splitlines()
    assert len(rows) == len(value("list"))
    assert any(row.startswith(f"{KEY}  您拨打的市长热线") and "未合成" in row for row in rows)


def test_a_recording_takes_the_prompts_place_and_is_taken_back(city: Path, tmp_path: Path) -> None:
    """At the level of the others; exported is what a caller hears."""
    spoken = listed(KEY)
    write_wav(tmp_path / "mayor.wav", babble(16_000, 3.0, 0.02), 16_000)
    kept = value("replace", KEY, str(tmp_path / "mayor.wav"))
    assert kept["recorded"]
    assert kept["file"] != spoken["file"]
    assert [path.name for path in (city / "prompts").iterdir()] == [f"{KEY}.wav"]
    out = value("export", KEY, "--to", str(tmp_path / "out" / "heard.wav"))
    samples, rate = read_wav(tmp_path / "out" / "heard.wav")
    assert (rate, out["seconds"]) == (8000, pytest.approx(len(samples) / rate, abs=0.01))
    assert listed(KEY)["seconds"] == out["seconds"]
    assert value("restore", KEY)["file"] == spoken["file"]
    assert not list((city / "prompts").iterdir())


@pytest.mark.parametrize(
    ("key", "seconds", "why"),
    [(KEY, 9.0, "超过8秒"), (KEY, 0.1, "太短"), ("wait-1", 13.0, "超过12秒")],
)
def test_a_recording_that_keeps_callers_waiting_is_refused(
    city: Path, tmp_path: Path, key: str, seconds: float, why: str
) -> None:
    write_wav(tmp_path / "a.wav", babble(8000, seconds), 8000)
    answer = run("replace", key, str(tmp_path / "a.wav"), "--json")
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert why in answer.stderr
    assert not list(city.glob("prompts/*"))


@pytest.mark.parametrize("words", [("play",), ("restore",), ("replace", __file__)])
def test_a_prompt_that_is_not_there_is_refused(words: tuple[str, ...]) -> None:
    command, *rest = words
    answer = run(command, "nobody", *rest)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "没有提示音「nobody」" in answer.stderr


def test_a_city_with_faults_is_refused(city: Path) -> None:
    (city / "numbers.csv").write_text("序号\n", encoding="utf-8")
    answer = run("list", "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["faults"]
