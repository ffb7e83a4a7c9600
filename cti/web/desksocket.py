"""The desk's websocket: frames in become events for the brain, the hub's messages go out.

A socket that is lost signs nobody out. One whose session is over, or whose person was blocked, is
closed while it is open, too. Frames are judged one at a time and each is answered;
a client that sends nonsense or floods is told so and closed.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

import structlog
from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cti.errors import DomainError, NotSignedIn, SeatTaken, SeatUnknown
from cti.events import AgentNotReady, AgentReady, AgentSignedIn, AgentSignedOut
from cti.ids import CallId, OfferId, SeatId, seat_id
from cti.ports import Brain
from cti.web.commands import COMMANDS, Command, NotReady, Plain, Popped, SignIn
from cti.web.desk import DESKS_PER_AGENT, DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused, error_body
from cti.web.frames import Desk, compact
from cti.web.metrics import Metrics
from cti.web.session import Sessions
from cti.web.streams import Since
from cti.web.wireroles import ASKED

FRAME_LIMIT: Final = 4096
"""Bytes of the largest frame a desk may send; ours are under 200."""
HEARTBEAT_S: Final = 10.0
"""A desk whose computer fell asleep is noticed within one and a half of these."""
SEND_S: Final = 5.0
CLOSE_S: Final = 2.0
FAULTS_ALLOWED: Final = 10
FRAMES_A_SECOND: Final = 20
FRAMES_AT_ONCE: Final = 40
REASON_LIMIT: Final = 40
TOO_SLOW: Final = 1013
"""Close code of a desk that did not read: connect again, a snapshot follows."""
REFUSED: Final = 1008
"""Close code of a desk that sent nonsense or too much, or whose session has ended."""

log = structlog.get_logger()


class Resume(BaseModel):
    """Where a page that lost its socket stopped. A page that has just been opened says nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: int | None = Field(None, ge=0, le=2**53 - 1, description="最后收到的编号")
    epoch: str = Field("", pattern=r"^[0-9a-f]{0,32}$", description="快照中的 epoch")
    page: str = Field("", pattern=r"^[0-9a-z-]{0,40}$", description="本页面自取的编号")

    def stopped(self) -> Since | None:
        """The place, if it is one."""
        return Since(self.epoch, self.since) if self.epoch and self.since is not None else None


class _Id(BaseModel):
    model_config = ConfigDict(strict=True)

    id: int | None = None


class DeskSocket:
    """Serves ``GET /api/v1/desk``."""

    def __init__(self, hub: DeskHub, brain: Brain, metrics: Metrics, sessions: Sessions) -> None:
        self._hub = hub
        self._sessions = sessions
        self._brain = brain
        self._metrics = metrics
        self.endpoint = Endpoint(
            method="GET",
            path="/api/v1/desk",
            does="座席工作台的 WebSocket：先收快照，再收连续编号的变化；断线重连可从断点续收。",
            roles=SEATED,
            handler=self.serve,
            query=Resume,
            status=101,
            refusals=("websocket-expected", "too-many-desks", "origin-refused"),
        )

    async def serve(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Serve one desk until either side goes."""
        who = ask.identity
        ws = web.WebSocketResponse(
            heartbeat=HEARTBEAT_S, max_msg_size=FRAME_LIMIT, timeout=CLOSE_S, compress=False
        )
        if not ws.can_prepare(request):
            raise Refused("websocket-expected")
        wanted: Resume = ask.query
        if self._hub.desks_of(who.user, wanted.page) >= DESKS_PER_AGENT:
            raise Refused("too-many-desks", limit=DESKS_PER_AGENT)
        await ws.prepare(request)
        watches = who.centre if who.role is Role.SUPERVISOR else None
        if watches is not None:
            self._hub.show_live(watches, self._brain.live(watches))
        view, since = self._brain.seat_of(who.user), wanted.stopped()
        desk = self._hub.open(who.user, view, watches, since=since, page=wanted.page)
        log.info("desk opened", agent=who.user, resumes=since is not None)
        try:
            async with asyncio.TaskGroup() as tasks:
                writer = tasks.create_task(self._write(ws, desk))
                guard = tasks.create_task(self._guard(ws, request, who))
                await self._read(ws, desk, who)
                writer.cancel()
                guard.cancel()
        finally:
            self._hub.close(desk)
            log.info("desk closed", agent=who.user, code=ws.close_code, dropped=desk.is_dropped)
        return ws

    async def _write(self, ws: web.WebSocketResponse, desk: Desk) -> None:
        try:
            while (frame := await desk.take()) is not None:
                text, popped_at = frame
                async with asyncio.timeout(SEND_S):
                    await ws.send_str(text)
                if popped_at is not None:
                    self._metrics.popped((datetime.now(UTC) - popped_at).total_seconds())
        except (TimeoutError, ConnectionError):
            desk.drop()
        await ws.close(code=TOO_SLOW, message=b"slow", drain=False)

    async def _guard(self, ws: web.WebSocketResponse, request: web.Request, who: Identity) -> None:
        """Close the desk when its session is over or its person was blocked."""
        loop = asyncio.get_running_loop()
        stands = True
        while stands:
            await asyncio.sleep(self._sessions.next_look_s(request))
            stands = await self._sessions.still_stands(request, who, loop.time())
        await ws.close(code=REFUSED, message=b"session over", drain=False)

    async def _read(self, ws: web.WebSocketResponse, desk: Desk, who: Identity) -> None:
        faults = 0
        allowance = _Allowance(asyncio.get_running_loop().time())
        async for message in ws:
            await asyncio.sleep(0)  # a client that floods must not keep the loop to itself
            if not allowance.takes_one(asyncio.get_running_loop().time()):
                await ws.close(code=REFUSED, message=b"too many frames")
                return
            text = message.data if message.type is WSMsgType.TEXT else None
            answer, is_fault = self._answer(text, who)
            desk.put(answer)
            faults += is_fault
            if faults > FAULTS_ALLOWED:
                await ws.close(code=REFUSED, message=b"too many faults")
                return

    def _answer(self, text: str | None, who: Identity) -> tuple[str, bool]:
        """The answer to one frame, and whether the frame was nonsense."""
        try:
            command = COMMANDS.validate_json(text if text is not None else "")
        except ValidationError:
            return compact({"re": _id_of(text), **error_body("bad-message")}), True
        try:
            if who.role not in ASKED[command.do]:
                raise Refused("role-refused")
            self._obey(command, who)
        except Refused as refused:
            return compact({"re": command.id, **error_body(refused.id, refused.details)}), False
        except DomainError as error:
            return compact({"re": command.id, **error_body(error.id, error.details)}), False
        return compact({"re": command.id, "ok": True}), False

    def _obey(self, command: Command, who: Identity) -> None:
        now = datetime.now(UTC)
        match command:
            case SignIn():
                self._sign_in(command, who, now)
            case NotReady():
                reason = _reason(command.reason)
                self._brain.submit(AgentNotReady(at=now, seat=self._seat(who), reason=reason))
            case Popped():
                wished = self._hub.painted(who.user, CallId(command.call), OfferId(command.offer))
                if wished is not None:
                    self._metrics.seen((now - wished).total_seconds())
            case Plain(do="ready"):
                self._brain.submit(AgentReady(at=now, seat=self._seat(who)))
            case Plain(do="sign-out"):
                self._brain.submit(AgentSignedOut(at=now, seat=self._seat(who)))
            case Plain(do="raise-hand"):
                self._seat(who)  # help comes to a seat
                self._hub.hands.rise(who.user, who.centre, now)
            case Plain(do="lower-hand"):
                self._hub.hands.fall(who.user)
            case Plain():
                pass  # ping: the answer is the whole of it

    def _sign_in(self, command: SignIn, who: Identity, now: datetime) -> None:
        seat = seat_id(who.centre, command.extension)
        view = self._brain.seat(seat)
        if view is None:
            raise SeatUnknown(f"no seat {seat}", extension=command.extension)
        if view.agent not in (None, who.user):
            raise SeatTaken(f"{seat} is taken", extension=command.extension)
        held = self._brain.seat_of(who.user)
        if held is not None and held.seat != seat:
            raise Refused("already-signed-in", extension=held.extension)
        if view.agent is None:  # the second tab of the same agent changes nothing
            self._brain.submit(AgentSignedIn(at=now, seat=seat, agent=who.user))

    def _seat(self, who: Identity) -> SeatId:
        view = self._brain.seat_of(who.user)
        if view is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        return view.seat


class _Allowance:
    """A bucket of frames that refills with time."""

    def __init__(self, now_s: float) -> None:
        self._left = float(FRAMES_AT_ONCE)
        self._at_s = now_s

    def takes_one(self, now_s: float) -> bool:
        """Whether one more frame is allowed now."""
        refill = (now_s - self._at_s) * FRAMES_A_SECOND
        self._left = min(float(FRAMES_AT_ONCE), self._left + refill) - 1
        self._at_s = now_s
        return self._left >= 0


def _reason(said: str) -> str:
    """The reason without its edges and control characters; refused when empty or too long."""
    reason = "".join(c for c in said if c.isprintable()).strip()
    if not reason:
        raise Refused("reason-missing")
    if len(reason) > REASON_LIMIT:
        raise Refused("reason-too-long", limit=REASON_LIMIT)
    return reason


def _id_of(text: str | None) -> int | None:
    """The id of a frame that could not be understood, if it at least had one."""
    try:
        return _Id.model_validate_json(text or "").id
    except ValidationError:
        return None
