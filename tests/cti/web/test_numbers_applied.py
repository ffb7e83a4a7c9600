"""The ledger over HTTP on real files: from a sheet into force and back, as a page would do it."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bench.manylines import write_sounds
from bench.wavetools import tone, write_wav
from config.settings import CHECKOUT, Settings
from cti.ledger import CityLedger
from cti.prompting import today, wanted
from cti.web.app import make_app
from cti.web.desk import DeskHub
from tests.asterisk.world import find_root
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore

MAYOR = "8337772"
PATH = "/api/v1/numbers"


@pytest.fixture
def city(tmp_path: Path) -> Settings:
    """Chifeng's tables in a directory of their own; no Asterisk runs."""
    chifeng = CHECKOUT / "config" / "profiles" / "chifeng"
    directory = shutil.copytree(chifeng, tmp_path / "city")
    return Settings(home=tmp_path / "home", profile=str(directory), asterisk_root=find_root())


@pytest.fixture
async def page(
    city: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> AsyncIterator[Client]:
    """The application with the real ledger behind it."""
    app = make_app(city, brain, store, hub, CityLedger(city))
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield client


def make_sounds(city: Settings) -> None:
    """Put a sound under the name of every prompt of the working copy."""
    prompts = wanted(CityLedger(city).working(), today())
    write_sounds(city, (prompt.name for prompt in prompts))


async def ask(client: Client, method: str, path: str, **options: Any) -> dict[str, Any]:
    """Ask as the administrator; what is refused fails."""
    headers = {**bearer("admin"), **options.pop("headers", {})}
    answer = await client.request(method, path, headers=headers, **options)
    body: dict[str, Any] = await answer.json()
    assert answer.status == 200, body
    return body


async def test_a_table_goes_from_the_page_into_force_and_back(page: Client, city: Settings) -> None:
    """Edit, plan, explain, apply, look back, roll back; a call is explained by each in turn."""
    make_sounds(city)
    first = await ask(page, "POST", f"{PATH}/apply", json={"why": "首次"})
    assert (first["revision"]["number"], first["revision"]["who"]) == (1, "admin")
    assert [step["what"] for step in first["steps"]][:2] == ["锁定，别人不能同时应用", "读取并检查"]

    shown = await ask(page, "GET", PATH)
    assert (shown["in_force"], shown["is_applied"], len(shown["rows"])) == (1, True, 36)
    ends = str(today() + timedelta(days=30))
    rows = [{**r, "过渡结束": ends} if r["电话号码"] == MAYOR else r for r in shown["rows"]]
    headers = {"If-Match": f'"{shown["tag"]}"'}
    put = await ask(page, "PUT", PATH, json={"rows": rows}, headers=headers)
    assert next(line for line in put["lines"] if line["number"] == MAYOR)["ends"] == ends
    planned = await ask(page, "POST", f"{PATH}/plan")
    assert {change["what"] for change in planned["changes"]} >= {MAYOR}

    make_sounds(city)
    late = f"{today() + timedelta(days=60)}T09:00:00+08:00"
    asked = {"dialled": MAYOR, "from": "13847652301", "at": late}
    await ask(page, "POST", f"{PATH}/apply", json={})
    await ask(page, "POST", f"{PATH}/rollback", json={"revision": 1, "why": "有误"})
    states = {
        revision: (await ask(page, "POST", f"{PATH}/explain", json={**asked, "revision": revision}))
        for revision in (2, 0)
    }
    assert [states[n]["line"]["state"] for n in (2, 0)] == ["cancelled", "transition"]
    assert states[0]["revision"] == 3
    items = (await ask(page, "GET", f"{PATH}/history"))["items"]
    assert [(one["number"], one["kind"], one["is_in_force"]) for one in items] == [
        (3, "rollback", True),
        (2, "apply", False),
        (1, "apply", False),
    ]
    assert (await ask(page, "GET", f"{PATH}/check"))["is_right"] is True


async def test_a_sheet_and_a_recording_come_in(page: Client, city: Settings) -> None:
    """GB 18030 with full-width digits; a recording that counts once it is applied."""
    sheet = f"部门,电话名称,电话号码,归并方式\n市政府办公室,市长热线,０４７６－{MAYOR},双号并行\n"
    shown = await ask(
        page,
        "POST",
        f"{PATH}/import?name=清单.csv",
        data=sheet.encode("gb18030"),
        headers={"Content-Type": "text/csv"},
    )
    assert (shown["is_written"], shown["rows"][0]["电话号码"]) == (False, MAYOR)
    assert any("从号码表中去掉" in note for note in shown["notes"])

    sound = write_wav(city.home.parent / "own.wav", tone(440, 1.0)).read_bytes()
    prompt = "chifeng-12345"
    headers = {"Content-Type": "audio/wav"}
    path = f"/api/v1/prompts/{prompt}/recording"
    recorded = await ask(page, "PUT", path, data=sound, headers=headers)
    assert recorded["is_recorded"] is True
    make_sounds(city)
    heard = await page.get(f"/api/v1/prompts/{prompt}/audio", headers=bearer("chief"))
    assert (heard.status, heard.content_type) == (200, "audio/wav")
    bad = await page.put(path, data=b"noise", headers={**bearer("admin"), **headers})
    assert bad.status == 422
    assert "无法读取" in (await bad.json())["error"]["details"]["why"]
