"""The city's files on disk, and the platform that they make. Edge."""

from collections.abc import Iterator
from pathlib import Path

from config.city import LARGEST, LARGEST_RECORDING, decode, is_recording, parse_platform
from config.facts import RECORDINGS, further_centres
from config.faults import Fault, ProfileFaults
from config.platform import Platform
from config.profile import OPTIONAL, PROFILE, REQUIRED, Profile
from config.settings import CHECKOUT, Settings

__all__ = ["city_files", "load_platform", "load_profile", "parse_platform", "profile_directory"]


def profile_directory(settings: Settings) -> Path:
    """Where the profile lies: ``settings.profile`` names one of ours, or is a path itself."""
    if "/" in settings.profile:
        return Path(settings.profile).expanduser()
    return CHECKOUT / "config" / "profiles" / settings.profile


def city_files(directory: Path) -> dict[str, bytes]:
    """Read every file that belongs to the city: path below the directory → its bytes.

    Further centres' files and all recordings are among them. Raises ``ProfileFaults`` naming
    every file that cannot be read.
    """
    files, faults = _read(directory)
    if faults:
        raise ProfileFaults(faults)
    return files


def load_platform(settings: Settings) -> Platform:
    """Read the platform from the profile's directory, as it lies there now (revision 0).

    Raises ``ProfileFaults`` naming every fault at once.
    """
    directory = profile_directory(settings)
    if not directory.is_dir():
        known = sorted(path.parent.name for path in directory.parent.glob(f"*/{PROFILE}"))
        better = " / ".join(known) or f"有{PROFILE}的目录，或config/profiles下的目录名"
        raise ProfileFaults([Fault(settings.profile, 0, "", "没有这个城市的配置目录", better)])
    files, unreadable = _read(directory)
    if not unreadable:
        return parse_platform(files)
    told = {fault.file for fault in unreadable}
    try:
        parse_platform(files)
    except ProfileFaults as error:
        unreadable += [fault for fault in error.faults if fault.file not in told]
    raise ProfileFaults(unreadable)


def load_profile(settings: Settings) -> Profile:
    """The home centre of ``load_platform``."""
    return load_platform(settings).home


def _read(directory: Path) -> tuple[dict[str, bytes], list[Fault]]:
    files: dict[str, bytes] = {}
    faults: list[Fault] = []

    def read(folder: Path) -> None:
        for path in _belonging(folder):
            name = path.relative_to(directory).as_posix()
            try:
                files[name] = _bytes(path)
            except FileNotFoundError:
                continue
            except OSError as error:
                why = error.strerror or "系统错误"
                faults.append(Fault(name, 0, "", f"无法读取（{why}）", "检查文件和读取权限"))

    read(directory)
    try:
        folders = further_centres(decode(files.get(PROFILE, b"")))
    except ValueError:
        folders = ()
    for name in folders:
        read(directory / name)
    return files, faults


def _belonging(folder: Path) -> Iterator[Path]:
    for name in (*REQUIRED, *OPTIONAL):
        yield folder / name
    for path in sorted((folder / RECORDINGS).glob("*")):
        if path.is_file() and is_recording(f"{RECORDINGS}/{path.name}"):
            yield path


def _bytes(path: Path) -> bytes:
    """The file's bytes; of one that is far too large only so much that this can be seen."""
    limit = LARGEST_RECORDING if path.parent.name == RECORDINGS else LARGEST
    with path.open("rb") as file:
        return file.read(limit + 1)
