"""Whether experts and departments can be rung as their tables say. Pure.

Exchanges nobody has, numbers that lead back to our own queue, departments nobody knows.
"""

from collections.abc import Collection, Iterator

from config.contacts import CONTACTS, DEPARTMENT, TOLD
from config.experts import EXPERTS
from config.facts import PROFILE
from config.faults import Fault, nearest
from config.ledger import Mode
from config.loops import Loops
from config.peers import PEERS
from config.places import OFFICES
from config.profile import Profile
from config.reach import NUMBER, PEER, Reach


def unreachable(profile: Profile, loops: Loops, doubtful: Collection[str]) -> Iterator[Fault]:
    """Every row of ``experts.csv`` and ``contacts.csv`` that leads nowhere, or back to us."""
    yield from _peer(profile, doubtful, profile.file(PROFILE), 0, profile.typed_peer, "typed_peer")
    for expert in profile.experts:
        yield from _way(profile, loops, doubtful, profile.file(EXPERTS), expert.row, expert.reach)
    offices = {office.name: office for office in profile.offices}
    called = {alias: office.name for office in profile.offices for alias in office.aliases}
    is_known = bool(offices) and profile.file(OFFICES) not in doubtful
    for contact in profile.contacts:
        file, name = profile.file(CONTACTS), contact.department
        yield from _way(profile, loops, doubtful, file, contact.row, contact.reach)
        if is_known and name not in offices:
            found = called.get(name) or nearest(name, list(offices))
            better = found if found in offices else f"先在{OFFICES}中写明这个部门"
            yield Fault(file, contact.row, DEPARTMENT, f"{OFFICES}中没有「{name}」这个部门", better)
        line = profile.by_number.get(contact.told)
        if line is not None and line.mode is Mode.WHOLE:
            message = f"{contact.told}已整体并入12345"
            yield Fault(file, contact.row, TOLD, message, "该部门自己的号码，或留空")


def _way(
    profile: Profile,
    loops: Loops,
    doubtful: Collection[str],
    file: str,
    row: int,
    reach: Reach,
) -> Iterator[Fault]:
    if not reach.number:
        return
    if not reach.peer and not profile.dial_out:
        message = "没有写对端，本中心也没有呼出线路"
        yield Fault(file, row, PEER, message, "对端的名称，如公网出局；或在profile.toml写dial_out")
        return
    if reach.peer and profile.peer(reach.peer) is None:
        yield from _peer(profile, doubtful, file, row, reach.peer)
    elif why := loops.why_back(profile, reach.peer, reach.number):
        yield Fault(file, row, NUMBER, why, "接电话的人自己的号码，不是归并的号码")


def _peer(
    profile: Profile,
    doubtful: Collection[str],
    file: str,
    row: int,
    written: str,
    column: str = PEER,
) -> Iterator[Fault]:
    """An exchange that is not in the table; unless the table could not be read."""
    peers = [peer.id for peer in profile.peers]
    if written and written not in peers and profile.file(PEERS) not in doubtful:
        better = nearest(written, peers) if peers else f"先在{PEERS}中写明这个对端"
        yield Fault(file, row, column, f"没有「{written}」这个对端", better)
