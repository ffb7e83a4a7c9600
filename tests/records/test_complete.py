"""The worker's job on real files, a real database and the real engine."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from config.files import load_platform
from config.platform import Platform
from config.settings import Settings
from cti.effects import CompleteDraft, WriteCall
from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from records.callrecord import Direction, Disposition, Offered, Talk
from records.complete import complete, hotwords, profile_of, talk_windows
from records.engine.protocol import Capabilities, Engine, Piece, Samples
from records.reading import read_evidence, read_order
from records.store import CallStore
from records.transcribe import Window
from records.wav import HEADER, RATE
from tests.records import engines, sounds
from tests.records.samples import CALL, NOON, SEAT, arrived, ended
from tests.records.test_transcribe import LengthEngine


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    settings.recordings.mkdir(parents=True)
    return settings


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CallStore]:
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}")
    yield store
    await store.close()


def record(settings: Settings, rx: sounds.Pcm, tx: sounds.Pcm) -> None:
    sounds.write(settings.recordings / f"{CALL}-rx.wav", rx)
    sounds.write(settings.recordings / f"{CALL}-tx.wav", tx)


async def owe(store: CallStore, **other: Any) -> None:
    await store.write_facts([WriteCall(record=ended(**other)), CompleteDraft(call=CALL)])


async def done(settings: Settings, store: CallStore, engine: Engine) -> None:
    await complete(CALL, settings, store, engine, load_platform(settings))


@pytest.mark.speech
async def test_given_a_real_call_when_it_ends_then_its_draft_can_be_read(
    settings: Settings, store: CallStore
) -> None:
    """Prompt and music, a complaint, an answer: the order stands in SQL, with both speakers."""
    talk, answer = (
        sounds.speech(sounds.WATER_CUT),
        sounds.speech(sounds.AUDIO / "traffic-light.wav"),
    )
    wait = 5 * RATE
    rx = np.concatenate([sounds.silence(5), talk, sounds.silence(12)])
    tx = np.concatenate([sounds.music(5)[:wait], sounds.silence(len(talk) / RATE + 1), answer])
    record(settings, rx, tx)
    seconds = max(len(rx), len(tx)) / RATE
    await owe(store, ended_at=NOON + timedelta(seconds=seconds))
    await done(settings, store, engines.whisper())
    order = await store.order_of(CALL)
    assert order is not None
    assert order.is_complete
    segments = await store.segments(CALL)
    assert {segment.channel for segment in segments} == {"caller", "agent"}
    assert order.draft.place.region == "红山区"
    assert order.draft.urgency == "same_day"
    page = "\n".join(read_order(order.draft, segments))
    for part in (
        "8337772",
        "市长热线",
        "*********01",
        "红山区",
        "停水",
        "来电人：",
        "话务员：",
        CALL,
    ):
        assert part in page
    assert "13847652301" not in page + "\n".join(read_evidence(order.draft.evidence))
    kept = await store.recording(CALL)
    assert kept is not None
    assert kept.stereo is not None
    assert soundfile.info(settings.recordings / kept.stereo).channels == 2


class WaterEngine(LengthEngine):
    """Hears a water cut in every utterance."""

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        return [
            replace(piece, text="我家停水三天了") for piece in super().transcribe(samples, hotwords)
        ]


async def test_the_same_matter_of_the_same_caller_is_named(
    settings: Settings, store: CallStore
) -> None:
    """Two calls two days apart: the second order names the first, not the other way round."""
    first = CallId("node1-1794974400.1")
    early = arrived(first, arrived_at=NOON - timedelta(days=2))
    await store.write_facts([WriteCall(record=early)])
    opened = await store.order_of(first)
    assert opened is not None
    told = {"summary": "停水", "decision": "accept"}
    await store.save_draft(first, opened.draft.model_copy(update=told), [])
    record(settings, sounds.speech(sounds.LOST_CARD), sounds.silence(12))
    await owe(store)
    await done(settings, store, WaterEngine())
    second = await store.order_of(CALL)
    assert second is not None
    assert second.draft.duplicates == (opened.draft.id,)


async def test_a_job_done_twice_writes_the_same(settings: Settings, store: CallStore) -> None:
    """Leases run out and workers die: one order, one transcript, whoever was last."""
    record(settings, sounds.speech(sounds.LOST_CARD), sounds.silence(12))
    await owe(store)
    await done(settings, store, LengthEngine())
    first = (await store.order_of(CALL), await store.segments(CALL))
    await asyncio.gather(
        done(settings, store, LengthEngine()), done(settings, store, LengthEngine())
    )
    second = (await store.order_of(CALL), await store.segments(CALL))
    assert first[0] is not None
    assert second[0] is not None
    assert first[0].draft == second[0].draft
    assert first[1] == second[1]


async def test_a_call_without_recording_has_its_draft(settings: Settings, store: CallStore) -> None:
    """The disk was full, or the caller was gone before the switch answered."""
    await store.write_facts(
        [
            WriteCall(
                record=arrived(
                    ended_at=NOON + timedelta(seconds=9), disposition=Disposition.ABANDONED
                )
            ),
            CompleteDraft(call=CALL),
        ]
    )
    await done(settings, store, LengthEngine())
    order = await store.order_of(CALL)
    assert order is not None
    assert order.draft.summary is not None
    assert "等待9秒" in order.draft.summary
    assert order.draft.recording.url is None
    assert await store.recording(CALL) is None


async def test_a_killed_recording_is_mended_and_transcribed(
    settings: Settings, store: CallStore
) -> None:
    """A header of zeros hides no speech."""
    record(settings, sounds.speech(sounds.LOST_CARD), sounds.silence(1))
    rx = settings.recordings / f"{CALL}-rx.wav"
    rx.write_bytes(rx.read_bytes()[:40] + b"\0\0\0\0" + rx.read_bytes()[HEADER:])
    await owe(store)
    await done(settings, store, LengthEngine())
    assert await store.segments(CALL)


async def test_a_recording_that_is_no_audio_is_a_gap(settings: Settings, store: CallStore) -> None:
    """The draft says that there was something nobody could read; the job does not fail for ever."""
    for side in ("rx", "tx"):
        (settings.recordings / f"{CALL}-{side}.wav").write_bytes(b"\xff" * 16044)
    await owe(store)
    await done(settings, store, LengthEngine())
    order = await store.order_of(CALL)
    assert order is not None
    assert [(gap.start_s, gap.end_s) for gap in order.draft.transcript.gaps] == [(0.0, 1.0)]


async def test_a_full_disk_costs_the_stereo_file_not_the_draft(
    settings: Settings, store: CallStore
) -> None:
    """The draft is there; the job fails, so the file is made when there is room again."""
    record(settings, sounds.speech(sounds.LOST_CARD), sounds.silence(1))
    in_the_way = settings.recordings / f"{CALL}.wav.part"
    in_the_way.mkdir()
    await owe(store)
    with pytest.raises(IsADirectoryError):
        await done(settings, store, LengthEngine())
    order = await store.order_of(CALL)
    assert order is not None
    assert order.is_complete
    in_the_way.rmdir()
    await done(settings, store, LengthEngine())
    kept = await store.recording(CALL)
    assert kept is not None
    assert kept.stereo == f"{CALL}.wav"


async def test_an_unknown_call_is_an_error(settings: Settings, store: CallStore) -> None:
    """The job waits until the call's row is written; it does not invent one."""
    with pytest.raises(LookupError):
        await complete(CallId("x.1"), settings, store, LengthEngine(), load_platform(settings))


class SlowEngine(LengthEngine):
    """Tells how many utterances it was given, and takes its time over each."""

    capabilities = Capabilities(streaming=False, interim=False, hotwords=False, language="zh")

    def __init__(self) -> None:
        super().__init__()
        self.given = 0
        self.is_begun = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        self.given += 1
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(10)
        return super().transcribe(samples, hotwords)

    async def _begin(self) -> None:
        self.is_begun.set()
        await asyncio.sleep(0.05)


async def test_a_cancelled_job_stops_and_writes_nothing(
    settings: Settings, store: CallStore
) -> None:
    """A worker told to stop does not decode an hour's call to its end first."""
    words = np.concatenate([sounds.speech(sounds.LOST_CARD)[: 2 * RATE], sounds.silence(2)])
    record(settings, np.tile(words, 20), sounds.silence(1))
    await owe(store)
    engine = SlowEngine()
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        job = group.create_task(done(settings, store, engine))
        await engine.is_begun.wait()
        job.cancel()
    await asyncio.sleep(0.2)
    assert 1 <= engine.given <= 3
    assert await store.segments(CALL) == []


def test_talks_are_counted_from_the_recordings_start() -> None:
    """From the hang-up backwards, but never much after the call arrived."""
    talk = Talk(
        seat=SEAT,
        agent=AgentId("a"),
        since=NOON + timedelta(seconds=10),
        until=NOON + timedelta(seconds=30),
    )
    call = arrived(ended_at=NOON + timedelta(seconds=31), talks=(talk,))
    living = arrived(talks=(Talk(seat=SEAT, agent=AgentId("a"), since=talk.since, until=None),))
    cut_s = 20.0  # a killed Asterisk lost the rest
    assert rounded(talk_windows(call, 30.0)) == [(8.9, 29.1)]
    assert rounded(talk_windows(call, cut_s)) == [(6.9, 20.0)]
    assert rounded(talk_windows(living, 60.0)) == [(9.9, 60.0)]
    assert talk_windows(arrived(), 60.0) == []


def test_a_call_outs_talks_are_counted_from_when_the_agent_picked_up() -> None:
    """The own phone rang for twelve seconds before anything was recorded."""
    begins = NOON + timedelta(seconds=12)
    call = arrived(
        ended_at=NOON + timedelta(seconds=42),
        direction=Direction.OUT,
        offers=(Offered(seat=SeatId(""), at=begins, outcome="answered"),),
        talks=(
            Talk(
                seat=SEAT,
                agent=AgentId("a"),
                since=NOON + timedelta(seconds=20),
                until=NOON + timedelta(seconds=42),
            ),
        ),
    )
    assert rounded(talk_windows(call, 30.0)) == [(7.9, 30.0)]
    assert rounded(talk_windows(replace(call, offers=()), 42.0)) == [(19.9, 42.0)]


def rounded(windows: list[Window]) -> list[Window]:
    return [(round(since, 3), round(until, 3)) for since, until in windows]


def test_hotwords_begin_with_the_trade_and_the_districts(settings: Settings) -> None:
    """An engine takes only as many as it can: the likeliest come first, none twice."""
    words = hotwords(load_platform(settings).home)
    assert {"咨询", "投诉", "举报", "赤峰市", "红山区", "敖汉旗"} <= set(words[:25])
    assert len(set(words)) == len(words)


def test_the_line_is_part_of_the_sample() -> None:
    """The stories above read the ledger's own line."""
    assert ended().line == LineId("8337772")


async def test_a_draft_is_written_with_the_table_of_the_calls_own_centre(
    settings: Settings, store: CallStore
) -> None:
    """One number, two centres: the order names the office of the centre that was called."""
    home = load_platform(settings).home
    below = home.model_copy(
        update={
            "centre": CentreId("hulunbuir"),
            "lines": (home.lines[0].model_copy(update={"name": "别处的热线"}),),
        }
    )
    platform = Platform(centres=(home, below))
    line = home.lines[0].number
    for centre, name in (("hulunbuir", "别处的热线"), (home.centre, home.lines[0].name)):
        call = CallId(f"node1-1.{len(name)}")
        await store.write_call(ended(call, centre=CentreId(centre), line=line))
        draft = await complete(call, settings, store, LengthEngine(), platform)
        assert (draft.centre, draft.dialled.name) == (centre, name)
    gone = ended(centre=CentreId("gone"))
    assert profile_of(gone, platform) is home
