"""Who is kept for an agent whose page went away, and for how long."""

from dataclasses import replace

import pytest

from cti.effects import OfferCall
from cti.events import (
    AgentNotReady,
    LegBridged,
    LegStarted,
    OfferEnded,
    OfferStarted,
    PhoneChanged,
    SeatLost,
)
from cti.happened import OfferOutcome, Phone
from cti.ids import CallId, ChannelId, OfferId, SeatId
from queues.seat import AgentState
from tests.cti.playbook import (
    BEN,
    CALL,
    CHANNEL,
    SEAT,
    Playbook,
    Wish,
    after,
    arrived,
    hung_up,
    leg,
    talking,
    waiting,
)

OTHER = SeatId("chifeng-1002")
PAGE = ChannelId(f"PJSIP/{SEAT}-web-00000007")


def in_talk(channel: ChannelId = PAGE) -> Playbook:
    """A caller talks at the seat, by that telephone."""
    p = Playbook().sign_in().call_in()
    for event in talking():
        if isinstance(event, LegStarted | LegBridged) and event.channel == leg(SEAT):
            event = replace(event, channel=channel)
        p >> event
    return p


def lost(p: Playbook, channel: ChannelId = PAGE, at: float = 10) -> Playbook:
    """The telephone vanishes, and the caller waits again."""
    p >> PhoneChanged(at=after(at), seat=SEAT, phone=Phone.GONE)
    p >> hung_up(channel, at, SEAT) >> SeatLost(at=after(at), call=CALL)
    return p >> waiting(at=at)


def phone(p: Playbook, at: float, how: Phone = Phone.FREE) -> Playbook:
    """The seat's telephone, as Asterisk tells it."""
    return p >> PhoneChanged(at=after(at), seat=SEAT, phone=how)


def test_the_seat_rings_for_its_caller_when_the_page_is_back() -> None:
    """And for nobody else before: another who waits stands behind."""
    with lost(in_talk()) as p:
        p >> arrived(CallId("node1-9.9"), ChannelId("PJSIP/trunk-00000009"), at=11)
        p >> waiting(CallId("node1-9.9"), ChannelId("PJSIP/trunk-00000009"), at=11)
        p.none(OfferCall)
        phone(p, 13)
        p << Wish(OfferCall, call=CALL, seat=SEAT)


def test_no_other_seat_rings_for_thirty_seconds_and_then_anybodys() -> None:
    """The caller goes before everybody then."""
    with lost(in_talk()) as p:
        p.sign_in(OTHER, BEN, after(12))
        p.none(OfferCall)
        p.tick(after(39))
        p.none(OfferCall)
        p.tick(after(41))
        p << Wish(OfferCall, call=CALL, seat=OTHER)
        phone(p, 42)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.reason) == (AgentState.NOT_READY, "phone-lost")


def test_a_caller_whose_seat_rings_again_is_kept_no_more() -> None:
    """What was to be looked at in that second concerns nobody then: one offer, not two."""
    with lost(in_talk()) as p:
        phone(p, 11)
        p << Wish(OfferCall, call=CALL, seat=SEAT)
        p.tick(after(11))
        p.none(OfferCall)


def test_a_telephone_that_still_looks_there_is_rung_after_a_second() -> None:
    """A page that is being left is registered for a moment longer."""
    with in_talk() as p:
        p >> hung_up(PAGE, 10, SEAT) >> SeatLost(at=after(10), call=CALL) >> waiting(at=10)
        phone(p, 10.1)
        p.none(OfferCall)
        p.tick(after(11))
        p << Wish(OfferCall, call=CALL, seat=SEAT)


def test_a_telephone_on_the_desk_that_vanished_keeps_nobody() -> None:
    """It is broken or unplugged: whoever is free takes the caller at once."""
    with lost(in_talk(leg(SEAT)), leg(SEAT)) as p:
        p.sign_in(OTHER, BEN, after(12))
        p << Wish(OfferCall, call=CALL, seat=OTHER)


def test_an_agent_who_wanted_a_break_is_not_fetched_back() -> None:
    """What was asked for in the talk holds at its end."""
    with in_talk() as p:
        p >> AgentNotReady(at=after(5), seat=SEAT, reason="小休")
        phone(lost(p), 13)
        p.none(OfferCall)


def test_a_caller_who_hangs_up_meanwhile_is_forgotten() -> None:
    """The page comes back to a quiet seat."""
    with lost(in_talk()) as p:
        p >> hung_up(CHANNEL, 12)
        phone(p, 13)
        p.none(OfferCall)
        assert p.switch.call_state(CALL) is None


@pytest.mark.parametrize("times", [1, 2])
def test_a_page_that_left_while_it_rang_rings_again_once(times: int) -> None:
    """A second time the telephone may be broken: others are rung, this one is not."""
    with Playbook().sign_in().call_in() as p:
        for turn in range(1, times + 1):
            offer, at = OfferId(f"{CALL}/{turn}"), 10.0 * turn
            p >> OfferStarted(at=after(at), call=CALL, offer=offer, seat=SEAT)
            p >> LegStarted(at=after(at), call=CALL, channel=PAGE, seat=SEAT)
            phone(p, at + 1, Phone.GONE)
            p >> OfferEnded(
                at=after(at + 1),
                call=CALL,
                offer=offer,
                seat=SEAT,
                outcome=OfferOutcome.UNREACHABLE,
            )
            p >> waiting(at=at + 1)
            phone(p, at + 3)
        if times == 1:
            p << Wish(OfferCall, call=CALL, seat=SEAT)
        else:
            p.none(OfferCall)
