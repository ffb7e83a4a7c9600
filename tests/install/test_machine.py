"""A machine that cannot be installed on is refused with the exact thing to do."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from config.settings import Settings
from install.machine import RUN_NEEDS, TEST_NEEDS, Machine, refusal
from install.place import place

GOOD = Machine(is_root=True, has_apt=True, free_bytes=50 << 30)


def told(machine: Machine, *, missing: bool = True, needs_asterisk: bool = True) -> str:
    needs = RUN_NEEDS + TEST_NEEDS if missing else ()
    return "\n".join(refusal(machine, needs, needs_asterisk=needs_asterisk, is_fresh=True))


def test_a_root_on_debian_is_not_refused() -> None:
    assert told(GOOD) == ""


def test_without_root_the_missing_packages_are_named() -> None:
    said = told(replace(GOOD, is_root=False))
    packages = "redis-tools sip-tester sox ffmpeg postgresql chromium fonts-noto-cjk"
    assert f"apt-get install --no-install-recommends {packages}" in said


def test_without_root_but_with_everything_there_it_goes_on() -> None:
    assert told(replace(GOOD, is_root=False), missing=False) == ""


def test_elsewhere_than_debian_programs_are_named_not_packages() -> None:
    said = told(replace(GOOD, has_apt=False))
    assert re.findall(r"^    (\S+)$", said, re.MULTILINE) == [
        "redis-server",
        "sipp",
        "sox",
        "ffmpeg",
        "postgres",
        "chromium",
        "NotoSansCJK",
    ]
    assert "HOTLINE_ASTERISK_ROOT" in said


def test_elsewhere_than_debian_with_everything_there_it_goes_on() -> None:
    assert told(replace(GOOD, has_apt=False), missing=False, needs_asterisk=False) == ""


def test_every_obstacle_is_told_at_once() -> None:
    said = told(Machine(is_root=False, has_apt=True, free_bytes=1 << 30))
    assert "root" in said
    assert "1.0 GiB" in said


def test_this_machine_is_seen_as_it_is(tmp_path: Path) -> None:
    here = Machine.here(tmp_path / "not" / "made" / "yet")
    assert here.free_bytes > 0


@pytest.mark.parametrize("own", [{}, {"HOTLINE_HOME": "/srv/h", "HOTLINE_CACHE": "~/c"}])
def test_installer_and_service_agree_where_things_are(
    own: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installer cannot read ``Settings`` (no pydantic yet); it must not differ from them."""
    for name in ("HOTLINE_HOME", "HOTLINE_CACHE", "HOTLINE_ASTERISK_ROOT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    settings, here = Settings(), place(own)
    assert (settings.home, settings.cache) == (here.home, here.cache)
