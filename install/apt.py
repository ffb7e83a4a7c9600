"""Debian's package tools: packages onto the machine, or unpacked into a private root.

Mirrors are read from the machine's own configuration at run time; none is named here.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from config.asteriskroot import parse_version
from install.command import InstallError, Shell

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_POLICY = Path("/usr/sbin/policy-rc.d")
_CLUSTERS = Path("/etc/postgresql-common/createcluster.d/hotline.conf")
_NO_SERVICE = (
    "#!/bin/sh\n# hotline: no service is started by the packages being installed\nexit 101\n"
)
_STANDINGS = ("stable", "oldstable", "testing", "unstable", "sid")
_QUIET = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}


def install(shell: Shell, packages: Sequence[str]) -> None:
    """Install system packages as root, without recommendations and without starting a service.

    Raises ``InstallError``. What the machine already runs is left alone.
    """
    if os.environ.get("HOTLINE_APT_FRESH") != "1":  # the bootstrap has just done it
        shell.run(["apt-get", "update"], env=_QUIET)
    with borrowed_file(_POLICY, _NO_SERVICE, mode=0o755), _cluster_guard(packages):
        shell.run(
            ["apt-get", "install", "-y", "--no-install-recommends", *packages],
            env=_QUIET,
        )


def mirror(shell: Shell, codename: str) -> str | None:
    """The address of the archive that the machine's own suite comes from, if it can be told.

    ``codename``: as in ``os-release``; sources may also call the suite by its standing.
    """
    form = "$(CREATED_BY)|$(COMPONENT)|$(RELEASE)|$(REPO_URI)"
    archives: dict[str, str] = {}
    for line in shell.run(["apt-get", "indextargets", "--format", form]).splitlines():
        kind, component, suite, uri = line.split("|")
        if (kind, component) == ("Packages", "main"):
            archives.setdefault(suite, uri)
    names = (codename, *_STANDINGS)
    return next((archives[name] for name in names if name in archives), None)


class PrivateApt:
    """apt with lists, cache and (empty) state of its own, so that a whole closure is fetched.

    Touches nothing of the machine's; needs no root. Use as a context: its directory goes at
    the end.
    """

    def __init__(self, shell: Shell, line: str | None) -> None:
        self._shell = shell
        self._line = line

    def __enter__(self) -> "PrivateApt":
        self._made = tempfile.TemporaryDirectory(prefix="hotline-apt-")
        self._top = Path(self._made.name)
        for directory in ("lists/partial", "archives/partial"):
            (self._top / directory).mkdir(parents=True)
        (self._top / "status").touch()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._made.cleanup()

    def update(self) -> None:
        """Fetch the lists. Lists past their date are taken at the second try: they are signed."""
        try:
            self._run("apt-get", "update")
        except InstallError:
            self._run("apt-get", "-o", "Acquire::Check-Valid-Until=false", "update")

    def version(self, package: str) -> str | None:
        """The full version on offer, None when there is none."""
        for line in self._run("apt-cache", "policy", package).splitlines():
            name, _, value = line.strip().partition(": ")
            if name == "Candidate" and value != "(none)":
                return value
        return None

    def fetch(self, package: str) -> list[Path]:
        """Download the package and everything it depends on; apt has checked every sum."""
        self._run("apt-get", "install", "-y", "--no-install-recommends", "--download-only", package)
        return sorted((self._top / "archives").glob("*.deb"))

    def _run(self, program: str, *words: str) -> str:
        top = self._top
        options = [
            f"Dir::State={top}",
            f"Dir::State::lists={top / 'lists'}",
            f"Dir::State::status={top / 'status'}",
            f"Dir::Cache={top}",
            f"Dir::Cache::archives={top / 'archives'}",
            "APT::Sandbox::User=root",  # _apt may not write in our directory
            "Acquire::Languages=none",
            "Debug::NoLocking=1",  # nothing is installed: the machine's own lock is not for us
        ]
        if self._line is not None:
            (top / "sources.list").write_text(self._line + "\n", encoding="utf-8")
            options += [
                f"Dir::Etc::sourcelist={top / 'sources.list'}",
                "Dir::Etc::sourceparts=/dev/null",
                "Dir::Etc::preferences=/dev/null",
                "Dir::Etc::preferencesparts=/dev/null",
            ]
        flags = [word for option in options for word in ("-o", option)]
        return self._shell.run([program, *flags, *words], env=_QUIET)


def unpack(shell: Shell, packages: Sequence[Path], root: Path) -> None:
    """Unpack packages into a root without configuring them. ``root`` must not exist yet."""
    root.mkdir(parents=True)
    for name in ("bin", "lib", "lib64", "sbin"):  # merged /usr, as base-files would make it
        (root / name).symlink_to(f"usr/{name}")
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        list(pool.map(lambda deb: shell.run(["dpkg-deb", "-x", deb, root]), packages))


def short(version: str) -> str:
    """``1:22.10.1+dfsg…`` → ``22.10.1``. Raises ``InstallError`` for what is no version."""
    found = parse_version(version)
    if found is None:
        raise InstallError(f"看不懂的 Asterisk 版本号：{version}")
    return found


@contextlib.contextmanager
def _cluster_guard(packages: Sequence[str]) -> Iterator[None]:
    """Keep Debian from making (and later starting) a database cluster nobody asked for."""
    if "postgresql" not in packages or Path("/etc/postgresql-common").exists():
        yield
        return
    with borrowed_file(_CLUSTERS, "create_main_cluster = false\n", mode=0o644):
        yield


@contextlib.contextmanager
def borrowed_file(path: Path, text: str, *, mode: int) -> Iterator[None]:
    """Have a file for a while. Another's that stands there is the administrator's: it stays.

    One of ours that a killed run left is taken for this one's own, and goes at the end.
    """
    if path.exists() and path.read_text(encoding="utf-8", errors="replace") != text:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    try:
        yield
    finally:
        path.unlink()
