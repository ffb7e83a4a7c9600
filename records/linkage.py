"""What other houses told us, as rows, and what of our calls they are told. An open transaction's.

Nothing is lost and nothing taken twice: whatever is told is known by its number there, whatever
we tell by its key, and each stands in the same transaction as what it is about.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.effects import WriteJournal
from cti.errors import DomainError
from cti.ids import CallId, CentreId
from records.callrows import WRITE_LOCK, insert_new, printable, read_records, write_records
from records.draft import WorkOrderDraft
from records.edits import change
from records.handing import ahead, result
from records.leases import DRAFT, JobState
from records.messages import owe
from records.orders import Order, OrderFilter, find
from records.tables import handed, jobs, told, work_orders
from records.told import (
    Told,
    ToldKind,
    given_over,
    is_record_of_a_case,
    is_theirs,
    order_of,
    record_of,
    taken_over,
    with_case,
    with_told,
)
from transfer.target import TargetKind

HANDED_FOR: Final = timedelta(days=1)
"""A case told so long after its caller was handed over is taken for another."""
FOLLOWS_WITHIN: Final = timedelta(minutes=30)
"""A caller who comes so soon after the case of that number was told is that case's."""
TOLD_AHEAD: Final = frozenset(
    kind.value
    for kind in (
        TargetKind.EMERGENCY,
        TargetKind.UTILITY,
        TargetKind.SUB_CENTRE,
        TargetKind.CENTRE,
    )
)
"""Targets that are other houses: their id names the house after the colon."""
HasInterface = Callable[[CentreId, str], bool]


class CaseDiffers(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The same number was told before, and otherwise."""

    id = "case-differs"


class CallUnknown(DomainError):  # noqa: N818 - as above
    """The call that was named is none of that centre's."""

    id = "call-unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was told, and where it is kept."""

    number: str
    call: CallId
    order: WorkOrderDraft
    is_new: bool


# --- what they tell us ------------------------------------------------------------------------


async def take(connection: AsyncConnection, one: Told, now: datetime) -> Taken:
    """Take in what a house tells. Told again it changes nothing.

    Raises ``CaseDiffers`` when it was told otherwise before, ``CallUnknown`` when it names a call
    that is not the centre's.
    """
    one = _clean(one)
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({WRITE_LOCK})"))
    known = await _known(connection, one.centre, one.kind, one.line, one.number)
    if known is not None:
        if known["digest"] != one.digest:
            raise CaseDiffers("told otherwise before", number=one.number)
        return await _taken(connection, one.number, CallId(known["call_id"]), is_new=False)
    call = await _call_of(connection, one, now)
    if call is None:
        call = one.told_call
        await _open(connection, one, now)
    else:
        await put(connection, call, lambda draft: with_told(draft, one), now)
    row = {
        "centre": one.centre,
        "kind": one.kind.value,
        "line": one.line,
        "number": one.number,
        "call_id": call,
        "digest": one.digest,
        "at": now,
    }
    await connection.execute(told.insert(), row)
    return await _taken(connection, one.number, call, is_new=True)


async def case(
    connection: AsyncConnection, centre: CentreId, line: str, number: str
) -> Taken | None:
    """What was told under that number, with its order as it is now."""
    known = await _known(connection, centre, ToldKind.CASE, line, number)
    if known is None:
        return None
    return await _taken(connection, number, CallId(known["call_id"]), is_new=False)


def _clean(one: Told) -> Told:
    return replace(
        one,
        caller=printable(one.caller),
        name=printable(one.name),
        title=printable(one.title),
        content=printable(one.content),
        place=printable(one.place),
    )


async def _known(
    connection: AsyncConnection, centre: str, kind: ToldKind, line: str, number: str
) -> Mapping[Any, Any] | None:
    wanted = select(told).where(
        told.c.centre == centre,
        told.c.kind == kind.value,
        told.c.line == line,
        told.c.number == number,
    )
    return (await connection.execute(wanted)).mappings().first()


async def _taken(connection: AsyncConnection, number: str, call: CallId, *, is_new: bool) -> Taken:
    [order] = await find(connection, OrderFilter(call=call))
    return Taken(number=number, call=call, order=order.draft, is_new=is_new)


async def _call_of(connection: AsyncConnection, one: Told, now: datetime) -> CallId | None:
    """Our own call that it is about: the one it names, or the one handed over with its number."""
    if one.call is not None:
        found = await read_records(connection, [one.call])
        if not found or found[0].centre != one.centre:
            raise CallUnknown("no call of this centre", call=one.call)
        return one.call
    if one.kind is not ToldKind.CASE:
        return None
    wanted = (
        select(handed.c.call_id)
        .where(
            handed.c.centre == one.centre,
            handed.c.number == one.number,
            handed.c.came_from.not_in(one.others),
            handed.c.at > now - HANDED_FOR,
        )
        .order_by(handed.c.at.desc())
        .limit(1)
    )
    call = await connection.scalar(wanted)
    if call is None or not await read_records(connection, [CallId(call)]):
        return None
    return CallId(call)


async def _open(connection: AsyncConnection, one: Told, now: datetime) -> None:
    """Write the record and its order, complete as it is: there is nothing to be listened to."""
    await write_records(connection, [record_of(one)], now)
    order = order_of(one)
    await connection.execute(
        update(work_orders)
        .where(work_orders.c.call_id == one.told_call)
        .values(draft=order.model_dump(mode="json"), is_complete=True, updated_at=now)
    )
    done = {
        "call_id": one.told_call,
        "kind": DRAFT,
        "centre": one.centre,
        "state": JobState.DONE.value,
        "due_at": now,
        "attempts": 0,
        "error": "",
        "updated_at": now,
    }
    await insert_new(connection, jobs, [done])


async def put(
    connection: AsyncConnection,
    call: CallId,
    how: Callable[[WorkOrderDraft], WorkOrderDraft],
    now: datetime,
) -> None:
    """Change the order of a call, if it has one."""
    for order in await find(connection, OrderFilter(call=call)):
        await change(connection, order.draft.id, how, now)


# --- what happens to our calls ----------------------------------------------------------------


async def note(
    connection: AsyncConnection,
    lines: Iterable[WriteJournal],
    has_interface: HasInterface,
    now: datetime,
) -> bool:
    """Do what a call's journal asks for; true when a message is owed. Twice is once.

    A call that was handed over with a case's number gets it into its order; a house that a caller
    is being taken to is told ahead, if it has an interface.
    """
    is_owed = False
    for line in lines:
        data = dict(line.data)
        if line.what == "arrived" and data.get("case"):
            await _handed(connection, line, data, now)
        elif line.what == "move-begun" and data.get("target"):
            is_owed |= await _tell_ahead(connection, line, data, has_interface, now)
    return is_owed


async def _handed(
    connection: AsyncConnection, line: WriteJournal, data: Mapping[str, str], now: datetime
) -> None:
    found = await read_records(connection, [line.call])
    if not found:
        return
    number, centre = printable(data["case"]), found[0].centre
    row = {"call_id": line.call, "centre": centre, "number": number, "at": line.at}
    row["came_from"] = printable(data.get("from", ""))
    await insert_new(connection, handed, [row])
    wanted = select(told).where(
        told.c.centre == centre, told.c.kind == ToldKind.CASE.value, told.c.number == number
    )
    known = (await connection.execute(wanted)).mappings().first()
    house, said = "", f"来电随信令转来，对方编号{number}"
    if known is not None and known["call_id"] != line.call:
        house = known["line"]
        others = await find(connection, OrderFilter(call=CallId(known["call_id"])))
        joined = [other for other in others if await _join(connection, line, known, other, now)]
        said += "".join(f"，已有工单{other.draft.id}" for other in others if other not in joined)
    await put(connection, line.call, lambda draft: with_case(draft, house, number, said), now)


async def _join(
    connection: AsyncConnection,
    line: WriteJournal,
    known: Mapping[Any, Any],
    other: Order,
    now: datetime,
) -> bool:
    """Make one order of a call and the case it came with, if nobody wrote in the case's yet.

    The call's stays, for it has the recording; the case's is void and names it. False when both
    stay: the case was told long before, is another call's, or somebody works on it.
    """
    theirs, is_soon = other.draft, abs(line.at - known["at"]) <= FOLLOWS_WITHIN
    ours = await find(connection, OrderFilter(call=line.call))
    if not ours or not is_soon or not is_record_of_a_case(theirs.call_id) or not is_theirs(theirs):
        return False
    await put(connection, line.call, lambda draft: taken_over(draft, theirs), now)
    into = ours[0].draft.id
    await change(connection, theirs.id, lambda draft: given_over(draft, into), now)
    await connection.execute(
        update(told)
        .where(
            told.c.centre == known["centre"],
            told.c.kind == known["kind"],
            told.c.line == known["line"],
            told.c.number == known["number"],
        )
        .values(call_id=line.call)
    )
    return True


async def _tell_ahead(
    connection: AsyncConnection,
    line: WriteJournal,
    data: Mapping[str, str],
    has_interface: HasInterface,
    now: datetime,
) -> bool:
    kind, _, house = data["target"].partition(":")
    for record in await read_records(connection, [line.call]):
        if kind not in TOLD_AHEAD or not house or not has_interface(record.centre, house):
            continue
        for order in await find(connection, OrderFilter(call=line.call)):
            message = ahead(
                record,
                order.draft,
                house,
                data.get("move", ""),
                line.at,
                is_emergency=kind == TargetKind.EMERGENCY.value,
            )
            await owe(connection, [message], now)
            return True
    return False


async def handed_in(
    connection: AsyncConnection,
    draft: WorkOrderDraft,
    has_interface: HasInterface,
    now: datetime,
) -> bool:
    """An order was handed in: its result goes back to whoever told the case, once each."""
    wanted = select(told.c.line, told.c.number).where(
        told.c.call_id == draft.call_id, told.c.kind == ToldKind.CASE.value
    )
    owed = [
        result(draft, row.line, row.number, now)
        for row in await connection.execute(wanted)
        if has_interface(CentreId(draft.centre), row.line)
    ]
    await owe(connection, owed, now)
    return bool(owed)
