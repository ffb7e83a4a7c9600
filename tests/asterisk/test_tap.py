"""What a test hears of Asterisk through ``AmiTap`` when Asterisk hears it no more."""

import asyncio
from dataclasses import dataclass

import pytest

from tests.asterisk.tap import AmiTap, TapGone

WELCOME = b"Asterisk Call Manager/9.0.0\r\n"
TAKEN = b"Response: Success\r\nActionID: 1\r\n\r\n"
HEARD = b"Event: UserEvent\r\nUserEvent: Arrived\r\nAni: 13900000001\r\n\r\n"


@dataclass(frozen=True)
class There:
    """Where somebody listens as Asterisk does."""

    ami_port: int
    ami_secret: str = "secret"


async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a login, tell of one call, and hang up at the next question."""
    writer.write(WELCOME)
    await reader.readuntil(b"\r\n\r\n")
    writer.write(TAKEN + HEARD)
    await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def test_given_a_session_that_asterisk_ended_then_who_waits_for_more_is_told() -> None:
    """At once, and whoever asks then; what was heard before is still there."""
    async with await asyncio.start_server(once, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with AmiTap(There(port)) as tap:
            await tap.user_event("Arrived", Ani="13900000001")
            for _ in range(2):
                with pytest.raises(TapGone):
                    await tap.ask("Ping")
            with pytest.raises(TapGone):
                await tap.user_event("Arrived", Ani="13900000002", within_s=60)
            assert await tap.user_event("Arrived", Ani="13900000001")
            await tap.beat_for_ever()
