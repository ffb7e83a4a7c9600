"""The ledger by command: exit status, one JSON value, and Chinese for administrators."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from rich.console import Console

from bench.manylines import write_sounds
from config.applylock import one_apply
from config.settings import CHECKOUT, Settings
from cti.cli.options import os_user
from cti.cli.progress import Watcher
from cti.ledger import CityLedger
from cti.prompting import today, wanted
from tests.asterisk.world import find_root
from tests.cli.test_commands import run, value

MAYOR = "8337772"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Chifeng's tables in a directory of their own, every sound there, nothing applied."""
    chifeng = CHECKOUT / "config" / "profiles" / "chifeng"
    directory = Path(shutil.copytree(chifeng, tmp_path / "city"))
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOTLINE_PROFILE", str(directory))
    if (root := find_root()) is not None:
        monkeypatch.setenv("HOTLINE_ASTERISK_ROOT", str(root))
    make_sounds()
    return directory


def make_sounds() -> None:
    """Put a sound under the name of every prompt of the working copy."""
    settings = Settings()
    ledger = CityLedger(settings)
    write_sounds(settings, (prompt.name for prompt in wanted(ledger.working(), today())))


def end(city: Path, number: str, ends: str) -> None:
    """Let that number's transition end then."""
    ledger = CityLedger(Settings())
    shown = ledger.show(ledger.home())
    rows = [{**row, "过渡结束": ends} if row["电话号码"] == number else row for row in shown.rows]
    ledger.put(ledger.home(), rows, tag=shown.tag, who="li")
    make_sounds()


def test_a_change_goes_from_plan_to_apply_to_history_and_back(city: Path) -> None:
    """What the administrators' manual shows, from the first apply to the rollback."""
    assert value("numbers", "plan")["before"] is None
    first = value("numbers", "apply", "--why", "首次")
    assert (first["number"], first["is_in_force"], first["who"]) == (1, True, os_user())
    assert value("numbers", "plan")["changes"] == []

    end(city, MAYOR, f"{today() + timedelta(days=30)}")
    planned = value("numbers", "plan")
    assert {change["what"] for change in planned["changes"]} >= {MAYOR}
    told = run("numbers", "plan").stdout
    assert "与正在使用的版本 1 相比" in told
    assert planned["lines"][0] in told
    second = value("numbers", "apply", "--why", "批复", "--who", "李科长")
    assert (second["number"], second["who"]) == (2, f"李科长 ({os_user()})")

    back = value("numbers", "rollback", "1", "--why", "日期有误")
    assert (back["number"], back["kind"], back["of"]) == (3, "rollback", 1)
    items = value("numbers", "history")
    assert [(item["number"], item["is_in_force"]) for item in items] == [
        (3, True),
        (2, False),
        (1, False),
    ]
    history = run("numbers", "history", COLUMNS="200").stdout
    for words in ("回退到 1", "正在使用", "已应用", "李科长", "日期有误"):
        assert words in history


def test_an_apply_says_how_far_it_is_and_from_when_it_counts(city: Path) -> None:
    """Steps go to standard error; standard output has the revision and what it waits for."""
    answer = run("numbers", "apply")
    assert "版本 1 正在使用" in answer.stdout
    assert "Asterisk 没有运行" in answer.stdout
    steps = answer.stderr.splitlines()
    assert [step for step in steps if "读取并检查" in step or "切换到新版本" in step] == [
        "✓ 读取并检查",
        "✓ 切换到新版本",
    ]
    again = run("numbers", "rollback", "1")
    assert (again.exit_code, "版本 1 正在使用 (内容没有改变)" in again.stdout) == (0, True)


def test_what_would_be_refused_ends_the_plan_with_one(city: Path) -> None:
    """And so does the apply, with the same reasons; what is in force stays."""
    value("numbers", "apply")
    path = city / "numbers.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(row for row in rows if MAYOR not in row), encoding="utf-8")
    faults = value("numbers", "plan", status=1)["faults"]
    assert any(MAYOR in fault["message"] for fault in faults)
    assert value("numbers", "apply", status=1)["faults"] == faults
    answer = run("numbers", "plan")
    assert (answer.exit_code, "应用会被拒绝" in answer.stderr) == (1, True)
    assert [item["is_in_force"] for item in value("numbers", "history")] == [True]


def test_another_apply_under_way_is_named(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who it is, and since when."""
    monkeypatch.setattr("config.apply.WAIT_S", 0.1)
    lock = Settings().home / "city" / "lock"
    with one_apply(lock, "wang", 0):
        answer = run("numbers", "apply")
        told = value("numbers", "apply", status=1)["error"]
    assert answer.exit_code == 1
    assert "另一次应用或回退正在进行 (wang" in answer.stderr
    assert (told["id"], told["details"]["who"]) == ("apply-busy", "wang")
    assert told["message"] in answer.stderr


def test_a_sheet_is_imported_or_looked_at(city: Path, tmp_path: Path) -> None:
    """``--dry-run`` writes nothing; ``--replace-part`` keeps the numbers that the sheet lacks."""
    sheet = tmp_path / "补充.csv"
    sheet.write_text(
        f"部门,电话名称,电话号码,归并方式\n市政府办公室,市长热线,{MAYOR},双号并行\n", "gbk"
    )
    before = (city / "numbers.csv").read_bytes()
    looked = value("numbers", "import", str(sheet), "--replace-part", "--dry-run")
    assert (looked["is_written"], len(looked["rows"])) == (False, 36)
    assert (city / "numbers.csv").read_bytes() == before
    answer = run("numbers", "import", str(sheet), "--replace-part", COLUMNS="200")
    for words in (
        "表中没有的34个号码保持不变",
        "导入后的号码表共 36 行",
        "与原来的号码表相比",
        "已写入工作副本",
    ):
        assert words in answer.stdout
    assert value("numbers", "check")["modes"]["双号并行"] == 11
    assert "应用会被拒绝" not in answer.stderr  # nothing is in force yet
    again = run("numbers", "import", str(sheet), "--replace-part").stdout
    assert "与原来的号码表没有区别" in again


def test_a_sheet_with_faults_is_refused_cell_by_cell(city: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "清单.csv"
    sheet.write_text("部门,电话名称,电话号码,归并方式\n公安局,报警,110,整体并入\n", "utf-8")
    before = (city / "numbers.csv").read_bytes()
    [fault] = value("numbers", "import", str(sheet), status=1)["faults"]
    assert (fault["file"], fault["row"], fault["column"]) == ("清单.csv", 2, "电话号码")
    answer = run("numbers", "import", str(sheet))
    assert (answer.exit_code, "什么都没有写入" in answer.stderr) == (1, True)
    assert "清单.csv 第2行「电话号码」列：110是紧急电话" in answer.stderr
    assert (city / "numbers.csv").read_bytes() == before


def test_numbers_of_several_centres_are_listed_with_their_centre() -> None:
    """Qinghai's province and its cities; one of them alone by ``--centre``."""
    everyone = value("numbers", "list", "--profile", "qinghai")
    assert {line["centre"] for line in everyone} >= {"qinghai", "xining"}
    one = value("numbers", "list", "--profile", "qinghai", "--centre", "xining")
    assert {line["centre"] for line in one} == {"xining"}
    told = run("numbers", "list", "--profile", "qinghai", COLUMNS="200").stdout
    for words in ("中心", "过渡期", "保留", "设分中心"):
        assert words in told


def test_an_explanation_says_what_is_heard_and_where_the_call_goes(city: Path) -> None:
    """For a caller, at a time; a number with seats of its own is put through and comes back."""
    value("numbers", "apply")
    words = ("numbers", "explain", "12333", "--profile", "qinghai", "--via", "qinghai")
    night = value(*words, "--at", "2026-10-01T03:00", "--from", "13847652301")
    assert (night["from"], night["at"], night["revision"]) == (
        "*********01",
        "2026-10-01T03:00:00+08:00",
        0,
    )
    assert [step["do"] for step in night["steps"]] == ["say", "queue"]
    told = run(*words, "--at", "2026-06-15T09:00").stdout
    assert "2. 转接 renshe" in told
    assert "中心 qinghai, 2026-06-15 09:00, 按工作副本" in told
    in_force = value("numbers", "explain", MAYOR, "--in-force")
    assert (in_force["revision"], in_force["line"]["number"]) == (1, MAYOR)


def test_a_terminal_gets_bars_and_steps(capsys: pytest.CaptureFixture[str]) -> None:
    """The bars are gone at the end; what was done stays."""
    console = Console(force_terminal=True, width=60)
    with Watcher(console) as watcher:
        for done in (1, 2, 3):
            watcher.tell("合成提示音", done, 3)
        watcher.tell("应用完成", 1, 1)
    assert "应用完成" in capsys.readouterr().out
    plain = Console(force_terminal=False, width=60)
    with Watcher(plain) as watcher:
        for done in range(1, 12):
            watcher.tell("合成提示音", done, 11)
    assert capsys.readouterr().out.splitlines() == ["合成提示音 10/11", "合成提示音 11/11"]


def test_json_stays_one_value_while_progress_is_shown(city: Path) -> None:
    answer = run("numbers", "apply", "--json")
    assert json.loads(answer.stdout)["number"] == 1
    assert "应用完成" in answer.stderr
