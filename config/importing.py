"""Other people's tables → the ledger's own (``numbers.csv``). Pure; all or nothing.

Titles above the table and remarks below it are left out, cells that were merged or left blank
under a filled one are filled, numbers are spelled as they are dialled. What has no single reading
is a fault with its cell and the likeliest value; with one fault nothing is imported.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from config import spelling
from config.faults import Fault
from config.grid import Cell, Grid, is_blank
from config.headings import Heading, find_heading, is_heading, read_heading
from config.ledger import MODES
from config.ledgertable import (
    ALL_COLUMNS,
    BEGINS,
    COLUMNS,
    DEPARTMENT,
    DESTINATION,
    ENDS,
    HOURS,
    MODE,
    NAME,
    PEER,
    PHONE,
    SEATING,
    read_ledger,
)
from config.remarks import Remarks
from config.table import Row

ORDER = "序号"
FILLED = (DEPARTMENT, MODE)
"""Columns in which a blank cell means: as above."""

_REMARK = re.compile(
    r"[(\[]?(注|备注|说明|附注|填表|填报|制表|审核|联系人|联系电话|合计|共计|总计|小计|注意|[*※])"
)
_CONTACT = re.compile(r"联系|填表|填报|制表|审核")
_TITLE = 30
"""A longer text is no title."""
_NONE = frozenset({"-", "--", "—", "——", "－", "/", "／", "无"})
_LINE = re.compile(r"第(\d+)行")


@dataclass(frozen=True, slots=True)
class Imported:
    """What was understood. ``rows`` is None when there is any fault."""

    rows: tuple[Row, ...] | None
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]
    """What was changed, filled or left out, for the administrator to look over."""


def read_import(grid: Grid, area_code: str) -> Imported:
    """Make the ledger's rows from a table as people keep it.

    The rows' text (``written``) is one that ``read_ledger`` accepts.
    """
    return _Reading(grid, area_code).read()


def written(rows: Iterable[Row]) -> str:
    """Write the rows as a ``numbers.csv``: the needed columns, and those that any row uses."""
    rows = list(rows)
    used = [
        column
        for column in ALL_COLUMNS
        if column in (ORDER, *COLUMNS) or any(r[column] for r in rows)
    ]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(used)
    writer.writerows([row[column] for column in used] for row in rows)
    return text.getvalue()


@dataclass(slots=True)
class _Reading:
    """One table being read, from top to bottom."""

    grid: Grid
    area_code: str
    rows: list[Row] = field(default_factory=list)
    sources: list[tuple[Heading, tuple[Cell, ...]]] = field(default_factory=list)
    """Of each row: where it comes from."""
    faults: list[Fault] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    """What a blank cell in a filled column stands for."""
    last_order: str = ""
    remarks: Remarks = field(init=False)

    def __post_init__(self) -> None:
        self.remarks = Remarks(self.grid.notes)

    def read(self) -> Imported:
        """Read it all."""
        place = find_heading(self.grid.rows)
        if place is None:
            self._no_heading()
        else:
            self._read_from(place)
        self.faults.sort(key=lambda fault: fault.row)
        rows = None if self.faults else tuple(self.rows)
        return Imported(rows, tuple(self.faults), self.remarks.told())

    def _no_heading(self) -> None:
        self._tell(0, None, "", "没有找到表头", "一行表头：" + ",".join((ORDER, *COLUMNS)))

    def _read_from(self, place: int) -> None:
        heading = read_heading(self.grid.rows[place])
        self.remarks.left_out("表头上方", [r for r in self.grid.rows[:place] if not is_blank(r)])
        if MODE not in heading.where:
            for row in self.grid.rows[:place]:
                self._section(row)
        missing = [c for c in heading.missing if c != MODE or MODE not in self.above]
        for column in missing:
            first = next((cell for cell in heading.row if cell.text.strip()), heading.row[0])
            self._tell(first.line, first, column, f"缺少「{column}」列", heading.advice(column))
        if missing:
            return
        self.remarks.columns(heading)
        parts = list(_parts(heading, self.grid.rows[place + 1 :]))
        is_data = [part is not None and _is_data(part, row) for part, row in parts]
        end = len(is_data) - is_data[::-1].index(True) if any(is_data) else 0
        for is_line, (part, row) in zip(is_data[:end], parts, strict=False):
            if part is None:
                self.remarks.add(f"{row[0].seen}又是一行表头，没有作为号码导入")
            elif is_line:
                self._data(part, row)
            elif not self._section(row):
                self._other(row)
        self.remarks.left_out("表格下方", [row for _, row in parts[end:]])
        self._check()

    def _section(self, row: Sequence[Cell]) -> bool:
        """Take a heading over part of the table (一、整体并入) as the mode of the rows below."""
        filled = [cell for cell in row if cell.text.strip() and not cell.is_covered]
        if len(filled) != 1 or len(filled[0].text.strip()) > _TITLE:
            return False
        text = spelling.simplified(filled[0].text)
        named = [mode for mode in MODES if mode in re.sub("[、,]", "", text)]
        if len(named) != 1:
            return False
        self.above[MODE] = named[0]
        self.remarks.add(
            f"{filled[0].seen}「{text}」：下面的行归并方式空着的，按「{named[0]}」填写"
        )
        return True

    def _other(self, row: Sequence[Cell]) -> None:
        """Something between the rows that is no line of the ledger."""
        filled = [cell for cell in row if cell.text.strip() and not cell.is_covered]
        first = filled[0]
        is_numbered_only = len(filled) == 1 and first.text.strip().isdecimal()
        if _REMARK.match(first.text.strip()) or is_numbered_only:
            self.remarks.left_out("表格中间", [tuple(row)])
        else:
            told = "、".join(cell.text.strip() for cell in filled)
            why = f"这一行只有「{told}」，没有电话名称和电话号码"
            self._tell(first.line, first, "", why, "填上名称和号码，或删去这一行")

    def _data(self, heading: Heading, row: Sequence[Cell]) -> None:
        """Read one row; several numbers in its cell make several."""
        cells: dict[str, str] = {}
        for column, place in heading.where.items():
            if place < len(row) and column != PHONE:
                cells[column] = self._spell(column, row[place])
        for column in FILLED:
            cells[column] = self._filled(heading, row, column, cells.get(column, ""))
        self._count(heading, row, cells.get(ORDER, ""))
        line = row[heading.where[NAME]].line if heading.where[NAME] < len(row) else row[0].line
        for place, number in enumerate(self._numbers(heading, row)):
            again = {ORDER: ""} if place else {}
            self.rows.append(Row(line, {**cells, PHONE: number, **again}))
            self.sources.append((heading, tuple(row)))

    def _spell(self, column: str, cell: Cell) -> str:
        text = cell.text.strip()
        if spelling.is_broken(text):
            why = f"「{text}」是表格的公式或错误，不是内容"
            self._tell(cell.line, cell, column, why, "把公式的结果粘贴为值")
            return ""
        if column == MODE:
            spelled = spelling.mode(text)
        elif column in (BEGINS, ENDS):
            spelled = spelling.day(text)
        elif column == HOURS:
            spelled = spelling.hours(text)
        elif column == DESTINATION:
            spelled = spelling.destination(text)
        elif column in (PEER, SEATING, ORDER):
            spelled = spelling.simplified(text)
        else:
            spelled = spelling.plain(text)
        spelled = re.sub(r"^(\d+)\.0+$", r"\1", spelled) if column == ORDER else spelled
        if column not in (*COLUMNS, ORDER) and text in _NONE:
            spelled = ""
        if column in FILLED and text in spelling.DITTO:
            return ""
        self.remarks.spelled(column, cell, spelled)
        return spelled

    def _filled(self, heading: Heading, row: Sequence[Cell], column: str, text: str) -> str:
        place = heading.where.get(column, len(row))
        cell = row[place] if place < len(row) else row[-1]
        if not text:
            text = self.above.get(column, "")
            self.remarks.filled(column, cell, text)
        elif place < len(row) and cell.is_covered:
            self.remarks.filled(column, cell, text, is_merged=True)
        else:
            self.remarks.not_filled(column)
        self.above[column] = text
        return text

    def _count(self, heading: Heading, row: Sequence[Cell], order: str) -> None:
        """Note a gap in the counting: a row may have been lost."""
        is_gap = self.last_order.isdecimal() and order.isdecimal()
        if is_gap and int(order) not in (int(self.last_order), int(self.last_order) + 1, 1):
            cell = row[heading.where[ORDER]]
            self.remarks.add(f"{cell.seen}序号从{self.last_order}跳到{order}，请核对是否漏行")
        self.last_order = order or self.last_order

    def _numbers(self, heading: Heading, row: Sequence[Cell]) -> tuple[str, ...]:
        place = heading.where[PHONE]
        if place >= len(row):
            return ("",)
        cell = row[place]
        text = cell.text.strip()
        try:
            found = spelling.numbers(text, self.area_code)
        except spelling.Unclear as unclear:
            self._tell(cell.line, cell, PHONE, unclear.why, unclear.instead)
            return ("",)
        if len(found) > 1:
            self.remarks.add(
                f"{cell.seen}一格里有{len(found)}个号码，分为{len(found)}行：{'、'.join(found)}"
            )
        else:
            self.remarks.spelled(PHONE, cell, "".join(found))
        return found or ("",)

    def _tell(self, line: int, cell: Cell | None, column: str, why: str, instead: str) -> None:
        place = cell.place if cell else ""
        self.faults.append(Fault(self.grid.name, line, column, why, instead, place))

    def _check(self) -> None:
        """Let the ledger's own rules judge the rows, and tell it in the table's own places."""
        told = {(fault.row, fault.column) for fault in self.faults}
        _lines, faults = read_ledger(self.grid.name, written(self.rows), self.area_code)
        for fault in faults:
            if not 2 <= fault.row < len(self.rows) + 2:
                self._tell(0, None, fault.column, fault.message, fault.instead)
                continue
            heading, row = self.sources[fault.row - 2]
            place = heading.where.get(fault.column, len(row))
            cell = row[place] if place < len(row) else None
            line = cell.line if cell else self.rows[fault.row - 2].line
            if (line, fault.column) not in told:
                message = _LINE.sub(self._seen, fault.message)
                self._tell(line, cell, fault.column, message, fault.instead)

    def _seen(self, found: re.Match[str]) -> str:
        return f"第{self.rows[int(found[1]) - 2].line}行"


def _parts(
    heading: Heading, rows: Iterable[tuple[Cell, ...]]
) -> Iterator[tuple[Heading | None, tuple[Cell, ...]]]:
    """Each row that is not blank, with the headings over it; None: it is a row of headings."""
    for row in rows:
        if is_heading(row):
            heading = read_heading(row)
            yield None, row
        elif not is_blank(row):
            yield heading, row


def _is_data(heading: Heading, row: Sequence[Cell]) -> bool:
    """Whether the row is meant as a line of the ledger."""
    name, number = (_text(heading, row, column) for column in (NAME, PHONE))
    first = next((cell.text.strip() for cell in row if cell.text.strip()), "")
    if _REMARK.match(first) and (_CONTACT.match(first) or not (name and number)):
        return False
    return bool(name or number)


def _text(heading: Heading, row: Sequence[Cell], column: str) -> str:
    place = heading.where.get(column)
    return row[place].text.strip() if place is not None and place < len(row) else ""
