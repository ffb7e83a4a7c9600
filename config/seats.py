"""The seats of a centre (``seats.csv``): extension, name, skills with levels, languages. Pure.

``人社2`` is the skill 人社 at level 2: of the free seats the best level rings first, 1 before 9.
A skill without a digit is at level 1. A language (语言) is a skill too, named ``语言:蒙古语``.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.faults import Fault, nearest
from config.table import Row, read_table

SEATS = "seats.csv"
LANGUAGE = "语言"
KINDS = ("话务员", "专家")
_APART = re.compile(r"[、;；/\s]+")
_LANGUAGE = re.compile(r"[\u3400-\u9fffA-Za-z]{1,12}")


class SeatPlan(BaseModel):
    """A seat as the profile plans it."""

    model_config = ConfigDict(frozen=True)

    extension: str
    name: str
    skills: frozenset[str]
    """Languages among them (``language_skill``)."""
    levels: Mapping[str, int] = {}
    """The level of each skill that is not at the first."""
    is_expert: bool = False
    row: int = 0


def language_skill(language: str) -> str:
    """The skill of the seats that speak a language; '' for none."""
    return f"{LANGUAGE}:{language}" if language else ""


def languages(skills: Iterable[str]) -> list[str]:
    """The languages among those skills."""
    first = f"{LANGUAGE}:"
    return sorted(skill.removeprefix(first) for skill in skills if skill.startswith(first))


def read_seats(text: str, skills: Sequence[str] | None) -> tuple[tuple[SeatPlan, ...], list[Fault]]:
    """Read the seats. ``skills`` None: unknown, so not checked."""
    rows, faults = read_table(SEATS, text, ("分机", "姓名", "技能"))
    if not rows and not faults:
        faults.append(Fault(SEATS, 0, "", "没有座席", "至少一个座席"))
    seats: dict[str, SeatPlan] = {}
    for row in rows:
        known = _levels(row["技能"], skills or ())
        spoken = _levels(row[LANGUAGE], ())
        faults += _extension_faults(row, seats)
        faults += _seat_faults(row, known, spoken, skills)
        levels = known | {language_skill(name): level for name, level in spoken.items()}
        plan = SeatPlan(
            extension=row["分机"],
            name=row["姓名"],
            skills=frozenset(levels),
            levels={skill: level for skill, level in levels.items() if level > 1},
            is_expert=row["类别"] == "专家",
            row=row.line,
        )
        seats.setdefault(plan.extension, plan)
    return tuple(seats.values()), faults


def _levels(written: str, skills: Sequence[str]) -> dict[str, int]:
    """The names in a cell, each with its level. A skill whose own name ends in a digit has none."""
    found: dict[str, int] = {}
    for part in _APART.split(unicodedata.normalize("NFKC", written)):
        name, level = part, 1
        if part not in skills and (split := re.fullmatch(r"(.+?)([1-9])", part, re.ASCII)):
            name, level = split[1], int(split[2])
        if name:
            found[name] = min(level, found.get(name, level))
    return found


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


def _seat_faults(
    row: Row, known: Mapping[str, int], spoken: Mapping[str, int], skills: Sequence[str] | None
) -> list[Fault]:
    told = partial(Fault, SEATS, row.line)
    faults, kind = [], row["类别"]
    if kind not in ("", *KINDS):
        faults.append(told("类别", f"没有「{kind}」这种类别", nearest(kind, KINDS)))
    if not row["姓名"]:
        faults.append(told("姓名", "座席名称是空的", f"座席{row['分机']}"))
    if not known:
        faults.append(told("技能", "座席没有技能", "通用"))
    faults += [
        told(LANGUAGE, f"「{name}」不是语言的名称", "如蒙古语；几种语言用顿号隔开")
        for name in spoken
        if not _LANGUAGE.fullmatch(name)
    ]
    if skills is not None:
        faults += [
            told("技能", f"没有「{skill}」这种技能", nearest(skill, skills))
            for skill in sorted(known)
            if skill not in skills
        ]
    return faults
