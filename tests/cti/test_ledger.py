"""The ledger as administrators work at it: whole or not at all, never over somebody else's work."""

import asyncio
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bench.manylines import write_sounds
from bench.wavetools import tone, write_wav
from config.applylock import ApplyBusy, one_apply
from config.faults import ProfileFaults
from config.ledgerview import LastWrite, Question, Sheet
from config.revisions import RevisionUnknown
from config.settings import CHECKOUT, Settings
from config.workdays import CHINA
from cti.audit import note_in_database
from cti.ids import CentreId
from cti.ledger import CityLedger
from cti.prompting import today, wanted
from cti.promptshelf import PromptNotMade, PromptUnknown
from cti.workingcopy import CentreUnknown, TableChanged
from ivr.sound import RecordingUnusable
from records.store import CallStore
from records.tables import audit
from tests.asterisk.world import find_root
from tests.config.platforms import province_files

CHIFENG = CentreId("chifeng")
MAYOR = "8337772"
NOON = datetime(2026, 6, 15, 12, 0, tzinfo=CHINA)
Notes = list[tuple[str, str, str, Mapping[str, str]]]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Chifeng's tables, to be changed."""
    return Path(shutil.copytree(CHECKOUT / "config" / "profiles" / "chifeng", tmp_path / "city"))


@pytest.fixture
def settings(tmp_path: Path, directory: Path) -> Settings:
    """A home of its own; no Asterisk runs in it."""
    return Settings(home=tmp_path / "home", profile=str(directory), asterisk_root=find_root())


@pytest.fixture
def notes() -> Notes:
    return []


@pytest.fixture
def ledger(settings: Settings, notes: Notes) -> CityLedger:
    """Every sound it can need is there, and its notes are kept in memory."""
    made = CityLedger(settings, note=lambda *note: notes.append(note), now=lambda: NOON)
    sounds(settings, made)
    return made


def sounds(settings: Settings, ledger: CityLedger) -> None:
    """Put a sound under the name of every prompt of the working copy."""
    write_sounds(settings, (prompt.name for prompt in wanted(ledger.working(), today())))


def rows_of(ledger: CityLedger) -> list[dict[str, str]]:
    return ledger.show(CHIFENG).rows


def with_end(rows: list[dict[str, str]], number: str, ends: str) -> list[dict[str, str]]:
    """The rows with another end of that number's transition."""
    return [{**row, "过渡结束": ends} if row["电话号码"] == number else row for row in rows]


# --- the table -------------------------------------------------------------------------------


def test_a_table_is_shown_as_written_and_as_understood(ledger: CityLedger) -> None:
    """36 rows on 35 lines, nothing applied yet."""
    shown = ledger.show(CHIFENG)
    assert (len(shown.rows), len(shown.lines), shown.in_force, shown.faults) == (36, 35, None, [])
    assert shown.rows[0]["电话号码"] == MAYOR
    assert (shown.file, shown.row_lines[0]) == ("numbers.csv", shown.written_from)
    assert "例外理由" in shown.further
    assert shown.lines[0].state in ("transition", "cancelled")
    assert len(ledger.lines()) == 35


def test_a_table_is_written_whole_and_the_one_before_is_kept(
    ledger: CityLedger, directory: Path, notes: Notes
) -> None:
    """Remarks above the header stay, a column comes when it is used, and the audit is told."""
    path = directory / "numbers.csv"
    path.write_text("# 来源：公布的清单\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    before = path.read_bytes()
    shown = ledger.show(CHIFENG)
    put = ledger.put(CHIFENG, with_end(shown.rows, MAYOR, "2026-12-31"), tag=shown.tag, who="li")
    assert put.tag != shown.tag
    assert str(next(line for line in put.lines if line.number == MAYOR).ends) == "2026-12-31"
    assert path.read_text(encoding="utf-8").startswith("# 来源：公布的清单\n序号,")
    assert (directory / "numbers.csv.bak").read_bytes() == before
    assert notes == [("chifeng", "li", "numbers-written", {"rows": "36", "by": "table"})]


def test_a_wrong_table_changes_nothing(ledger: CityLedger, directory: Path, notes: Notes) -> None:
    """A fault in a cell, a column nobody knows, a table somebody else has written."""
    before = (directory / "numbers.csv").read_bytes()
    shown = ledger.show(CHIFENG)
    with pytest.raises(ProfileFaults) as faults:
        ledger.put(CHIFENG, with_end(shown.rows, MAYOR, "明年"), tag=shown.tag, who="li")
    assert [fault.column for fault in faults.value.faults] == ["过渡结束"]
    with pytest.raises(ProfileFaults) as faults:
        ledger.put(CHIFENG, [{**shown.rows[0], "楼层": "3"}], tag=shown.tag, who="li")
    assert [fault.column for fault in faults.value.faults] == ["楼层"]
    with pytest.raises(TableChanged) as changed:
        ledger.put(CHIFENG, shown.rows, tag="0" * 32, who="li")
    assert changed.value.details == {"tag": shown.tag}
    with pytest.raises(CentreUnknown):
        ledger.put(CentreId("nowhere"), shown.rows, tag=shown.tag, who="li")
    assert (directory / "numbers.csv").read_bytes() == before
    assert notes == []


def test_who_wrote_a_table_as_it_stands_is_known(
    ledger: CityLedger, directory: Path, settings: Settings
) -> None:
    """Whoever wrote it here; by hand on the server nobody; what is kept of it may be broken."""
    shown = ledger.show(CHIFENG)
    assert shown.written is not None
    assert shown.written.who == ""
    rows = with_end(shown.rows, MAYOR, "2026-12-31")
    put = ledger.put(CHIFENG, rows, tag=shown.tag, who="li")
    assert put.written == LastWrite(who="li", at=NOON)
    sheet = Sheet(name="a.csv", data=(directory / "numbers.csv").read_bytes())
    ledger.import_sheet(CHIFENG, sheet, tag=put.tag, who="wang")
    written = ledger.show(CHIFENG).written
    assert written is not None
    assert written.who == "wang"
    path = directory / "numbers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("2026-12-31", "2026-11-30"))
    written = ledger.show(CHIFENG).written
    assert written is not None
    assert written.who == ""
    assert abs(written.at.timestamp() - path.stat().st_mtime) < 1
    kept = settings.home / "city" / "writers.json"
    for broken in ("{", "[]", '{"numbers.csv": 1}', kept.read_text().replace("2026", "夏")):
        kept.write_text(broken, encoding="utf-8")
        assert ledger.show(CHIFENG).written == written
    other = ledger.show(CHIFENG)
    assert ledger.put(CHIFENG, rows, tag=other.tag, who="li").written == put.written


def test_a_table_saved_by_an_office_program_stays_readable_for_it(
    ledger: CityLedger, directory: Path
) -> None:
    """GB 18030 comes back as UTF-8 with the mark that those programs look for."""
    path = directory / "numbers.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    shown = ledger.show(CHIFENG)
    ledger.put(CHIFENG, shown.rows, tag=shown.tag, who="li")
    assert path.read_bytes().startswith("\ufeff序号,".encode())
    assert ledger.show(CHIFENG).rows == shown.rows


def test_one_writes_at_a_time(ledger: CityLedger, settings: Settings) -> None:
    shown = ledger.show(CHIFENG)
    with one_apply(settings.home / "city" / "edit.lock", "wang", 0), pytest.raises(ApplyBusy):
        ledger.put(CHIFENG, shown.rows, tag=shown.tag, who="li")


def test_a_broken_city_is_shown_with_its_faults(ledger: CityLedger, directory: Path) -> None:
    """The table stands there to be mended, though nothing can be made of it."""
    path = directory / "numbers.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("整体并入", "并入了", 1), "utf-8")
    shown = ledger.show(CHIFENG)
    assert (len(shown.rows), shown.lines) == (36, [])
    assert [fault.column for fault in shown.faults] == ["归并方式"]
    checked = ledger.check()
    assert (checked.is_right, checked.numbers, len(checked.faults)) == (False, 0, 1)
    with pytest.raises(ProfileFaults):
        ledger.plan()


# --- import ----------------------------------------------------------------------------------

HEAD = "部门,电话名称,电话号码,归并方式\n"


def sheet(text: str, name: str = "表.csv") -> Sheet:
    """A sheet as an office program saves it."""
    return Sheet(name=name, data=text.encode("gb18030"))


def test_an_import_is_looked_at_before_it_is_written(
    ledger: CityLedger, directory: Path, notes: Notes
) -> None:
    """Full-width digits and an area code are understood; only with a tag is anything written."""
    before = (directory / "numbers.csv").read_bytes()
    said = sheet(f"{HEAD}市政府办公室,市长热线,０４７６－{MAYOR},双号并行\n")
    looked = ledger.import_sheet(CHIFENG, said, tag=None, who="li", is_part=True)
    assert (looked.is_written, looked.faults, len(looked.rows)) == (False, [], 36)
    assert any(MAYOR in change for change in looked.changes)
    assert (directory / "numbers.csv").read_bytes() == before

    tag = ledger.show(CHIFENG).tag
    written = ledger.import_sheet(CHIFENG, said, tag=tag, who="li", is_part=True)
    assert written.is_written
    mayor = next(line for line in ledger.show(CHIFENG).lines if line.number == MAYOR)
    assert (mayor.mode, len(ledger.lines())) == ("dual", 35)
    assert [note[2:] for note in notes] == [
        ("numbers-written", {"rows": "36", "by": "import", "file": "表.csv"})
    ]


def test_what_cannot_be_understood_is_told_and_nothing_is_written(
    ledger: CityLedger, directory: Path
) -> None:
    """No sheet at all, a cell, and what only the whole city shows: told where the sheet has it."""
    before = (directory / "numbers.csv").read_bytes()
    tag = ledger.show(CHIFENG).tag
    for said, column, row in (
        (Sheet(name="表.xlsx", data=b"\x89PNG..."), "", 0),
        (sheet(f"标题\n{HEAD}公安局,报警电话,110,整体并入\n"), "电话号码", 3),
        (sheet(f"标题\n{HEAD}没有这个局,某某热线,8123456,整体并入\n"), "部门", 3),
    ):
        found = ledger.import_sheet(CHIFENG, said, tag=tag, who="li", is_part=True)
        assert not found.is_written
        [fault] = found.faults
        assert (fault.file, fault.column, fault.row) == (said.name, column, row)
    assert (directory / "numbers.csv").read_bytes() == before


# --- change ----------------------------------------------------------------------------------


def test_a_change_is_planned_applied_and_taken_back(
    ledger: CityLedger, settings: Settings, notes: Notes
) -> None:
    """Each with who and why; what is in force and what is written next are told apart."""
    assert ledger.plan().before is None
    first = ledger.apply(who="li", why="首次")
    assert (first.number, first.kind, first.state, first.is_live) == (1, "apply", "applied", False)
    assert (ledger.plan().before, ledger.plan().changes) == (1, [])
    assert ledger.apply(who="li", why="again").number == 1, "the same again is no revision"

    shown = ledger.show(CHIFENG)
    assert (shown.in_force, shown.is_applied) == (1, True)
    ledger.put(CHIFENG, with_end(shown.rows, MAYOR, "2026-01-31"), tag=shown.tag, who="li")
    planned = ledger.plan()
    assert planned.faults == []
    assert {change.what for change in planned.changes if change.kind == "changed"} == {MAYOR}
    assert any(MAYOR in line for line in planned.lines)
    asked = Question(dialled=MAYOR)
    in_force = Question(dialled=MAYOR, revision=0)
    assert ledger.explain(asked).line.state == "cancelled"
    assert ledger.explain(in_force).line.state == "transition"

    sounds(settings, ledger)
    told: list[str] = []
    second = ledger.apply(
        who="wang", why="批复", tell=lambda what, _done, _total: told.append(what)
    )
    assert (second.number, second.is_in_force, second.changed) == (2, True, 1)
    assert told[-1] == "清理不再保留的"
    assert ledger.explain(in_force).line.state == "cancelled"
    old = Question(dialled=MAYOR, revision=1)
    assert (ledger.explain(old).line.state, ledger.explain(old).revision) == ("transition", 1)

    third = ledger.apply(who="li", why="")
    assert third.number == 2
    assert [one.number for one in ledger.history()] == [2, 1]
    assert [(who, what) for _, who, what, _ in notes] == [
        ("li", "numbers-applied"),
        ("li", "numbers-written"),
        ("wang", "numbers-applied"),
    ]


def test_a_rollback_is_a_new_revision_and_the_working_copy_follows(
    ledger: CityLedger, settings: Settings, notes: Notes
) -> None:
    """An end in the future may be taken back: nobody was told that the number is gone."""
    ledger.apply(who="li", why="首次")
    shown = ledger.show(CHIFENG)
    later = f"{today() + timedelta(days=90)}"
    ledger.put(CHIFENG, with_end(shown.rows, MAYOR, later), tag=shown.tag, who="li")
    sounds(settings, ledger)
    ledger.apply(who="li", why="定了日期")
    back = ledger.rollback(1, who="wang", why="日期有误")
    assert (back.number, back.kind, back.of, back.is_in_force) == (3, "rollback", 1, True)
    assert ledger.show(CHIFENG).rows == shown.rows
    assert ledger.plan().changes == []
    assert notes[-1][1:] == (
        "wang",
        "numbers-rolled-back",
        {"revision": "3", "before": "2", "why": "日期有误", "of": "1"},
    )
    with pytest.raises(RevisionUnknown):
        ledger.rollback(9, who="wang", why="")


def test_what_the_rules_forbid_is_planned_as_refused_and_not_applied(
    ledger: CityLedger, notes: Notes
) -> None:
    """A number that is simply gone from the table; what is in force stays, the try is noted."""
    ledger.apply(who="li", why="首次")
    shown = ledger.show(CHIFENG)
    rows = [row for row in shown.rows if row["电话号码"] != MAYOR]
    ledger.put(CHIFENG, rows, tag=shown.tag, who="li")
    planned = ledger.plan()
    assert MAYOR in planned.faults[0].message
    with pytest.raises(ProfileFaults) as refused:
        ledger.apply(who="li", why="")
    assert [fault.message for fault in refused.value.faults] == [
        fault.message for fault in planned.faults
    ]
    assert [one.number for one in ledger.history() if one.is_in_force] == [1]
    centre, who, what, data = notes[-1]
    assert (centre, who, what, data["wanted"]) == ("chifeng", "li", "numbers-refused", "apply")
    assert MAYOR in data["problem"]


def test_what_is_wrong_in_one_row_of_a_sheet_is_told_once(ledger: CityLedger) -> None:
    """Also when its numbers became rows of their own."""
    said = sheet(f"{HEAD}卫健委,咨询电话,8334411、8334412,整体并入\n")
    looked = ledger.import_sheet(CHIFENG, said, tag=None, who="li", is_part=True)
    assert [(fault.file, fault.row, fault.column) for fault in looked.faults] == [
        ("表.csv", 2, "部门")
    ]


def test_an_import_says_already_what_an_apply_would_refuse(ledger: CityLedger) -> None:
    """Told where the sheet has it; it is written all the same, for more may be changed first."""
    said = sheet(f"说明\n{HEAD}市政府办公室,市长专线,{MAYOR},整体并入\n")
    first = ledger.import_sheet(CHIFENG, said, tag=None, who="li", is_part=True)
    assert first.refused == []  # nothing is in force yet
    ledger.apply(who="li", why="首次")
    looked = ledger.import_sheet(CHIFENG, said, tag=ledger.tag(CHIFENG), who="li", is_part=True)
    [fault] = looked.refused
    assert (fault.file, fault.row, fault.column) == ("表.csv", 3, "电话名称")
    assert (looked.faults, looked.is_written) == ([], True)
    assert [one.message for one in ledger.plan().faults] == [fault.message]


def test_who_changed_what_stands_in_the_audit(settings: Settings) -> None:
    """Of a change by command, too, where no store is open; a database that is away loses none of
    the change itself.
    """
    ledger = CityLedger(settings)
    sounds(settings, ledger)
    ledger.apply(who="li", why="首次")

    async def read() -> list[tuple[str, str, str]]:
        store = await CallStore.open(settings.sql_url)
        async with store.database.reading() as connection:
            found = await connection.execute(select(audit))
            rows = [(row.centre, row.who, row.what) for row in found]
        await store.close()
        return rows

    assert asyncio.run(read()) == [("chifeng", "li", "numbers-applied")]
    assert ledger.apply(who="li", why="again").number == 1
    assert len(asyncio.run(read())) == 1, "what changes nothing is not noted"
    away = settings.model_copy(update={"database_url": "sqlite+aiosqlite:////proc/no/such.db"})
    note_in_database(away)(CHIFENG, "li", "numbers-applied", {"why": "x"})


# --- several centres, and questions -----------------------------------------------------------


@pytest.fixture
def platform(tmp_path: Path, notes: Notes) -> CityLedger:
    """A province with two of its cities in folders below."""
    directory = tmp_path / "sheng"
    for name, data in province_files().items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_bytes(data)
    settings = Settings(home=tmp_path / "home", profile=str(directory), asterisk_root=find_root())
    return CityLedger(settings, note=lambda *note: notes.append(note), now=lambda: NOON)


def test_each_centre_has_its_own_table(platform: CityLedger, tmp_path: Path, notes: Notes) -> None:
    """A change of one is written in its folder and noted for it; the others stay as they are."""
    home = (tmp_path / "sheng" / "numbers.csv").read_bytes()
    zhou = CentreId("zhou")
    assert (platform.home(), platform.show(zhou).name) == ("sheng", "乙州12345热线")
    assert [one.centre for one in platform.centres()] == ["sheng", "shi", "zhou"]
    assert platform.centres()[2].name == "乙州12345热线"
    shown = platform.show(zhou)
    rows = [{**row, "过渡结束": "2027-03-31"} for row in shown.rows]
    assert str(platform.put(zhou, rows, tag=shown.tag, who="li").lines[0].ends) == "2027-03-31"
    assert (tmp_path / "sheng" / "zhou" / "numbers.csv.bak").is_file()
    assert (tmp_path / "sheng" / "numbers.csv").read_bytes() == home
    assert [note[0] for note in notes] == ["zhou"]
    assert {whose for whose, _ in platform.lines()} == {"sheng", "shi", "zhou"}
    assert {whose for whose, _ in platform.lines(zhou)} == {"zhou"}
    with pytest.raises(CentreUnknown):
        platform.lines(CentreId("nowhere"))


def test_a_call_is_explained_by_caller_trunk_and_time(platform: CityLedger) -> None:
    """The words that are heard stand there; the caller's number is covered."""
    asked = Question(dialled="12366", ani="07921234567", at=NOON)
    shown = platform.explain(asked)
    assert (shown.centre, shown.ani, shown.at) == ("zhou", "*********67", NOON)
    assert [step.do for step in shown.steps] == ["say", "dial", "say", "queue"]
    assert all(step.text for step in shown.steps if step.do == "say")
    assert len(shown.why) == len(shown.steps)
    through = Question(dialled="8337772", via=CentreId("zhou"))
    assert platform.explain(through).centre == "zhou"
    assert platform.explain(Question(dialled="99999")).line.state == "unknown"
    with pytest.raises(CentreUnknown):
        platform.explain(Question(dialled="12345", via=CentreId("nowhere")))
    for revision in (0, 5):
        with pytest.raises(RevisionUnknown):
            platform.explain(Question(dialled="12345", revision=revision))


# --- prompts ----------------------------------------------------------------------------------

PROMPT = f"chifeng-{MAYOR}-transition"


def test_a_recording_takes_the_place_of_a_sentence_and_gives_it_back(
    ledger: CityLedger, directory: Path, tmp_path: Path, notes: Notes
) -> None:
    """One recording a prompt, whatever its format; another wording has another file's name."""
    sound = write_wav(tmp_path / "own.wav", tone(440, 1.5)).read_bytes()
    spoken = next(one for one in ledger.prompts(CHIFENG) if one.id == PROMPT)
    assert (spoken.is_made, spoken.is_recorded) == (True, False)
    assert ledger.prompt_file(CHIFENG, PROMPT).is_file()
    (directory / "prompts").mkdir()
    (directory / "prompts" / f"{PROMPT}.mp3").write_bytes(sound)
    recorded = ledger.record_prompt(CHIFENG, PROMPT, Sheet(name="x.wav", data=sound), who="li")
    assert (recorded.is_recorded, recorded.is_made) == (True, False)
    assert recorded.file != spoken.file
    assert [path.name for path in (directory / "prompts").iterdir()] == [f"{PROMPT}.wav"]
    with pytest.raises(PromptNotMade):
        ledger.prompt_file(CHIFENG, PROMPT)
    for _ in range(2):
        assert ledger.unrecord_prompt(CHIFENG, PROMPT, who="li") == spoken
    assert [note[2] for note in notes] == ["prompt-recorded", "prompt-unrecorded"]


@pytest.mark.parametrize("name", ["own", "own.txt", "own.md", "own."])
def test_a_recording_counts_whatever_its_file_was_called(
    ledger: CityLedger, directory: Path, tmp_path: Path, name: str
) -> None:
    sound = write_wav(tmp_path / "own.wav", tone(440, 1.5)).read_bytes()
    recorded = ledger.record_prompt(CHIFENG, PROMPT, Sheet(name=name, data=sound), who="li")
    assert recorded.is_recorded
    assert [path.name for path in (directory / "prompts").iterdir()] == [f"{PROMPT}.audio"]


def test_a_recording_that_cannot_be_written_leaves_the_one_there_was(
    ledger: CityLedger, directory: Path, tmp_path: Path
) -> None:
    sound = write_wav(tmp_path / "own.wav", tone(440, 1.5)).read_bytes()
    ledger.record_prompt(CHIFENG, PROMPT, Sheet(name="x.wav", data=sound), who="li")
    (directory / "prompts" / f".{PROMPT}.flac.new").mkdir()
    with pytest.raises(IsADirectoryError):
        ledger.record_prompt(CHIFENG, PROMPT, Sheet(name="x.flac", data=sound), who="li")
    assert (directory / "prompts" / f"{PROMPT}.wav").read_bytes() == sound


def test_what_is_no_recording_or_no_prompt_is_refused(ledger: CityLedger, directory: Path) -> None:
    """Silence cannot be played to callers; the reason is Chinese and names no path of ours."""
    with pytest.raises(RecordingUnusable) as refused:
        ledger.record_prompt(CHIFENG, PROMPT, Sheet(name="说明.wav", data=b"no sound"), who="li")
    assert refused.value.details["why"].startswith("说明.wav：")
    with pytest.raises(PromptUnknown):
        ledger.prompt_file(CHIFENG, "chifeng-99999-transition")
    with pytest.raises(CentreUnknown):
        ledger.prompts(CentreId("nowhere"))
    assert not (directory / "prompts").exists()
