"""What a speech model invents, told from what it heard. Pure.

Better a gap than a word nobody said: a draft is read as evidence. Each rule errs on the side of
keeping text that a person may have said, except where the model itself doubts it.
"""

import re
import zlib
from collections.abc import Sequence
from difflib import SequenceMatcher

_FEWEST_REPEATS = 4
"""A person says 喂喂喂 or 对对对; four times the same phrase in a row is a loop."""
_LOOP = re.compile(r"(.{2,20}?)\1{%d,}" % (_FEWEST_REPEATS - 1), re.DOTALL)  # noqa: UP031 - braces
_LOOP_AS_WRITTEN = re.compile(r"(.{2,20}?)(?:[\W_]*\1){%d,}" % (_FEWEST_REPEATS - 1), re.DOTALL)  # noqa: UP031 - braces
"""The same with marks between: 停水，停水。停水，停水"""
_NUMBER = re.compile(r"[\d零〇一二三四五六七八九幺,，\s-]+")
_LONGEST_NUMBER = 24
"""An identity number has 18 digits, a bank card 19."""
_SHORTEST_CIRCLE = 24
_FEWEST_FRESH = 0.4
"""Of a text's runs of three characters, at least so many are new; in what people say, 0.9 are."""
_MOST_PRESSED = 2.4
"""Bytes to compressed bytes, as Whisper's own decoding judges; what people say is under 1.6."""
_TWICE = re.compile(r"(.{5,})\1", re.DOTALL)
_FAST_CHARACTERS_PER_S = 6.5
"""Silence at both ends included. A sentence that stands there twice was said that fast by nobody:
people who repeat themselves take twice the time."""
_MOST_CHARACTERS_PER_S = 11
"""Nobody speaks faster; read speech is 5 to 6."""
_NOT_SAID = re.compile(r"[\W_]+")

_LEARNT_BY_HEART = (
    "谢谢大家观看",
    "谢谢观看",
    "谢谢收看",
    "感谢您的观看",
    "感谢大家观看",
    "感谢观看",
    "感谢收看",
    "我们下期再见",
    "下期再见",
    "欢迎订阅",
    "请不吝点赞订阅转发打赏支持明镜与点点栏目",
    "请不吝点赞订阅转发打赏支持",
    "请不吝点赞",
    "点赞订阅",
    "明镜与点点栏目",
    "优优独播剧场",
    "独播剧场",
    "中文字幕志愿者",
    "字幕志愿者",
    "社群提供的字幕",
    "amaraorg",
    "未经授权禁止转载",
)
"""Subtitles Whisper was trained on, written down when nobody speaks. The longer ones first."""
_CREDITS = re.compile(
    r"(?:中文|本)?字幕(?:由|制作|by|志愿|组|提供)|本字幕|(?:词曲|作词|作曲|编曲)(?![家者的版权被])"
)
"""How a film's or a song's credits begin: 字幕由…制作, 词曲李宗盛."""
_LONGEST_CREDIT = 16
_WEAK_CONFIDENCE = 0.5
_WEAK_SILENCE = 0.3
_LEAST_CONFIDENCE = 0.2
_LEAST_CONFIDENCE_AGAIN = 0.45
"""Of a text heard the second time, because the first went round in circles."""
_LEAST_BASIS = 0.12
"""Of clear speech the mean is over 0.5, on a bad line a place rightly heard may have 0.16."""
_SHORTEST_PROMPT_READ = 6
_FOREIGN_LETTERS = re.compile(r"[^\W\d_\u3400-\u9fff]")
_FEWEST_FOREIGN = 12
"""WiFi, ETC and iPhone are said by people who speak Chinese."""
_LEAST_CHINESE = 0.35
"""Telephone Mandarin is over 0.9."""
CLEAR = 0.6
"""So sure of its words, a model has understood them."""
_MOST_SILENCE = 0.6


def bare(text: str) -> str:
    """The text without punctuation and spaces."""
    return _NOT_SAID.sub("", text)


def is_loop(text: str, length_s: float) -> bool:
    """Whether a phrase comes over and over, or more is written than can be said in the time."""
    said = bare(text)
    # Three letters are hardly a syllable.
    spoken = len(said) - len(_FOREIGN_LETTERS.findall(said)) * 2 / 3
    return (
        is_stuck(said)
        or (bool(_TWICE.fullmatch(said)) and spoken > length_s * _FAST_CHARACTERS_PER_S)
        or spoken > 8 + length_s * _MOST_CHARACTERS_PER_S
    )


def is_stuck(text: str) -> bool:
    """Whether the text goes round in circles, however much time there was to say it.

    A phrase four times in a row; or a long text in which hardly anything is new: a decoder's
    circle need not be short, and may change a number at each turn.
    """
    said = bare(text)
    if any(map(_is_words, _LOOP.finditer(said))):
        return True
    worded = _NUMBER.sub("", said)
    if len(worded) < _SHORTEST_CIRCLE:
        return False
    runs = [worded[at : at + 3] for at in range(len(worded) - 2)]
    as_bytes = said.encode()
    pressed = len(as_bytes) / len(zlib.compress(as_bytes))
    return len(set(runs)) < len(runs) * _FEWEST_FRESH or pressed > _MOST_PRESSED


def collapse(text: str) -> str:
    """Keep one of every run of repeats; text without a loop is returned as it is."""
    return _LOOP_AS_WRITTEN.sub(lambda run: run[1] if _is_words(run) else run[0], text)


def _is_words(run: re.Match[str]) -> bool:
    """Not a telephone number: 八八八八八八八八 is one, and no loop."""
    return not _NUMBER.fullmatch(run[1]) or len(bare(run[0])) > _LONGEST_NUMBER


def is_invented(
    text: str, confidence: float, silence: float, primed: Sequence[str], *, is_again: bool = False
) -> bool:
    """Whether to throw the text away.

    ``silence`` is the model's probability that nobody spoke; ``primed`` what it was told to
    expect, which it reads back when it hears nothing; ``is_again``: this is the second hearing.
    """
    said = bare(text)
    if not said or confidence < (_LEAST_CONFIDENCE_AGAIN if is_again else _LEAST_CONFIDENCE):
        return True
    if silence > _MOST_SILENCE and confidence < CLEAR:
        return True
    is_weak = confidence < _WEAK_CONFIDENCE or silence > _WEAK_SILENCE
    return _is_learnt(said.lower(), is_weak) or _is_read_back(said, primed, confidence)


def is_baseless(sure: Sequence[float]) -> bool:
    """Whether only the hotwords speak for it: ``sure`` is each character's odds without them."""
    return bool(sure) and sum(sure) / len(sure) < _LEAST_BASIS


def is_other_script(text: str) -> bool:
    """Whether it is written as no Chinese is: English words, Cyrillic, kana."""
    letters = len(_FOREIGN_LETTERS.findall(text))
    return letters >= _FEWEST_FOREIGN and letters > len(bare(text)) / 2


def is_foreign(text: str, confidence: float, silence: float, chinese: float) -> bool:
    """Whether somebody spoke, but no Chinese. ``chinese``: the odds that it was.

    Told to write Chinese, a model writes Chinese words for any language, and believes them little.
    English of which it is sure is kept: those are the words.
    """
    is_heard = confidence < CLEAR and silence <= _MOST_SILENCE
    return is_heard and (chinese < _LEAST_CHINESE or is_other_script(text))


def _is_learnt(said: str, is_weak: bool) -> bool:
    """Whether it is a subtitle, and not somebody's words about one, or before one."""
    if _CREDITS.match(said) and len(said) <= _LONGEST_CREDIT:
        return True
    rest = said
    for phrase in _LEARNT_BY_HEART:
        rest = rest.replace(phrase, "")
    return rest != said and (is_weak or len(rest) <= len(said) / 2)


def _is_read_back(said: str, primed: Sequence[str], confidence: float) -> bool:
    """Whether it is the prompt itself, or nothing but hotwords strung together."""
    if primed:
        prompt = bare(primed[0])
        if len(said) >= 6 and said in prompt:
            return True
        if SequenceMatcher(None, said, prompt).ratio() > 0.8:
            return True
        # Its first clause is nothing a caller says, the name of the hotline is.
        told = bare(primed[0].partition("，")[0])
        same = SequenceMatcher(None, said, told).find_longest_match()
        if same.size >= _SHORTEST_PROMPT_READ:
            return True
    rest, words = said, 0
    for word in sorted(primed[1:], key=len, reverse=True):
        if len(word) >= 2 and word in rest:
            words += rest.count(word)
            rest = rest.replace(word, "")
    return words >= 3 and len(rest) <= words // 2 and confidence < 0.9
