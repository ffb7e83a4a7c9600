"""Numbers that are refused politely for a while, and where Asterisk must know them. Pure.

The list is SQL's; what Asterisk needs of it stands ahead in Asterisk's own database, so that it
holds while brain and database are dead. A listing ends by itself, at a time said when it began.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from config.cells import is_emergency
from config.dialled import area_of, is_short, key, keys
from config.ledger import HOTLINE
from config.linkage import LinkageKind
from config.platform import Platform
from cti.errors import DomainError
from cti.ids import AgentId, CentreId

LONGEST: Final = timedelta(days=366)
"""Nobody is refused for longer without somebody deciding it anew."""
FEWEST_DIGITS: Final = 5
"""Shorter numbers are seats' own or belong to services."""
MOST_DIGITS: Final = 20

BLOCKED: Final = "nuisance"
"""Asterisk's family of refused numbers: ``nuisance/<centre>/<number>``, the epoch of its end."""
EXEMPT: Final = "emergency"
"""Asterisk's family of addresses whose calls are never refused: ``emergency/<address>[:port]``."""


class NumberNotListable(DomainError):  # noqa: N818 - an error is named for what is wrong
    """No number of a caller, or one that must never be refused."""

    id = "nuisance-number"


class EndNotListable(DomainError):  # noqa: N818 - an error is named for what is wrong
    """A listing must end, after now and within ``LONGEST``."""

    id = "nuisance-until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One number on the list, from when it was added to its end, or to when it was taken off."""

    id: int
    centre: CentreId
    number: str
    """In the one form of ``listable``."""
    reason: str
    added_by: AgentId
    added_at: datetime
    until: datetime
    removed_by: AgentId | None = None
    removed_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        """Whether its caller is refused now."""
        return self.removed_at is None and now < self.until


def listable(written: str, area_code: str) -> str:
    """The number in the one form of a centre of that area. Raises ``NumberNotListable``.

    The hotline's own and emergency lines' numbers are never listed.

    >>> listable("8337772", "0476"), listable("+86 476 8337772", "0476")
    ('04768337772', '04768337772')
    """
    number = key(written)
    plain = number.removeprefix(area_of(number))
    is_ours = is_emergency(written) or plain == HOTLINE
    if is_ours or len(plain) < FEWEST_DIGITS or len(number) > MOST_DIGITS:
        raise NumberNotListable("not a caller's number, or one that is never refused")
    return in_full(number, area_code)


def check_until(until: datetime, now: datetime) -> None:
    """Raise ``EndNotListable`` for an end that is over, or too far away."""
    if not now < until <= now + LONGEST:
        raise EndNotListable("not after now, or too late")


def in_full(number: str, area_code: str) -> str:
    """The one key of a caller, whether shown with that area's code or without it.

    A row under each would refuse both, so that who is taken off once is still refused.

    >>> [in_full(number, "0476") for number in ("8337772", "04768337772", "047695588")]
    ['04768337772', '04768337772', '95588']
    """
    plain = number.removeprefix(area_code)
    if plain.startswith("0"):
        return number  # another area's, or abroad
    return plain if is_short(plain) else keys(plain, area_code)[-1]


def spellings(number: str, area_code: str) -> tuple[str, ...]:
    """Every form in which the caller may show in ``[enter]``, at a centre of that area.

    A trunk may leave out the centre's own area code, and no other.

    >>> spellings("04768337772", "0476"), spellings("13912345678", "0476")
    (('04768337772', '8337772'), ('13912345678',))
    """
    full = in_full(number, area_code)
    plain = full.removeprefix(area_code)
    if plain.startswith("0"):
        return (full,)
    return tuple(dict.fromkeys((full, area_code + full if is_short(full) else plain)))


def is_same_caller(listed: str, shown: str) -> bool:
    """Whether the refused caller who showed that key is the listed one.

    Either may lack the area code of the centre; two that have one are compared whole.
    """
    if area_of(listed) and area_of(shown):
        return listed == shown
    return listed.removeprefix(area_of(listed)) == shown.removeprefix(area_of(shown))


def area_code_at(platform: Platform, centre: CentreId) -> str:
    """The area code of a centre; '' for one that the platform no longer has."""
    return next((one.area_code for one in platform if one.centre == centre), "")


def wanted(listings: Iterable[Listing], platform: Platform, now: datetime) -> dict[str, str]:
    """What Asterisk's database must hold of the list: ``<centre>/<number>`` → epoch of its end."""
    areas = {profile.centre: profile.area_code for profile in platform}
    rows: dict[str, str] = {}
    for one in listings:
        if not one.stands(now) or one.centre not in areas:
            continue
        for form in spellings(one.number, areas[one.centre]):
            until = max(int(one.until.timestamp()), int(rows.get(f"{one.centre}/{form}", "0")))
            rows[f"{one.centre}/{form}"] = str(until)
    return rows


def emergency_peers(platform: Platform) -> frozenset[tuple[str, str]]:
    """Exchanges that emergency lines call from: address or host's name, and ``:port`` or ''.

    A backup route is none: it leads through the public network, from where everybody calls. The
    port counts only where another exchange has the same address.
    """
    found: set[tuple[str, str]] = set()
    for profile in platform:
        lines = [one for one in profile.linkage if one.kind is LinkageKind.EMERGENCY]
        theirs = {one.peer for one in lines}
        others = {peer.address for peer in profile.peers if peer.id not in theirs}
        for peer in profile.peers:
            if peer.id in theirs:
                found.add((peer.address, f":{peer.port}" if peer.address in others else ""))
    return frozenset(found)


def is_address(peer: str) -> bool:
    """Whether a peer is named by its address, not by a host's name."""
    try:
        return bool(ipaddress.IPv4Address(peer).packed)
    except ipaddress.AddressValueError:
        return False


def differences(
    kept: Mapping[str, str], rows: Mapping[str, str]
) -> tuple[dict[str, str], frozenset[str]]:
    """What to put into Asterisk's database, and which keys to take out, to make it hold ``rows``.

    Nobody on both lists gets through meanwhile: what stays as it is is not touched.
    """
    put = {name: value for name, value in rows.items() if kept.get(name) != value}
    return put, frozenset(kept) - frozenset(rows)
