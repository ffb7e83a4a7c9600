"""What a look at the channels says of a move: an answer wherever everybody may stand."""

from itertools import product

import pytest

from transfer.shown import ALONE, Place, Shown, shown
from transfer.step import FINAL, Do, Kind, Step, What
from transfer.table import TABLES, advance

CALLERS = (Place.TALK, Place.WAIT, Place.HOLD, Place.ROOM, Place.AWAY)
INITIATORS = (Place.NOWHERE, Place.TALK, Place.ROOM)
RECIPIENTS = (Place.NOWHERE, Place.RINGS, Place.ROOM, Place.HOLD)
BRINGS = {Do.JOIN, Do.GATHER, Do.QUEUE, Do.SEND}
COMES = {
    Kind.CONSULT: (Step.SETTING_ASIDE, Step.RINGING, Step.PASSING, Step.CONSULTING, Step.JOINED),
    Kind.THREE_WAY: (Step.RINGING, Step.PASSING, Step.JOINING, Step.JOINED, Step.SWAPPED),
    Kind.EMERGENCY: (Step.RINGING, Step.PASSING, Step.JOINING, Step.CONSULTING, Step.SWAPPED),
    Kind.BLIND: (Step.SENDING, Step.PASSING),
    Kind.HAND_OVER: (Step.SENDING, Step.PASSING),
}
"""Steps that a move of that kind can be known to be in."""
ALL: list[tuple[Kind, Step, Place, Place, Place]] = [
    (kind, step, caller, initiator, recipient)
    for kind, steps in COMES.items()
    for step, caller, initiator, recipient in product(steps, CALLERS, INITIATORS, RECIPIENTS)
]


def told(kind: Kind, answer: Shown) -> tuple[Step, list[Do]]:
    """Where the table goes from there, and what is done on the way."""
    step, whats = answer
    done: list[Do] = []
    for what in whats:
        step, todo = advance(kind, step, what)
        done += todo
    return step, done


def test_all_that_is_said_to_have_happened_has_an_answer() -> None:
    """In the table of that kind: nothing is told in vain."""
    for kind, step, caller, initiator, recipient in ALL:
        answer = shown(kind, step, caller, initiator, recipient)
        if answer is None:
            continue
        now, whats = answer
        for what in whats:
            assert (now, what) in TABLES[kind], (kind, step, caller, initiator, recipient)
            now, _ = advance(kind, now, what)
        assert now in FINAL or any(where == now for where, _ in TABLES[kind])


def test_a_caller_on_hold_has_somebody_or_is_brought_to_somebody() -> None:
    """When the move is over the caller is brought; while it goes on somebody rings or is there."""
    for kind, step, caller, initiator, recipient in ALL:
        if caller is not Place.HOLD:
            continue
        answer = shown(kind, step, caller, initiator, recipient)
        if answer is None:
            continue
        now, done = told(kind, answer)
        is_coming = recipient in (Place.RINGS, Place.ROOM) or Do.RING in done
        assert now in FINAL or is_coming or BRINGS & set(done), (kind, step, initiator, recipient)


def test_nobody_is_rung_for_a_caller_who_has_gone_back_to_the_queue() -> None:
    """But for an emergency or a three-way: whoever answers has the caller, who waits."""
    for kind, step, caller, initiator, recipient in ALL:
        if caller is not Place.WAIT or step is Step.SETTING_ASIDE:
            continue
        answer = shown(kind, step, caller, initiator, recipient)
        if answer is not None and (kind is Kind.CONSULT or kind in ALONE):
            assert told(kind, answer)[0] is Step.RETURNED


def test_a_recipient_is_never_left_alone_in_the_room() -> None:
    """With nobody else there, the caller is brought to it, or it is let go."""
    for kind, step, caller, _, _ in ALL:
        if kind in ALONE or step is Step.SETTING_ASIDE:
            continue
        answer = shown(kind, step, caller, Place.NOWHERE, Place.ROOM)
        if answer is None or caller is Place.ROOM:
            continue
        assert {Do.JOIN, Do.STOP} & set(told(kind, answer)[1]), (kind, step, caller)


@pytest.mark.parametrize(
    ("kind", "step", "caller", "initiator", "recipient", "expected"),
    [
        (Kind.CONSULT, Step.SETTING_ASIDE, "hold", "room", "nowhere", Step.RINGING),
        (Kind.CONSULT, Step.SETTING_ASIDE, "talk", "talk", "nowhere", Step.RETURNED),
        (Kind.CONSULT, Step.SETTING_ASIDE, "talk", "room", "nowhere", Step.SETTING_ASIDE),
        (Kind.CONSULT, Step.SETTING_ASIDE, "hold", "nowhere", "nowhere", Step.RETURNED),
        (Kind.CONSULT, Step.RINGING, "hold", "room", "rings", Step.RINGING),
        (Kind.CONSULT, Step.RINGING, "hold", "nowhere", "rings", Step.PASSING),
        (Kind.CONSULT, Step.RINGING, "hold", "room", "room", Step.CONSULTING),
        (Kind.CONSULT, Step.RINGING, "hold", "nowhere", "room", Step.COMPLETED),
        (Kind.CONSULT, Step.RINGING, "talk", "talk", "rings", None),
        (Kind.CONSULT, Step.CONSULTING, "hold", "room", "nowhere", None),
        (Kind.CONSULT, Step.CONSULTING, "hold", "room", "room", Step.CONSULTING),
        (Kind.CONSULT, Step.CONSULTING, "talk", "talk", "room", None),
        (Kind.CONSULT, Step.SWAPPED, "room", "room", "hold", Step.SWAPPED),
        (Kind.CONSULT, Step.CONSULTING, "hold", "room", "hold", Step.SWAPPED),
        (Kind.CONSULT, Step.SWAPPED, "hold", "room", "room", Step.SWAPPED),
        (Kind.CONSULT, Step.SWAPPED, "room", "nowhere", "hold", Step.COMPLETED),
        (Kind.CONSULT, Step.SWAPPED, "talk", "talk", "hold", None),
        (Kind.CONSULT, Step.CONSULTING, "room", "room", "room", Step.JOINED),
        (Kind.CONSULT, Step.JOINED, "hold", "room", "room", Step.JOINED),
        (Kind.CONSULT, Step.JOINED, "room", "nowhere", "room", Step.COMPLETED),
        (Kind.THREE_WAY, Step.RINGING, "talk", "talk", "rings", Step.RINGING),
        (Kind.THREE_WAY, Step.RINGING, "talk", "talk", "room", Step.JOINING),
        (Kind.THREE_WAY, Step.JOINING, "talk", "room", "room", Step.JOINING),
        (Kind.THREE_WAY, Step.RINGING, "talk", "talk", "nowhere", Step.RINGING),
        (Kind.EMERGENCY, Step.PASSING, "wait", "nowhere", "rings", Step.PASSING),
        (Kind.EMERGENCY, Step.PASSING, "wait", "nowhere", "room", Step.COMPLETED),
        (Kind.EMERGENCY, Step.PASSING, "wait", "nowhere", "nowhere", Step.PASSING),
        (Kind.BLIND, Step.SENDING, "away", "nowhere", "nowhere", Step.PASSING),
        (Kind.BLIND, Step.PASSING, "away", "nowhere", "nowhere", Step.PASSING),
        (Kind.BLIND, Step.SENDING, "talk", "talk", "nowhere", Step.RETURNED),
        (Kind.BLIND, Step.SENDING, "talk", "nowhere", "nowhere", Step.SENDING),
        (Kind.BLIND, Step.PASSING, "hold", "nowhere", "nowhere", Step.PASSING),
        (Kind.HAND_OVER, Step.PASSING, "wait", "nowhere", "nowhere", Step.RETURNED),
    ],
)
def test_the_step_is_what_the_channels_show(
    kind: Kind, step: Step, caller: str, initiator: str, recipient: str, expected: Step | None
) -> None:
    """Read a row aloud: known to be in this step, they stand so; then it is in that one."""
    answer = shown(kind, step, Place(caller), Place(initiator), Place(recipient))
    assert (answer and told(kind, answer)[0]) == expected


def test_who_is_tried_next_is_said_by_the_table() -> None:
    """A route that came to nothing out of sight is one that did not answer."""
    assert shown(Kind.CONSULT, Step.RINGING, Place.HOLD, Place.ROOM, Place.NOWHERE) == (
        Step.RINGING,
        (What.UNANSWERED,),
    )
