"""What an import did to a table, told so that an administrator can look it over. Pure."""

from collections.abc import Iterable, Sequence

from config.grid import Cell
from config.headings import Heading

_SHOWN = 3


class Remarks:
    """Collects remarks in the order of the table. Cells filled alike are told as one run."""

    def __init__(self, notes: Iterable[str] = ()) -> None:
        self._notes = list(notes)
        self._runs: dict[str, list[str]] = {}
        """Of each column: how, and with what, and where the run began and got to."""

    def add(self, note: str) -> None:
        """Remember it."""
        self._notes.append(note)

    def left_out(self, where: str, rows: Sequence[Sequence[Cell]]) -> None:
        """Rows that are no part of the ledger."""
        if rows:
            texts = ["，".join(c.text.strip() for c in row if c.text.strip()) for row in rows]
            shown = "」「".join(_short(text) for text in texts[:_SHOWN])
            more = "等" if len(rows) > _SHOWN else ""
            self.add(f"{where}的{len(rows)}行没有导入：「{shown}」{more}")

    def columns(self, heading: Heading) -> None:
        """What each heading was taken for, where that is not plain."""
        for column, place in heading.where.items():
            named = "".join(heading.row[place].text.split())
            if named != column:
                self.add(f"「{named}」列作为「{column}」")
        if heading.others:
            self.add(f"没有导入的列：{'、'.join(map(_short, heading.others))}")

    def spelled(self, column: str, cell: Cell, text: str) -> None:
        """A cell whose text was written in another way."""
        if text != cell.text.strip() and not cell.is_covered:
            before = cell.text.strip().replace("\r", "").replace("\n", "↵")
            self.add(f"{cell.seen}「{column}」：「{before}」写为「{text}」")

    def filled(self, column: str, cell: Cell, text: str, *, is_merged: bool = False) -> None:
        """A cell that took its text from above."""
        if not text:
            return
        why = "合并单元格" if is_merged else "空格"
        run = self._runs.get(column)
        if run and run[:2] == [text, why]:
            run[3] = cell.seen
        else:
            self._end(column)
            self._runs[column] = [text, why, cell.seen, cell.seen]

    def not_filled(self, column: str) -> None:
        """A cell with a text of its own: the run above it is over."""
        self._end(column)

    def told(self) -> tuple[str, ...]:
        """All remarks."""
        for column in list(self._runs):
            self._end(column)
        return tuple(self._notes)

    def _end(self, column: str) -> None:
        run = self._runs.pop(column, None)
        if run:
            text, why, first, last = run
            where = first if first == last else f"{first}至{last}"
            self.add(f"{where}「{column}」：{why}按上面填为「{text}」")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 24 else f"{text[:23]}…"
