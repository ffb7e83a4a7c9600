"""The likeliest text that sounds as what was heard. Pure.

An engine of the small kind gets the syllables right far more often than the characters: 公积金 is
heard and 攻击金 written. The words that sound alike make a lattice; the path through it that the
language model and the prices like best is the text that was meant. The text as it was heard is
one of the paths, so doubt leaves it alone.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from records.correction.dictionary import Favoured, Language
from records.correction.lattice import Arc, Lattice
from records.correction.locked import locked
from records.correction.port import LanguageModel, State

UNTOLD: Final = 2.2
"""What a changed character costs where the engine does not say how sure it is."""
EVEN: Final = 1.2
"""The same where the engine is as sure as not."""
SURENESS: Final = 0.6
"""How much more for each power of ten that the engine is surer."""
_CHEAPEST, _DEAREST = 0.2, 2.5
_BEAM: Final = 12
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[^\u4e00-\u9fff]+")
_BREAKS = re.compile(r"[0-9A-Za-z]")
_AS_WORDS = ("三", "三十", "三百", "三千", "三万", "三十万")
"""What stands in for a number in digits, by its length: 交了4200元 reads on as 交了三千元."""
_BEFORE: Final = 2
"""Words before that a trigram model looks at."""

_Words: TypeAlias = tuple["_Words", str] | None


@dataclass(slots=True)
class _Path:
    score: float
    state: State
    before: tuple[str, ...]
    words: _Words

    def text(self) -> str:
        parts = []
        rest = self.words
        while rest is not None:
            rest, word = rest
            parts.append(word)
        return "".join(reversed(parts))


class Mender:
    """Mends texts. Holds nothing of one text for the next."""

    def __init__(self, model: LanguageModel, language: Language) -> None:
        self._model = model
        self._lattice = Lattice(model, language)

    def mend(self, text: str, favoured: Favoured, sure: Sequence[float] = ()) -> str:
        """The text as it was meant: as long as it was, punctuation and numbers untouched.

        ``sure``: how sure the engine is of each Chinese character, if it can tell.
        """
        changing = _prices(text, sure)
        paths = [_Path(0.0, self._model.begin(), (), None)]
        for run in _RUNS.finditer(text):
            if "\u4e00" <= run[0][0] <= "\u9fff":
                arcs = self._lattice.arcs(run[0], changing[run.start() : run.end()], favoured)
                paths = self._through(paths, arcs)
            else:
                paths = self._past(paths, run[0])
        return max(paths, key=lambda path: path.score).text()

    def _past(self, paths: list[_Path], mark: str) -> list[_Path]:
        """Over what is no word: a comma does not end the sense, letters do, a number is one."""
        if not _BREAKS.search(mark):
            return [_Path(p.score, p.state, p.before, (p.words, mark)) for p in paths]
        if mark.isdecimal() and len(mark) <= len(_AS_WORDS):
            return [self._counted(path, mark) for path in paths]
        best = max(paths, key=lambda path: path.score)
        return [_Path(best.score, self._model.begin(), (), (best.words, mark))]

    def _counted(self, path: _Path, number: str) -> _Path:
        word = _AS_WORDS[len(number) - 1]
        likely, state = self._model.score(path.state, word)
        before = (*path.before, word)[-_BEFORE:]
        return _Path(path.score + likely, state, before, (path.words, number))

    def _through(self, paths: list[_Path], arcs: list[list[Arc]]) -> list[_Path]:
        columns: list[dict[tuple[str, ...], _Path]] = [{} for _ in range(len(arcs) + 1)]
        columns[0] = {path.before: path for path in reversed(paths)}
        for at, starting in enumerate(arcs):
            for path in _best(columns[at]):
                for arc in starting:
                    self._step(path, arc, columns[at + len(arc)])
        return _best(columns[-1])

    def _step(self, path: _Path, arc: Arc, column: dict[tuple[str, ...], _Path]) -> None:
        likely, state = self._model.score(path.state, arc.word)
        if arc.at_least is not None:
            if arc.word not in self._model:
                likely, state = arc.at_least, self._model.begin()
            likely = max(likely, arc.at_least)
        score = path.score + likely - arc.price
        before = (*path.before, arc.word)[-_BEFORE:]
        there = column.get(before)
        if there is None or there.score < score:
            column[before] = _Path(score, state, before, (path.words, arc.word))


def _best(column: dict[tuple[str, ...], _Path]) -> list[_Path]:
    return sorted(column.values(), key=lambda path: -path.score)[:_BEAM]


def _prices(text: str, sure: Sequence[float]) -> list[float | None]:
    """What it costs to change each character; None: it stays."""
    signs = [at for at, sign in enumerate(text) if "\u4e00" <= sign <= "\u9fff"]
    prices: list[float | None] = [UNTOLD] * len(text)
    if len(signs) == len(sure):
        for at, likely in zip(signs, sure, strict=True):
            prices[at] = _price(likely)
    return [None if stays else price for price, stays in zip(prices, locked(text), strict=True)]


def _price(sure: float) -> float:
    odds = math.log10(max(1e-4, sure) / max(1e-4, 1 - sure))
    return min(_DEAREST, max(_CHEAPEST, EVEN + SURENESS * odds))
