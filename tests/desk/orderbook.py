"""Orders as a morning leaves them, written straight into a city's store."""

from datetime import UTC, datetime, timedelta
from typing import Any

from bench.wavetools import chirp, write_wav
from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from records.callrecord import CallRecord, Disposition, Offered, Talk
from records.draft import (
    Evidence,
    Office,
    Place,
    Recording,
    Transcript,
    When,
    WorkOrderDraft,
    opening,
)
from records.orders import Segment
from records.store import RecordingFiles
from tests.system.city import City

ANI = "13847652301"
SPOKEN = (
    ("agent", 0.6, 2.1, "您好，赤峰一二三四五，请讲。"),
    (
        "caller",
        2.9,
        6.2,
        "你好，我要投诉供热，我家在松山区玉龙街道天颐花园小区，这三天屋里都不到十六度。",
    ),
    ("agent", 6.5, 8.3, "好的，我帮您登记。请问您联系过供热公司吗？"),
    ("caller", 8.6, 11.8, "打过两次电话，都说派人来看，到现在也没有人来，家里还有老人和孩子。"),
)


async def call_of(
    city: City, call: str, *, agent: str = "agent1001", ani: str = ANI, ago_s: float = 600
) -> CallRecord:
    """A call that this agent took that long ago, and that is over."""
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=ago_s)
    seat = SeatId(f"chifeng-{agent.removeprefix('agent')}")
    record = CallRecord(
        call=CallId(call),
        centre=CentreId(city.profile.centre),
        line=LineId("8337772"),
        dnis="8337772",
        ani=ani,
        arrived_at=at,
        ended_at=at + timedelta(seconds=14),
        disposition=Disposition.ANSWERED,
        cause=16,
        offers=(Offered(seat=seat, at=at, outcome="answered"),),
        talks=(
            Talk(
                seat=seat,
                agent=AgentId(agent),
                since=at + timedelta(seconds=1),
                until=at + timedelta(seconds=13),
            ),
        ),
    )
    await city.store().write_call(record)
    return record


def heard(field: str, at: int) -> Evidence:
    channel, start_s, end_s, text = SPOKEN[at]
    return Evidence.model_validate(
        {"field": field, "kind": "speech", "channel": channel, "start_s": start_s}
        | {"end_s": end_s, "text": text}
    )


def draft_of(record: CallRecord, **changes: Any) -> WorkOrderDraft:
    """The order that the worker made of it."""
    draft = opening(record)
    fields = {
        "demand_type": "complaint",
        "urgency": "same_day",
        "title": "松山区天颐花园小区供热不足",
        "summary": "来电人反映小区连续三天室温不足十六度，要求供热公司尽快处理。",
        "content": "".join(text for who, _, _, text in SPOKEN if who == "caller"),
        "place": Place(text="松山区玉龙街道天颐花园小区", region="松山区", township="玉龙街道"),
        "when": When(text="这三天"),
        "offices": (
            Office(name="松山区住建局", score=0.8, why="属地优先：地点在松山区"),
            Office(name="市热力公司", score=0.5, why="提到供热"),
        ),
        "decision": "accept",
        "evidence": (
            *draft.evidence,
            heard("title", 1),
            heard("demand_type", 1),
            heard("place.text", 1),
            heard("when.text", 1),
            heard("summary", 1),
            heard("content", 1),
            heard("content", 3),
            Evidence(field="offices", kind="rule", text="松山区住建局：属地优先"),
            Evidence(field="decision", kind="rule", text="有诉求，默认受理，由话务员确认"),
        ),
        "transcript": Transcript(engine="whisper-base", confidence=0.86),
        "recording": Recording(url=f"/api/v1/calls/{record.call}/recording", seconds=12.0),
    }
    return draft.model_copy(update=fields | changes)


async def order_of(
    city: City, call: str, *, agent: str = "agent1001", ago_s: float = 600, **changes: Any
) -> WorkOrderDraft:
    """A call's order with transcript and recording; whatever is said changes its fields."""
    record = await call_of(city, call, agent=agent, ago_s=ago_s)
    draft = draft_of(record, **changes)
    segments = [
        Segment(channel=who, start_s=since, end_s=until, text=text, confidence=0.9)
        for who, since, until, text in SPOKEN
    ]
    await city.store().save_draft(record.call, draft, segments)
    city.settings.recordings.mkdir(parents=True, exist_ok=True)
    write_wav(city.settings.recordings / f"{call}.wav", chirp(12.0, seed=4))
    files = RecordingFiles(call=record.call, rx=None, tx=None, stereo=f"{call}.wav", seconds=12.0)
    await city.store().write_recordings([files])
    kept = await city.store().order_of(record.call)
    assert kept is not None
    return kept.draft
