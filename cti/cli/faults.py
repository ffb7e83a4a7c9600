"""A profile's faults as administrators read them."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from config.faults import Fault, ProfileFaults
from config.files import load_platform
from config.ledgerview import FaultShown
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.cli.options import Refused, answer, err


def profile_or_refuse(settings: Settings, *, as_json: bool = False) -> Profile:
    """Read the home centre; faults are printed and end the command with status 1."""
    return platform_or_refuse(settings, as_json=as_json).home


def platform_or_refuse(settings: Settings, *, as_json: bool = False) -> Platform:
    """Read the city; its faults are printed and end the command with status 1."""
    try:
        return load_platform(settings)
    except ProfileFaults as faults:
        if as_json:
            answer(faults_json(faults), as_json=True, show=lambda: None)
        else:
            show_faults(faults)
        raise Refused from None


def faults_json(faults: ProfileFaults) -> dict[str, Any]:
    """Every fault with where it stands, what is wrong, and what to write instead."""
    return {"faults": [asdict(fault) for fault in faults.faults]}


def show_faults(faults: ProfileFaults) -> None:
    """Print every fault of a profile: where, what, and what to write instead."""
    show_each(faults.faults, f"配置有 {len(faults.faults)} 处错误, 未生效")


def show_each(faults: Sequence[Fault], title: str) -> None:
    """Print faults under a title, on standard error.

    A terminal gets a table; a file gets one line a fault, which can be searched.
    """
    if not err.is_terminal:
        for line in (title, *map(str, faults)):
            err.print(line, markup=False, highlight=False, soft_wrap=True)
        return
    table = Table(title=title, title_style="red")
    for column in ("文件", "行", "列", "错误", "应改为"):
        table.add_column(column)
    for fault in faults:
        row = fault.cell or str(fault.row or "")
        table.add_row(fault.file, row, fault.column, fault.message, fault.instead)
    err.print(table)


def show_shown(faults: Sequence[FaultShown], title: str) -> None:
    """The same for faults that are on their way to people already."""
    show_each([Fault(**fault.model_dump()) for fault in faults], title)
