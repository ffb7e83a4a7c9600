"""The net under the brain: callers reach people though nobody decides for them."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.phone import Softphone
from config.render import etc
from tests.asterisk.caller import dial, seat_phone, wait_in_line
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually

pytestmark = pytest.mark.asterisk

QUEUE = "fallback-chifeng"
LATE_S = 1.0
"""What a busy machine's telephone may take to ring."""


async def test_given_a_waiting_caller_when_the_brain_dies_then_a_seat_rings_within_5_s(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """With a heartbeat the caller stays in the wait; it stops, and a signed-in seat rings."""
    seat = await seat_phone(world, phones, "1011")
    await _sign_in(tap, "1011", "anna")
    caller = await wait_in_line(world, tap, phones, "13900000301")
    for _ in range(5):
        await tap.beat()
        await asyncio.sleep(1)
    assert tap.said("Fallback", Call=caller.call) == []

    await tap.beat()
    died = time.monotonic()
    ringing = await seat.incoming(8)
    took = time.monotonic() - died
    fallen = await tap.user_event("Fallback", Call=caller.call)
    await ringing.answer()
    await asyncio.sleep(0.5)
    await ringing.hangup()
    ended = await caller.phone.ended(5)
    await _sign_out(tap, "1011")

    assert 2.5 < took < 5.0 + LATE_S
    assert (fallen["Centre"], fallen["Since"]) == ("chifeng", caller.since)
    assert ended.by == "remote"
    assert tap.said("SeatLost", Call=caller.call) == []


async def test_a_seat_lost_in_the_fallback_gives_the_caller_back(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Nobody hung up: the caller goes back to the wait, and so to the queue again."""
    seat = await seat_phone(world, phones, "1012")
    await _sign_in(tap, "1012", "ben")
    await tap.beat(stale=True)
    phone = await dial(world, phones, "12350", ani="13900000302")
    ringing = await seat.incoming()
    fallen = await tap.user_event("Fallback")
    call = fallen["Call"] if fallen["CallerIDNum"] == "13900000302" else ""
    call = call or (await tap.user_event("Wait", Ani="13900000302"))["Call"]
    await ringing.answer()
    await eventually("the talk", lambda: _seat_leg(tap, call, "1012") is not None)
    await tap.ask("Hangup", Channel=_seat_leg(tap, call, "1012") or "")
    await tap.user_event("SeatLost", Call=call)
    await _sign_out(tap, "1012")

    assert not phone.is_over
    await phone.hangup()


async def test_the_longest_waiting_is_first_in_the_fallback(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A caller who waited longer stands before those who fell back earlier."""
    await tap.beat(stale=True)
    young = await dial(world, phones, "12345", ani="13900000303")
    await tap.user_event("Fallback", CallerIDNum="13900000303")
    old = await wait_in_line(world, tap, phones, "13900000304")
    await tap.ask("Setvar", Channel=old.channel, Variable="SINCE", Value=str(int(old.since) - 99))
    await tap.beat(stale=True)
    await tap.user_event("Fallback", Call=old.call)
    await eventually("both in the queue", lambda: _joined(tap) >= {"13900000303", "13900000304"})
    await tap.ask("QueueStatus", Queue=QUEUE)
    await eventually("the status", lambda: len(_entries(tap)) >= 2)

    assert _entries(tap)["1"] == "13900000304"
    await young.hangup()
    await old.phone.hangup()


async def test_an_adopted_caller_keeps_its_place(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Redirected out of the queue by a brain come back, the caller waits on from where it was."""
    caller = await wait_in_line(world, tap, phones, "13900000305")
    await tap.beat(stale=True)
    await tap.user_event("Fallback", Call=caller.call)
    await tap.beat()
    answer = await tap.ask(
        "Redirect", Channel=caller.channel, Context="wait", Exten="s", Priority="1"
    )
    again = await tap.user_event("Wait", Call=caller.call, after=1)

    assert answer["Response"] == "Success"
    assert again["Since"] == caller.since
    await caller.phone.hangup()


async def test_an_agent_who_does_not_answer_does_not_hold_up_the_queue(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Somebody left without signing out; the next in the round rings, not the same phone again."""
    rung = [await seat_phone(world, phones, extension) for extension in ("1014", "1015")]
    for extension in ("1014", "1015"):
        await _sign_in(tap, extension, f"agent{extension}")
    await tap.beat(stale=True)
    with _ring_s(world, 2):
        caller = await dial(world, phones, "12345", ani="13900000306")
        came = [(await seat.incoming(9)).ani for seat in rung]
    for extension in ("1014", "1015"):
        await _sign_out(tap, extension)
    await caller.hangup()

    assert came == ["13900000306", "13900000306"]


async def test_members_survive_a_killed_asterisk(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """``kill -9`` of Asterisk: who was signed in is still a member after the start."""
    await _sign_in(tap, "1013", "carl")
    await asyncio.sleep(1.6)  # astdb writes once a second
    world.kill()
    world.start()
    async with AmiTap(world) as again:
        await again.ask("QueueStatus", Queue=QUEUE)
        await eventually(
            "the member",
            lambda: any(e.get("Name") == "carl" for e in again.events),
        )
        await _sign_out(again, "1013")


@contextmanager
def _ring_s(world: AsteriskWorld, seconds: int) -> Iterator[None]:
    """Let the fall-back queue ring that long, so that the test need not wait for the real time."""
    file = etc(world.settings) / "queues.conf"
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(re.sub(r"(?m)^timeout = \d+$", f"timeout = {seconds}", text), "utf-8")
        world.rx("queue reload parameters")
        yield
    finally:
        file.write_text(text, encoding="utf-8")
        world.rx("queue reload parameters")


async def _sign_in(tap: AmiTap, extension: str, agent: str) -> None:
    phone = f"PJSIP/chifeng-{extension}"
    answer = await tap.ask(
        "QueueAdd", Queue=QUEUE, Interface=phone, MemberName=agent, StateInterface=phone
    )
    assert answer["Response"] == "Success", answer


async def _sign_out(tap: AmiTap, extension: str) -> None:
    await tap.ask("QueueRemove", Queue=QUEUE, Interface=f"PJSIP/chifeng-{extension}")


def _seat_leg(tap: AmiTap, call: str, extension: str) -> str | None:
    for event in tap.events:
        is_seat = f"chifeng-{extension}-" in event.get("Channel", "")
        if event.get("Event") == "BridgeEnter" and event.get("AccountCode") == call and is_seat:
            return event["Channel"]
    return None


def _joined(tap: AmiTap) -> set[str]:
    return {e["CallerIDNum"] for e in tap.events if e.get("Event") == "QueueCallerJoin"}


def _entries(tap: AmiTap) -> dict[str, str]:
    return {e["Position"]: e["CallerIDNum"] for e in tap.events if e.get("Event") == "QueueEntry"}
