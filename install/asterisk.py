"""Which Asterisk this machine gets, and putting it in place.

In this order: the root the operator named; the one under ``home``; the machine's own when it is
installed and new enough; the distribution's package when it is new enough; Debian's current
package. The last two are unpacked into a private root: no service appears on the machine, and
nothing of it is replaced. Unpacked roots are kept in the cache by version.
"""

import platform
import shutil
import subprocess
from pathlib import Path

from config.asteriskroot import Asterisk, in_root, is_too_old, on_machine, parse_version, pin
from config.speechmodels import digest
from install.apt import KEYRING, PrivateApt, install, mirror, short, unpack
from install.command import InstallError, Shell
from install.place import Place

_BALLAST = (
    "usr/share/man",
    "usr/share/locale",
    "usr/share/perl",
    "usr/share/info",
    "usr/share/i18n",
)


def version_of(asterisk: Asterisk) -> str | None:
    """Ask a program for its version; None when it does not run or says nothing we understand."""
    try:
        done = subprocess.run(
            [*asterisk.argv, "-V"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(done.stdout)


def remark(version: str) -> str | None:
    """What to say loudly about a version that is not the tested one; None when it is."""
    tested = pin().version
    if version == tested:
        return None
    return f"注意：Asterisk {version} 不是经过测试的版本 {tested}，可以运行，但请先在测试环境验证"


def present(place: Place) -> str | None:
    """The version of the Asterisk that would be started now; None when one must be installed.

    Raises ``InstallError`` when the operator's own root is unusable: it is never replaced.
    """
    if place.asterisk_root is not None:
        own = in_root(place.asterisk_root)
        version = version_of(own) if own else None
        if version is None or is_too_old(version):
            raise InstallError(
                f"HOTLINE_ASTERISK_ROOT 指定的 {place.asterisk_root} "
                + (f"中是 Asterisk {version}，低于 20" if version else "中没有可运行的 Asterisk")
            )
        return version
    for candidate in (in_root(place.home / "asterisk"), on_machine()):
        version = version_of(candidate) if candidate else None
        if version is not None and not is_too_old(version):
            return version
    return None


def put_in_place(shell: Shell, place: Place) -> str:
    """Put an Asterisk under ``home`` and return a sentence about it. Raises ``InstallError``."""
    cached = _newest(place.cache / "asterisk")
    note = ""
    if cached is None:
        cached, note = _from_packages(shell, place.cache / "asterisk")
    target = place.home / "asterisk"
    partial = place.home / "asterisk.partial"
    for old in (target, partial):
        shutil.rmtree(old, ignore_errors=True)
    try:
        shell.run(["cp", "-al", cached, partial])  # hard links: at once, and no second 250 MB
    except InstallError:  # the cache is on another file system
        shutil.rmtree(partial, ignore_errors=True)
        shell.run(["cp", "-a", cached, partial])
    root = in_root(partial)
    version = version_of(root) if root else None
    if version is None:
        raise InstallError(f"{cached} 中的 Asterisk 无法运行，请删除该目录后重试")
    partial.rename(target)
    return "；".join(part for part in (f"Asterisk {version}", note, remark(version)) if part)


def _newest(cache: Path) -> Path | None:
    tested = cache / pin().version
    if in_root(tested):
        return tested
    whole = [path for path in cache.glob("*") if path.suffix != ".partial" and in_root(path)]
    return max(whole, key=lambda path: [int(part) for part in path.name.split(".")], default=None)


def _from_packages(shell: Shell, cache: Path) -> tuple[Path, str]:
    for is_own in (True, False):
        with PrivateApt(shell, None if is_own else _debian_current(shell)) as apt:
            apt.update()
            offered = apt.version("asterisk")
            if offered is not None and not is_too_old(short(offered)):
                return _unpacked(shell, apt, cache / short(offered))
    raise InstallError("软件源中没有 Asterisk 20 或更高版本")


def _unpacked(shell: Shell, apt: PrivateApt, target: Path) -> tuple[Path, str]:
    packages = apt.fetch("asterisk")
    note = _compare(packages, target.name)
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    unpack(shell, packages, partial)
    for ballast in _BALLAST:
        shutil.rmtree(partial / ballast, ignore_errors=True)
    partial.rename(target)
    return target, note


def _compare(packages: list[Path], version: str) -> str:
    """Compare with the pin. Apt has checked the archive's signature already."""
    tested = pin()
    for package in packages:
        name, _, architecture = package.stem.split("_")
        expected = tested.packages.get(architecture)
        is_tested = name == "asterisk" and version == tested.version and expected is not None
        if is_tested and digest(package) != expected:
            return f"注意：软件包 {package.name} 与测试时的不是同一次构建"
    return ""


def _debian_current(shell: Shell) -> str:
    """The sources.list line of Debian's current suite, on the mirror this machine uses."""
    release = platform.freedesktop_os_release()
    codename = release.get("VERSION_CODENAME", "")
    archive = mirror(shell, codename) if release.get("ID") == "debian" else None
    if archive is None:
        raise InstallError(
            "本机的软件源没有 Asterisk 20 或更高版本，也不是 Debian，无法取得 Debian 的软件包。\n"
            "    请安装 Asterisk 20 或更高版本，或用 HOTLINE_ASTERISK_ROOT 指明一个已解开的根目录"
        )
    if not KEYRING.exists():
        install(shell, ["debian-archive-keyring"])
    return f"deb [signed-by={KEYRING}] {archive} sid main"
