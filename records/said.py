"""Everything one side said as one text that still knows its seconds. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from records.draft import Evidence
from records.engine.protocol import Segment


@dataclass(frozen=True, slots=True)
class Said:
    """The text, and which segment each place of it is from."""

    text: str
    spans: tuple[tuple[int, int, Segment], ...]

    def evidence(self, field: str, start: int, end: int) -> Evidence:
        """Evidence for a stretch of the text: the segment it begins in, and the words."""
        segment = next((s for a, b, s in self.spans if a <= start < b), self.spans[-1][2])
        return Evidence(
            field=field,
            kind="speech",
            channel=segment.channel,
            start_s=segment.start_s,
            end_s=segment.end_s,
            text=self.text[start:end],
        )


def joined(segments: Iterable[Segment]) -> Said:
    """Put segments together, each ended as a sentence is."""
    text, spans = "", []
    for segment in segments:
        ends = segment.text if segment.text[-1:] in "。？！" else segment.text + "。"
        spans.append((len(text), len(text) + len(ends), segment))
        text += ends
    return Said(text, tuple(spans))
