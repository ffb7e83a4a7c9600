"""What a caller hears is recorded from every telephone that comes to be bridged to it.

Each numbers its packets from a number of its own; one in two begins below where the last one ended,
and Asterisk takes those for late (``[record]`` of the dialplan). So several come in turn.
"""

import pytest

from bench.phone import PhoneLine
from config.settings import CHECKOUT
from tests.asterisk.ear import Ear
from tests.asterisk.moving import AGENT_HZ, EXPERT_HZ, MUSIC_HZ, Scene
from tests.asterisk.world import eventually

pytestmark = pytest.mark.asterisk
CONF = CHECKOUT / "asterisk-conf"
TIMES = 4
PLACES = ("hold", "fallback", "room", "connect", "away")
MOST_S = 0.5
"""Of silence: between music and a voice, and where one recording is joined to the next."""


def recorded(here: Scene) -> Ear:
    """What the caller hears, as it is kept."""
    return Ear(here.world.settings.recordings / f"{here.call}-tx.wav")


async def vanish(here: Scene, who: str) -> None:
    """That leg ends though nobody hung up."""
    answer = await here.tap.ask("Hangup", Channel=here.channels[who])
    assert answer["Response"] == "Success"


async def heard(here: Scene, line: PhoneLine, who: str, hertz: int) -> None:
    """It answers, and is heard by the caller and by whoever plays the recording."""
    await here.answer(line, who, hertz)
    await here.ear("caller").comes_to_hear(hertz)
    await recorded(here).comes_to_hear(hertz)


async def test_each_seat_that_comes_from_the_wait_is_recorded(here: Scene) -> None:
    """The same or another, after the one before has vanished; and the music between them."""
    await here.call_in("13900001301")
    for n in range(TIMES):
        extension, waits = f"100{n % 2 + 1}", here.count("Wait")
        line = await here.phone(extension)
        await here.tap.offer(here.channels["caller"], f"{here.call}/{n}", f"chifeng-{extension}", 5)
        await heard(here, line, f"seat-{n}", AGENT_HZ)
        await vanish(here, f"seat-{n}")
        await here.told("Wait", after=waits)
        await here.ear("caller").comes_to_hear(MUSIC_HZ)
        await recorded(here).comes_to_hear(MUSIC_HZ)
    assert recorded(here).longest_silence_s() < MOST_S


async def test_each_telephone_that_a_caller_is_moved_to_is_recorded(here: Scene) -> None:
    """Dialled for the caller blindly, one after the other."""
    await here.call_in("13900001302")
    await here.talk("1001", "seat-0")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    for n in range(1, TIMES + 1):
        extension = f"100{n % 2 + 1}"
        line = await here.phone(extension)
        await here.away(n, seat=f"chifeng-{extension}")
        await here.send_away(f"seat-{n - 1}")
        await heard(here, line, f"seat-{n}", EXPERT_HZ if n % 2 else AGENT_HZ)


@pytest.mark.parametrize("where", PLACES)
async def test_a_caller_taken_elsewhere_meanwhile_is_recorded_there(
    here: Scene, where: str
) -> None:
    """While one recorder has ended and the next not begun: wherever an order takes the caller."""
    await here.call_in(f"1390000131{PLACES.index(where)}")
    await here.talk("1001", "seat-0")
    caller, line = here.channels["caller"], await here.phone("1002")
    await here.set(caller, RENEW_S="5")
    await vanish(here, "seat-0")
    await here.told("SeatLost")
    await here.ear("caller").comes_to_hear(MUSIC_HZ)
    await here.set(caller, RENEW_S="")
    if where == "connect":
        await here.tap.offer(caller, f"{here.call}/2", "chifeng-1002", 5)
        await heard(here, line, "seat-1", EXPERT_HZ)
    elif where == "away":
        await here.away(seat="chifeng-1002")
        await here.redirect("caller", "away")
        await heard(here, line, "seat-1", EXPERT_HZ)
    else:
        await here.redirect("caller", where)
    said = recorded(here).path.with_name(f"{here.call}-rx.wav")
    before = said.stat().st_size
    await eventually("what the caller says is recorded", lambda: said.stat().st_size > before)


@pytest.mark.parametrize("where", [*PLACES, "outside", "keep", "wait"])
def test_every_place_records_first(where: str) -> None:
    """Whatever else it does: an order may have taken the caller there at any moment."""
    dialplan = (CONF / "extensions.conf.j2").read_text(encoding="utf-8")
    begins = dialplan.partition(f"\n[{where}]\n")[2].splitlines()[:4]
    assert any("GoSub(record," in line for line in begins)
