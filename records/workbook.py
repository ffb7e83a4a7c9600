"""A report as an Excel workbook: a sheet of the whole, one of its rows, one of seats' time."""

from datetime import datetime
from io import BytesIO
from typing import Final

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from config.workdays import CHINA
from queues.breakdown import ROW_NAMES
from queues.figures import CALLBACK_LABELS, LABELS, Figures
from queues.followfigures import FOLLOW_UP_LABELS
from queues.report import Report
from queues.seattimes import SEAT_LABELS, SeatFigures

_HEAD: Final = PatternFill("solid", fgColor="1F6F8B")
_PERCENT: Final = "0.0%"
_TENTHS: Final = "0.0"
_HUNDREDTHS: Final = "0.00"
_NARROW: Final = 14


def workbook(report: Report) -> bytes:
    """The report as an ``.xlsx`` file. Nothing in it is a formula; it opens in WPS as in Excel."""
    book = Workbook()
    whole = book.active
    if not isinstance(whole, Worksheet):
        raise TypeError("a new workbook has a sheet")
    whole.title = "总览"
    whole.append(["统计时段", f"{_when(report.since)} 至 {_when(report.until)}"])
    for name, label in LABELS.items():
        whole.append([label, getattr(report.whole, name)])
        _format(whole, whole.max_row, 2, name)
    if report.worst_24_h is not None:
        since, share = report.worst_24_h
        whole.append(["接通率最低的24小时", share])
        whole.cell(whole.max_row, 2).number_format = _PERCENT
        whole.append(["其起始时间", _when(since)])
    for name, label in CALLBACK_LABELS.items():
        whole.append([label, getattr(report.callbacks, name)])
        _format(whole, whole.max_row, 2, name)
    for name, label in FOLLOW_UP_LABELS.items():
        whole.append([label, getattr(report.follow_ups, name)])
        _format(whole, whole.max_row, 2, name)
    for name, label in SEAT_LABELS.items():
        whole.append([label, getattr(report.seats, name)])
        _format(whole, whole.max_row, 2, name)
    for row in whole.iter_rows(max_col=1):
        row[0].font = Font(bold=True)
    whole.column_dimensions["A"].width = 24
    whole.column_dimensions["B"].width = 40
    for row in whole.iter_rows(min_col=2, max_col=2):
        row[0].alignment = Alignment(horizontal="left")
    _add_rows(book.create_sheet(f"按{ROW_NAMES[report.by]}"), report)
    if report.seat_rows:
        _add_seat_rows(book.create_sheet("座席时间"), report)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _add_rows(sheet: Worksheet, report: Report) -> None:
    _add_table(sheet, [ROW_NAMES[report.by], *LABELS.values()])
    for row, figures in report.rows.items():
        sheet.append([row, *_values(figures)])
        for column, name in enumerate(LABELS, 2):
            _format(sheet, sheet.max_row, column, name)


def _add_seat_rows(sheet: Worksheet, report: Report) -> None:
    """Seats' time by row, and after it a column for each reason of being not ready."""
    reasons = list(report.seats.not_ready_by_reason)
    head = [ROW_NAMES[report.by], *SEAT_LABELS.values()]
    _add_table(sheet, [*head, *(f"示忙：{reason}（秒）" for reason in reasons)])
    for row, figures in [*report.seat_rows.items(), ("合计", report.seats)]:
        sheet.append([row, *_seat_values(figures, reasons)])
        for column, name in enumerate([*SEAT_LABELS, *("reason_s" for _ in reasons)], 2):
            _format(sheet, sheet.max_row, column, name)


def _seat_values(figures: SeatFigures, reasons: list[str]) -> list[float | None]:
    spans: list[float | None] = [getattr(figures, name) for name in SEAT_LABELS]
    return [*spans, *(figures.not_ready_by_reason.get(reason, 0.0) for reason in reasons)]


def _add_table(sheet: Worksheet, head: list[str]) -> None:
    sheet.append([_plain(name) for name in head])
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(horizontal="center", wrap_text=True)
    sheet.freeze_panes = "B2"
    for column in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = _NARROW
    sheet.column_dimensions["A"].width = 20


def _plain(text: str) -> str:
    """What an agent typed as a reason is never a formula, nor what no cell can hold."""
    return str(ILLEGAL_CHARACTERS_RE.sub("", text)).lstrip("=+-@")


def _values(figures: Figures) -> list[float | None]:
    return [getattr(figures, name) for name in LABELS]


def _format(sheet: Worksheet, row: int, column: int, name: str) -> None:
    if name.endswith("_share") or name == "occupancy":
        sheet.cell(row, column).number_format = _PERCENT
    elif name == "satisfaction":
        sheet.cell(row, column).number_format = _HUNDREDTHS
    elif name.endswith("_s") and not name.startswith("answered"):
        sheet.cell(row, column).number_format = _TENTHS


def _when(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"
