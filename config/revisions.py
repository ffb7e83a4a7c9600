"""Every table that was ever put in force, on disk: who, when, why, and its files. Edge.

``home/city/revisions/000012/`` holds ``meta.json``, the city's files as they were (``city/``) and
every Asterisk file made from them (``etc/``). Nothing in it but ``meta.json`` is ever written
again. ``home/city/current`` points to the one in force: its rename is the moment of change, and
``home/asterisk-etc`` points through it, so Asterisk never reads half of one and half of another.
"""

import hashlib
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from config import durable, pruning
from config.files import parse_platform
from config.platform import Platform
from config.render import etc
from config.settings import Settings
from cti.errors import DomainError

CITY, ETC, META, SOUNDS = "city", "etc", "meta.json", "prompts.txt"
AS_FOUND = 0
"""The number of what an installation without revisions was running on: no table, files only."""


class RevisionUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """There is no such revision, or its files are no longer kept."""

    id = "revision-unknown"


class Revision(BaseModel):
    """What is remembered of one revision for ever, even when its files are gone."""

    model_config = ConfigDict(frozen=True)

    number: int
    at: AwareDatetime
    who: str
    why: str
    kind: Literal["start", "apply", "rollback"]
    of: int | None = None
    """The revision whose content a rollback has."""
    before: int | None = None
    """The revision in force when this one was made: what is put back if this one fails."""
    centre: str
    digest: str
    """Of the city's files."""
    working: str = ""
    """Digest of the working copy as this revision left it. Only another one counts as changed."""
    state: Literal["pending", "applied", "refused"] = "pending"
    problem: str = ""
    """Why it was refused, by Asterisk or by an interruption."""
    is_doubtful: bool = False
    """Asterisk did not confirm what it holds after this one; it is to be asked again."""
    is_live: bool = False
    """A running Asterisk was asked and holds it. Else it counts from Asterisk's next start."""
    waits: tuple[str, ...] = ()
    """Asterisk's files that differ and that only its next start reads."""
    restore: Literal["none", "owed", "done", "impossible"] = "none"
    """Whether a rollback's content stands in the working copy again."""
    aside: tuple[str, ...] = ()
    """Files that a rollback kept in the working copy beside its own: changed, but never applied."""
    added: int = 0
    changed: int = 0
    removed: int = 0
    exceptions: tuple[str, ...] = ()
    """What was let through against the rule, each with the reason that was given."""
    retired: tuple[str, ...] = ()
    """``centre/number`` of every number that was cancelled in an earlier revision, ever."""


class Revisions:
    """The revisions of one home. Reading needs no lock; only ``config.apply`` writes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.city = settings.home / "city"
        self.folder = self.city / "revisions"
        self.link = self.city / "current"

    def directory(self, number: int) -> Path:
        """Where that revision lies."""
        return self.folder / f"{number:06d}"

    def numbers(self) -> list[int]:
        """All numbers given out so far, rising."""
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            return []
        return sorted(int(name) for name in names if name.isdecimal() and int(name) != AS_FOUND)

    def pointed(self) -> int | None:
        """The number that is in force, ``AS_FOUND`` too; None: nothing was ever put in force."""
        try:
            return int(self.link.readlink().name)
        except (OSError, ValueError):
            return None

    def revision(self, number: int) -> Revision:
        """What is remembered of it. Raises ``RevisionUnknown``."""
        try:
            text = (self.directory(number) / META).read_bytes()
            return Revision.model_validate_json(text)
        except (OSError, ValidationError) as error:
            raise RevisionUnknown("there is no such revision", number=str(number)) from error

    def current(self) -> Revision | None:
        """The one in force; ``pending`` while Asterisk is being told."""
        number = self.pointed()
        return None if number in (None, AS_FOUND) else self.revision(number)

    def newest(self) -> Revision | None:
        """The last that was made, in force or not."""
        numbers = self.numbers()
        return self.revision(numbers[-1]) if numbers else None

    def history(self) -> list[Revision]:
        """All, the newest first."""
        return [self.revision(number) for number in reversed(self.numbers())]

    def files(self, number: int) -> dict[str, bytes]:
        """The city's files as they were. Raises ``RevisionUnknown``, also when no longer kept."""
        directory = self.directory(number) / CITY
        if not directory.is_dir():
            raise RevisionUnknown("its files are no longer kept", number=str(number))
        return durable.read_tree(directory)

    def rendered(self, number: int) -> dict[str, str]:
        """The Asterisk files made from it, by name."""
        directory = self.directory(number) / ETC
        return {name: data.decode() for name, data in durable.read_tree(directory).items()}

    def platform(self, number: int) -> Platform:
        """The centres as they were. Raises ``RevisionUnknown``."""
        return parse_platform(self.files(number), number, is_checked=True)

    def in_force(self) -> Platform | None:
        """The centres as they are now; None: nothing was ever put in force."""
        current = self.current()
        return None if current is None else self.platform(current.number)

    # --- writing: for config.apply, which holds the lock -------------------------------------

    def place(
        self, revision: Revision, city: Mapping[str, bytes], rendered: Mapping[str, str]
    ) -> None:
        """Lay a new revision down, whole and on the disk. It is not in force yet."""
        like = self.directory(revision.before) if revision.before is not None else None
        aside = self.folder / f".new-{revision.number:06d}"
        self.folder.mkdir(parents=True, exist_ok=True, mode=durable.PRIVATE_DIRECTORY)
        durable.remove_tree(aside)
        aside.mkdir(mode=durable.PRIVATE_DIRECTORY)
        durable.write_tree(aside / CITY, city, like=like and like / CITY)
        texts = {name: text.encode() for name, text in rendered.items()}
        durable.write_tree(aside / ETC, texts, like=like and like / ETC)
        names = sorted(pruning.sound_names(rendered.values()))
        durable.replace_files(
            aside,
            {META: _json(revision), SOUNDS: "".join(f"{name}\n" for name in names).encode()},
        )
        durable.remove_tree(self.directory(revision.number))  # half of one that never was whole
        aside.rename(self.directory(revision.number))
        durable.sync_directory(self.folder)

    def point(self, number: int | None) -> None:
        """Put that revision in force on disk, by one rename. None: none is, as before the first."""
        if number is None:
            self.link.unlink(missing_ok=True)
            durable.sync_directory(self.city)
        else:
            durable.point(self.link, f"revisions/{number:06d}")

    def remember(self, revision: Revision) -> None:
        """Write what is remembered of it anew."""
        durable.replace_files(self.directory(revision.number), {META: _json(revision)})

    def sweep(self) -> None:
        """Remove what an interrupted apply left half written."""
        for path in self.folder.glob("*"):
            if not path.name.isdecimal():
                durable.remove_tree(path)

    def prune(self, now: datetime) -> None:
        """Drop what need not be kept: old revisions' files, and the sounds only they played.

        What is remembered of a revision is kept for ever; so is every file of the last ``KEPT``.
        """
        numbers = self.numbers()
        pointed = self.pointed()
        recent = {number for number in (pointed, self._before(pointed)) if number is not None}
        directories = {number: self.directory(number) for number in numbers}
        pruning.drop_files(directories, recent, (CITY, ETC))
        kept = [number for number in numbers if (directories[number] / ETC).is_dir()]
        dropped = {
            directories[number] / SOUNDS: self._out_of_force(number, numbers)
            for number in numbers
            if number not in kept and (directories[number] / SOUNDS).is_file()
        }
        sounds = self._settings.home / "sounds" / "zh"
        pruning.drop_sounds(dropped, [directories[number] / SOUNDS for number in kept], sounds, now)

    def _before(self, number: int | None) -> int | None:
        return None if number in (None, AS_FOUND) else self.revision(number).before

    def _out_of_force(self, number: int, numbers: list[int]) -> datetime:
        """No later than the time at which the revision was followed by one in force.

        One that none followed was refused, and never in force for longer than that took.
        """
        later = (self.revision(after) for after in numbers if after > number)
        applied = (found.at for found in later if found.state == "applied")
        return next(applied, self.revision(number).at)

    def adopt(self) -> None:
        """Let Asterisk's directory be a link into here; what it holds now becomes ``AS_FOUND``.

        Does nothing where it is one already, and ends what an interruption left half done.
        """
        directory, aside = etc(self._settings), etc(self._settings).with_name("asterisk-etc.found")
        if directory.is_symlink():
            durable.remove_tree(aside)
            return
        if directory.is_dir() and self.pointed() is None:
            found = self.directory(AS_FOUND)
            durable.remove_tree(found)
            self.folder.mkdir(parents=True, exist_ok=True, mode=durable.PRIVATE_DIRECTORY)
            found.mkdir(mode=durable.PRIVATE_DIRECTORY)
            durable.write_tree(found / ETC, durable.read_tree(directory))
            self.point(AS_FOUND)
        if directory.is_dir():
            durable.remove_tree(aside)
            directory.rename(aside)
        durable.point(directory, f"{CITY}/{self.link.name}/{ETC}")
        durable.remove_tree(aside)


def digest_of(files: Mapping[str, bytes]) -> str:
    """One value for the content of a city: the same files, the same value."""
    made = hashlib.sha256()
    for name in sorted(files):
        made.update(f"{name}\0{len(files[name])}\0".encode())
        made.update(files[name])
    return made.hexdigest()


def _json(revision: Revision) -> bytes:
    return revision.model_dump_json(indent=1).encode()
