"""``hotline nuisance``: the list on a terminal and for programs, numbers covered."""

from pathlib import Path

import pytest

from cti.cli.options import fit_paper
from tests.cli.test_commands import run, value

NUMBER, MASKED = "13900000011", "*********11"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def add(number: str = NUMBER, *more: str) -> tuple[str, ...]:
    return ("nuisance", "add", number, "--reason", "辱骂", "--days", "30", *more)


def test_a_number_is_listed_shown_covered_and_taken_off() -> None:
    """The row keeps who did it and why; what is over is listed when asked for."""
    made = value(*add())
    assert (made["number"], made["reason"], made["is_standing"]) == (MASKED, "辱骂", True)
    [shown] = value("nuisance", "list")
    assert (shown["id"], shown["number"], shown["blocked"]) == (made["id"], MASKED, 0)
    off = value("nuisance", "remove", str(made["id"]))
    assert (off["is_standing"], off["removed_by"]) == (False, made["added_by"])
    assert value("nuisance", "list") == []
    assert [one["id"] for one in value("nuisance", "list", "--all")] == [made["id"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (add("110"), "紧急电话和热线的号码不能列入"),
        (add(NUMBER, "--centre", "nowhere"), "没有中心 nowhere"),
        (("nuisance", "remove", "7"), "名单中没有 7 号"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], told: str) -> None:
    result = run(*words)
    assert (result.exit_code, told in result.stderr) == (1, True)


def test_a_number_is_listed_once() -> None:
    value(*add())
    result = run(*add())
    assert (result.exit_code, "已在名单中" in result.stderr) == (1, True)


def test_a_local_number_is_the_same_with_its_area_code() -> None:
    """Else whoever is taken off would still be refused by the other row."""
    value(*add("8337772"))
    result = run(*add("0476-8337772"))
    assert (result.exit_code, "已在名单中" in result.stderr) == (1, True)


def test_people_read_a_table() -> None:
    """With the reason and the end, and never a whole number."""
    fit_paper()
    run(*add())
    shown = run("nuisance", "list", "--all").stdout
    assert "辱骂" in shown
    assert MASKED in shown
    assert NUMBER not in shown
