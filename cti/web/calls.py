"""Calls over HTTP: what happened, what was said, how it sounded."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from aiohttp import web
from pydantic import BaseModel, Field

from cti.ids import CallId, mask
from cti.web.desk import DeskHub
from cti.web.endpoint import READERS, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.orders import Page
from cti.web.ports import Store
from cti.web.sight import centre_wanted, centres_seen, may_see, may_see_mark
from records.callrecord import CallRecord, Source

CALL: Final = "{call:[A-Za-z0-9._-]{1,64}}"


class OfferShown(BaseModel):
    """One ringing: of one seat, or of the line's own seats at another exchange."""

    seat: str
    peer: str
    """Whose exchange was dialled; '' for a seat."""
    at: datetime
    outcome: str
    leg: str
    """Of a recipient whom a move rang; '' for a ringing of the queue."""
    target: str
    """Whom the move was to reach; '' if nobody knows, or a number was typed."""


class TalkShown(BaseModel):
    """One agent, somebody at another exchange, or a recipient talked with the caller."""

    seat: str
    agent: str
    peer: str
    leg: str
    target: str
    since: datetime
    until: datetime | None


class CallShown(BaseModel):
    """A call, from its first ring to its end."""

    call_id: str
    centre: str
    line: str
    dnis: str
    ani: str
    """Masked unless the reader may see it."""
    direction: Literal["in", "out", "told"]
    """``out``: a seat called the citizen, whose number ``ani`` is all the same."""
    about: str | None
    """The missed call that a call out answers."""
    arrived_at: datetime
    waited_since: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    disposition: str
    cause: int
    has_fallen_back: bool
    is_rebuilt: bool
    revision: int
    """The applied city that routed the call; 0: not known."""
    satisfaction: int | None
    """The caller's key after the talk, 5 (very satisfied) to 1; null for seats."""
    offers: list[OfferShown]
    talks: list[TalkShown]


class CallPage(BaseModel):
    """A part of a list of calls."""

    items: list[CallShown]
    limit: int
    offset: int


class SegmentShown(BaseModel):
    """What one side said in one breath."""

    channel: str
    """``caller``, ``agent``; ``expert`` and ``office`` are whom a move brought."""
    part: str
    """Of which consult's own recording, by its ``part``; '' for the call's."""
    start_s: float
    end_s: float
    text: str
    confidence: float | None
    raw: str
    """What the engine heard, where homophones in ``text`` were mended; '' where none was."""


class WhichRecording(BaseModel):
    """Which of a call's recordings is to be heard."""

    part: str = Field(default="", pattern=r"^(m[0-9]{1,4})?$")
    """A consult's own; '' for the call's."""


class TranscriptShown(BaseModel):
    """All that was said, in order."""

    call_id: str
    segments: list[SegmentShown]


class Calls:
    """Serves ``/api/v1/calls``."""

    def __init__(self, store: Store, recordings: Path, hub: DeskHub) -> None:
        self._store = store
        self._hub = hub
        self._recordings = recordings

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, show, listen, read."""
        path = "/api/v1/calls"
        return (
            Endpoint(
                method="GET",
                path=path,
                does="通话列表，新的在前。",
                roles=READERS | {Role.ADMIN},
                handler=self.list,
                query=Page,
                answer=CallPage,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{CALL}",
                does="一通电话。",
                roles=READERS | {Role.ADMIN},
                handler=self.show,
                answer=CallShown,
                refusals=("call-unknown",),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{CALL}/recording",
                does="录音：左声道来电人，右声道座席；part：转接方另录的。支持区间请求，收听留痕。",
                roles=READERS,
                handler=self.recording,
                query=WhichRecording,
                media="audio/wav",
                also=(206,),
                refusals=(
                    "call-unknown",
                    "not-your-call",
                    "recording-missing",
                    "range-unsatisfiable",
                ),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{CALL}/transcript",
                does="通话文字，按说话先后。",
                roles=READERS,
                handler=self.transcript,
                answer=TranscriptShown,
                refusals=("call-unknown", "not-your-call"),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List a centre's calls."""
        page: Page = ask.query
        found = await self._store.calls(
            centre=centre_wanted(ask.identity, self._hub.platform, page.centre),
            since=page.since,
            until=page.until,
            limit=page.limit,
            offset=page.offset,
        )
        items = [call_shown(record, ask.identity) for record in found]
        return web.json_response({"items": items, "limit": page.limit, "offset": page.offset})

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Show one call."""
        return web.json_response(call_shown(await self._read(request, ask.identity), ask.identity))

    async def transcript(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Show what was said, to whoever took the call and to those who watch over it."""
        record = await self._read_whole(request, ask.identity)
        segments = [
            SegmentShown(
                channel=piece.channel,
                part=piece.part,
                start_s=piece.start_s,
                end_s=piece.end_s,
                text=piece.text,
                confidence=piece.confidence,
                raw=piece.raw,
            )
            for piece in await self._store.segments(record.call)
        ]
        shown = TranscriptShown(call_id=record.call, segments=segments)
        return web.json_response(shown.model_dump())

    async def recording(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the audio. Each hearing from the beginning is written into the audit."""
        record = await self._read_whole(request, ask.identity)
        which: WhichRecording = ask.query
        path, size = await asyncio.to_thread(self._locate, await self._file(record, which.part))
        start = _start_of(request, size)
        if start == 0:
            who = ask.identity
            data: dict[str, str] = {"call": record.call}
            if which.part:
                data["part"] = which.part
            if who.centre != record.centre:
                data["from"] = who.centre  # the centre heard is told that another one listened
            await self._store.write_audit(record.centre, who.user, "recording-heard", data)
        return web.FileResponse(
            path, headers={"Content-Type": "audio/wav", "Cache-Control": "no-store, private"}
        )

    async def _file(self, record: CallRecord, part: str) -> str:
        """The name of the stereo file: the call's, or that of one of its recipients."""
        if part:
            leg = f"{record.call}-{part}"
            if all(offer.leg != leg for offer in record.offers):
                raise Refused("recording-missing")
            return f"{leg}.wav"
        file = await self._store.recording(record.call)
        if file is None or file.stereo is None:
            raise Refused("recording-missing")
        return file.stereo

    def _locate(self, name: str) -> tuple[Path, int]:
        """The file and its size; refused when it is not a file of the recordings' directory."""
        root = self._recordings.resolve()
        try:
            path = (root / name).resolve(strict=True)
            if not path.is_relative_to(root) or not path.is_file():
                raise Refused("recording-missing")
            return path, path.stat().st_size
        except (OSError, ValueError):
            raise Refused("recording-missing") from None

    async def _read(self, request: web.Request, who: Identity) -> CallRecord:
        record = await self._store.call(CallId(request.match_info["call"]))
        if record is None or record.centre not in centres_seen(who, self._hub.platform):
            raise Refused("call-unknown")
        return record

    async def _read_whole(self, request: web.Request, who: Identity) -> CallRecord:
        record = await self._read(request, who)
        if not may_see(record, who):
            raise Refused("not-your-call")
        return record


def call_shown(record: CallRecord, who: Identity) -> dict[str, Any]:
    """A call as that reader may see it."""
    return CallShown(
        call_id=record.call,
        centre=record.centre,
        line=record.line,
        dnis=record.dnis,
        ani=record.ani if may_see(record, who) else mask(record.ani),
        direction=record.direction.value,
        about=record.about,
        arrived_at=record.arrived_at,
        waited_since=record.waited_since,
        answered_at=record.answered_at,
        ended_at=record.ended_at,
        disposition=record.disposition.value,
        cause=record.cause,
        has_fallen_back=record.has_fallen_back,
        is_rebuilt=record.source is not Source.LIVE,
        revision=record.revision,
        satisfaction=record.satisfaction if may_see_mark(who) else None,
        offers=[
            OfferShown(
                seat=o.seat, peer=o.peer, at=o.at, outcome=o.outcome, leg=o.leg, target=o.target
            )
            for o in record.offers
        ],
        talks=[
            TalkShown(
                seat=t.seat,
                agent=t.agent,
                peer=t.peer,
                leg=t.leg,
                target=t.target,
                since=t.since,
                until=t.until,
            )
            for t in record.talks
        ],
    ).model_dump(mode="json")


def _start_of(request: web.Request, size: int) -> int:
    """The first byte asked for; refused when the range is not within the file."""
    try:
        wanted = request.http_range
    except ValueError:
        raise Refused("range-unsatisfiable", headers={"Content-Range": f"bytes */{size}"}) from None
    start = wanted.start or 0
    if start < 0:
        start = max(0, size + start)
    if start >= size:
        raise Refused("range-unsatisfiable", headers={"Content-Range": f"bytes */{size}"})
    return start
