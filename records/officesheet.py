"""What of an order may leave to an office: the matter, and of the caller almost nothing. Pure.

Whoever is complained about must not learn who complained. So the caller's name, contact, employer
and home never leave with a complaint or a report, whoever consents; and about illegal building,
demolition, fumes and noise, where neighbours guess quickly, nothing of the caller leaves without
consent. Everything else is chosen, too: what is not named in ``OfficeSheet`` stays here, such as
the recording, the call and the evidence.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from config.workdays import CHINA
from records.draft import (
    Amount,
    Caller,
    Deadlines,
    DemandType,
    Office,
    Place,
    Urgency,
    When,
    WorkOrderDraft,
)
from records.masking import mask_text

CLOSED: Final = {
    "违法建设": re.compile(r"违建|违章建筑|违法建[筑设]|私搭乱建|乱搭乱建|私自(?:搭|加)[建盖]"),
    "拆迁征收": re.compile(r"拆迁|强拆|征收|征地|棚改|动迁|回迁|拆我?们?家?的?房"),
    "油烟异味": re.compile(
        r"油烟|排烟|呛人|熏人|烧烤[^，。]{0,6}(?:烟|味)|饭[店馆][^，。]{0,6}(?:烟|味)"
    ),
    "噪声扰民": re.compile(
        r"噪[音声]|扰民|太吵|吵得|吵死|广场舞|音响声|(?:夜里|晚上|半夜|凌晨)[^，。]{0,8}施工"
    ),
}
"""Matters about which nothing of the caller leaves without consent."""

_CLAUSE: Final = re.compile(r"[^，。；！？,;!?]+[，。；！？,;!?]*")
_I: Final = r"(?:我们?|本人|俺们?|咱们?)"
_NAMES: Final = re.compile(
    rf"{_I}(?:的名字)?(?:姓|叫|名叫)|免贵姓|{_I}的(?:名字|姓名|身份证)|叫我[\u4e00-\u9fff]"
)
_CONTACT: Final = re.compile(
    rf"{_I}的?(?:电话|手机|号码|联系方式|微信|邮箱)|(?:联系|打给|回给|打回给?|回复){_I}|这个(?:电话|号码)"
)
_HOME: Final = re.compile(
    rf"{_I}(?:的)?家(?:就|是)?(?:住|在|的)|{_I}(?:就|是)?住|家住|{_I}家(?=[\u4e00-\u9fff]{{0,12}}[小区村路街号])"
    rf"|{_I}(?:就)?是[^，。]{{1,20}}?(?:业主|住户|居民|村民|租户)"
)
_WORK: Final = re.compile(
    rf"{_I}(?:就|现在|一直)?(?:是|在|于)(?P<where>[^，。；！？,;!?]{{2,20}}?)(?:里|那边|这边)?的?"
    r"(?:上班|工作|打工|任职|干活|员工|职工|工人|老师|教师|学生|司机|护士|医生)"
)
_LABOUR: Final = re.compile(r"工资|欠薪|社保|劳动合同|工伤|辞退|开除|加班|五险|公积金")
_DOOR: Final = re.compile(
    r"[\dA-Za-z零〇一二三四五六七八九十百两]+(?:号楼|号院|栋|幢|座|单元|门|层|楼|室|户|号|组).*$"
)


class OfficeSheet(BaseModel):
    """An order as an office reads it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    received_on: date
    """The day in China. The minute would tell a neighbour who was on the telephone then."""
    demand_type: DemandType | None
    title: str | None
    summary: str | None
    content: str | None
    place: Place
    when: When
    amounts: tuple[Amount, ...]
    offices: tuple[Office, ...]
    urgency: Urgency | None
    deadlines: Deadlines
    caller_number: str | None
    caller_name: str | None
    withheld: str
    """Why nothing of the caller is said, to be read by people; '' where contact is given."""


def for_office(draft: WorkOrderDraft) -> OfficeSheet:
    """The order without whatever the office may not know."""
    withheld = why_withheld(draft)
    contact = Caller() if withheld else draft.caller
    is_closed = bool(withheld) and closed_matter(draft) is not None
    return OfficeSheet(
        id=draft.id,
        received_on=draft.received_at.astimezone(CHINA).date(),
        demand_type=draft.demand_type,
        title=without_caller(draft, draft.title),
        summary=without_caller(draft, draft.summary),
        content=None if is_closed else without_caller(draft, draft.content),
        place=_place(draft),
        when=draft.when,
        amounts=draft.amounts,
        offices=draft.offices,
        urgency=draft.urgency,
        deadlines=draft.deadlines,
        caller_number=contact.number,
        caller_name=contact.name,
        withheld=withheld,
    )


def why_withheld(draft: WorkOrderDraft) -> str:
    """Why the office may not know who called; '' when it may."""
    if draft.caller.anonymous:
        return "来电人要求匿名"
    if draft.demand_type in ("complaint", "report"):
        return "投诉、举报不告知来电人身份"
    if draft.caller.disclosure_consent:
        return ""
    matter = closed_matter(draft)
    return "来电人没有同意告知身份" if matter is None else f"{matter}，来电人没有同意告知身份"


def closed_matter(draft: WorkOrderDraft) -> str | None:
    """Which of the matters the order is about where nothing leaves without consent."""
    text = "。".join(_texts(draft))
    return next((name for name, words in CLOSED.items() if words.search(text)), None)


def without_caller(draft: WorkOrderDraft, text: str | None) -> str | None:
    """The text without the clauses in which the caller says who they are, where they live or work,
    and how they are reached. Other people's numbers are masked; what is left may be empty.
    """
    if text is None:
        return None
    is_labour = bool(_LABOUR.search("。".join(_texts(draft))))
    kept = "".join(
        _kept(clause, draft.caller, is_labour=is_labour) for clause in _CLAUSE.findall(text)
    )
    for exact, rough in _doors(draft):
        kept = kept.replace(exact, rough)
    return mask_text(kept, {draft.dialled.number})


def _kept(clause: str, caller: Caller, *, is_labour: bool) -> str:
    told = caller.name or ""
    if len(told) > 1 and told in clause:
        return ""
    if caller.number and caller.number in clause:
        return ""
    if any(words.search(clause) for words in (_NAMES, _CONTACT, _HOME)):
        return ""
    work = _WORK.search(clause)
    if work is None:
        return clause
    # about wages the employer is the matter: it is named, but not that the caller works there
    return f"涉及{work['where']}{clause[work.end() :]}" if is_labour else ""


def _place(draft: WorkOrderDraft) -> Place:
    place = draft.place
    rough = dict(_doors(draft))
    return place.model_copy(
        update={
            name: rough.get(value, value) or None
            for name, value in (("text", place.text), ("detail", place.detail))
            if value
        }
    )


def _doors(draft: WorkOrderDraft) -> list[tuple[str, str]]:
    """The place as it was said, and without the door, where it is the caller's own home.

    The compound stays: an office that may not know where to look can do nothing.
    """
    clauses = [clause for text in _texts(draft) for clause in _CLAUSE.findall(text)]
    homes = [clause for clause in clauses if _HOME.search(clause)]
    said = [draft.place.text, draft.place.detail]
    return [
        (place, _DOOR.sub("", place))
        for place in sorted({one for one in said if one}, key=len, reverse=True)
        if any(place in home for home in homes)
    ]


def _texts(draft: WorkOrderDraft) -> Iterable[str]:
    return [text for text in (draft.title, draft.summary, draft.content) if text]
