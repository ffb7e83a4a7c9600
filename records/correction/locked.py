"""Which characters are never changed: numbers, what they count, and number plates. Pure.

No language model knows a telephone number or a sum, and 三号楼 is as likely as 十号楼.
"""

import re

_DIGIT = "零〇一二三四五六七八九幺两"
_NUMERAL = f"{_DIGIT}十百千万亿点半几"
_MEASURE = (
    "个块元角毛分钱岁号楼层栋幢室户度天日月年周点秒钟时次趟条名位家"
    "亩斤吨米里平只头台辆张份本套间箱瓶路级多余来"
)
_PLATE = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LOCKED = re.compile(
    rf"[{_NUMERAL}]{{2,}}[{_MEASURE}]{{0,3}}|[{_NUMERAL}][{_MEASURE}]{{1,3}}|(?<=\d)[{_MEASURE}]{{1,3}}"
    rf"|[{_PLATE}](?=[A-Z])"
)


def locked(text: str) -> list[bool]:
    """For each character whether it must stay."""
    keep = [False] * len(text)
    for found in _LOCKED.finditer(text):
        keep[found.start() : found.end()] = [True] * (found.end() - found.start())
    return keep
