"""Moves told as stories: consult and three-way, and what may go wrong in each."""

from cti.call import CallState
from cti.effects import (
    CompleteDraft,
    HangUp,
    PopScreen,
)
from cti.happened import OfferOutcome
from cti.ids import ChannelId, MoveId
from cti.moveevents import PartyLost
from cti.movewishes import (
    ArmCaller,
    RingRecipient,
    SayNumber,
    SendTo,
    SetAside,
    ShowMove,
)
from queues.seat import AgentState
from tests.cti.moved import (
    EXPERT,
    M1,
    M2,
    TAX_OFFICE,
    Moves,
    consulting,
    joined,
    last,
    recipient,
    state,
)
from tests.cti.playbook import (
    CALL,
    CENTRE,
    CHANNEL,
    SEAT,
    Wish,
    after,
    hung_up,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What

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
            p << Wish(ShowMove, step=Step.RETURNED, was_answered=True)


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
