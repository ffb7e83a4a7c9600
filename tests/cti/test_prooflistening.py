"""Prompts listened to again, and said in another way where they were not understood."""

import csv
import io
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from config.files import load_platform, profile_directory
from config.overrides import PromptOverride
from config.platform import Platform
from config.settings import Settings
from cti.prompting import make_prompts
from cti.prooflistening import (
    OTHER_PACES,
    Proof,
    difference,
    figures,
    keep_override,
    mend,
    prove,
    report_text,
    telephone_sound,
    to_prove,
)
from ivr.prompts import prompt_file
from ivr.sound import write_wav
from ivr.text import PromptText, prompt
from ivr.understood import Said, Understood
from tests.ivr.scripted import ScriptedEars

KEY = "chifeng-8337772-transition"
RIGHT = "您拨打的市长热线已并入12345热线。"
WRONG = "您拨打的市场热线已并入1345热线。"


@pytest.fixture
def working(tmp_path: Path) -> Settings:
    """A copy of Chifeng with one line, a home, and the installed voices."""
    directory = tmp_path / "city"
    shutil.copytree(profile_directory(Settings(profile="chifeng")), directory)
    (directory / "numbers.csv").write_text(
        "序号,部门,电话名称,电话号码,归并方式\n1,市政府办公室,市长热线,8337772,整体并入\n",
        encoding="utf-8",
    )
    # they name lines left out here
    for table in ("prompts.csv", "duties.csv", "overflow.csv", "experts.csv"):
        (directory / table).unlink(missing_ok=True)
    cache = Settings().cache
    if not (cache / "models" / "kokoro" / "kokoro.onnx").is_file():
        pytest.fail("the speech models are not installed: make install")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "models").symlink_to(cache / "models")
    return Settings(profile=str(directory), home=tmp_path / "home", cache=tmp_path / "cache")


@pytest.fixture
def city(working: Settings) -> Platform:
    return load_platform(working)


def placed(settings: Settings, city: Platform, heard: str) -> Proof:
    """The line's prompt, beeping, as it was heard."""
    found = prompt(city.home, KEY)
    beep = np.sin(np.arange(16_000, dtype=np.float32)) * 0.1
    write_wav(prompt_file(settings, found), beep.astype(np.float32), 8000)
    return prove(ScriptedEars([heard] * 9), settings, city.home, found)


def test_a_prompt_is_judged_by_what_an_engine_hears_of_it(
    working: Settings, city: Platform
) -> None:
    assert placed(working, city, RIGHT).is_right
    failed = placed(working, city, WRONG)
    assert not failed.understood.is_name_right
    assert failed.understood.wrong_numbers == ("12345",)


def test_the_engine_is_given_the_lines_own_words(working: Settings, city: Platform) -> None:
    placed(working, city, RIGHT)
    ears = ScriptedEars([RIGHT] * 9)
    prove(ears, working, city.home, prompt(city.home, KEY))
    assert set(ears.hotwords) == {("市长热线", "833-7772", "12345热线")}


def test_what_is_understood_too_late_is_not_right() -> None:
    found = Proof("a", PromptText("a", "您好。"), Said("", (), ()), "", Understood(True, ()), 8.1)
    assert not found.is_right


def test_every_prompt_that_names_a_line_or_a_number_is_listened_to(city: Platform) -> None:
    ids = [found.id for _, found in to_prove(city)]
    assert {KEY, "chifeng-12345", "chifeng-unknown"} <= set(ids)
    assert "chifeng-recorded" not in ids


def test_sound_is_heard_through_a_telephone(tmp_path: Path) -> None:
    """A-law keeps 8 kHz and rounds loud samples: nothing finer reaches a caller."""
    loud = np.linspace(-0.9, 0.9, 8000, dtype=np.float32)
    write_wav(tmp_path / "a.wav", loud, 8000)
    heard = telephone_sound(tmp_path / "a.wav")
    assert heard.length_s == 1.0
    assert len(np.unique(heard.pcm)) <= 256
    assert np.abs(heard.pcm / 32768 - loud).max() < 0.03


def test_names_and_numbers_are_counted_apart(working: Settings, city: Platform) -> None:
    proofs = [placed(working, city, heard) for heard in (RIGHT, WRONG, "您拨打的市长热线。")]
    counted = figures(proofs)
    assert (counted.names, counted.names_right) == (3, 2)
    assert (counted.numbers, counted.numbers_right) == (3, 1)
    assert counted.longest_s == pytest.approx(2.0, abs=0.01)
    assert figures([]).longest_s == 0.0


@pytest.mark.speech
def test_what_was_not_understood_is_said_at_another_pace(working: Settings, city: Platform) -> None:
    """And what is written down for it makes exactly that sound."""
    failed = placed(working, city, WRONG)
    better = mend(ScriptedEars([WRONG, RIGHT]), working, city, failed)
    assert better is not None
    key, override = difference(failed, better)
    assert (key, override) == (KEY, PromptOverride(speed=OTHER_PACES[1]))
    keep_override(working, city.home, (key, override), who="tester")
    assert prompt(load_platform(working).home, KEY).name == better.prompt.name


@pytest.mark.speech
def test_what_nobody_understands_in_any_way_is_left_to_a_person(
    working: Settings, city: Platform
) -> None:
    """Paces, voices and another phrasing were tried."""
    ears = ScriptedEars([""] * 40)
    failed = placed(working, city, WRONG)
    short = replace(failed, prompt=replace(failed.prompt, text="市长热线。"))
    assert mend(ears, working, city, short) is None
    assert len(ears.hotwords) == 7


def test_an_override_that_is_written_again_takes_the_place_of_the_first(
    working: Settings, city: Platform
) -> None:
    for speed in (0.9, 1.1):
        keep_override(working, city.home, (KEY, PromptOverride(speed=speed)), who="tester")
    assert load_platform(working).home.overrides[KEY].speed == 1.1


def test_a_report_has_a_row_for_each_prompt_under_its_files_name(
    working: Settings, city: Platform
) -> None:
    text = report_text(ScriptedEars([]), [placed(working, city, WRONG)])
    remark, *rows = text.splitlines()
    assert remark.startswith("# ")
    [row] = csv.DictReader(io.StringIO("\n".join(rows)))
    assert row["文件"] == prompt(city.home, KEY).name
    assert (row["名称"], row["号码"], row["听到"]) == ("错", "12345错", WRONG)


def test_what_is_in_place_is_not_made_to_be_listened_to(working: Settings, city: Platform) -> None:
    found = placed(working, city, RIGHT).prompt
    assert make_prompts(working, city, [found]).sentences_made == 0
