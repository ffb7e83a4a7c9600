"""The rendering, as the real Asterisk takes it."""

import re
import stat
from pathlib import Path

import pytest

from config.readback import differences
from config.render import EVENTS, TEMPLATES, etc, render, render_files
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld

pytestmark = pytest.mark.asterisk

ALLOWED: dict[str, str] = {}
"""Complaints that may stand in the log of a fresh start: pattern → reason. None."""


def test_boots_without_complaint(world: AsteriskWorld) -> None:
    """A start from the rendering logs no warning and no error."""
    unexplained = [
        line for line in world.complaints() if not any(re.search(p, line) for p in ALLOWED)
    ]

    assert unexplained == []


def test_every_module_runs(world: AsteriskWorld) -> None:
    """Every module we load is running: one that declines would be missed only in a call."""
    wanted = set(re.findall(r"^load = (\S+)", (TEMPLATES / "modules.conf.j2").read_text(), re.M))
    shown = world.rx("module show")

    running = {line.split()[0] for line in shown.splitlines() if " Running " in line}
    assert set() == wanted - running


def test_every_application_is_loaded(world: AsteriskWorld) -> None:
    """Every application and function the fixed dialplan names exists in this Asterisk."""
    text = (TEMPLATES / "extensions.conf.j2").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    applications = set(re.findall(r"(?:,1|n(?:\(\w+\))?),(\w+)\(", text))
    applications |= set(re.findall(r"\?(\w+)\(", text))
    functions = set(re.findall(r"(?<!\w)([A-Z_]{3,})\(", text))

    registered = world.rx("core show applications") + world.rx("core show functions")
    known = {word.lower() for word in re.findall(r"^ *(\w+)", registered, re.M)}
    assert len(applications) > 10
    assert set() == {name for name in applications | functions if name.lower() not in known}


def test_every_number_is_in_the_dialplan(world: AsteriskWorld) -> None:
    """Asterisk holds every number of the profile, and the hotline's own, each in its context."""
    numbers = [line.number for line in (world.profile.hotline, *world.profile.lines)]

    assert len(numbers) == 36
    assert [
        number
        for number in numbers
        if f"'{number}' =>" not in world.rx(f"dialplan show {number}@numbers-{number[-2:]}")
    ] == []


def test_rendering_again_changes_nothing(world: AsteriskWorld) -> None:
    """A second rendering writes no file and makes no new secret."""
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in _written(world)}
    render(world.settings, world.platform)

    assert before == {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in _written(world)}


def test_secrets_are_for_their_owner_only(world: AsteriskWorld) -> None:
    """Nobody else on the machine can read a secret, or a file that holds one."""
    modes = {stat.S_IMODE(path.stat().st_mode) for path in _written(world)}

    assert {0o600} == modes
    assert stat.S_IMODE((world.home / "secrets").stat().st_mode) == 0o700


def test_asterisk_holds_what_it_was_given(world: AsteriskWorld) -> None:
    """Every extension does what its file says, and every phone and trunk is known."""
    assert differences(world.settings, render_files(world.settings, world.platform)) == []


def test_a_broken_file_is_seen_after_reload(world: AsteriskWorld) -> None:
    """Asterisk takes a cut file in silence; reading back says what is missing."""
    target = etc(world.settings) / "numbers.conf"
    whole = target.read_text()
    files = render_files(world.settings, world.platform)
    target.write_text(whole[: len(whole) // 2])
    try:
        world.rx("dialplan reload")
        missing = differences(world.settings, files)
    finally:
        target.write_text(whole)
        world.rx("dialplan reload")

    assert len(missing) > 10
    assert differences(world.settings, files) == []


async def test_ami_tells_only_what_the_wire_reads(world: AsteriskWorld, tap: AmiTap) -> None:
    """Of all that a heartbeat and a member make Asterisk say, only listed events come."""
    await tap.beat()
    await tap.ask(
        "QueueAdd", Queue="fallback-chifeng", Interface="PJSIP/chifeng-1001", MemberName="anna"
    )
    await tap.ask("QueueStatus", Queue="fallback-chifeng")
    await tap.ask("QueueRemove", Queue="fallback-chifeng", Interface="PJSIP/chifeng-1001")

    heard = {event["Event"] for event in tap.events if "Event" in event}
    assert {"FullyBooted", "QueueMemberAdded", "QueueParams", "QueueMember"} <= heard
    assert set() == heard - set(EVENTS)


def _written(world: AsteriskWorld) -> list[Path]:
    return [*sorted((world.home / "secrets").iterdir()), *sorted(etc(world.settings).iterdir())]
