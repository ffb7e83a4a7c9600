"""Calls out on AMI: what each message means, what is ordered, and whose the rest is."""

from datetime import UTC, datetime, timedelta

import pytest

from cti import dialwire, wire
from cti import snapshot as standing
from cti.ami.errors import MalformedMessage
from cti.effects import DialOut
from cti.events import SeatLost
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, LineId, OfferId, SeatId
from cti.outevents import DialOutEnded, DialOutRefused, DialOutStarted

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
STAMP = "1795310090.250000"
THEN = datetime.fromtimestamp(1795310090.25, UTC)
OUT, MISSED = CallId("out-1795310090.1231001"), CallId("node1-1795300000.9")
SEAT = SeatId("chifeng-1001")


def user(name: str, **headers: str) -> dict[str, str]:
    return {"Event": "UserEvent", "UserEvent": name, "Timestamp": STAMP, "Call": OUT, **headers}


def test_the_dialplan_tells_that_the_citizen_is_dialled_and_how_that_ended() -> None:
    started = dialwire.read(user("DialOut", Seat=SEAT), NOW)
    assert started == DialOutStarted(at=THEN, call=OUT, seat=SEAT)
    for status, outcome in {**wire.DIAL_STATUS, "NEW": OfferOutcome.UNREACHABLE}.items():
        ended = dialwire.read(user("DialOutEnd", Status=status), NOW)
        assert ended == DialOutEnded(at=THEN, call=OUT, outcome=outcome)
    with pytest.raises(MalformedMessage, match="Seat"):
        dialwire.read(user("DialOut"), NOW)


def originated(response: str, uniqueid: str = OUT) -> dict[str, str]:
    return {
        "Event": "OriginateResponse",
        "Response": response,
        "Channel": f"PJSIP/{SEAT}",
        "Context": "dial-out",
        "Uniqueid": uniqueid,
        "Reason": "3",
    }


def test_an_own_phone_that_does_not_answer_is_told_and_one_that_does_is_not() -> None:
    """The dialplan says that it answered; a call-back's and a stranger's phone are not ours."""
    assert dialwire.read(originated("Failure"), NOW) == DialOutRefused(at=NOW, call=OUT)
    assert dialwire.read(originated("Success"), NOW) is None
    assert dialwire.read(originated("Failure", "node1-1795310090.4-2"), NOW) is None


def test_everything_else_means_what_it_did() -> None:
    assert dialwire.read(user("SeatLost"), NOW) == SeatLost(at=THEN, call=OUT)
    assert dialwire.read({"Event": "FullyBooted"}, NOW) is None


def test_the_order_names_the_channel_and_carries_what_a_restarted_brain_must_know() -> None:
    wish = DialOut(
        call=OUT,
        about=MISSED,
        seat=SEAT,
        offer=OfferId(f"{OUT}/1"),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        ani="+8613900000001",
        number="13900000001",
        arrived_at=THEN,
        ring=timedelta(seconds=15),
    )
    assert dialwire.originate(wish) == {
        "Channel": "PJSIP/chifeng-1001",
        "ChannelId": OUT,
        "Account": OUT,
        "Context": "dial-out",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "15000",
        "CallerID": "<13900000001>",
        "Async": "true",
        "Variable": f"CALL={OUT},ABOUT={MISSED},CENTRE=chifeng,LINE=8337772,"
        "ANI=+8613900000001,NUMBER=13900000001,ARRIVED=1795310090",
    }


def test_a_seat_that_calls_out_is_seen_as_a_seat_that_speaks_for_the_citizen() -> None:
    """Its channel has the call's own id, and yet it is nobody who called us."""
    status: dict[str, str | list[str]] = {
        "Event": "Status",
        "Channel": "PJSIP/chifeng-1001-0000002a",
        "Uniqueid": OUT,
        "Context": "dial-out",
        "BridgeID": "",
        "Linkedid": OUT,
        "AccountCode": OUT,
        "Variable": [f"CALL={OUT}", f"ABOUT={MISSED}", "CENTRE=chifeng", "ANI=13900000001"],
    }
    seen = standing.seen_channel(status, 0)
    assert (seen.seat, seen.centre, seen.about, seen.ani) == (
        SEAT,
        "chifeng",
        MISSED,
        "13900000001",
    )
