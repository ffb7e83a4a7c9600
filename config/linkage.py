"""Emergency and public services that calls are handed to (``linkage.csv``): 110, water, … Pure."""

import re
from enum import Enum
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import nearest_hours, only_digits
from config.faults import Fault, nearest
from config.handling import Handling, read_ring
from config.hours import ALWAYS, Hours, read_hours
from config.ledger import EMERGENCY
from config.peers import INTERFACE, interface_faults, number_faults, peer_faults
from config.table import Row, read_table

__all__ = ["LINKAGE", "Handling", "Linkage", "LinkageKind", "read_linkage"]

LINKAGE = "linkage.csv"
_NUMBER = re.compile(r"\d{3,12}", re.ASCII)


class LinkageKind(Enum):
    """What kind of service it is (类别)."""

    EMERGENCY = "紧急"
    UTILITY = "公共服务"
    OTHER = "其他"


class Linkage(BaseModel):
    """One such number, how callers are handed to it, and how else if that fails."""

    model_config = ConfigDict(frozen=True)

    number: str
    name: str
    kind: LinkageKind
    handling: Handling
    peer: str = ""
    destination: str = ""
    backup_peer: str = ""
    backup_destination: str = ""
    hours: Hours = ALWAYS
    """When somebody is there; outside, the number is told."""
    ring_s: int = 0
    """How long each route rings; 0: as long as the seats behind any peer."""
    interface: str = ""
    """Where what is known of a caller is told ahead, a URL; '': where the peer's is."""
    row: int = 0


def read_linkage(text: str) -> tuple[tuple[Linkage, ...], list[Fault]]:
    """Read the numbers, each once. 110, 119, 120 and 122 are emergencies and nothing else."""
    rows, faults = read_table(LINKAGE, text, ("号码", "名称", "类别", "处理"))
    kinds = {kind.value: kind for kind in LinkageKind}
    handlings = {handling.value: handling for handling in Handling}
    found: dict[str, Linkage] = {}
    for row in rows:
        told = partial(Fault, LINKAGE, row.line)
        faults += _row_faults(row)
        for column, valid in (("类别", tuple(kinds)), ("处理", tuple(handlings))):
            if row[column] not in valid:
                message = f"没有「{row[column]}」这种{column}"
                faults.append(told(column, message, nearest(row[column], valid)))
        ring, wrong = read_ring(LINKAGE, row)
        faults += wrong + interface_faults(LINKAGE, row)
        hours = ALWAYS
        try:
            hours = read_hours(row["座席时间"])
        except ValueError:
            message = f"看不懂「{row['座席时间']}」"
            faults.append(told("座席时间", message, nearest_hours(row["座席时间"])))
        if row["号码"] in found:
            message = f"号码{row['号码']}在第{found[row['号码']].row}行已有"
            faults.append(told("号码", message, "删去这一行"))
        linkage = Linkage(
            number=row["号码"],
            name=row["名称"],
            kind=kinds.get(row["类别"], LinkageKind.OTHER),
            handling=handlings.get(row["处理"], Handling.TELL),
            peer=row["对端"],
            destination=row["转接号码"],
            backup_peer=row["备用对端"],
            backup_destination=row["备用号码"],
            hours=hours,
            ring_s=ring,
            interface=row[INTERFACE],
            row=row.line,
        )
        found.setdefault(row["号码"], linkage)
    return tuple(found.values()), faults


def _row_faults(row: Row) -> list[Fault]:
    told = partial(Fault, LINKAGE, row.line)
    faults = []
    number = row["号码"]
    if not _NUMBER.fullmatch(number):
        meant = only_digits(number)
        better = meant if _NUMBER.fullmatch(meant) else "该服务的号码，只写数字"
        message = f"「{number}」不是电话号码" if number else "号码是空的"
        faults.append(told("号码", message, better))
    if number in EMERGENCY and row["类别"] in ("公共服务", "其他"):
        faults.append(told("类别", f"{number}是紧急电话", "紧急"))
    if not row["名称"]:
        faults.append(told("名称", "名称是空的", "该服务的名称"))
    if row["处理"] == Handling.TELL.value:
        return faults + [
            told(column, f"只告知号码，{column}不起作用", "留空，或处理写：转接")
            for column in ("对端", "转接号码", "备用对端", "备用号码")
            if row[column]
        ]
    is_backed = bool(row["备用对端"] or row["备用号码"])
    faults += peer_faults(LINKAGE, row, "对端", is_needed=True)
    faults += number_faults(LINKAGE, row, "转接号码", is_needed=True)
    faults += peer_faults(LINKAGE, row, "备用对端", is_needed=is_backed)
    return faults + number_faults(LINKAGE, row, "备用号码", is_needed=is_backed)
