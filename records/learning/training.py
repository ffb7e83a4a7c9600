"""Weights from made callers: multinomial logistic regression, the same each time it is run."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from records.grams import grams
from records.learned import Classes, Learned
from records.learning.making import Made

FEWEST: Final = 3
"""A gram of fewer texts than this is learnt by heart rather than understood."""
ROUNDS: Final = 40
PENALTY: Final = 0.15
"""On the square of each weight, summed over all texts."""

Floats = NDArray[np.float64]


SHARPNESS: Final = {"demand": 1.5, "trade": 1.7}
"""What makes the odds honest on matters that were held out (``--held-out``)."""


def train(made: Sequence[Made]) -> Learned:
    """Learn both classifiers."""
    counted = [Counter(gram.said for gram in grams(each.text)) for each in made]
    place, rarity = _vocabulary(counted)
    rows = _matrix(counted, place, rarity)
    return Learned(
        place,
        rarity,
        demand=_fit(rows, [each.kind for each in made], SHARPNESS["demand"]),
        trade=_fit(rows, [each.trade for each in made], SHARPNESS["trade"]),
    )


def sharpness(learned: Learned, made: Sequence[Made]) -> dict[str, float]:
    """The factors that make these callers' labels likeliest."""
    counted = [Counter(gram.said for gram in grams(each.text)) for each in made]
    rows = _matrix(counted, dict(learned.place), learned.rarity)

    def best(classes: Classes, labels: Sequence[str]) -> float:
        scores = rows @ classes.weights.astype(np.float64) + classes.bias
        wanted = [classes.names.index(label) for label in labels]
        at = np.arange(len(labels))
        factors = [round(0.5 + 0.05 * n, 2) for n in range(60)]
        costs = [-np.log(_likely(scores * factor)[at, wanted]).sum() for factor in factors]
        return factors[int(np.argmin(costs))]

    return {
        "demand": best(learned.demand, [each.kind for each in made]),
        "trade": best(learned.trade, [each.trade for each in made]),
    }


def _vocabulary(counted: Sequence[Counter[str]]) -> tuple[dict[str, int], NDArray[np.float32]]:
    spread = Counter(gram for one in counted for gram in one)
    kept = sorted(gram for gram, texts in spread.items() if texts >= FEWEST)
    rarity = [np.log((1 + len(counted)) / (1 + spread[gram])) + 1 for gram in kept]
    return {gram: at for at, gram in enumerate(kept)}, np.array(rarity, dtype=np.float32)


def _matrix(
    counted: Sequence[Counter[str]], place: dict[str, int], rarity: NDArray[np.float32]
) -> csr_matrix:
    data, columns, ends = [], [], [0]
    for one in counted:
        known = [(place[gram], times) for gram, times in one.items() if gram in place]
        at = np.array([row for row, _ in known], dtype=np.intp)
        values = (1 + np.log(np.array([times for _, times in known]))) * rarity[at]
        data.append(values / np.sqrt((values * values).sum()))
        columns.append(at)
        ends.append(ends[-1] + len(known))
    shape = (len(counted), len(place))
    return csr_matrix((np.concatenate(data), np.concatenate(columns), ends), shape=shape)


def _fit(rows: csr_matrix, labels: Sequence[str], factor: float) -> Classes:
    names = tuple(sorted(set(labels)))
    target = np.zeros((len(labels), len(names)))
    target[np.arange(len(labels)), [names.index(label) for label in labels]] = 1
    shape = (rows.shape[1] + 1, len(names))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        likely = _likely(rows @ weights[:-1] + weights[-1])
        off = likely - target
        slope = np.vstack([rows.T @ off + PENALTY * weights[:-1], off.sum(axis=0)])
        cost = -np.log(likely[target > 0]).sum() + PENALTY / 2 * (weights[:-1] ** 2).sum()
        return float(cost), slope.ravel()

    start = np.zeros(shape[0] * shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    weights = found.x.reshape(shape)
    return Classes(
        names=names,
        weights=weights[:-1].astype(np.float32),
        bias=weights[-1].astype(np.float32),
        sharpness=factor,
    )


def _likely(scores: Floats) -> Floats:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True) + 1e-12)
