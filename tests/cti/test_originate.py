"""The order that rings somebody: the same for whomever it rings."""

from datetime import timedelta

from cti.ids import CallId
from cti.originate import headers, whole_seconds

CALL = CallId("node1-1795310090.4")
RING = timedelta(seconds=15)


def test_an_order_names_its_channel_and_carries_its_variables() -> None:
    """In the order given; a value with a comma comes quoted and stays one value."""
    asked = headers(
        "PJSIP/chifeng-1001",
        f"{CALL}-m1",
        "joins",
        RING,
        {"CALL": CALL, "OFFER": '"a,b"'},
        shown="13900000001",
        call=CALL,
    )
    assert asked == {
        "Channel": "PJSIP/chifeng-1001",
        "ChannelId": f"{CALL}-m1",
        "Context": "joins",
        "Exten": "s",
        "Priority": "1",
        "Timeout": "15000",
        "Async": "true",
        "Variable": f'CALL={CALL},OFFER="a,b"',
        "CallerID": "<13900000001>",
        "Account": CALL,
    }


def test_who_is_no_leg_of_a_call_has_no_account_and_shows_nobody() -> None:
    asked = headers("PJSIP/chifeng-1001", "x", "monitor", RING, {})
    assert not {"Account", "CallerID"} & set(asked)


def test_a_phone_rings_for_a_second_at_least() -> None:
    """Zero would be for ever."""
    tenths = [whole_seconds(timedelta(milliseconds=100 * n)) for n in (0, 4, 12, 149)]
    assert tenths == [1, 1, 1, 15]
