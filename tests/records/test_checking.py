"""The draft looked over before it goes: what is missing, what contradicts, and where to listen."""

from datetime import timedelta
from typing import Any

import pytest

from config.profile import Level
from records.checking import Doubt, check
from records.draft import Caller, Evidence, Office, Place, When, WorkOrderDraft, opening
from records.draft import Gap as DraftGap
from records.draft import Transcript as TranscriptField
from records.engine.protocol import Segment
from tests.records.samples import ended
from tests.records.test_extract import PROFILE


def order(**fields: Any) -> WorkOrderDraft:
    whole: dict[str, Any] = {
        "title": "井盖不见了（投诉）",
        "summary": "井盖不见了",
        "content": "井盖不见了。",
        "demand_type": "complaint",
        "urgency": "normal",
        "decision": "accept",
        "offices": (Office(name="城市管理综合执法局", score=0.9, why="提到井盖"),),
        "place": Place(text="钢铁街", region="红山区"),
        "evidence": (
            Evidence(
                field="when.text", kind="speech", channel="caller", start_s=3, end_s=5, text="明天"
            ),
        ),
    }
    return opening(ended()).model_copy(update=whole | fields)


def says(*texts: str) -> list[Segment]:
    return [
        Segment(channel="caller", start_s=10.0 * n, end_s=10.0 * n + 5, text=text, confidence=0.8)
        for n, text in enumerate(texts)
    ]


def looked(draft: WorkOrderDraft, *texts: str) -> list[Doubt]:
    return list(check(draft, says(*texts), PROFILE))


def test_a_whole_order_raises_no_doubt() -> None:
    """Also with an amount, a time in the past and a whole telephone number."""
    past = order().received_at - timedelta(days=1)
    draft = order(when=When(text="昨天", start=past, end=past + timedelta(hours=1)))
    assert looked(draft, "电话13847652319，欠我两千块，他欠我大概两千多块", "那天下了雨") == []


def test_what_must_be_filled_in_comes_first() -> None:
    """The same as refuses the order."""
    assert looked(order(title=None))[0].field == "title"


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"place": Place()}, "place.text", "没有听到地点"),
        (
            {"place": Place(region="红山区"), "urgency": "urgent"},
            "place.text",
            "紧急事项没有具体位置",
        ),
        ({"place": Place(text="开福区", region="开福区")}, "place.region", "不在本市地名表"),
        (
            {"place": Place(text="x", region="红山区", township="平庄镇")},
            "place.township",
            "“平庄镇”属于元宝山区",
        ),
        ({"offices": ()}, "offices", "没有主办部门"),
        (
            {"offices": (Office(name="教育局", score=0.3, why="待定：像"),)},
            "offices",
            "主办部门待定，最像的是：教育局（0.30）",
        ),
        (
            {"caller": Caller(name="王小明", anonymous=True), "content": "我叫王小明"},
            "content",
            "写着其姓名",
        ),
        (
            {"caller": Caller(anonymous=True), "content": "电话一三八四七六五二三一九"},
            "content",
            "写着电话",
        ),
        (
            {"urgency": "urgent", "decision": "decline", "decline_reason": "重复"},
            "decision",
            "紧急事项不应不予受理",
        ),
    ],
)
def test_what_is_missing_or_contradicts_is_said_at_its_field(
    fields: dict[str, Any], field: str, words: str
) -> None:
    """One doubt, in Chinese."""
    (doubt,) = looked(order(**fields))
    assert doubt.field == field
    assert words in doubt.why


def test_a_question_needs_no_place_and_no_office_when_declined() -> None:
    """Nobody has to come; nobody has to act."""
    assert looked(order(place=Place(), demand_type="consult")) == []
    assert looked(order(offices=(), decision="decline", decline_reason="重复")) == []
    assert [d.field for d in looked(order(offices=(), demand_type=None))] == ["demand_type"]


def test_a_time_after_the_call_is_doubted_with_the_seconds_it_was_said() -> None:
    """So is an end before the beginning."""
    later = order().received_at + timedelta(days=1)
    draft = order(when=When(text="明天", start=later, end=later - timedelta(hours=1)))
    future, backwards = looked(draft)
    assert (future.field, future.start_s, future.channel) == ("when.start", 3, "caller")
    assert "在来电之后" in future.why
    assert "结束早于开始" in backwards.why


def test_a_telephone_number_that_lost_a_digit_is_asked_for() -> None:
    """With the seconds in which it was said; nothing of the number is repeated."""
    (short,) = looked(order(), "好的", "我的电话是一三八四七六五二三一")
    assert (short.field, short.start_s) == ("caller.number", 10)
    assert short.why == "听到的手机号是10位，少了1位：请与来电人核对。"
    (long,) = looked(order(), "我的电话是138476523199")
    assert "多了1位" in long.why


def test_an_amount_named_twice_differently_is_asked_about() -> None:
    """At the second time."""
    (doubt,) = looked(order(), "一共欠我一万六千块钱", "对，欠了我六千块钱，花了五百块")
    assert doubt.why == "“欠”的金额前后不一：先说一万六千块，又说六千块，请核对。"
    assert doubt.start_s == 10


def test_another_city_is_asked_about() -> None:
    """Its own city is none; a province asks about none of its cities."""
    (doubt,) = looked(order(), "我是在赤峰市住，房子在沈阳市")
    assert "“沈阳市”" in doubt.why
    province = PROFILE.model_copy(update={"level": Level.PROVINCE})
    assert check(order(), says("房子在沈阳市"), province) == ()


def test_what_could_not_be_heard_is_pointed_to() -> None:
    """Long gaps of the caller alone."""
    gaps = (
        DraftGap(channel="caller", start_s=20, end_s=26),
        DraftGap(channel="caller", start_s=30, end_s=31),
        DraftGap(channel="agent", start_s=40, end_s=50),
    )
    (doubt,) = looked(order(transcript=TranscriptField(gaps=gaps)))
    assert (doubt.start_s, doubt.why) == (20, "来电人有6秒没有听清，请听录音补上。")
