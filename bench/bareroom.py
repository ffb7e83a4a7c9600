"""The peer of the transfer bench: a bare Asterisk whose calls are moved by plain AMI actions.

The recipe everybody starts from: a room is a ``ConfBridge``, on hold is ``MusicOnHold``, and a
``Redirect`` takes a channel from one to the other; ``Originate`` rings somebody. Nothing is kept,
nobody is asked, nothing is checked.
"""

import asyncio
from types import TracebackType
from typing import Self

from bench.bare import HOST, BareAsterisk, far_endpoint

ANSWER_S = 5.0


class BareRoom(BareAsterisk):
    """``far_port``: where its trunk ``far`` leads. Extensions ``room`` and ``hold`` besides."""

    far_port = 0

    def _modules(self) -> str:
        return super()._modules() + " app_confbridge bridge_softmix bridge_holding"

    def _files(self) -> dict[str, str]:
        files = super()._files()
        files["confbridge.conf"] = "[party]\ntype=user\nquiet=yes\n[default_bridge]\ntype=bridge\n"
        files["manager.conf"] = f"""
[general]
enabled = yes
bindaddr = {HOST}
port = {self.ami_port}
[bench]
secret = {self.ami_secret}
read = call
write = system,call,originate
"""
        return files

    def _pjsip_conf(self) -> str:
        return super()._pjsip_conf() + far_endpoint("far", HOST, self.far_port)

    def _extensions_conf(self) -> str:
        return f"""{super()._extensions_conf()}
exten => room,1,Answer()
 same => n,ConfBridge(bench,,party)
exten => hold,1,Answer()
 same => n,MusicOnHold(default)
"""

    async def channel(self, part: str) -> str:
        """The name of the channel with that in it. Raises ``LookupError``."""
        rows = (await self.command("core show channels concise")).splitlines()
        names = [row.partition("!")[0] for row in rows]
        found = [name for name in names if part in name]
        if not found:
            raise LookupError(part)
        return found[-1]


class AmiHand:
    """Gives AMI actions to it, one at a time. ``async with`` logs in."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(HOST, self._port)
        await self._reader.readline()
        await self.act("Login", Username="bench", Secret=self._secret, Events="off")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._writer.close()

    async def act(self, action: str, **headers: str) -> None:
        """Give one and wait for its answer. Raises ``RuntimeError`` when it is refused."""
        lines = [f"Action: {action}", *(f"{name}: {value}" for name, value in headers.items())]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(ANSWER_S):
            answer = b""
            while not answer.startswith(b"Response:"):  # events come between
                answer = await self._reader.readuntil(b"\r\n\r\n")
        if b"Response: Success" not in answer:
            raise RuntimeError(answer.decode(errors="replace"))
