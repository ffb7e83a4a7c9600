"""A moved call's record beside what Asterisk's log alone tells of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from cti.happened import OfferOutcome
from cti.ids import CentreId
from records.callrecord import CallRecord, Talk
from records.cel import read_block
from records.moves import with_targets
from records.rebuild import Replay
from tests.system.city import City, NotInTime, until

CANCELLED = OfferOutcome.CALLER_LEFT.value
CLOSE_S = 0.3
"""The log and the switch are told one after the other, and the machine may be busy."""


async def log_tells_the_same(city: City) -> None:
    """Of every call of the city, once its log is written."""

    async def is_so() -> bool:
        return await differences(city) == []

    with suppress(NotInTime):
        await until(is_so, 5, every_s=0.5)
    found = await differences(city)
    assert found == [], found


async def differences(city: City) -> list[str]:
    """Where the log does not tell the same as the switch wrote; calls are named."""
    replay = Replay(CentreId("chifeng"))
    replay.feed(read_block(city.settings.cel_file.read_bytes()).events)
    logged = {record.call: record for record in replay.take()}
    found: list[str] = []
    for live in await city.records():
        if live.call not in logged:
            found.append(f"{live.call} is not in the log")
            continue
        journal = await city.store().journal(live.call)
        found += _apart(live, _at_once(live, with_targets(logged[live.call], journal)))
    return found


def _at_once(live: CallRecord, logged: CallRecord) -> CallRecord:
    """What the log tells, but for a recipient who answered in the instant in which it was stopped
    and never had the caller: the switch had written that it was stopped, and both are true.
    """
    stopped = {offer.leg for offer in live.offers if offer.leg and offer.outcome == CANCELLED}
    stopped -= {talk.leg for talk in logged.talks}
    offers = tuple(
        replace(offer, outcome=CANCELLED) if offer.leg in stopped else offer
        for offer in logged.offers
    )
    return replace(logged, offers=offers)


def _apart(live: CallRecord, logged: CallRecord) -> list[str]:
    told, was = _story(logged), _story(live)
    if told != was:
        return [f"{live.call}: the switch saw {was}, the log tells {told}"]
    pairs = zip(_times(live), _times(logged), strict=True)
    return [f"{live.call}: {one} and {other}" for one, other in pairs if not _is_close(one, other)]


def _is_close(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs((one - other).total_seconds()) <= CLOSE_S


def _story(record: CallRecord) -> list[tuple[str, ...]]:
    talks = [("talk", t.seat, t.peer, t.leg, t.target) for t in _in_order(record)]
    offers = sorted(("offer", o.seat, o.peer, o.leg, o.target, o.outcome) for o in record.offers)
    return [(record.disposition.value, record.line, record.ani), *talks, *offers]


def _in_order(record: CallRecord) -> list[Talk]:
    """Talks that begin in the same instant may be told in either order."""
    return sorted(record.talks, key=lambda t: (round(t.since.timestamp(), 1), t.seat, t.leg))


def _times(record: CallRecord) -> list[datetime | None]:
    times = [record.arrived_at, record.ended_at]
    for talk in _in_order(record):
        times += [talk.since, talk.until]
    return times
