"""Which record of a call prevails: the same one in whatever order they come."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId
from records.callrecord import SWITCH_STOPPED, CallRecord, Disposition, Source
from records.merge import merge, with_agents
from tests.records.samples import NOON, arrived, ended

seconds = st.integers(0, 100).map(lambda s: NOON + timedelta(seconds=s))
records = st.builds(
    arrived,
    waited_since=st.none() | seconds,
    ended_at=st.none() | seconds,
    disposition=st.sampled_from(Disposition),
    cause=st.sampled_from([0, 16, 27, SWITCH_STOPPED]),
    dnis=st.sampled_from(["", "12345"]),
    offers=st.sampled_from([(), ended().offers]),
    talks=st.sampled_from([(), ended().talks]),
    has_fallen_back=st.booleans(),
    source=st.sampled_from(Source),
)


@given(records, records, records)
def test_any_order_gives_the_same_record(a: CallRecord, b: CallRecord, c: CallRecord) -> None:
    """Commutative, associative, idempotent: replay as often as you like."""
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b), c) == merge(a, merge(b, c))
    assert merge(a, a) == a


@given(records, records)
def test_an_end_is_never_forgotten(a: CallRecord, b: CallRecord) -> None:
    """An ended record beats an unended one."""
    is_ended = a.ended_at is not None or b.ended_at is not None
    assert (merge(a, b).ended_at is not None) == is_ended


def test_what_lived_beats_what_was_rebuilt_unless_it_never_ended() -> None:
    """The switch knows more than the log, if it saw the end."""
    live, rebuilt = ended(), replace(ended(), source=Source.LOG, cause=27)
    assert merge(rebuilt, live) == live
    assert merge(arrived(), rebuilt) == rebuilt
    assert merge(arrived(), replace(arrived(), source=Source.LOG, waited_since=NOON)) == arrived()


def test_the_log_beats_a_lone_recording() -> None:
    """A record without a dialled number was made of a file name."""
    late = NOON + timedelta(hours=1)
    orphan = arrived(dnis="", line="", ended_at=late, source=Source.LOG)
    assert merge(orphan, replace(ended(), source=Source.LOG)).dnis == "04768337772"


def test_the_log_alone_knows_that_asterisk_hung_up() -> None:
    """To the switch a stopping Asterisk's hang-up looks like the caller's."""
    stopped = replace(ended(), source=Source.LOG, cause=SWITCH_STOPPED)
    assert merge(ended(), stopped) == merge(stopped, ended()) == stopped


def test_the_log_is_told_who_sat_where() -> None:
    """It knows seats; the agents' names come from what the switch wrote."""
    live = ended()
    nameless = tuple(replace(talk, agent=AgentId("")) for talk in live.talks)
    rebuilt = replace(live, source=Source.LOG, talks=nameless)
    assert with_agents(rebuilt, live).talks == live.talks
    assert with_agents(live, rebuilt) == live


def test_the_better_source_prevails() -> None:
    """Seen whole beats the log, the log beats a glimpse, a glimpse beats a mere recording."""
    versions = [
        replace(ended(), source=source, ended_at=NOON + timedelta(seconds=9 + later))
        for later, source in enumerate(Source)
    ]
    for better, worse in pairwise(versions):
        assert better == merge(worse, better) == merge(better, worse)
