"""A desk that lost its socket hears what it missed, once and in order, from bounded memory."""

import asyncio
import json
import sys
from datetime import datetime, timedelta
from typing import Any

import pytest

from cti.effects import WithdrawPop
from cti.ids import AgentId, CallId, CentreId, OfferId
from cti.web.desk import DESKS_PER_AGENT, DeskHub
from cti.web.frames import QUEUE_LIMIT, Desk
from cti.web.streams import IDLE_FOR, IDLE_KEPT, KEPT_BYTES, KEPT_MESSAGES, Since, Stream, Streams
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON
from tests.cti.web.messages import heard, pop

ANNA = AgentId("anna")
SMALL = '"type":"move-gone","move":"m"}'


def numbers(texts: list[str] | None) -> list[int] | None:
    return None if texts is None else [json.loads(text)["seq"] for text in texts]


def test_what_was_missed_is_everything_after_that_number() -> None:
    """Nothing twice, nothing left out; nothing at all when nothing was missed."""
    stream = Stream(None)
    for _ in range(5):
        stream.say(SMALL, None)
    assert numbers(stream.missed(Since(stream.epoch, 3))) == [4, 5]
    assert numbers(stream.missed(Since(stream.epoch, 0))) == [1, 2, 3, 4, 5]
    assert stream.missed(Since(stream.epoch, 5)) == []


@pytest.mark.parametrize("since", [None, Since("another", 3), Since("", 3)])
def test_another_numbering_is_not_gone_on_with(since: Since | None) -> None:
    """Of another brain, of another role, or of none."""
    stream = Stream(None)
    for _ in range(5):
        stream.say(SMALL, None)
    assert stream.missed(since) is None
    assert stream.missed(Since(stream.epoch, 6)) is None  # what has not been said was not heard


@pytest.mark.parametrize("size", [10, 2_000, 60_000])
def test_what_is_kept_is_bounded(size: int) -> None:
    """In messages and in bytes, however many come and however large."""
    stream = Stream(None)
    for _ in range(2 * KEPT_MESSAGES):
        stream.say(f'"type":"{"x" * size}"}}', None)
    kept = list(stream._kept)
    assert len(kept) <= KEPT_MESSAGES
    assert sum(map(sys.getsizeof, kept)) == stream._bytes <= KEPT_BYTES
    oldest = stream.seq - len(kept)
    assert numbers(stream.missed(Since(stream.epoch, oldest))) == numbers(kept)
    assert stream.missed(Since(stream.epoch, oldest - 1)) is None


def test_streams_that_nobody_hears_are_forgotten() -> None:
    """After a while, and at once when they are too many: the longest idle first."""
    now = NOON

    def clock() -> datetime:
        return now

    streams = Streams(clock)

    def visit(name: str) -> None:
        agent = AgentId(name)
        streams.open(agent, None)
        streams.close(Desk(agent))

    for n in range(IDLE_KEPT + 3):
        visit(f"a{n}")
    assert [n for n in range(5) if streams.find(AgentId(f"a{n}")) is None] == [0, 1, 2]
    now += IDLE_FOR + timedelta(seconds=1)
    visit("late")
    assert streams.find(AgentId("a9")) is None
    assert streams.find(AgentId("late")) is not None


def test_another_role_is_another_stream(hub: DeskHub) -> None:
    """Whoever was made an agent is not given on what the supervisor was told."""
    before = hub.open(ANNA, None, CHIFENG)
    epoch = heard(before)[0]["epoch"]
    after = hub.open(ANNA, None, None, since=Since(epoch, 0))
    assert before.is_dropped
    assert (heard(after)[0]["type"], heard(after)[0]["desk"]["live"]) == ("snapshot", None)


def test_a_supervisor_who_comes_back_missed_no_figures(hub: DeskHub) -> None:
    """Also those that others were told meanwhile."""
    desk = hub.open(ANNA, None, CHIFENG)
    epoch = heard(desk)[0]["epoch"]
    hub.close(desk)
    assert hub.watched() == set()
    hub.show_live(CHIFENG, {"callbacks": {"owed": 1, "overdue": 0}})
    hub.show_live(CentreId("ningcheng"), {"callbacks": {"owed": 9, "overdue": 0}})
    again = heard(hub.open(ANNA, None, CHIFENG, since=Since(epoch, 0)))
    assert [one["type"] for one in again] == ["resumed", "live"]
    assert again[1]["live"] == {"callbacks": {"owed": 1, "overdue": 0}}


async def test_a_slow_reader_is_dropped_and_goes_on_without_a_hole(hub: DeskHub) -> None:
    """All that it was owed and did not get it gets when it comes back, and what came after."""
    desk = hub.open(ANNA, None)
    epoch, got = heard(desk)[0]["epoch"], []
    for n in range(QUEUE_LIMIT + 50):
        hub.tasks.withdraw(ANNA, CallId(str(n)))
        if n == 10:
            for _ in range(5):
                frame = await desk.take()
                assert frame is not None
                got.append(json.loads(frame[0])["seq"])
    assert (desk.is_dropped, hub.drops) == (True, 1)
    hub.close(desk)
    again = hub.open(ANNA, None, since=Since(epoch, got[-1]))
    hub.tasks.withdraw(ANNA, CallId("after"))
    assert not again.is_dropped
    first, *rest = heard(again)
    assert (first["type"], first["seq"]) == ("resumed", got[-1])
    assert [*got, *(one["seq"] for one in rest)] == list(range(QUEUE_LIMIT + 52))


async def first_of(client: Client, query: str) -> dict[str, Any]:
    async with client.ws_connect(f"/api/v1/desk?{query}", headers=bearer("anna")) as ws:
        async with asyncio.timeout(5):
            first: dict[str, Any] = await ws.receive_json()
        return first


async def test_a_page_goes_on_over_a_new_socket(client: Client, hub: DeskHub) -> None:
    """What happened while it was away comes first, numbered on."""
    epoch = (await first_of(client, "page=1"))["epoch"]
    hub.pop(pop())
    hub.withdraw(WithdrawPop(seat=pop().seat, call=pop().call, offer=OfferId("1")))
    query = f"page=1&since=0&epoch={epoch}"
    async with client.ws_connect(f"/api/v1/desk?{query}", headers=bearer("anna")) as ws:
        async with asyncio.timeout(5):
            told = [await ws.receive_json() for _ in range(3)]
    assert [(one["seq"], one["type"]) for one in told] == [
        *((0, "resumed"), (1, "pop"), (2, "withdraw")),
    ]
    assert (await first_of(client, "since=0&epoch=00"))["type"] == "snapshot"
    assert (await first_of(client, f"since=7&epoch={epoch}"))["type"] == "snapshot"


@pytest.mark.parametrize("query", ["since=-1", "since=x", "epoch=%27", "page=A%20B", "seat=1"])
async def test_nonsense_in_the_address_is_refused(client: Client, query: str) -> None:
    """As everywhere: what is wrong, and where."""
    headers = bearer("anna") | {"Upgrade": "websocket", "Connection": "Upgrade"}
    answer = await client.get(f"/api/v1/desk?{query}", headers=headers)
    assert answer.status == 422
    assert (await answer.json())["error"]["id"] == "invalid-query"


async def test_a_page_that_comes_back_has_one_socket(client: Client, hub: DeskHub) -> None:
    """A half-dead one of the same page is given up, and never keeps the page out."""
    async with client.ws_connect("/api/v1/desk?page=1", headers=bearer("anna")) as dead:
        await dead.receive_json()
        for n in range(2, DESKS_PER_AGENT + 1):
            hub.open(ANNA, None, page=str(n))
        assert (await first_of(client, "page=1"))["type"] == "snapshot"
        async with asyncio.timeout(5):
            assert (await dead.receive()).data == 1013
