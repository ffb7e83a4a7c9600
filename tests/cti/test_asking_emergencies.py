"""Emergencies that are asked for: nothing stands in their way, and none is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.call import CallState
from cti.effects import HangUp, PopScreen, WithdrawPop
from cti.events import (
    LegStarted,
    LinkLost,
    OfferStarted,
    SnapshotTaken,
)
from cti.ids import ChannelId, LegId, MoveId, OfferId, PeerId
from cti.movewishes import ArmCaller, RingRecipient, SayNumber, SendTo, SetAside, ShowMove
from queues.seat import AgentState
from tests.cti.moved import (
    EXPERT,
    M1,
    M2,
    POLICE,
    Moves,
    recipient,
    with_target,
)
from tests.cti.playbook import (
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
)
from transfer.step import Kind, Step, What

SECOND = MoveId("move-2")
HELD = ChannelId("PJSIP/peer-police-00000001")


# --- emergencies --------------------------------------------------------------------------------


def test_an_emergency_rings_while_the_agent_keeps_the_caller_talking() -> None:
    """No route rings longer than ten seconds; the next follows; then the number is read out."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE)
    p << Wish(RingRecipient, peer=PeerId("police"), number="110", ring=timedelta(seconds=10))
    p.rings(M1, 6).unanswered(M1, 16) << Wish(RingRecipient, leg=M2, number="904765552110")
    p.unanswered(M2, 26) << Wish(ArmCaller, to="")
    p << Wish(ShowMove, step=Step.RETURNED, number="110")
    p.none(SayNumber)


def test_an_emergency_is_three_way_until_the_other_side_has_it() -> None:
    """All three talk; the agent leaves when the police say that they have it."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room") << Wish(ShowMove, step=Step.JOINED)
    p.presses(What.COMPLETE, 20) << Wish(HangUp, channel=leg(SEAT))
    p << Wish(ShowMove, step=Step.COMPLETED)


def test_an_emergency_is_asked_for_a_caller_who_waits() -> None:
    """It keeps its place while 110 rings, and goes there from the queue."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE) << Wish(RingRecipient, leg=M1)
    p << Wish(ShowMove, step=Step.PASSING, seat=SEAT)
    assert p.switch.waiting == [CALL]
    p.rings(M1, 6).answers(M1, 7) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    assert p.switch.waiting == []
    assert p.switch.call_state(CALL) is CallState.HELD
    p.enters(7)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_waiting_caller_hears_the_number_when_nobody_answers() -> None:
    """It waits on, and no agent is with it."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE).unanswered(M1, 15).unanswered(M2, 25)
    p << Wish(SayNumber, channel=CHANNEL, number="110")
    p.none(SendTo)
    assert p.switch.waiting == [CALL]


def test_a_seat_that_rings_for_the_caller_is_let_go_when_110_answers() -> None:
    """Its phone stops by itself; it was not missed."""
    p = Moves().sign_in().call_in()
    p.tell(
        OfferStarted(at=after(1), call=CALL, offer=OfferId(f"{CALL}/1"), seat=SEAT),
        LegStarted(at=after(1), call=CALL, channel=leg(SEAT), seat=SEAT),
    )
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN).rings(M1, 6)
    p.answers(M1, 7) << Wish(WithdrawPop, seat=SEAT) << Wish(SendTo, to="room")
    p.gone(leg(SEAT), 7, SEAT)
    view = p.switch.seat(SEAT)
    assert view is not None
    assert view.state is AgentState.AVAILABLE


def test_a_seat_that_answers_while_110_rings_becomes_the_initiator() -> None:
    """From then on it is as if its agent had pressed the key."""
    p = Moves().sign_in().call_in().asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN)
    p.rings(M1, 6).talk(SEAT, 7)
    shown = [one for one in p.all if isinstance(one, ShowMove)]
    assert (shown[-1].seat, shown[-1].step) == (SEAT, Step.RINGING)
    p.answers(M1, 8) << Wish(SetAside, seat_channel=leg(SEAT), to="room")


def test_an_emergency_may_be_asked_by_whoever_sees_the_call() -> None:
    """The agent who has the caller is its initiator, whoever pressed."""
    p = Moves().sign_in(OTHER, BEN).in_talk()
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN) << Wish(ShowMove, seat=SEAT)
    p.presses(What.CANCEL, 6, seat=OTHER) << Wish(HangUp)


def test_an_emergency_ends_what_rings_or_consults() -> None:
    """The caller comes back first, and nobody who talks with it is sent away."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7)
    p.asks(Kind.EMERGENCY, POLICE, 8, move=SECOND) << Wish(HangUp, channel=recipient(M1))
    p << Wish(SendTo, channel=CHANNEL, to="room") << Wish(RingRecipient, leg=M2)
    p.enters(8).rings(M2, 9).answers(M2, 10) << Wish(ShowMove, move=SECOND, step=Step.JOINED)


def test_an_emergency_in_a_three_way_talk_makes_it_four() -> None:
    """The expert stays; the other move is over."""
    p = Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").asks(Kind.EMERGENCY, POLICE, 8, move=SECOND)
    p << Wish(ShowMove, step=Step.COMPLETED) << Wish(RingRecipient, leg=M2)
    p.none(HangUp)
    p.rings(M2, 9).answers(M2, 10) << Wish(ShowMove, move=SECOND, step=Step.JOINED)


def test_an_emergency_waits_while_the_caller_is_being_put_aside() -> None:
    """A few milliseconds: until that is done or refused. Asked twice, it waits once."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED, seat=SEAT)
    p.asks(Kind.EMERGENCY, POLICE, move=SECOND).none(ShowMove)
    p.aside(6).unanswered(M1, 6)  # the step changed twice before the clock rang
    p.tick(after(6)) << Wish(HangUp) << Wish(RingRecipient, number="110")
    p.none(ShowMove, why="already")
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.refused("SetAside", 6).tick(after(6)) << Wish(RingRecipient, number="110")
    p.tick(after(7)).none(ShowMove)


def test_an_emergency_is_undone_while_it_waits() -> None:
    """It never rings, not when the desk asks for it again either; the consult goes on.

    Others' keys and other keys do not undo it; without a link it can be undone, too.
    """
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.presses(What.CANCEL, 5, move=SECOND) << Wish(
        ShowMove, move=SECOND, step=Step.RETURNED, why="", number=""
    )
    p.none(HangUp).presses(What.CANCEL, 5, move=SECOND).none(ShowMove)
    p.asks(Kind.EMERGENCY, POLICE, move=SECOND).none(ShowMove)
    p.aside(6) << Wish(RingRecipient, leg=M1, number="913900000002")
    p.tick(after(7)).none(RingRecipient).none(HangUp)
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.presses(What.CANCEL, 5, seat=OTHER, move=SECOND).none(ShowMove)
    p.presses(What.JOIN, 5, move=SECOND).none(ShowMove)
    p >> LinkLost(at=after(5))
    p.presses(What.CANCEL, 5, move=SECOND) << Wish(ShowMove, move=SECOND, step=Step.RETURNED)


def test_who_has_the_caller_undoes_what_another_asked_for() -> None:
    """A supervisor pressed 110 while the agent was putting the caller aside."""
    p = Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, EXPERT)
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED, seat=SEAT)
    p.presses(What.CANCEL, 6, seat=SEAT, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED)


def test_the_end_of_the_call_is_the_end_of_what_waits() -> None:
    """The desk that pressed the key is told so: nothing of it stays."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.gone(CHANNEL, 6).tick(after(6))
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED, why="no-caller")
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p >> SnapshotTaken(at=after(6))
    p << Wish(ShowMove, move=SECOND, step=Step.ABANDONED)


def test_an_emergency_for_who_talks_with_a_recipient_leaves_them_together() -> None:
    """No agent is with the caller any more: armed while it rings, and left alone in vain."""
    p = Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").presses(What.COMPLETE, 8).gone(leg(SEAT), 8, SEAT)
    p.asks(Kind.EMERGENCY, POLICE, 9, move=SECOND) << Wish(ArmCaller, to="hold")
    p.rings(M2, 10).unanswered(M2, 15)
    p.unanswered(LegId(f"{CALL}-m3"), 25) << Wish(ArmCaller, to="")
    p << Wish(ShowMove, step=Step.RETURNED, number="110")
    p.none(SendTo)
    p.asks(Kind.EMERGENCY, POLICE, 30, move=MoveId("move-3"))
    p.gone(recipient(M1), 31).held(31)
    p.unanswered(LegId(f"{CALL}-m4"), 35).unanswered(LegId(f"{CALL}-m5"), 45)
    p << Wish(SendTo, channel=CHANNEL, to="wait")


def test_a_recipient_rung_for_a_caller_who_has_gone_is_let_go() -> None:
    """Asterisk had not begun to ring it when the caller hung up."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE).gone(CHANNEL, 6)
    p.rings(M1, 6) << Wish(HangUp, channel=recipient(M1))


@pytest.mark.parametrize("step", ["ringing", "joined"])
def test_the_same_emergency_is_not_asked_for_twice(step: str) -> None:
    """It is under way already: the desk is told so."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    if step == "joined":
        p.answers(M1, 7).aside(7, to="room")
    p.asks(Kind.EMERGENCY, POLICE, 8, move=SECOND)
    p << Wish(ShowMove, step=Step.RETURNED, why="already")


def test_no_state_of_a_seat_stands_in_the_way_of_an_emergency() -> None:
    """Nor hours: whoever has a caller can have 110 rung."""
    closed = replace(POLICE, open=((after(100), after(200)),), hotline=CENTRE)
    p = with_target(closed).in_talk()
    p.asks(Kind.EMERGENCY, closed) << Wish(RingRecipient, number="110")
    p.none(PopScreen)
