"""Whose words are written down next, and whose never."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cti.ids import CallId
from records.live.spoken import Spoken
from records.live.turns import LATE_S, Piece, Turns

ONE, OTHER = CallId("node1-1.0"), CallId("node1-2.0")


def piece(call: CallId, said_at: float) -> Piece:
    nothing = np.zeros(0, dtype=np.int16)
    spoken = Spoken(start_s=said_at - 2, end_s=said_at, known_s=said_at, pcm=nothing)
    return Piece(call=call, channel="caller", spoken=spoken, said_at=said_at, known_at=said_at)


def test_what_was_said_first_is_written_first() -> None:
    """Within a call, in the order it was said."""
    turns = Turns()
    turns.put(late := piece(ONE, 9.0))
    turns.put(early := piece(ONE, 5.0))
    assert [turns.take(), turns.take(), turns.take()] == [early, late, None]


def test_a_call_that_was_served_lets_the_others_go_first() -> None:
    """A caller who talks without a pause does not keep the engine from everybody else."""
    turns = Turns()
    for at in (1.0, 2.0, 3.0):
        turns.put(piece(ONE, at))
    turns.put(piece(OTHER, 4.0))
    taken = [one.call for _ in range(4) if (one := turns.take()) is not None]
    assert taken == [ONE, OTHER, ONE, ONE]


def test_what_is_too_late_is_let_go_and_told() -> None:
    """Text about what was said long ago helps nobody; it is a gap, oldest first."""
    turns = Turns()
    for at in (3.0, 1.0, 10.0):
        turns.put(piece(ONE, at))
    assert [one.said_at for one in turns.shed(3.5 + LATE_S)] == [1.0, 3.0]
    assert turns.shed_count == 2
    assert len(turns) == 1
    assert turns.calls() == {ONE}


def test_a_call_that_is_over_waits_no_more() -> None:
    """Nobody reads it; the final transcript has it."""
    turns = Turns()
    turns.put(piece(ONE, 1.0))
    turns.put(piece(OTHER, 2.0))
    turns.forget(ONE)
    assert turns.calls() == {OTHER}


def test_an_utterance_keeps_its_key() -> None:
    """Its interim and its final text stand at the same place of the page."""
    assert piece(ONE, 5.0).key == "caller-300"


@given(st.lists(st.tuples(st.sampled_from([ONE, OTHER]), st.floats(0, 60)), max_size=40))
def test_nothing_is_written_twice_and_nothing_vanishes(said: list[tuple[CallId, float]]) -> None:
    """Every utterance is taken or let go, exactly once."""
    turns = Turns()
    pieces = [piece(call, at) for call, at in said]
    for one in pieces:
        turns.put(one)
    gone = turns.shed(30.0)
    while (taken := turns.take()) is not None:
        gone.append(taken)
    assert sorted(map(id, gone)) == sorted(map(id, pieces))
    assert all(30.0 - one.said_at > LATE_S for one in gone[: turns.shed_count])
