"""What follows from a change at a seat, and what a profile's change does to both."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import CompleteDraft, OfferCall, RemoveMember, SetMember, WithdrawPop
from cti.events import (
    AgentSignedOut,
    CallFellBack,
    ClockSet,
    LegBridged,
    LinkLost,
    MemberUnknown,
    OfferStarted,
    OrderRefused,
    SnapshotTaken,
)
from cti.happened import Refusal
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
    WRAP_UP,
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


def test_an_order_to_the_fall_back_queue_of_unknown_fate_is_given_again() -> None:
    """A second later, once, and as the seat is by then; a refused one after ten seconds."""
    with Playbook().sign_in() as p:
        p >> MemberUnknown(at=after(1), seat=SEAT, why=Refusal.TIMED_OUT)
        p.none(SetMember)
        p.tick(after(1.9)).none(SetMember)
        p.tick(after(2)) << Wish(SetMember, centre=CENTRE, seat=SEAT, agent=ANNA, is_paused=False)
        p.tick(after(60)).none(SetMember)
        p >> MemberUnknown(at=after(60), seat=SEAT, why=Refusal.OTHER)
        p.tick(after(69)).none(SetMember)
        p.tick(after(70)) << Wish(SetMember, seat=SEAT, agent=ANNA, is_paused=False)


def test_a_removal_of_unknown_fate_is_given_again() -> None:
    """Else Asterisk would ring an empty chair as soon as the brain is away."""
    with Playbook().sign_in() as p:
        p >> AgentSignedOut(at=after(1), seat=SEAT)
        p << Wish(RemoveMember, centre=CENTRE, seat=SEAT)
        p >> MemberUnknown(at=after(6), seat=SEAT, why=Refusal.TIMED_OUT)
        p.tick(after(7)) << Wish(RemoveMember, centre=CENTRE, seat=SEAT)
        p.tick(after(60)).none(RemoveMember)


def test_the_fate_of_an_order_about_a_seat_that_is_gone_is_nobodys() -> None:
    """The profile changed meanwhile: nothing is ordered for a seat nobody has."""
    with Playbook() as p:
        p >> MemberUnknown(at=after(1), seat=SeatId("chifeng-1999"), why=Refusal.TIMED_OUT)
        p.tick(after(60)).none(SetMember).none(RemoveMember)
        p >> MemberUnknown(at=after(60), seat=OTHER, why=Refusal.TIMED_OUT)
        p.switch.replan(replace(PLAN, seats={}), after(60))
        p.tick(after(70)).none(SetMember).none(RemoveMember)


def test_a_wrap_up_lasts_as_long_when_the_clock_is_set() -> None:
    """Set back by an hour with ten seconds to go: free in ten seconds, not in an hour."""
    hour = timedelta(hours=1)
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 10, SEAT) >> hung_up(CHANNEL, 10)
        over = after(10) + WRAP_UP
        p >> LinkLost(at=after(30)) >> ClockSet(at=after(30) - hour, by=-hour)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (after(10) - hour, over - hour) == (view.since, view.until)
        p >> SnapshotTaken(at=after(31) - hour)
        p.tick(over - hour - timedelta(seconds=0.1))
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP
        p.tick(over - hour)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.AVAILABLE


def test_a_caller_refused_a_moment_ago_is_offered_again_whatever_the_clock_says() -> None:
    """The pause between two orders is 50 ms, also when the clock is set back meanwhile."""
    hour = timedelta(hours=1)
    with Playbook().sign_in().call_in() as p:
        p >> OrderRefused(at=after(1), call=CALL, offer=FIRST, why=Refusal.NOT_UP)
        p.none(OfferCall)
        p >> ClockSet(at=after(1) - hour, by=-hour)
        p.none(OfferCall)
        p.tick(after(1.1) - hour) << Wish(OfferCall, call=CALL, seat=SEAT)
