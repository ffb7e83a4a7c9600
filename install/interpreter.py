"""The Python that runs the product: 3.11 or 3.12, for which every locked package has a wheel.

A newer distribution has neither. Its own archive still carries the suite that does: that one's
Python is unpacked into the cache, beside the machine's and out of its sight. It runs on the
machine's libraries, as any older program does.
"""

import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from install.apt import PrivateApt, mirror, unpack
from install.command import InstallError, Shell

FIT = ((3, 11), (3, 12))
"""Versions the locked packages fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """A suite of a distribution's archive and the Python in it."""

    name: str
    python: str
    keyring: str


SUITES = {
    "debian": Suite(name="bookworm", python="python3.11", keyring="debian-archive-keyring.gpg"),
    "ubuntu": Suite(name="noble", python="python3.12", keyring="ubuntu-archive-keyring.gpg"),
}


def fits(program: str | Path) -> bool:
    """Whether that Python starts, is of a version that fits and can make environments."""
    check = f"import sys, venv; sys.exit(sys.version_info[:2] not in {FIT!r})"
    try:
        done = subprocess.run([program, "-c", check], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def interpreter(shell: Shell, cache: Path) -> Path:
    """A Python that fits: the machine's, else the cached one, else unpacked now.

    Raises ``InstallError`` where the distribution's archive has none.
    """
    for name in ("python3.12", "python3.11", "python3"):
        found = shutil.which(name)
        if found and fits(found):
            return Path(found)
    distribution = platform.freedesktop_os_release()
    suite = SUITES.get(distribution.get("ID", ""))
    if suite is not None:
        kept = cache / suite.name / "usr/bin" / suite.python
        if not fits(kept):
            _unpack(shell, suite, distribution.get("VERSION_CODENAME", ""), cache)
        if fits(kept):
            return kept
    raise InstallError("没有可用的 Python：需要 3.11 或 3.12（含 venv），请自行安装后重试")


def pip_wheel(python: Path) -> Path | None:
    """The pip that came with an unpacked Python; None for the machine's own."""
    wheels = python.parent.parent / "share/python-wheels"
    if wheels == Path("/usr/share/python-wheels"):
        return None
    return next(iter(sorted(wheels.glob("pip-*.whl"))), None)


def _unpack(shell: Shell, suite: Suite, codename: str, cache: Path) -> None:
    archive = mirror(shell, codename)
    if archive is None:
        return
    keyring = Path("/usr/share/keyrings") / suite.keyring
    target, partial = cache / suite.name, cache / f"{suite.name}.partial"
    with PrivateApt(shell, f"deb [signed-by={keyring}] {archive} {suite.name} main") as apt:
        apt.update()
        packages = apt.fetch(f"{suite.python}-venv")
        for old in (target, partial):
            shutil.rmtree(old, ignore_errors=True)
        wanted = ("python", "libpython", "media-types")
        unpack(shell, [deb for deb in packages if deb.name.startswith(wanted)], partial)
    partial.rename(target)
