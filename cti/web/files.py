"""The desk's page: plain files, no build step, read once at the start."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from cti.web.endpoint import PUBLIC, Ask, Endpoint

PAGE: Final = Path(__file__).parent / "page"
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media: str
    tag: str

    async def serve(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        headers = {"ETag": self.tag, "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == self.tag:
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=self.body, content_type=self.media, charset="utf-8", headers=headers
        )


def page_endpoints(page: Path = PAGE) -> tuple[Endpoint, ...]:
    """One endpoint a file; ``index.html`` is ``/``. A path that is not one of them is nothing."""
    endpoints = []
    for path in sorted(page.iterdir()):
        media = _TYPES.get(path.suffix)
        if media is None:
            continue
        body = path.read_bytes()
        file = _File(body, media, f'"{hashlib.sha256(body).hexdigest()[:16]}"')
        at = "/" if path.name == "index.html" else f"/page/{path.name}"
        endpoints.append(
            Endpoint(
                method="GET",
                path=at,
                does="座席页面。",
                roles=PUBLIC,
                handler=file.serve,
                media=media,
                is_documented=False,
            )
        )
    return tuple(endpoints)
