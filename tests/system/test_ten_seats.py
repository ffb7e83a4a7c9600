"""Calls to ten seats that talk 2 s and write 0.5 s: nobody is lost or rung twice.

What the product says of them is held against what SIPp counted at both ends of the line.
"""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bench.sippload import Seats, Tally, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw
from cti.ids import SeatId
from records.callrecord import CallRecord
from tests.system.city import City, until
from tests.system.evidence import cel, offers_made
from tests.system.up import hotline

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.timeout(300)]

CALLS = 90, 300
"""In `make test`, and in `make soak`."""
RATE_PER_S = 3.0
SEATS = 10
TALK_S = 2.0
WRAP_UP_S = 0.5
PROMPT_S = 0.5
LONGEST_S = 60.0
"""Nobody stays longer: such a call shows as one that no seat hung up."""
NEAR_S = 0.25
"""How far the mean talk in the figures may be from what the phones were told, on a full machine."""


@pytest.mark.parametrize("calls", [CALLS[0], pytest.param(CALLS[1], marks=pytest.mark.soak)])
async def test_ten_seats_take_three_calls_a_second(folder: Path, calls: int) -> None:
    """Connection 100 %, one offer a call, one call a seat at a time, figures as SIPp counted."""
    prompt = chirp(PROMPT_S, seed=9)
    async with City(folder, seats=SEATS, wrap_up_s=WRAP_UP_S, prompt=prompt) as city:
        phones = city.phones(SEATS, talk_s=TALK_S)
        async with phones:
            await city.staff(SEATS)
            tally = await everybody_calls(city, folder, calls)
            await until(lambda: city.channels() == 0, 20, "every channel gone", every_s=0.5)
            await all_are_written_down(city, calls)
            free = ["available"] * SEATS
            await until(lambda: [*city.seat_states().values()] == free, 10, "every seat is free")
        records = await city.records()
        nobody_is_rung_twice(city, phones, records)
        figures_are_sipps(city, tally, records)
        assert city.complaints() == []


async def everybody_calls(city: City, folder: Path, calls: int) -> Tally:
    """Place the calls; each from a number of its own."""
    load = Traffic(
        number=city.number,
        rate=RATE_PER_S,
        count=calls,
        at_once=calls,
        stay_s=LONGEST_S,
        audio=write_alaw(folder / "caller.alaw", chirp(3.0, seed=2)),
        anis=invented_numbers(calls),
    )
    return await call_in(load, city.target, city.source(600), folder / "callers")


async def all_are_written_down(city: City, calls: int) -> None:
    """Every call's row says how it ended."""

    async def are_written() -> bool:
        records = await city.records()
        return len(records) == calls and all(record.ended_at for record in records)

    await until(are_written, 20, "every call in the database", every_s=0.5)


def nobody_is_rung_twice(city: City, phones: Seats, records: Sequence[CallRecord]) -> None:
    """One offer a call, and a seat's next begins after the wrap-up of the last: by Asterisk's own
    log, by the rows, and by the phones, which were never called more often or more at once.
    """
    assert Counter(offers_made(city).values()) == {1: len(records)}
    assert {event["accountcode"] for event in cel(city)} >= {record.call for record in records}
    placed, failed, most = phones.counted()
    assert (placed, failed) == (len(records), 0)
    assert most <= SEATS
    by_seat: dict[SeatId, list[CallRecord]] = {}
    for record in records:
        assert (len(record.offers), len(record.talks)) == (1, 1)
        assert record.offers[0].seat == record.talks[0].seat
        by_seat.setdefault(record.offers[0].seat, []).append(record)
    assert len(by_seat) == SEATS
    for taken in by_seat.values():
        taken.sort(key=lambda record: record.offers[0].at)
        for before, after in zip(taken, taken[1:], strict=False):
            ended = before.talks[0].until
            assert ended is not None
            assert (after.offers[0].at - ended).total_seconds() > WRAP_UP_S - 0.1


def figures_are_sipps(city: City, tally: Tally, records: Sequence[CallRecord]) -> None:
    """``hotline stats`` tells the calls that SIPp placed and that its seats ended, seat by seat."""
    assert (tally.placed, tally.done, tally.failed) == (len(records), len(records), 0)
    report = stats(city, "seat")
    whole = report["whole"]
    assert whole["offered"] == tally.placed
    assert whole["answered"] == tally.done
    assert whole["connection_share"] == 1.0
    assert whole["abandoned"] == whole["cut"] == whole["live"] == tally.failed
    assert whole["answered_within_15_s"] == tally.done
    assert abs(whole["talk_s"] - TALK_S) < NEAR_S
    seats = Counter(record.talks[0].seat for record in records)
    assert {row["row"]: row["offered"] for row in report["rows"]} == seats
    lines = stats(city, "line")["rows"]
    assert [(row["row"], row["answered"]) for row in lines] == [(city.number, tally.done)]


def stats(city: City, by: str) -> Any:
    """What the command prints for programs."""
    done = hotline(city.settings, "stats", "--by", by, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
