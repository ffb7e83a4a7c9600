"""What people are shown of the ledger: the same words on a terminal and over HTTP."""

from datetime import date, datetime

from config.changes import compare
from config.faults import Fault
from config.ledgerview import (
    changes_shown,
    check_shown,
    faults_shown,
    ledger_line,
    line_shown,
    plan_shown,
)
from config.numberplan import explain
from config.workdays import CHINA
from tests.config.platforms import city, province

WORKDAY = datetime(2026, 6, 15, 9, 0, tzinfo=CHINA)


def test_a_line_is_shown_as_it_stands_on_a_day() -> None:
    """Dates, seats, peer and hours in the administrators' words."""
    [line] = [one for one in province().home.lines if one.number == "12333"]
    shown = ledger_line(line, WORKDAY.date())
    assert (shown.state, shown.seating, shown.peer, shown.destination, shown.hours) == (
        "transition",
        "kept",
        "renshe",
        "93612333",
        "工作日 08:30-12:00",
    )
    school = next(one for one in province().home.lines if one.number == "93617113")
    assert ledger_line(school, date(2026, 7, 1)).state == "cancelled"
    assert line_shown(school, "planned").model_dump() == {
        "number": "93617113",
        "name": "招生电话",
        "department": "教育厅",
        "mode": "whole",
        "state": "planned",
    }


def test_a_check_counts_every_centre_and_shows_every_fault() -> None:
    shown = check_shown(province().centres, ())
    assert (shown.is_right, shown.numbers, shown.rows) == (True, 8, 8)
    assert (shown.modes["整体并入"], shown.centres) == (2, ["sheng", "shi", "zhou"])
    fault = Fault("清单.xlsx", 3, "电话号码", "不是号码", "12333", "清单!D3")
    broken = check_shown((), [fault])
    assert (broken.is_right, broken.numbers, broken.faults) == (False, 0, faults_shown([fault]))
    assert broken.faults[0].cell == "清单!D3"


def test_a_change_is_shown_whole() -> None:
    """The sentence, and each of its parts for programs."""
    before = city()
    lines = tuple(
        line.model_copy(update={"ends": date(2026, 8, 31)}) if line.number == "8337772" else line
        for line in before.home.lines
    )
    after = before.model_copy(
        update={"centres": (before.home.model_copy(update={"lines": lines}),)}
    )
    changes = compare(before, after, WORKDAY)
    shown = changes_shown(changes)
    assert [one.text for one in shown] == [str(change) for change in changes]
    assert {(one.kind, one.what, one.since) for one in shown} >= {
        ("changed", "8337772", date(2026, 9, 1))
    }


def test_an_explanation_has_the_words_and_covers_the_caller() -> None:
    """Every sentence that is heard, the standing ones too; nobody's number is masked as ''."""
    platform = province()
    plan = explain(platform, "12366", ani="07921234567", at=WORKDAY)
    shown = plan_shown(platform, plan, ani="07921234567", at=WORKDAY)
    assert shown.ani == "*********67"
    assert shown.model_dump(by_alias=True)["from"] == "*********67"
    assert [(step.do, bool(step.text)) for step in shown.steps] == [
        ("say", True),
        ("dial", False),
        ("say", True),
        ("queue", False),
    ]
    assert (shown.steps[1].peer, shown.steps[1].number, shown.steps[1].ring_s) == (
        "shuiwu",
        "6612366",
        12,
    )
    unknown = plan_shown(platform, explain(platform, "99999", at=WORKDAY), ani="", at=WORKDAY)
    assert (unknown.line.state, unknown.ani, unknown.revision) == ("unknown", "", 7)
