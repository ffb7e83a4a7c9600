"""Departments' telephones (``contacts.csv``): for questions, on duty, for emergencies. Pure.

Rows of one department and kind (类别) are tried one after another, those where somebody is at that
time: a roster is rows with days. A department that is bound to answer at any hour (24小时响应)
must have somebody at every hour of the week.
"""

from collections.abc import Collection, Iterable, Iterator
from enum import Enum
from functools import partial
from itertools import product

from pydantic import BaseModel, ConfigDict

from config.faults import Fault, nearest
from config.handling import Handling, read_handling
from config.peers import number_faults
from config.reach import NOTE, NUMBER, PEER, SEAT, Reach, name_faults, plain, read_reach
from config.table import Row, read_table

CONTACTS = "contacts.csv"
DEPARTMENT, KIND, TOLD, BOUND = "部门", "类别", "告知号码", "24小时响应"
_YES, _NO = "是", "否"
_WEEK = "一二三四五六日"
_MINUTES = 1440


class ContactKind(Enum):
    """What a department's telephone is for (类别)."""

    CONSULT = "咨询"
    DUTY = "值班"
    EMERGENCY = "应急联络"

    @property
    def is_urgent(self) -> bool:
        """For urgent matters only, at any hour."""
        return self is not ContactKind.CONSULT


_KINDS = {kind.value: kind for kind in ContactKind} | {"紧急联络": ContactKind.EMERGENCY}
"""As administrators write them; some say 紧急 where the documents say 应急."""


class Contact(BaseModel):
    """One row."""

    model_config = ConfigDict(frozen=True)

    department: str
    kind: ContactKind
    reach: Reach
    handling: Handling | None = None
    """How callers are usually taken there; None: as with all of its kind."""
    told: str = ""
    """What the caller is told to dial when nobody answers; '': nothing."""
    is_bound: bool = False
    """Whether the department answers urgent matters at any hour."""
    note: str = ""
    row: int = 0

    @property
    def key(self) -> str:
        """What rows that are tried one after another have in common."""
        return f"{plain(self.department)}:{self.kind.value}"


def read_contacts(
    text: str, extensions: Collection[str] | None
) -> tuple[tuple[Contact, ...], list[Fault]]:
    """Read the telephones, in the order in which each department's are tried.

    ``extensions`` None: which seats there are is unknown, so not checked.
    """
    rows, faults = read_table(CONTACTS, text, (DEPARTMENT, KIND))
    found: dict[tuple[object, ...], Contact] = {}
    for row in rows:
        told = partial(Fault, CONTACTS, row.line)
        handling, wrong_way = read_handling(CONTACTS, row, tuple(Handling))
        is_told = handling is Handling.TELL
        reach, wrong = (
            (Reach(), _told_faults(row)) if is_told else read_reach(CONTACTS, row, extensions)
        )
        faults += [*_row_faults(row), *wrong_way, *wrong]
        contact = Contact(
            department=row[DEPARTMENT],
            kind=_KINDS.get(row[KIND], ContactKind.CONSULT),
            reach=reach,
            handling=handling,
            told=row[TOLD],
            is_bound=row[BOUND] == _YES,
            note=row[NOTE],
            row=row.line,
        )
        key = (contact.key, reach.seat, reach.peer, reach.number, reach.shift)
        twin = found.setdefault(key, contact)
        if twin is not contact and not wrong:
            column = SEAT if reach.seat else NUMBER
            faults.append(told(column, f"与第{twin.row}行是同一条路由", "删去这一行"))
    contacts = tuple(sorted(found.values(), key=lambda one: (one.reach.order, one.row)))
    return contacts, faults if faults else list(_holes(contacts))


def _row_faults(row: Row) -> Iterator[Fault]:
    told = partial(Fault, CONTACTS, row.line)
    kinds = tuple(kind.value for kind in ContactKind)
    yield from name_faults(CONTACTS, row, DEPARTMENT, "部门名称，与offices.csv一致")
    if row[KIND] not in _KINDS:
        yield told(KIND, f"没有「{row[KIND]}」这种类别", nearest(row[KIND], kinds))
    if row[BOUND] not in ("", _YES, _NO):
        yield told(BOUND, f"看不懂「{row[BOUND]}」", f"{_YES}或{_NO}")
    yield from number_faults(CONTACTS, row, TOLD, is_needed=False)


def _told_faults(row: Row) -> list[Fault]:
    """A number that is only told must be there, and needs no way."""
    told = partial(Fault, CONTACTS, row.line)
    faults = [
        told(column, f"只告知号码，{column}不起作用", "留空，或改处理")
        for column in (SEAT, PEER, NUMBER)
        if row[column]
    ]
    return (
        faults if row[TOLD] else [*faults, told(TOLD, "没有写告知哪个号码", "来电人可以拨的号码")]
    )


def _holes(contacts: Iterable[Contact]) -> Iterator[Fault]:
    """Hours at which a department that is bound to answer has nobody for urgent matters."""
    bound: dict[str, Contact] = {}
    reaches: dict[str, list[Reach]] = {}
    for contact in sorted(contacts, key=lambda one: one.row):
        if contact.is_bound:
            bound.setdefault(contact.department, contact)
        if contact.kind.is_urgent and contact.handling is not Handling.TELL:
            reaches.setdefault(contact.department, []).append(contact.reach)
    for department, contact in bound.items():
        hole = next(_uncovered(reaches.get(department, ())), "")
        if hole:
            message = f"{department}须24小时响应，{hole}没有值班或应急联络电话"
            better = "另写一行值班，日期和时间都留空，次序写在最后"
            yield Fault(CONTACTS, contact.row, BOUND, message, better)


def _uncovered(reaches: Collection[Reach]) -> Iterator[str]:
    """When nobody is there, in words. Rows for certain dates do not count: they run out."""
    lasting = [
        reach.shift
        for reach in reaches
        if not (reach.shift.days.first or reach.shift.days.last)
        and not (reach.shift.days.days_of_month or reach.shift.days.which_of_month)
    ]
    for weekday, is_workday in product(range(1, 8), (True, False)):
        minute = 0
        spans = []
        for shift in lasting:
            days = shift.days
            if days.weekdays and weekday not in days.weekdays:
                continue
            if not is_workday and (days.is_working_days_only or shift.hours.is_working_days_only):
                continue
            whole = [(0, _MINUTES)] if shift.hours.is_always else []
            spans += whole or [(span.opens, span.closes) for span in shift.hours.spans]
        for opens, closes in sorted(spans):
            if opens > minute:
                break
            minute = max(minute, closes)
        if minute < _MINUTES:
            kind = "上班的" if is_workday else "放假的"
            yield f"{kind}周{_WEEK[weekday - 1]}{minute // 60:02}:{minute % 60:02}起"
