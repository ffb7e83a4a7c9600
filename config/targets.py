"""Where a centre's callers can be taken, made from its tables. Pure.

Seats, skills, experts, departments, sub-centres, hotlines above and below, emergency lines and
public services: each is data of the profile, with its ways, hours, time-outs, and the number that
callers are told when nobody answers.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby

from config.contacts import Contact, ContactKind
from config.experts import Expert
from config.hours import ALWAYS, read_hours
from config.ledger import HOTLINE, Line, Mode, Seating
from config.linkage import Handling, Linkage, LinkageKind
from config.peers import Relation, RelationKind
from config.platform import Platform
from config.profile import Profile
from config.reach import Reach, merge, plain
from config.routes import Routes
from config.seats import LANGUAGE, SeatPlan
from cti.ids import LineId
from queues.acd import GENERAL
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

EMERGENCY_NAMES = {"110": "公安报警", "119": "火警", "120": "医疗急救", "122": "交通事故报警"}

SERVICE_NOTE = "咨询、投诉、举报由12345受理，其他的转过去或告知号码"

_PRIVATE = (Kind.CONSULT, Kind.THREE_WAY, Kind.BLIND)
"""Somebody is asked first."""
_OPEN = (Kind.THREE_WAY, Kind.CONSULT, Kind.BLIND)
"""Caller and agent hear it together."""
_AWAY = (Kind.BLIND, Kind.CONSULT, Kind.THREE_WAY)
_ELSEWHERE = (Kind.HAND_OVER, Kind.CONSULT, Kind.THREE_WAY)
"""To other hotlines, with the call's data."""


def targets(platform: Platform, centre: Profile, first: date, days: int) -> dict[str, Target]:
    """Where that centre's callers can be taken, by ``Target.id``, in the order desks show them.

    Hours are told from the beginning of that day on, for so many days.
    """
    making = _Making(platform, centre, first, days)
    found: dict[str, Target] = {}
    for target in making.all():
        found.setdefault(target.id, target)
    return found


class _Making:
    """One centre's targets, for the time of making them."""

    def __init__(self, platform: Platform, centre: Profile, first: date, days: int) -> None:
        self._platform, self._centre = platform, centre
        self._routes = Routes(centre, first, days)
        self._lines: dict[str, set[LineId]] = {}
        for line in centre.lines:
            for department in line.departments:
                self._lines.setdefault(department, set()).add(line.number)

    def all(self) -> Iterator[Target]:
        """Every target; what a table says comes before what follows from others."""
        centre = self._centre
        yield from self._emergencies()
        for trade, experts in groupby(_by_trade(centre.experts), key=lambda one: plain(one.trade)):
            yield self._expert(trade, list(experts))
        yield from self._expert_seats()
        for _, contacts in groupby(_by_key(centre.contacts), key=lambda one: one.key):
            yield self._office(list(contacts))
        for line in centre.lines:
            if line.seating is Seating.KEPT and line.peer and line.destination:
                yield self._sub_centre(line)
        for relation in sorted(centre.relations, key=_nearness):
            yield from self._hotline(relation)
        for linkage in centre.linkage:
            if linkage.kind is not LinkageKind.EMERGENCY:
                yield self._utility(linkage)
        yield from self._groups()
        for seat in centre.seats:
            yield self._seat(seat)

    def _emergencies(self) -> Iterator[Target]:
        """The four that every hotline must reach, and whatever else a row calls an emergency."""
        rows = {
            row.number: row for row in self._centre.linkage if row.kind is LinkageKind.EMERGENCY
        }
        for number in dict.fromkeys((*EMERGENCY_NAMES, *rows)):
            row = rows.get(number)
            yield Target(
                id=f"emergency:{number}",
                name=row.name if row else EMERGENCY_NAMES[number],
                kind=TargetKind.EMERGENCY,
                routes=self._routes.of_emergency(number, row),
                number=number,
                ways=(Kind.EMERGENCY,),
                is_urgent=True,
            )

    def _utility(self, row: Linkage) -> Target:
        routes = self._routes.of_service(row)
        is_service = row.kind is LinkageKind.UTILITY
        return Target(
            id=f"utility:{row.number}",
            name=row.name,
            kind=TargetKind.UTILITY,
            routes=routes,
            number=row.number,
            open=self._routes.spans(row.hours),
            ways=_usually(row.handling, _AWAY) if routes else (),
            note=SERVICE_NOTE if is_service else "",
        )

    def _expert(self, trade: str, experts: list[Expert]) -> Target:
        routes = tuple(self._routes.by(expert.reach) for expert in experts)
        is_everybodys = any(not expert.lines for expert in experts)
        lines = () if is_everybodys else (line for one in experts for line in one.lines)
        return Target(
            id=f"expert:{trade}",
            name=f"{experts[0].trade}专家",
            kind=TargetKind.EXPERT,
            routes=routes,
            open=merge([route.open for route in routes]),
            is_consult_recorded=self._centre.consult_recorded,
            ways=_usually(next(_said(experts), None), _PRIVATE),
            lines=frozenset(map(LineId, lines)),
            note=_notes(f"{one.name}{'：' if one.note else ''}{one.note}" for one in experts),
        )

    def _expert_seats(self) -> Iterator[Target]:
        """Trades of which only ``seats.csv`` knows experts: their seats, the best level first."""
        experts = [seat for seat in self._centre.seats if seat.is_expert]
        for skill in self._centre.skills:
            able = [seat for seat in experts if skill in seat.skills]
            able.sort(key=lambda seat: seat.levels.get(skill, 1))
            if able and skill != GENERAL:
                yield Target(
                    id=f"expert:{plain(skill)}",
                    name=f"{skill}专家",
                    kind=TargetKind.EXPERT,
                    routes=tuple(self._routes.by(Reach(seat=seat.extension)) for seat in able),
                    is_consult_recorded=self._centre.consult_recorded,
                    ways=_PRIVATE,
                    note=_notes(seat.name for seat in able),
                )

    def _office(self, contacts: list[Contact]) -> Target:
        kind, department = contacts[0].kind, contacts[0].department
        usual = read_hours(self._centre.work_hours) if kind is ContactKind.CONSULT else ALWAYS
        rung = [contact for contact in contacts if contact.handling is not Handling.TELL]
        routes = tuple(self._routes.by(contact.reach, usual) for contact in rung)
        ways = _usually(next(_said(rung), None), _PRIVATE if kind.is_urgent else _OPEN)
        notes = [contact.note for contact in contacts]
        if any(contact.is_bound for contact in contacts):
            notes.insert(0, "24小时响应单位")
        return Target(
            id=f"office:{contacts[0].key}",
            name=f"{department}{kind.value}",
            kind=TargetKind.OFFICE,
            routes=routes,
            number=next((contact.told for contact in contacts if contact.told), ""),
            open=merge([route.open for route in routes]) if rung else None,
            is_consult_recorded=self._centre.consult_recorded,
            ways=ways if rung else (),
            lines=frozenset(self._lines.get(department, ())),
            is_urgent=kind.is_urgent,
            note=_notes(notes),
        )

    def _sub_centre(self, line: Line) -> Target:
        spans = self._routes.spans(line.hours)
        is_sub = line.mode in (Mode.SUB_CENTRE, Mode.KEPT_CENTRE)
        return Target(
            id=f"sub-centre:{line.number}",
            name=line.name,
            kind=TargetKind.SUB_CENTRE,
            routes=(self._routes.dialled(line.peer, line.destination, spans=spans),),
            number=line.number,
            open=spans,
            ways=_ELSEWHERE,
            note=line.department if is_sub else f"{line.department}（座席保留在部门）",
            hotline=line.peer,
        )

    def _hotline(self, relation: Relation) -> Iterator[Target]:
        """One above, below or before us; none that takes no calls."""
        is_here = any(
            one.centre == relation.centre != self._centre.centre for one in self._platform
        )
        spans = self._routes.spans(relation.hours)
        ring = timedelta(seconds=relation.ring_s) or self._routes.outside_ring
        if is_here:
            routes = (Route(skill=GENERAL, centre=relation.centre, ring=ring, open=spans),)
        elif relation.peer and relation.number:
            routes = (self._routes.dialled(relation.peer, relation.number, relation.ring_s, spans),)
        else:
            return
        area = relation.area_code  # of our own, 12345 is ourselves
        yield Target(
            id=f"centre:{relation.centre}",
            name=relation.name,
            kind=TargetKind.CENTRE,
            routes=routes,
            number="" if area in ("", self._centre.area_code) else f"{area}{HOTLINE}",
            open=spans,
            ways=_usually(relation.handling, _ELSEWHERE),
            note=relation.kind.value,
            hotline=relation.centre,
        )

    def _groups(self) -> Iterator[Target]:
        """Skills that some seat has, in the administrators' order; then languages."""
        had = frozenset[str]().union(*(seat.skills for seat in self._centre.seats))
        languages = sorted(had.difference(self._centre.skills))
        for skill in (*(one for one in self._centre.skills if one in had), *languages):
            yield Target(
                id=f"group:{skill.replace(':', '')}",
                name=f"{skill.removeprefix(f'{LANGUAGE}:')}座席",
                kind=TargetKind.GROUP,
                routes=(Route(skill=skill, ring=self._routes.ring),),
                ways=_AWAY,
            )

    def _seat(self, seat: SeatPlan) -> Target:
        return Target(
            id=f"seat:{seat.extension}",
            name=f"{seat.name}（{seat.extension}）",
            kind=TargetKind.SEAT,
            routes=(self._routes.by(Reach(seat=seat.extension)),),
            is_consult_recorded=seat.is_expert and self._centre.consult_recorded,
            ways=_PRIVATE,
            note="专家" if seat.is_expert else "",
        )


def _said(rows: Iterable[Expert | Contact]) -> Iterator[Handling]:
    """How callers are usually taken there, of the rows that say it."""
    return (row.handling for row in rows if row.handling is not None)


def _usually(handling: Handling | None, ways: tuple[Kind, ...]) -> tuple[Kind, ...]:
    """The ways, that one first. A transfer is whichever of them lets the agent go at once."""
    firsts = {
        Handling.CONSULT: {Kind.CONSULT},
        Handling.THREE_WAY: {Kind.THREE_WAY},
        Handling.TRANSFER: {Kind.BLIND, Kind.HAND_OVER},
    }
    first = firsts.get(handling, set()) if handling is not None else set()
    return tuple(sorted(ways, key=lambda way: way not in first))


def _nearness(relation: Relation) -> int:
    """Those above first, then those below."""
    return list(RelationKind).index(relation.kind)


def _by_trade(experts: Iterable[Expert]) -> list[Expert]:
    """One trade's together, the trades as they come first in the table, each in its order."""
    places: dict[str, int] = {}
    for expert in sorted(experts, key=lambda one: one.row):
        places.setdefault(plain(expert.trade), len(places))
    return sorted(experts, key=lambda one: places[plain(one.trade)])


def _by_key(contacts: Iterable[Contact]) -> list[Contact]:
    """One department's together, in the table's order, by kind; each kind's in its order."""
    places: dict[str, int] = {}
    kinds = list(ContactKind)
    for contact in sorted(contacts, key=lambda one: one.row):
        places.setdefault(plain(contact.department), len(places))
    return sorted(contacts, key=lambda one: (places[plain(one.department)], kinds.index(one.kind)))


def _notes(notes: Iterable[str]) -> str:
    return "；".join(dict.fromkeys(filter(None, notes)))
