"""A city's files with mistakes in them, given to the real commands and to a running service."""

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.phone import Softphone
from config.profile import NUMBERS, PROFILE, SEATS
from config.render import secret
from config.settings import Settings
from cti.ids import seat_id
from tests.system.city import City, until
from tests.system.evidence import all_settled
from tests.system.numberstable import with_line
from tests.system.up import hotline, installation, nothing_left

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]


@dataclass(frozen=True)
class Mistake:
    """What somebody did to a file, and what they are told: where, what, and what to write."""

    name: str
    file: str
    spoil: Callable[[str], str]
    told: tuple[str, ...]


def replaced(old: str, new: str) -> Callable[[str], str]:
    def spoil(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return spoil


def added(*rows: str) -> Callable[[str], str]:
    return lambda text: text.rstrip("\n") + "\n" + "\n".join(rows) + "\n"


FIRST = "1,市政府办公室,市长热线,8337772,整体并入"
MISTAKES = (
    Mistake(
        "unreadable",
        PROFILE,
        replaced('city = "', "city = "),
        ("profile.toml 第", "不是有效的TOML", "请改为：每行写成：名称 = 值"),
    ),
    Mistake(
        "no-text",
        NUMBERS,
        lambda text: "\0" + text,
        ("numbers.csv：无法读取（不是文本文件）", "请改为：另存为UTF-8编码的文本文件"),
    ),
    Mistake(
        "missing-column",
        NUMBERS,
        replaced("归并方式", "方式"),
        ("numbers.csv 第1行「归并方式」列：缺少「归并方式」列", "请改为：表头：部门,电话名称"),
    ),
    Mistake(
        "unknown-mode",
        NUMBERS,
        replaced(FIRST, FIRST.replace("整体并入", "整体合并")),
        ("numbers.csv 第2行「归并方式」列：没有「整体合并」这种归并方式", "请改为：整体并入"),
    ),
    Mistake(
        "two-modes",
        NUMBERS,
        added("99,市政府办公室,市长信箱,8337772,双号并行"),
        ("「归并方式」列：号码8337772在第2行是「整体并入」", "请改为：整体并入"),
    ),
    Mistake(
        "two-destinations",
        NUMBERS,
        added(
            "98,医保局,甲,8999991,设分中心,保留,shuiwu,8111",
            "99,医保局,乙,8999991,设分中心,保留,shuiwu,8222",
        ),
        ("「转接号码」列：号码8999991在第", "是「8111」，这里是「8222」", "请改为：8111"),
    ),
)
EACH = pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.name)


def make(settings: Settings, mistake: Mistake) -> None:
    """Spoil the file."""
    file = Path(settings.profile) / mistake.file
    file.write_text(mistake.spoil(file.read_text(encoding="utf-8")), encoding="utf-8")


@EACH
def test_a_mistake_is_named_with_its_place_and_its_remedy(folder: Path, mistake: Mistake) -> None:
    """``hotline numbers check`` and ``hotline up`` refuse and say the same; nothing starts."""
    settings = installation(folder)
    assert hotline(settings, "numbers", "check").returncode == 0
    make(settings, mistake)
    for words in (("numbers", "check"), ("up",)):
        refused = hotline(settings, *words)
        assert (refused.returncode, refused.stdout) == (1, ""), refused
        for told in mistake.told:
            assert told in refused.stderr, refused.stderr
        assert "Traceback" not in refused.stderr
    assert not list((settings.home / "run").glob("*.pid"))


async def test_a_running_service_keeps_the_last_good_profile(
    folder: Path, phones: Softphone
) -> None:
    """Each mistake is refused on SIGHUP and said; calls go on as before."""
    async with City(folder, seats=1) as city:
        plan = city.rx("dialplan show from-trunk")
        for count, mistake in enumerate(MISTAKES, 1):
            file = Path(city.settings.profile) / mistake.file
            good = file.read_bytes()
            make(city.settings, mistake)
            os.kill(city.pid("brain"), signal.SIGHUP)
            await until(lambda n=count: len(_refusals(city)) == n, 10, mistake.name)  # type: ignore[misc]
            for told in mistake.told:
                assert told in _refusals(city)[-1]
            file.write_bytes(good)
        assert city.rx("dialplan show from-trunk") == plan
        host, port = city.target
        caller = await phones.call("8337772", ani="13900000123", host=host, port=port)
        await caller.connected()
        await caller.hangup()
        await until(lambda: _has_ended(city), 15, "the call's record")
        assert [record.line for record in await city.records()] == ["8337772"]
    await nothing_left(city.settings)


def _refusals(city: City) -> list[str]:
    lines = city.logs()["brain.log"].splitlines()
    return [line for line in lines if "profile refused, the last good one is kept" in line]


async def _has_ended(city: City) -> bool:
    records = await city.records()
    return bool(records) and all(record.ended_at is not None for record in records)


@pytest.mark.speech
async def test_a_good_change_is_taken_over_while_calls_go_on(
    folder: Path, phones: Softphone
) -> None:
    """A new number is spoken, dialled and booked; a new seat's phone registers; nobody is cut."""
    async with City(folder, seats=1, workers=1) as city:
        host, port = city.target
        before = await phones.call("8337772", ani="13900000124", host=host, port=port)
        await before.connected()
        profile = Path(city.settings.profile)
        numbers, seats = profile / NUMBERS, profile / SEATS
        text = numbers.read_text(encoding="utf-8")
        numbers.write_text(with_line(text, "8990001", name="体育场馆咨询电话"), encoding="utf-8")
        seats.write_text(
            added("1002,座席二,通用,话务员")(seats.read_text(encoding="utf-8")), encoding="utf-8"
        )
        os.kill(city.pid("brain"), signal.SIGHUP)
        await until(
            lambda: '"event": "profile taken over"' in city.logs()["brain.log"], 60, "taken over"
        )
        [sound] = (city.settings.home / "sounds" / "zh").glob("*-8990001-transition-*.wav")
        assert sound.stat().st_size > 8000

        new = seat_id(city.profile.centre, "1002")
        await phones.register(new, secret(city.settings, f"seat-{new}"), host, port)
        after = await phones.call("8990001", ani="13900000125", host=host, port=port)
        await after.connected()
        await asyncio.sleep(1)
        assert not before.is_over
        await after.hangup()
        await before.hangup()
        await all_settled(city, 2)
        found = {order.draft.dialled.number: order.draft.dialled for order in await city.orders()}
        assert found["8990001"].name == "体育场馆咨询电话"
        assert found["8337772"].name == "市长热线"
        assert _refusals(city) == []


async def test_another_centre_is_another_hotline(folder: Path) -> None:
    """Seats, queues and rows carry the centre's name, so a running service never changes it."""
    async with City(folder, seats=1) as city:
        file = Path(city.settings.profile) / PROFILE
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace('"chifeng"', '"tongliao"', 1), encoding="utf-8")
        os.kill(city.pid("brain"), signal.SIGHUP)
        await until(lambda: len(_refusals(city)) == 1, 10, "refused")
        assert "需要停止后重新启动" in _refusals(city)[0]
