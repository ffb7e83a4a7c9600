"""What agents and phones do, where the seat's own table does not say it."""

from cti.effects import ShowSeat
from cti.events import AgentSignedIn, AgentSignedOut, Phone, PhoneChanged, SeatLost
from queues.seat import AgentState
from tests.cti.playbook import ANNA, BEN, CALL, NOON, SEAT, Playbook, Wish, after, hung_up, leg


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
        p >> AgentSignedOut(at=after(5), seat=SEAT)
        p >> hung_up(leg(SEAT), 9, SEAT) >> SeatLost(at=after(9), call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.LOGGED_OUT
