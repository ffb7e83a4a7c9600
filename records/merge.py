"""Which of two records of one call is the true one. Pure, and the same in any order.

Several hands write a call: the switch when it arrives and when it ends, the replay of CEL, a
second replay. ``merge`` picks one of the two whole, by rules that never depend on who came first.
"""

from dataclasses import replace

from records.callrecord import SWITCH_STOPPED, CallRecord, Source

_WORTH = {source: place for place, source in enumerate(Source)}


def merge(one: CallRecord, other: CallRecord) -> CallRecord:
    """Give the record that prevails: commutative, associative, idempotent.

    An ended record beats an unended one; then the log prevails that saw Asterisk hang up by
    itself, which looks like a caller's hang-up to the switch; then the better source; then the one
    that knows more (number dialled, end, offers, talks) beats the one that knows less.
    """
    return max(one, other, key=_rank)


def with_agents(record: CallRecord, other: CallRecord) -> CallRecord:
    """Name in ``record`` the agents that only ``other`` knows: the log knows seats, not people."""
    known = {talk.seat: talk.agent for talk in other.talks if talk.agent}
    talks = tuple(
        talk if talk.agent else replace(talk, agent=known.get(talk.seat, talk.agent))
        for talk in record.talks
    )
    return replace(record, talks=talks)


def _rank(record: CallRecord) -> tuple[bool, bool, int, bool, float, int, str]:
    known = (
        len(record.offers)
        + sum(offer.outcome != "live" for offer in record.offers)
        + 2 * len(record.talks)
        + sum(talk.until is not None for talk in record.talks)
        + sum(bool(talk.agent) + bool(talk.target) for talk in record.talks)
        + sum(bool(offer.target) for offer in record.offers)
        + (record.waited_since is not None)
        + record.has_fallen_back
        + (record.satisfaction is not None)
        + (record.kept_at is not None)
    )
    return (
        record.ended_at is not None,
        record.source is Source.LOG and record.cause == SWITCH_STOPPED,
        -_WORTH[record.source],
        bool(record.dnis),
        record.ended_at.timestamp() if record.ended_at else 0.0,
        known,
        repr(record),  # two that know equally much: any, but always the same
    )
