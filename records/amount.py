"""Money as it is said (两千三百块钱, 三万二, 5400元), in yuan. Pure."""

import re
from dataclasses import dataclass

_NUMBER = r"(?>(?:\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿])+)"
_COUNTED = r"个人天年月日号平亩斤米度字名户里次家口岁栋层楼点分秒件台辆只头吨"
_YUAN = re.compile(
    rf"(?P<number>{_NUMBER})(?P<about>多|几|来)?(?P<ten>万)?(?P<few>多)?"
    r"(?:块(?P<tenths>[一二三四五六七八九](?![十百千万块元]))?(?![儿地石板田牌空])|元(?![旦宵宝素件区里桥牛])|人民币)"
)
_VERB = (
    r"(?:花|交|欠|赔|收|要|充|转|借|骗|付|补|扣|罚|卖|退|贷|存|损失|押金|价|工资|费用?|销售额|总共"
    r"|一共|不超过|超过)"
)
_UNSAID = re.compile(
    rf"{_VERB}(?:[了我他她们你您走去就才还只大概将近差不多是有的不到超过每个月]{{0,6}})"
    rf"(?P<number>{_NUMBER})(?P<about>多|几|来)?(?P<ten>万)?(?P<few>多)?"
    rf"(?![\d{_COUNTED}块元多几%％折倍])"
)
_DIGITS = {sign: n for n, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MOST = 1e12


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """An amount of money and where it stands in the text; ``is_about``: 四十多块."""

    yuan: float
    is_about: bool
    start: int
    end: int


def find_amounts(text: str) -> list[Sum]:
    """Every amount that is said, in the order of the text.

    Without 块 or 元 only after a word of paying, and from a hundred up: 花了三万二, 欠我两千六.
    """
    found: list[Sum] = []
    for pattern in (_YUAN, _UNSAID):
        for said in pattern.finditer(text):
            yuan = number(said["number"])
            if yuan is None or any(s.start <= said.start("number") < s.end for s in found):
                continue
            yuan *= 10_000 if said["ten"] else 1
            if pattern is _YUAN and said["tenths"]:
                yuan += _DIGITS[said["tenths"]] / 10
            is_small = pattern is _UNSAID and (yuan < 100 or _is_counted(said["number"]))
            if yuan and yuan < _MOST and not is_small:
                found.append(
                    Sum(
                        yuan=yuan,
                        is_about=bool(said["about"] or said["few"]),
                        start=said.start("number"),
                        end=said.end(),
                    )
                )
    return sorted(found, key=lambda each: each.start)


def _is_counted(said: str) -> bool:
    """A year or a number read digit by digit is no amount: 二零二三, 一三八."""
    return not said.replace(",", "").isdigit() and not re.search("[百千万亿]", said)


def number(said: str) -> float | None:
    """Read a number as it is spoken or written; None when it is none.

    >>> number("三万二"), number("两千三百"), number("1.5万"), number("一百零五")
    (32000.0, 2300.0, 15000.0, 105.0)
    """
    whole, section, digit, unit = 0.0, 0.0, 0.0, 1
    for part in re.findall(r"\d[\d,]*(?:\.\d+)?|.", said):
        if part[0].isdigit() and part.isascii():
            digit = float(part.replace(",", ""))
            unit = 1
        elif part in _DIGITS:
            if digit and unit == 1 and part != "零" and section == 0 and whole == 0:
                return None  # read digit by digit: no amount
            digit = float(_DIGITS[part])
            unit = 1 if part in "零〇" else unit
        elif part in _UNITS:
            section += (digit or 1) * _UNITS[part]
            digit, unit = 0.0, _UNITS[part]
        elif part == "万":
            whole += (section + digit or 1) * 10_000
            section, digit, unit = 0.0, 0.0, 10_000
        elif part == "亿":
            whole = (whole + section + digit or 1) * 100_000_000
            section, digit, unit = 0.0, 0.0, 100_000_000
        else:
            return None
    return whole + section + (digit * unit / 10 if digit and unit > 10 else digit)
