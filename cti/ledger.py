"""The ledger as people work at it, from the command line and over HTTP alike. Ring 3; blocks.

The working copy is the profile's directory; what is in force is a revision (``config.apply``).
Every change of either leaves a row in the audit, whoever made it and however.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from config import apply as applying
from config.changes import compare, exempted
from config.faults import Fault, ProfileFaults
from config.ledgerview import (
    CentreNamed,
    ChangesShown,
    CheckShown,
    ImportShown,
    LedgerLine,
    LedgerShown,
    PlanShown,
    PromptShown,
    Question,
    RevisionShown,
    Sheet,
    Tell,
    changes_shown,
    check_shown,
    faults_shown,
    ledger_line,
    plan_shown,
)
from config.numberplan import explain
from config.platform import Platform
from config.profile import NUMBERS
from config.readback import is_running
from config.render import DialplanRefused
from config.revisions import Revision, Revisions, RevisionUnknown
from config.settings import Settings
from config.table import Row
from config.tabletext import (
    further_columns,
    header_of,
    remarks_of,
    table_text,
    unknown_columns,
)
from config.turn import MakePrompts, forbidden
from config.workdays import CHINA
from cti.applysteps import steps_to
from cti.audit import Note, note_in_database, note_revision
from cti.citytables import CityTables
from cti.ids import CentreId
from cti.imported import Understood, understand
from cti.prompting import make_prompts, today
from cti.promptshelf import PromptShelf
from cti.whom import whom
from cti.workingcopy import CentreUnknown, Files, TableChanged, WorkingCopy
from ivr.text import PromptText

IN_FORCE: Final = 0
"""In a question: the revision in force, whichever that is."""


def quietly(_what: str, _done: int, _total: int) -> None:
    """A ``Tell`` for when nobody watches."""


class CityLedger:
    """A ``cti.web.ledgerport.Ledger`` on the files of this machine."""

    def __init__(
        self,
        settings: Settings,
        *,
        note: Note | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._settings = settings
        self._now = now
        self._note = note or note_in_database(settings)
        self._copy = WorkingCopy(settings)
        self._revisions = Revisions(settings)
        self._shelf = PromptShelf(settings, self._copy, self._note)
        self.tables = CityTables(self._copy, self._revisions, self._note, now)

    def home(self) -> CentreId:
        """The platform's own centre, as far as its file can be read."""
        return CentreId(next(iter(self._copy.read().folders()), ""))

    def centres(self) -> list[CentreNamed]:
        """Every centre of the platform, its own first."""
        return self._copy.read().centres()

    def working(self) -> Platform:
        """The working copy's centres, or ``ProfileFaults``."""
        return self._copy.platform(self._copy.read())

    def lines(self, centre: CentreId | None = None) -> list[tuple[CentreId, LedgerLine]]:
        """Every line as it stands today, with its centre; of one centre, or of all."""
        platform, day = self.working(), today()
        if centre is not None and centre not in {profile.centre for profile in platform}:
            raise CentreUnknown("no such centre", centre=centre)
        return [
            (profile.centre, ledger_line(line, day))
            for profile in platform
            for line in profile.lines
            if centre in (None, profile.centre)
        ]

    # --- the table ---------------------------------------------------------------------------

    def show(self, centre: CentreId) -> LedgerShown:
        """A centre's working copy, faults and all."""
        files = self._copy.read()
        prefix = files.folder(centre)
        platform, faults = self._read(files)
        rows = files.rows(prefix)
        current = self._revisions.current()
        profile = None if platform is None else platform.centre(centre)
        header = header_of([row.cells for row in rows], _header(rows))
        return LedgerShown(
            centre=centre,
            name=profile.name if profile else centre,
            tag=files.tag(prefix),
            in_force=current.number if current else None,
            is_applied=current is not None and current.digest == files.digest,
            file=prefix + NUMBERS,
            header=header,
            further=further_columns(header),
            rows=[dict(row.cells) for row in rows],
            row_lines=[row.line for row in rows],
            written_from=len(remarks_of(files.table(prefix))) + 2,
            written=self._copy.last_write(files, prefix),
            lines=[ledger_line(line, today()) for line in profile.lines] if profile else [],
            faults=faults_shown(faults),
        )

    def put(
        self, centre: CentreId, rows: Sequence[Mapping[str, str]], *, tag: str, who: str
    ) -> LedgerShown:
        """Write the centre's table; ``ProfileFaults`` or ``TableChanged``, and it is as it was."""
        with self._copy.writing(who):
            files, prefix = self._expected(centre, tag)
            before = files.rows(prefix)
            unknown = unknown_columns(prefix + NUMBERS, rows, _header(before))
            if unknown:
                raise ProfileFaults(unknown)
            header = header_of(rows, _header(before))
            text = table_text(remarks_of(files.table(prefix)), header, rows)
            changed = self._copy.with_table(files, prefix, text)
            self._copy.platform(changed)
            self._copy.write_table(changed, prefix, who=who, at=self._now())
        self._note(centre, who, "numbers-written", {"rows": str(len(rows)), "by": "table"})
        return self.show(centre)

    def import_sheet(
        self,
        centre: CentreId,
        sheet: Sheet,
        *,
        tag: str | None,
        who: str,
        is_part: bool = False,
    ) -> ImportShown:
        """Say what is understood of a sheet; write it when ``tag`` is given and nothing is wrong.

        ``is_part``: numbers that the sheet does not have stay as they are.
        """
        with self._copy.writing(who):
            files, prefix = self._expected(centre, tag)
            found = self._understood(files, prefix, sheet, is_part=is_part)
            if found.files is None or tag is None:
                return found.shown(is_written=False)
            self._copy.write_table(found.files, prefix, who=who, at=self._now())
        data = {"rows": str(len(found.rows)), "by": "import", "file": sheet.name}
        self._note(centre, who, "numbers-written", data)
        return found.shown(is_written=True)

    def tag(self, centre: CentreId) -> str:
        """The tag of the centre's table as it is now."""
        files = self._copy.read()
        return files.tag(files.folder(centre))

    def _expected(self, centre: CentreId, tag: str | None) -> tuple[Files, str]:
        files = self._copy.read()
        prefix = files.folder(centre)
        now = files.tag(prefix)
        if tag is not None and tag != now:
            raise TableChanged("the table is not the one that was read", tag=now)
        return files, prefix

    def _understood(self, files: Files, prefix: str, sheet: Sheet, *, is_part: bool) -> Understood:
        before = files.rows(prefix)
        found = understand(sheet, files.area_code(prefix), before, is_part=is_part)
        if found.faults:
            return found
        remarks = remarks_of(files.table(prefix)) if is_part else []
        text = table_text(remarks, found.header, [row.cells for row in found.rows])
        after = self._copy.with_table(files, prefix, text)
        try:
            platform = self._copy.platform(after)
        except ProfileFaults as error:
            found.faults = found.placed(prefix + NUMBERS, len(remarks), error.faults)
            return found
        found.files = after
        before_it, _ = self._read(files)
        if before_it is not None:
            found.changes = compare(before_it, platform, self._now()).lines
        refused = found.placed(prefix + NUMBERS, len(remarks), self._refused(platform))
        found.refused = refused
        return found

    def _refused(self, platform: Platform) -> list[Fault]:
        """Why an apply of it would be refused."""
        current = self._revisions.current()
        if current is None:
            return []
        day = self._now().astimezone(CHINA).date()
        return forbidden(current, self._revisions.platform(current.number), platform, day)

    # --- questions ---------------------------------------------------------------------------

    def check(self) -> CheckShown:
        """Everything that is wrong with the working copy, at once."""
        platform, faults = self._read(self._copy.read())
        return check_shown(platform.centres if platform else (), faults)

    def plan(self) -> ChangesShown:
        """What applying the working copy would change. ``ProfileFaults`` when it cannot be read."""
        after = self.working()
        current = self._revisions.current()
        if current is None:
            return ChangesShown(before=None, changes=[], lines=[], exceptions=[], faults=[])
        before, now = self._revisions.platform(current.number), self._now()
        day = now.astimezone(CHINA).date()
        changes = compare(before, after, now)
        return ChangesShown(
            before=current.number,
            changes=changes_shown(changes),
            lines=changes.lines,
            exceptions=[str(one) for one in exempted(before, after, day)],
            faults=faults_shown(forbidden(current, before, after, day)),
        )

    def explain(self, asked: Question) -> PlanShown:
        """What happens to a call. ``CentreUnknown``, ``RevisionUnknown``, ``ProfileFaults``."""
        platform = self._asked(asked.revision)
        if asked.via is not None and asked.via not in {one.centre for one in platform}:
            raise CentreUnknown("no such centre", centre=asked.via)
        at = asked.at or self._now()
        plan = explain(platform, asked.dialled, ani=asked.ani, at=at, trunk=asked.via)
        shown = plan_shown(platform, plan, ani=asked.ani, at=at)
        order = whom(platform, plan.centre, plan.line.number, asked.ani, at)
        why = [
            f"{said}；{order}" if step.do == "queue" else said
            for step, said in zip(shown.steps, shown.why, strict=True)
        ]
        return shown.model_copy(update={"why": why})

    def _asked(self, revision: int | None) -> Platform:
        if revision is None:
            return self.working()
        if revision != IN_FORCE:
            return self._revisions.platform(revision)
        platform = self._revisions.in_force()
        if platform is None:
            raise RevisionUnknown("nothing was ever applied", number="0")
        return platform

    def _read(self, files: Files) -> tuple[Platform | None, Sequence[Fault]]:
        try:
            return self._copy.platform(files), ()
        except ProfileFaults as error:
            return None, error.faults

    # --- changes -----------------------------------------------------------------------------

    def history(self) -> list[RevisionShown]:
        """All revisions, the newest first."""
        pointed = self._revisions.pointed()
        return [_shown(one, pointed) for one in self._revisions.history()]

    def apply(self, *, who: str, why: str, tell: Tell = quietly) -> RevisionShown:
        """Put the working copy in force. Raises what ``config.apply.apply`` does."""
        with self._noted("apply", who, why):
            before = self._revisions.pointed()
            made = applying.apply(
                self._settings,
                who=who,
                why=why,
                make_prompts=self._prompts_maker(tell),
                on_step=steps_to(tell),
            )
        return self._done(made, before)

    def rollback(self, number: int, *, who: str, why: str, tell: Tell = quietly) -> RevisionShown:
        """Put an older revision's content in force again, and into the working copy."""
        with self._noted(f"rollback {number}", who, why):
            before = self._revisions.pointed()
            made = applying.rollback(
                self._settings,
                number,
                who=who,
                why=why,
                make_prompts=self._prompts_maker(tell),
                on_step=steps_to(tell),
            )
        return self._done(made, before)

    @contextmanager
    def _noted(self, wanted: str, who: str, why: str) -> Iterator[None]:
        """Leave a row of what was refused, too: somebody wanted callers to go elsewhere."""
        try:
            yield
        except (ProfileFaults, DialplanRefused) as error:
            data = {"wanted": wanted, "why": why, "problem": str(error)[:500]}
            self._note(self.home(), who, "numbers-refused", data)
            raise

    def _done(self, made: Revision, before: int | None) -> RevisionShown:
        note_revision(self._note, made, before)
        shown = _shown(made, self._revisions.pointed())
        return shown.model_copy(update={"is_new": made.number != before})

    def _prompts_maker(self, tell: Tell) -> MakePrompts:
        """Makes what is missing; beside callers with one process, and last in the queue for it."""
        is_serving = is_running(self._settings)

        def progress(done: int, total: int, _prompt: PromptText) -> None:
            tell("合成提示音", done, total)

        return lambda platform: make_prompts(
            self._settings,
            platform,
            progress=progress,
            workers=1 if is_serving else None,
            in_background=is_serving,
        )

    # --- prompts -----------------------------------------------------------------------------

    def prompts(self, centre: CentreId) -> list[PromptShown]:
        """The prompts of the centre's working copy."""
        return self._shelf.prompts(centre)

    def prompt_file(self, centre: CentreId, prompt: str) -> Path:
        """The sound of a prompt. ``PromptUnknown``, ``PromptNotMade``."""
        return self._shelf.file(centre, prompt)

    def record_prompt(
        self, centre: CentreId, prompt: str, sheet: Sheet, *, who: str
    ) -> PromptShown:
        """Let a recording be played instead. ``RecordingUnusable`` says why it cannot be."""
        return self._shelf.record(centre, prompt, sheet, who=who)

    def unrecord_prompt(self, centre: CentreId, prompt: str, *, who: str) -> PromptShown:
        """Let the text be spoken again."""
        return self._shelf.unrecord(centre, prompt, who=who)


def _header(rows: Sequence[Row]) -> list[str]:
    return [name for name in rows[0].cells if name] if rows else []


def _shown(revision: Revision, pointed: int | None) -> RevisionShown:
    return RevisionShown(
        number=revision.number,
        at=revision.at,
        who=revision.who,
        why=revision.why,
        kind=revision.kind,
        of=revision.of,
        digest=revision.digest,
        state=revision.state,
        problem=revision.problem,
        is_in_force=revision.number == pointed,
        is_live=revision.is_live,
        waits=list(revision.waits),
        added=revision.added,
        changed=revision.changed,
        removed=revision.removed,
        exceptions=list(revision.exceptions),
        aside=list(revision.aside),
    )
