"""All the words that may have been meant at each place of a text. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from records.correction.dictionary import (
    LONGEST,
    LONGEST_OF_LANGUAGE,
    Favoured,
    Language,
    Word,
    key,
)
from records.correction.port import LanguageModel
from records.correction.sounds import price
from records.pinyin import syllables

_MOST_AT_A_PLACE = 12
"""Words of one length that are tried at one place."""
_MOST_LIKE = 6
"""Single characters of another sound."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A word that may stand here, and what it costs to have heard what was heard for it."""

    word: str
    price: float
    at_least: float | None = None
    """Of a favoured word: how likely it is at any place."""

    def __len__(self) -> int:
        return len(self.word)


class Lattice:
    """Finds them in the dictionary."""

    def __init__(self, model: LanguageModel, language: Language) -> None:
        self._model, self._language = model, language

    def arcs(
        self, heard: str, changing: Sequence[float | None], favoured: Favoured
    ) -> list[list[Arc]]:
        """For each place of a run of Chinese characters, the words that may begin there.

        ``changing``: what it costs to change each character; None: it stays. The text as it was
        heard is always among them.
        """
        sounds = syllables(heard)
        return [
            [
                arc
                for length in range(1, min(LONGEST, len(heard) - at) + 1)
                for arc in self._of_length(
                    heard[at : at + length],
                    sounds[at : at + length],
                    changing[at : at + length],
                    favoured,
                )
            ]
            for at in range(len(heard))
        ]

    def _of_length(
        self,
        heard: str,
        sounds: Sequence[str],
        changing: Sequence[float | None],
        favoured: Favoured,
    ) -> Iterator[Arc]:
        own = favoured.find(key(sounds)) if len(heard) > 1 else []
        found: dict[str, tuple[float, Arc]] = {}
        if len(heard) == 1 or (len(heard) <= LONGEST_OF_LANGUAGE and heard in self._model):
            found[heard] = (0.0, Arc(heard, 0.0))
        for is_own, words in ((True, own), (False, self._words(len(heard), sounds))):
            for word in words:
                if word.text in found and not (is_own and word.text == heard):
                    continue
                cost = self._price(heard, sounds, changing, word)
                if cost is not None:
                    found[word.text] = (
                        cost - word.likely,
                        Arc(word.text, cost, word.likely if is_own else None),
                    )
        if len(found) <= _MOST_AT_A_PLACE:
            return (arc for _, arc in found.values())
        best = sorted(found.values(), key=lambda pair: pair[0])
        return (arc for _, arc in best[:_MOST_AT_A_PLACE])

    def _words(self, length: int, sounds: Sequence[str]) -> Sequence[Word]:
        if length > LONGEST_OF_LANGUAGE:
            return ()
        words = self._language.find(key(sounds))
        if length > 1:
            return words
        same = [word for word in words if word.sounds[0] == sounds[0]]
        like = [word for word in words if word.sounds[0] != sounds[0]]
        return [*same[:_MOST_AT_A_PLACE], *like[:_MOST_LIKE]]

    def _price(
        self, heard: str, sounds: Sequence[str], changing: Sequence[float | None], word: Word
    ) -> float | None:
        cost = 0.0
        for at, (was, now) in enumerate(zip(heard, word.text, strict=True)):
            if was == now:
                continue
            changed = changing[at]
            if changed is None:
                return None
            cost += changed + price(sounds[at], word.sounds[at])
        return cost
