"""Which of two records of one call is the true one. Pure, and the same in any order.

Several hands write a call: the switch when it arrives and when it ends, the replay of CEL, a
second replay. ``merge`` picks one of the two whole, by rules that never depend on who came first.
"""

from records.callrecord import CallRecord, Source

_WORTH = {source: place for place, source in enumerate(Source)}


def merge(one: CallRecord, other: CallRecord) -> CallRecord:
    """Give the record that prevails: commutative, associative, idempotent.

    An ended record beats an unended one; then the better source prevails; then the one that
    knows more (number dialled, end, offers, talks) beats the one that knows less.
    """
    return max(one, other, key=_rank)


def _rank(record: CallRecord) -> tuple[bool, int, bool, float, int, str]:
    known = (
        len(record.offers)
        + sum(offer.outcome != "live" for offer in record.offers)
        + 2 * len(record.talks)
        + sum(talk.until is not None for talk in record.talks)
        + sum(bool(talk.agent) for talk in record.talks)
        + (record.waited_since is not None)
        + record.has_fallen_back
    )
    return (
        record.ended_at is not None,
        -_WORTH[record.source],
        bool(record.dnis),
        record.ended_at.timestamp() if record.ended_at else 0.0,
        known,
        repr(record),  # two that know equally much: any, but always the same
    )
