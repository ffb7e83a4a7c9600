"""Calls out of the log: each as the switch would have written it."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId, CallId, CentreId, PeerId, SeatId
from records.callrecord import SWITCH_STOPPED, CallRecord, Disposition, Offered, Source, Talk
from records.cel import CelEvent, read_block
from records.rebuild import Replay
from tests.records.cellog import OTHER, SEAT, Logged, abandoned, answered
from tests.records.samples import NOON

CENTRE = CentreId("chifeng")
TAX = PeerId("tax")


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def events(*calls: Logged) -> list[CelEvent]:
    """The calls' lines as they would stand in one log."""
    lines = [line for call in calls for line in call.lines()]
    return sorted(read_block(b"".join(lines)).events, key=lambda event: event.at)


def replayed(of: Iterable[CelEvent]) -> list[CallRecord]:
    replay = Replay(CENTRE)
    replay.feed(of)
    return replay.take()


def told(record: CallRecord) -> tuple[object, ...]:
    """What the story of a call is."""
    return (
        record.disposition,
        record.cause,
        [(offer.seat, offer.outcome) for offer in record.offers],
        [talk.seat for talk in record.talks],
    )


def test_an_answered_call_is_whole() -> None:
    """Number, times, offers, talk and end stand in the log alone."""
    (record,) = replayed(events(answered()))
    at = record.arrived_at - NOON
    assert at == after(0.02)
    assert (record.centre, record.line, record.dnis, record.ani) == (
        *("chifeng", "8337772", "04768337772", "13847652301"),
    )
    assert record.waited_since == NOON + after(3)
    assert record.offers == (
        Offered(seat=SeatId(SEAT), at=NOON + after(4), outcome="missed"),
        Offered(seat=SeatId(OTHER), at=NOON + after(10), outcome="answered"),
    )
    assert record.talks == (
        Talk(
            seat=SeatId(OTHER),
            agent=AgentId(""),
            since=NOON + after(12.001),
            until=NOON + after(60),
        ),
    )
    assert (record.ended_at, record.cause) == (NOON + after(62), 16)
    assert (record.disposition, record.source) == (Disposition.ANSWERED, Source.LOG)


def test_the_callers_mark_stands_in_the_log() -> None:
    """Pressed after the talk; of two the last one holds, and what is no mark says nothing."""
    calls = [answered(second) for second in range(0, 400, 100)]
    for call, keys in zip(calls, ("", "4", "15", "x"), strict=True):
        for at, key in enumerate(keys, 61):
            call.rated(key, at - 0.5, OTHER)
    found = replayed(events(*calls))
    assert [record.satisfaction for record in found] == [None, 4, 5, None]
    plain = [
        told(record) for record in replayed(events(*(answered(n) for n in range(0, 400, 100))))
    ]
    assert [told(record) for record in found] == plain


def test_a_caller_who_gives_up_has_abandoned() -> None:
    """Also while a phone rings."""
    (waiting,) = replayed(events(abandoned()))
    ringing_call = Logged().arrive().wait(3).offer(SEAT, 4).unring(SEAT, 8, 26).end(8)
    (ringing,) = replayed(events(ringing_call))
    assert told(waiting) == (Disposition.ABANDONED, 16, [], [])
    assert told(ringing) == (Disposition.ABANDONED, 16, [(SEAT, "caller-left")], [])


def test_who_was_told_where_to_call_did_not_give_up() -> None:
    """A given-up number's sentence ended the call, or the caller did before; the network's fault
    stays the network's.
    """
    (heard_out,) = replayed(events(Logged(route="hangup").arrive().end(9)))
    assert told(heard_out) == (Disposition.TOLD, 16, [], [])
    (cut,) = replayed(events(Logged(route="hangup").arrive().end(4, 38)))
    assert told(cut) == (Disposition.CUT, 38, [], [])


def test_a_refused_nuisance_caller_neither_gave_up_nor_was_cut() -> None:
    """However the call ended: the polite sentence was all there was to hear."""
    for cause in (16, 38):
        (refused,) = replayed(events(Logged(route="blocked").arrive().end(9, cause)))
        assert told(refused) == (Disposition.BLOCKED, cause, [], [])


def test_each_status_is_its_outcome() -> None:
    """What ``Dial`` said of a seat is what became of the offer."""
    outcomes = {
        "NOANSWER": "missed",
        "BUSY": "rejected",
        "CHANUNAVAIL": "unreachable",
        "CONGESTION": "unreachable",
        "CANCEL": "caller-left",
        "new in Asterisk 30": "missed",
    }
    for status, outcome in outcomes.items():
        call = Logged().arrive().wait(3).offer(SEAT, 4)
        (record,) = replayed(events(call.missed(SEAT, 6, status.split()[0]).wait(6.1).end(9)))
        assert [offer.outcome for offer in record.offers] == [outcome]


def test_a_lost_seat_does_not_end_the_call() -> None:
    """The phone vanished, the caller waited again and was answered by another."""
    call = Logged().arrive().wait(3).offer(SEAT, 4).talk(SEAT, 5, 20).log("SEATLOST", 20.1)
    (record,) = replayed(events(call.wait(20.2).offer(OTHER, 21).talk(OTHER, 22, 30).end(31)))
    assert told(record) == (
        Disposition.ANSWERED,
        16,
        [(SEAT, "answered"), (OTHER, "answered")],
        [SEAT, OTHER],
    )


def test_the_fall_back_queues_own_offers_are_seen_by_their_legs() -> None:
    """The brain was away: Asterisk's queue rang one seat in vain and another that answered."""
    call = Logged().arrive().wait(3).log("FALLBACK", 6).ring(SEAT, 7).unring(SEAT, 12)
    call.ring(OTHER, 13).unring(OTHER, 14, 21).ring(SEAT, 15).talk(SEAT, 16, 40)
    (record,) = replayed(events(call.log("BYE", 40.1).end(41)))
    assert record.has_fallen_back
    assert told(record) == (
        Disposition.ANSWERED,
        16,
        [(SEAT, "missed"), (OTHER, "rejected"), (SEAT, "answered")],
        [SEAT],
    )


def outside(peer: str = "tax") -> Logged:
    """Put through to the line's own seats after the sentence."""
    return Logged().arrive().outside(peer, 3)


def test_a_talk_at_another_exchange_is_a_talk() -> None:
    """Peer and times stand in the log; no seat, no waiting; the revision is the one that routed."""
    call = outside().talk("peer-tax", 8, 60).outside_end("tax", 60.1, "ANSWER").log("BYE", 60.2)
    (record,) = replayed(events(call.end(62)))
    assert told(record) == (Disposition.ANSWERED, 16, [("", "answered")], [""])
    assert record.offers == (
        Offered(seat=SeatId(""), peer=TAX, at=NOON + after(3), outcome="answered"),
    )
    assert record.talks == (
        Talk(
            seat=SeatId(""),
            agent=AgentId(""),
            peer=TAX,
            since=NOON + after(8.001),
            until=NOON + after(60),
        ),
    )
    assert (record.waited_since, record.revision) == (None, 12)


def test_an_attempt_outside_ends_as_its_mark_says() -> None:
    """Then the caller waits, since it was put through, and is served by a seat."""
    outcomes = {
        "NOANSWER": "missed",
        "BUSY": "rejected",
        "CHANUNAVAIL": "unreachable",
        "": "unreachable",
    }
    for status, outcome in outcomes.items():
        call = outside().unring("peer-tax", 23).outside_end("tax", 23.1, status).wait(26)
        call.offer(SEAT, 27).talk(SEAT, 28, 40).log("BYE", 40.1)
        (record,) = replayed(events(call.end(41)))
        assert [(o.seat, o.peer, o.outcome) for o in record.offers] == [
            ("", "tax", outcome),
            (SEAT, "", "answered"),
        ]
        assert record.waited_since == NOON + after(3)


def test_a_peer_known_to_be_away_is_an_attempt_without_a_ring() -> None:
    """Only its end is marked."""
    call = Logged().arrive().outside_end("tax", 3, "CHANUNAVAIL").wait(6).end(20)
    (record,) = replayed(events(call))
    assert record.offers == (
        Offered(seat=SeatId(""), peer=TAX, at=NOON + after(3), outcome="unreachable"),
    )
    assert (record.waited_since, record.disposition) == (NOON + after(3), Disposition.ABANDONED)


def test_whoever_hangs_up_outside_leaves_no_attempt_open() -> None:
    """In mid-ring the caller left; in mid-talk it was answered; a living call's is live."""
    ringing = outside().unring("peer-tax", 9, 26).end(9)
    talking = Logged(5).arrive().outside("tax", 3).talk("peer-tax", 8, 20).end(20)
    living = Logged(9).arrive().outside("tax", 3)
    (left, answered_, live) = everything(events(ringing, talking, living))
    assert [r.offers[0].outcome for r in (left, answered_, live)] == [
        "caller-left",
        "answered",
        "live",
    ]
    assert left.disposition is Disposition.ABANDONED


def test_an_older_dialplans_calls_are_of_no_revision() -> None:
    """The mark has none, or nothing in it."""
    (record,) = replayed(events(Logged(revision="").arrive().end(3)))
    assert record.revision == 0


def test_a_failing_network_cuts() -> None:
    """No media any more, before anybody answered: nobody gave up."""
    (record,) = replayed(events(Logged().arrive().wait(3).end(20, cause=44)))
    assert told(record) == (Disposition.CUT, 44, [], [])


def test_an_end_without_a_cause_is_a_normal_end() -> None:
    """Asterisk logs 0 for a caller who hangs up while waiting; 0 in a record means it lives."""
    (record,) = replayed(events(Logged().arrive().wait(3).end(20, cause=0)))
    assert told(record) == (Disposition.ABANDONED, 16, [], [])


def test_a_hang_up_that_nobody_asked_for_is_asterisks_own() -> None:
    """Stopped in good order, Asterisk hangs everybody up and names nobody as the one who did."""
    waiting = Logged().arrive().wait(3).end(20, 0, source="")
    talking = Logged(5).arrive().wait(8).offer(SEAT, 9).talk(SEAT, 10, 20).end(20, source="")
    [cut], [answered] = replayed(events(waiting)), replayed(events(talking))
    assert (cut.disposition, cut.cause) == (Disposition.CUT, SWITCH_STOPPED)
    assert (answered.disposition, answered.cause) == (Disposition.ANSWERED, SWITCH_STOPPED)


def test_a_call_that_lives_is_not_over() -> None:
    """It is given as far as it got, and again when it is over."""
    replay = Replay(CENTRE)
    call = answered()
    everything = events(call)
    replay.feed(everything[:-6])
    assert replay.take() == []
    (live,) = replay.rest()
    assert (live.disposition, live.ended_at) == (Disposition.LIVE, None)
    replay.feed(everything[-6:])
    assert replay.take() == replayed(everything)
    assert replay.oldest() is None


def test_a_restart_of_asterisk_cuts_what_it_cut() -> None:
    """Channel numbers begin again: what had not ended was cut, talking or waiting."""
    talking = Logged().arrive().wait(3).offer(SEAT, 4).talk(SEAT, 5, None)
    waiting = Logged(1).arrive().wait(3).offer(OTHER, 4)
    later = abandoned(20, life=19)
    records = replayed([*events(talking, waiting), *events(later)])
    assert [told(record) for record in records] == [
        (Disposition.ANSWERED, 27, [(SEAT, "answered")], [SEAT]),
        (Disposition.CUT, 27, [(OTHER, "caller-left")], []),
        (Disposition.ABANDONED, 16, [], []),
    ]
    assert records[0].ended_at == NOON + after(5.001)
    assert records[0].talks[0].until == NOON + after(5.001)


def test_two_quick_restarts_cut_each_their_own() -> None:
    """A second after one another, as a supervisor starts what dies at once."""
    first = Logged(0, life=-1).arrive()
    second = Logged(1.5, life=1.2).arrive()
    third = Logged(3, life=2.8).arrive()
    records = replayed([*events(first), *events(second), *events(third)])
    assert [record.call for record in records] == [first.call, second.call]


def test_what_asterisk_no_longer_knows_was_cut() -> None:
    """Not what lives, and not what moved after the question was asked."""
    replay = Replay(CENTRE)
    calls = [Logged(second).arrive().wait(3) for second in (10, 20, 30)]
    replay.feed(events(*calls))
    replay.cut({CallId(calls[1].call)}, before=NOON + after(30))
    assert [record.call for record in replay.take()] == [calls[0].call]
    assert [record.call for record in replay.rest()] == [calls[1].call, calls[2].call]


def test_calls_that_are_none_of_ours_are_forgotten() -> None:
    """Seats calling each other, a stranger refused before the answer, the tail of an old call."""
    seats = Logged(3)
    seats.ring(SEAT, 1).unring(SEAT, 5)
    refused = Logged(5).log("CHAN_START", 0, account=False).end(0.1, cause=1)
    tail = events(answered(7))[-1:]
    replay = Replay(CENTRE)
    replay.feed([*events(seats, refused), *tail])
    assert (replay.take(), replay.rest(), replay.oldest()) == ([], [], None)


def test_a_call_cut_before_it_could_say_whose_it_is_belongs_to_the_house() -> None:
    """Answered, then the switch died: the dialled number stands in its first event."""
    call = Logged().log("CHAN_START", 0, account=False)
    call.log("ANSWER", 0.01, account=False).events[-1]["context"] = "from-trunk"
    replay = Replay(CENTRE)
    replay.feed(events(call))
    replay.cut((), before=NOON + after(60))
    (record,) = replay.take()
    assert (record.centre, record.dnis, record.ani) == ("chifeng", "8337772", "13847652301")
    assert told(record) == (Disposition.CUT, 27, [], [])


def test_what_is_logged_after_a_cut_is_not_of_that_call() -> None:
    """Asterisk numbers its channels anew: the same id may come again."""
    call = Logged().arrive().wait(3)
    late = Logged().wait(50).events[-1:]
    replay = Replay(CENTRE)
    replay.feed(events(call))
    replay.cut((), before=NOON + after(30))
    replay.feed(read_block(json.dumps(late[0]).encode() + b"\n").events)
    (record,) = replay.take()
    assert record.ended_at == NOON + after(3)


def test_a_bridge_left_in_the_instant_it_was_entered_is_no_talk() -> None:
    """Nobody heard anybody."""
    call = Logged().arrive().wait(3).offer(SEAT, 4).talk(SEAT, 6, 6.001).log("BYE", 7).end(8)
    leg = call.leg()
    for event in call.events:
        if event["uniqueid"] == leg and event["eventtype"] == "BRIDGE_EXIT":
            event["eventtime"] = f"{float(event['eventtime']) - 0.0001:.6f}"
    (record,) = replayed(events(call))
    assert record.talks == ()


def test_an_offer_after_which_the_caller_waits_again_was_missed() -> None:
    """The mark of how it ended is missing; that it did not end in a talk is enough."""
    call = Logged().arrive().wait(3).offer(SEAT, 4).unring(SEAT, 9).wait(9.1).end(20)
    (record,) = replayed(events(call))
    assert [(offer.seat, offer.outcome) for offer in record.offers] == [(SEAT, "missed")]


def test_a_phone_still_ringing_in_the_fall_back_queue_is_live_until_the_call_is_over() -> None:
    """Then the caller left it."""
    call = Logged().arrive().wait(3).log("FALLBACK", 6).ring(SEAT, 7)
    replay = Replay(CENTRE)
    replay.feed(events(call))
    (living,) = replay.rest()
    replay.cut((), before=NOON + after(60))
    (cut,) = replay.take()
    assert [offer.outcome for offer in (*living.offers, *cut.offers)] == ["live", "caller-left"]


@st.composite
def stories(draw: st.DrawFn) -> Logged:
    """Any call: any number of offers, missed, refused or talked; ended, or not yet."""
    call = Logged(draw(st.integers(0, 50))).arrive().wait(3)
    at = 3.0
    if draw(st.booleans()):
        at = 30.0
        call.outside("tax", 4)
        if draw(st.booleans()):
            call.talk("peer-tax", 8, 20).outside_end("tax", 21, "ANSWER").wait(22)
        else:
            call.unring("peer-tax", 24).outside_end("tax", 24.1).wait(25)
    for kind in draw(st.lists(st.sampled_from(["missed", "busy", "lost", "fallback"]), max_size=4)):
        at += 10
        if kind == "fallback":
            call.log("FALLBACK", at).ring(OTHER, at + 1).unring(OTHER, at + 2)
        elif kind == "lost":
            call.offer(SEAT, at).talk(SEAT, at + 1, at + 3).log("SEATLOST", at + 4)
        else:
            status = "BUSY" if kind == "busy" else "NOANSWER"
            call.offer(SEAT, at).missed(SEAT, at + 2, status)
        call.wait(at + 5)
    return call.end(at + 9) if draw(st.booleans()) else call


def everything(of: Sequence[CelEvent]) -> list[CallRecord]:
    replay = Replay(CENTRE)
    replay.feed(of)
    records = [*replay.take(), *replay.rest()]
    return sorted(records, key=lambda record: record.call)


@given(st.lists(stories(), max_size=4, unique_by=lambda call: call.call), st.randoms())
def test_the_order_of_lines_does_not_matter(calls: list[Logged], random: Random) -> None:
    """Shuffled, doubled or one call at a time: the same calls come out."""
    log = events(*calls)
    alone = sorted(
        (record for call in calls for record in everything(events(call))),
        key=lambda record: record.call,
    )
    assert everything(log) == alone
    doubled = [*log, *log]
    random.shuffle(doubled)
    assert everything(doubled) == alone


@given(st.lists(stories(), max_size=4, unique_by=lambda call: call.call))
def test_a_rebuilt_call_makes_sense(calls: list[Logged]) -> None:
    """Times in order, every offer's end said once the call is over."""
    for record in everything(events(*calls)):
        ends = [record.ended_at] if record.ended_at else []
        times = [record.arrived_at, *[offer.at for offer in record.offers], *ends]
        assert times == sorted(times)
        assert (record.ended_at is None) == (record.disposition is Disposition.LIVE)
        if record.ended_at is not None:
            assert "live" not in [offer.outcome for offer in record.offers]
            assert all(talk.until is not None for talk in record.talks)
