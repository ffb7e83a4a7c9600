"""The tables beside the number table, as administrators edit them over HTTP. Ring 3; blocks.

They lie in the same working copy, so whatever applies, compares or rolls back the numbers does
so with them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from config.faults import Fault, ProfileFaults, nearest
from config.ledgerview import faults_shown
from config.revisions import Revisions
from config.table import read_table
from config.tables import TABLES, Table, TableShown, TablesShown, unknown_in, widened
from config.tabletext import remarks_of, table_text, written_header
from cti.audit import Note
from cti.errors import DomainError
from cti.ids import CentreId
from cti.workingcopy import Files, TableChanged, WorkingCopy


class TableUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """No table of that name can be edited."""

    id = "table-unknown"


class CityTables:
    """A ``cti.web.ledgerport.Tables`` on the files of this machine."""

    def __init__(
        self, copy: WorkingCopy, revisions: Revisions, note: Note, now: Callable[[], datetime]
    ) -> None:
        self._copy = copy
        self._revisions = revisions
        self._note = note
        self._now = now

    def all(self) -> TablesShown:
        """Which tables there are."""
        return TablesShown(items=[table.named() for table in TABLES.values()])

    def show(self, centre: CentreId, name: str) -> TableShown:
        """A table of the centre's working copy. ``CentreUnknown``, ``TableUnknown``."""
        table, files = _known(name), self._copy.read()
        prefix = files.folder(centre)
        text, rows = files.table(prefix, table.file), files.rows(prefix, table.file)
        header = table.header(written_header(text))
        current = self._revisions.current()
        return TableShown(
            **table.named().model_dump(),
            centre=centre,
            tag=files.tag(prefix, table.file),
            in_force=current.number if current else None,
            is_applied=current is not None and current.digest == files.digest,
            file=prefix + table.file,
            header=header,
            further=[one.name for one in table.columns if one.name not in header],
            columns=list(table.columns),
            keys=[one.name for one in table.columns[: table.keys]],
            rows=[{column: row[column] for column in header} for row in rows],
            row_lines=[row.line for row in rows],
            written_from=len(remarks_of(text)) + 2,
            written=self._copy.last_write(files, prefix, table.file),
            faults=faults_shown(self._faults(files)),
        )

    def put(
        self,
        centre: CentreId,
        name: str,
        rows: Sequence[Mapping[str, str]],
        *,
        tag: str,
        who: str,
    ) -> TableShown:
        """Write the table; ``ProfileFaults`` or ``TableChanged``, and it is as it was."""
        table = _known(name)
        with self._copy.writing(who):
            files = self._copy.read()
            prefix = files.folder(centre)
            now = files.tag(prefix, table.file)
            if tag != now:
                raise TableChanged("the table is not the one that was read", tag=now)
            changed = self._changed(files, prefix, table, rows)
            self._copy.platform(changed)
            self._copy.write_table(changed, prefix, table.file, who=who, at=self._now())
        self._note(centre, who, "table-written", {"table": name, "rows": str(len(rows))})
        return self.show(centre, name)

    def _changed(
        self, files: Files, prefix: str, table: Table, rows: Sequence[Mapping[str, str]]
    ) -> Files:
        """The files with those rows. What cannot be read now is not written over."""
        file, text = prefix + table.file, files.table(prefix, table.file)
        if not text and files.content.get(file):
            self._copy.platform(files)  # says that it is no text
        header = written_header(text)
        if header:
            _, broken = read_table(file, text, ())
            if broken:
                raise ProfileFaults(broken)
        unknown = unknown_in(table, header, rows)
        if unknown:
            names = [*header, *(one.name for one in table.columns)]
            raise ProfileFaults(
                [
                    Fault(file, 0, one, f"没有「{one}」这一列", nearest(one, names))
                    for one in unknown
                ]
            )
        written = table_text(remarks_of(text), widened(table, header, rows), rows)
        return self._copy.with_table(files, prefix, written, table.file)

    def _faults(self, files: Files) -> Sequence[Fault]:
        try:
            self._copy.platform(files)
        except ProfileFaults as error:
            return error.faults
        return ()


def _known(name: str) -> Table:
    if name not in TABLES:
        raise TableUnknown("no such table", table=name)
    return TABLES[name]
