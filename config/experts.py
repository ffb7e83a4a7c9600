"""Experts whom agents consult or hand callers to (``experts.csv``), by trade and line. Pure.

Rows of one trade (专业) are tried one after another, those who are on duty at that time. An expert
sits at a seat of ours, at a telephone of the department's exchange, or has a mobile.
"""

from collections.abc import Collection
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import named
from config.duties import LINES
from config.faults import Fault
from config.handling import Handling, read_handling
from config.reach import NOTE, NUMBER, SEAT, Reach, line_faults, name_faults, plain, read_reach
from config.table import read_table

EXPERTS = "experts.csv"
WAYS = (Handling.CONSULT, Handling.THREE_WAY, Handling.TRANSFER)
TRADE, NAME = "专业", "姓名"


class Expert(BaseModel):
    """One row."""

    model_config = ConfigDict(frozen=True)

    trade: str
    name: str
    reach: Reach
    lines: tuple[str, ...] = ()
    """For whose callers; empty: everybody's."""
    handling: Handling | None = None
    """How callers are usually taken there; None: the agent asks the expert first."""
    note: str = ""
    row: int = 0


def read_experts(
    text: str, extensions: Collection[str] | None, lines: Collection[str] | None
) -> tuple[tuple[Expert, ...], list[Fault]]:
    """Read the experts, in the order in which each trade's are tried.

    None: which seats or lines there are is unknown, so not checked.
    """
    rows, faults = read_table(EXPERTS, text, (TRADE, NAME))
    found: dict[tuple[object, ...], Expert] = {}
    for row in rows:
        told = partial(Fault, EXPERTS, row.line)
        faults += name_faults(EXPERTS, row, TRADE, "专家的专业，如人社")
        if not row[NAME]:
            faults.append(told(NAME, "姓名是空的", "专家的姓名或岗位"))
        reach, wrong = read_reach(EXPERTS, row, extensions)
        faults += wrong
        faults += line_faults(EXPERTS, row, lines)
        handling, wrong_way = read_handling(EXPERTS, row, WAYS)
        faults += wrong_way
        expert = Expert(
            trade=row[TRADE],
            name=row[NAME],
            reach=reach,
            lines=named(row[LINES]),
            handling=handling,
            note=row[NOTE],
            row=row.line,
        )
        key = (plain(expert.trade), reach.seat, reach.peer, reach.number, reach.shift)
        twin = found.setdefault(key, expert)
        if twin is not expert and not wrong:
            column = SEAT if reach.seat else NUMBER
            faults.append(told(column, f"与第{twin.row}行是同一条路由", "删去这一行"))
    return tuple(sorted(found.values(), key=lambda one: (one.reach.order, one.row))), faults
