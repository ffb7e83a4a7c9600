"""Kept places and call-backs in the log: lines as Asterisk wrote them in a real run."""

import json
from datetime import UTC, datetime

from cti.ids import CallId, CentreId, SeatId
from records.callrecord import CallRecord, Disposition, Offered, Talk
from records.cel import read_block
from records.rebuild import Replay

CENTRE = CentreId("testcity")
T = 1795344300.0
CALL = "node1-1795344300.0"
SEAT = "testcity-1001"


def at(second: float) -> datetime:
    return datetime.fromtimestamp(T + second, UTC)


def line(
    second: float,
    kind: str,
    uniqueid: str = CALL,
    *,
    root: str = CALL,
    channel: str = "PJSIP/trunk-testcity-00000000",
    context: str = "wait",
    account: str = CALL,
    extra: object = "",
) -> bytes:
    told = {"extra": extra} if isinstance(extra, str) and kind in MARKS else extra
    event = {
        "eventtype": kind,
        "eventtime": f"{T + second:.6f}",
        "uniqueid": uniqueid,
        "linkedid": root,
        "channame": channel,
        "num": "13900000901",
        "context": context,
        "exten": "s",
        "accountcode": account,
        "userdeftype": kind if kind in MARKS else "",
        "eventextra": json.dumps(told) if told else "",
    }
    return json.dumps(event).encode() + b"\n"


MARKS = {"ARRIVED", "WAIT", "KEPT", "CALLBACK", "CALLBACKEND", "REACHED", "BYE", "FALLBACK"}
ARRIVED = "rev=7 centre=testcity line=8337772 route=queue dnis=8337772 ani=13900000901"


def kept() -> list[bytes]:
    """Somebody waits, presses 1 after a minute and is told goodbye."""
    return [
        line(0, "CHAN_START", context="from-trunk", account=""),
        line(0.01, "ANSWER", context="arrive", account=""),
        line(0.02, "ARRIVED", extra=ARRIVED),
        line(3, "WAIT"),
        line(60.4, "KEPT", extra=f"at={int(T + 60)}"),
        line(62, "HANGUP", extra={"hangupcause": 16, "hangupsource": "dialplan/builtin"}),
        line(62, "CHAN_END"),
        line(62, "LINKEDID_END"),
    ]


def seat_rings(second: float, count: int, cause: int | None = None) -> list[bytes]:
    """A seat is rung for the call-back; with a cause it does not answer."""
    root, name = f"{CALL}-{count}", f"PJSIP/{SEAT}-0000000{count}"
    lines = [line(second, "CHAN_START", root, root=root, channel=name, account="")]
    if cause is None:
        answered = line(second + 2, "ANSWER", root, root=root, channel=name)
        marked = line(second + 2.1, "CALLBACK", root, root=root, channel=name, extra=f"seat={SEAT}")
        return [*lines, answered, marked]
    return lines + seat_ends(second + 5, count, cause)


def seat_ends(second: float, count: int, cause: int = 16) -> list[bytes]:
    root, name = f"{CALL}-{count}", f"PJSIP/{SEAT}-0000000{count}"
    told = {"hangupcause": cause, "hangupsource": ""}
    return [
        line(second, "HANGUP", root, root=root, channel=name, extra=told),
        line(second, "CHAN_END", root, root=root, channel=name),
    ]


def citizen(second: float, count: int, number: int) -> tuple[str, dict[str, str]]:
    return f"node1-{int(T + second)}.{number}", {
        "root": f"{CALL}-{count}",
        "channel": f"PJSIP/out-testcity-000000{number:02}",
    }


def refuses(second: float, count: int, number: int) -> list[bytes]:
    """The citizen is rung, and is busy."""
    uniqueid, where = citizen(second, count, number)
    told = {"hangupcause": 17, "hangupsource": where["channel"]}
    return [
        line(second, "CHAN_START", uniqueid, account="", **where),
        line(second + 3, "HANGUP", uniqueid, extra=told, **where),
        line(second + 3, "CHAN_END", uniqueid, **where),
        *seat_ends(second + 3.1, count),
    ]


def talks(second: float, count: int, number: int, until: float) -> list[bytes]:
    """The citizen answers; the seat hangs up first, then goodbye."""
    uniqueid, where = citizen(second, count, number)
    root, name = f"{CALL}-{count}", f"PJSIP/{SEAT}-0000000{count}"
    bridge = {"bridge_id": f"b{count}"}
    told = {"hangupcause": 16, "hangupsource": name}
    return [
        line(second, "CHAN_START", uniqueid, account="", **where),
        line(second + 4, "ANSWER", uniqueid, **where),
        line(second + 4.1, "REACHED", uniqueid, **where),
        line(second + 4.2, "BRIDGE_ENTER", uniqueid, extra=bridge, **where),
        line(second + 4.3, "BRIDGE_ENTER", root, root=root, channel=name, extra=bridge),
        line(until, "BRIDGE_EXIT", root, root=root, channel=name, extra=bridge),
        line(until + 0.1, "BRIDGE_EXIT", uniqueid, extra=bridge, **where),
        *seat_ends(until + 0.2, count),
        line(until + 0.3, "BYE", uniqueid, **where),
        line(until + 2, "HANGUP", uniqueid, extra=told, **where),
        line(until + 2, "CHAN_END", uniqueid, **where),
    ]


def replay_of(lines: list[bytes]) -> Replay:
    replay = Replay(CENTRE)
    replay.feed(read_block(b"".join(lines)).events)
    return replay


def only(records: list[CallRecord]) -> CallRecord:
    (record,) = records
    return record


def test_a_kept_call_is_not_over_though_nobody_is_on_the_line() -> None:
    """It is as it stands, and its lines are read again when more has come."""
    replay = replay_of(kept())
    assert replay.take() == []
    record = only(replay.rest())
    assert (record.disposition, record.ended_at) == (Disposition.LIVE, None)
    assert (record.kept_at, record.waited_since) == (at(60), at(3))
    assert replay.oldest() == (0, 0)
    replay.cut([CallId(CALL)], at(1000))
    assert replay.take() == []


def test_a_kept_call_that_nobody_owes_any_more_was_abandoned() -> None:
    """The brain gave it up: no call-back reached anybody."""
    lines = [*kept(), *seat_rings(100, 1), *refuses(103, 1, 2)]
    replay = replay_of(lines)
    replay.cut([], at(1000))
    record = only(replay.take())
    assert (record.disposition, record.cause) == (Disposition.ABANDONED, 16)
    assert record.offers == (Offered(seat=SeatId(SEAT), at=at(100), outcome="answered"),)
    assert (record.talks, record.kept_at) == ((), at(60))
    assert record.ended_at == at(106.1)


def test_a_caller_who_was_reached_is_answered() -> None:
    """The talk is with the citizen's new channel; what rang before is told, too."""
    lines = [
        *kept(),
        *seat_rings(80, 1, cause=19),
        *seat_rings(90, 2, cause=17),
        *seat_rings(100, 3),
        *refuses(103, 3, 4),
        *seat_rings(500, 5),
        *talks(503, 5, 6, until=560),
    ]
    record = only(replay_of(lines).take())
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)
    assert [(offer.at, offer.outcome) for offer in record.offers] == [
        (at(80), "missed"),
        (at(90), "rejected"),
        (at(100), "answered"),
        (at(500), "answered"),
    ]
    (talk,) = record.talks
    assert (talk.seat, talk.since, talk.until) == (SeatId(SEAT), at(507.3), at(560))
    assert (record.kept_at, record.waited_since) == (at(60), at(3))
    assert (record.arrived_at, record.ended_at) == (at(0.02), at(562))
    assert (record.dnis, record.ani, record.revision) == ("8337772", "13900000901", 7)
    assert not record.has_fallen_back


def test_a_call_back_after_asterisk_began_anew_is_not_cut_by_its_restart() -> None:
    """The citizen's channel is the new life's first; the seat's, of that life too, is named."""
    replay = replay_of([*kept(), *seat_rings(300, 1), *talks(303, 1, 0, until=330)])
    record = only(replay.take())
    assert (record.disposition, record.ended_at) == (Disposition.ANSWERED, at(332))
    assert len(record.talks) == 1


def test_what_goes_on_is_live() -> None:
    """A seat that rings, and nobody knows yet how it ends; cut, it has left."""
    replay = replay_of([*kept(), *seat_rings(80, 1, cause=19)[:1]])
    assert [offer.outcome for offer in only(replay.rest()).offers] == ["live"]
    replay.cut([], at(1000))
    assert [offer.outcome for offer in only(replay.take()).offers] == ["caller-left"]


def test_a_caller_who_talked_on_its_own_line_after_all_kept_nothing() -> None:
    """The seat had been ordered before the key was pressed."""
    name, bridge = f"PJSIP/{SEAT}-00000001", {"bridge_id": "b"}
    seat = "node1-1795344300.1"
    lines = [
        *kept()[:4],
        line(60, "KEPT"),
        line(60.5, "CHAN_START", seat, channel=name),
        line(61, "BRIDGE_ENTER", extra=bridge),
        line(61, "BRIDGE_ENTER", seat, channel=name, extra=bridge),
        line(70, "BRIDGE_EXIT", extra=bridge),
        line(70, "BRIDGE_EXIT", seat, channel=name, extra=bridge),
        line(70, "HANGUP", seat, channel=name),
        line(71, "HANGUP", extra={"hangupcause": 16, "hangupsource": "x"}),
    ]
    replay = replay_of(lines)
    replay.cut([], at(1000))
    record = only(replay.take())
    assert record.kept_at is None
    assert record.talks == (
        Talk(seat=SeatId(SEAT), agent=record.talks[0].agent, since=at(61), until=at(70)),
    )


def test_a_seat_for_a_call_back_is_no_offer_of_asterisks_queue() -> None:
    """Whatever queue the caller was in before; and its channel's name is no sign of a restart."""
    lines = [*kept()[:4], line(40, "FALLBACK"), *kept()[4:], *seat_rings(80, 1, cause=19)]
    replay = replay_of(lines)
    replay.cut([], at(1000))
    record = only(replay.take())
    assert [offer.outcome for offer in record.offers] == ["missed"]
    assert record.has_fallen_back
