"""AGI's wire format: the header block, commands and replies. Pure: no socket, no clock."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cti.agi.errors import StrangePeer

MAX_BLOCK: Final = 32_768
"""Bytes of the header block, or of one reply, at most; Asterisk's own block is about 600."""
MAX_COMMAND: Final = 8_000
"""Bytes of one command at most: Asterisk cuts what is longer than 8 KB."""

_HEADER = re.compile(r"(agi_[a-z0-9_]{1,40}): ?(.*)", re.DOTALL)
_ALWAYS: Final = ("agi_network_script", "agi_channel", "agi_uniqueid", "agi_threadid")
"""Sent in every block. ``agi_threadid`` comes after the caller's name: a name with an empty line
in it ends the block before."""
_REPLY = re.compile(r"(\d{3})([ -])(.*)", re.DOTALL | re.ASCII)
_RESULT = re.compile(r"result=(-?[0-9A-Za-z*#]*)(?: \((.*)\))?(?: endpos=(-?\d+))?\s*", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Reply:
    """One whole reply. ``result`` and what follows are of code 200 only."""

    code: int
    text: str
    result: str = ""
    data: str | None = None
    """What stood in parentheses."""
    endpos: int | None = None


def read_block(block: bytes) -> Mapping[str, str]:
    """Read the header block, up to and without its empty line.

    Raises ``StrangePeer`` when it is none, or when a line break in a caller's name or number has
    made a second header of one that is there: then nothing in the block can be believed.
    """
    headers: dict[str, str] = {}
    for line in block.decode("utf-8", "replace").rstrip("\n").split("\n"):
        match = _HEADER.fullmatch(line)
        if match is None:
            raise StrangePeer("a line is no AGI header")
        name, value = match.groups()
        if name in headers:
            raise StrangePeer(f"{name} came twice")
        headers[name] = value
    for name in _ALWAYS:
        if name not in headers:
            raise StrangePeer(f"no {name}")
    return headers


def is_block_so_far(start: bytes) -> bool:
    """Whether these first bytes may be the beginning of a header block."""
    expected = b"agi_network: yes\n"
    return expected.startswith(start[: len(expected)])


def read_reply(line: str) -> Reply:
    """Read one reply line, or the first of a multi-line one (its ``text`` starts with ``-``).

    Raises ``StrangePeer`` for anything else: replies and commands are out of step then.
    """
    match = _REPLY.fullmatch(line)
    if match is None:
        raise StrangePeer("a line is no AGI reply")
    code, mark, text = int(match[1]), match[2], match[3]
    if mark == "-":
        return Reply(code, "-" + text)
    if code != 200:
        return Reply(code, text)
    result = _RESULT.fullmatch(text)
    if result is None:
        raise StrangePeer("a reply of 200 has no result")
    return Reply(code, text, result[1], result[2], int(result[3]) if result[3] else None)


def command(verb: str, *arguments: str) -> bytes:
    """One command line, every argument quoted.

    Raises ``ValueError``: a control character in an argument would end the line and begin a
    command of somebody else's; a line that is too long would be cut.
    """
    parts = [verb]
    for argument in arguments:
        if _CONTROL.search(argument):
            raise ValueError(f"an argument of {verb} has a control character")
        escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'"{escaped}"')
    try:
        line = (" ".join(parts) + "\n").encode()
    except UnicodeEncodeError:
        raise ValueError(f"an argument of {verb} is no text") from None
    if len(line) > MAX_COMMAND:
        raise ValueError(f"{verb} is longer than {MAX_COMMAND} bytes")
    return line
