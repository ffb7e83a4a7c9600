"""Nuisance callers are refused by Asterisk alone, politely, and nobody in need ever is."""

import json
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.asterisk.caller import dial, heard_seconds
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually, time_of_day, write_tone

pytestmark = pytest.mark.asterisk

REFUSED_HZ = 1500
AN_HOUR_S = 3600


async def test_a_listed_caller_hears_the_polite_sentence_and_nothing_else(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> None:
    """No brain beats: the list stands in Asterisk, whatever way the number is shown."""
    write_tone(world.home / "sounds" / "zh" / "refused-politely.wav", REFUSED_HZ, 0.6)
    _list(world, "13900000801", time_of_day() + AN_HOUR_S)
    ear = tmp_path / "ear.wav"

    caller = await dial(world, phones, "12345", ani="8613900000801", record=ear)
    arrived = await tap.user_event("Arrived", Ani="8613900000801")
    ended = await caller.ended(5)

    assert (arrived["Route"], arrived["Prompt"]) == ("blocked", "")
    assert ended.by == "remote"
    assert heard_seconds(ear, REFUSED_HZ) > 0.4
    assert heard_seconds(ear, 440) == 0
    assert tap.said("Wait", Call=arrived["Call"]) == []
    await eventually("the mark", lambda: "route=blocked" in _marks(world, arrived["Call"]))


async def test_a_listing_ends_by_itself(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """After its end nobody is refused, though nobody took the number off."""
    _list(world, "13900000802", time_of_day() - 1)
    assert await _is_served(world, tap, phones, "12345", "13900000802")


async def test_another_centres_list_refuses_nobody_here(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Each centre decides about its own callers."""
    world.rx(f"database put nuisance/elsewhere 13900000803 {int(time_of_day()) + AN_HOUR_S}")
    assert await _is_served(world, tap, phones, "12345", "13900000803")


@pytest.mark.parametrize("dialled", ["110", "0476119", "122"])
async def test_who_asks_for_an_emergency_line_is_never_refused(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, dialled: str
) -> None:
    """However a trunk sends the number, with the area's code or without."""
    ani = f"139000008{dialled[-2:]}"
    _list(world, ani, time_of_day() + AN_HOUR_S)
    assert await _is_served(world, tap, phones, dialled, ani)


async def test_whom_an_emergency_line_hands_over_is_never_refused(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A call from such a line's exchange is known by its address, or by that and its port."""
    ani = "13900000805"
    _list(world, ani, time_of_day() + AN_HOUR_S)
    assert not await _is_served(world, tap, phones, "12345", ani)
    caller = await dial(world, phones, "12345", ani="13900000806")
    channel = (await tap.user_event("Arrived", Ani="13900000806"))["Channel"]
    source = await tap.ask("Getvar", Channel=channel, Variable="CHANNEL(pjsip,remote_addr)")
    await caller.hangup()
    for known, is_served in (
        ("127.0.0.1", True),
        (source["Value"], True),
        ("127.0.0.1:9", False),
    ):
        world.rx(f"database put emergency {known} 1")
        try:
            assert (known, await _is_served(world, tap, phones, "12345", ani)) == (known, is_served)
        finally:
            world.rx(f"database del emergency {known}")


def _list(world: AsteriskWorld, number: str, until: float) -> None:
    world.rx(f"database put nuisance/{world.profile.centre} {number} {int(until)}")


async def _is_served(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, dialled: str, ani: str
) -> bool:
    before = len(tap.said("Arrived", Ani=ani))
    caller = await dial(world, phones, dialled, ani=ani)
    arrived = await tap.user_event("Arrived", Ani=ani, after=before)
    await caller.hangup()
    return arrived["Route"] != "blocked"


def _marks(world: AsteriskWorld, call: str) -> str:
    lines = world.settings.cel_file.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    return " ".join(
        e["eventextra"] for e in events if e["accountcode"] == call and e["userdeftype"]
    )
