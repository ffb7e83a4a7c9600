"""The other houses a centre deals with: emergency and public services, sub-centres, hotlines. Pure.

Each has one name by which its programs call themselves and calls are told of it: a service's
number, a line's number, a hotline's own name.
"""

from dataclasses import dataclass

from config.profile import Profile


@dataclass(frozen=True, slots=True)
class House:
    """One of them."""

    name: str
    """What people call it."""
    interface: str
    """Where it is told of callers and results, a URL; '': nowhere."""


def houses_of(centre: Profile) -> dict[str, House]:
    """Every house of a centre by its name: services, then lines, then hotlines."""
    found: dict[str, House] = {}
    for service in centre.linkage:
        interface = service.interface or _of_peer(centre, service.peer)
        found.setdefault(service.number, House(service.name, interface))
    for line in centre.lines:
        if line.peer:
            found.setdefault(line.number, House(line.name, _of_peer(centre, line.peer)))
    for relation in centre.relations:
        found.setdefault(relation.centre, House(relation.name, _of_peer(centre, relation.peer)))
    return found


def house_of(centre: Profile, line: str) -> House | None:
    """The house of that name; None: the centre knows none."""
    return houses_of(centre).get(line)


def others_than(centre: Profile, line: str) -> frozenset[str]:
    """The addresses of exchanges that are other houses' only. A shared one tells nothing apart."""
    found: dict[bool, set[str]] = {True: set(), False: set()}
    ways = [
        *((one.number, one.peer) for one in centre.linkage),
        *((one.number, one.backup_peer) for one in centre.linkage),
        *((one.number, one.peer) for one in centre.lines),
        *((one.centre, one.peer) for one in centre.relations),
    ]
    for name, way in ways:
        peer = centre.peer(way)
        if peer is not None:
            found[name == line].add(peer.address)
    return frozenset(found[False] - found[True])


def _of_peer(centre: Profile, name: str) -> str:
    peer = centre.peer(name)
    return peer.interface if peer is not None else ""
