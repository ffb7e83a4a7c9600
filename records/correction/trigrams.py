"""The language model on disk, read by kenlm, and its words by sound. An edge.

libime's ``zh_CN.lm`` holds word trigrams and the words themselves. How each sounds is worked out
once and kept beside it.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Final

import kenlm
from pypinyin import Style, lazy_pinyin, pinyin

from records.correction.dictionary import (
    LONGEST_OF_LANGUAGE,
    Language,
    Word,
    is_chinese,
    key,
    line_of,
)
from records.correction.port import State

MODEL: Final = "zh_CN.lm"
_FIRST_WORD = b"<unk>\0"
_FORM: Final = 1
"""Counts up when the file of words is made in another way: an old one is made anew then."""


class Trigrams:
    """``LanguageModel`` on a file; 3 ms to open, shared by all processes that have it open."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises ``OSError`` when there is none or it is not whole."""
        self._model = kenlm.Model(str(path))

    def begin(self) -> State:
        """Knowing nothing of what was said before."""
        state = kenlm.State()
        self._model.NullContextWrite(state)
        return state

    def score(self, state: State, word: str) -> tuple[float, State]:
        """The word's probability after ``state`` as a power of ten, and the state after it."""
        after = kenlm.State()
        return self._model.BaseScore(state, word, after), after

    def __contains__(self, word: object) -> bool:
        return word in self._model


def language(directory: Path, model: Trigrams) -> Language:
    """The model's words by sound. The first time takes some seconds, then a fifth of one."""
    kept = directory / f"words-{_FORM}.txt"
    if not kept.is_file():
        partial = directory / f"words.{os.getpid()}.partial"
        with partial.open("w", encoding="utf-8") as file:
            file.writelines(_lines(directory / MODEL, model))
        partial.rename(kept)
    with kept.open(encoding="utf-8") as file:
        return Language(dict(line.rstrip("\n").split("\t") for line in file))


def _lines(path: Path, model: Trigrams) -> Iterator[str]:
    """One line for each key, its likeliest words first."""
    nothing = model.begin()
    words = (
        Word(text, sounds, model.score(nothing, text)[0])
        for text in _vocabulary(path)
        for sounds in _readings(text)
    )
    keyed = sorted(((key(word.sounds), word) for word in words), key=_order)
    for sought, group in groupby(keyed, key=lambda pair: pair[0]):
        yield f"{sought}\t{line_of(word for _, word in group)}\n"


def _order(pair: tuple[str, Word]) -> tuple[str, float]:
    return pair[0], -pair[1].likely


def _vocabulary(path: Path) -> Iterator[str]:
    """The words at the model file's end that are Chinese and not too long."""
    data = path.read_bytes()
    begin = data.rfind(_FIRST_WORD)
    for raw in data[begin + len(_FIRST_WORD) :].split(b"\0") if begin >= 0 else ():
        text = raw.decode("utf-8", errors="replace")
        if 0 < len(text) <= LONGEST_OF_LANGUAGE and is_chinese(text):
            yield text


def _readings(text: str) -> list[tuple[str, ...]]:
    """How a word sounds; a single character may have several."""
    if len(text) == 1:
        return [
            (sound,)
            for sound in pinyin(text, style=Style.NORMAL, heteronym=True)[0]
            if sound.isascii()
        ]
    sounds = tuple(lazy_pinyin(text))
    return [sounds] if len(sounds) == len(text) and all(map(str.isascii, sounds)) else []
