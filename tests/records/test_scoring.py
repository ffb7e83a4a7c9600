"""A call scored by stated rules, each mark with its seconds."""

from typing import Any

import pytest

from config.quality import Quality
from records.draft import Gap
from records.engine.protocol import Channel, Segment
from records.scoring import Score, score

RULES = Quality()


def at(channel: Channel, start_s: float, end_s: float, text: str, **more: Any) -> Segment:
    fields = {"confidence": 0.8} | more
    return Segment(channel=channel, start_s=start_s, end_s=end_s, text=text, **fields)


GOOD = (
    at("agent", 0, 4, "您好，12345热线，请问有什么可以帮您"),
    at("caller", 4.5, 10, "我家从昨天开始停水"),
    at("agent", 10.5, 14, "好的，请稍等，我帮您查询一下"),
    at("agent", 34, 38, "已经在抢修了，今晚恢复供水"),
    at("caller", 38.5, 40, "好，谢谢"),
    at("agent", 40.5, 42.5, "感谢您的来电，再见"),
)


def scored(*spoken: Segment, rules: Quality = RULES, gaps: tuple[Gap, ...] = ()) -> Score:
    found = score(spoken, gaps, rules)
    assert found is not None
    return found


def test_a_good_call_loses_nothing() -> None:
    """Also with twenty silent seconds that were asked for."""
    assert scored(*GOOD).total == 100
    assert scored(*GOOD).marks == ()


@pytest.mark.parametrize(
    ("spoken", "rule", "why", "start_s"),
    [
        ((at("agent", 0, 4, "喂，什么事情啊"), *GOOD[1:]), "greeting", "没有问候语", 0),
        ((*GOOD[:5], at("agent", 40.5, 42.5, "行了挂了吧")), "closing", "没有结束语", 40.5),
        (
            (*GOOD[:2], at("agent", 10.5, 14, "这个不归我管"), *GOOD[4:], GOOD[0]),
            "silence",
            "静默24秒",
            14,
        ),
        (
            (*GOOD, at("agent", 12, 14, "急什么急")),
            "forbidden",
            "说了禁语“急什么急”",
            12,
        ),
        ((*GOOD, at("agent", 6, 10, "那个您先听我说")), "talking_over", "抢话4.0秒", 6),
        (
            (*GOOD, at("agent", 43, 44, "好的好的好的好的好的")),
            "clarity",
            "语速过快（每秒10.0字）",
            43,
        ),
        (
            (*GOOD, at("agent", 43, 46, "嗯那个就是说", confidence=0.1)),
            "clarity",
            "吐字不清",
            43,
        ),
    ],
)
def test_each_rule_names_its_fault_and_the_seconds(
    spoken: tuple[Segment, ...], rule: str, why: str, start_s: float
) -> None:
    """And takes points of its own only."""
    found = scored(*spoken)
    (mark,) = [mark for mark in found.marks if mark.rule == rule]
    assert why in mark.why
    assert mark.start_s == start_s
    assert found.total < 100


def test_a_rule_takes_no_more_than_its_points() -> None:
    """However often it is broken."""
    rude = [at("agent", 50 + n, 51 + n, "烦死了") for n in range(6)]
    found = scored(*GOOD, *rude)
    assert found.kept["forbidden"] == 0
    assert sum(mark.points for mark in found.marks if mark.rule == "forbidden") == 30


def test_a_silence_longer_than_asked_for_is_one() -> None:
    """Three times as long, and it is said that waiting was asked for."""
    late = [at("agent", 60, 64, "好了"), at("agent", 65, 67, "再见")]
    (mark,) = scored(*GOOD[:3], *late).marks
    assert (mark.rule, mark.why) == ("silence", "静默46秒（已请来电人稍等）")


def test_what_could_not_be_written_down_is_no_silence() -> None:
    """Somebody was heard."""
    spoken = (GOOD[0], at("caller", 30, 32, "谢谢"), at("agent", 33, 35, "再见"))
    assert [m.rule for m in scored(*spoken).marks] == ["silence"]
    assert scored(*spoken, gaps=(Gap(channel="caller", start_s=5, end_s=29),)).marks == ()


def test_little_is_no_talking_over_and_no_speed() -> None:
    """A short 嗯 while the caller speaks; an utterance within another; no length."""
    few = (at("agent", 6, 6.5, "嗯"), at("agent", 7, 7, "好好好好好好好"))
    assert scored(*GOOD, *few).marks == ()


def test_words_said_aside_are_not_scored() -> None:
    """Nor a call in which no agent was heard, nor by rules that are all left out."""
    aside = at("agent", 20, 22, "烦死了", part="2")
    assert scored(*GOOD, aside).total == 100
    assert score((GOOD[1],), (), RULES) is None
    none = Quality(greeting=0, closing=0, forbidden=0, silence=0, talking_over=0, clarity=0)
    assert score(GOOD, (), none) is None
    rude = scored(*GOOD, at("agent", 50, 52, "烦死了"), rules=Quality(forbidden=0))
    assert rude.marks == ()
