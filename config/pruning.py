"""Which files of old revisions are no longer kept, and which sounds nobody plays any more. Edge."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from config import durable

SOUND = re.compile(r"[a-z0-9][a-z0-9-]*-[0-9a-f]{8}(?![0-9a-zA-Z-])")
"""A prompt's file by its name: id and digest. Fixed prompts, which every revision plays, have
none. Something else that looks like one does no harm: it is no file."""

KEPT = 50
"""Revisions whose files are kept; what is remembered of them is kept for all."""
QUIET_FOR = timedelta(days=1)
"""No call lasts so long: what was out of force so long is played by nobody."""


def sound_names(texts: Iterable[str]) -> set[str]:
    """The prompts' files that rendered files name."""
    return {found for text in texts for found in SOUND.findall(text)}


def drop_files(directories: Mapping[int, Path], keep: set[int], parts: tuple[str, ...]) -> None:
    """Remove these parts of all but the last ``KEPT`` revisions and those in ``keep``."""
    for number in sorted(directories)[:-KEPT]:
        if number not in keep:
            for part in parts:
                if (directories[number] / part).is_dir():
                    durable.remove_tree(directories[number] / part)


def drop_sounds(
    dropped: Mapping[Path, datetime], kept: Iterable[Path], sounds: Path, now: datetime
) -> None:
    """Remove the sounds that only dropped revisions named.

    ``dropped`` and ``kept`` are lists of names, one a line; ``dropped`` with the time since which
    its revision is out of force. A list that was worked off is removed.
    """
    due = [names for names, since in dropped.items() if now - since > QUIET_FOR]
    if not due:
        return
    wanted = {name for names in kept for name in _lines(names)}
    wanted |= {name for names in dropped if names not in due for name in _lines(names)}
    for names in due:
        for name in set(_lines(names)) - wanted:
            for sound in sounds.glob(f"{name}.*"):
                sound.unlink(missing_ok=True)
        names.unlink(missing_ok=True)


def _lines(names: Path) -> list[str]:
    return names.read_text(encoding="ascii").splitlines() if names.is_file() else []
