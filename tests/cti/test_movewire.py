"""Moves and supervising on AMI: what each message means, and how somebody is rung."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti import movewire
from cti.ami.errors import MalformedMessage
from cti.ami.message import checked
from cti.events import SeatLost
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, ChannelId, LegId, PeerId, SeatId
from cti.moveevents import (
    AwayEnded,
    AwayStarted,
    CallerHeld,
    MonitorEnded,
    MonitorStarted,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
)
from cti.movewishes import Monitor, RingRecipient, SendAway
from cti.outevents import DialOutRefused
from transfer.step import Mode

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
STAMP = "1795310090.250000"
THEN = datetime.fromtimestamp(1795310090.25, UTC)
CALL = CallId("node1-1795310090.4")
LEG = LegId(f"{CALL}-m1")
CENTRE = CentreId("chifeng")
TRUNK, PHONE = ChannelId("PJSIP/trunk-00000004"), ChannelId("PJSIP/chifeng-1001-0000002a")
SEAT, BOSS = SeatId("chifeng-1001"), SeatId("chifeng-1009")
HEADERS = (("X-Hotline-Path", "chifeng"), ("X-Hotline-Reason", "hand-over/12319"))


def user(name: str, channel: str = TRUNK, **headers: str) -> dict[str, str]:
    return {
        "Event": "UserEvent",
        "UserEvent": name,
        "Timestamp": STAMP,
        "Channel": channel,
        "Call": CALL,
        **headers,
    }


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (user("Held"), CallerHeld(at=THEN, call=CALL)),
        (user("Room"), RoomEntered(at=THEN, call=CALL, channel=TRUNK, seat=None)),
        (user("Room", PHONE), RoomEntered(at=THEN, call=CALL, channel=PHONE, seat=SEAT)),
        (
            user("Room", PHONE, Leg=LEG),
            RoomEntered(at=THEN, call=CALL, channel=PHONE, seat=SEAT, leg=LEG),
        ),
        (user("Lost", PHONE), PartyLost(at=THEN, call=CALL, channel=PHONE)),
        (user("Away", Leg=LEG), AwayStarted(at=THEN, call=CALL, leg=LEG)),
        (
            user("AwayEnd", Leg=LEG, Status="BUSY"),
            AwayEnded(at=THEN, call=CALL, leg=LEG, outcome=OfferOutcome.REJECTED),
        ),
        (
            user("AwayEnd", Leg=LEG),
            AwayEnded(at=THEN, call=CALL, leg=LEG, outcome=OfferOutcome.UNREACHABLE),
        ),
        (
            user("Monitor", PHONE, Seat=SEAT, Mode="whisper"),
            MonitorStarted(at=THEN, seat=SEAT, call=CALL, channel=PHONE, mode=Mode.WHISPER),
        ),
        (user("MonitorEnd", PHONE, Seat=SEAT), MonitorEnded(at=THEN, seat=SEAT, call=CALL)),
        (user("SeatLost"), SeatLost(at=THEN, call=CALL)),
        ({"Event": "FullyBooted"}, None),
    ],
)
def test_each_message_means_its_event(message: dict[str, str], expected: object) -> None:
    """Asterisk's own time stamp is the event's; whatever is about no move means what it did."""
    assert expected == movewire.read(message, NOW)


def test_a_missing_header_is_an_error_with_its_name() -> None:
    """And a mode that nobody knows is one."""
    with pytest.raises(MalformedMessage, match="Leg"):
        movewire.read(user("Away"), NOW)
    with pytest.raises(ValueError, match="shout"):
        movewire.read(user("Monitor", PHONE, Seat=SEAT, Mode="shout"), NOW)


def rung(uniqueid: str, context: str = "joins", response: str = "Failure") -> dict[str, str]:
    return {
        "Event": "OriginateResponse",
        "Response": response,
        "Channel": "PJSIP/8337772@peer-tax",
        "Context": context,
        "Uniqueid": uniqueid,
        "Reason": "3",
    }


def test_who_does_not_answer_is_told_by_the_order_and_who_does_by_the_dialplan() -> None:
    """A recipient by its leg, a supervisor by call and seat; others' orders mean what they did."""
    missed = RecipientUnanswered(at=NOW, call=CALL, leg=LEG, outcome=OfferOutcome.MISSED)
    assert movewire.read(rung(LEG), NOW) == missed
    assert movewire.read(rung(LEG, response="Success"), NOW) is None
    assert movewire.read(rung("node1-1.1"), NOW) is None
    ended = MonitorEnded(at=NOW, seat=BOSS, call=CALL)
    assert movewire.read(rung(f"{CALL}-s-{BOSS}", "monitor"), NOW) == ended
    out = CallId("out-1795310090.1231001")
    assert movewire.read(rung(out, "dial-out"), NOW) == DialOutRefused(at=NOW, call=out)
    of_a_call_out = movewire.read(rung(f"{out}-m1"), NOW)
    assert isinstance(of_a_call_out, RecipientUnanswered)
    assert of_a_call_out.call == out


WISH = RingRecipient(
    call=CALL,
    channel=TRUNK,
    leg=LEG,
    centre=CENTRE,
    peer=PeerId("tax"),
    seat=None,
    number="8337772",
    ring=timedelta(seconds=20),
    shown="12345",
    headers=HEADERS,
    records=True,
)


def test_a_recipient_at_another_exchange_is_told_of_the_call() -> None:
    """Its leg is named, so the same order cannot ring twice."""
    assert movewire.recipient(WISH) == {
        "Channel": "PJSIP/8337772@peer-tax",
        "ChannelId": LEG,
        "Account": CALL,
        "Context": "joins",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "20000",
        "CallerID": "<12345>",
        "Async": "true",
        "Variable": f"CALL={CALL},CALLER={TRUNK},LEG={LEG},CENTRE=chifeng,SEAT=,RECORDS=yes,"
        f"PJSIP_HEADER(add,X-Hotline-Call)={CALL},PJSIP_HEADER(add,X-Hotline-Path)=chifeng,"
        "PJSIP_HEADER(add,X-Hotline-Reason)=hand-over/12319",
    }


def test_a_recipient_is_rung_where_it_is() -> None:
    """A seat of ours by its phone, any number over the centre's own trunk."""
    mobile = movewire.recipient(replace(WISH, peer=None, number="13900000009"))
    assert mobile["Channel"] == "PJSIP/13900000009@out-chifeng"
    seat = movewire.recipient(replace(WISH, peer=None, seat=SEAT, records=False))
    assert seat["Channel"] == f"PJSIP/{SEAT}"
    assert f"SEAT={SEAT},RECORDS=" in seat["Variable"]
    assert "X-Hotline" not in seat["Variable"]


def test_the_callers_own_dialplan_is_given_all_it_needs_each_time() -> None:
    """What is not told now is emptied: a route before may have had it."""
    wish = SendAway(
        call=CALL,
        channel=TRUNK,
        seat_channel=PHONE,
        leg=LEG,
        centre=CENTRE,
        peer=PeerId("tax"),
        seat=None,
        number="8337772",
        ring=timedelta(seconds=20),
        shown="12345",
        headers=HEADERS,
    )
    assert movewire.away(wish) == {
        "AWAY_LEG": LEG,
        "AWAY_PEER": "tax",
        "AWAY_SEAT": "",
        "AWAY_NUMBER": "8337772",
        "AWAY_RING": "20",
        "AWAY_SHOWN": "12345",
        "AWAY_PATH": "chifeng",
        "AWAY_CASE": "",
        "AWAY_REASON": "hand-over/12319",
        "AWAY_ORDER": "",
    }
    seat = movewire.away(replace(wish, seat=SEAT, peer=None, number="", headers=()))
    assert (seat["AWAY_SEAT"], seat["AWAY_PEER"], seat["AWAY_PATH"]) == (SEAT, "", "")


def test_a_supervisor_is_rung_as_no_leg_of_the_call() -> None:
    """The call's end must not wait for who listens, and one seat hears a call once."""
    wish = Monitor(
        call=CALL,
        caller=TRUNK,
        centre=CENTRE,
        seat=BOSS,
        channel=PHONE,
        mode=Mode.BARGE,
        ring=timedelta(seconds=15),
        has_tone=True,
    )
    assert movewire.listener(wish) == {
        "Channel": f"PJSIP/{BOSS}",
        "ChannelId": f"{CALL}-s-{BOSS}",
        "Context": "monitor",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "15000",
        "Async": "true",
        "Variable": f"CALL={CALL},CALLER={TRUNK},CENTRE=chifeng,SEAT={BOSS},SPIED={PHONE},"
        "MODE=barge,TONE=yes",
    }
    assert movewire.listener(replace(wish, has_tone=False))["Variable"].endswith("TONE=")


@given(st.text())
def test_nothing_written_in_a_header_reaches_asterisk_as_more_than_text(text: str) -> None:
    """No comma, quote, line end or substitution is left in it, whoever wrote it."""
    asked = movewire.recipient(replace(WISH, headers=(("X-Hotline-Case", text),)))
    _, _, told = asked["Variable"].rpartition("X-Hotline-Case)=")
    assert not set(told) & set(',"\\${}()[];=\r\n')
    assert checked("Originate", {"Variable": told}) == {"Action": "Originate", "Variable": told}
