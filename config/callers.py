"""Callers the centre knows by number (``callers.csv``): enterprises, deputies, others. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import get_args

from pydantic import BaseModel, ConfigDict

from config.cells import is_emergency, nearest_date, read_date
from config.dialled import key, keys
from config.facts import CallerKind
from config.faults import Fault, nearest
from config.table import Row, read_table
from cti.ids import mask

CALLERS = "callers.csv"
KINDS: tuple[CallerKind, ...] = get_args(CallerKind)
ENTERPRISE: CallerKind = "企业"
NUMBER, NAME, KIND, SKILL, UNTIL = "号码", "名称", "类别", "技能", "到期"
_NUMBER = re.compile(r"\d{5,16}", re.ASCII)
_WRITTEN = re.compile(r"[0-9+()\s-]*")
"""Digits and what people put between them."""


class Caller(BaseModel):
    """Somebody whose number is known (政企通, 代表委员)."""

    model_config = ConfigDict(frozen=True)

    number: str
    """In the one form of ``config.dialled``, without the centre's own area code."""
    name: str
    kind: CallerKind
    skill: str = ""
    """The seats that come first for it; '': by its kind."""
    until: date | None = None
    """The last day on which the entry holds; None: for good."""
    row: int = 0

    def keys(self, area_code: str) -> tuple[str, ...]:
        """Every form in which the number may show, of a centre in that area."""
        is_whole = self.number.startswith("0")
        return (self.number,) if is_whole else keys(self.number, area_code)


def read_callers(
    text: str, skills: Sequence[str] | None, area_code: str
) -> tuple[tuple[Caller, ...], list[Fault]]:
    """Read the list. ``skills`` None: unknown, so not checked."""
    rows, faults = read_table(CALLERS, text, (NUMBER, NAME, KIND))
    found: dict[str, Caller] = {}
    for row in rows:
        number = _plain(row[NUMBER], area_code)
        faults += _number_faults(row, number, found)
        faults += _row_faults(row, skills)
        caller = Caller(
            number=number,
            name=row[NAME],
            kind=next((kind for kind in KINDS if kind == row[KIND]), KINDS[-1]),
            skill=row[SKILL],
            until=_date(row[UNTIL]),
            row=row.line,
        )
        found.setdefault(number, caller)
    return tuple(found.values()), faults


def _plain(written: str, area_code: str) -> str:
    """The number as it shows within the area, however it was written."""
    found = key(unicodedata.normalize("NFKC", written))
    is_ours = bool(area_code) and found.startswith(area_code)
    return found.removeprefix(area_code) if is_ours else found


def _number_faults(row: Row, number: str, found: dict[str, Caller]) -> list[Fault]:
    told = partial(Fault, CALLERS, row.line, NUMBER)
    shown = mask(row[NUMBER])  # faults are logged, and a log holds nobody's number
    example = "手机号码，或带区号的座机号码，如04768331234"
    if not row[NUMBER]:
        return [told("号码是空的", f"{example}；或删去这一行")]
    if is_emergency(row[NUMBER]):
        return [told(f"「{shown}」是紧急电话", "删去这一行；紧急电话来电不排队")]
    written = unicodedata.normalize("NFKC", row[NUMBER])
    if not _NUMBER.fullmatch(number) or not _WRITTEN.fullmatch(written):
        return [told(f"「{shown}」不是来电号码", example)]
    if number in found:
        return [told(f"号码{shown}在第{found[number].row}行已有", "一个号码只保留一行")]
    return []


def _row_faults(row: Row, skills: Sequence[str] | None) -> list[Fault]:
    told, faults = partial(Fault, CALLERS, row.line), []
    if not row[NAME]:
        faults.append(told(NAME, "名称是空的", "座席弹屏上要显示的名称"))
    if row[KIND] not in KINDS:
        faults.append(told(KIND, f"没有「{row[KIND]}」这种类别", nearest(row[KIND], KINDS)))
    if row[SKILL] and skills is not None and row[SKILL] not in skills:
        message = f"没有「{row[SKILL]}」这种技能"
        faults.append(told(SKILL, message, nearest(row[SKILL], skills)))
    if row[UNTIL] and _date(row[UNTIL]) is None:
        message = f"「{row[UNTIL]}」不是日期"
        faults.append(told(UNTIL, message, nearest_date(row[UNTIL])))
    return faults


def _date(written: str) -> date | None:
    try:
        return read_date(written)
    except ValueError:
        return None
