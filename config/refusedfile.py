"""Why a whole file with a table cannot be used, and what to do instead. Pure."""

from typing import Final

from config.faults import Fault, ProfileFaults

ROWS: Final = 20_000
"""More than any ledger has."""
SAVE_AS: Final = (
    "请在Excel或WPS表格中打开，选择「文件—另存为」，类型选「Excel 工作簿（*.xlsx）」，再导入新文件"
)


def refused(name: str, message: str, instead: str) -> ProfileFaults:
    """Say why the whole file cannot be used."""
    return ProfileFaults([Fault(name, 0, "", message, instead)])


def too_long(name: str) -> ProfileFaults:
    """Say that there are more rows than any ledger has."""
    return refused(name, f"表格超过{ROWS}行", "删去表格下方的空行，或分成几个文件")
