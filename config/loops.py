"""Ways by which a call would come back to where it was sent from. Pure.

Seen from data are exactly these:

* a line's own seats, a relation or a linkage is reached by dialling a number of this platform at a
  peer whose address is also a trunk: whoever sends us that number's calls gets them back. Peers on
  this machine (127.x) are left out, for there the address does not tell one exchange from another;
* a line's own seats are reached by dialling 12345, or another number of the same ledger whose seats
  have moved in, at a department's exchange: those calls come to us;
* a line's own seats are reached by dialling a number of our own ledger at the peer of another
  hotline that is not on this platform: it knows the number as ours and sends the call back. 12345
  itself is no such number, for every hotline answers its own;
* an expert or a department is reached by dialling a number of our ledger that we answer;
* lines of centres on this platform whose own seats are each other, over any number of steps;
* a hotline that answers for us (前置), while we answer for it: over any number of centres on this
  platform; for one elsewhere, when it is above us (上级) and so has us before it.

What another exchange does with a call cannot be seen: a department that diverts its telephones to
the number that we merged is found by the call itself, which comes back to 12345 after ringing.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from ipaddress import AddressValueError, IPv4Address

from config.dialled import key, keys
from config.faults import Fault
from config.ledger import HOTLINE, Line, Seating
from config.ledgertable import DESTINATION, NUMBERS
from config.linkage import LINKAGE
from config.peers import RELATIONS, RelationKind
from config.platform import Platform
from config.profile import Profile
from cti.ids import CentreId

_Node = tuple[CentreId, str]


class Loops:
    """The ways of one platform's calls, for as long as it is being checked."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._centres = {profile.centre: profile for profile in platform}

    @cached_property
    def _own(self) -> Mapping[str, Sequence[tuple[Profile, Line]]]:
        """Every key under which a line of the platform is dialled."""
        own: dict[str, list[tuple[Profile, Line]]] = {}
        for profile in self._platform:
            for line in (profile.hotline, *profile.lines):
                for spelling in keys(line.number, profile.area_code):
                    own.setdefault(spelling, []).append((profile, line))
        return own

    def faults(self) -> Iterator[Fault]:
        """Every loop there is, at each place that takes part in it."""
        for profile in self._platform:
            yield from self._of_lines(profile)
            yield from self._of_relations(profile)
            yield from self._of_linkage(profile)
        yield from self._of_fronts()

    def why_back(self, profile: Profile, peer: str, number: str) -> str:
        """Why a call that is dialled there comes back to this platform; '' when it does not.

        ``peer`` '': over the centre's own carrier.
        """
        why = self._comes_back(profile, peer, number)
        if why or any(relation.peer == peer for relation in profile.relations if peer):
            return why
        return self._is_answered_here(profile, number)

    def _of_lines(self, profile: Profile) -> Iterator[Fault]:
        for line in profile.lines:
            if line.seating is not Seating.KEPT or not (line.peer and line.destination):
                continue
            why = self._comes_back(profile, line.peer, line.destination)
            why = why or self._is_ours(profile, line)
            why = why or self._is_sent_back(profile, line)
            why = why or self._goes_round(profile, line)
            if why:
                better = "该部门座席自己的号码，不是归并的号码"
                yield Fault(profile.file(NUMBERS), line.row, DESTINATION, why, better)

    def _of_relations(self, profile: Profile) -> Iterator[Fault]:
        for relation in profile.relations:
            if why := self._comes_back(profile, relation.peer, relation.number):
                better = "该热线自己的接入号码"
                yield Fault(profile.file(RELATIONS), relation.row, "号码", why, better)

    def _of_linkage(self, profile: Profile) -> Iterator[Fault]:
        for linkage in profile.linkage:
            for column, peer, number in (
                ("转接号码", linkage.peer, linkage.destination),
                ("备用号码", linkage.backup_peer, linkage.backup_destination),
            ):
                if why := self._comes_back(profile, peer, number):
                    yield Fault(profile.file(LINKAGE), linkage.row, column, why, "该服务自己的号码")

    def _comes_back(self, profile: Profile, peer_id: str, number: str) -> str:
        """Why a call dialled there is given back to us at once; '' when it is not."""
        peer = profile.peer(peer_id)
        if peer is None or not number or key(number) not in self._own:
            return ""
        try:
            address = IPv4Address(peer.address)
        except AddressValueError:  # a host's name: where it leads is not in the data
            return ""
        trunks = (trunk for centre in self._platform for trunk in centre.trunks)
        if address.is_loopback or not any(address in trunk for trunk in trunks):
            return ""
        return f"对端{peer_id}就是来电中继，在那里拨打{number}又会回到本平台"

    def _is_ours(self, profile: Profile, line: Line) -> str:
        """Why the seats are no others than ours; '' when they are."""
        if any(relation.peer == line.peer for relation in profile.relations):
            return ""
        return self._is_answered_here(profile, line.destination, line)

    def _is_answered_here(self, profile: Profile, number: str, but: Line | None = None) -> str:
        for centre, owned in self._own.get(key(number), ()):
            if centre is profile and owned is not but and owned.seating is Seating.MOVED_IN:
                return f"{number}的来电由12345受理，转过去又会回到本热线"
        return ""

    def _is_sent_back(self, profile: Profile, line: Line) -> str:
        """Why another hotline gives the call back to us; '' when it does not."""
        mine = [
            owned for centre, owned in self._own.get(key(line.destination), ()) if centre == profile
        ]
        if not any(owned.number != HOTLINE for owned in mine):
            return ""
        for relation in profile.relations:
            if relation.peer == line.peer and relation.centre not in self._centres:
                return f"{line.destination}是本清单的号码，{relation.name}会把来电转回本中心"
        return ""

    def _goes_round(self, profile: Profile, line: Line) -> str:
        """Why the call comes round by other centres of the platform; '' when it does not."""
        start: _Node = (profile.centre, line.number)
        way = [start]
        at = self._next(profile, line)
        while at is not None:
            node = (at[0].centre, at[1].number)
            if node == start:
                round_trip = " → ".join(f"{centre} {number}" for centre, number in [*way, start])
                return f"来电会绕回原处：{round_trip}"
            if node in way:
                return ""  # others go round; it is told at their lines
            way.append(node)
            at = self._next(*at)
        return ""

    def _next(self, profile: Profile, line: Line) -> tuple[Profile, Line] | None:
        """The line of another centre on the platform at which the line's own seats are."""
        if line.seating is not Seating.KEPT or not line.peer:
            return None
        there = {relation.centre for relation in profile.relations if relation.peer == line.peer}
        for centre, owned in self._own.get(key(line.destination), ()):
            if centre.centre in there:
                return centre, owned
        return None

    def _of_fronts(self) -> Iterator[Fault]:
        for profile in self._platform:
            above = {r.centre for r in profile.relations if r.kind is RelationKind.UPPER}
            for relation in profile.relations:
                if relation.kind is not RelationKind.FRONT:
                    continue
                is_elsewhere = relation.centre not in self._centres
                if self._fronts(relation.centre, profile.centre):
                    why = f"{relation.name}前置于本中心，本中心又前置于它"
                elif is_elsewhere and relation.centre in above:
                    why = f"{relation.name}是上级，不能又是前置"
                else:
                    continue
                yield Fault(profile.file(RELATIONS), relation.row, "中心", why, "两行中只保留一行")

    def _fronts(self, first: CentreId, wanted: CentreId) -> bool:
        """Whether the wanted centre answers, over any number of steps, for the first."""
        seen: set[CentreId] = set()
        waiting = [first]
        while waiting:
            centre = waiting.pop()
            if centre == wanted:
                return True
            if centre in seen or centre not in self._centres:
                continue
            seen.add(centre)
            waiting += [
                relation.centre
                for relation in self._centres[centre].relations
                if relation.kind is RelationKind.FRONT
            ]
        return False
