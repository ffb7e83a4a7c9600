"""A table as a person sees it: cells in rows, each knowing where it stands. Pure."""

from dataclasses import dataclass
from typing import NamedTuple


class Cell(NamedTuple):
    """One cell. In a merged range every cell of its first column holds the range's text."""

    text: str
    line: int
    """The line of the file, or the row of the sheet, as it is counted there."""
    place: str = ""
    """The cell's name in a spreadsheet (``归并清单!C7``); '' in a text, where the line says it."""
    is_covered: bool = False
    """Whether the text stands in a cell above with which this one is merged."""

    @property
    def seen(self) -> str:
        """Where a person finds the cell."""
        return self.place or f"第{self.line}行"


@dataclass(frozen=True, slots=True)
class Grid:
    """A whole table. Rows may differ in length."""

    name: str
    """The file's name, as the person gave it."""
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    """What a person should know of how the file was read."""


def is_blank(row: tuple[Cell, ...]) -> bool:
    """Whether nothing is written in the row itself."""
    return all(cell.is_covered or not cell.text.strip() for cell in row)
