"""Every line of the shipped cities, really dialled: in its transition, after it, and at night.

All calls are placed once for all tests here; each test compares what they left behind with what
``explain`` says of that number, that caller, that trunk and that second.
"""

import asyncio
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from statistics import mean

import numpy as np
import pytest

from bench.wavetools import RATE, Samples
from config.ledger import LineState, Mode
from config.settings import Settings
from config.workdays import CHINA
from ivr.understood import Said, said, understood
from records.cel import CelEvent
from records.engine.protocol import Engine
from records.engine.registry import load as load_engine
from records.transcribe import Heard, listen
from tests.system.dialledcities import CITIES, DialledCity, dial_all, sample, text_of
from tests.system.fingerprints import MOSTLY, SURE, USUALLY, Found, alike, find, pieces_found
from tests.system.itinerary import Call
from tests.system.neighbours import TALKS_S
from tests.system.promises import CALLER, HERE, THEIR_VOICE, THERE, Promise
from tests.system.rounds import Story

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.speech, pytest.mark.timeout(400)]

LATE_S = 3.5
"""How long after one sound's end the next may begin: a talk with the peer is between them."""
AT_ONCE_S = 0.3
"""By then the first of them has begun."""
ALIKE = 0.9
PROMISED = ("rev", "centre", "line", "route", "dnis", "ani", "peer", "status")
NUMBERS_RIGHT = 0.95

Cities = Mapping[str, DialledCity]


@pytest.fixture(
    scope="module",
    params=[False, pytest.param(True, marks=[pytest.mark.soak, pytest.mark.timeout(3600)])],
    ids=["as-cached", "all-real"],
)
def cities(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cities]:
    """Everybody has called. The short folder: Asterisk's socket lies in it."""
    folder = tmp_path_factory.mktemp("el")
    today = datetime.now(UTC).astimezone(CHINA).date()
    yield asyncio.run(dial_all(folder, today, is_all_real=request.param))
    shutil.rmtree(folder)


@pytest.fixture(params=CITIES)
def city(request: pytest.FixtureRequest, cities: Cities) -> DialledCity:
    return cities[request.param]


def heard_in_order(
    city: DialledCity, story: Story, promise: Promise
) -> Iterator[tuple[str, Samples, Found]]:
    """Every sound that the caller is to hear, and how it was heard, each after the one before."""
    heard, until_s = story.heard, AT_ONCE_S
    from_s = 0.0
    for name in promise.sounds:
        sound = story.guests[0].said if name == THEIR_VOICE else city.sounds[name]
        found = find(sound, heard, from_s, until_s)
        yield name, sound, found
        from_s = found.begins_s + len(sound) / RATE
        until_s = from_s + LATE_S


def written(mark: CelEvent) -> str:
    """A mark as it stands in the log, as far as a promise speaks of it."""
    facts = [f"{name}={mark.extra[name]}" for name in PROMISED if name in mark.extra]
    return " ".join([mark.type, *facts])


def who_ended(story: Story) -> str:
    for begins, who in (("PJSIP/trunk-", CALLER), ("PJSIP/peer-", THERE), ("dialplan/", HERE)):
        if story.ended_by.startswith(begins):
            return who
    return story.ended_by


def test_every_line_is_called_in_every_state_of_its_life_and_at_night(city: DialledCity) -> None:
    """Whoever adds a line to a profile has it called here. A line that rings elsewhere is called
    when somebody answers there, and when nobody does.
    """
    told = list(zip(city.stories, city.plans, strict=True))
    called = {(s.wanted.trunk, p.line.number, p.state) for s, p in told if p.is_known}
    by_night = {
        (s.wanted.trunk, p.line.number) for s, p in told if s.at.astimezone(CHINA).hour == 3
    }
    for profile in city.platform:
        for line in profile.lines:
            after = LineState.CANCELLED if line.mode is Mode.WHOLE else LineState.KEPT
            wanted = {LineState.TRANSITION} | ({after} if line.ends else set())
            assert {(profile.centre, line.number, state) for state in wanted} <= called
            assert (profile.centre, line.number) in by_night
    rung = [
        {
            (p.centre, p.line.number, p.state)
            for s, p in told
            if p.route == "dial" and s.wanted.is_answered is is_answered
        }
        for is_answered in (True, False)
    ]
    assert rung[0] == rung[1]


def test_callers_hear_what_is_explained(city: DialledCity) -> None:
    """Each sound whole, off the wire, in the order of the plan's steps, the first at once."""
    wrong = [
        (story.wanted, name, found)
        for story, promise in city.each()
        for name, _, found in heard_in_order(city, story, promise)
        if found.r < SURE
    ]
    assert wrong == []


def test_no_sound_can_be_taken_for_another(city: DialledCity) -> None:
    """So what was recognised is what was said."""
    assert alike(city.sounds, ALIKE) == []


def test_calls_go_where_it_is_explained(city: DialledCity) -> None:
    """The marks of the way in the log, whom it rang elsewhere, and who ended it."""
    wrong = [
        (story.wanted, found, promise)
        for story, promise in city.each()
        if (
            found := Promise(
                promise.sounds,
                tuple(dict.fromkeys(map(written, story.marks))),
                tuple((guest.peer, guest.number) for guest in story.guests),
                who_ended(story),
            )
        )
        != promise
    ]
    assert wrong == []


def test_seats_elsewhere_know_the_caller_and_hear_what_is_said(city: DialledCity) -> None:
    guests = [(story, guest) for story in city.stories for guest in story.guests]
    assert [guest.ani for _, guest in guests] == [story.wanted.ani for story, _ in guests]
    wrong = [
        (story.wanted, found)
        for story, guest in guests
        if guest.voice is not None
        and (found := find(story.said, guest.voice.heard, 0.0, TALKS_S)).r < SURE
    ]
    assert wrong == []


def test_what_callers_say_and_hear_is_recorded(city: DialledCity) -> None:
    """In the call's own two files, each in its place."""
    kept: list[tuple[float, Call, str]] = []
    for story, promise in city.each():
        likeness = pieces_found(story.said, story.recorded_said, story.said_at_s)
        kept.append((likeness, story.wanted, "said"))
        recorded = story.recorded_heard
        for name, sound, found in heard_in_order(city, story, promise):
            likeness = pieces_found(sound, recorded, found.begins_s)
            kept.append((likeness, story.wanted, name))
    assert [one for one in kept if one[0] < MOSTLY] == []
    assert mean(likeness for likeness, _, _ in kept) > USUALLY


def test_callers_numbers_stand_in_no_log(city: DialledCity) -> None:
    """They are in Asterisk's call log and nowhere else; and nothing was complained of."""
    assert city.leaks == []
    assert city.complaints == []


def test_callers_understand_what_they_hear(request: pytest.FixtureRequest, cities: Cities) -> None:
    """Written down from what came over the wire: every name right, and numbers 95 in 100.

    Of every distinct prompt once in `make soak`, of some of each city in `make test`.
    """
    is_all = "all-real" in request.node.name
    engine = load_engine(Settings(), threads=2)
    names, numbers, wrong = [], 0, []
    for city in cities.values():
        first = {p.prompt: s for s, p in zip(city.stories, city.plans, strict=True) if p.prompt}
        chosen = set(first) if is_all else {found.id for found in sample(city.platform)}
        assert first.keys() & chosen <= city.real
        for name in first.keys() & chosen:
            meant, heard = transcribed(city, first[name], name, engine)
            judged = understood(heard, meant.name, meant.numbers)
            numbers += len(meant.numbers)
            wrong += [(name, number, heard) for number in judged.wrong_numbers]
            names += [] if judged.is_name_right else [(name, meant.name, heard)]
    assert names == []
    assert numbers > 0
    assert numbers - len(wrong) >= NUMBERS_RIGHT * numbers, wrong


def transcribed(city: DialledCity, story: Story, name: str, engine: Engine) -> tuple[Said, str]:
    """What a prompt says, and what an engine makes of what the caller heard of it."""
    found = text_of(city.platform, name)
    [speaker] = (p for p in city.platform if p.centre == name.partition("-")[0])
    meant = said(speaker, found)
    heard = story.heard[: len(city.sounds[name])]
    pcm = np.round(heard * 32767).astype(np.int16)
    told = listen([Heard("caller", pcm)], engine, meant.own_words)
    return meant, "".join(piece.text for piece in told.segments)
