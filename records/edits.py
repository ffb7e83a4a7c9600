"""A person changes a work order. Functions of an open transaction."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from records.draft import WorkOrderDraft
from records.orders import Order, read
from records.tables import work_orders


async def change(
    connection: AsyncConnection,
    order: str,
    how: Callable[[WorkOrderDraft], WorkOrderDraft],
    now: datetime,
) -> Order | None:
    """Read, change and write one order while nobody else can; None when there is none.

    Whatever ``how`` raises leaves the order as it was. Who it belongs to cannot be changed.
    """
    mine = select(work_orders.c.id).where(work_orders.c.id == order).with_for_update()
    if await connection.scalar(mine) is None:
        return None
    kept = await read(connection, order)
    if kept is None:
        return None
    changed = how(kept.draft)
    if changed != kept.draft:
        await connection.execute(
            update(work_orders)
            .where(work_orders.c.id == order)
            .values(status=changed.status, draft=changed.model_dump(mode="json"), updated_at=now)
        )
    return await read(connection, order)
