"""A city's files become a platform: its home centre and the further ones in its folders. Pure."""

import hashlib
from collections.abc import Mapping

from config.checks import check
from config.facts import RECORDINGS, further_centres
from config.faults import Fault, ProfileFaults
from config.platform import Platform
from config.profile import OPTIONAL, PROFILE, REQUIRED, Profile, read_part

LARGEST = 4_000_000
"""Bytes: a profile's table that is larger is somebody's mistake."""
LARGEST_RECORDING = 30_000_000
"""A recording that is larger is not read to its end."""

_REMARKS = (".md", ".txt", ".bak")
_DIGEST = 16


def parse_platform(
    files: Mapping[str, bytes], revision: int = 0, *, is_checked: bool = False
) -> Platform:
    """Make the platform from its files' bytes by path, or raise ``ProfileFaults``.

    Every fault of every centre is named at once, those between centres included. ``is_checked``:
    it was right when it came into force; a rule that is new since must not make it unreadable.
    """
    centres: list[Profile] = []
    home, faults = _centre(files)
    if home is not None:
        centres.append(home)
    for folder in _folders(files):
        inside = {
            path.removeprefix(f"{folder}/"): data
            for path, data in files.items()
            if path.startswith(f"{folder}/")
        }
        if not inside:
            message, better = f"没有{folder}这个目录", f"放入{folder}目录，或删去{folder}"
            faults.append(Fault(PROFILE, 0, "centres", message, better))
            continue
        centre, wrong = _centre(inside, folder)
        faults += wrong
        if centre is not None:
            centres.append(centre)
    if home is None:
        raise ProfileFaults(_in_file_order(faults))
    platform = Platform(centres=tuple(centres), revision=revision)
    told = {(fault.file, fault.row, fault.column) for fault in faults}
    doubtful = {fault.file for fault in faults}
    faults += [
        fault
        for fault in (() if is_checked else check(platform, doubtful))
        if (fault.file, fault.row, fault.column) not in told
    ]
    if faults:
        raise ProfileFaults(_in_file_order(faults))
    return platform


_ORDER = {name: place for place, name in enumerate((*REQUIRED, *OPTIONAL))}


def _in_file_order(faults: list[Fault]) -> list[Fault]:
    """By centre as they were read, then by file, then by row."""
    centres = {fault.file.rpartition("/")[0]: 0 for fault in faults}
    places = {folder: place for place, folder in enumerate(centres)}

    def place(fault: Fault) -> tuple[int, int, int]:
        folder, _, name = fault.file.rpartition("/")
        return places[folder], _ORDER.get(name, len(_ORDER)), fault.row

    return sorted(faults, key=place)


def _folders(files: Mapping[str, bytes]) -> tuple[str, ...]:
    try:
        return further_centres(decode(files.get(PROFILE, b"")))
    except ValueError:
        return ()


def _centre(files: Mapping[str, bytes], folder: str = "") -> tuple[Profile | None, list[Fault]]:
    """Read one centre. A file that is no text is named, and what it might say is not missed."""
    texts: dict[str, str] = {}
    unreadable: dict[str, Fault] = {}
    for name in (*REQUIRED, *OPTIONAL):
        if name not in files:
            continue
        try:
            texts[name] = decode(files[name])
        except ValueError as error:
            where = f"{folder}/{name}" if folder else name
            better = "另存为UTF-8编码的文本文件，并检查读取权限"
            unreadable[where] = Fault(where, 0, "", f"无法读取（{error}）", better)
    recorded, faults = _recordings(files, folder)
    profile, wrong = read_part(texts, recorded=recorded, folder=folder)
    rest = [fault for fault in wrong if fault.file not in unreadable]
    return profile, [*unreadable.values(), *rest, *faults]


def _recordings(files: Mapping[str, bytes], folder: str) -> tuple[dict[str, str], list[Fault]]:
    """The recordings by prompt id, each with its digest."""
    found: dict[str, str] = {}
    faults = []
    for path in sorted(files):
        if not is_recording(path):
            continue
        name = path.removeprefix(f"{RECORDINGS}/").rpartition(".")[0]
        where = f"{folder}/{path}" if folder else path
        if name in found:
            faults.append(Fault(where, 0, "", f"提示音{name}有两个录音", "只保留一个录音"))
        if len(files[path]) > LARGEST_RECORDING:
            message = f"录音超过{LARGEST_RECORDING // 1_000_000} MB"
            faults.append(Fault(where, 0, "", message, "导出为wav或mp3，只留要播放的几秒"))
        found.setdefault(name, hashlib.sha256(files[path]).hexdigest()[:_DIGEST])
    return found, faults


def is_recording(path: str) -> bool:
    """Whether a file of that path, seen from its centre's folder, is a prompt's recording."""
    folder, _, name = path.rpartition("/")
    is_aside = name.startswith((".", "~")) or name.lower().endswith(_REMARKS)
    return folder == RECORDINGS and "." in name and not is_aside


def decode(data: bytes) -> str:
    """Read the text of a table. Raises ``ValueError`` saying in Chinese why it is none.

    Office programs in China save CSV as UTF-8 with a mark, or as GB 18030.
    """
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
