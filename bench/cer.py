"""Character errors, as a person would count them: how a number is written is no error. Pure."""

import re
from collections.abc import Iterator

import cn2an

from records.engine.whisper import as_written

_DIGITS = "零一二三四五六七八九"
_SAME = str.maketrans({"幺": "一", "两": "二", "她": "他", "它": "他", "妳": "你", "〇": "零"})
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:[:：]\d\d)?%?")


def errors(said: str, heard: str) -> tuple[int, int]:
    """Wrong, missing and invented characters in ``heard``, and how many ``said`` has."""
    wanted = _bare(said)
    return distance(wanted, _bare(spoken(as_written(heard), wanted))), len(wanted)


def spoken(text: str, said: str) -> str:
    """Write digits as they are read aloud; of several ways, the longest that ``said`` has."""

    def read(found: re.Match[str]) -> str:
        ways = list(_ways(found[0].replace(",", "")))
        return max((way for way in ways if _bare(way) in said), key=len, default=ways[0])

    return _NUMBER.sub(read, text)


def _ways(number: str) -> Iterator[str]:
    share = "百分之" if number.endswith("%") else ""
    number = number.rstrip("%")
    if clock := re.fullmatch(r"(\d+)[:：](\d\d)", number):
        rest = "" if clock[2] == "00" else _counted(clock[2])
        yield f"{_counted(clock[1])}点{rest}"
        return
    if "." in number:
        whole, part = number.split(".")
        yield f"{share}{_counted(whole)}点{_one_by_one(part)}"
        return
    counted, one_by_one = _counted(number), _one_by_one(number)
    is_name = len(number) >= 5 and not number.endswith("0") or number[0] == "0"
    yield share + (one_by_one if is_name else counted)
    yield share + counted
    yield share + counted.removeprefix("一")
    yield share + one_by_one


def _counted(number: str) -> str:
    return str(cn2an.an2cn(number.lstrip("0") or "0", "low")) if len(number) < 16 else number


def _one_by_one(number: str) -> str:
    return "".join(_DIGITS[int(sign)] for sign in number)


def _bare(text: str) -> str:
    return re.sub(r"[^\u4e00-\u9fffA-Z]", "", text.upper()).translate(_SAME)


def distance(wanted: str, found: str) -> int:
    """Levenshtein's: changes that make one text the other."""
    row = list(range(len(found) + 1))
    for i, sign in enumerate(wanted, 1):
        left = [i]
        for j, other in enumerate(found, 1):
            left.append(min(row[j] + 1, left[-1] + 1, row[j - 1] + (sign != other)))
        row = left
    return row[-1]
