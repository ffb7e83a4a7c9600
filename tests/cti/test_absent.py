"""How a page that went away in the midst of a move is rung back into the room."""

from datetime import timedelta

import pytest

from cti.effects import HangUp, PopScreen, TakeSnapshot, WithdrawPop
from cti.events import AgentNotReady, ClockSet, LegStarted, LinkLost, OrderRefused
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import ChannelId, OfferId
from cti.movewishes import RingRecipient
from queues.seat import AgentState
from tests.cti.moved import EXPERT, M1, M2, M3, bridged, call_named, state
from tests.cti.pages import BACK, Pages
from tests.cti.playbook import CALL, CHANNEL, SEAT, Wish, after, leg
from transfer.step import Kind, What


def away() -> Pages:
    """Anna's page went away at 9 s, in the middle of a consult."""
    return Pages().consulting().page_leaves(9)


def test_the_card_is_there_before_it_rings() -> None:
    """And the ringing is wanted, until nobody is waited for any more."""
    with away().phone(11) as p:
        p << Wish(PopScreen, seat=SEAT, offer=OfferId(M2))
        p << Wish(RingRecipient, seat=SEAT, leg=M2, shown="13900000001")
        assert p.switch.rings(CALL, OfferId(M2))
        p.gone(CHANNEL, 11.2)
        assert not p.switch.rings(CALL, OfferId(M2))


def test_a_telephone_that_still_looks_there_is_rung_after_a_second() -> None:
    """A page that is being left is registered for a moment longer."""
    with away().phone(9.2) as p:
        p.none(RingRecipient)
        p.tick(after(10)) << Wish(RingRecipient, seat=SEAT)


def test_it_is_rung_once_at_a_time() -> None:
    """Told twice that the telephone is free, it is one ringing."""
    with away().phone(11).phone(11.1, Phone.RINGING).phone(11.2) as p:
        p.none(RingRecipient)


def test_an_agent_who_wanted_a_break_is_not_fetched_back() -> None:
    """What was asked for in the talk holds at its end."""
    with Pages().consulting() as p:
        p.tell(AgentNotReady(at=after(8.5), seat=SEAT, reason="小休"))
        p.page_leaves(9).phone(11).none(RingRecipient)


def test_a_page_that_goes_again_while_it_rings_is_rung_when_it_is_back() -> None:
    """Asterisk says that nobody is there; the next telephone is rung by another name."""
    with away().phone(11).phone(11.5, Phone.GONE) as p:
        p.unanswered(M2, 11.6, OfferOutcome.UNREACHABLE) << Wish(WithdrawPop, seat=SEAT)
        assert state(p) is AgentState.NOT_READY
        p.phone(13) << Wish(RingRecipient, seat=SEAT, leg=M3)


def test_a_leg_that_ends_before_it_answered_is_as_good_as_unanswered() -> None:
    """Its end may be told before what came of the ringing."""
    with away().phone(11).rings(M2, 11.2, SEAT) as p:
        p.phone(11.4, Phone.GONE).gone(leg(SEAT, 9), 11.5, SEAT) << Wish(WithdrawPop, seat=SEAT)
        p.phone(13) << Wish(RingRecipient, seat=SEAT, leg=M3)


def test_a_ringing_that_was_refused_is_tried_again_when_the_telephone_is_free() -> None:
    """Asterisk would not ring it just then."""
    with away().phone(11) as p:
        no = OrderRefused(
            at=after(11.1),
            call=CALL,
            offer=None,
            why=Refusal.OTHER,
            order="RingRecipient",
            leg=M2,
        )
        p.tell(no) << Wish(WithdrawPop, seat=SEAT)
        p.phone(11.2, Phone.GONE).phone(12) << Wish(RingRecipient, leg=M3)


def test_an_agent_who_refuses_is_rung_no_more() -> None:
    """It does not want to be back."""
    with away().phone(11).unanswered(M2, 12, OfferOutcome.REJECTED) as p:
        p.phone(12.1, Phone.IN_USE).phone(13).none(RingRecipient)


@pytest.mark.parametrize("is_known", [False, True])
def test_a_ringing_that_is_late_is_stopped(is_known: bool) -> None:
    """Then the caller has the expert, and the seat is not ready."""
    with away().phone(23) as p:
        if is_known:
            p.rings(M2, 23.2, SEAT)
        p.tick(after(24)) << Wish(HangUp, channel=leg(SEAT, 9) if is_known else M2)
        assert state(p) is AgentState.NOT_READY


def test_a_look_at_asterisk_does_not_end_the_waiting() -> None:
    """Where three stand shows nothing of who is expected; a link that was lost ends it."""
    with away() as p:
        p.tell(ClockSet(at=after(10), by=timedelta(0)))
        assert p.switch._picture.calls[CALL].stand.absent is not None  # noqa: SLF001  # in no effect
        p.tell(LinkLost(at=after(10.5))).none(TakeSnapshot)
        p.phone(11, Phone.FREE)


def test_deadlines_follow_a_clock_that_is_set() -> None:
    """A quarter of a minute is one, whatever the clock says."""
    with away() as p:
        p.tell(ClockSet(at=after(3610), by=timedelta(hours=1)))
        p.phone(3612) << Wish(RingRecipient, seat=SEAT)
        p.comes_back(M2, 3613)
        assert state(p) is AgentState.TALKING


def test_the_leg_it_came_back_by_is_its_own() -> None:
    """It ends like any agent's."""
    with away().phone(11).comes_back(M2, 12).gone(BACK, 20, SEAT) as p:
        assert state(p) is AgentState.WRAP_UP


def test_another_call_and_another_leg_have_nothing_to_do_with_it() -> None:
    """Who is consulted refuses while the page rings: that is the move's, and ends it."""
    with Pages().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.call_in(call_named(9), ChannelId("PJSIP/trunk-00000009"), 7.5)
        p.page_leaves(8).phone(10) << Wish(RingRecipient, seat=SEAT, leg=M2)
        p.unanswered(M1, 10.5, OfferOutcome.REJECTED) << Wish(RingRecipient, leg=M3)
        assert state(p) is AgentState.OFFERED


def test_a_page_that_talks_before_it_was_told_is_let_go_with_the_caller() -> None:
    """Its seat has talked: nobody says that it missed anything."""
    with Pages().consulting().presses(What.JOIN, 9).enters(9).page_leaves(10).phone(12) as p:
        p.tell(LegStarted(at=after(13), call=CALL, channel=BACK, seat=SEAT, leg=M2))
        p.tell(bridged(BACK, 13, SEAT, M2)).gone(CHANNEL, 14) << Wish(HangUp, channel=BACK)
        assert state(p) is not AgentState.NOT_READY
