"""Orders on their way to the city's order platform, as rows. Functions of an open transaction.

Each state of an order that tells something new is a version, owed in the transaction that makes it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CentreId
from records.draft import WorkOrderDraft
from records.handing import Message, MessageKind
from records.messages import owe
from records.outgoing import PLATFORM, told, version_of
from records.tables import messages, work_orders

TakesOrders = Callable[[CentreId], bool]
"""Whether a centre's orders are delivered to a platform."""
ABOUT_THE_VERSION = frozenset({"at", "format", "version"})


async def note(
    connection: AsyncConnection, draft: WorkOrderDraft, takes: TakesOrders, now: datetime
) -> bool:
    """Owe the platform that order as it stands now; false when it knows just that, or nothing.

    An order is told from its submission on; one that is void before was never there. Whoever
    calls holds the order's row, so two versions never get one number.
    """
    if draft.status == "draft" or not takes(CentreId(draft.centre)):
        return False
    last = await _last(connection, draft)
    if last is None and draft.status == "void":
        return False
    if last is not None and _tells(last) == told(draft):
        return False
    version = 1 if last is None else int(last["version"]) + 1
    await owe(connection, [version_of(draft, version, now)], now)
    return True


async def delivered(connection: AsyncConnection, message: Message, now: datetime) -> None:
    """The platform has a version of an order: one that was handed in is delivered."""
    done = update(work_orders).where(
        work_orders.c.id == message.body["order"], work_orders.c.status == "submitted"
    )
    await connection.execute(done.values(status="delivered", updated_at=now))


async def _last(connection: AsyncConnection, draft: WorkOrderDraft) -> dict[str, Any] | None:
    wanted = (
        select(messages.c.body)
        .where(
            messages.c.call_id == draft.call_id,
            messages.c.line == PLATFORM,
            messages.c.kind == MessageKind.ORDER.value,
        )
        .order_by(messages.c.key.desc())
        .limit(1)
    )
    return await connection.scalar(wanted)


def _tells(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name not in ABOUT_THE_VERSION}
