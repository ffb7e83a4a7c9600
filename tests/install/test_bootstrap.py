"""The first script on a bare machine: it installs Python, or says exactly why it does not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from install.place import CHECKOUT


class Bare:
    """A checkout of its own and a path on which only named programs are found."""

    def __init__(self, top: Path) -> None:
        self.checkout = top / "checkout"
        self.path = top / "bin"
        self.path.mkdir()
        (self.checkout / "install").mkdir(parents=True)
        shutil.copy(CHECKOUT / "install/bootstrap.sh", self.checkout / "install")
        for program in ("sh", "dirname", "mkdir", "date", "tail", "env", "cat", "chmod", "ln"):
            found = shutil.which(program)
            assert found is not None
            (self.path / program).symlink_to(found)

    def program(self, name: str, script: str) -> None:
        file = self.path / name
        file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        file.chmod(0o755)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.path / "sh", self.checkout / "install/bootstrap.sh", *words],
            env={"PATH": str(self.path)},
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )


@pytest.fixture
def bare(tmp_path: Path) -> Bare:
    return Bare(tmp_path)


def test_elsewhere_than_debian_nothing_is_touched(bare: Bare) -> None:
    done = bare.run("run")
    assert done.returncode == 1
    assert "Python 3.11" in done.stdout
    assert not (bare.checkout / "var").exists()


def test_without_root_the_exact_command_is_told(bare: Bare) -> None:
    bare.program("apt-get", "echo touched >&2; exit 1")
    bare.program("id", "echo 1000")
    done = bare.run("run")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends python3 python3-venv" in done.stdout
    assert "touched" not in done.stderr
    assert not (bare.checkout / "var").exists()


def test_a_root_gets_python_and_goes_on(bare: Bare) -> None:
    python = bare.path / "python3"
    bare.program("id", "echo 0")
    bare.program(
        "apt-get",
        f"[ $1 = update ] || {{ echo '#!/bin/sh' >{python}; "
        f"echo 'echo \"python3 $@ fresh=$HOTLINE_APT_FRESH\"' >>{python}; chmod +x {python}; }}",
    )
    done = bare.run("test")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "python3 -m install test fresh=1"


def test_a_failed_installation_shows_why(bare: Bare) -> None:
    bare.program("id", "echo 0")
    bare.program("apt-get", "echo mirror is down >&2; exit 100")
    done = bare.run("run")
    assert done.returncode == 1
    assert "mirror is down" in done.stdout


def test_where_python_is_nothing_is_installed(bare: Bare) -> None:
    bare.program("apt-get", "echo touched >&2; exit 1")
    bare.program("python3", '[ "$1" = -c ] || echo "python3 $@"')
    done = bare.run("run")
    assert done.stdout.splitlines()[-1] == "python3 -m install run"
    assert "touched" not in done.stderr


def test_a_python_too_old_is_refused(bare: Bare) -> None:
    """The distribution's Python was installed, and is still not new enough."""
    bare.program("id", "echo 0")
    bare.program("apt-get", "true")
    bare.program("python3", "exit 1")
    done = bare.run("run")
    assert done.returncode == 1
    assert "Python 版本过低" in done.stdout


def test_an_older_distribution_may_have_a_newer_python_beside_its_own(bare: Bare) -> None:
    bare.program("python3", "exit 1")
    bare.program("python3.11", '[ "$1" = -c ] || echo "python3.11 $@"')
    assert bare.run("run").stdout.splitlines()[-1] == "python3.11 -m install run"


def test_an_unknown_wish_is_refused_by_name() -> None:
    done = subprocess.run(
        ["sh", CHECKOUT / "install/bootstrap.sh", "destroy"],
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert "make run" in done.stderr
