"""How fast somebody must act, by words of danger and of failed supply. Pure."""

import re
from dataclasses import dataclass

from records.draft import Urgency

_WORDS: tuple[tuple[Urgency, str], ...] = (
    (
        "urgent",
        r"着火了|起火了|失火|爆炸|(?:煤气|燃气|天然气|液化气)(?:泄漏|泄露|漏了|漏气)|触电"
        r"|被困|塌方|坍塌|(?:房子|楼|桥|墙)(?:要)?塌了|溺水|中毒|轻生|自杀|跳楼|不想活"
        r"|(?:有人|人)(?:晕倒|昏迷)|喘不上气|正在打人|持刀",
    ),
    (
        "within_1h",
        r"井盖(?:不见|没了|丢|破|坏|被偷)|电线(?:掉|断|垂)|电线杆(?:倒|歪)|主?(?:水管|管道)(?:爆|破裂)"
        r"|路面塌陷|漏电|冒火花?|制氧机|呼吸机|走失|走丢|电梯困人|关在电梯",
    ),
    (
        "same_day",
        r"停水|停电|停气|停暖|断水|断电|没有?水了|没有?电了|污水(?:外溢|冒|漫)|堵路|抢修",
    ),
)


_ONLY_FEARED = re.compile(
    r"(?:万一|要是|如果|假如|真要|怕|担心|以防|以免|容易|会不会)[^，。？！,.?!]*$"
)
"""万一着火了 is no fire."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """The most urgent words of a text, and where they stand."""

    urgency: Urgency
    start: int
    end: int


def find_urgency(text: str) -> Alarm | None:
    """Find the most urgent thing said, or None when nothing is."""
    for urgency, words in _WORDS:
        for found in re.finditer(words, text):
            if _ONLY_FEARED.search(text, max(0, found.start() - 8), found.start()):
                continue
            return Alarm(urgency=urgency, start=found.start(), end=found.end())
    return None
