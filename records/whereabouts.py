"""Where it happened: the gazetteer heard in the caller's words, and the road or village after it.

Pure. Exact words first, then their sound (洪山区 is 红山区): an engine that hears the syllables
rightly writes whatever characters are commoner than our place names.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from config.profile import Place as GazetteerRow
from records.pinyin import HALF_SOUND, LIKE_SOUND, find_sound

_INSIDE = r"[^，。？！、；：\s,.?!的有在是了到从把被让给]"
_ENDING = (
    r"(?:街道|大街|大道|胡同|街|路|巷|小区|花园|家园|社区|村委会|嘎查|村|广场|市场|学校|医院|公园|"
    r"[一二三四五六七八九十\d]+号楼|[一二三四五六七八九十\d]+单元|号院|交叉口|路口|附近)"
)
_DETAIL = re.compile(
    rf"(?:的)?((?:{_INSIDE}{{0,10}}?{_ENDING}(?:和(?={_INSIDE}{{1,6}}{_ENDING}))?)+)"
)
_ALONE = re.compile(
    rf"(?:我家在|我家住|住在|家住|就在|位于|我在|在)({_INSIDE}{{2,8}}?{_ENDING}(?:{_INSIDE}{{0,8}}?{_ENDING})*)"
)
_SUFFIX = re.compile(r"(?:街道办事处|街道|苏木|镇|乡|办事处)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place found in a text: what the gazetteer calls it, and where it stands in the text."""

    region: str | None
    township: str | None
    detail: str | None
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hit:
    name: str
    start: int
    end: int
    cost: float


def find_place(text: str, gazetteer: Sequence[GazetteerRow]) -> Spot | None:
    """Find the most certain place in the text, or None."""
    districts = tuple(dict.fromkeys(row.district for row in gazetteer))
    region = _hear(text, {alias: d for d in districts for alias in _called(d, districts)}, 1)
    towns = {row.township: row.township for row in gazetteer if row.township}
    township = _hear(text, towns, 2)
    if region is None and township is None:
        return _road_only(text)
    owners = {row.district for row in gazetteer if township and row.township == township.name}
    if region and township and region.name not in owners:
        # They contradict each other: what was heard better counts, the district when both did.
        if township.cost < region.cost:
            region = None
        else:
            township = None
    hits = [hit for hit in (region, township) if hit]
    start, end = min(hit.start for hit in hits), max(hit.end for hit in hits)
    detail = _DETAIL.match(text, end)
    if detail:
        end = detail.end()
    named = region.name if region else (owners.pop() if len(owners) == 1 else None)
    return Spot(
        region=named,
        township=township.name if township else None,
        detail=detail[1] if detail else None,
        start=start,
        end=end,
        why="、".join(_why(hit, text) for hit in hits),
    )


def _why(hit: _Hit, text: str) -> str:
    said = text[hit.start : hit.end]
    return (
        f"地名表：{hit.name}"
        if said in hit.name
        else f"地名表：{hit.name}（听写为“{said}”，读音相近）"
    )


def _called(district: str, others: Sequence[str]) -> list[str]:
    """A district's name and what people shorten it to, where that means no other district."""
    stem, kind = district[:-1], district[-1]
    short = [district]
    if len(stem) >= 2:
        short.append(stem)
    if kind == "旗" and len(stem) > 2:
        short += [stem[0] + "旗", district[-2:]]
    if district.endswith("自治县"):
        short.append(district[:2] + "县")
    return [
        name
        for name in short
        if name == district
        or not any(_could_be(name, other) for other in others if other != district)
    ]


def _could_be(name: str, district: str) -> bool:
    return name in district or name == district[0] + district[-1]


def _hear(text: str, names: dict[str, str], least_exact: int) -> _Hit | None:
    """The name heard best: exact ones first, the longest of them, then by sound."""
    exact = [
        _Hit(name=full, start=at, end=at + len(said), cost=0.0)
        for said, full in names.items()
        if len(said) > least_exact and (at := text.find(said)) >= 0
    ]
    if exact:
        return max(exact, key=lambda hit: (hit.end - hit.start, -hit.start))
    by_sound = []
    for said, full in names.items():
        # Two syllables alone sound like too much else; a stem must be written as it is.
        if len(said) >= 3 and said == full:
            most = LIKE_SOUND * len(said) if least_exact > 1 else HALF_SOUND + LIKE_SOUND
            heard = find_sound(said, text, most, ending=LIKE_SOUND)
            if heard is not None:
                by_sound.append(_Hit(name=full, start=heard.start, end=heard.end, cost=heard.cost))
    by_sound.sort(key=lambda hit: (hit.cost / len(hit.name), -len(hit.name)))
    if len(by_sound) > 1 and by_sound[0].cost == by_sound[1].cost >= HALF_SOUND:
        return None  # either could be meant
    return by_sound[0] if by_sound else None


def _road_only(text: str) -> Spot | None:
    found = _ALONE.search(text)
    if found is None:
        return None
    return Spot(
        region=None,
        township=None,
        detail=found[1],
        start=found.start(1),
        end=found.end(1),
        why="来电人所说地点，地名表中没有",
    )
