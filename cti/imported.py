"""What is understood of somebody's sheet, on its way into a table of numbers. Ring 3; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from config.faults import Fault, ProfileFaults
from config.importing import read_import
from config.ledgerview import ImportShown, Sheet, faults_shown
from config.sheets import read_sheet
from config.table import Row
from config.tabletext import header_of, laid_over
from cti.workingcopy import Files

_LINE = re.compile(r"第(\d+)行")


@dataclass(slots=True)
class Understood:
    """What came of a sheet so far. With ``faults`` nothing may be written."""

    sheet: Sheet
    notes: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    """As they would be written; a row's line is the sheet's, 0 for one that stays."""
    changes: list[str] = field(default_factory=list)
    refused: list[Fault] = field(default_factory=list)
    """Why it could not be applied as it is."""
    files: Files | None = None
    """The working copy with these rows in it; None while something is wrong."""

    def placed(self, table: str, remarks: int, faults: Sequence[Fault]) -> list[Fault]:
        """The faults of the table made of it, told where the sheet has them.

        The table has so many remark lines, and then its header.
        """
        lines = enumerate((row.line for row in self.rows), remarks + 2)
        places = {row: line for row, line in lines if line}

        def place(fault: Fault) -> Fault:
            if fault.file != table or fault.row not in places:
                return fault
            message = _LINE.sub(lambda m: f"第{places.get(int(m[1]), m[1])}行", fault.message)
            return replace(fault, file=self.sheet.name, row=places[fault.row], message=message)

        return list(dict.fromkeys(map(place, faults)))  # one cell may have become several rows

    def shown(self, *, is_written: bool) -> ImportShown:
        """As people see it."""
        return ImportShown(
            rows=[{name: row[name] for name in self.header} for row in self.rows],
            notes=self.notes,
            faults=faults_shown(self.faults),
            changes=self.changes,
            refused=faults_shown(self.refused),
            is_written=is_written,
        )


def understand(sheet: Sheet, area_code: str, before: Sequence[Row], *, is_part: bool) -> Understood:
    """Read the sheet and lay it over the table there is."""
    found = Understood(sheet)
    try:
        grid = read_sheet(sheet.name, sheet.data)
    except ProfileFaults as error:
        found.faults = list(error.faults)
        return found
    read = read_import(grid, area_code)
    found.notes, found.faults = list(read.notes), list(read.faults)
    if read.rows is None:
        return found
    found.rows, told = laid_over(before, read.rows, is_part=is_part)
    found.notes += told
    found.header = header_of(row.cells for row in found.rows)
    return found
