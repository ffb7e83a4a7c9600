"""A caller who is moved on from a room of three: nobody is left behind in it."""

from cti.effects import HangUp
from cti.ids import MoveId
from cti.movewishes import SendTo, ShowMove
from queues.seat import AgentState
from tests.cti.moved import COLLEAGUE, GROUP, M1, M2, M3, POLICE, TAX_OFFICE, Moves, recipient
from tests.cti.playbook import BEN, CALL, CHANNEL, OTHER, SEAT, Wish, leg, waiting
from transfer.step import Kind, Step, What


def with_a_colleague(p: Moves) -> Moves:
    """Agent, caller and a colleague in the room, and no move under way any more."""
    p.sign_in(OTHER, BEN).in_talk()
    p.asks(Kind.THREE_WAY, COLLEAGUE).rings(M1, 6, OTHER).answers(M1, 7, OTHER)
    p.aside(7, to="room")
    p.asks(Kind.EMERGENCY, POLICE, 8, move=MoveId("move-2")).rings(M2, 9)
    p.presses(What.CANCEL, 10, move=MoveId("move-2")).gone(recipient(M2), 10)
    assert p.switch._picture.calls[CALL].move is None  # noqa: SLF001  # whoever reads the story
    return p


def test_blind_from_a_room_of_three_leaves_nobody_in_it() -> None:
    """Else a colleague would hear a ring-back tone until the caller's talk elsewhere ends."""
    with Moves() as p:
        with_a_colleague(p).asks(Kind.BLIND, TAX_OFFICE, 11, move=MoveId("move-3"))
        p.none(HangUp)
        p.tell(*p._leaves(CHANNEL, 12))  # noqa: SLF001  # the verb's own step
        p.leaves_for(M3, 12) << Wish(HangUp, channel=leg(SEAT))
        p << Wish(HangUp, channel=leg(OTHER, 9))
        p.gone(leg(OTHER, 9), 12.1, OTHER)
        view = p.switch.seat(OTHER)
        assert view is not None
        assert view.state is not AgentState.TALKING


def test_blind_to_a_group_from_a_room_of_three_is_its_queue_too() -> None:
    """The colleague would keep the caller in the room if only the agent were let go."""
    with Moves() as p:
        with_a_colleague(p).asks(Kind.BLIND, GROUP, 11, move=MoveId("move-3"))
        p << Wish(SendTo, channel=CHANNEL, to="wait")
        p.none(HangUp)
        p.tell(*p._leaves(CHANNEL, 12))  # noqa: SLF001  # the verb's own step
        p >> waiting(at=12)
        p << Wish(ShowMove, step=Step.RETURNED, why="queued")
        p << Wish(HangUp, channel=leg(SEAT)) << Wish(HangUp, channel=leg(OTHER, 9))
