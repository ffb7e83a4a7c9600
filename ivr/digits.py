"""How numbers are read aloud in Mandarin. Pure.

Three readings, because people use three: telephone numbers digit by digit with 幺 for one
(``telephone``), amounts as words with 两 for two before a measure word (``count``), and years
digit by digit with 一 (``year``). ``spell`` finds the numbers in a sentence and picks.
"""

import re
import unicodedata

_TELEPHONE = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
_PLAIN = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_PLACES = ("", "十", "百", "千")
_GROUPS = ("", "万", "亿", "万亿")

_GROUPED = {6: (3, 3), 7: (3, 4), 8: (4, 4), 10: (3, 3, 4), 11: (3, 4, 4)}
_AREA_AND_MORE = 9

LARGEST = 10**16 - 1
"""The largest number ``cardinal`` reads as an amount."""

_MEASURES = (
    "个工作日|个工作时|个小时|个月|位|分钟|秒钟|秒|小时|天|年|周|个|人|次|条|件|名|元|块|公里|米|"
    "度|岁|户|栋|层|楼|号|月|日|点|分|室|单元|路|倍|批|家|项|种|份|遍|声"
)
_ORDINAL_MEASURES = frozenset({"月", "日", "号", "楼", "层", "路", "室", "单元", "分"})
"""After these, and after 第, two is 二: 二月, 二楼, 第二位."""

_NUMBER = re.compile(
    rf"""
      (?P<year>(?:19|20)\d\d)(?=年)
    | (?P<hour>[01]?\d|2[0-4])[:：](?P<minute>[0-5]\d)(?!\d)
    | (?P<percent>\d+(?:\.\d+)?)%
    | (?P<decimal>\d+\.\d+)
    | (?P<ordinal>(?<=第)\d+)
    | (?P<parts>\+?\d{{2,}}(?:-\d{{3,}})+)
    | (?P<count>\d+)(?=(?P<measure>{_MEASURES}))
    | (?P<plain>\+?\d+)
    """,
    re.VERBOSE,
)
_SHORTEST_TELEPHONE = 3
_LONGEST_COUNT = 8
_ZEROS_FIRST = re.compile(r"^0\d")


def telephone(number: str) -> str:
    """Read a telephone number digit by digit, 一 as 幺; everything that is no digit is left out.

    >>> telephone("12345")
    '幺二三四五'
    """
    ascii_digits = unicodedata.normalize("NFKC", number)
    return "".join(_TELEPHONE[d] for d in ascii_digits if d in _TELEPHONE)


def grouped(number: str) -> str:
    """Write a telephone number in the groups that people say it in; short ones are one group.

    >>> grouped("8337772")
    '833-7772'
    """
    if number.startswith("0") and len(number) > _AREA_AND_MORE:
        # two-digit areas are the largest cities': 010, 021; all others have three: 0476
        area = 3 if number[1] in "12" else 4
        return f"{number[:area]}-{grouped(number[area:])}"
    size = _GROUPED.get(len(number), ())
    ends = [sum(size[: count + 1]) for count in range(len(size))]
    return (
        "-".join(number[end - part : end] for end, part in zip(ends, size, strict=True)) or number
    )


def year(number: int) -> str:
    """Read a year digit by digit: 2026 → 二零二六."""
    return "".join(_PLAIN[d] for d in str(number))


def cardinal(number: int) -> str:
    """Read an amount with no measure word after it: 2 → 二, 105 → 一百零五, 12 → 十二.

    Negative numbers and those above ``LARGEST`` are a ``ValueError``.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"no reading for {number}")
    if number == 0:
        return "零"
    words = ""
    for index in range(len(_GROUPS) - 1, -1, -1):
        group = number // 10 ** (4 * index) % 10_000
        if group == 0:
            continue
        # zeros that end a group of four are not said, zeros that begin one are, once
        after_zeros = group < 1000 or number // 10 ** (4 * (index + 1)) % 10_000 == 0
        if words and after_zeros:
            words += "零"
        words += _below_ten_thousand(group) + _GROUPS[index]
    # 一十二 is written nowhere at the head of a number: 十二, but 一百一十二
    return words[1:] if words.startswith("一十") else words


def _below_ten_thousand(number: int) -> str:
    words = ""
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            words += _PLAIN[str(digit)] + _PLACES[place]
        elif words and number % 10**place and not words.endswith("零"):
            words += "零"
    return words


def count(number: int, measure: str) -> str:
    """Read an amount of something, as people say it: (2, 位) → 两位, (12, 位) → 十二位."""
    words = cardinal(number)
    if measure in _ORDINAL_MEASURES:
        return words + measure
    if number == 2:
        return "两" + measure
    if words.startswith(("二千", "二万", "二亿")):
        words = "两" + words[1:]
    return words + measure


def duration(seconds: float) -> str:
    """Say about how long, never less than it is: 150 → 约三分钟; under half a minute 不到一分钟."""
    minutes = max(0, -int(-seconds // 60))
    if seconds < 30:
        return "不到一分钟"
    if minutes < 60:
        return "约" + count(minutes, "分钟")
    hours, rest = divmod(minutes, 60)
    return "约" + count(hours, "小时") + (count(rest, "分钟") if rest else "")


def spell(text: str) -> str:
    """Write every number in a sentence as it is said; the result holds no digit, and 7×24 no ×.

    Three digits and more are a telephone number unless a measure word, 第, % or a decimal point
    says otherwise; 12345 is 幺二三四五 and 2位 is 两位. Full-width digits are taken as digits.
    """
    return _NUMBER.sub(_say, _half_width(text)).replace("×", "乘")


def _half_width(text: str) -> str:
    # digits only: NFKC on all of it would also turn ， into a comma and change the pauses
    return "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in text)


def _say(found: re.Match[str]) -> str:
    said = found.groupdict()
    if said["year"]:
        return year(int(said["year"]))
    if said["hour"]:
        minute = int(said["minute"])
        zero = "零" if 0 < minute < 10 else ""
        return count(int(said["hour"]), "点") + (f"{zero}{cardinal(minute)}分" if minute else "整")
    if said["percent"]:
        return "百分之" + _decimal(said["percent"])
    if said["decimal"]:
        return _decimal(said["decimal"])
    if said["ordinal"]:
        return _amount(said["ordinal"])
    if said["parts"]:
        return "，".join(telephone(part) for part in said["parts"].split("-"))
    if said["count"]:
        return _counted(said["count"], said["measure"])
    plain: str = said["plain"]
    digits = plain.lstrip("+")
    if len(digits) >= _SHORTEST_TELEPHONE or digits != plain:
        return telephone(digits)
    return _amount(digits)


def _counted(digits: str, measure: str) -> str:
    # 8337772号 is a telephone number, 0453号 an identifier; 10000元 is an amount
    if _ZEROS_FIRST.match(digits) or len(digits) > _LONGEST_COUNT:
        return telephone(digits)
    if measure in {"号", "室"} and len(digits) >= _SHORTEST_TELEPHONE:
        return telephone(digits)
    return count(int(digits), measure).removesuffix(measure)


def _amount(digits: str) -> str:
    if _ZEROS_FIRST.match(digits) or len(digits) > len(str(LARGEST)):
        return telephone(digits)
    return cardinal(int(digits))


def _decimal(text: str) -> str:
    whole, _, fraction = text.partition(".")
    tail = "点" + "".join(_PLAIN[d] for d in fraction) if fraction else ""
    return _amount(whole) + tail
