"""From which city a number calls: the area code of a fixed line, the segment of a mobile. Pure.

The table is the one of ``phonenumbers``. To load it costs seconds and 130 MB, of which China is a
tenth: ``cti.whencetable`` has another process read it.
"""

import json
from collections.abc import Mapping
from typing import Final

from config.dialled import area_of, key, segment_of

SHORTEST: Final = 2
LOCAL_DIGITS: Final = (7, 8)


class Whence:
    """Knows places by the first digits of a number."""

    def __init__(self, places: Mapping[str, str]) -> None:
        """``places``: by the digits after the country's, without a leading zero."""
        self._places = places

    def of(self, number: str, home: str = "") -> str:
        """The province and city that a number belongs to; '' for one that belongs to none.

        ``home``: where the centre is, to whose own area a number without area code belongs.
        """
        plain = key(number)
        digits = segment_of(plain) or area_of(plain).removeprefix("0")
        if digits:
            longest = (digits[:size] for size in range(len(digits), SHORTEST - 1, -1))
            return next((self._places[one] for one in longest if one in self._places), "")
        is_local = len(plain) in LOCAL_DIGITS and plain[0] not in "019"
        return home if is_local else ""


def written(places: Mapping[str, str]) -> str:
    """The table as one line that ``read`` reads."""
    prefixes: dict[str, list[str]] = {}
    for prefix, name in places.items():
        prefixes.setdefault(name, []).append(prefix)
    return json.dumps(prefixes, ensure_ascii=False, separators=(",", ":"))


def read(line: str) -> Whence:
    """What ``written`` wrote. ``ValueError``: it wrote nothing like that."""
    prefixes: object = json.loads(line)
    if not (prefixes and isinstance(prefixes, dict)):
        raise ValueError("a table of places is expected")
    if not all(isinstance(all_, list) for all_ in prefixes.values()):
        raise ValueError("each place needs the list of its first digits")
    return Whence({prefix: name for name, all_ in prefixes.items() for prefix in all_})


def china() -> dict[str, str]:
    """China's part of the whole table, loaded anew."""
    from phonenumbers.geodata import GEOCODE_DATA

    return {
        prefix.removeprefix("86"): names["zh"]
        for prefix, names in GEOCODE_DATA.items()
        if prefix.startswith("86") and names.get("zh")
    }
