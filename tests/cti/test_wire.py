"""AMI messages to events: what each means, and what is refused."""

from datetime import UTC, datetime

import pytest

from cti import snapshot as standing
from cti import wire
from cti.ami.errors import MalformedMessage
from cti.events import (
    CallArrived,
    CallerRated,
    CallFellBack,
    CallWaiting,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OutsideEnded,
    OutsideStarted,
    PhoneChanged,
    SeatLost,
)
from cti.happened import OfferOutcome, Phone
from cti.ids import (
    AgentId,
    CallId,
    CentreId,
    ChannelId,
    LineId,
    OfferId,
    PeerId,
    SeatId,
)
from cti.seen import SeenChannel, SeenMember
from queues.seat import AgentState, SeatView
from transfer.step import Mode

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
STAMP = "1795310090.250000"
THEN = datetime.fromtimestamp(1795310090.25, UTC)
CALL = CallId("node1-1795310090.4")
TRUNK, PHONE = ChannelId("PJSIP/trunk-00000004"), ChannelId("PJSIP/chifeng-1001-0000002a")
SEAT = SeatId("chifeng-1001")
TAX, TAX_PHONE = PeerId("tax"), ChannelId("PJSIP/peer-tax-0000002a")


def user(name: str, **headers: str) -> dict[str, str]:
    return {
        "Event": "UserEvent",
        "UserEvent": name,
        "Timestamp": STAMP,
        "Channel": TRUNK,
        "Call": CALL,
        **headers,
    }


def channel(event: str, name: str = PHONE, **headers: str) -> dict[str, str]:
    return {
        "Event": event,
        "Timestamp": STAMP,
        "Channel": name,
        "Uniqueid": "node1-1795310090.5",
        "Linkedid": CALL,
        "AccountCode": "",
        **headers,
    }


CALLER = {"Centre": "chifeng", "Line": "8337772", "Dnis": "04768337772", "Ani": "13900000001"}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (
            user("Arrived", **CALLER),
            CallArrived(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
            ),
        ),
        (
            user(
                "Arrived",
                **CALLER,
                Revision="12",
                State="transition",
                Route="hangup",
                Prompt="chifeng-8337772-transition-1a2b3c4d",
            ),
            CallArrived(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                revision=12,
                line_state="transition",
                prompt="chifeng-8337772-transition-1a2b3c4d",
                is_farewell=True,
            ),
        ),
        (
            user("Arrived", **CALLER, Handed="emergency"),
            CallArrived(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                is_handed_over=True,
                is_emergency=True,
            ),
        ),
        (
            user(
                "Arrived",
                **CALLER,
                Handed="hotline",
                Path="wuhai/neimenggu",
                Case="JJ-20261122-7",
                Reason="hand-over/12345",
                From="10.1.0.110",
            ),
            CallArrived(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                is_handed_over=True,
                path=(CentreId("wuhai"), CentreId("neimenggu")),
                case="JJ-20261122-7",
                handed_because="hand-over/12345",
                came_from="10.1.0.110",
            ),
        ),
        (
            user("Outside", Peer="tax", Line="8337772"),
            OutsideStarted(at=THEN, call=CALL, peer=TAX, line=LineId("8337772")),
        ),
        (
            user("OutsideEnd", Peer="tax", Status="BUSY"),
            OutsideEnded(at=THEN, call=CALL, peer=TAX, outcome=OfferOutcome.REJECTED),
        ),
        (
            user("OutsideEnd", Peer="tax", Status=""),
            OutsideEnded(at=THEN, call=CALL, peer=TAX, outcome=OfferOutcome.UNREACHABLE),
        ),
        (
            channel("Newchannel", TAX_PHONE),
            LegStarted(at=THEN, call=CALL, channel=TAX_PHONE, seat=None, peer=TAX),
        ),
        (
            channel("BridgeEnter", TAX_PHONE, BridgeUniqueid="b1"),
            LegBridged(at=THEN, call=CALL, channel=TAX_PHONE, seat=None, bridge="b1", peer=TAX),
        ),
        (
            user("Wait", **CALLER, Since="1795310085", Offer=""),
            CallWaiting(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                since=datetime.fromtimestamp(1795310085, UTC),
            ),
        ),
        (
            user("Wait", **CALLER, Since="1795310085", Offer=f"{CALL}/2"),
            CallWaiting(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                since=datetime.fromtimestamp(1795310085, UTC),
                offer=OfferId(f"{CALL}/2"),
            ),
        ),
        (
            user("Wait", **CALLER, Since="1795310085", Offer="", Handed="hotline"),
            CallWaiting(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani="13900000001",
                since=datetime.fromtimestamp(1795310085, UTC),
                is_handed_over=True,
            ),
        ),
        (
            user("Fallback", Centre="chifeng", Since="1795310085"),
            CallFellBack(
                at=THEN,
                call=CALL,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                since=datetime.fromtimestamp(1795310085, UTC),
            ),
        ),
        (
            user("Offer", Offer=f"{CALL}/1", Seat=SEAT),
            OfferStarted(at=THEN, call=CALL, offer=OfferId(f"{CALL}/1"), seat=SEAT),
        ),
        (
            user("OfferEnd", Offer=f"{CALL}/1", Seat=SEAT, Status="NOANSWER"),
            OfferEnded(
                at=THEN,
                call=CALL,
                offer=OfferId(f"{CALL}/1"),
                seat=SEAT,
                outcome=OfferOutcome.MISSED,
            ),
        ),
        (user("SeatLost"), SeatLost(at=THEN, call=CALL)),
        (user("Rated", Mark="4", Seat=SEAT), CallerRated(at=THEN, call=CALL, mark=4)),
        (
            channel("Newchannel"),
            LegStarted(at=THEN, call=CALL, channel=PHONE, seat=SEAT),
        ),
        (
            channel("BridgeEnter", TRUNK, BridgeUniqueid="b1"),
            LegBridged(at=THEN, call=CALL, channel=TRUNK, seat=None, bridge="b1"),
        ),
        (
            channel("BridgeLeave", BridgeUniqueid="b1"),
            LegUnbridged(at=THEN, call=CALL, channel=PHONE, seat=SEAT, bridge="b1"),
        ),
        (
            channel("Hangup", Cause="44"),
            LegHungUp(at=THEN, call=CALL, channel=PHONE, seat=SEAT, cause=44),
        ),
        (
            {"Event": "QueueMemberStatus", "Interface": f"PJSIP/{SEAT}", "Status": "1"},
            PhoneChanged(at=NOW, seat=SEAT, phone=Phone.FREE),
        ),
        (
            {"Event": "QueueMemberAdded", "Interface": f"PJSIP/{SEAT}", "Status": "5"},
            PhoneChanged(at=NOW, seat=SEAT, phone=Phone.GONE),
        ),
        ({"Event": "QueueMemberStatus", "Interface": "PJSIP/trunk", "Status": "1"}, None),
        (user("SomebodyElses"), None),
        ({"Event": "FullyBooted"}, None),
        ({"Response": "Success"}, None),
    ],
)
def test_each_message_means_its_event(message: dict[str, str], expected: object) -> None:
    """Asterisk's own time stamp is the event's time; without one, ours."""
    assert expected == wire.read(message, NOW)


def test_our_own_call_id_wins_over_the_linkedid() -> None:
    """A leg of a conference keeps a linkedid of its own; the account code carries the call."""
    event = wire.read(channel("Hangup", Cause="16") | {"AccountCode": "node1-9.9"}, NOW)
    assert isinstance(event, LegHungUp)
    assert event.call == "node1-9.9"


@pytest.mark.parametrize("name", ["Call", "Channel", "Centre", "Line", "Dnis", "Ani"])
def test_a_missing_header_is_an_error_with_its_name(name: str) -> None:
    """Never an empty string instead."""
    message = user("Arrived", **CALLER)
    del message[name]
    with pytest.raises(MalformedMessage, match=name):
        wire.read(message, NOW)


def test_a_time_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="soon"):
        wire.read(user("Wait", **CALLER, Since="soon", Offer=""), NOW)


@pytest.mark.parametrize("mark", ["", "0", "6", "55", "五", "-1"])
def test_a_mark_is_a_key_from_one_to_five(mark: str) -> None:
    """Anything else is an error with a name, and nobody's satisfaction."""
    with pytest.raises(ValueError, match="no mark"):
        wire.read(user("Rated", Mark=mark, Seat=SEAT), NOW)


@pytest.mark.parametrize("status", list(wire.DIAL_STATUS))
def test_every_dial_status_has_an_outcome(status: str) -> None:
    """An unknown one counts as unreachable: the caller goes back to the wait either way."""
    message = user("OfferEnd", Offer="x/1", Seat=SEAT, Status=status)
    event = wire.read(message, NOW)
    assert isinstance(event, OfferEnded)
    assert event.outcome is wire.DIAL_STATUS[status]
    odd = wire.read({**message, "Status": "NEW"}, NOW)
    assert isinstance(odd, OfferEnded)
    assert odd.outcome is OfferOutcome.UNREACHABLE


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("3", OfferOutcome.MISSED),
        ("5", OfferOutcome.REJECTED),
        ("0", OfferOutcome.UNREACHABLE),
        ("8", OfferOutcome.UNREACHABLE),
    ],
)
def test_every_originate_that_came_to_nothing_says_why(reason: str, outcome: OfferOutcome) -> None:
    assert wire.rung_in_vain({"Reason": reason}) is outcome


def test_only_seats_phones_are_seats() -> None:
    """Trunks, local channels and odd names are none."""
    names = ["PJSIP/trunk-0000002a", "Local/1001@spy-00000001;2", "PJSIP/chifeng-1001", "x"]
    assert [None] * len(names) == [wire.seat_of(name) for name in names]
    assert wire.seat_of(PHONE) == SEAT


def test_a_snapshot_puts_channels_queue_and_mirror_together() -> None:
    """Variables come from the channel, the place from the queue, wrap-up from the mirror."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": TRUNK,
        "Uniqueid": CALL,
        "Context": "fallback",
        "BridgeID": "",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [
            f"CALL={CALL}",
            "CENTRE=chifeng",
            "LINE=8337772",
            "DNIS=8337772",
            "ANI=139=1",
            "ARRIVED=1795310080",
            "SINCE=1795310085",
            f"OFFER={CALL}/3,{SEAT},15",
        ],
    }
    leg: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": PHONE,
        "Uniqueid": "node1-1795310090.5",
        "Context": "from-seat",
        "BridgeID": "b1",
        "Linkedid": CALL,
        "AccountCode": "",
        # What a channel has not, Asterisk writes so; a seat's leg has its call and nothing else.
        "Variable": [f"CALL={CALL}", "CENTRE=(null)", "OFFER=(null)", "SINCE=(null)"],
    }
    entry = {"Event": "QueueEntry", "Channel": TRUNK, "Position": "2"}
    member = {
        "Event": "QueueMember",
        "Location": f"PJSIP/{SEAT}",
        "Name": "anna",
        "Paused": "1",
        "PausedReason": "用餐",
        "Status": "6",
    }
    foreign = {**member, "Location": "Local/5@x"}
    view = SeatView(
        seat=SEAT,
        centre=CentreId("chifeng"),
        extension="1001",
        agent=AgentId("anna"),
        state=AgentState.WRAP_UP,
        reason="",
        since=NOW,
        until=THEN,
        call=None,
        has_phone=True,
        skills=(("人社", 1),),
        is_reskilled=True,
    )
    taken = standing.snapshot(NOW, [entry, member, foreign], [status, leg], [view])
    caller = SeenChannel(
        channel=TRUNK,
        call=CALL,
        seat=None,
        context="fallback",
        bridge="",
        ani="139=1",
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        dnis="8337772",
        offer=OfferId(f"{CALL}/3"),
        arrived_at=datetime.fromtimestamp(1795310080, UTC),
        since=datetime.fromtimestamp(1795310085, UTC),
        queue_position=2,
    )
    phone = SeenChannel(channel=PHONE, call=CALL, seat=SEAT, context="from-seat", bridge="b1")
    assert taken.channels == (caller, phone)
    assert taken.members == (
        SeenMember(
            seat=SEAT, agent=AgentId("anna"), is_paused=True, reason="用餐", phone=Phone.RINGING
        ),
    )
    assert taken.wrapping_up == ((SEAT, THEN, None),)
    assert taken.not_ready == ((SEAT, AgentId("anna"), ""),)
    assert taken.reskilled == ((SEAT, AgentId("anna"), (("人社", 1),)),)


def test_whom_a_move_rings_is_known_by_the_leg_that_the_move_named() -> None:
    """From the first moment, on whatever trunk it is rung; a seat rung for a call-back is none."""
    leg = f"{CALL}-m2"
    named = {"Uniqueid": leg, "Linkedid": leg}
    for event in ("Newchannel", "BridgeEnter"):
        mobile = ChannelId("PJSIP/out-chifeng-0000002a")
        told = wire.read(channel(event, mobile, BridgeUniqueid="b1") | named, NOW)
        assert isinstance(told, LegStarted | LegBridged)
        assert (told.call, told.leg, told.seat) == (CALL, leg, None)
    assert wire.leg_of(f"{CALL}-2") == ""
    assert wire.call_of(f"{CALL}-s-chifeng-1002") != CALL


def test_a_recipient_is_seen_as_a_leg_that_speaks_for_nobody() -> None:
    """It has the call's centre on it, and no seat nor peer for a name: it is not the caller."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": "PJSIP/out-chifeng-0000002a",
        "Uniqueid": f"{CALL}-m2",
        "Context": "joins",
        "BridgeID": "room",
        "Linkedid": f"{CALL}-m2",
        "AccountCode": CALL,
        "Variable": [f"CALL={CALL}", "CENTRE=chifeng", "MOVE=(null)"],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.leg, seen.centre, seen.move) == (f"{CALL}-m2", "", "")


@pytest.mark.parametrize(
    ("context", "mode", "hears"),
    [
        ("monitor", "MODE=whisper", Mode.WHISPER),
        ("from-seat-chifeng", "MODE=(null)", Mode.LISTEN),
        ("seat-room", "MODE=barge", None),
    ],
)
def test_a_supervisors_phone_is_no_leg_of_the_talk_it_hears(
    context: str, mode: str, hears: Mode | None
) -> None:
    """From its ringing on, until it takes the talk over."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": PHONE,
        "Uniqueid": f"{CALL}-s-{SEAT}",
        "Context": context,
        "BridgeID": "",
        "Linkedid": f"{CALL}-s-{SEAT}",
        "AccountCode": "",
        "Variable": [f"CALL={CALL}", mode],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.call, seen.seat, seen.hears) == (CALL, SEAT, hears)


def test_the_move_under_way_and_what_another_exchange_told_ride_on_the_callers_channel() -> None:
    """A brain that comes back finds both there."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": TRUNK,
        "Uniqueid": CALL,
        "Context": "hold",
        "BridgeID": "",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [
            "CENTRE=chifeng",
            "MOVE=m1|consult|office:12319|chifeng-1001|2",
            "CAME_PATH=wuhai",
            "CAME_CASE=JJ-7",
            "CAME_REASON=hand-over",
            "HANDED=emergency",
        ],
    }
    seen = standing.seen_channel(status, 0)
    assert seen.move == "m1|consult|office:12319|chifeng-1001|2"
    assert (seen.path, seen.case, seen.handed_because) == (("wuhai",), "JJ-7", "hand-over")
    assert (seen.is_handed_over, seen.is_emergency) == (True, True)


def test_a_seats_leg_for_a_call_back_is_the_kept_calls() -> None:
    """Also before Asterisk has set its account code; the count behind the id is the offer's."""
    told = channel("Newchannel") | {"AccountCode": "", "Linkedid": f"{CALL}-2"}
    event = wire.read(told, NOW)
    assert isinstance(event, LegStarted)
    assert event.call == CALL


def test_a_seat_rung_for_a_call_back_is_seen_with_all_of_the_kept_call() -> None:
    """The citizen's own channel has gone, or is yet to come."""
    riding = [f"CALL={CALL}", "CENTRE=chifeng", "ANI=13900000001", f"OFFER={CALL}/2,s,15"]
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": PHONE,
        "Uniqueid": f"{CALL}-2",
        "Context": "from-seat-chifeng",
        "BridgeID": "",
        "Linkedid": f"{CALL}-2",
        "AccountCode": CALL,
        "Variable": [*riding, "ATTEMPT=1"],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.call, seen.seat, seen.centre) == (CALL, wire.seat_of(PHONE), "chifeng")
    assert (seen.offer, seen.attempt, seen.ani) == (f"{CALL}/2", 1, "13900000001")


def test_a_seat_that_dials_12345_is_seen_as_a_caller() -> None:
    """Its channel is the call's own, so it is nobody's answering leg."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": PHONE,
        "Uniqueid": CALL,
        "Context": "wait",
        "BridgeID": "",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [f"CALL={CALL}", "CENTRE=chifeng", "SINCE=1795310085"],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.seat, seen.centre) == (None, "chifeng")


def test_a_snapshot_says_whom_the_dialplan_refused_and_where_a_caller_was_put_through() -> None:
    """The caller's own channel says it; a leg to the peer has tried nobody."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": "PJSIP/trunk-chifeng-0000002a",
        "Uniqueid": CALL,
        "Context": "wait",
        "BridgeID": "",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [f"CALL={CALL}", "CENTRE=chifeng", "ROUTE=blocked", "PEER=tax"],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.is_blocked, seen.is_farewell, seen.tried) == (True, False, TAX)
    leg = standing.seen_channel({**status, "Channel": TAX_PHONE, "Uniqueid": "node1-1.5"}, 0)
    assert (leg.peer, leg.tried) == (TAX, None)


@pytest.mark.parametrize(("handed", "expected"), [("(null)", False), ("", False), ("110", True)])
def test_a_snapshot_says_who_was_handed_over(handed: str, expected: bool) -> None:
    """A brain that comes later must not tell them to hang up either."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": TRUNK,
        "Uniqueid": CALL,
        "Context": "wait",
        "BridgeID": "",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [f"CALL={CALL}", "CENTRE=chifeng", f"HANDED={handed}"],
    }
    assert standing.seen_channel(status, 0).is_handed_over is expected
    assert "HANDED" in standing.SNAPSHOT_VARIABLES.split(",")


def test_only_peers_legs_are_peers() -> None:
    """A seat is none, and no peer is a seat."""
    names = ["PJSIP/trunk-0000002a", "PJSIP/peer-tax", "PJSIP/chifeng-1001-0000002a", "x"]
    assert [None] * len(names) == [wire.peer_of(name) for name in names]
    assert (wire.peer_of(TAX_PHONE), wire.seat_of(TAX_PHONE)) == (TAX, None)


def test_a_peers_leg_is_seen_as_one_unless_it_is_the_callers_own() -> None:
    """It has inherited the call and may have a centre of its own; it is no caller all the same."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": TAX_PHONE,
        "Uniqueid": "node1-1795310091.5",
        "Context": "",
        "BridgeID": "b1",
        "Linkedid": CALL,
        "AccountCode": CALL,
        "Variable": [f"CALL={CALL}", "CENTRE=chifeng", "REVISION=12", "STATE=kept", "PROMPT=p-1"],
    }
    told = standing.seen_channel({**status, "Variable": ["ROUTE=hangup"]}, 0)
    assert told.is_farewell
    seen = standing.seen_channel(status, 0)
    assert (seen.peer, seen.centre, seen.call) == (TAX, "", CALL)
    caller = standing.seen_channel({**status, "Uniqueid": CALL}, 0)
    assert (caller.peer, caller.centre, caller.revision) == (None, "chifeng", 12)
    assert (caller.line_state, caller.prompt, caller.is_farewell) == ("kept", "p-1", False)


@pytest.mark.parametrize("told", ["", "x", "-1", "1.5", "１２x"])
def test_a_revision_that_is_no_number_is_not_known(told: str) -> None:
    """An older dialplan writes none."""
    assert wire.revision(told) == 0
