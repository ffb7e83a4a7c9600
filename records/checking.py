"""The draft looked over before it goes (智能审单): what is missing, what contradicts. Pure.

Nothing here stops an order: ``records.lacking`` names what must be filled in. A doubt is a
question to the agent, beside its field, with the seconds to listen to where speech gave rise to it.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from config.profile import Level, Profile
from config.workdays import CHINA
from records.amount import find_amounts
from records.draft import Spoken, WorkOrderDraft
from records.lacking import lacking
from records.masking import mask_text, spoken_numbers
from records.trades import OPEN, trade_of

Kind = Literal["missing", "contradiction", "doubt"]

_PLACED: Final = frozenset(
    {
        *("住房城乡建设局", "水利局", "生态环境局", "城市管理综合执法局", "公安局交警支队"),
        *("自然资源局", "林业和草原局", "供电公司", "消防救援支队", "应急管理局", "通信管理局"),
    }
)
"""Trades that can do nothing without knowing where."""
_PLACED_KINDS: Final = ("complaint", "report", "help")
_URGENT: Final = ("urgent", "within_1h")
_MOBILE_DIGITS: Final = 11
_MONEY: Final = re.compile(
    r"欠|押金|定金|工资|物业费|取暖费|学费|房租|电费|水费|赔|罚|贷款|一共|总共|交了|花了|充了"
)
_BEFORE: Final = 10
_OTHER_CITY: Final = re.compile(r"(?:在|住|位于|我是|地址是)([\u4e00-\u9fff]{2,3}市)(?![场政民])")
_LONG_GAP_S: Final = 3.0


class Doubt(BaseModel):
    """One question about one field; times are None where no speech gave rise to it."""

    model_config = ConfigDict(frozen=True)

    field: str
    kind: Kind
    why: str
    channel: str | None = None
    start_s: float | None = None
    end_s: float | None = None


def check(draft: WorkOrderDraft, spoken: Sequence[Spoken], profile: Profile) -> tuple[Doubt, ...]:
    """Every doubt about the draft, in the order of the form. ``spoken``: the call's transcript."""
    caller = [piece for piece in spoken if piece.channel == "caller"]
    return (
        *(Doubt(field=field, kind="missing", why=why) for field, why in lacking(draft)),
        *_where(draft, caller, profile),
        *_when(draft),
        *_money(caller),
        *_lead(draft),
        *_caller(draft, caller),
        *_unheard(draft),
    )


def _where(draft: WorkOrderDraft, caller: Sequence[Spoken], profile: Profile) -> Iterator[Doubt]:
    place = draft.place
    lead = trade_of(draft.offices[0].name) if draft.offices else ""
    is_somewhere = bool(place.text or place.region or place.detail)
    if not is_somewhere and draft.demand_type in _PLACED_KINDS and lead in _PLACED:
        why = f"这类诉求要到现场办，没有听到地点：请问清在哪里（{lead}）。"
        yield Doubt(field="place.text", kind="missing", why=why)
    elif draft.urgency in _URGENT and not place.detail and not place.text:
        yield Doubt(field="place.text", kind="missing", why="紧急事项没有具体位置，请追问。")
    districts = {row.district: row.township for row in profile.gazetteer}
    if place.region and districts and place.region not in districts:
        why = f"“{place.region}”不在本市地名表里，是否属于外市？"
        yield _at(draft, "place.region", "contradiction", why)
    towns = {row.district for row in profile.gazetteer if row.township == place.township}
    if place.township and place.region and towns and place.region not in towns:
        why = f"“{place.township}”属于{'、'.join(sorted(towns))}，与所填“{place.region}”不符。"
        yield _at(draft, "place.township", "contradiction", why)
    own = {profile.city, *districts}
    for piece in caller if profile.level is not Level.PROVINCE else ():
        for named in _OTHER_CITY.finditer(piece.text):
            if not any(named[1].endswith(city) for city in own):
                why = f"来电人提到“{named[1]}”，不在本市：请确认事发地。"
                yield _heard("place.text", "doubt", why, piece)


def _when(draft: WorkOrderDraft) -> Iterator[Doubt]:
    start, end = draft.when.start, draft.when.end
    has_happened = draft.demand_type in ("complaint", "report", "praise")
    if start and has_happened and start > draft.received_at:
        said = f"{start.astimezone(CHINA):%Y-%m-%d %H:%M}"
        why = f"事发时间{said}在来电之后，请核对。"
        yield _at(draft, "when.start", "contradiction", why, "when.text")
    if start and end and end < start:
        yield _at(draft, "when.start", "contradiction", "结束早于开始，请核对。", "when.text")


def _money(caller: Sequence[Spoken]) -> Iterator[Doubt]:
    """What was named twice, differently: 欠我一万六, later 欠我六千."""
    named: dict[str, tuple[float, str]] = {}
    for piece in caller:
        for each in find_amounts(piece.text):
            before = piece.text[max(0, each.start - _BEFORE) : each.start]
            what = [found[0] for found in _MONEY.finditer(before)][-1:]
            said = piece.text[each.start : each.end]
            if not what or each.is_about:
                continue
            earlier = named.setdefault(what[0], (each.yuan, said))
            if earlier[0] != each.yuan:
                why = f"“{what[0]}”的金额前后不一：先说{earlier[1]}，又说{said}，请核对。"
                yield _heard("content", "contradiction", why, piece)


def _lead(draft: WorkOrderDraft) -> Iterator[Doubt]:
    if draft.demand_type is None or draft.decision == "decline":
        return
    if not draft.offices:
        yield Doubt(field="offices", kind="missing", why="没有主办部门，请选择。")
    elif draft.offices[0].why.startswith(OPEN):
        likely = "、".join(f"{each.name}（{each.score:.2f}）" for each in draft.offices)
        yield _at(draft, "offices", "doubt", f"主办部门待定，最像的是：{likely}。")


def _caller(draft: WorkOrderDraft, caller: Sequence[Spoken]) -> Iterator[Doubt]:
    for piece in caller:
        for number in spoken_numbers(piece.text):
            count = len(number.digits)
            is_mobile = number.digits[0] == "1" and abs(count - _MOBILE_DIGITS) <= 2
            if number.kind == "other" and is_mobile and count != _MOBILE_DIGITS:
                much = "少" if count < _MOBILE_DIGITS else "多"
                off = abs(count - _MOBILE_DIGITS)
                why = f"听到的手机号是{count}位，{much}了{off}位：请与来电人核对。"
                yield _heard("caller.number", "doubt", why, piece)
    name = draft.caller.name
    told = "".join(filter(None, (draft.title, draft.summary, draft.content)))
    if draft.caller.anonymous and name and len(name) > 1 and name in told:
        why = "来电人要求保密，标题、摘要或内容里写着其姓名，请删去。"
        yield Doubt(field="content", kind="contradiction", why=why)
    if draft.caller.anonymous and mask_text(told) != told:
        why = "来电人要求保密，内容里写着电话或证件号码，请删去。"
        yield Doubt(field="content", kind="contradiction", why=why)
    if draft.urgency in _URGENT and draft.decision == "decline":
        why = "紧急事项不应不予受理，请核对紧急程度和办理意见。"
        yield _at(draft, "decision", "contradiction", why, "urgency")


def _unheard(draft: WorkOrderDraft) -> Iterator[Doubt]:
    for gap in draft.transcript.gaps:
        if gap.channel == "caller" and gap.end_s - gap.start_s >= _LONG_GAP_S:
            yield Doubt(
                field="content",
                kind="doubt",
                why=f"来电人有{gap.end_s - gap.start_s:.0f}秒没有听清，请听录音补上。",
                channel=gap.channel,
                start_s=gap.start_s,
                end_s=gap.end_s,
            )


def _heard(field: str, kind: Kind, why: str, piece: Spoken) -> Doubt:
    return Doubt(
        field=field,
        kind=kind,
        why=why,
        channel=piece.channel,
        start_s=piece.start_s,
        end_s=piece.end_s,
    )


def _at(draft: WorkOrderDraft, field: str, kind: Kind, why: str, said: str = "") -> Doubt:
    """A doubt with the seconds of the speech that filled the field, or the one it goes by."""
    for piece in draft.evidence:
        if piece.kind == "speech" and piece.field == (said or field):
            return Doubt(
                field=field,
                kind=kind,
                why=why,
                channel=piece.channel,
                start_s=piece.start_s,
                end_s=piece.end_s,
            )
    return Doubt(field=field, kind=kind, why=why)
