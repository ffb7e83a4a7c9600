"""Moved calls out of Asterisk's log: who heard the caller, and who was rung for it."""

from datetime import timedelta

import pytest

from cti.ids import CentreId, LegId, PeerId, SeatId
from records.callrecord import CallRecord, Direction, Disposition, Offered
from records.cel import read_block
from records.rebuild import Replay
from tests.records.cellog import OTHER, SEAT, Logged
from tests.records.samples import NOON

EXPERT = "peer-tax"
MOBILE = "out-chifeng"


def replayed(*calls: Logged) -> list[CallRecord]:
    lines = [line for call in calls for line in call.lines()]
    replay = Replay(CentreId("chifeng"))
    replay.feed(sorted(read_block(b"".join(lines)).events, key=lambda event: event.at))
    return replay.take()


def talks(record: CallRecord) -> list[tuple[str, str, str, float, float | None]]:
    """Who, by which leg's count, from when to when, in seconds after noon."""
    return [
        (
            talk.seat,
            talk.peer,
            talk.leg.rpartition("-")[2],
            round((talk.since - NOON).total_seconds(), 3),
            None if talk.until is None else round((talk.until - NOON).total_seconds(), 3),
        )
        for talk in record.talks
    ]


def rung(record: CallRecord) -> list[tuple[str, str, str, str]]:
    """Who was rung, by which leg's count, and how it ended."""
    return [(o.seat, o.peer, o.leg.rpartition("-")[2], o.outcome) for o in record.offers]


def talking() -> tuple[Logged, str]:
    """A caller who has talked with the seat for ten seconds, and the seat's leg."""
    call = Logged().arrive().wait(3).offer(SEAT, 4)
    leg = call.leg()
    call.log("ANSWER", 9.9, leg=leg, seat=SEAT)
    return call.enter(10, leg, SEAT, "b").enter(10.001, bridge="b"), leg


def set_aside() -> tuple[Logged, str]:
    """The seat is in the room from 20 s on, the caller on hold."""
    call, leg = talking()
    call.leave(20, leg, SEAT, "b").leave(20.001, bridge="b").log("HELD", 20.01)
    call.log("ROOM", 20.02, leg=leg, seat=SEAT)
    return call.enter(20.03, leg, SEAT), leg


def joined(target: str = "") -> tuple[Logged, str, str]:
    """A consult that became three-way: all hear each other from 40 s on."""
    call, seat = set_aside()
    expert = call.recipient(EXPERT, 21)
    call.joins(expert, EXPERT, 25, target).log("ROOM", 39.99)
    return call.enter(40), seat, expert


def test_each_who_hears_the_caller_has_a_talk_of_its_own() -> None:
    """Before the hold, after it, with both, and without the agent: what was said to nobody on
    hold is nobody's talk with the caller.
    """
    call, seat, expert = joined("expert:tax")
    call.leave(70, seat, SEAT).gone(seat, SEAT, 70.1)
    call.leave(90, expert, EXPERT).leave(90.002).end(90.003).gone(expert, EXPERT, 90.2)
    [record] = replayed(call)
    assert talks(record) == [
        (SEAT, "", "", 10.001, 20.0),
        ("", "tax", "m1", 40.0, 90.0),
        (SEAT, "", "", 40.0, 70.0),
    ]
    assert rung(record) == [(SEAT, "", "", "answered"), ("", "tax", "m1", "answered")]
    assert [talk.target for talk in record.talks] == ["", "expert:tax", ""]
    assert record.offers[1] == Offered(
        seat=SeatId(""),
        at=NOON + timedelta(seconds=21),
        outcome="answered",
        peer=PeerId("tax"),
        leg=LegId(expert),
        target="expert:tax",
    )
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)


def test_a_moved_call_ends_when_its_caller_goes() -> None:
    """A recipient may wait a little for somebody who is gone; one call has one record."""
    call, seat, expert = joined()
    call.leave(60, seat, SEAT).gone(seat, SEAT, 60.1).leave(80).end(80.01)
    call.leave(95, expert, EXPERT).gone(expert, EXPERT, 95.1)
    [record] = replayed(call)
    assert record.ended_at == NOON + timedelta(seconds=80.01)
    assert talks(record)[-2:] == [
        ("", "tax", "m1", 40.0, 80.0),
        (SEAT, "", "", 40.0, 60.0),
    ]


def test_a_recipient_over_the_centres_own_trunk_is_known_by_its_leg() -> None:
    """A mobile has neither a seat nor a peer."""
    call, seat = set_aside()
    expert = call.recipient(MOBILE, 21)
    call.joins(expert, MOBILE, 25).log("ROOM", 39.99).enter(40)
    call.leave(60, seat, SEAT).gone(seat, SEAT, 60.1)
    call.leave(80).end(80.01).leave(80.1, expert, MOBILE).gone(expert, MOBILE, 80.2)
    [record] = replayed(call)
    assert talks(record)[1:] == [("", "", "m1", 40.0, 80.0), (SEAT, "", "", 40.0, 60.0)]


@pytest.mark.parametrize(
    ("cause", "outcome"),
    [(19, "missed"), (18, "missed"), (17, "rejected"), (21, "rejected")]
    + [
        (0, "unreachable"),
        (102, "missed"),
        (16, "caller-left"),
        (1, "unreachable"),
        (38, "unreachable"),
    ],
)
def test_a_recipient_who_did_not_answer_is_no_ringing_of_the_queue(
    cause: int, outcome: str
) -> None:
    """How it ended says its cause; the caller talks with the agent again."""
    call, seat = set_aside()
    expert = call.recipient(OTHER, 21)
    call.gone(expert, OTHER, 40, cause).log("ROOM", 40.01).enter(40.02)
    call.leave(60, seat, SEAT).gone(seat, SEAT, 60.1).leave(60.2).log("BYE", 60.3).end(61)
    [record] = replayed(call)
    assert rung(record) == [(SEAT, "", "", "answered"), (OTHER, "", "m1", outcome)]
    assert [offer.seat for offer in record.rung] == [SEAT]
    assert [who for who, *_ in talks(record)] == [SEAT, SEAT]


def sent_away(*, seat: str = "", peer: str = "") -> tuple[Logged, str]:
    """Blind, at 20 s: the caller's own dialplan dials, and that leg has no name of ours."""
    call, leg = talking()
    call.leave(20, leg, SEAT, "b").gone(leg, SEAT, 20.001).leave(20.002, bridge="b")
    call.log("AWAY", 20.01, extra=f"leg={call.call}-m1 peer={peer} seat={seat} target=x:1")
    return call, call.ring(seat or f"peer-{peer}", 20.02).leg()


def test_whom_the_callers_own_dialplan_dials_is_a_recipient_too() -> None:
    """Known by when its channel was born; it talks, hangs up, and the call is over."""
    call, leg = sent_away(peer="tax")
    call.log("ANSWER", 25, leg=leg, seat=EXPERT)
    call.enter(25.1, leg, EXPERT, "d").enter(25.101, bridge="d")
    call.leave(50, leg, EXPERT, "d").gone(leg, EXPERT, 50.001).leave(50.002, bridge="d")
    call.log("AWAYEND", 50.01, extra=f"leg={call.call}-m1 status=ANSWER").log("BYE", 50.1).end(52)
    [record] = replayed(call)
    assert rung(record) == [(SEAT, "", "", "answered"), ("", "tax", "m1", "answered")]
    assert talks(record) == [(SEAT, "", "", 10.001, 20.0), ("", "tax", "m1", 25.101, 50.0)]
    assert [talk.target for talk in record.talks] == ["", "x:1"]
    assert record.ended_at == NOON + timedelta(seconds=52)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("NOANSWER", "missed"),
        ("BUSY", "rejected"),
        ("CHANUNAVAIL", "unreachable"),
        ("?", "unreachable"),
    ],
)
def test_who_did_not_answer_it_says_its_status(status: str, outcome: str) -> None:
    """The caller is back in the queue, and the next seat's ringing is the queue's again."""
    call, leg = sent_away(seat=OTHER)
    call.gone(leg, OTHER, 40).log("AWAYEND", 40.01, extra=f"leg={call.call}-m1 status={status}")
    call.log("HELD", 40.02).wait(42).offer(OTHER, 43).talk(OTHER, 45, 50).log("BYE", 50.1).end(52)
    [record] = replayed(call)
    assert rung(record) == [
        (SEAT, "", "", "answered"),
        (OTHER, "", "m1", outcome),
        (OTHER, "", "", "answered"),
    ]
    assert talks(record)[1:] == [(OTHER, "", "", 45.001, 50.0)]


def test_a_caller_who_hangs_up_while_it_rings_has_left() -> None:
    """As from a ringing of the queue; and while the call lives, the ringing does."""
    call, leg = sent_away(seat=OTHER)
    replay = Replay(CentreId("chifeng"))
    replay.feed(read_block(b"".join(call.lines())).events)
    [so_far] = replay.rest()
    assert rung(so_far)[1:] == [(OTHER, "", "m1", "live")]
    [record] = replayed(call.gone(leg, OTHER, 30, 26).end(30.001))
    assert rung(record)[1:] == [(OTHER, "", "m1", "caller-left")]
    consult, _ = set_aside()
    consult.recipient(EXPERT, 21)
    lines = read_block(b"".join(consult.lines())).events
    replay = Replay(CentreId("chifeng"))
    replay.feed(lines)
    [so_far] = replay.rest()
    assert rung(so_far)[1:] == [("", "tax", "m1", "live")]


def test_a_caller_whom_the_agent_takes_back_dials_nobody_any_more() -> None:
    """An order takes it out of the dialling; who rings next is rung by the queue."""
    call, leg = sent_away(seat=OTHER)
    call.wait(30).gone(leg, OTHER, 30.01).offer(OTHER, 31)
    events = read_block(b"".join(call.lines())).events
    replay = Replay(CentreId("chifeng"))
    replay.feed(events)
    [so_far] = replay.rest()
    assert rung(so_far)[1:] == [(OTHER, "", "m1", "caller-left"), (OTHER, "", "", "live")]
    [record] = replayed(call.talk(OTHER, 35, 50).log("BYE", 50.1).end(52))
    assert rung(record)[1:] == [(OTHER, "", "m1", "caller-left"), (OTHER, "", "", "answered")]
    assert talks(record)[1:] == [(OTHER, "", "", 35.001, 50.0)]


def test_a_waiting_caller_whom_an_emergency_line_answers_leaves_the_ringing_seat() -> None:
    """The queue's ringing is over because the caller was taken to somebody."""
    call = Logged().arrive().wait(3)
    line = call.recipient("peer-police", 4)
    call.offer(SEAT, 6)
    seat = call.leg()
    call.joins(line, "peer-police", 8).log("ROOM", 8.1).gone(seat, SEAT, 8.11).enter(8.2)
    call.leave(30, line, "peer-police").gone(line, "peer-police", 30.1).leave(30.2)
    call.log("BYE", 30.3).end(31)
    [record] = replayed(call)
    assert rung(record) == [("", "police", "m1", "answered"), (SEAT, "", "", "caller-left")]
    assert talks(record) == [("", "police", "m1", 8.2, 30.0)]
    assert record.answered_at == NOON + timedelta(seconds=8.2)


def test_asterisks_own_queue_rang_only_whom_it_dialled() -> None:
    """After a blackout: neither a recipient nor a phone that somebody else rang is a member's."""
    call = Logged().arrive().wait(3).log("FALLBACK", 6).ring(SEAT, 7)
    call.talk(SEAT, 9, None)
    seat = call.leg()
    call.log("CHAN_START", 12, leg="listener", seat="chifeng-1009", root="listener")
    call.gone("listener", "chifeng-1009", 13)
    expert = call.recipient(OTHER, 20)
    call.gone(expert, OTHER, 25, 19).gone(seat, SEAT, 30).log("BYE", 30.1).end(31)
    [record] = replayed(call)
    assert rung(record) == [(SEAT, "", "", "answered"), (OTHER, "", "m1", "missed")]


def test_a_recipients_seat_is_no_attempt_at_a_call_back() -> None:
    """Both are roots of their own, named after the call."""
    call, seat = set_aside()
    call.recipient(OTHER, 21)
    call.gone(f"{call.call}-m1", OTHER, 30, 17).gone(seat, SEAT, 31).end(32)
    [record] = replayed(call)
    assert [offer.leg for offer in record.offers] == ["", f"{call.call}-m1"]


def test_whoever_was_called_back_can_be_moved_too() -> None:
    """The caller's own end is the call's, on whichever line it was; the expert lingers."""
    call = Logged().arrive().wait(3).log("KEPT", 5, extra={"extra": "at=1795147205"}).end(7)
    back, citizen = f"{call.call}-2", "node1-1.9"
    call.log("CHAN_START", 60, leg=back, seat=SEAT, root=back, account=False)
    call.log("ANSWER", 62, leg=back, seat=SEAT, root=back)
    call.log("CHAN_START", 63, leg=citizen, seat=MOBILE, root=back)
    call.log("REACHED", 65, leg=citizen, seat=MOBILE, root=back)
    call.enter(65.1, back, SEAT, "b").enter(65.2, citizen, MOBILE, "b")
    call.leave(70, back, SEAT, "b").leave(70.1, citizen, MOBILE, "b")
    call.log("HELD", 70.2, leg=citizen, seat=MOBILE, root=back)
    expert = call.recipient(EXPERT, 71, 1)
    call.joins(expert, EXPERT, 75).enter(80, citizen, MOBILE).gone(back, SEAT, 81)
    call.gone(citizen, MOBILE, 90).gone(expert, EXPERT, 99)
    [record] = replayed(call)
    assert talks(record) == [(SEAT, "", "", 65.2, 70.0), ("", "tax", "m1", 80.0, 90.0)]
    assert rung(record) == [(SEAT, "", "", "answered"), ("", "tax", "m1", "answered")]
    assert record.ended_at == NOON + timedelta(seconds=90)


def test_a_call_out_can_be_moved_too() -> None:
    """The citizen whom a seat called talks with the expert as well; it is still one call out."""
    call = Logged()
    out = "out-1795147200.1"
    told = "about=node1-1795147100.1 centre=chifeng line=8337772 seat=chifeng-1001 ani=13847652301"
    for kind, at, extra in (("CHAN_START", 0, ""), ("ANSWER", 1, ""), ("DIALOUT", 1.1, told)):
        call.log(kind, at, leg=out, seat=SEAT, extra={"extra": extra} if extra else "")
    call.log("CHAN_START", 2, leg="node1-1.7", seat=MOBILE, root=out)
    call.enter(10, out, SEAT, "b").enter(10.001, "node1-1.7", MOBILE, "b")
    call.leave(20, out, SEAT, "b").leave(20.001, "node1-1.7", MOBILE, "b").enter(20.1, out, SEAT)
    expert = call.recipient(MOBILE, 21, 3)
    call.joins(expert, MOBILE, 25).enter(30, "node1-1.7", MOBILE)
    call.gone("node1-1.7", MOBILE, 50).gone(expert, MOBILE, 50.1).gone(out, SEAT, 50.2)
    [record] = replayed(call)
    assert (record.direction, record.waited_since) == (Direction.OUT, None)
    assert talks(record) == [
        (SEAT, "", "", 10.001, 20.0),
        ("", "", "m3", 30.0, 50.0),
        (SEAT, "", "", 30.0, 50.0),
    ]
    assert rung(record) == [("", "", "", "answered"), ("", "", "m3", "answered")]


def test_a_citizen_who_was_called_and_lost_waits_as_any_caller() -> None:
    """The seat vanished in the room: the queue rings for it, and it is the same call out."""
    call = Logged()
    out, citizen = "out-1795147200.1", "node1-1.7"
    told = "about=node1-1795147100.1 centre=chifeng line=8337772 seat=chifeng-1001 ani=13847652301"
    for kind, at, extra in (("CHAN_START", 0, ""), ("ANSWER", 1, ""), ("DIALOUT", 1.1, told)):
        call.log(kind, at, leg=out, seat=SEAT, extra={"extra": extra} if extra else "")
    call.log("CHAN_START", 2, leg=citizen, seat=MOBILE, root=out)
    call.enter(10, out, SEAT, "b").enter(10.001, citizen, MOBILE, "b")
    call.leave(20, out, SEAT, "b").leave(20.001, citizen, MOBILE, "b").gone(out, SEAT, 20.1)
    call.log("SEATLOST", 20.2, leg=citizen, seat=MOBILE).log("WAIT", 20.3, leg=citizen, seat=MOBILE)
    call.log("OFFER", 22, leg=citizen, seat=MOBILE, extra=f"seat={OTHER}")
    call.log("CHAN_START", 22.1, leg="node1-1.8", seat=OTHER, root=out)
    call.enter(25, "node1-1.8", OTHER, "d").enter(25.001, citizen, MOBILE, "d")
    call.gone("node1-1.8", OTHER, 40).log("RATED", 41, leg=citizen, seat=MOBILE, extra="mark=4")
    [record] = replayed(call.gone(citizen, MOBILE, 42))
    assert rung(record) == [("", "", "", "answered"), (OTHER, "", "", "answered")]
    assert talks(record) == [
        (SEAT, "", "", 10.001, 20.0),
        (OTHER, "", "", 25.001, 40.0),
    ]
    assert (record.satisfaction, record.has_fallen_back) == (4, False)
    assert record.waited_since == NOON + timedelta(seconds=20.3)
