"""How callers are usually taken somewhere (处理), and how long it rings there (振铃秒). Pure.

Two columns that all tables of places to be moved to share.
"""

import re
from enum import Enum

from config.faults import Fault, nearest
from config.table import Row

HANDLING, RING = "处理", "振铃秒"
SHORTEST_RING_S, LONGEST_RING_S = 5, 60


class Handling(Enum):
    """How a caller is handed over (处理)."""

    THREE_WAY = "三方"
    """All three talk until the other side says it has it."""
    TRANSFER = "转接"
    CONSULT = "先咨询"
    """The agent speaks with the other side first, while the caller holds."""
    TELL = "告知号码"
    """The number is read out to the caller."""


def read_handling(
    file: str, row: Row, valid: tuple[Handling, ...]
) -> tuple[Handling | None, list[Fault]]:
    """Read how callers are usually taken somewhere; None when the row does not say."""
    written = row[HANDLING]
    found = next((one for one in valid if one.value == written), None)
    if found is not None or not written:
        return found, []
    better = nearest(written, tuple(one.value for one in valid))
    return None, [Fault(file, row.line, HANDLING, f"没有「{written}」这种处理", better)]


def read_ring(file: str, row: Row) -> tuple[int, list[Fault]]:
    """Read how long a row lets its telephone ring; 0 when it does not say."""
    written = row[RING]
    if not written:
        return 0, []
    if re.fullmatch(r"\d{1,2}", written, re.ASCII):
        ring = int(written)
        if SHORTEST_RING_S <= ring <= LONGEST_RING_S:
            return ring, []
    better = f"{SHORTEST_RING_S}到{LONGEST_RING_S}的整数；不写与其他座席相同"
    return 0, [Fault(file, row.line, RING, f"「{written}」不是秒数", better)]
