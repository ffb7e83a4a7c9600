"""Softphones for the demo, tests and benches: typed, awaitable, every wait with a deadline.

    async with Softphone() as phone:
        seat = await phone.register("chifeng-1001", password, host, port)
        await seat.auto_answer(0.5, play=agent_wav)
        call = await phone.call("8337772", ani="13900000001", host=host, port=port, play=wav)
        await call.connected(deadline_s=10)
        await call.ended(deadline_s=60)

The phones themselves are another program (``bench.softphone``), spoken to through pipes only; as
many of them are started as the lines need. Leaving the ``async with`` hangs up, unregisters and
reaps them, whatever happened inside. Times (``at``) are CLOCK_MONOTONIC seconds, as
``time.monotonic()`` gives them in any process of this machine.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from bench.phonelink import Event, PhoneLink, PhoneRefused
from bench.ports import free_block

CALLS_EACH = 3
"""Calls in one phone program. Its library has places for four, but frees one only some time after
it has told that the call is over.
"""
LINES_EACH = 2
"""Lines in one phone program, so that each can have a second call whatever the other does."""
RTP_EACH = 20
ORDER_S = 5.0
"""How long a phone program may take to do as told."""


class CallEnded(Exception):  # noqa: N818  # we name an error for what is wrong
    """What was waited for cannot happen any more: the call has ended. Holds how."""

    def __init__(self, awaited: str, ended: "Ended") -> None:
        super().__init__(f"ended with {ended.code} {ended.reason} before {awaited}")
        self.ended = ended


class TooLate(TimeoutError):  # noqa: N818  # we name an error for what is wrong
    """The deadline has passed; the text tells what did happen."""


class NotRegistered(Exception):  # noqa: N818  # we name an error for what is wrong
    """The registrar refused the line, or nobody answered there."""

    def __init__(self, user: str, code: int) -> None:
        super().__init__(f"{user} not registered: {code}")
        self.code = code


class Ended(NamedTuple):
    """How a call ended: SIP status, Q.850 cause if told, and which side did it."""

    at: float
    code: int
    reason: str
    cause: int | None
    by: str


class PhoneCall:
    """One call at one phone. Made by ``Softphone.call``, ``PhoneLine.call`` and ``.incoming``.

    Waits may be cancelled and repeated: what has happened is remembered, so asking again for
    something in the past answers at once.
    """

    def __init__(self, link: PhoneLink, number: int, *, ani: str = "", dialled: str = "") -> None:
        self._link = link
        self._number = number
        self.ani = ani
        self.dialled = dialled
        self._keys_read = 0
        self._plays_read = 0

    @property
    def events(self) -> list[Event]:
        """All that has happened so far, in order."""
        return self._link.events_of(self._number)

    async def ringing(self, deadline_s: float = 5.0) -> float:
        """Wait until the far end rings; when. Raises ``CallEnded`` or ``TooLate``."""
        return (await self._wait("ringing", deadline_s)).at

    async def connected(self, deadline_s: float = 10.0) -> float:
        """Wait until the call is answered; when. Raises ``CallEnded`` or ``TooLate``."""
        return (await self._wait("connected", deadline_s)).at

    async def media(self, deadline_s: float = 10.0) -> float:
        """Wait until audio can flow; when. Raises ``CallEnded`` or ``TooLate``."""
        return (await self._wait("media", deadline_s)).at

    async def played(self, deadline_s: float = 60.0) -> float:
        """Wait for the end of the next file that does not loop; when."""
        event = await self._wait("played", deadline_s, skip=self._plays_read)
        self._plays_read += 1
        return event.at

    async def key(self, deadline_s: float = 5.0) -> str:
        """The next key pressed at the far end."""
        event = await self._wait("dtmf", deadline_s, skip=self._keys_read)
        self._keys_read += 1
        return str(event.facts["digit"])

    async def ended(self, deadline_s: float = 60.0) -> Ended:
        """Wait until the call is over; how. Its recording is whole then."""
        return _ended(await self._wait("disconnected", deadline_s))

    @property
    def is_over(self) -> bool:
        """Nothing more can happen to this call."""
        return any(event.name == "disconnected" for event in self.events)

    async def answer(
        self,
        after_s: float = 0.0,
        *,
        play: Path | None = None,
        loop: bool = False,
        record: Path | None = None,
    ) -> None:
        """Answer a call that came in, now or after a while (returns at once either way)."""
        await self._order("answer", after_s=after_s, **_sound(play, loop, record))

    async def reject(self, code: int = 486) -> None:
        """Refuse a call that rings."""
        await self._order("reject", code=code)

    async def hangup(self) -> None:
        """End the call in whatever state it is; a call that has ended is left alone."""
        await self._order("hangup")

    async def dtmf(self, digits: str) -> None:
        """Press keys. They are sent one after the other; this does not wait for them."""
        await self._order("dtmf", digits=digits)

    async def play(self, path: Path, *, loop: bool = False) -> None:
        """Play a file (8 kHz mono WAV) instead of whatever plays; before there is audio: then."""
        await self._order("play", path=str(path), loop=loop)

    async def record(self, path: Path) -> None:
        """Record what this phone hears, to the end of the call."""
        await self._order("record", path=str(path))

    async def _order(self, do: str, **facts: object) -> None:
        await self._link.order(do, ORDER_S, call=self._number, **facts)

    async def _wait(self, name: str, deadline_s: float, *, skip: int = 0) -> Event:
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    found = [event for event in self.events if event.name == name]
                    if len(found) > skip:
                        return found[skip]
                    for event in self.events:
                        if event.name == "disconnected":
                            raise CallEnded(name, _ended(event))
                    await self._link.changed()
        except TimeoutError:
            so_far = ", ".join(event.name for event in self.events) or "nothing"
            raise TooLate(f"no {name} within {deadline_s} s; so far {so_far}") from None


class PhoneLine:
    """One registered phone."""

    def __init__(self, link: PhoneLink, user: str) -> None:
        self._link = link
        self.user = user
        self._taken = 0

    async def call(
        self,
        number: str,
        *,
        play: Path | None = None,
        loop: bool = False,
        record: Path | None = None,
    ) -> PhoneCall:
        """Dial from this phone. Returns as soon as the call is under way."""
        return await _dial(self._link, {"line": self.user, "number": number}, play, loop, record)

    async def incoming(self, deadline_s: float = 10.0) -> PhoneCall:
        """The next call to this phone, in order of arrival; it is ringing already."""
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    calls = self._link.incoming(self.user)
                    if len(calls) > self._taken:
                        event = calls[self._taken]
                        self._taken += 1
                        return PhoneCall(
                            self._link,
                            int(str(event.facts["call"])),
                            ani=str(event.facts["ani"]),
                            dialled=str(event.facts["dialled"]),
                        )
                    await self._link.changed()
        except TimeoutError:
            raise TooLate(f"no call came to {self.user} within {deadline_s} s") from None

    async def auto_answer(
        self,
        after_s: float | None,
        *,
        play: Path | None = None,
        loop: bool = False,
        record: Path | None = None,
    ) -> None:
        """Answer every later call by itself after that long; ``None``: no more.

        With ``record``, each call overwrites the file of the one before.
        """
        facts = _sound(play, loop, record)
        await self._link.order("auto-answer", ORDER_S, line=self.user, after_s=after_s, **facts)


class Softphone:
    """A drawer of softphones. Use as ``async with``; see the module for a call from end to end.

    ``before``: the command that runs them, as one that enters another network; ``host`` is theirs.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        log: Path | None = None,
        before: Sequence[str] = (),
    ) -> None:
        self._host = host
        self._log = log
        self._before = before
        self._links: list[PhoneLink] = []
        self._lines: dict[PhoneLink, int] = {}

    async def __aenter__(self) -> Self:
        await self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for link in self._links:
            link.say_goodbye()
        for link in self._links:
            await link.reap()

    @property
    def pids(self) -> list[int]:
        """The phone programs' process ids, for weighing what they cost."""
        return [link.pid for link in self._links]

    async def register(
        self, user: str, password: str, host: str, port: int, *, deadline_s: float = 5.0
    ) -> PhoneLine:
        """Make a phone of that user and register it. Raises ``NotRegistered`` or ``TooLate``."""
        link = next((one for one in self._links if 0 < self._lines[one] < LINES_EACH), None)
        link = link or self._idle() or await self._start()
        self._lines[link] += 1
        await link.order("register", ORDER_S, line=user, password=password, host=host, port=port)
        try:
            async with asyncio.timeout(deadline_s):
                while not (told := link.registered(user)):
                    await link.changed()
        except TimeoutError:
            raise TooLate(f"{user}: no answer from {host}:{port} within {deadline_s} s") from None
        code = int(str(told[-1].facts["code"]))
        if code != 200:
            raise NotRegistered(user, code)
        return PhoneLine(link, user)

    async def call(
        self,
        number: str,
        *,
        ani: str,
        host: str,
        port: int,
        play: Path | None = None,
        loop: bool = False,
        record: Path | None = None,
    ) -> PhoneCall:
        """Dial as the trunk would: no registration, no login, ``ani`` as the From user."""
        facts = {"ani": ani, "number": number, "host": host, "port": port}
        # Never beside registered lines: a trunk's calls would take the room of theirs.
        link = next(
            (o for o in self._links if not self._lines[o] and 0 < o.open_calls < CALLS_EACH), None
        )
        link = link or self._idle() or await self._start()
        return await _dial(link, facts, play, loop, record)

    def _idle(self) -> PhoneLink | None:
        free = (one for one in self._links if not self._lines[one] and not one.open_calls)
        return next(free, None)

    async def _start(self) -> PhoneLink:
        first = free_block(RTP_EACH)  # its own: who shares them hears another's sound
        link = await PhoneLink.start(
            self._host, first, first + RTP_EACH - 1, self._log, self._before
        )
        self._links.append(link)
        self._lines[link] = 0
        return link


async def _dial(
    link: PhoneLink,
    facts: Mapping[str, object],
    play: Path | None,
    loop: bool,
    record: Path | None,
) -> PhoneCall:
    answer = await link.order("call", ORDER_S, **facts, **_sound(play, loop, record))
    return PhoneCall(link, int(str(answer["call"])), dialled=str(facts["number"]))


def _sound(play: Path | None, loop: bool, record: Path | None) -> dict[str, object]:
    return {
        "play": None if play is None else str(play),
        "loop": loop,
        "record": None if record is None else str(record),
    }


def _ended(event: Event) -> Ended:
    facts = event.facts
    cause = facts["cause"]
    return Ended(
        at=event.at,
        code=int(str(facts["code"])),
        reason=str(facts["reason"]),
        cause=None if cause is None else int(str(cause)),
        by=str(facts["by"]),
    )


__all__ = [
    "CallEnded",
    "Ended",
    "NotRegistered",
    "PhoneCall",
    "PhoneLine",
    "PhoneRefused",
    "Softphone",
    "TooLate",
]
