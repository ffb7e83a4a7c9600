"""What callers of the five hotlines meet, where a document says it in words of its own."""

from datetime import datetime

import pytest

from config.files import load_platform
from config.numberplan import Plan, explain
from config.settings import Settings
from config.workdays import CHINA
from ivr.linetext import LONGEST_LINE_S, spoken_seconds
from ivr.text import line_prompts
from tests.config.fiveprofiles import FIVE

MORNING = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
"""A Monday."""


def plan(profile: str, dialled: str, ani: str = "", at: datetime = MORNING) -> Plan:
    """What happens to that call."""
    return explain(load_platform(Settings(profile=profile)), dialled, ani=ani, at=at)


@pytest.mark.parametrize(
    ("ani", "centre"),
    [
        ("09716100001", "xining"),
        ("09728600001", "haidong"),
        ("09738700001", "huangnan"),
        ("09708600001", "qinghai"),
        ("", "qinghai"),
    ],
)
def test_each_city_of_qinghai_answers_its_own_callers(ani: str, centre: str) -> None:
    """方案二（二）2; the province answers for those who have no centre yet."""
    assert centre == plan("qinghai", "12345", ani).centre


def test_xinings_callers_reach_the_provinces_departments() -> None:
    """方案二（一）2: the seats behind 12315 are the department's; Xining has no such line."""
    found = plan("qinghai", "12315", "09716100001")
    assert (found.centre, found.steps[1].peer) == ("qinghai", "shijian")


def test_qinghais_kept_seats_give_back_what_they_do_not_answer() -> None:
    """On a Sunday at three the call goes to 12345 at once; else after ringing in vain."""
    sunday = datetime(2026, 11, 22, 3, 0, tzinfo=CHINA)
    assert [s.do for s in plan("qinghai", "12315", at=sunday).steps] == ["say", "queue"]
    assert [s.do for s in plan("qinghai", "12315").steps] == ["say", "dial", "say", "queue"]


@pytest.mark.parametrize(
    ("ani", "peer"),
    [("079188100001", "nanchang"), ("07928100001", "jiujiang"), ("07016100001", "yingtan")],
)
def test_the_callers_city_answers_for_jiangxi(ani: str, peer: str) -> None:
    """方案二（二）2: 市级热线作为省级热线前置."""
    assert peer == plan("jiangxi", "12319", ani).steps[1].peer


def test_who_is_not_from_jiangxi_is_answered_by_the_province() -> None:
    assert [s.do for s in plan("jiangxi", "12319", "02161200001").steps] == ["say", "queue"]


@pytest.mark.parametrize(
    ("profile", "number", "then"),
    [
        ("jiangxi", "93617113", "queue"),
        ("qinghai", "9361860", "queue"),
        ("hunan", "93617263", "hangup"),
    ],
)
def test_a_cancelled_number_says_farewell(profile: str, number: str, then: str) -> None:
    """Then it connects, unless the profile says that it ends there (Hunan, an example)."""
    found = plan(profile, number)
    assert [("say", f"{profile}-{number}-cancelled"), (then, "")] == [
        (step.do, step.prompt) for step in found.steps
    ]


@pytest.mark.parametrize("profile", FIVE)
def test_every_sentence_is_short_enough_by_estimate(profile: str) -> None:
    """At most eight seconds; an estimate is too low by half a second at most."""
    for centre in load_platform(Settings(profile=profile)):
        texts = [prompt.text for prompt in line_prompts(centre)]
        assert [text for text in texts if spoken_seconds(text) > LONGEST_LINE_S - 0.5] == []
