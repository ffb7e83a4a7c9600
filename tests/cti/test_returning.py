"""A page that goes away in the midst of a move: who waits for it, and what comes of it."""

import pytest

from cti.effects import HangUp, OfferCall
from cti.events import PhoneChanged
from cti.happened import OfferOutcome, Phone
from cti.ids import ChannelId
from cti.moveevents import CallerHeld, PartyLost
from cti.movewishes import ArmCaller, RingRecipient, SendTo, ShowMove
from queues.seat import AgentState
from tests.cti.moved import EXPERT, M1, M2, Moves, recipient, state
from tests.cti.moved import consulting as consulting_by_sip
from tests.cti.pages import BACK, PAGE, Pages
from tests.cti.playbook import CALL, CHANNEL, SEAT, Wish, after, hung_up, leg, waiting
from transfer.step import Kind, Step, What

# --- consulting ----------------------------------------------------------------------------------


def test_a_consult_goes_on_when_the_page_is_back() -> None:
    """The caller holds, the expert waits, the agent rings into the room: as if nothing were."""
    with Pages().consulting() as p:
        p.page_leaves(9).none(SendTo).none(HangUp)
        assert state(p) is AgentState.NOT_READY
        p.phone(11) << Wish(RingRecipient, leg=M2, seat=SEAT, channel=CHANNEL, is_back=True)
        p.comes_back(M2, 12).none(SendTo).none(HangUp)
        assert state(p) is AgentState.TALKING
        p.presses(What.JOIN, 13) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.JOINED, seat=SEAT)


def test_a_consult_whose_page_stays_away_is_completed() -> None:
    """After a quarter of a minute the caller has the expert, and nobody is rung any more."""
    with Pages().consulting() as p:
        p.page_leaves(9).tick(after(23.9)).none(SendTo)
        p.tick(after(24)) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.COMPLETED)
        p.phone(25).none(RingRecipient)


def test_the_expert_who_hangs_up_meanwhile_sends_the_caller_to_the_queue() -> None:
    """It is kept there for the seat whose page went away, which rings as soon as it is back."""
    with Pages().consulting() as p:
        p.page_leaves(9).gone(recipient(M1), 10) << Wish(SendTo, channel=CHANNEL, to="wait")
        p << Wish(ShowMove, step=Step.RETURNED)
        p.tell(waiting(at=10.2)).none(OfferCall)
        p.phone(12) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_a_telephone_that_was_back_before_the_caller_waits_is_rung_as_well() -> None:
    """Whichever comes last: the telephone or the caller."""
    with Pages().consulting() as p:
        p.page_leaves(9).phone(11) << Wish(RingRecipient, leg=M2)
        p.tell(hung_up(recipient(M1), 11.2)) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(waiting(at=11.4)).tick(after(11.5)) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_the_caller_who_hangs_up_meanwhile_ends_it_for_the_expert() -> None:
    """Nobody is rung for a call that is over."""
    with Pages().consulting() as p:
        p.page_leaves(9).gone(CHANNEL, 10) << Wish(HangUp, channel=recipient(M1))
        p.phone(11).none(RingRecipient)


def test_an_expert_who_answers_while_the_page_is_away_waits_for_it() -> None:
    """The word in private is still to come; the caller holds on."""
    with Pages().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.page_leaves(8).answers(M1, 9).none(SendTo) << Wish(ShowMove, step=Step.CONSULTING)
        p.phone(10) << Wish(RingRecipient, leg=M2)
        p.comes_back(M2, 11).none(SendTo)


def test_an_expert_who_does_not_answer_leaves_the_caller_to_the_queue() -> None:
    """Nobody is in the room: the caller is kept for the page."""
    with Pages().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.page_leaves(8).unanswered(M1, 9, OfferOutcome.REJECTED) << Wish(RingRecipient)
        p.unanswered(M2, 10) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(waiting(at=10.1)).phone(11) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_a_page_that_stays_away_while_it_rings_passes_the_caller_on() -> None:
    """Whoever answers has the caller, as when the agent had hung up."""
    with Pages().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.page_leaves(8).tick(after(23)) << Wish(ShowMove, step=Step.PASSING)
        p.answers(M1, 24) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.COMPLETED)


def test_a_page_that_leaves_before_anybody_rings_undoes_the_consult() -> None:
    """The caller is in the queue, and kept for the seat."""
    with Pages().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.page_leaves(6) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(waiting(at=6.2)).phone(8) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_who_held_for_the_caller_is_fetched_when_the_page_goes() -> None:
    """Swapped: now the caller holds, and the expert waits for the agent."""
    with Pages().consulting().presses(What.SWAP, 9) as p:
        p.enters(9.2)
        p.page_leaves(10) << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p.tell(CallerHeld(at=after(10), call=CALL)).none(SendTo)
        p.enters(10.2, recipient(M1)).phone(12) << Wish(RingRecipient, leg=M2)
        p.comes_back(M2, 13).presses(What.SWAP, 14) << Wish(SendTo, channel=CHANNEL, to="room")


# --- keys, while the page's telephone is not there yet -------------------------------------------


def test_keys_are_heeded_as_soon_as_the_page_shows_them() -> None:
    """The page is back before its telephone: to cancel sends the caller to the queue, kept."""
    with Pages().consulting().page_leaves(9).presses(What.CANCEL, 10) as p:
        p << Wish(HangUp, channel=recipient(M1)) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(waiting(at=10.1)).phone(11) << Wish(OfferCall, call=CALL, seat=SEAT)


def test_three_can_be_brought_together_before_the_telephone_is_back() -> None:
    """Caller and expert talk; if the expert hangs up, the caller holds, and hears no goodbye."""
    with Pages().consulting().page_leaves(9).presses(What.JOIN, 10) as p:
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p.enters(10.2) << Wish(ArmCaller, channel=CHANNEL, to="hold")
        p.phone(11) << Wish(RingRecipient, leg=M2)
        p.comes_back(M2, 12) << Wish(ArmCaller, channel=CHANNEL, to="")


# --- all three talk, or are about to -------------------------------------------------------------


def three() -> Pages:
    """All three are in the room."""
    return Pages().consulting().presses(What.JOIN, 9).enters(9)


def test_two_talk_on_while_the_third_is_away() -> None:
    """Longer than a caller would hold, for nobody waits."""
    with three().page_leaves(10) as p:
        p << Wish(ArmCaller, channel=CHANNEL, to="hold")
        p.tick(after(39)).none(SendTo)
        p.phone(39) << Wish(RingRecipient, leg=M2)
        p.comes_back(M2, 39.5) << Wish(ArmCaller, to="")
        p.presses(What.CANCEL, 41) << Wish(HangUp, channel=recipient(M1))
        p << Wish(ShowMove, step=Step.RETURNED, seat=SEAT)


def test_after_half_a_minute_the_two_have_each_other() -> None:
    """Whoever of them hangs up then has ended it."""
    with three().page_leaves(10).tick(after(40)) as p:
        p << Wish(ArmCaller, channel=CHANNEL, to="") << Wish(ShowMove, step=Step.COMPLETED)


def test_a_third_who_hangs_up_while_the_page_is_away_leaves_the_caller_with_us() -> None:
    """It goes on hold by its own dialplan, and to the queue, kept for the seat."""
    with three().page_leaves(10) as p:
        p.gone(recipient(M1), 11) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(waiting(at=11.3)).phone(12) << Wish(OfferCall, call=CALL, seat=SEAT)


@pytest.mark.parametrize("is_answered", [False, True])
def test_an_emergency_line_is_with_the_caller_at_once(is_answered: bool) -> None:
    """The caller holds while it rings, and talks when it answers; the agent joins them."""
    with Pages().calling_police() as p:
        p.leaves_plain_talk(7).none(SendTo)
        if is_answered:
            p.answers(M1, 8) << Wish(SendTo, channel=CHANNEL, to="room")
            p.enters(8.1) << Wish(ArmCaller, channel=CHANNEL, to="hold")
        p.phone(9) << Wish(RingRecipient, leg=M2)
        p.comes_back(M2, 10)
        if not is_answered:
            p << Wish(SendTo, channel=CHANNEL, to="room")
            p.enters(10.1) << Wish(ArmCaller, channel=CHANNEL, to="hold")
            p.answers(M1, 11) << Wish(ShowMove, step=Step.JOINED)
        assert p.switch.call_state(CALL) is not None
        p.presses(What.COMPLETE, 12) << Wish(HangUp, channel=BACK)


def test_a_page_that_goes_while_three_are_gathered_is_waited_for() -> None:
    """The caller follows into the room, to whoever is there."""
    with Pages().calling_police().answers(M1, 7) as p:
        p.tell(PartyLost(at=after(7.1), call=CALL, channel=PAGE))
        p.gone(PAGE, 7.1, SEAT) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.JOINED)


# --- who is not waited for -----------------------------------------------------------------------


def test_a_telephone_on_the_desk_is_not_waited_for() -> None:
    """It is broken or unplugged: the caller has the expert at once."""
    with Moves() as p:
        consulting_by_sip(p).tell(PartyLost(at=after(9), call=CALL, channel=leg(SEAT)))
        p.gone(leg(SEAT), 9, SEAT) << Wish(SendTo, channel=CHANNEL, to="room")
        p.tell(PhoneChanged(at=after(11), seat=SEAT, phone=Phone.FREE)).none(RingRecipient)


def test_a_page_that_hung_up_is_not_waited_for() -> None:
    """The agent has left the caller to the expert."""
    with Pages().consulting().gone(PAGE, 9, SEAT) as p:
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p.tick(after(10)).phone(11).none(RingRecipient)


def test_somebody_else_who_comes_into_the_room_is_not_the_agent() -> None:
    """Only the leg by which it was rung back is."""
    with Pages().consulting().page_leaves(9).phone(11) as p:
        p.enters(11.5, recipient(M1))
        p.presses(What.SWAP, 12).none(SendTo)


def test_a_page_that_leaves_again_is_waited_for_again() -> None:
    """Each time from the beginning."""
    with Pages().consulting().page_leaves(9).phone(11).comes_back(M2, 12) as p:
        p.page_leaves(13, ChannelId(BACK)).phone(15) << Wish(RingRecipient, seat=SEAT)
