"""A complaint about heating, as call, transcript, draft and recording."""

import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from queues.callback import line_up
from queues.task import Task
from records.callrecord import CallRecord, Disposition, Offered, Talk
from records.draft import Evidence, Place, Recording, Transcript, WorkOrderDraft, opening
from records.orders import Segment
from tests.cti.web.fakes import CHIFENG, NOON, FakeRecording, FakeStore

ANI = "13847652301"
CALL = CallId("node1-1795310090.4")


def call_record(
    call: CallId = CALL,
    *,
    agent: str | None = "anna",
    centre: CentreId = CHIFENG,
    ani: str = ANI,
    at: datetime = NOON,
) -> CallRecord:
    """A call; ``agent`` None: nobody answered it."""
    talk = Talk(
        seat=SeatId("chifeng-1001"),
        agent=AgentId(agent or ""),
        since=at + timedelta(seconds=9),
        until=at + timedelta(seconds=69),
    )
    return CallRecord(
        call=call,
        centre=centre,
        line=LineId("8337772"),
        dnis="8337772",
        ani=ani,
        arrived_at=at,
        ended_at=at + timedelta(seconds=70),
        disposition=Disposition.ANSWERED if agent else Disposition.ABANDONED,
        cause=16,
        offers=(Offered(seat=SeatId("chifeng-1001"), at=at, outcome="answered"),),
        talks=(talk,) if agent else (),
    )


def missed_task(
    call: str = "node1-1795310090.7",
    *,
    centre: CentreId = CHIFENG,
    ani: str = ANI,
    ago: timedelta = timedelta(hours=1),
) -> Task:
    """A caller who called in vain that long ago, by the real clock."""
    at = datetime.now(UTC) - ago
    record = call_record(CallId(call), agent=None, centre=centre, ani=ani, at=at)
    [task] = line_up([record], {})
    return task


def draft_of(record: CallRecord) -> WorkOrderDraft:
    """The order a worker would make of it."""
    draft = opening(record)
    heard = Evidence(
        field="place.text",
        kind="speech",
        channel="caller",
        start_s=8.0,
        end_s=14.2,
        text="我家在松山区玉龙街道天颐花园小区",
    )
    return draft.model_copy(
        update={
            "demand_type": "complaint",
            "title": "松山区天颐花园小区供热不足",
            "summary": "来电人反映小区连续三天室温不足十六度，要求供热公司尽快处理。",
            "content": f"来电人反映天颐花园小区供热不足，留联系电话{record.ani}。",
            "place": Place(text="松山区玉龙街道天颐花园小区", region="松山区", township="玉龙街道"),
            "evidence": (*draft.evidence, heard),
            "transcript": Transcript(engine="whisper-base", confidence=0.86),
            "recording": Recording(url=f"/api/v1/calls/{record.call}/recording", seconds=60.0),
        }
    )


SEGMENTS = (
    Segment(
        channel="agent", start_s=0.6, end_s=4.1, text="您好，赤峰一二三四五，请讲。", confidence=0.9
    ),
    Segment(
        channel="caller",
        start_s=4.9,
        end_s=14.2,
        text="你好，我要投诉供热，我家在松山区玉龙街道天颐花园小区，这三天屋里都不到十六度。",
        confidence=0.84,
    ),
    Segment(
        channel="agent",
        start_s=15.0,
        end_s=19.3,
        text="好的，我帮您登记。请问您联系过供热公司吗？",
        confidence=0.88,
    ),
    Segment(
        channel="caller",
        start_s=20.0,
        end_s=26.8,
        text="打过两次电话，都说派人来看，到现在也没有人来，家里还有老人和孩子。",
        confidence=0.83,
    ),
)


def write_wav(path: Path, seconds: float = 60.0) -> None:
    """A stereo file of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0\0\0" * int(8000 * seconds))


def fill(store: FakeStore, recordings: Path) -> WorkOrderDraft:
    """Put the sample into a store, its audio into the recordings; returns the order."""
    record = call_record()
    draft = draft_of(record)
    store.kept_calls[record.call] = record
    store.kept_orders[draft.id] = draft
    store.spoken[record.call] = SEGMENTS
    store.recordings[record.call] = FakeRecording(stereo=f"{record.call}.wav", seconds=60.0)
    write_wav(recordings / f"{record.call}.wav")
    return draft
