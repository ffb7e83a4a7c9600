"""Whether the centres of one platform can live together: names, areas, trunks, peers. Pure."""

from collections.abc import Collection, Iterator
from itertools import combinations

from config.dialled import is_short, keys
from config.facts import PROFILE
from config.faults import Fault
from config.ledger import Line
from config.ledgertable import NUMBERS, PHONE
from config.peers import PEERS, RELATIONS, Relation, RelationKind
from config.platform import Platform
from config.profile import Profile


def contradictions(platform: Platform, doubtful: Collection[str] = ()) -> Iterator[Fault]:
    """What one centre says against another, told at the later one.

    Files in ``doubtful`` have faults already: nothing is missed in them.
    """
    for first, second in combinations(platform, 2):
        yield from _facts(first, second)
        yield from _peers(first, second)
    yield from _numbers(platform)
    for profile in platform:
        if profile.file(RELATIONS) not in doubtful:
            yield from _relations(platform, profile)


def _facts(first: Profile, second: Profile) -> Iterator[Fault]:
    """Names, areas and trunks by which a call's centre is known."""
    file, name = second.file(PROFILE), first.name
    if first.centre == second.centre:
        message = f"{name}也叫{second.centre}"
        yield Fault(file, 0, "centre", message, "另一个名称")
    if first.area_code == second.area_code and first.level is second.level:
        message = f"{name}也是{first.area_code}的{first.level.chinese}热线，12345应归谁无法确定"
        yield Fault(file, 0, "area_code", message, "自己的区号，或写明 level")
    for trunk in second.trunks:
        if any(trunk.version == t.version and trunk.overlaps(t) for t in first.trunks):
            message = f"{trunk}也是{name}的中继，来电归谁无法确定"
            better = "该中心自己的中继；没有就不写，来电按区号归属"
            yield Fault(file, 0, "trunks", message, better)


def _peers(first: Profile, second: Profile) -> Iterator[Fault]:
    """A peer's name is one on the whole platform: it is its name in Asterisk."""
    known = {peer.id: peer for peer in first.peers}
    for peer in second.peers:
        other = known.get(peer.id, peer)
        if (peer.address, peer.port) != (other.address, other.port):
            message = f"{first.name}的对端{peer.id}在{other.address}:{other.port}"
            yield Fault(second.file(PEERS), peer.row, "对端", message, "另一个名称")


def _numbers(platform: Platform) -> Iterator[Fault]:
    """A number that exists once belongs to one centre. 12333 and the like exist in every area."""
    held: dict[str, tuple[Profile, Line]] = {}
    if len(platform.centres) == 1:
        return
    for profile in platform:
        for line in profile.lines:
            if is_short(line.number):
                continue
            whole = keys(line.number, profile.area_code)[-1]
            first, other = held.setdefault(whole, (profile, line))
            if first is not profile:
                message = f"{line.number}也在{first.name}的清单中（第{other.row}行）"
                better = "两个中心的清单中只保留一处"
                yield Fault(profile.file(NUMBERS), line.row, PHONE, message, better)


def _relations(platform: Platform, profile: Profile) -> Iterator[Fault]:
    here = {centre.centre: centre for centre in platform}
    fronts: dict[str, Relation] = {}
    for relation in profile.relations:
        at = (profile.file(RELATIONS), relation.row)
        if relation.centre == profile.centre:
            yield Fault(*at, "中心", "这是本中心自己", "另一个中心，或删去这一行")
            continue
        other = here.get(relation.centre)
        if other is not None:
            yield from _between(profile, relation, other)
        elif relation.kind is RelationKind.FRONT and not relation.peer:
            message = f"{relation.name}不在本平台，来电无法转过去"
            yield Fault(*at, "对端", message, "该热线的对端，并写明号码")
        if relation.kind is RelationKind.FRONT:
            area = relation.area_code
            if area in fronts:
                message = f"{area}已由第{fronts[area].row}行的{fronts[area].name}前置"
                yield Fault(*at, "区号", message, "每个区号只有一个前置的热线")
            fronts.setdefault(area, relation)


def _between(profile: Profile, relation: Relation, other: Profile) -> Iterator[Fault]:
    """What a relation says of a centre that is on the platform and can be asked."""
    at = (profile.file(RELATIONS), relation.row)
    if relation.area_code and relation.area_code != other.area_code:
        message = f"{other.name}的区号是{other.area_code}"
        yield Fault(*at, "区号", message, other.area_code)
    if relation.kind is RelationKind.FRONT:
        return  # hotlines of one level may answer for each other
    above, below, instead = other, profile, RelationKind.LOWER.value
    if relation.kind is RelationKind.LOWER:
        above, below, instead = profile, other, RelationKind.UPPER.value
    if above.level.rank >= below.level.rank:
        levels = "，".join(f"{c.name}是{c.level.chinese}热线" for c in (above, below))
        if above.level is below.level:
            instead = f"改正 {PROFILE} 中的 level"
        yield Fault(*at, "关系", levels, instead)
