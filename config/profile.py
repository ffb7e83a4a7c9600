"""The city as data: one centre's profile, typed. Pure: texts in, ``Profile`` or faults out."""

import re
import tomllib
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, StringConstraints, ValidationError

from config.faults import Fault, ProfileFaults, nearest
from config.ledger import EMERGENCY, HOTLINE, Line, Mode
from config.ledgertable import read_ledger
from config.table import read_table
from cti.ids import CentreId, SeatId, seat_id

PROFILE, NUMBERS, SEATS = "profile.toml", "numbers.csv", "seats.csv"
GAZETTEER, OFFICES, TERMS = "gazetteer.csv", "offices.csv", "terms.txt"
REQUIRED = (PROFILE, NUMBERS, SEATS)
OPTIONAL = (GAZETTEER, OFFICES, TERMS)

Text = Annotated[str, StringConstraints(min_length=1, max_length=64, strip_whitespace=True)]


class Facts(BaseModel):
    """What ``profile.toml`` says. An unknown key is a fault: it is a misspelt one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: Annotated[CentreId, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,31}$")]
    name: Text
    city: Text
    area_code: Annotated[str, StringConstraints(pattern=r"^0[1-9][0-9]{1,2}$")]
    trunks: tuple[IPvAnyNetwork, ...] = Field(min_length=1)
    """Addresses that calls may come from. Whoever sends from there is a trunk."""
    skills: tuple[Text, ...] = Field(min_length=1)
    wrap_up_s: int = Field(default=30, ge=0, le=600)
    ring_s: int = Field(default=15, ge=5, le=60)
    announce_recording: bool = True
    voice: Text = "zf_xiaoxiao"
    after_cancel: Literal["connect", "hangup"] = "connect"
    """What follows the farewell of a cancelled number: 12345's seats, or the end of the call."""


class SeatPlan(BaseModel):
    """A seat as the profile plans it."""

    model_config = ConfigDict(frozen=True)

    extension: str
    name: str
    skills: frozenset[str]
    is_expert: bool = False


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


class PromptOverride(BaseModel):
    """What a prompt says or how it is said instead of what is made by rule (``prompts.csv``)."""

    model_config = ConfigDict(frozen=True)

    voice: str = ""
    """The voice; '': the centre's own."""
    speed: float = 1.0
    """How fast, as a factor on the voice's own pace."""
    text: str = ""
    """The words; '': those made by rule."""


class Profile(Facts):
    """One centre, whole and checked: whoever holds one need not check anything again."""

    lines: tuple[Line, ...]
    seats: tuple[SeatPlan, ...]
    gazetteer: tuple[Place, ...] = ()
    offices: tuple[Office, ...] = ()
    terms: tuple[str, ...] = ()
    overrides: Mapping[str, PromptOverride] = {}
    """By prompt id (``ivr.linetext``)."""
    recorded: Mapping[str, str] = {}
    """Prompts somebody recorded: prompt id → digest of the recording."""

    @property
    def hotline(self) -> Line:
        """12345 itself, which every other number leads to."""
        return Line(number=HOTLINE, name=self.name, department="", mode=Mode.OWN, row=0)

    @cached_property
    def by_number(self) -> Mapping[str, Line]:
        """The ledger's lines by their numbers."""
        return {line.number: line for line in self.lines}

    def line(self, number: str) -> Line:
        """The line of that number; 12345's own for any number the ledger does not hold."""
        return self.by_number.get(number) or self.hotline

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with other values; they are not checked."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("by_number", None)  # the copy may have other lines
        return copied

    def seat_id(self, seat: SeatPlan) -> SeatId:
        """The seat's name on the whole platform."""
        return seat_id(self.centre, seat.extension)


def read_profile(files: Mapping[str, str]) -> Profile:
    """Make the profile from its files' texts, or raise ``ProfileFaults`` naming every fault."""
    faults = [
        Fault(name, 0, "", "缺少这个文件", f"放入{name}") for name in REQUIRED if name not in files
    ]
    facts, found = _read_facts(files.get(PROFILE))
    faults += found
    area_code, skills = (facts.area_code, facts.skills) if facts else ("", None)
    lines, found = read_ledger(NUMBERS, files[NUMBERS], area_code) if NUMBERS in files else ((), [])
    faults += found
    seats, found = _read_seats(files[SEATS], skills) if SEATS in files else ((), [])
    faults += found
    faults += _clashes(seats, lines)
    gazetteer, found = _read_gazetteer(files.get(GAZETTEER))
    faults += found
    offices, found = _read_offices(files.get(OFFICES))
    faults += found
    if faults or facts is None:
        raise ProfileFaults(faults)
    return Profile(
        **facts.model_dump(),
        lines=lines,
        seats=tuple(plan for _, plan in seats),
        gazetteer=gazetteer,
        offices=offices,
        terms=_read_terms(files.get(TERMS, "")),
    )


def _read_facts(text: str | None) -> tuple[Facts | None, list[Fault]]:
    if text is None:
        return None, []
    try:
        return Facts.model_validate(tomllib.loads(text)), []
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        row = int(found[1]) if found else text.count("\n") + 1
        return None, [
            Fault(
                PROFILE,
                row,
                "",
                f"不是有效的TOML（{error}）",
                '每行写成：名称 = 值，文字加英文引号，如 city = "赤峰市"',
            )
        ]
    except ValidationError as error:
        return None, [_fact_fault(text, dict(detail)) for detail in error.errors()]


EXAMPLES = {
    "centre": '"chifeng"（小写字母开头，只用小写字母和数字）',
    "name": '"赤峰市12345政务服务便民热线"',
    "city": '"赤峰市"',
    "area_code": '"0476"（带0的区号，加引号）',
    "trunks": '["127.0.0.1"]（IP地址或网段的列表）',
    "skills": '["通用"]（至少一种技能）',
    "wrap_up_s": "30（0到600的整数，单位秒）",
    "ring_s": "15（5到60的整数，单位秒）",
    "announce_recording": "true 或 false",
    "voice": '"zf_xiaoxiao"',
    "after_cancel": '"connect"（播报后转接12345）或 "hangup"（播报后挂机）',
}


def _fact_fault(text: str, detail: dict[str, Any]) -> Fault:
    key = str(detail["loc"][0])
    lines = text.splitlines()
    row = next((n for n, line in enumerate(lines, 1) if re.match(rf"\s*{key}\s*=", line)), 0)
    if detail["type"] == "missing":
        return Fault(
            PROFILE,
            0,
            key,
            "缺少这一项",
            f"{key} = {EXAMPLES[key]}",
        )
    if detail["type"] == "extra_forbidden":
        return Fault(
            PROFILE,
            row,
            key,
            "没有这一项",
            nearest(key, list(Facts.model_fields)),
        )
    return Fault(
        PROFILE,
        row,
        key,
        f"「{detail['input']}」不能用在这里",
        f"{key} = {EXAMPLES[key]}",
    )


def _read_seats(
    text: str, skills: tuple[str, ...] | None
) -> tuple[tuple[tuple[int, SeatPlan], ...], list[Fault]]:
    """Read the seats with their rows. ``skills`` None: unknown, so not checked."""
    rows, faults = read_table(SEATS, text, ("分机", "姓名", "技能"))
    seats: dict[str, tuple[int, SeatPlan]] = {}

    def fault(row: int, column: str, message: str, instead: str) -> None:
        faults.append(Fault(SEATS, row, column, message, instead))

    if not rows and not faults:
        fault(0, "", "没有座席", "至少一个座席")
    for row in rows:
        extension, kind = row["分机"], row["类别"]
        if not extension:
            fault(row.line, "分机", "座席没有分机号", "该座席的分机号，如1001")
        elif not re.fullmatch(r"[1-9]\d{2,5}", extension, re.ASCII):
            fault(row.line, "分机", f"「{extension}」不是分机号", "三到六位数字，不以0开头，如1001")
        elif extension in seats:
            fault(
                row.line, "分机", f"分机{extension}在第{seats[extension][0]}行已有", "另一个分机号"
            )
        if kind not in ("", "话务员", "专家"):
            fault(row.line, "类别", f"没有「{kind}」这种类别", nearest(kind, ("话务员", "专家")))
        if not row["姓名"]:
            fault(row.line, "姓名", "座席名称是空的", f"座席{extension}")
        known = frozenset(part for part in re.split(r"[、;；/\s]+", row["技能"]) if part)
        if not known:
            fault(row.line, "技能", "座席没有技能", "通用")
        for skill in sorted(known):
            if skills is not None and skill not in skills:
                fault(row.line, "技能", f"没有「{skill}」这种技能", nearest(skill, skills))
        plan = SeatPlan(
            extension=extension, name=row["姓名"], skills=known, is_expert=kind == "专家"
        )
        seats.setdefault(extension, (row.line, plan))
    return tuple(seats.values()), faults


def _clashes(seats: tuple[tuple[int, SeatPlan], ...], lines: tuple[Line, ...]) -> list[Fault]:
    """An extension must not be a number that means something else."""
    numbers: dict[str, str] = {line.number: f"{line.department}的号码" for line in lines}
    numbers |= {HOTLINE: "热线本号"} | dict.fromkeys(EMERGENCY, "紧急电话")
    return [
        Fault(
            SEATS,
            row,
            "分机",
            f"分机{seat.extension}与{numbers[seat.extension]}相同",
            "另一个分机号",
        )
        for row, seat in seats
        if seat.extension in numbers
    ]


def _read_gazetteer(text: str | None) -> tuple[tuple[Place, ...], list[Fault]]:
    if text is None:
        return (), []
    rows, faults = read_table(GAZETTEER, text, ("旗县区", "苏木乡镇街道"))
    for row in rows:
        if not row["旗县区"]:
            faults.append(
                Fault(GAZETTEER, row.line, "旗县区", "旗县区是空的", "该乡镇所在的旗县区")
            )
    return tuple(
        Place(district=row["旗县区"], township=row["苏木乡镇街道"]) for row in rows
    ), faults


def _read_offices(text: str | None) -> tuple[tuple[Office, ...], list[Fault]]:
    if text is None:
        return (), []
    rows, faults = read_table(OFFICES, text, ("部门", "别称"))
    seen: dict[str, int] = {}
    for row in rows:
        name = row["部门"]
        if not name or name in seen:
            message = f"「{name}」在第{seen[name]}行已有" if name else "部门名称是空的"
            faults.append(Fault(OFFICES, row.line, "部门", message, "部门名称，每个部门一行"))
        seen.setdefault(name, row.line)
    return tuple(
        Office(name=row["部门"], aliases=tuple(a for a in re.split(r"[、;；]", row["别称"]) if a))
        for row in rows
    ), faults


def _read_terms(text: str) -> tuple[str, ...]:
    words = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(word for word in words if word and not word.startswith("#")))
