"""Which Asterisk is taken, and that a place is either filled whole or not at all."""

from pathlib import Path

import pytest

from config.asteriskroot import (
    AsteriskMissingError,
    asterisk_argv,
    in_root,
    is_too_old,
    on_machine,
    parse_version,
    pin,
)
from config.settings import Settings
from install.asterisk import present, put_in_place, remark
from install.command import InstallError, Shell
from install.place import Place
from tests.install.roots import make_root


@pytest.fixture
def here(tmp_path: Path) -> Place:
    return Place(checkout=tmp_path, home=tmp_path / "var", cache=tmp_path / "cache")


@pytest.fixture
def shell(here: Place) -> Shell:
    return Shell(here.log)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", "22.10.1"),
        ("1:20.6.0~dfsg+~cs6.13.40431414-2build5", "20.6.0"),
        ("Asterisk certified/20.7-cert3", "20.7"),
        ("Asterisk GIT-master", None),
    ],
)
def test_versions_are_found_in_what_programs_say(text: str, version: str | None) -> None:
    assert parse_version(text) == version


def test_older_than_twenty_is_too_old() -> None:
    assert [is_too_old(version) for version in ("18.20.0", "20.0", "22.10.1")] == [
        True,
        False,
        False,
    ]


def test_a_private_root_is_started_by_its_own_linker(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root", "22.10.1")
    settings = Settings(home=tmp_path, asterisk_root=root)
    assert asterisk_argv(settings) == [
        f"{root}/usr/lib64/ld-linux-x86-64.so.2",
        "--argv0",
        "asterisk",
        "--library-path",
        f"{root}/usr/lib/x86_64-linux-gnu",
        f"{root}/usr/sbin/asterisk",
    ]


def test_the_root_under_home_is_found_by_itself(tmp_path: Path) -> None:
    root = make_root(tmp_path / "asterisk", "22.10.1")
    found = in_root(root)
    assert found is not None
    assert asterisk_argv(Settings(home=tmp_path)) == found.argv
    assert found.modules == root / "usr/lib/x86_64-linux-gnu/asterisk/modules"


def test_a_root_set_by_hand_is_never_silently_replaced(tmp_path: Path) -> None:
    make_root(tmp_path / "asterisk", "22.10.1")
    with pytest.raises(AsteriskMissingError, match="elsewhere"):
        asterisk_argv(Settings(home=tmp_path, asterisk_root=tmp_path / "elsewhere"))


def test_the_machines_own_is_started_plainly(tmp_path: Path) -> None:
    (tmp_path / "usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    (tmp_path / "usr/share/asterisk").mkdir(parents=True)
    found = on_machine("/usr/sbin/asterisk", top=tmp_path)
    assert found is not None
    assert found.argv == ["/usr/sbin/asterisk"]
    assert found.data == tmp_path / "usr/share/asterisk"


def test_the_cached_root_is_put_in_place_without_a_second_copy(here: Place, shell: Shell) -> None:
    cached = make_root(here.cache / "asterisk" / pin().version, pin().version)
    assert put_in_place(shell, here) == f"Asterisk {pin().version}"
    assert present(here) == pin().version
    program = Path("usr/sbin/asterisk")
    assert (here.home / "asterisk" / program).samefile(cached / program)


def test_the_tested_version_is_preferred_to_a_newer_one(here: Place, shell: Shell) -> None:
    make_root(here.cache / "asterisk" / "99.0.0", "99.0.0")
    make_root(here.cache / "asterisk" / pin().version, pin().version)
    put_in_place(shell, here)
    assert present(here) == pin().version


def test_a_half_unpacked_root_is_not_taken(here: Place, shell: Shell) -> None:
    make_root(here.cache / "asterisk" / "99.0.0.partial", "99.0.0")
    make_root(here.cache / "asterisk" / "22.11.0", "22.11.0")
    put_in_place(shell, here)
    assert present(here) == "22.11.0"


def test_a_broken_place_is_filled_anew(here: Place, shell: Shell) -> None:
    make_root(here.cache / "asterisk" / pin().version, pin().version)
    (here.home / "asterisk/usr/sbin").mkdir(parents=True)
    put_in_place(shell, here)
    assert present(here) == pin().version


def test_a_cached_root_that_does_not_run_is_named(here: Place, shell: Shell) -> None:
    cached = make_root(here.cache / "asterisk" / pin().version, pin().version)
    (cached / "usr/lib64/ld-linux-x86-64.so.2").write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    with pytest.raises(InstallError, match="无法运行"):
        put_in_place(shell, here)
    assert not (here.home / "asterisk").exists()


def test_another_version_is_taken_with_a_loud_remark() -> None:
    assert remark(pin().version) is None
    assert pin().version in (remark("23.0.0") or "")


@pytest.mark.parametrize(("version", "reason"), [("18.20.0", "低于 20"), ("none", "没有可运行")])
def test_an_operators_root_that_will_not_do_is_refused(
    tmp_path: Path, version: str, reason: str
) -> None:
    root = make_root(tmp_path / "root", version)
    here = Place(
        checkout=tmp_path, home=tmp_path / "var", cache=tmp_path / "cache", asterisk_root=root
    )
    with pytest.raises(InstallError, match=reason):
        present(here)
