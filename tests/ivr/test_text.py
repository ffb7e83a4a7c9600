"""Every prompt of a centre, and what its file is called."""

import gc
import re
import time
import weakref
from datetime import date

import pytest

from config.files import load_platform
from config.ledger import Line, LineState, Mode
from config.overrides import PromptOverride
from config.platform import Platform
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from cti.ids import LineId
from ivr.linetext import LONGEST_LINE_S, greeting_ids, spoken_seconds
from ivr.text import (
    PromptText,
    ahead_id,
    has_prompt,
    line_prompts,
    longest_recording_s,
    minutes_id,
    prompt,
    prompt_name,
    queue_prompts,
    sentences,
    standing_prompts,
    too_long,
)

PROFILES = sorted(path.name for path in (CHECKOUT / "config" / "profiles").glob("*/"))


@pytest.fixture(scope="module")
def chifeng() -> Profile:
    return load_platform(Settings(profile="chifeng")).home


@pytest.fixture(params=PROFILES)
def shipped(request: pytest.FixtureRequest) -> Platform:
    return load_platform(Settings(profile=request.param))


def test_every_prompt_that_any_line_can_come_to_is_there_once(shipped: Platform) -> None:
    for profile in shipped:
        ids = [found.id for found in line_prompts(profile)]
        assert len(ids) == len(set(ids))
        for line in profile.lines:
            assert set(greeting_ids(profile, line)) <= set(ids)
        assert {f"{profile.centre}-12345", f"{profile.centre}-unknown"} <= set(ids)


def test_every_sentence_made_by_rule_fits_its_time_by_estimate(shipped: Platform) -> None:
    """How long those took that are said in another way was measured: ``docs/heard``."""
    for profile in shipped:
        assert too_long(profile.model_copy(update={"overrides": {}})) == []


def test_every_prompt_has_a_name_of_its_own_that_can_be_a_files(shipped: Platform) -> None:
    found = [one for profile in shipped for one in line_prompts(profile)]
    found += [*standing_prompts(shipped.home), *queue_prompts(shipped.home)]
    names = [one.name for one in found]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*-[0-9a-f]{8}", name) for name in names)


def test_the_ledgers_first_line_comes_first_and_the_hotline_second(chifeng: Profile) -> None:
    ids = [found.id for found in line_prompts(chifeng)]
    assert ids[:3] == ["chifeng-8337772-transition", "chifeng-12345", "chifeng-unknown"]


def test_recording_is_announced_alone_only_where_it_is_announced(chifeng: Profile) -> None:
    silent = chifeng.model_copy(update={"announce_recording": False})
    assert "chifeng-recorded" in [found.id for found in line_prompts(chifeng)]
    assert "chifeng-recorded" not in [found.id for found in line_prompts(silent)]


def test_a_name_tells_words_voice_pace_and_recording_apart() -> None:
    """Old and new wording lie side by side, so a change never touches what is being played."""
    plain = PromptText("a", "您好。", "zm_yunxi")
    others = [
        PromptText("a", "您好！", "zm_yunxi"),
        PromptText("a", "您好。", "zf_xiaoxiao"),
        PromptText("a", "您好。", "zm_yunxi", 1.1),
        PromptText("a", "您好。", "zm_yunxi", 1.0, "0123abcd"),
        PromptText("b", "您好。", "zm_yunxi"),
    ]
    assert len({plain.name, *(other.name for other in others)}) == 6
    assert plain.name == PromptText("a", "您好。", "zm_yunxi").name


def test_an_override_changes_only_what_it_names(chifeng: Profile) -> None:
    key = "chifeng-8337772-transition"
    plain = prompt(chifeng, key)
    overrides = {key: PromptOverride(voice="zf_xiaoyi")}
    voiced = prompt(chifeng.model_copy(update={"overrides": overrides}), key)
    assert (voiced.voice, voiced.text) == ("zf_xiaoyi", plain.text)
    overrides = {key: PromptOverride(text="您好。", speed=0.9)}
    worded = prompt(chifeng.model_copy(update={"overrides": overrides}), key)
    assert (worded.voice, worded.speed, worded.text) == (plain.voice, 0.9, "您好。")


def test_a_recording_is_part_of_the_name(chifeng: Profile) -> None:
    key = "chifeng-8337772-transition"
    recorded = chifeng.model_copy(update={"recorded": {key: "0123abcd"}})
    assert prompt(recorded, key).recording == "0123abcd"
    assert prompt_name(recorded, key) != prompt_name(chifeng, key)


def test_a_name_asked_for_is_the_prompts_own(chifeng: Profile) -> None:
    for found in line_prompts(chifeng):
        assert prompt_name(chifeng, found.id) == found.name == prompt_name(chifeng, found.id)


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "chifeng",
        "chifeng-1",
        "chifeng-8337772",
        "chifeng-8337772-planned",
        "chifeng-8337772-gone",
        "hunan-12345",
        "nobody",
    ],
)
def test_what_is_no_prompt_is_said_to_be_none(chifeng: Profile, unknown: str) -> None:
    assert not has_prompt(chifeng, unknown)
    with pytest.raises(KeyError):
        prompt_name(chifeng, unknown)


@pytest.mark.parametrize("known", ["wait-1", "ahead-0", "chifeng-12329-closed", "chifeng-recorded"])
def test_a_prompt_of_any_kind_is_known(chifeng: Profile, known: str) -> None:
    assert has_prompt(chifeng, known)


def test_a_sentence_that_keeps_callers_waiting_is_named(chifeng: Profile) -> None:
    """By its estimate and its pace; a recording's length is judged when it is taken."""
    key = "chifeng-12345"
    wordy = {key: PromptOverride(text="您好，" * 20 + "。")}
    slow = {key: PromptOverride(speed=0.5)}
    assert [p.id for p in too_long(chifeng.model_copy(update={"overrides": wordy}))] == [key]
    assert [p.id for p in too_long(chifeng.model_copy(update={"overrides": slow}))] == [key]
    both = {"overrides": wordy, "recorded": {key: "0123abcd"}}
    assert too_long(chifeng.model_copy(update=both)) == []


def test_a_recording_callers_wait_with_may_be_longer_than_one_they_wait_for() -> None:
    assert longest_recording_s("chifeng-12345") == LONGEST_LINE_S
    assert longest_recording_s("wait-1") > LONGEST_LINE_S


def test_a_profile_that_is_gone_is_forgotten(chifeng: Profile) -> None:
    """What is remembered of it does not keep it alive, and is not another's."""
    gone = chifeng.model_copy()
    prompt_name(gone, "chifeng-12345")
    watched = weakref.ref(gone)
    del gone
    gc.collect()
    assert watched() is None


def test_ten_thousand_lines_are_named_in_a_second(chifeng: Profile) -> None:
    """And asked for again, in no time: the dialplan is rendered from these."""
    lines = tuple(
        Line(
            number=LineId(f"{8_000_000 + n}"),
            name=f"第{n}号服务热线",
            department="甲局",
            mode=Mode.WHOLE,
            row=n + 2,
            begins=date(2026, 1, 1),
            ends=date(2026, 12, 31),
        )
        for n in range(10_000)
    )
    large = chifeng.model_copy(update={"lines": lines})
    began = time.process_time()
    ids = [found.id for found in line_prompts(large)]
    names = [prompt_name(large, key) for key in ids]
    first = time.process_time() - began
    assert len(ids) == len(set(names)) == 20_003
    assert [prompt_name(large, key) for key in ids] == names
    again = time.process_time() - began - first
    assert first < 2.0
    assert again < 0.2


def test_what_the_dialplan_plays_by_a_fixed_name_is_among_the_standing_prompts(
    chifeng: Profile,
) -> None:
    ids = {found.id for found in standing_prompts(chifeng)}
    assert {"wait-1", "bye", "unreachable", "survey", "rated"} <= ids


def test_the_question_after_the_talk_takes_less_than_nine_seconds(chifeng: Profile) -> None:
    """Nobody stays on the line for a speech; the keys are said from the best down."""
    asked = prompt(chifeng, "survey")
    assert spoken_seconds(asked.text) < 9
    assert [digit for digit in asked.text if digit.isdecimal()] == list("54321")


def test_standing_prompts_are_said_in_the_home_centres_voice(chifeng: Profile) -> None:
    city = chifeng.model_copy(update={"voice": "zf_xiaoyi"})
    assert {found.voice for found in standing_prompts(city)} == {"zf_xiaoyi"}
    assert {found.voice for found in queue_prompts(city)} == {"zf_xiaoyi"}


def test_every_place_and_time_has_a_prompt(chifeng: Profile) -> None:
    """Whatever number the queue comes up with, its prompt exists."""
    ids = {found.id for found in queue_prompts(chifeng)}
    assert ids >= {ahead_id(ahead) for ahead in (*range(30), 10_000)}
    assert ids >= {minutes_id(seconds) for seconds in (0, 1, 59.9, *range(60, 2400, 7), 1e6)}


def test_a_wait_is_rounded_up_to_a_minute() -> None:
    assert [minutes_id(s) for s in (0, 60, 61)] == ["minutes-1", "minutes-1", "minutes-2"]


def test_places_are_told_in_the_order_they_matter(chifeng: Profile) -> None:
    first = queue_prompts(chifeng)[0]
    assert (first.id, first.text) == ("ahead-0", "您是下一位，请不要挂机。")
    assert "两分钟" in next(p.text for p in queue_prompts(chifeng) if p.id == "minutes-2")


def test_a_state_that_no_date_leads_to_can_still_be_worded(chifeng: Profile) -> None:
    """A table may ask for it ahead of the date."""
    key = f"chifeng-8337772-{LineState.CANCELLED.value}"
    assert "833-7772" in prompt(chifeng, key).text


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("您好。再见！", ["您好。", "再见！"]),
        ("您好，再见", ["您好，再见"]),
        ("。。！", []),
        ("一\n二？。", ["一", "二？。"]),
        ("", []),
    ],
)
def test_a_text_is_cut_at_its_sentences_ends(text: str, cut: list[str]) -> None:
    assert cut == sentences(text)
