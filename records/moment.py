"""When it happened, as spoken (昨天晚上, 上周三, 六月二十号), and the span that means. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_DAY = (
    r"(?:今天|昨天|前天|大前天|明天|后天|昨晚|今早|今晚|每天|天天|上个?(?:周|星期|礼拜)[一二三四五六日天]?"
    r"|这个?(?:周|星期|礼拜)[一二三四五六日天]?|上个月|这个月|本月|今年(?!.{1,3}岁)|去年|前年)"
)
_PART = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|半夜|深夜|白天)"
_YEAR = r"(?:(?:\d{4}|[零〇一二三四五六七八九]{4})年)"
_DATE = rf"(?:{_YEAR}?{_N}月份?(?:{_N}[号日])?)"
_CLOCK = rf"{_N}(?:点多|点半|点钟|点)(?:{_N}分)?(?:以后|之后|左右|以前|之前)?"
_SPAN = (
    rf"(?:(?:好几|几|半|一|两|\d{{1,2}}|{_N})个?多?(?:天|个月|月|年|小时|周|个星期|个礼拜)多?了?)"
)
_UNTIL = rf"(?:到{_PART}?{_CLOCK})?"
_SPOKEN = re.compile(
    rf"(?:{_DAY}(?:{_DATE}|{_PART})?(?:{_CLOCK}{_UNTIL})?)|(?:{_DATE}{_PART}?(?:{_CLOCK})?)"
    rf"|(?:{_PART}(?:{_CLOCK}{_UNTIL})?)|{_CLOCK}|{_SPAN}"
)
_DIGIT = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HOURS = {
    "凌晨": (0, 6),
    "清晨": (5, 8),
    "早上": (6, 9),
    "早晨": (6, 9),
    "上午": (8, 12),
    "中午": (11, 14),
    "下午": (12, 18),
    "傍晚": (17, 20),
    "晚上": (18, 24),
    "夜里": (22, 24),
    "半夜": (0, 4),
    "深夜": (22, 24),
    "白天": (8, 18),
}
_AGO = {"大前天": 3, "前天": 2, "昨天": 1, "昨晚": 1, "今天": 0, "今早": 0, "今晚": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A time in a text. ``since`` and ``until`` are None when no calendar says them."""

    start: int
    end: int
    text: str
    since: datetime | None = None
    until: datetime | None = None


def find_moment(text: str, now: datetime) -> Moment | None:
    """Find the most telling time in the text; ``now`` (in local time) is when it was said."""
    found = list(_SPOKEN.finditer(text))
    if not found:
        return None
    best = max(found, key=lambda m: (_weight(m[0]), -m.start()))
    since, until = _span(best[0], now)
    return Moment(start=best.start(), end=best.end(), text=best[0], since=since, until=until)


def _weight(said: str) -> int:
    """A day with an hour says more than a day, a day more than an hour of any day."""
    day = bool(re.search(_DAY, said)) and not said.startswith(("每天", "天天"))
    return (
        4 * day
        + 3 * bool(re.search(_DATE, said))
        + bool(re.search(_PART, said))
        + bool(re.search(_CLOCK, said))
    )


def _span(said: str, now: datetime) -> tuple[datetime | None, datetime | None]:
    day = _day(said, now)
    if day is None:
        return None, None
    part = next((name for name in _HOURS if name in said), None)
    if part is None and said[:2] in ("昨晚", "今晚", "今早"):
        part = "早上" if said.startswith("今早") else "晚上"
    clock = re.search(rf"({_N})点(半)?", said)
    if clock and (hour := _number(clock[1])) is not None and hour <= 24:
        if hour < 12 and part in ("下午", "傍晚", "晚上", "夜里", "深夜"):
            hour += 12
        at = day + timedelta(hours=hour, minutes=30 if clock[2] else 0)
        return at, at + timedelta(hours=1)
    if part:
        first, last = _HOURS[part]
        return day + timedelta(hours=first), day + timedelta(hours=last)
    return day, day + timedelta(days=1)


def _day(said: str, now: datetime) -> datetime | None:
    """Midnight of the one day that is meant; None when it is no single day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for word, ago in _AGO.items():
        if said.startswith(word):
            return midnight - timedelta(days=ago)
    week = re.match(r"(上|这)个?(?:周|星期|礼拜)([一二三四五六日天])", said)
    if week:
        weekday = "一二三四五六日".index(week[2].replace("天", "日"))
        monday = midnight - timedelta(days=midnight.weekday() + (7 if week[1] == "上" else 0))
        return monday + timedelta(days=weekday)
    date = re.search(rf"(?:(\d{{4}}|[零〇一二三四五六七八九]{{4}})年)?({_N})月({_N})[号日]", said)
    if date is None:
        return None
    month, number = _number(date[2]), _number(date[3])
    year = _year(date[1]) if date[1] else now.year - (1 if "去年" in said else 0)
    try:
        found = midnight.replace(year=year, month=month or 0, day=number or 0)
    except ValueError:  # there is no such day: misheard
        return None
    return (
        found.replace(year=year - 1) if not date[1] and found > now + timedelta(days=60) else found
    )


def _year(said: str) -> int:
    return int("".join(str(_DIGIT.get(sign, sign)) for sign in said))


def _number(said: str) -> int | None:
    """A number up to 99, in digits or words."""
    if said.isdigit():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return _DIGIT.get(said) if len(said) == 1 else None
    if len(tens) > 1 or len(ones) > 1:
        return None
    return 10 * (_DIGIT[tens] if tens else 1) + (_DIGIT[ones] if ones else 0)
