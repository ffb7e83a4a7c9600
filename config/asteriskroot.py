"""Where Asterisk stands and how it is started. Path logic only: nothing here runs a program.

Asterisk is the machine's own, or Debian's package unpacked into a private root. A private root
is run by its own dynamic linker, without chroot and without root rights, so nothing in it ever
meets the machine's libraries. Standard library only: the installer reads this module before any
package is there.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the installer runs where pydantic is not yet installed
    from config.settings import Settings

OLDEST = (20,)
"""The first version that is accepted."""

_PIN = Path(__file__).resolve().parent.parent / "asterisk-conf" / "ASTERISK_VERSION"


class AsteriskMissingError(FileNotFoundError):
    """There is neither a private Asterisk nor one on the machine. ``make run`` installs one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asterisk:
    """One Asterisk: how to start it and what ``asterisk.conf`` must name.

    ``argv`` takes further arguments at its end (``-f -C …/asterisk.conf``, ``-rx 'core …'``).
    """

    argv: list[str]
    modules: Path
    data: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The version the product is tested with; ``packages``: architecture → SHA-256 of the .deb."""

    version: str
    packages: dict[str, str]


def pin(file: Path = _PIN) -> Pin:
    """Read the pinned version. The file belongs to the checkout; a broken one raises."""
    lines = file.read_text(encoding="utf-8").splitlines()
    words = dict(line.split() for line in lines if line and not line.startswith("#"))
    return Pin(version=words.pop("version"), packages=words)


def parse_version(text: str) -> str | None:
    """Find the version in ``asterisk -V`` or in a Debian version; None when there is none.

    >>> parse_version("1:22.10.1+dfsg+~cs6.17.60671434-1")
    '22.10.1'
    """
    found = re.search(r"(?:^|\s|:|/)(\d+\.\d+(?:\.\d+)?)", text)
    return found[1] if found else None


def is_too_old(version: str) -> bool:
    """Whether that version is refused."""
    return tuple(int(part) for part in version.split(".")) < OLDEST


def in_root(root: Path) -> Asterisk | None:
    """The Asterisk unpacked in a private root; None when there is none (or only a part)."""
    program = root / "usr/sbin/asterisk"
    linker = _first(
        root, "usr/lib64/ld-linux-*.so.*", "usr/lib/ld-linux-*.so.*", "lib*/ld-linux-*.so.*"
    )
    modules = _first(root, "usr/lib/*/asterisk/modules")
    if not program.is_file() or linker is None or modules is None:
        return None
    libraries = modules.parent.parent
    start = [str(linker), "--argv0", "asterisk", "--library-path", str(libraries), str(program)]
    return Asterisk(argv=start, modules=modules, data=root / "usr/share/asterisk")


def on_machine(program: str | None = None, top: Path = Path("/")) -> Asterisk | None:
    """The machine's own Asterisk; None when there is none. ``program``: None looks on the path."""
    program = program or shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin")
    modules = _first(
        top, "usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules", "usr/lib64/asterisk/modules"
    )
    if program is None or modules is None:
        return None
    data = _first(top, "usr/share/asterisk", "var/lib/asterisk") or top / "var/lib/asterisk"
    return Asterisk(argv=[program], modules=modules, data=data)


def asterisk(settings: "Settings") -> Asterisk:
    """The Asterisk in force: the set root, else the one under ``home``, else the machine's own.

    Raises ``AsteriskMissingError``. A root that was set by hand is never silently replaced.
    """
    if settings.asterisk_root is not None:
        found = in_root(settings.asterisk_root)
    else:
        found = in_root(settings.home / "asterisk") or on_machine()
    if found is None:
        raise AsteriskMissingError(settings.asterisk_root or settings.home / "asterisk")
    return found


def asterisk_argv(settings: "Settings") -> list[str]:
    """How to start Asterisk; add its own arguments at the end. Raises ``AsteriskMissingError``."""
    return asterisk(settings).argv


def _first(top: Path, *patterns: str) -> Path | None:
    for pattern in patterns:
        for path in sorted(top.glob(pattern)):
            return path
    return None
