"""Legs: what belongs to a call, and what does not end it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.call import CallState
from cti.effects import AdoptCaller, CompleteDraft, WriteCall
from cti.events import CallFellBack, LegBridged, LegStarted, LegUnbridged, SnapshotTaken
from cti.happened import OfferOutcome
from cti.ids import ChannelId, LegId, SeatId
from cti.moveevents import AwayEnded
from cti.picture import ADOPT_AFTER, LEGS_END_WITHIN
from queues.seat import AgentState
from tests.cti.looked import MEMBERS, agent, caller, expert
from tests.cti.moved import EXPERT, M1, ROOM, TAX_OFFICE, Moves, bridged, recipient
from tests.cti.playbook import (
    CALL,
    CENTRE,
    CHANNEL,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
)
from transfer.step import Kind


def test_leaving_a_bridge_ends_the_talk_once() -> None:
    """A leave told late, of a bridge the leg is no longer in, changes nothing."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LegBridged(at=after(5), call=CALL, channel=CHANNEL, seat=None, bridge="b2")
        assert p.switch.call_state(CALL) is CallState.LEAVING
        p >> LegBridged(at=after(5), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b2")
        assert p.switch.call_state(CALL) is CallState.TALKING
        p >> LegUnbridged(at=after(6), call=CALL, channel=CHANNEL, seat=None, bridge="b1")
        assert p.switch.call_state(CALL) is CallState.TALKING
        p >> LegUnbridged(at=after(7), call=CALL, channel=CHANNEL, seat=None, bridge="b2")
        assert p.switch.call_state(CALL) is CallState.LEAVING


def test_another_leg_that_ends_leaves_the_talk_alone() -> None:
    """A second phone that rang for the call goes; caller and seat talk on."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LegStarted(at=after(3), call=CALL, channel=leg(OTHER, 9), seat=OTHER)
        p >> hung_up(leg(OTHER, 9), 4, OTHER)
        assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_talk_with_a_seat_the_profile_does_not_name_is_still_a_talk() -> None:
    """A seat taken out of the profile talks to the end; nobody knows who sits there."""
    stranger = SeatId("chifeng-1999")
    with Playbook().call_in().talk(stranger) as p:
        assert p.switch.call_state(CALL) is CallState.TALKING
        p >> hung_up(leg(stranger), 20, stranger) >> hung_up(CHANNEL, 21)
        p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
        record = [effect.record for effect in p.all if isinstance(effect, WriteCall)][-1]
        assert [(talk.seat, talk.agent) for talk in record.talks] == [(stranger, "")]


def test_a_leg_that_never_ends_is_not_waited_for() -> None:
    """The caller is gone; ten seconds later the call is over, its seat free of it."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(CHANNEL, 30)
        p.none(CompleteDraft)
        p.tick(after(30) + LEGS_END_WITHIN)
        p << Wish(CompleteDraft, call=CALL)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP


def test_a_queue_that_gives_a_seat_up_lets_us_have_the_caller() -> None:
    """In the fall-back queue a phone rang in vain: three seconds alone, and the caller is ours."""
    with Playbook().call_in() as p:
        p >> CallFellBack(at=after(5), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(0))
        p >> LegStarted(at=after(6), call=CALL, channel=leg(SEAT), seat=SEAT)
        p.tick(after(5) + ADOPT_AFTER)
        p.none(AdoptCaller)
        p >> hung_up(leg(SEAT), 20, SEAT)
        p.tick(after(20) + ADOPT_AFTER - timedelta(milliseconds=1))
        p.none(AdoptCaller)
        p.tick(after(20) + ADOPT_AFTER)
        p << Wish(AdoptCaller, call=CALL, channel=ChannelId(CHANNEL))


def looked_at(p: Moves, at: float, *, with_seat: bool) -> Moves:
    """Asterisk is looked at, and the recipient is in the room with the caller."""
    bridge = ROOM if with_seat else ""
    return p.tell(
        SnapshotTaken(
            at=after(at),
            channels=(caller("room", bridge=ROOM), agent(bridge=bridge), expert()),
            members=MEMBERS,
        )
    )


@pytest.mark.parametrize("with_seat", [True, False])
@pytest.mark.parametrize("took", [-0.01, 0.4])
def test_what_a_look_has_shown_is_not_ended_by_what_was_before_it(
    with_seat: bool, took: float
) -> None:
    """All are seen in the room, and then it is told how they came there: that the plain talk has
    ended says nothing of the recipient's, who enters the room where the caller is talks, and each
    talk has begun when somebody came, however long the look took.
    """
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 7).answers(M1, 8) as p:
        looked_at(p, 9 + took, with_seat=with_seat).aside(9, to="room")
        assert p.switch.call_state(CALL) is CallState.TALKING
        p.gone(recipient(M1), 20).gone(leg(SEAT), 25, SEAT).gone(CHANNEL, 25)
        written = [one.record for one in p.all if isinstance(one, WriteCall)][-1]
        first, expert_s, last = written.talks
        assert (first.seat, first.since) == (SEAT, after(1))
        assert first.until == after(9 if with_seat else 9 + took)
        begun = after(min(9, 9 + took))
        assert (expert_s.leg, expert_s.since, expert_s.until) == (M1, begun, after(20))
        assert (last.seat, last.since, last.until) == (SEAT, after(9), after(25))


def test_the_end_of_a_talk_elsewhere_ends_no_other() -> None:
    """A caller's dialplan tells late that whom it had dialled is gone: it is in the room by now."""
    is_over = AwayEnded(at=after(8), call=CALL, leg=M1, outcome=OfferOutcome.ANSWERED)
    with Moves() as p:
        p.in_talk().asks(Kind.BLIND, TAX_OFFICE).away(M1, 6)
        p.tell(bridged(recipient(M1), 7), bridged(CHANNEL, 7))
        p.tell(replace(is_over, leg=LegId("another")))
        assert p.switch.call_state(CALL) is CallState.TALKING
        p.tell(is_over)
        assert p.switch.call_state(CALL) is CallState.LEAVING
