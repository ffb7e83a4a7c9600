"""Vosk (Kaldi) as an engine: any model directory, words with times while they are spoken."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import vosk

from records.engine.protocol import ENGINE_RATE, Capabilities, Piece, Samples

_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
_UNSURE = 0.3
"""Mean word confidence below which Vosk is guessing at noise."""
_SLICE = ENGINE_RATE // 5


class VoskStream:
    """One utterance as it is spoken. Not thread-safe; use it once."""

    def __init__(self, model: vosk.Model) -> None:
        self._recogniser = vosk.KaldiRecognizer(model, ENGINE_RATE)
        self._recogniser.SetWords(True)
        self._pieces: list[Piece] = []
        self._fed_s = 0.0

    def feed(self, samples: Samples) -> str:
        """Take the next samples; return all words understood so far, perhaps none."""
        self._fed_s += len(samples) / ENGINE_RATE
        pcm = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
        if self._recogniser.AcceptWaveform(pcm):
            self._keep(self._recogniser.Result())
            interim = ""
        else:
            interim = json.loads(self._recogniser.PartialResult())["partial"]
        return join_words([*(p.text for p in self._pieces), interim])

    def finish(self) -> list[Piece]:
        """End the utterance and return its pieces."""
        self._keep(self._recogniser.FinalResult())
        return self._pieces

    def _keep(self, result: str) -> None:
        words = json.loads(result).get("result", [])
        if not words:
            return
        confidence = sum(word["conf"] for word in words) / len(words)
        if confidence >= _UNSURE:
            self._pieces.append(
                Piece(
                    start_s=words[0]["start"],
                    end_s=min(words[-1]["end"], self._fed_s),
                    text=join_words([word["word"] for word in words]),
                    confidence=min(1.0, confidence),
                )
            )


class VoskEngine:
    """A Vosk model. Hotwords are ignored: its vocabulary is fixed when the model is made."""

    def __init__(self, directory: Path, *, language: str = "zh") -> None:
        """Load the model. Raises ``FileNotFoundError`` when the directory holds none."""
        if not (directory / "am").is_dir() and not (directory / "final.mdl").is_file():
            raise FileNotFoundError(f"{directory} is no Vosk model")
        vosk.SetLogLevel(-1)
        self.name = f"vosk-{language}"
        self.capabilities = Capabilities(
            streaming=True, interim=True, hotwords=False, language=language
        )
        self._model = vosk.Model(str(directory))

    def stream(self, hotwords: Sequence[str]) -> VoskStream:
        """Begin one utterance."""
        return VoskStream(self._model)

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        """Write one utterance down, one piece for each pause Vosk heard in it."""
        stream = self.stream(hotwords)
        for start in range(0, len(samples), _SLICE):
            stream.feed(samples[start : start + _SLICE])
        return stream.finish()


def join_words(words: Sequence[str]) -> str:
    """Join Vosk's words as the language writes them: Chinese closed up, others spaced.

    >>> join_words(["我", "要", "投诉"])
    '我要投诉'
    """
    return _BETWEEN_HAN.sub("", " ".join(word for word in words if word))
