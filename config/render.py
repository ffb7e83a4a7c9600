"""Renders every Asterisk file of this installation into ``home/asterisk-etc``. Edge.

All texts are made and checked before the first file is replaced, and each replacement is a
rename of a file already on disk: a full disk or a power cut leaves old files or new, never half.
"""

import os
import re
import secrets
import subprocess
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.asteriskroot import asterisk
from config.dialplan import numbers, read_dialplan, render_numbers, seat_context, shown
from config.profile import Profile
from config.settings import CHECKOUT, LOOPBACK, Settings
from cti.errors import DomainError

TEMPLATES = CHECKOUT / "asterisk-conf"
NUMBERS, SEATS = "numbers.conf", "pjsip.conf"
"""The files that a running Asterisk takes anew."""
CLI_DEADLINE_S = 10
LONGEST_SOCKET = 107
"""Bytes of a Unix socket's path, less its closing zero."""

EVENTS = (
    "UserEvent",
    "Newchannel",
    "Hangup",
    "BridgeEnter",
    "BridgeLeave",
    "QueueMemberAdded",
    "QueueMemberRemoved",
    "QueueMemberPause",
    "QueueMemberStatus",
    "QueueMemberPenalty",
    "QueueMember",
    "QueueEntry",
    "QueueParams",
    "QueueStatusComplete",
    "QueueCallerJoin",
    "QueueCallerLeave",
    "QueueCallerAbandon",
    "AgentCalled",
    "AgentConnect",
    "Status",
    "StatusComplete",
    "CoreShowChannel",
    "CoreShowChannelsComplete",
    "FullyBooted",
    "Shutdown",
)
"""What the wire reads of AMI; everything else Asterisk keeps to itself."""


class DialplanRefused(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Asterisk did not take the new numbers, or holds others. The old ones are back in force."""

    id = "dialplan-refused"


def etc(settings: Settings) -> Path:
    """The directory of the rendered files; ``asterisk.conf`` in it is what ``-C`` takes."""
    return settings.home / "asterisk-etc"


def render(settings: Settings, profile: Profile) -> None:
    """Make every directory, secret and Asterisk file. Doing it again changes nothing.

    Running callers are not touched: Asterisk reads files at its start and at ``apply`` only.
    Raises ``ValueError`` for a setting that cannot stand in a configuration file.
    """
    _make_directories(settings)
    _replace(etc(settings), render_files(settings, profile))


def render_files(settings: Settings, profile: Profile) -> dict[str, str]:
    """The texts of all files by name, checked. Makes secrets that are not there yet."""
    values = _values(settings, profile)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - not HTML; every value is checked by _values
    )
    files = {
        name.removesuffix(".j2"): environment.get_template(name).render(values)
        for name in environment.list_templates(extensions=["j2"])
    }
    files[NUMBERS] = _checked_numbers(profile)
    return files


def apply(settings: Settings, profile: Profile) -> tuple[str, ...]:
    """Put a new profile into a running Asterisk; nobody on the telephone notices.

    Numbers and seats count at once. Returns the names of other files that differ now: they count
    from Asterisk's next start. Asterisk answers "reloaded" to a broken file as well, so it is
    asked what it holds. Raises ``DialplanRefused``, or what ``cli`` raises, after putting the old
    files back; ``ValueError`` as ``render`` does.
    """
    files = render_files(settings, profile)
    before = {name: _text(etc(settings) / name) for name in files}
    changed = {name: text for name, text in files.items() if text != before[name]}
    _replace(etc(settings), changed)
    try:
        _reload(settings, changed)
        wrong = verify(settings, profile)
        if wrong:
            raise DialplanRefused(
                "Asterisk does not hold the numbers it was given", wrong=str(wrong)
            )
    except (DialplanRefused, subprocess.SubprocessError, OSError):
        _replace(etc(settings), {name: before[name] for name in changed})
        with suppress(
            subprocess.SubprocessError, OSError
        ):  # it does not answer: it reads them at its start
            _reload(settings, changed)
        raise
    return tuple(sorted(set(changed) - {NUMBERS, SEATS}))


def _reload(settings: Settings, changed: Collection[str]) -> None:
    if NUMBERS in changed:
        cli(settings, "dialplan reload")
    if SEATS in changed:
        cli(settings, "module reload res_pjsip.so")


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def verify(settings: Settings, profile: Profile) -> set[str]:
    """Ask the running Asterisk: the numbers that are missing in ``[from-trunk]`` or too many."""
    expected = {spelling for spelling, _ in numbers(profile)}
    return expected ^ shown(cli(settings, "dialplan show from-trunk"))


def cli(settings: Settings, command: str) -> str:
    """Have the running Asterisk carry out one console command and return what it prints.

    Blocks up to ``CLI_DEADLINE_S``; raises ``subprocess.SubprocessError`` when it is not running.
    """
    argv = [*asterisk(settings).argv, "-C", str(etc(settings) / "asterisk.conf"), "-rx", command]
    done = subprocess.run(argv, capture_output=True, check=True, timeout=CLI_DEADLINE_S)
    return done.stdout.decode(errors="replace")


def secret(settings: Settings, name: str) -> str:
    """The secret of that name under ``home/secrets``, made at random the first time.

    Names: ``ami``, and ``seat-<SeatId>`` for each phone's password.
    """
    if name == "ami" and settings.ami_secret is not None:
        return _plain("ami_secret", settings.ami_secret.get_secret_value())
    path = settings.home / "secrets" / name
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _plain(name, path.read_text(encoding="ascii").strip())
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(made := secrets.token_urlsafe(18))
        file.flush()
        os.fsync(file.fileno())
    return made


def _values(settings: Settings, profile: Profile) -> dict[str, Any]:
    found = asterisk(settings)
    seats = [
        {
            "id": (seat := profile.seat_id(plan)),
            "context": seat_context(profile),
            "extension": plan.extension,
            "password": secret(settings, f"seat-{seat}"),
        }
        for plan in profile.seats
    ]
    return {
        "home": _path(_not_too_long(settings.home)),
        "etc": _path(etc(settings)),
        "run": _path(settings.home / "asterisk-run"),
        "modules": _path(found.modules),
        "data": _path(found.data),
        "node": _plain("node", settings.node),
        "host": settings.host,
        "ami_host": LOOPBACK,
        "sip_port": settings.sip_port,
        "ami_port": settings.ami_port,
        "ws_port": settings.ws_port,
        "rtp_first": settings.rtp_first,
        "rtp_last": settings.rtp_last,
        "ami_secret": secret(settings, "ami"),
        "centre": profile.centre,
        "ring_s": profile.ring_s,
        "trunks": [str(trunk) for trunk in profile.trunks],
        "seats": seats,
        "events": EVENTS,
    }


def _plain(name: str, value: str) -> str:
    """Anything else could end a value, begin a comment or be expanded in a configuration file."""
    if not re.fullmatch(r"[A-Za-z0-9_.~-]+", value):
        raise ValueError(f"{name}: only letters, digits and _ . ~ - can stand in Asterisk's files")
    return value


def _path(path: Path) -> str:
    if re.search(r"[,;$\"'()\[\]{}|&\\\n\r]", str(path)):
        raise ValueError(f"{path}: Asterisk cannot use a path with such characters")
    return str(path)


def _checked_numbers(profile: Profile) -> str:
    """The generated file, read back as Asterisk would: no number lost, none too many."""
    text = render_numbers(profile)
    found = set(read_dialplan(text)["from-trunk"])
    expected = {spelling for spelling, _ in numbers(profile)}
    if found != expected:
        raise DialplanRefused("the generated numbers are wrong", wrong=str(found ^ expected))
    return text


def _not_too_long(home: Path) -> Path:
    """Asterisk's control socket lies below, and the kernel cuts a socket's path off at 107."""
    if len(os.fsencode(home / "asterisk-run" / "run" / "asterisk.ctl")) > LONGEST_SOCKET:
        raise ValueError(f"{home}: this path is too long for Asterisk, at most 77 bytes will do")
    return home


def _make_directories(settings: Settings) -> None:
    run = settings.home / "asterisk-run"
    for directory in (
        etc(settings),
        settings.recordings,
        settings.cel_file.parent,
        settings.home / "sounds" / "zh",
        settings.home / "sounds" / "moh",
        *(run / name for name in ("log", "spool", "run", "lib", "keys")),
    ):
        directory.mkdir(parents=True, exist_ok=True)
    for private in (settings.home, etc(settings)):  # callers' numbers and voices, and passwords
        private.chmod(0o700)


def _replace(directory: Path, files: dict[str, str]) -> None:
    """Replace files that differ: written aside, on disk, then renamed."""
    changed: list[tuple[Path, Path]] = []
    for name, text in files.items():
        target, aside = directory / name, directory / f".{name}.new"
        if target.is_file() and target.read_bytes() == text.encode():
            continue
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        changed.append((aside, target))
    for aside, target in changed:
        aside.rename(target)
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
