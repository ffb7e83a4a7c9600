"""Which prompts a platform needs, and when."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from config.files import load_platform
from config.ledger import Line, LineState
from config.platform import Platform
from config.settings import CHECKOUT, Settings
from cti.prompting import make_prompts, needed, recordings, wanted
from ivr.linetext import greeting_id
from ivr.prompts import prompt_file, sounds
from ivr.sound import write_wav
from ivr.text import PromptText, line_prompts, prompt

PROFILES = sorted(path.name for path in (CHECKOUT / "config" / "profiles").glob("*/"))
DAY = date(2026, 11, 22)


@pytest.fixture(params=PROFILES)
def shipped(request: pytest.FixtureRequest) -> Platform:
    return load_platform(Settings(profile=request.param))


@pytest.fixture
def chifeng() -> Platform:
    return load_platform(Settings(profile="chifeng"))


def placed(settings: Settings, prompts: Sequence[PromptText]) -> None:
    """Put something to hear in place, so that no voice is needed."""
    for one in prompts:
        write_wav(prompt_file(settings, one), np.full(800, 0.1, np.float32), 8000)


def heard(line: Line, platform: Platform, day: date) -> set[str]:
    whose = next(one for one in platform if line in one.lines)
    state = line.state(day)
    return {greeting_id(whose, line, state, is_open=is_open) for is_open in (True, False)} - {""}


def test_whatever_a_call_of_the_day_can_play_is_needed(shipped: Platform) -> None:
    ids = {found.id for found in needed(shipped, DAY)}
    assert {"wait-1", "bye", "unreachable"} <= ids
    for profile in shipped:
        assert {f"{profile.centre}-12345", f"{profile.centre}-unknown"} <= ids
        for line in profile.lines:
            always = greeting_id(profile, line, line.state(DAY))
            assert always in ids or always == ""
            if not line.hours.is_always:
                assert heard(line, shipped, DAY) <= ids


def test_what_later_days_bring_is_wanted_after_what_today_needs(shipped: Platform) -> None:
    first, everything = needed(shipped, DAY), wanted(shipped, DAY)
    assert everything[: len(first)] == first
    assert len(everything) == len(set(everything))
    for profile in shipped:
        assert set(line_prompts(profile)) <= set(everything)


def test_another_day_needs_other_sentences(chifeng: Platform) -> None:
    line = chifeng.home.line("8337772")
    ends = line.model_copy(update={"begins": None, "ends": date(2026, 12, 31)})
    dated = chifeng.model_copy(
        update={"centres": (chifeng.home.model_copy(update={"lines": (ends,)}),)}
    )
    before = {found.id for found in needed(dated, date(2026, 12, 31))}
    after = {found.id for found in needed(dated, date(2027, 1, 1))}
    assert f"chifeng-8337772-{LineState.TRANSITION.value}" in before - after
    assert f"chifeng-8337772-{LineState.CANCELLED.value}" in after - before


def test_what_is_played_by_a_fixed_name_follows_the_home_centre(
    chifeng: Platform, tmp_path: Path
) -> None:
    settings = Settings(profile="chifeng", home=tmp_path)
    chosen = needed(chifeng, DAY)
    placed(settings, chosen)
    assert make_prompts(settings, chifeng, chosen).sentences_made == 0
    wait = sounds(settings) / "wait-1.wav"
    assert wait.resolve() == prompt_file(settings, prompt(chifeng.home, "wait-1"))
    voiced = chifeng.home.model_copy(update={"voice": "zf_xiaoyi"})
    other = Platform(centres=(voiced,))
    placed(settings, needed(other, DAY))
    make_prompts(settings, other, needed(other, DAY))
    assert wait.resolve() == prompt_file(settings, prompt(voiced, "wait-1"))


def test_recordings_are_looked_for_in_the_city_and_in_what_was_in_force(tmp_path: Path) -> None:
    """A rollback finds what the working copy no longer has; further centres have their own."""
    city = tmp_path / "city"
    (city / "xining" / "prompts").mkdir(parents=True)
    kept = tmp_path / "home" / "city" / "revisions" / "000003" / "city"
    (kept / "xining" / "prompts").mkdir(parents=True)
    found = recordings(Settings(profile=str(city), home=tmp_path / "home"))
    assert found[0] == city / "prompts"
    assert {kept / "prompts", kept / "xining" / "prompts", city / "xining" / "prompts"} <= set(
        found
    )
