"""A place kept and a citizen called back, as the real dialplan does it by order and alone."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.phone import PhoneCall, PhoneLine, Softphone
from cti.effects import CallBack
from cti.ids import CallId, CentreId, LineId, OfferId, SeatId
from cti.keptwire import originate, places
from cti.seen import KeptPlace
from tests.asterisk.caller import (
    Waiting,
    has_heard,
    heard_seconds,
    logged,
    seat_phone,
    wait_in_line,
)
from tests.asterisk.exchange import Exchange, exchange
from tests.asterisk.tap import AmiTap, Heard
from tests.asterisk.world import AsteriskWorld, eventually, write_tone
from tests.config.profiles import SEATS, TOML

pytestmark = pytest.mark.asterisk

SEAT = SeatId("testcity-1001")
LINE = "8337772"
NUMBERS = f"序号,部门,电话名称,电话号码,归并方式\n1,市政府办公室,市长热线,{LINE},整体并入\n"
CITIZEN_HZ, SEAT_HZ, PROMPT_HZ = 800, 1200, 440


@dataclass(frozen=True, slots=True)
class Town:
    """A city, its carrier, a seat's phone, and somebody who orders as the brain does."""

    world: AsteriskWorld
    tap: AmiTap
    phones: Softphone
    carrier: Exchange
    seat: PhoneLine

    async def keep(self, ani: str) -> Waiting:
        """Wait in line, be asked, press 1, and be gone."""
        caller = await self.asked(ani)
        await caller.phone.dtmf("1")
        await self.tap.user_event("Kept", Call=caller.call)
        await caller.phone.ended(5)
        return caller

    async def asked(self, ani: str) -> Waiting:
        caller = await wait_in_line(self.world, self.tap, self.phones, ani, LINE)
        await self.tap.ask("Setvar", Channel=caller.channel, Variable="KEEP", Value="yes")
        return caller

    async def call_back(
        self,
        caller: Waiting,
        ani: str,
        attempt: int,
        *,
        ring_s: float = 10,
        offer: int = 0,
        prefix: str = "9",
    ) -> None:
        """Order the seat's phone to ring for the kept place."""
        wish = CallBack(
            call=CallId(caller.call),
            seat=SEAT,
            offer=OfferId(f"{caller.call}/{offer or attempt}"),
            centre=CentreId("testcity"),
            line=LineId(LINE),
            dnis=LINE,
            ani=ani,
            since=datetime.fromtimestamp(int(caller.since), UTC),
            arrived_at=datetime.fromtimestamp(int(caller.since), UTC),
            revision=0,
            ring=timedelta(seconds=ring_s),
            attempt=attempt,
            prefix=prefix,
        )
        answer = await self.tap.ask("Originate", **originate(wish))
        assert answer["Response"] == "Success", answer

    async def kept(self) -> tuple[KeptPlace, ...]:
        """What Asterisk's database has, as the brain reads it."""
        before = len(self._told("DBGetTreeComplete"))
        self.tap.events[:] = [e for e in self.tap.events if e.get("Event") != "DBGetTreeResponse"]
        await self.tap.ask("DBGetTree", Family="kept")
        await eventually("the list", lambda: len(self._told("DBGetTreeComplete")) > before)
        return places(self._told("DBGetTreeResponse"))

    async def one_of(self, one: str, other: str, call: str) -> None:
        def told() -> bool:
            return bool(self.tap.said(one, Call=call) or self.tap.said(other, Call=call))

        await eventually(f"{one} or {other}", told)

    async def ended(self, call: str, after: int = 0) -> Heard:
        return await self.tap.user_event("CallbackEnd", after=after, Call=call)

    def marks(self, call: str) -> list[str]:
        """The call's own marks in the CEL file, whoever's channel made them."""
        lines = self.world.settings.cel_file.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        return [e["userdeftype"] for e in events if e["userdeftype"] and e["accountcode"] == call]

    def _told(self, event: str) -> list[Heard]:
        return [heard for heard in self.tap.events if heard.get("Event") == event]


@asynccontextmanager
async def town(folder: Path, phones: Softphone) -> AsyncIterator[Town]:
    """A town that dials out with a 9 before the number."""
    async with exchange() as carrier:
        profile = folder / "home" / "profile"
        profile.mkdir(parents=True)
        facts = f'dial_out = "127.0.0.1:{carrier.port}"\ndial_out_prefix = "9"\n'
        texts = {"profile.toml": TOML + facts, "numbers.csv": NUMBERS, "seats.csv": SEATS}
        for name, text in texts.items():
            (profile / name).write_text(text, encoding="utf-8")
        with AsteriskWorld(folder / "home", profile=str(profile)) as world:
            async with AmiTap(world) as tap, asyncio.TaskGroup() as group:
                beating = group.create_task(tap.beat_for_ever())
                seat = await seat_phone(world, phones, "1001")
                yield Town(world, tap, phones, carrier, seat)
                assert world.complaints() == []
                beating.cancel()


async def test_key_1_keeps_the_place_only_after_the_caller_was_asked(
    tmp_path: Path, phones: Softphone
) -> None:
    """Before, the key means nothing. Then all that is owed is written before the goodbye."""
    ani = "13900000801"
    async with town(tmp_path, phones) as here:
        caller = await wait_in_line(here.world, here.tap, here.phones, ani, LINE)
        await caller.phone.dtmf("1")
        await asyncio.sleep(0.7)
        assert here.tap.said("Kept") == []
        await here.tap.ask("Setvar", Channel=caller.channel, Variable="KEEP", Value="yes")
        await caller.phone.dtmf("1")
        told = await here.tap.user_event("Kept", Call=caller.call)
        (place,) = await here.kept()
        gone = await caller.phone.ended(5)
        await logged(here.world, caller.call)

        assert gone.by == "remote"
        assert (place.call, place.ani, place.line) == (caller.call, ani, LINE)
        assert place.since.timestamp() == int(caller.since)
        assert place.kept_at.timestamp() == int(told["Kept"])
        assert (place.attempts, place.tried_at) == (0, None)
        assert here.marks(caller.call) == ["ARRIVED", "WAIT", "KEPT"]


async def test_who_was_handed_over_by_an_emergency_line_cannot_keep_its_place(
    tmp_path: Path, phones: Softphone
) -> None:
    """Nor who asks for one: whatever the brain said, key 1 leaves them in the line."""
    async with town(tmp_path, phones) as here:
        asks = await wait_in_line(here.world, here.tap, here.phones, "13900000830", "110")
        here.world.rx("database put emergency 127.0.0.1 110")
        try:
            handed = await wait_in_line(here.world, here.tap, here.phones, "13900000831", LINE)
        finally:
            here.world.rx("database del emergency 127.0.0.1")
        free = await wait_in_line(here.world, here.tap, here.phones, "13900000832", LINE)
        for caller in (asks, handed, free):
            channel = caller.channel
            await here.tap.ask("Setvar", Channel=channel, Variable="KEEP", Value="yes")
            await caller.phone.dtmf("1")
        await here.tap.user_event("Kept", Call=free.call)
        await asyncio.sleep(0.7)

        for call, expected in ((asks, "emergency"), (handed, "emergency"), (free, "")):
            for told in ("Arrived", "Wait"):
                (event,) = here.tap.said(told, Call=call.call)
                assert event.get("Handed", "") == expected
        assert [place.call for place in await here.kept()] == [free.call]
        for caller in (asks, handed):
            await caller.phone.hangup()


async def test_a_caller_is_asked_and_told_goodbye_in_words(
    tmp_path: Path, phones: Softphone
) -> None:
    """Three prompts in a row, and after the key the fourth."""
    async with town(tmp_path, phones) as here:
        for prompt in ("keep-offer", "kept"):
            write_tone(here.world.home / f"sounds/zh/{prompt}.wav", CITIZEN_HZ, 0.6)
        caller = await here.asked("13900000802")
        heard = here.world.settings.recordings / f"{caller.call}-tx.wav"
        said = "wait-1,bye,keep-offer"
        await here.tap.ask("Setvar", Channel=caller.channel, Variable="SAY", Value=said)
        await eventually("the offer", lambda: heard_seconds(heard, CITIZEN_HZ) > 0.4)
        assert heard_seconds(heard, PROMPT_HZ) > 0.7
        await caller.phone.dtmf("1")
        await caller.phone.ended(5)
        await has_heard(heard, CITIZEN_HZ, 0.9)


async def test_the_agent_first_then_the_citizen_who_hear_each_other_and_are_recorded(
    tmp_path: Path, phones: Softphone
) -> None:
    """12345 calls; the place is gone when the citizen answers; two more files hold the talk."""
    ani, ear, agents = "13900000803", tmp_path / "ear.wav", tmp_path / "agents.wav"
    mine, theirs = tmp_path / "mine.wav", tmp_path / "theirs.wav"
    write_tone(mine, CITIZEN_HZ, 1)
    write_tone(theirs, SEAT_HZ, 1)
    others = Softphone()
    async with town(tmp_path, phones) as here, others:
        citizen = await seat_phone(here.world, others, "1002")
        caller = await here.keep(ani)
        _move_carrier(here.world, "testcity-1002")
        await here.call_back(caller, ani, 1)
        seat = await here.seat.incoming()
        assert seat.ani == ani
        assert [place.attempts for place in await here.kept()] == [0]
        await seat.answer(play=theirs, loop=True, record=agents)
        rung = await citizen.incoming()
        await eventually("dialled", lambda: len(here.tap.said("Callback")) == 1)
        assert [place.attempts for place in await here.kept()] == [1]
        await rung.answer(play=mine, loop=True, record=ear)
        await has_heard(ear, SEAT_HZ, 1.7)
        await has_heard(agents, CITIZEN_HZ, 1.7)
        assert await here.kept() == ()
        await seat.hangup()
        ended = await here.ended(caller.call)
        await rung.ended(5)

        await logged(here.world, caller.call)
        assert rung.ani == "12345"
        assert ended["Status"] == "ANSWER"
        assert here.marks(caller.call)[3:5] == ["CALLBACK", "REACHED"]
        assert sorted(here.marks(caller.call)[5:]) == ["BYE", "CALLBACKEND"]  # two channels' ends
        said, told = (
            here.world.settings.recordings / f"{caller.call}-1-{side}.wav" for side in ("rx", "tx")
        )
        await eventually("the recordings' ends", lambda: told.read_bytes()[40:44] != bytes(4))
        assert heard_seconds(said, CITIZEN_HZ) > 1.5
        assert heard_seconds(told, SEAT_HZ) > 1.5
        assert heard_seconds(ear, SEAT_HZ) > 1.5
        assert heard_seconds(agents, CITIZEN_HZ) > 1.5


def _move_carrier(world: AsteriskWorld, seat: str) -> None:
    """Calls out go to where that seat's telephone is: a citizen who can be heard."""
    held = world.rx(f"dialplan eval function PJSIP_AOR({seat},contact)")
    contact = re.search(r"Result: (\S+)", held)
    assert contact is not None, held
    shown = world.rx(f"dialplan eval function PJSIP_CONTACT({contact[1]},uri)")
    found = re.search(r"@127\.0\.0\.1:(\d+)", shown)
    assert found is not None, shown
    file = world.home / "asterisk-etc" / "pjsip.conf"
    text = re.sub(r"(?m)^contact = .*$", f"contact = sip:127.0.0.1:{found[1]}", file.read_text())
    file.write_text(text)
    world.rx("module reload res_pjsip.so")


@pytest.mark.parametrize(
    ("refusal", "status"), [("486 Busy Here", "BUSY"), ("480 Temporarily Unavailable", "NOANSWER")]
)
async def test_a_citizen_who_does_not_answer_keeps_the_place_and_is_called_once_more(
    tmp_path: Path, phones: Softphone, refusal: str, status: str
) -> None:
    """Each attempt is counted before it rings; the same attempt ordered again calls nobody."""
    ani = "13900000804"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1)
        await (await here.seat.incoming()).answer()
        visit = await here.carrier.visit()
        visit.ring()
        assert [place.attempts for place in await here.kept()] == [1]
        visit.refuse(refusal)
        ended = await here.ended(caller.call)
        assert (visit.number, ended["Status"]) == (f"9{ani}", status)
        assert re.search(r"(?m)^From: <sip:12345@", visit.invite)
        await here.call_back(caller, ani, 1, offer=2)
        await (await here.seat.incoming()).answer()
        assert (await here.ended(caller.call, after=1))["Status"] == "CANCEL"
        assert here.carrier.visits.empty()
        await here.call_back(caller, ani, 2, offer=3)
        again = await here.seat.incoming()
        await again.answer()
        visit = await here.carrier.visit()
        visit.answer()
        await eventually("the talk", lambda: here.marks(caller.call).count("REACHED") == 1)
        assert await here.kept() == ()
        visit.hang_up()
        await again.ended(5)

        assert (await here.ended(caller.call, after=2))["Status"] == "ANSWER"
        assert here.marks(caller.call).count("CALLBACK") == 2


@pytest.mark.parametrize("prefix", ["0", ""])
async def test_the_prefix_is_the_kept_calls_centres_though_the_seat_has_another(
    tmp_path: Path, phones: Softphone, prefix: str
) -> None:
    """The seat's endpoint says 9; the order of the kept call's centre goes before it."""
    ani = "13900000833"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1, prefix=prefix)
        await (await here.seat.incoming()).answer()
        visit = await here.carrier.visit()
        visit.refuse("486 Busy Here")
        await here.ended(caller.call)

        assert visit.number == f"{prefix}{ani}"


async def test_a_place_that_is_owed_no_more_is_not_called(
    tmp_path: Path, phones: Softphone
) -> None:
    """Taken out while the seat's phone rang: the seat answers, and nobody is dialled."""
    ani = "13900000805"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1)
        seat = await here.seat.incoming()
        await here.tap.ask("DBDel", Family="kept", Key=caller.call)
        await seat.answer()
        ended = await here.ended(caller.call)
        await seat.ended(5)

        assert ended["Status"] == "TAKEN"
        assert here.tap.said("Callback") == []
        assert here.carrier.visits.empty()


async def test_two_orders_for_one_place_never_call_twice(tmp_path: Path, phones: Softphone) -> None:
    """Two brains at once: one seat goes on at most. Both may step back, and nothing is counted."""
    ani = "13900000806"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1, offer=1)
        await here.call_back(caller, ani, 1, offer=2)
        both: list[PhoneCall] = [await here.seat.incoming(), await here.seat.incoming()]
        await asyncio.gather(*(phone.answer() for phone in both))
        await here.ended(caller.call)
        await asyncio.sleep(1)

        assert here.carrier.visits.qsize() <= 1
        assert [place.attempts for place in await here.kept()] == [here.carrier.visits.qsize()]


async def test_a_seat_that_hangs_up_before_the_citizen_answers_leaves_the_place(
    tmp_path: Path, phones: Softphone
) -> None:
    """The end is told though the dialplan of the seat ends there; the citizen rings no more."""
    ani = "13900000807"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1)
        seat = await here.seat.incoming()
        await seat.answer()
        visit = await here.carrier.visit()
        visit.ring()
        await asyncio.sleep(0.3)
        await seat.hangup()
        ended = await here.ended(caller.call)
        async with asyncio.timeout(5):
            await visit.is_over.wait()

        assert ended["Status"] == "CANCEL"
        assert [place.attempts for place in await here.kept()] == [1]


async def test_a_seat_that_vanishes_in_the_talk_gives_the_citizen_a_place_in_the_wait(
    tmp_path: Path, phones: Softphone
) -> None:
    """Nobody hung up: the citizen waits on the line, since when it first did."""
    ani = "13900000808"
    async with town(tmp_path, phones) as here:
        caller = await here.keep(ani)
        await here.call_back(caller, ani, 1)
        await (await here.seat.incoming()).answer()
        visit = await here.carrier.visit()
        visit.answer()
        legs: list[str] = []

        def talks() -> bool:
            entered = (e for e in here.tap.events if e.get("Event") == "BridgeEnter")
            legs[:] = [e["Channel"] for e in entered if e["AccountCode"] == caller.call]
            return len(legs) == 2

        await eventually("the talk", talks)
        await here.tap.ask("Hangup", Channel=next(leg for leg in legs if SEAT in leg))
        await here.tap.user_event("SeatLost", Call=caller.call)
        waits = await here.tap.user_event("Wait", after=1, Call=caller.call)
        visit.hang_up()

        assert (waits["Since"], waits["Ani"], waits["Line"]) == (caller.since, ani, LINE)
        assert "/out-testcity-" in waits["Channel"]


async def test_who_presses_1_as_the_order_comes_is_kept_or_put_through_but_never_both(
    tmp_path: Path, phones: Softphone
) -> None:
    """The order to ``[connect]`` in all instants around the key: one of the two, whole."""
    async with town(tmp_path, phones) as here:
        for attempt in range(8):
            caller = await here.asked(f"1390000082{attempt}")
            await caller.phone.dtmf("1")
            await asyncio.sleep(0.155 + attempt * 0.01)
            value = f"{caller.call}/1,{SEAT},5"
            await here.tap.ask("Setvar", Channel=caller.channel, Variable="OFFER", Value=value)
            await here.tap.ask(
                "Redirect", Channel=caller.channel, Context="connect", Exten="s", Priority="1"
            )
            await here.one_of("Kept", "Offer", caller.call)
            await asyncio.sleep(0.6)
            is_rung = bool(here.tap.said("Offer", Call=caller.call))
            is_kept = caller.call in {place.call for place in await here.kept()}
            assert is_kept != is_rung
            if is_rung:
                phone = await here.seat.incoming()
                await caller.phone.hangup()
                await phone.ended(5)
            else:
                await caller.phone.ended(5)


async def test_a_kept_place_outlives_the_death_of_asterisk(
    tmp_path: Path, phones: Softphone
) -> None:
    """``kill -9``: the place is owed after the start as before it."""
    async with town(tmp_path, phones) as here:
        caller = await here.keep("13900000809")
        (before,) = await here.kept()
        await asyncio.sleep(1.6)  # Asterisk's database writes once a second
        here.world.kill()
        here.world.start()
        async with AmiTap(here.world) as again:
            now = Town(here.world, again, phones, here.carrier, here.seat)
            assert await now.kept() == (before,)
            assert before.call == caller.call
