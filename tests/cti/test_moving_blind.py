"""Moves told as stories: to a colleague, blind and handed over, and what may go wrong."""

from dataclasses import replace

from cti.call import CallState
from cti.effects import (
    HangUp,
    OfferCall,
    PopScreen,
    WithdrawPop,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import CallId, ChannelId, MoveId
from cti.movewishes import (
    ArmCaller,
    RingRecipient,
    SendAway,
    SendTo,
    ShowMove,
)
from queues.seat import AgentState
from records.draft import order_id
from tests.cti.moved import (
    COLLEAGUE,
    EXPERT,
    GROUP,
    M1,
    M2,
    MOVE,
    MOVE_PLAN,
    TAX,
    TAX_OFFICE,
    THIRD,
    Moves,
    bridged,
    joined,
    last,
    recipient,
    state,
)
from tests.cti.playbook import (
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    NOON,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What

# --- a colleague at a seat of ours --------------------------------------------------------------


def test_a_colleague_gets_the_card_and_is_talking_from_its_answer_on() -> None:
    """Its ringing is none of the queue's, and its wrap-up is its own."""
    with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, COLLEAGUE) as p:
        p.aside(6) << Wish(PopScreen, seat=OTHER, move=MOVE, offer=M1)
        p << Wish(RingRecipient, seat=OTHER, number="", headers=())
        assert state(p, OTHER) is AgentState.OFFERED
        p.rings(M1, 7, OTHER).answers(M1, 8, OTHER)
        assert state(p, OTHER) is AgentState.TALKING
        p.presses(What.COMPLETE, 9) << Wish(SendTo, channel=CHANNEL, to="room")
        p.enters(9).gone(leg(SEAT), 9, SEAT)
        p.none(PopScreen)
        p.gone(leg(OTHER, 9), 15, OTHER)
        assert state(p, OTHER) is AgentState.WRAP_UP


def test_a_colleague_who_does_not_answer_is_away() -> None:
    """As with any ringing: missed is not ready, withdrawn is free again."""
    for outcome, then in (
        (OfferOutcome.MISSED, AgentState.NOT_READY),
        (OfferOutcome.CALLER_LEFT, AgentState.AVAILABLE),
    ):
        with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, COLLEAGUE) as p:
            p.aside(6).rings(M1, 7, OTHER).unanswered(M1, 20, outcome)
            p << Wish(WithdrawPop, seat=OTHER, offer=M1)
            assert state(p, OTHER) is then


def test_a_route_that_cannot_be_rung_is_passed_over() -> None:
    """An expert who is at a seat just now taken, and at a mobile, is rung at the mobile."""
    both = replace(COLLEAGUE, routes=(*COLLEAGUE.routes, *EXPERT.routes[:1]))
    plan = replace(MOVE_PLAN, targets={CENTRE: {both.id: both}})
    with Moves(plan).in_talk().asks(Kind.CONSULT, both).aside(6) as p:
        p << Wish(RingRecipient, seat=None, number="913900000002")


def test_a_group_is_tried_seat_by_seat() -> None:
    """Whoever of the skill is free; each once; none left is exhausted."""
    with Moves().sign_in(OTHER, BEN).sign_in(THIRD, BEN).in_talk() as p:
        p.asks(Kind.CONSULT, GROUP).aside(6) << Wish(RingRecipient, seat=OTHER)
        p.rings(M1, 7, OTHER).unanswered(M1, 20) << Wish(RingRecipient, seat=THIRD, leg=M2)
        p.unanswered(M2, 40) << Wish(ShowMove, step=Step.RETURNED)


def test_a_group_that_is_busy_by_the_time_it_is_rung_is_exhausted() -> None:
    """Between the key and the room its last free seat was taken."""
    with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, GROUP) as p:
        p.call_in(CallId("node1-1.9"), ChannelId("PJSIP/trunk-00000009"), 5.5)
        p.aside(6).none(RingRecipient)
        p << Wish(SendTo, to="room") << Wish(ShowMove, step=Step.RETURNED)


# --- blind and hand-over ------------------------------------------------------------------------


def test_blind_lets_the_agent_go_and_the_dialplan_dial() -> None:
    """Brain or none: the caller's own dialplan rings the recipient. The agent wraps up at once."""
    with Moves().in_talk().asks(Kind.HAND_OVER, TAX_OFFICE) as p:
        p << Wish(
            SendAway,
            seat_channel=leg(SEAT),
            leg=M1,
            peer=TAX,
            number="12366",
            headers=(
                ("X-Hotline-Call", CALL),
                ("X-Hotline-Path", "chifeng"),
                ("X-Hotline-Reason", "hand-over/8337772"),
                ("X-Hotline-Order", order_id(CALL, NOON)),
            ),
        )
        p.away(M1, 6) << Wish(ShowMove, step=Step.PASSING)
        assert state(p) is AgentState.WRAP_UP
        assert p.switch.call_state(CALL) is CallState.HELD
        channel = ChannelId("PJSIP/peer-tax-00000009")
        p.tell(
            bridged(channel, 9),
            bridged(CHANNEL, 9),
        )
        p << Wish(ShowMove, step=Step.COMPLETED)
        assert p.switch.call_state(CALL) is CallState.TALKING
        p.not_away(M1, 20, OfferOutcome.ANSWERED).gone(channel, 20).gone(CHANNEL, 21)
        assert [(t.leg, t.target) for t in last(p).talks][1:] == [(M1, TAX_OFFICE.id)]
        assert [(o.peer, o.outcome) for o in last(p).offers][1:] == [(TAX, "answered")]


def test_blind_tries_the_next_route_and_then_the_queue() -> None:
    """Unanswered, the caller holds a moment; the last route's failure puts it at the head."""
    with Moves().in_talk().asks(Kind.BLIND, EXPERT).away(M1, 6) as p:
        p.not_away(M1, 20) << Wish(SendAway, seat_channel=None, leg=M2)
        p.held(20).none(SendTo)
        p.not_away(M2, 40) << Wish(SendTo, channel=CHANNEL, to="wait")
        p << Wish(ShowMove, step=Step.RETURNED, why="missed")
        p.held(40).none(SendTo)
        p.tick(after(40))
        p >> waiting(at=40)
        assert p.switch.waiting == [CALL]
        assert state(p) is AgentState.AVAILABLE, "it may have gone there by itself just before"
        p.tick(after(41))
        assert state(p) is AgentState.OFFERED


def test_blind_to_a_colleague_rings_with_its_card() -> None:
    """And the seat is free again when the caller gives up."""
    with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.BLIND, COLLEAGUE) as p:
        p << Wish(PopScreen, seat=OTHER) << Wish(SendAway, seat=OTHER)
        p.away(M1, 6).gone(CHANNEL, 8) << Wish(WithdrawPop, seat=OTHER)
        assert state(p, OTHER) is AgentState.AVAILABLE
        assert [(o.seat, o.outcome) for o in last(p).offers][1:] == [(OTHER, "caller-left")]


def test_blind_to_a_group_is_the_queue_for_its_skill() -> None:
    """Nobody is rung in vain: the caller keeps its place and wants that skill first."""
    with Moves().in_talk().asks(Kind.BLIND, GROUP) as p:
        p << Wish(ArmCaller, to="hold") << Wish(HangUp, channel=leg(SEAT))
        p.gone(leg(SEAT), 6, SEAT).held(6) << Wish(SendTo, channel=CHANNEL, to="wait")
        p >> waiting(at=6)
        p << Wish(ShowMove, step=Step.RETURNED, why="queued")
        p.sign_in(THIRD, BEN)
        p.tick(after(8))
        assert state(p, THIRD) is AgentState.OFFERED


def test_blind_from_a_talk_that_had_just_ended_goes_on_from_hold() -> None:
    """The caller was armed for another move, and the agent hung up as the key was pressed."""
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.refused("SendAway", 5, Refusal.GONE).gone(leg(SEAT), 5, SEAT)
        p.held(5) << Wish(SendAway, seat_channel=None, leg=M1)
        p.held(5).none(SendAway)


def test_who_went_back_to_the_queue_before_it_was_sent_away_is_offered_to_nobody() -> None:
    """The order finds it there; only if that is refused it is put at its place again."""
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.sign_in(OTHER, BEN).gone(leg(SEAT), 5, SEAT).held(5) << Wish(SendAway, seat_channel=None)
        p >> waiting(at=5.1)
        p.none(OfferCall).none(ShowMove)
        p.leaves_for(M1, 5.2) << Wish(ShowMove, step=Step.PASSING)
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.sign_in(OTHER, BEN).gone(leg(SEAT), 5, SEAT).held(5)
        p >> waiting(at=5.1)
        p.refused("SendAway", 5.2) << Wish(SendTo, channel=CHANNEL, to="wait")
        p >> waiting(at=5.3)
        p.tick(after(5.4)) << Wish(OfferCall, seat=OTHER)


def test_blind_to_a_number_and_then_to_a_group_ends_in_its_queue() -> None:
    """From hold, where the first route's failure left the caller."""
    both = replace(TAX_OFFICE, routes=(*TAX_OFFICE.routes, *GROUP.routes))
    plan = replace(MOVE_PLAN, targets={CENTRE: {both.id: both}})
    with Moves(plan).in_talk().asks(Kind.BLIND, both).away(M1, 6) as p:
        p.not_away(M1, 20) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.none(SendAway)


def test_somebody_else_in_the_talk_does_not_complete_a_blind_move() -> None:
    """As a supervisor who barges in while the order is under way."""
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.tell(replace(bridged(leg(THIRD, 12), 5, THIRD), bridge="b1")).none(ShowMove)


def test_blind_from_the_room_lets_the_agent_go_when_the_caller_has_left() -> None:
    """A redirect that is refused must leave both together."""
    with Moves() as p:
        joined(p).presses(What.CANCEL, 10).gone(recipient(M1), 10)
        p.asks(Kind.BLIND, TAX_OFFICE, 11, move=MoveId("move-2"))
        p << Wish(SendAway, seat_channel=None, leg=M2)
        p.none(HangUp)
        p.tell(*p._leaves(CHANNEL, 12))  # noqa: SLF001  # the verb's own step
        p.leaves_for(M2, 12) << Wish(HangUp, channel=leg(SEAT))
