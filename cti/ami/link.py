"""The AMI link: the only door to panoramisk, and to Asterisk's manager port.

panoramisk keeps the connection, writes the actions and remembers who waits for which answer. What
it gets wrong is put right here, each with a test on a real socket in ``tests/cti/ami``:

- its ``data_received`` decodes chunk by chunk and so loses a character that was cut in two, keeps
  an endless line for ever, and costs 3 times the CPU of ``message.Reader`` (a header dictionary
  with a Python method call per header): ``_Connection`` reads with ``Reader``;
- it sends unanswered actions again after a reconnect, and orders must never be: ``_Everything``,
  one ``Manager`` per connection, and ``_Connection.close`` fails whoever waits;
- it guesses from an answer's wording whether more will follow, and then waits for ever:
  ``Answer`` goes by the markers alone, every wait has a deadline;
- it never looks at the answers to its pings: ``AmiLink._watch``;
- it starts a task per event for coroutine callbacks, which loses the order: one plain callback.
"""

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count
from typing import Any, Final

import structlog
from panoramisk import Manager  # noqa: TID251 - this module is the one door
from panoramisk.actions import Action  # noqa: TID251 - this module is the one door
from panoramisk.ami_protocol import AMIProtocol  # noqa: TID251 - this module is the one door

from cti.ami.answer import Answer
from cti.ami.backlog import Backlog
from cti.ami.errors import LinkDown, ListRefused, LoginRefused, OrderTimedOut, StrangePeer
from cti.ami.message import Headers, Reader, checked, is_stamped
from cti.ami.timing import Timing
from cti.ami.together import Together

log = structlog.get_logger(__name__)

MAX_UNSENT: Final = 1 << 20
"""Bytes Asterisk has not taken yet. More means it does not read: the link is dropped."""
READ_EVERY_S: Final = 0.005
"""What came together is read together: a call's events come in bursts of a few milliseconds."""
HELD_LOOK_S: Final = 0.01
_LIST = "/list/"


class _Everything:
    """Contains every name. Tells panoramisk never to send an action again by itself."""

    def __contains__(self, name: object) -> bool:
        return True


class _Order(Action):  # type: ignore[misc]  # panoramisk has no types
    """One action on its way. Its future holds a message, or a list of them."""

    def __init__(self, headers: Headers, answer: Answer) -> None:
        super().__init__(headers)
        self.answer = answer

    def add_message(self, message: Headers) -> bool:
        """Take one message of the answer; True when it is whole."""
        if self.future.done():
            return True
        if not self.answer.add(message):
            return False
        if isinstance(self.answer.outcome, ListRefused):
            self.future.set_exception(self.answer.outcome)
        else:
            self.future.set_result(self.answer.outcome)
        return True


class _Connection(AMIProtocol):  # type: ignore[misc]  # panoramisk has no types
    """One TCP connection, from its banner to its loss."""

    def __init__(self, link: "AmiLink") -> None:
        self.link = link
        self.reader = Reader()
        self.lost = asyncio.Event()
        self.booted = asyncio.Event()
        self.why = "closed"
        self.heard_at = 0.0
        self.closed = False
        self._held: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Asterisk took the connection."""
        super().connection_made(Together(transport))

    @property
    def is_held(self) -> bool:
        """Reading stands still because the consumer is behind."""
        return self._held is not None and self.link.backlog.is_long()

    def data_received(self, data: bytes) -> None:
        """Read what came and hand it on in order."""
        if self.closed:
            return
        self.heard_at = asyncio.get_running_loop().time()
        try:
            messages = self.reader.feed(data)
        except StrangePeer as exc:
            self.drop(f"no Asterisk there: {exc}")
            return
        for message in messages:
            self._take(message)
        if self.booted.is_set() and not self.lost.is_set():
            # Asterisk writes event by event; read so, each one wakes the whole loop.
            self.transport.pause_reading()
            self._held = asyncio.get_running_loop().call_later(READ_EVERY_S, self._look_again)

    def connection_lost(self, exc: object) -> None:
        """The socket is gone. Unlike panoramisk's, does not start a connection of its own."""
        self.drop(f"connection lost: {exc}" if exc else "connection closed by Asterisk")

    def drop(self, why: str) -> None:
        """Close at once; whoever waits for an answer gets ``LinkDown``. Twice is harmless."""
        if self.closed:
            return
        self.why = why
        for order in self.responses.values():
            if not order.future.done():
                order.future.set_exception(LinkDown(why))
        self.responses.clear()
        if self._held is not None:
            self._held.cancel()
            self._held = None
        self.close()
        self.transport.abort()  # a peer that does not read would keep close() waiting
        self.lost.set()
        self.link.connection_dropped(self)

    def _take(self, message: Headers) -> None:
        order_id = message.get("ActionID")
        if isinstance(order_id, str):
            order = self.responses.get(order_id)
            if order is not None and order.answer.wants(message):
                if order.add_message(message):
                    self.responses.pop(order_id, None)
                return
            is_answer = "Response" in message and "Event" not in message
            if self.link.is_mine(order_id) and (is_answer or _LIST in order_id):
                _log_unawaited(order_id, message)
                return
        if "Event" not in message or self.closed:
            return
        if not self.booted.is_set():
            if message["Event"] == "FullyBooted":
                self.booted.set()
                self.link.connection_booted(self)
        elif is_stamped(message):
            self.link.connection_heard(self, message)
        else:
            log.warning("ami event without its stamp dropped")

    def _look_again(self) -> None:
        if self.link.backlog.is_long():
            loop = asyncio.get_running_loop()
            self._held = loop.call_later(HELD_LOOK_S, self._look_again)
        else:
            self._held = None
            self.transport.resume_reading()


class _OneConnection(Manager):  # type: ignore[misc]  # panoramisk has no types
    """panoramisk's Manager for one connection: it neither reconnects nor pings."""

    def connection_made(self, f: "asyncio.Task[Any]") -> None:
        """Take the connection over. A failed one is for whoever awaits ``connect()``."""
        if f.cancelled() or f.exception() is not None:
            return
        super().connection_made(f)
        pinger: asyncio.TimerHandle = self.pinger
        pinger.cancel()


class AmiLink:
    """The link to one Asterisk; implements ``cti.ports.Orders``.

    Driven by: ``run()``, which whoever owns the link starts once in a TaskGroup and cancels to
    end; ``ask``, ``ask_list`` and ``tell``, from any task of the same loop.

    Tells, always synchronously and never concurrently: ``on_up()`` once Asterisk took the login
    and is fully booted; then ``on_message(message)`` for each event in the order of the wire;
    then ``on_down(why)``, once per ``on_up``, before any waiting ``ask`` raises, and when
    ``run`` is cancelled. The callbacks
    must only note and return: they run inside the socket's reader. What one raises is logged and
    goes no further.

    ``backlog``, if given, says how many messages the consumer has not worked off; above
    ``most_behind`` the link stops reading until half of them are done, so that memory is bounded
    (Asterisk then waits, and after its ``writetimeout`` drops the session: ``on_down``).
    """

    def __init__(
        self,
        host: str,
        port: int,
        username: str,
        secret: str,
        *,
        on_message: Callable[[Headers], None],
        on_up: Callable[[], None],
        on_down: Callable[[str], None],
        backlog: Callable[[], int] | None = None,
        most_behind: int = 20_000,
        timing: Timing | None = None,
    ) -> None:
        self.is_up = False
        """Logged in and booted: orders may be given."""
        self.timing = timing or Timing()
        self._address = (host, port)
        self._login: Headers = {"Username": username, "Secret": secret, "Events": "on"}
        checked("Login", self._login)  # now, not at the first connection
        self._on_message = on_message
        self._on_up = on_up
        self._on_down = on_down
        self.backlog = Backlog(backlog, most_behind)
        self._connection: _Connection | None = None
        self._mark = f"/{secrets.token_hex(4)}"
        self._numbers = count(1)

    async def ask(self, action: str, **headers: str | list[str]) -> Headers:
        """Send one action and return its answer; ``Response: Error`` is an answer too.

        Never sent again by itself. Raises ``LinkDown`` at once when there is no link or it goes
        down meanwhile, ``OrderTimedOut`` after ``order_s``, ``ValueError`` for headers that must
        not reach the wire. Cancelling is safe: the answer is dropped when it comes.
        """
        answer: Headers = await self._await(self._up(), action, headers, is_list=False)
        return answer

    async def ask_list(self, action: str, **headers: str | list[str]) -> Sequence[Headers]:
        """Send an action that answers with a list; return its events without the markers.

        Raises as ``ask`` does (the deadline is ``list_s``, for the whole list), and
        ``ListRefused`` when the answer is an error or no list.
        """
        events: list[Headers] = await self._await(self._up(), action, headers, is_list=True)
        return events

    def tell(self, action: str, **headers: str | list[str]) -> None:
        """Send an action whose answer nobody waits for; an error answer is logged.

        Raises ``LinkDown`` when there is no link, ``ValueError`` as ``ask`` does.
        """
        connection = self._up()
        order = self._send(connection, action, headers, is_list=False)
        connection.responses.pop(order.id, None)

    def drop(self, why: str) -> None:
        """Cut the connection; ``run`` makes another. Without a connection nothing happens."""
        if self._connection is not None:
            self._connection.drop(why)

    def _up(self) -> _Connection:
        if self._connection is None or not self.is_up:
            raise LinkDown("no link to Asterisk")
        return self._connection

    async def _await(
        self, connection: _Connection, action: str, headers: Headers, *, is_list: bool
    ) -> Any:
        order = self._send(connection, action, headers, is_list=is_list)
        deadline_s = self.timing.list_s if is_list else self.timing.order_s
        try:
            async with asyncio.timeout(deadline_s):
                return await order.future
        except TimeoutError:
            raise OrderTimedOut(action, deadline_s) from None
        finally:
            connection.responses.pop(order.id, None)

    def _send(
        self, connection: _Connection, action: str, headers: Headers, *, is_list: bool
    ) -> _Order:
        fields = checked(action, headers)
        if connection.transport.get_write_buffer_size() > MAX_UNSENT:
            connection.drop("Asterisk does not read its orders")
        if connection.closed:
            raise LinkDown(connection.why)
        kind = _LIST if is_list else "/"
        fields["ActionID"] = f"{action}{kind}{next(self._numbers)}{self._mark}"
        order = _Order(fields, Answer(action, is_list=is_list))
        connection.factory.send_action(order, as_list=is_list)
        return order

    def is_mine(self, order_id: str) -> bool:
        """That ActionID was given by this link."""
        return order_id.endswith(self._mark)

    def connection_booted(self, connection: _Connection) -> None:
        """Asterisk took the login and is ready for orders."""
        self.is_up = True
        self._connection = connection
        log.info("ami link up", version=connection.reader.version)
        self._call(self._on_up)

    def connection_heard(self, connection: _Connection, message: Headers) -> None:
        """One event came. (Those before ``on_up`` nobody can use: a snapshot will follow.)"""
        if connection is self._connection:
            self._call(self._on_message, message)

    def connection_dropped(self, connection: _Connection) -> None:
        """The connection is gone; tell so if it was the link."""
        if connection is self._connection:
            self.is_up = False
            self._connection = None
            log.warning("ami link down", why=connection.why)
            self._call(self._on_down, connection.why)

    def _call(self, callback: Callable[..., None], *args: object) -> None:
        try:
            callback(*args)
        except Exception:
            # One bad message must not cost the link and every message after it.
            log.exception("ami callback failed")

    async def run(self) -> None:
        """Keep the link up until cancelled. Never returns, never raises anything else."""
        loop = asyncio.get_running_loop()
        failures = refusals = 0
        while True:
            began = loop.time()
            try:
                await self._hold()
                refusals = 0
            except LoginRefused as exc:
                refusals += 1
                log.error("ami login refused", user=self._login["Username"], answer=str(exc))
            except (OSError, TimeoutError, LinkDown, OrderTimedOut) as exc:
                refusals = 0
                log.info("ami not connected", why=str(exc) or type(exc).__name__)
            if loop.time() - began > self.timing.settled_s:
                failures = 0
            longest = self.timing.pause_s(failures, refusals)
            # Jitter, so that the links of many brains don't come back in the same instant.
            await asyncio.sleep(longest * random.uniform(0.5, 1.0))
            failures += 1

    async def _hold(self) -> None:
        """One connection, from connecting to its loss."""
        host, port = self._address
        manager = _OneConnection(
            host=host,
            port=port,
            loop=asyncio.get_running_loop(),
            protocol_factory=lambda: _Connection(self),
            forgetable_actions=_Everything(),
        )
        async with asyncio.timeout(self.timing.connect_s):
            await manager.connect()
        connection: _Connection = manager.protocol
        try:
            await self._log_in(connection)
            await self._watch(connection)
        finally:
            connection.drop("link ended")

    async def _log_in(self, connection: _Connection) -> None:
        answer = await self._await(connection, "Login", self._login, is_list=False)
        if answer.get("Response") != "Success":
            raise LoginRefused(answer.get("Message", "no reason given"))

    async def _watch(self, connection: _Connection) -> None:
        """Ping until the connection is lost, and lose it when the pings stay unanswered."""
        timing = self.timing
        loop = asyncio.get_running_loop()
        began = answered_at = loop.time()
        while not connection.lost.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(timing.ping_every_s):
                    await connection.lost.wait()
            if not connection.booted.is_set() and loop.time() - began > timing.boot_s:
                connection.drop("no FullyBooted: still booting, or no read class system")
            try:
                await self._await(connection, "Ping", {}, is_list=False)
                answered_at = loop.time()
            except LinkDown:
                break
            except OrderTimedOut:
                quiet = loop.time() - max(connection.heard_at, answered_at)
                why = timing.verdict(quiet, loop.time() - answered_at)
                if why and connection.is_held:
                    why = "the consumer does not keep up"
                if why:
                    connection.drop(why)


def _log_unawaited(order_id: str, message: Headers) -> None:
    """An answer nobody waits for: to a ``tell``, or too late.

    A channel that has gone meanwhile is nothing to warn of: people hang up whenever they like.
    """
    if message.get("Response") == "Error":
        action, why = order_id.partition("/")[0], message.get("Message")
        tell = log.info if why == "No such channel" else log.warning
        tell("order refused", action=action, answer=why)
