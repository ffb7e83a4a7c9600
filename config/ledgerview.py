"""What people and programs ask of the ledger and are shown of it, by command and over HTTP alike.

Pure. Callers' numbers are masked here already.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from config.changes import Change
from config.faults import Fault
from config.ledger import Line
from config.numberplan import Plan
from config.platform import Platform
from config.profile import Profile
from cti.ids import CentreId, mask
from ivr.text import has_prompt, prompt

Tell = Callable[[str, int, int], None]
"""Told how far a long piece of work is: what is being done (Chinese), how many of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whose call is to be explained."""

    dialled: str
    ani: str = ""
    at: datetime | None = None
    """None: now."""
    via: CentreId | None = None
    """The centre whose trunk the call came in by; None: home's."""
    revision: int | None = None
    """None: the working copy; 0: the one in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that an administrator sent."""

    name: str
    data: bytes


class Shown(BaseModel):
    """Something shown."""

    model_config = ConfigDict(frozen=True)


class FaultShown(Shown):
    """One thing that is wrong, where it stands, and what to write instead."""

    file: str
    row: int
    column: str
    message: str
    instead: str
    cell: str = ""
    """The cell of an imported sheet, as spreadsheets name it: D7."""


class LineShown(Shown):
    """A line as an explanation names it."""

    number: str
    name: str
    department: str
    mode: str
    state: str
    """planned | transition | cancelled | kept; unknown for a number nobody has."""


class LedgerLine(LineShown):
    """A line of the ledger with everything that is planned for it."""

    seating: str
    begins: date | None
    ends: date | None
    peer: str
    destination: str
    hours: str
    exception: str
    row: int


class LastWrite(Shown):
    """Who wrote a table as it stands, and when."""

    who: str
    """'' when it was not written here: by hand on the server, or by a rollback."""
    at: AwareDatetime


class CentreNamed(Shown):
    """A centre whose tables the reader may open."""

    centre: str
    name: str


class LedgerShown(Shown):
    """A centre's ledger in the working copy: the table as written, and what it says."""

    centre: str
    name: str
    tag: str
    """Changes with every change of the table; what ``If-Match`` wants."""
    in_force: int | None
    """The revision in force; null when none was ever applied."""
    is_applied: bool
    """Whether the working copy is what is in force."""
    file: str
    """What faults of this table call it: those of other files are told beside it."""
    header: list[str]
    further: list[str]
    """Columns that the table may have and has not."""
    rows: list[dict[str, str]]
    row_lines: list[int]
    """The line of the file at which each row stands."""
    written_from: int
    """The line of the file at which the first row stands once the rows are put."""
    written: LastWrite | None
    """Null: there is no such file."""
    lines: list[LedgerLine]
    faults: list[FaultShown]


class CheckShown(Shown):
    """What a check found. Counts are of all centres; all zero when the tables cannot be read."""

    is_right: bool
    numbers: int
    rows: int
    modes: dict[str, int]
    centres: list[str]
    faults: list[FaultShown]


class ChangeShown(Shown):
    """One thing that callers, agents or administrators will notice."""

    kind: str
    """added | removed | changed: what callers notice of a number. Else what it is a change of."""
    centre: str
    what: str
    """Which number, seat, fact …"""
    before: str
    after: str
    since: date | None
    """From which day; null: as soon as it is applied."""
    until: date | None
    """The last day, included; null: for good."""
    area: str
    """Only for callers of that area code; '' for all."""
    text: str
    """The whole of it as a sentence."""


class ChangesShown(Shown):
    """What applying the working copy would change."""

    before: int | None
    """The revision in force that it is compared with; null: nothing was ever applied."""
    changes: list[ChangeShown]
    lines: list[str]
    """The same in sentences, numbers that change alike together."""
    exceptions: list[str]
    """What the rules forbid and a reason of the table lets through."""
    faults: list[FaultShown]
    """Why it would be refused; empty when it can be applied."""


class ImportShown(Shown):
    """What was understood of a sheet. Nothing is written while there is a fault."""

    rows: list[dict[str, str]]
    notes: list[str]
    faults: list[FaultShown]
    changes: list[str]
    """What the table of before would be changed in, in sentences."""
    refused: list[FaultShown] = []
    """Why applying it would be refused. It is written all the same: more may be changed first."""
    is_written: bool


class StepShown(Shown):
    """One thing done with the call."""

    do: Literal["say", "queue", "dial", "hangup"]
    prompt: str = ""
    text: str = ""
    """What the caller hears."""
    line: str = ""
    peer: str = ""
    number: str = ""
    """What is dialled at that peer."""
    ring_s: int = 0


class PlanShown(Shown):
    """What happens to a dialled number. ``why`` has one reason a step."""

    dialled: str
    centre: str
    ani: str = Field(serialization_alias="from")
    """Masked; '' when the caller was not said."""
    at: datetime
    revision: int
    """0: the working copy."""
    line: LineShown
    steps: list[StepShown]
    why: list[str]


class RevisionShown(Shown):
    """One applied, refused or pending change of the city."""

    number: int
    at: datetime
    who: str
    why: str
    kind: str
    """start | apply | rollback"""
    of: int | None
    """The revision whose content a rollback brought back."""
    digest: str
    state: str
    """pending | applied | refused"""
    problem: str
    """Why it was refused."""
    is_in_force: bool
    is_live: bool
    """Whether a running Asterisk confirmed it; else it counts from Asterisk's next start."""
    waits: list[str]
    """Asterisk's files that only its next start reads."""
    added: int
    changed: int
    removed: int
    exceptions: list[str]
    """What was let through against the rule, each with its reason."""
    is_new: bool = True
    """False of an apply or a rollback to what was in force already: callers notice nothing."""
    aside: list[str] = []
    """Files of the working copy under which a rollback kept what had not been applied."""


class PromptShown(Shown):
    """A prompt: what it says, and whether its sound is there."""

    id: str
    text: str
    file: str
    is_made: bool
    is_recorded: bool
    """Whether a recording is played instead of the text."""


def faults_shown(faults: Iterable[Fault]) -> list[FaultShown]:
    """The faults in their order."""
    return [FaultShown(**asdict(fault)) for fault in faults]


def ledger_line(line: Line, day: date) -> LedgerLine:
    """A line as it stands on that day."""
    return LedgerLine(
        **line_shown(line, line.state(day).value).model_dump(),
        seating=line.seating.value,
        begins=line.begins,
        ends=line.ends,
        peer=line.peer,
        destination=line.destination,
        hours=line.hours.chinese,
        exception=line.exception,
        row=line.row,
    )


def line_shown(line: Line, state: str) -> LineShown:
    """A line in that state."""
    return LineShown(
        number=line.number,
        name=line.name,
        department=line.department,
        mode=line.mode.value,
        state=state,
    )


def check_shown(centres: Sequence[Profile], faults: Sequence[Fault]) -> CheckShown:
    """What was found; without centres the tables could not be read."""
    lines = [line for profile in centres for line in profile.lines]
    return CheckShown(
        is_right=not faults,
        numbers=len(lines),
        rows=sum(len(line.entries) for line in lines),
        modes=dict(Counter(line.mode.chinese for line in lines)),
        centres=[profile.centre for profile in centres],
        faults=faults_shown(faults),
    )


def changes_shown(changes: Iterable[Change]) -> list[ChangeShown]:
    """The changes in their order."""
    return [ChangeShown(**asdict(change)) for change in changes]


def plan_shown(platform: Platform, plan: Plan, *, ani: str, at: datetime) -> PlanShown:
    """A plan with the words the caller hears, and without the caller's number."""
    state = plan.state.value if plan.is_known else "unknown"
    return PlanShown(
        dialled=plan.dialled,
        centre=plan.centre,
        ani=mask(ani),
        at=at,
        revision=plan.revision,
        line=line_shown(plan.line, state),
        steps=[
            StepShown(**asdict(step), text=_words(platform, step.prompt)) for step in plan.steps
        ],
        why=list(plan.why),
    )


def _words(platform: Platform, prompt_id: str) -> str:
    for profile in platform:
        if prompt_id and has_prompt(profile, prompt_id):
            return prompt(profile, prompt_id).text
    return ""
