"""Demand and office as learnt from made callers: how likely each is, and which words say so. Pure.

Logistic regression over characters and sounds. The weights are trained by ``records.learning`` and
kept beside it; ``records.weights`` reads them.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from records.grams import Gram, grams

Numbers = NDArray[np.float32]
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Words of the text that speak for a class, as they stand in it, and how strongly."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How likely each class is; they add up to one."""

    likely: Mapping[str, float]
    reasons: Mapping[str, tuple[Reason, ...]]
    """For the three likeliest classes: the words that carried them most, the strongest first."""

    @property
    def best(self) -> str:
        """The likeliest class."""
        return max(self.likely, key=lambda name: self.likely[name])


@dataclass(frozen=True, slots=True, eq=False)
class Classes:
    """One classifier: what it tells apart, and the weights of every gram."""

    names: tuple[str, ...]
    weights: Numbers
    """One row a gram, one column a class."""
    bias: Numbers
    sharpness: float
    """What the scores are multiplied by, so that 0.8 is right four times in five."""


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """Both classifiers over one vocabulary."""

    place: Mapping[str, int]
    """The row of each gram."""
    rarity: Numbers
    demand: Classes
    trade: Classes

    def guess(self, text: str) -> tuple[Guess, Guess] | None:
        """What is wanted and whose it is; None when no gram of the text was ever learnt."""
        known = [gram for gram in grams(text) if gram.said in self.place]
        if not known:
            return None
        counts = Counter(self.place[gram.said] for gram in known)
        rows = np.fromiter(counts, dtype=np.intp)
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self.rarity[rows]
        values /= np.sqrt((values * values).sum())
        worth = {int(row): value / counts[row] for row, value in zip(rows, values, strict=True)}

        def one(classes: Classes) -> Guess:
            scores = (values @ classes.weights[rows] + classes.bias) * classes.sharpness
            odds = np.exp(scores - scores.max())
            likely = odds / odds.sum()
            mean = classes.weights.mean(axis=1)
            top = np.argsort(-likely)[:_MOST_WORDS]
            reasons = {
                classes.names[at]: _reasons(
                    known,
                    [
                        worth[row] * float(classes.weights[row, at] - mean[row])
                        for row in (self.place[gram.said] for gram in known)
                    ],
                    len(text),
                )
                for at in map(int, top)
            }
            named = zip(classes.names, map(float, likely), strict=True)
            return Guess(likely=dict(named), reasons=reasons)

        return one(self.demand), one(self.trade)


def _reasons(known: Sequence[Gram], weights: Sequence[float], length: int) -> tuple[Reason, ...]:
    """The stretches of text whose grams add most, never overlapping."""
    carried = np.zeros(length)
    for gram, weight in zip(known, weights, strict=True):
        carried[gram.start : gram.end] += weight / (gram.end - gram.start)
    found: list[Reason] = []
    level = max(float(carried.max()) / 4, 1e-6)
    at = 0
    while at < length:
        end = at
        while end < length and carried[end] >= level:
            end += 1
        if end > at:
            found.append(Reason(start=at, end=end, weight=float(carried[at:end].sum())))
        at = end + 1
    return tuple(sorted(found, key=lambda reason: -reason.weight)[:_MOST_WORDS])
