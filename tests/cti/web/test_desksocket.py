"""The desk's websocket on a real socket."""

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from cti.effects import PopScreen, ShowSeat, WithdrawPop
from cti.events import AgentNotReady, AgentReady, AgentSignedIn, AgentSignedOut
from cti.ids import AgentId, CallId, LineId, OfferId, SeatId
from cti.web.desk import DESKS_PER_AGENT, DeskHub
from cti.web.desksocket import FAULTS_ALLOWED, FRAME_LIMIT, FRAMES_AT_ONCE
from cti.web.frames import QUEUE_LIMIT
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain

ANNA = AgentId("anna")
SEAT = SeatId("chifeng-1001")
CALL = CallId("node1-1795310090.4")
SOON_S = 5.0


def pop(call: CallId = CALL) -> PopScreen:
    return PopScreen(
        seat=SEAT,
        agent=ANNA,
        call=call,
        offer=OfferId("o1"),
        centre=CHIFENG,
        line=LineId("8337772"),
        dnis="8337772",
        ani="13847652301",
        since=datetime.now(UTC) - timedelta(seconds=3),
        at=datetime.now(UTC),
        arrived_at=datetime.now(UTC),
    )


class Desk:
    """A desk as the page sees it."""

    def __init__(self, ws: ClientWebSocketResponse) -> None:
        self.ws = ws
        self._id = 0

    async def hear(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(SOON_S):
            heard: dict[str, Any] = await self.ws.receive_json()
        return heard

    async def ask(self, do: str, **words: str) -> dict[str, Any]:
        """Say something and hear its answer."""
        self._id += 1
        await self.ws.send_json({"id": self._id, "do": do, **words})
        answer = await self.hear()
        assert answer["re"] == self._id
        return answer

    async def closed(self) -> int | None:
        """Wait for the server to close, and say with which code."""
        async with asyncio.timeout(SOON_S):
            while (await self.ws.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSED):
                pass
        return self.ws.close_code


@asynccontextmanager
async def desk_of(client: Client, user: str = "anna") -> Any:
    async with client.ws_connect("/api/v1/desk", headers=bearer(user)) as ws:
        desk = Desk(ws)
        yield desk


async def test_first_comes_a_snapshot(client: Client) -> None:
    """A desk first gets message 0: who it is for, where they sit, and the card."""
    async with desk_of(client) as desk:
        first = await desk.hear()
    assert (first["seq"], first["type"]) == (0, "snapshot")
    assert (first["desk"]["agent"], first["desk"]["seat"], first["desk"]["card"]) == (
        "anna",
        None,
        None,
    )


async def test_a_shift_becomes_events(client: Client, brain: FakeBrain) -> None:
    """Signing in, ready, not ready and signing out reach the brain in order, each with a time."""
    async with desk_of(client) as desk:
        await desk.hear()
        for do, words in (
            ("sign-in", {"extension": "1001"}),
            ("ready", {}),
            ("not-ready", {"reason": " 小休 "}),
            ("sign-out", {}),
        ):
            assert (await desk.ask(do, **words)) == {"re": desk._id, "ok": True}
    at = [event.at for event in brain.submitted]
    assert [
        AgentSignedIn(at=at[0], seat=SEAT, agent=ANNA),
        AgentReady(at=at[1], seat=SEAT),
        AgentNotReady(at=at[2], seat=SEAT, reason="小休"),
        AgentSignedOut(at=at[3], seat=SEAT),
    ] == brain.submitted
    assert all(moment.tzinfo is UTC for moment in at)


async def test_a_pop_carries_the_whole_card(client: Client, hub: DeskHub) -> None:
    """The card names the line from the ledger and shows the agent the caller's whole number."""
    async with desk_of(client) as desk:
        await desk.hear()
        hub.pop(pop())
        said = await desk.hear()
    card = said["card"]
    assert (said["seq"], said["type"]) == (1, "pop")
    assert card["line"] == {
        "number": "8337772",
        "name": "市长热线",
        "department": "市政府办公室",
        "mode": "whole",
    }
    assert (card["call"], card["offer"], card["ani"], card["dnis"], card["waited_s"]) == (
        CALL,
        "o1",
        "13847652301",
        "8337772",
        3.0,
    )


async def test_the_first_desk_that_paints_the_card_lets_the_phone_ring(
    client: Client, hub: DeskHub
) -> None:
    """Nobody else's word counts, nor a word of another card."""
    offer = OfferId("o1")
    async with desk_of(client) as one, desk_of(client, "bao") as other:
        for desk in (one, other):
            await desk.hear()
        hub.pop(pop())
        await one.hear()
        assert (await other.ask("popped", call=CALL, offer=offer))["ok"]
        assert (await one.ask("popped", call=CALL, offer="o2"))["ok"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await hub.seen(offer)
        assert (await one.ask("popped", call=CALL, offer=offer))["ok"]
        async with asyncio.timeout(SOON_S):
            await hub.seen(offer)
    async with client.get("/metrics", headers=bearer("chief")) as answer:
        assert "hotline_pop_seen_seconds_count 1.0" in await answer.text()


async def test_a_phone_waits_for_no_desk_that_is_gone(client: Client, hub: DeskHub) -> None:
    """Whoever works with a SIP phone alone, or lost the page just now, rings at once."""
    async with asyncio.timeout(SOON_S):
        hub.pop(pop())
        await hub.seen(OfferId("o1"))
        async with desk_of(client) as desk:
            await desk.hear()
            hub.pop(pop())
            await desk.hear()
        await hub.seen(OfferId("o1"))


async def test_both_tabs_of_an_agent_hear_everything(client: Client, hub: DeskHub) -> None:
    """Two desks of one agent get the same deltas, each numbered from 1; another agent's none."""
    async with desk_of(client) as one, desk_of(client) as two, desk_of(client, "bao") as other:
        for desk in (one, two, other):
            await desk.hear()
        hub.pop(pop())
        hub.withdraw(WithdrawPop(seat=SEAT, call=CALL, offer=OfferId("o1")))
        for desk in (one, two):
            heard = [await desk.hear(), await desk.hear()]
            assert [(m["seq"], m["type"]) for m in heard] == [(1, "pop"), (2, "withdraw")]
        assert (await other.ask("ping"))[
            "ok"
        ]  # its next message is the answer: nothing came before


async def test_a_reconnect_finds_seat_and_card(
    client: Client, hub: DeskHub, brain: FakeBrain
) -> None:
    """A refresh loses nothing: the snapshot shows seat and card, until wrap-up ends."""
    async with desk_of(client) as desk:
        await desk.hear()
        await desk.ask("sign-in", extension="1001")
    brain.seats[SEAT] = replace(brain.seats[SEAT], state=AgentState.TALKING, call=CALL)
    hub.pop(pop())
    hub.show_seat(ShowSeat(view=brain.seats[SEAT]))
    async with desk_of(client) as desk:
        again = await desk.hear()
    assert (again["desk"]["seat"]["state"], again["desk"]["card"]["call"]) == ("talking", CALL)
    assert isinstance(brain.submitted[-1], AgentSignedIn)  # the lost socket signed nobody out
    brain.seats[SEAT] = replace(brain.seats[SEAT], state=AgentState.AVAILABLE, call=None)
    hub.show_seat(ShowSeat(view=brain.seats[SEAT]))
    async with desk_of(client) as desk:
        assert (await desk.hear())["desk"]["card"] is None


async def test_whoever_leaves_a_seat_is_told(
    client: Client, hub: DeskHub, brain: FakeBrain
) -> None:
    """The agent who sat there hears that the seat is signed out."""
    async with desk_of(client) as desk:
        await desk.hear()
        hub.show_seat(ShowSeat(view=replace(brain.seats[SEAT], agent=ANNA)))
        assert (await desk.hear())["seat"]["agent"] == "anna"
        hub.show_seat(ShowSeat(view=brain.seats[SEAT]))
        assert (await desk.hear())["seat"]["state"] == "logged-out"


@pytest.mark.parametrize(
    ("before", "do", "words", "error"),
    [
        ((), "sign-in", {"extension": "9999"}, "seat-unknown"),
        ((), "ready", {}, "not-signed-in"),
        ((), "sign-out", {}, "not-signed-in"),
        ((("sign-in", "1001"),), "not-ready", {"reason": " \u200b "}, "reason-missing"),
        ((("sign-in", "1001"),), "not-ready", {"reason": "假" * 41}, "reason-too-long"),
        ((("sign-in", "1001"),), "sign-in", {"extension": "1002"}, "already-signed-in"),
    ],
)
async def test_what_cannot_be_is_refused_in_chinese(
    client: Client,
    brain: FakeBrain,
    before: tuple[tuple[str, str], ...],
    do: str,
    words: dict[str, str],
    error: str,
) -> None:
    """Each wish that cannot be granted gets its own id and a Chinese sentence, and no event."""
    async with desk_of(client) as desk:
        await desk.hear()
        for first, extension in before:
            assert (await desk.ask(first, extension=extension))["ok"]
        submitted = list(brain.submitted)
        answer = await desk.ask(do, **words)
    assert answer["error"]["id"] == error
    assert any("一" <= letter <= "鿿" for letter in answer["error"]["message"])
    assert submitted == brain.submitted


async def test_a_taken_seat_is_refused(client: Client, brain: FakeBrain) -> None:
    """Nobody can sit on another agent's lap; the same agent's second tab can."""
    async with desk_of(client) as one, desk_of(client) as tab, desk_of(client, "bao") as other:
        for desk in (one, tab, other):
            await desk.hear()
        assert (await one.ask("sign-in", extension="1001"))["ok"]
        assert (await tab.ask("sign-in", extension="1001"))["ok"]
        assert (await other.ask("sign-in", extension="1001"))["error"]["id"] == "seat-taken"
    assert len(brain.submitted) == 1


NONSENSE = [
    "",
    "null",
    "[]",
    "{}",
    "{" * 2000,
    "[" * 2000,
    '"\\ud800"',
    '{"id":1}',
    '{"id":1,"do":"hang-up"}',
    '{"id":"1","do":"ready"}',
    '{"id":-1,"do":"ready"}',
    '{"id":1.5,"do":"ready"}',
    '{"id":1e400,"do":"ready"}',
    '{"id":true,"do":"ready"}',
    '{"id":1,"do":"ready","seat":"chifeng-1002"}',
    '{"id":1,"do":"sign-in"}',
    '{"id":1,"do":"sign-in","extension":1001}',
    '{"id":1,"do":"sign-in","extension":"１００１"}',
    '{"id":1,"do":"sign-in","extension":"1001\\n"}',
    '{"id":1,"do":"not-ready","reason":null}',
    '{"id":1,"do":"not-ready","reason":"\\ud800"}',
    '{"id":1,"do":["ready"]}',
]


@pytest.mark.parametrize("frame", NONSENSE)
async def test_nonsense_is_answered_with_an_error(
    client: Client, brain: FakeBrain, frame: str
) -> None:
    """Whatever text comes, it is answered, nothing is submitted, and the desk goes on."""
    async with desk_of(client) as desk:
        await desk.hear()
        await desk.ws.send_str(frame)
        assert (await desk.hear())["error"]["id"] == "bad-message"
        assert (await desk.ask("ping"))["ok"]
    assert brain.submitted == []


async def test_an_error_names_the_frame_it_answers(client: Client) -> None:
    """A frame with a readable id gets it back; one without gets null."""
    async with desk_of(client) as desk:
        await desk.hear()
        await desk.ws.send_str(json.dumps({"id": 7, "do": "dance"}))
        assert (await desk.hear())["re"] == 7
        await desk.ws.send_bytes(b"\x00\xff")
        assert (await desk.hear())["re"] is None


async def test_a_huge_frame_closes_only_that_desk(client: Client) -> None:
    """A frame over the limit closes its desk with 1009; the other goes on."""
    async with desk_of(client) as huge, desk_of(client) as other:
        await huge.hear()
        await other.hear()
        await huge.ws.send_str("x" * (FRAME_LIMIT + 1))
        assert await huge.closed() == 1009
        assert (await other.ask("ping"))["ok"]


async def test_too_many_faults_close_the_desk(client: Client) -> None:
    """A client that only sends nonsense is closed with 1008."""
    async with desk_of(client) as desk:
        for _ in range(FAULTS_ALLOWED + 1):
            await desk.ws.send_str("?")
        assert await desk.closed() == 1008


async def test_a_flood_of_frames_closes_the_desk(client: Client, brain: FakeBrain) -> None:
    """A client that sends faster than people click is closed with 1008."""
    async with desk_of(client) as desk:
        for n in range(FRAMES_AT_ONCE * 3):
            await desk.ws.send_json({"id": n, "do": "ping"})
        assert await desk.closed() == 1008


async def test_a_desk_that_does_not_read_is_dropped(client: Client, hub: DeskHub) -> None:
    """A desk owing too much loses its socket with 1013; the driver never waited."""
    async with desk_of(client) as desk:
        await desk.hear()
        for n in range(QUEUE_LIMIT + 10):  # without a pause: no writer can run meanwhile
            hub.pop(pop(CallId(f"node1-{n}")))
        assert await desk.closed() == 1013
    async with asyncio.timeout(SOON_S):
        while hub.desks:  # noqa: ASYNC110 - the hub has no bell for it, and needs none
            await asyncio.sleep(0.01)
    assert hub.drops == 1
    async with desk_of(client) as desk:
        assert (await desk.hear())["type"] == "snapshot"


async def test_an_agent_may_open_only_so_many_desks(client: Client) -> None:
    """One more than allowed is refused before the upgrade; after one closes, it is let in."""
    sockets = [
        await client.ws_connect("/api/v1/desk", headers=bearer("anna"))
        for _ in range(DESKS_PER_AGENT)
    ]
    with pytest.raises(WSServerHandshakeError) as refused:
        await client.ws_connect("/api/v1/desk", headers=bearer("anna"))
    assert refused.value.status == 429
    for ws in sockets:
        await ws.close()
    async with desk_of(client) as desk:
        assert (await desk.hear())["seq"] == 0


async def test_without_credentials_there_is_no_desk(client: Client) -> None:
    """No upgrade for strangers, nor for roles that have no seat."""
    for headers, status in (({}, 401), (bearer("admin"), 403)):
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/api/v1/desk", headers=headers)
        assert refused.value.status == status


async def test_a_plain_request_is_told_to_upgrade(client: Client) -> None:
    """GET without an upgrade is answered 426 in the one shape of errors."""
    answer = await client.get("/api/v1/desk", headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (426, "websocket-expected")


async def test_the_hub_knows_who_is_connected(client: Client, hub: DeskHub) -> None:
    """A seat whose agent has no desk open can be told from one who has."""
    assert not hub.is_connected(ANNA)
    async with desk_of(client) as desk:
        await desk.hear()
        assert hub.is_connected(ANNA)


def test_a_withdrawn_offer_does_not_take_a_later_card(hub: DeskHub) -> None:
    """Withdrawing call A after call B was popped at the seat leaves B's card standing."""
    hub.pop(pop(CallId("node1-b")))
    hub.withdraw(WithdrawPop(seat=SEAT, call=CALL, offer=OfferId("o1")))
    view = replace(FakeBrain().seats[SEAT], agent=ANNA, state=AgentState.OFFERED, since=NOON)
    desk = hub.open(ANNA, view)
    assert '"call":"node1-b"' in desk._owed[0][0]
