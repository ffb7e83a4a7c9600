"""Packages are unpacked without touching the machine, and its own files are left as they are.

We install on Debian and its kin only, so dpkg-deb is there or these tests fail and say so.
"""

import subprocess
from pathlib import Path

import pytest

from install.apt import borrowed_file, mirror, unpack
from install.command import InstallError, Shell


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "log" / "install.log")


def build(tmp_path: Path, name: str, file: str) -> Path:
    tree = tmp_path / f"tree-{name}"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: a <a@example.org>\n"
        "Description: a test\n",
        encoding="utf-8",
    )
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(name, encoding="utf-8")
    package = tmp_path / f"{name}.deb"
    subprocess.run(["dpkg-deb", "-b", tree, package], check=True, capture_output=True)
    return package


def test_packages_are_unpacked_into_one_root(tmp_path: Path, shell: Shell) -> None:
    packages = [build(tmp_path, "one", "usr/lib/one"), build(tmp_path, "two", "usr/sbin/two")]
    unpack(shell, packages, tmp_path / "root")
    assert (tmp_path / "root/usr/lib/one").read_text(encoding="utf-8") == "one"
    assert (tmp_path / "root/sbin/two").read_text(encoding="utf-8") == "two"


def test_a_damaged_package_stops_the_unpacking(tmp_path: Path, shell: Shell) -> None:
    package = build(tmp_path, "one", "usr/lib/one")
    package.write_bytes(package.read_bytes()[:200])
    with pytest.raises(InstallError, match="dpkg-deb"):
        unpack(shell, [package], tmp_path / "root")


def test_a_borrowed_file_goes_at_the_end(tmp_path: Path) -> None:
    file = tmp_path / "policy"
    with borrowed_file(file, "exit 101\n", mode=0o755):
        assert file.stat().st_mode & 0o777 == 0o755
    assert not file.exists()


def test_the_administrators_own_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "policy"
    file.write_text("exit 0\n", encoding="utf-8")
    with borrowed_file(file, "exit 101\n", mode=0o755):
        assert file.read_text(encoding="utf-8") == "exit 0\n"
    assert file.read_text(encoding="utf-8") == "exit 0\n"


def test_a_borrowed_file_that_a_killed_run_left_goes(tmp_path: Path) -> None:
    file = tmp_path / "policy"
    file.write_text("exit 101\n", encoding="utf-8")
    with borrowed_file(file, "exit 101\n", mode=0o755):
        pass
    assert not file.exists()


def told(monkeypatch: pytest.MonkeyPatch, directory: Path, *targets: str) -> None:
    """Put an apt-get on the path that lists these index targets."""
    lines = "\n".join(targets)
    program = directory / "apt-get"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{lines}\nEND\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{directory}:/usr/bin:/bin")


SECURITY = "Packages|main|bookworm-security|http://security.example/"
OTHERS = "Packages|main|nodistro|http://others.example/"
OWN = "Packages|main|bookworm|http://own.example/"
SOURCES = "Sources|main|bookworm|http://sources.example/"


def test_the_mirror_is_that_of_the_machines_own_suite(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: Shell
) -> None:
    told(monkeypatch, tmp_path, SECURITY, OTHERS, SOURCES, OWN)
    assert mirror(shell, "bookworm") == "http://own.example/"


def test_a_suite_may_be_called_by_its_standing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: Shell
) -> None:
    told(monkeypatch, tmp_path, OTHERS, "Packages|main|sid|http://own.example/")
    assert mirror(shell, "forky") == "http://own.example/"


def test_others_archives_are_no_mirror(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shell: Shell
) -> None:
    told(monkeypatch, tmp_path, SECURITY, OTHERS, SOURCES)
    assert mirror(shell, "bookworm") is None


def test_this_machines_sources_can_be_read(shell: Shell) -> None:
    """The real apt-get answers in the form that is asked for."""
    mirror(shell, "no-such-suite")
    log = shell.run(["apt-get", "indextargets", "--format", "$(CREATED_BY)|$(REPO_URI)"])
    assert all(line.count("|") == 1 for line in log.splitlines())


def test_a_failed_command_shows_its_last_words(shell: Shell, tmp_path: Path) -> None:
    with pytest.raises(InstallError, match="no such luck"):
        shell.run(["sh", "-c", "echo no such luck >&2; exit 3"])
    assert "no such luck" in (tmp_path / "log/install.log").read_text(encoding="utf-8")


def test_a_missing_program_is_named(shell: Shell) -> None:
    with pytest.raises(InstallError, match="no-such-program"):
        shell.run(["no-such-program"])
