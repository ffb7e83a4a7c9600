"""Other houses over HTTP, on the real store: cases and calls come in once, results go out."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from config.linkage import Handling, Linkage, LinkageKind
from config.peers import Peer
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.effects import WriteCall, WriteJournal
from cti.ids import CallId, CentreId
from cti.web.app import make_app
from cti.web.desk import DeskHub
from cti.webstore import WebStore
from records.accounts import Accounts
from records.store import CallStore
from tests.cti.web.conftest import Client
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import CHIFENG, FakeBrain
from tests.cti.web.sample import ANI, CALL, call_record

PATH = "/api/v1/linkage/110"
FIRE = "10.1.0.119"
AT = (datetime.now(UTC) - timedelta(minutes=3)).isoformat()
CASE = {
    "case": "JJ-2026/1122-7",
    "at": AT,
    "caller": ANI,
    "name": "王先生",
    "title": "邻居装修噪音",
    "content": "夜间装修，非警务类",
    "place": "红山区哈达街道",
    "demand_type": "complaint",
}


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[CallStore]:
    store = await CallStore.open(Settings(home=tmp_path).sql_url)
    store.has_interface = lambda _centre, _line: True
    yield store
    await store.close()


@pytest.fixture
async def client(kept: CallStore, tmp_path: Path, profile: Profile) -> AsyncIterator[Client]:
    police = Linkage(
        number="110", name="公安报警", kind=LinkageKind.EMERGENCY, handling=Handling.THREE_WAY
    )
    fire = police.model_copy(update={"number": "119", "name": "火警", "peer": "huojing"})
    there = Peer(id="huojing", name="火警", address=FIRE)
    known = {"linkage": (police, fire), "peers": (there,)}
    hub = DeskHub(Platform(centres=(profile.model_copy(update=known),)))
    settings = Settings(home=tmp_path)
    app = make_app(settings, FakeBrain(), WebStore(kept), hub, FakeLedger())
    accounts = Accounts(kept.database)
    token = await accounts.create_token("jinji", CHIFENG, "system")
    boss = await accounts.create_token("chief", CHIFENG, "supervisor")
    headers = {"Authorization": f"Bearer {token}", "X-Boss": f"Bearer {boss}"}
    async with TestClient(TestServer(app, access_log=None), headers=headers) as client:
        yield client


async def post(client: Client, path: str, **body: Any) -> tuple[int, Any]:
    answer = await client.post(path, json=body)
    return answer.status, await answer.json()


async def order(client: Client, id: str) -> Any:
    return await (await client.get(f"/api/v1/work-orders/{id}")).json()


async def test_a_case_becomes_one_work_order(client: Client) -> None:
    """201 the first time, 200 and the same each time after; otherwise told it is refused."""
    status, made = await post(client, f"{PATH}/cases", **CASE)
    again = await post(client, f"{PATH}/cases", **CASE)
    assert (status, again) == (201, (200, made))
    assert (made["number"], made["status"], made["result"]) == ("JJ-2026/1122-7", "draft", None)
    shown = await order(client, made["order"])
    assert shown["case"] == {"line": "110", "number": "JJ-2026/1122-7"}
    assert (shown["title"], shown["place"]["text"]) == ("邻居装修噪音", "红山区哈达街道")
    assert (shown["caller"]["number"], shown["dialled"]["name"]) == (ANI, "公安报警")
    status, told = await post(client, f"{PATH}/cases", **{**CASE, "content": "别的"})
    assert (status, told["error"]["id"]) == (409, "case-differs")


async def test_whoever_told_a_case_can_ask_how_it_stands(client: Client, kept: CallStore) -> None:
    """Nothing of the agent's until the order is handed in; then its result is owed, too."""
    rung: list[str] = []
    kept.on_owed = lambda: rung.append("owed")
    _, made = await post(client, f"{PATH}/cases", **CASE)
    boss = {"Authorization": client.session.headers["X-Boss"]}
    path = f"/api/v1/work-orders/{made['order']}"
    await client.patch(path, json={"content": "已联系物业", "decision": "accept"}, headers=boss)
    before = await (await client.get(f"{PATH}/cases/JJ-2026/1122-7")).json()
    assert (before["status"], before["result"]) == ("draft", None)
    assert (await client.post(f"{path}/submit", headers=boss)).status == 200
    after = await (await client.get(f"{PATH}/cases/JJ-2026/1122-7")).json()
    assert (after["status"], after["decision"]) == ("submitted", "accept")
    assert (after["result"], rung) == ("已联系物业", ["owed"])
    assert (await client.get(f"{PATH}/cases/nobody")).status == 404


async def test_a_call_taken_elsewhere_comes_home_and_stands_in_no_figure(
    client: Client, kept: CallStore
) -> None:
    """Its record and its order are kept; whoever counts our calls does not find it."""
    times = {"arrived_at": AT, "answered_at": AT, "ended_at": AT}
    status, made = await post(client, f"{PATH}/calls", id="S-9", title="咨询", **times)
    assert status == 201
    assert (await post(client, f"{PATH}/calls", id="S-9", title="咨询", **times))[0] == 200
    call = await (await client.get(f"/api/v1/calls/{made['call_id']}")).json()
    assert (call["direction"], call["disposition"]) == ("told", "answered")
    since = datetime.now(UTC) - timedelta(days=1)
    report = await WebStore(kept).report(CHIFENG, since, datetime.now(UTC), "day")
    assert (report.whole.offered, report.whole.answered) == (0, 0)
    assert await WebStore(kept).callbacks(centre=CHIFENG, is_open=None, limit=9, offset=0) == []


async def test_a_case_of_a_caller_who_was_put_through_stands_in_that_calls_order(
    client: Client, kept: CallStore
) -> None:
    """By the number in signalling. A call of ours that is named and not there is refused."""
    record = call_record()
    data = (("case", "JJ-2026/1122-7"), ("handed", "emergency"))
    line = WriteJournal(call=CALL, at=datetime.now(UTC), what="arrived", data=data)
    await kept.write_facts([WriteCall(record=record), line])
    _, made = await post(client, f"{PATH}/cases", **CASE)
    assert made["call_id"] == CALL
    shown = await order(client, made["order"])
    assert shown["case"] == {"line": "110", "number": "JJ-2026/1122-7"}
    status, told = await post(client, f"{PATH}/cases", **{**CASE, "case": "x", "call_id": "gone"})
    assert (status, told["error"]["id"]) == (404, "call-unknown")


async def test_an_answer_to_what_we_told_stands_in_the_order(
    client: Client, kept: CallStore
) -> None:
    """With their number; told twice it stands there once, and otherwise it is refused."""
    record = call_record()
    data = (("move", "m1"), ("target", "emergency:110"))
    line = WriteJournal(call=CALL, at=datetime.now(UTC), what="move-begun", data=data)
    await kept.write_facts([WriteCall(record=record), line])
    wish = {"key": "ahead-m1", "state": "done", "case": "JJ-9", "result": "已出警处置"}
    for _ in range(2):
        assert await post(client, f"{PATH}/answers", **wish) == (200, {"call_id": CALL})
    status, told = await post(client, f"{PATH}/answers", **{**wish, "result": "别的"})
    assert (status, told["error"]["id"]) == (409, "answer-differs")
    status, told = await post(client, f"{PATH}/answers", **{**wish, "key": "ahead-m2"})
    assert (status, told["error"]["id"]) == (404, "message-unknown")
    found = await kept.order_of(CallId(CALL))
    assert found is not None
    said = [piece.text for piece in found.draft.evidence if piece.field == "case"]
    assert said == ["公安报警已办结，对方编号JJ-9，已出警处置"]


@pytest.mark.parametrize(
    ("path", "change", "id"),
    [
        ("/api/v1/linkage/999/cases", {}, "house-unknown"),
        ("/api/v1/linkage/8337772/cases", {}, "house-unknown"),
        (f"{PATH}/cases", {"case": "a b"}, "invalid-body"),
        (f"{PATH}/cases", {"case": "x" * 41}, "invalid-body"),
        (f"{PATH}/cases", {"at": "2090-01-01T00:00:00Z"}, "invalid-body"),
        (f"{PATH}/cases", {"at": "2026-11-22T00:00:00"}, "invalid-body"),
        (f"{PATH}/cases", {"caller": "王先生"}, "invalid-body"),
        (f"{PATH}/cases", {"secret": "x"}, "invalid-body"),
        (f"{PATH}/calls", {}, "invalid-body"),
    ],
)
async def test_what_cannot_be_taken_is_refused(
    client: Client, kept: CallStore, path: str, change: dict[str, Any], id: str
) -> None:
    status, told = await post(client, path, **{**CASE, **change})
    assert (status >= 400, told["error"]["id"]) == (True, id)
    assert await kept.count_orders() == 0


async def test_times_of_a_call_come_in_their_order(client: Client) -> None:
    """Answered before it came, or ended before it was answered: nothing of it is believed."""
    early = (datetime.fromisoformat(AT) - timedelta(hours=1)).isoformat()
    for answered, ended in ((early, AT), (AT, early)):
        times = {"arrived_at": AT, "answered_at": answered, "ended_at": ended}
        status, told = await post(client, f"{PATH}/calls", id="S-9", **times)
        assert (status, told["error"]["id"]) == (422, "invalid-body")


async def test_a_house_of_another_centre_is_not_known(client: Client, kept: CallStore) -> None:
    """A token speaks for its own centre's houses only."""
    token = await Accounts(kept.database).create_token("other", CentreId("wuhai"), "system")
    headers = {"Authorization": f"Bearer {token}"}
    answer = await client.post(f"{PATH}/cases", json=CASE, headers=headers)
    assert (await answer.json())["error"]["id"] == "house-unknown"


async def test_another_houses_caller_is_not_meant_though_the_number_is_the_same(
    client: Client, kept: CallStore
) -> None:
    """110 neither writes into nor reads the order of whom 119 handed over."""
    came = (("case", CASE["case"]), ("from", FIRE))
    line = WriteJournal(call=CALL, at=datetime.now(UTC), what="arrived", data=came)
    await kept.write_facts([WriteCall(record=call_record()), line])
    status, told = await post(client, f"{PATH}/cases", **CASE)
    assert (status, told["call_id"][:5]) == (201, "told-")
    status, told = await post(client, "/api/v1/linkage/119/cases", **CASE)
    assert (status, told["call_id"]) == (201, CALL)
