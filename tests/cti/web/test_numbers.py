"""The ledger and its prompts over HTTP: what is asked of the ledger, and how it is answered."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from bench.wavetools import tone, write_wav
from config.faults import ProfileFaults
from cti.ids import CentreId
from cti.web.operations import Operation, Operations
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakeledger import ROW, WAITS_S, WRONG, Broken, FakeLedger
from tests.cti.web.fakes import NOON, FakeStore

ADMIN = bearer("admin")
PATH = "/api/v1/numbers"
RECORDING = "/api/v1/prompts/chifeng-12345/recording"


async def ask(
    client: Client, method: str, path: str, status: int = 200, **options: Any
) -> dict[str, Any]:
    """Ask as the administrator; the body of the answer, or its ``error``."""
    headers = {**ADMIN, **options.pop("headers", {})}
    answer = await client.request(method, path, headers=headers, **options)
    body: dict[str, Any] = await answer.json()
    assert (path, answer.status) == (path, status), body
    return body if status < 400 else body["error"]


async def test_the_table_has_a_tag_that_a_change_must_name(
    client: Client, ledger: FakeLedger
) -> None:
    """Of two administrators who read the same table, the second to write is told so."""
    answer = await client.get(PATH, headers=ADMIN)
    tag = answer.headers["ETag"]
    assert tag == f'"{(await answer.json())["tag"]}"'
    table = {"rows": [ROW]}
    assert (await ask(client, "PUT", PATH, 428, json=table))["id"] == "tag-missing"
    assert (await ask(client, "PUT", PATH, 428, json=table, headers={"If-Match": "*"}))["id"]
    first = await client.put(PATH, json=table, headers={**ADMIN, "If-Match": tag})
    assert first.status == 200
    assert first.headers["ETag"] != tag
    second = await ask(client, "PUT", PATH, 412, json=table, headers={"If-Match": tag})
    assert second["id"] == "table-changed"
    assert ledger.writers == ["admin"]


async def test_a_wrong_table_is_refused_with_every_fault(
    client: Client, ledger: FakeLedger
) -> None:
    """The answer names file, row, column, what is wrong and what to write instead."""
    row = {**ROW, "归并方式": "并入"}
    headers = {"If-Match": ledger.tag}
    error = await ask(client, "PUT", PATH, 422, json={"rows": [row]}, headers=headers)
    assert (error["id"], error["details"]) == ("profile-faults", {"faults": [asdict(WRONG)]})
    assert ledger.rows == [ROW]


@pytest.mark.parametrize("cell", ["市长\n热线", "市长\u2028热线", "a\x00b", "x" * 1001])
async def test_a_cell_is_one_short_line(client: Client, ledger: FakeLedger, cell: str) -> None:
    headers = {"If-Match": ledger.tag}
    table = {"rows": [{**ROW, "电话名称": cell}]}
    assert (await ask(client, "PUT", PATH, 422, json=table, headers=headers))["id"] == (
        "invalid-body"
    )


async def test_a_cell_may_hold_what_people_write(client: Client, ledger: FakeLedger) -> None:
    """Full-width spaces, no-break spaces and brackets: what was read may be written back."""
    row = {**ROW, "备注": "局\u3000办\u00a0（甲）"}
    await ask(client, "PUT", PATH, json={"rows": [row]}, headers={"If-Match": ledger.tag})
    assert ledger.rows == [row]


async def test_a_large_table_is_taken(client: Client, ledger: FakeLedger) -> None:
    """10,000 rows are more than what other bodies may have."""
    headers = {"If-Match": ledger.tag}
    shown = await ask(client, "PUT", PATH, json={"rows": [ROW] * 10_000}, headers=headers)
    assert len(shown["rows"]) == 10_000


async def test_an_import_is_only_looked_at_unless_it_is_to_be_written(
    client: Client, ledger: FakeLedger
) -> None:
    file: dict[str, Any] = {
        "data": "序号,部门\n".encode("gb18030"),
        "headers": {"Content-Type": "text/csv"},
    }
    shown = await ask(client, "POST", f"{PATH}/import?name=表.csv", **file)
    assert (shown["is_written"], shown["notes"]) == (False, ["表.csv：表头在第 1 行"])
    assert ledger.writers == []
    part = await ask(client, "POST", f"{PATH}/import?name=表.csv&part=true", **file)
    assert (shown["notes"][1:], part["notes"][1:]) == ([], ["其余保持不变"])
    error = await ask(client, "POST", f"{PATH}/import?write=true", 428, **file)
    assert error["id"] == "tag-missing"
    file["headers"] = {"Content-Type": "text/csv", "If-Match": ledger.tag}
    assert (await ask(client, "POST", f"{PATH}/import?write=true", **file))["is_written"] is True


async def test_a_file_of_another_kind_or_too_large_is_refused(client: Client) -> None:
    """415 and 413, before anything looks into it."""
    words: dict[str, Any] = {"data": b"x", "headers": {"Content-Type": "text/html"}}
    assert (await ask(client, "POST", f"{PATH}/import", 415, **words))["id"] == (
        "unsupported-media-type"
    )
    large: dict[str, Any] = {"data": b"x" * 4_000_001, "headers": {"Content-Type": "text/csv"}}
    assert (await ask(client, "POST", f"{PATH}/import", 413, **large))["id"] == "too-large"


async def test_a_call_is_explained_and_its_number_stays_covered(
    client: Client, ledger: FakeLedger
) -> None:
    """The caller's number comes in the body and leaves masked."""
    asked = {"dialled": "8337772", "from": "13847652301", "at": "2026-10-01T03:00:00+08:00"}
    shown = await ask(client, "POST", f"{PATH}/explain", json=asked)
    assert shown["from"] == "*********01"
    [question] = ledger.asked
    assert (question.ani, question.at and question.at.isoformat()) == (
        "13847652301",
        "2026-10-01T03:00:00+08:00",
    )
    for wrong in ({"dialled": ""}, {"dialled": "市长"}, {"dialled": "1", "at": "2026-10-01T03:00"}):
        assert (await ask(client, "POST", f"{PATH}/explain", 422, json=wrong))["id"]
    asked = {"dialled": "1", "revision": "7"}
    assert (await ask(client, "POST", f"{PATH}/explain", 404, json={**asked, "revision": 7}))["id"]


async def test_an_apply_answers_with_what_it_made(client: Client, ledger: FakeLedger) -> None:
    made = await ask(client, "POST", f"{PATH}/apply", json={"why": "市政府批复"})
    assert (made["state"], made["revision"]["number"], made["revision"]["why"]) == (
        "done",
        1,
        "市政府批复",
    )
    assert made["steps"] == [{"what": "提示音", "done": 2, "total": 2}]
    back = await ask(client, "POST", f"{PATH}/rollback", json={"revision": 1})
    assert (back["revision"]["kind"], back["revision"]["of"]) == ("rollback", 1)
    items = (await ask(client, "GET", f"{PATH}/history"))["items"]
    assert [item["number"] for item in items] == [2, 1]
    assert (await ask(client, "POST", f"{PATH}/rollback", 404, json={"revision": 9}))["id"] == (
        "revision-unknown"
    )


@pytest.mark.parametrize(
    ("refusal", "status", "id"),
    [
        (ProfileFaults([WRONG]), 422, "profile-faults"),
        (Broken("Asterisk says no"), 502, "dialplan-refused"),
        (ZeroDivisionError("13847652301"), 500, "internal-error"),
    ],
)
async def test_a_refused_apply_says_why(
    client: Client, ledger: FakeLedger, refusal: Exception, status: int, id: str
) -> None:
    """A fault of ours tells nothing of itself; the next apply may begin."""
    ledger.refusal = refusal
    error = await ask(client, "POST", f"{PATH}/apply", status, json={})
    assert error["id"] == id
    assert "13847652301" not in str(error)
    ledger.refusal = None
    assert (await ask(client, "POST", f"{PATH}/apply", json={}))["state"] == "done"


async def test_a_second_apply_meanwhile_is_refused_and_names_the_first(
    client: Client, ledger: FakeLedger
) -> None:
    """It goes on by itself, also when whoever asked for it is gone; its progress can be read."""
    ledger.is_held.clear()
    async with asyncio.TaskGroup() as group:
        first = group.create_task(ask(client, "POST", f"{PATH}/apply", json={}))
        assert await asyncio.to_thread(ledger.is_at_it.wait, WAITS_S)
        error = await ask(client, "POST", f"{PATH}/apply", 409, json={})
        assert (error["id"], error["details"]["who"]) == ("operation-under-way", "admin")
        where = f"{PATH}/operations/{error['details']['operation']}"
        running = await ask(client, "GET", where)
        assert (running["state"], running["steps"]) == (
            "running",
            [{"what": "提示音", "done": 1, "total": 2}],
        )
        first.cancel()
    ledger.is_held.set()
    async with asyncio.timeout(5):
        while (over := await ask(client, "GET", where))["state"] == "running":  # noqa: ASYNC110 - as a page asks
            await asyncio.sleep(0.01)
    assert (over["state"], over["revision"]["number"]) == ("done", 1)
    unknown = await ask(client, "GET", f"{PATH}/operations/{'0' * 16}", 404)
    assert unknown["id"] == "operation-unknown"


async def test_work_that_takes_long_is_answered_with_where_to_ask(ledger: FakeLedger) -> None:
    """202 with an address, and the refusal is there when it is over."""
    operations = Operations(wait_s=0.05)
    ledger.is_held.clear()
    ledger.refusal = Broken("no")
    operation = operations.start(
        "apply", "admin", lambda tell: ledger.apply(who="admin", why="", tell=tell)
    )
    answer = await operations.answer(operation)
    assert (answer.status, answer.headers["Location"]) == (
        202,
        f"{PATH}/operations/{operation.id}",
    )
    ledger.is_held.set()
    async with asyncio.timeout(5):
        await operation.over.wait()
    shown = operation.shown()
    assert (shown.state, (shown.error or {})["id"]) == ("refused", "dialplan-refused")


async def test_only_the_last_operations_are_kept(ledger: FakeLedger) -> None:
    """And of each a bounded number of steps."""
    operations = Operations()
    ids = []
    for _ in range(101):
        operation = operations.start("apply", "a", lambda tell: ledger._add("a", "", "apply", None))
        await operation.over.wait()
        ids.append(operation.id)
    assert operations.find(ids[1]).id == ids[1]
    with pytest.raises(Exception, match="operation-unknown"):
        operations.find(ids[0])
    chatty = Operation("x", "apply", "a", NOON)
    for count in range(60):
        chatty.told(f"step {count}", 1, 1)
    assert len(chatty.shown().steps) == 50


async def test_another_centre_is_for_home_alone(
    client: Client, store: FakeStore, ledger: FakeLedger
) -> None:
    """Home's administrator may name a centre; another's sees and changes its own, applies none."""
    store.add("far", "admin", CentreId("hulunbuir"))
    theirs = bearer("far")
    for method, path in (("GET", f"{PATH}?centre=chifeng"), ("POST", f"{PATH}/apply")):
        body: dict[str, Any] = {"json": {}} if method == "POST" else {}
        error = await ask(client, method, path, 403, headers=theirs, **body)
        assert error["id"] == "home-only"
    assert (await ask(client, "GET", PATH, 404, headers=theirs))["id"] == "centre-unknown"
    assert (await ask(client, "GET", f"{PATH}?centre=chifeng"))["centre"] == "chifeng"
    assert (await ask(client, "GET", f"{PATH}?centre=nowhere", 404))["id"] == "centre-unknown"
    assert ledger.revisions == []


async def test_who_may_open_which_centres_tables(client: Client, store: FakeStore) -> None:
    """Home's people all of them, everybody else their own."""
    store.add("far", "admin", CentreId("hulunbuir"))

    async def named(user: str) -> list[str]:
        found = await ask(client, "GET", f"{PATH}/centres", headers=bearer(user))
        return [one["centre"] for one in found["items"]]

    assert await named("admin") == ["chifeng", "hulunbuir"]
    assert await named("far") == ["hulunbuir"]


async def test_the_ledger_is_checked_and_planned(client: Client) -> None:
    assert (await ask(client, "GET", f"{PATH}/check"))["faults"][0]["instead"] == "整体并入"
    assert (await ask(client, "POST", f"{PATH}/plan"))["changes"][0]["text"] == "新增市长热线"


async def test_a_prompt_is_heard_recorded_and_spoken_again(
    client: Client, ledger: FakeLedger, tmp_path: Path
) -> None:
    [prompt] = (await ask(client, "GET", "/api/v1/prompts"))["items"]
    assert (prompt["id"], prompt["is_made"]) == ("chifeng-12345", False)
    audio = f"/api/v1/prompts/{prompt['id']}/audio"
    assert (await ask(client, "GET", audio, 404))["id"] == "prompt-not-made"
    ledger.sound = tmp_path / "prompt.wav"
    write_wav(ledger.sound, tone(440, 0.2))
    heard = await client.get(audio, headers=ADMIN)
    assert (heard.status, heard.content_type) == (200, "audio/wav")
    assert await heard.read() == ledger.sound.read_bytes()

    sound: dict[str, Any] = {"data": b"ID3...", "headers": {"Content-Type": "audio/mpeg"}}
    assert (await ask(client, "PUT", RECORDING, **sound))["is_recorded"] is True
    assert ledger.recorded["chifeng-12345"].name == "chifeng-12345.mp3"
    assert (await ask(client, "DELETE", RECORDING))["is_recorded"] is False
    empty: dict[str, Any] = {"data": b"", "headers": {"Content-Type": "audio/mpeg"}}
    assert (await ask(client, "PUT", RECORDING, 422, **empty))["details"] == {"why": "空文件"}
    other = RECORDING.replace("12345", "99999")
    assert (await ask(client, "DELETE", other, 404))["id"] == "prompt-unknown"
