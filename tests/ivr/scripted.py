"""An engine at its port that hears what it is told to hear."""

from collections.abc import Iterable, Sequence

from records.engine.protocol import Capabilities, Piece, Samples


class ScriptedEars:
    """Hears one text after another, whatever is played; remembers the hotwords it was given."""

    name = "scripted"
    capabilities = Capabilities(streaming=False, interim=False, hotwords=True, language="zh")

    def __init__(self, heard: Iterable[str]) -> None:
        self._heard = iter(heard)
        self.hotwords: list[tuple[str, ...]] = []

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        """Hear the next text."""
        self.hotwords.append(tuple(hotwords))
        text = next(self._heard)
        return [Piece(start_s=0.0, end_s=1.0, text=text, confidence=0.9)] if text else []
