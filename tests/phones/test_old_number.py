"""The softphone at the product's own Asterisk, without a brain: a call is answered and kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.phone import Softphone
from bench.wavetools import chirp, level_db, likeness, load, write_wav
from cti.ids import SeatId
from tests.asterisk.world import AsteriskWorld

pytestmark = pytest.mark.asterisk


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AsteriskWorld]:
    with AsteriskWorld(tmp_path / "home") as running:
        yield running


async def test_an_old_number_is_answered_and_recorded_bit_by_bit(
    world: AsteriskWorld, phone: Softphone, tmp_path: Path
) -> None:
    """The caller hears the line's sentence, then music; what he says is in his own channel."""
    said = write_wav(tmp_path / "said.wav", chirp(2, seed=1))
    call = await phone.call(
        "8337772",
        ani="13900000001",
        host=world.settings.host,
        port=world.sip_port,
        play=said,
        record=tmp_path / "heard.wav",
    )
    await call.connected()
    await call.played(10)
    await call.hangup()
    await call.ended()
    [recording] = world.settings.recordings.glob("*-rx.wav")
    assert likeness(load(said), load(recording)).r > 0.99
    heard = load(tmp_path / "heard.wav")
    sentence = load(world.sentence("8337772"))
    assert likeness(sentence, heard).r > 0.95  # its first packet may come before the phone listens
    assert level_db(heard[8000:]) > -40  # music, not silence


async def test_a_seats_phone_registers_with_its_secret(
    world: AsteriskWorld, phone: Softphone
) -> None:
    """A seat of the profile registers with the password kept for it."""
    seat = SeatId("chifeng-1001")
    await phone.register(seat, world.seat_password(seat), world.settings.host, world.sip_port)
    assert f"{seat}/sip:{seat}@" in world.rx("pjsip show contacts")
