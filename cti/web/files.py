"""The desk's page as it was built (``install/desk.py``), read and compressed once at the start."""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web

from config.settings import BUILT_DESK
from cti.web.endpoint import PUBLIC, Ask, Endpoint
from cti.web.errors import Refused

KEPT: Final = "public, max-age=31536000, immutable"
"""For a file whose name changes with its content."""
ASKED_AGAIN: Final = "no-cache"
EMBED: Final = "/embed.js"
_DIGEST: Final = re.compile(r"-[\w-]{8}\.\w+")
_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".wav": "audio/wav",
}
_PACKED: Final = frozenset({".png", ".woff2"})
"""Compressed already."""
_NOT_BUILT: Final = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>座席页面尚未构建</title>
<h1>座席页面尚未构建</h1>
<p>请在安装目录运行 <code>make install</code>，再重新启动服务。电话、接口不受影响。</p>
</html>
"""


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    media: str
    caching: str
    tag: str

    @classmethod
    def read(cls, path: Path) -> "_File":
        body = path.read_bytes()
        packed = None if path.suffix in _PACKED else gzip.compress(body, mtime=0)
        return cls(
            body=body,
            packed=packed,
            media=_TYPES[path.suffix],
            caching=KEPT if _DIGEST.search(path.name) else ASKED_AGAIN,
            tag=hashlib.sha256(body).hexdigest()[:16],
        )

    def answer(self, request: web.Request) -> web.Response:
        is_packed = self.packed is not None and _takes_gzip(request)
        tag = f'"{self.tag}-gz"' if is_packed else f'"{self.tag}"'
        headers = {"ETag": tag, "Cache-Control": self.caching, "Vary": "Accept-Encoding"}
        if request.path == EMBED:  # other sites' pages load it: it holds nothing of ours
            headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if tag in request.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return web.Response(
            body=self.packed if is_packed else self.body,
            content_type=self.media,
            charset="utf-8" if self.media.startswith("text/") else None,
            headers=headers,
        )


class _Page:
    """What was built, by the path under which it is served."""

    def __init__(self, files: dict[str, _File]) -> None:
        self._files = files

    async def serve(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        file = self._files.get(request.path)
        if file is not None:
            return file.answer(request)
        if request.path != "/":
            raise Refused("not-found")
        return web.Response(status=503, text=_NOT_BUILT, content_type="text/html")


def page_endpoints(page: Path = BUILT_DESK) -> tuple[Endpoint, ...]:
    """``/`` is ``index.html``; what stands beside it is served by its name.

    The endpoints are there before anything is built: ``/`` then says what to do about it. What is
    built later is served after the next start.
    """
    files = _read(page)
    serve = _Page(files).serve
    beside = {at for at in files if not at.startswith("/assets/")}
    return tuple(
        Endpoint(
            method="GET",
            path=path,
            does="座席页面。",
            roles=PUBLIC,
            handler=serve,
            media="text/html",
            is_documented=False,
        )
        for path in sorted(beside | {"/", EMBED, "/assets/{name:.+}"})
    )


@cache
def _read(page: Path) -> dict[str, _File]:
    found = (path for path in sorted(page.rglob("*")) if path.suffix in _TYPES and path.is_file())
    files = {f"/{path.relative_to(page).as_posix()}": _File.read(path) for path in found}
    if "/index.html" in files:
        files["/"] = files.pop("/index.html")
    return files


def _takes_gzip(request: web.Request) -> bool:
    for offer in request.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = offer.strip().partition(";")
        if name.strip().lower() == "gzip":
            return not re.fullmatch(r"q=0(\.0*)?", weight.replace(" ", ""))
    return False
