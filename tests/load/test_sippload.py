"""SIPp as callers and seats through a bare Asterisk: every call is bridged, recorded and told."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.bare import HOST, BareAsterisk
from bench.ports import free_port
from bench.sippload import Endpoint, LoadFailed, Seats, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, load, pieces, write_alaw, write_wav
from tests.asterisk.world import find_root, free_rtp_range

pytestmark = [pytest.mark.asterisk, pytest.mark.alone]

SEATS = [f"bare-{n}" for n in range(1001, 1006)]


@pytest.fixture
async def switch(tmp_path: Path) -> AsyncIterator[BareAsterisk]:
    rtp = free_rtp_range()
    bare = BareAsterisk(
        tmp_path / "bare",
        sip_port=free_port(),
        ami_port=free_port(),
        rtp=(rtp, rtp + 199),
        seats=SEATS,
        prompt=write_wav(tmp_path / "prompt.wav", chirp(0.3, seed=9)),
        root=find_root(),
    )
    async with bare:
        yield bare
    shutil.rmtree(bare.home, ignore_errors=True)


async def test_calls_at_a_rate_are_bridged_and_recorded_whole(
    switch: BareAsterisk, tmp_path: Path
) -> None:
    """Ten calls at five a second reach five seats; each recording holds what both sides sent."""
    caller = chirp(1.5, seed=1)
    seat = chirp(1.5, seed=2)
    target = (HOST, switch.sip_port)
    first = free_rtp_range()
    seats = Seats(
        switch.passwords,
        target,
        Endpoint(sip_port=free_port(), media_port=first),
        tmp_path / "seats",
        audio=write_alaw(tmp_path / "seat.alaw", seat),
        talk_s=1.5,
    )
    traffic = Traffic(
        number="9000",
        rate=5,
        count=10,
        at_once=10,
        stay_s=20,
        audio=write_alaw(tmp_path / "caller.alaw", caller),
        anis=invented_numbers(10),
        times=1,
    )
    source = Endpoint(sip_port=free_port(), media_port=first + 500)
    async with seats:
        tally = await call_in(traffic, target, source, tmp_path / "callers")
    assert (tally.placed, tally.done, tally.failed) == (10, 10, 0)
    assert tally.retransmissions == 0
    assert 1.7 < tally.mean_s < 2.5
    said = [
        sorted(piece.r for piece in pieces(caller, load(path), 0.25))
        for path in switch.recordings.glob("*-rx.wav")
    ]
    heard = [
        sorted(piece.r for piece in pieces(seat, load(path), 0.25))
        for path in switch.recordings.glob("*-tx.wav")
    ]
    assert len(said) == len(heard) == 10
    # A busy machine sends packets late, and the recorder makes up a frame where the clocks of both
    # directions meet: a piece with such a seam is still that piece, and most have none.
    assert min(r for one in (*said, *heard) for r in one) > 0.4, (said, heard)
    clean = [r > 0.99 for one in (*said, *heard) for r in one]
    assert sum(clean) > 0.6 * len(clean), (said, heard)
    assert "bare-1001/sip:" not in await switch.command("pjsip show contacts")


async def test_a_wrong_password_is_told(switch: BareAsterisk, tmp_path: Path) -> None:
    """Seats that cannot register stop the load before it begins."""
    seats = Seats(
        {"bare-1001": "wrong"},
        (HOST, switch.sip_port),
        Endpoint(sip_port=free_port(), media_port=free_rtp_range()),
        tmp_path / "seats",
        audio=tmp_path / "none.alaw",
        talk_s=1,
    )
    with pytest.raises(LoadFailed, match="not registered"):
        async with seats:
            pass


def test_invented_numbers_differ() -> None:
    """No two callers of a run share a number, nor do two runs of one process."""
    numbers = invented_numbers(500) + invented_numbers(500, seed=1)
    assert len(set(numbers)) == 1000
    assert {len(number) for number in numbers} == {11}
