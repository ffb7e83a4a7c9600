"""Calls to test with."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from records.callrecord import CallRecord, Disposition, Offered, Talk

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
CALL = CallId("node1-1795147200.1")
SEAT = SeatId("chifeng-1001")


def arrived(call: str = CALL, **other: Any) -> CallRecord:
    """A call that has just come in."""
    record = CallRecord(
        call=CallId(call),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        dnis="04768337772",
        ani="13847652301",
        arrived_at=NOON,
    )
    return replace(record, **other)


def ended(call: str = CALL, **other: Any) -> CallRecord:
    """The same call after an answered talk."""
    start = other.get("arrived_at", NOON)
    told: dict[str, Any] = {
        "waited_since": start + timedelta(seconds=2),
        "ended_at": start + timedelta(seconds=65),
        "disposition": Disposition.ANSWERED,
        "cause": 16,
        "offers": (Offered(seat=SEAT, at=start + timedelta(seconds=3), outcome="answered"),),
        "talks": (
            Talk(
                seat=SEAT,
                agent=AgentId("王芳"),
                since=start + timedelta(seconds=5),
                until=start + timedelta(seconds=65),
            ),
        ),
    }
    return arrived(call, **{**told, **other})
