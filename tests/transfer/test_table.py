"""The tables of moves: total where they must be, and nobody is ever left nowhere."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

from transfer.step import FINAL, HANG_UPS, KEYS, Do, Kind, Step, What
from transfer.table import TABLES, advance, begin

MEANT_NOTHING = {
    **{
        (kind, step, what): "its initiator was let go with the first order"
        for kind, step, what in product(
            (Kind.BLIND, Kind.HAND_OVER),
            (Step.SENDING, Step.PASSING),
            (What.INITIATOR_GONE, What.INITIATOR_LOST),
        )
    },
    **{
        (kind, step, what): "nobody has answered: what ends a ringing is UNANSWERED"
        for kind, step, what in product(
            Kind,
            (Step.SETTING_ASIDE, Step.SENDING, Step.RINGING, Step.PASSING),
            (What.RECIPIENT_GONE, What.RECIPIENT_LOST),
        )
    },
    **{
        (kind, Step.PASSING, what): "there is no initiator any more"
        for kind, what in product(
            (Kind.CONSULT, Kind.THREE_WAY, Kind.EMERGENCY),
            (What.INITIATOR_GONE, What.INITIATOR_LOST),
        )
    },
}
"""Hang-ups that have no answer, and why none is needed."""


def reachable(kind: Kind) -> set[Step]:
    """Every step that some story of that kind comes to."""
    starts = {begin(kind)[0]}
    if kind is Kind.EMERGENCY:
        starts.add(begin(kind, has_initiator=False)[0])
    seen, open_ = set(starts), deque(starts)
    while open_:
        step = open_.popleft()
        for what in What:
            after, _ = advance(kind, step, what)
            if after not in seen:
                seen.add(after)
                open_.append(after)
    return seen


@pytest.mark.parametrize("kind", Kind)
def test_whoever_hangs_up_has_an_answer(kind: Kind) -> None:
    """In every step, each hang-up is in the table, or it is said why it means nothing."""
    for step, what in product(reachable(kind) - FINAL, HANG_UPS):
        is_in_table = (step, what) in TABLES[kind]
        assert is_in_table != ((kind, step, what) in MEANT_NOTHING), (step, what)


@pytest.mark.parametrize("kind", Kind)
def test_the_end_of_a_move_is_its_end(kind: Kind) -> None:
    """No table leads out of a final step."""
    assert [pair for pair in TABLES[kind] if pair[0] in FINAL] == []


@pytest.mark.parametrize("kind", Kind)
def test_from_every_step_some_end_is_reached(kind: Kind) -> None:
    """Whatever has happened, the caller's going ends the move, and so does something else."""
    for step in reachable(kind) - FINAL:
        assert advance(kind, step, What.CALLER_GONE)[0] is Step.ABANDONED
        after = {advance(kind, step, what)[0] for what in What if what is not What.CALLER_GONE}
        assert after & FINAL, step


@pytest.mark.parametrize("kind", Kind)
def test_every_row_can_be_reached(kind: Kind) -> None:
    """A row that no story comes to is a mistake."""
    assert {step for step, _ in TABLES[kind]} <= reachable(kind)


@pytest.mark.parametrize("kind", Kind)
def test_a_pair_in_no_table_changes_nothing(kind: Kind) -> None:
    """Late keys and events told twice are harmless."""
    for step, what in product(Step, What):
        if (step, what) not in TABLES[kind]:
            assert advance(kind, step, what) == (step, ())


def test_what_ends_a_ringing_is_answered_wherever_it_rings() -> None:
    """A step in which somebody is rung knows the answer, the next route, and that there is none."""
    for kind, table in TABLES.items():
        for step in {step for step, _ in table} & {Step.RINGING, Step.PASSING}:
            for what in (What.ANSWERED, What.UNANSWERED, What.EXHAUSTED):
                assert (step, what) in table, (kind, step, what)


def test_keys_that_agents_have() -> None:
    """While the initiator has a part in it, a move can always be cancelled, once it is set."""
    for kind in (Kind.CONSULT, Kind.THREE_WAY, Kind.EMERGENCY):
        for step in reachable(kind) - FINAL - {Step.SETTING_ASIDE}:
            assert advance(kind, step, What.CANCEL)[0] is Step.RETURNED, (kind, step)
    assert {what for table in TABLES.values() for _, what in table} >= KEYS


# --- a model of where everybody is --------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """Who is where, as the orders of the table would have it when each is carried out at once."""

    caller: str
    """``talk``, ``hold``, ``room``, ``away``, ``wait``, ``survey`` or ``gone``."""
    initiator: str
    """``talk``, ``room`` or ``gone``."""
    recipient: str = "none"
    """``none``, ``rings``, ``room``, ``hold`` or ``away``."""
    armed: bool = False

    @property
    def is_served(self) -> bool:
        """Whether the caller is with somebody, or in the queue, or has gone."""
        in_room = "room" in (self.initiator, self.recipient)
        return (
            self.caller in ("wait", "gone", "survey")
            or (self.caller == "talk" and self.initiator == "talk")
            or (self.caller == "room" and in_room)
            or (self.caller == "away" and self.recipient in ("rings", "away"))
        )

    @property
    def is_fetched(self) -> bool:
        """Whether, on hold, somebody is coming: the initiator has it, or the recipient rings."""
        return self.caller == "hold" and (
            self.initiator == "room" or self.recipient in ("rings", "room", "hold")
        )


def left_alone(scene: Scene) -> Scene:
    """What the dialplan does by itself when the last one the caller was with has gone."""
    is_alone = (scene.caller == "talk" and scene.initiator != "talk") or (
        scene.caller == "room" and "room" not in (scene.initiator, scene.recipient)
    )
    if not is_alone:
        return scene
    if scene.armed:
        return replace(scene, caller="hold", armed=False)
    return replace(scene, caller="survey")


def done(scene: Scene, do: Do) -> Scene:
    """The scene after one thing was done."""
    match do:
        case Do.SET_ASIDE:
            return replace(scene, initiator="room", caller="hold")
        case Do.GATHER:
            return replace(scene, initiator="room", caller="room", armed=False)
        case Do.SEND:
            return replace(scene, caller="away", initiator="gone", recipient="rings")
        case Do.RING:
            return replace(scene, recipient="rings")
        case Do.STOP:
            return left_alone(replace(scene, recipient="none"))
        case Do.HOLD:
            return replace(scene, caller="hold")
        case Do.JOIN:
            return left_alone(replace(scene, caller="room", armed=False))
        case Do.HOLD_RECIPIENT:
            return left_alone(replace(scene, recipient="hold"))
        case Do.JOIN_RECIPIENT:
            return replace(scene, recipient="room")
        case Do.ARM:
            return replace(scene, armed=True)
        case Do.DISARM:
            return replace(scene, armed=False)
        case Do.RELEASE:
            return left_alone(replace(scene, initiator="gone"))
        case Do.QUEUE:
            return replace(scene, caller="wait")
        case Do.TELL_NUMBER:
            return scene
        case Do.END:
            return replace(scene, initiator="gone", recipient="none", caller="gone")


def befallen(kind: Kind, scene: Scene, what: What) -> Scene | None:
    """The scene once that has happened; None when it cannot happen there."""
    is_blind = kind in (Kind.BLIND, Kind.HAND_OVER)
    match what:
        case What.CALLER_GONE:
            return replace(scene, caller="gone")
        case What.INITIATOR_GONE | What.INITIATOR_LOST:
            if scene.initiator == "gone":
                return None
            return left_alone(replace(scene, initiator="gone"))
        case What.RECIPIENT_GONE | What.RECIPIENT_LOST:
            if scene.recipient not in ("room", "hold"):
                return None
            return left_alone(replace(scene, recipient="none"))
        case What.ANSWERED:
            if scene.recipient != "rings":
                return None
            return replace(scene, recipient="away" if is_blind else "room")
        case What.UNANSWERED | What.EXHAUSTED:
            if scene.recipient != "rings":
                return None
            caller = "hold" if is_blind else scene.caller
            return replace(scene, recipient="none", caller=caller)
        case What.WAITING:
            return replace(scene, caller="wait") if scene.caller in ("hold", "away") else None
        case What.INITIATOR_CAME:
            if scene.caller != "wait":
                return None
            return replace(scene, caller="talk", initiator="talk")
        case What.CALLER_CAME:
            return replace(scene, caller="room") if scene.caller == "hold" else None
        case What.REFUSED:
            return None  # nothing was carried out: tested by itself
        case _:
            return scene


def stories(kind: Kind, *, waits: bool = False) -> Iterator[tuple[Step, Scene, tuple[What, ...]]]:
    """Every scene that a move of that kind comes to, by the shortest story that leads there."""
    step, todo = begin(kind, has_initiator=not waits)
    scene = Scene("wait", "gone") if waits else Scene("talk", "talk")
    for do in todo:
        scene = done(scene, do)
    seen = {(step, scene)}
    open_: deque[tuple[Step, Scene, tuple[What, ...]]] = deque([(step, scene, ())])
    while open_:
        step, scene, story = open_.popleft()
        yield step, scene, story
        if step in FINAL:
            continue
        for what in What:
            if (step, what) not in TABLES[kind]:
                continue
            after = befallen(kind, scene, what)
            if after is None:
                continue
            then, todo = advance(kind, step, what)
            for do in todo:
                after = done(after, do)
            if (then, after) not in seen:
                seen.add((then, after))
                open_.append((then, after, (*story, what)))


CASES = [(kind, False) for kind in Kind] + [(Kind.EMERGENCY, True)]


@pytest.mark.parametrize(("kind", "waits"), CASES)
def test_the_caller_is_never_nowhere(kind: Kind, waits: bool) -> None:
    """After every step of every story it is with somebody, fetched by somebody, or in the queue."""
    for step, scene, story in stories(kind, waits=waits):
        if step is Step.ABANDONED:
            assert scene.caller == "gone", story
            continue
        assert (
            scene.is_served
            or (step not in FINAL and scene.is_fetched)
            or (step is Step.COMPLETED and scene.caller == "hold" and scene.recipient == "room")
        ), (story, step, scene)
        assert scene.caller != "survey", (story, step, scene)


@pytest.mark.parametrize(("kind", "waits"), CASES)
def test_who_completes_has_left_the_caller_with_somebody(kind: Kind, waits: bool) -> None:
    """Completed: caller and recipient have each other, or will at once. No initiator is left."""
    completed = [s for step, s, _ in stories(kind, waits=waits) if step is Step.COMPLETED]
    assert completed
    for scene in completed:
        assert scene.recipient in ("room", "away"), scene
        assert scene.initiator == "gone", scene


@pytest.mark.parametrize(("kind", "waits"), CASES)
def test_nobody_rings_and_nobody_is_armed_after_the_end(kind: Kind, waits: bool) -> None:
    """What a move rang is stopped with it; what it armed is disarmed, if the caller talks."""
    for step, scene, story in stories(kind, waits=waits):
        if step in FINAL:
            assert scene.recipient != "rings" or kind in (Kind.BLIND, Kind.HAND_OVER), story
        if step is Step.RETURNED and scene.caller in ("talk", "room"):
            assert not scene.armed, story


def test_what_was_refused_leaves_all_as_it_was() -> None:
    """An order that was not carried out ends the move: the caller talks on, disarmed, or waits."""
    for kind, table in TABLES.items():
        for (step, what), (after, todo) in table.items():
            if what is What.REFUSED:
                is_in_talk = step is not Step.PASSING
                assert after is Step.RETURNED, (kind, step)
                assert todo[-1] is (Do.DISARM if is_in_talk else Do.QUEUE), (kind, step)


@pytest.mark.parametrize("kind", Kind)
def test_each_thing_to_be_done_is_done_once(kind: Kind) -> None:
    """No row orders the same twice."""
    for todo in [begin(kind)[1], *(todo for _, todo in TABLES[kind].values())]:
        assert len(set(todo)) == len(todo)
