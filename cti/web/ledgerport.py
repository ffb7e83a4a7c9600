"""What the web edge needs of the ledger, as a Protocol. A fake stands here and nowhere else."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from config.ledgerview import (
    CentreNamed,
    ChangesShown,
    CheckShown,
    ImportShown,
    LedgerShown,
    PlanShown,
    PromptShown,
    Question,
    RevisionShown,
    Sheet,
    Tell,
)
from config.tables import TableShown, TablesShown
from cti.ids import CentreId


class Tables(Protocol):
    """The tables beside the number table. As with ``Ledger``, all but ``all`` block."""

    def all(self) -> TablesShown:
        """Which tables there are."""
        ...

    def show(self, centre: CentreId, name: str) -> TableShown:
        """A table of the centre's working copy. ``TableUnknown``."""
        ...

    def put(
        self,
        centre: CentreId,
        name: str,
        rows: Sequence[Mapping[str, str]],
        *,
        tag: str,
        who: str,
    ) -> TableShown:
        """Write the table. ``TableChanged`` when ``tag`` is not its tag any more."""
        ...


class Ledger(Protocol):
    """The ledger as people work at it. Every method blocks for as long as it takes: call it in a
    thread. What is wrong is raised as a ``DomainError``; nothing is half done then.
    """

    @property
    def tables(self) -> Tables:
        """The tables beside the number table, in the same working copy."""
        ...

    def home(self) -> CentreId:
        """The platform's own centre, whose administrators may apply."""
        ...

    def centres(self) -> list[CentreNamed]:
        """Every centre of the platform, its own first."""
        ...

    def show(self, centre: CentreId) -> LedgerShown:
        """A centre's working copy, faults and all."""
        ...

    def put(
        self, centre: CentreId, rows: Sequence[Mapping[str, str]], *, tag: str, who: str
    ) -> LedgerShown:
        """Write the centre's table. ``TableChanged`` when ``tag`` is not its tag any more."""
        ...

    def import_sheet(
        self, centre: CentreId, sheet: Sheet, *, tag: str | None, who: str, is_part: bool = False
    ) -> ImportShown:
        """Say what is understood of a sheet; with ``tag``, write it if nothing is wrong.

        ``is_part``: numbers that the sheet does not have stay as they are.
        """
        ...

    def check(self) -> CheckShown:
        """Everything that is wrong with the working copy, at once."""
        ...

    def plan(self) -> ChangesShown:
        """What applying the working copy would change."""
        ...

    def explain(self, asked: Question) -> PlanShown:
        """What happens to a call."""
        ...

    def history(self) -> list[RevisionShown]:
        """All revisions, the newest first."""
        ...

    def apply(self, *, who: str, why: str, tell: Tell) -> RevisionShown:
        """Put the working copy in force."""
        ...

    def rollback(self, number: int, *, who: str, why: str, tell: Tell) -> RevisionShown:
        """Put an older revision's content in force again."""
        ...

    def prompts(self, centre: CentreId) -> list[PromptShown]:
        """The prompts of the centre's working copy."""
        ...

    def prompt_file(self, centre: CentreId, prompt: str) -> Path:
        """The sound of a prompt. ``PromptUnknown``, ``PromptNotMade``."""
        ...

    def record_prompt(
        self, centre: CentreId, prompt: str, sheet: Sheet, *, who: str
    ) -> PromptShown:
        """Let a recording be played instead. ``RecordingRefused`` says why it cannot be."""
        ...

    def unrecord_prompt(self, centre: CentreId, prompt: str, *, who: str) -> PromptShown:
        """Let the text be spoken again."""
        ...
