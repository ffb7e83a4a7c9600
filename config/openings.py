"""What an agent says first, by the occasion of the call (``openings.csv``). Pure.

The table may change any sentence, for all lines or for some; what it does not say is said by
``USUAL``. Words in braces are filled in, those of ``FILLED``: ``{热线}``, ``{线路}``.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from pydantic import BaseModel, ConfigDict

from config.cells import named
from config.duties import LINES
from config.faults import Fault, nearest
from config.reach import line_faults
from config.table import read_table

OPENINGS: Final = "openings.csv"
OCCASION, WORDS = "场合", "话术"
FILLED: Final = frozenset({"热线", "线路", "部门", "值班", "名称", "来自"})
LONGEST: Final = 120
_BRACES = re.compile(r"\{([^{}]*)\}")


class Occasion(StrEnum):
    """Why the phone rings; the first that fits a call, in this order, is its occasion."""

    EMERGENCY = "紧急电话转来"
    HANDED = "热线转来"
    MOVED = "座席转来"
    CALLED_BACK = "回拨"
    KEPT_PLACE = "保留位置"
    DUTY = "值班"
    ENTERPRISE = "企业"
    DEPUTY = "代表委员"
    MERGED = "归并号码"
    PLAIN = "来电"


USUAL: Final[Mapping[Occasion, str]] = {
    Occasion.EMERGENCY: "您好，这里是12345，{来自}已把您的来电转来。请您先说现在在哪里、需要什么。",
    Occasion.HANDED: "您好，这里是{热线}，{来自}已把您的来电转来，请您接着说。",
    Occasion.MOVED: "您好，您的情况同事已经交代，不用从头再说，我接着为您办理。",
    Occasion.CALLED_BACK: "您好，这里是{热线}，您刚才来电没有接通，现在给您回电，请讲。",
    Occasion.KEPT_PLACE: "您好，这里是{热线}，按您的选择现在给您回电，让您久等了，请讲。",
    Occasion.DUTY: "您好，这里是{热线}，今天由{值班}接听，请讲。",
    Occasion.ENTERPRISE: "您好，这里是{热线}政企通专席，请问有什么可以帮您？",
    Occasion.DEPUTY: "{名称}您好，这里是{热线}，您的意见将专门登记，请讲。",
    Occasion.MERGED: "您好，您拨打的{线路}现由12345统一受理，请问有什么可以帮您？",
    Occasion.PLAIN: "您好，这里是{热线}，请问有什么可以帮您？",
}


class Opening(BaseModel):
    """One row."""

    model_config = ConfigDict(frozen=True)

    occasion: Occasion
    words: str
    lines: tuple[str, ...] = ()
    """Of which lines; empty: of all."""
    row: int = 0


def read_openings(
    text: str, lines: Collection[str] | None
) -> tuple[tuple[Opening, ...], list[Fault]]:
    """Read the table. ``lines`` None: unknown, so not checked."""
    rows, faults = read_table(OPENINGS, text, (OCCASION, WORDS))
    found: dict[tuple[str, tuple[str, ...]], Opening] = {}
    for row in rows:
        told = partial(Fault, OPENINGS, row.line)
        occasion = next((one for one in Occasion if one.value == row[OCCASION]), None)
        if occasion is None:
            message = f"没有「{row[OCCASION]}」这种场合"
            faults.append(told(OCCASION, message, nearest(row[OCCASION], [*Occasion])))
        faults += _words_faults(told, row[WORDS])
        faults += line_faults(OPENINGS, row, lines)
        opening = Opening(
            occasion=occasion or Occasion.PLAIN,
            words=row[WORDS],
            lines=named(row[LINES]),
            row=row.line,
        )
        twin = found.setdefault((row[OCCASION], opening.lines), opening)
        if twin is not opening:
            faults.append(told(OCCASION, f"与第{twin.row}行是同一场合", "删去这一行"))
    return tuple(found.values()), faults


def _words_faults(told: "partial[Fault]", words: str) -> list[Fault]:
    if not words:
        return [told(WORDS, "话术是空的", "座席接起后的第一句话；或删去这一行")]
    if len(words) > LONGEST:
        return [told(WORDS, f"话术有{len(words)}个字", f"不超过{LONGEST}个字")]
    unknown = [name for name in _BRACES.findall(words) if name not in FILLED]
    return [
        told(WORDS, f"没有「{{{name}}}」可填", nearest(name, sorted(FILLED))) for name in unknown
    ]


def first_words(
    openings: Iterable[Opening], occasion: Occasion, line: str, filled: Mapping[str, str]
) -> str:
    """The sentence of that occasion on that line: the line's own row, else the row for all.

    A sentence whose words have nothing to be filled with gives way to the plain one.
    """
    rows = [one for one in openings if one.occasion is occasion]
    own = next((one.words for one in rows if line in one.lines), None)
    words = own or next((one.words for one in rows if not one.lines), USUAL[occasion])
    wanted = _BRACES.findall(words)
    if not all(filled.get(name) for name in wanted):
        if occasion is Occasion.PLAIN:
            return _BRACES.sub("", words)
        return first_words(openings, Occasion.PLAIN, line, filled)
    return _BRACES.sub(lambda found: filled[found[1]], words)
