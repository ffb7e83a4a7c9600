"""What a recording says, without any call. Apart from its commands: loading it takes a second."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import soundfile

from config.numberplan import explain
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from config.workdays import CHINA
from cti.cli.options import Refused, say_refused
from cti.ids import AgentId, CallId, SeatId
from records.callrecord import CallRecord, Disposition, Talk
from records.complete import hotwords
from records.draft import WorkOrderDraft
from records.engine.protocol import Engine, Segment, Transcript
from records.engine.registry import EngineMissing, load_mended
from records.explained import explained
from records.extract import extract
from records.said import joined
from records.transcribe import Heard, listen, read_channels
from records.weights import kept


def transcripts(settings: Settings, city: Profile, audio: Sequence[Path]) -> list[Transcript]:
    """Write down each recording. Refuses what is no recording before the engine is loaded."""
    channels = [_read(path) for path in audio]
    engine = _engine(settings)
    words = hotwords(city)
    return [listen(each, engine, words) for each in channels]


def draft_of(
    settings: Settings, city: Profile, audio: Path, dialled: str, ani: str, at: datetime | None
) -> tuple[WorkOrderDraft, Transcript]:
    """The draft of a call that was answered at once and lasted as long as the recording."""
    channels = _read(audio)
    transcript = listen(channels, _engine(settings), hotwords(city))
    seconds = max((channel.length_s for channel in channels), default=0.0)
    came = at.replace(tzinfo=at.tzinfo or CHINA) if at is not None else _written_at(audio)
    ended = came + timedelta(seconds=seconds)
    digest = hashlib.sha256(audio.read_bytes()).hexdigest()
    talk = Talk(seat=SeatId(""), agent=AgentId(""), since=came, until=ended)
    record = CallRecord(
        call=CallId(f"file-{digest[:16]}"),
        centre=city.centre,
        line=explain(Platform(centres=(city,)), dialled, ani=ani, at=came).line.number,
        dnis=dialled,
        ani=ani,
        arrived_at=came,
        ended_at=ended,
        disposition=Disposition.ANSWERED,
        talks=(talk,),
    )
    draft = extract(record, transcript, city, seconds, learned=kept())
    # No call: there is nothing behind the API's address of its recording.
    recording = draft.recording.model_copy(update={"url": None})
    return draft.model_copy(update={"recording": recording}), transcript


def why(draft: WorkOrderDraft, transcript: Transcript, city: Profile) -> list[str]:
    """Why demand and office are what they are, a line each."""
    said = joined(s for s in transcript.segments if s.channel == "caller")
    line = city.line(draft.dialled.number)
    return explained(said.text, line.department, line.name, city, kept()) if said.text else []


def _written_at(audio: Path) -> datetime:
    return datetime.fromtimestamp(audio.stat().st_mtime, UTC)


def _read(path: Path) -> list[Heard]:
    try:
        return read_channels(path)
    except soundfile.LibsndfileError:
        say_refused(f"{path} 不是可以读取的录音; 请提供 WAV、FLAC、OGG 或 MP3 文件")
        raise Refused from None


def _engine(settings: Settings) -> Engine:
    try:
        return load_mended(settings)
    except EngineMissing as missing:
        say_refused(str(missing))
        raise Refused from None


def line(segment: Segment) -> str:
    """A segment for people."""
    return f"{segment.start_s:6.1f}–{segment.end_s:.1f}  {segment.channel}  {segment.text}"


def result(path: Path, transcript: Transcript) -> dict[str, Any]:
    """A transcript as JSON."""
    return {
        "file": str(path),
        "text": "".join(segment.text for segment in transcript.segments),
        "engine": transcript.engine,
        "confidence": transcript.confidence,
        "gaps": [
            {"channel": gap.channel, "start_s": gap.start_s, "end_s": gap.end_s}
            for gap in transcript.gaps
        ],
        "segments": [
            {
                "channel": segment.channel,
                "start_s": segment.start_s,
                "end_s": segment.end_s,
                "text": segment.text,
                "raw": segment.raw or segment.text,
                "confidence": segment.confidence,
            }
            for segment in transcript.segments
        ],
    }
