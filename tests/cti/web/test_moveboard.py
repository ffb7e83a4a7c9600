"""What desks are shown of moves: whose business each is, for how long, and which keys it has."""

import json
from dataclasses import replace

import pytest

from cti.effects import PopScreen, ShowSeat
from cti.ids import AgentId, CallId, LineId, MoveId, OfferId
from cti.web import moveboard
from cti.web.desk import DeskHub
from cti.web.moveboard import MoveBoard, Standing
from queues.seat import AgentState
from tests.cti.web.fakes import CHIFENG, NOON, seat_view
from tests.cti.web.movesample import ANNA, BAO, CALL, MOVE, OTHER_SEAT, SEAT, shown
from tests.cti.web.test_fold import owed
from transfer.step import FINAL, KEYS, Kind, Step, What
from transfer.table import TABLES


def steps(hub: DeskHub, agent: AgentId) -> list[str]:
    """The steps of the moves that a new desk of that agent shows."""
    moves = owed(hub.open(agent, None))[0]["desk"]["moves"]
    return [move["step"] for move in moves]


def sits(hub: DeskHub, extension: str, agent: AgentId, call: CallId | None, **more: object) -> None:
    state = AgentState.TALKING if call else AgentState.AVAILABLE
    view = seat_view(extension, agent=agent, state=state, call=call)
    hub.show_seat(ShowSeat(view=replace(view, **more)))  # type: ignore[arg-type]  # checked by replace


def rings(hub: DeskHub, agent: AgentId) -> None:
    """The other seat gets the call's card, as a recipient does."""
    hub.pop(
        PopScreen(
            seat=OTHER_SEAT,
            agent=agent,
            call=CALL,
            offer=OfferId("o"),
            centre=CHIFENG,
            line=LineId("8337772"),
            dnis="8337772",
            ani="",
            since=NOON,
            at=NOON,
            arrived_at=NOON,
        )
    )


def test_a_move_is_shown_whole(hub: DeskHub) -> None:
    """All that the page shows, and the keys that this step knows."""
    sits(hub, "1001", ANNA, CALL)
    desk = hub.open(ANNA, None)
    hub.show_move(shown(Step.CONSULTING))
    assert owed(desk)[1] == {
        "seq": 1,
        "type": "move",
        "move": {
            "move": MOVE,
            "call": CALL,
            "by": "anna",
            "asker": None,
            "seat": SEAT,
            "kind": "consult",
            "target": "expert:zhujian",
            "name": "住建专家",
            "target_kind": "expert",
            "step": "consulting",
            "is_over": False,
            "at": NOON.isoformat(),
            "why": "",
            "number": "",
            "was_answered": False,
            "keys": ["join", "complete", "swap", "cancel"],
        },
    }


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("step", list(Step))
def test_keys_are_those_of_the_table(kind: Kind, step: Step) -> None:
    """No key is shown that would change nothing, and none is missing."""
    keys = Standing(shown(step, kind=kind), ANNA).keys
    table = {key for key in KEYS if (step, key) in TABLES[kind]}
    assert set(keys) == ({What.CANCEL} if step is Step.ASKED else table)
    assert not (keys and step in FINAL)


def test_a_new_desk_is_shown_how_moves_stand(hub: DeskHub) -> None:
    """A page loaded anew has the move where it stands, and the number to read out."""
    sits(hub, "1001", ANNA, CALL)
    hub.show_move(shown(Step.RINGING))
    hub.show_move(shown(Step.RETURNED, why="missed", number="96789"))
    [move] = owed(hub.open(ANNA, None))[0]["desk"]["moves"]
    assert (move["step"], move["why"], move["number"], move["keys"]) == (
        *("returned", "missed", "96789", []),
    )


def test_an_end_is_read_until_the_seat_turns_to_another_call(hub: DeskHub) -> None:
    """Also in wrap-up; what is not over stays with whoever asked for it."""
    sits(hub, "1001", ANNA, CALL)
    hub.show_move(shown(Step.PASSING))
    sits(hub, "1001", ANNA, None)
    assert steps(hub, ANNA) == ["passing"]
    hub.show_move(shown(Step.COMPLETED))
    sits(hub, "1001", ANNA, None, state=AgentState.WRAP_UP, wraps_up=CALL)
    assert steps(hub, ANNA) == ["completed"]
    desk = hub.open(ANNA, None)
    sits(hub, "1001", ANNA, None)
    first, _, last = owed(desk)
    assert last == {"seq": first["seq"] + 2, "type": "move-gone", "move": MOVE}
    assert steps(hub, ANNA) == []


def test_the_next_move_of_a_call_replaces_the_ended_one(hub: DeskHub) -> None:
    sits(hub, "1001", ANNA, CALL)
    hub.show_move(shown(Step.RETURNED))
    desk = hub.open(ANNA, None)
    hub.show_move(shown(Step.RINGING, move=MoveId("second")))
    assert [frame["type"] for frame in owed(desk)[1:]] == ["move-gone", "move"]
    assert steps(hub, ANNA) == ["ringing"]


def test_a_recipient_at_a_seat_is_shown_it_with_the_card(hub: DeskHub) -> None:
    """From the card on, until its seat has to do with the call no more; it has no say in it."""
    sits(hub, "1001", ANNA, CALL)
    sits(hub, "1002", BAO, None)
    hub.show_move(shown(Step.RINGING))
    assert steps(hub, BAO) == []
    rings(hub, BAO)
    assert steps(hub, BAO) == ["ringing"]
    hub.show_move(shown(Step.CONSULTING))
    [seen] = hub.moves.seen_by(BAO)
    assert (seen.wish.step, seen.by) == (Step.CONSULTING, ANNA)
    sits(hub, "1002", BAO, None)
    assert (steps(hub, BAO), steps(hub, ANNA)) == ([], ["consulting"])


def test_who_asked_hears_of_it_before_anybody_talks(hub: DeskHub) -> None:
    """An emergency for a caller who waits; the seat that answers the caller has the keys, too."""
    hub.moves.ask(MOVE, BAO)
    hub.show_move(shown(Step.PASSING, seat=None))
    [seen] = hub.moves.seen_by(BAO)
    assert seen.by == BAO
    sits(hub, "1001", ANNA, CALL)
    hub.show_move(shown(Step.RINGING))
    for agent in (ANNA, BAO):
        [seen] = hub.moves.seen_by(agent)
        assert (seen.by, seen.asker, seen.is_of(agent)) == (ANNA, BAO, True)


def test_an_initiator_who_signed_out_is_still_named(hub: DeskHub) -> None:
    sits(hub, "1001", ANNA, CALL)
    hub.show_move(shown(Step.PASSING))
    hub.show_seat(ShowSeat(view=seat_view("1001")))
    hub.show_move(shown(Step.COMPLETED))
    assert hub.moves.find(MOVE) == Standing(shown(Step.COMPLETED), ANNA)


def test_a_brain_that_came_back_shows_moves_to_whoever_turns_out_to_sit_there(
    hub: DeskHub,
) -> None:
    """A move is told of before its seat is: kept, and shown when somebody is known to be there."""
    desk = hub.open(ANNA, None)
    hub.show_move(shown(Step.PASSING))
    assert (steps(hub, ANNA), hub.moves.under_way(CALL)) == (
        *([], Standing(shown(Step.PASSING), None)),
    )
    hub.show_seat(ShowSeat(view=seat_view("1001")))
    assert steps(hub, ANNA) == []
    sits(hub, "1001", ANNA, CALL)
    assert steps(hub, ANNA) == ["passing"]
    assert [frame["type"] for frame in owed(desk)[1:]] == ["seat", "move"]


@pytest.mark.parametrize("is_seat_first", [False, True])
def test_a_recipient_is_shown_it_again_after_the_brain_was_away(
    hub: DeskHub, is_seat_first: bool
) -> None:
    """Without its card, which a new brain does not know: its seat has that call."""
    if is_seat_first:
        sits(hub, "1002", BAO, CALL)
    hub.show_move(shown(Step.CONSULTING))
    if not is_seat_first:
        sits(hub, "1002", BAO, CALL)
    assert steps(hub, BAO) == ["consulting"]
    desk = hub.open(BAO, None)
    sits(hub, "1002", BAO, CALL)
    assert [frame["type"] for frame in owed(desk)[1:]] == ["seat"]
    hub.show_move(shown(Step.COMPLETED))
    assert steps(hub, BAO) == ["completed"]


def test_old_moves_are_forgotten() -> None:
    """However long a brain runs, it keeps the latest only."""
    board, first = MoveBoard(), MoveId("move-0")
    for n in range(moveboard.REMEMBERED + 1):
        move = MoveId(f"move-{n}")
        board.ask(move, ANNA)
        standing = board.show(shown(Step.RINGING, move=move, call=CallId(f"c{n}")), ANNA)
        list(board.reveal(standing, ANNA))
    assert (board.find(first), board.asker(first)) == (None, None)
    assert len(board.seen_by(ANNA)) == moveboard.REMEMBERED
    assert json.dumps([one.shown() for one in board.seen_by(ANNA)[:1]])
