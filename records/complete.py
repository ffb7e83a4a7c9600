"""The worker's job: from a call's two files to its transcript and its first draft."""

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import soundfile
import structlog

from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.ids import CallId
from records import consults, parts, wav
from records.callerpast import OPEN_FOR
from records.callrecord import CallRecord, Direction
from records.draft import WorkOrderDraft
from records.engine.protocol import Engine, Gap, Segment, Transcript
from records.extract import extract
from records.orders import OrderFilter
from records.samedemand import with_same_demand
from records.speaker import by_speaker
from records.store import CallStore, RecordingFiles
from records.transcribe import Window, listen_call
from records.weights import kept

log = structlog.get_logger()

_TRADE = ("咨询", "求助", "投诉", "举报", "建议", "反映")
_LATEST_START = timedelta(seconds=3)
"""Recording starts when the switch answers, at most this long after the call arrived."""
_BEFORE_TALK_S = 0.1
"""Listened to before a talk is known to begin: a greeting must not lose its first syllable."""
_AFTER_TALK_S = 0.1
"""Listened to after it: the farewell that follows is ours, and nobody's words."""


def hotwords(profile: Profile) -> tuple[str, ...]:
    """The words an engine should listen for, the likeliest first: it takes as many as it can.

    All of them are likelier than others where a text is mended.
    """
    districts = [row.district for row in profile.gazetteer]
    townships = [row.township for row in profile.gazetteer if row.township]
    offices = [name for office in profile.offices for name in (office.name, *office.aliases)]
    lines = [name for line in profile.lines for name in (line.department, line.name) if name]
    words = [*_TRADE, profile.city, *districts, *profile.terms, *offices, *lines, *townships]
    return tuple(dict.fromkeys(words))


async def complete(
    call: CallId, settings: Settings, store: CallStore, engine: Engine, platform: Platform
) -> WorkOrderDraft:
    """Complete one call's draft and save it with the transcript; return what was written.

    The words to listen for, the places and the offices are those of the call's own centre.

    May be run again for the same call, also at once by another worker: it writes the same.
    The draft is saved before the stereo file is made, so a full disk costs only that file; the
    ``OSError`` is raised then, and the job is owed on. Raises ``LookupError`` when no such call is
    known yet, SQLAlchemy's errors when the database is away. Cancelled, it stops at the next
    utterance and writes nothing.
    """
    record = await store.call(call)
    if record is None:
        raise LookupError("the call is not in the database yet")
    profile = profile_of(record, platform)
    (transcript, seconds), (aside, said) = await _listen_to_all(
        record, settings.recordings, engine, hotwords(profile)
    )
    draft = extract(record, transcript, profile, seconds, await store.journal(call), learned=kept())
    linked = draft.recording.model_copy(update={"parts": consults.shown(record, aside)})
    draft = draft.model_copy(update={"recording": linked})
    draft = with_same_demand(draft, await _theirs(store, record))
    await store.save_draft(call, draft, [*transcript.segments, *said])
    if seconds is not None:
        files, failure = await asyncio.to_thread(_join, record, settings.recordings, seconds)
        await store.write_recordings([files])
        if failure is not None:
            raise failure
    await asyncio.to_thread(consults.join, aside)
    log.info(
        "draft completed",
        call=call,
        segments=len(transcript.segments),
        gaps=len(transcript.gaps),
        demand=draft.demand_type,
    )
    return draft


async def _theirs(store: CallStore, record: CallRecord) -> list[WorkOrderDraft]:
    """The caller's other orders that a new one may belong to; none of a number that is withheld."""
    if not record.ani:
        return []
    since = record.arrived_at - OPEN_FOR
    wanted = OrderFilter(centre=record.centre, caller=record.ani, since=since)
    return [order.draft for order in await store.orders(wanted)]


def profile_of(record: CallRecord, platform: Platform) -> Profile:
    """The call's own centre."""
    return platform.centre_or_home(record.centre)


def talk_windows(record: CallRecord, seconds: float, lengths: Sequence[float] = ()) -> list[Window]:
    """When a seat was on the line, in seconds of the recording; ``lengths``: its parts', if many.

    The recording's start is reckoned back from its end, the hang-up; no more than a little after
    the call arrived, because a killed Asterisk leaves a recording without its end. A call out is
    recorded from when the agent picked up the own phone.
    """
    if lengths:
        return parts.windows(record, lengths, _BEFORE_TALK_S, _AFTER_TALK_S)
    start = record.arrived_at
    if record.direction is Direction.OUT and record.rung:
        start = record.rung[0].at
    if record.ended_at is not None:
        reckoned = record.ended_at - timedelta(seconds=seconds)
        start = min(max(start, reckoned), start + _LATEST_START)
    windows = []
    for talk in record.talks:
        since = (talk.since - start).total_seconds() - _BEFORE_TALK_S
        until = (
            seconds if talk.until is None else (talk.until - start).total_seconds() + _AFTER_TALK_S
        )
        windows.append((max(0.0, since), min(seconds, until)))
    return windows


async def _listen_to_all(
    record: CallRecord, recordings: Path, engine: Engine, words: tuple[str, ...]
) -> tuple[tuple[Transcript, float | None], tuple[list[consults.Consult], list[Segment]]]:
    """What was said with the caller, and what without. Cancelled, stops at the next utterance."""
    stop = threading.Event()
    try:
        with_caller = await asyncio.to_thread(_listen, record, recordings, engine, words, stop)
        aside = await asyncio.to_thread(_listen_aside, record, recordings, engine, words, stop)
    finally:
        stop.set()
    return with_caller, aside


def _listen(
    record: CallRecord,
    recordings: Path,
    engine: Engine,
    words: tuple[str, ...],
    stop: threading.Event,
) -> tuple[Transcript, float | None]:
    """Mend, measure and transcribe. A recording that cannot be read is one long gap."""
    for side in ("rx", "tx"):
        path = recordings / f"{record.call}-{side}.wav"
        with suppress(FileNotFoundError, wav.NotARecording):
            if wav.mend(path):
                log.warning("recording mended", call=record.call, file=path.name)
    with parts.whole(recordings, record) as found:
        return _transcribe(record, found, engine, words, stop)


def _listen_aside(
    record: CallRecord,
    recordings: Path,
    engine: Engine,
    words: tuple[str, ...],
    stop: threading.Event,
) -> tuple[list[consults.Consult], list[Segment]]:
    """What was said with recipients without the caller, where the profile keeps it."""
    found = consults.find(recordings, record)
    return found, consults.listen(record, found, engine, words, stop.is_set)


def _transcribe(
    record: CallRecord,
    found: parts.Whole,
    engine: Engine,
    words: tuple[str, ...],
    stop: threading.Event,
) -> tuple[Transcript, float | None]:
    rx, tx = found.rx, found.tx
    if not rx.is_file() and not tx.is_file():
        return Transcript(engine=""), None
    seconds = max(wav.seconds(rx), wav.seconds(tx))
    try:
        others = by_speaker(record, talk_windows(record, seconds, found.lengths))
        agents = others.pop("agent")
        heard = listen_call(rx, tx, engine, words, agents, stop.is_set, others)
        return heard, seconds
    except soundfile.LibsndfileError:
        log.warning("recording cannot be read", call=record.call)
        gap = Gap(channel="caller", start_s=0.0, end_s=round(seconds, 2))
        return Transcript(engine=engine.name, gaps=(gap,)), seconds


def _join(
    record: CallRecord, recordings: Path, seconds: float
) -> tuple[RecordingFiles, OSError | None]:
    """Make the stereo file unless it is there; say which files there are, and what failed."""
    call = record.call
    rx, tx = (recordings / f"{call}-{side}.wav" for side in ("rx", "tx"))
    stereo = recordings / f"{call}.wav"
    sides = [path for path in (rx, tx) if path.is_file()]

    def is_made() -> bool:
        return stereo.is_file() and all(
            side.stat().st_mtime <= stereo.stat().st_mtime for side in sides
        )

    failure: OSError | None = None
    try:
        if record.kept_at is not None or not is_made():
            with parts.whole(recordings, record) as found:
                wav.stereo(found.rx, found.tx, stereo)
    except wav.NotARecording:
        log.warning("no stereo file: recording cannot be read", call=call)
    except OSError as error:
        # Another worker may have made it at the same moment and taken our part away.
        failure = None if is_made() else error
    files = RecordingFiles(
        call=call,
        rx=rx.name if rx in sides else None,
        tx=tx.name if tx in sides else None,
        stereo=stereo.name if stereo.is_file() else None,
        seconds=seconds,
    )
    return files, failure
