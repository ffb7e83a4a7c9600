"""What people write in a cell, and what they most likely meant by it. Pure."""

import calendar
import re
import unicodedata
from datetime import date

from config.hours import read_hours
from config.ledger import EMERGENCY, NUMBER

_DATE = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)
_SPAN = re.compile(
    r"(\d{1,2})[:：点](\d{2})?分?\s*[-~—–－至到]+\s*(\d{1,2})[:：点](\d{2})?", re.ASCII
)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_WORKING = re.compile(r"工作|周一|星期一|上班|办公")
APART = re.compile(r"[、,，;；/\s]+")
"""What people write between several things in one cell."""
HOURS_EXAMPLE = "工作日 08:30-12:00,14:30-17:30，或 每天 08:00-20:00，或 全天"
DATE_EXAMPLE = "年-月-日，如2026-12-31，或留空"


def digits(written: str, area_code: str = "") -> str:
    """The number that was probably meant: full-width digits, separators, +86 and area code undone.

    A number that may stand in the ledger comes back as it is; what cannot be guessed, as its
    digits.
    """
    found, is_national = _digits(written)
    if is_national and NUMBER.fullmatch(found):
        return found
    for country in ("0086", "86", ""):
        if not found.startswith(country):
            continue
        rest = found.removeprefix(country)
        for area in (area_code, area_code.removeprefix("0"), "0", ""):
            meant = rest.removeprefix(area)
            is_whole = meant in EMERGENCY or NUMBER.fullmatch(meant)
            if rest.startswith(area) and is_whole and (area != "0" or _MOBILE.fullmatch(meant)):
                return meant
    return found


def named(written: str) -> tuple[str, ...]:
    """The things that a cell names, each once; none where it says 全部."""
    text = unicodedata.normalize("NFKC", written).replace("全部", "")
    return tuple(dict.fromkeys(part for part in APART.split(text) if part))


def only_digits(written: str) -> str:
    """The digits and nothing else, each as 0 to 9."""
    return _digits(written)[0]


def is_emergency(written: str) -> bool:
    """Whether that is 110, 119, 120 or 122, however it is written, in whatever area."""
    found, is_national = _digits(written)
    if is_national and NUMBER.fullmatch(found):
        return False
    last = found[-3:]
    return last in EMERGENCY and bool(
        re.fullmatch(r"(0086|86)?(0?[1-9]\d{1,2}|0)?", found[:-3], re.ASCII)
    )


def _digits(written: str) -> tuple[str, bool]:
    """The digits, and whether they can be a number as they are: not after a plus sign."""
    text = unicodedata.normalize("NFKC", written)
    return re.sub(r"[^0-9]", "", text), "+" not in text


def read_date(written: str) -> date | None:
    """Read 2026-12-31, 2026年12月31日 or 2026/12/31; '' is None. Raises ``ValueError``."""
    if not written:
        return None
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", written))
    if found is None:
        raise ValueError(written)
    year, month, day = map(int, found.groups())
    return date(year, month, day)


def nearest_date(written: str) -> str:
    """The date that was probably meant, else an example. 2026-02-30 means the month's last day."""
    text = unicodedata.normalize("NFKC", written)
    found = _DATE.search(text) or re.fullmatch(r"(20\d\d)(\d\d)(\d\d)", text, re.ASCII)
    if found is None:
        return DATE_EXAMPLE
    year, month, day = map(int, found.groups())
    if not 1 <= month <= 12:
        return DATE_EXAMPLE
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(max(day, 1), last)).isoformat()


def nearest_hours(written: str) -> str:
    """The opening hours that were probably meant, else an example."""
    spans = []
    for hour, minute, to_hour, to_minute in _SPAN.findall(unicodedata.normalize("NFKC", written)):
        spans.append(f"{hour}:{minute or '00'}-{to_hour}:{to_minute or '00'}")
    days = "工作日" if _WORKING.search(written) else "每天"
    try:
        return read_hours(days + ",".join(spans)).chinese
    except ValueError:
        return HOURS_EXAMPLE
