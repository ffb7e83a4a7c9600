"""Prompts over HTTP: read, listen, replace by a recording, and back."""

import asyncio
from typing import Final

from aiohttp import web
from pydantic import BaseModel

from config.ledgerview import PromptShown, Sheet
from cti.ids import CentreId
from cti.web.endpoint import Ask, Endpoint
from cti.web.ledgerport import Ledger
from cti.web.numbers import READ, WRITE, CentreQuery, Whose

PATH: Final = "/api/v1/prompts"
PROMPT: Final = "{prompt:[a-z0-9][a-z0-9-]{0,79}}"
RECORDING_LIMIT: Final = 16_000_000
"""Bytes of a recording: some three minutes of the largest kind, of which 8 s are used."""
SOUNDS: Final = {
    "audio/wav": "wav",
    "audio/x-wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/amr": "amr",
    "audio/x-ms-wma": "wma",
    "application/octet-stream": "audio",
}
"""Media types a recording may have, and the end of the name it is kept under."""


class Prompts(BaseModel):
    """All prompts of a centre."""

    items: list[PromptShown]


class PromptRoutes:
    """Serves ``/api/v1/prompts``."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._whose = Whose(ledger)

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, listen, record, unrecord."""
        recording = f"{PATH}/{PROMPT}/recording"
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="本中心的提示音：文字、是否已合成、是否用录音。",
                roles=READ,
                handler=self.list,
                query=CentreQuery,
                answer=Prompts,
                refusals=("home-only", "centre-unknown", "profile-faults"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/{PROMPT}/audio",
                does="提示音的声音，来电人听到的就是这个文件。",
                roles=READ,
                handler=self.audio,
                query=CentreQuery,
                media="audio/wav",
                refusals=(
                    "home-only",
                    "centre-unknown",
                    "profile-faults",
                    "prompt-unknown",
                    "prompt-not-made",
                ),
            ),
            Endpoint(
                method="PUT",
                path=recording,
                does="用录音代替合成的提示音；音量自动调整，太长或不能用则说明原因。应用后生效。",
                roles=WRITE,
                handler=self.record,
                query=CentreQuery,
                upload=tuple(SOUNDS),
                body_limit=RECORDING_LIMIT,
                answer=PromptShown,
                refusals=(
                    "home-only",
                    "centre-unknown",
                    "profile-faults",
                    "prompt-unknown",
                    "recording-unusable",
                ),
            ),
            Endpoint(
                method="DELETE",
                path=recording,
                does="不再用录音，恢复合成的提示音。应用后生效。",
                roles=WRITE,
                handler=self.unrecord,
                query=CentreQuery,
                answer=PromptShown,
                refusals=("home-only", "centre-unknown", "profile-faults", "prompt-unknown"),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List the centre's prompts."""
        centre = await self._whose.centre(ask)
        shown = Prompts(items=await asyncio.to_thread(self._ledger.prompts, centre))
        return web.json_response(text=shown.model_dump_json())

    async def audio(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the sound."""
        centre, prompt = await self._asked(request, ask)
        path = await asyncio.to_thread(self._ledger.prompt_file, centre, prompt)
        body = await asyncio.to_thread(path.read_bytes)
        return web.Response(body=body, content_type="audio/wav")

    async def record(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Keep a recording."""
        centre, prompt = await self._asked(request, ask)
        sheet = Sheet(name=f"{prompt}.{SOUNDS[request.content_type]}", data=ask.upload)
        shown = await asyncio.to_thread(
            self._ledger.record_prompt, centre, prompt, sheet, who=ask.identity.user
        )
        return web.json_response(text=shown.model_dump_json())

    async def unrecord(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Drop a recording. There may be none."""
        centre, prompt = await self._asked(request, ask)
        shown = await asyncio.to_thread(
            self._ledger.unrecord_prompt, centre, prompt, who=ask.identity.user
        )
        return web.json_response(text=shown.model_dump_json())

    async def _asked(self, request: web.Request, ask: Ask) -> tuple[CentreId, str]:
        return await self._whose.centre(ask), request.match_info["prompt"]
