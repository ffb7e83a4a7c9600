"""The desk's page: built from ``desk/`` into ``build/desk``, and checked, with the pinned packages.

``python -m install.desk build`` builds it where it is not built already; ``lint``, ``types`` and
``test`` run what ``desk/package.json`` means by it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from install import node
from install.command import InstallError, Shell
from install.node import Node
from install.packages import Packages
from install.place import Place, place
from install.steps import Step, perform

NODE = "Node.js"
PAGE = "座席页面"
CHECKS = ("lint", "types", "test")
_NOT_BUILT_FROM = ("node_modules",)
_LOCK_FILES = ("desk/package.json", "desk/package-lock.json", "requirements/node.txt")


class Desk:
    """The page of one checkout."""

    def __init__(self, shell: Shell, here: Place) -> None:
        self._shell = shell
        self._here = here
        self._source = here.checkout / "desk"
        self._built = here.checkout / "build" / "desk"

    def is_built(self) -> bool:
        """Whether what stands was built from these very sources."""
        return (self._built / "index.html").is_file() and _says(self._stamp, self.fingerprint())

    def build(self) -> str:
        """Build the page beside what stands, then put it in its place; what it is, in a word.

        Raises ``InstallError``. A running brain serves what it read at its start.
        """
        fingerprint = self.fingerprint()
        found = self._node()
        self.fetch_packages()
        fresh, old = self._built.with_name("desk.new"), self._built.with_name("desk.old")
        self._run(found, "run", "build", "--", "--outDir", fresh, "--emptyOutDir")
        (fresh / self._stamp.name).write_text(fingerprint, encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if self._built.exists():
            self._built.rename(old)
        fresh.rename(self._built)
        shutil.rmtree(old, ignore_errors=True)
        files = [path for path in self._built.rglob("*") if path.is_file()]
        return f"{len(files)} 个文件，{sum(path.stat().st_size for path in files) >> 10} KiB"

    def fetch_packages(self) -> None:
        """Fetch exactly the locked packages, from the cache where it has them."""
        kept = self._source / "node_modules" / ".hotline-lock"
        lock = self._lock()
        if _says(kept, lock):
            return
        self._run(
            self._node(),
            "ci",
            "--include=dev",  # they build it, also where NODE_ENV says production
            "--ignore-scripts",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--cache",
            self._here.cache / "npm",
        )
        kept.write_text(lock, encoding="utf-8")

    def check(self, what: str) -> int:
        """Run one of ``CHECKS``, its output straight to the terminal; the code it ended with."""
        found = self._node()
        self.fetch_packages()
        argv = [str(word) for word in found.npm_argv("run", "--silent", what)]
        env = {**os.environ, "PATH": found.path(os.environ.get("PATH", ""))}
        return subprocess.run(argv, cwd=self._source, env=env, check=False).returncode

    def fingerprint(self) -> str:
        """Everything the page is made of, as one sum."""
        digest = hashlib.sha256(self._lock().encode())
        for folder, folders, files in os.walk(self._source):
            folders[:] = sorted(name for name in folders if name not in _NOT_BUILT_FROM)
            for name in sorted(files):
                file = Path(folder, name)
                digest.update(f"{file.relative_to(self._source)}\0".encode() + file.read_bytes())
        return digest.hexdigest()

    def _lock(self) -> str:
        digest = hashlib.sha256()
        for name in _LOCK_FILES:
            digest.update((self._here.checkout / name).read_bytes())
        return digest.hexdigest()

    def _node(self) -> Node:
        found = node.find(self._here)
        if found is None:
            raise InstallError("没有 Node.js 22.12 或更高版本，请先运行 make install。")
        return found

    def _run(self, found: Node, *words: str | Path) -> None:
        env = {"PATH": found.path(os.environ.get("PATH", "")), "NO_COLOR": "1"}
        self._shell.run(found.npm_argv(*words), env=env, cwd=self._source)

    @property
    def _stamp(self) -> Path:
        return self._built / "built-from"


def steps(shell: Shell, here: Place, packages: Packages, *after: str) -> list[Step]:
    """Node where it is needed (npm brings voices, too), and the page, after all of ``after``."""
    desk = Desk(shell, here)
    return [
        Step(
            title=NODE,
            is_done=lambda: (
                (desk.is_built() and packages.has_voices()) or node.find(here) is not None
            ),
            do=lambda: node.put_in_place(shell, here, packages),
            after=after,
        ),
        Step(title=PAGE, is_done=desk.is_built, do=desk.build, after=(NODE,)),
    ]


def main(words: list[str]) -> int:
    """Build the page, or check its sources."""
    if len(words) != 1 or words[0] not in ("build", *CHECKS):
        print("用法：python -m install.desk build | lint | types | test", file=sys.stderr)
        return 2
    here = place()
    shell = Shell(here.log)
    packages = Packages(shell, here, "base")
    if words[0] == "build":
        return 0 if perform(steps(shell, here, packages), lambda line: print(line)) else 1
    try:
        return Desk(shell, here).check(words[0])
    except InstallError as fault:
        print(fault, file=sys.stderr)
        return 1


def _says(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
