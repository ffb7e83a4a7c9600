"""The city's places, offices and words. Pure."""

import re
from functools import partial
from typing import get_args

from pydantic import BaseModel, ConfigDict

from config.facts import OfficeKind
from config.faults import Fault, nearest
from config.table import read_table

GAZETTEER, OFFICES, TERMS = "gazetteer.csv", "offices.csv", "terms.txt"
OFFICE_KINDS: tuple[str, ...] = get_args(OfficeKind)


class Place(BaseModel):
    """A row of the gazetteer."""

    model_config = ConfigDict(frozen=True)

    district: str
    township: str


class Office(BaseModel):
    """A department that orders are sent to, and what people call it."""

    model_config = ConfigDict(frozen=True)

    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    """One of ``OFFICE_KINDS`` (类型); '' is not said."""
    row: int = 0


def read_gazetteer(text: str) -> tuple[tuple[Place, ...], list[Fault]]:
    """Read the places; a district alone is a place too."""
    rows, faults = read_table(GAZETTEER, text, ("旗县区", "苏木乡镇街道"))
    faults += [
        Fault(GAZETTEER, row.line, "旗县区", "旗县区是空的", "该乡镇所在的旗县区")
        for row in rows
        if not row["旗县区"]
    ]
    places = tuple(Place(district=row["旗县区"], township=row["苏木乡镇街道"]) for row in rows)
    return places, faults


def read_offices(text: str) -> tuple[tuple[Office, ...], list[Fault]]:
    """Read the offices, each on one row."""
    rows, faults = read_table(OFFICES, text, ("部门", "别称"))
    seen: dict[str, int] = {}
    for row in rows:
        told = partial(Fault, OFFICES, row.line)
        name, kind = row["部门"], row["类型"]
        if not name or name in seen:
            message = f"「{name}」在第{seen[name]}行已有" if name else "部门名称是空的"
            faults.append(told("部门", message, "部门名称，每个部门一行"))
        if kind not in ("", *OFFICE_KINDS):
            faults.append(told("类型", f"没有「{kind}」这种类型", nearest(kind, OFFICE_KINDS)))
        seen.setdefault(name, row.line)
    offices = tuple(
        Office(
            name=row["部门"],
            aliases=tuple(alias for alias in re.split(r"[、;；]", row["别称"]) if alias),
            kind=row["类型"],
            row=row.line,
        )
        for row in rows
    )
    return offices, faults


def read_terms(text: str) -> tuple[str, ...]:
    """Words of this city that speech recognition should expect, one a line, ``#`` for remarks."""
    words = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(word for word in words if word and not word.startswith("#")))
