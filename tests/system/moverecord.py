"""A moved call's record beside what Asterisk's log alone tells of it."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from time import monotonic

from cti.happened import OfferOutcome
from cti.ids import CentreId, LegId
from cti.wire import call_of
from records import movelog
from records.callrecord import CallRecord, Talk
from records.cel import CelEvent, read_block
from records.moves import with_targets
from records.rebuild import Replay
from tests.system.city import NotInTime, until
from tests.system.movestage import Stage

ANSWERED, CANCELLED = OfferOutcome.ANSWERED.value, OfferOutcome.CALLER_LEFT.value
ALONE = {
    one.value for one in (OfferOutcome.REJECTED, OfferOutcome.MISSED, OfferOutcome.UNREACHABLE)
}
"""How a ringing ends that nobody stopped."""
CLOSE_S = 0.3
"""The log and the switch are told one after the other, and the machine may be busy."""


async def log_tells_the_same(on: Stage) -> None:
    """Of every call of the city, once its log is written."""

    async def is_so() -> bool:
        return await differences(on) == []

    with suppress(NotInTime):
        await until(is_so, 10, every_s=0.5)
    found = await differences(on)
    assert found == [], found


async def differences(on: Stage) -> list[str]:
    """Where the log does not tell the same as the switch wrote; calls are named."""
    city = on.city
    logged, events = _read(city.settings.cel_file.read_bytes())
    found: list[str] = []
    alone = crossed = 0
    for live in await city.records():
        if live.call not in logged:
            found.append(f"{live.call} is not in the log")
            continue
        close_s = CLOSE_S + _stood_s(on, live)
        told = with_targets(logged[live.call], await city.store().journal(live.call))
        alone += sum(offer.outcome in ALONE for offer in told.offers if offer.leg)
        crossed += len(unrung := _unrung(live, told))
        told = replace(told, offers=tuple(o for o in told.offers if o.leg not in unrung))
        crossed += len(stopped := _crossed(live, told))
        crossed += len(refused := _refused(live, told))
        live = _with(live, refused, OfferOutcome.REJECTED.value)
        stopped |= _at_once(live, told, events[live.call], close_s)
        apart = _apart(live, _with(told, stopped, CANCELLED), close_s)
        found += [f"{one}; {_went(events[live.call])}" for one in apart]
    if crossed > max(1, alone // 10):
        found.append(f"the switch saw another end of {crossed} of {alone} who refused")
    return found


def _read(log: bytes) -> tuple[dict[str, CallRecord], dict[str, list[CelEvent]]]:
    """What the log tells of each call that is over, and every call's events in their order."""
    block = read_block(log)
    replay = Replay(CentreId("chifeng"))
    replay.feed(block.events)
    events: dict[str, list[CelEvent]] = defaultdict(list)
    for event in sorted(block.events, key=lambda event: (event.at, event.offset)):
        events[event.account or call_of(event.linkedid)].append(event)
    return {record.call: record for record in replay.take()}, events


def _stood_s(on: Stage, live: CallRecord) -> float:
    """How long the machine stood still while that call lasted, and a second after."""
    now, clock = datetime.now(UTC), monotonic()
    began = clock - (now - live.arrived_at).total_seconds()
    ended = clock - (now - (live.ended_at or now)).total_seconds()
    return on.stood_s(began, ended + 1.0)


def _stopped(live: CallRecord, logged: CallRecord) -> set[LegId]:
    """Recipients that the switch wrote to be stopped, and that never had the caller."""
    stopped = {offer.leg for offer in live.offers if offer.leg and offer.outcome == CANCELLED}
    return stopped - {talk.leg for talk in logged.talks}


def _at_once(
    live: CallRecord, logged: CallRecord, events: Sequence[CelEvent], close_s: float
) -> set[LegId]:
    """Recipients who answered in the instant in which they were stopped: the switch had written
    the one, the log tells the other, and both are true.
    """
    answered = {offer.leg for offer in logged.offers if offer.outcome == ANSWERED}
    both = _stopped(live, logged) & answered
    return {leg for leg in both if _was_up_s(leg, events) <= close_s}


def _crossed(live: CallRecord, logged: CallRecord) -> set[LegId]:
    """Recipients who refused, or were given up, in the instant in which they were stopped. The log
    has no word of an order, so of many they must be few.
    """
    return _stopped(live, logged) & {o.leg for o in logged.offers if o.outcome in ALONE}


def _unrung(live: CallRecord, logged: CallRecord) -> set[LegId]:
    """Recipients who were stopped before the switch was told that they ring."""
    seen = {offer.leg for offer in live.offers}
    cancelled = {o.leg for o in logged.offers if o.leg and o.outcome == CANCELLED}
    return cancelled - seen - {talk.leg for talk in logged.talks}


def _refused(live: CallRecord, logged: CallRecord) -> set[LegId]:
    """Recipients who refused, of whom the end of the order to ring them was told first: that says
    no more than that nobody answered.
    """
    unknown = {o.leg for o in live.offers if o.leg and o.outcome == OfferOutcome.UNREACHABLE.value}
    return unknown & {o.leg for o in logged.offers if o.outcome == OfferOutcome.REJECTED.value}


def _with(record: CallRecord, legs: Collection[LegId], outcome: str) -> CallRecord:
    """The same, but that the ringing of these ended so."""
    offers = (
        replace(offer, outcome=outcome) if offer.leg in legs else offer for offer in record.offers
    )
    return replace(record, offers=tuple(offers))


def _was_up_s(leg: LegId, events: Sequence[CelEvent]) -> float:
    """From a recipient's answer to its end; for ever if the log has one of them alone."""
    legs = movelog.legs(events)
    of = [event for event in events if legs.get(event.uniqueid) == leg]
    answers = [event.at for event in of if event.type in ("ANSWER", movelog.ROOM)]
    ends = [event.at for event in of if event.type == "HANGUP"]
    return max(ends) - min(answers) if answers and ends else math.inf


def _went(events: Sequence[CelEvent]) -> str:
    """All that the log has of a call, for a failure."""
    first = events[0].at
    return ", ".join(f"{e.at - first:.3f} {e.type} {e.channel} {e.extra}" for e in events)


def _apart(live: CallRecord, logged: CallRecord, close_s: float) -> list[str]:
    told, was = _story(logged), _story(live)
    if told != was:
        return [f"{live.call}: the switch saw {was}, the log tells {told}"]
    pairs = zip(_times(live), _times(logged), strict=True)
    return [
        f"{live.call}: {one} and {other}"
        for one, other in pairs
        if not _is_close(one, other, close_s)
    ]


def _is_close(one: datetime | None, other: datetime | None, close_s: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs((one - other).total_seconds()) <= close_s


def _story(record: CallRecord) -> list[tuple[str, ...]]:
    talks = [("talk", t.seat, t.peer, t.leg, t.target) for t in _in_order(record)]
    offers = sorted(("offer", o.seat, o.peer, o.leg, o.target, o.outcome) for o in record.offers)
    return [(record.disposition.value, record.line, record.ani), *talks, *offers]


def _in_order(record: CallRecord) -> list[Talk]:
    """Each one's talks as they followed each other. Those of several may begin in one instant:
    either tells then who was first as it learnt of it, and their times are compared besides.
    """
    return sorted(record.talks, key=lambda t: (t.seat, t.peer, t.leg, t.since))


def _times(record: CallRecord) -> list[datetime | None]:
    times = [record.arrived_at, record.ended_at]
    for talk in _in_order(record):
        times += [talk.since, talk.until]
    return times
