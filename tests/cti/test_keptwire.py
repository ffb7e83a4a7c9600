"""Kept places and call-backs on AMI: what each message means, and what an order says."""

from datetime import UTC, datetime, timedelta

import pytest

from cti.ami.errors import MalformedMessage
from cti.effects import CallBack
from cti.events import LegStarted, OfferEnded
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, ChannelId, LineId, OfferId, SeatId
from cti.keptwire import originate, places, read
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.ports import Message
from cti.seen import KeptPlace

CALL = CallId("node1-1795344314.0")
OFFER = OfferId(f"{CALL}/2")
SEAT = SeatId("testcity-1001")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SINCE, ARRIVED, KEPT = (datetime.fromtimestamp(1795344314 + n, UTC) for n in (5, 0, 60))
PLACE = KeptPlace(
    call=CALL,
    centre=CentreId("testcity"),
    line=LineId("8337772"),
    dnis="8337772",
    ani="13900000901",
    since=SINCE,
    arrived_at=ARRIVED,
    kept_at=KEPT,
    revision=7,
)
ENTRY = "testcity,8337772,8337772,13900000901,1795344319,1795344314,1795344374,7"


def _user_event(name: str, **headers: str) -> Message:
    return {"Event": "UserEvent", "UserEvent": name, "Timestamp": str(NOW.timestamp()), **headers}


def test_a_kept_place_tells_all_that_is_owed() -> None:
    """Who, since when and where: nobody has to be asked for more."""
    message = _user_event(
        "Kept",
        Call=CALL,
        Centre="testcity",
        Line="8337772",
        Dnis="8337772",
        Ani="13900000901",
        Since="1795344319",
        Arrived="1795344314",
        Kept="1795344374",
        Revision="7",
    )
    assert read(message, NOW) == PlaceKept(at=NOW, call=CALL, kept=PLACE)


def test_a_missing_header_has_a_name() -> None:
    """It is never an empty string."""
    with pytest.raises(MalformedMessage, match="Centre"):
        read(_user_event("Kept", Call=CALL), NOW)


def test_the_database_says_what_the_event_said() -> None:
    """And how often the citizen was dialled, and when last."""
    tried = datetime.fromtimestamp(1795344400, UTC)
    entries: list[Message] = [
        {"Event": "DBGetTreeResponse", "Key": f"/kept/{CALL}", "Val": f"{ENTRY},0,0"},
        {"Event": "DBGetTreeResponse", "Key": "/kept/n-1.5", "Val": f"{ENTRY},1,1795344400"},
    ]
    again = {"call": CallId("n-1.5"), "attempts": 1, "tried_at": tried}
    facts = {name: getattr(PLACE, name) for name in KeptPlace.__slots__}
    assert places(entries) == (PLACE, KeptPlace(**(facts | again)))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("/registrar/contact", f"{ENTRY},0,0"),
        (f"/kept/{CALL}", "testcity"),
        (f"/kept/{CALL}", f"{ENTRY},often,0"),
    ],
)
def test_an_entry_that_cannot_be_read_is_left_out(key: str, value: str) -> None:
    """One damaged entry must not keep the brain from its picture."""
    assert places([{"Key": key, "Val": value}]) == ()


def test_a_call_back_begins_when_the_citizen_is_dialled() -> None:
    """With the attempt as Asterisk's database counts it."""
    message = _user_event("Callback", Call=CALL, Offer=OFFER, Seat=SEAT, Attempt="2")
    assert read(message, NOW) == CallbackStarted(
        at=NOW, call=CALL, offer=OFFER, seat=SEAT, attempt=2
    )


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("ANSWER", OfferOutcome.ANSWERED),
        ("NOANSWER", OfferOutcome.MISSED),
        ("BUSY", OfferOutcome.REJECTED),
        ("CHANUNAVAIL", OfferOutcome.UNREACHABLE),
        ("CANCEL", OfferOutcome.CALLER_LEFT),
        ("DONTCALL", OfferOutcome.UNREACHABLE),
    ],
)
def test_a_call_back_ends_as_its_dial_did(status: str, outcome: OfferOutcome) -> None:
    """``CANCEL`` is the seat's hanging up; what nobody knows is no answer."""
    message = _user_event("CallbackEnd", Call=CALL, Offer=OFFER, Seat=SEAT, Status=status)
    assert read(message, NOW) == CallbackEnded(
        at=NOW, call=CALL, offer=OFFER, seat=SEAT, outcome=outcome
    )


def _rung(**headers: str) -> Message:
    told = {"Channel": f"PJSIP/{SEAT}", "Uniqueid": f"{CALL}-2", "Context": "callback"}
    return {"Event": "OriginateResponse", "Response": "Failure", **told, **headers}


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [
        ("3", OfferOutcome.MISSED),
        ("5", OfferOutcome.REJECTED),
        ("0", OfferOutcome.UNREACHABLE),
        ("8", OfferOutcome.UNREACHABLE),
    ],
)
@pytest.mark.parametrize("channel", [f"PJSIP/{SEAT}", f"PJSIP/{SEAT}-0000000a"])
def test_a_seat_that_does_not_answer_ends_its_offer(
    reason: str, outcome: OfferOutcome, channel: str
) -> None:
    """By the id that the seat's channel was given, whether the channel came to be or not."""
    assert read(_rung(Reason=reason, Channel=channel), NOW) == OfferEnded(
        at=NOW, call=CALL, offer=OFFER, seat=SEAT, outcome=outcome
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Response": "Success"},
        {"Channel": "Local/x@y-1;1"},
        {"Uniqueid": "<unknown>"},
        {"Context": "dial-out"},
    ],
)
def test_an_answered_seat_or_anybody_elses_order_says_nothing(headers: dict[str, str]) -> None:
    """``[callback]`` itself says that the seat answered."""
    assert read(_rung(Reason="4", **headers), NOW) is None


def test_everything_else_is_left_to_the_wire() -> None:
    """A seat's leg for a call-back belongs to the kept call from its first moment."""
    message = {
        "Event": "Newchannel",
        "Channel": f"PJSIP/{SEAT}-0000000a",
        "Uniqueid": f"{CALL}-2",
        "AccountCode": "",
        "Linkedid": f"{CALL}-2",
    }
    assert read(message, NOW) == LegStarted(
        at=NOW, call=CALL, channel=ChannelId(f"PJSIP/{SEAT}-0000000a"), seat=SEAT
    )


def test_the_order_carries_the_kept_call_whole() -> None:
    """Also the number in the form that can be dialled, and the citizen's number for the phone."""
    wish = CallBack(
        call=CALL,
        seat=SEAT,
        offer=OFFER,
        centre=CentreId("testcity"),
        line=LineId("8337772"),
        dnis="8337772",
        ani="+8613900000901",
        since=SINCE,
        arrived_at=ARRIVED,
        revision=7,
        ring=timedelta(seconds=15),
        attempt=2,
        prefix="9",
    )
    assert originate(wish) == {
        "Channel": f"PJSIP/{SEAT}",
        "ChannelId": f"{CALL}-2",
        "Context": "callback",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "15000",
        "CallerID": "<+8613900000901>",
        "Account": CALL,
        "Async": "true",
        "Variable": f"__CALL={CALL},__CENTRE=testcity,__LINE=8337772,__DNIS=8337772,"
        "__ANI=+8613900000901,__SINCE=1795344319,__ARRIVED=1795344314,__REVISION=7,"
        f'OFFER="{OFFER},{SEAT},15",ATTEMPT=2,NUMBER=13900000901,OUT_PREFIX=9,OUT_RING=30',
    }
