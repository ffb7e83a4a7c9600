"""A line's own seats at another exchange: reached, or not, and nobody is ever left in silence."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from config.render import SEATS, etc
from tests.asterisk.caller import dial, has_heard, heard_seconds, length_s, logged, marked
from tests.asterisk.exchange import Exchange, exchange
from tests.asterisk.tap import AmiTap, Heard
from tests.asterisk.town import FRONTED, GONE, KEPT, PEER, RING_S, SUB_CENTRE, THERE, make_town
from tests.asterisk.world import AsteriskWorld, eventually, write_tone

pytestmark = pytest.mark.asterisk

PROMPT_S = 0.3
MUSIC_HZ, PROMPT_HZ, CALLER_HZ, PEER_HZ = 330, 440, 800, 1200
BUSY_S = 2.5
"""What a busy machine may take longer for anything."""
LINE_NOISE_S = 0.1


@dataclass(frozen=True, slots=True)
class Town:
    """All that a story needs."""

    world: AsteriskWorld
    tap: AmiTap
    phones: Softphone
    elsewhere: Exchange

    async def call(self, number: str, ani: str, **facts: Path) -> PhoneCall:
        return await dial(self.world, self.phones, number, ani=ani, **facts)

    async def told(self, name: str, ani: str) -> Heard:
        """The first such user event of the call from that number."""
        arrived = await self.tap.user_event("Arrived", Ani=ani)
        return await self.tap.user_event(name, within_s=10, Call=arrived["Call"])

    def marks(self, call: str) -> list[str]:
        """The call's own marks in the CEL file, each with its text."""
        lines = self.world.settings.cel_file.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        return [
            f"{event['userdeftype']} {json.loads(event['eventextra'])['extra']}".strip()
            for event in events
            if event["userdeftype"] and event["accountcode"] == call
        ]


@asynccontextmanager
async def town(folder: Path, phones: Softphone) -> AsyncIterator[Town]:
    """A town whose exchange is there. Asterisk has not asked it yet, or has."""
    async with exchange() as elsewhere:
        with make_town(folder / "home", elsewhere.port, prompt_s=PROMPT_S) as world:
            async with AmiTap(world) as tap:
                yield Town(world, tap, phones, elsewhere)


async def _contact(world: AsteriskWorld, status: str) -> None:
    """Wait until Asterisk knows that of its peer."""
    shown = rf"peer-{PEER}/\S+ +\S+ +{status}"
    await eventually(
        f"the peer is {status}",
        lambda: re.search(shown, world.rx("pjsip show contacts")) is not None,
        40,
    )


def _at(event: Heard) -> float:
    return float(event["Timestamp"])


async def test_given_own_seats_when_they_answer_then_both_hear_each_other_and_all_is_recorded(
    tmp_path: Path, phones: Softphone
) -> None:
    """One recording without a gap from the first word to the peer's hang-up, then the good-bye."""
    mine, theirs, ear = (tmp_path / f"{name}.wav" for name in ("mine", "theirs", "ear"))
    write_tone(mine, CALLER_HZ, 1)
    write_tone(theirs, PEER_HZ, 1)
    async with town(tmp_path, phones) as here:
        async with Softphone() as others:
            seat = await others.register(
                "testcity-1001",
                here.world.seat_password("testcity-1001"),  # type: ignore[arg-type]  # a seat's id
                "127.0.0.1",
                here.world.sip_port,
            )
            _move_peer(here.world, "testcity-1001")
            caller = await here.call(SUB_CENTRE, "13900000701", play=mine, record=ear)
            ringing = await seat.incoming()
            arrived = await here.told("Arrived", "13900000701")
            started = await here.told("Outside", "13900000701")
            heard = tmp_path / "heard.wav"
            await ringing.answer(play=theirs, loop=True, record=heard)
            await has_heard(ear, PEER_HZ, 1.7)
            await has_heard(heard, CALLER_HZ, 1.7)
            await ringing.hangup()
            ended = await caller.ended(5)
            over = await here.told("OutsideEnd", "13900000701")

        call = arrived["Call"]
        await logged(here.world, call)
        said, told = (
            here.world.settings.recordings / f"{call}-{side}.wav" for side in ("rx", "tx")
        )
        await eventually("the recordings' ends", lambda: told.read_bytes()[40:44] != bytes(4))
        assert ringing.ani == "13900000701"
        assert (started["Peer"], started["Line"]) == (PEER, SUB_CENTRE)
        assert (over["Peer"], over["Status"]) == (PEER, "ANSWER")
        assert heard_seconds(heard, CALLER_HZ) > 1.5
        assert heard_seconds(ear, PEER_HZ) > 1.5
        assert heard_seconds(said, CALLER_HZ) > 1.7
        assert heard_seconds(told, PEER_HZ) > 1.5
        assert abs(length_s(said) - length_s(told)) < 0.1
        assert ended.by == "remote"
        assert here.tap.said("Wait") == []
        assert here.marks(call) == [
            f"ARRIVED rev=0 centre=testcity line={SUB_CENTRE} route=dial"
            f" dnis={SUB_CENTRE} ani=13900000701",
            f"OUTSIDE peer={PEER}",
            f"OUTSIDEEND peer={PEER} status=ANSWER",
            "BYE",
        ]


def _move_peer(world: AsteriskWorld, seat: str) -> None:
    """The peer's calls go to where that seat's telephone is."""
    held = world.rx(f"dialplan eval function PJSIP_AOR({seat},contact)")
    contact = re.search(r"Result: (\S+)", held)
    assert contact is not None, held
    shown = world.rx(f"dialplan eval function PJSIP_CONTACT({contact[1]},uri)")
    found = re.search(r"@127\.0\.0\.1:(\d+)", shown)
    assert found is not None, shown
    file = etc(world.settings) / SEATS
    text = re.sub(r"(?m)^contact = .*$", f"contact = sip:127.0.0.1:{found[1]}", file.read_text())
    file.write_text(text)
    world.rx("module reload res_pjsip.so")


@pytest.mark.parametrize(
    ("does", "status", "rings_s"), [("ring", "NOANSWER", RING_S), ("refuse", "BUSY", 0)]
)
async def test_given_own_seats_when_they_do_not_answer_then_the_caller_is_told_and_waits(
    tmp_path: Path, phones: Softphone, does: str, status: str, rings_s: int
) -> None:
    """Music while it rings, one sentence, then the queue, with the place of when it rang."""
    ear = tmp_path / "ear.wav"
    async with town(tmp_path, phones) as here:
        write_tone(here.world.home / "sounds/zh/unreachable.wav", CALLER_HZ, PROMPT_S)
        caller = await here.call(SUB_CENTRE, "13900000702", record=ear)
        visit = await here.elsewhere.visit()
        visit.ring() if does == "ring" else visit.refuse()
        started = await here.told("Outside", "13900000702")
        over = await here.told("OutsideEnd", "13900000702")
        waiting = await here.told("Wait", "13900000702")
        await caller.hangup()
        await caller.ended()

        assert (visit.number, visit.hotline_call) == (THERE, over["Call"])
        assert (over["Status"], waiting["Line"]) == (status, SUB_CENTRE)
        assert rings_s - 1 < _at(over) - _at(started) < rings_s + BUSY_S
        assert _at(waiting) - _at(over) < PROMPT_S + BUSY_S
        assert abs(int(waiting["Since"]) - _at(started)) <= BUSY_S
        assert heard_seconds(ear, CALLER_HZ) >= PROMPT_S - LINE_NOISE_S
        assert heard_seconds(ear, MUSIC_HZ) >= rings_s - 1.5


async def test_given_an_exchange_that_is_down_then_nobody_waits_for_it(
    tmp_path: Path, phones: Softphone
) -> None:
    """Known to be away: not dialled, no silence, and the caller waits within a second."""
    async with town(tmp_path, phones) as here:
        here.elsewhere.is_deaf = True
        here.world.rx(f"pjsip qualify peer-{PEER}")
        await _contact(here.world, "Unavail")
        await here.tap.beat()
        caller = await here.call(SUB_CENTRE, "13900000703")
        arrived = await here.told("Arrived", "13900000703")
        over = await here.told("OutsideEnd", "13900000703")
        waiting = await here.told("Wait", "13900000703")
        await marked(here.world, arrived["Call"], "OUTSIDEEND")
        await caller.hangup()

        assert over["Status"] == "CHANUNAVAIL"
        assert _at(waiting) - _at(arrived) < 2 * PROMPT_S + 1
        assert here.tap.said("Outside") == []
        assert here.elsewhere.visits.empty()
        assert f"OUTSIDEEND peer={PEER} status=CHANUNAVAIL" in here.marks(arrived["Call"])


async def test_given_a_talk_outside_when_the_peer_vanishes_then_the_caller_is_kept(
    tmp_path: Path, phones: Softphone
) -> None:
    """Nobody hung up: the caller hears that, and waits here."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat()
        caller = await here.call(SUB_CENTRE, "13900000704")
        (await here.elsewhere.visit()).answer()
        arrived = await here.told("Arrived", "13900000704")

        def legs() -> list[str]:
            return [
                event["Channel"]
                for event in here.tap.events
                if event.get("Event") == "BridgeEnter" and f"peer-{PEER}" in event["Channel"]
            ]

        await eventually("the talk", lambda: bool(legs()))
        await here.tap.beat()
        await here.tap.ask("Hangup", Channel=legs()[0])
        await here.told("Wait", "13900000704")
        assert not caller.is_over
        assert "BYE" not in here.marks(arrived["Call"])
        await caller.hangup()


async def test_given_no_brain_when_own_seats_do_not_answer_then_the_fall_back_serves(
    tmp_path: Path, phones: Softphone
) -> None:
    """The dialplan does all of it alone."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat(stale=True)
        caller = await here.call(SUB_CENTRE, "13900000705")
        visit = await here.elsewhere.visit()
        visit.refuse("480 Temporarily Unavailable")
        fallen = await here.told("Fallback", "13900000705")
        await caller.hangup()

        assert fallen["Centre"] == "testcity"


async def test_given_own_seats_outside_their_hours_then_they_are_not_rung(
    tmp_path: Path, phones: Softphone
) -> None:
    """The caller is told so and waits here."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat(stale=True)
        caller = await here.call(KEPT, "13900000706")
        arrived = await here.told("Arrived", "13900000706")
        await here.told("Wait", "13900000706")
        await caller.hangup()

        assert arrived["Prompt"] in (f"testcity-{KEPT}-closed", f"testcity-{KEPT}-transition")
        assert here.elsewhere.visits.empty() == (arrived["Prompt"].endswith("closed"))


async def test_given_a_fronted_line_then_the_callers_city_is_rung(
    tmp_path: Path, phones: Softphone
) -> None:
    """By where the mobile number was issued; anybody else waits here."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat(stale=True)
        caller = await here.call(FRONTED, "13904751234")
        visit = await here.elsewhere.visit()
        visit.refuse()
        stranger = await here.call(FRONTED, "13904761234")
        await here.told("Wait", "13904761234")
        await caller.hangup()
        await stranger.hangup()

        assert visit.number == "047512345"
        assert here.elsewhere.visits.empty()


async def test_a_cancelled_number_that_hangs_up_is_heard_out(
    tmp_path: Path, phones: Softphone
) -> None:
    """The farewell whole, whatever the caller presses, and then the end; no wait."""
    ear = tmp_path / "ear.wav"
    async with town(tmp_path, phones) as here:
        write_tone(here.world.sentence(GONE), PROMPT_HZ, 2)
        await here.tap.beat()
        caller = await here.call(GONE, "13900000707", record=ear)
        arrived = await here.told("Arrived", "13900000707")
        await caller.media()
        await asyncio.sleep(0.5)
        await caller.dtmf("5")
        ended = await caller.ended(5)

        assert (arrived["State"], arrived["Prompt"]) == ("cancelled", f"testcity-{GONE}-cancelled")
        assert ended.by == "remote"
        assert heard_seconds(ear, PROMPT_HZ) >= 1.8
        assert here.tap.said("Wait") == []


@pytest.mark.parametrize("how", ["header", "address"])
async def test_two_hotlines_do_not_call_each_other_for_ever(
    tmp_path: Path, phones: Softphone, how: str
) -> None:
    """A call that came from there, or was handed on once, is served here."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat(stale=True)
        header = "X-Hotline-Call: theirs-1.2\r\n" if how == "header" else ""
        here.elsewhere.send(_invite(here, header), ("127.0.0.1", here.world.sip_port))
        arrived = await here.tap.user_event("Arrived", Ani="047555555")
        await here.tap.user_event("Wait", Call=arrived["Call"])
        await here.tap.ask("Hangup", Channel=arrived["Channel"])

        assert arrived.get("Handed", "") == ("hotline" if how == "header" else "")
        assert here.tap.said("Outside") == []
        assert here.elsewhere.visits.empty()


def _invite(here: Town, header: str) -> str:
    """A call by the exchange; the header makes it one that was handed on, sent by anybody."""
    port = here.elsewhere.port
    sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    sdp += "m=audio 9 RTP/AVP 8\r\n"
    return (
        f"INVITE sip:{SUB_CENTRE}@127.0.0.1:{here.world.sip_port} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK1\r\n"
        "From: <sip:047555555@127.0.0.1>;tag=1\r\n"
        f"To: <sip:{SUB_CENTRE}@127.0.0.1>\r\nCall-ID: 1@127.0.0.1\r\nCSeq: 1 INVITE\r\n"
        f"Contact: <sip:x@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\n{header}"
        f"Content-Type: application/sdp\r\nContent-Length: {len(sdp)}\r\n\r\n{sdp}"
    )


@pytest.mark.parametrize("go", ["hold", ""])
async def test_given_a_caller_somebody_else_is_rung_for_when_the_peer_goes_then_it_holds(
    tmp_path: Path, phones: Softphone, go: str
) -> None:
    """And hears music, not the good-bye, which is for whom nobody is rung."""
    async with town(tmp_path, phones) as here:
        await here.tap.beat()
        caller = await here.call(SUB_CENTRE, "13900000708")
        visit = await here.elsewhere.visit()
        visit.answer()
        arrived = await here.told("Arrived", "13900000708")
        await eventually("the talk", lambda: here.world.rx("bridge show all").count("basic") > 0)
        await here.tap.ask("Setvar", Channel=arrived["Channel"], Variable="GO", Value=go)
        await here.tap.beat()
        visit.hang_up()
        if go:
            await here.told("Held", "13900000708")
            assert not caller.is_over
        else:
            assert (await caller.ended(5)).by == "remote"
        await marked(here.world, arrived["Call"], "HELD" if go else "BYE")
        assert {"HELD", "BYE"} & {*here.marks(arrived["Call"])} == {"HELD" if go else "BYE"}
        await caller.hangup()
