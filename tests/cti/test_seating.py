"""What agents and phones do, where the seat's own table does not say it."""

import pytest

from cti.effects import OfferCall, ShowSeat, WithdrawPop
from cti.events import (
    AgentSignedIn,
    AgentSignedOut,
    DraftSubmitted,
    OfferEnded,
    OfferStarted,
    PhoneChanged,
    Reskilled,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone
from cti.ids import CallId, OfferId
from cti.seen import SeenMember
from queues.seat import AgentState, Skills
from tests.cti.playbook import (
    ANNA,
    BEN,
    CALL,
    CHANNEL,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
)


def test_a_seat_that_is_taken_stays_with_whoever_sits_there() -> None:
    """Two desks may ask in the same instant; the second finds the seat taken."""
    with Playbook().sign_in() as p:
        p >> AgentSignedIn(at=after(1), seat=SEAT, agent=BEN)
        p.none(ShowSeat)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.agent, view.state) == (ANNA, AgentState.AVAILABLE)


def test_desks_hear_of_a_phone_only_that_it_came_or_went() -> None:
    """Ringing and talking they know already."""
    with Playbook() as p:
        p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.FREE)
        p << Wish(ShowSeat)
        p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.RINGING)
        p.none(ShowSeat)
        p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.GONE)
        p << Wish(ShowSeat)


def test_a_phone_lost_in_a_talk_is_not_ready_whichever_is_told_first() -> None:
    """Nobody is there to wrap up; an agent who has signed out meanwhile stays signed out."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> SeatLost(at=after(9), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.reason) == (AgentState.NOT_READY, "phone-lost")
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 9, SEAT) >> SeatLost(at=after(9), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.reason) == (AgentState.NOT_READY, "phone-lost")
    with Playbook().sign_in().call_in().talk() as p:
        p >> DraftSubmitted(at=after(5), call=CALL) >> hung_up(leg(SEAT), 9, SEAT)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.AVAILABLE
        p >> SeatLost(at=after(9), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.reason) == (AgentState.NOT_READY, "phone-lost")
    with Playbook().sign_in().call_in().talk() as p:
        p >> AgentSignedOut(at=after(5), seat=SEAT)
        p >> hung_up(leg(SEAT), 9, SEAT) >> SeatLost(at=after(9), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.LOGGED_OUT


def test_wrap_up_ends_when_the_order_is_handed_in() -> None:
    """The seat knows whose call it finishes; another one's order, or the same twice, is nothing."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 9, SEAT)
        p << Wish(ShowSeat)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.call, view.wraps_up) == (AgentState.WRAP_UP, None, CALL)
        p >> DraftSubmitted(at=after(10), call=CallId("node1-9.9"))
        p.none(ShowSeat)
        p >> hung_up(CHANNEL, 11) >> DraftSubmitted(at=after(12), call=CALL)
        p << Wish(ShowSeat)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.until, view.wraps_up) == (AgentState.AVAILABLE, None, None)
        p >> DraftSubmitted(at=after(13), call=CALL)
        assert p.effects == []


@pytest.mark.parametrize("caller_first", [True, False])
def test_the_card_stays_in_sight_while_its_order_is_written(*, caller_first: bool) -> None:
    """Whoever hangs up first: it goes with the wrap-up, by the seat's own state."""
    offer = OfferId(f"{CALL}/1")
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=offer, seat=SEAT)
        p.talk()
        told = len(p.all)
        if caller_first:
            p >> hung_up(CHANNEL, 9) >> hung_up(leg(SEAT), 9, SEAT)
        else:
            p >> hung_up(leg(SEAT), 9, SEAT)
            outcome = OfferOutcome.ANSWERED
            p >> OfferEnded(at=after(9), call=CALL, offer=offer, seat=SEAT, outcome=outcome)
            p >> hung_up(CHANNEL, 10)
        assert not [one for one in p.all[told:] if isinstance(one, WithdrawPop)]


def test_an_order_handed_in_during_the_talk_leaves_nothing_to_wrap_up() -> None:
    """The seat is free as soon as the caller is; said once, however often it is sent."""
    with Playbook().sign_in().call_in().talk() as p:
        for second in (5, 6):
            p >> DraftSubmitted(at=after(second), call=CALL)
            view = p.switch.seat(SEAT)
            assert view is not None
            assert view.state is AgentState.TALKING
        p >> hung_up(leg(SEAT), 9, SEAT)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.AVAILABLE


def test_an_order_handed_in_frees_nobody_who_is_on_another_call() -> None:
    """The next caller is on the line by then: that talk, and its wrap-up, are not the order's."""
    second = CallId("node1-1795310099.9")
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(CHANNEL, 9)
        p.tick(after(60))
        p.call_in(second, at=61)
        p >> DraftSubmitted(at=after(62), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.call) == (AgentState.OFFERED, second)


def test_a_restarted_brain_knows_whose_call_is_being_finished() -> None:
    """The mirror remembers it, and the wrap-up ends with the order all the same."""
    member = SeenMember(seat=SEAT, agent=ANNA, is_paused=False, reason="", phone=Phone.FREE)
    seen = SnapshotTaken(at=NOON, members=(member,), wrapping_up=((SEAT, after(20), CALL),))
    with Playbook(snapshot=seen) as p:
        p >> DraftSubmitted(at=after(1), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.AVAILABLE


def test_changed_skills_are_obeyed_by_the_next_hunt_until_they_are_given_back() -> None:
    """Whoever sits there by now instead is not meant; given back, the plan holds again."""
    with Playbook().sign_in() as p:
        planned = _skills(p)
        p >> Reskilled(at=after(1), seat=SEAT, agent=BEN, skills={"飞行": 0})
        assert _skills(p) == planned
        p >> Reskilled(at=after(2), seat=SEAT, agent=ANNA, skills={"飞行": 0})
        assert _skills(p) == (("飞行", 0),)
        p.call_in(at=3)
        p.none(OfferCall)
        p >> Reskilled(at=after(9), seat=SEAT, agent=ANNA, skills=None)
        p << Wish(OfferCall, seat=SEAT)
        assert _skills(p) == planned


def test_of_two_who_can_the_better_level_rings_though_it_was_free_later() -> None:
    """A supervisor puts somebody behind the others in a skill."""
    with Playbook().sign_in() as p:
        p.sign_in(OTHER, BEN, at=after(2))
        p >> Reskilled(at=after(3), seat=SEAT, agent=ANNA, skills={"通用": 1})
        p.call_in(at=4)
        p << Wish(OfferCall, seat=OTHER)


def _skills(p: Playbook) -> Skills:
    view = p.switch.seat(SEAT)
    assert view is not None
    return view.skills


def test_changed_skills_end_with_the_sitting() -> None:
    """The next who sits there takes what is planned."""
    with Playbook().sign_in() as p:
        planned = _skills(p)
        p >> Reskilled(at=after(1), seat=SEAT, agent=ANNA, skills={"飞行": 0})
        p >> AgentSignedOut(at=after(2), seat=SEAT)
        p.sign_in(at=after(3))
        assert _skills(p) == planned
