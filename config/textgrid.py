"""Tables written as text: separated values, and cells pasted one a line. Pure."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from config.faults import Fault, ProfileFaults
from config.grid import Cell, Grid, is_blank
from config.headings import column_of, likeness
from config.ledgertable import COLUMNS

SEPARATORS = (",", "\t", ";")
_LINE_END = re.compile(r"\r\n|\r|\n")

_Rows = tuple[tuple[Cell, ...], ...]


def read_text(name: str, text: str) -> Grid:
    """Read a table from text, however its cells are set apart.

    Raises ``ProfileFaults`` when its quotes are not in pairs.
    """
    lines = _LINE_END.split(text)
    pasted = _pasted(lines)
    if pasted is not None:
        return Grid(name, pasted, ("这是逐格成行粘贴的表格，已按空行分行读取",))
    readings: list[_Rows] = []
    errors: list[ProfileFaults] = []
    for separator in SEPARATORS:
        if separator in text or separator == SEPARATORS[0]:
            try:
                readings.append(_separated(name, text, separator))
            except ProfileFaults as error:
                errors.append(error)
    best = max(readings, key=likeness, default=())
    if errors and likeness(best) < len(COLUMNS):
        raise errors[0]
    return Grid(name, best)


def _separated(name: str, text: str, separator: str) -> _Rows:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[Cell, ...]] = []
    start = 1
    try:
        for record in reader:
            rows.append(tuple(Cell(written, start) for written in record))
            start = reader.line_num + 1
    except csv.Error as error:
        why = f"从这一行起读不下去（{error}）"
        advice = "检查该行的引号是否成对，并另存为CSV"
        raise ProfileFaults([Fault(name, start, "", why, advice)]) from None
    return tuple(_joined(rows)) if separator == "\t" else tuple(rows)


def _joined(rows: Sequence[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Mend rows that a line break within a cell has cut in two, as a word processor copies them."""
    width = max(map(len, rows), default=0)
    waiting: tuple[Cell, ...] = ()
    for row in rows:
        if waiting:
            total = len(waiting) + len(row) - 1
            if len(row) > 1 and total <= width:
                last = waiting[-1]
                row = (*waiting[:-1], last._replace(text=f"{last.text}\n{row[0].text}"), *row[1:])
            else:
                yield waiting
        waiting = row if 1 < len(row) < width else ()
        if not waiting:
            yield row
    if waiting:
        yield waiting


def _pasted(lines: Sequence[str]) -> _Rows | None:
    """Read a table of which every cell became a line of its own and a blank line ends each row.

    That is what is left of a table copied out of a document as plain text. Cells begin with a
    tab; a line without one goes on with the cell above. Where blank cells have lost their tab,
    rows are told by their number of cells.
    """
    start = next((place for place in range(len(lines)) if _is_heading(lines, place)), None)
    if start is None:
        return None
    is_tabbed = lines[start][:1].isspace()
    rows: list[tuple[Cell, ...]] = []
    rows += [(Cell(line, number),) for number, line in enumerate(lines[:start], 1)]
    heading, place = _cells(lines, start, is_tabbed, None)
    rows.append(heading)
    are_blanks_marked = any(line and not line.strip() for line in lines[place:])
    width = None if are_blanks_marked and is_tabbed else len(heading)
    while place < len(lines):
        if is_tabbed and lines[place].strip() and not lines[place][:1].isspace():
            break  # a line of text: the table is over
        row, place = _cells(lines, place, is_tabbed, width)
        rows.append(row)
    rows += [(Cell(line, number),) for number, line in enumerate(lines[place:], place + 1)]
    return tuple(row for row in rows if not is_blank(row))


def _is_heading(lines: Sequence[str], place: int) -> bool:
    """Whether headings begin there: at least as many lines as there are needed columns."""
    if column_of(lines[place]) is None or "\t" in lines[place].strip():
        return False
    found = [column_of(line) for line in lines[place : place + 3 * len(COLUMNS)]]
    ahead = found[: found.index(None)] if None in found else found
    return len(set(ahead) & set(COLUMNS)) >= len(COLUMNS) - 1


def _cells(
    lines: Sequence[str], place: int, is_tabbed: bool, width: int | None
) -> tuple[tuple[Cell, ...], int]:
    """Take one row's cells, and the place after the blank line that ends it.

    Without a ``width`` any empty line ends the row; with it, only one that follows so many cells.
    """
    cells: list[Cell] = []
    while place < len(lines):
        line = lines[place]
        is_full = width is not None and len(cells) >= width
        if not line.strip() and (is_full or (width is None and not line)):
            place += 1
            break
        if cells and is_tabbed and line.strip() and not line[:1].isspace():
            if not cells[-1].text:
                break  # a line of text, and no cell to go on with
            cells[-1] = cells[-1]._replace(text=f"{cells[-1].text}\n{line.strip()}")
        else:
            cells.append(Cell(line.strip(), place + 1))
        place += 1
    return tuple(cells), place
