"""Whisper by CTranslate2: one utterance per decode, features cut to it, hotwords in the prompt.

Stock decoding pads every utterance to 30 s and carries text on from one to the next: twice the
CPU and the source of its loops. Here each utterance stands alone, and what Whisper is known to
invent (silence read as a farewell, its own prompt, one phrase over and over) is thrown away.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from proces.preprocess import (  # type: ignore[import-untyped] # it has no types
    traditional_to_simplified,
)

from records.engine.guard import CLEAR, collapse, is_baseless, is_foreign, is_invented, is_loop
from records.engine.protocol import ENGINE_RATE, Capabilities, Piece, Samples

PROMPT = "以下是普通话的句子，12345政务服务便民热线。"
"""Tells Whisper the language, the script and the trade."""

BEAM = 3
"""Five reads no better, and each step of a decode costs half as much again."""
LIVE_BEAM = 2
_PROMPT_TOKENS = 120
"""Whisper's own limit is 223: half its text context, less the marker. But every step of a decode
looks at all of them, and words beyond these make no text better.
"""
_SILENCE_AFTER_S = 1.0
"""Whisper needs a little silence to know that the sentence is over."""
_TOKENS_PER_S = 14
"""More than anybody speaks; a decode that wants more is looping."""
_CHINESE = ("zh", "yue")
_SHORTEST_TOLD_S = 2.0
"""A 喂 is of any language."""
_HAN = r"[\u3400-\u9fff]"
_COMMA = re.compile(rf"(?<={_HAN})(?:,\s*|\s+)(?=[\u3400-\u9fff\d])|(?<=\d)(?:,\s*|\s+)(?={_HAN})")
_ENDS = str.maketrans({"?": "？", "!": "！", ";": "；", ":": "："})
_MISSED = str.maketrans("裡裏淨髮", "里里净发")
"""Traditional characters that the converter's table lacks."""
_BROKEN = re.compile("\ufffd+")


def as_written(text: str) -> str:
    """Write Whisper's Chinese as it is written here: simplified, with Chinese marks.

    It slips into traditional characters, and mixes ASCII marks and spaces for commas.

    >>> as_written(" 您好 我要投诉,交了2,300块钱?")
    '您好，我要投诉，交了2,300块钱？'
    """
    text = traditional_to_simplified(_BROKEN.sub("", text).strip()).translate(_MISSED)
    text = _COMMA.sub("，", text)
    if text.endswith((",", ".")) and re.search(_HAN, text):
        text = text[:-1] + "。"
    return re.sub(rf"(?<={_HAN})[?!;:]", lambda mark: mark[0].translate(_ENDS), text)


@dataclass(frozen=True, slots=True)
class _Prompt:
    hotwords: tuple[str, ...]
    """Those that fit."""
    tokens: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decoded:
    text: str
    tokens: list[int]
    confidence: float
    """Its mean probability per token."""
    silence: float
    """The probability that nobody spoke."""


def _piece(
    text: str,
    found: _Decoded,
    length_s: float,
    *,
    sure: tuple[float, ...] = (),
    is_foreign: bool = False,
) -> Piece:
    return Piece(
        start_s=0.0,
        end_s=length_s,
        text=text,
        confidence=found.confidence,
        sure=sure,
        is_foreign=is_foreign,
    )


class WhisperEngine:
    """A Whisper model of any size, in CTranslate2's format, on the CPU in 8-bit integers."""

    capabilities = Capabilities(streaming=False, interim=False, hotwords=True, language="zh")

    def __init__(self, directory: Path, *, threads: int = 1, beam: int = BEAM) -> None:
        """Load the model: 0.5 s and about 250 MB for the base size.

        Raises ``RuntimeError`` (from CTranslate2) when the directory holds no whole model.
        """
        self.name = directory.name
        self._beam = beam
        self._model = WhisperModel(
            str(directory),
            device="cpu",
            compute_type="int8",
            cpu_threads=threads,
            local_files_only=True,
        )
        self._tokens = Tokenizer(
            self._model.hf_tokenizer, multilingual=True, task="transcribe", language="zh"
        )
        self._prompts: dict[tuple[str, ...], _Prompt] = {}

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        """Write one utterance down as one piece, or none when nothing was said."""
        length_s = len(samples) / ENGINE_RATE
        if length_s == 0:
            return []
        encoded = self._encode(samples)
        prompt = self._prompt(tuple(hotwords))
        found = self._decode(encoded, prompt, length_s)
        text = found.text
        is_again = is_loop(text, length_s)
        if is_again:
            # The hotwords are the usual seed of a loop: listen again without them.
            bare = self._prompt(())
            found = self._decode(encoded, bare, length_s, forbid_repeats=5)
            text = collapse(found.text)
        chinese = self._chinese(encoded, found, length_s)
        if text and is_foreign(text, found.confidence, found.silence, chinese):
            return [_piece(text, found, length_s, is_foreign=True)]
        primed = [PROMPT, *prompt.hotwords]
        if is_invented(text, found.confidence, found.silence, primed, is_again=is_again):
            return []
        sure = self._sure(encoded, found, length_s) if text == found.text else ()
        if is_baseless(sure) or is_loop(text, length_s):
            return []
        return [_piece(text, found, length_s, sure=sure)]

    def _encode(self, samples: Samples) -> Any:
        """The encoder's output for the utterance and a little silence, not for 30 s."""
        seconds = min(30, math.ceil(len(samples) / ENGINE_RATE + _SILENCE_AFTER_S))
        padded = np.zeros(seconds * ENGINE_RATE, dtype=np.float32)
        kept = min(len(samples), len(padded))
        padded[:kept] = samples[:kept]
        features = self._model.feature_extractor(padded, padding=0)[:, : seconds * 100]
        view = ctranslate2.StorageView.from_array(
            np.ascontiguousarray(features[np.newaxis], dtype=np.float32)
        )
        return self._model.model.encode(view)

    def _prompt(self, hotwords: tuple[str, ...]) -> _Prompt:
        """The tokens before the text: as many hotwords as fit, then the sentence."""
        if hotwords not in self._prompts:
            sentence = self._tokens.encode(" " + PROMPT)
            words: list[int] = []
            fitting = 0
            for word in hotwords:
                # An ASCII comma is one token; ，is three, and a base model breaks off inside it.
                tokens = self._tokens.encode(("," if words else " ") + word)
                if len(words) + len(tokens) + len(sentence) > _PROMPT_TOKENS:
                    break
                words += tokens
                fitting += 1
            tokens = [
                self._tokens.sot_prev,
                *words,
                *sentence,
                *self._tokens.sot_sequence,
                self._tokens.no_timestamps,
            ]
            self._prompts[hotwords] = _Prompt(hotwords[:fitting], tokens)
        return self._prompts[hotwords]

    def _decode(
        self, encoded: Any, prompt: _Prompt, length_s: float, forbid_repeats: int = 0
    ) -> _Decoded:
        result = self._model.model.generate(
            encoded,
            [prompt.tokens],
            beam_size=self._beam,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=[-1],
            no_repeat_ngram_size=forbid_repeats,
            max_length=min(448, len(prompt.tokens) + 16 + math.ceil(length_s * _TOKENS_PER_S)),
        )[0]
        tokens = [token for token in result.sequences_ids[0] if token < self._tokens.eot]
        return _Decoded(
            text=as_written(self._tokens.decode(tokens)),
            tokens=tokens,
            confidence=math.exp(min(0.0, result.scores[0])),
            silence=float(result.no_speech_prob),
        )

    def _chinese(self, encoded: Any, found: _Decoded, length_s: float) -> float:
        """How likely the language is Chinese; 1 where it is clear, or too short to tell."""
        if found.confidence >= CLEAR or length_s < _SHORTEST_TOLD_S:
            return 1.0
        odds = dict(self._model.model.detect_language(encoded)[0])
        return float(sum(odds.get(f"<|{language}|>", 0.0) for language in _CHINESE))

    def _sure(self, encoded: Any, found: _Decoded, length_s: float) -> tuple[float, ...]:
        """How likely each Chinese character is without the hotwords: one more pass, 4 % of all.

        With them, every word they suggest looks certain.
        """
        if not found.tokens:
            return ()
        start, frames = list(self._tokens.sot_sequence), max(1, int(length_s * 100))
        aligned = self._model.model.align(encoded, start, [found.tokens], frames)[0]
        sure: list[float] = []
        group: list[int] = []
        least = 1.0
        for token, likely in zip(found.tokens, aligned.text_token_probs, strict=True):
            group.append(token)
            least = min(least, likely)
            signs = self._tokens.decode(group)
            if "\ufffd" not in signs:  # several tokens may make one character
                sure += [round(least, 3)] * len(re.findall(_HAN, signs))
                group, least = [], 1.0
        return tuple(sure) if len(sure) == len(re.findall(_HAN, found.text)) else ()
