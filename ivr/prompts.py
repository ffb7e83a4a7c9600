"""Prompts and other sentences as files: built for Asterisk, or spoken on request."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.settings import CHECKOUT, Settings
from ivr.cache import Clip, ClipCache, clip_cache, make_clips
from ivr.digits import spell
from ivr.sound import (
    TELEPHONE_RATE,
    RecordingUnusable,
    join,
    read_recording,
    read_wav,
    write_wav,
)
from ivr.text import PromptText, sentences

SENTENCE_PAUSE_S = 0.15
"""Silence between sentences, beside what each brings along."""

PACE = {"zf_xiaobei": 1.25, "zm_yunxia": 1.05}
"""Speed that makes a voice as quick as zf_xiaoxiao, whose pace the texts' lengths are cut for."""

Progress = Callable[[int, int, PromptText], None]
"""Told after each prompt: how many are in place, of how many, and which one it was."""


@dataclass(frozen=True, slots=True)
class Built:
    """What ``build`` did: sentences made anew, recordings taken, recordings refused and why."""

    sentences_made: int
    recorded: tuple[str, ...]
    refused: tuple[RecordingUnusable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """A text to be spoken into a file."""

    text: str
    voice: str
    path: Path
    rate: int = TELEPHONE_RATE
    speed: float = 1.0

    @property
    def clips(self) -> list[Clip]:
        """Its sentences."""
        return [
            Clip(said=spell(sentence), voice=self.voice, speed=self.speed, rate=self.rate)
            for sentence in sentences(self.text)
        ]


def prompt_file(settings: Settings, prompt_id: str) -> Path:
    """Where Asterisk finds that prompt."""
    return settings.home / "sounds" / "zh" / f"{prompt_id}.wav"


def build(
    settings: Settings,
    prompts: Sequence[PromptText],
    *,
    voice: str,
    progress: Progress | None = None,
    recordings: Path | None = None,
    workers: int | None = None,
    in_background: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Built:
    """Put every prompt in place under ``home/sounds/zh``; make only what isn't there yet.

    A usable file ``<id>.*`` in ``recordings`` (by default the profile's ``prompts`` folder) is
    played instead of the text; an unusable one is refused and the text is spoken. Prompts come
    into place in about the given order; ``progress`` is called in this process. Blocks for as
    long as the voice takes; may be interrupted and called again. Once ``is_wanted`` says no,
    ``Unwanted`` is raised within a second.
    """
    folder = recordings or CHECKOUT / "config" / "profiles" / settings.profile / "prompts"
    placed = 0
    recorded: list[str] = []
    refused: list[RecordingUnusable] = []
    to_speak: list[tuple[PromptText, Utterance]] = []

    def done(prompt: PromptText) -> None:
        nonlocal placed
        placed += 1
        if progress is not None:
            progress(placed, len(prompts), prompt)

    for prompt in prompts:
        file = prompt_file(settings, prompt.id)
        try:
            if _place_recording(folder, prompt.id, file):
                recorded.append(prompt.id)
                done(prompt)
                continue
        except RecordingUnusable as error:
            refused.append(error)
        speed = PACE.get(voice, 1.0)
        to_speak.append((prompt, Utterance(text=prompt.text, voice=voice, path=file, speed=speed)))

    made = _speak(
        settings,
        [utterance for _, utterance in to_speak],
        lambda index: done(to_speak[index][0]),
        workers=workers,
        in_background=in_background,
        is_wanted=is_wanted,
    )
    return Built(made, tuple(recorded), tuple(refused))


def say(
    settings: Settings, text: str, voice: str, out_path: Path, rate: int = TELEPHONE_RATE
) -> float:
    """Speak any text into a WAV file, in this process; return its length in seconds.

    Levelled like the prompts, 16-bit mono at ``rate``. What was said before comes from the
    cache. Raises ``VoiceUnknown`` or ``VoiceModelMissing``; a text with nothing to say is a
    ``ValueError``.
    """
    utterance = Utterance(text=text, voice=voice, path=out_path, rate=rate)
    if not utterance.clips:
        raise ValueError("nothing to say")
    _speak(settings, [utterance], lambda _: None, workers=0)
    samples, _ = read_wav(out_path)
    return len(samples) / rate


def say_all(settings: Settings, utterances: Sequence[Utterance]) -> None:
    """Speak many texts, each in its own voice, on all processors. As ``say`` otherwise."""
    _speak(settings, utterances, lambda _: None)


def _speak(
    settings: Settings,
    utterances: Sequence[Utterance],
    on_written: Callable[[int], None],
    *,
    workers: int | None = None,
    in_background: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> int:
    """Write each utterance as soon as its last sentence is there."""
    kept = clip_cache(settings)
    waiting = [set(utterance.clips) for utterance in utterances]
    wanted_by: dict[Clip, list[int]] = {}
    for index, utterance in enumerate(utterances):
        for clip in dict.fromkeys(utterance.clips):
            wanted_by.setdefault(clip, []).append(index)

    def on_ready(clip: Clip) -> None:
        for index in wanted_by[clip]:
            waiting[index].discard(clip)
            if not waiting[index]:
                _write(kept, utterances[index])
                on_written(index)

    return make_clips(
        settings,
        list(wanted_by),
        on_ready,
        workers=workers,
        in_background=in_background,
        is_wanted=is_wanted,
    )


def _write(kept: ClipCache, utterance: Utterance) -> None:
    parts = [kept.read(clip) for clip in utterance.clips]
    write_wav(utterance.path, join(parts, utterance.rate, SENTENCE_PAUSE_S), utterance.rate)


def _place_recording(folder: Path, prompt_id: str, file: Path) -> bool:
    found = sorted(folder.glob(f"{prompt_id}.*")) if folder.is_dir() else []
    if not found:
        return False
    write_wav(file, read_recording(found[0]), TELEPHONE_RATE)
    return True
