"""Whose screen shows what is being said."""

from datetime import timedelta
from typing import Any

import pytest

from cti.ids import AgentId, CallId, SeatId
from cti.web.textboard import MOST_LINES, TextBoard
from queues.seat import AgentState, SeatView
from records.live.told import Heard
from tests.cti.web.fakes import NOON, seat_view
from tests.cti.web.movesample import shown
from transfer.step import Kind, Step

CALL, OTHER = CallId("node1-1.0"), CallId("node1-2.0")
ANNA = AgentId("anna")


def seat(extension: str = "1001", call: CallId | None = CALL, **changes: Any) -> SeatView:
    return seat_view(extension, agent=ANNA, state=AgentState.TALKING, call=call, **changes)


def said(text: str, key: str = "caller-0", call: CallId = CALL) -> Heard:
    return Heard(call=call, kind="final", key=key, text=text)


def test_a_talk_is_followed_from_when_its_first_seat_talked() -> None:
    """Once for each call, however many seats are in it; a seat that rings is no talk."""
    board = TextBoard()
    board.seat(seat("1002", since=NOON + timedelta(seconds=9)))
    board.seat(seat("1001"))
    board.seat(seat_view("1003", agent=ANNA, state=AgentState.OFFERED, call=OTHER))
    assert [(one.call, one.since) for one in board.talks()] == [(CALL, NOON)]


def test_the_listener_is_told_when_talks_change_and_only_then() -> None:
    """The bell rings for a talk that begins, for one that ends, and for nothing else."""
    board = TextBoard()
    board.seat(seat_view("1001", agent=ANNA, state=AgentState.AVAILABLE))
    assert not board.changed.is_set()
    board.seat(seat())
    assert board.changed.is_set()
    board.changed.clear()
    board.seat(seat())
    assert not board.changed.is_set()
    board.seat(seat(call=None))
    assert board.changed.is_set()


def test_only_the_seat_that_has_the_call_reads_it() -> None:
    """Another seat's talk is none of its business; in wrap-up it still reads its own."""
    board = TextBoard()
    board.seat(seat("1001"))
    board.seat(seat("1002", call=OTHER))
    assert board.heard(said("您好")) == [SeatId("chifeng-1001")]
    wraps = seat_view("1001", agent=ANNA, state=AgentState.WRAP_UP, wraps_up=CALL)
    board.seat(wraps)
    assert board.heard(said("再见", "caller-9")) == [SeatId("chifeng-1001")]
    assert [one.text for one in board.lines((None, CALL))] == ["您好", "再见"]
    board.seat(seat_view("1001", agent=ANNA, state=AgentState.AVAILABLE))
    assert board.heard(said("喂")) == []
    assert board.lines((CALL,)) == []


def test_a_final_text_takes_the_place_of_its_interim() -> None:
    """Where the interim stood, whatever was said since."""
    board = TextBoard()
    board.seat(seat())
    for text, key in (("停", "caller-0"), ("好的", "agent-5"), ("停水了", "caller-0")):
        board.heard(said(text, key))
    assert [one.text for one in board.lines((CALL,))] == ["停水了", "好的"]


def test_a_long_talk_keeps_its_newest_lines() -> None:
    """An hour's talk does not grow the brain; and a draft that grew is no line."""
    board = TextBoard()
    board.seat(seat())
    for n in range(MOST_LINES + 5):
        board.heard(said(str(n), f"caller-{n}"))
    board.heard(Heard(call=CALL, kind="draft", order="20261123-1"))
    assert [one.text for one in board.lines((CALL,))][0] == "5"
    assert len(board.lines((CALL,))) == MOST_LINES


@pytest.mark.parametrize(
    ("kind", "step", "is_aside"),
    [
        (Kind.CONSULT, Step.RINGING, True),
        (Kind.CONSULT, Step.CONSULTING, True),
        (Kind.CONSULT, Step.SWAPPED, False),
        (Kind.THREE_WAY, Step.RINGING, False),
        (Kind.THREE_WAY, Step.JOINED, False),
        (Kind.CONSULT, Step.RETURNED, False),
    ],
)
def test_while_the_caller_holds_the_seat_is_aside(kind: Kind, step: Step, is_aside: bool) -> None:
    """The music that the caller hears then is nobody's words."""
    board = TextBoard()
    board.seat(seat())
    board.changed.clear()
    board.move(shown(call=CALL, kind=kind, step=step))
    assert [one.is_aside for one in board.talks()] == [is_aside]
    assert board.changed.is_set() is is_aside
