"""The dialogue that tells another dialplan what happens to a number: the same as ``explain``."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from config.areas import segments
from config.numberplan import explain
from config.platform import Platform
from config.render import etc
from config.workdays import CHINA
from cti.agi.plan import FIELDS, PlanDialogue
from ivr.text import prompt_name
from tests.asterisk.world import AsteriskWorld
from tests.config.platforms import province
from tests.cti.agi.phone import QUICK, block, calling, serving
from tests.cti.ami.peer import until

WORKDAY = datetime(2026, 6, 15, 9, 0, tzinfo=CHINA)
NIGHT = datetime(2026, 10, 1, 3, 0, tzinfo=CHINA)
ASKED = [
    # dialled, caller, centre whose trunk it is, when
    ("12345", "079212345678", "", WORKDAY),
    ("12333", "", "", WORKDAY),
    ("12333", "", "", NIGHT),
    ("079112333", "", "", WORKDAY),
    ("12319", "07978888888", "", WORKDAY),
    ("12319", "07928888888", "", WORKDAY),
    ("8337772", "", "zhou", WORKDAY),
    ("8337772", "", "shi", datetime(2027, 1, 2, 9, 0, tzinfo=CHINA)),
    ("+8679293617113", "13900001111", "nowhere", WORKDAY),
    ("99999", "", "", NIGHT),
]


@pytest.fixture(scope="module")
def platform() -> Platform:
    """A province with two of its cities."""
    return province()


async def asked(platform: Platform, at: datetime, **headers: str) -> dict[str, str]:
    """What a dialplan is told: variable → value."""
    # what is told is judged, not how soon
    dialogue = PlanDialogue(lambda: platform, lambda: at, within_s=30.0)
    told: dict[str, str] = {}
    patient = replace(QUICK, dialogue_s=30.0)
    async with serving({"plan": dialogue}, patient) as server, calling(server) as line:
        line.say(block(agi_network_script="plan", **headers))
        while command := await line.hear(within_s=30.0):
            verb, _, rest = command.partition(' "')
            assert verb == "SET VARIABLE"
            name, value = rest.removesuffix('"').split('" "')
            told[name] = value
            line.say(b"200 result=1\n")
    return told


@pytest.mark.parametrize(("dialled", "caller", "centre", "at"), ASKED)
async def test_a_dialplan_is_told_what_explain_says(
    platform: Platform, dialled: str, caller: str, centre: str, at: datetime
) -> None:
    """Every field, and the words that the caller hears; an unknown centre counts for home."""
    told = await asked(platform, at, agi_arg_1=dialled, agi_arg_2=caller, agi_arg_3=centre)
    trunk = centre if centre in ("shi", "zhou") else None
    plan = explain(platform, dialled, ani=caller, at=at, trunk=trunk)
    fields = dict(zip(FIELDS, told["PLAN"].split(","), strict=True))
    dial = next((step for step in plan.steps if step.do == "dial"), None)
    assert (fields["revision"], fields["centre"], fields["line"], fields["state"]) == (
        "7",
        plan.centre,
        plan.line.number,
        plan.state.value,
    )
    assert (fields["route"], fields["peer"], fields["number"]) == (
        plan.route,
        dial.peer if dial else "",
        dial.number if dial else "",
    )
    assert fields["ring"] == (str(dial.ring_s) if dial else "")
    assert (":" in fields["address"]) == (dial is not None)
    speaker = next((p for p in platform if plan.prompt.startswith(f"{p.centre}-")), None)
    assert fields["prompt"] == (prompt_name(speaker, plan.prompt) if speaker else "")
    assert bool(told["PLAN_TEXT"]) == bool(plan.prompt)
    assert {f"PLAN_{name.upper()}": value for name, value in fields.items()}.items() <= told.items()


async def test_without_arguments_the_channel_is_asked_about(platform: Platform) -> None:
    """The dialled number, else the extension; a caller without a number is nobody's."""
    by_number = await asked(platform, WORKDAY, agi_dnid="12366", agi_callerid="07921234567")
    by_extension = await asked(
        platform, WORKDAY, agi_dnid="unknown", agi_extension="12366", agi_callerid="unknown"
    )
    assert (by_number["PLAN_LINE"], by_number["PLAN_CENTRE"]) == ("12366", "zhou")
    elsewhere = explain(platform, "12366", at=WORKDAY)
    assert by_extension["PLAN_CENTRE"] == elsewhere.centre


async def test_each_call_is_told_of_the_table_in_force_then(platform: Platform) -> None:
    """A table that came into force since is the one that is asked."""
    now = [platform]
    dialogue = PlanDialogue(lambda: now[0], lambda: WORKDAY)
    revisions = []
    async with serving({"plan": dialogue}) as server:
        for _ in range(2):
            async with calling(server) as line:
                line.say(block(agi_network_script="plan", agi_arg_1="12345"))
                revisions.append(await line.hear())
            now[0] = platform.model_copy(update={"revision": 8})
    assert revisions == [f'SET VARIABLE "PLAN_REVISION" "{number}"' for number in (7, 8)]


async def test_what_is_loaded_at_the_start_is_not_loaded_by_the_first_caller(
    platform: Platform,
) -> None:
    """The table of mobile numbers takes half a second to read."""
    segments.cache_clear()
    PlanDialogue(lambda: platform, lambda: WORKDAY).load()
    assert segments.cache_info().misses == 1
    await asked(platform, WORKDAY, agi_arg_1="12345", agi_arg_2="13900001111")
    assert segments.cache_info().misses == 1


async def test_an_answer_that_takes_too_long_is_none() -> None:
    """The channel goes on in its dialplan, with nothing set."""

    def slow() -> Platform:
        time.sleep(0.5)
        return province()

    dialogue = PlanDialogue(slow, lambda: WORKDAY, within_s=0.2)
    limits = QUICK.__class__(header_s=0.3, dialogue_s=5.0)
    async with (
        serving({"plan": dialogue}, limits) as server,
        calling(server) as line,
        asyncio.timeout(4),
    ):
        line.say(block(agi_network_script="plan", agi_arg_1="12345"))
        assert await line.reader.readline() == b""


DIALPLAN = """
[plan-asked]
exten => s,1,AGI(agi://127.0.0.1:${EDGEPORT}/plan,12333,13900001111)
 same => n,Set(GLOBAL(EDGESAID)=${PLAN})
 same => n,Set(ARRAY(R,C,L,S,P,W,PEER,NUMBER,RING,ADDRESS)=${PLAN})
 same => n,Set(GLOBAL(EDGELINE)=${L}-${W}-${PEER}-${NUMBER}-${RING}-${PLAN_ADDRESS})
 same => n,Wait(2)
[plan-other]
exten => s,1,Answer()
 same => n,Wait(5)
"""


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """An Asterisk whose dialplan asks us."""
    world = AsteriskWorld(tmp_path_factory.mktemp("plan"))
    with (etc(world.settings) / "extensions.conf").open("a", encoding="utf-8") as file:
        file.write(DIALPLAN)
    with world:
        assert "Loaded" in world.rx("module load res_clioriginate.so")
        yield world


@pytest.mark.asterisk
async def test_asterisk_asks_and_splits_what_it_is_told(
    asking: AsteriskWorld, platform: Platform
) -> None:
    """``PLAN`` is one value that ``ARRAY`` takes apart, empty fields too."""
    async with serving({"plan": PlanDialogue(lambda: platform, lambda: WORKDAY)}) as server:
        for command in (
            "dialplan set global EDGELINE none",
            f"dialplan set global EDGEPORT {server.port}",
            "channel originate Local/s@plan-other/n extension s@plan-asked",
        ):
            await asyncio.to_thread(asking.rx, command)
        said: list[str] = []

        def is_told() -> bool:
            said[:] = [
                line for line in asking.rx("dialplan show globals").splitlines() if "EDGE" in line
            ]
            return not any("EDGELINE=none" in line for line in said)

        await until(is_told, within_s=10)
    plan = explain(platform, "12333", ani="13900001111", at=WORKDAY)
    dial = next(step for step in plan.steps if step.do == "dial")
    wanted = f"EDGELINE={plan.line.number}-dial-{dial.peer}-{dial.number}-{dial.ring_s}-127.0.0.1"
    assert any(wanted in line for line in said), said
