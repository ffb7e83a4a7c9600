"""A recording in parts becomes one timeline: what was said, when, by whom."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile

from config.files import load_platform
from config.settings import Settings
from cti.effects import CompleteDraft, WriteCall
from cti.ids import AgentId, SeatId
from records.callrecord import CallRecord, Direction, Offered, Talk
from records.complete import complete, talk_windows
from records.parts import whole
from records.store import CallStore
from records.transcribe import Window
from tests.records import sounds
from tests.records.samples import CALL, NOON, ended
from tests.records.test_transcribe import LengthEngine


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def talk(since: float, until: float | None) -> Talk:
    end = NOON + after(until) if until is not None else None
    return Talk(
        seat=SeatId("chifeng-1001"), agent=AgentId("anna"), since=NOON + after(since), until=end
    )


def kept(*talks: Talk) -> CallRecord:
    return ended(kept_at=NOON + after(60), talks=talks, ended_at=NOON + after(1000))


def write(folder: Path, part: str, rx: sounds.Pcm | None, tx: sounds.Pcm | None) -> None:
    for side, pcm in (("rx", rx), ("tx", tx)):
        if pcm is not None:
            sounds.write(folder / f"{CALL}{part}-{side}.wav", pcm)


def level(path: Path, from_s: float, to_s: float) -> float:
    samples, rate = soundfile.read(path)
    return float(np.abs(samples[int(from_s * rate) : int(to_s * rate)]).mean())


def test_the_parts_stand_one_behind_the_other_in_their_order(tmp_path: Path) -> None:
    """By the count in their names, 2 before 10; the shorter side is filled with silence."""
    write(tmp_path, "", sounds.tone(1, 400), sounds.tone(2, 400))
    write(tmp_path, "-10", sounds.tone(1, 400), None)
    write(tmp_path, "-2", sounds.silence(3), sounds.tone(3, 400))
    with whole(tmp_path, kept()) as found:
        assert found.lengths == (2.0, 3.0, 1.0)
        heard = [
            (level(found.rx, at + 0.1, at + 0.9) > 0.1, level(found.tx, at + 0.1, at + 0.9) > 0.1)
            for at in range(6)
        ]
        rx = found.rx
    assert heard == [
        *[(True, True), (False, True)],
        *[(False, True)] * 3,
        (True, False),
    ]
    assert not rx.exists()
    assert len(list(tmp_path.iterdir())) == 5


def test_a_recording_in_one_part_is_read_as_it_is(tmp_path: Path) -> None:
    """Also of a call that kept a place, and was never reached."""
    write(tmp_path, "", sounds.tone(1, 400), sounds.tone(1, 400))
    for record in (ended(), kept()):
        with whole(tmp_path, record) as found:
            assert (found.rx, found.lengths) == (tmp_path / f"{CALL}-rx.wav", ())


def test_only_a_call_that_kept_a_place_is_looked_for_in_parts(tmp_path: Path) -> None:
    """An archive of a hundred thousand files is not gone through for each call."""
    write(tmp_path, "", sounds.tone(1, 400), None)
    write(tmp_path, "-2", sounds.tone(1, 400), None)
    with whole(tmp_path, ended()) as found:
        assert found.lengths == ()


def test_a_citizen_who_is_moved_away_from_the_seat_that_called_is_heard_on(tmp_path: Path) -> None:
    """On its own line, from the moment the seat's talk with it ended: hold, and whoever came."""
    out = replace(
        ended(talks=(talk(10, 20), talk(35, 50))),
        direction=Direction.OUT,
        offers=(Offered(seat=SeatId(""), at=NOON + after(2), outcome="answered"),),
    )
    write(tmp_path, "", sounds.tone(18, 400), sounds.tone(18, 400))
    with whole(tmp_path, out) as found:
        assert found.lengths == ()
    write(tmp_path, "-1", sounds.tone(40, 400), sounds.tone(40, 400))
    with whole(tmp_path, out) as found:
        assert found.lengths == (18.0, 40.0)
    windows = talk_windows(out, 58.0, (18.0, 40.0))
    assert [pytest.approx(window) for window in windows] == [(7.9, 18.0), (32.9, 48.1)]
    assert talk_windows(replace(out, talks=()), 58.0, (18.0, 40.0)) == []


def test_a_part_that_is_no_recording_is_left_out(tmp_path: Path) -> None:
    """The rest is worth hearing."""
    write(tmp_path, "", sounds.tone(1, 400), sounds.tone(1, 400))
    write(tmp_path, "-3", sounds.tone(2, 400), sounds.tone(2, 400))
    (tmp_path / f"{CALL}-2-rx.wav").write_bytes(b"no sound at all, but words" * 10)
    with whole(tmp_path, kept()) as found:
        assert found.lengths == (1.0, 2.0)


@pytest.mark.parametrize(
    ("talks", "lengths", "expected"),
    [
        # reached in the second part, ten minutes later
        ([talk(700, 730)], (64.0, 32.0), [(64.0, 94.1)]),
        # a talk before the place was kept, and the seat lost in the call-back
        (
            [talk(10, 20), talk(700, 705), talk(710, 730)],
            (64.0, 32.0),
            [(9.9, 20.1), (64.0, 69.1), (73.9, 94.1)],
        ),
        # kept again, and still talking
        ([talk(300, 310), talk(800, None)], (64.0, 12.0, 9.0), [(64.0, 74.1), (76.0, 85.0)]),
    ],
)
def test_a_talk_stands_where_its_part_does(
    talks: list[Talk], lengths: tuple[float, ...], expected: list[Window]
) -> None:
    """The time in which nobody was on the line is not there."""
    found = talk_windows(kept(*talks), sum(lengths), lengths)
    assert [pytest.approx(window) for window in expected] == found


async def test_the_worker_hears_both_parts_and_makes_one_file(tmp_path: Path) -> None:
    """The agent is listened to in the call-back only; the evidence points into the whole."""
    settings = Settings(home=tmp_path / "home")
    settings.recordings.mkdir(parents=True)
    spoken = sounds.speech(sounds.WATER_CUT)
    length = len(spoken) / 8000
    write(settings.recordings, "", sounds.silence(10), sounds.tone(10, 400))
    write(settings.recordings, "-2", spoken, sounds.silence(length))
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}")
    try:
        record = kept(talk(700, 700 + length))
        await store.write_facts([WriteCall(record=record), CompleteDraft(call=CALL)])
        await complete(CALL, settings, store, LengthEngine(), load_platform(settings))
        files = await store.recording(CALL)
        segments = await store.segments(CALL)
    finally:
        await store.close()

    assert files is not None
    assert files.seconds == pytest.approx(10 + length)
    assert soundfile.info(settings.recordings / f"{CALL}.wav").duration == files.seconds
    assert segments
    assert min(segment.start_s for segment in segments) > 9.5
