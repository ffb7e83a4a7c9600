"""One caller's dialogue over AGI: commands in words, one reply each, never a wait without end."""

import asyncio
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from cti.agi.errors import CallerLeft, CommandRefused, ReplyTimedOut, StrangePeer
from cti.agi.wire import Reply, command, read_reply

REPLY_DEADLINE_S: Final = 5.0
"""For commands that Asterisk answers at once."""
PLAY_DEADLINE_S: Final = 120.0
"""For the longest sound."""
MAX_USAGE_LINES: Final = 100
_DEAD = 511
"""AGI's code for a command that a hung-up channel does not take."""
_KEYS: Final = frozenset("0123456789*#")


class AgiSession:
    """What a dialogue holds: the caller's channel, to play to and to ask.

    One task drives it, one command at a time. Every command raises ``CallerLeft`` when the caller
    is gone (``get_variable`` and ``set_variable`` work on until Asterisk closes),
    ``CommandRefused`` when Asterisk says no, ``ReplyTimedOut`` when it says nothing. Returning
    from the dialogue gives the caller back to the dialplan.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.headers = headers
        """The header block: ``agi_channel``, ``agi_uniqueid``, ``agi_arg_1``… as Asterisk sent."""
        self.is_hung_up = False
        self._reader = reader
        self._writer = writer

    async def answer(self) -> None:
        """Answer the channel; nothing happens when it is answered."""
        await self._alive("ANSWER")

    async def hang_up(self) -> None:
        """Hang the caller up."""
        self._accept("HANGUP", await self._send("HANGUP"))
        self.is_hung_up = True

    async def play(self, sound: str, interrupt_by: str = "") -> str | None:
        """Play a sound (its path without extension); return the key that cut it short, if any.

        Raises ``CommandRefused`` when there is no such sound.
        """
        return _key(await self._alive("STREAM FILE", sound, interrupt_by, within_s=PLAY_DEADLINE_S))

    async def wait_for_digit(self, seconds: float) -> str | None:
        """Wait so long for one key; None when none came."""
        milliseconds = str(max(1, round(seconds * 1000)))
        within_s = seconds + REPLY_DEADLINE_S
        return _key(await self._alive("WAIT FOR DIGIT", milliseconds, within_s=within_s))

    async def get_variable(self, name: str) -> str:
        """A channel variable or dialplan function's value; empty when it is not set.

        Asterisk is asked for it URI-encoded, so that no line break in a caller's name can pass
        for the end of a reply and put all others out of step.
        """
        asked = "${URIENCODE(x${" + name + "})}"
        verb = "GET FULL VARIABLE"
        reply = self._accept(verb, await self._send(verb, asked))
        if reply.data is None or not reply.data.startswith("x"):
            raise CommandRefused(verb, reply.code, "URIENCODE is not there")
        return unquote(reply.data[1:], errors="replace")

    async def set_variable(self, name: str, value: str) -> None:
        """Set a channel variable. Raises ``ValueError`` for a value with control characters."""
        self._accept("SET VARIABLE", await self._send("SET VARIABLE", name, value))

    async def execute(
        self, application: str, *arguments: str, within_s: float = PLAY_DEADLINE_S
    ) -> None:
        """Run a dialplan application and wait for its end. Raises ``CommandRefused`` if none.

        Asterisk expands nothing in the arguments: ``${…}`` reaches the application as it is.
        """
        reply = await self._alive("EXEC", application, ",".join(arguments), within_s=within_s)
        if reply.result == "-2":
            raise CommandRefused("EXEC", reply.code, f"no application {application}")

    async def _alive(self, verb: str, *arguments: str, within_s: float = REPLY_DEADLINE_S) -> Reply:
        self._check_alive(verb)
        reply = self._accept(verb, await self._send(verb, *arguments, within_s=within_s))
        if reply.result == "-1":
            # Asterisk says so for a caller who left and for a sound it does not have: ask.
            self._accept(verb, await self._send("CHANNEL STATUS"))
            self._check_alive(verb)
            raise CommandRefused(verb, reply.code, "failed")
        self._check_alive(verb)
        return reply

    def _check_alive(self, verb: str) -> None:
        if self.is_hung_up:
            raise CallerLeft(verb)

    def _accept(self, verb: str, reply: Reply) -> Reply:
        if reply.code == _DEAD:
            self.is_hung_up = True
            raise CallerLeft(verb)
        if reply.code != 200:
            raise CommandRefused(verb, reply.code, reply.text)
        return reply

    async def _send(self, verb: str, *arguments: str, within_s: float = REPLY_DEADLINE_S) -> Reply:
        line = command(verb, *arguments)
        try:
            async with asyncio.timeout(within_s):
                self._writer.write(line)
                await self._writer.drain()
                return await self._read()
        except TimeoutError:
            raise ReplyTimedOut(f"{verb}: no reply within {within_s:g} s") from None
        except ConnectionError:
            raise CallerLeft(verb) from None

    async def _read(self) -> Reply:
        """The reply to the command just sent. ``HANGUP`` comes of itself, and is no reply."""
        while True:
            line = await self._line()
            if line == "HANGUP":
                self.is_hung_up = True
                continue
            reply = read_reply(line)
            if reply.code == 100:  # "100 Trying...": the reply is still to come
                continue
            if reply.text.startswith("-"):
                return await self._usage(reply)
            return reply

    async def _usage(self, first: Reply) -> Reply:
        """A reply of several lines: up to the one that repeats its code with a blank."""
        for _ in range(MAX_USAGE_LINES):
            if (await self._line()).startswith(f"{first.code} "):
                return Reply(first.code, first.text.lstrip("-"))
        raise StrangePeer("a usage text without end")

    async def _line(self) -> str:
        try:
            line = await self._reader.readuntil(b"\n")
        except asyncio.IncompleteReadError:
            raise CallerLeft("Asterisk closed the session") from None
        except asyncio.LimitOverrunError:
            raise StrangePeer("a reply without end") from None
        return line[:-1].decode("utf-8", "replace")


def _key(reply: Reply) -> str | None:
    """The key a result stands for: its ASCII code, or 0 for none."""
    if reply.result == "0":
        return None
    key = chr(int(reply.result)) if reply.result.isdigit() and len(reply.result) < 4 else ""
    if key not in _KEYS:
        raise StrangePeer("a result that is no key")
    return key
