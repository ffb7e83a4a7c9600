"""What callers of a line are told."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import load_profile
from config.hours import ALWAYS, read_hours
from config.ledger import Entry, Line, LineState, Mode, Seating
from config.profile import Profile
from config.settings import Settings
from cti.ids import LineId
from ivr.linetext import (
    LONGEST_LINE_S,
    closed_prompt_id,
    closed_text,
    full_name,
    greeting_id,
    greeting_ids,
    hotline_prompt_id,
    hotline_text,
    line_prompt_id,
    line_text,
    recorded_prompt_id,
    spoken_seconds,
    together,
    unknown_prompt_id,
    unknown_text,
)

MERGED = [mode for mode in Mode if mode is not Mode.OWN]
KEEPING = [Mode.DUAL, Mode.SUB_CENTRE, Mode.KEPT_CENTRE]
"""Modes whose lines may have seats of their own."""
AFTER: dict[Mode, LineState] = {
    mode: LineState.CANCELLED if mode is Mode.WHOLE else LineState.KEPT for mode in MERGED
}
OFFICE_HOURS = read_hours("工作日 08:30-12:00,14:30-17:30")


@pytest.fixture(scope="module")
def chifeng() -> Profile:
    return load_profile(Settings(profile="chifeng"))


def line(mode: Mode, name: str = "市长热线", **more: Any) -> Line:
    told = {"number": LineId("8337772"), "name": name, "department": "市政府办公室", "row": 2}
    return Line.model_validate({**told, "mode": mode, **more})


def kept(mode: Mode, **more: Any) -> Line:
    return line(mode, seating=Seating.KEPT, peer="bureau", destination="93612366", **more)


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        (Mode.WHOLE, "您拨打的市长热线已并入12345热线。本次通话将会录音，正在为您转接。"),
        (Mode.DUAL, "您拨打的市长热线由12345热线统一受理。本次通话将会录音，正在为您转接。"),
        (Mode.FRONTED, "您拨打的市长热线由12345热线统一受理。本次通话将会录音，正在为您转接。"),
        (Mode.FORWARDED, "您拨打的市长热线已转到12345热线。本次通话将会录音，正在为您转接。"),
        (
            Mode.SUB_CENTRE,
            "您拨打的市长热线已设为12345热线分中心。本次通话将会录音，正在为您转接。",
        ),
        (Mode.KEPT_CENTRE, "您拨打的市长热线已接入12345热线。本次通话将会录音，正在为您转接。"),
    ],
)
def test_in_transition_callers_are_told_what_became_of_the_line(
    chifeng: Profile, mode: Mode, text: str
) -> None:
    assert text == line_text(chifeng, line(mode), LineState.TRANSITION)


def test_a_line_that_keeps_its_seats_says_that_it_goes_on(chifeng: Profile) -> None:
    text = line_text(chifeng, kept(Mode.DUAL), LineState.TRANSITION)
    assert text == "市长热线继续服务，也可以拨打12345。本次通话将会录音，正在为您转接。"


@pytest.mark.parametrize("mode", KEEPING)
def test_after_the_transition_a_line_with_seats_only_says_where_the_caller_is(
    chifeng: Profile, mode: Mode
) -> None:
    text = line_text(chifeng, kept(mode), LineState.KEPT)
    assert text == "您好，正在为您转接市长热线。本次通话将会录音。"


def test_after_the_transition_a_line_without_seats_says_who_answers(chifeng: Profile) -> None:
    text = line_text(chifeng, line(Mode.DUAL), LineState.KEPT)
    assert text == "您好，市长热线由12345热线受理。本次通话将会录音，正在为您转接。"


def test_a_cancelled_number_is_said_once_in_groups_with_the_number_from_now_on(
    chifeng: Profile,
) -> None:
    text = line_text(chifeng, line(Mode.WHOLE), LineState.CANCELLED)
    assert text == "市长热线833-7772，号码已取消，今后请拨打12345。本次通话将会录音。"


@pytest.mark.parametrize("number", ["12349", "833777", "8337772", "93617204", "15407312685"])
@pytest.mark.parametrize("follows", ["connect", "hangup"])
@pytest.mark.parametrize("announces", [True, False])
def test_a_farewell_fits_whatever_the_number_and_whatever_follows(
    chifeng: Profile, number: str, follows: str, announces: bool
) -> None:
    """The longest numbers too; an office's name gives way, the number and 12345 never do."""
    city = chifeng.model_copy(update={"after_cancel": follows, "announce_recording": announces})
    farewell = line_text(city, line(Mode.WHOLE, "长" * 20, number=number), LineState.CANCELLED)
    assert number in farewell.replace("-", "")
    assert "12345" in farewell
    assert spoken_seconds(farewell) <= LONGEST_LINE_S - 0.5
    assert ("再见" in farewell) == (follows == "hangup")
    assert ("录音" in farewell) == (follows == "connect" and announces)


def test_no_digit_of_a_cancelled_number_stands_before_a_word_that_sounds_like_one(
    chifeng: Profile,
) -> None:
    """已 after the digits is heard as 一, one digit more."""
    farewell = line_text(chifeng, line(Mode.WHOLE), LineState.CANCELLED)
    assert "7772，号码" in farewell


def test_outside_the_hours_callers_are_told_who_answers_instead(chifeng: Profile) -> None:
    text = closed_text(chifeng, kept(Mode.DUAL, hours=OFFICE_HOURS))
    assert text == "市长热线现已下班，由12345热线受理。本次通话将会录音，正在为您转接。"


def test_a_planned_line_has_no_words_of_its_own(chifeng: Profile) -> None:
    with pytest.raises(ValueError, match="planned"):
        line_text(chifeng, line(Mode.WHOLE), LineState.PLANNED)


def test_12345_itself_is_told_nothing_about_a_merger(chifeng: Profile) -> None:
    with pytest.raises(ValueError, match="no line of the ledger"):
        line_text(chifeng, chifeng.hotline, LineState.TRANSITION)


@pytest.mark.parametrize("mode", MERGED)
@pytest.mark.parametrize("length", range(1, 65, 7))
def test_however_long_the_name_it_is_named_whole_and_recording_announced(
    chifeng: Profile, mode: Mode, length: int
) -> None:
    name = "名" * length
    text = line_text(chifeng, line(mode, name), LineState.TRANSITION)
    assert name in text
    assert "本次通话将会录音" in text


@pytest.mark.parametrize("mode", MERGED)
def test_recording_is_announced_only_where_the_profile_asks(chifeng: Profile, mode: Mode) -> None:
    silent = chifeng.model_copy(update={"announce_recording": False})
    for state in (LineState.TRANSITION, AFTER[mode]):
        assert "录音" in line_text(chifeng, line(mode), state)
        assert "录音" not in line_text(silent, line(mode), state)
    assert "录音" in unknown_text(chifeng)
    assert "录音" not in unknown_text(silent)
    assert "录音" not in hotline_text(silent)


def test_the_hotline_greets_with_its_full_name(chifeng: Profile) -> None:
    assert hotline_text(chifeng).startswith("您好，这里是赤峰市12345政务服务便民热线。")


# --- which of them is heard


def test_12345_is_greeted_as_itself_in_any_state(chifeng: Profile) -> None:
    assert greeting_id(chifeng, chifeng.hotline, LineState.TRANSITION) == "chifeng-12345"


def test_a_line_whose_merger_has_not_begun_is_answered_as_12345(chifeng: Profile) -> None:
    assert greeting_id(chifeng, line(Mode.WHOLE), LineState.PLANNED) == "chifeng-12345"


def test_a_planned_line_with_seats_of_its_own_hears_no_word_of_the_merger(
    chifeng: Profile,
) -> None:
    silent = chifeng.model_copy(update={"announce_recording": False})
    planned = kept(Mode.DUAL)
    assert greeting_id(chifeng, planned, LineState.PLANNED) == "chifeng-recorded"
    assert greeting_id(silent, planned, LineState.PLANNED) == ""
    closed = greeting_id(chifeng, planned, LineState.PLANNED, is_open=False)
    assert closed == "chifeng-8337772-closed"


def test_only_seats_of_its_own_make_a_line_close(chifeng: Profile) -> None:
    at_night = [
        greeting_id(chifeng, one, LineState.TRANSITION, is_open=False)
        for one in (line(Mode.DUAL), kept(Mode.DUAL))
    ]
    assert at_night == ["chifeng-8337772-transition", "chifeng-8337772-closed"]


BEGINS = st.one_of(st.none(), st.dates(date(2025, 1, 1), date(2026, 6, 1)))
ENDS = st.one_of(st.none(), st.dates(date(2026, 6, 1), date(2027, 1, 1)))


@given(
    st.sampled_from(MERGED),
    st.booleans(),
    st.sampled_from([ALWAYS, OFFICE_HOURS]),
    BEGINS,
    ENDS,
    st.dates(date(2024, 1, 1), date(2028, 1, 1)),
    st.booleans(),
    st.booleans(),
)
def test_whatever_a_caller_hears_on_any_day_is_among_the_lines_prompts(
    mode: Mode,
    keeps: bool,
    hours: object,
    begins: date | None,
    ends: date | None,
    day: date,
    is_open: bool,
    announces: bool,
) -> None:
    city = load().model_copy(update={"announce_recording": announces})
    has_seats = keeps and mode in KEEPING
    made = (kept if has_seats else line)(mode, hours=hours, begins=begins, ends=ends)
    asked = greeting_id(city, made, made.state(day), is_open=is_open or made.hours.is_always)
    assert asked == "" or asked in greeting_ids(city, made)


_LOADED: list[Profile] = []


def load() -> Profile:
    if not _LOADED:
        _LOADED.append(load_profile(Settings(profile="chifeng")))
    return _LOADED[0]


def test_ids_are_told_apart_by_centre_number_and_state() -> None:
    centre = load().centre
    ids = [
        hotline_prompt_id(centre),
        unknown_prompt_id(centre),
        recorded_prompt_id(centre),
        closed_prompt_id(centre, "12315"),
        *(line_prompt_id(centre, "12315", state) for state in LineState),
    ]
    assert ids == [
        "chifeng-12345",
        "chifeng-unknown",
        "chifeng-recorded",
        "chifeng-12315-closed",
        "chifeng-12315-planned",
        "chifeng-12315-transition",
        "chifeng-12315-cancelled",
        "chifeng-12315-kept",
    ]


# --- names


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


def test_both_offices_of_8820813_are_named(chifeng: Profile) -> None:
    shared = chifeng.line("8820813")
    assert full_name(shared) == "赤峰市公安局户政、治安对外咨询电话"
    assert full_name(shared) in line_text(chifeng, shared, LineState.TRANSITION)


def test_a_line_without_rows_is_called_by_its_name() -> None:
    assert full_name(line(Mode.DUAL)) == "市长热线"
    rows = (Entry(row=2, name="气象电话"), Entry(row=3, name="火警热线"))
    assert full_name(line(Mode.DUAL, entries=rows)) == "气象电话、火警热线"


def test_a_quicker_voice_takes_less_time() -> None:
    assert spoken_seconds("您好。") == pytest.approx(0.68)
    assert spoken_seconds("您好。", 2.0) == pytest.approx(0.49)
