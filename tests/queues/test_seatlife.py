"""The seat's table, whole."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from cti.happened import Phone
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState
from queues.seatlife import BUSY, TABLE, Seat, SeatInput

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CALL = CallId("node1-1.1")
WRAP_UP = timedelta(seconds=30)


def seat(state: AgentState = AgentState.AVAILABLE) -> Seat:
    return Seat(
        id=SeatId("chifeng-1001"),
        centre=CentreId("chifeng"),
        extension="1001",
        skills=frozenset({"通用"}),
        since=NOON,
        agent=AgentId("anna"),
        state=state,
        phone=Phone.FREE,
        call=CALL if state in BUSY else None,
    )


def test_every_state_has_an_answer_to_everything() -> None:
    """The table is total."""
    assert set(TABLE) == set(product(AgentState, SeatInput))


@pytest.mark.parametrize("state", AgentState)
def test_only_available_seats_can_be_offered(state: AgentState) -> None:
    """An offer moves an available seat and no other."""
    expected = AgentState.OFFERED if state is AgentState.AVAILABLE else state
    assert TABLE[state, SeatInput.OFFER] is expected


@pytest.mark.parametrize("state", AgentState)
def test_every_way_out_of_a_call_leads_somewhere_else(state: AgentState) -> None:
    """Whoever ends an offer or a talk, the seat does not stay in it."""
    if state is AgentState.OFFERED:
        outs: tuple[SeatInput, ...] = (
            SeatInput.WITHDRAWN,
            SeatInput.MISSED,
            SeatInput.PHONE_LOST,
        )
    elif state is AgentState.TALKING:
        outs = (SeatInput.TALK_OVER, SeatInput.PHONE_LOST)
    else:
        return
    for what in outs:
        assert TABLE[state, what] not in BUSY


def test_wrap_up_has_a_deadline_and_none_of_it_when_it_is_zero() -> None:
    """Wrap-up ends by itself; a centre without wrap-up is ready at once."""
    one = seat(AgentState.TALKING)
    one.take(SeatInput.TALK_OVER, NOON, wrap_up=WRAP_UP)
    assert (one.state, one.until, one.call) == (AgentState.WRAP_UP, NOON + WRAP_UP, None)
    two = seat(AgentState.TALKING)
    two.take(SeatInput.TALK_OVER, NOON)
    assert (two.state, two.until) == (AgentState.AVAILABLE, None)


def test_signing_out_in_a_talk_takes_effect_after_it() -> None:
    """The agent stays until the caller is served."""
    one = seat(AgentState.TALKING)
    assert one.take(SeatInput.SIGN_OUT, NOON) is False
    assert (one.state, one.agent) == (AgentState.TALKING, "anna")
    assert one.take(SeatInput.TALK_OVER, NOON, wrap_up=WRAP_UP) is True
    assert (one.state, one.agent) == (AgentState.LOGGED_OUT, None)


def test_a_not_ready_seat_always_has_a_reason() -> None:
    """Asked for, or named after what happened."""
    one = seat()
    one.take(SeatInput.NOT_READY, NOON, reason="用餐")
    assert one.reason == "用餐"
    two = seat(AgentState.OFFERED)
    two.take(SeatInput.MISSED, NOON)
    assert two.reason == "missed"
    two.take(SeatInput.READY, NOON)
    assert two.reason == ""


def test_repeating_what_is_so_changes_nothing() -> None:
    """``take`` says whether a desk must be told."""
    one = seat()
    assert one.take(SeatInput.READY, NOON + WRAP_UP) is False
    assert one.since == NOON


def test_an_offer_belongs_to_its_call_until_it_ends() -> None:
    """The talk that follows keeps the call; whatever ends it lets it go."""
    one = seat()
    one.take(SeatInput.OFFER, NOON, call=CALL)
    assert (one.state, one.call) == (AgentState.OFFERED, CALL)
    one.take(SeatInput.WRAP_UP_OVER, NOON)
    assert one.call == CALL
    one.take(SeatInput.WITHDRAWN, NOON)
    view = one.view()
    assert (view.state, view.call) == (AgentState.AVAILABLE, None)


def test_a_seat_in_wrap_up_knows_whose_call_it_finishes() -> None:
    """Until wrap-up ends, however it ends; the next talk is another call's."""
    for after in (SeatInput.WRAP_UP_OVER, SeatInput.NOT_READY, SeatInput.TALK):
        one = seat(AgentState.TALKING)
        one.take(SeatInput.TALK_OVER, NOON, wrap_up=WRAP_UP)
        one.take(SeatInput.TALK_OVER, NOON, wrap_up=WRAP_UP)
        assert (one.view().wraps_up, one.view().call) == (CALL, None)
        one.take(after, NOON, call=CallId("node1-1.2"))
        assert one.view().wraps_up is None


@pytest.mark.parametrize("phone", Phone)
def test_only_an_available_seat_with_a_free_phone_is_free(phone: Phone) -> None:
    """Others see whether there is a phone at all."""
    one = seat()
    one.phone = phone
    assert one.is_free is (phone is Phone.FREE)
    assert one.view().has_phone is (phone is not Phone.GONE)
    one.take(SeatInput.NOT_READY, NOON, reason="用餐")
    assert one.is_free is False


def test_skills_lent_for_the_shift_stand_before_its_own() -> None:
    """Until it signs out; each says how far behind it stands."""
    one = seat()
    assert one.takes == {"通用": 0}
    one.lent = {"社保": 1}
    assert one.takes == {"社保": 1}
    one.take(SeatInput.SIGN_OUT, NOON)
    assert one.takes == {"通用": 0}
