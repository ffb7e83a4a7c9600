"""What the machine must have before anything is put on it, and what to say when it cannot.

Programs are looked for, not packages: a machine that has them by another way is as good.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOM_BYTES = 3 << 30
"""What an installation from an empty cache needs, with some air."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A program of the machine and the Debian package that brings it."""

    program: str
    package: str
    is_met: Callable[[], bool]


def _on_path(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


RUN_NEEDS = (
    # Not redis-server: that package starts a service (config/redisbinary.py).
    Need(
        program="redis-server",
        package="redis-tools",
        is_met=_on_path("redis-server", "redis-check-rdb"),
    ),
)
TEST_NEEDS = (
    Need(program="sipp", package="sip-tester", is_met=_on_path("sipp")),
    Need(program="sox", package="sox", is_met=_on_path("sox")),
    Need(program="ffmpeg", package="ffmpeg", is_met=_on_path("ffmpeg")),
    Need(
        program="postgres",
        package="postgresql",
        is_met=lambda: any(Path("/usr/lib/postgresql").glob("*/bin/postgres")),
    ),
    Need(program="chromium", package="chromium", is_met=_on_path("chromium", "chromium-browser")),
    Need(  # else every picture of the page is full of empty boxes
        program="NotoSansCJK",
        package="fonts-noto-cjk",
        is_met=lambda: any(Path("/usr/share/fonts").rglob("NotoSansCJK-Regular.*")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The facts a decision needs. ``Machine.here()`` looks; tests make their own."""

    is_root: bool
    has_apt: bool
    free_bytes: int

    @classmethod
    def here(cls, near: Path) -> "Machine":
        """Look at this machine, with the free space on the disk that will hold ``near``."""
        while not near.exists():
            near = near.parent
        return cls(
            is_root=os.geteuid() == 0,
            has_apt=shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None,
            free_bytes=shutil.disk_usage(near).free,
        )


def unmet(needs: Iterable[Need]) -> list[Need]:
    """The needs that nothing on this machine meets."""
    return [need for need in needs if not need.is_met()]


def refusal(
    machine: Machine, missing: Sequence[Need], *, needs_asterisk: bool, is_fresh: bool
) -> list[str]:
    """Everything that stops the installation, as lines for the administrator; empty: go on.

    ``needs_asterisk``: there is no Asterisk yet. ``is_fresh``: models and packages are still to
    be fetched. Nothing has been changed when this is asked.
    """
    lines: list[str] = []
    if missing and not machine.has_apt:
        lines.append("本机不是 Debian 或 Ubuntu（没有 apt-get），请自行安装以下程序后重试：")
        lines += [f"    {need.program}" for need in missing]
    elif missing and not machine.is_root:
        packages = " ".join(need.package for need in missing)
        lines.append("需要 root 权限安装系统软件包。请以 root 运行，或请管理员先执行：")
        lines.append(f"    apt-get install --no-install-recommends {packages}")
    if needs_asterisk and not machine.has_apt:
        lines.append("没有 Asterisk。请安装 Asterisk 20 或更高版本（推荐 22），")
        lines.append("    或用环境变量 HOTLINE_ASTERISK_ROOT 指明一个已解开的 Debian 根目录。")
    if is_fresh and machine.free_bytes < ROOM_BYTES:
        have_gib = machine.free_bytes / (1 << 30)
        lines.append(
            f"磁盘空间不足：剩余 {have_gib:.1f} GiB，首次安装需要 {ROOM_BYTES >> 30} GiB。"
        )
    return lines
