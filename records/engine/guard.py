"""What a speech model invents, told from what it heard. Pure.

Better a gap than a word nobody said: a draft is read as evidence. Each rule errs on the side of
keeping text that a person may have said, except where the model itself doubts it.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

_FEWEST_REPEATS = 4
"""A person says 喂喂喂 or 对对对; four times the same phrase in a row is a loop."""
_LOOP = re.compile(r"(.{2,20}?)\1{%d,}" % (_FEWEST_REPEATS - 1), re.DOTALL)  # noqa: UP031 - braces
_NUMBER = re.compile(r"[\d零〇一二三四五六七八九幺,，\s-]+")
_TWICE = re.compile(r"(.{5,})\1", re.DOTALL)
_FAST_CHARACTERS_PER_S = 6.5
"""Silence at both ends included. A sentence that stands there twice was said that fast by nobody:
people who repeat themselves take twice the time."""
_MOST_CHARACTERS_PER_S = 11
"""Nobody speaks faster; read speech is 5 to 6."""
_NOT_SAID = re.compile(r"[\W_]+")

_LEARNT_BY_HEART = (
    "谢谢观看",
    "谢谢大家观看",
    "感谢观看",
    "感谢您的观看",
    "请不吝点赞订阅转发打赏支持",
    "明镜与点点栏目",
    "优优独播剧场",
    "中文字幕志愿者",
    "字幕志愿者",
    "字幕由",
    "字幕制作",
    "字幕by",
    "本字幕",
    "词曲",
    "作词",
    "作曲",
    "编曲",
)
"""Subtitles Whisper was trained on, written down when nobody speaks."""


def bare(text: str) -> str:
    """The text without punctuation and spaces."""
    return _NOT_SAID.sub("", text)


def is_loop(text: str, length_s: float) -> bool:
    """Whether a phrase comes over and over, or more is written than can be said in the time."""
    said = bare(text)
    return (
        any(map(_is_words, _LOOP.finditer(said)))
        or (bool(_TWICE.fullmatch(said)) and len(said) > length_s * _FAST_CHARACTERS_PER_S)
        or len(said) > 8 + length_s * _MOST_CHARACTERS_PER_S
    )


def collapse(text: str) -> str:
    """Keep one of every run of repeats; text without a loop is returned as it is."""
    return _LOOP.sub(lambda run: run[1] if _is_words(run) else run[0], text)


def _is_words(run: re.Match[str]) -> bool:
    """Not a telephone number: 八八八八八八八八 is one, and no loop."""
    return not _NUMBER.fullmatch(run[1])


def is_invented(text: str, confidence: float, silence: float, primed: Sequence[str]) -> bool:
    """Whether to throw the text away.

    ``silence`` is the model's probability that nobody spoke; ``primed`` what it was told to
    expect, which it reads back when it hears nothing.
    """
    said = bare(text)
    if not said or confidence < 0.2:
        return True
    if silence > 0.6 and confidence < 0.6:
        return True
    if any(phrase in said.lower() for phrase in _LEARNT_BY_HEART) and len(said) < 40:
        return True
    return _is_read_back(said, primed, confidence)


def _is_read_back(said: str, primed: Sequence[str], confidence: float) -> bool:
    """Whether it is the prompt itself, or nothing but hotwords strung together."""
    if primed:
        prompt = bare(primed[0])
        if len(said) >= 6 and said in prompt:
            return True
        if SequenceMatcher(None, said, prompt).ratio() > 0.8:
            return True
    rest, words = said, 0
    for word in sorted(primed[1:], key=len, reverse=True):
        if len(word) >= 2 and word in rest:
            words += rest.count(word)
            rest = rest.replace(word, "")
    return words >= 3 and len(rest) <= words // 2 and confidence < 0.9
