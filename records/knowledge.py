"""Finding the article that answers what was just said, by sound, so that a misheard word finds it.

Pure. Texts are compared by pairs of neighbouring syllables, without tones: what a recogniser gets
wrong it gets wrong in characters far more often than in sounds, and an agent who types in haste
makes the same kind of mistake. Rare pairs say more than common ones (BM25).
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from config.knowledge import Article
from cti.ids import AgentId
from records.pinyin import syllables

_TITLE: Final = 3.0
_ASKED: Final = 2.0
_ANSWER: Final = 0.5
"""How much a pair weighs by where it stands: an answer mentions many things."""
_K: Final = 1.2
_B: Final = 0.5
_LEAST: Final = 3.2
"""Less than this is chance: a suggestion nobody asked for costs an agent's eye."""
_LETTERS: Final = re.compile(r"[a-z]{2,}")
_NOT_WORDS: Final = re.compile(r"[\W_]+")
_EMPTY: Final = re.compile(
    r"您好|你好|请问|我想|咨询一下|一下|麻烦|帮我|能不能|可以吗|怎么办|怎么|什么|那个|这个|就是|然后"
)
"""Said in every call, and of every thing."""
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that may answer, and how well its words fit; higher is better."""

    article: Article
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """An agent's word that an article is outdated."""

    id: int
    article: str
    why: str
    by: AgentId
    at: datetime


class KnowledgeIndex:
    """The articles of one centre, ready to be searched. Made anew when they change."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = tuple(articles)
        self._weights = [_weights(article) for article in articles]
        self._lengths = [sum(weights.values()) for weights in self._weights]
        self._mean = (sum(self._lengths) / len(self._lengths)) if self._lengths else 1.0
        self._in = Counter(pair for weights in self._weights for pair in weights)
        self._letters = [_letters(article.title) for article in articles]

    def find(self, text: str, limit: int = 5, least: float = _LEAST) -> list[Hit]:
        """The articles that fit best, best first. ``text``: characters, pinyin or its initials."""
        written = text.strip().lower().replace(" ", "")
        if _LETTERS.fullmatch(written):
            return self._by_letters(written, limit)
        wanted = set(_pairs(_EMPTY.sub("，", text)))
        scored = (
            Hit(article=article, score=round(self._score(n, wanted), 3))
            for n, article in enumerate(self._articles)
        )
        found = [hit for hit in scored if hit.score >= least]
        return sorted(found, key=lambda hit: (-hit.score, hit.article.row))[:limit]

    def _score(self, n: int, wanted: set[Pair]) -> float:
        weights, total = self._weights[n], 0.0
        for pair in wanted & weights.keys():
            rare = math.log(
                1 + (len(self._articles) - self._in[pair] + 0.5) / (self._in[pair] + 0.5)
            )
            much = weights[pair]
            length = 1 - _B + _B * self._lengths[n] / self._mean
            total += rare * much * (_K + 1) / (much + _K * length)
        return total

    def _by_letters(self, written: str, limit: int) -> list[Hit]:
        found = []
        for article, (whole, initials) in zip(self._articles, self._letters, strict=True):
            if written in initials or written in whole:
                at = min(at for at in (initials.find(written), whole.find(written)) if at >= 0)
                found.append(Hit(article=article, score=round(10 / (1 + at), 3)))
        return sorted(found, key=lambda hit: (-hit.score, hit.article.row))[:limit]


def _weights(article: Article) -> dict[Pair, float]:
    """Each pair by the most telling place where it stands."""
    asked = [_EMPTY.sub("，", text) for text in article.asked]
    places = ((_ANSWER, (article.answer,)), (_ASKED, asked), (_TITLE, (article.title,)))
    return {pair: weight for weight, texts in places for text in texts for pair in _pairs(text)}


def _pairs(text: str) -> Iterable[Pair]:
    for part in _NOT_WORDS.split(text):
        yield from pairwise(syllables(part))


def _letters(title: str) -> tuple[str, str]:
    sounds = [sound for part in _NOT_WORDS.split(title) for sound in syllables(part)]
    return "".join(sounds), "".join(sound[:1] for sound in sounds)
