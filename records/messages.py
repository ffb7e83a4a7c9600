"""What we tell other houses, as rows: owed, claimed, sent, answered. An open transaction's.

A row is made in the same transaction as what it tells of, and sent until the house has it or it is
a day old. It may arrive twice; its key says that it is the same.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.errors import DomainError
from cti.ids import CallId, CentreId
from records.callrows import insert_new
from records.handing import HASTY, Message, MessageKind, Patience
from records.tables import messages

OWED: Final = "owed"
SENT: Final = "sent"
FAILED: Final = "failed"
SENT_FOR: Final = timedelta(days=7)
FAILED_FOR: Final = timedelta(days=30)


class MessageUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """No message of that key was ever made for that house."""

    id = "message-unknown"


class AnswerDiffers(DomainError):  # noqa: N818 - as above
    """The house said otherwise of the same state before."""

    id = "answer-differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message to be sent now."""

    message: Message
    attempts: int
    """This one included."""
    made_at: datetime


async def owe(connection: AsyncConnection, of: Sequence[Message], now: datetime) -> None:
    """Owe each message, once."""
    rows = [
        {
            "key": one.key,
            "centre": one.centre,
            "kind": one.kind.value,
            "line": one.line,
            "call_id": one.call,
            "body": dict(one.body),
            "state": OWED,
            "attempts": 0,
            "made_at": now,
            "due_at": now,
            "error": "",
        }
        for one in of
    ]
    await insert_new(connection, messages, rows)


async def claim(
    connection: AsyncConnection,
    now: datetime,
    within: timedelta,
    limit: int = 20,
    kinds: Collection[MessageKind] = tuple(MessageKind),
    *,
    in_turn: bool = False,
) -> list[Due]:
    """Take what is due, the fewest attempts first. Unsettled ``within`` that time it is due again.

    Two programs never hold the same one. ``in_turn``: of those of one call only the first by key,
    however long it is owed.
    """
    due = (
        select(messages)
        .where(messages.c.state == OWED, messages.c.due_at <= now, _of(kinds))
        .order_by(messages.c.attempts, messages.c.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if in_turn:
        due = due.where(~_has_one_before())
    found = []
    for row in (await connection.execute(due)).mappings():
        found.append(
            Due(message=_message(row), attempts=row["attempts"] + 1, made_at=row["made_at"])
        )
    if found:
        keys = [one.message.key for one in found]
        await connection.execute(
            update(messages)
            .where(messages.c.key.in_(keys))
            .values(attempts=messages.c.attempts + 1, due_at=now + within)
        )
    return found


async def sent(connection: AsyncConnection, key: str, now: datetime) -> None:
    """It has arrived."""
    done = update(messages).where(messages.c.key == key, messages.c.state == OWED)
    await connection.execute(done.values(state=SENT, sent_at=now, error=""))


async def not_sent(
    connection: AsyncConnection,
    one: Due,
    why: str,
    now: datetime,
    patience: Patience = HASTY,
    *,
    lot: float = 0.0,
    is_final: bool = False,
) -> None:
    """It has not: it is tried again later, until ``patience`` ends or that was ``is_final``."""
    state = FAILED if is_final or now - one.made_at >= patience.give_up_after else OWED
    again = update(messages).where(messages.c.key == one.message.key, messages.c.state == OWED)
    await connection.execute(
        again.values(state=state, error=why[:200], due_at=now + patience.pause(one.attempts, lot))
    )


async def answered(
    connection: AsyncConnection,
    centre: CentreId,
    line: str,
    key: str,
    answer: Mapping[str, str],
    now: datetime,
) -> CallId:
    """The house says what became of what we told it: ``state``, ``case`` and ``result``.

    The same again changes nothing. Raises ``MessageUnknown``; ``AnswerDiffers`` when it said
    otherwise of the same state before.
    """
    mine = select(messages).where(
        messages.c.key == key, messages.c.centre == centre, messages.c.line == line
    )
    row = (await connection.execute(mine.with_for_update())).mappings().first()
    if row is None:
        raise MessageUnknown("no such message", key=key)
    before = row["answer"]
    if before is not None and before["state"] == answer["state"] and before != dict(answer):
        raise AnswerDiffers("answered otherwise before", key=key)
    if before != dict(answer):
        changed = update(messages).where(messages.c.key == key)
        arrived = row["sent_at"] or now
        values = {"answer": dict(answer), "answered_at": now, "state": SENT, "sent_at": arrived}
        await connection.execute(changed.values(values))
    return CallId(row["call_id"])


async def failed(
    connection: AsyncConnection, centre: CentreId, kinds: Collection[MessageKind], limit: int
) -> list[tuple[Message, str]]:
    """What was given up, the latest first, each with why."""
    wanted = (
        select(messages)
        .where(messages.c.state == FAILED, messages.c.centre == centre, _of(kinds))
        .order_by(messages.c.made_at.desc())
        .limit(limit)
    )
    rows = (await connection.execute(wanted)).mappings()
    return [(_message(row), row["error"]) for row in rows]


async def owe_again(
    connection: AsyncConnection, centre: CentreId, kinds: Collection[MessageKind], now: datetime
) -> int:
    """Owe again whatever was given up, for another day, under the same keys; how many."""
    again = update(messages).where(
        messages.c.state == FAILED, messages.c.centre == centre, _of(kinds)
    )
    values = {"state": OWED, "attempts": 0, "made_at": now, "due_at": now, "error": ""}
    return (await connection.execute(again.values(values))).rowcount


async def forget(
    connection: AsyncConnection, kinds: Collection[MessageKind], now: datetime
) -> None:
    """Let go of what was sent a week ago, and of what was given up a month ago."""
    is_old = or_(
        and_(messages.c.state == SENT, messages.c.sent_at < now - SENT_FOR),
        and_(messages.c.state == FAILED, messages.c.made_at < now - FAILED_FOR),
    )
    await connection.execute(delete(messages).where(is_old, _of(kinds)))


def _has_one_before() -> ColumnElement[bool]:
    before = messages.alias()
    return exists().where(
        before.c.state == OWED,
        before.c.call_id == messages.c.call_id,
        before.c.kind == messages.c.kind,
        before.c.line == messages.c.line,
        before.c.key < messages.c.key,
    )


def _of(kinds: Collection[MessageKind]) -> ColumnElement[bool]:
    return messages.c.kind.in_([kind.value for kind in kinds])


def _message(row: Mapping[Any, Any]) -> Message:
    return Message(
        key=row["key"],
        kind=MessageKind(row["kind"]),
        centre=CentreId(row["centre"]),
        line=row["line"],
        call=CallId(row["call_id"]),
        body=row["body"],
    )


async def count(
    connection: AsyncConnection, kinds: Collection[MessageKind] = tuple(MessageKind)
) -> Mapping[str, int]:
    """How many messages stand in each state that somebody should know of."""
    wanted = (
        select(messages.c.state, func.count().label("n"))
        .where(messages.c.state.in_([OWED, FAILED]), _of(kinds))
        .group_by(messages.c.state)
    )
    found = {row.state: row.n for row in await connection.execute(wanted)}
    return {state: found.get(state, 0) for state in (OWED, FAILED)}
