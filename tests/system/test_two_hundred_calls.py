"""Two hundred calls with speech, five a second and thirty at once, through the whole hotline.

They are placed once for all tests here; each test reads what they left behind.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import mean

import pytest

from bench.ours import BYE_S
from bench.sippload import Tally
from bench.wavetools import RATE, Samples, level_db, likeness, load, pieces
from cti.effects import WriteJournal
from cti.ids import CallId
from records.callrecord import CallRecord, Disposition
from records.leases import Job
from records.orders import Order, Segment
from tests.system.city import City, longest_overlap, until
from tests.system.crowd import GREETING, Matter, call_all, greeting, resemblance, speak
from tests.system.evidence import all_settled, one_draft_each

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.speech, pytest.mark.timeout(460)]

CALLS = 200
RATE_PER_S = 5.0
AT_ONCE = 30
"""Five a second for six seconds; callers may come a little closer together than that."""
SEATS = 34
WORKERS = 2
PROMPT_S = 1.0
"""What each line's sentence takes; then a seat answers at once."""
SPEAKS_AFTER_S = 1.4
TALK_S = 5.2
"""The seat hangs up then, unless the caller did."""
STAY_S = 5.7
"""Counted from the answer, by callers who hang up themselves."""
GREETS_AFTER_S = 0.3
LATE_CALLS = 4
"""Callers, of two hundred, whose sound a full machine may send so late that words are spoilt."""
NEAR_S = 0.3
"""How far two clocks that watch the same thing may be apart, nineteen times of twenty."""
FAR_S = 1.5
"""And ever: the workers write down earlier calls on the same processors meanwhile."""
EARLY_S = 0.65
"""How long before a talk its first utterance may begin: margins of the worker and of the voice
detector, so that no greeting loses its first syllable."""
STEPS = ("waits", "offered", "talks", "talked", "ended")
JOURNAL = ("arrived", "waiting", "offered", "talking", "talk-ended", "ended")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What the calls left behind. ``recordings`` is a copy."""

    matters: Sequence[Matter]
    greeting: Samples
    prompt: Samples
    tallies: Sequence[Tally]
    records: Mapping[str, CallRecord]
    """By the caller's number."""
    orders: Mapping[CallId, Order]
    segments: Mapping[CallId, Sequence[Segment]]
    journals: Mapping[CallId, Sequence[WriteJournal]]
    jobs: Sequence[Job]
    seconds: Mapping[CallId, float]
    """How long the product says each recording is."""
    recordings: Path
    complaints: Sequence[str]
    leaks: Sequence[str]
    channels: int
    seat_states: Sequence[str]
    callers_in_queue: str

    def each(self) -> list[tuple[Matter, CallRecord]]:
        """Every call with what its caller said."""
        return [(m, self.records[ani]) for m in self.matters for ani in m.anis]

    def heard(self, call: CallId, side: str) -> Samples:
        """What the recording holds: ``rx`` the caller says, ``tx`` the caller hears."""
        return load(self.recordings / f"{call}-{side}.wav")


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Aftermath:
    """Place the calls and wait for all drafts."""
    return asyncio.run(_place(tmp_path_factory.mktemp("two-hundred")))


async def _place(folder: Path) -> Aftermath:
    city = City(folder, seats=SEATS, workers=WORKERS)
    said = folder / "said"
    matters = speak(city.settings, said, calls=CALLS, before_s=SPEAKS_AFTER_S)
    hello = greeting(city.settings, said, before_s=GREETS_AFTER_S, lasts_s=60)
    async with city:
        async with city.phones(SEATS, talk_s=TALK_S, audio=hello):
            await city.staff(SEATS)
            tallies = await call_all(
                matters, city, folder, rate=RATE_PER_S, at_once=2 * AT_ONCE, stay_s=STAY_S
            )
            await all_settled(city, CALLS, 240)
            await until(lambda: city.channels() == 0, 15, "every channel gone", every_s=0.5)
            free = ["available"] * SEATS
            await until(lambda: [*city.seat_states().values()] == free, 10, "every seat is free")
            states = sorted(city.seat_states().values())
            queue = city.rx(f"queue show fallback-{city.profile.centre}")
        await one_draft_each(city)
        shutil.copytree(city.recordings, folder / "kept")
        return await _gather(city, matters, hello, tallies, states, queue)


async def _gather(
    city: City,
    matters: Sequence[Matter],
    hello: Samples,
    tallies: Sequence[Tally],
    states: Sequence[str],
    queue: str,
) -> Aftermath:
    store = city.store()
    records = await city.records()
    calls = [record.call for record in records]
    found = {call: await store.recording(call) for call in calls}
    return Aftermath(
        matters=matters,
        greeting=hello[: round(2.0 * RATE)],
        prompt=city.prompt,
        tallies=tallies,
        records={record.ani: record for record in records},
        orders={CallId(order.draft.call_id): order for order in await city.orders()},
        segments={call: await store.segments(call) for call in calls},
        journals={call: await store.journal(call) for call in calls},
        jobs=await store.jobs(),
        seconds={call: files.seconds for call, files in found.items() if files is not None},
        recordings=city.folder / "kept",
        complaints=city.complaints(),
        leaks=_leaks(city, [ani for matter in matters for ani in matter.anis]),
        channels=city.channels(),
        seat_states=states,
        callers_in_queue=queue,
    )


def _leaks(city: City, numbers: Sequence[str]) -> list[str]:
    """Files that hold a caller's number, other than those whose purpose it is to hold it."""
    home = city.settings.home
    meant = {city.settings.cel_file, *home.glob("hotline.db*")}
    wanted = [number.encode() for number in numbers]
    return [
        str(file.relative_to(home))
        for file in home.rglob("*")
        if file.is_file() and file not in meant and file.suffix != ".wav"
        if any(number in file.read_bytes() for number in wanted)
    ]


def _apart(later: datetime | None, earlier: datetime | None) -> float:
    assert later is not None
    assert earlier is not None
    return (later - earlier).total_seconds()


def _are_near(apart: Iterable[float]) -> bool:
    """Whether nineteen of twenty of these are within ``NEAR_S`` and all within ``FAR_S``."""
    ordered = sorted(map(abs, apart))
    return ordered[len(ordered) * 95 // 100] <= NEAR_S and ordered[-1] <= FAR_S


def test_the_load_was_what_it_says(after: Aftermath) -> None:
    """200 calls, about five a second, thirty in the house at once, none refused or cut."""
    assert [(t.placed, t.done, t.failed) for t in after.tallies] == [(20, 20, 0)] * 10
    arrived = sorted(record.arrived_at for record in after.records.values())
    assert (CALLS - 1) / _apart(arrived[-1], arrived[0]) >= 0.85 * RATE_PER_S
    assert longest_overlap(after.records.values()) >= AT_ONCE


def test_each_caller_has_one_record_that_tells_the_call(after: Aftermath) -> None:
    """One row per caller's whole number, with its line, one offer, one talk and a normal end."""
    assert {ani for m in after.matters for ani in m.anis} == after.records.keys()
    assert len({record.call for record in after.records.values()}) == CALLS
    for matter, record in after.each():
        assert (matter.number, matter.number) == (record.line, record.dnis)
        assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)
        assert not record.has_fallen_back
        assert [offer.outcome for offer in record.offers] == ["answered"]
        assert [(record.offers[0].seat)] == [talk.seat for talk in record.talks]
        assert record.talks[0].seat.removeprefix("chifeng-") in record.talks[0].agent


def test_calls_are_spread_over_all_seats(after: Aftermath) -> None:
    """Longest idle first: no seat is left out and none gets twice its share."""
    taken = Counter(record.talks[0].seat for record in after.records.values())
    assert len(taken) == SEATS
    assert max(taken.values()) <= 2 * CALLS / SEATS


def test_a_seat_never_has_two_talks_at_once(after: Aftermath) -> None:
    """Of one seat's talks each begins after the one before has ended."""
    talks = sorted(
        (talk.seat, talk.since, talk.until) for r in after.records.values() for talk in r.talks
    )
    for (seat, _, until_), (next_seat, since, _) in zip(talks, talks[1:], strict=False):
        if seat == next_seat:
            assert _apart(since, until_) > 0


def test_the_times_of_a_record_are_those_of_the_call(after: Aftermath) -> None:
    """Waiting begins after the prompt, a free seat is offered at once, talk and end as sent."""
    found: dict[str, list[float]] = {step: [] for step in STEPS}
    for matter, record in after.each():
        talk = record.talks[0]
        talked = STAY_S - PROMPT_S if matter.hangs_up else TALK_S
        goodbye = 0.0 if matter.hangs_up else BYE_S
        assert record.waited_since is not None
        assert record.waited_since <= record.offers[0].at <= talk.since
        found["waits"].append(_apart(record.waited_since, record.arrived_at) - PROMPT_S)
        found["offered"].append(_apart(record.offers[0].at, record.waited_since))
        found["talks"].append(_apart(talk.since, record.offers[0].at))
        found["talked"].append(_apart(talk.until, talk.since) - talked)
        found["ended"].append(_apart(record.ended_at, talk.until) - goodbye)
    assert [step for step in STEPS if not _are_near(found[step])] == [], {
        step: sorted(apart)[-20:] for step, apart in found.items()
    }


def test_a_journal_tells_each_step_once(after: Aftermath) -> None:
    """Every step of a call stands in its journal once, in order of time."""
    told = [tuple(line.what for line in journal) for journal in after.journals.values()]
    assert Counter(told) == {JOURNAL: CALLS}
    for journal in after.journals.values():
        assert sorted(line.at for line in journal) == [line.at for line in journal]


def test_the_recording_holds_what_that_caller_said(after: Aftermath) -> None:
    """The sent sound is in the caller's channel, where it was sent, and no other sentence is."""
    others = [*after.matters[1:], after.matters[0]]
    lags: list[float] = []
    spoilt: list[float] = []
    for matter, other in zip(after.matters, others, strict=True):
        for ani in matter.anis:
            rx = after.heard(after.records[ani].call, "rx")
            found = likeness(matter.sound, rx)
            if found.r <= 0.95 and not _is_whole_but_for_a_seam(matter.sound, rx):
                spoilt.append(found.r)
            lags.append(found.lag_s)
            assert likeness(other.sound, rx).r < 0.5
    assert len(spoilt) <= LATE_CALLS, spoilt
    assert min(spoilt, default=1.0) > 0.3
    assert _are_near(lags), sorted(lags, key=abs)[-20:]


def _is_whole_but_for_a_seam(sent: Samples, recorded: Samples) -> bool:
    """A packet that SIPp sent late on a full machine shifts what follows by a frame: the pieces
    around it are spoilt, a third of them at most, and all others are there.
    """
    half = RATE // 2
    loud = [
        sent[start : start + half]
        for start in range(0, len(sent) - half + 1, half)
        if level_db(sent[start : start + half]) > -40
    ]
    found = sorted(likeness(piece, recorded).r for piece in loud)
    return len(found) > 4 and found[len(found) // 3] > 0.95


def test_the_recording_holds_what_that_caller_heard(after: Aftermath) -> None:
    """The line's sentence, then the agent's greeting when the record says the talk began.

    Piece by piece: a packet of a phone that comes late is made up for by Asterisk's recorder.
    """
    lags: list[float] = []
    for _, record in after.each():
        tx = after.heard(record.call, "tx")
        assert _is_in(after.prompt, tx)
        begins = _apart(record.talks[0].since, record.arrived_at) + GREETS_AFTER_S
        start = round(GREETS_AFTER_S * RATE)
        words = after.greeting[start : start + round(0.9 * RATE)]
        assert _is_in(words, tx)
        lags.append(likeness(words, tx).lag_s - begins)
    assert _are_near(lags), sorted(lags, key=abs)[-20:]


def _is_in(sent: Samples, recorded: Samples) -> bool:
    """Whether the pieces of the sound are there; another sound reaches half of this."""
    return mean(piece.r for piece in pieces(sent, recorded, 0.3)) > 0.8


def test_there_are_two_files_for_each_call_and_the_stereo_one(after: Aftermath) -> None:
    """Nothing is missing, nothing left over, and the product knows how long each is."""
    calls = {record.call for record in after.records.values()}
    expected = {f"{call}{end}" for call in calls for end in ("-rx.wav", "-tx.wav", ".wav")}
    assert expected == {file.name for file in after.recordings.iterdir()}
    assert calls == after.seconds.keys()
    apart: list[float] = []
    for record in after.records.values():
        lasted = _apart(record.ended_at, record.arrived_at)
        apart.append(after.seconds[record.call] - lasted)
        assert len(after.heard(record.call, "rx")) == len(after.heard(record.call, "tx"))
    assert _are_near(apart), sorted(apart, key=abs)[-20:]


def test_each_call_has_one_complete_draft_made_at_the_first_attempt(after: Aftermath) -> None:
    """200 orders of 200 calls, with the number dialled and the caller's whole number."""
    assert {record.call for record in after.records.values()} == after.orders.keys()
    assert Counter([1] * CALLS) == Counter(job.attempts for job in after.jobs)
    assert len({order.draft.id for order in after.orders.values()}) == CALLS
    for matter, record in after.each():
        draft = after.orders[record.call].draft
        assert (matter.number, record.ani) == (draft.dialled.number, draft.caller.number)
        assert record.arrived_at == draft.received_at
        assert draft.title
        assert draft.content


def test_each_draft_holds_the_words_of_its_call(after: Aftermath) -> None:
    """The caller's words sound like the sentence sent, and like no other call's sentence."""
    likes: list[float] = []
    for matter, record in after.each():
        words = "".join(s.text for s in after.segments[record.call] if s.channel == "caller")
        alike = {m.sentence: resemblance(m.sentence, words) for m in after.matters}
        if matter.sentence == max(alike, key=lambda sentence: alike[sentence]):
            likes.append(alike[matter.sentence])
    assert len(likes) >= CALLS - LATE_CALLS
    assert sorted(likes)[LATE_CALLS] > 0.55
    assert mean(likes) > 0.85


def test_the_agents_words_are_the_agents(after: Aftermath) -> None:
    """The greeting is written down as the agent's, and nothing from before the talk is."""
    likes: list[float] = []
    for _, record in after.each():
        spoken = [s for s in after.segments[record.call] if s.channel == "agent"]
        likes.append(resemblance(GREETING, "".join(s.text for s in spoken)))
        assert all(s.start_s > PROMPT_S - EARLY_S for s in spoken)
    assert mean(likes) > 0.7


def test_no_log_complains(after: Aftermath) -> None:
    """No warning, no error, no traceback in any log of brain, workers, Asterisk or Redis."""
    assert list(after.complaints) == []


def test_no_callers_number_stands_in_a_log(after: Aftermath) -> None:
    """A caller's number is in the database and in Asterisk's call log, and nowhere else."""
    assert list(after.leaks) == []


def test_nothing_is_left_in_the_house(after: Aftermath) -> None:
    """No channel, nobody in the fall-back queue, and every seat is free again."""
    assert after.channels == 0
    assert list(after.seat_states) == ["available"] * SEATS
    assert "No Callers" in after.callers_in_queue
