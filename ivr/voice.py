"""Mandarin speech from text: Kokoro (ONNX) with misaki's phonemes.

The only module that knows the model. Making one sentence takes a quarter to a half of its
length on one core, and up to 0.8 GB; call it in a process of its own, never on the brain's loop.
"""

import json
import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from cti.errors import DomainError
from ivr.quicken import has_vnni, quicken

if TYPE_CHECKING:
    from jieba import Tokenizer
    from onnxruntime import InferenceSession

Samples = npt.NDArray[np.float32]

RATE = 24_000
"""Samples a second of what ``Kokoro.speak`` returns."""

DEFECTIVE = frozenset({"zf_xiaoni"})
"""Voices in the package that don't speak intelligibly."""

LONGEST_TOKENS = 510
"""The model's limit, without the two paddings."""

_STYLE = 256
_MOST_TOKENS = 300
"""Beyond this the voice begins to hurry, long before the model's limit."""

_PAUSE_S = 0.25
_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;\n]*")
_CLAUSE = re.compile(r"[^，、：,:]+[，、：,:]*")

READINGS = {
    "为您": ("wei4", "nin2"),
    "市长": ("shi4", "zhang3"),
    "重新": ("chong2", "xin1"),
    "重拨": ("chong2", "bo1"),
    "银行": ("yin2", "hang2"),
    "应急": ("ying4", "ji2"),
    "会计": ("kuai4", "ji4"),
    "转接": ("zhuan3", "jie1"),
    "便民": ("bian4", "min2"),
    "一行": ("yi4", "hang2"),
    "行长": ("hang2", "zhang3"),
    "县长": ("xian4", "zhang3"),
    "区长": ("qu1", "zhang3"),
    "供暖": ("gong1", "nuan3"),
    "供热": ("gong1", "re4"),
    "都市": ("du1", "shi4"),
}
"""Words with a character of several readings that callers hear often, with the right one."""


class VoiceUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The voice asked for isn't among those installed."""

    id = "voice-unknown"


class VoiceModelMissing(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The speech model's files aren't where they should be; ``details`` names the first."""

    id = "voice-model-missing"


def voices(models: Path) -> list[str]:
    """Name the Mandarin voices installed under ``models``, in order, without defective ones."""
    found = sorted(file.stem for file in (models / "kokoro" / "voices").glob("z*.bin"))
    return [name for name in found if name not in DEFECTIVE]


class Kokoro:
    """One loaded voice model. Not for use from several threads at once.

    Cheap to make: the model (0.6 s) and the word list (0.5 s) load at the first sentence.
    """

    def __init__(self, models: Path, threads: int = 1) -> None:
        self._directory = models / "kokoro"
        self._models = models
        self._threads = threads
        self._styles: dict[str, Samples] = {}

    def speak(self, said: str, voice: str, speed: float = 1.0) -> Samples:
        """Speak a text that holds no digits (``ivr.digits.spell``) at ``RATE``, unlevelled.

        A text with nothing speakable in it is a ``ValueError``.
        """
        style = self._style(voice)
        pause = np.zeros(round(_PAUSE_S * RATE), np.float32)
        parts: list[Samples] = []
        for tokens in self._pieces(said):
            parts += [pause] * bool(parts) + [self._run(tokens, style, speed)]
        if not parts:
            raise ValueError(f"nothing to say in {said!r}")
        return np.concatenate(parts)

    def phonemes(self, said: str) -> str:
        """Write a text in the model's phonemes."""
        from misaki.zh import ZHG2P  # loads slowly, and only those who speak need it

        written = ""
        for word in self._words.lcut(ZHG2P.map_punctuation(said)):
            if word in READINGS:
                heard = "".join(ZHG2P.py2ipa(pinyin) for pinyin in READINGS[word])
            elif "一" <= word[0] <= "鿿":
                heard = ZHG2P.word2ipa(word)
            else:
                written = written.rstrip() + word
                continue
            # a space between words, none after an opening quotation mark
            gap = " " if written and written[-1] not in ' “("' else ""
            written += gap + heard
        return written.replace(chr(815), "").strip()

    def _pieces(self, said: str) -> list[list[int]]:
        """Cut the text where a speaker would breathe, so that each piece fits the model."""
        pieces: list[list[int]] = []
        for sentence in _SENTENCE.findall(said):
            tokens = self._tokens(sentence)
            if len(tokens) <= _MOST_TOKENS:
                pieces.append(tokens)
                continue
            pieces += self._clauses(sentence)
        return [piece for piece in pieces if piece]

    def _clauses(self, sentence: str) -> list[list[int]]:
        pieces: list[list[int]] = [[]]
        for clause in _CLAUSE.findall(sentence):
            tokens = self._tokens(clause)
            if len(pieces[-1]) + len(tokens) <= _MOST_TOKENS:
                pieces[-1] += tokens
            else:
                pieces += [
                    tokens[at : at + LONGEST_TOKENS] for at in range(0, len(tokens), LONGEST_TOKENS)
                ]
        return pieces

    def _tokens(self, said: str) -> list[int]:
        known = self._vocabulary
        tokens = [known[symbol] for symbol in self.phonemes(said) if symbol in known]
        silent = {known[symbol] for symbol in ' .,;:!?—…"()“”' if symbol in known}
        return tokens if any(token not in silent for token in tokens) else []

    def _run(self, tokens: list[int], style: Samples, speed: float) -> Samples:
        row = min(len(tokens), len(style)) - 1
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": style[row : row + 1],
            "speed": np.array([speed], dtype=np.float32),
        }
        (audio,) = self._session.run(["audio"], inputs)
        return np.asarray(audio, dtype=np.float32).ravel()

    def _style(self, voice: str) -> Samples:
        if voice not in self._styles:
            known = voices(self._models)
            if voice not in known:
                raise VoiceUnknown(
                    f"no voice {voice}, only {', '.join(known)}", voice=voice, known=" ".join(known)
                )
            raw = np.fromfile(self._file(f"voices/{voice}.bin"), dtype=np.float32)
            self._styles[voice] = raw.reshape(-1, _STYLE)
        return self._styles[voice]

    def _file(self, name: str) -> Path:
        file = self._directory / name
        if not file.is_file():
            raise VoiceModelMissing(f"{file} is missing", file=str(file))
        return file

    @cached_property
    def _vocabulary(self) -> dict[str, int]:
        loaded = json.loads(self._file("vocab.json").read_text(encoding="utf-8"))
        vocabulary: dict[str, int] = loaded["vocab"]
        return vocabulary

    @cached_property
    def _session(self) -> "InferenceSession":
        # here: a brain knows this module and never speaks itself
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        # a fading sentence is full of denormals, which cost 10 to 30 % here
        options.add_session_config_entry("session.set_denormal_as_zero", "1")
        model = self._file("kokoro.onnx").read_bytes()
        return onnxruntime.InferenceSession(
            quicken(model) if has_vnni() else model, options, providers=["CPUExecutionProvider"]
        )

    @cached_property
    def _words(self) -> "Tokenizer":
        import jieba

        jieba.setLogLevel("WARNING")
        words = jieba.Tokenizer()
        # its word list is cached with the model: /tmp is anyone's to write
        words.tmp_dir = str(self._directory)
        for word in READINGS:
            words.add_word(word)
        return words
