"""A centre's prompts as people look after them: listed, listened to, recorded. Ring 3; blocks.

A recording is a file of the working copy, beside the tables; like them it counts once applied.
"""

import tempfile
from pathlib import Path

from config.city import is_recording
from config.durable import replace_files
from config.facts import RECORDINGS
from config.ledgerview import PromptShown, Sheet
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.audit import Note
from cti.errors import DomainError
from cti.ids import CentreId
from cti.workingcopy import CentreUnknown, WorkingCopy
from ivr.prompts import missing, prompt_file
from ivr.sound import RecordingUnusable, read_recording
from ivr.text import (
    PromptText,
    has_prompt,
    line_prompts,
    longest_recording_s,
    prompt,
    queue_prompts,
    standing_prompts,
)


class PromptUnknown(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The centre has no prompt of that id."""

    id = "prompt-unknown"


class PromptNotMade(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The prompt's sound is not there yet: the next apply makes it."""

    id = "prompt-not-made"


class PromptShelf:
    """The prompts of a working copy. Every method may raise ``ProfileFaults``."""

    def __init__(self, settings: Settings, copy: WorkingCopy, note: Note) -> None:
        self._settings, self._copy, self._note = settings, copy, note

    def prompts(self, centre: CentreId) -> list[PromptShown]:
        """All the centre can come to play; the platform's standing ones are home's."""
        platform, profile = self._centre(centre)
        found = line_prompts(profile)
        if profile.centre == platform.home.centre:
            found += [*standing_prompts(profile), *queue_prompts(profile)]
        absent = {one.id for one in missing(self._settings, found)}
        return [_shown(one, is_made=one.id not in absent) for one in found]

    def file(self, centre: CentreId, prompt_id: str) -> Path:
        """Its sound. ``PromptUnknown``, ``PromptNotMade``."""
        found = self._prompt(centre, prompt_id)
        path = prompt_file(self._settings, found)
        if not path.is_file():
            raise PromptNotMade("not made yet", prompt=prompt_id)
        return path

    def record(self, centre: CentreId, prompt_id: str, sheet: Sheet, *, who: str) -> PromptShown:
        """Keep a recording for it. ``RecordingUnusable`` says why it cannot be played."""
        with self._copy.writing(who):
            self._prompt(centre, prompt_id)
            self._judge(prompt_id, sheet)
            name = _file_name(prompt_id, sheet)
            before = self._recordings(centre, prompt_id)
            folder = self._folder(centre)
            folder.mkdir(exist_ok=True)
            replace_files(folder, {name: sheet.data})
            for other in before:  # last: a full disk must not cost the one there was
                if other.name != name:
                    other.unlink()
        self._note(centre, who, "prompt-recorded", {"prompt": prompt_id})
        return self._one(centre, prompt_id)

    def unrecord(self, centre: CentreId, prompt_id: str, *, who: str) -> PromptShown:
        """Keep none for it. That there was none is no error."""
        with self._copy.writing(who):
            self._prompt(centre, prompt_id)
            found = self._recordings(centre, prompt_id)
            for path in found:
                path.unlink()
        if found:
            self._note(centre, who, "prompt-unrecorded", {"prompt": prompt_id})
        return self._one(centre, prompt_id)

    def _judge(self, prompt_id: str, sheet: Sheet) -> None:
        """Hear it as callers would, before it is kept."""
        with tempfile.TemporaryDirectory(prefix="recording-") as folder:
            path = Path(folder) / sheet.name
            path.write_bytes(sheet.data)
            try:
                read_recording(path, longest_recording_s(prompt_id))
            except RecordingUnusable as error:
                raise RecordingUnusable(str(error), why=str(error)) from error

    def _one(self, centre: CentreId, prompt_id: str) -> PromptShown:
        found = self._prompt(centre, prompt_id)
        return _shown(found, is_made=not missing(self._settings, [found]))

    def _prompt(self, centre: CentreId, prompt_id: str) -> PromptText:
        _, profile = self._centre(centre)
        if not has_prompt(profile, prompt_id):
            raise PromptUnknown("no such prompt", prompt=prompt_id)
        return prompt(profile, prompt_id)

    def _centre(self, centre: CentreId) -> tuple[Platform, Profile]:
        platform = self._copy.platform(self._copy.read())
        try:
            return platform, platform.centre(centre)
        except KeyError:
            raise CentreUnknown("no such centre", centre=centre) from None

    def _folder(self, centre: CentreId) -> Path:
        return self._copy.directory / self._copy.read().folder(centre) / RECORDINGS

    def _recordings(self, centre: CentreId, prompt_id: str) -> list[Path]:
        folder = self._folder(centre)
        return [path for path in folder.glob(f"{prompt_id}.*") if path.stem == prompt_id]


def _file_name(prompt_id: str, sheet: Sheet) -> str:
    """The recording's file by its prompt. What its own name says of the format is not relied on."""
    name = f"{prompt_id}{Path(sheet.name).suffix}"
    return name if is_recording(f"{RECORDINGS}/{name}") else f"{prompt_id}.audio"


def _shown(found: PromptText, *, is_made: bool) -> PromptShown:
    return PromptShown(
        id=found.id,
        text=found.text,
        file=found.name,
        is_made=is_made,
        is_recorded=bool(found.recording),
    )
