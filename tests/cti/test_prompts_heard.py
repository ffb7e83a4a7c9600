"""Every shipped prompt, listened to at telephone quality: names all right, numbers 95 in 100.

What was heard of each is kept in ``docs/heard`` under its file's name, which changes with its
words, its voice and its pace: a prompt that changed is not in there and is listened to here.
``hotline prompts check --report docs/heard/<profile>.csv --profile <profile>`` writes the table.
"""

import csv
from collections.abc import Iterable

import pytest

from config.files import load_platform
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from cti.prompting import make_prompts
from cti.prooflistening import Proof, figures, prove, telephone_sound, to_prove
from ivr.digits import grouped
from ivr.linetext import LONGEST_LINE_S, full_name
from ivr.prompts import build, prompt_file
from ivr.text import EMERGENCY_NUMBERS, PromptText, dial_id, standing_prompts
from ivr.understood import understood
from records.engine.protocol import Engine
from records.engine.registry import load
from records.transcribe import listen

pytestmark = pytest.mark.speech

PROFILES = sorted(path.name for path in (CHECKOUT / "config" / "profiles").glob("*/"))
NUMBERS_RIGHT = 0.95
SAMPLE = 1
"""Prompts of each further profile that are made and listened to in every run."""

Pair = tuple[Profile, PromptText]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    models = Settings().cache / "models"
    if not (models / "kokoro" / "kokoro.onnx").is_file():
        pytest.fail("the speech models are not installed: make install")
    cache = tmp_path_factory.mktemp("cache")
    (cache / "models").symlink_to(models)
    return Settings(home=tmp_path_factory.mktemp("home"), cache=cache)


@pytest.fixture(scope="module")
def ears(settings: Settings) -> Engine:
    return load(settings, threads=2)


def shipped() -> dict[str, list[Pair]]:
    """Every prompt of every profile in which a name or a number must come through."""
    return {name: to_prove(load_platform(Settings(profile=name))) for name in PROFILES}


def kept(profile: str) -> dict[str, dict[str, str]]:
    """What was heard, by file name."""
    file = CHECKOUT / "docs" / "heard" / f"{profile}.csv"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    rows = csv.DictReader(line for line in lines if not line.startswith("#"))
    return {row["文件"]: row for row in rows}


def heard(ears: Engine, settings: Settings, pairs: Iterable[Pair]) -> list[Proof]:
    """Make them with an empty cache and listen."""
    chosen = list(pairs)
    build(settings, [prompt for _, prompt in chosen])
    return [prove(ears, settings, profile, prompt) for profile, prompt in chosen]


def must_hold(proofs: list[Proof]) -> None:
    counted = figures(proofs)
    wrong = [(p.prompt.id, p.prompt.text, p.heard) for p in proofs if not p.is_right]
    assert counted.names_right == counted.names, wrong
    assert counted.numbers_right >= NUMBERS_RIGHT * counted.numbers, wrong
    assert counted.longest_s <= LONGEST_LINE_S, wrong


def test_of_every_shipped_prompt_it_is_known_what_comes_through(
    ears: Engine, settings: Settings
) -> None:
    names: list[bool] = []
    numbers: list[bool] = []
    changed: list[Pair] = []
    for profile, pairs in shipped().items():
        rows = kept(profile)
        for pair in pairs:
            row = rows.get(pair[1].name)
            if row is None:
                changed.append(pair)
                continue
            assert float(row["秒"]) <= LONGEST_LINE_S
            names += [row["名称"] == "对"] * bool(row["名称"])
            numbers += [number.endswith("对") for number in row["号码"].split()]
    proofs = heard(ears, settings, changed)
    must_hold([proof for proof in proofs if proof.said.name])
    names += [proof.understood.is_name_right for proof in proofs if proof.said.name]
    for proof in proofs:
        numbers += [number not in proof.understood.wrong_numbers for number in proof.said.numbers]
    assert len(names) > 150
    assert all(names)
    assert sum(numbers) >= NUMBERS_RIGHT * len(numbers)


@pytest.mark.timeout(900)
def test_each_line_of_chifeng_comes_through_and_some_of_every_other_city(
    ears: Engine, settings: Settings
) -> None:
    """Made anew and heard anew: one state of each line, the last it comes to."""
    every = shipped()
    lasts = {pair[1].id.rpartition("-")[0]: pair for pair in every.pop("chifeng")}
    sample = [
        pair for pairs in every.values() for pair in pairs[:: max(1, len(pairs) // SAMPLE)][:SAMPLE]
    ]
    assert len(lasts) >= 35
    must_hold(heard(ears, settings, [*lasts.values(), *sample]))


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_every_shipped_prompt_comes_through(ears: Engine, settings: Settings) -> None:
    """Made anew and heard anew, all of them."""
    must_hold(heard(ears, settings, (pair for pairs in shipped().values() for pair in pairs)))


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_an_engine_does_not_hear_a_number_because_it_is_told_to(
    ears: Engine, settings: Settings
) -> None:
    """Told to expect a number with another digit, it must not hear that: nine times of ten."""
    farewells = [
        (profile, prompt, profile.line(prompt.id.split("-")[1]))
        for profile, prompt in shipped()["chifeng"]
        if prompt.id.endswith("-cancelled")
    ]
    platform = load_platform(Settings(profile="chifeng"))
    make_prompts(settings, platform, [prompt for _, prompt, _ in farewells])
    misled = []
    for at, (_, prompt, line) in enumerate(farewells):
        index = at % len(line.number)
        digit = (int(line.number[index]) + 1 + at % 8) % 10
        other = line.number[:index] + str(digit) + line.number[index + 1 :]
        words = [full_name(line), grouped(other), "12345热线"]
        found = listen([telephone_sound(prompt_file(settings, prompt))], ears, words)
        told = "".join(piece.text for piece in found.segments)
        if not understood(told, "", (other,)).wrong_numbers:
            misled.append((line.number, other, told))
    assert len(farewells) >= 20
    assert len(misled) <= len(farewells) / 10, misled


@pytest.mark.timeout(300)
def test_each_emergency_number_that_a_caller_is_to_dial_comes_through(
    ears: Engine, settings: Settings
) -> None:
    """Nobody has time to hear it twice."""
    home = load_platform(Settings(profile=PROFILES[0])).home
    said = {one.id: one for one in standing_prompts(home)}
    prompts = {number: said[dial_id(number)] for number in EMERGENCY_NUMBERS}
    build(settings, list(prompts.values()))
    wrong = []
    for number, prompt in prompts.items():
        sound = telephone_sound(prompt_file(settings, prompt))
        words = "".join(piece.text for piece in listen([sound], ears, [number]).segments)
        if not understood(words, "", (number,)).is_right:
            wrong.append((number, words))
    assert wrong == []
