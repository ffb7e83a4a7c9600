"""A named fake at the web edge's port to the ledger: one centre's table, in memory."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from config.faults import Fault, ProfileFaults
from config.ledgerview import (
    CentreNamed,
    ChangeShown,
    ChangesShown,
    CheckShown,
    ImportShown,
    LastWrite,
    LedgerLine,
    LedgerShown,
    LineShown,
    PlanShown,
    PromptShown,
    Question,
    RevisionShown,
    Sheet,
    StepShown,
    Tell,
    faults_shown,
)
from config.tables import TABLES, TableShown, TablesShown
from cti.errors import DomainError
from cti.ids import CentreId, mask
from cti.web.errors import Refused
from tests.cti.web.fakes import CHIFENG, NOON

WAITS_S = 5.0
ROW = {
    "部门": "市政府办公室",
    "电话名称": "市长热线",
    "电话号码": "8337772",
    "归并方式": "整体并入",
}
LINE = LineShown(
    number="8337772",
    name="市长热线",
    department="市政府办公室",
    mode="whole",
    state="transition",
)
WRONG = Fault("numbers.csv", 2, "归并方式", "没有「并入」这种归并方式", "整体并入")


class Broken(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Any refusal of the ledger's own."""

    id = "dialplan-refused"


@dataclass
class FakeTables:
    """One table, of linked services, in memory."""

    rows: list[dict[str, str]] = field(default_factory=lambda: [{"号码": "110", "名称": "公安"}])
    writers: list[str] = field(default_factory=list)

    def all(self) -> TablesShown:
        return TablesShown(items=[TABLES["linkage"].named()])

    def show(self, centre: CentreId, name: str) -> TableShown:
        if centre != CHIFENG:
            raise Refused("centre-unknown")
        if name != "linkage":
            raise Refused("table-unknown")
        table = TABLES[name]
        return TableShown(
            **table.named().model_dump(),
            centre=centre,
            tag=f"tag{len(self.writers)}",
            in_force=None,
            is_applied=False,
            file=table.file,
            header=["号码", "名称"],
            further=[],
            columns=list(table.columns),
            keys=["号码"],
            rows=self.rows,
            row_lines=[2 + n for n in range(len(self.rows))],
            written_from=2,
            written=LastWrite(who=self.writers[-1], at=NOON) if self.writers else None,
            faults=[],
        )

    def put(
        self,
        centre: CentreId,
        name: str,
        rows: Sequence[Mapping[str, str]],
        *,
        tag: str,
        who: str,
    ) -> TableShown:
        now = self.show(centre, name).tag
        if tag != now:
            raise Refused("table-changed", tag=now)
        self.rows = [dict(row) for row in rows]
        self.writers.append(who)
        return self.show(centre, name)


@dataclass
class FakeLedger:
    """``is_held`` keeps ``apply`` from ending until it is released."""

    rows: list[dict[str, str]] = field(default_factory=lambda: [dict(ROW)])
    revisions: list[RevisionShown] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    asked: list[Question] = field(default_factory=list)
    recorded: dict[str, Sheet] = field(default_factory=dict)
    tables: FakeTables = field(default_factory=FakeTables)
    sound: Path | None = None
    refusal: Exception | None = None
    is_held: threading.Event = field(default_factory=threading.Event)
    is_at_it: threading.Event = field(default_factory=threading.Event)
    """Set once an ``apply`` has told its first step."""

    def __post_init__(self) -> None:
        self.is_held.set()

    @property
    def tag(self) -> str:
        return f"tag{len(self.writers)}"

    def home(self) -> CentreId:
        return CHIFENG

    def centres(self) -> list[CentreNamed]:
        named = {"chifeng": "赤峰市12345热线", "hulunbuir": "呼伦贝尔市12345热线"}
        return [CentreNamed(centre=centre, name=name) for centre, name in named.items()]

    def show(self, centre: CentreId) -> LedgerShown:
        if centre != CHIFENG:
            raise Refused("centre-unknown")
        line = LedgerLine(
            **LINE.model_dump(),
            seating="moved-in",
            begins=None,
            ends=None,
            peer="",
            destination="",
            hours="全天",
            exception="",
            row=2,
        )
        return LedgerShown(
            centre=centre,
            name="赤峰市12345政务服务便民热线",
            tag=self.tag,
            in_force=self.revisions[-1].number if self.revisions else None,
            is_applied=False,
            file="numbers.csv",
            header=list(ROW),
            further=[],
            rows=self.rows,
            row_lines=[2 + n for n in range(len(self.rows))],
            written_from=2,
            written=LastWrite(who=self.writers[-1], at=NOON) if self.writers else None,
            lines=[line],
            faults=[],
        )

    def put(
        self, centre: CentreId, rows: Sequence[Mapping[str, str]], *, tag: str, who: str
    ) -> LedgerShown:
        if tag != self.tag:
            raise Refused("table-changed", tag=self.tag)
        if any(row.get("归并方式") == "并入" for row in rows):
            raise ProfileFaults([WRONG])
        self.rows = [dict(row) for row in rows]
        self.writers.append(who)
        return self.show(centre)

    def import_sheet(
        self, centre: CentreId, sheet: Sheet, *, tag: str | None, who: str, is_part: bool = False
    ) -> ImportShown:
        if not sheet.data:
            raise ProfileFaults([WRONG])
        if tag is not None:
            self.put(centre, [ROW], tag=tag, who=who)
        return ImportShown(
            rows=[ROW],
            notes=[f"{sheet.name}：表头在第 1 行", *["其余保持不变"] * is_part],
            faults=[],
            changes=[],
            is_written=tag is not None,
        )

    def check(self) -> CheckShown:
        return CheckShown(
            is_right=False,
            numbers=1,
            rows=1,
            modes={"整体并入": 1},
            centres=["chifeng"],
            faults=faults_shown([WRONG]),
        )

    def plan(self) -> ChangesShown:
        change = ChangeShown(
            kind="added",
            centre="chifeng",
            what="8337772",
            before="",
            after="市长热线",
            since=None,
            until=None,
            area="",
            text="新增市长热线",
        )
        return ChangesShown(
            before=None, changes=[change], lines=[change.text], exceptions=[], faults=[]
        )

    def explain(self, asked: Question) -> PlanShown:
        self.asked.append(asked)
        if asked.revision:
            raise Refused("revision-unknown")
        return PlanShown(
            dialled=asked.dialled,
            centre="chifeng",
            ani=mask(asked.ani),
            at=asked.at or NOON,
            revision=0,
            line=LINE,
            steps=[StepShown(do="say", prompt="chifeng-8337772-transition", text="您好。")],
            why=["清单第2行"],
        )

    def history(self) -> list[RevisionShown]:
        return self.revisions[::-1]

    def apply(self, *, who: str, why: str, tell: Tell) -> RevisionShown:
        tell("提示音", 1, 2)
        self.is_at_it.set()
        assert self.is_held.wait(WAITS_S)
        if self.refusal is not None:
            raise self.refusal
        tell("提示音", 2, 2)
        return self._add(who, why, "apply", None)

    def rollback(self, number: int, *, who: str, why: str, tell: Tell) -> RevisionShown:
        if number > len(self.revisions):
            raise Refused("revision-unknown")
        return self._add(who, why, "rollback", number)

    def _add(self, who: str, why: str, kind: str, of: int | None) -> RevisionShown:
        made = RevisionShown(
            number=len(self.revisions) + 1,
            at=NOON,
            who=who,
            why=why,
            kind=kind,
            of=of,
            digest="0" * 64,
            state="applied",
            problem="",
            is_in_force=True,
            is_live=True,
            waits=[],
            added=1,
            changed=0,
            removed=0,
            exceptions=[],
        )
        self.revisions.append(made)
        return made

    def prompts(self, centre: CentreId) -> list[PromptShown]:
        return [self._prompt("chifeng-12345")]

    def prompt_file(self, centre: CentreId, prompt: str) -> Path:
        self._known(prompt)
        if self.sound is None:
            raise Refused("prompt-not-made")
        return self.sound

    def record_prompt(
        self, centre: CentreId, prompt: str, sheet: Sheet, *, who: str
    ) -> PromptShown:
        self._known(prompt)
        if not sheet.data:
            raise Refused("recording-unusable", why="空文件")
        self.recorded[prompt] = sheet
        return self._prompt(prompt)

    def unrecord_prompt(self, centre: CentreId, prompt: str, *, who: str) -> PromptShown:
        self._known(prompt)
        self.recorded.pop(prompt, None)
        return self._prompt(prompt)

    def _known(self, prompt: str) -> None:
        if prompt != "chifeng-12345":
            raise Refused("prompt-unknown")

    def _prompt(self, prompt: str) -> PromptShown:
        return PromptShown(
            id=prompt,
            text="您好，这里是赤峰市12345热线。",
            file=f"{prompt}-00000000",
            is_made=self.sound is not None,
            is_recorded=prompt in self.recorded,
        )
