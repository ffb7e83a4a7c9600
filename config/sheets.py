"""Files that people keep their tables in → the table: text of any encoding, and XLSX. Edge.

Whatever the bytes are, the answer is a ``Grid`` or ``ProfileFaults`` that say what to do; a file
can be made neither to fill the memory nor to take long.
"""

import re

from config.grid import Grid
from config.refusedfile import ROWS, SAVE_AS, refused, too_long
from config.textgrid import read_text

LARGEST = 4_000_000
"""Bytes: a table that is larger is no ledger."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OTHERS = {
    b"%PDF": "PDF文件",
    b"{\\rtf": "写字板文档",
    b"\x89PNG": "图片",
    b"\xff\xd8\xff": "图片",
    b"Rar!": "压缩包",
    b"7z\xbc\xaf": "压缩包",
    b"\x1f\x8b": "压缩包",
}


def read_sheet(name: str, data: bytes, sheet: str = "") -> Grid:
    """Read a table from a file's bytes.

    Of a workbook, the one sheet that looks like a ledger, or the one named ``sheet``. Raises
    ``ProfileFaults`` and nothing else.
    """
    if len(data) > LARGEST:
        raise refused(name, f"文件超过{LARGEST // 1_000_000} MB", "只保留归并清单这一张表，再导入")
    if not data.strip():
        raise refused(name, "文件是空的", "选择保存过的表格")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise refused(name, "文件加了密码", "去掉密码后另存，再导入")
        raise refused(name, "这是旧版的Excel文件（.xls），不能直接导入", SAVE_AS)
    if data.startswith(_ZIP):
        from config.workbook import (
            read_workbook,  # half a second that a brain's start need not take
        )

        return read_workbook(name, data, sheet)
    kind = next((kind for head, kind in _OTHERS.items() if data.startswith(head)), "")
    if kind:
        raise refused(name, f"这是{kind}，不是表格", "把表格另存为XLSX或CSV，再导入")
    text = _decoded(name, data)
    if re.match(r"\s*<(!doctype|html|table|\?xml)", text, re.IGNORECASE):
        raise refused(name, "这是网页格式的表格", SAVE_AS)
    grid = read_text(name, text)
    if len(grid.rows) > ROWS:
        raise too_long(name)
    return grid


def _decoded(name: str, data: bytes) -> str:
    """Text as office programs save it: UTF-8, GB 18030, or UTF-16 ("Unicode text")."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            encodings: tuple[str, ...] = (encoding,)
            break
    else:
        if b"\0" in data:  # UTF-16 without its mark: digits and separators have a zero byte each
            is_little = data[1::2].count(0) >= data[::2].count(0)
            encodings = ("utf-16-le",) if is_little else ("utf-16-be",)
        else:
            encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused(name, "不是文本，也不是XLSX表格", "另存为XLSX，或UTF-8编码的CSV")
