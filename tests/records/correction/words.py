"""A small language model and dictionary, made by hand."""

from collections.abc import Mapping

from pypinyin import lazy_pinyin

from records.correction.dictionary import Language, Word, key, line_of
from records.correction.port import State

UNKNOWN = -7.0


class Model:
    """Words with their probabilities; pairs that are likelier than their second word alone."""

    def __init__(
        self, words: Mapping[str, float], pairs: Mapping[tuple[str, str], float] | None = None
    ) -> None:
        self._words, self._pairs = words, pairs or {}

    def begin(self) -> State:
        return ""

    def score(self, state: State, word: str) -> tuple[float, State]:
        alone = self._words.get(word, UNKNOWN)
        assert isinstance(state, str)
        return self._pairs.get((state, word), alone), word

    def __contains__(self, word: object) -> bool:
        return word in self._words


def language(words: Mapping[str, float]) -> Language:
    """The dictionary of those words."""
    by_key: dict[str, list[Word]] = {}
    for text, likely in words.items():
        word = Word(text, tuple(lazy_pinyin(text)), likely)
        by_key.setdefault(key(word.sounds), []).append(word)
    return Language({sought: line_of(found) for sought, found in by_key.items()})
