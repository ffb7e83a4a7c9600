"""AMI's wire format: bytes to messages, headers to checked headers. Pure: no socket, no clock.

``Reader`` is what a call costs the brain most often (about 80 messages), so its one fast path is
plain string splitting; everything odd goes through ``_read_odd``.
"""

import re
from collections.abc import Mapping
from typing import Final, cast

from cti.ami.errors import MalformedMessage, StrangePeer

Headers = dict[str, str | list[str]]
"""One message as read: header → value; a header that came several times → its values in order."""

BANNER: Final = b"Asterisk Call Manager/"
MAX_BANNER: Final = 128
MAX_MESSAGE: Final = 1 << 20
"""Bytes of one message at most. The answer to a wordy CLI command is some 100 KB."""
MAX_LINE: Final = 1022
"""Bytes of ``Name: value`` at most: Asterisk reads lines, CR LF included, into 1,024 bytes."""
MAX_HEADERS: Final = 126
"""Headers of an action beside ``Action`` and ``ActionID``: Asterisk drops what exceeds 128."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_EOL = "\r\n"
_END = b"\r\n\r\n"


class Reader:
    """Turns one connection's bytes into messages, however the bytes are cut.

    A character is decoded only when its whole message is there, so no cut can harm it. Bytes that
    are no UTF-8 (Asterisk cuts long names by bytes) become U+FFFD and harm nothing else.
    """

    def __init__(self, max_message: int = MAX_MESSAGE) -> None:
        self.version: str | None = None
        """From the banner; None until it came."""
        self._rest = bytearray()
        self._max_message = max_message

    def feed(self, data: bytes) -> list[Headers]:
        """Take the next bytes; return the messages they complete, in order.

        Raises ``StrangePeer`` when the peer is no Asterisk or a message never ends: the
        connection is then useless and this reader too.
        """
        rest = self._rest
        searched = max(0, len(rest) - len(_END) + 1)
        rest += data
        if self.version is None:
            if not self._read_banner():
                return []
            searched = 0
        end = rest.rfind(_END, searched)
        if end < 0:
            if len(rest) > self._max_message:
                raise StrangePeer(f"a message of more than {self._max_message} bytes")
            return []
        text = rest[:end].decode("utf-8", "replace")
        del rest[: end + len(_END)]
        return [read(block) for block in text.split("\r\n\r\n")]

    def _read_banner(self) -> bool:
        rest = self._rest
        if not rest.startswith(BANNER[: len(rest)]):
            raise StrangePeer(f"greets with {bytes(rest[:32])!r}")
        end = rest.find(b"\r\n")
        if end < 0:
            if len(rest) > MAX_BANNER:
                raise StrangePeer(f"greets with more than {MAX_BANNER} bytes")
            return False
        self.version = rest[len(BANNER) : end].decode("ascii", "replace")
        del rest[: end + 2]
        return True


def read(block: str) -> Headers:
    """Read one message from its lines. Lines that are no headers are left out."""
    lines = block.split(_EOL)
    try:
        message = dict([line.split(": ", 1) for line in lines])
    except ValueError:
        return _read_odd(lines)
    if len(message) != len(lines):
        return _read_odd(lines)
    return cast(Headers, message)


def _read_odd(lines: list[str]) -> Headers:
    message: Headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            continue
        value = value.removeprefix(" ")
        seen = message.get(name)
        if seen is None:
            message[name] = value
        elif isinstance(seen, list):
            seen.append(value)
        else:
            message[name] = [seen, value]
    return message


def need(message: Mapping[str, str | list[str]], name: str) -> str:
    """The value of a header that must be there exactly once. May be empty.

    Raises ``MalformedMessage``: a header that came twice is how a caller's name with a line break
    in it would smuggle one in.
    """
    value = message.get(name)
    if isinstance(value, str):
        return value
    what = message.get("Event") or message.get("Response") or "message"
    if value is None:
        raise MalformedMessage(f"{what} has no {name}")
    raise MalformedMessage(f"{what} has {len(value)} {name}")


def is_stamped(message: Headers) -> bool:
    """Whether an event has the headers Asterisk puts first into each (``timestampevents = yes``).

    Asterisk writes a caller's *number* into events as it came, and SIP lets it hold an encoded
    line break: an empty line in it ends the event and begins one of the caller's making. Asterisk
    keeps 79 bytes of it, too few to forge an event of ours and these headers too.
    """
    return "Privilege" in message and "Timestamp" in message


def checked(action: str, headers: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """The headers of an action, sure to be one action and nothing else on the wire.

    Raises ``ValueError`` that names the header, never its value (which may be a phone number):
    control characters end lines and so inject actions; over-long lines are dropped by Asterisk
    together with what follows.
    """
    taken: set[str] = set()
    out: dict[str, str | list[str]] = {}
    count = 0
    for name, value in (("Action", action), *headers.items()):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no header name")
        if name.lower() in taken or name.lower() == "actionid":
            raise ValueError(f"{name} is set already")
        taken.add(name.lower())
        values = [value] if isinstance(value, str) else value
        count += len(values)
        for one in values:
            _check_value(name, one)
        out[name] = value
    if count > MAX_HEADERS + 1:
        raise ValueError(f"{action} has more than {MAX_HEADERS} headers")
    return out


def _check_value(name: str, value: str) -> None:
    if _CONTROL.search(value):
        raise ValueError(f"{name} has a control character")
    try:
        size = len(name) + 2 + len(value.encode())
    except UnicodeEncodeError:
        raise ValueError(f"{name} is no text") from None
    if size > MAX_LINE:
        raise ValueError(f"{name} is longer than {MAX_LINE} bytes")
