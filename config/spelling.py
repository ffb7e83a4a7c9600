"""The many ways people write a number, a mode or a name, and the one way each is kept. Pure.

Nothing is guessed: what has two readings is ``Unclear``, with the likeliest one as advice.
"""

import re
import unicodedata

from config.cells import digits, read_date
from config.hours import read_hours
from config.ledger import EMERGENCY, HOTLINE, NUMBER

_DASH = r"\-‐‑‒–—―−﹣ー~"
_SEPARATOR = re.compile(r"[、,;/|\\]|和|及|或")
_NUMBER_SIGNS = re.compile(rf"[+\d\s().·•{_DASH}]+", re.ASCII)
_EXTENSION_WORD = re.compile(r"转|轉|分机|分機|内线|ext|[*#x]", re.IGNORECASE)
_LAST_GROUP = re.compile(rf"(.*\d[\s).]*)[\s{_DASH}]+(\d{{1,4}})", re.ASCII | re.DOTALL)
_SERVICE = re.compile(r"[48]00\d{7}", re.ASCII)
_HAN = r"\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’—…"
_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}])\s+|\s+(?=[{_HAN}])")
_LIST_MARK = re.compile(
    r"^(?:\(?(?:\d{1,2}|[一二三四五六七八九十]{1,2})\)|(?:\d{1,2}|[一二三])[.、]|\d(?!\d))"
)
_BROKEN = re.compile(r"#(?:N/A|REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)", re.IGNORECASE)

# Only the characters of headings and modes: names are kept as they are written.
_SIMPLE = str.maketrans(
    "雙號並併竝體設轉線碼辦歸門電話稱單熱責編牽頭備註過開結對時間來類稱務機構屬",
    "双号并并并体设转线码办归门电话称单热责编牵头备注过开结对时间来类称务机构属",
)
_WIDE = str.maketrans(
    {
        code: code - 0xFEE0
        for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
    }
)
_SAME_MODE = {"分中心": "设分中心", "设立分中心": "设分中心", "设置分中心": "设分中心"}
DITTO = frozenset({"同上", "〃", "″", '"', "''", "””"})
"""Signs for: as above."""


class Unclear(ValueError):  # noqa: N818 - an error is named for what is wrong
    """What is written has no single reading. ``why`` and ``instead`` are for the administrator."""

    def __init__(self, why: str, instead: str) -> None:
        super().__init__(why)
        self.why, self.instead = why, instead


def is_broken(written: str) -> bool:
    """Whether the cell shows a spreadsheet's error (``#N/A``, ``####``) or a formula."""
    return bool(_BROKEN.fullmatch(written)) or written.startswith("=")


def plain(written: str) -> str:
    r"""Undo what only belongs to the page: line breaks, blanks between Chinese, wide digits.

    >>> plain("金融工作\n办公室")
    '金融工作办公室'
    """
    text = re.sub(r"[\u200b-\u200f\ufeff\x00-\x08\x0e-\x1f]", "", written.translate(_WIDE))
    return re.sub(r"\s+", " ", _BETWEEN_HAN.sub("", text.strip()))


def simplified(written: str) -> str:
    """Spell a heading or a mode in simplified characters, without blanks and wide signs."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", written)).translate(_SIMPLE)


def mode(written: str) -> str:
    """Spell a mode as the ledger does; what is no mode comes back nearly as it was."""
    text = re.sub(r"[、,;。:“”\"·\-]", "", _LIST_MARK.sub("", simplified(written), count=1))
    return _SAME_MODE.get(text, text)


def day(written: str) -> str:
    """Spell a date as 2026-12-31; what is no date comes back as it was."""
    text = re.sub(r"[T\s]00:00(:00)?$", "", unicodedata.normalize("NFKC", written).strip())
    try:
        found = read_date(re.sub(r"(\d)\.(?=\d)", r"\1-", text))
    except ValueError:
        return text
    return found.isoformat() if found else ""


def hours(written: str) -> str:
    """Spell opening hours as the ledger does; what is none comes back nearly as it was."""
    text = unicodedata.normalize("NFKC", written).strip()
    if not text:
        return ""
    try:
        return read_hours(text).chinese
    except ValueError:
        return plain(written)


def destination(written: str) -> str:
    """Spell a number to be dialled as digits alone; what has other signs comes back as it was."""
    text = unicodedata.normalize("NFKC", written).strip()
    is_number = _NUMBER_SIGNS.fullmatch(text) and "+" not in text
    return re.sub(r"\D", "", _without_fraction(text)) if is_number else text


def numbers(written: str, area_code: str) -> tuple[str, ...]:
    """Read all numbers of a cell, each as the ledger writes it. Raises ``Unclear``.

    >>> numbers("0476-8820813、８８２０８１４", "0476")
    ('8820813', '8820814')
    """
    text = unicodedata.normalize("NFKC", written).strip().lstrip("'").strip()
    quoted = re.fullmatch(r'="(.*)"', text, re.DOTALL)
    text = _without_fraction(quoted[1] if quoted else text)
    if re.fullmatch(r"\d(\.\d+)?E\+?\d+", text, re.IGNORECASE):
        why = f"「{written}」是科学计数法，号码的末几位已经丢失"
        raise Unclear(why, "在表格中把这一列设为文本格式，重新填写号码")
    if re.fullmatch(r"\d{1,3}(,\d{3})+", text) and _known(text.replace(",", ""), area_code):
        text = text.replace(",", "")  # a number shown with thousands separators
    found: list[str] = []
    for part in _SEPARATOR.split(text):
        if part.strip():
            found += _spaced(part.strip(), area_code)
    return tuple(dict.fromkeys(found))


def _without_fraction(text: str) -> str:
    # a number that a program took for an amount: 8337772.0
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def _spaced(text: str, area_code: str) -> list[str]:
    """One number that may be written with blanks, or several with blanks between them."""
    pieces = text.split()
    if len(pieces) > 1 and all(len(piece) > 4 for piece in pieces):
        each = [_known(piece, area_code) for piece in pieces]
        if all(each):
            return [number for number in each if number]
    return [_one(text, area_code)]


def _one(text: str, area_code: str) -> str:
    """Read exactly one number. Raises ``Unclear``."""
    meant = digits(text, area_code)
    advice = meant if NUMBER.fullmatch(meant) else "只写数字，如8337772或12333；多个号码用、隔开"
    if not _NUMBER_SIGNS.fullmatch(text):
        head = _EXTENSION_WORD.split(text, maxsplit=1)[0].rstrip(" (")
        if head != text and (number := _known(head, area_code)):
            raise Unclear(*_extension(text, number))
        raise Unclear(f"「{text}」里有不是号码的文字", advice)
    try:
        read_date(text)
    except ValueError:
        pass
    else:
        raise Unclear(f"「{text}」是日期，不是号码", "该热线的号码")
    number = _known(text, area_code)
    tail = _LAST_GROUP.fullmatch(text)
    is_in_digits = all(len(group) == 1 for group in re.findall(r"\d+", text))
    if tail and not is_in_digits and not (number and _SERVICE.fullmatch(number)):
        whole = _known(tail[1], area_code)
        if whole and whole not in EMERGENCY:
            raise Unclear(*_extension(text, whole))
    if number:
        return number
    other = re.match(r"\(?(0\d{2,3})\)?[\s\-]*(\d.*)", text)
    if other and other[1] != area_code and NUMBER.fullmatch(re.sub(r"\D", "", other[2])):
        raise Unclear(f"「{text}」的区号不是本地的{area_code}", "本地的号码，不加区号")
    raise Unclear(f"「{text}」不是可归并的号码", advice)


def _extension(text: str, number: str) -> tuple[str, str]:
    return f"「{text}」带有分机号，来电时拨不到分机，只能归并总机号码", number


def _known(text: str, area_code: str) -> str | None:
    """The number, if that is one with nothing but separators, +86 and the city's area code."""
    compact = re.sub(r"[^\d+]", "", text)
    national = area_code.removeprefix("0")
    countries = ("+86", "0086", "86")
    prefixes = ["", *(country + zero + national for country in countries for zero in ("", "0"))]
    prefixes += [area_code, "+86", "0086"]
    for prefix in prefixes:
        rest = compact.removeprefix(prefix)
        if compact.startswith(prefix) and (
            NUMBER.fullmatch(rest) or rest in EMERGENCY or rest == HOTLINE
        ):
            return rest
    return None
