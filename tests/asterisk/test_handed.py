"""Whom an emergency line's exchange hands over, on the real Asterisk: the number of its case."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cti import wire
from cti.events import CallArrived
from tests.asterisk.exchange import exchange
from tests.asterisk.tap import AmiTap
from tests.asterisk.test_away import _invite
from tests.asterisk.town import make_town

pytestmark = pytest.mark.asterisk


async def test_an_emergency_lines_case_is_told_and_its_caller_marked_as_one_of_its(
    tmp_path: Path,
) -> None:
    """Known by its address alone; what stands in the headers is no more than what it says."""
    async with exchange() as there:
        with make_town(tmp_path / "home", there.port) as world:
            async with AmiTap(world) as tap:
                await tap.beat()
                world.rx("database put emergency 127.0.0.1 110")
                _invite(world, "13900002021", {"Case": "JJ-2026/1122-7", "Path": "gongan"})
                handed = await tap.user_event("Arrived", Ani="13900002021")
                world.rx("database del emergency 127.0.0.1")
                _invite(world, "13900002022", {"Case": "JJ-2026/1122-8"})
                plain = await tap.user_event("Arrived", Ani="13900002022")
                for arrived in (handed, plain):
                    await tap.ask("Hangup", Channel=arrived["Channel"])

                said = wire.read(handed, datetime.now(UTC))
                assert isinstance(said, CallArrived)
                assert (said.is_emergency, said.is_handed_over) == (True, True)
                assert (said.case, said.path) == ("JJ-2026/1122-7", ("gongan",))
                nobody = wire.read(plain, datetime.now(UTC))
                assert isinstance(nobody, CallArrived)
                assert (nobody.is_emergency, nobody.case) == (False, "")
                assert world.complaints() == []
