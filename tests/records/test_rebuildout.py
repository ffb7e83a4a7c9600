"""A call out as Asterisk's log tells it: what the switch would have written, had it lived."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cti.ids import CallId, CentreId, SeatId
from records.callrecord import NORMAL_CLEARING, CallRecord, Direction, Disposition, Source
from records.cel import CelEvent
from records.rebuild import SWITCH_DIED, Replay
from records.rebuildout import rebuild_out

EPOCH = 1795147200.0
OUT = CallId("out-1795147200.1231001")
SEAT, SEAT_LEG = SeatId("chifeng-1001"), "PJSIP/chifeng-1001-00000005"
CITIZEN, CITIZEN_LEG = "node1-1795147203.7", "PJSIP/out-chifeng-00000006"
MARK = {
    "about": "node1-1795140000.3",
    "centre": "chifeng",
    "line": "8337772",
    "seat": SEAT,
    "ani": "13900000001",
}


def at(second: float) -> datetime:
    return datetime.fromtimestamp(EPOCH, UTC) + timedelta(seconds=second)


def seen(kind: str, second: float, *, citizen: bool = False, **extra: str) -> CelEvent:
    """One line of the seat's channel, which has the call's id, or of the citizen's."""
    return CelEvent(
        type=kind,
        at=EPOCH + second,
        uniqueid=CITIZEN if citizen else OUT,
        linkedid=OUT,
        account=OUT,
        channel=CITIZEN_LEG if citizen else SEAT_LEG,
        context="nowhere" if citizen else "dial-out",
        exten="s",
        num="",
        extra=extra,
        offset=int(second * 1000),
    )


def answers() -> Sequence[CelEvent]:
    """The agent picks up, and the citizen's telephone rings."""
    return (
        seen("CHAN_START", 0),
        seen("ANSWER", 2),
        replace(seen("DIALOUT", 2.1), extra=MARK),
        seen("CHAN_START", 3, citizen=True),
    )


def talks(since: float, until: float, bridge: str = "b1") -> Sequence[CelEvent]:
    return (
        seen("BRIDGE_ENTER", since, citizen=True, bridge_id=bridge),
        seen("BRIDGE_ENTER", since + 0.1, bridge_id=bridge),
        seen("BRIDGE_EXIT", until, bridge_id=bridge),
        seen("BRIDGE_EXIT", until + 0.1, citizen=True, bridge_id=bridge),
    )


def ends(second: float, status: str = "", cause: str = "16") -> Sequence[CelEvent]:
    told = (seen("DIALOUTEND", second + 0.1, status=status),) if status else ()
    return (
        seen("HANGUP", second, citizen=True, hangupcause=cause),
        seen("CHAN_END", second, citizen=True),
        *told,
        seen("HANGUP", second + 0.2, hangupcause="16"),
        seen("CHAN_END", second + 0.2),
        seen("LINKEDID_END", second + 0.2),
    )


def replayed(*events: CelEvent) -> CallRecord:
    replay = Replay(CentreId("elsewhere"))
    replay.feed(events)
    (record,) = replay.take()
    return record


def test_a_citizen_who_was_reached_is_whole() -> None:
    """Whom, about what, when it rang, the talk and the end stand in the log alone."""
    record = replayed(*answers(), *talks(10, 40), *ends(40.2, "ANSWER"))
    assert (record.call, record.direction, record.about) == (OUT, Direction.OUT, MARK["about"])
    assert (record.centre, record.line) == ("chifeng", "8337772")
    assert (record.ani, record.dnis) == ("13900000001", "12345")
    assert (record.arrived_at, record.ended_at) == (at(0), at(40.2))
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)
    assert (record.source, record.waited_since) == (Source.LOG, None)
    assert [(one.seat, one.at, one.outcome) for one in record.offers] == [("", at(2.1), "answered")]
    assert [(one.seat, one.agent, one.since, one.until) for one in record.talks] == [
        (SEAT, "", at(10.1), at(40))
    ]


@pytest.mark.parametrize(
    ("status", "cause", "outcome"),
    [
        ("BUSY", "17", "rejected"),
        ("NOANSWER", "19", "missed"),
        ("CHANUNAVAIL", "3", "unreachable"),
        ("NEW WORD", "", "unreachable"),
        ("CANCEL", "16", "caller-left"),
        ("", "16", "caller-left"),
    ],
)
def test_a_citizen_who_was_not_reached(status: str, cause: str, outcome: str) -> None:
    """As the dialplan said; if it could not, the agent had hung up."""
    record = replayed(*answers(), *ends(30, status, cause))
    assert record.disposition is Disposition.UNREACHED
    assert (record.cause, record.talks) == (int(cause or 16), ())
    assert [one.outcome for one in record.offers] == [outcome]


def test_a_citizen_without_a_channel_of_its_own_was_not_reached() -> None:
    """No trunk: the dialplan says so at once."""
    first, answer, mark, _ = answers()
    over = (seen("DIALOUTEND", 2.2, status="CHANUNAVAIL"), seen("HANGUP", 2.3))
    record = replayed(first, answer, mark, *over)
    assert (record.ended_at, record.cause) == (at(2.3), NORMAL_CLEARING)
    assert [one.outcome for one in record.offers] == ["unreachable"]


def test_a_seat_that_did_not_answer_is_no_call() -> None:
    replay = Replay(CentreId("chifeng"))
    rang = (seen("CHAN_START", 0), seen("HANGUP", 15, hangupcause="19"))
    replay.feed(rang)
    assert replay.take() == []
    assert rebuild_out(rang, OUT, is_over=True, cause=NORMAL_CLEARING) is None


def test_a_call_out_that_goes_on_is_as_far_as_it_got() -> None:
    """Ringing, and in mid-talk; cut, its end is the last thing seen."""
    rings = Replay(CentreId("chifeng"))
    rings.feed(answers())
    (ringing,) = rings.rest()
    assert (ringing.disposition, ringing.ended_at, ringing.cause) == (Disposition.LIVE, None, 0)
    assert [one.outcome for one in ringing.offers] == ["live"]
    cut = Replay(CentreId("chifeng"))
    cut.feed((*answers(), *talks(10, 40)[:2]))
    (talking,) = cut.rest()
    assert [(one.since, one.until) for one in talking.talks] == [(at(10.1), None)]
    cut.cut((), at(3600))
    (record,) = cut.take()
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, SWITCH_DIED)
    assert record.ended_at == record.talks[0].until == at(10.1)


def test_only_who_is_in_the_citizens_bridge_talks_with_the_citizen() -> None:
    """The seat alone, or in another bridge, talks with nobody; twice together is two talks."""
    apart = (
        seen("BRIDGE_ENTER", 8, bridge_id="other"),
        seen("BRIDGE_EXIT", 9, bridge_id="other"),
    )
    record = replayed(*answers(), *apart, *talks(10, 20), *talks(25, 30, "b2"), *ends(40, "ANSWER"))
    assert [(one.since, one.until) for one in record.talks] == [
        (at(10.1), at(20)),
        (at(25.1), at(30)),
    ]


def test_the_id_of_a_call_out_is_no_restart_of_asterisk() -> None:
    """We number them, so a high or low one says nothing about Asterisk's life."""

    def incoming(number: int, second: float) -> CelEvent:
        name = f"node1-{int(EPOCH)}.{number}"
        return CelEvent(
            type="CHAN_START",
            at=EPOCH + second,
            uniqueid=name,
            linkedid=name,
            account="",
            channel="PJSIP/trunk-00000001",
            context="from-trunk",
            exten="8337772",
            num="",
            extra={},
        )

    replay = Replay(CentreId("chifeng"))
    replay.feed((*answers(), incoming(8, 20), incoming(9, 30)))
    (record,) = replay.rest()
    assert record.ended_at is None
