"""The words that mend transcripts are put in place, or their lack is said and nothing fails."""

import os
import subprocess
from pathlib import Path

import pytest

from install.command import Shell
from install.place import Place
from install.words import PACKAGE, is_there, put_in_place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(checkout=tmp_path, home=tmp_path / "home", cache=tmp_path / "cache")


def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: Path | None) -> None:
    """Put apt's programs on the path that offer this package, or know none."""
    tools = tmp_path / "tools"
    tools.mkdir()
    candidate = "1.0-1" if package else "(none)"
    (tools / "apt-cache").write_text(
        f"#!/bin/sh\necho '  Candidate: {candidate}'\n", encoding="utf-8"
    )
    (tools / "apt-get").write_text(
        "#!/bin/sh\n"
        "for word; do case $word in Dir::Cache::archives=*) into=${word#*=};; esac; done\n"
        f'case "$*" in *download-only*) cp {package} $into;; esac\n',
        encoding="utf-8",
    )
    for tool in tools.iterdir():
        tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")


def package(tmp_path: Path, file: str) -> Path:
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "DEBIAN/control").write_text(
        f"Package: {PACKAGE}\nVersion: 1.0-1\nArchitecture: all\n"
        "Maintainer: a <a@example.org>\nDescription: a test\n",
        encoding="utf-8",
    )
    (tree / file).parent.mkdir(parents=True)
    (tree / file).write_text("model", encoding="utf-8")
    made = tmp_path / "words.deb"
    subprocess.run(["dpkg-deb", "-b", tree, made], check=True, capture_output=True)
    return made


def test_the_model_is_taken_out_of_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Place
) -> None:
    """Whatever the machine's kind is called in the path."""
    archive(monkeypatch, tmp_path, package(tmp_path, "usr/lib/some-linux-gnu/libime/zh_CN.lm"))
    assert not is_there(place)
    assert put_in_place(Shell(place.log), place) is None
    assert is_there(place)
    assert (place.models / "zh-words/zh_CN.lm").read_text(encoding="utf-8") == "model"


def test_sources_without_the_package_are_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Place
) -> None:
    """The installation goes on and says what is missing."""
    archive(monkeypatch, tmp_path, None)
    assert "不纠正同音字" in (put_in_place(Shell(place.log), place) or "")
    assert not is_there(place)


def test_a_package_without_the_model_is_no_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: Place
) -> None:
    """A later package may be laid out in another way: texts stay unmended, and the log says why."""
    archive(monkeypatch, tmp_path, package(tmp_path, "usr/share/other"))
    assert str(place.log) in (put_in_place(Shell(place.log), place) or "")
    assert not is_there(place)
