"""Where a call was moved, told from its record and its journal. Pure.

The record says who was rung and who heard the caller; the journal says which move that was for and
how it went. Where the journal is silent, as after a blackout, the record's facts remain.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from config.workdays import CHINA
from cti.effects import WriteJournal
from cti.ids import LegId, SeatId
from records.callrecord import CallRecord, Offered, Talk
from records.draft import Evidence, MovedTo
from transfer.firstanswer import FirstAnswer
from transfer.step import Kind, Step
from transfer.target import TargetKind

BEGUN: Final = "move-begun"
RUNG: Final = "move-rung"
STEP: Final = "move-step"
OVER: Final = "move-over"
"""The journal's lines of a move. All carry its id as ``move``."""

_KINDS: Final = {
    Kind.BLIND.value: "直接转接",
    Kind.HAND_OVER.value: "转交热线",
    Kind.CONSULT.value: "咨询",
    Kind.THREE_WAY.value: "三方通话",
    Kind.EMERGENCY.value: "紧急三方",
}
_ENDS: Final = {
    Step.COMPLETED.value: "已转交",
    Step.RETURNED.value: "回到原座席或队列",
    Step.ABANDONED.value: "来电人挂断",
}
_TARGETS: Final = {kind.value: kind.chinese for kind in TargetKind}
_RULES: Final = {rule.value: rule.chinese for rule in FirstAnswer}
_OUTCOMES: Final = {
    "missed": "无人接听",
    "rejected": "占线或拒接",
    "unreachable": "无法接通",
    "caller-left": "未接听时已取消",
    "taken": "该座席正忙",
    "live": "尚未接听",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One move of a call, as far as it is known."""

    begun_at: datetime
    move: str = ""
    """Its id; '' of what only the record knows."""
    kind: str = ""
    """A ``Kind`` value; '' if nobody noted it."""
    target: str = ""
    name: str = ""
    """The target's name as it was then."""
    target_kind: str = ""
    seat: SeatId = SeatId("")
    """The initiator's; '' when there was none."""
    step: str = ""
    """How it ended, a final ``Step`` value; '' if nobody noted it."""
    over_at: datetime | None = None
    why: str = ""
    rule: str = ""
    """The first-answerer rule by which it was settled, a ``FirstAnswer`` value; '' if by none."""
    legs: tuple[LegId, ...] = ()
    """Whom it rang, in turn."""


def moves(record: CallRecord, journal: Iterable[WriteJournal]) -> list[Moved]:
    """Every move of a call in the order in which they began."""
    found: dict[str, Moved] = {}
    for line in journal:
        told = dict(line.data)
        move = told.get("move", "")
        known = found.get(move)
        if line.what == BEGUN:
            found[move] = _begun(line.at, told, known)
        elif known is not None and line.what == RUNG and "leg" in told:
            legs = dict.fromkeys((*known.legs, LegId(told["leg"])))
            found[move] = replace(known, legs=tuple(legs))
        elif known is not None and line.what == OVER:
            found[move] = replace(
                known,
                step=told.get("step", ""),
                over_at=line.at,
                why=told.get("why", ""),
                rule=told.get("rule", ""),
            )
    noted = {leg for one in found.values() for leg in one.legs}
    others = [
        Moved(begun_at=offer.at, target=offer.target, legs=(offer.leg,))
        for offer in record.offers
        if offer.leg and offer.leg not in noted
    ]
    return sorted((*found.values(), *others), key=lambda one: (one.begun_at, one.move))


def _begun(at: datetime, told: dict[str, str], known: Moved | None) -> Moved:
    begun = Moved(
        begun_at=at,
        move=told.get("move", ""),
        kind=told.get("kind", ""),
        target=told.get("target", ""),
        name=told.get("name", "") or told.get("number", ""),
        target_kind=told.get("target_kind", ""),
        seat=SeatId(told.get("seat", "")),
    )
    return begun if known is None else known


def with_targets(record: CallRecord, journal: Iterable[WriteJournal]) -> CallRecord:
    """Name in ``record`` whom its recipients were to be, where only the journal knows it."""
    whom = {leg: one.target for one in moves(record, journal) for leg in one.legs if one.target}
    offers = tuple(
        replace(one, target=whom[one.leg]) if not one.target and one.leg in whom else one
        for one in record.offers
    )
    talks = tuple(
        replace(one, target=whom[one.leg]) if not one.target and one.leg in whom else one
        for one in record.talks
    )
    return replace(record, offers=offers, talks=talks)


def shown(record: CallRecord, journal: Iterable[WriteJournal]) -> tuple[MovedTo, ...]:
    """The moves as a work order shows them."""
    return tuple(
        MovedTo(
            at=one.begun_at,
            kind=one.kind or None,
            target=one.target or None,
            name=_name(record, one),
            result=one.step or None,
            rule=one.rule or None,
        )
        for one in moves(record, journal)
    )


def evidence(record: CallRecord, journal: Iterable[WriteJournal]) -> list[Evidence]:
    """A line for each move: when, how, to whom, and what became of it."""
    return [
        Evidence(field="moves", kind="signalling", text=_told(record, one))
        for one in moves(record, journal)
    ]


def _told(record: CallRecord, one: Moved) -> str:
    kind = _KINDS.get(one.kind, "转接")
    what = _TARGETS.get(one.target_kind, "")
    name = _name(record, one)
    whom = f"{name}（{what}）" if what and what != name else name
    parts = [f"{_clock(one.begun_at)} {kind} {whom}"]
    rung = [offer for offer in record.offers if offer.leg in one.legs]
    talks = [talk for talk in record.talks if talk.leg in one.legs]
    parts += [_rung(offer) for offer in rung]
    parts += [_talked(talk) for talk in talks]
    if one.step in _ENDS:
        parts.append(_ENDS[one.step])
    if one.rule:
        parts.append(f"首接规则：{_RULES.get(one.rule, one.rule)}")
    return "，".join(parts)


def _name(record: CallRecord, one: Moved) -> str:
    """What people call it; of a target nobody named, where it was rung."""
    if one.name or one.target:
        return one.name or one.target
    rung: Sequence[Offered] = [offer for offer in record.offers if offer.leg in one.legs]
    where = rung[0].seat or rung[0].peer if rung else ""
    return str(where) or "其他号码"


def _rung(offer: Offered) -> str:
    said = _OUTCOMES.get(offer.outcome)
    return f"{_clock(offer.at)} 振铃（{said or '已接听'}）"


def _talked(talk: Talk) -> str:
    if talk.until is None:
        return f"{_clock(talk.since)} 起与来电人通话"
    return f"{_clock(talk.since)} 起与来电人通话{(talk.until - talk.since).total_seconds():.0f}秒"


def _clock(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%H:%M:%S}"
