"""What was said with a recipient while the caller was on hold: kept, heard, linked."""

import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import soundfile

from config.files import load_platform
from config.settings import Settings
from cti.effects import CompleteDraft, WriteCall, WriteJournal
from cti.ids import AgentId, LegId, PeerId, SeatId
from records import consults, wav
from records.callrecord import CallRecord, Offered, Talk
from records.complete import complete
from records.draft import RecordedPart
from records.store import CallStore
from tests.records import sounds
from tests.records.samples import CALL, NOON, ended
from tests.records.test_transcribe import LengthEngine

LEG = LegId(f"{CALL}-m1")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def consulted(*joint: tuple[float, float | None]) -> CallRecord:
    """A call whose expert was rung at 20 s and heard the caller from when to when."""
    record = ended(ended_at=after(120))
    rung = Offered(
        seat=SeatId(""),
        at=after(20),
        outcome="answered",
        peer=PeerId("tax"),
        leg=LEG,
        target="expert:人社",
    )
    talks = [
        Talk(
            seat=SeatId(""),
            agent=AgentId(""),
            since=after(since),
            until=None if until is None else after(until),
            peer=PeerId("tax"),
            leg=LEG,
            target="expert:人社",
        )
        for since, until in joint
    ]
    return replace(record, offers=(*record.offers, rung), talks=(*record.talks, *talks))


def keep(folder: Path, side: str, pcm: sounds.Pcm, ended_at: float) -> Path:
    path = folder / f"{LEG}-{side}.wav"
    sounds.write(path, pcm)
    os.utime(path, (0, after(ended_at).timestamp()))
    return path


def test_a_consult_is_found_by_the_leg_it_is_named_for(tmp_path: Path) -> None:
    """It began when the recipient answered, which its end and its length say."""
    keep(tmp_path, "rx", sounds.tone(30, 400), 60)
    keep(tmp_path, "tx", sounds.tone(29, 400), 60)
    [found] = consults.find(tmp_path, consulted())
    assert (found.leg, found.part, found.channel) == (LEG, "m1", "expert")
    assert (found.seconds, found.begun_at) == (30.0, after(30))
    assert found.stereo == tmp_path / f"{LEG}.wav"


def test_nothing_is_found_where_the_profile_keeps_none(tmp_path: Path) -> None:
    """Neither of a call that was never moved; one side alone is worth hearing."""
    assert consults.find(tmp_path, consulted()) == []
    keep(tmp_path, "tx", sounds.tone(2, 400), 40)
    assert consults.find(tmp_path, ended()) == []
    assert [one.seconds for one in consults.find(tmp_path, consulted())] == [2.0]


def test_what_a_kill_left_is_mended_and_began_when_it_began(tmp_path: Path) -> None:
    """Asked again by another worker, it is the same; what is no recording is left out."""
    path = keep(tmp_path, "rx", sounds.tone(10, 400), 50)
    whole = path.read_bytes()
    path.write_bytes(wav.header(0) + whole[wav.HEADER :])
    os.utime(path, (0, after(50).timestamp()))
    for _ in range(2):
        [found] = consults.find(tmp_path, consulted())
        assert (found.seconds, found.begun_at) == (10.0, after(40))
    assert path.read_bytes() == whole
    (tmp_path / f"{LEG}-tx.wav").write_bytes(b"no sound at all, but words" * 10)
    assert consults.find(tmp_path, consulted()) == []


@pytest.mark.parametrize(
    ("joint", "expected"),
    [
        ([], [(0.0, 30.0)]),
        ([(40, 50)], [(0.0, 10.0), (20.0, 30.0)]),
        ([(40, 50), (55, None)], [(0.0, 10.0), (20.0, 25.0)]),
        ([(30, 60)], []),
    ],
)
def test_what_the_caller_heard_is_not_written_down_twice(
    tmp_path: Path, joint: list[tuple[float, float | None]], expected: list[tuple[float, float]]
) -> None:
    """It stands in the call's own recording; here only what was said without the caller."""
    keep(tmp_path, "rx", sounds.tone(30, 400), 60)
    record = consulted(*joint)
    [found] = consults.find(tmp_path, record)
    assert [pytest.approx(window) for window in consults.alone(record, found)] == expected


async def test_the_worker_hears_the_consult_and_links_it(tmp_path: Path) -> None:
    """The expert's words are the expert's, the agent's the agent's, both of that part; the work
    order says where to listen and to whom the call was moved.
    """
    settings = Settings(home=tmp_path / "home")
    folder = settings.recordings
    folder.mkdir(parents=True)
    spoken = sounds.speech(sounds.WATER_CUT)
    length = len(spoken) / wav.RATE
    for side in ("rx", "tx"):
        sounds.write(folder / f"{CALL}-{side}.wav", sounds.silence(118))
    keep(folder, "rx", spoken, 30 + length)
    keep(folder, "tx", spoken, 30 + length)
    record = consulted()
    said = {"move": "a", "kind": "consult", "target": "expert:人社", "name": "社保专家"}
    begun = WriteJournal(
        call=CALL, at=after(20), what="move-begun", data=tuple(sorted(said.items()))
    )
    rung = WriteJournal(
        call=CALL, at=after(20), what="move-rung", data=(("leg", LEG), ("move", "a"))
    )
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}")
    try:
        await store.write_facts([WriteCall(record=record), begun, rung, CompleteDraft(call=CALL)])
        draft = await complete(CALL, settings, store, LengthEngine(), load_platform(settings))
        segments = await store.segments(CALL)
        kept = await store.call(CALL)
    finally:
        await store.close()
    assert {(segment.channel, segment.part) for segment in segments} == {
        ("expert", "m1"),
        ("agent", "m1"),
    }
    assert draft.recording.parts == (
        RecordedPart(
            part="m1",
            channel="expert",
            url=f"/api/v1/calls/{CALL}/recording?part=m1",
            seconds=round(length, 2),
        ),
    )
    assert soundfile.info(folder / f"{LEG}.wav").channels == 2
    assert [moved.name for moved in draft.moves] == ["社保专家"]
    assert [e.text for e in draft.evidence if e.field == "moves"] == [
        "12:00:20 咨询 社保专家，12:00:20 振铃（已接听）"
    ]
    assert kept == record
