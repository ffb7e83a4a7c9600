"""The city as data: one centre's profile, typed. Pure: texts in, ``Profile`` or faults out.

What a profile is made of can be taken from here too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Self, TypeVar

from config.callers import CALLERS, Caller, read_callers
from config.contacts import CONTACTS, Contact, read_contacts
from config.duties import DUTIES, DutyPlan, read_duties
from config.experts import EXPERTS, Expert, read_experts
from config.facts import PROFILE, Facts, Level, read_facts
from config.faults import Fault, ProfileFaults
from config.knowledge import KNOWLEDGE, Article, read_knowledge
from config.ledger import EMERGENCY, HOTLINE, Line, Mode
from config.ledgertable import NUMBERS, read_ledger
from config.linkage import LINKAGE, Linkage, read_linkage
from config.openings import OPENINGS, Opening, read_openings
from config.overflow import OVERFLOW, OverflowStep, read_overflow
from config.overrides import PROMPTS, PromptOverride, read_overrides
from config.owndays import DAYS, OwnDay, calendar_of, read_own_days
from config.peers import PEERS, RELATIONS, Peer, Relation, read_peers, read_relations
from config.places import (
    GAZETTEER,
    OFFICES,
    TERMS,
    Office,
    Place,
    read_gazetteer,
    read_offices,
    read_terms,
)
from config.rules import REFUSALS, Limits, Refusal, read_refusals
from config.seats import SEATS, SeatPlan, read_seats
from config.workdays import Calendar
from cti.ids import SeatId, seat_id

__all__ = [
    "CALLERS",
    "CONTACTS",
    "DAYS",
    "DUTIES",
    "EXPERTS",
    "GAZETTEER",
    "LINKAGE",
    "NUMBERS",
    "OFFICES",
    "OPENINGS",
    "OVERFLOW",
    "OPTIONAL",
    "PEERS",
    "PROFILE",
    "PROMPTS",
    "REFUSALS",
    "RELATIONS",
    "REQUIRED",
    "SEATS",
    "TERMS",
    "Facts",
    "Level",
    "Limits",
    "Linkage",
    "Office",
    "Peer",
    "Place",
    "Profile",
    "PromptOverride",
    "Refusal",
    "Relation",
    "SeatPlan",
    "read_part",
    "read_profile",
]

REQUIRED = (PROFILE, NUMBERS, SEATS)
OPTIONAL = (
    *(CALLERS, DUTIES, OVERFLOW, PEERS, RELATIONS, LINKAGE, EXPERTS, CONTACTS, REFUSALS, PROMPTS),
    *(GAZETTEER, KNOWLEDGE, OFFICES, OPENINGS, TERMS, DAYS),
)

_Found = TypeVar("_Found")
_Reader = Callable[[str], tuple[_Found, list[Fault]]]


class Profile(Facts):
    """One centre, whole and checked: whoever holds one need not check anything again."""

    lines: tuple[Line, ...]
    seats: tuple[SeatPlan, ...]
    callers: tuple[Caller, ...] = ()
    duties: tuple[DutyPlan, ...] = ()
    overflow: tuple[OverflowStep, ...] = ()
    peers: tuple[Peer, ...] = ()
    relations: tuple[Relation, ...] = ()
    linkage: tuple[Linkage, ...] = ()
    experts: tuple[Expert, ...] = ()
    contacts: tuple[Contact, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    openings: tuple[Opening, ...] = ()
    days: tuple[OwnDay, ...] = ()
    gazetteer: tuple[Place, ...] = ()
    offices: tuple[Office, ...] = ()
    knowledge: tuple[Article, ...] = ()
    terms: tuple[str, ...] = ()
    overrides: Mapping[str, PromptOverride] = {}
    """By prompt id (``ivr.linetext``)."""
    recorded: Mapping[str, str] = {}
    """Prompts somebody recorded: prompt id → digest of the recording."""
    folder: str = ""
    """Where a further centre's files lie below the home profile's; '' for the home profile."""

    @property
    def hotline(self) -> Line:
        """12345 itself, which every other number leads to."""
        return Line(number=HOTLINE, name=self.name, department="", mode=Mode.OWN, row=0)

    @cached_property
    def by_number(self) -> Mapping[str, Line]:
        """The ledger's lines by their numbers."""
        return {line.number: line for line in self.lines}

    @cached_property
    def calendar(self) -> Calendar:
        """The centre's working days."""
        return calendar_of(self.days)

    def line(self, number: str) -> Line:
        """The line of that number; 12345's own for any number the ledger does not hold."""
        return self.by_number.get(number) or self.hotline

    def peer(self, name: str) -> Peer | None:
        """The peer of that id."""
        return next((peer for peer in self.peers if peer.id == name), None)

    def seat_id(self, seat: SeatPlan) -> SeatId:
        """The seat's name on the whole platform."""
        return seat_id(self.centre, seat.extension)

    def file(self, name: str) -> str:
        """Where that file of this centre lies, as faults name it."""
        return f"{self.folder}/{name}" if self.folder else name

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Copy with other values; they are not checked."""
        copied = super().model_copy(update=update, deep=deep)
        for known in ("by_number", "calendar"):  # the copy may have other lines and days
            copied.__dict__.pop(known, None)
        return copied


def read_profile(files: Mapping[str, str], *, folder: str = "") -> Profile:
    """Make the profile from its files' texts, or raise ``ProfileFaults`` naming every fault."""
    profile, faults = read_part(files, folder=folder)
    if faults or profile is None:
        raise ProfileFaults(faults)
    return profile


def read_part(
    files: Mapping[str, str], *, recorded: Mapping[str, str] | None = None, folder: str = ""
) -> tuple[Profile | None, list[Fault]]:
    """Read what can be read of a profile, and name every fault; with none, it is whole.

    ``folder`` is that of a further centre: its faults are named with it. Without a readable
    ``profile.toml`` there is no profile.
    """
    faults = [
        Fault(name, 0, "", "缺少这个文件", f"放入{name}") for name in REQUIRED if name not in files
    ]

    def read(name: str, reader: _Reader[_Found]) -> _Found | None:
        if name not in files:
            return None
        found, wrong = reader(files[name])
        faults.extend(wrong)
        return found

    facts = read(PROFILE, lambda text: read_facts(text, is_home=not folder))
    lines = read(NUMBERS, lambda text: _ledger(text, facts)) or ()
    skills = facts.skills if facts else None
    seats = read(SEATS, lambda text: read_seats(text, skills)) or ()
    faults += _extension_clashes(seats, lines)
    area = facts.area_code if facts else ""
    doubtful = {fault.file for fault in faults}  # nothing is said to be missing in these
    on_duty = None if SEATS in doubtful else {seat.extension for seat in seats}
    known = None if NUMBERS in doubtful else {HOTLINE, *(line.number for line in lines)}
    parts: dict[str, Any] = {
        "lines": lines,
        "seats": seats,
        "callers": read(CALLERS, lambda text: read_callers(text, skills, area)) or (),
        "duties": read(DUTIES, lambda text: read_duties(text, on_duty, known)) or (),
        "overflow": read(OVERFLOW, lambda text: read_overflow(text, skills, known)) or (),
        "peers": read(PEERS, read_peers) or (),
        "relations": read(RELATIONS, read_relations) or (),
        "linkage": read(LINKAGE, read_linkage) or (),
        "experts": read(EXPERTS, lambda text: read_experts(text, on_duty, known)) or (),
        "contacts": read(CONTACTS, lambda text: read_contacts(text, on_duty)) or (),
        "refusals": read(REFUSALS, read_refusals) or (),
        "openings": read(OPENINGS, lambda text: read_openings(text, known)) or (),
        "days": read(DAYS, read_own_days) or (),
        "overrides": read(PROMPTS, read_overrides) or {},
        "gazetteer": read(GAZETTEER, read_gazetteer) or (),
        "offices": read(OFFICES, read_offices) or (),
        "terms": read_terms(files.get(TERMS, "")),
        "recorded": dict(recorded or {}),
        "folder": folder,
    }
    is_doubtful = any(fault.file == OFFICES for fault in faults) or OFFICES not in files
    named = None if is_doubtful else {office.name for office in parts["offices"]}
    parts["knowledge"] = read(KNOWLEDGE, lambda text: read_knowledge(text, named)) or ()
    if folder:
        faults = [replace(fault, file=f"{folder}/{fault.file}") for fault in faults]
    return Profile(**facts.model_dump(), **parts) if facts else None, faults


def _ledger(text: str, facts: Facts | None) -> tuple[tuple[Line, ...], list[Fault]]:
    if facts is None:
        return read_ledger(NUMBERS, text)
    begins, ends = facts.transition_begins, facts.transition_ends
    return read_ledger(NUMBERS, text, facts.area_code, begins=begins, ends=ends)


def _extension_clashes(seats: tuple[SeatPlan, ...], lines: tuple[Line, ...]) -> list[Fault]:
    """An extension must not be a number that means something else."""
    numbers: dict[str, str] = {line.number: f"{line.department}的号码" for line in lines}
    numbers |= {HOTLINE: "热线本号"} | dict.fromkeys(EMERGENCY, "紧急电话")
    return [
        Fault(
            SEATS,
            seat.row,
            "分机",
            f"分机{seat.extension}与{numbers[seat.extension]}相同",
            "另一个分机号",
        )
        for seat in seats
        if seat.extension in numbers
    ]
