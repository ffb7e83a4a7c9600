"""When nobody could be reached: who is told the number to dial, and who is not any more."""

from cti.call import CallState
from cti.effects import PopScreen
from cti.ids import LegId, MoveId, OfferId
from cti.movewishes import SayNumber, SendTo, ShowMove
from tests.cti.moved import M1, M2, POLICE, TAX_OFFICE, Moves, bridged, recipient
from tests.cti.playbook import (
    BEN,
    CALL,
    CHANNEL,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
    waiting,
)
from tests.cti.test_emergencies import outside
from transfer.step import Kind, Step


def test_a_caller_for_whom_a_seat_rings_hears_the_number_if_that_does_not_answer() -> None:
    """It is on its channel now: whoever answers first is with the caller instead."""
    p = Moves().sign_in().call_in()
    assert p.switch.call_state(CALL) is CallState.OFFERED
    p.asks(Kind.EMERGENCY, POLICE).unanswered(M1, 15).unanswered(M2, 25)
    p << Wish(PopScreen, seat=SEAT, offer=OfferId(f"{CALL}/1"), to_dial="110")
    p << Wish(SayNumber, channel=CHANNEL, number="110")


def test_whoever_has_the_caller_next_knows_the_number_that_was_read_out() -> None:
    """On its card: whoever had asked is not with the caller any more."""
    with Moves().in_talk().asks(Kind.CONSULT, TAX_OFFICE).aside(6).rings(M1, 7) as p:
        p.gone(leg(SEAT), 8, SEAT).unanswered(M1, 10)
        p.sign_in(OTHER, BEN)
        p >> waiting(at=10.1)
        p.tick(after(11)) << Wish(PopScreen, seat=OTHER, to_dial="12366")


def test_an_agent_who_stays_with_the_caller_reads_the_number_itself() -> None:
    """And tells it: no card afterwards does."""
    with Moves().in_talk().asks(Kind.CONSULT, TAX_OFFICE).aside(6).rings(M1, 7) as p:
        p.unanswered(M1, 10) << Wish(ShowMove, step=Step.RETURNED, number="12366")
        p.enters(10).gone(leg(SEAT), 11)
        p.sign_in(OTHER, BEN) >> waiting(at=12)
        p << Wish(PopScreen, seat=OTHER, to_dial="")


def test_a_number_that_was_reached_after_all_need_not_be_dialled() -> None:
    """110 did not answer once, and then it did."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE).unanswered(M1, 15).unanswered(M2, 25)
    m3 = LegId(f"{CALL}-m3")
    p.asks(Kind.EMERGENCY, POLICE, 30, move=MoveId("move-2")).rings(m3, 31).answers(m3, 32)
    p.enters(32).gone(recipient(m3), 40).sign_in(OTHER, BEN) >> waiting(at=41)
    p << Wish(PopScreen, seat=OTHER, to_dial="")


def test_a_caller_who_talks_with_somebody_by_then_is_told_no_number() -> None:
    """Neither while the line's own seats are with it, nor when it waits again much later."""
    p = outside(Moves().call_in().asks(Kind.EMERGENCY, POLICE, 2), 3, talks_at=4)
    p.unanswered(M1, 15).unanswered(M2, 25) << Wish(ShowMove, step=Step.RETURNED, number="110")
    p.none(SayNumber)
    p >> waiting(at=60)
    p.none(SayNumber)


def test_a_number_that_was_not_told_in_time_is_not_told_later() -> None:
    """Somebody has talked with the caller since."""
    with Moves().in_talk().asks(Kind.CONSULT, TAX_OFFICE).aside(6).rings(M1, 7) as p:
        p.gone(leg(SEAT), 8, SEAT)
        p.unanswered(M1, 10) << Wish(SendTo, channel=CHANNEL, to="wait")
        p.tell(bridged(recipient(M1), 10.1, None, M1), bridged(CHANNEL, 10.1))
        p >> waiting(at=60)
        p.none(SayNumber)
