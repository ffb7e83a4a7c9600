"""The profile on disk, and the last good one of a running service. Edge."""

from pathlib import Path

from config.faults import Fault, ProfileFaults
from config.profile import OPTIONAL, REQUIRED, Profile, read_profile
from config.settings import CHECKOUT, Settings

LARGEST = 4_000_000
"""Bytes: a profile's file that is larger is somebody's mistake."""


def profile_directory(settings: Settings) -> Path:
    """Where the profile lies: ``settings.profile`` names one of ours, or is a path itself."""
    if "/" in settings.profile:
        return Path(settings.profile).expanduser()
    return CHECKOUT / "config" / "profiles" / settings.profile


def load_profile(settings: Settings) -> Profile:
    """Read the profile from disk. Raises ``ProfileFaults`` naming every fault at once."""
    directory = profile_directory(settings)
    if not directory.is_dir():
        raise ProfileFaults(
            [
                Fault(
                    settings.profile,
                    0,
                    "",
                    "没有这个城市的配置目录",
                    " / ".join(sorted(p.name for p in directory.parent.glob("*/")))
                    or "config/profiles 下的目录名",
                )
            ]
        )
    texts: dict[str, str] = {}
    unreadable: list[Fault] = []
    for name in (*REQUIRED, *OPTIONAL):
        try:
            texts[name] = _decode((directory / name).read_bytes())
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            unreadable.append(
                Fault(
                    name,
                    0,
                    "",
                    f"无法读取（{_reason(error)}）",
                    "另存为UTF-8编码的文本文件，并检查读取权限",
                )
            )
    if unreadable:
        raise ProfileFaults(unreadable + _rest(texts, {fault.file for fault in unreadable}))
    return read_profile(texts)


def _rest(texts: dict[str, str], unreadable: set[str]) -> list[Fault]:
    """The faults of the files that could be read, so that one reading names them all."""
    try:
        read_profile(texts)
    except ProfileFaults as error:
        return [fault for fault in error.faults if fault.file not in unreadable]
    return []


def _reason(error: OSError | ValueError) -> str:
    return error.strerror or "系统错误" if isinstance(error, OSError) else str(error)


def _decode(data: bytes) -> str:
    """Office programs in China save CSV as UTF-8 with a mark, or as GB 18030."""
    if len(data) > LARGEST:
        raise ValueError(f"文件超过{LARGEST // 1_000_000} MB")
    if b"\0" in data:
        raise ValueError("不是文本文件")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("文字编码无法识别")


class ProfileKeeper:
    """Holds the last good profile. Raises ``ProfileFaults`` only when made: then there is none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.current = load_profile(settings)

    def reload(self) -> ProfileFaults | None:
        """Read again. With faults, ``current`` stays as it was and they are returned."""
        try:
            self.current = load_profile(self._settings)
        except ProfileFaults as error:
            return error
        return None
