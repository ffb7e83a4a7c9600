"""The softphone through a real Asterisk: what is said is heard, keys pass, ends have causes."""

import os
from pathlib import Path
from statistics import median
from time import monotonic

import pytest

from bench.bare import HOST, BareAsterisk
from bench.phone import CallEnded, NotRegistered, PhoneLine, PhoneRefused, Softphone, TooLate
from bench.wavetools import chirp, likeness, load, pieces, write_wav
from tests.phones.conftest import SEATS

pytestmark = pytest.mark.asterisk

CLOSE_S = 1.0
"""How long a phone program waits at most for a recording that is not closed."""


async def seat(phone: Softphone, switch: BareAsterisk, name: str) -> PhoneLine:
    return await phone.register(name, switch.passwords[name], HOST, switch.sip_port)


async def test_a_phone_registers_with_its_password(switch: BareAsterisk, phone: Softphone) -> None:
    """The registrar knows the phone afterwards, and only with the right password."""
    await seat(phone, switch, "bare-1001")
    assert "bare-1001/sip:bare-1001@" in await switch.command("pjsip show contacts")
    with pytest.raises(NotRegistered) as refused:
        await phone.register("bare-1002", "wrong", HOST, switch.sip_port)
    assert refused.value.code in (401, 403)


async def test_both_sides_hear_what_the_other_says(
    switch: BareAsterisk, phone: Softphone, tmp_path: Path
) -> None:
    """What each side records of the other is what was sent, most half seconds by 0.99."""
    said = write_wav(tmp_path / "said.wav", chirp(3, seed=1))
    answered = write_wav(tmp_path / "answered.wav", chirp(3, seed=2))
    callee = await seat(phone, switch, "bare-1001")
    call = await phone.call(
        "bare-1001",
        ani="13900000001",
        host=HOST,
        port=switch.sip_port,
        play=said,
        record=tmp_path / "caller.wav",
    )
    incoming = await callee.incoming()
    assert incoming.ani == "13900000001"
    await call.ringing()
    await incoming.answer(play=answered, record=tmp_path / "callee.wav")
    await call.connected()
    await call.played(10)
    await incoming.played(10)
    await call.hangup()
    ended = await incoming.ended(5)
    assert (ended.by, ended.cause) == ("remote", 16)
    await call.ended(5)
    for sent, recorded in ((said, "callee.wav"), (answered, "caller.wav")):
        heard = pieces(load(sent), load(tmp_path / recorded))
        assert median(piece.r for piece in heard) > 0.99  # late packets may spoil some
    crossed = likeness(load(said), load(tmp_path / "caller.wav"))
    assert abs(crossed.r) < 0.1


async def test_sound_starts_on_order(
    switch: BareAsterisk, phone: Softphone, tmp_path: Path
) -> None:
    """A file started in the middle of a call is heard from its beginning, after silence."""
    said = write_wav(tmp_path / "said.wav", chirp(2, seed=3))
    first = write_wav(tmp_path / "first.wav", chirp(1, seed=4))
    call = await phone.call("9200", ani="1", host=HOST, port=switch.sip_port, play=first)
    await call.record(tmp_path / "echo.wav")
    await call.played(5)
    await call.play(said)
    await call.played(5)
    await call.hangup()
    await call.ended(5)
    echo = load(tmp_path / "echo.wav")
    found = [likeness(load(path), echo) for path in (first, said)]
    assert min(one.r for one in found) > 0.97  # the last packets of an echo are cut by the end
    assert found[0].lag_s + 1.0 <= found[1].lag_s + 0.05


async def test_the_last_of_many_sounds_is_the_one_heard(
    switch: BareAsterisk, phone: Softphone, tmp_path: Path
) -> None:
    """Another one fifty times in a row, and nobody falls silent for what was dropped."""
    other, last = (write_wav(tmp_path / f"{n}.wav", chirp(1, seed=n)) for n in (5, 6))
    call = await phone.call("9200", ani="1", host=HOST, port=switch.sip_port, play=other)
    await call.record(tmp_path / "echo.wav")
    await call.media()
    for _ in range(50):
        await call.play(other, loop=True)
    await call.play(last)
    await call.played(5)
    await call.hangup()
    await call.ended(5)
    assert likeness(load(last), load(tmp_path / "echo.wav")).r > 0.97


async def test_keys_pass(switch: BareAsterisk, phone: Softphone) -> None:
    """Keys pressed by the caller arrive at the seat, in order."""
    callee = await seat(phone, switch, "bare-1001")
    call = await phone.call("bare-1001", ani="1", host=HOST, port=switch.sip_port)
    incoming = await callee.incoming()
    await incoming.answer(after_s=0.1)
    await call.media()
    await incoming.media()
    await call.dtmf("13#*")
    assert [await incoming.key() for _ in range(4)] == ["1", "3", "#", "*"]


async def test_a_refused_call_ends_with_its_cause(switch: BareAsterisk, phone: Softphone) -> None:
    """Who is refused learns the code; a wait for an answer does not go on after the end."""
    callee = await seat(phone, switch, "bare-1001")
    call = await phone.call("bare-1001", ani="1", host=HOST, port=switch.sip_port)
    incoming = await callee.incoming()
    await incoming.reject(486)
    with pytest.raises(CallEnded) as ended:
        await call.connected(5)
    assert ended.value.ended.code == 486
    assert (await incoming.ended(5)).by == "local"


async def test_an_end_is_told_at_once_also_when_nothing_was_heard(
    switch: BareAsterisk, phone: Softphone, tmp_path: Path
) -> None:
    """A call that ends before a packet came has a recording without a sound, and is over."""
    callee = await seat(phone, switch, "bare-1001")
    for n in range(3):
        call = await phone.call("bare-1001", ani="1", host=HOST, port=switch.sip_port)
        incoming = await callee.incoming()
        await incoming.answer(record=tmp_path / f"{n}.wav")
        await incoming.hangup()
        over = await incoming.ended(5)
        assert monotonic() - over.at < CLOSE_S / 2
        await call.ended(5)


async def test_a_line_answers_by_itself(switch: BareAsterisk, phone: Softphone) -> None:
    """A line on auto-answer takes each call after the time it was told, until told otherwise."""
    callee = await seat(phone, switch, "bare-1001")
    await callee.auto_answer(0.5)
    call = await phone.call("bare-1001", ani="1", host=HOST, port=switch.sip_port)
    rang = await call.ringing()
    assert 0.4 < await call.connected() - rang < 1.0
    await call.hangup()
    await call.ended()
    await callee.auto_answer(None)
    again = await phone.call("bare-1001", ani="1", host=HOST, port=switch.sip_port)
    with pytest.raises(TooLate, match="no connected within 1 s; so far ringing"):
        await again.connected(1)


async def test_every_wait_has_a_deadline(switch: BareAsterisk, phone: Softphone) -> None:
    """Nothing that does not come is waited for longer than asked."""
    callee = await seat(phone, switch, "bare-1001")
    with pytest.raises(TooLate, match="no call came to bare-1001"):
        await callee.incoming(0.2)
    with pytest.raises(TooLate, match="no answer from"):
        await phone.register("nobody", "x", HOST, 9, deadline_s=0.2)


async def test_more_lines_and_calls_than_one_program_holds(
    switch: BareAsterisk, phone: Softphone
) -> None:
    """One holds two lines, or three calls: more of either get more programs."""
    lines = [await seat(phone, switch, name) for name in SEATS]
    for line in lines:
        await line.auto_answer(0.0)
    calls = [
        await phone.call("9200", ani=str(n), host=HOST, port=switch.sip_port) for n in range(5)
    ]
    calls += [
        await phone.call(line.user, ani="9", host=HOST, port=switch.sip_port) for line in lines
    ]
    for call in calls:
        await call.media()
    assert len(phone.pids) == 5


async def test_nonsense_is_refused_and_the_phone_lives(
    switch: BareAsterisk, phone: Softphone, tmp_path: Path
) -> None:
    """A file that is not there is refused at once; the phone goes on."""
    with pytest.raises(PhoneRefused, match="No such file"):
        await phone.call(
            "9200", ani="1", host=HOST, port=switch.sip_port, play=tmp_path / "none.wav"
        )
    call = await phone.call("9200", ani="1", host=HOST, port=switch.sip_port)
    await call.connected()


async def test_leaving_reaps_the_programs(switch: BareAsterisk) -> None:
    """After the ``async with`` the process is gone and the seat no longer registered."""
    pids: list[int] = []

    async def fail() -> None:
        async with Softphone() as phone:
            await seat(phone, switch, "bare-1001")
            pids.extend(phone.pids)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert "bare-1001/sip:" not in await switch.command("pjsip show contacts")
