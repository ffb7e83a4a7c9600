"""The language model that mends transcripts: one Debian package, unpacked into the cache.

Data of its own licence (LGPL), fetched as the separate package it is. Where it cannot be had the
hotline works without: texts stay as the engine heard them, and ``hotline doctor`` says so.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Final

from config.speechmodels import WORDS
from install.apt import PrivateApt, unpack
from install.command import InstallError, Shell
from install.place import Place

PACKAGE: Final = "libime-data-language-model"


def target(place: Place) -> Path:
    """Where the model stands."""
    return place.models / WORDS


def is_there(place: Place) -> bool:
    """Whether it was put in place. It is renamed to there when it is whole."""
    return target(place).is_file()


def put_in_place(shell: Shell, place: Place) -> str | None:
    """Fetch and unpack it; say so when this machine's sources have none, which is no failure."""
    try:
        with PrivateApt(shell, None) as apt:
            apt.update()
            if apt.version(PACKAGE) is None:
                return f"软件源中没有 {PACKAGE}，转写照常，但不纠正同音字"
            packages = apt.fetch(PACKAGE)
            _unpack(shell, packages, target(place))
    except InstallError:
        return f"未能取得 {PACKAGE}，转写照常，但不纠正同音字；重新运行会再试，详情见 {place.log}"
    return None


def _unpack(shell: Shell, packages: list[Path], model: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="hotline-words-") as made:
        root = Path(made) / "root"
        unpack(shell, packages, root)
        found = next(root.glob(f"usr/lib/*/libime/{model.name}"), None)
        if found is None:
            raise InstallError(f"{PACKAGE} 中没有 {model.name}")
        model.parent.mkdir(parents=True, exist_ok=True)
        partial = model.with_suffix(".partial")
        shutil.copyfile(found, partial)
        partial.rename(model)
