"""Keys of the page, over HTTP, through the rules of the switch, and back to the page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from cti.call import CallState
from cti.effects import Effect, HangUp, PopScreen, ShowSeat, WithdrawPop
from cti.events import Event
from cti.ids import AgentId, CallId, CentreId, MoveId, SeatId
from cti.moveevents import AgentMoves
from cti.movewishes import RingRecipient, ShowMove
from cti.web.desk import DeskHub
from queues.seat import SeatView
from tests.cti.moved import COLLEAGUE, EXPERT, M1, MOVE_PLAN, POLICE, WATER, Moves
from tests.cti.playbook import CALL, CENTRE, OTHER, after
from tests.cti.web.conftest import Client
from tests.cti.web.fakes import FakeBrain
from tests.cti.web.movesample import MOVE, pressed, steered
from tests.cti.web.test_fold import owed
from transfer.step import Kind
from transfer.target import Target
from transfer.why import WhyNot

ANNA, CHIEF = AgentId("anna"), AgentId("chief")
EVERY_WAY = {id: replace(one, ways=tuple(Kind)) for id, one in MOVE_PLAN.targets[CENTRE].items()}


class Played(Moves):
    """A story whose desks see what the rules wish."""

    def __init__(self, hub: DeskHub) -> None:
        self.hub = hub
        super().__init__(replace(MOVE_PLAN, targets={CENTRE: EVERY_WAY}))

    def _tell(self, event: Event) -> list[Effect]:
        effects = super()._tell(event)
        for effect in effects:
            match effect:
                case PopScreen():
                    self.hub.pop(effect)
                case WithdrawPop():
                    self.hub.withdraw(effect)
                case ShowSeat():
                    self.hub.show_seat(effect)
                case ShowMove():
                    self.hub.show_move(effect)
        return effects

    def shown(self, agent: AgentId) -> list[tuple[str, list[str]]]:
        """Step and keys of each move that a page loaded now would show."""
        moves = owed(self.hub.open(agent, None))[0]["desk"]["moves"]
        return [(move["step"], move["keys"]) for move in moves]


class RuledBrain(FakeBrain):
    """The switch itself, at the times of the story."""

    def __init__(self) -> None:
        super().__init__()
        self.story: Played
        self.now = 10.0

    def submit(self, event: Event) -> None:
        self.now += 1
        self.story.tell(replace(event, at=after(self.now)))

    def seat_of(self, agent: AgentId) -> SeatView | None:
        return self.story.switch.seat_of(agent)

    def seat(self, seat: SeatId) -> SeatView | None:
        return self.story.switch.seat(seat)

    def centre_of(self, call: CallId) -> CentreId | None:
        return self.story.switch.centre_of(call)

    def targets(self, centre: CentreId) -> Mapping[str, Target]:
        return self.story.switch.targets(centre)

    def why_not_move(self, event: AgentMoves) -> WhyNot | None:
        return self.story.switch.why_not_move(replace(event, at=after(self.now)))

    def is_ready(self) -> bool:
        return self.story.switch.is_live


@pytest.fixture
def brain() -> RuledBrain:
    return RuledBrain()


@pytest.fixture
def story(brain: RuledBrain, hub: DeskHub) -> Played:
    brain.story = Played(hub)
    return brain.story


def made(story: Played, kind: type[Any]) -> list[Any]:
    return [effect for effect in story.effects if isinstance(effect, kind)]


async def test_a_consult_from_the_first_key_to_the_last(client: Client, story: Played) -> None:
    """Each key that the page shows does what it says, and a page loaded anew shows the same."""
    story.in_talk()
    assert await pressed(client, target=EXPERT.id) == (202, "")
    assert story.shown(ANNA) == [("setting-aside", [])]
    story.aside(12)
    assert story.shown(ANNA) == [("ringing", ["complete", "cancel"])]
    assert await pressed(client, target=EXPERT.id, move="second-one") == (409, "move-under-way")
    story.rings(M1, 13)
    story.answers(M1, 14)
    assert story.shown(ANNA) == [("consulting", ["join", "complete", "swap", "cancel"])]
    assert await steered(client, "join") == (202, "")
    story.enters(15)
    assert story.shown(ANNA) == [("joined", ["complete", "part", "cancel"])]
    assert await steered(client, "complete") == (202, "")
    assert story.shown(ANNA) == [("completed", [])]
    assert [effect.channel for effect in made(story, HangUp)] != []
    assert await steered(client, "cancel") == (409, "move-key-refused")


async def test_a_route_in_vain_is_told_with_the_number_to_read_out(
    client: Client, story: Played
) -> None:
    """The desk says why, and what the caller can dial."""
    story.in_talk()
    words = {"kind": "emergency", "target": "", "number": "110"}
    assert await pressed(client, **words) == (202, "")
    assert story.shown(ANNA) == [("ringing", ["complete", "cancel"])]
    story.unanswered(M1, 12)
    [second] = made(story, RingRecipient)
    story.unanswered(second.leg, 13)
    [move] = owed(story.hub.open(ANNA, None))[0]["desk"]["moves"]
    assert (move["step"], move["why"], move["number"]) == ("returned", "missed", POLICE.number)


@pytest.mark.parametrize("has_seat", [False, True])
async def test_a_supervisor_calls_110_for_a_caller_who_waits(
    client: Client, story: Played, has_seat: bool
) -> None:
    """From a seat or from none; whoever pressed the key takes it back."""
    if has_seat:
        story.sign_in(OTHER, CHIEF)
    story.call_in()
    words = {"kind": "emergency", "target": "", "number": "110"}
    assert await pressed(client, "chief", **words) == (202, "")
    assert made(story, RingRecipient) != []
    assert story.shown(CHIEF) == [("passing", ["cancel"])]
    assert await steered(client, "cancel", "chief") == (202, "")
    assert [step for step, _ in story.shown(CHIEF)] == ["returned"]
    assert story.switch.call_state(CALL) in (CallState.WAITING, CallState.OFFERED)


async def test_a_supervisor_calls_110_into_somebody_elses_talk(
    client: Client, story: Played
) -> None:
    """The agent who talks is the initiator; both see it, and both may press its keys."""
    story.in_talk()
    words = {"kind": "emergency", "target": "", "number": "110"}
    assert await pressed(client, "chief", **words) == (202, "")
    assert story.shown(ANNA) == story.shown(CHIEF) == [("ringing", ["complete", "cancel"])]
    story.rings(M1, 13)
    story.answers(M1, 14)
    assert await steered(client, "cancel", "chief") == (202, "")
    assert [step for step, _ in story.shown(ANNA)] == ["returned"]


async def test_an_emergency_goes_before_a_consult(client: Client, story: Played) -> None:
    """What rings is given up for it, and the page shows the emergency."""
    story.in_talk()
    assert await pressed(client, target=EXPERT.id) == (202, "")
    story.aside(12)
    words = {"move": "the-emergency", "kind": "emergency", "target": "", "number": "110"}
    assert await pressed(client, **words) == (202, "")
    consult, emergency = (story.hub.moves.find(MoveId(move)) for move in (MOVE, words["move"]))
    assert consult is not None
    assert emergency is not None
    assert (consult.is_over, emergency.is_over) == (True, False)
    assert story.hub.moves.under_way(CALL) == emergency
    assert [step for step, _ in story.shown(ANNA)] == [emergency.wish.step.value]


async def test_what_the_rules_would_refuse_is_refused_before_it_is_taken(
    client: Client, story: Played
) -> None:
    """The desk is told no once, not yes and then no; nothing is journalled of it."""
    story.in_talk()
    assert await pressed(client, target=WATER.id) == (409, "target-told-only")
    assert await pressed(client, target=COLLEAGUE.id) == (409, "target-busy")
    assert await pressed(client, kind="blind", target=POLICE.id) == (409, "target-other-way")
    words = {"kind": "emergency", "target": "", "number": "110"}
    assert await pressed(client, **words) == (202, "")
    assert await pressed(client, **words, move="the-other-desk") == (409, "emergency-under-way")
    assert [step for step, _ in story.shown(ANNA)] == ["ringing"]


async def test_an_emergency_that_waits_its_turn_is_shown_and_undone(
    client: Client, story: Played
) -> None:
    """While the caller is being put aside; a page loaded anew shows it, too."""
    story.in_talk()
    assert await pressed(client, target=EXPERT.id) == (202, "")
    words = {"kind": "emergency", "target": "", "number": "110", "move": "the-emergency"}
    assert await pressed(client, **words) == (202, "")
    assert story.shown(ANNA) == [("setting-aside", []), ("asked", ["cancel"])]
    assert await steered(client, "join", move="the-emergency") == (409, "move-key-refused")
    assert await steered(client, "cancel", move="the-emergency") == (202, "")
    story.aside(14)
    assert [step for step, _ in story.shown(ANNA)][0] == "ringing"
