"""Where a caller's mobile number was issued, by its first seven digits. Pure.

The table is the one of ``phonenumbers``; it is loaded when first asked for, because it is large
(0.3 s, 100 MB) and a platform of one centre never asks.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from config.dialled import SEGMENT_DIGITS

_CHINA = "86"
_ALSO = {
    "0378": "河南省开封市",
    "0558": "安徽省亳州市",
    "0634": "山东省莱芜市",
    "0701": "江西省鹰潭市",
    "0719": "湖北省神农架林区",
    "0731": "湖南省株洲市",
    "0771": "广西崇左市",
    "0772": "广西来宾市",
    "0774": "广西贺州市",
    "0775": "广西贵港市",
    "0893": "西藏山南地区",
    "0897": "西藏阿里地区",
    "0935": "甘肃省金昌市",
    "0937": "甘肃省嘉峪关市",
    "0941": "甘肃省甘南藏族自治州",
}
"""Places that the table knows for mobile numbers but not under their area code."""


@lru_cache(maxsize=8)
def segments(areas: frozenset[str]) -> Mapping[str, str]:
    """Each segment of those areas with its area code. An area code nobody knows has none."""
    if not areas:
        return {}
    from phonenumbers.geodata import GEOCODE_DATA

    table = {
        prefix.removeprefix(_CHINA): names.get("zh", "")
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith(_CHINA)
    }
    stems = [(stem, area) for area in sorted(areas) for stem in _stems(table, area)]
    names = {name for prefix, name in table.items() if _is_mobile(prefix)}
    # 内蒙古兴安 under the area code is 内蒙古兴安盟 for mobile numbers
    area_of_name = {name: area for stem, area in stems for name in names if name.startswith(stem)}
    found: dict[str, str] = {}
    for prefix in sorted(filter(_is_mobile, table), key=len):  # the longest that fits counts
        area = area_of_name.get(table[prefix])
        if area and len(prefix) <= SEGMENT_DIGITS:
            found |= dict.fromkeys(_filled(prefix), area)
        else:
            found.pop(prefix, None)
    return found


def _is_mobile(prefix: str) -> bool:
    return prefix[0] == "1" and prefix[1] >= "3"


def _stems(table: Mapping[str, str], area: str) -> Iterator[str]:
    """How the names of its places begin. Some codes are shared by several cities (0731)."""
    national = area.removeprefix("0")
    for prefix, name in table.items():
        if name and prefix.startswith(national) and not _is_mobile(prefix):
            first, *others = name.split("、")
            province = first[: first.find("省") + 1]
            for each in (first, *(province + other for other in others)):
                yield each.removesuffix("市")
    if area in _ALSO:
        yield _ALSO[area]


def _filled(prefix: str) -> Iterator[str]:
    """Every segment that begins with the prefix: the table shortens ten that are alike."""
    missing = SEGMENT_DIGITS - len(prefix)
    for count in range(10**missing):
        yield f"{prefix}{count:0{missing}}" if missing else prefix
