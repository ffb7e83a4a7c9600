"""What agents and administrators will notice of a change: seats, facts, peers, tables. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pydantic import BaseModel

from config.callers import Caller
from config.contacts import Contact
from config.duties import DutyPlan
from config.experts import Expert
from config.facts import Facts
from config.knowledge import Article
from config.ledger import Line
from config.ledgertable import (
    BEGINS,
    DEPARTMENT,
    DESTINATION,
    ENDS,
    EXCEPTION,
    HOURS,
    LANGUAGE,
    MODE,
    NAME,
    PEER,
    SEATING,
)
from config.linkage import Linkage
from config.openings import Opening
from config.overflow import OverflowStep
from config.owndays import OwnDay
from config.peers import Peer, Relation
from config.platform import Platform
from config.profile import Profile
from config.reach import LAST, Reach
from config.rules import Refusal
from config.seats import SeatPlan
from cti.ids import mask
from ivr.text import PromptText, queue_prompts, standing_prompts

_SHOWN = 6
_MOBILE = 11
"""Digits."""

FACTS = {
    "name": "热线名称", "city": "城市", "area_code": "区号", "level": "层级", "trunks": "中继地址",
    "skills": "技能", "wrap_up_s": "话后整理时间（秒）", "ring_s": "每次振铃时间（秒）",
    "outside_ring_s": "对端振铃时间（秒）", "announce_recording": "播报录音提示", "voice": "音色",
    "survey": "通话后请市民评价", "dial_out": "呼出地址", "dial_out_prefix": "呼出前缀",
    "callback_attempts": "回拨次数", "callback_pause_s": "回拨间隔（秒）",
    "after_cancel": "取消后的来电", "transition_begins": "过渡开始", "transition_ends": "过渡结束",
    "widens_s": "等待首选座席（秒）", "last_seat_s": "等待上次座席（秒）",
    "classes": "来电人优先（秒）", "work_hours": "工作时间",
    "consult_recorded": "咨询专家时另存录音", "supervise_tone": "监听提示音",
    "typed_numbers": "可以转到手输号码的人", "first_answerer": "首接规则",
    "typed_peer": "手输号码的对端", "events_url": "来电事件推送地址", "orders_url": "工单送达地址",
    "pop_url": "弹屏地址",
    "pop_whole_number": "弹屏给完整号码", "page_origins": "可嵌入座席的网页",
    "scope_out": "不归并的类别", "centres": "下级中心", "limits": "办理时限",
}  # fmt: skip
"""What each fact of ``profile.toml`` is called."""


class Difference(NamedTuple):
    """One thing that is not as it was: '' for nothing there."""

    kind: str
    centre: str
    what: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """The sentence people read."""
        if not self.before:
            return f"增加{self.what}：{self.after}"
        if not self.after:
            return f"去掉{self.what}（原：{self.before}）"
        return f"{self.what}由「{self.before}」改为「{self.after}」"


def differences(before: Platform, after: Platform) -> list[Difference]:
    """All that differs but what callers hear and where they go."""
    old = {profile.centre: profile for profile in before}
    new = {profile.centre: profile for profile in after}
    found: list[Difference] = []
    for centre, now in new.items():
        was = old.get(centre)
        if was is None:
            found.append(Difference("centre", centre, f"中心「{now.name}」", "", _size(now)))
        elif was != now:
            found += _in_centre(was, now)
    found += [
        Difference("centre", centre, f"中心「{was.name}」", _size(was), "")
        for centre, was in old.items()
        if centre not in new
    ]
    return found + _prompts(before.home, after.home)


def _size(profile: Profile) -> str:
    return f"{len(profile.lines)}个号码，{len(profile.seats)}个座席"


def _in_centre(was: Profile, now: Profile) -> Iterator[Difference]:
    """What differs in a centre that was there and still is."""
    yield from _facts(was, now)
    yield from _rows(now, "line", was.by_number, now.by_number, "号码", _line_cells)
    old, new = _keyed(was), _keyed(now)
    for kind, called, cells in _tables():
        yield from _rows(now, kind, old[kind], new[kind], called, cells)
    yield from _names(now, "office", "承办单位", _offices(was), _offices(now))
    yield from _names(now, "place", "地名", _places(was), _places(now))
    yield from _names(now, "term", "热词", was.terms, now.terms)


def _tables() -> list[tuple[str, str, Callable[..., dict[str, str]]]]:
    """The tables of rows that callers do not notice, what a row of each is called, its cells."""
    return [
        ("seat", "座席", _seat_cells),
        ("caller", "来电人", _caller_cells),
        ("duty", "值班", _duty_cells),
        ("overflow", "溢出", _overflow_cells),
        ("peer", "对端", _peer_cells),
        ("relation", "", _relation_cells),
        ("linkage", "联动号码", _linkage_cells),
        ("expert", "专家", _expert_cells),
        ("contact", "部门电话", _contact_cells),
        ("refusal", "不予受理理由", _refusal_cells),
        ("article", "知识", _article_cells),
        ("opening", "第一句话", _opening_cells),
        ("day", "本地日历", _day_cells),
    ]


def _keyed(p: Profile) -> dict[str, Mapping[str, BaseModel]]:
    """The rows of those tables by what tells one from another."""
    return {
        "seat": {x.extension: x for x in p.seats},
        "caller": {f"「{x.name}」（{mask(x.number)}）": x for x in p.callers},
        "duty": {f"「{x.name}」（{x.written}，{_whose(x)}）": x for x in p.duties},
        "overflow": {f"第{x.order}步（{_whose(x)}）": x for x in p.overflow},
        "peer": {x.id: x for x in p.peers},
        "relation": {f"{x.kind.value}「{x.name}」": x for x in p.relations},
        "linkage": {x.number: x for x in p.linkage},
        "expert": {f"「{x.trade}」{x.name}（{_way(x.reach)}）": x for x in p.experts},
        "contact": {f"「{x.department}」{x.kind.value}（{_way(x.reach)}）": x for x in p.contacts},
        "refusal": {x.id: x for x in p.refusals},
        "article": {f"「{x.title}」（{x.id}）": x for x in p.knowledge},
        "opening": {f"{x.occasion}（{'、'.join(x.lines) or '全部'}）": x for x in p.openings},
        "day": {x.written: x for x in p.days},
    }


def _facts(was: Profile, now: Profile) -> Iterator[Difference]:
    for field in Facts.model_fields:
        old, new = getattr(was, field), getattr(now, field)
        if old != new:
            told = FACTS.get(field, field)
            yield Difference("fact", now.centre, told, _value(old), _value(new))


def _value(value: object) -> str:
    """A fact as it may be read; never ''."""
    match value:
        case None:
            return "未定"
        case bool():
            return "是" if value else "否"
        case BaseModel():
            pairs = (f"{key}={_value(part)}" for key, part in value if part is not None)
            return "、".join(pairs) or "未定"
        case Mapping():
            return "、".join(f"{key}={_value(part)}" for key, part in value.items()) or "无"
        case tuple():
            return "、".join(map(str, value)) or "无"
        case float():
            return f"{value:g}"
        case _:
            return str(getattr(value, "chinese", value))


def _rows(
    now: Profile,
    kind: str,
    old: Mapping[str, BaseModel],
    new: Mapping[str, BaseModel],
    called: str,
    cells: Callable[..., dict[str, str]],
) -> Iterator[Difference]:
    """Rows that came, went or say something else; where they stand does not count."""
    for key in dict.fromkeys((*old, *new)):
        was, is_now = old.get(key), new.get(key)
        if was == is_now:
            continue
        what = f"{called}{key}"
        if was is None or is_now is None:
            told = "，".join(filter(None, cells(was or is_now).values())) or "有"
            sides = ("", told) if was is None else (told, "")
            yield Difference(kind, now.centre, what, *sides)
            continue
        were, are = cells(was), cells(is_now)
        for name in were:
            if were[name] != are[name]:
                told_by = f"{what}的{name}"
                yield Difference(
                    kind, now.centre, told_by, were[name] or "（空）", are[name] or "（空）"
                )


def _names(
    now: Profile, kind: str, called: str, old: Iterable[str], new: Iterable[str]
) -> Iterator[Difference]:
    """Lists of names: those that came, and those that went, each told in one sentence."""
    were, are = dict.fromkeys(old), dict.fromkeys(new)
    came, went = [n for n in are if n not in were], [n for n in were if n not in are]
    if came:
        yield Difference(kind, now.centre, f"{called}{len(came)}个", "", _few(came))
    if went:
        yield Difference(kind, now.centre, f"{called}{len(went)}个", _few(went), "")


def _few(names: Sequence[str]) -> str:
    return "、".join(names[:_SHOWN]) + ("等" if len(names) > _SHOWN else "")


def _offices(profile: Profile) -> Iterator[str]:
    for office in profile.offices:
        yield f"{office.name}（{'、'.join(office.aliases)}）" if office.aliases else office.name


def _places(profile: Profile) -> Iterator[str]:
    return (f"{place.district}{place.township}" for place in profile.gazetteer)


def _line_cells(line: Line) -> dict[str, str]:
    return {
        NAME: line.name,
        DEPARTMENT: line.department,
        MODE: line.mode.chinese,
        SEATING: line.seating.chinese,
        BEGINS: str(line.begins or ""),
        ENDS: str(line.ends or ""),
        PEER: line.peer,
        DESTINATION: line.destination,
        HOURS: "" if line.hours.is_always else line.hours.chinese,
        LANGUAGE: line.language,
        EXCEPTION: line.exception,
    }


def _seat_cells(seat: SeatPlan) -> dict[str, str]:
    kind = "专家" if seat.is_expert else "话务员"
    skills = (f"{skill}{seat.levels.get(skill, '')}" for skill in sorted(seat.skills))
    return {"姓名": seat.name, "技能": "、".join(skills), "类别": kind}


def _caller_cells(caller: Caller) -> dict[str, str]:
    until = str(caller.until or "")
    return {"类别": caller.kind, "技能": caller.skill, "到期": until}


def _whose(row: DutyPlan | OverflowStep) -> str:
    return "、".join(row.lines) or "全部线路"


def _duty_cells(duty: DutyPlan) -> dict[str, str]:
    return {"类别": duty.kind, "座席": "、".join(duty.seats)}


def _overflow_cells(step: OverflowStep) -> dict[str, str]:
    return {"步骤": step.written}


def _peer_cells(peer: Peer) -> dict[str, str]:
    where = f"{peer.address}:{peer.port}"
    return {"名称": peer.name, "地址": where, "接口": peer.interface}


def _relation_cells(relation: Relation) -> dict[str, str]:
    return {
        "区号": relation.area_code,
        "对端": relation.peer,
        "号码": relation.number,
        "座席时间": "" if relation.hours.is_always else relation.hours.chinese,
        "振铃": _ring(relation.ring_s),
        "处理": relation.handling.value if relation.handling else "",
    }


def _linkage_cells(linkage: Linkage) -> dict[str, str]:
    return {
        "名称": linkage.name,
        "类别": linkage.kind.value,
        "处理": linkage.handling.value,
        "对端": linkage.peer,
        "转接号码": linkage.destination,
        "备用对端": linkage.backup_peer,
        "备用号码": linkage.backup_destination,
        "座席时间": linkage.hours.chinese,
        "振铃": _ring(linkage.ring_s),
        "接口": linkage.interface,
    }


def _way(reach: Reach) -> str:
    """A row's way, by which it is known. A number as long as a mobile's may be a person's."""
    number = mask(reach.number) if len(reach.number) >= _MOBILE else reach.number
    way = f"座席{reach.seat}" if reach.seat else f"{reach.peer}{number}"
    return f"{way}，{reach.shift.written}" if reach.shift.written else way


def _reach_cells(reach: Reach) -> dict[str, str]:
    order = "" if reach.order == LAST else str(reach.order)
    return {"次序": order, "振铃": _ring(reach.ring_s)}


def _ring(seconds: int) -> str:
    return f"{seconds}秒" if seconds else ""


def _expert_cells(expert: Expert) -> dict[str, str]:
    return {
        "线路": "、".join(expert.lines),
        **_reach_cells(expert.reach),
        "处理": expert.handling.value if expert.handling else "",
        "说明": expert.note,
    }


def _contact_cells(contact: Contact) -> dict[str, str]:
    return {
        **_reach_cells(contact.reach),
        "处理": contact.handling.value if contact.handling else "",
        "告知号码": contact.told,
        "24小时响应": "是" if contact.is_bound else "",
        "说明": contact.note,
    }


def _opening_cells(x: Opening) -> dict[str, str]:
    return {"话术": x.words}


def _day_cells(x: OwnDay) -> dict[str, str]:
    return {"类别": x.kind.value, "名称": x.name}


def _article_cells(x: Article) -> dict[str, str]:
    days = "至".join(str(day) if day else "" for day in (x.since, x.until))
    return {
        "问法": "；".join(x.asked),
        "答复": x.answer,
        "单位": x.office,
        "有效期": days.strip("至"),
        "出处": x.source,
    }


def _refusal_cells(refusal: Refusal) -> dict[str, str]:
    return {"理由": refusal.reason, "话术": refusal.words, "出处": refusal.source}


def _prompts(was: Profile, now: Profile) -> list[Difference]:
    """The prompts that any call may hear, which the home centre speaks."""
    old, new = (
        {p.id: p for p in (*standing_prompts(home), *queue_prompts(home))} for home in (was, now)
    )
    return [
        Difference("prompt", now.centre, f"提示音{name}", _said(old[name]), _said(new[name]))
        for name in new
        if name in old and _said(old[name]) != _said(new[name])
    ]


def _said(prompt: PromptText) -> str:
    return f"录音{prompt.recording}" if prompt.recording else prompt.text
