"""Whether a caller wants the name kept from others, in their own words. Pure.

The last wish said is the one that counts: who says 不用匿名 after 我要匿名 takes it back. Only the
caller's own words are read, so an agent's 您需要匿名吗 is no wish; the caller's 要 after it is.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from records.draft import Evidence
from records.engine.protocol import Segment

_WHOSE: Final = r"(?:我们?的?|本人的?|个人的?|自己的?|举报人的?|来电人的?){1,2}"
_WHAT: Final = r"(?:真实)?(?:名字|姓名|名|身份|信息|电话|号码|手机号|住址|地址|单位)"
_TOLD: Final = r"(?:透露|公开|泄露|暴露|告诉|说出|告知|提供|留)"
_TO: Final = r"(?:给|出去|出|任何人|别人|他们?|她们?|对方|物业|单位|村里|社区|老板|商家){0,2}"
_NO: Final = (
    r"(?:不要|别|不想|不愿意?|不希望|不方便|不便|不能|不可以|不得|不准|不许|千万别|勿|不给|不用)"
)

_HIDDEN: Final = (
    re.compile(rf"{_NO}(?:把|让|将)?(?!告诉我(?!们?的)){_TOLD}{_TO}(?:{_WHOSE})?{_WHAT}"),
    re.compile(rf"{_NO}(?:把|将){_WHOSE}{_WHAT}[^，。？！]{{0,6}}?(?:{_TOLD}|说|给)"),
    re.compile(rf"{_WHOSE}{_WHAT}(?:千万)?{_NO}{_TOLD}"),
    re.compile(rf"{_NO}(?:告诉|让|跟|和|给|对)[^，。？！]{{0,6}}?(?:知道|说)?(?:是我|我是谁)"),
    re.compile(
        rf"(?:替我|帮我|给我|为我|请|麻烦|注意|(?:{_WHOSE})?{_WHAT})[^，。？！]{{0,4}}?保密"
        r"(?!协议|单位|局|费|工作|期|文件|材料)"
    ),
    re.compile(r"匿名(?!信|电话|短信|账号|用户|者)"),
    re.compile(rf"{_NO}(?:说|讲)是我"),
)
_OPEN: Final = (
    re.compile(
        r"(?:不用|不需要|无需|不必|没必要|用不着|不要|不想|没打算)(?:再|给我|帮我|替我|为我){0,2}"
        r"(?:匿名|保密)"
    ),
    re.compile(r"(?:不|别)匿名(?!的话|[^，。]{0,3}就)"),
    re.compile(r"实名(?:举报|投诉|反映|制?来电)"),
)
_CONSENT: Final = (
    re.compile(
        rf"(?:可以|同意|愿意|不怕|允许)(?:把|将)?(?:{_TOLD}|给){_TO}{_WHOSE}{_WHAT}(?![^，。]*吗)"
    ),
    re.compile(
        rf"(?:可以|同意|愿意|允许)(?:把|将){_WHOSE}{_WHAT}[^，。？！]{{0,3}}?(?:{_TOLD}|给)"
        r"(?![^，。]*吗)"
    ),
    re.compile(rf"{_WHOSE}{_WHAT}(?:都|也)?可以(?:{_TOLD}|给)(?![^，。]*吗)"),
)
_ASIDE: Final = re.compile(r"(?:要不要|用不用|需不需要|需要不需要|能不能不|是不是|匿名还是|匿)$")
_EITHER: Final = re.compile(r"[^，。]{0,6}(?:都行|都可以|无所谓|没关系|随便|不用匿名|不匿名都)")
_OTHERS: Final = re.compile(
    r"(?:他们?|她们?|对方|物业|公司|单位|老板|商家|开发商|卖家|房东|邻居|学校|医院|银行|一个|有人)"
    r"(?:就|都|也|又|还|说|根本|一直|却|打|用|是|在|的){0,2}$"
)
_ASKED: Final = re.compile(
    r"(?:匿名|保密)[^。！]{0,4}(?:吗|么|不|呢|？|\?)|(?:要不要|需不需要|是否)[^。]{0,6}(?:匿名|保密)"
)
_YES: Final = re.compile(
    r"^(?:嗯+|呃|那|哦|啊|[，。、])*(?:需要|要(?!不)|对|是的?|好的?|可以|麻烦)(?![^，。]{0,2}不)"
)
_NAY: Final = re.compile(r"^(?:嗯+|呃|那|哦|啊|[，。、])*(?:不用|不需要|不要|不必|无所谓|没事|不)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants, and where in the text they say it."""

    anonymous: bool | None
    consent: bool | None
    start: int
    end: int


def _wishes(text: str) -> list[Wish]:
    """Every wish in a caller's text, in the order they were said."""
    found: list[Wish] = []
    taken: list[tuple[int, int]] = []
    for rules, anonymous, consent in (
        (_OPEN, False, None),
        (_CONSENT, None, True),
        (_HIDDEN, True, False),
    ):
        for rule in rules:
            for said in rule.finditer(text):
                before, after = text[: said.start()], text[said.end() :]
                if any(said.start() < end and start < said.end() for start, end in taken):
                    continue
                taken.append(said.span())
                is_theirs = "我" not in said[0] and _OTHERS.search(before)
                if not (is_theirs or _ASIDE.search(before) or _EITHER.match(after)):
                    found.append(Wish(anonymous, consent, *said.span()))
    return sorted(found, key=lambda wish: wish.start)


def wish_evidence(segments: Sequence[Segment]) -> tuple[dict[str, bool], list[Evidence]]:
    """The caller's fields that a call fills, and for each the seconds and the words.

    ``segments`` of both sides. Empty where nobody spoke of it. Who asked to be anonymous and says
    later that one thing may be told stays anonymous.
    """
    fields: dict[str, bool] = {}
    said: tuple[Wish, Segment] | None = None
    for segment, is_answer in _with_question(sorted(segments, key=lambda one: one.start_s)):
        for wish in _wishes(segment.text) or (_answers(segment.text) if is_answer else []):
            if wish.anonymous is None and fields.get("anonymous"):
                continue
            told = {"anonymous": wish.anonymous, "disclosure_consent": wish.consent}
            fields = {name: value for name, value in told.items() if value is not None}
            said = wish, segment
    return fields, [] if said is None else [_evidence(name, *said) for name in fields]


def _evidence(field: str, wish: Wish, segment: Segment) -> Evidence:
    return Evidence(
        field=f"caller.{field}",
        kind="speech",
        channel=segment.channel,
        start_s=segment.start_s,
        end_s=segment.end_s,
        text=segment.text[wish.start : wish.end],
    )


def _with_question(segments: Iterable[Segment]) -> Iterator[tuple[Segment, bool]]:
    """What the caller said, each with whether the other side had just asked about it."""
    asked = False
    for segment in segments:
        if segment.channel == "caller":
            yield segment, asked
            asked = False
        else:
            asked = bool(_ASKED.search(segment.text))


def _answers(text: str) -> list[Wish]:
    """A caller's first words, as the answer to 需要匿名吗."""
    if nay := _NAY.match(text):
        return [Wish(False, None, *nay.span())]
    if yes := _YES.match(text):
        return [Wish(True, False, *yes.span())]
    return []
