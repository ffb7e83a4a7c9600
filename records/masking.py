"""Numbers that belong to somebody, found in text and covered. Pure.

A telephone, identity card or bank number is said digit by digit (一三八幺…), typed by an agent, or
written by an engine with marks in it (1387-652319). Text is kept whole in the database and masked
when read, unless the reader may see it.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from cti.ids import mask

Kind = Literal["mobile", "landline", "id", "bank", "other"]

FEWEST_DIGITS = 7
"""The shortest telephone number here. Shorter runs are prices, years, rooms."""

_DIGITS = dict(zip("零〇一二三四五六七八九幺两", "0012345678912", strict=True))
_ONE = r"[\d零〇一二三四五六七八九幺]"
_RUN = re.compile(rf"{_ONE}(?:[-\s,，、.·]{{0,2}}{_ONE}){{{FEWEST_DIGITS - 1},}}[xX]?")
_AMOUNT = re.compile(r"\s*(?:[万亿]|多?(?:块|元|人民币|平米|平方|吨|公里|千瓦|度电))")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|[2-9]\d{6,7}")
_ID = re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dX]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNumber:
    """A run of digits in a text, from ``start`` up to ``end``."""

    start: int
    end: int
    digits: str
    kind: Kind


def spoken_numbers(text: str) -> list[SpokenNumber]:
    """Find every run of at least ``FEWEST_DIGITS`` digits that is not an amount."""
    return [
        SpokenNumber(start=run.start(), end=run.end(), digits=digits, kind=_kind(digits))
        for run in _RUN.finditer(text)
        if not _AMOUNT.match(text, run.end())
        for digits in [_digits(run[0])]
    ]


def mask_text(text: str, public: Collection[str] = ()) -> str:
    """Cover every such number but its last two digits. ``public`` numbers stay: our own lines.

    >>> mask_text("我的电话是一三八四七六五二三一九。")
    '我的电话是*********19。'
    """
    covered, at = [], 0
    for number in spoken_numbers(text):
        if number.digits not in public:
            covered += [text[at : number.start], mask(number.digits)]
            at = number.end
    return "".join([*covered, text[at:]])


def _digits(run: str) -> str:
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else _DIGITS.get(sign, sign.upper())
        for sign in run
        if sign in _DIGITS or sign.isalnum()
    )


def _kind(digits: str) -> Kind:
    if _MOBILE.fullmatch(digits):
        return "mobile"
    if _ID.fullmatch(digits):
        return "id"
    if 16 <= len(digits) <= 19:
        return "bank"
    return "landline" if _LANDLINE.fullmatch(digits) else "other"
