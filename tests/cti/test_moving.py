"""Moves told as stories: consult, three-way, blind and hand-over, and what may go wrong in each."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import (
    CompleteDraft,
    HangUp,
    OfferCall,
    PopScreen,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
    WriteJournal,
)
from cti.events import CallFellBack, ClockSet, LinkLost, OrderRefused, SeatLost, SnapshotTaken
from cti.happened import OfferOutcome, Refusal
from cti.ids import CallId, ChannelId, MoveId
from cti.moveevents import CallerHeld, PartyLost, RoomEntered
from cti.movewishes import (
    ArmCaller,
    RingRecipient,
    SayNumber,
    SendAway,
    SendTo,
    SetAside,
    SetMove,
    ShowMove,
)
from queues.seat import AgentState
from records.callrecord import CallRecord
from records.draft import order_id
from tests.cti.moved import (
    COLLEAGUE,
    EXPERT,
    GROUP,
    M1,
    M2,
    MOVE,
    MOVE_PLAN,
    POLICE,
    TAX,
    TAX_OFFICE,
    THIRD,
    Moves,
    bridged,
    recipient,
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
    hung_up,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What


def state(p: Moves, seat: str = SEAT) -> AgentState:
    view = next(view for view in p.switch.seats() if view.seat == seat)
    return view.state


def last(p: Moves) -> CallRecord:
    return next(one.record for one in reversed(p.all) if isinstance(one, WriteCall))


def consulting(p: Moves) -> Moves:
    """Anna talks with the expert, the caller holds."""
    return p.in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7).answers(M1, 8)


def joined(p: Moves) -> Moves:
    """All three are in the room."""
    return consulting(p).presses(What.JOIN, 9).enters(9)


# --- consult ------------------------------------------------------------------------------------


def test_consult_puts_the_caller_aside_first_and_rings_then() -> None:
    """Nobody rings before initiator and caller are where the one order was to put them."""
    with Moves().in_talk() as p:
        p.asks(Kind.CONSULT, EXPERT)
        p << Wish(SetAside, channel=CHANNEL, seat_channel=leg(SEAT), to="hold")
        p << Wish(ShowMove, step=Step.SETTING_ASIDE, seat=SEAT, name="社保")
        p.none(RingRecipient)
        p.aside(6) << Wish(RingRecipient, leg=M1, seat=None, peer=None, number="913900000002")
        p << Wish(ShowMove, step=Step.RINGING)
        assert p.switch.call_state(CALL) is CallState.HELD
        assert state(p) is AgentState.TALKING, "while the caller holds, too"


def test_consult_then_three_then_the_agent_leaves() -> None:
    """Speak in private, join, leave: the agent's wrap-up begins as its leg ends, not before."""
    with Moves() as p:
        consulting(p) << Wish(ShowMove, step=Step.CONSULTING)
        p.presses(What.JOIN, 9) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.JOINED)
        p.enters(9)
        assert p.switch.call_state(CALL) is CallState.TALKING
        p.presses(What.COMPLETE, 12) << Wish(HangUp, channel=leg(SEAT))
        p << Wish(ShowMove, step=Step.COMPLETED)
        assert state(p) is AgentState.TALKING
        p.gone(leg(SEAT), 12, SEAT)
        assert state(p) is AgentState.WRAP_UP
        p.gone(recipient(M1), 20).gone(CHANNEL, 21) << Wish(CompleteDraft)
        talks = [(t.seat, t.leg, t.target) for t in last(p).talks]
        assert talks == [(SEAT, "", ""), ("", M1, EXPERT.id), (SEAT, "", "")]
        offers = [(o.seat, o.leg, o.outcome) for o in last(p).offers]
        assert offers == [(SEAT, "", "answered"), ("", M1, "answered")]
        assert sum(isinstance(one, CompleteDraft) for one in p.all) == 1


def test_a_caller_who_comes_into_the_consult_by_itself_is_joined() -> None:
    """Its dialplan heard nothing of us for a while: the desk must not call private what is not."""
    with Moves() as p:
        consulting(p).enters(9) << Wish(ShowMove, step=Step.JOINED)
        p.presses(What.PART, 10) << Wish(SendTo, channel=CHANNEL, to="hold")
        p << Wish(ShowMove, step=Step.CONSULTING)


def test_a_caller_who_comes_to_the_agent_while_it_rings_is_not_lost_with_the_agent() -> None:
    """It is armed to hold for whoever rings; all three are joined by the answer, and disarmed."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.enters(8) << Wish(ArmCaller, channel=CHANNEL, to="hold")
        p.answers(M1, 9) << Wish(ArmCaller, channel=CHANNEL, to="")
        p << Wish(ShowMove, step=Step.JOINED)
    with Moves().in_talk().asks(Kind.CONSULT, TAX_OFFICE).aside(6).rings(M1, 7) as p:
        p.enters(8).unanswered(M1, 9) << Wish(ArmCaller, channel=CHANNEL, to="")
        p.none(SendTo)


def test_a_caller_on_its_way_out_of_the_room_does_not_join_the_consult() -> None:
    """What it says of the room was before it was ordered to hold; answers come as they do."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9).presses(What.PART, 9)
        p.enters(9).none(ShowMove)
        p.held(9).none(SendTo)


def test_nobody_is_left_on_hold_who_is_believed_to_be_joined() -> None:
    """However it came there, it is brought to the others."""
    with Moves() as p:
        joined(p).held(11) << Wish(SendTo, channel=CHANNEL, to="room")


def test_the_agent_who_hangs_up_in_a_consult_has_completed_it() -> None:
    """The caller comes from hold to the recipient."""
    with Moves() as p:
        consulting(p).gone(leg(SEAT), 9, SEAT) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.COMPLETED)


def test_the_agent_whose_phone_vanishes_in_a_consult_is_away() -> None:
    """The recipient has the caller; the seat is not ready, and wraps nothing up."""
    with Moves() as p:
        consulting(p).tell(PartyLost(at=after(9), call=CALL, channel=leg(SEAT)))
        p.gone(leg(SEAT), 9, SEAT) << Wish(SendTo, to="room")
        assert state(p) is AgentState.NOT_READY


def test_whom_we_let_go_has_not_vanished() -> None:
    """Asterisk names nobody for a leg that we hung up, nor for one that goes with its caller."""
    with Moves() as p:
        joined(p).presses(What.COMPLETE, 10)
        p.tell(PartyLost(at=after(10), call=CALL, channel=leg(SEAT))).gone(leg(SEAT), 10, SEAT)
        assert state(p) is AgentState.WRAP_UP
    with Moves() as p:
        joined(p).tell(PartyLost(at=after(10), call=CALL, channel=leg(SEAT)))
        p.gone(CHANNEL, 10)
        p.tell(PartyLost(at=after(10), call=CALL, channel=recipient(M1)))
        p.gone(leg(SEAT), 10, SEAT)
        assert state(p) is AgentState.WRAP_UP


def test_a_recipient_who_hangs_up_leaves_the_caller_to_the_agent() -> None:
    """Deliberately or not, the caller comes back to whoever is there."""
    for is_lost in (False, True):
        with Moves() as p:
            consulting(p)
            if is_lost:
                p.tell(PartyLost(at=after(9), call=CALL, channel=recipient(M1)))
            p.gone(recipient(M1), 9) << Wish(SendTo, channel=CHANNEL, to="room")
            p << Wish(ShowMove, step=Step.RETURNED)


def test_a_cancelled_consult_brings_the_caller_back() -> None:
    """The recipient is stopped, ringing or talking."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.presses(What.CANCEL, 8) << Wish(HangUp, channel=recipient(M1))
        p << Wish(SendTo, channel=CHANNEL, to="room") << Wish(ShowMove, step=Step.RETURNED)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:  # its leg has not come yet
        p.presses(What.CANCEL, 8) << Wish(HangUp, channel=ChannelId(M1))


def test_a_busy_phone_is_told_from_one_that_is_not_there() -> None:
    """Asterisk says the same of both; while the leg stands, its own end is waited for."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.unanswered(M1, 8, OfferOutcome.UNREACHABLE).none(RingRecipient)
        p >> hung_up(recipient(M1), 8, cause=17) << Wish(RingRecipient, leg=M2)
        p.unanswered(M2, 9, OfferOutcome.UNREACHABLE) << Wish(ShowMove, step=Step.RETURNED)
        (standing,) = p.switch.standing(CENTRE)
        assert [one.outcome for one in standing.record.offers if one.leg] == ["rejected"]


def test_the_next_route_is_tried_and_then_the_caller_comes_back() -> None:
    """Each route has a leg of its own; the last one's failure ends it, and the desk is told why."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.unanswered(M1, 20) << Wish(RingRecipient, leg=M2, number="913900000003")
        p.unanswered(M1, 20).none(RingRecipient)  # told twice, it is once
        p.unanswered(M2, 40, OfferOutcome.REJECTED) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.RETURNED, why="rejected", number="")


def test_a_leg_that_ends_as_it_rings_is_unanswered() -> None:
    """Its cause says how; what the order's own answer says later changes nothing."""
    causes = {17: "rejected", 19: "missed", 16: "caller-left", 38: "unreachable"}
    for cause, outcome in causes.items():
        with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
            p.tell(hung_up(recipient(M1), 20, cause=cause)) << Wish(RingRecipient, leg=M2)
            p.unanswered(M1, 20, OfferOutcome.UNREACHABLE).none(RingRecipient)
            p.gone(CHANNEL, 30)
            p.gone(leg(SEAT), 30, SEAT)
            assert [one.outcome for one in last(p).offers if one.leg] == [outcome]


def test_an_agent_may_leave_while_it_rings() -> None:
    """Whoever answers has the caller, who holds; nobody answers, it waits at the queue's head."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.presses(What.COMPLETE, 8) << Wish(HangUp, channel=leg(SEAT))
        p.gone(leg(SEAT), 8, SEAT)
        p.answers(M1, 10) << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.COMPLETED)
    with Moves().in_talk().asks(Kind.CONSULT, TAX_OFFICE).aside(6).rings(M1, 7) as p:
        p.gone(leg(SEAT), 8, SEAT) << Wish(ShowMove, step=Step.PASSING)
        p.unanswered(M1, 10) << Wish(SendTo, channel=CHANNEL, to="wait")
        p << Wish(ShowMove, step=Step.RETURNED, number="12366")
        p.none(SayNumber)
        p >> waiting(at=11)
        p << Wish(SayNumber, number="12366")
        assert p.switch.waiting == [CALL]


def test_swapping_arms_the_caller_for_the_agents_going() -> None:
    """With initiator and caller alone in the room, the dialplan must know that somebody holds."""
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9) << Wish(SendTo, channel=recipient(M1), to="hold")
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p.none(ArmCaller)  # whoever enters the room is armed for nothing
        p.enters(9) << Wish(ArmCaller, to="hold")
        p.presses(What.SWAP, 10) << Wish(SendTo, channel=CHANNEL, to="hold")
        p << Wish(ArmCaller, to="") << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p.held(10).enters(10, recipient(M1))
        p.presses(What.SWAP, 11)
        p.enters(11)
        p.gone(leg(SEAT), 12, SEAT) << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p << Wish(ShowMove, step=Step.COMPLETED)
        p.held(12) << Wish(SendTo, channel=CHANNEL, to="room")


def test_from_swapped_all_three_can_join() -> None:
    """The caller is disarmed when the recipient is there: now somebody stays if the other goes."""
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9).enters(9)
        p.presses(What.JOIN, 10) << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p.none(ArmCaller)
        p.enters(10, recipient(M1)) << Wish(ArmCaller, to="")


def swapped_and_completed(p: Moves) -> Moves:
    """The expert holds, and the agent leaves the caller to it."""
    consulting(p).presses(What.SWAP, 9).enters(9).tell(*p._leaves(recipient(M1), 9))  # noqa: SLF001  # the verb's own step
    p.presses(What.COMPLETE, 10) << Wish(SendTo, channel=recipient(M1), to="seat-room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    return p.none(HangUp)


def test_from_swapped_the_agent_leaves_when_the_recipient_has_come() -> None:
    """Else the room would be taken down with the agent, and who comes in just then hears nobody."""
    with Moves() as p:
        swapped_and_completed(p).enters(10.1, recipient(M1)) << Wish(HangUp, channel=leg(SEAT))
        p.tick(after(20)).none(HangUp)


def test_a_join_twice_is_one_order() -> None:
    """What is already on its way is not ordered again."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9) << Wish(SendTo, to="room")
        p.presses(What.PART, 9) << Wish(SendTo, to="hold")
        p.presses(What.JOIN, 9) << Wish(SendTo, to="room")
        p.presses(What.CANCEL, 9).none(SendTo)


# --- three-way ----------------------------------------------------------------------------------


def test_three_way_leaves_the_talk_alone_until_somebody_answers() -> None:
    """Then the seat is moved to the room, and the caller follows by its own dialplan."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT) as p:
        p << Wish(ArmCaller, to="hold") << Wish(RingRecipient, leg=M1)
        p.none(SetAside)
        assert p.switch.call_state(CALL) is CallState.TALKING
        p.rings(M1, 6).answers(M1, 7) << Wish(SetAside, seat_channel=leg(SEAT), to="room")
        p << Wish(ShowMove, step=Step.JOINING)
        p.aside(7, to="room") << Wish(ShowMove, step=Step.JOINED)
        assert state(p) is AgentState.TALKING
        p.none(PopScreen)


def test_three_way_that_nobody_answers_ends_where_it_began() -> None:
    """The talk goes on, and the caller's way out is the usual one again."""
    with Moves().in_talk().asks(Kind.THREE_WAY, TAX_OFFICE).rings(M1, 6) as p:
        p.unanswered(M1, 20) << Wish(ArmCaller, to="")
        p << Wish(ShowMove, step=Step.RETURNED, number="12366", why="missed")
        p.none(SayNumber)


def test_the_agent_who_hangs_up_as_it_rings_has_passed_the_caller_on() -> None:
    """The caller was armed: its dialplan takes it to hold, and whoever answers has it."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6) as p:
        p.gone(leg(SEAT), 7, SEAT) << Wish(ShowMove, step=Step.PASSING)
        assert state(p) is AgentState.WRAP_UP
        p.held(7).answers(M1, 8) << Wish(SendTo, channel=CHANNEL, to="room")


def test_a_second_move_begins_in_the_room() -> None:
    """Whoever was in the room stays there: nothing is gathered, and the caller alone is moved."""
    with Moves() as p:
        joined(p).presses(What.CANCEL, 10) << Wish(HangUp, channel=recipient(M1))
        p.gone(recipient(M1), 10)
        p.asks(Kind.THREE_WAY, EXPERT, 11, move=MoveId("move-2")) << Wish(RingRecipient, leg=M2)
        p.rings(M2, 12).answers(M2, 13) << Wish(ArmCaller, to="")
        p << Wish(ShowMove, step=Step.JOINED)
        p.none(SetAside)
        p.presses(What.CANCEL, 14, move=MoveId("move-2")).gone(recipient(M2), 14)
        p.asks(Kind.CONSULT, EXPERT, 15, move=MoveId("move-3"))
        p << Wish(SendTo, channel=CHANNEL, to="hold")
        p.none(SetAside)


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


# --- whoever is left ----------------------------------------------------------------------------


def test_the_callers_hanging_up_ends_every_leg() -> None:
    """Ringing, talking, in a step or after the move: nobody is left in a room."""
    with Moves() as p:
        consulting(p).gone(CHANNEL, 9) << Wish(HangUp, channel=recipient(M1))
        p << Wish(HangUp, channel=leg(SEAT)) << Wish(ShowMove, step=Step.ABANDONED)
        p.none(CompleteDraft)
        p.gone(leg(SEAT), 9, SEAT).gone(recipient(M1), 9) << Wish(CompleteDraft)
    with Moves() as p:
        joined(p).gone(CHANNEL, 11).none(HangUp)  # its dialplan takes them with it
        p << Wish(ShowMove, step=Step.ABANDONED)
        p.tick(after(12)) << Wish(HangUp, channel=leg(SEAT))
        p << Wish(HangUp, channel=recipient(M1))
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:  # nobody rings as yet
        p.gone(CHANNEL, 6) << Wish(ShowMove, step=Step.ABANDONED)
        p.none(HangUp)
    with Moves() as p:  # the recipient holds, and the caller was alone with the agent
        consulting(p).presses(What.SWAP, 9).enters(9)
        p.gone(CHANNEL, 10) << Wish(HangUp, channel=recipient(M1))
        p.none(HangUp, channel=leg(SEAT))


def test_a_recipient_who_answers_too_late_is_let_go() -> None:
    """The stop and the answer passed each other by; or there was nobody to stop as yet."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.presses(What.CANCEL, 8) << Wish(HangUp, channel=recipient(M1))
        p.answers(M1, 8).none(HangUp)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.presses(What.CANCEL, 7) << Wish(HangUp, channel=ChannelId(M1))
        p.rings(M1, 7) << Wish(HangUp, channel=recipient(M1))
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.presses(What.CANCEL, 7)
        p.answers(M1, 8) << Wish(HangUp, channel=recipient(M1))


def test_a_caller_on_hold_without_a_move_is_fetched() -> None:
    """To whoever is in the room, else to the queue."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6) as p:
        p.presses(What.CANCEL, 7).gone(leg(SEAT), 7, SEAT)
        p.held(7) << Wish(SendTo, channel=CHANNEL, to="wait")
    with Moves() as p:
        joined(p).presses(What.CANCEL, 10).gone(recipient(M1), 10)
        p.held(11) << Wish(SendTo, channel=CHANNEL, to="room")


def test_a_caller_who_fell_back_to_the_queue_ends_the_move() -> None:
    """Its own dialplan knew no better; whoever is left in the room is let go."""
    with Moves() as p:
        consulting(p) >> waiting(at=9)
        p << Wish(HangUp, channel=recipient(M1)) << Wish(ShowMove, step=Step.RETURNED)
        p << Wish(HangUp, channel=leg(SEAT))
        assert p.switch.waiting == [CALL]


def test_a_caller_who_fell_back_while_somebody_rings_is_still_fetched() -> None:
    """Asterisk's own queue has it for a moment; whoever answers gets it from there."""
    with Moves().call_in().asks(Kind.EMERGENCY, POLICE) as p:
        p >> CallFellBack(at=after(6), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(0))
        p.rings(M1, 6).answers(M1, 7) << Wish(SendTo, channel=CHANNEL, to="room")
    with Moves() as p:
        consulting(p) >> CallFellBack(
            at=after(9), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(0)
        )
        p << Wish(ShowMove, step=Step.RETURNED)
        assert p.switch.call_state(CALL) is CallState.FALLEN_BACK


def test_a_lost_recipient_after_the_move_sends_the_caller_to_the_queue() -> None:
    """Not the agent's fault, whose wrap-up goes on."""
    with Moves() as p:
        joined(p).presses(What.COMPLETE, 10).gone(leg(SEAT), 10, SEAT)
        p.tell(PartyLost(at=after(12), call=CALL, channel=recipient(M1)))
        p.gone(recipient(M1), 12).tell(SeatLost(at=after(12), call=CALL))
        p >> waiting(at=12)
        assert p.switch.waiting == [CALL]
        assert state(p) is AgentState.WRAP_UP


# --- orders and deadlines -----------------------------------------------------------------------


def test_an_order_whose_channel_was_busy_is_given_again() -> None:
    """After 50 ms, and so often; then it counts as refused, and both talk on."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5, Refusal.NOT_UP).none(SetAside)
        p.tick(after(5.05)) << Wish(SetAside, to="hold")
        for _ in range(19):
            p.refused("SetAside", 5.1, Refusal.NOT_UP)
        p.none(ShowMove)
        p.refused("SetAside", 5.2, Refusal.NOT_UP) << Wish(ArmCaller, to="")
        p << Wish(ShowMove, step=Step.RETURNED, why="not-up")
        p.tick(after(5.4)).none(SetAside)


def test_a_refused_order_ends_what_it_began() -> None:
    """Both talk on, and the desk knows."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5.1) << Wish(ShowMove, step=Step.RETURNED, why="other")
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.refused("SetAside", 5.1).none(ShowMove)  # an older one
        p.refused("SendAway", 5.1) << Wish(ShowMove, step=Step.RETURNED)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.refused("RingRecipient", 6.1) << Wish(RingRecipient, leg=M2)


def test_an_order_to_a_channel_that_is_gone_waits_for_its_end() -> None:
    """Its end says the rest. One nobody answered may have been carried out: look."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5, Refusal.GONE).none(ShowMove)
        p.refused("SetAside", 5, Refusal.TIMED_OUT) << Wish(TakeSnapshot)
        p.refused("", 5).none(ShowMove)
        gone = CallId("node1-1.1")
        p >> OrderRefused(at=after(5), call=gone, offer=None, why=Refusal.GONE, order="SendTo")
        p.none(TakeSnapshot)


def test_whoever_was_sent_somewhere_and_refused_is_sent_again() -> None:
    """And looked for, if it does not arrive."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9).refused("SendTo", 9, Refusal.NOT_UP)
        p.tick(after(9.05)) << Wish(SendTo, channel=CHANNEL, to="room")
        p.none(TakeSnapshot)
        p.tick(after(11.1)) << Wish(TakeSnapshot)
        p.tick(after(13.2)) << Wish(TakeSnapshot)
        p.enters(14)
        p.tick(after(20)).none(TakeSnapshot)
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9)
        p.tell(
            OrderRefused(
                at=after(9),
                call=CALL,
                offer=None,
                why=Refusal.OTHER,
                order="SendTo",
                channel=recipient(M1),
            )
        )
        p.tick(after(9.06)) << Wish(SendTo, channel=recipient(M1), to="hold")
        p.none(SendTo, channel=CHANNEL)


def test_a_recipient_on_hold_is_known_by_its_leaving_the_room() -> None:
    """Its dialplan says no word of it. Was it not in the room's bridge, one look will tell."""
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9).enters(9)
        p.tell(*p._leaves(recipient(M1), 9))  # noqa: SLF001  # the verb's own step
        p.tick(after(20)).none(TakeSnapshot)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.tell(RoomEntered(at=after(8), call=CALL, channel=recipient(M1), seat=None, leg=M1))
        p.presses(What.SWAP, 9).enters(9)
        p.tick(after(11)) << Wish(TakeSnapshot)
        p.tick(after(20)).none(TakeSnapshot)


def test_a_step_that_comes_to_nothing_is_looked_at_and_then_given_up() -> None:
    """First a look at Asterisk; if that changes nothing, it has failed."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.tick(after(7)) << Wish(TakeSnapshot)
        p.tick(after(9)) << Wish(ShowMove, step=Step.RETURNED, why="timed-out")
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.tick(after(30.9)).none(TakeSnapshot)
        p.tick(after(31)) << Wish(TakeSnapshot)
        p.tick(after(33)) << Wish(HangUp, channel=recipient(M1)) << Wish(RingRecipient, leg=M2)
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.tick(after(7)) << Wish(TakeSnapshot)
        p.tick(after(9)) << Wish(ShowMove, step=Step.RETURNED, why="timed-out")


def test_without_a_link_no_deadline_orders_anything() -> None:
    """The next snapshot will say."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p >> LinkLost(at=after(6))
        p.refused("SetAside", 7).none(ShowMove)
        p.tick(after(20)).none(TakeSnapshot).none(ShowMove)


def test_a_clock_that_is_set_keeps_every_deadline_as_far_away() -> None:
    """Neither given up at once, nor an hour later."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9) >> ClockSet(at=after(3609), by=timedelta(hours=1))
        p.tick(after(3610)).none(TakeSnapshot)
        p.tick(after(3611)) << Wish(TakeSnapshot)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p >> ClockSet(at=after(3605), by=timedelta(hours=1))
        p.tick(after(3606)).none(TakeSnapshot)
        p.tick(after(3607)) << Wish(TakeSnapshot)


def test_a_call_that_ended_out_of_sight_ends_its_move() -> None:
    """Nobody's seat goes on ringing or talking for it, and desks know."""
    with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, COLLEAGUE).aside(6) as p:
        assert state(p, OTHER) is AgentState.OFFERED
        p.tell(LinkLost(at=after(7)), SnapshotTaken(at=after(30)))
        p << Wish(ShowMove, step=Step.ABANDONED)
        assert state(p, OTHER) is AgentState.AVAILABLE
        assert state(p) is AgentState.WRAP_UP


def test_a_move_of_a_call_nobody_knows_is_looked_at() -> None:
    """It came while we were away."""
    with Moves() as p:
        p >> CallerHeld(at=after(1), call=CALL)
        p << Wish(TakeSnapshot)


# --- what is told -------------------------------------------------------------------------------


def test_a_move_is_written_down_for_a_brain_that_comes_back() -> None:
    """On the caller's channel, at each step; how many legs were rung stays there after it."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        state_ = f"{MOVE}|consult/setting-aside/{SEAT}/anna|{EXPERT.id}|{SEAT}|0"
        p << Wish(SetMove, channel=CHANNEL, state=state_)
        p.aside(6).rings(M1, 7).answers(M1, 8).presses(What.CANCEL, 9) << Wish(
            SetMove, state="||||1"
        )


def test_the_journal_tells_a_move_from_its_key_to_its_end() -> None:
    """In words that the work order and the rebuilding of calls read."""
    with Moves() as p:
        joined(p).presses(What.COMPLETE, 10)
        lines = [(one.what, dict(one.data)) for one in p.all if isinstance(one, WriteJournal)]
        found = [(what, data) for what, data in lines if what.startswith("move-")]
        assert found == [
            (
                "move-begun",
                {
                    "move": MOVE,
                    "kind": "consult",
                    "target": EXPERT.id,
                    "name": "社保",
                    "target_kind": "expert",
                    "seat": SEAT,
                    "agent": "anna",
                    "number": "",
                },
            ),
            ("move-step", {"move": MOVE, "step": "setting-aside"}),
            ("move-rung", {"move": MOVE, "leg": M1, "target": EXPERT.id, "name": "社保"}),
            ("move-step", {"move": MOVE, "step": "ringing"}),
            ("move-step", {"move": MOVE, "step": "consulting"}),
            ("move-step", {"move": MOVE, "step": "joined"}),
            ("move-over", {"move": MOVE, "step": "completed", "why": ""}),
        ]


def test_the_room_may_be_told_before_the_end_of_the_talk() -> None:
    """Events of two channels pass each other by: the talk ends when it ends."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.tell(RoomEntered(at=after(7), call=CALL, channel=CHANNEL, seat=None))
        assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_party_that_nobody_announced_is_in_the_room_all_the_same() -> None:
    """As after a look at Asterisk that came too early for it."""
    with Moves() as p:
        consulting(p)
        stranger = leg(THIRD, 12)
        p.tell(RoomEntered(at=after(9), call=CALL, channel=stranger, seat=THIRD))
        p.gone(CHANNEL, 10) << Wish(HangUp, channel=stranger)
