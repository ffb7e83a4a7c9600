"""What counts as understood, and what doesn't."""

import pytest

from config.files import load_profile
from config.profile import Profile
from config.settings import Settings
from ivr.text import prompt
from ivr.understood import Said, Understood, said, understood


@pytest.fixture(scope="module")
def chifeng() -> Profile:
    return load_profile(Settings(profile="chifeng"))


@pytest.mark.parametrize(
    "heard",
    [
        "您拨打的违法处理电话已并入12345热线",
        "您拨打的，违法，处理电话已并入",
        "维法处理电话",
        "您拨打的违法处里店话",
        "违法出力电话",
    ],
)
def test_a_name_of_the_same_sound_is_right(heard: str) -> None:
    """A listener is given sounds, not characters; and no pause changes a word."""
    assert understood(heard, "违法处理电话", ()).is_name_right


@pytest.mark.parametrize(
    "heard", ["", "违法处理", "违法的处理电话", "处理违法电话", "违法出席电话", "违法处理店"]
)
def test_a_name_with_a_syllable_more_less_or_other_is_wrong(heard: str) -> None:
    assert not understood(heard, "违法处理电话", ()).is_name_right


def test_a_prompt_without_a_name_has_none_to_get_wrong() -> None:
    assert understood("随便", "", ()).is_right


@pytest.mark.parametrize(
    "heard", ["12315市场监管热线", "一二三一五市场监管热线", "幺二三幺五市场监管热线"]
)
def test_digits_in_a_name_may_be_written_in_any_way(heard: str) -> None:
    assert understood(heard, "12315市场监管热线", ()).is_name_right


@pytest.mark.parametrize(
    "heard",
    [
        "您拨打的8337772，号码已取消",
        "您拨打的833,7772号码已取消",
        "您拨打的833-7772。号码",
        "八三三七七七二",
        "八三三，7772号码",
    ],
)
def test_a_number_is_right_in_any_grouping(heard: str) -> None:
    assert understood(heard, "", ("8337772",)) == Understood(True, ())


@pytest.mark.parametrize(
    "heard", ["833772", "83377721取消", "18337772", "8337773", "833号7772", "一八三三七七七二", ""]
)
def test_a_number_with_a_digit_more_less_or_other_is_wrong(heard: str) -> None:
    """已取消 heard as 1取消 makes another number of it."""
    assert understood(heard, "", ("8337772",)) == Understood(True, ("8337772",))


@pytest.mark.parametrize("heard", ["幺二三四五", "要2345", "腰二三四五", "〇一、12345", "12345"])
def test_the_telephones_one_is_one_however_it_is_written(heard: str) -> None:
    expected = heard != "〇一、12345"  # digits without a word between are one number
    assert expected == understood(heard, "", ("12345",)).is_right


def test_every_number_that_was_not_heard_is_named() -> None:
    found = understood("您拨打的8337772", "", ("8337772", "12345"))
    assert found.wrong_numbers == ("12345",)
    assert not found.is_right


def test_of_a_lines_prompt_its_name_and_every_number_count(chifeng: Profile) -> None:
    farewell = said(chifeng, prompt(chifeng, "chifeng-8337772-cancelled"))
    expected = Said("市长热线", ("8337772", "12345"), ("市长热线", "833-7772", "12345热线"))
    assert farewell == expected


def test_digits_of_a_name_are_the_names(chifeng: Profile) -> None:
    market = said(chifeng, prompt(chifeng, "chifeng-12315-transition"))
    assert (market.name, market.numbers) == ("12315市场监管投诉举报热线", ("12345",))
    greeting = said(chifeng, prompt(chifeng, "chifeng-12345"))
    assert (greeting.name, greeting.numbers) == (chifeng.name, ())


def test_a_name_that_is_not_said_does_not_count(chifeng: Profile) -> None:
    """The farewell of an office with a long name says the number alone."""
    farewell = said(chifeng, prompt(chifeng, "chifeng-8821506-cancelled"))
    assert (farewell.name, farewell.numbers) == ("", ("8821506", "12345"))
    assert "一类易制毒化学品运输许可办理咨询电话" in farewell.own_words


def test_a_prompt_of_no_line_has_its_numbers_alone(chifeng: Profile) -> None:
    unknown = said(chifeng, prompt(chifeng, "chifeng-unknown"))
    assert unknown == Said("", ("12345",), ("12345热线",))
    assert said(chifeng, prompt(chifeng, "wait-1")) == Said("", (), ("12345热线",))


def test_a_foreign_word_is_one_syllable() -> None:
    assert understood("拨打VIP热线", "vip热线", ()).is_name_right
