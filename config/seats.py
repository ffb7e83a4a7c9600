"""The seats of a centre (``seats.csv``): extension, name, skills. Pure."""

import re
from collections.abc import Sequence
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.faults import Fault, nearest
from config.table import Row, read_table

SEATS = "seats.csv"
KINDS = ("话务员", "专家")


class SeatPlan(BaseModel):
    """A seat as the profile plans it."""

    model_config = ConfigDict(frozen=True)

    extension: str
    name: str
    skills: frozenset[str]
    is_expert: bool = False
    row: int = 0


def read_seats(text: str, skills: Sequence[str] | None) -> tuple[tuple[SeatPlan, ...], list[Fault]]:
    """Read the seats. ``skills`` None: unknown, so not checked."""
    rows, faults = read_table(SEATS, text, ("分机", "姓名", "技能"))
    if not rows and not faults:
        faults.append(Fault(SEATS, 0, "", "没有座席", "至少一个座席"))
    seats: dict[str, SeatPlan] = {}
    for row in rows:
        known = frozenset(part for part in re.split(r"[、;；/\s]+", row["技能"]) if part)
        faults += _extension_faults(row, seats)
        faults += _seat_faults(row, known, skills)
        plan = SeatPlan(
            extension=row["分机"],
            name=row["姓名"],
            skills=known,
            is_expert=row["类别"] == "专家",
            row=row.line,
        )
        seats.setdefault(plan.extension, plan)
    return tuple(seats.values()), faults


def _extension_faults(row: Row, seats: dict[str, SeatPlan]) -> list[Fault]:
    extension = row["分机"]
    told = partial(Fault, SEATS, row.line, "分机")
    if not extension:
        return [told("座席没有分机号", "该座席的分机号，如1001")]
    if not re.fullmatch(r"[1-9]\d{2,5}", extension, re.ASCII):
        return [told(f"「{extension}」不是分机号", "三到六位数字，不以0开头，如1001")]
    if extension in seats:
        return [told(f"分机{extension}在第{seats[extension].row}行已有", "另一个分机号")]
    return []


def _seat_faults(row: Row, known: frozenset[str], skills: Sequence[str] | None) -> list[Fault]:
    told = partial(Fault, SEATS, row.line)
    faults, kind = [], row["类别"]
    if kind not in ("", *KINDS):
        faults.append(told("类别", f"没有「{kind}」这种类别", nearest(kind, KINDS)))
    if not row["姓名"]:
        faults.append(told("姓名", "座席名称是空的", f"座席{row['分机']}"))
    if not known:
        faults.append(told("技能", "座席没有技能", "通用"))
    if skills is not None:
        faults += [
            told("技能", f"没有「{skill}」这种技能", nearest(skill, skills))
            for skill in sorted(known)
            if skill not in skills
        ]
    return faults
