"""The product gets a Python that its locked packages fit, whatever the machine's own is."""

import sys
from pathlib import Path

import pytest

from install.command import InstallError, Shell
from install.interpreter import fits, interpreter, pip_wheel


def program(directory: Path, name: str, script: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_this_python_fits() -> None:
    """The tests run on it, so it must be one of those."""
    assert fits(sys.executable)


def test_a_python_that_says_no_or_does_not_start_does_not_fit(tmp_path: Path) -> None:
    assert not fits(program(tmp_path, "python3", "exit 1"))
    assert not fits(tmp_path / "none")


def test_a_fitting_python_beside_the_machines_own_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(tmp_path / "bin", "python3", "exit 1")
    beside = program(tmp_path / "bin", "python3.11", f'exec {sys.executable} "$@"')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert interpreter(Shell(tmp_path / "log"), tmp_path / "cache") == beside


def test_where_no_python_can_be_had_the_versions_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even apt is on the path here."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InstallError, match=r"3\.11|apt-get"):
        interpreter(Shell(tmp_path / "log"), tmp_path / "cache")


def test_only_an_unpacked_python_brings_its_own_pip(tmp_path: Path) -> None:
    wheels = tmp_path / "usr/share/python-wheels"
    wheels.mkdir(parents=True)
    (wheels / "pip-23.0.1-py3-none-any.whl").touch()
    assert pip_wheel(tmp_path / "usr/bin/python3.11") == wheels / "pip-23.0.1-py3-none-any.whl"
    assert pip_wheel(Path("/usr/bin/python3.11")) is None
