"""What follows from a change at a seat, and what a profile's change does to both."""

from dataclasses import replace

from cti.call import CallState
from cti.effects import CompleteDraft, RemoveMember, SetMember, WithdrawPop
from cti.events import AgentSignedOut, CallFellBack, LegBridged, OfferStarted
from cti.ids import OfferId, SeatId
from cti.plan import PlannedSeat
from queues.seat import AgentState
from tests.cti.playbook import (
    ANNA,
    CALL,
    CENTRE,
    CHANNEL,
    NOON,
    OTHER,
    PLAN,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
    talking,
)

FIRST = OfferId(f"{CALL}/1")


def test_the_fall_back_queue_is_told_once_of_each_change() -> None:
    """Signed in and away, ready, gone; saying the same again tells nobody."""
    with Playbook().sign_in() as p:
        members = [effect for effect in p.all if isinstance(effect, SetMember)]
        assert [(member.agent, member.is_paused) for member in members] == [
            (ANNA, True),
            (ANNA, False),
        ]
        p >> AgentSignedOut(at=after(1), seat=SEAT)
        p << Wish(RemoveMember, centre=CENTRE, seat=SEAT)
        p >> AgentSignedOut(at=after(2), seat=SEAT)
        p.none(RemoveMember).none(SetMember)


def test_a_profile_brings_seats_and_takes_empty_ones_away() -> None:
    """Whoever sits at a seat that is gone stays until signing out."""
    new = SeatId("chifeng-1003")
    with Playbook().sign_in() as p:
        planned = PlannedSeat(centre=CENTRE, extension="1003", skills=frozenset({"人社"}))
        p.switch.replan(replace(PLAN, seats={new: planned}), NOON)
        assert [view.seat for view in p.switch.seats()] == [SEAT, new]
        assert p.switch.seat(OTHER) is None


def test_an_offer_to_a_seat_that_is_gone_from_the_profile_ends_quietly() -> None:
    """The agent signed out, the profile changed, the offer ends: nobody is there to be told."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        for event in talking():
            p >> event
        p >> AgentSignedOut(at=after(5), seat=SEAT)
        p >> hung_up(leg(SEAT), 9, SEAT)
        p.switch.replan(replace(PLAN, seats={}), after(10))
        p >> hung_up(CHANNEL, 11)
        p << Wish(CompleteDraft, call=CALL)
        p.none(WithdrawPop)


def test_a_caller_gone_from_two_seats_bridge_frees_both() -> None:
    """Two phones in one bridge: the talk is with one, and ends once."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LegBridged(at=after(3), call=CALL, channel=leg(OTHER, 9), seat=OTHER, bridge="b1")
        p >> hung_up(leg(SEAT), 9, SEAT)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP
        other = p.switch.seat(OTHER)
        assert other is not None
        assert other.state is AgentState.LOGGED_OUT


def test_a_talk_whose_end_is_told_late_leaves_the_caller_where_it_is() -> None:
    """Already in the fall-back queue, the caller is not taken for one on its way."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> CallFellBack(at=after(5), call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
        p >> hung_up(leg(SEAT), 6, SEAT)
        assert p.switch.call_state(CALL) is CallState.FALLEN_BACK
