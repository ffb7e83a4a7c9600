"""The table of a supervisor in a talk: total, and by whatever way it ends, it ends."""

from itertools import product

from transfer.step import Phase
from transfer.supervised import KEYS, NOTHING, ROWS, TABLE, Act, Input, advance

LIVE = set(Phase) - {Phase.OVER}
BOUND_FOR_ROOM = {Phase.GATHERING, Phase.BRINGING, Phase.TAKING, Phase.ON_WAY}
"""Phases in which the caller is armed to follow somebody to the room."""


def test_every_phase_has_an_answer_to_everything() -> None:
    """Each pair is in one of the two, and in one only."""
    left = {(phase, what) for phase, inputs in NOTHING.items() for what in inputs}
    assert left & ROWS.keys() == set()
    assert left | ROWS.keys() == set(product(Phase, Input)) == TABLE.keys()


def test_what_is_answered_changes_something() -> None:
    """A row that neither leads anywhere nor does anything would belong to the other list."""
    for (phase, what), answer in ROWS.items():
        assert answer != (phase, ()) or what is Input.STARTED, (phase, what)


def test_every_key_is_carried_out_or_refused() -> None:
    """Nothing a supervisor asks for is passed over without a word."""
    for phase, key in product(LIVE, KEYS):
        step, todo = advance(phase, key)
        assert step is not phase or set(todo) & {Act.WANT, Act.REFUSE}, (phase, key)


def test_every_order_ends_by_its_answer_its_refusal_or_its_time() -> None:
    """From each phase that waits, each of these leads out, at the latest after a look."""
    for phase in LIVE - {Phase.HEARING}:
        assert advance(phase, Input.REFUSED)[0] is not phase
        step, todo = advance(phase, Input.LATE)
        assert Act.LOOK in todo
        assert step is not phase or advance(phase, Input.TOO_LATE)[0] is not phase


def test_who_hangs_up_or_is_gone_is_in_the_talk_no_more() -> None:
    """What it had begun for agent and caller is brought to its end first."""
    ends = {Phase.OVER, Phase.BRINGING, Phase.ON_WAY}
    for phase in LIVE - {Phase.RINGING}:
        assert advance(phase, Input.ENDED)[0] in ends
        assert advance(phase, Input.GONE)[0] in ends
    assert advance(Phase.RINGING, Input.ENDED)[0] is Phase.OVER


def test_a_caller_is_disarmed_wherever_what_it_was_armed_for_comes_to_nothing() -> None:
    """And only there: while somebody may be in the room already, the caller must follow."""
    for (phase, what), (step, todo) in TABLE.items():
        ends = phase in BOUND_FOR_ROOM and step not in BOUND_FOR_ROOM
        fails = ends and what not in (Input.AGENT_CAME, Input.CAME)
        assert (Act.DISARM in todo) is fails, (phase, what)


def test_the_agent_is_let_go_only_when_the_supervisor_is_in_the_room() -> None:
    """The caller is with one of them at every moment."""
    for (phase, what), (_, todo) in TABLE.items():
        is_there = what is Input.CAME and phase in (Phase.TAKING, Phase.ON_WAY)
        assert (Act.RELEASE in todo) is is_there


def test_who_signs_out_hears_no_more_unless_the_caller_is_on_the_way_to_it() -> None:
    """A talk is heard by nobody whose name is not known."""
    hears = {Phase.RINGING, Phase.HEARING, Phase.CHANGING, Phase.GATHERING}
    for phase in Phase:
        assert (Act.HANG_UP in advance(phase, Input.SIGNED_OUT)[1]) is (phase in hears)


def test_from_every_phase_there_is_an_end() -> None:
    """By what may happen without anybody asking for more."""
    for phase in LIVE:
        reached, seen = {phase}, set[Phase]()
        while reached - seen:
            here = (reached - seen).pop()
            seen.add(here)
            reached |= {advance(here, what)[0] for what in set(Input) - KEYS}
        assert Phase.OVER in seen
