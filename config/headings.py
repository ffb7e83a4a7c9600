"""The headings people put over a ledger's columns, and which of ours each one means. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.faults import nearest
from config.grid import Cell
from config.ledgertable import ALL_COLUMNS, COLUMNS, MODE
from config.spelling import simplified

NAMES = {
    "序号": ("序号", "编号", "序列", "NO", "NO."),
    "部门": (
        "部门", "责任部门", "部门名称", "单位", "单位名称", "责任单位", "牵头单位", "牵头部门",
        "主管部门", "主管单位", "所属部门", "所属单位", "承办单位", "归口部门", "归口单位",
        "原主管部门", "热线主管部门", "热线主管单位", "部门(单位)", "单位(部门)",
    ),
    "电话名称": (
        "电话名称", "热线名称", "名称", "热线电话名称", "服务热线名称", "号码名称", "原热线名称",
        "原电话名称", "政务服务便民热线名称", "便民热线名称", "热线",
    ),
    "电话号码": (
        "电话号码", "热线号码", "号码", "热线电话号码", "服务热线号码", "原号码", "原热线号码",
        "原电话号码", "便民热线号码", "热线电话", "电话",
    ),
    "归并方式": (
        "归并方式", "整合方式", "并入方式", "归并形式", "整合形式", "归并类型", "整合类型",
        "归并模式", "整合模式", "整合归并方式", "归并整合方式", "优化方式", "方式",
    ),
    "座席安排": ("座席安排", "坐席安排", "话务座席安排", "话务坐席安排", "座席", "坐席"),
    "过渡开始": ("过渡开始", "过渡期开始", "过渡开始日期", "过渡期开始日期", "过渡期起"),
    "过渡结束": ("过渡结束", "过渡期结束", "过渡结束日期", "过渡期结束日期", "过渡期止"),
    "对端": ("对端", "对端名称"),
    "转接号码": ("转接号码", "转接电话", "转接至", "呼转号码"),
    "座席时间": ("座席时间", "坐席时间", "座席工作时间", "坐席工作时间", "服务时间"),
    "语言": ("语言", "语种", "方言"),
    "例外理由": ("例外理由", "例外原因"),
    "来源": ("来源", "数据来源"),
    "备注": ("备注", "说明", "其他说明"),
}  # fmt: skip
"""Our columns, each with what people call it, the surest name first."""

LOOKED_AT = 200
"""A heading stands within so many rows, or there is none."""

_RANK = {name: (column, rank) for column, names in NAMES.items() for rank, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A row of headings: which of our columns stands where in the table."""

    row: tuple[Cell, ...]
    where: dict[str, int]
    """Our column → its place in the row."""
    others: tuple[str, ...]
    """Headings that mean none of our columns, or one that is there already."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Columns without which the table says too little."""
        return tuple(column for column in COLUMNS if column not in self.where)

    def advice(self, column: str) -> str:
        """What to write so that the column is found."""
        meant = nearest(column, self.others) if self.others else ""
        if meant in self.others:
            return f"把「{meant}」改为「{column}」，或加上这一列"
        return f"加上「{column}」这一列"


def column_of(written: str) -> str | None:
    r"""Which of our columns the heading means.

    >>> column_of("热 线\n号码")
    '电话号码'
    """
    ranked = _ranked(written)
    return ranked[0] if ranked else None


def _ranked(written: str) -> tuple[str, int] | None:
    text = simplified(written).strip("*:：").upper()
    return _RANK.get(text) or _RANK.get(re.sub(r"\(.*?\)", "", text))


def read_heading(row: Sequence[Cell]) -> Heading:
    """Read a row as headings. Of two that mean the same column the surer one is taken."""
    best: dict[str, tuple[int, int]] = {}
    for place, cell in enumerate(row):
        ranked = _ranked(cell.text)
        if ranked and ranked[1] < best.get(ranked[0], (len(_RANK), 0))[0]:
            best[ranked[0]] = (ranked[1], place)
    where = {column: best[column][1] for column in ALL_COLUMNS if column in best}
    others = tuple(
        cell.text.strip()
        for place, cell in enumerate(row)
        if cell.text.strip() and place not in where.values()
    )
    return Heading(tuple(row), where, others)


def is_heading(row: Sequence[Cell]) -> bool:
    """Whether the row has all headings; the modes may stand over parts of the table instead."""
    return read_heading(row).where.keys() >= set(COLUMNS) - {MODE}


def find_heading(rows: Sequence[tuple[Cell, ...]]) -> int | None:
    """Find the first row with all headings, else the one with the most, at least two."""
    most, found = 1, None
    for place, row in enumerate(rows[:LOOKED_AT]):
        count = len(read_heading(row).where.keys() & set(COLUMNS))
        if count > most:
            most, found = count, place
        if count == len(COLUMNS):
            break
    return found


def likeness(rows: Sequence[tuple[Cell, ...]]) -> int:
    """How much the table looks like a ledger: how many needed headings it has, 0 to 4."""
    found = find_heading(rows)
    return 0 if found is None else len(read_heading(rows[found]).where.keys() & set(COLUMNS))
