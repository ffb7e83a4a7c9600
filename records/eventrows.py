"""The events of calls as rows that are owed to a program beside us. An open transaction's.

They are owed by the transaction that writes what they tell of, so that none is lost with a brain
that dies, and none is told of what was not written.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.effects import WriteJournal
from cti.ids import CallId, CentreId, SeatId
from records.callevents import is_over, of_end, of_line, seat_told
from records.callrecord import CallRecord
from records.callrows import read_records
from records.handing import Message
from records.messages import owe
from records.seattimes import who_sat
from records.tables import work_orders

HearsEvents = Callable[[CentreId | None], bool]
"""Whether a program of that centre is told of calls; None: of any centre."""


async def note(
    connection: AsyncConnection,
    records: Sequence[CallRecord],
    lines: Sequence[WriteJournal],
    hears: HearsEvents,
    now: datetime,
) -> bool:
    """Owe what these facts tell; true when a message is owed. Twice is once."""
    if not hears(None):
        return False
    owed: list[Message] = []
    for line in lines:
        if seat := seat_told(line):
            for record in await read_records(connection, [line.call]):
                if hears(record.centre):
                    order = await _order(connection, line.call)
                    agent = await who_sat(connection, SeatId(seat), line.at)
                    owed.append(of_line(line, record, order, agent))
    for record in records:
        if is_over(record, now) and hears(record.centre):
            owed.append(of_end(record, await _order(connection, record.call)))
    await owe(connection, owed, now)
    return bool(owed)


async def _order(connection: AsyncConnection, call: CallId) -> str:
    wanted = select(work_orders.c.id).where(work_orders.c.call_id == call)
    return await connection.scalar(wanted) or ""
