"""The first draft: fields with evidence, nothing without."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from config.ledger import Line, Mode
from config.profile import Office, Place, Profile
from config.workdays import CHINA
from cti.ids import CallId, CentreId, LineId
from records.callrecord import Direction, Disposition
from records.draft import WorkOrderDraft
from records.engine.protocol import Channel, Gap, Segment, Transcript
from records.extract import extract
from tests.records.samples import NOON, arrived, ended

PROFILE = Profile.model_validate(
    {
        "centre": CentreId("chifeng"),
        "name": "赤峰市12345政务服务便民热线",
        "city": "赤峰市",
        "area_code": "0476",
        "trunks": ("127.0.0.1",),
        "skills": ("通用",),
        "seats": (),
        "lines": (
            Line(
                number=LineId("8337772"),
                name="市长热线",
                department="市政府办公室",
                mode=Mode.WHOLE,
                row=2,
            ),
        ),
        "gazetteer": (
            Place(district="红山区", township="西屯街道"),
            Place(district="松山区", township="穆家营子镇"),
            Place(district="元宝山区", township="平庄镇"),
        ),
        "offices": (Office(name="住房城乡建设局", aliases=("住建局",)),),
    }
)


def said(*texts: str, channel: Channel = "caller") -> Transcript:
    return Transcript(
        engine="whisper-base",
        segments=tuple(
            Segment(channel=channel, start_s=10 * n, end_s=10 * n + 5, text=text, confidence=0.8)
            for n, text in enumerate(texts)
        ),
    )


def drafted(*texts: str) -> WorkOrderDraft:
    return extract(ended(line=LineId("12345")), said(*texts), PROFILE, 65.0)


def filled(draft: WorkOrderDraft) -> set[str]:
    """Paths of the fields that say something about the call."""
    paths = {
        "amounts",
        "demand_type",
        "title",
        "summary",
        "content",
        "decision",
        "urgency",
        "offices",
    }
    found = {path for path in paths if getattr(draft, path)}
    for name in ("place", "when", "caller", "dialled"):
        part = getattr(draft, name)
        found |= {f"{name}.{key}" for key, value in part if value is not None}
    return found


FULL = (
    "您好，我要投诉。红山区钢铁街天王国际小区三号楼从昨天晚上开始停水，到现在都没来。",
    "物业说不知道原因。我姓王，不要透露我的名字，电话是一三八四七六五二三一九。谢谢",
)


def test_a_complaint_becomes_a_draft() -> None:
    """Type, place, time, summary, urgency and offices come from the caller's words."""
    draft = drafted(*FULL)
    assert draft.demand_type == "complaint"
    assert (draft.place.region, draft.place.detail) == ("红山区", "钢铁街天王国际小区三号楼")
    assert draft.when.text == "昨天晚上"
    assert draft.urgency == "same_day"
    assert draft.decision == "accept"
    assert draft.summary is not None
    assert "停水" in draft.summary
    assert draft.title is not None
    assert draft.title.startswith("红山区钢铁街天王国际小区三号楼")
    assert draft.title.endswith("（投诉）")
    assert "住房城乡建设局" in [office.name for office in draft.offices]
    assert (draft.caller.name, draft.caller.anonymous) == ("王", True)
    assert draft.caller.disclosure_consent is False


def test_money_that_was_named_is_kept_in_yuan() -> None:
    """As said and as a number; what was said as about that is marked."""
    draft = drafted("交了两千三百块钱的取暖费，修理要四十多块")
    assert [(each.text, each.yuan, each.about) for each in draft.amounts] == [
        ("两千三百块", 2300, False),
        ("四十多块", 40, True),
    ]


@pytest.mark.parametrize(
    "texts",
    [
        FULL,
        ("交了两千块钱没给开发票",),
        ("请问低保怎么申请",),
        ("喂，你好",),
        ("穆家营子镇的路灯坏了，赶快来修",),
        ("今天天气不错",),
        (),
    ],
)
def test_every_filled_field_has_evidence(texts: tuple[str, ...]) -> None:
    """No evidence, no field; and no evidence for a field that is empty."""
    draft = drafted(*texts)
    assert filled(draft) == {piece.field for piece in draft.evidence} - {"received_at"}


def test_spoken_evidence_names_the_seconds_and_the_callers_own_words() -> None:
    """Each piece can be played: its words stand in the caller's text, its times in a segment."""
    draft = drafted(*FULL)
    text = "。".join(part.rstrip("。") for part in FULL) + "。"
    spoken = [piece for piece in draft.evidence if piece.kind == "speech"]
    assert {"place.region", "demand_type", "when.text", "summary", "caller.name"} <= {
        piece.field for piece in spoken
    }
    for piece in spoken:
        assert piece.channel == "caller"
        assert (piece.start_s, piece.end_s) in {(0, 5), (10, 15)}
        assert piece.text in text
    name = next(piece for piece in spoken if piece.field == "caller.name")
    assert name.start_s == 10


def test_the_summary_keeps_the_callers_words() -> None:
    """Extractive: every sentence of it was said, none is a telephone number."""
    draft = drafted(*FULL)
    assert draft.summary is not None
    for sentence in draft.summary.rstrip("。").split("。"):
        assert sentence in "".join(FULL)
    assert "一三八四七六五二三一九" not in draft.summary


def test_what_the_agent_says_is_not_the_callers_matter() -> None:
    """The agent's guess at a district or a type fills no field."""
    transcript = said("您是要投诉红山区停水吗", channel="agent")
    draft = extract(ended(), transcript, PROFILE, 65.0)
    assert draft.demand_type is None
    assert draft.place.region is None


def test_the_line_dialled_is_named_from_the_ledger() -> None:
    """Number, name, department and way of merging; the reader sees the row."""
    draft = extract(ended(), said(*FULL), PROFILE, 65.0)
    assert (draft.dialled.number, draft.dialled.name) == ("8337772", "市长热线")
    assert (draft.dialled.department, draft.dialled.mode) == ("市政府办公室", "whole")
    assert any("第2行" in piece.text for piece in draft.evidence)
    assert draft.offices[0].name == "市政府办公室"


def test_an_abandoned_call_still_is_a_draft() -> None:
    """Only signalling speaks for it: how long it waited, and that somebody may call back."""
    record = arrived(
        ended_at=NOON + timedelta(seconds=42), disposition=Disposition.ABANDONED, cause=16
    )
    draft = extract(record, Transcript(engine=""), PROFILE)
    assert draft.summary == "来电未接通，等待42秒后来电人挂断，未留下话语。"
    assert {p.kind for p in draft.evidence if p.field == "summary"} == {"signalling"}
    assert draft.demand_type is None
    assert draft.decision is None
    assert draft.recording.url is None


def test_a_call_cut_by_the_switch_says_so() -> None:
    """Nobody blames the caller for hanging up."""
    record = arrived(ended_at=NOON + timedelta(seconds=5), disposition=Disposition.CUT)
    draft = extract(record, Transcript(engine=""), PROFILE)
    assert draft.summary is not None
    assert "线路中断" in draft.summary


def test_who_was_told_where_to_call_is_owed_no_call_back() -> None:
    """A number that is given up said so and ended the call: the order says that."""
    record = arrived(ended_at=NOON + timedelta(seconds=8), disposition=Disposition.TOLD)
    draft = extract(record, Transcript(engine=""), PROFILE)
    assert draft.title == "已告知改拨12345的来电"


def test_a_refused_nuisance_caller_is_owed_no_call_back() -> None:
    """The order says why nobody answered."""
    record = arrived(ended_at=NOON + timedelta(seconds=8), disposition=Disposition.BLOCKED)
    draft = extract(record, Transcript(engine=""), PROFILE)
    assert draft.title == "已谢绝的骚扰来电"


def test_a_citizen_whom_a_call_out_did_not_reach_called_nobody() -> None:
    """The order says who called whom, and about which call."""
    record = arrived(
        "out-1795147200.1231001",
        ended_at=NOON + timedelta(seconds=8),
        disposition=Disposition.UNREACHED,
        direction=Direction.OUT,
        about=CallId("node1-1795140000.3"),
    )
    draft = extract(record, Transcript(engine=""), PROFILE)
    assert (draft.title, draft.summary) == ("未接通的回拨", "回拨来电人，对方未接通。")
    assert "node1-1795140000.3" in [one.text for one in draft.evidence if one.field == "about"]


def test_an_answered_call_without_words_says_so() -> None:
    """Silence, and a voice that could not be understood, are told apart."""
    silent = extract(ended(), Transcript(engine="e"), PROFILE, 65.0)
    gap = Gap(channel="caller", start_s=3, end_s=9)
    foreign = extract(ended(), Transcript(engine="e", gaps=(gap,)), PROFILE, 65.0)
    assert silent.summary != foreign.summary
    assert foreign.transcript.gaps[0].end_s == 9
    assert foreign.recording.seconds == 65.0


def test_words_left_while_waiting_are_drafted() -> None:
    """A caller who speaks and gives up has said something."""
    record = replace(ended(), talks=(), disposition=Disposition.ABANDONED)
    draft = extract(record, said("我要投诉红山区停水了，没人管"), PROFILE, 60.0)
    assert draft.demand_type == "complaint"


def test_a_withheld_number_is_filled_by_the_spoken_one() -> None:
    """The network's number stands; only where there is none, the spoken one is taken."""
    withheld = extract(ended(ani=""), said(*FULL), PROFILE, 65.0)
    shown = extract(ended(), said(*FULL), PROFILE, 65.0)
    assert withheld.caller.number == "13847652319"
    assert shown.caller.number == "13847652301"


def test_times_are_reckoned_from_the_call() -> None:
    """昨天晚上 is the evening before the call, in China's time."""
    draft = drafted(*FULL)
    assert draft.when.start == datetime(2026, 11, 19, 18, tzinfo=CHINA)
    assert draft.when.end == datetime(2026, 11, 20, 0, tzinfo=CHINA)


def test_a_time_no_calendar_says_is_kept_as_words() -> None:
    """天天 has no beginning: the words stand, without a date."""
    draft = drafted("我要投诉，红山区天天停水")
    assert (draft.when.text, draft.when.start) == ("天天", None)


def test_a_number_that_is_no_telephone_is_not_the_callers() -> None:
    """An identity number is no number to call back on; the telephone after it is."""
    text = "我的身份证号是150404199001011234，电话13847652319"
    draft = extract(ended(ani=""), said(text), PROFILE, 60.0)
    assert draft.caller.number == "13847652319"
    alone = extract(ended(ani=""), said("我的身份证号是150404199001011234"), PROFILE, 60.0)
    assert alone.caller.number is None
