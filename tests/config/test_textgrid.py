"""Tables in text, set apart in whatever way."""

from pathlib import Path

import pytest

from config.faults import ProfileFaults
from config.grid import Grid
from config.textgrid import read_text

ANNEX = (Path(__file__).parent / "data" / "chifeng_annex.txt").read_text("utf-8")
HEADER = "序号,部门,电话名称,电话号码,归并方式"


def _texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_is_found(separator: str, end: str) -> None:
    """The one under which the headings are found; the others may stand in the cells."""
    lines = [HEADER, "1,教育局,热线,8337772,整体并入"]
    text = end.join(line.replace(",", separator) for line in lines) + end

    assert _texts(read_text("表.csv", text)) == [line.split(",") for line in lines]


def test_a_quoted_line_break_stays_in_its_cell() -> None:
    """A row stands in the line where it begins."""
    text = f'{HEADER}\n1,"金融工作\n办公室",热线,8301518,整体并入\n2,教育局,甲,8337772,整体并入\n'

    rows = read_text("表.csv", text).rows
    assert rows[1][1].text == "金融工作\n办公室"
    assert [row[0].line for row in rows] == [1, 2, 4]
    assert rows[2][0].seen == "第4行"


def test_a_quote_without_its_pair_is_told() -> None:
    """The line from which on nothing can be read."""
    with pytest.raises(ProfileFaults) as refused:
        read_text("表.csv", f'{HEADER}\n1,教育局,"热线,8337772,整体并入\n')

    fault = refused.value.faults[0]
    assert (fault.file, fault.row) == ("表.csv", 2)
    assert "引号" in fault.instead


def test_a_quote_in_another_reading_does_no_harm() -> None:
    """With tabs the quotes are right; that commas would break on them is no matter."""
    text = HEADER.replace(",", "\t") + '\n1\t教育局\t"甲""乙"\t8337772\t整体并入,见"附件\n'

    assert _texts(read_text("表.txt", text))[1][2] == '甲"乙'


def test_a_row_cut_in_two_by_a_line_break_is_mended() -> None:
    """A word processor copies a cell's line break as it is."""
    text = (
        "序号\t部门\t电话名称\t电话号码\t归并方式\n"
        "1\t金融工作\n办公室\t热线\t8301518\t整体并入\n"
        "2\t教育局\t甲\t8337772\n"
        "3\t民政局\t乙\t12349\t\n"
        "注：以上\n"
        "4\t司法局\n"
    )

    assert _texts(read_text("表.txt", text))[1:] == [
        ["1", "金融工作\n办公室", "热线", "8301518", "整体并入"],
        ["2", "教育局", "甲", "8337772"],
        ["3", "民政局", "乙", "12349", ""],
        ["注：以上"],
        ["4", "司法局"],
    ]


def test_the_annex_is_read_cell_by_cell() -> None:
    """Pasted out of a document each cell is a line, and each knows its line."""
    grid = read_text("附件.txt", ANNEX)
    rows = _texts(grid)

    assert rows[0] == ["附件1"]
    assert rows[2] == ["序号", "部门", "电话名称", "电话号码", "归并方式"]
    assert len(rows) == 3 + 36
    assert rows[9] == ["", "", "赤峰市公安局治安对外咨询电话", "8820813", ""]
    assert rows[22][:2] == ["19", "金融工作\n办公室"]
    lines = ANNEX.splitlines()
    assert all(
        lines[cell.line - 1].strip() == cell.text.partition("\n")[0]
        for row in grid.rows[2:]
        for cell in row
    )
    assert grid.notes


@pytest.mark.parametrize("strip", [str.rstrip, str.strip])
def test_the_annex_is_read_without_its_tabs(strip: object) -> None:
    """An editor that cuts blanks off the ends of lines takes the blank cells' tabs with them."""
    assert callable(strip)
    whole = (
        ANNEX.replace("\n办公室", "办公室").replace("\n建设局", "建设局").replace("\n中心", "中心")
    )
    trimmed = "\n".join(strip(line) for line in whole.splitlines())

    expected = _texts(read_text("附件.txt", whole))[2:]
    assert _texts(read_text("附件.txt", trimmed))[2:] == expected


def test_text_around_the_pasted_table_stands_apart() -> None:
    """What comes before and after is a row of one cell each."""
    text = "标题\n" + ANNEX[ANNEX.index("\t序号") :].rstrip("\n") + "\n\n附件2\n名单\n"

    rows = _texts(read_text("附件.txt", text))
    assert rows[0] == ["标题"]
    assert rows[-2:] == [["附件2"], ["名单"]]
    assert len(rows) == 1 + 37 + 2


def test_text_after_a_blank_cell_is_not_its_own() -> None:
    """A line without a tab goes on with a text above it, never with a blank cell."""
    text = "\t部门\n\t电话名称\n\t电话号码\n\t归并方式\n\n\t教育局\n\t甲\n\t8337772\n\t\n注：无\n"

    assert _texts(read_text("附件.txt", text))[1:] == [["教育局", "甲", "8337772", ""], ["注：无"]]


def test_what_is_no_table_is_rows_all_the_same() -> None:
    """Whether there is a ledger in it is not for the text to know."""
    assert _texts(read_text("信.txt", "你好\n部门\n")) == [["你好"], ["部门"]]
    assert _texts(read_text("空.txt", "")) == []
