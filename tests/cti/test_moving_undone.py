"""What is left of a move that was ended while those who talked were being gathered: nothing."""

import pytest

from cti.call import CallState
from cti.effects import HangUp
from cti.happened import Refusal
from cti.ids import MoveId
from cti.movewishes import ArmCaller, RingRecipient, SendTo, ShowMove
from queues.seat import AgentState
from tests.cti.moved import EXPERT, M1, M2, Moves, recipient
from tests.cti.playbook import CALL, CHANNEL, SEAT, Wish, after, leg
from transfer.step import Kind, Step, What


@pytest.mark.parametrize("why", [Refusal.NOT_UP, Refusal.OTHER, Refusal.GONE])
def test_gathering_that_is_refused_after_its_move_is_over_arms_nobody(why: Refusal) -> None:
    """Else the agent's next hang-up would take the caller to an empty room, not to its survey."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.presses(What.CANCEL, 7).none(ArmCaller) << Wish(ShowMove, step=Step.RETURNED)
        p.refused("SetAside", 7.1, why) << Wish(ArmCaller, channel=CHANNEL, to="")
        p.refused("SetAside", 7.2, why).none(ArmCaller)
        p.asks(Kind.THREE_WAY, EXPERT, 8, move=MoveId("move-2")) << Wish(ArmCaller, to="hold")
        p.refused("SetAside", 8.1, why).none(ArmCaller)  # that of the first, told late


def test_who_leaves_while_they_gather_goes_when_the_caller_has_come() -> None:
    """What gathers was refused, and the talk must not end before the caller is fetched from it."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.presses(What.COMPLETE, 7) << Wish(SendTo, channel=CHANNEL, to="room")
        p.none(HangUp).refused("SetAside", 7.1, Refusal.NOT_UP).none(HangUp)
        p.tell(*p._leaves(CHANNEL, 7.2))  # noqa: SLF001  # the verb's own step
        p.enters(7.2) << Wish(HangUp, channel=leg(SEAT))
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.presses(What.COMPLETE, 7).tick(after(9.1))
        p << Wish(ArmCaller, channel=CHANNEL, to="room") << Wish(HangUp, channel=leg(SEAT))


def test_who_rings_though_the_order_is_refused_is_who_was_meant() -> None:
    """A brain that died had ordered it under the same name: it is not left ringing for nobody."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6) as p:
        p.refused("RingRecipient", 6.1).none(RingRecipient).none(ShowMove)
        p.answers(M1, 7) << Wish(ShowMove, step=Step.JOINING)
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT) as p:
        p.refused("RingRecipient", 6.1) << Wish(RingRecipient, leg=M2)


def test_a_recipient_who_goes_while_they_gather_disarms_nobody() -> None:
    """The seat may have left its talk already: the caller must follow it into the room."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.gone(recipient(M1), 7).none(ArmCaller) << Wish(ShowMove, step=Step.RETURNED)
        p.aside(7.1, to="room").none(HangUp)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.TALKING
        p.tick(after(60)).none(HangUp)


def test_a_caller_who_is_dialled_for_by_no_move_is_left_where_it_is() -> None:
    """Its own dialplan went on after the move was given up: it knows what to do without us."""
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.refused("SendAway", 5.1) << Wish(ShowMove, step=Step.RETURNED)
        p.away(M1, 5.2).none(ShowMove)
        assert p.switch.waiting == []
        assert p.switch.call_state(CALL) is CallState.HELD
