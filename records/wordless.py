"""What the draft of a call says whose caller left no words to draft from. Pure.

Nothing is guessed. A call without words still is a work order: somebody may have to call back, or
to listen to the recording. What is said of it stands on signalling and on the seconds heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from config.workdays import CHINA
from records.callrecord import CallRecord, Disposition
from records.draft import Evidence
from records.engine.guard import is_other_script
from records.engine.protocol import Gap, Segment, Transcript

DOUBTFUL: Final = 0.35
"""An utterance an engine believes in no more than this is no Mandarin it knows."""
_LEAST_S: Final = 4.0
"""Less than this says nothing about a caller's language: a cough, a name, a shout."""
_MOSTLY: Final = 0.7
"""So much of what was heard must be strange: who speaks with an accent says some of it clearly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordless:
    """Title, summary and what speaks for them."""

    title: str
    summary: str
    evidence: tuple[Evidence, ...]


def wordless(record: CallRecord, transcript: Transcript) -> Wordless | None:
    """Say why there are no words; None where the caller's words can be drafted from."""
    strange = _strange(transcript)
    if strange:
        return Wordless(
            title="来电人说的不像普通话",
            summary="来电人说的不像普通话，没有据此填写，请人工听取录音。",
            evidence=_heard(strange, "（不像普通话）"),
        )
    if any(segment.channel == "caller" for segment in transcript.segments):
        return None
    unclear = [gap for gap in transcript.gaps if gap.channel == "caller"]
    if _is_answered(record) and unclear:
        return Wordless(
            title="没有听清的来电",
            summary="已接听，听到来电人的声音，但没有听清话语，请人工听取录音。",
            evidence=_heard(unclear, "（没有听清）"),
        )
    title, summary = _unspoken(record)
    return Wordless(title=title, summary=summary, evidence=_signalled(record))


def _strange(transcript: Transcript) -> list[Gap | Segment]:
    """The utterances in which the caller spoke no Mandarin, if that was most of them."""
    clear: list[Segment] = []
    strange: list[Gap | Segment] = [
        gap for gap in transcript.gaps if gap.channel == "caller" and gap.is_foreign
    ]
    for segment in transcript.segments:
        if segment.channel == "caller":
            is_strange = segment.confidence <= DOUBTFUL or is_other_script(segment.text)
            (strange if is_strange else clear).append(segment)
    strange_s = _length(strange)
    is_most = strange_s >= _MOSTLY * (strange_s + _length(clear))
    return strange if strange_s >= _LEAST_S and is_most else []


def _length(heard: Sequence[Gap | Segment]) -> float:
    return sum(one.end_s - one.start_s for one in heard)


def _heard(where: Sequence[Gap | Segment], what: str) -> tuple[Evidence, ...]:
    """The first seconds in which it was heard: whoever doubts it listens there."""
    first = min(where, key=lambda one: one.start_s)
    return tuple(
        Evidence(
            field=field,
            kind="speech",
            channel="caller",
            start_s=first.start_s,
            end_s=first.end_s,
            text=what,
        )
        for field in ("title", "summary")
    )


def _is_answered(record: CallRecord) -> bool:
    return record.disposition is Disposition.ANSWERED or bool(record.talks)


def _unspoken(record: CallRecord) -> tuple[str, str]:
    """Title and summary by how the call ended."""
    if _is_answered(record):
        return "无人说话的来电", "已接听，没有听到来电人说话，请听录音。"
    if record.disposition is Disposition.TOLD:
        return "已告知改拨12345的来电", "拨打的号码已取消，已告知改拨12345，通话结束。"
    if record.disposition is Disposition.BLOCKED:
        return "已谢绝的骚扰来电", "号码在骚扰来电名单中，已礼貌谢绝，通话结束。"
    if record.disposition is Disposition.UNREACHED:
        return "未接通的回拨", "回拨来电人，对方未接通。"
    until = record.answered_at or record.ended_at
    waited = f"，等待{(until - record.arrived_at).total_seconds():.0f}秒" if until else ""
    how = "线路中断" if record.disposition is Disposition.CUT else "来电人挂断"
    return "未接通来电，需要回拨", f"来电未接通{waited}后{how}，未留下话语。"


def _signalled(record: CallRecord) -> tuple[Evidence, ...]:
    ended = record.ended_at
    fact = "；".join(
        [
            f"来电 {record.arrived_at.astimezone(CHINA):%H:%M:%S}",
            f"结束 {ended.astimezone(CHINA):%H:%M:%S}" if ended else "结束时间未知",
            f"结果：{record.disposition.chinese}，振铃 {len(record.rung)} 次",
        ]
    )
    return tuple(
        Evidence(field=field, kind="signalling", text=fact) for field in ("title", "summary")
    )
