"""Moves over HTTP: who may have which call taken where, and that nothing stands before 110."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from config.platform import Platform
from config.profile import Profile
from cti.effects import ShowSeat
from cti.ids import AgentId, CallId, CentreId, MoveId
from cti.moveevents import AgentMoves, AgentSteers
from cti.web.desk import DeskHub
from cti.web.errors import saying
from cti.web.moves import NO_SEAT, REFUSED
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, PASSWORD, FakeBrain, FakeStore, seat_view
from tests.cti.web.movesample import (
    ANNA,
    CALL,
    EMERGENCY,
    EXPERT,
    LATER,
    MOVE,
    PLACES,
    SEAT,
    SHUT,
    TOLD,
    pressed,
    shown,
    steered,
    talks,
)
from transfer.step import Kind, Step, What
from transfer.target import Target
from transfer.why import WhyNot


@pytest.fixture(autouse=True)
def _talk(brain: FakeBrain, hub: DeskHub) -> None:
    talks(brain, hub)


def asked(brain: FakeBrain) -> list[tuple[Any, ...]]:
    """Every move that the brain was asked for."""
    moves = [event for event in brain.submitted if isinstance(event, AgentMoves)]
    return [(m.seat, m.agent, m.call, m.move, m.kind, m.target, m.number) for m in moves]


async def test_an_agent_has_its_own_call_moved(client: Client, brain: FakeBrain) -> None:
    """The wish goes to the brain under the id that the page made, and is answered at once."""
    assert await pressed(client) == (202, "")
    assert asked(brain) == [(SEAT, ANNA, CALL, MOVE, Kind.CONSULT, EXPERT.id, "")]


async def test_asked_again_it_is_the_same_move(
    client: Client, brain: FakeBrain, hub: DeskHub
) -> None:
    """A page that heard no answer asks again; another move meanwhile is refused."""
    assert await pressed(client) == (202, "")
    hub.show_move(shown(Step.RINGING))
    assert await pressed(client) == (202, "")
    brain.refuses = WhyNot.UNDER_WAY
    assert await pressed(client, move="another-one") == (409, "move-under-way")
    brain.refuses = None
    hub.show_move(shown(Step.RETURNED))
    assert await pressed(client, move="another-one") == (202, "")


async def test_somebody_elses_move_is_not_asked_again(client: Client, brain: FakeBrain) -> None:
    assert await pressed(client) == (202, "")
    brain.seats[SEAT] = replace(brain.seats[SEAT], agent=AgentId("bao"))
    assert await pressed(client, "bao") == (403, "not-your-move")


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        ({"target": "expert:gone"}, (404, "target-unknown")),
        ({"kind": "kidnap"}, (422, "invalid-body")),
        ({"move": "a|b"}, (422, "invalid-body")),
        ({"call": "node1-9.9"}, (404, "call-unknown")),
        ({"user": "bao"}, (409, "not-signed-in")),
        ({"user": "admin"}, (403, "role-refused")),
        ({"user": "robot"}, (403, "role-refused")),
        ({"user": "xia"}, (404, "call-unknown")),
    ],
)
async def test_what_is_refused(
    client: Client, brain: FakeBrain, words: dict[str, str], refusal: tuple[int, str]
) -> None:
    """With a Chinese sentence each, and nothing reaches the brain."""
    assert await pressed(client, **words) == refusal
    assert asked(brain) == []


@pytest.mark.parametrize("why", WhyNot)
async def test_what_the_rules_would_not_begin_is_refused_at_once(
    client: Client, brain: FakeBrain, why: WhyNot
) -> None:
    """Nobody is told yes and then no, an emergency neither; each reason has its Chinese words."""
    brain.refuses = why
    status, id = await pressed(client)
    assert (status, id) == (saying(id)[0], REFUSED[why])
    assert status >= 400
    assert await pressed(client, kind="emergency", target=EMERGENCY.id) == (status, id)
    assert asked(brain) == []


@pytest.mark.parametrize(
    ("why", "target", "details"),
    [
        (WhyNot.CLOSED, SHUT, {"opens_at": LATER[0].isoformat()}),
        (WhyNot.ONLY_TOLD, TOLD, {"number": "96789"}),
        (WhyNot.BUSY, EMERGENCY, {"number": "110"}),
        (WhyNot.BUSY, EXPERT, {}),
        (WhyNot.OTHER_WAY, EXPERT, {"ways": ["consult", "three-way", "blind"]}),
        (WhyNot.UNDER_WAY, EXPERT, {"move": "the-other-one"}),
    ],
)
async def test_a_refusal_says_what_can_be_done_instead(
    client: Client, brain: FakeBrain, hub: DeskHub, why: WhyNot, target: Target, details: object
) -> None:
    """When it opens, how it can be, which move to end first, what the caller can dial."""
    brain.refuses = why
    hub.show_move(shown(Step.RINGING, move=MoveId("the-other-one")))
    body = {"move": MOVE, "kind": "consult", "target": target.id}
    path = f"/api/v1/calls/{CALL}/moves"
    answer = await client.post(path, json=body, headers=bearer("anna"))
    assert (await answer.json())["error"]["details"] == details


@pytest.mark.parametrize("state", [AgentState.OFFERED, AgentState.WRAP_UP, AgentState.AVAILABLE])
async def test_a_call_that_is_not_being_talked_to_is_not_moved(
    client: Client, brain: FakeBrain, state: AgentState
) -> None:
    call = CALL if state is AgentState.OFFERED else None
    brain.seats[SEAT] = replace(brain.seats[SEAT], state=state, call=call)
    assert await pressed(client) == (409, "not-on-call")


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("0476-8330001", (202, "")),
        ("+86 (0476) 8330001", (202, "")),
        ("12345", (422, "number-refused")),
        ("0476-12345", (422, "number-refused")),
        ("8337772", (422, "number-refused")),
        ("+86 476 8337772", (422, "number-refused")),
        ("12", (422, "number-refused")),
        ("sip:110", (422, "number-refused")),
        ("", (422, "number-refused")),
    ],
)
async def test_a_supervisor_may_type_a_number(
    client: Client, brain: FakeBrain, number: str, refusal: tuple[int, str]
) -> None:
    """As people write it; never 12345 or a merged number, which would come round again."""
    brain.seats[SEAT] = replace(brain.seats[SEAT], agent=AgentId("chief"))
    assert await pressed(client, "chief", target="", number=number) == refusal
    numbers = {move[-1] for move in asked(brain)}
    assert numbers <= {"04768330001", "+8604768330001"}


async def test_who_may_type_numbers_is_the_profiles_to_say(
    client: Client, hub: DeskHub, profile: Profile
) -> None:
    """Supervisors, unless it names others."""
    assert await pressed(client, target="", number="8330001") == (403, "number-not-allowed")
    changed = profile.model_copy(update={"typed_numbers": ("agent",)})
    hub.know(Platform(centres=(changed,)))
    assert await pressed(client, target="", number="8330001") == (202, "")


async def test_over_whose_carrier_it_goes_says_who_may_type(
    client: Client, brain: FakeBrain, hub: DeskHub, profile: Profile
) -> None:
    """Callers overflow to other centres' seats; the caller's own centre pays for the call."""
    brain.calls[CALL] = CentreId("hulunbuir")
    theirs = {"centre": CentreId("hulunbuir"), "area_code": "0470"}
    mine = profile.model_copy(update={"typed_numbers": ("agent",)})
    strict = profile.model_copy(update={**theirs, "typed_numbers": ()})
    hub.know(Platform(centres=(mine, strict)))
    assert await pressed(client, target="", number="8330001") == (403, "number-not-allowed")
    generous = profile.model_copy(update={**theirs, "typed_numbers": ("agent",)})
    hub.know(Platform(centres=(profile, generous)))
    assert await pressed(client, target="", number="8330001") == (202, "")


# --- emergencies -------------------------------------------------------------------------------


@pytest.mark.parametrize("user", ["anna", "bao", "expert", "chief", "admin", "robot"])
@pytest.mark.parametrize("state", list(AgentState))
async def test_nobody_and_no_state_is_refused_an_emergency(
    client: Client, brain: FakeBrain, user: str, state: AgentState
) -> None:
    """Whoever asks, whatever their seat does, also without one, and also for a caller who waits."""
    brain.seats[SEAT] = seat_view("1001", agent=ANNA, state=state)
    assert await pressed(client, user, kind="emergency", target=EMERGENCY.id) == (202, "")
    seat = SEAT if user == "anna" else NO_SEAT
    assert asked(brain) == [(seat, AgentId(user), CALL, MOVE, Kind.EMERGENCY, EMERGENCY.id, "")]


async def test_a_typed_emergency_number_is_that_line(client: Client, brain: FakeBrain) -> None:
    """The page's keys send the number and need no directory; one in no table goes, too."""
    words = {"kind": "emergency", "target": ""}
    assert await pressed(client, number="110", **words) == (202, "")
    assert await pressed(client, number="1 2 2", **words) == (202, "")
    assert await pressed(client, number="0476-110", **words) == (202, "")
    assert [move[-2:] for move in asked(brain)] == [
        (EMERGENCY.id, ""),
        ("", "122"),
        (EMERGENCY.id, ""),
    ]


async def test_an_emergency_waits_for_no_other_move(client: Client, hub: DeskHub) -> None:
    """Nor for the hour: an emergency line is asked whatever its table says."""
    hub.show_move(shown(Step.CONSULTING, move=MoveId("the-other-one")))
    assert await pressed(client, kind="emergency", target=EMERGENCY.id) == (202, "")


async def test_another_centres_callers_are_not_there(client: Client, brain: FakeBrain) -> None:
    """Except for the seat that talks with one: callers overflow to other centres' seats."""
    brain.calls[CALL] = CentreId("hulunbuir")
    assert await pressed(client, "chief", kind="emergency", target="", number="110") == (
        *(404, "call-unknown"),
    )
    assert await pressed(client, kind="emergency", target="", number="110") == (202, "")


async def test_without_the_exchange_it_says_so(client: Client, brain: FakeBrain) -> None:
    """A wish that would be lost is not taken; the page asks again."""
    brain.ready = False
    assert await pressed(client, kind="emergency", target=EMERGENCY.id) == (503, "switch-away")
    assert await steered(client, "cancel") == (503, "switch-away")
    assert asked(brain) == []


async def test_an_emergency_waits_for_no_database(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """With the page loaded anew, too: the cookie says who asks."""
    signed = await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    assert signed.status == 200
    store.hangs = True
    ours = {"Origin": str(client.make_url("/")).rstrip("/")}
    body = {"move": MOVE, "kind": "emergency", "number": "110"}
    for _ in range(2):
        async with asyncio.timeout(0.9):
            answer = await client.post(f"/api/v1/calls/{CALL}/moves", json=body, headers=ours)
        assert answer.status == 202
    async with asyncio.timeout(0.9):
        answer = await client.get("/api/v1/session")
        assert answer.status == 200
        async with client.ws_connect("/api/v1/desk", headers=ours) as ws:
            assert (await ws.receive_json())["desk"]["seat"]["call"] == CALL
    assert len(asked(brain)) == 2


# --- keys --------------------------------------------------------------------------------------


async def test_the_initiator_presses_the_keys(
    client: Client, brain: FakeBrain, hub: DeskHub
) -> None:
    """Those that the move's step knows; the brain is told which."""
    hub.show_move(shown(Step.CONSULTING))
    assert await steered(client, "join") == (202, "")
    [said] = [event for event in brain.submitted if isinstance(event, AgentSteers)]
    assert (said.seat, said.agent, said.call, said.key) == (SEAT, ANNA, CALL, What.JOIN)
    assert said.move == MOVE
    assert await steered(client, "part") == (409, "move-key-refused")
    assert await steered(client, "answered") == (404, "not-found")
    assert await steered(client, "join", "bao") == (403, "not-your-move")
    assert await steered(client, "join", move="unheard-of") == (404, "move-unknown")
    hub.show_move(shown(Step.COMPLETED))
    assert await steered(client, "cancel") == (409, "move-key-refused")


async def test_a_slip_is_undone_before_anything_was_shown(client: Client, brain: FakeBrain) -> None:
    """A key may follow at once: the brain takes wishes in their order."""
    assert await pressed(client, kind="emergency", target=EMERGENCY.id) == (202, "")
    assert await steered(client, "cancel") == (202, "")
    assert [type(event) for event in brain.submitted] == [AgentMoves, AgentSteers]
    assert await steered(client, "cancel", "bao") == (403, "not-your-move")


async def test_who_asked_without_a_seat_may_undo(
    client: Client, brain: FakeBrain, hub: DeskHub
) -> None:
    """A move for a caller who waits has no initiator: its keys are of whoever asked."""
    assert await pressed(client, "chief", kind="emergency", target=EMERGENCY.id) == (202, "")
    hub.show_move(shown(Step.PASSING, seat=None, kind=Kind.EMERGENCY))
    assert await steered(client, "cancel", "chief") == (202, "")
    assert await steered(client, "cancel") == (403, "not-your-move")
    hub.show_move(shown(Step.RINGING, kind=Kind.EMERGENCY))
    assert await steered(client, "cancel") == (202, "")
    assert await steered(client, "cancel", "chief") == (202, "")


async def test_a_key_is_of_its_own_call(client: Client, brain: FakeBrain, hub: DeskHub) -> None:
    hub.show_move(shown(Step.CONSULTING, call=CallId("node1-1.1")))
    assert await steered(client, "join") == (404, "move-unknown")


def test_every_place_is_known(brain: FakeBrain) -> None:
    """The sample is what the API sees."""
    assert [*brain.targets(CHIFENG)] == [place.id for place in PLACES]


async def test_the_desk_hears_what_becomes_of_it(client: Client, hub: DeskHub) -> None:
    """Refused by the brain, too: whoever asked is told why."""
    assert await pressed(client, "chief", kind="emergency", target=EMERGENCY.id) == (202, "")
    hub.show_move(shown(Step.RETURNED, seat=None, why="call-unknown"))
    assert [one.wish.why for one in hub.moves.seen_by(AgentId("chief"))] == ["call-unknown"]
    assert hub.moves.seen_by(ANNA) == []
    hub.show_seat(ShowSeat(view=seat_view("1002", agent=AgentId("chief"))))
    assert hub.moves.seen_by(AgentId("chief")) == []
