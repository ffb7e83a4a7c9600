"""What is wanted and whose it is: what the rules are sure of first, then what was learnt. Pure.

A caller who says 我要投诉 settles it. Otherwise the words of the trade and the learnt odds are put
together, and the odds that come out say how sure it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from config.profile import Profile
from records.demand import CHINESE, OUTRIGHT, Cue, demand_cues, demand_type
from records.draft import DemandType, Office
from records.learned import Guess, Learned, Reason
from records.office import find_offices, known_as, trade_words
from records.trades import KIN, OPEN, trade_of

SURE: Final = 0.5
"""Less sure than this, the lead office is left open: three are named, none is proposed."""
_LEAST: Final = 0.03
"""Nothing that is less likely is named, unless words of its trade were said or none is sure."""
_KIND_SURE: Final = 0.25
_FEWEST: Final = 5
"""Fewer characters than this say nothing by themselves: 喂，你好."""
_CUE: Final = 0.7
_WORD: Final = 1.0
"""How much a cue and a word of the trade weigh beside the learnt odds, in their logarithm."""
_MOST: Final = 3
_TINY: Final = 1e-4

Span = tuple[int, int]
_Name = TypeVar("_Name", bound=str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What is wanted, how likely that is, and the words that say so."""

    kind: DemandType | None
    """None: open; ``likely`` names the three it could be."""
    likely: tuple[tuple[DemandType, float], ...]
    spans: tuple[Span, ...]
    is_outright: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """At most three offices, the likeliest first, and the words that point to the first."""

    offices: tuple[Office, ...]
    spans: tuple[Span, ...]
    is_open: bool


def find_demand(text: str, guess: Guess | None) -> Demand:
    """Say what is wanted. Without a ``guess`` (nothing learnt) by the cues alone."""
    cues = demand_cues(text)
    by_rule = demand_type(cues)
    if by_rule is not None and (guess is None or _is_outright(cues, by_rule)):
        spans = _cue_spans(cues, by_rule)
        outright = _is_outright(cues, by_rule)
        return Demand(kind=by_rule, likely=((by_rule, 1.0),), spans=spans, is_outright=outright)
    if guess is None or len(text) < _FEWEST:
        return Demand(kind=None, likely=(), spans=())
    weights: dict[DemandType, float] = {}
    for cue in cues:
        weights[cue.demand] = weights.get(cue.demand, 0.0) + _CUE * cue.weight
    learnt = {kind: guess.likely.get(chinese, 0.0) for kind, chinese in CHINESE.items()}
    likely = _together(learnt, weights)
    ranked = sorted(likely, key=lambda kind: -likely[kind])[:_MOST]
    best = ranked[0]
    spans = (*_cue_spans(cues, best), *_reason_spans(guess.reasons.get(CHINESE[best], ())))
    return Demand(
        kind=best if likely[best] >= _KIND_SURE and spans else None,
        likely=tuple((kind, round(likely[kind], 2)) for kind in ranked),
        spans=_apart(spans),
    )


def find_lead(
    text: str, department: str, line: str, profile: Profile, guess: Guess | None
) -> Offices:
    """Say which offices may have to act.

    ``department`` and ``line`` are the dialled line's: who dials a department's own number means
    that department. Without a ``guess`` by the words of each trade alone.
    """
    by_rule = find_offices(text, department, line, profile)
    if guess is None or len(text) < _FEWEST:
        return Offices(offices=by_rule, spans=(), is_open=False)
    words = trade_words(text)
    likely = _together(guess.likely, {trade: _WORD * w for trade, (w, _) in words.items()})
    odds, why, reasons = _by_office(likely, words, guess, profile)
    dialled = {known_as(owner, profile): owner for owner in filter(None, department.split("、"))}
    ranked = sorted(odds, key=lambda name: (name not in dialled, -odds[name]))
    named = [*dict.fromkeys([*dialled, *ranked])][:_MOST]
    is_open = not dialled and odds[named[0]] < SURE
    kept = [
        name
        for name in named
        if is_open or name in dialled or odds[name] >= _LEAST or why.get(name)
    ]
    offices = []
    for name in kept:
        told = [f"拨打的是{dialled[name]}的{line}"] if name in dialled else []
        told += why.get(name, [])
        if odds.get(name, 0.0) >= _LEAST or not told:
            told.append(f"与同类来电相像，把握{100 * odds.get(name, 0.0):.0f}%")
        score = 1.0 if name in dialled else odds[name]
        begins = f"{OPEN}：" if is_open else ""
        offices.append(Office(name=name, score=round(score, 2), why=begins + "；".join(told)))
    if len(kept) < _MOST and (kin := KIN.get(trade_of(kept[0]))):
        offices += _helping(known_as(kin, profile), kept)
    spans = _apart(_reason_spans(reasons.get(kept[0], ())))
    return Offices(offices=tuple(offices), spans=spans, is_open=is_open)


def both(text: str, learned: Learned | None) -> tuple[Guess | None, Guess | None]:
    """What was learnt about this text: of demand and of office."""
    guessed = learned.guess(text) if learned else None
    return guessed or (None, None)


def _helping(kin: str, named: Sequence[str]) -> list[Office]:
    if kin in named:
        return []
    return [Office(name=kin, score=0.0, why=f"与{named[0]}职责相近，可能协办")]


def _by_office(
    likely: Mapping[str, float],
    words: Mapping[str, tuple[float, Sequence[str]]],
    guess: Guess,
    profile: Profile,
) -> tuple[dict[str, float], dict[str, list[str]], dict[str, tuple[Reason, ...]]]:
    """Trades as this city's offices: two trades of one office count together."""
    odds: dict[str, float] = {}
    why: dict[str, list[str]] = {}
    reasons: dict[str, tuple[Reason, ...]] = {}
    for trade in sorted(likely, key=lambda name: -likely[name])[: 2 * _MOST]:
        name = known_as(trade, profile)
        odds[name] = odds.get(name, 0.0) + likely[trade]
        if trade in words:
            why.setdefault(name, []).append(f"提到{'、'.join(words[trade][1])}")
        reasons[name] = (*reasons.get(name, ()), *guess.reasons.get(trade, ()))
    return odds, why, reasons


def _together(learnt: Mapping[_Name, float], weights: Mapping[_Name, float]) -> dict[_Name, float]:
    raised = {
        name: (learnt.get(name, 0.0) + _TINY) * math.exp(weights.get(name, 0.0))
        for name in {**learnt, **weights}
    }
    whole = sum(raised.values())
    return {name: value / whole for name, value in raised.items()}


def _is_outright(cues: Sequence[Cue], kind: DemandType) -> bool:
    return any(cue.demand == kind and cue.weight >= OUTRIGHT for cue in cues)


def _cue_spans(cues: Sequence[Cue], kind: DemandType) -> tuple[Span, ...]:
    strongest = sorted((c for c in cues if c.demand == kind), key=lambda c: -c.weight)[:_MOST]
    return tuple((cue.start, cue.end) for cue in strongest)


def _reason_spans(reasons: Sequence[Reason]) -> tuple[Span, ...]:
    spans = tuple((reason.start, reason.end) for reason in reasons)
    return tuple(span for span in spans if span[1] - span[0] > 1) or spans


def _apart(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The first three that do not overlap."""
    kept: list[Span] = []
    for start, end in spans:
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return tuple(kept[:_MOST])
