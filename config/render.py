"""Renders every Asterisk file of this installation from its settings and its city. Edge.

Asterisk reads them in ``home/asterisk-etc``: that is a link to the revision in force, which
``config.apply`` puts there whole. All texts are made and checked before anything is written.
"""

import os
import re
import secrets
import subprocess
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config import durable
from config.asteriskroot import asterisk
from config.dialplan import ENDINGS, render_numbers, seat_context, wrong_extensions
from config.platform import Platform
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
    "OriginateResponse",
    "DBGetTreeResponse",
    "DBGetTreeComplete",
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


def render(settings: Settings, platform: Platform) -> None:
    """Make every directory, secret and Asterisk file of a home that keeps no revisions.

    Doing it again changes nothing. Nobody is told: Asterisk reads files at its start. Raises
    ``ValueError`` for a setting that cannot stand in a configuration file, and
    ``FileExistsError`` where revisions are kept: there ``config.apply`` is the way.
    """
    directory = etc(settings)
    if directory.is_symlink():
        raise FileExistsError(f"{directory} belongs to a revision")
    make_directories(settings)
    directory.mkdir(exist_ok=True, mode=durable.PRIVATE_DIRECTORY)
    texts = render_files(settings, platform)
    durable.replace_files(directory, {name: text.encode() for name, text in texts.items()})


def render_files(settings: Settings, platform: Platform) -> dict[str, str]:
    """The texts of all files by name, checked. Makes secrets that are not there yet."""
    values = _values(settings, platform)
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
    files[NUMBERS] = _checked_numbers(platform)
    return files


def cli(settings: Settings, command: str) -> str:
    """Have the running Asterisk carry out one console command and return what it prints.

    Blocks up to ``CLI_DEADLINE_S``; raises ``subprocess.SubprocessError`` when it is not running.
    """
    argv = [*asterisk(settings).argv, "-C", str(etc(settings) / "asterisk.conf"), "-rx", command]
    done = subprocess.run(argv, capture_output=True, check=True, timeout=CLI_DEADLINE_S)
    return done.stdout.decode(errors="replace")


def secret(settings: Settings, name: str) -> str:
    """The secret of that name under ``home/secrets``, made at random the first time.

    Names: ``ami``, and ``seat-<SeatId>`` for each phone's password; ``seat-<SeatId>-web`` for the
    one in the seat's page.
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


def _values(settings: Settings, platform: Platform) -> dict[str, Any]:
    found = asterisk(settings)
    seats = [
        {
            "id": (seat := profile.seat_id(plan)),
            "centre": profile.centre,
            "context": seat_context(profile),
            "extension": plan.extension,
            "password": secret(settings, f"seat-{seat}"),
            "page_password": secret(settings, f"seat-{seat}-web"),
            "out_prefix": profile.dial_out_prefix,
        }
        for profile in platform
        for plan in profile.seats
    ]
    centres = [
        {
            "id": profile.centre,
            "ring_s": profile.ring_s,
            "trunks": [str(trunk) for trunk in profile.trunks],
            "dial_out": profile.dial_out,
        }
        for profile in platform
    ]
    peers = {peer.id: peer for profile in platform for peer in profile.peers}
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
        # an address that everybody comes to says nothing about where sound should go
        "media_address": "" if settings.reach != settings.host else settings.host,
        "ws_port": settings.ws_port,
        "wss_port": settings.wss_port,
        "phone_certificate": _own(settings.phone_certificate),
        "phone_key": _own(settings.phone_key or settings.phone_certificate),
        "rtp_first": settings.rtp_first,
        "rtp_last": settings.rtp_last,
        "ami_secret": secret(settings, "ami"),
        "endings": ENDINGS,
        "centres": centres,
        "peers": list(peers.values()),
        "seats": seats,
        "events": EVENTS,
    }


def _plain(name: str, value: str) -> str:
    """Anything else could end a value, begin a comment or be expanded in a configuration file."""
    if not re.fullmatch(r"[A-Za-z0-9_.~-]+", value):
        raise ValueError(f"{name}: only letters, digits and _ . ~ - can stand in Asterisk's files")
    return value


def _own(path: Path | None) -> str:
    return "" if path is None else _path(path.expanduser().resolve())


def _path(path: Path) -> str:
    if re.search(r"[,;$\"'()\[\]{}|&\\\n\r]", str(path)):
        raise ValueError(f"{path}: Asterisk cannot use a path with such characters")
    return str(path)


def _checked_numbers(platform: Platform) -> str:
    """The generated file, read back as Asterisk would: no number lost, none too many."""
    text = render_numbers(platform)
    if wrong := wrong_extensions(platform, text):
        raise DialplanRefused("the generated numbers are wrong", wrong=str(wrong))
    return text


def _not_too_long(home: Path) -> Path:
    """Asterisk's control socket lies below, and the kernel cuts a socket's path off at 107."""
    if len(os.fsencode(home / "asterisk-run" / "run" / "asterisk.ctl")) > LONGEST_SOCKET:
        raise ValueError(f"{home}: this path is too long for Asterisk, at most 77 bytes will do")
    return home


def make_directories(settings: Settings) -> None:
    """Make every directory that Asterisk writes to or reads from, but not that of its files."""
    run = settings.home / "asterisk-run"
    for directory in (
        settings.recordings,
        settings.cel_file.parent,
        settings.home / "sounds" / "zh",
        settings.home / "sounds" / "moh",
        settings.home / "sounds" / "ringback",
        *(run / name for name in ("log", "spool", "run", "lib", "keys")),
    ):
        directory.mkdir(parents=True, exist_ok=True)
    # Callers' numbers and voices, and passwords.
    settings.home.chmod(durable.PRIVATE_DIRECTORY)
