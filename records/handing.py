"""What we tell other houses: whom we are handing over, and what became of their case. Pure.

Each message has a key by which whoever gets it twice knows it. It is signed with the secret that
only the two of us have.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

from cti.ids import CallId, CentreId
from records.callrecord import CallRecord
from records.draft import WorkOrderDraft
from records.officesheet import without_caller

GIVE_UP_AFTER: Final = timedelta(hours=24)
LONGEST_PAUSE: Final = timedelta(minutes=5)


class MessageKind(Enum):
    """What a message is about."""

    AHEAD = "ahead"
    """A caller is being handed over: who, where, why."""
    RESULT = "result"
    """What became of a case that they told us."""
    ANNOUNCE = "announce"
    """A call rings a seat. This and the next two are for a program beside us, not for a house."""
    ANSWER = "answer"
    """A seat talks with the caller."""
    END = "end"
    """The call is over."""
    ORDER = "order"
    """A version of a work order, for the city's order platform."""


HOUSE_KINDS: Final = frozenset({MessageKind.AHEAD, MessageKind.RESULT})
"""What other houses are told."""
EVENT_KINDS: Final = frozenset({MessageKind.ANNOUNCE, MessageKind.ANSWER, MessageKind.END})
"""What a program beside us is told of calls (``records.callevents``)."""
ORDER_KINDS: Final = frozenset({MessageKind.ORDER})
"""What the order platform is told (``records.outgoing``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing to be told to another house, once."""

    key: str
    kind: MessageKind
    centre: CentreId
    line: str
    call: CallId
    body: Mapping[str, Any]


def ahead(
    record: CallRecord,
    draft: WorkOrderDraft,
    line: str,
    move: str,
    at: datetime,
    *,
    is_emergency: bool,
) -> Message:
    """Tell of a caller while the line rings: the order as it is now, much of it may be empty.

    Who asked to be anonymous is named to an emergency line alone, also in the texts.
    """
    hides = bool(draft.caller.anonymous) and not is_emergency
    caller, content = draft.caller, draft.content or draft.summary
    body = {
        "at": at.isoformat(),
        "call_id": record.call,
        "order": draft.id,
        "caller": {
            "number": None if hides else record.ani or None,
            "name": None if hides else caller.name,
        },
        "place": draft.place.model_dump(mode="json"),
        "reason": {
            "title": without_caller(draft, draft.title) if hides else draft.title,
            "demand_type": draft.demand_type,
            "line": record.line,
        },
        "content": without_caller(draft, content) if hides else content,
        "case": draft.case.number if draft.case is not None else None,
    }
    return Message(
        key=f"ahead-{move}",
        kind=MessageKind.AHEAD,
        centre=record.centre,
        line=line,
        call=record.call,
        body=body,
    )


def result(draft: WorkOrderDraft, line: str, case: str, at: datetime) -> Message:
    """Tell what became of their case: the order as it was handed in. Never who called."""
    body = {
        "at": at.isoformat(),
        "case": case,
        "order": draft.id,
        "status": draft.status,
        "decision": draft.decision,
        "decline_reason": draft.decline_reason,
        "demand_type": draft.demand_type,
        "title": without_caller(draft, draft.title),
        "content": without_caller(draft, draft.content or draft.summary),
        "offices": [office.name for office in draft.offices],
    }
    plain = f"{draft.centre}|{line}|{case}"
    return Message(
        key=f"result-{hashlib.sha256(plain.encode()).hexdigest()[:20]}",
        kind=MessageKind.RESULT,
        centre=CentreId(draft.centre),
        line=line,
        call=CallId(draft.call_id),
        body=body,
    )


def packed(message: Message) -> bytes:
    """The bytes that are sent, the same each time."""
    told = {"key": message.key, "kind": message.kind.value, "centre": message.centre}
    return json.dumps({**told, **message.body}, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What proves that a message is ours and of that second: HMAC-SHA256 of ``stamp.body``."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a message is tried, and how rarely at last."""

    longest_pause: timedelta = LONGEST_PAUSE
    give_up_after: timedelta = GIVE_UP_AFTER
    spread: float = 0.0
    """Which part of each pause is left to the lot, so that not all come back at once."""

    def pause(self, attempts: int, lot: float) -> timedelta:
        """How long after so many attempts in vain the next one is made; ``lot`` from 0 up to 1."""
        longest = min(timedelta(seconds=2 ** min(attempts, 20)), self.longest_pause)
        return longest * (1 - self.spread * lot)


HASTY: Final = Patience()
"""For news that is none tomorrow."""
STUBBORN: Final = Patience(
    longest_pause=timedelta(minutes=15), give_up_after=timedelta(hours=72), spread=0.5
)
"""For what must arrive, though the other side be away for a long weekend."""


def is_final(status: int) -> bool:
    """Whether an HTTP status says that the same again would be refused again."""
    return 400 <= status < 500 and status not in (408, 409, 425, 429)
