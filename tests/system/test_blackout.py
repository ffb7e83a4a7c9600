"""The brain dies, or freezes, for a minute in the middle of a busy day, and comes back."""

import asyncio
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import aiohttp
import pytest

from bench.phone import Softphone
from cti.ids import CallId, seat_id
from records.callrecord import Disposition
from tests.asterisk.world import time_of_day
from tests.system.city import City, until
from tests.system.people import AGENT_HZ, CALLER_HZ, Agent, Caller, People, hearing, people_of

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(300)]

SEATS = 10
AWAY_S = 60.0
RING_S = 30
"""So long that who is rung by Asterisk before the brain's return still is when that is seen."""
REACHED_WITHIN_S = 5.0
STARTED_WITHIN_S = 20.0
"""A new brain's program is read and its modules imported: the machine's work, not its own."""
REBUILT_WITHIN_S = 3.0
LONGEST_GAP_S = 0.2
"""Of a tone, at a phone beside 30 others on the same machine. A cut talk is silent for ever."""
LATE_SHARE = 0.05
"""Of a talk, single 20 ms frames that a busy machine's telephones lose or play late."""


@dataclass
class Blackout:
    """How the brain goes away and comes back."""

    city: City
    how: str
    went: float = 0.0
    went_at: float = 0.0
    came: float = 0.0
    came_at: float = 0.0

    async def begin(self) -> None:
        self.went, self.went_at = monotonic(), time_of_day()
        if self.how == "killed":
            await self.city.kill("brain")
        else:
            self.city.freeze("brain")

    async def until(self, seconds: float) -> None:
        """Wait until the brain has been away for that long."""
        await asyncio.sleep(max(0.0, self.went + seconds - monotonic()))

    def end(self) -> None:
        self.came, self.came_at = monotonic(), time_of_day()
        if self.how == "killed":
            self.city.start("brain")
        else:
            self.city.resume("brain")


@pytest.mark.parametrize("how", ["killed", "frozen"])
async def test_a_minute_without_the_brain_costs_nobody_the_call(
    folder: Path, phones: Softphone, how: str
) -> None:
    """Talks go on; who waits and who comes reaches a seat; nothing is lost, nothing is double.

    20 callers: 4 talk, 2 ring, 14 wait while 4 seats wrap up. Without the brain Asterisk rings
    those seats itself. At its return 8 talk, 2 are being rung by Asterisk, 6 wait.
    """
    async with (
        City(folder, seats=SEATS, wrap_up_s=20, ring_s=RING_S) as city,
        people_of(city, phones, SEATS) as people,
    ):
        await city.staff(SEATS)
        talking, ringing, waiting = await a_busy_moment(people)
        blackout = Blackout(city, how)
        await blackout.begin()
        reached_s = await who_waits_is_served(blackout, people, ringing, waiting)
        new, new_s = await a_new_caller_rings_at_once(people)
        held, rung, queued = await a_busy_end(blackout, people)
        await blackout.until(AWAY_S)
        assert [at for at in offers(city) if at > blackout.went_at + 0.5] == []
        blackout.end()
        rebuilt_s = await the_picture_is_right(city, blackout)
        await everybody_is_served(city, people, [*talking, *ringing, *held], rung, queued)

        gap_s = nobody_was_cut(people, [*talking, *ringing, *held])
        assert [ring for ring in people.rings if ring.is_second] == []
        fell_back = {caller.ani for caller in (*waiting, new, *held, *rung, *queued)}
        await every_call_is_recorded_once(city, people, fell_back)
        was_thrown_away = "picture thrown away" in city.logs()["brain.log"]
        assert was_thrown_away == (how == "frozen")
        sys.stdout.write(
            f"{how}: seats rang {reached_s} s after; new caller {new_s:.2f} s after its call;"
            f" picture rebuilt in {rebuilt_s:.2f} s; longest gap of a talk {gap_s:.2f} s\n"
        )


async def everybody_is_served(
    city: City, people: People, talking: list[Caller], rung: list[Caller], queued: list[Caller]
) -> None:
    """The brain is back: talks go on, rings are left alone, who waited comes in order; all go."""
    late = await people.call()
    await asyncio.sleep(2)
    for caller in talking:
        assert people.talks(caller), caller.ani
    await who_is_rung_is_left_alone(people, rung)
    await city.staff(SEATS)
    await who_waited_is_served_in_order(city, people, talking[0], [*queued, late])
    for caller in people.callers:
        await caller.phone.hangup()
    await until(lambda: city.channels() == 0, 10, "every channel gone")


async def a_busy_moment(people: People) -> tuple[list[Caller], list[Caller], list[Caller]]:
    """Talking, ringing, waiting callers; four seats wrap up."""
    talking = [await people.call() for _ in range(4)]
    await until(lambda: all(map(people.talks, talking)), 10, "four talk")
    idle = [agent for agent in people.agents if agent.now is None]
    for agent in idle:
        agent.talks_s = 0.5
    served = [await people.call() for _ in range(4)]
    await until(lambda: all(caller.phone.is_over for caller in served), 15, "four were served")
    idle = [agent for agent in idle if not agent.rings]
    for agent in idle:
        agent.answers_after_s = agent.talks_s = None
    ringing = [await people.call() for _ in range(2)]
    await until(lambda: all(map(people.agent_of, ringing)), 10, "two ring")
    waiting = [await people.call() for _ in range(14)]
    for caller in waiting:
        await caller.phone.connected(5)
    await asyncio.sleep(2.0)  # the line's sentence
    assert not any(map(people.agent_of, waiting)), "the brain lets agents wrap up"
    return talking, ringing, waiting


async def who_waits_is_served(
    blackout: Blackout, people: People, ringing: list[Caller], waiting: list[Caller]
) -> list[float]:
    """Who was being offered is answered; the seats that wrapped up ring for the longest waiting."""
    began = len(people.rings)
    free = [agent for agent in people.agents if agent.now is None]
    for agent in free:
        agent.talks_s = 2.0
    for caller in ringing:
        await blackout.until(1.0)
        offered = people.agent_of(caller)
        assert offered is not None
        await offered.answer()
        await until(lambda caller=caller: people.talks(caller), 2, "an offered caller talks")  # type: ignore[misc]
    await until(lambda: len(people.rings) >= began + len(free), 8, "free seats ring")
    first = people.rings[began : began + len(free)]
    reached_s = [round(ring.at - blackout.went, 2) for ring in first]
    # Who of them is first goes by the second in which each notices; later ones go by their place.
    assert {ring.ani for ring in first} <= {caller.ani for caller in waiting}
    assert max(reached_s) <= REACHED_WITHIN_S, reached_s
    await until(lambda: all(c.phone.is_over for c in waiting), 35, "all who waited were served")
    served = [ring.ani for ring in people.rings[began:]]
    assert sorted(served) == [caller.ani for caller in waiting], "each once"
    return reached_s


async def a_new_caller_rings_at_once(people: People) -> tuple[Caller, float]:
    """A seat is free: it rings when the line's sentence is over."""
    called = monotonic()
    caller = await people.call()
    await until(lambda: people.agent_of(caller) is not None, 5, "a new caller rings")
    took = monotonic() - called
    await caller.phone.ended(10)
    return caller, took


async def a_busy_end(
    blackout: Blackout, people: People
) -> tuple[list[Caller], list[Caller], list[Caller]]:
    """Two talk by Asterisk's own doing, two are being rung by it, six wait in its queue."""
    await blackout.until(AWAY_S - 15)
    for agent in people.agents:
        agent.talks_s = None
    held = [await people.call() for _ in range(2)]
    await until(lambda: all(map(people.talks, held)), 10, "two more talk")
    for agent in people.agents:
        agent.answers_after_s = None
    await blackout.until(AWAY_S - 8)
    rung = [await people.call() for _ in range(2)]
    await until(lambda: all(map(people.agent_of, rung)), 5, "two more ring")
    queued = []
    for _ in range(6):
        queued.append(await people.call())
        await queued[-1].phone.connected(5)  # so that Asterisk, too, has them in this order
    return held, rung, queued


async def the_picture_is_right(city: City, blackout: Blackout) -> float:
    """Ready, and every call and seat known as it is, soon after the brain's first answer.

    Returns how long it took from its return.
    """
    expected = {
        "hotline_ready": 1,
        "hotline_calls_talking": 8,
        "hotline_calls_waiting": 6,
        "hotline_calls_fallen_back": 2,
        "hotline_calls_offered": 0,
        "hotline_seats_talking": 8,
        "hotline_seats_available": 2,
    }
    seen: dict[str, float] = {}

    async def answers() -> bool:
        return bool(await figures(city))

    await until(answers, STARTED_WITHIN_S, "the brain answers")
    answered = monotonic()
    while monotonic() - answered < REBUILT_WITHIN_S:
        everything = await figures(city)
        seen = {name: everything[name] for name in expected if name in everything}
        if seen == expected:
            break
        await asyncio.sleep(0.02)
    took = monotonic() - blackout.came
    assert seen == expected
    return took


async def who_is_rung_is_left_alone(people: People, rung: list[Caller]) -> None:
    """Their phones have been ringing since before the brain's return; they answer now."""
    for caller in rung:
        agent = people.agent_of(caller)
        assert agent is not None, "the ring was taken away"
        assert [ring.ani for ring in agent.rings].count(caller.ani) == 1, "rung once"
        await agent.answer()
        await until(lambda caller=caller: people.talks(caller), 2, "answered")  # type: ignore[misc]


async def who_waited_is_served_in_order(
    city: City, people: People, finished: Caller, expected: list[Caller]
) -> None:
    """One seat becomes free again and again: the longest waiting comes, the newest is last."""
    agent = people.agent_of(finished)
    assert agent is not None
    came: list[str] = []
    for _ in expected:
        await agent.hang_up()
        await ready_again(city, agent)
        await until(lambda: agent.now is not None, 5, "the next caller rings")
        assert agent.now is not None
        came.append(agent.now.ani)
        await agent.answer()
        await until(lambda: agent.is_talking, 2, "answered")
    assert came == [caller.ani for caller in expected]


async def ready_again(city: City, agent: Agent) -> None:
    """End the agent's wrap-up at the desk, once the brain has seen the talk's end."""
    desk = city.desks[list(city.accounts.values()).index(agent.extension)]
    await until(lambda: city.seat_states()[agent.extension] == "wrap-up", 3, "wrap-up")
    await desk.do("ready")


def nobody_was_cut(people: People, callers: list[Caller]) -> float:
    """Both sides of each talk heard the other's tone to its end. Returns the longest gap."""
    longest_s = 0.0
    for caller in callers:
        ring = next(ring for ring in people.rings if ring.ani == caller.ani)
        when = {event.name: event.at for event in ring.phone.events}
        talked_s = when["disconnected"] - when["connected"]
        for path, hertz in ((caller.heard, AGENT_HZ), (ring.heard, CALLER_HZ)):
            heard = hearing(path, hertz)
            assert heard.lasted_s > talked_s - 1, (path, heard, talked_s)
            assert heard.longest_gap_s <= LONGEST_GAP_S, (path, heard)
            assert heard.gaps_s <= LATE_SHARE * heard.lasted_s, (path, heard)
            longest_s = max(longest_s, heard.longest_gap_s)
    return longest_s


async def every_call_is_recorded_once(city: City, people: People, fell_back: set[str]) -> None:
    """One ended record and one owed draft a call, with the talk it had, seen or unseen."""
    count = len(people.callers)

    async def are_owed() -> bool:
        return len(await city.orders()) >= count

    await until(are_owed, 20, "a draft is owed for each call")
    await asyncio.sleep(2)  # a second replay must add nothing
    records = {record.ani: record for record in await city.records()}
    orders = Counter(CallId(order.draft.call_id) for order in await city.orders())
    assert len(await city.records()) == count
    assert set(orders) == {record.call for record in records.values()}
    assert set(orders.values()) == {1}
    assert sum((await city.jobs()).values()) == count
    for caller in people.callers:
        record = records[caller.ani]
        ring = next(ring for ring in reversed(people.rings) if ring.ani == caller.ani)
        assert record.ended_at is not None, caller.ani
        assert record.disposition is Disposition.ANSWERED, caller.ani
        agent = next(agent for agent in people.agents if ring in agent.rings)
        assert record.talks[-1].seat == seat_id(city.profile.centre, agent.extension), caller.ani
        assert record.has_fallen_back == (caller.ani in fell_back), caller.ani


def offers(city: City) -> list[float]:
    """When Asterisk began to put callers to seats by order of the brain."""
    found = []
    for line in city.settings.cel_file.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event.get("userdeftype") == "OFFER":
            found.append(float(event["eventtime"]))
    return found


async def figures(city: City) -> dict[str, float]:
    """The brain's gauges; none while it does not answer."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=1)) as http,
            http.get(f"{city.web}/metrics") as answer,
        ):
            text = await answer.text()
    except (aiohttp.ClientError, TimeoutError):
        return {}
    rows = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {row[0]: float(row[1]) for row in rows if len(row) == 2}
