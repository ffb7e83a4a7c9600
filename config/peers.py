"""Whom we can ring outside (``peers.csv``), and our place among the hotlines (``relations.csv``).

Pure. A peer is an exchange: a department's, a sub-centre's, another centre's.
"""

import re
from enum import Enum
from functools import partial
from ipaddress import AddressValueError, IPv4Address

from pydantic import BaseModel, ConfigDict

from config.cells import is_emergency, nearest_hours, only_digits
from config.faults import Fault, nearest
from config.handling import Handling, read_handling, read_ring
from config.hours import ALWAYS, Hours, read_hours
from config.ledgertable import DIALLED, PEER_ID
from config.table import Row, read_table
from cti.ids import CentreId

PEERS, RELATIONS = "peers.csv", "relations.csv"
RELATED = (Handling.TRANSFER, Handling.CONSULT, Handling.THREE_WAY)
SIP_PORT = 5060
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9-]{1,63})*", re.ASCII)


INTERFACE = "接口"
_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?(/[!-~]*)?", re.ASCII)


class Peer(BaseModel):
    """An exchange that takes calls from us, named ``peer-<id>`` in Asterisk."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str
    address: str
    """An IPv4 address or a host's name."""
    port: int = SIP_PORT
    interface: str = ""
    """Where what is known of a caller is told ahead, a URL; '': nowhere."""
    row: int = 0


class RelationKind(Enum):
    """What another hotline is to us (关系)."""

    UPPER = "上级"
    LOWER = "下级"
    FRONT = "前置"
    """It answers callers of its area for us."""


class Relation(BaseModel):
    """Another hotline, on this platform or elsewhere, and how it is reached."""

    model_config = ConfigDict(frozen=True)

    kind: RelationKind
    centre: CentreId
    name: str
    area_code: str = ""
    peer: str = ""
    """'' for one that is on this platform, or that takes no calls from us."""
    number: str = ""
    """What we dial at the peer."""
    hours: Hours = ALWAYS
    """When it takes our calls."""
    ring_s: int = 0
    """How long it rings; 0: as long as the seats behind any peer."""
    handling: Handling | None = None
    """How callers are usually taken there; None: the agent lets go at once."""
    row: int = 0


def read_peers(text: str) -> tuple[tuple[Peer, ...], list[Fault]]:
    """Read the peers, each with an id of its own."""
    rows, faults = read_table(PEERS, text, ("对端", "名称", "地址"))
    peers: dict[str, Peer] = {}
    for row in rows:
        told = partial(Fault, PEERS, row.line)
        name = row["对端"]
        faults += peer_faults(PEERS, row, "对端", is_needed=True)
        if name in peers:
            faults.append(told("对端", f"对端{name}在第{peers[name].row}行已有", "另一个名称"))
        if not row["名称"]:
            faults.append(told("名称", "名称是空的", "该交换机所属单位的名称"))
        if not _is_address(row["地址"]):
            better = "IPv4地址或主机名，如10.1.2.3"
            faults.append(told("地址", f"「{row['地址']}」不是地址", better))
        port = _port(row["端口"])
        if port is None:
            faults.append(told("端口", f"「{row['端口']}」不是端口", "1到65535的整数，通常是5060"))
        faults += interface_faults(PEERS, row)
        peer = Peer(
            id=name,
            name=row["名称"],
            address=row["地址"],
            port=port or SIP_PORT,
            interface=row[INTERFACE],
            row=row.line,
        )
        peers.setdefault(name, peer)
    return tuple(peers.values()), faults


def peer_faults(file: str, row: Row, column: str, *, is_needed: bool) -> list[Fault]:
    """Whether a cell names a peer; whether there is one of that name is not looked at here."""
    written = row[column]
    if PEER_ID.fullmatch(written) or not (written or is_needed):
        return []
    meant = re.sub(r"[^a-z0-9]", "", written.lower()).lstrip("0123456789")[:16]
    message = f"「{written}」不是对端的名称" if written else "没有写对端"
    better = meant or "小写字母开头，只用小写字母和数字，如shuiwu"
    return [Fault(file, row.line, column, message, better)]


def interface_faults(file: str, row: Row) -> list[Fault]:
    """Whether a cell holds an address that can be posted to; empty: nothing is told there."""
    written = row[INTERFACE]
    if not written or _URL.fullmatch(written):
        return []
    better = "https://主机名或地址/路径，不带用户名和密码；没有接口就留空"
    return [Fault(file, row.line, INTERFACE, f"「{written}」不是接口的地址", better)]


def number_faults(file: str, row: Row, column: str, *, is_needed: bool) -> list[Fault]:
    """Whether a cell holds a number that can be dialled at a peer."""
    written = row[column]
    if DIALLED.fullmatch(written) or not (written or is_needed):
        return []
    meant = only_digits(written)
    message = f"「{written}」不是电话号码" if written else "没有写号码"
    better = meant if DIALLED.fullmatch(meant) else "在对端拨打的号码，只写数字"
    return [Fault(file, row.line, column, message, better)]


def _is_address(written: str) -> bool:
    if re.fullmatch(r"[0-9.]*", written, re.ASCII):
        try:
            return bool(IPv4Address(written).packed)
        except AddressValueError:
            return False
    return _HOST.fullmatch(written) is not None


def _port(written: str) -> int | None:
    if not written:
        return SIP_PORT
    if not re.fullmatch(r"\d{1,5}", written, re.ASCII) or not 1 <= int(written) <= 65535:
        return None
    return int(written)


def read_relations(text: str) -> tuple[tuple[Relation, ...], list[Fault]]:
    """Read the hotlines above, below and before us; each kind names a centre once."""
    rows, faults = read_table(RELATIONS, text, ("关系", "中心", "名称"))
    kinds = {kind.value: kind for kind in RelationKind}
    found: dict[tuple[str, str], Relation] = {}
    for row in rows:
        told = partial(Fault, RELATIONS, row.line)
        faults += _relation_faults(row)
        if row["关系"] not in kinds:
            message = f"没有「{row['关系']}」这种关系"
            faults.append(told("关系", message, nearest(row["关系"], tuple(kinds))))
            continue
        key = (row["关系"], row["中心"])
        if key in found:
            message = f"{row['关系']}{row['中心']}在第{found[key].row}行已有"
            faults.append(told("中心", message, "删去这一行"))
        handling, wrong = read_handling(RELATIONS, row, RELATED)
        ring, no_ring = read_ring(RELATIONS, row)
        hours, no_hours = _hours(row)
        faults += [*wrong, *no_ring, *no_hours]
        relation = Relation(
            kind=kinds[row["关系"]],
            centre=CentreId(row["中心"]),
            name=row["名称"],
            area_code=row["区号"],
            peer=row["对端"],
            number=row["号码"],
            hours=hours,
            ring_s=ring,
            handling=handling,
            row=row.line,
        )
        found.setdefault(key, relation)
    return tuple(found.values()), faults


def _hours(row: Row) -> tuple[Hours, list[Fault]]:
    written = row["座席时间"]
    try:
        return read_hours(written), []
    except ValueError:
        better = nearest_hours(written)
        return ALWAYS, [Fault(RELATIONS, row.line, "座席时间", f"看不懂「{written}」", better)]


def _relation_faults(row: Row) -> list[Fault]:
    told = partial(Fault, RELATIONS, row.line)
    faults = []
    if not re.fullmatch(r"[a-z][a-z0-9]{0,31}", row["中心"], re.ASCII):
        meant = re.sub(r"[^a-z0-9]", "", row["中心"].lower()).lstrip("0123456789")[:32]
        example = "小写字母开头，只用小写字母和数字，如xining"
        faults.append(told("中心", f"「{row['中心']}」不是中心的名称", meant or example))
    if not row["名称"]:
        faults.append(told("名称", "名称是空的", "该热线的名称"))
    area = row["区号"]
    is_needed = row["关系"] == RelationKind.FRONT.value
    if (area or is_needed) and not re.fullmatch(r"0[1-9]\d{1,2}", area, re.ASCII):
        meant = "0" + only_digits(area).lstrip("0")
        better = meant if re.fullmatch(r"0[1-9]\d{1,2}", meant) else "带0的区号，如0791"
        message = f"「{area}」不是区号" if area else "前置的热线没有写区号"
        faults.append(told("区号", message, better))
    faults += peer_faults(RELATIONS, row, "对端", is_needed=bool(row["号码"]))
    if is_emergency(row["号码"]):
        message = f"「{row['号码']}」是紧急电话，不是热线的号码"
        return [*faults, told("号码", message, "该热线的号码")]
    return faults + number_faults(RELATIONS, row, "号码", is_needed=bool(row["对端"]))
