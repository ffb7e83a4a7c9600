"""Moves looked at by a brain that was never away: what it ordered a moment ago is under way."""

from datetime import timedelta

import pytest

from cti.effects import HangUp, TakeSnapshot, WithdrawPop
from cti.events import SnapshotTaken
from cti.movewishes import RingRecipient, SendTo
from cti.seen import SeenChannel
from tests.cti.looked import (
    MEMBERS,
    agent,
    caller,
    colleague,
    effects,
    expert,
    found,
    step_of,
    written,
)
from tests.cti.moved import (
    EXPERT,
    M1,
    M2,
    POLICE,
    TAX_OFFICE,
    Moves,
    recipient,
)
from tests.cti.playbook import (
    CHANNEL,
    NOON,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
)
from transfer.step import Kind, Step, What

PHONE, ROOM = leg(SEAT), "room-1"

# --- a brain that was never away ----------------------------------------------------------------


def look(*channels: SeenChannel, at: float) -> SnapshotTaken:
    return SnapshotTaken(at=after(at), channels=channels, members=MEMBERS)


def test_an_order_of_a_moment_ago_is_given_its_time() -> None:
    """It may not show yet. One that was given longer ago has come to nothing."""
    talk = (caller("connect", "", "b1"), agent("from-seat", "b1"))
    with Moves() as p:
        p.in_talk().asks(Kind.CONSULT, EXPERT)
        p >> look(*talk, at=5.3)
        assert step_of(p) is Step.SETTING_ASIDE
        p >> look(*talk, at=6.5)
        assert step_of(p) is None
    with Moves() as p:
        p.in_talk().asks(Kind.THREE_WAY, EXPERT)
        p >> look(*talk, at=5.3)
        p.none(RingRecipient)
        p >> look(*talk, at=6.5)
        p << Wish(RingRecipient, leg=M2)


def test_an_initiator_who_went_meanwhile_has_gone() -> None:
    """Also when what it ordered may not show yet."""
    with Moves() as p:
        p.in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 5.1)
        p >> look(caller("hold"), expert(context="nowhere", bridge=""), at=5.3)
        assert step_of(p) is Step.PASSING


def test_who_was_ordered_somewhere_a_moment_ago_is_on_its_way() -> None:
    """A look in between orders nothing twice; a look long after does."""
    with Moves() as p:
        p.in_talk().asks(Kind.CONSULT, EXPERT).aside(5.1).rings(M1, 5.2).answers(M1, 6)
        p.presses(What.JOIN, 10)
        p << Wish(SendTo, channel=CHANNEL, to="room")
        stands = (caller("hold"), agent(), expert())
        p >> look(*stands, at=10.2)
        p.none(SendTo)
        p >> look(*stands, at=11.5)
        p << Wish(SendTo, channel=CHANNEL, to="room")


@pytest.mark.parametrize("context", ["fallback", "wait"])
def test_an_emergency_for_who_waits_goes_on_ringing(context: str) -> None:
    """Wherever the caller waits."""
    move = written(Kind.EMERGENCY, Step.PASSING, POLICE, seat="")
    rings = expert(context="nowhere", bridge="")
    with effects(found(caller(context, move, queue_position=1), rings)) as p:
        assert step_of(p) is Step.PASSING
        p.none(HangUp)
        p.none(WithdrawPop)


def test_a_caller_who_talks_with_whom_it_was_moved_to_may_be_moved_on() -> None:
    """Its own dialplan had dialled that seat; now that one asks an expert to join."""
    move = written(Kind.THREE_WAY, Step.RINGING, EXPERT, made=2)
    talk = caller("away", move, "b2", away=M1)
    rings = expert(M2, "nowhere", "")
    with effects(found(talk, agent("from-seat", "b2"), rings)) as p:
        assert step_of(p) is Step.RINGING
        assert timedelta(0) < (p.switch.due() or NOON) - NOON


def test_a_look_that_overtakes_the_order_to_part_leaves_the_consult() -> None:
    """Else the desk would say that all three talk, and the caller hear music."""
    with Moves() as p:
        p.in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7).aside(7, to="room")
        p.presses(What.PART, 20)
        p << Wish(SendTo, channel=CHANNEL, to="hold")
        p >> look(caller("room", bridge=ROOM), agent(), expert(), at=20.02)
        assert step_of(p) is Step.CONSULTING
        p.held(20.05)
        assert step_of(p) is Step.CONSULTING
        p.presses(What.JOIN, 30)
        p << Wish(SendTo, channel=CHANNEL, to="room")


def test_a_look_that_overtakes_swapping_back_leaves_the_consult() -> None:
    """The recipient on its way back does not hold, nor does the caller talk."""
    with Moves() as p:
        p.in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7).answers(M1, 8)
        p.presses(What.SWAP, 10).enters(10)
        p.presses(What.SWAP, 20)
        p >> look(caller("room", bridge=ROOM), agent(), expert(context="hold", bridge=""), at=20.02)
        assert step_of(p) is Step.CONSULTING
        p.held(20.05)
        p >> look(caller("hold"), agent(), expert(context="hold", bridge=""), at=20.06)
        assert step_of(p) is Step.CONSULTING
        p.enters(20.07, recipient(M1))
        assert step_of(p) is Step.CONSULTING


def test_an_order_to_part_that_was_lost_is_taken_back_by_the_look_that_finds_it() -> None:
    """Whoever has not come in time is where the look shows it, and may be ordered again."""
    with Moves() as p:
        p.in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7).aside(7, to="room")
        p.presses(What.PART, 20)
        p.tick(after(22.1))
        p << Wish(TakeSnapshot)
        p >> look(caller("room", bridge=ROOM), agent(), expert(), at=22.12)
        assert step_of(p) is Step.JOINED
        p.presses(What.PART, 25)
        p << Wish(SendTo, channel=CHANNEL, to="hold")


def test_a_recipient_who_went_while_the_caller_was_coming_has_gone() -> None:
    """The caller stays with the agent, and no move is left that nobody ends."""
    with Moves() as p:
        p.in_talk().asks(Kind.CONSULT, EXPERT).aside(5.1).rings(M1, 5.2).answers(M1, 6)
        p.presses(What.JOIN, 10)
        p >> look(caller("hold"), agent(), at=10.2)
        assert step_of(p) is None
        p.enters(10.3)
        p.none(HangUp)


def test_nobody_stays_in_the_room_of_a_caller_who_was_moved_away_out_of_sight() -> None:
    """Its own dialplan dials somebody else: it comes to the room no more."""
    away = caller("away", written(Kind.BLIND, Step.SENDING, TAX_OFFICE, made=2), away=M2)
    with effects(found(away, agent(), colleague())) as p:
        p << Wish(HangUp, channel=PHONE) << Wish(HangUp, channel=leg(OTHER, 9))
