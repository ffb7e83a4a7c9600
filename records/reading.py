"""A draft work order as a person reads it: lines of Chinese, numbers masked. Pure.

For the terminal and for plain-text exports. Nothing here may show a whole telephone or identity
number: the database keeps them, the API shows them to those who may see them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from config.workdays import CHINA
from cti.ids import mask
from records.demand import CHINESE
from records.draft import Evidence, Spoken, WorkOrderDraft
from records.masking import mask_text

MODES = {"whole": "整体并入", "dual": "双号并行", "sub-centre": "设分中心", "own": "热线本号"}
STATUS = {"draft": "草稿", "submitted": "已提交", "delivered": "已派送", "void": "作废"}
URGENCY = {
    "normal": "一般",
    "same_day": "当日办理",
    "within_1h": "一小时内处置",
    "urgent": "紧急，立即处置",
}
DECISION = {"accept": "受理", "answered": "直接答复", "decline": "不予受理"}
MARKS = {5: "非常满意", 4: "满意", 3: "一般", 2: "不满意", 1: "非常不满意"}
SPEAKER = {"caller": "来电人", "agent": "话务员", "expert": "专家", "office": "部门"}

_UNKNOWN = "（未识别）"


def read_order(
    draft: WorkOrderDraft,
    segments: Iterable[Spoken],
    public: Collection[str] = (),
    file: str | None = None,
) -> list[str]:
    """Return the order and its transcript as lines.

    ``public`` numbers are our own lines'; ``file`` is the recording, where the reader may open it.
    """
    return [
        *read_facts(draft, public),
        *([f"录音文件：{file}"] if file else []),
        "",
        "通话记录",
        *(read_transcript(segments, public) or ["  （没有可读的语音）"]),
        *_gaps(draft),
    ]


def read_facts(draft: WorkOrderDraft, public: Collection[str] = ()) -> list[str]:
    """Return the order's fields, one a line, unknown ones said to be unknown."""

    def covered(text: str | None) -> str:
        return mask_text(text, public) if text else _UNKNOWN

    urgency = URGENCY[draft.urgency] if draft.urgency else _UNKNOWN
    demand = CHINESE[draft.demand_type] if draft.demand_type else _UNKNOWN
    decision = DECISION[draft.decision] if draft.decision else _UNKNOWN
    offices = [f"{office.name}（{mask_text(office.why, public)}）" for office in draft.offices]
    return [
        f"工单 {draft.id}（{STATUS[draft.status]}）",
        f"来电时间：{_at(draft.received_at)}",
        f"拨打号码：{_dialled(draft)}",
        f"来电号码：{_caller(draft)}",
        f"诉求类型：{demand}　紧急程度：{urgency}　处理意见：{decision}",
        f"标题：{covered(draft.title)}",
        f"地点：{_place(draft, public)}",
        f"时间：{_when(draft)}",
        f"摘要：{covered(draft.summary)}",
        f"建议承办：{'；'.join(offices) or _UNKNOWN}",
        f"录音：{_recording(draft)}",
        *([f"市民评价：{MARKS[draft.satisfaction]}"] if draft.satisfaction else []),
    ]


def read_transcript(segments: Iterable[Spoken], public: Collection[str] = ()) -> list[str]:
    """Return what was said, one stretch of speech a line, with its time and speaker."""
    return [
        f"  [{_clock(piece.start_s)}–{_clock(piece.end_s)}] "
        f"{SPEAKER.get(piece.channel, piece.channel)}：{mask_text(piece.text, public)}"
        for piece in segments
    ]


def read_evidence(evidence: Iterable[Evidence], public: Collection[str] = ()) -> list[str]:
    """Return why each field says what it says, for ``--explain``."""
    kinds = {"speech": "通话", "signalling": "信令", "agent": "话务员", "rule": "规则"}
    lines = []
    for piece in evidence:
        where = ""
        if piece.channel and piece.start_s is not None and piece.end_s is not None:
            who = SPEAKER[piece.channel]
            where = f" {who} {_clock(piece.start_s)}–{_clock(piece.end_s)}"
        said = mask(piece.text) if piece.field == "caller.number" else mask_text(piece.text, public)
        lines.append(f"  {piece.field} ← {kinds[piece.kind]}{where}：{said}")
    return lines


def _dialled(draft: WorkOrderDraft) -> str:
    line = draft.dialled
    name = " ".join(part for part in (line.department, line.name) if part)
    mode = f"（{MODES.get(line.mode, line.mode)}）" if line.mode else ""
    return f"{line.number} {name}{mode}".strip()


def _caller(draft: WorkOrderDraft) -> str:
    number = mask(draft.caller.number) if draft.caller.number else "（未显示）"
    name = f"，自称姓名：{draft.caller.name[0]}*" if draft.caller.name else ""
    return number + ("，要求匿名" if draft.caller.anonymous else name)


def _place(draft: WorkOrderDraft, public: Collection[str]) -> str:
    place = draft.place
    known = [part for part in (place.region, place.township, place.detail) if part]
    if not known and not place.text:
        return _UNKNOWN
    spoken = f"（原话：{mask_text(place.text, public)}）" if place.text else ""
    return "".join(known) + spoken


def _when(draft: WorkOrderDraft) -> str:
    when = draft.when
    if not when.text:
        return _UNKNOWN
    return (
        f"{when.text}（{_at(when.start)} 至 {_at(when.end)}）"
        if when.start and when.end
        else when.text
    )


def _recording(draft: WorkOrderDraft) -> str:
    if draft.recording.url is None or draft.recording.seconds is None:
        return "（没有录音）"
    return f"{draft.recording.url}（{_clock(draft.recording.seconds)}）"


def _gaps(draft: WorkOrderDraft) -> list[str]:
    return [
        f"  [{_clock(gap.start_s)}–{_clock(gap.end_s)}] （有声音，未能识别）"
        for gap in draft.transcript.gaps
    ]


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02}:{rest:02}"
