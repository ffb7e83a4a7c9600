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


def house_of(centre: Profile, line: str) -> House | None:
    """The house of that name; None: the centre knows none."""
    for service in centre.linkage:
        if service.number == line:
            return House(service.name, service.interface or _of_peer(centre, service.peer))
    for kept in centre.lines:
        if kept.number == line and kept.peer:
            return House(kept.name, _of_peer(centre, kept.peer))
    for relation in centre.relations:
        if relation.centre == line:
            return House(relation.name, _of_peer(centre, relation.peer))
    return None


def _of_peer(centre: Profile, name: str) -> str:
    peer = centre.peer(name)
    return peer.interface if peer is not None else ""
