"""After real calls nothing that is written down says who called, but where the manual says so."""

import json
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bench.phone import Softphone
from records.keyring import key_file
from tests.system.city import City, until
from tests.system.up import hotline

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

ANI, NAME, SPOKEN = "13847652307", "欧阳明珠", "一三八四七六五二三零七"
ID = "150404198203071526"
SECRETS = (ANI, NAME, SPOKEN, ID)
PLAIN = ("asterisk-run/log/cel-custom", "recordings", "redis")
"""What ``docs/operations.md`` says is not sealed: Asterisk's own event log, sound, and the live
state, which ends with the call."""

LISTS = ("work-orders", "calls", "callbacks")
COMMANDS = (("orders", "list", "--json"), ("calls", "list", "--json"))


def forms(secret: str) -> set[bytes]:
    """Every plain way in which it may have been written."""
    spaced = {secret, " ".join(secret), "-".join((secret[:3], secret[3:7], secret[7:]))}
    quoted = {json.dumps(one)[1:-1] for one in spaced}
    wide = {one.translate({ord("0") + n: ord("０") + n for n in range(10)}) for one in spaced}
    return {
        one.encode(code)
        for one in spaced | quoted | wide
        for code in ("utf-8", "utf-16-le", "gb18030")
    }


def said(kept: bytes) -> list[str]:
    """What must not stand there, and does."""
    return [secret for secret in SECRETS if any(form in kept for form in forms(secret))]


def betrayed(home: Path) -> Iterator[str]:
    """Which files say what they must not, and what of it."""
    for path in sorted(home.rglob("*")):
        name = path.relative_to(home).as_posix()
        if path.is_file() and not path.is_symlink() and not name.startswith(PLAIN):
            kept = path.read_bytes()
            for secret in said(kept):
                yield f"{name}: {secret}"


async def test_nothing_written_down_says_who_called(folder: Path, phones: Softphone) -> None:
    """Database, logs, addresses in them, metrics, and lists for others: no number, name or ID."""
    async with City(folder, seats=2, wrap_up_s=60.0) as city, city.phones(1, talk_s=1.0):
        await city.staff(1)
        host, port = city.target
        await phones.call("8337772", ani=ANI, host=host, port=port)
        await until(lambda: city.seat_states().get("1001") == "wrap-up", 10, "the wrap-up")
        (record,) = await city.records()
        url = f"{city.web}/api/v1"
        words = {
            "caller": {"name": NAME, "anonymous": True},
            "content": f"我叫{NAME}，电话{SPOKEN}，也就是{ANI}，身份证{ID}",
        }
        ours = {"Origin": city.web}
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            me = {"user": "agent1001", "password": city.password}
            assert (await session.post(f"{url}/session", json=me)).status < 300
            listed = await (await session.get(f"{url}/work-orders?call_id={record.call}")).json()
            [found] = listed["items"]
            order = f"{url}/work-orders/{found['id']}"
            assert (await session.patch(order, json=words, headers=ours)).status == 200
            shown = await (await session.get(order)).json()
            searched = await session.get(f"{url}/work-orders?from={ANI}")  # an address with it
            assert (await searched.json())["total"] == 1
            metrics = await (await session.get(f"{city.web}/metrics")).read()
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            me = {"user": "agent1002", "password": city.password}
            assert (await session.post(f"{url}/session", json=me)).status < 300
            lists = [await (await session.get(f"{url}/{of}")).read() for of in LISTS]
        printed = [hotline(city.settings, *words) for words in COMMANDS]
        assert (shown["caller"]["number"], shown["caller"]["name"]) == (ANI, NAME)
        assert all(found["id"].encode() in one for one in (lists[0], printed[0].stdout.encode()))
        told = [metrics, *lists, *((one.stdout + one.stderr).encode() for one in printed)]
        assert [said(one) for one in told] == [[] for _ in told]
        assert list(betrayed(city.settings.home)) == []
        seed = city.settings.home / "log" / "seed.log"
        seed.write_text(f"caller={ANI}\n", encoding="utf-8")
        assert list(betrayed(city.settings.home)) == [f"log/seed.log: {ANI}"]


async def test_a_call_is_answered_and_kept_while_the_keys_are_lost(
    folder: Path, phones: Softphone
) -> None:
    """The brain starts without them, says so, and writes the call when the file is back."""
    async with City(folder, seats=1, wrap_up_s=1.0) as city, city.phones(1, talk_s=1.0):
        await city.staff(1)
        host, port = city.target
        await phones.call("8337772", ani=ANI, host=host, port=port)
        await until(lambda: _has_ended(city, 1), 15, "the first call")
        path = key_file(city.settings)
        kept = path.read_text(encoding="ascii")
        await city.kill("brain")
        path.unlink()
        city.start("brain")
        await city.ready()
        await city.staff(1)
        call = await phones.call("8337772", ani=ANI, host=host, port=port)
        await call.connected()
        waiting = city.settings.home / "outbox.jsonl"
        await until(lambda: waiting.exists() and waiting.stat().st_size > 0, 15, "facts")
        await call.ended()
        assert len(await city.records()) == 1
        path.write_text(kept, encoding="ascii")
        await until(lambda: _has_ended(city, 2), 30, "the second call")


async def _has_ended(city: City, count: int) -> bool:
    found = await city.records()
    return len(found) == count and all(one.ended_at and one.talks for one in found)
