"""A caller's way through the dialplan, told to the real Asterisk by real telephones."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from bench.phone import NotRegistered, Softphone
from tests.asterisk.caller import (
    dial,
    heard_seconds,
    length_s,
    logged,
    marked,
    seat_phone,
    wait_in_line,
)
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually, write_tone

pytestmark = pytest.mark.asterisk

PROMPT_HZ, MUSIC_HZ, CALLER_HZ = 440, 330, 800
NOT_WAITED_S = 1.8
"""Whoever waits for the brain's answer does so for 2 s; whoever does not has only its sentence."""


async def test_a_call_is_answered_told_recorded_and_waits_with_music(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> None:
    """A call to an old number hears its sentence, then music; both sides are on disk, apart."""
    voice, ear = tmp_path / "voice.wav", tmp_path / "ear.wav"
    write_tone(voice, CALLER_HZ, 1)
    await tap.beat()
    phone = await dial(world, phones, "8337772", ani="13900000100", play=voice, record=ear)
    arrived = await tap.user_event("Arrived", Ani="13900000100")
    beating = asyncio.gather(*[_beats(tap, 4)])
    waiting = await tap.user_event("Wait", Ani="13900000100")
    await beating
    await phone.hangup()
    await phone.ended()

    call = arrived["Call"]
    said, heard = (world.settings.recordings / f"{call}-{side}.wav" for side in ("rx", "tx"))
    await eventually("both files finished", lambda: _is_finished(said) and _is_finished(heard))
    assert tuple(arrived[n] for n in ("Centre", "Line", "Dnis")) == (
        "chifeng",
        "8337772",
        "8337772",
    )
    assert call == waiting["Call"] == waiting["AccountCode"]
    assert heard_seconds(said, CALLER_HZ) > 3
    assert heard_seconds(said, MUSIC_HZ) == 0
    assert heard_seconds(heard, MUSIC_HZ) > 1.5
    assert 0.2 <= heard_seconds(heard, PROMPT_HZ) <= 0.4
    assert heard_seconds(ear, MUSIC_HZ) > 1.5
    assert abs(length_s(said) - length_s(heard)) < 0.1
    assert tap.said("Fallback", Call=call) == []


async def test_an_early_answer_of_the_brain_costs_no_time(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A caller whose brain answers during the sentence waits right after it."""
    caller = await wait_in_line(world, tap, phones, "13900000101")

    arrived = await tap.user_event("Arrived", Call=caller.call)
    waited = await tap.user_event("Wait", Call=caller.call)
    assert float(waited["Timestamp"]) - float(arrived["Timestamp"]) < NOT_WAITED_S
    await caller.phone.hangup()


async def test_a_dead_brain_is_not_waited_for(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Without a heartbeat the question is skipped and the caller falls back at once."""
    await tap.beat(stale=True)
    phone = await dial(world, phones, "12333", ani="13900000102")
    arrived = await tap.user_event("Arrived", Ani="13900000102")
    fallen = await tap.user_event("Fallback", Call=arrived["Call"])

    assert float(fallen["Timestamp"]) - float(arrived["Timestamp"]) < NOT_WAITED_S
    await phone.hangup()


async def test_a_key_skips_the_sentence(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Any key ends the sentence; in the wait it does no harm."""
    write_tone(world.sentence("12369"), PROMPT_HZ, 20)
    await tap.beat(stale=True)
    phone = await dial(world, phones, "12369", ani="13900000103")
    await tap.user_event("Arrived", Ani="13900000103")
    await phone.media()
    await asyncio.sleep(0.3)
    await phone.dtmf("5")
    waiting = await tap.user_event("Wait", Ani="13900000103")
    await phone.dtmf("#")
    await asyncio.sleep(0.6)

    assert not phone.is_over
    assert len(tap.said("Wait", Call=waiting["Call"])) == 1
    await phone.hangup()


@pytest.mark.parametrize("dialled", ["8000000", "+8647612399", "1", "12345678901234567890"])
async def test_an_unknown_number_is_served_as_12345(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, dialled: str
) -> None:
    """A number nobody gave us is answered all the same, as the hotline itself."""
    await tap.beat()
    ani = f"139{abs(hash(dialled)) % 10**8:08d}"
    phone = await dial(world, phones, dialled, ani=ani)
    arrived = await tap.user_event("Arrived", Ani=ani)

    assert (arrived["Line"], arrived["Dnis"]) == ("12345", dialled)
    await phone.hangup()


FORGED = "%0D%0A%0D%0AEvent%3A%20UserEvent%0D%0AUserEvent%3A%20Forged%0D%0A"


async def test_a_caller_cannot_forge_an_event(world: AsteriskWorld, tap: AmiTap) -> None:
    """Line ends and commas in the caller's number reach neither AMI nor CEL."""
    await tap.beat()
    before = len(tap.said("Arrived"))
    _invite(world, "12345", caller=f"139%2CCall%3A%20x{FORGED}")
    arrived = await tap.user_event("Arrived", after=before)
    await tap.ask("Hangup", Channel=arrived["Channel"])
    await eventually("the hang-up", lambda: _is_hung_up(tap, arrived["Channel"]))

    assert arrived["Ani"] == "139"
    assert (arrived["Line"], arrived["Call"]) == ("12345", arrived["Uniqueid"])
    assert tap.said("Forged") == []
    await marked(world, arrived["Call"], "ARRIVED")


async def test_a_dialled_number_cannot_forge_an_event(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A dialled "number" with line ends in it makes no channel at all."""
    before = len([event for event in tap.events if event.get("Event") == "Newchannel"])
    _invite(world, f"8337772{FORGED}", caller="13900000104")
    caller = await wait_in_line(world, tap, phones, "13900000105")

    made = [event for event in tap.events if event.get("Event") == "Newchannel"]
    assert [event["Channel"] for event in made[before:]] == [caller.channel]
    assert tap.said("Forged") == []
    await caller.phone.hangup()


async def test_an_offer_answered_ends_in_the_good_bye(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Wait, offer, talk, the seat hangs up: good-bye, and every leg carries the call's id."""
    seat = await seat_phone(world, phones, "1001")
    caller = await wait_in_line(world, tap, phones, "13900000110")
    await tap.offer(caller.channel, "offer-110", "chifeng-1001", 5)
    ringing = await seat.incoming()
    offered = await tap.user_event("Offer", Call=caller.call)
    await ringing.answer()
    await eventually("both in the bridge", lambda: len(_bridged(tap, caller.call)) == 2)
    await asyncio.sleep(0.3)
    await ringing.hangup()
    ended = await caller.phone.ended(5)
    over = await tap.user_event("OfferEnd", Call=caller.call)
    await logged(world, caller.call)

    assert ringing.ani == "13900000110"
    assert (offered["Offer"], offered["Seat"]) == ("offer-110", "chifeng-1001")
    assert (over["Offer"], over["Seat"], over["Status"]) == ("offer-110", "chifeng-1001", "ANSWER")
    assert ended.by == "remote"
    assert tap.said("SeatLost", Call=caller.call) == []
    marks = [(m, x) for m, x in _marks(world, caller.call)]
    assert [mark for mark, _ in marks] == ["ARRIVED", "WAIT", "OFFER", "BYE"]
    assert (
        marks[0][1] == "rev=0 centre=chifeng line=8337772 route=queue dnis=8337772 ani=13900000110"
    )
    assert marks[2][1] == "seat=chifeng-1001"


async def test_a_missed_offer_keeps_the_place(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """No answer: the caller is back in the wait, with the time it began to wait."""
    seat = await seat_phone(world, phones, "1002")
    caller = await wait_in_line(world, tap, phones, "13900000111")
    await tap.offer(caller.channel, "offer-111", "chifeng-1002", 1)
    await seat.incoming()
    over = await tap.user_event("OfferEnd", Call=caller.call)
    again = await tap.user_event("Wait", Call=caller.call, after=1)
    await marked(world, caller.call, "MISSED")

    assert over["Status"] == "NOANSWER"
    assert (caller.since, "offer-111") == (again["Since"], again["Offer"])
    assert ("MISSED", "seat=chifeng-1002 status=NOANSWER") in _marks(world, caller.call)
    assert not caller.phone.is_over
    await caller.phone.hangup()


async def test_an_absent_phone_sends_the_caller_back(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A seat without a registered phone: nothing rings, the caller is back at once."""
    caller = await wait_in_line(world, tap, phones, "13900000112")
    await tap.offer(caller.channel, "offer-112", "chifeng-1020", 5)
    over = await tap.user_event("OfferEnd", Call=caller.call)
    await tap.user_event("Wait", Call=caller.call, after=1)

    assert over["Status"] == "CHANUNAVAIL"
    await caller.phone.hangup()


async def test_of_two_callers_put_to_one_seat_one_steps_back(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A seat is never rung by two callers, whatever the brain orders."""
    seat = await seat_phone(world, phones, "1003")
    first = await wait_in_line(world, tap, phones, "13900000113")
    second = await wait_in_line(world, tap, phones, "13900000114")
    await tap.offer(first.channel, "offer-113", "chifeng-1003", 10)
    await seat.incoming()
    await tap.offer(second.channel, "offer-114", "chifeng-1003", 10)
    over = await tap.user_event("OfferEnd", Call=second.call)
    await tap.user_event("Wait", Call=second.call, after=1)

    assert (over["Status"], over["Offer"]) == ("TAKEN", "offer-114")
    assert tap.said("Offer", Call=second.call) == []
    for caller in (first, second):
        await caller.phone.hangup()


async def test_a_vanished_seat_gives_the_caller_back(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A talk that ends though nobody hung up: the caller is back in the wait, not cut."""
    seat = await seat_phone(world, phones, "1004")
    caller = await wait_in_line(world, tap, phones, "13900000115")
    await tap.offer(caller.channel, "offer-115", "chifeng-1004", 5)
    await (await seat.incoming()).answer()
    await eventually("both in the bridge", lambda: len(_bridged(tap, caller.call)) == 2)
    leg = next(c for c in _bridged(tap, caller.call) if "chifeng-1004" in c)
    await tap.ask("Hangup", Channel=leg)
    await tap.user_event("SeatLost", Call=caller.call)
    again = await tap.user_event("Wait", Call=caller.call, after=1)

    assert caller.since == again["Since"]
    assert not caller.phone.is_over
    await marked(world, caller.call, "SEATLOST")
    await caller.phone.hangup()


async def test_reload_under_callers_harms_nobody(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Twenty reloads while callers wait, ring and talk: all still there, the talk ends well."""
    async with Softphone() as desks:
        seat = await seat_phone(world, desks, "1005")
        ringing = await seat_phone(world, desks, "1006")
        callers = [await wait_in_line(world, tap, phones, f"139000002{n:02d}") for n in range(4)]
        await tap.offer(callers[0].channel, "offer-200", "chifeng-1005", 5)
        talk = await seat.incoming()
        await talk.answer()
        await tap.offer(callers[1].channel, "offer-201", "chifeng-1006", 2)
        await ringing.incoming()
        for _ in range(20):
            await tap.beat()
            world.rx("dialplan reload")
        again = await tap.user_event("Wait", Call=callers[1].call, after=1)
        await talk.hangup()
        await callers[0].phone.ended(5)

    assert again["Since"] == callers[1].since
    assert [caller.phone.is_over for caller in callers] == [True, False, False, False]
    assert tap.said("SeatLost", Call=callers[0].call) == []


async def test_a_seat_needs_its_password(world: AsteriskWorld, phones: Softphone) -> None:
    """Nobody registers as a seat, or calls as one, without its secret."""
    with pytest.raises(NotRegistered) as refused:
        await phones.register("chifeng-1010", "guess", "127.0.0.1", world.sip_port)
    call = await dial(world, phones, "1001", ani="chifeng-1010")

    assert refused.value.args[0].endswith("401") or "401" in str(refused.value)
    assert (await call.ended(5)).code == 401


async def test_a_seat_calls_seats_and_the_hotline_only(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """A seat reaches another seat and 12345; any other number does not exist for it."""
    await tap.beat()
    seat, other = [await seat_phone(world, phones, extension) for extension in ("1007", "1008")]
    inside = await seat.call("1008")
    await (await other.incoming()).answer()
    await inside.connected()
    await inside.hangup()
    outside = await seat.call("8337772")
    hotline = await seat.call("12345")
    arrived = await tap.user_event("Arrived", Ani="1007")

    assert (await outside.ended(5)).code == 404
    assert arrived["Line"] == "12345"
    await hotline.hangup()


def _invite(world: AsteriskWorld, number: str, *, caller: str) -> None:
    """Send an INVITE as it stands: no telephone would write such a From."""
    sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    sdp += "m=audio 9 RTP/AVP 8\r\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        port = sender.getsockname()[1]
        lines = (
            f"INVITE sip:{number}@127.0.0.1:{world.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{port}",
            f'From: "x,LINE=forged,)<sip:1@x>" <sip:{caller}@127.0.0.1>;tag=1',
            f"To: <sip:{number}@127.0.0.1>",
            f"Call-ID: {port}@127.0.0.1",
            "CSeq: 1 INVITE",
            f"Contact: <sip:x@127.0.0.1:{port}>",
            "Max-Forwards: 70",
            "Content-Type: application/sdp",
            f"Content-Length: {len(sdp)}",
        )
        text = "\r\n".join(lines) + "\r\n\r\n" + sdp
        sender.sendto(text.encode(), ("127.0.0.1", world.sip_port))


async def _beats(tap: AmiTap, seconds: int) -> None:
    for _ in range(seconds):
        await tap.beat()
        await asyncio.sleep(1)


def _is_hung_up(tap: AmiTap, channel: str) -> bool:
    return any(e.get("Event") == "Hangup" and e.get("Channel") == channel for e in tap.events)


def _is_finished(path: Path) -> bool:
    return path.exists() and path.read_bytes()[40:44] not in (b"", b"\0\0\0\0")


def _bridged(tap: AmiTap, call: str) -> set[str]:
    """The channels that entered a bridge, known by the call id each leg carries."""
    return {
        event["Channel"]
        for event in tap.events
        if event.get("Event") == "BridgeEnter" and event.get("AccountCode") == call
    }


def _marks(world: AsteriskWorld, call: str) -> list[tuple[str, str]]:
    """The call's own marks in the CEL file, in order, each with its text."""
    lines = world.settings.cel_file.read_text(encoding="utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    return [
        (event["userdeftype"], json.loads(event["eventextra"])["extra"])
        for event in events
        if event["userdeftype"] and event["accountcode"] == call
    ]


async def test_what_the_brain_wants_said_is_said_once_between_the_music(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """Two prompts in a row, once; the music before and after; the caller keeps its place."""
    caller = await wait_in_line(world, tap, phones, "13900000120")
    await _beats(tap, 2)
    heard = world.settings.recordings / f"{caller.call}-tx.wav"
    await tap.ask("Setvar", Channel=caller.channel, Variable="SAY", Value="wait-1,bye")
    await _beats(tap, 4)
    left = await tap.ask("Getvar", Channel=caller.channel, Variable="SAY")
    await caller.phone.hangup()
    await caller.phone.ended()

    await eventually("the file finished", lambda: _is_finished(heard))
    assert 0.75 <= heard_seconds(heard, PROMPT_HZ) <= 1.05  # the line's sentence, and these two
    assert heard_seconds(heard, MUSIC_HZ) > 3.5
    assert left.get("Value", "") == ""
    assert len(tap.said("Wait", Call=caller.call)) == 1
