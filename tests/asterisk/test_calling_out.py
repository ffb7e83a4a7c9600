"""A seat calls a citizen back from a task, as the real dialplan does it and its log tells it."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.phone import Softphone
from cti import dialwire
from cti.effects import DialOut
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, LineId, OfferId, SeatId
from cti.outevents import DialOutEnded, DialOutRefused, DialOutStarted
from records.callrecord import CallRecord, Direction, Disposition
from records.reconcile import reconcile
from records.store import CallStore
from tests.asterisk.caller import has_heard, heard_seconds, length_s, seat_phone
from tests.asterisk.test_keeping import CITIZEN_HZ, LINE, SEAT, SEAT_HZ, Town, _move_carrier, town
from tests.asterisk.world import eventually, write_tone

pytestmark = pytest.mark.asterisk

MISSED = CallId("node1-1795300000.9")
ANI = "+8613900000901"


def order(
    call: CallId, *, seat: SeatId = SEAT, ring_s: float = 10, number: str = "13900000901"
) -> dict[str, str]:
    """As the brain orders it, by rule to the last header."""
    return dialwire.originate(
        DialOut(
            call=call,
            about=MISSED,
            seat=seat,
            offer=OfferId(f"{call}/1"),
            centre=CentreId("testcity"),
            line=LineId(LINE),
            ani=ANI,
            number=number,
            arrived_at=datetime.now(UTC),
            ring=timedelta(seconds=ring_s),
        )
    )


def out(number: int) -> CallId:
    return CallId(f"out-{int(datetime.now(UTC).timestamp())}.{number:03}1001")


async def dial(here: Town, call: CallId, **facts: float) -> None:
    answer = await here.tap.ask("Originate", **order(call, **facts))  # type: ignore[arg-type]  # ring_s
    assert answer["Response"] == "Success", answer


def told(here: Town) -> list[object]:
    """What the brain would read of it, in order."""
    now = datetime.now(UTC)
    kinds = DialOutStarted | DialOutEnded | DialOutRefused
    read = (dialwire.read(event, now) for event in here.tap.events if event.get("Event") in _READ)
    return [event for event in read if isinstance(event, kinds)]


_READ = ("UserEvent", "OriginateResponse")


async def replayed(here: Town, folder: Path, call: CallId) -> CallRecord | None:
    """The call as Asterisk's log alone tells it."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{folder / 'replayed.db'}")
    later = datetime.now(UTC) + timedelta(minutes=5)
    await reconcile(here.world.settings, store, live=frozenset(), now=later)
    record = await store.call(call)
    await store.close()
    return record


async def test_the_agent_first_then_the_citizen_who_is_shown_12345(
    tmp_path: Path, phones: Softphone
) -> None:
    """They hear each other, each is on its own channel of the recording, the log tells it all."""
    ear, agents = tmp_path / "ear.wav", tmp_path / "agents.wav"
    mine, theirs = tmp_path / "mine.wav", tmp_path / "theirs.wav"
    write_tone(mine, CITIZEN_HZ, 1)
    write_tone(theirs, SEAT_HZ, 1)
    others = Softphone()
    call = out(1)
    async with town(tmp_path, phones) as here, others:
        citizen = await seat_phone(here.world, others, "1002")
        _move_carrier(here.world, "testcity-1002")
        await dial(here, call)
        seat = await here.seat.incoming()
        assert seat.ani == "13900000901"
        await seat.answer(play=theirs, loop=True, record=agents)
        rung = await citizen.incoming()
        await rung.answer(play=mine, loop=True, record=ear)
        await has_heard(ear, SEAT_HZ, 1.7)
        await has_heard(agents, CITIZEN_HZ, 1.7)
        await rung.hangup()
        talked_s = (await rung.ended(5)).at - await rung.connected()
        await seat.ended(5)
        await eventually("the end", lambda: len(told(here)) == 2)
        started, ended = told(here)
        said, heard = (
            here.world.settings.recordings / f"{call}-{side}.wav" for side in ("rx", "tx")
        )
        await eventually("the recordings' ends", lambda: heard.read_bytes()[40:44] != bytes(4))
        record = await replayed(here, tmp_path, call)

        assert rung.ani == "12345"
        assert isinstance(started, DialOutStarted)
        assert (started.call, started.seat) == (call, SEAT)
        assert isinstance(ended, DialOutEnded)
        assert ended.outcome is OfferOutcome.ANSWERED
        assert heard_seconds(said, CITIZEN_HZ) > 1.5
        assert heard_seconds(heard, SEAT_HZ) > 1.5
        assert heard_seconds(ear, SEAT_HZ) > 1.5
        assert heard_seconds(agents, CITIZEN_HZ) > 1.5
        assert abs(length_s(said) - length_s(heard)) < 0.1
        assert record is not None
        assert (record.direction, record.about, record.ani, record.dnis) == (
            Direction.OUT,
            MISSED,
            ANI,
            "12345",
        )
        assert (record.centre, record.line) == ("testcity", LINE)
        assert record.disposition is Disposition.ANSWERED
        assert [(one.seat, one.outcome) for one in record.offers] == [("", "answered")]
        (talk,) = record.talks
        assert talk.seat == SEAT
        assert talk.until is not None
        assert abs((talk.until - talk.since).total_seconds() - talked_s) < 0.5


@pytest.mark.parametrize(
    ("refusal", "outcome"),
    [
        ("486 Busy Here", OfferOutcome.REJECTED),
        ("480 Temporarily Unavailable", OfferOutcome.MISSED),
        ("404 Not Found", OfferOutcome.UNREACHABLE),
    ],
)
async def test_what_became_of_the_citizens_telephone_is_told_and_logged(
    tmp_path: Path, phones: Softphone, refusal: str, outcome: OfferOutcome
) -> None:
    """Dialled once, with the carrier's prefix; the seat is let go at once."""
    call = out(2)
    async with town(tmp_path, phones) as here:
        await dial(here, call)
        seat = await here.seat.incoming()
        await seat.answer()
        visit = await here.carrier.visit()
        visit.ring()
        await asyncio.sleep(0.3)
        visit.refuse(refusal)
        await seat.ended(5)
        await eventually("the end", lambda: len(told(here)) == 2)
        record = await replayed(here, tmp_path, call)

        assert visit.number == "913900000901"
        assert re.search(r"(?m)^From: <sip:12345@", visit.invite)
        ended = told(here)[1]
        assert isinstance(ended, DialOutEnded)
        assert ended.outcome is outcome
        assert here.carrier.visits.empty()
        assert record is not None
        assert (record.disposition, record.talks) == (Disposition.UNREACHED, ())
        assert [(one.seat, one.outcome) for one in record.offers] == [("", outcome.value)]


async def test_an_agent_who_hangs_up_while_it_rings_stops_the_ringing(
    tmp_path: Path, phones: Softphone
) -> None:
    call = out(3)
    async with town(tmp_path, phones) as here:
        await dial(here, call)
        seat = await here.seat.incoming()
        await seat.answer()
        visit = await here.carrier.visit()
        visit.ring()
        await asyncio.sleep(0.3)
        await seat.hangup()
        async with asyncio.timeout(5):
            await visit.is_over.wait()
        await eventually("the end", lambda: len(told(here)) == 2)
        record = await replayed(here, tmp_path, call)

        ended = told(here)[1]
        assert isinstance(ended, DialOutEnded)
        assert ended.outcome is OfferOutcome.CALLER_LEFT
        assert record is not None
        assert [one.outcome for one in record.offers] == ["caller-left"]


async def test_an_own_phone_that_does_not_answer_calls_nobody(
    tmp_path: Path, phones: Softphone
) -> None:
    """Rung in vain or refused: it is told under the call's own id, and the log knows no call."""
    rung, refused = out(4), out(5)
    async with town(tmp_path, phones) as here:
        await dial(here, rung, ring_s=1)
        ringing = await here.seat.incoming()
        await ringing.ended(5)
        await eventually("told", lambda: len(told(here)) == 1)
        await dial(here, refused)
        await (await here.seat.incoming()).reject()
        await eventually("told", lambda: len(told(here)) == 2)

        assert [type(event) for event in told(here)] == [DialOutRefused, DialOutRefused]
        assert [event.call for event in told(here)] == [rung, refused]  # type: ignore[attr-defined]  # just seen
        assert here.carrier.visits.empty()
        assert await replayed(here, tmp_path, rung) is None
