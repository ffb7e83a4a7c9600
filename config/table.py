"""Tables as administrators keep them: a CSV with a Chinese header. Text in, rows and faults out."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.faults import Fault

_BREAK = re.compile(r"[ \t]*[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+[ \t]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Characters that nobody sees: they come along when something is pasted."""


@dataclass(frozen=True, slots=True)
class Row:
    """One data row: its line in the file and its cells by column, stripped, each on one line."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell in that column; '' when the row is shorter or the column optional."""
        return self.cells.get(column, "")


def read_table(file: str, text: str, required: Sequence[str]) -> tuple[list[Row], list[Fault]]:
    """Read a CSV whose header must hold the required columns, in any order.

    Lines that begin with ``#`` before the header are remarks; blank rows are skipped. With a
    missing column no rows are returned, only the faults.
    """
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    skipped = 0
    while skipped < len(lines) and lines[skipped].lstrip('"').startswith("#"):
        skipped += 1
    reader = csv.reader(io.StringIO("".join(lines[skipped:])), strict=True)
    rows: list[Row] = []
    header: list[str] = []
    start = skipped + 1
    try:
        for record in reader:
            line, start = start, skipped + reader.line_num + 1
            cells = [_plain(cell) for cell in record]
            if not any(cells):
                continue
            if not header:
                header = cells
                faults = _header_faults(file, line, header, required)
                if faults:
                    return [], faults
                continue
            rows.append(Row(line, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        row = skipped + reader.line_num
        return [], [
            Fault(
                file,
                row,
                "",
                f"不是完整的CSV（{error}）",
                "检查该行的引号是否成对，并另存为CSV",
            )
        ]
    if not header:
        return [], [
            Fault(
                file,
                1,
                "",
                "文件是空的",
                "表头：" + ",".join(required),
            )
        ]
    return rows, []


def _plain(cell: str) -> str:
    """What a cell says: a line break within it is only how it was laid out."""
    cell = cell.strip()
    if cell.isprintable():
        return cell
    return _CONTROL.sub("", _BREAK.sub("", cell)).strip()


def _header_faults(
    file: str, line: int, header: Sequence[str], required: Sequence[str]
) -> list[Fault]:
    faults = [
        Fault(
            file,
            line,
            column,
            f"缺少「{column}」列",
            "表头：" + ",".join(required),
        )
        for column in required
        if column not in header
    ]
    faults += [
        Fault(
            file,
            line,
            column,
            f"「{column}」列出现了两次",
            "只保留一列",
        )
        for column in dict.fromkeys(header)
        if column and header.count(column) > 1
    ]
    return faults
