"""The question after the talk, asked by the real Asterisk and answered by keys of a real phone."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from tests.asterisk.caller import Waiting, heard_seconds, logged, seat_phone, wait_in_line
from tests.asterisk.tap import AmiTap
from tests.asterisk.test_keeping import _move_carrier as move_carrier
from tests.asterisk.test_keeping import town
from tests.asterisk.world import (
    AsteriskWorld,
    eventually,
    time_of_day,
    write_tone,
)

pytestmark = pytest.mark.asterisk

ASKED_HZ, THANKED_HZ = 620, 980
ASKED_S, PATIENCE_S = 1.0, 5.0
SEAT = "1001"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """An Asterisk that has the question and the thanks, as tones of their own."""
    world = AsteriskWorld(tmp_path_factory.mktemp("survey"))
    for name, hertz, seconds in (("survey", ASKED_HZ, ASKED_S), ("rated", THANKED_HZ, 0.3)):
        write_tone(world.home / "sounds" / "zh" / f"{name}.wav", hertz, seconds)
    with world:
        yield world


class Talked:
    """A caller whose seat has just hung up."""

    def __init__(self, world: AsteriskWorld, tap: AmiTap, caller: Waiting) -> None:
        self.world, self.tap, self.caller = world, tap, caller
        self.phone = caller.phone
        self.since = time_of_day()

    @property
    def marks(self) -> list[tuple[str, str]]:
        """What Asterisk's log holds of the end of the call."""
        lines = self.world.settings.cel_file.read_text(encoding="utf-8").splitlines()
        mine = [e for e in map(json.loads, lines) if e["accountcode"] == self.caller.call]
        marks = [e for e in mine if e["userdeftype"] in ("RATED", "BYE")]
        return [(e["userdeftype"], json.loads(e["eventextra"])["extra"]) for e in marks]

    @property
    def rated(self) -> list[tuple[str, str]]:
        """What the brain hears: mark and seat."""
        said = self.tap.said("Rated", Call=self.caller.call)
        return [(event["Mark"], event["Seat"]) for event in said]

    async def asked(self) -> float:
        """How long the caller has heard the question, once the call is over."""
        heard = self.world.settings.recordings / f"{self.caller.call}-tx.wav"
        await eventually("the recording", lambda: _is_finished(heard))
        return heard_seconds(heard, ASKED_HZ)

    async def over(self, within_s: float = 12.0) -> float:
        """Wait for the end; seconds since the seat hung up."""
        await self.phone.ended(within_s)
        took = time_of_day() - self.since
        await logged(self.world, self.caller.call)
        return took


def _is_finished(path: Path) -> bool:
    return path.exists() and path.read_bytes()[40:44] not in (b"", b"\0\0\0\0")


async def talk(
    world: AsteriskWorld,
    tap: AmiTap,
    phones: Softphone,
    ani: str,
    *,
    number: str = "8337772",
    extension: str = SEAT,
) -> Talked:
    """Call, be served, and be left by the seat."""
    caller, ringing = await served(world, tap, phones, ani, number=number, extension=extension)
    await ringing.hangup()
    return Talked(world, tap, caller)


async def served(
    world: AsteriskWorld,
    tap: AmiTap,
    phones: Softphone,
    ani: str,
    *,
    number: str = "8337772",
    extension: str = SEAT,
) -> tuple[Waiting, PhoneCall]:
    """Call, and talk with the seat."""
    seat = await seat_phone(world, phones, extension)
    caller = await wait_in_line(world, tap, phones, ani, number)
    await tap.offer(caller.channel, f"offer-{ani}", f"chifeng-{extension}", 5)
    ringing = await seat.incoming()
    await ringing.answer()
    await eventually("both in the bridge", lambda: len(_bridged(tap, caller.call)) == 2)
    await asyncio.sleep(0.3)
    return caller, ringing


def _bridged(tap: AmiTap, call: str) -> set[str]:
    entered = (e for e in tap.events if e.get("Event") == "BridgeEnter")
    return {event["Channel"] for event in entered if event.get("AccountCode") == call}


async def test_a_key_after_the_talk_is_the_callers_mark(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Told to the brain and kept in the log, with the seat; then thanks, good-bye and the end."""
    talked = await talk(world, tap, phones, "13900000300")
    await asyncio.sleep(ASKED_S + 0.5)
    await talked.phone.dtmf("4")
    await tap.user_event("Rated", Call=talked.caller.call)
    await talked.over()

    assert talked.rated == [("4", "chifeng-1001")]
    assert talked.marks == [("RATED", "mark=4 seat=chifeng-1001"), ("BYE", "")]
    assert 0.9 <= await talked.asked() <= 1.1
    heard = world.settings.recordings / f"{talked.caller.call}-tx.wav"
    assert 0.2 <= heard_seconds(heard, THANKED_HZ) <= 0.4


async def test_a_key_cuts_the_question_short(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Whoever knows the keys need not listen to the end."""
    question = world.home / "sounds" / "zh" / "survey.wav"
    write_tone(question, ASKED_HZ, 4 * ASKED_S)
    try:
        talked = await talk(world, tap, phones, "13900000301")
        await asyncio.sleep(0.3)
        await talked.phone.dtmf("5")
        await talked.over()
    finally:
        write_tone(question, ASKED_HZ, ASKED_S)

    assert talked.rated == [("5", "chifeng-1001")]
    assert await talked.asked() < 3 * ASKED_S


async def test_who_presses_nothing_is_let_go_and_not_asked_again(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Five seconds of patience, no reminder, no mark."""
    talked = await talk(world, tap, phones, "13900000302")
    took = await talked.over()

    assert talked.rated == []
    assert talked.marks == [("BYE", "")]
    assert ASKED_S + PATIENCE_S - 0.5 <= took <= ASKED_S + PATIENCE_S + 2
    assert 0.9 <= await talked.asked() <= 1.1


@pytest.mark.parametrize(
    ("ani", "keys", "rated"),
    [("13900000303", "93", [("3", "chifeng-1001")]), ("13900000304", "0#", [])],
)
async def test_a_wrong_key_is_asked_about_once_more(
    world: AsteriskWorld,
    tap: AmiTap,
    phones: Softphone,
    ani: str,
    keys: str,
    rated: list[tuple[str, str]],
) -> None:
    """The second key counts if it is one of the five; a second wrong one ends it."""
    talked = await talk(world, tap, phones, ani)
    for key in keys:
        await asyncio.sleep(0.6)
        await talked.phone.dtmf(key)
    took = await talked.over()

    assert talked.rated == rated
    assert took < ASKED_S + PATIENCE_S


async def test_who_hangs_up_first_is_asked_nothing(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """The talk was over for the caller."""
    caller, ringing = await served(world, tap, phones, "13900000305")
    await caller.phone.hangup()
    await ringing.ended(5)
    talked = Talked(world, tap, caller)

    assert await talked.asked() == 0
    assert talked.marks == []


async def test_a_centre_that_does_not_ask_says_goodbye_at_once(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """``survey = false`` leaves the centre out of the generated list."""
    world.rx("dialplan remove extension chifeng@surveyed")
    try:
        talked = await talk(world, tap, phones, "13900000306")
        took = await talked.over()
    finally:
        world.rx("dialplan reload")

    assert took < 2
    assert await talked.asked() == 0


async def test_nobody_is_asked_without_a_sentence(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A prompt that is not made yet leaves no caller in silence."""
    sentence = world.home / "sounds" / "zh" / "survey.wav"
    aside = sentence.rename(sentence.with_suffix(".aside"))
    try:
        talked = await talk(world, tap, phones, "13900000307")
        took = await talked.over()
    finally:
        aside.rename(sentence)

    assert took < 2


async def test_nobody_is_asked_after_an_emergency(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Not who asked for 110, nor whom an emergency line's exchange handed over."""
    asked_for = await talk(world, tap, phones, "13900000308", number="0476110")
    took = [await asked_for.over()]
    world.rx("database put emergency 127.0.0.1 110")
    try:
        handed_over = await talk(world, tap, phones, "13900000309", extension="1003")
        took.append(await handed_over.over())
    finally:
        world.rx("database del emergency 127.0.0.1")

    assert max(took) < 2
    assert [await call.asked() for call in (asked_for, handed_over)] == [0, 0]


async def test_a_seat_that_tries_the_hotline_is_asked_nothing(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Its mark would be nobody's satisfaction."""
    caller_seat, seat = [await seat_phone(world, phones, one) for one in ("1002", SEAT)]
    await tap.beat()
    phone = await caller_seat.call("12345")
    arrived = await tap.user_event("Arrived", Ani="1002")
    await tap.ask("Setvar", Channel=arrived["Channel"], Variable="ANSWER", Value="plan")
    await tap.user_event("Wait", Call=arrived["Call"])
    await tap.offer(arrived["Channel"], "offer-1002", f"chifeng-{SEAT}", 5)
    ringing = await seat.incoming()
    await ringing.answer()
    await eventually("both in the bridge", lambda: len(_bridged(tap, arrived["Call"])) == 2)
    await ringing.hangup()
    before = time_of_day()
    await phone.ended(5)

    assert time_of_day() - before < 2
    assert world.complaints() == []


async def test_a_citizen_who_was_called_back_is_asked_too(
    tmp_path: Path, phones: Softphone
) -> None:
    """The seat called; whose talk it was is the same."""
    ani = "13900000310"
    others = Softphone()
    async with town(tmp_path, phones) as here, others:
        for name, hertz in (("survey", ASKED_HZ), ("rated", THANKED_HZ)):
            write_tone(here.world.home / "sounds" / "zh" / f"{name}.wav", hertz, ASKED_S)
        citizen = await seat_phone(here.world, others, "1002")
        caller = await here.keep(ani)
        move_carrier(here.world, "testcity-1002")
        await here.call_back(caller, ani, 1)
        ringing = await here.seat.incoming()
        await ringing.answer()
        rung = await citizen.incoming()
        await rung.answer()
        await asyncio.sleep(1)
        await ringing.hangup()
        await asyncio.sleep(ASKED_S + 0.5)
        await rung.dtmf("5")
        told = await here.tap.user_event("Rated", Call=caller.call)
        await rung.ended(8)
        await logged(here.world, caller.call)

        assert (told["Mark"], told["Seat"]) == ("5", "testcity-1001")
        assert here.marks(caller.call)[-2:] == ["RATED", "BYE"]
        assert here.world.complaints() == []
