"""A profile's faults as administrators read them."""

from rich.table import Table

from config.faults import ProfileFaults
from cti.cli.options import err


def show_faults(faults: ProfileFaults) -> None:
    """Print every fault of a profile: where, what, and what to write instead."""
    table = Table(title=f"配置有 {len(faults.faults)} 处错误, 未生效", title_style="red")
    for column in ("文件", "行", "列", "错误", "应改为"):
        table.add_column(column)
    for fault in faults.faults:
        row = str(fault.row) if fault.row else ""
        table.add_row(fault.file, row, fault.column, fault.message, fault.instead)
    err.print(table)
