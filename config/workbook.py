"""XLSX workbooks → their sheets as tables. Edge; nothing it raises but ``ProfileFaults``.

A workbook is a packed file that strangers hand in: it is measured before it is unpacked, and only
the cells that are filled are ever held.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import Element

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from config.faults import ProfileFaults
from config.grid import Cell, Grid, is_blank
from config.headings import find_heading, likeness
from config.ledgertable import COLUMNS
from config.refusedfile import ROWS, SAVE_AS, refused, too_long

UNPACKED = 48_000_000
"""Bytes: a workbook that is larger holds more than a ledger."""
PARTS = 1_000
WIDEST = 64
"""Columns looked at."""

# of parts of a workbook that hold no cells; who imports a table need not hear of them
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")
_DECLARES = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One sheet of a workbook, read."""

    title: str
    is_hidden: bool
    grid: Grid

    @property
    def is_ledger(self) -> bool:
        """Whether it has all headings and something below them."""
        rows = self.grid.rows
        heading = find_heading(rows)
        return (
            likeness(rows) == len(COLUMNS)
            and heading is not None
            and any(not is_blank(row) for row in rows[heading + 1 :])
        )


def read_workbook(name: str, data: bytes, wanted: str = "") -> Grid:
    """Read the one sheet that looks like a ledger, or the one that is ``wanted``."""
    broken = refused(name, "文件已损坏，或不是XLSX表格", SAVE_AS)
    try:
        _guard(name, data)
        sheets = list(_sheets(name, data))
    except ProfileFaults:
        raise
    except Exception:  # noqa: BLE001 - openpyxl stumbles over a broken file in any way there is
        raise broken from None
    if not sheets:
        raise broken
    return _chosen(name, sheets, wanted)


def _guard(name: str, data: bytes) -> None:
    """Refuse what is small on the disk and large in the memory, before any of it is read."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > UNPACKED or len(parts) > PARTS:
            told = f"解压后有{size // 1_000_000} MB、{len(parts)}个部分，太大了"
            raise refused(name, told, "把归并清单单独复制到新的工作簿，再导入")
        names = {part.filename for part in parts}
        if "word/document.xml" in names:
            raise refused(
                name, "这是Word文档", "把其中的表格复制到Excel或WPS表格，存为XLSX，再导入"
            )
        if "xl/workbook.xml" not in names:
            raise refused(name, "这个压缩文件不是XLSX表格", SAVE_AS)
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                text = archive.read(part)
                # no workbook declares entities, and none is written in UTF-16
                if _DECLARES.search(text) or text[:2] in (b"\xff\xfe", b"\xfe\xff"):
                    raise refused(name, "文件里有不属于表格的内容", SAVE_AS)


class _Parser(WorkSheetParser):  # type: ignore[misc]  # openpyxl has no types
    """A sheet's cells as they come, with the formulas whose result was never stored."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        """Read a cell; a formula without a result shows itself."""
        cell: dict[str, Any] = super().parse_cell(element)
        formula = element.find(FORMULA_TAG)
        if cell["value"] is None and formula is not None:
            cell["value"] = f"={formula.text or ''}"
        return cell


def _sheets(name: str, data: bytes) -> Iterator[_Sheet]:
    workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in workbook.worksheets:
            yield _Sheet(sheet.title, sheet.sheet_state != "visible", _grid(name, sheet))
    finally:
        workbook.close()


def _grid(name: str, sheet: Any) -> Grid:
    book = sheet.parent
    values: dict[int, dict[int, str]] = {}
    with sheet._get_source() as source:
        # the parser itself, not iter_rows(): that one pads every gap, and knows no merged cells
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for line, cells in parser.parse():
            filled = {
                cell["column"]: text
                for cell in cells
                if cell["column"] <= WIDEST and (text := _text(cell["value"]))
            }
            if filled:
                values[line] = filled
                if len(values) > ROWS:
                    raise too_long(name)
    merges = [merge.ref for merge in parser.merged_cells.mergeCell] if parser.merged_cells else []
    hidden = [int(line) for line, row in parser.row_dimensions.items() if row.get("hidden") == "1"]
    return _laid_out(name, sheet.title, values, _covered(values, merges), hidden)


def _text(value: object) -> str:
    """What a person sees in the cell, without a program's decimals."""
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() if value.time() == time():
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return str(value).strip()


def _covered(
    values: Mapping[int, Mapping[int, str]], merges: Sequence[str]
) -> dict[tuple[int, int], str]:
    """The text under which a merged range's other cells lie: those of its first column only.

    A range that goes across columns is a title; below it nothing is meant to be repeated.
    """
    covered: dict[tuple[int, int], str] = {}
    for ref in merges:
        left, top, _right, bottom = range_boundaries(ref)
        text = values.get(top, {}).get(left, "")
        for line in range(top + 1, min(bottom, top + ROWS) + 1 if text else 0):
            if line in values and len(covered) < ROWS * WIDEST:
                covered[line, left] = text
    return covered


def _laid_out(
    name: str,
    title: str,
    values: Mapping[int, Mapping[int, str]],
    covered: Mapping[tuple[int, int], str],
    hidden: Sequence[int],
) -> Grid:
    width = max((max(cells) for cells in values.values()), default=0)
    letters = [get_column_letter(column) for column in range(1, width + 1)]
    rows = []
    for line in sorted(values):
        cells = values[line]
        row = []
        for column, letter in enumerate(letters, 1):
            under = covered.get((line, column)) if column not in cells else None
            text = cells.get(column, "") if under is None else under
            row.append(Cell(text, line, f"{title}!{letter}{line}", under is not None))
        rows.append(tuple(row))
    shown = [str(line) for line in sorted(hidden) if line in values]
    notes = (f"工作表「{title}」第{'、'.join(shown[:10])}行是隐藏的，也一并读取",) if shown else ()
    return Grid(name, tuple(rows), notes)


def _chosen(name: str, sheets: Sequence[_Sheet], wanted: str) -> Grid:
    """The one sheet that is meant, or a fault that lists them."""
    titles = "、".join(
        f"「{sheet.title}」{'（隐藏）' if sheet.is_hidden else ''}" for sheet in sheets
    )
    if wanted:
        named = [sheet for sheet in sheets if sheet.title == wanted]
        if not named:
            raise refused(name, f"没有「{wanted}」这张工作表", titles)
        return named[0].grid
    seen = [sheet for sheet in sheets if not sheet.is_hidden]
    ledgers = [sheet for sheet in seen if sheet.is_ledger]
    if len(ledgers) > 1:
        several = "、".join(f"「{sheet.title}」" for sheet in ledgers)
        told = f"有{len(ledgers)}张工作表都像归并清单：{several}"
        raise refused(name, told, "指明其中一张，或只保留一张再导入")
    if not ledgers and (hidden := [sheet for sheet in sheets if sheet.is_ledger]):
        told = f"归并清单在隐藏的工作表「{hidden[0].title}」里"
        raise refused(name, told, "取消隐藏这张工作表，保存后再导入")
    best = ledgers[0] if ledgers else max(seen, key=lambda s: likeness(s.grid.rows), default=None)
    if best is None or (not ledgers and likeness(best.grid.rows) < 2 and len(sheets) > 1):
        raise refused(
            name, f"没有像归并清单的工作表，共有{titles}", "表头要有" + "、".join(COLUMNS)
        )
    unread = "、".join(f"「{sheet.title}」" for sheet in sheets if sheet is not best)
    note = (f"读取工作表「{best.title}」，没有读取{unread}",) if unread else ()
    return replace(best.grid, notes=(*note, *best.grid.notes))
