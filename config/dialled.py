"""A number as it is dialled or as a caller shows it, brought to one form. Pure.

The form is a *key*: a national number with its area code (``04768337772``), or what is dialled
without one (``8337772``, ``12333``, a mobile, a 400 number). ``[enter]`` of the dialplan does the
same, step by step; a test runs both over thousands of numbers.
"""

import re

_FOREIGN, _CHINA = "00", "0086"
_WITHOUT_PREFIX = re.compile(r"86\d{7}", re.ASCII)
_BARE = re.compile(r"0|(1\d{2,5}|9\d{4,5}|1[3-9]\d{9}|[48]00\d{7})$", re.ASCII)
"""After the country code: what has its area code already, or needs none."""
_NEEDS_NO_AREA = re.compile(r"0(1[3-9]\d{9}|[48]00\d{7})", re.ASCII)
_AREA = re.compile(r"010|02\d|0[3-9]\d{2}", re.ASCII)
_SHORT = re.compile(r"1\d{2,5}|9\d{4,5}", re.ASCII)
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_ONE_FOR_ALL = re.compile(r"1[3-9]\d{9}|[48]00\d{7}", re.ASCII)

SEGMENT_DIGITS = 7
"""How much of a mobile number tells where it was issued."""


def key(dialled: str) -> str:
    """The key of a number however it arrives; signs that are not digits count for nothing.

    >>> [key(dialled) for dialled in ("0476-8337772", "+864768337772", "8337772", "013912345678")]
    ['04768337772', '04768337772', '8337772', '13912345678']
    """
    digits = re.sub(r"[^0-9]", "", dialled)
    if dialled.startswith("+"):
        digits = _FOREIGN + digits
    is_national = True
    if digits.startswith(_CHINA):
        digits = digits.removeprefix(_CHINA)
    elif _WITHOUT_PREFIX.match(digits):
        digits = digits.removeprefix("86")
    else:
        is_national = False
    if is_national and not _BARE.match(digits):
        digits = f"0{digits}"
    found = _NEEDS_NO_AREA.fullmatch(digits)
    return found[1] if found else digits or "0"


def area_of(key: str) -> str:
    """The area code that the key begins with; '' for a key without one."""
    found = _AREA.match(key)
    return found[0] if found else ""


def segment_of(key: str) -> str:
    """The first digits of a mobile number, which tell where it was issued; '' for any other."""
    return key[:SEGMENT_DIGITS] if _MOBILE.fullmatch(key) else ""


def is_short(key: str) -> bool:
    """Whether it is one of the short numbers that exist in every area (12345, 95598)."""
    return _SHORT.fullmatch(key) is not None


def keys(number: str, area_code: str) -> tuple[str, ...]:
    """Every key under which a line of that number is dialled, the plain one first.

    >>> keys("8337772", "0476")
    ('8337772', '04768337772')
    """
    return (number,) if _ONE_FOR_ALL.fullmatch(number) else (number, area_code + number)


def spellings(number: str, area_code: str) -> tuple[str, ...]:
    """The usual ways in which a line's number arrives from a trunk, the plain one first.

    >>> spellings("8337772", "0476")
    ('8337772', '04768337772', '+864768337772', '864768337772', '00864768337772', '0476-8337772')
    """
    if _ONE_FOR_ALL.fullmatch(number):
        return (number, f"0{number}", f"+86{number}", f"86{number}", f"0086{number}")
    national = area_code.removeprefix("0") + number
    return (
        number,
        f"0{national}",
        f"+86{national}",
        f"86{national}",
        f"0086{national}",
        f"{area_code}-{number}",
    )
