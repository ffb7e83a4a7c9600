"""What the ledger's bench measures with: a table that is right, and a log that is read rightly."""

from datetime import date
from pathlib import Path
from typing import Any

from bench.manylines import another_destination, number, write_city
from bench.numbers import FEW, MANY, Site, figures_of, new_lines, routed
from config.files import city_files, parse_platform
from config.ledger import LineState, Mode, Seating

DAY = date(2026, 11, 22)


def start(call: str, at: float) -> str:
    return f'{{"eventtype":"CHAN_START","eventtime":"{at:.6f}","uniqueid":"{call}"}}'


def answer(call: str, at: float) -> str:
    return f'{{"eventtype":"ANSWER","eventtime":"{at:.6f}","uniqueid":"{call}"}}'


def site(name: str, lines: int, **changes: Any) -> Site:
    return Site(name, lines, ("127.0.0.1", 5060), Path("/nowhere"), **changes)


def test_the_generated_table_is_right_and_like_a_city(tmp_path: Path) -> None:
    """Every mode, every state, half with seats of their own; no number begins another."""
    home = parse_platform(city_files(write_city(tmp_path / "city", 300, DAY))).home
    assert len(home.lines) == 300
    assert sum(line.seating is Seating.KEPT for line in home.lines) == 150
    assert {line.mode for line in home.lines} == {
        Mode.WHOLE,
        Mode.DUAL,
        Mode.SUB_CENTRE,
        Mode.KEPT_CENTRE,
        Mode.FORWARDED,
    }
    assert {line.state(DAY) for line in home.lines} == set(LineState)
    assert len({line.number for line in home.lines}) == 300


def test_the_smallest_change_is_one_line(tmp_path: Path) -> None:
    folder = write_city(tmp_path / "city", 20, DAY)
    before = parse_platform(city_files(folder)).home
    another_destination(folder, 0, 7_654_321)
    after = parse_platform(city_files(folder)).home
    differing = [line for line in after.lines if line != before.line(line.number)]
    assert [(line.number, line.destination) for line in differing] == [(number(0), "7654321")]


def test_each_call_is_weighed_from_its_start_to_its_answer() -> None:
    """Calls that overlap are told apart; one that was not answered has no time."""
    lines = [
        start("a", 1),
        start("b", 1.001),
        answer("b", 1.004),
        answer("a", 1.002),
        start("c", 2),
    ]
    assert [round(took, 3) for took in routed(lines)] == [3.0, 2.0]


def test_a_log_is_read_on_from_where_it_was_left(tmp_path: Path) -> None:
    log = tmp_path / "cel.jsonl"
    log.write_text("1\n2\n", encoding="utf-8")
    one = Site("ours", FEW, ("127.0.0.1", 5060), log)
    assert new_lines(one) == ["1", "2"]
    with log.open("a", encoding="utf-8") as file:
        file.write("3\n")
    assert new_lines(one) == ["3"]


def test_ours_stands_beside_the_peer() -> None:
    """The median of each, and how many lines change it by."""
    sites = [
        site("ours", FEW, routed_ms=[1.0, 1.0, 9.0], answer_ms=[20.0]),
        site("ours", MANY, routed_ms=[1.1, 1.1, 0.1], answer_ms=[21.0]),
        site("astdb", FEW, routed_ms=[0.5], answer_ms=[20.0]),
        site("astdb", MANY, routed_ms=[0.6], answer_ms=[20.0]),
    ]
    figures = figures_of([1.234, 1.3], [3.0], sites)
    assert figures["check_plan_s"] == [1.23, 1.3]
    assert (figures["ours"]["ratio"], figures["astdb"]["ratio"]) == (1.1, 1.2)
    assert figures["ours"]["invite_to_200_ms_at_10000"] == 21.0
