"""Platforms at random, as strange as the types allow, the same for the same seed."""

import random
from datetime import date, timedelta

from config.facts import Level
from config.hours import read_hours
from config.ledger import NEVER_KEPT, Line, Mode, Seating
from config.owndays import DayKind, OwnDay
from config.peers import Peer, Relation, RelationKind
from config.platform import Platform
from config.profile import Profile
from cti.ids import CentreId, LineId
from tests.config.profiles import good_profile

AREAS = ("010", "021", "0476", "0739", "0791", "0797", "0971")
HOURS = (
    "全天",
    "工作日 08:30-12:00,14:30-17:30",
    "每天 08:00-20:00",
    "工作日 09:00-17:00",
    "每天 00:00-00:01,23:59-24:00",
)
NUMBERS = (
    "12333",
    "12319",
    "12366",
    "12315",
    "95598",
    "96333",
    "8337772",
    "8337773",
    "93617113",
    "4001234567",
    "13904761234",
    "10086",
)
OWN_DAYS = tuple(
    OwnDay(first=date(2026, 11, day), last=date(2026, 11, day), kind=kind)
    for day, kind in ((20, DayKind.OFF), (21, DayKind.WORKED), (22, DayKind.WORKED))
)
"""A Friday and the weekend after it."""
PEERS = ("renshe", "shuiwu", "jia", "yi")


def any_platform(seed: int) -> Platform:
    """One to four centres; numbers, areas and peers overlap as often as not."""
    draw = random.Random(seed)
    names = [CentreId(f"c{count}") for count in range(draw.randint(1, 4))]
    centres = tuple(_centre(draw, name, names) for name in names)
    return Platform(centres=centres, revision=draw.randint(0, 999))


def _centre(draw: random.Random, name: CentreId, names: list[CentreId]) -> Profile:
    lines = tuple(
        _line(draw, number, row)
        for row, number in enumerate(draw.sample(NUMBERS, draw.randint(1, len(NUMBERS))), 2)
    )
    peers = tuple(
        Peer(id=peer, name=peer, address=f"10.0.0.{row}", port=5060 + row)
        for row, peer in enumerate(PEERS)
    )
    relations = tuple(
        Relation(
            kind=draw.choice(list(RelationKind)),
            centre=draw.choice([*names, CentreId("elsewhere")]),
            name="某热线",
            area_code=draw.choice((*AREAS, "")),
            peer=draw.choice(("", *PEERS)),
            number="12345",
        )
        for _ in range(draw.randint(0, 6))
    )
    return good_profile().model_copy(
        update={
            "centre": name,
            "area_code": draw.choice(AREAS),
            "level": draw.choice(list(Level)),
            "lines": lines,
            "peers": peers,
            "relations": relations,
            "announce_recording": draw.random() < 0.5,
            "after_cancel": draw.choice(("connect", "hangup")),
            "outside_ring_s": draw.randint(5, 60),
            "days": tuple(draw.sample(OWN_DAYS, draw.randint(0, len(OWN_DAYS)))),
        }
    )


def _line(draw: random.Random, number: str, row: int) -> Line:
    mode = draw.choice([mode for mode in Mode if mode is not Mode.OWN])
    seating = Seating.MOVED_IN if mode in NEVER_KEPT else draw.choice(list(Seating))
    kept = seating is Seating.KEPT
    begins = date(2026, 1, 1) + timedelta(days=draw.randint(0, 200))
    return Line(
        number=LineId(number),
        name=f"{number}电话",
        department="某局",
        mode=mode,
        row=row,
        seating=seating,
        begins=draw.choice((None, begins)),
        ends=draw.choice((None, begins + timedelta(days=draw.randint(0, 200)))),
        peer=draw.choice(PEERS) if kept else "",
        destination="6612345" if kept else "",
        hours=read_hours(draw.choice(HOURS)) if kept else read_hours("全天"),
    )
