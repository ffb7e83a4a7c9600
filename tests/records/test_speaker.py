"""Whose voice is on the caller's line, and when."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ids import LegId, SeatId
from records.callrecord import CallRecord, Talk
from records.engine.protocol import Channel
from records.speaker import Window, by_speaker, speaker, together, without
from tests.records.samples import CALL, NOON, ended

LEG = LegId(f"{CALL}-m1")


def talk(
    since: float, until: float | None, *, target: str = "", leg: str = "", seat: str = ""
) -> Talk:
    return replace(
        ended().talks[0],
        seat=SeatId(seat),
        leg=LegId(leg),
        target=target,
        since=NOON + timedelta(seconds=since),
        until=None if until is None else NOON + timedelta(seconds=until),
    )


def call(*talks: Talk) -> CallRecord:
    return replace(ended(), talks=talks)


@pytest.mark.parametrize(
    ("target", "leg", "seat", "who"),
    [
        ("", "", "chifeng-1001", "agent"),
        ("", "", "", "agent"),  # at the line's own exchange
        ("seat:1002", LEG, "chifeng-1002", "agent"),
        ("group:人社", LEG, "chifeng-1002", "agent"),
        ("expert:人社", LEG, "", "expert"),
        ("expert:人社", LEG, "chifeng-1007", "expert"),
        ("office:住建局:值班", LEG, "", "office"),
        ("emergency:110", LEG, "", "office"),
        ("", LEG, "", "office"),  # a typed number
        ("", LEG, "chifeng-1002", "agent"),
    ],
)
def test_who_speaks_is_known_by_whom_the_move_was_to_reach(
    target: str, leg: str, seat: str, who: Channel
) -> None:
    """Our seats are agents, unless an expert sits there; whoever else was rung is an office."""
    assert speaker(talk(0, 1, target=target, leg=leg, seat=seat)) == who


def test_while_an_agent_is_on_the_line_it_is_the_agents_voice() -> None:
    """Three talk in one recording; only what remains without the agent is the recipient's."""
    agent, expert = talk(0, 0, seat="chifeng-1001"), talk(0, 0, target="expert:a", leg=LEG)
    assert by_speaker(call(agent, agent, expert), [(0, 20), (40, 70), (41, 90)]) == {
        "agent": [(0, 20), (40, 70)],
        "expert": [(70, 90)],
    }
    assert by_speaker(call(agent, expert), [(0, 90), (41, 80)]) == {"agent": [(0, 90)]}
    assert by_speaker(call(), []) == {"agent": []}


def test_when_a_recipient_heard_the_caller() -> None:
    """Its own talks, one of which may go on."""
    record = call(talk(5, 65, seat="chifeng-1001"), talk(30, 40, leg=LEG), talk(50, None, leg=LEG))
    noon = NOON.timestamp()
    assert together(record, LEG) == [(noon + 30, noon + 40), (noon + 50, None)]


WINDOWS = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 10)).map(lambda w: (w[0], w[0] + w[1])), max_size=4
)


@given(WINDOWS, WINDOWS)
def test_what_is_left_is_in_the_one_and_not_in_the_other(
    windows: list[Window], others: list[Window]
) -> None:
    """Second by second."""
    left = without(windows, others)

    def is_in(at: int, these: list[Window]) -> bool:
        return any(since <= at and at + 1 <= until for since, until in these)

    for at in range(32):
        assert is_in(at, left) == (is_in(at, windows) and not is_in(at, others))
