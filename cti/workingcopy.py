"""The profile's directory as administrators work in it: read, and its tables written whole. Ring 3.

One writer at a time, whole files only, the one before kept beside as ``.bak``.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from config.applylock import one_apply
from config.city import decode, parse_platform
from config.durable import replace_files
from config.facts import further_centres, read_facts
from config.faults import ProfileFaults
from config.files import city_files, profile_directory
from config.ledgerview import CentreNamed, LastWrite
from config.platform import Platform
from config.profile import NUMBERS, PROFILE
from config.revisions import digest_of
from config.settings import Settings
from config.table import Row, read_table
from cti.errors import DomainError
from cti.ids import CentreId

WAIT_S: Final = 5.0
MARK: Final = "\ufeff"
"""Office programs in China read a UTF-8 table without it as garbage."""
REMEMBERED: Final = 2


class CentreUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """No centre of that name on the platform."""

    id = "centre-unknown"


class TableChanged(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Somebody else has written the table since it was read. ``details``: its tag now."""

    id = "table-changed"


@dataclass(frozen=True, slots=True)
class Files:
    """The working copy's files as they were read at one moment."""

    content: Mapping[str, bytes]

    @property
    def digest(self) -> str:
        """One value for all of it, as revisions have."""
        return digest_of(self.content)

    def folders(self) -> dict[str, str]:
        """Every centre that can be made out, and the prefix of its files' paths."""
        found: dict[str, str] = {}
        home = self._text(PROFILE)
        for folder in ("", *further_centres(home)):
            prefix = f"{folder}/" if folder else ""
            facts, _ = read_facts(self._text(prefix + PROFILE), is_home=not folder)
            if facts is not None:
                found.setdefault(facts.centre, prefix)
        return found

    def folder(self, centre: CentreId) -> str:
        """The prefix of that centre's files. Raises ``CentreUnknown``."""
        folders = self.folders()
        if centre not in folders:
            raise CentreUnknown("no such centre", centre=centre)
        return folders[centre]

    def table(self, prefix: str, file: str = NUMBERS) -> str:
        """A table of the centre's, that of its numbers; '' when it is no text."""
        return self._text(prefix + file)

    def rows(self, prefix: str, file: str = NUMBERS) -> list[Row]:
        """That table's rows, as far as it can be read."""
        found, _ = read_table(prefix + file, self.table(prefix, file), ())
        return found

    def centres(self) -> list[CentreNamed]:
        """Every centre that can be made out, the platform's own first."""
        found = []
        for centre, prefix in self.folders().items():
            facts, _ = read_facts(self._text(prefix + PROFILE), is_home=not prefix)
            found.append(CentreNamed(centre=centre, name=facts.name if facts else centre))
        return found

    def area_code(self, prefix: str) -> str:
        """The centre's area code; '' when its facts are broken."""
        facts, _ = read_facts(self._text(prefix + PROFILE), is_home=not prefix)
        return facts.area_code if facts else ""

    def tag(self, prefix: str, file: str = NUMBERS) -> str:
        """A value for that table alone."""
        return hashlib.sha256(self.content.get(prefix + file, b"")).hexdigest()[:32]

    def _text(self, name: str) -> str:
        try:
            return decode(self.content.get(name, b""))
        except ValueError:
            return ""


class WorkingCopy:
    """Reads and writes it. Raises ``ProfileFaults`` when a file cannot be read."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._parsed: OrderedDict[str, Platform] = OrderedDict()

    @property
    def directory(self) -> Path:
        """Where it lies."""
        return profile_directory(self._settings)

    def read(self) -> Files:
        """All files of the city as they lie there now."""
        if not self.directory.is_dir():
            from config.files import load_platform

            load_platform(self._settings)  # says what there is instead
        return Files(city_files(self.directory))

    def platform(self, files: Files) -> Platform:
        """The centres of those files, or ``ProfileFaults`` with everything that is wrong."""
        digest = files.digest
        found = self._parsed.get(digest)
        if found is None:  # kept in hand: other threads may push it out meanwhile
            found = self._parsed[digest] = parse_platform(files.content)
            while len(self._parsed) > REMEMBERED:
                self._parsed.popitem(last=False)
        return found

    def with_table(self, files: Files, prefix: str, text: str, file: str = NUMBERS) -> Files:
        """The same with another text of that table, in bytes as they would be written."""
        name = prefix + file
        before = files.content.get(name, b"")
        is_marked = before.startswith(MARK.encode()) or not _is_utf8(before)
        data = (MARK * is_marked + text).encode()
        return Files({**files.content, name: data})

    @contextmanager
    def writing(self, who: str) -> Iterator[None]:
        """Keep other writers of ours out. Raises ``ApplyBusy`` when one takes too long."""
        with one_apply(self._settings.home / "city" / "edit.lock", who, WAIT_S):
            yield

    def write_table(
        self, files: Files, prefix: str, file: str = NUMBERS, *, who: str, at: datetime
    ) -> None:
        """Write that centre's table as ``files`` has it, in that person's name."""
        name = prefix + file
        path = self.directory / name
        kept = {f"{name}.bak": path.read_bytes()} if path.is_file() else {}
        replace_files(self.directory, {**kept, name: files.content[name]})
        wrote = {"tag": files.tag(prefix, file), "who": who, "at": at.isoformat()}
        with suppress(OSError):  # the table is written; only its writer's name would be missing
            self._remember({**self._writers(), name: wrote})

    def last_write(self, files: Files, prefix: str, file: str = NUMBERS) -> LastWrite | None:
        """Who wrote the table as it is in ``files``; None when there is none."""
        name = prefix + file
        if name not in files.content:
            return None
        wrote = self._writers().get(name, {})
        if wrote.get("tag") == files.tag(prefix, file):
            with suppress(ValueError, KeyError):  # a hand has been in it: nobody's name is known
                return LastWrite.model_validate({"who": wrote["who"], "at": wrote["at"]})
        with suppress(OSError):
            changed = (self.directory / name).stat().st_mtime
            return LastWrite(who="", at=datetime.fromtimestamp(changed, UTC))
        return None

    @property
    def _named(self) -> Path:
        return self._settings.home / "city" / "writers.json"

    def _writers(self) -> dict[str, dict[str, str]]:
        try:
            found = json.loads(self._named.read_bytes())
        except (OSError, ValueError):
            return {}
        known = found.items() if isinstance(found, dict) else ()
        return {name: wrote for name, wrote in known if isinstance(wrote, dict)}

    def _remember(self, writers: Mapping[str, Mapping[str, str]]) -> None:
        data = json.dumps(writers, ensure_ascii=False, indent=1).encode()
        replace_files(self._named.parent, {self._named.name: data})


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


__all__ = ["CentreUnknown", "Files", "ProfileFaults", "TableChanged", "WorkingCopy"]
