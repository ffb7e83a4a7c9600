"""What callers are told."""

import pytest

from config.files import load_profile
from config.ledger import Mode
from config.profile import Profile
from config.settings import Settings
from ivr.text import (
    LONGEST_LINE_S,
    PromptText,
    ahead_id,
    all_prompts,
    hotline_prompt,
    line_prompt,
    line_prompts,
    minutes_id,
    queue_prompts,
    sentences,
    spoken_seconds,
    standing_prompts,
    together,
)

HOTLINE = "赤峰市12345政务服务便民热线"


@pytest.fixture(scope="module")
def chifeng() -> Profile:
    return load_profile(Settings(profile="chifeng"))


def text_of(mode: Mode, name: str = "市长热线", *, announce: bool = True) -> str:
    return line_prompt("8337772", [name], mode, announce).text


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (Mode.WHOLE, "您拨打的市长热线已并入12345热线。本次通话将会录音，正在为您转接。"),
        (Mode.DUAL, "您拨打的市长热线由12345热线统一受理。本次通话将会录音，正在为您转接。"),
        (
            Mode.SUB_CENTRE,
            "您拨打的市长热线已设为12345热线分中心。本次通话将会录音，正在为您转接。",
        ),
        (Mode.OWN, "您好，这里是市长热线。本次通话将会录音，正在为您转接。"),
    ],
)
def test_a_line_says_what_became_of_it(mode: Mode, text: str) -> None:
    assert text == text_of(mode)


@pytest.mark.parametrize("mode", Mode)
def test_recording_is_announced_only_where_the_profile_asks(mode: Mode) -> None:
    assert "录音" in text_of(mode)
    assert "录音" not in text_of(mode, announce=False)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("length", range(1, 65))
def test_however_long_the_name_it_is_named_whole_and_recording_announced(
    mode: Mode, length: int
) -> None:
    name = "名" * length
    text = text_of(mode, name)
    assert name in text
    assert "本次通话将会录音" in text


def test_a_line_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="no name"):
        line_prompt("8337772", [], Mode.WHOLE, True)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["户政电话"], "户政电话"),
        (["户政电话", "户政电话"], "户政电话"),
        (["公安局户政对外咨询电话", "公安局治安对外咨询电话"], "公安局户政、治安对外咨询电话"),
        (["气象电话", "火警热线"], "气象电话、火警热线"),
        (["一科电话", "二科电话"], "一科电话、二科电话"),
        (["服务电话", "市服务电话"], "服务电话、市服务电话"),
        (["12301电话", "12318电话"], "12301电话、12318电话"),
    ],
)
def test_offices_that_share_a_number_are_all_named_in_one_breath(
    names: list[str], said: str
) -> None:
    assert said == together(names)


def test_chifeng_has_one_prompt_for_each_number_and_one_for_12345(chifeng: Profile) -> None:
    """35 numbers, the first first, then the hotline's own."""
    prompts = line_prompts(chifeng)
    assert 36 == len(prompts) == len({prompt.id for prompt in prompts})
    assert [prompt.id for prompt in prompts[:2]] == ["line-8337772", "line-12345"]


def test_both_offices_of_8820813_are_named(chifeng: Profile) -> None:
    (prompt,) = [p for p in line_prompts(chifeng) if p.id == "line-8820813"]
    assert "户政、治安对外咨询电话" in prompt.text


def test_every_line_of_chifeng_fits_its_time_by_estimate(chifeng: Profile) -> None:
    for prompt in line_prompts(chifeng):
        assert spoken_seconds(prompt.text) <= LONGEST_LINE_S - 0.3, prompt


def test_every_prompt_has_an_id_of_its_own_that_can_name_a_file(chifeng: Profile) -> None:
    ids = [prompt.id for prompt in all_prompts(chifeng)]
    assert len(ids) == len(set(ids))
    assert all(c.isascii() and (c.isalnum() or c == "-") for name in ids for c in name)


def test_what_the_dialplan_plays_is_among_the_standing_prompts() -> None:
    assert {"wait-1", "bye", "unknown-number"} <= {p.id for p in standing_prompts(True)}


def test_an_unknown_number_announces_recording_as_the_lines_do() -> None:
    def said(announce: bool) -> str:
        return next(p.text for p in standing_prompts(announce) if p.id == "unknown-number")

    assert "录音" in said(True)
    assert "录音" not in said(False)


def test_every_place_and_time_has_a_prompt() -> None:
    """Whatever number the queue comes up with, its prompt exists."""
    ids = {prompt.id for prompt in queue_prompts()}
    assert ids >= {ahead_id(ahead) for ahead in (*range(30), 10_000)}
    assert ids >= {minutes_id(seconds) for seconds in (0, 1, 59.9, *range(60, 2400, 7), 1e6)}


def test_a_wait_is_rounded_up_to_a_minute() -> None:
    assert [minutes_id(s) for s in (0, 60, 61)] == ["minutes-1", "minutes-1", "minutes-2"]


def test_places_are_told_in_the_order_they_matter() -> None:
    assert PromptText("ahead-0", "您是下一位，请不要挂机。") == queue_prompts()[0]
    assert "两分钟" in next(p.text for p in queue_prompts() if p.id == "minutes-2")


def test_the_hotline_greets_with_its_full_name() -> None:
    assert HOTLINE in hotline_prompt(HOTLINE, False).text


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
