"""One turn at changing the table in force, under the lock. Edge; ``config.apply`` opens it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from config import durable
from config.changeover import Changeover, OnStep
from config.changes import exempted, judge
from config.faults import Fault, ProfileFaults
from config.files import city_files, load_platform, parse_platform, profile_directory
from config.platform import Platform
from config.profile import PROFILE
from config.readback import is_running
from config.render import DialplanRefused, render_files
from config.retired import counted, restored, retired
from config.revisions import AS_FOUND, Revision, Revisions, RevisionUnknown, digest_of
from config.settings import Settings
from config.workdays import CHINA

MakePrompts = Callable[[Platform], object]
"""Puts in place all sounds of these centres that are not there yet, or raises."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A table that may come into force."""

    kind: Literal["start", "apply", "rollback"]
    who: str
    why: str
    files: Mapping[str, bytes]
    platform: Platform
    of: int | None = None


def working_copy(settings: Settings) -> dict[str, bytes]:
    """Read the working copy's files. Raises ``ProfileFaults`` naming all faults of a copy of
    which some cannot be read.
    """
    directory = profile_directory(settings)
    try:
        if directory.is_dir():
            return city_files(directory)
    except ProfileFaults:
        load_platform(settings)  # names the faults of the others as well
        raise
    load_platform(settings)
    raise FileNotFoundError(directory)


def another_hotline(was: str, now: Platform) -> ProfileFaults:
    """What to say of a home centre that changes its name while calls are served.

    Seats, queues and rows carry the centre's name: another one is another hotline.
    """
    told = f"centre 由 {was} 改为 {now.home.centre}"
    return ProfileFaults([Fault(PROFILE, 0, "", told, "需要停止后重新启动")])


def retired_by(current: Revision | None, before: Platform | None, today: date) -> tuple[str, ...]:
    """The numbers given up for ever by what is in force (``before``) and all that was earlier."""
    if current is None:
        return ()
    since = current.at.astimezone(CHINA).date()
    return retired(before, since, today, current.retired)


def forbidden(
    current: Revision, before: Platform | None, after: Platform, today: date
) -> list[Fault]:
    """Name everything for which an apply of ``after`` would be refused by the rules."""
    faults = judge(before, after, today)
    named = {(fault.file, fault.row) for fault in faults}
    back = restored(after, retired_by(current, before, today), today)
    return [*faults, *(fault for fault in back if (fault.file, fault.row) not in named)]


class Turn:
    """One turn at changing the table, under the lock."""

    def __init__(self, settings: Settings, revisions: Revisions, on_step: OnStep) -> None:
        self.revisions = revisions
        self._settings, self._on_step = settings, on_step
        self._changeover = Changeover(settings, revisions, on_step)
        self._now = datetime.now(UTC)
        self._parsed: dict[int, Platform | None] = {}

    @property
    def _today(self) -> date:
        return self._now.astimezone(CHINA).date()

    def settle(self) -> None:
        """End what an earlier process left open."""
        self.revisions.sweep()
        if self.revisions.pointed() is not None:
            self.revisions.adopt()
        self._changeover.settle()
        current = self.revisions.current()
        if current is not None and current.restore == "owed":
            self._restore(current)

    def changed_working_copy(self, who: str) -> Candidate | None:
        """The working copy if somebody changed it since the last revision."""
        files = working_copy(self._settings)
        current = self.revisions.current()
        if current is not None and current.working == digest_of(files):
            return None
        return Candidate(
            kind="start", who=who, why="启动", files=files, platform=parse_platform(files)
        )

    def judge(self, candidate: Candidate) -> None:
        """Raise ``ProfileFaults`` when the rules forbid this change."""
        current = self.revisions.current()
        if current is None or current.digest == digest_of(candidate.files):
            return
        if current.centre != candidate.platform.home.centre:
            if is_running(self._settings):
                raise another_hotline(current.centre, candidate.platform)
            return
        before, after = self._before(current), candidate.platform
        if candidate.kind == "rollback":
            faults = restored(after, retired_by(current, before, self._today), self._today)
        else:
            faults = forbidden(current, before, after, self._today)
        if faults:
            raise ProfileFaults(faults)

    def carry_out(self, candidate: Candidate, make_prompts: MakePrompts) -> Revision:
        """Everything from the prompts on. Returns the revision in force."""
        self._on_step("judged")
        make_prompts(candidate.platform)
        self._on_step("prompts")
        current = self.revisions.current()
        if current is not None and self._is_the_same(candidate, current):
            done = self._kept(candidate, current)
        else:
            self.revisions.adopt()
            done = self._changeover.put_in_force(self._placed(candidate, current))
        if done.restore == "owed":
            done = self._restore(done)
            self._on_step("restored")
        with suppress(OSError):  # what is not removed now is removed after the next one
            self.revisions.prune(self._now)
        self._on_step("pruned")
        return done

    def _is_the_same(self, candidate: Candidate, current: Revision) -> bool:
        if current.digest != digest_of(candidate.files):
            return False
        again = candidate.platform.model_copy(update={"revision": current.number})
        return render_files(self._settings, again) == self.revisions.rendered(current.number)

    def _kept(self, candidate: Candidate, current: Revision) -> Revision:
        """Nothing to change: but Asterisk must hold it, and a rollback writes it back."""
        self._changeover.confirm(current)
        if candidate.kind == "rollback":
            update: dict[str, str] = {"restore": "owed"}
        elif candidate.of is None:
            update = {"working": current.digest}
        else:
            update = {}
        kept = current.model_copy(update=update)
        if kept != current:
            self.revisions.remember(kept)
        return kept

    def _placed(self, candidate: Candidate, current: Revision | None) -> Revision:
        """Lay it down as the next revision."""
        number = max([AS_FOUND, *self.revisions.numbers()]) + 1
        platform = candidate.platform.model_copy(update={"revision": number})
        before = self._before(current)
        digest = digest_of(candidate.files)
        counts = counted(before, platform)
        revision = Revision(
            number=number,
            at=self._now,
            who=candidate.who,
            why=candidate.why,
            kind=candidate.kind,
            of=candidate.of,
            before=self.revisions.pointed(),
            centre=platform.home.centre,
            digest=digest,
            working=digest if candidate.of is None else current.working if current else "",
            restore="owed" if candidate.kind == "rollback" else "none",
            added=counts.added,
            changed=counts.changed,
            removed=counts.removed,
            exceptions=tuple(map(str, exempted(before, platform, self._today))),
            retired=retired_by(current, before, self._today),
        )
        rendered = render_files(self._settings, platform)
        try:
            self.revisions.place(revision, candidate.files, rendered)
        except OSError as error:
            self.revisions.sweep()
            raise DialplanRefused(
                "the disk did not take the new table", why=error.strerror or str(error)
            ) from error
        self._on_step("placed")
        return revision

    def _before(self, current: Revision | None) -> Platform | None:
        """What is in force; None also where this program does not understand it any more."""
        if current is None:
            return None
        if current.number not in self._parsed:
            self._parsed[current.number] = None
            with suppress(ProfileFaults):
                self._parsed[current.number] = self.revisions.platform(current.number)
        return self._parsed[current.number]

    def _restore(self, revision: Revision) -> Revision:
        """Write a rollback's content into the working copy, and remember whether that went."""
        directory = profile_directory(self._settings)
        files = self.revisions.files(revision.number)
        restore, working = "done", revision.digest
        aside: tuple[str, ...] = ()
        try:
            unapplied = self._unapplied(revision, directory, files)
            durable.replace_files(directory, unapplied)
            aside = tuple(unapplied)
            durable.replace_files(directory, files)
            for name in city_files(directory).keys() - files.keys():
                (directory / name).unlink()
        except (OSError, ProfileFaults):
            restore = "impossible"
            with suppress(OSError, ProfileFaults):
                working = digest_of(city_files(directory))
        told = {"restore": restore, "working": working, "aside": aside}
        kept = revision.model_copy(update=told)
        self.revisions.remember(kept)
        return kept

    def _unapplied(
        self, revision: Revision, directory: Path, files: Mapping[str, bytes]
    ) -> dict[str, bytes]:
        """What somebody changed and nobody applied, under the names it is kept by: no revision
        has it. Nothing where the working copy cannot be read.
        """
        applied: Mapping[str, bytes] = {}
        with suppress(RevisionUnknown, OSError):
            applied = self.revisions.files(revision.before or AS_FOUND)
        there: Mapping[str, bytes] = {}
        with suppress(ProfileFaults, OSError):
            there = city_files(directory)
        return {
            f"{name}.bak": data
            for name, data in sorted(there.items())
            if data not in (files.get(name), applied.get(name))
        }
