"""Renders the generated part of the dialplan: numbers and extensions, nothing clever. Pure.

A generated entry only sets variables and goes to a fixed context, because a reload that removes
an extension cuts the callers standing in it; nobody stands in these.
"""

import re
from collections.abc import Iterator

from config.dialled import keys
from config.ledger import HOTLINE
from config.numberplan import UNKNOWN_PROMPT
from config.profile import Profile

TRUNK = "from-trunk"
UNKNOWN = "from-trunk-unknown"

_LONGEST = 24
_ANY_DIGITS = ["_" + "[+*#0-9]" * length for length in range(1, _LONGEST + 1)]
"""Patterns of fixed length: ``.`` and ``!`` would let line ends of a dialled "number" through."""
_HEADER = (
    "; Made from the profile by config/dialplan.py. Changes here are lost at the next start.\n"
)


def seat_context(profile: Profile) -> str:
    """The context that the centre's seats may land in."""
    return f"from-seat-{profile.centre}"


def numbers(profile: Profile) -> Iterator[tuple[str, str]]:
    """Every spelling that ``[from-trunk]`` knows, with the number it stands for. No two alike."""
    for number in (HOTLINE, *(line.number for line in profile.lines)):
        for spelling in _spellings(number, profile.area_code):
            yield spelling, number


def _spellings(number: str, area_code: str) -> tuple[str, ...]:
    plain, *areal = keys(number, area_code)
    national = [key.removeprefix("0") for key in areal]
    return (
        plain,
        *areal,
        *(f"+86{each}" for each in national),
        *(f"86{each}" for each in national),
    )


def render_numbers(profile: Profile) -> str:
    """The text of the generated dialplan file."""
    parts = [
        _HEADER,
        "; Trunks, known by their address. Exact numbers only.",
        f"[{TRUNK}]",
        *(
            _number(profile, spelling, f"line-{number}", number)
            for spelling, number in numbers(profile)
        ),
        f"include => {UNKNOWN}",
        "",
        "; Trunks, for a number nobody gave us: told so, then served as 12345. Never refused.",
        f"[{UNKNOWN}]",
        *(_unknown(profile, pattern) for pattern in ("s", *_ANY_DIGITS)),
        "",
        f"; Seats of {profile.centre}, registered with a password: each other, and 12345.",
        f"[{seat_context(profile)}]",
        _number(profile, HOTLINE, f"line-{HOTLINE}", HOTLINE),
        *(
            f"exten => {seat.extension},1,Set(SEAT={profile.seat_id(seat)})\n"
            " same => n,Goto(seat-call,s,1)"
            for seat in profile.seats
        ),
        "",
    ]
    return "\n".join(parts)


def _number(profile: Profile, spelling: str, prompt: str, number: str) -> str:
    return (
        f"exten => {spelling},1,MSet(CENTRE={profile.centre},LINE={number},DNIS={spelling},"
        f"PROMPT=${{SOUNDS}}/{prompt})\n"
        " same => n,Goto(arrive,s,1)"
    )


def _unknown(profile: Profile, pattern: str) -> str:
    return (
        f"exten => {pattern},1,MSet(CENTRE={profile.centre},LINE={HOTLINE},"
        f"DNIS=${{FILTER(0-9+,${{EXTEN}})}},PROMPT=${{SOUNDS}}/{UNKNOWN_PROMPT})\n"
        " same => n,Goto(arrive,s,1)"
    )


def read_dialplan(text: str) -> dict[str, dict[str, list[str]]]:
    """Read a dialplan file back: context → extension → what its priorities do, in order.

    Raises ``ValueError`` at anything it does not understand, so that a cut file is seen here:
    Asterisk itself takes one, and forgets the good one.
    """
    contexts: dict[str, dict[str, list[str]]] = {}
    context: dict[str, list[str]] | None = None
    steps: list[str] | None = None
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(";"):
            continue
        if found := re.fullmatch(r"\[([a-z0-9-]+)\]", line):
            context, steps = contexts.setdefault(found[1], {}), None
        elif context is not None and (found := re.fullmatch(r"exten => (\S+),1,(\w+\(.*\))", line)):
            if found[1] in context:
                raise ValueError(f"line {row}: {found[1]} stands twice")
            steps = context[found[1]] = [found[2]]
        elif steps is not None and (found := re.fullmatch(r" same => n,(\w+\(.*\))", line)):
            steps.append(found[1])
        elif not (context is not None and re.fullmatch(r"include => [a-z0-9-]+", line)):
            raise ValueError(f"line {row}: not understood: {line!r}")
    return contexts


def shown(output: str) -> set[str]:
    """The extensions that ``dialplan show CONTEXT`` lists for that context."""
    return set(re.findall(r"^  '([^']+)' =>", output, re.MULTILINE))
