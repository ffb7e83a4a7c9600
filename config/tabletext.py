"""A ledger's table written anew: rows in, the file's text out, and an import laid over it. Pure.

Remark lines above the header stay, and so do columns that only this city has.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from config.faults import Fault, nearest
from config.ledgertable import ALL_COLUMNS, COLUMNS, PHONE
from config.table import Row

NEEDED = ("序号", *COLUMNS)


def remarks_of(text: str) -> list[str]:
    """The remark lines that stand above the header."""
    found = []
    for line in text.lstrip("\ufeff").splitlines():
        if not line.lstrip('"').startswith("#"):
            break
        found.append(line)
    return found


def written_header(text: str) -> list[str]:
    r"""The columns that the file's header names; none when it has no header.

    >>> written_header("# 示例\n分机, 姓名\n")
    ['分机', '姓名']
    """
    below = text.lstrip("\ufeff").splitlines(keepends=True)[len(remarks_of(text)) :]
    records = ([cell.strip() for cell in record] for record in csv.reader(below))
    return [name for name in next(filter(any, records), ()) if name]


def header_of(rows: Iterable[Mapping[str, str]], before: Sequence[str] = ()) -> list[str]:
    """The columns of a table: those it had, and those of ours that are needed or used.

    >>> header_of([{"电话号码": "12333", "对端": "a"}], ["电话号码", "楼层"])[:2]
    ['电话号码', '楼层']
    """
    used = {column for row in rows for column, cell in row.items() if cell}
    ours = [column for column in ALL_COLUMNS if column in NEEDED or column in used]
    return [*before, *(column for column in ours if column not in before)]


def further_columns(header: Sequence[str]) -> list[str]:
    """The columns of ours that a table with this header has not."""
    return [column for column in ALL_COLUMNS if column not in header]


def unknown_columns(
    file: str, rows: Iterable[Mapping[str, str]], known: Iterable[str]
) -> list[Fault]:
    """Columns that nobody knows: a misspelt one would be lost in silence."""
    valid = dict.fromkeys((*known, *ALL_COLUMNS))
    named = dict.fromkeys(column for row in rows for column in row)
    return [
        Fault(file, 0, column, f"没有「{column}」这一列", nearest(column, list(valid)))
        for column in named
        if column not in valid
    ]


def table_text(
    remarks: Iterable[str], header: Sequence[str], rows: Iterable[Mapping[str, str]]
) -> str:
    """The file's text. A row's cells are found by their columns; what is missing is empty."""
    text = io.StringIO()
    text.writelines(f"{line}\n" for line in remarks)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(column, "") for column in header] for row in rows)
    return text.getvalue()


def laid_over(
    before: Sequence[Row], imported: Sequence[Row], *, is_part: bool
) -> tuple[list[Row], list[str]]:
    """The imported rows, each with what the sheet does not speak of, and what is to be told.

    A column that the whole sheet lacks keeps, number by number, what the table said. ``is_part``:
    numbers that the sheet does not have stay as they are, and where they are; else they go. A
    row's line is the sheet's, 0 for one that stays.
    """
    spoken = {column for row in imported for column, cell in row.cells.items() if cell}
    kept: dict[str, dict[str, str]] = {}
    for row in before:
        kept.setdefault(row[PHONE], {}).update(
            {name: cell for name, cell in row.cells.items() if cell and name not in spoken}
        )
    rows = [Row(row.line, {**kept.get(row[PHONE], {}), **_said(row)}) for row in imported]
    numbers = {row[PHONE] for row in imported}
    silent = [name for name in ALL_COLUMNS if any(name in kept[n] for n in numbers & kept.keys())]
    notes = [f"表中没有的列沿用现有号码表：{'、'.join(silent)}"] if silent else []
    others = [row for row in before if row[PHONE] not in numbers]
    if others and is_part:
        notes.append(f"表中没有的{_counted(others)}保持不变")
    elif others:
        told = "、".join(dict.fromkeys(row[PHONE] for row in others))
        notes.append(
            f"表中没有的{_counted(others)}从号码表中去掉：{told}。"
            "这张表只是一部分号码的，请只替换表中有的号码（命令行加--replace-part）"
        )
    return (_in_their_places(before, rows) if is_part else rows), notes


def _in_their_places(before: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
    """The rows where their number stood, new ones at the end, the others as they were."""
    by_number: dict[str, list[Row]] = {}
    for row in rows:
        by_number.setdefault(row[PHONE], []).append(row)
    placed: list[Row] = []
    come = set(by_number)
    for row in before:
        if row[PHONE] not in come:
            placed.append(Row(0, row.cells))
        else:
            placed += by_number.pop(row[PHONE], [])
    return [*placed, *(row for group in by_number.values() for row in group)]


def _counted(rows: Sequence[Row]) -> str:
    return f"{len({row[PHONE] for row in rows})}个号码"


def _said(row: Row) -> dict[str, str]:
    return {name: cell for name, cell in row.cells.items() if cell}
