"""Talks are followed and told, fairly, and never what nobody said."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from config.files import load_platform
from config.profile import Profile
from config.settings import Settings
from cti.ids import CallId
from records.engine.protocol import ENGINE_RATE, Capabilities, Piece, Samples, Transcript
from records.live.following import BROKEN_OFF
from records.live.listener import GROWS_S, SILENT_S, LiveListener
from records.live.told import HEARD, LiveTalk, LiveTalks
from records.live.turns import LATE_S
from records.wav import RATE
from tests.records import sounds
from tests.records.live.growing import Recording

CALL = CallId("node1-7.0")
BEGAN = 1_000_000.0
WORDS = sounds.speech(sounds.LOST_CARD)[: 3 * RATE]
PLATFORM = load_platform(Settings())
HOME = PLATFORM.home.centre


class LengthEngine:
    """Stands at the engine's port: says how long it listened."""

    name = "length"
    capabilities = Capabilities(streaming=False, interim=False, hotwords=False, language="zh")

    def __init__(self) -> None:
        self.is_deaf = False
        self.is_abroad = False
        self.reads = 0
        self.words: list[Sequence[str]] = []

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        length = len(samples) / ENGINE_RATE
        self.reads += 1
        self.words.append(hotwords)
        if self.is_deaf:
            return []
        piece = Piece(
            start_s=0.0,
            end_s=length,
            text=f"红山区{length:.0f}秒",
            confidence=0.9,
            is_foreign=self.is_abroad,
        )
        return [piece]


class Told:
    """Stands at the line's port: keeps what the brain would hear."""

    def __init__(self) -> None:
        self.said: list[dict[str, Any]] = []

    async def tell(self, channel: str, text: str) -> bool:
        assert channel == HEARD
        self.said.append(json.loads(text))
        return True

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.said if one["kind"] == kind]


class Drafts:
    """Stands where growing drafts go."""

    def __init__(self) -> None:
        self.written: list[Transcript] = []

    async def write(self, call: CallId, transcript: Transcript, profile: Profile) -> str:
        self.written.append(transcript)
        return "20261123-1"


class Scene:
    """One listener on a clock of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = BEGAN
        self.told, self.drafts, self.engine = Told(), Drafts(), LengthEngine()
        self.listener = LiveListener(
            folder, self.told, self.engine, lambda: PLATFORM, self.drafts, lambda: self.now
        )

    def talks(self, *calls: CallId, since_s: float = 0.0, is_aside: bool = False) -> None:
        since = datetime.fromtimestamp(BEGAN, UTC) + timedelta(seconds=since_s)
        talks = tuple(
            LiveTalk(call=call, centre=HOME, since=since, is_aside=is_aside) for call in calls
        )
        self.listener.told(LiveTalks(talks=talks).model_dump_json().encode())

    async def until(self, at_s: float, steps: int = 6) -> None:
        self.now = BEGAN + at_s
        for _ in range(steps):
            await self.listener.step()


async def test_both_speakers_are_told_in_the_order_spoken(tmp_path: Path) -> None:
    """The caller's three seconds, then the agent's, with their place in the recording and marks."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    nothing = sounds.silence(3)
    recording.grow(
        np.concatenate([WORDS, nothing, nothing]), np.concatenate([nothing, nothing, WORDS])
    )
    recording.grow(sounds.silence(1), sounds.silence(1))
    await scene.until(10.0)
    finals = scene.told.of("final")
    assert [one["channel"] for one in finals] == ["caller", "agent"]
    assert 0 <= finals[0]["start_s"] < 1
    assert 5.5 <= finals[1]["start_s"] < 7
    assert finals[0]["marks"][0]["kind"] == "place"


async def test_before_the_talk_nobody_listens(tmp_path: Path) -> None:
    """The announcement and the music are nobody's words."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    recording.grow(
        np.concatenate([WORDS, sounds.silence(3)]), np.concatenate([WORDS, sounds.silence(3)])
    )
    scene.now = BEGAN + 6
    scene.talks(CALL, since_s=6)
    await scene.until(6.0)
    recording.grow(np.concatenate([WORDS, sounds.silence(1)]), sounds.silence(4))
    await scene.until(10.0)
    assert [one["start_s"] >= 5.5 for one in scene.told.of("final")] == [True]


async def test_what_is_being_said_is_told_meanwhile(tmp_path: Path) -> None:
    """An unfinished utterance is read when nothing waits, and its final text takes its place."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(WORDS, sounds.silence(3))
    await scene.until(3.0)
    interim = scene.told.of("interim")
    assert len(interim) == 1
    assert scene.told.of("final") == []
    recording.grow(sounds.silence(1), sounds.silence(1))
    await scene.until(4.0)
    assert [one["key"] for one in scene.told.of("final")] == [interim[0]["key"]]


async def test_what_was_read_to_its_end_is_not_read_again(tmp_path: Path) -> None:
    """Only silence came after it: its text stands at once, and the engine is free for others."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(np.concatenate([WORDS, sounds.silence(0.4)]), sounds.silence(3.4))
    await scene.until(3.4)
    (interim,), reads = scene.told.of("interim"), scene.engine.reads
    recording.grow(sounds.silence(1), sounds.silence(1))
    await scene.until(4.4)
    (final,) = scene.told.of("final")
    assert (final["text"], final["key"]) == (interim["text"], interim["key"])
    assert scene.engine.reads == reads


async def test_what_pauses_is_read_before_anybody_who_talks_on(tmp_path: Path) -> None:
    """It may be over: when it turns out to be, its text is there, with the city's words."""
    scene = Scene(tmp_path)
    other = CallId("node1-8.0")
    first, second = Recording(tmp_path, other, BEGAN), Recording(tmp_path, CALL, BEGAN)
    scene.talks(other, CALL)
    await scene.until(0.1)
    first.grow(WORDS, sounds.silence(3))
    second.grow(np.concatenate([WORDS[: 2 * RATE], sounds.silence(0.4)]), sounds.silence(2.4))
    await scene.until(3.0)
    ahead, behind = scene.told.of("interim")
    assert (ahead["call"], behind["call"]) == (CALL, other)
    assert [bool(words) for words in scene.engine.words] == [True, False]


async def test_of_what_is_shed_the_interim_text_stays(tmp_path: Path) -> None:
    """Marked as broken off: half a sentence that stood on the screen is not taken away again."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(WORDS, sounds.silence(3))
    await scene.until(3.0)
    (interim,) = scene.told.of("interim")
    recording.grow(np.concatenate([WORDS[:RATE], sounds.silence(1)]), sounds.silence(2))
    scene.talks(CALL)
    scene.now = BEGAN + 5.0 + LATE_S
    scene.talks(CALL)
    await scene.listener.step()
    (final,) = scene.told.of("final")
    assert (final["key"], final["text"]) == (interim["key"], interim["text"] + BROKEN_OFF)
    assert scene.told.of("gap") == []
    assert [one.text for one in scene.drafts.written[-1].segments] == [final["text"]]


async def test_what_was_read_half_is_read_again(tmp_path: Path) -> None:
    """More words came after the interim: they are not lost."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(WORDS, sounds.silence(3))
    await scene.until(3.0)
    reads = scene.engine.reads
    more = np.concatenate([WORDS[: RATE // 2 + RATE], sounds.silence(1)])
    recording.grow(more, sounds.silence(2.5))
    await scene.until(5.5)
    assert len(scene.told.of("final")) == 1
    assert scene.engine.reads == reads + 1
    assert scene.told.of("final")[0]["text"] != scene.told.of("interim")[0]["text"]


async def test_aside_the_callers_music_is_nobodys_words(tmp_path: Path) -> None:
    """While the seat talks with somebody else, the agent's channel is not listened to."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL, is_aside=True)
    await scene.until(0.1)
    recording.grow(sounds.silence(4), np.concatenate([WORDS, sounds.silence(1)]))
    await scene.until(4.0)
    assert scene.told.said == []


async def test_too_much_talk_is_shed_as_gaps(tmp_path: Path) -> None:
    """A listener that comes back after a minute tells what is said now; the rest is a gap."""
    scene = Scene(tmp_path)
    calls = [CallId(f"node1-{n}.0") for n in range(30)]
    recordings = [Recording(tmp_path, call, BEGAN) for call in calls]
    scene.talks(*calls)
    await scene.until(0.1)
    for recording in recordings:
        recording.grow(np.concatenate([WORDS, sounds.silence(1)]), sounds.silence(4))
    await scene.until(4.0, steps=10)
    scene.talks(*calls)
    await scene.until(4.0 + LATE_S, steps=10)
    gaps, finals = scene.told.of("gap"), scene.told.of("final")
    assert {one["call"] for one in (*gaps, *finals)} == set(calls)
    assert len(finals) == len({one["call"] for one in finals})
    assert len(finals) >= 10


async def test_who_talks_without_a_pause_loses_nothing(tmp_path: Path) -> None:
    """A long sentence is cut where it is quietest, seconds back: that is no overload and no gap."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    talk = np.concatenate([WORDS] * 9)[8000:]
    quiet = slice(round(7.6 * RATE), round(8.0 * RATE))
    talk[quiet] //= 64
    for second in range(1, 23):
        recording.grow(talk[(second - 1) * RATE : second * RATE], sounds.silence(1))
        scene.talks(CALL)
        await scene.until(second + 2.0)
    assert scene.told.of("gap") == []
    first, *_ = scene.told.of("final")
    assert 7.0 < first["end_s"] < 8.5


async def test_what_cannot_be_understood_is_a_gap(tmp_path: Path) -> None:
    """Never invented words, and never silence about it."""
    scene = Scene(tmp_path)
    scene.engine.is_deaf = True
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(np.concatenate([WORDS, sounds.silence(1)]), sounds.silence(4))
    await scene.until(4.0)
    assert [one["kind"] for one in scene.told.said] == ["gap"]


async def test_words_of_another_language_are_a_gap(tmp_path: Path) -> None:
    """What the engine makes of them is told to nobody, and no draft grows from it."""
    scene = Scene(tmp_path)
    scene.engine.is_abroad = True
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(np.concatenate([WORDS, sounds.silence(1)]), sounds.silence(4))
    await scene.until(4.0)
    assert [one["kind"] for one in scene.told.said] == ["gap"]


async def test_the_draft_grows_now_and_then(tmp_path: Path) -> None:
    """With what was said so far, not at every word, and the desk is told."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    for n in range(3):
        scene.talks(CALL)
        recording.grow(np.concatenate([WORDS, sounds.silence(1)]), sounds.silence(4))
        await scene.until(4.0 + n * 0.1, steps=2)
    assert [len(one.segments) for one in scene.drafts.written] == [1]
    scene.talks(CALL)
    await scene.until(4.5 + GROWS_S)
    assert len(scene.drafts.written[-1].segments) == 3
    assert scene.told.of("draft")[0]["order"] == "20261123-1"


async def test_a_talk_that_ends_is_written_to_its_end_and_forgotten(tmp_path: Path) -> None:
    """The last words need no silence after them; nothing of the call is kept."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    recording.grow(WORDS, sounds.silence(3))
    scene.talks()
    await scene.until(3.2)
    assert len(scene.told.of("final")) == 1
    assert scene.listener.followed == ()


async def test_without_a_brain_nobody_is_listened_to(tmp_path: Path) -> None:
    """A brain that tells nothing is not there, and no page either."""
    scene = Scene(tmp_path)
    recording = Recording(tmp_path, CALL, BEGAN)
    scene.talks(CALL)
    await scene.until(0.1)
    assert list(scene.listener.followed) == [CALL]
    recording.grow(sounds.silence(1), sounds.silence(1))
    await scene.until(SILENT_S + 1)
    assert list(scene.listener.followed) == []


async def test_nonsense_on_the_line_changes_nothing(tmp_path: Path) -> None:
    """What cannot be read is left out."""
    scene = Scene(tmp_path)
    scene.talks(CALL)
    scene.listener.told(b"{")
    await scene.until(0.1)
    assert scene.listener.followed == (CALL,)
