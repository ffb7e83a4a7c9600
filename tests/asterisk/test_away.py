"""A blind transfer on the real Asterisk: the caller's own dialplan rings, brain or none."""

import re
import socket
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.asterisk.caller import logged, wait_in_line
from tests.asterisk.ear import gaps
from tests.asterisk.exchange import exchange
from tests.asterisk.moving import AGENT_HZ, CALLER_HZ, EXPERT_HZ, MUSIC_HZ, Scene, scene
from tests.asterisk.tap import AmiTap
from tests.asterisk.town import PEER, THERE, make_town
from tests.asterisk.world import AsteriskWorld, eventually

pytestmark = pytest.mark.asterisk


async def test_the_caller_is_with_whoever_answers(here: Scene) -> None:
    """Music while it rings; the recording goes on; a hang-up there ends the call."""
    await here.call_in("13900002001")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    line = await here.phone("1002")
    leg = await here.away(seat="chifeng-1002")
    await here.send_away()
    await here.told("Away", leg=leg)
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ,))
    expert = await here.answer(line, "expert", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(AGENT_HZ, MUSIC_HZ))
    await here.ear("expert").comes_to_hear(CALLER_HZ)
    await expert.hangup()
    assert here.caller is not None
    ended = await here.caller.phone.ended(5)
    over = await here.told("AwayEnd", leg=leg)
    await logged(here.world, here.call)

    assert (over["Status"], ended.by, here.count("SeatLost")) == ("ANSWER", "remote", 0)
    assert here.marks()[2:] == ["OFFER", "AWAY", "AWAYEND", "BYE"]
    assert here.is_gone("agent")
    assert here.ear("caller").longest_silence_s() < 2
    recorded = here.world.settings.recordings / f"{here.call}-rx.wav"
    await eventually("the recording's end", lambda: recorded.read_bytes()[40:44] != bytes(4))
    assert len(gaps(recorded, CALLER_HZ)) <= 1  # where it is recorded anew, in the music


async def test_in_vain_the_brain_has_2_s_to_say_what_next(here: Scene) -> None:
    """Another route is tried from there; without a word the caller waits, its place kept."""
    await here.call_in("13900002002")
    await here.talk("1001")
    line = await here.phone("1002")
    await here.away(seat="chifeng-1002", ring_s=3)
    await here.send_away()
    await (await line.incoming()).reject(486)
    busy = await here.told("AwayEnd")
    second = await here.away(2, seat="chifeng-1002", ring_s=1)
    await here.tap.beat()
    await here.redirect("caller", "away")
    silent = await here.told("AwayEnd", leg=second)
    await here.tap.beat()
    again = await here.told("Wait", after=1)

    assert (busy["Status"], silent["Status"]) == ("BUSY", "NOANSWER")
    assert 1.5 < float(again["Timestamp"]) - float(silent["Timestamp"]) < 3.5
    assert here.caller is not None
    assert again["Since"] == here.caller.since
    assert here.ear("caller").longest_silence_s() < 2


async def test_in_vain_and_no_brain(here: Scene) -> None:
    """The caller waits at once."""
    await here.call_in("13900002003")
    await here.talk("1001")
    line = await here.phone("1002")
    await here.away(seat="chifeng-1002")
    await here.tap.beat(stale=True)
    await here.send_away()
    await (await line.incoming()).reject(486)
    over = await here.told("AwayEnd")
    again = await here.told("Wait", after=1)
    assert float(again["Timestamp"]) - float(over["Timestamp"]) < 1.5
    await here.told("Fallback")


async def _with_another_seat(here: Scene, ani: str) -> None:
    """Sent away by the first seat, the caller talks with the second."""
    await here.call_in(ani)
    await here.talk("1001")
    line = await here.phone("1002")
    await here.away(seat="chifeng-1002")
    await here.send_away()
    await here.answer(line, "expert", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ)


async def test_who_vanishes_gives_the_caller_back(here: Scene) -> None:
    """Nobody hung up: the caller waits, its place kept."""
    await _with_another_seat(here, "13900002004")
    await here.tap.ask("Hangup", Channel=here.channels["expert"])
    await here.told("SeatLost")
    await here.told("Wait", after=1)


async def test_moved_on_by_whoever_answered(here: Scene) -> None:
    """The seat that got the caller so can itself hold it and ask somebody else."""
    await _with_another_seat(here, "13900002005")
    await here.set_aside(who="expert")
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(EXPERT_HZ,))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(MUSIC_HZ,))


async def test_of_two_callers_put_to_one_seat_one_steps_back(here: Scene) -> None:
    """As with offers: nobody's phone is rung twice at once."""
    line = await here.phone("1002")
    first = await wait_in_line(here.world, here.tap, here.phones, "13900002006")
    await here.tap.offer(first.channel, "first", "chifeng-1002", 5)
    rung = await line.incoming()
    await here.call_in("13900002007")
    await here.away(seat="chifeng-1002")
    await here.redirect("caller", "away")
    over = await here.told("AwayEnd")
    assert over["Status"] == "TAKEN"
    await first.phone.hangup()
    await rung.ended(5)


async def test_another_exchange_is_told_and_tells_again(tmp_path: Path, phones: Softphone) -> None:
    """The call's id, its way, its case: in the headers there, and read from them where it comes."""
    async with exchange() as there:
        with make_town(tmp_path / "home", there.port) as world:
            async with AmiTap(world) as tap, scene(world, tap, phones, tmp_path) as here:
                await here.call_in("13900002008", "12345")
                await here.away(peer=PEER, number=THERE)
                await here.set(
                    here.channels["caller"],
                    AWAY_PATH="linshi/testcity",
                    AWAY_CASE="110-2026/1",
                    AWAY_REASON="three-way 12366",
                    AWAY_SHOWN="12345",
                )
                await here.redirect("caller", "away")
                visit = await there.visit()
                visit.answer()
                await here.bridged("caller")
                visit.hang_up()
                over = await here.told("AwayEnd")
                assert here.caller is not None
                await here.caller.phone.ended(5)

                assert over["Status"] == "ANSWER"
                assert (visit.number, visit.hotline_call) == (THERE, here.call)
                assert re.search(r"(?m)^From: <sip:12345@", visit.invite)
                assert "1390000" not in visit.invite
                assert _header(visit.invite, "Path") == "linshi/testcity"
                assert _header(visit.invite, "Case") == "110-2026/1"
                assert _header(visit.invite, "Reason") == "three-way 12366"
                assert world.complaints() == []


async def test_an_exchange_known_to_be_away_is_not_waited_for(
    tmp_path: Path, phones: Softphone
) -> None:
    """It is told within the second, and the brain can try another route."""
    async with exchange() as there:
        port = there.port
    with make_town(tmp_path / "home", port) as world:
        async with AmiTap(world) as tap, scene(world, tap, phones, tmp_path) as here:
            await eventually(
                "seen to be away", lambda: "Unavail" in world.rx("pjsip show contacts"), 20
            )
            await here.call_in("13900002009", "12345")
            await here.away(peer=PEER, number=THERE)
            await here.redirect("caller", "away")
            gone = await here.told("Away")
            over = await here.told("AwayEnd")
            assert over["Status"] == "CHANUNAVAIL"
            assert float(over["Timestamp"]) - float(gone["Timestamp"]) < 1


async def test_what_another_hotline_says_of_a_call_is_told(
    tmp_path: Path, phones: Softphone
) -> None:
    """Its way and its case number, filtered; of a call that nobody has handed over they are not."""
    async with exchange() as there:
        with make_town(tmp_path / "home", there.port) as world:
            async with AmiTap(world) as tap:
                await tap.beat()
                said = {
                    "Path": "linshi/testcity",
                    "Case": "110-2026/1,LINE=x",
                    "Reason": "three-way (12366)",
                }
                _invite(world, "13900002011", {"Call": "there-1"} | said)
                _invite(world, "13900002012", said)
                handed = await tap.user_event("Arrived", Ani="13900002011")
                plain = await tap.user_event("Arrived", Ani="13900002012")
                for arrived in (handed, plain):
                    await tap.ask("Hangup", Channel=arrived["Channel"])

                told = ("Handed", "From", "Path", "Case", "Reason")
                assert [handed.get(name, "") for name in told] == [
                    "hotline",
                    "127.0.0.1",
                    "linshi/testcity",
                    "110-2026/1LINEx",
                    "three-way 12366",
                ]
                assert [plain.get(name, "") for name in told] == [""] * 5
                assert world.complaints() == []


def _invite(world: AsteriskWorld, ani: str, told: dict[str, str]) -> None:
    """A call as another hotline's exchange hands it over."""
    sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    sdp += "m=audio 9 RTP/AVP 8\r\n"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("127.0.0.1", 0))
        port = sender.getsockname()[1]
        lines = (
            f"INVITE sip:12345@127.0.0.1:{world.sip_port} SIP/2.0",
            f"Via: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{port}",
            f"From: <sip:{ani}@127.0.0.1>;tag=1",
            "To: <sip:12345@127.0.0.1>",
            f"Call-ID: {port}@127.0.0.1",
            "CSeq: 1 INVITE",
            f"Contact: <sip:x@127.0.0.1:{port}>",
            "Max-Forwards: 70",
            *(f"X-Hotline-{name}: {text}" for name, text in told.items()),
            "Content-Type: application/sdp",
            f"Content-Length: {len(sdp)}",
        )
        text = "\r\n".join(lines) + "\r\n\r\n" + sdp
        sender.sendto(text.encode(), ("127.0.0.1", world.sip_port))


def _header(invite: str, name: str) -> str:
    found = re.search(rf"(?m)^X-Hotline-{name}: (.*?)\r?$", invite)
    return found[1] if found else ""
