"""Prompts and other sentences as files: built for Asterisk, or spoken on request.

A prompt's file is named for all that shaped it (``PromptText.name``): one that is there need not
be looked into, and another wording lies beside it. What plays by a name that never changes
(``wait-1``) is a link to such a file.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.settings import Settings
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


def sounds(settings: Settings) -> Path:
    """The folder that Asterisk plays prompts from."""
    return settings.home / "sounds" / "zh"


def prompt_file(settings: Settings, prompt: PromptText) -> Path:
    """Where Asterisk finds that prompt in that wording."""
    return sounds(settings) / f"{prompt.name}.wav"


def seconds_of(settings: Settings, prompt: PromptText) -> float | None:
    """How long the prompt's sound is; None while there is none."""
    try:
        samples, rate = read_wav(prompt_file(settings, prompt))
    except FileNotFoundError:
        return None
    return round(len(samples) / rate, 2)


def missing(settings: Settings, prompts: Iterable[PromptText]) -> list[PromptText]:
    """Those that have no file yet. Looks into the folder once: cheap for many thousands."""
    folder = sounds(settings)
    there = set(os.listdir(folder)) if folder.is_dir() else set()
    return [prompt for prompt in prompts if f"{prompt.name}.wav" not in there]


def build(
    settings: Settings,
    prompts: Sequence[PromptText],
    *,
    recordings: Sequence[Path] = (),
    progress: Progress | None = None,
    workers: int | None = None,
    in_background: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Built:
    """Put every prompt in place under ``home/sounds/zh``; make only what isn't there yet.

    A prompt with a recording plays the file ``<id>.*`` of that content in one of the folders
    ``recordings``; one that is gone or unusable is refused and the text is spoken. Prompts come
    into place in about the given order; ``progress`` is called in this process. Blocks for as
    long as the voice takes; may be interrupted and called again. Once ``is_wanted`` says no,
    ``Unwanted`` is raised within a second.
    """
    absent = missing(settings, prompts)
    placed = len(prompts) - len(absent)
    recorded: list[str] = []
    refused: list[RecordingUnusable] = []
    to_speak: list[PromptText] = []

    def done(prompt: PromptText) -> None:
        nonlocal placed
        placed += 1
        if progress is not None:
            progress(placed, len(prompts), prompt)

    if progress is not None and placed:
        progress(placed, len(prompts), prompts[0])
    for prompt in absent:
        if prompt.recording:
            try:
                place_recording(prompt, recordings, prompt_file(settings, prompt))
            except RecordingUnusable as error:
                refused.append(error)
            else:
                recorded.append(prompt.id)
                done(prompt)
                continue
        to_speak.append(prompt)

    made = _speak(
        settings,
        [utterance(prompt, prompt_file(settings, prompt)) for prompt in to_speak],
        lambda index: done(to_speak[index]),
        workers=workers,
        in_background=in_background,
        is_wanted=is_wanted,
    )
    return Built(made, tuple(recorded), tuple(refused))


def utterance(prompt: PromptText, file: Path) -> Utterance:
    """The prompt, to be spoken into that file in its voice and at its pace."""
    speed = prompt.speed * PACE.get(prompt.voice, 1.0)
    return Utterance(text=prompt.text, voice=prompt.voice, speed=speed, path=file)


def link(settings: Settings, fixed: str, prompt: PromptText) -> None:
    """Let the fixed name play that prompt from now on. Atomic; the prompt must be in place."""
    file = sounds(settings) / f"{fixed}.wav"
    target = f"{prompt.name}.wav"
    if file.is_symlink() and str(file.readlink()) == target:
        return
    aside = file.with_name(f".{fixed}.{os.getpid()}.link")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.replace(file)


def place_recording(prompt: PromptText, folders: Iterable[Path], file: Path) -> None:
    """Make the prompt's file from its recording. Raises ``RecordingUnusable``."""
    for folder in folders:
        for found in sorted(folder.glob(f"{prompt.id}.*")) if folder.is_dir() else []:
            if recording_digest(found.read_bytes()).startswith(prompt.recording):
                write_wav(file, read_recording(found), TELEPHONE_RATE)
                return
    name = f"{prompt.id}.*"
    raise RecordingUnusable(f"{name}：找不到这段录音", file=name)


def recording_digest(content: bytes) -> str:
    """Name a recording by its content; ``Profile.recorded`` holds the beginning of it."""
    return hashlib.sha256(content).hexdigest()


def say(
    settings: Settings, text: str, voice: str, out_path: Path, rate: int = TELEPHONE_RATE
) -> float:
    """Speak any text into a WAV file, in this process; return its length in seconds.

    Levelled like the prompts, 16-bit mono at ``rate``. What was said before comes from the
    cache. Raises ``VoiceUnknown`` or ``VoiceModelMissing``; a text with nothing to say is a
    ``ValueError``.
    """
    spoken = Utterance(text=text, voice=voice, path=out_path, rate=rate)
    if not spoken.clips:
        raise ValueError("nothing to say")
    _speak(settings, [spoken], lambda _: None, workers=0)
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
