"""Whose a dialled number is: of several centres on one platform, the one that is meant. Pure.

An area code in the number decides; without one, a short number (12345) is the caller's area's, any
other the one's on whose trunk it came; then home's. A province does not answer for its own city.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from config.dialled import area_of, is_short, keys
from config.facts import Level
from config.ledger import Line, Mode
from config.peers import RelationKind
from config.platform import Platform
from config.profile import Profile
from cti.ids import CentreId


@dataclass(frozen=True, slots=True)
class Front:
    """The caller's own city, which answers for the province (前置): here, or over a peer."""

    centre: CentreId
    name: str
    is_here: bool
    peer: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose line it is. ``is_known`` False: nobody's; then ``line`` is that centre's 12345."""

    centre: CentreId
    line: Line
    is_known: bool
    front: Front | None = None


class Place(NamedTuple):
    """Where a call comes from: the caller's area and the trunk's centre; '' for any."""

    area: str
    centre: str


ANYWHERE = Place("", "")


class Owners:
    """The index of one platform. Making it takes as long as walking its lines once."""

    def __init__(self, platform: Platform) -> None:
        self._centres = platform.centres
        self._hotlines = {profile.centre: profile.hotline for profile in platform}
        self._held: dict[str, list[tuple[Profile, Line]]] = {}
        for profile in platform:
            for line in (self._hotlines[profile.centre], *profile.lines):
                for key in keys(line.number, profile.area_code):
                    self._held.setdefault(key, []).append((profile, line))
        self._fronts = {profile.centre: _fronts(profile, platform) for profile in platform}
        codes = {profile.area_code for profile in platform} if len(platform.centres) > 1 else set()
        self.areas = frozenset(codes.union(*self._fronts.values()))
        """The area codes that can make a difference to where a call goes."""

    @property
    def keys(self) -> Iterator[str]:
        """Every key under which some line is dialled. No two alike."""
        return iter(self._held)

    def known(self, key: str) -> list[tuple[Place, Owner]]:
        """Whose the key is, by where the call comes from: the first place that fits counts.

        The last fits every call. Nothing for a key that no line has.
        """
        held = self._held.get(key)
        if held is None:
            return []
        if len(held) == 1:
            profile, line = held[0]
            found = Owner(profile.centre, line, is_known=True)
            fronts = self._fronts[profile.centre] if line.mode is Mode.FRONTED else {}
            places = [(Place(area, ""), self._fronted(found, area)) for area in fronts]
            return [*places, (ANYWHERE, found)]
        by_area = is_short(key)

        def owner(place: Place) -> Owner:
            area = area_of(key) or (place.area if by_area else "")
            profile, line = _choose(held, area, place.centre)
            return self._fronted(Owner(profile.centre, line, is_known=True), place.area)

        return self._places(owner)

    def unknown(self) -> list[tuple[Place, Owner]]:
        """Who answers a number that nobody has; its own area code stands for the caller's."""
        if len(self._centres) == 1:
            [profile] = self._centres
            hotline = self._hotlines[profile.centre]
            return [(ANYWHERE, Owner(profile.centre, hotline, is_known=False))]
        held = [(profile, self._hotlines[profile.centre]) for profile in self._centres]

        def owner(place: Place) -> Owner:
            profile, line = _choose(held, place.area, place.centre)
            return Owner(profile.centre, line, is_known=False)

        return self._places(owner)

    def _fronted(self, owner: Owner, area: str) -> Owner:
        if owner.line.mode is not Mode.FRONTED:
            return owner
        front = self._fronts[owner.centre].get(area)
        return Owner(owner.centre, owner.line, owner.is_known, front) if front else owner

    def _places(self, owner: Callable[[Place], Owner]) -> list[tuple[Place, Owner]]:
        """Ask about every place, and keep those that a less exact one would get wrong."""
        anyone = owner(ANYWHERE)
        centres = [(Place("", profile.centre)) for profile in self._centres]
        by_centre = {place: found for place in centres if _differs(found := owner(place), anyone)}
        by_area: dict[Place, Owner] = {}
        by_both: dict[Place, Owner] = {}
        for area in sorted(self.areas):
            found = owner(Place(area, ""))
            if _differs(found, anyone):
                by_area[Place(area, "")] = found
            for profile in self._centres:
                exact = owner(Place(area, profile.centre))
                guess = by_area.get(Place(area, "")) or by_centre.get(
                    Place("", profile.centre), anyone
                )
                if _differs(exact, guess):
                    by_both[Place(area, profile.centre)] = exact
        return [*by_both.items(), *by_area.items(), *by_centre.items(), (ANYWHERE, anyone)]


def _differs(one: Owner, other: Owner) -> bool:
    # by name: comparing whole lines would take long, and a centre has one line a number
    return (one.centre, one.line.number, one.front) != (
        other.centre,
        other.line.number,
        other.front,
    )


def _choose(held: Sequence[tuple[Profile, Line]], area: str, centre: str) -> tuple[Profile, Line]:
    """Of those who have the number: the area's, then the trunk's, then home or the first."""
    local = [(profile, line) for profile, line in held if area and profile.area_code == area]
    cities = [(profile, line) for profile, line in local if not _is_province(profile)]
    chosen = cities or local or held
    return next((found for found in chosen if found[0].centre == centre), chosen[0])


def _is_province(profile: Profile) -> bool:
    return profile.level is Level.PROVINCE


def _fronts(profile: Profile, platform: Platform) -> dict[str, Front]:
    """Area code → the city that answers for the centre there; 前置 before 下级."""
    here = {other.centre for other in platform}
    found: dict[str, Front] = {}
    if not any(line.mode is Mode.FRONTED for line in profile.lines):
        return found
    for kind in (RelationKind.FRONT, RelationKind.LOWER):
        for relation in profile.relations:
            is_here = relation.centre in here and relation.centre != profile.centre
            if relation.kind is kind and relation.area_code and (is_here or relation.peer):
                front = Front(
                    relation.centre,
                    relation.name,
                    is_here,
                    peer="" if is_here else relation.peer,
                    number="" if is_here else relation.number,
                )
                found.setdefault(relation.area_code, front)
    return found
