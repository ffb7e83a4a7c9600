"""The web edge on the real store: SQLite, real rows, real passwords, over a real socket."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from openpyxl import load_workbook
from sqlalchemy import select

from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.ids import AgentId, CallId, CentreId
from cti.web.app import make_app
from cti.web.desk import DeskHub
from cti.web.stats import WORKBOOK
from cti.webstore import WebStore
from records.accounts import Accounts, NameTaken, token_digest
from records.store import CallStore, RecordingFiles
from records.tables import audit
from tests.cti.web.conftest import Client, profile  # noqa: F401 - a fixture
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import CHIFENG, FakeBrain
from tests.cti.web.sample import ANI, CALL, SEGMENTS, call_record, draft_of, write_wav

PASSWORD = "一个很长的密码 1"


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[CallStore]:
    store = await CallStore.open(Settings(home=tmp_path).sql_url)
    yield store
    await store.close()


@pytest.fixture
async def client(
    kept: CallStore,
    tmp_path: Path,
    profile: Profile,  # noqa: F811 - pytest's way of asking for it
) -> AsyncIterator[Client]:
    settings = Settings(home=tmp_path)
    hub = DeskHub(Platform(centres=(profile,)))
    app = make_app(settings, FakeBrain(), WebStore(kept), hub, FakeLedger())
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield client


async def fill(kept: CallStore, home: Path) -> str:
    """A call that Anna took, its draft, words and sound; returns the order's id."""
    record = call_record()
    await kept.write_call(record)
    await kept.save_draft(CALL, draft_of(record), SEGMENTS)
    name = f"{CALL}.wav"
    write_wav(home / "recordings" / name, 1.0)
    await kept.write_recordings(
        [RecordingFiles(call=CALL, rx=None, tx=None, stereo=name, seconds=1.0)]
    )
    return draft_of(record).id


async def test_given_a_drafted_call_when_its_agent_corrects_it_then_the_correction_stays(
    kept: CallStore, client: Client, tmp_path: Path
) -> None:
    """Sign in, find, hear, read, correct, have the worker come again, submit."""
    order = await fill(kept, tmp_path)
    await Accounts(kept.database).add_person("anna", CHIFENG, "agent", PASSWORD)
    answer = await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    assert answer.status == 200
    ours = {"Origin": str(client.make_url("/")).rstrip("/")}
    found = await (await client.get(f"/api/v1/work-orders?from={ANI}")).json()
    assert [order] == [item["id"] for item in found["items"]]
    said = await (await client.get(f"/api/v1/calls/{CALL}/transcript")).json()
    assert len(SEGMENTS) == len(said["segments"])
    assert (await client.get(f"/api/v1/calls/{CALL}/recording")).status == 200
    path = f"/api/v1/work-orders/{order}"
    assert (await client.patch(path, json={"title": "供热"}, headers=ours)).status == 200
    assert await kept.save_draft(CALL, draft_of(call_record()), SEGMENTS)
    shown = await (await client.get(path)).json()
    assert (shown["title"], shown["demand_type"]) == ("供热", "complaint")
    submitted = await client.post(f"{path}/submit", headers=ours)
    assert (await submitted.json())["status"] == "submitted"
    assert not await kept.save_draft(CALL, draft_of(call_record()), SEGMENTS)
    assert (await client.get("/readyz")).status == 200


async def test_a_token_is_a_programs_key_until_withdrawn(kept: CallStore, client: Client) -> None:
    """Shown once, kept as a digest, worth nothing once withdrawn."""
    accounts = Accounts(kept.database)
    token = await accounts.create_token("bench", CHIFENG, "system")
    headers = {"Authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/calls", headers=headers)).status == 200
    account = await accounts.account_of_token(token_digest(token))
    assert account is not None
    assert (account.user, account.role) == ("bench", "system")
    assert await accounts.withdraw_token("bench")
    assert not await accounts.withdraw_token("bench")
    assert (await client.get("/api/v1/calls", headers=headers)).status == 401


async def test_people_are_added_once_blocked_and_let_in(kept: CallStore) -> None:
    """A second person of the same name is refused; a blocked one is not found."""
    accounts = Accounts(kept.database)
    await accounts.add_person("anna", CHIFENG, "agent", PASSWORD)
    with pytest.raises(NameTaken):
        await accounts.add_person("anna", CentreId("other"), "admin", PASSWORD)
    assert list(await accounts.people()) == [("anna", CHIFENG, "agent", True)]
    assert await accounts.block("anna")
    assert await accounts.account(AgentId("anna")) is None
    assert await accounts.block("anna", is_active=True)
    before = await accounts.account(AgentId("anna"))
    assert await accounts.change_password("anna", "another one")
    after = await accounts.account(AgentId("anna"))
    assert before is not None
    assert after is not None
    assert before.password_hash != after.password_hash
    assert not await accounts.change_password("nobody", "x")


async def test_another_centres_rows_stay_there(kept: CallStore, client: Client) -> None:
    """SQL rows of another centre are neither listed nor found."""
    there = call_record(CallId("node1-9.9"), centre=CentreId("hulunbuir"))
    await kept.write_call(there)
    token = await Accounts(kept.database).create_token("bench", CHIFENG, "system")
    headers = {"Authorization": f"Bearer {token}"}
    listed = await (await client.get("/api/v1/calls", headers=headers)).json()
    assert listed["items"] == []
    assert (await client.get("/api/v1/calls/node1-9.9", headers=headers)).status == 404


async def test_a_call_back_is_claimed_and_made(kept: CallStore, client: Client) -> None:
    """On real rows: listed, counted, claimed with its number and an audit row, tried, done."""
    lost = call_record(agent=None, at=datetime.now(UTC) - timedelta(hours=1))
    await kept.write_call(lost)
    accounts = Accounts(kept.database)
    anna, bao = [
        {"Authorization": f"Bearer {await accounts.create_token(name, CHIFENG, 'agent')}"}
        for name in ("anna", "bao")
    ]
    path = "/api/v1/callbacks"
    [listed] = (await (await client.get(f"{path}?open=true", headers=anna)).json())["items"]
    assert (listed["call_id"], listed["number"]) == (CALL, "*********01")
    held = await (await client.post(f"{path}/{CALL}/claim", headers=anna)).json()
    assert (held["state"], held["number"]) == ("claimed", ANI)
    counted = await (await client.get(f"{path}/count", headers=bao)).json()
    assert (counted["owed"], counted["claimed"]) == (0, 1)
    taken = await client.post(f"{path}/{CALL}/claim", headers=bao)
    assert (taken.status, (await taken.json())["error"]["id"]) == (409, "callback-taken")
    nowhere = await client.post(f"{path}/node1-9.9/claim", headers=anna)
    assert (nowhere.status, (await nowhere.json())["error"]["id"]) == (404, "callback-unknown")
    async with kept.database.reading() as connection:
        rows = (await connection.execute(select(audit))).all()
    assert [(row.who, row.what, row.data) for row in rows] == [
        ("anna", "callback-claimed", {"call": CALL})
    ]
    body = {"outcome": "answered"}
    done = await (await client.post(f"{path}/{CALL}/attempt", json=body, headers=anna)).json()
    assert (done["state"], done["attempts"][0]["agent"]) == ("done", "anna")
    again = await client.post(f"{path}/{CALL}/release", headers=anna)
    assert (again.status, (await again.json())["error"]["id"]) == (409, "callback-not-claimed")
    chief = await accounts.create_token("bench", CHIFENG, "system")
    told = await client.get("/api/v1/stats", headers={"Authorization": f"Bearer {chief}"})
    figures = (await told.json())["callbacks"]
    assert (figures["done"], figures["owed"]) == (1, 0)
    assert figures["callback_s"] == pytest.approx(3530, abs=20)


async def test_figures_come_as_json_and_as_a_spreadsheet(kept: CallStore, client: Client) -> None:
    """A centre's own calls of the stretch asked for; both forms tell the same."""
    answered = [call_record(CallId(f"node1-1.{n}")) for n in range(3)]
    given_up = call_record(CallId("node1-1.3"), agent=None)
    elsewhere = call_record(CallId("node1-9.9"), centre=CentreId("hulunbuir"))
    await kept.write_calls([*answered, given_up, elsewhere])
    token = await Accounts(kept.database).create_token("bench", CHIFENG, "system")
    headers = {"Authorization": f"Bearer {token}"}
    day = given_up.arrived_at
    asked = {
        "since": day.isoformat(),
        "until": (day + timedelta(hours=1)).isoformat(),
        "by": "line",
    }
    answer = await client.get("/api/v1/stats", params=asked, headers=headers)
    told = await answer.json()
    assert (told["whole"]["offered"], told["whole"]["connection_share"]) == (4, 0.75)
    assert [(row["row"], row["answered"]) for row in told["rows"]] == [("8337772", 3)]
    assert told["worst_24_h"]["connection_share"] == 0.75
    sheet = await client.get("/api/v1/stats/workbook", params=asked, headers=headers)
    assert sheet.content_type == WORKBOOK
    book = load_workbook(BytesIO(await sheet.read()))
    assert [cell.value for cell in book.worksheets[1][2]][:2] == ["8337772", 4]
    later = {**asked, "since": asked["until"], "until": asked["since"]}
    assert (await client.get("/api/v1/stats", params=later, headers=headers)).status == 422
    lately = await (await client.get("/api/v1/stats", headers=headers)).json()
    assert lately["by"] == "day"
