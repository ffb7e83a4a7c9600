"""The command line's promise: exit status 0, 1 or 2, and with ``--json`` one value and no more."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from bench.wavetools import tone, write_wav
from cti.cli.main import app

SERVING = {"up", "serve", "work", "follow"}
"""These run until they are stopped and answer nothing."""
PASSWORD = {"HOTLINE_PASSWORD": "long-enough-9"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which nothing was ever started."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*words: str, **env: str) -> Result:
    """Type a command."""
    return CliRunner().invoke(app, list(words), env=env, catch_exceptions=False)


def value(*words: str, status: int = 0) -> Any:
    """What a command prints with ``--json``; anything else on standard output fails."""
    answer = run(*words, "--json", **PASSWORD)
    assert answer.exit_code == status, answer.stderr
    return json.loads(answer.stdout)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command with the words that lead to it."""
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, (*path, name))
    if not hasattr(group, "commands"):
        yield path, group


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_command_takes_a_profile_answers_json_and_explains_itself(
    path: tuple[str, ...],
) -> None:
    command = ALL[path]
    options = {option for param in command.params for option in param.opts}
    assert "--profile" in options
    assert ("--json" in options) == (path[0] not in SERVING)
    assert run(*path, "--help").exit_code == 0
    assert command.help, "a Chinese line in the list of commands"
    unexplained = [param.name for param in command.params if not getattr(param, "help", None)]
    assert unexplained == []


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("numbers", "nonsense"),
        ("calls", "show"),
        ("calls", "list", "--limit", "0"),
        ("numbers", "explain", "市长热线"),
        ("numbers", "explain", "8337772", "--at", "tomorrow"),
        ("numbers", "explain", "8337772", "--from", "caller"),
        ("numbers", "explain", "8337772", "--in-force", "--revision", "3"),
        ("numbers", "import", "/no/such/table.csv"),
        ("numbers", "rollback", "first"),
        ("numbers", "rollback", "0"),
        ("users", "add", "anna", "--role", "king"),
        ("draft", "/no/such/file.wav"),
        ("up", "--workers", "0"),
    ],
    ids=" ".join,
)
def test_misuse_is_two(home: Path, words: tuple[str, ...]) -> None:
    """A wrong word, option or value: said on standard error, nothing on standard output."""
    answer = run(*words, **PASSWORD)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr


def test_a_wrong_setting_is_misuse_and_all_of_them_are_named(home: Path) -> None:
    answer = run("numbers", "list", HOTLINE_SIP_PORT="many", HOTLINE_HTTP_PORT="0")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "HOTLINE_SIP_PORT" in answer.stderr
    assert "HOTLINE_HTTP_PORT" in answer.stderr


def test_what_is_asked_is_answered_with_one_value(home: Path) -> None:
    """On an installation where no call has come yet."""
    assert value("calls", "list") == []
    assert value("orders", "list") == []
    assert value("users", "list") == []
    assert value("numbers", "check")["numbers"] == len(value("numbers", "list"))
    assert {"id", "text"} <= set(value("prompts", "list")[0])
    assert {one["name"] for one in value("models")} >= {"whisper", "vosk"}


def test_logs_never_mix_with_the_answer(home: Path) -> None:
    """Reconciling is logged; the real program's standard output is one value nevertheless."""
    words = [sys.executable, "-m", "cti.cli.main", "reconcile", "--json"]
    for _ in range(2):
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
        assert set(json.loads(done.stdout).values()) == {0}


def test_the_doctor_answers_json_whether_or_not_all_is_well(home: Path) -> None:
    findings = json.loads((answer := run("doctor", "--json")).stdout)
    assert answer.exit_code == int(not all(finding["ok"] for finding in findings))
    broken = json.loads((answer := run("doctor", "--json", "--profile", "nowhere")).stdout)
    assert answer.exit_code == 1
    assert "profile-fault" in {finding["id"] for finding in broken if not finding["ok"]}


def test_a_number_is_explained(home: Path) -> None:
    """What is heard, where the call goes and why; for a number nobody knows, too."""
    known = value("numbers", "explain", "04768337772", "--from", "13900001111")
    assert known["line"]["number"] == "8337772"
    assert (known["line"]["mode"], known["line"]["state"]) == ("whole", "transition")
    assert [step["do"] for step in known["steps"]] == ["say", "queue"]
    assert "12345热线" in known["steps"][0]["text"]
    assert len(known["why"]) == len(known["steps"])
    assert "13900001111" not in json.dumps(known)
    unknown = value("numbers", "explain", "99999", "--at", "2026-10-01T03:00")
    assert (unknown["line"]["number"], unknown["line"]["state"]) == ("12345", "unknown")
    for written in ("8337772", "０４７６－８３３ ７７７２", "(0476) 833-7772"):
        assert "8337772 市政府办公室 市长热线" in run("numbers", "explain", written).stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("calls", "show", "node1-1.1"), "没有通话 node1-1.1"),
        (("orders", "show", "20261122-x"), "没有工单或通话 20261122-x"),
        (("users", "passwd", "nobody"), "没有用户 nobody"),
        (("users", "block", "nobody"), "没有用户 nobody"),
        (("users", "unblock", "[nobody]"), "没有用户 [nobody]"),
        (("token", "withdraw", "nothing"), "没有名称为 nothing 的令牌"),
        (("numbers", "list", "--profile", "nowhere"), "没有这个城市的配置目录"),
        (("numbers", "list", "--centre", "nowhere"), "平台上没有中心 nowhere"),
        (("numbers", "explain", "12345", "--in-force"), "还没有应用过任何版本"),
        (("numbers", "rollback", "7"), "没有版本 7"),
        (("users", "add", "a", "--role", "agent", "--profile", "nowhere"), "没有这个城市的"),
        (("token", "create", "a", "--role", "system", "--profile", "nowhere"), "没有这个城市的"),
        (("demo", "--profile", "nowhere"), "没有这个城市的配置目录"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_what_is_not_there_is_refused(home: Path, words: tuple[str, ...], told: str) -> None:
    """Exit status 1 and a Chinese reason; no traceback, nothing on standard output."""
    answer = run(*words, **PASSWORD)
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert told in answer.stderr


def test_a_fault_of_the_profile_is_json_when_json_was_asked(home: Path) -> None:
    [fault] = value("numbers", "check", "--profile", "nowhere", status=1)["faults"]
    assert set(fault) == {"file", "row", "column", "message", "instead", "cell"}
    assert "chifeng" in fault["instead"]


def test_people_and_programs_are_let_in_once(home: Path) -> None:
    """The second of the same name is refused; a password and a token's secret are never listed."""
    assert value("users", "add", "anna", "--role", "agent") == {"user": "anna"}
    assert run("users", "add", "anna", "--role", "agent", **PASSWORD).exit_code == 1
    assert run("users", "passwd", "anna", **PASSWORD).exit_code == 0
    [anna] = value("users", "list")
    assert (anna["user"], anna["role"], anna["is_active"]) == ("anna", "agent", True)
    assert value("token", "create", "bi", "--role", "system")["token"]
    assert run("token", "create", "bi", "--role", "system").exit_code == 1


def test_people_and_programs_belong_to_a_centre_of_the_platform(home: Path) -> None:
    """The home one unless another is named; none that there is not."""
    there = ("--profile", "qinghai")
    value("users", "add", "anna", "--role", "agent", *there)
    value("users", "add", "bo", "--role", "agent", "--centre", "xining", *there)
    assert [(u["user"], u["centre"]) for u in value("users", "list", *there)] == [
        ("anna", "qinghai"),
        ("bo", "xining"),
    ]
    value("token", "create", "bi", "--role", "system", "--centre", "xining", *there)
    assert value("token", "list", *there)[0]["centre"] == "xining"
    answer = run("users", "add", "cy", "--role", "agent", "--centre", "nowhere", *there, **PASSWORD)
    assert (answer.exit_code, "没有中心 nowhere" in answer.stderr) == (1, True)


def test_a_blocked_person_is_listed_as_kept_out_until_let_in_again(home: Path) -> None:
    value("users", "add", "anna", "--role", "agent")
    assert value("users", "block", "anna") == {"user": "anna", "is_active": False}
    assert value("users", "list")[0]["is_active"] is False
    assert value("users", "unblock", "anna") == {"user": "anna", "is_active": True}
    assert value("users", "list")[0]["is_active"] is True


def test_a_token_is_listed_without_its_secret_until_withdrawn(home: Path) -> None:
    """Its name can then be given to another."""
    secret = value("token", "create", "bi", "--role", "system")["token"]
    [listed] = value("token", "list")
    assert (listed["name"], listed["centre"], listed["role"]) == ("bi", "chifeng", "system")
    assert secret not in json.dumps(listed)
    assert "bi" in run("token", "list").stdout
    assert value("token", "withdraw", "bi") == {"name": "bi"}
    assert value("token", "list") == []
    assert value("token", "create", "bi", "--role", "system")["token"] != secret


@pytest.mark.parametrize("words", [("add", "anna", "--role", "agent"), ("passwd", "anna")])
def test_a_short_password_is_misuse(home: Path, words: tuple[str, ...]) -> None:
    answer = run("users", *words, HOTLINE_PASSWORD="seven77")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "至少 8 位" in answer.stderr
    assert value("users", "list") == []


def test_a_database_that_is_away_is_said_in_a_line(home: Path) -> None:
    home.mkdir()
    (home / "hotline.db").mkdir()
    for words in (("calls", "list"), ("users", "list"), ("reconcile",)):
        answer = run(*words)
        assert (answer.exit_code, answer.stdout) == (1, "")
        assert "数据库不可用" in answer.stderr
        assert len(answer.stderr.splitlines()) == 1


def test_what_is_no_recording_is_refused(home: Path, tmp_path: Path) -> None:
    letter = tmp_path / "letter.wav"
    letter.write_text("你好")
    for command in ("draft", "transcribe"):
        answer = run(command, str(letter))
        assert (answer.exit_code, answer.stdout) == (1, "")
        assert "不是可以读取的录音" in answer.stderr


def test_a_demo_without_a_running_system_is_refused(
    home: Path, tmp_path: Path, unused_tcp_port: int
) -> None:
    answer = run("demo", "--json", HOTLINE_HTTP_PORT=str(unused_tcp_port))
    assert (answer.exit_code, answer.stdout) == (1, "")
    assert "演示通话没有完成" in answer.stderr


@pytest.mark.speech
def test_a_recording_becomes_a_draft_without_any_call(home: Path, tmp_path: Path) -> None:
    """Its line, caller and time are as told; nothing is written anywhere."""
    spoken = tmp_path / "spoken.wav"
    said = "您好，我要投诉，红山区从昨天晚上开始停水。"
    assert run("prompts", "say", said, "--to", str(spoken), "--voice", "zm_yunxi").exit_code == 0
    options = ("--dialled", "8337772", "--from", "13900001111", "--at", "2026-10-01T03:00")
    draft = value("draft", str(spoken), *options)
    assert draft["dialled"]["name"] == "市长热线"
    assert draft["caller"]["number"] == "13900001111"
    assert draft["received_at"].startswith("2026-10-01T03:00:00+08:00")
    assert draft["demand_type"] == "complaint"
    assert draft["place"]["region"] == "红山区"
    told = run("draft", str(spoken), *options, "--explain")
    assert "13900001111" not in told.stdout
    assert "依据" in told.stdout
    assert not (home / "hotline.db").exists()
    [one, two] = value("transcribe", str(spoken), str(spoken))
    assert "停水" in one["text"]
    assert one == two


@pytest.mark.speech
def test_without_speech_there_is_a_draft_that_says_so(home: Path, tmp_path: Path) -> None:
    hum = write_wav(tmp_path / "hum.wav", tone(440, 2.0))
    draft = value("draft", str(hum))
    assert draft["demand_type"] is None
    assert draft["dialled"]["number"] == "12345"


def test_long_chinese_lines_stay_whole_in_a_file(home: Path) -> None:
    """What is piped into a file or a search is one line a sentence, however long."""
    told = run("numbers", "explain", "8337772", COLUMNS="40").stdout.splitlines()
    assert told[2].startswith("1. 播报「")
    assert told[2].endswith("」")


def test_prompts_are_counted_in_plain_lines_where_no_bar_can_be_drawn() -> None:
    """A file gets a line every ten prompts and at the end, not a bar's control characters."""
    from cti.prompting import PLAIN_EVERY, told_plainly

    lines: list[str] = []
    for done in range(1, 24):
        told_plainly(lines.append, done, 23)
    assert lines == ["合成提示音 10/23", "合成提示音 20/23", "合成提示音 23/23"]
    assert PLAIN_EVERY == 10
