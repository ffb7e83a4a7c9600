"""Files as people have them: text of any encoding, XLSX with its oddities, what is neither."""

import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from time import process_time

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from config.faults import Fault, ProfileFaults
from config.grid import Grid
from config.importing import read_import, written
from config.refusedfile import ROWS
from config.sheets import LARGEST, read_sheet
from tests.config.pace import SQUARED_S

HEADER = ["序号", "部门", "电话名称", "电话号码", "归并方式"]
SOME_TIME = datetime(2026, 1, 2, 3, 4)  # noqa: DTZ001 - a sheet's times have no zone
TABLE = "序号,部门,电话名称,电话号码,归并方式\n1,教育局,师德热线,8333110,整体并入\n"


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def _refusal(name: str, data: bytes, sheet: str = "") -> Fault:
    with pytest.raises(ProfileFaults) as refused:
        read_sheet(name, data, sheet)
    (fault,) = refused.value.faults
    assert (fault.file, fault.row) == (name, 0)
    assert fault.instead
    return fault


def _xlsx(*fill: Callable[[Worksheet], None]) -> bytes:
    """A workbook with one sheet for each function that fills one."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for number, function in enumerate(fill, 1):
        function(workbook.create_sheet(f"表{number}"))
    data = io.BytesIO()
    workbook.save(data)
    return data.getvalue()


def _ledger(sheet: Worksheet) -> None:
    sheet.append(HEADER)
    sheet.append([1, "教育局", "师德热线", 8333110, "整体并入"])


def _part(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed."""
    changed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return changed.getvalue()


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_is_read_in_every_encoding(encoding: str, separator: str) -> None:
    """With its mark or without one, with any separator."""
    data = TABLE.replace(",", separator).replace("\n", "\r\n").encode(encoding)
    assert _texts(read_sheet("表.csv", data)) == [row.split(",") for row in TABLE.splitlines()]


def test_utf_16_of_either_order_has_its_mark() -> None:
    data = b"\xfe\xff" + TABLE.encode("utf-16-be")
    assert len(read_sheet("表.txt", data).rows) == 2


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "空的"),
        (b" \r\n", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版的Excel文件（.xls）"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "加了密码",
        ),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"  <html><table>", "网页"),
        (b"PK\x03\x04" + bytes(200), "已损坏"),
        (b"\xff\xfe\x00", "不是文本"),
        (b"\x00\x01\x02\x00\x00\x00\x00\x00", "不是文本"),
        (b"\xff\xfd\x80\x81", "不是文本"),
        (b"a" * (LARGEST + 1), "超过4 MB"),
        (b"a\n" * (ROWS + 1), "超过20000行"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, message: str) -> None:
    """What it is, and how to make a table of it."""
    assert message in _refusal("表.xls", data).message


def test_an_old_workbook_is_told_how_to_be_saved_anew() -> None:
    fault = _refusal("表.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    assert "另存为" in fault.instead
    assert ".xlsx" in fault.instead


def test_a_workbook_is_read_as_it_is_seen() -> None:
    """Numbers keep their digits, dates are dates, every cell has its name."""

    def fill(sheet: Worksheet) -> None:
        sheet.title = "归并清单"
        sheet.append(["附件1"])
        sheet.append([])
        sheet.append([*HEADER, "过渡结束", "备注"])
        sheet.append([1.0, "教育局", "甲", 8337772.0, "整体并入", date(2026, 12, 31), True])
        sheet.append([2, "金融\n办公室", "乙", "12333", "双号并行", SOME_TIME, 0.5])

    grid = read_sheet("清单.xlsx", _xlsx(fill))
    assert _texts(grid)[2:] == [
        ["1", "教育局", "甲", "8337772", "整体并入", "2026-12-31", "是"],
        ["2", "金融\n办公室", "乙", "12333", "双号并行", "2026-01-02T03:04:00", "0.5"],
    ]
    assert grid.rows[2][3].place == "归并清单!D4"
    assert [row[0].line for row in grid.rows] == [1, 3, 4, 5]
    assert grid.notes == ()


def test_merged_cells_are_filled_down_and_titles_are_not_spread() -> None:
    """A range over rows says the same in each; one over columns is a title."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["归并清单"])
        sheet.merge_cells("A1:E1")
        sheet.append(HEADER)
        sheet.append([6, "公安局", "户政电话", 8820813, "整体并入"])
        sheet.append([None, None, "治安电话"])
        sheet.append([7, None, "出入境热线", 8838505])
        for cells in ("A3:A4", "B3:B5", "D3:D4", "E3:E5"):
            sheet.merge_cells(cells)
        sheet.append(["注：以上号码均已核对"])
        sheet.merge_cells("A6:E7")

    grid = read_sheet("清单.xlsx", _xlsx(fill))
    assert [cell.text for cell in grid.rows[0]] == ["归并清单", "", "", "", ""]
    imported = read_import(grid, "0476")
    assert imported.rows is not None
    assert written(imported.rows).splitlines()[1:] == [
        "6,公安局,户政电话,8820813,整体并入",
        "6,公安局,治安电话,8820813,整体并入",
        "7,公安局,出入境热线,8838505,整体并入",
    ]


def test_a_heading_of_two_rows_is_read() -> None:
    """电话 over 名称 and 号码; the other headings go over both rows."""

    def fill(sheet: Worksheet) -> None:
        sheet.append(["序号", "部门", "电话", None, "归并方式"])
        sheet.append([None, None, "名称", "号码", None])
        for cells in ("A1:A2", "B1:B2", "C1:D1", "E1:E2"):
            sheet.merge_cells(cells)
        sheet.append([1, "教育局", "甲", 8333110, "整体并入"])

    imported = read_import(read_sheet("清单.xlsx", _xlsx(fill)), "0476")
    assert imported.rows is not None
    assert written(imported.rows).splitlines()[1] == "1,教育局,甲,8333110,整体并入"


def test_hidden_rows_are_read_and_told() -> None:
    """They are in the table; a filter hides them, nobody takes them out."""

    def fill(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet.append([2, "民政局", "乙", 12349, "整体并入"])
        sheet.row_dimensions[3].hidden = True
        sheet.row_dimensions[9].hidden = True

    grid = read_sheet("清单.xlsx", _xlsx(fill))
    assert len(grid.rows) == 3
    assert grid.notes == ("工作表「表1」第3行是隐藏的，也一并读取",)


def test_the_sheet_that_looks_like_a_ledger_is_read() -> None:
    """Which one it was is told."""
    grid = read_sheet("清单.xlsx", _xlsx(lambda s: s.append(["填表说明"]), _ledger))
    assert grid.rows[1][3].place == "表2!D2"
    assert grid.notes == ("读取工作表「表2」，没有读取「表1」",)


def test_an_empty_form_is_no_ledger() -> None:
    """Headings with nothing below them."""
    grid = read_sheet("清单.xlsx", _xlsx(lambda s: s.append(HEADER), _ledger))
    assert grid.rows[1][3].place == "表2!D2"


def test_several_ledgers_are_listed_and_one_can_be_named() -> None:
    data = _xlsx(_ledger, _ledger)
    fault = _refusal("清单.xlsx", data)
    assert "「表1」、「表2」" in fault.message
    assert read_sheet("清单.xlsx", data, "表2").rows[1][3].place == "表2!D2"
    assert "「表1」、「表2」" in _refusal("清单.xlsx", data, "表3").instead


def test_no_ledger_among_several_sheets_lists_them() -> None:
    data = _xlsx(lambda s: s.append(["甲"]), lambda s: s.append(["乙"]))
    assert "「表1」、「表2」" in _refusal("清单.xlsx", data).message


def test_one_sheet_alone_is_read_whatever_it_is() -> None:
    """The import says what is missing in it."""
    assert _texts(read_sheet("清单.xlsx", _xlsx(lambda s: s.append(["甲"])))) == [["甲"]]
    assert _texts(read_sheet("清单.xlsx", _xlsx(lambda s: None))) == []


def test_a_hidden_sheet_is_not_read_but_told() -> None:
    def hidden(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet.sheet_state = "hidden"

    fault = _refusal("清单.xlsx", _xlsx(lambda s: s.append(["甲"]), hidden))
    assert "隐藏的工作表「表2」" in fault.message
    assert read_sheet("清单.xlsx", _xlsx(_ledger, hidden)).rows[1][3].place == "表1!D2"


def test_a_formula_without_its_result_shows_itself() -> None:
    """So that the import can say so, instead of taking it for a blank."""

    def fill(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet.append([2, "=B2", "乙", 12349, "整体并入"])

    (fault,) = read_import(read_sheet("清单.xlsx", _xlsx(fill)), "0476").faults
    assert (fault.cell, fault.column) == ("表1!B3", "部门")


def test_a_wrong_size_in_the_sheet_does_no_harm() -> None:
    """Some programs write that the sheet is A1 only."""
    data = _part(
        _xlsx(_ledger),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:E2"', b'ref="A1"'),
    )
    assert len(read_sheet("清单.xlsx", data).rows) == 2


@pytest.mark.parametrize("merge", ["A1:XFD1048576", "B2:B1048576"])
def test_a_merged_range_over_everything_is_quick(merge: str) -> None:
    """It is a few bytes in the file and must not be billions of cells here."""

    def fill(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet.merge_cells("G1:H2")

    data = _part(
        _xlsx(fill),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"G1:H2", merge.encode()),
    )
    began = process_time()
    read_sheet("清单.xlsx", data)
    assert process_time() - began < SQUARED_S


def test_a_far_cell_is_quick() -> None:
    """The last cell that a sheet can have does not fill what lies between."""

    def fill(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet["XFD1048576"] = "x"
        sheet["A1048576"] = "注：远"

    began = process_time()
    assert len(read_sheet("清单.xlsx", _xlsx(fill)).rows) == 3
    assert process_time() - began < SQUARED_S


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    """Small on the disk, large in the memory."""
    data = _part(_xlsx(_ledger), "xl/styles.xml", lambda xml: xml + b" " * 60_000_000)
    assert len(data) < 100_000
    began = process_time()
    assert "太大" in _refusal("清单.xlsx", data).message
    assert process_time() - began < SQUARED_S


def test_declared_entities_are_refused() -> None:
    """They can be made to grow; no table has any."""
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]>'
    data = _part(_xlsx(_ledger), "xl/workbook.xml", lambda xml: bomb + xml)
    assert "不属于表格" in _refusal("清单.xlsx", data).message
    wide = _part(
        _xlsx(_ledger), "xl/workbook.xml", lambda xml: (bomb + xml).decode().encode("utf-16")
    )
    assert "不属于表格" in _refusal("清单.xlsx", wide).message


def test_too_many_rows_are_refused() -> None:
    def fill(sheet: Worksheet) -> None:
        for _ in range(ROWS + 1):
            sheet.append(["x"])

    assert "超过20000行" in _refusal("清单.xlsx", _xlsx(fill)).message


@pytest.mark.parametrize(
    ("part", "message"), [("word/document.xml", "Word"), ("content.xml", "不是XLSX")]
)
def test_another_packed_file_is_told(part: str, message: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(part, "<a/>")
    assert message in _refusal("表.xlsx", data.getvalue()).message


def _survives(data: bytes) -> None:
    """Either a table that can be looked through, or a clear refusal."""
    try:
        grid = read_sheet("表.xlsx", data)
    except ProfileFaults:
        return
    imported = read_import(grid, "0476")
    assert (imported.rows is None) == bool(imported.faults)


def _mutated(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out or doubled."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[place] = chance.randrange(256)
            case 1:
                del changed[place : place + chance.randint(1, 40)]
            case 2:
                changed[place:place] = changed[place : place + chance.randint(1, 40)]
            case _:
                changed[place] ^= 1 << chance.randrange(8)
        if not changed:
            break
    return bytes(changed)


def test_no_broken_text_is_anything_but_refused() -> None:
    """Two thousand of each encoding: never another exception."""
    chance = random.Random(12345)
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        good = (TABLE + '2,"民政\n局",乙,0476-12349、8280906,双号並行\n注：无,,,,\n').encode(
            encoding
        )
        for _ in range(2000):
            _survives(_mutated(good, chance))


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl's, of parts without cells
def test_no_broken_workbook_is_anything_but_refused() -> None:
    """Bytes of the packed file, and bytes of the parts in it, which the packing would shield."""

    def fill(sheet: Worksheet) -> None:
        _ledger(sheet)
        sheet.append([2, None, "=A1", SOME_TIME, 1.5])
        sheet.merge_cells("B2:B3")
        sheet.row_dimensions[3].hidden = True

    good = _xlsx(fill, _ledger)
    chance = random.Random(12345)
    for _ in range(1000):
        _survives(_mutated(good, chance))
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = [name for name in archive.namelist() if not name.startswith("docProps")]
    for _ in range(1000):
        _survives(_part(good, chance.choice(parts), lambda xml: _mutated(xml, chance)))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ten_thousand_rows_are_quick(kind: str) -> None:
    """Whoever waits for the answer is a person."""
    table: list[list[object]] = [[*HEADER]]
    for n in range(1, 10_001):
        department = f"部门{n}" if n % 3 else None
        table.append([n, department, f"热线{n}", f"0476-{2000000 + n}", "整体并入"])

    def fill(sheet: Worksheet) -> None:
        for row in table:
            sheet.append(row)

    text = "\n".join(",".join(str(cell or "") for cell in row) for row in table)
    data = _xlsx(fill) if kind == "xlsx" else text.encode("gb18030")
    began = process_time()
    imported = read_import(read_sheet(f"表.{kind}", data), "0476")
    assert process_time() - began < SQUARED_S
    assert imported.rows is not None
    assert len(imported.rows) == 10_000
