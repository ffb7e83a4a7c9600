"""The environment is filled again when, and only when, its lock has changed."""

import re
from pathlib import Path

import pytest

from install import redis
from install.command import Shell
from install.packages import LOCKS, Packages
from install.place import CHECKOUT, Place

LOCK_FILES = sorted((CHECKOUT / "requirements").glob("*.txt"))


@pytest.fixture
def here(tmp_path: Path) -> Place:
    (tmp_path / "requirements").mkdir()
    for lock in LOCKS:
        (tmp_path / "requirements" / f"{lock}.txt").write_text(lock, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / ".venv").mkdir()
    return Place(checkout=tmp_path, home=tmp_path / "var", cache=tmp_path / "cache")


def fill(here: Place, lock: str) -> None:
    packages = Packages(Shell(here.log), here, lock)
    packages.stamp.write_text(packages.fingerprint(lock), encoding="utf-8")


def is_installed(here: Place, lock: str) -> bool:
    return Packages(Shell(here.log), here, lock).is_installed()


@pytest.mark.parametrize("there", LOCKS)
@pytest.mark.parametrize("asked", LOCKS)
def test_a_wider_environment_serves_a_narrower_wish(here: Place, there: str, asked: str) -> None:
    fill(here, there)
    assert is_installed(here, asked) == (LOCKS.index(there) >= LOCKS.index(asked))


def test_an_environment_never_filled_is_not_installed(here: Place) -> None:
    assert not is_installed(here, "base")


@pytest.mark.parametrize("changed", ["requirements/base.txt", "pyproject.toml"])
def test_a_changed_lock_is_installed_again(here: Place, changed: str) -> None:
    fill(here, "base")
    (here.checkout / changed).write_text("changed", encoding="utf-8")
    assert not is_installed(here, "base")


def test_an_environment_without_its_interpreter_is_made_anew(here: Place) -> None:
    packages = Packages(Shell(here.log), here, "base")
    assert not packages.has_venv()
    (here.venv / "bin").mkdir()
    here.python.symlink_to("/no/such/python")
    assert not packages.has_venv()


@pytest.mark.parametrize("file", LOCK_FILES, ids=lambda file: file.name)
def test_every_locked_package_has_a_hash_and_no_index_is_named(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == []
    assert re.findall(r"https?:|--index|--find-links", text) == []


def test_the_models_are_not_installed_a_second_time() -> None:
    for lock in LOCKS:
        text = (CHECKOUT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        assert "whisper-base" not in text
        assert "kokoro-ja" not in text


def test_redis_is_named_where_only_the_tools_are(
    here: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    program = tools / "redis-check-rdb"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    assert not redis.is_named(here)
    redis.name_it(here)
    redis.name_it(here)
    assert (here.home / "bin/redis-server").samefile(program)
