"""The one gate: every request passes here, is known, allowed, understood, and written down.

Handlers behind it get an ``Ask`` whose role, query and body have been checked. Whatever they
raise leaves here as the one JSON shape of errors.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from cti.web.endpoint import Ask, Endpoint, Identity
from cti.web.errors import Refused, answer_of, error_answer
from cti.web.metrics import Metrics
from cti.web.ports import STORE_FAULTS
from cti.web.session import LOOK_S, Sessions

BODY_S: Final = 10.0
URGENT_LOOK_S: Final = 0.1
"""Of the 300 ms from an emergency key to the emergency line's ring."""
QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: logged only when they fail."""
_FRAMES: Final = "frame-ancestors "
NOBODY: Final = "'none'"
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        f"{_FRAMES}{NOBODY}"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
}

log = structlog.get_logger()
Model = TypeVar("Model", bound=BaseModel)
Serve = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Gate:
    """Checks requests for endpoints, and answers for what goes wrong."""

    def __init__(self, sessions: Sessions, metrics: Metrics) -> None:
        self._sessions = sessions
        self._metrics = metrics

    def serve(self, endpoint: Endpoint) -> Serve:
        """The aiohttp handler of an endpoint."""

        async def handler(request: web.Request) -> web.StreamResponse:
            who = None if endpoint.is_public else await self._who(request, endpoint)
            query = _query(request, endpoint.query) if endpoint.query else None
            body = await _body(request, endpoint, endpoint.body) if endpoint.body else None
            upload = await _upload(request, endpoint) if endpoint.upload else b""
            ask = Ask(who=who, query=query, body=body, upload=upload)
            return await endpoint.handler(request, ask)

        return handler

    async def _who(self, request: web.Request, endpoint: Endpoint) -> Identity:
        now_s = asyncio.get_running_loop().time()
        within_s = URGENT_LOOK_S if endpoint.is_urgent else LOOK_S
        who = await self._sessions.identify(request, now_s, within_s)
        if who.role not in endpoint.roles:
            raise Refused("role-refused")
        return who

    @web.middleware
    async def middleware(self, request: web.Request, handler: Serve) -> web.StreamResponse:
        """Outermost: time, answer, write down."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        try:
            response = await _answered(request, handler)
        except asyncio.CancelledError:
            self._note(request, 499, loop.time() - began_s)
            raise
        self._note(request, response.status, loop.time() - began_s)
        return response

    def _note(self, request: web.Request, status: int, took_s: float) -> None:
        route = template_of(request)
        method = request.method if request.method in _METHODS else "OTHER"
        self._metrics.answered(method, route, status, took_s)
        if route in QUIET and status < 400:
            return
        log.info(
            "http answered", method=method, route=route, status=status, ms=round(took_s * 1000, 1)
        )


_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template_of(request: web.Request) -> str:
    """The route's template: the only form of an address that is logged or counted."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "(none)"


Prepare = Callable[[web.Request, web.StreamResponse], Awaitable[None]]


def put_headers(
    phone_at: Callable[[str], str], framers: Callable[[], Sequence[str]] = lambda: ()
) -> Prepare:
    """Tell browsers what this site never does: the ``on_response_prepare`` signal.

    ``phone_at``: where the phone of a page from that host goes, the one address elsewhere.
    ``framers``: whose pages may hold ours in a frame.
    """

    async def put(request: web.Request, response: web.StreamResponse) -> None:
        own = "connect-src 'self'"
        phone = "/".join(
            phone_at(request.host).split("/")[:3]
        )  # of an address with a path, the host
        may_frame = f"{_FRAMES}{' '.join(framers()) or NOBODY}"
        for name, value in HEADERS.items():
            said = value.replace(own, f"{own} {phone}".rstrip())
            response.headers.setdefault(name, said.replace(f"{_FRAMES}{NOBODY}", may_frame))
        response.headers.setdefault("Cache-Control", "no-store")

    return put


async def _answered(request: web.Request, serve: Serve) -> web.StreamResponse:
    try:
        return await serve(request)
    except STORE_FAULTS as error:
        log.warning("store unavailable", route=template_of(request), why=type(error).__name__)
        return error_answer("store-unavailable", headers={"Retry-After": "2"})
    except Exception as error:  # noqa: BLE001 - the last resort: a fault of ours is answered, too
        answer = answer_of(error)
        if answer is not None:
            return answer
        log.exception("request failed", route=template_of(request))
        return error_answer("internal-error")


def _query(request: web.Request, model: type[Model]) -> Model:
    given = Counter(name for name, _ in request.query.items())
    repeated = sorted(name for name, times in given.items() if times > 1)
    if repeated:
        raise Refused("invalid-query", fields=[{"field": n[:64], "why": "重复"} for n in repeated])
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise Refused("invalid-query", fields=_faults(error)) from None


async def _body(request: web.Request, endpoint: Endpoint, model: type[Model]) -> Model:
    if request.content_type != "application/json":
        raise Refused("unsupported-media-type")
    raw = await _read(request, endpoint.body_limit)
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if any(fault["type"] == "json_invalid" for fault in error.errors(include_input=False)):
            raise Refused("malformed-json") from None
        raise Refused("invalid-body", fields=_faults(error)) from None


async def _upload(request: web.Request, endpoint: Endpoint) -> bytes:
    if request.content_type not in endpoint.upload:
        raise Refused("unsupported-media-type")
    return await _read(request, endpoint.body_limit)


async def _read(request: web.Request, limit: int) -> bytes:
    """The whole body. A slow or a larger one is refused before it is all here."""
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > limit:
                    raise Refused("too-large", bytes=limit)
    except TimeoutError:
        raise Refused("malformed-request") from None
    return bytes(raw)


def _faults(error: ValidationError) -> Sequence[dict[str, str]]:
    """Which fields, and why; never what was sent, which may be a password or a number."""
    return [
        {"field": ".".join(str(part)[:64] for part in fault["loc"]), "why": fault["type"]}
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    ][:50]
