"""What the caller wants: 咨询 求助 投诉 举报 建议 表扬, by weighted words of the trade. Pure."""

import re
from dataclasses import dataclass

from records.draft import DemandType
from records.pinyin import HALF_SOUND, find_sound

CHINESE: dict[DemandType, str] = {
    "consult": "咨询",
    "help": "求助",
    "complaint": "投诉",
    "report": "举报",
    "suggestion": "建议",
    "praise": "表扬",
    "other": "其他",
}

_DECLARED: dict[str, DemandType] = {
    "投诉": "complaint",
    "举报": "report",
    "咨询": "consult",
    "建议": "suggestion",
    "求助": "help",
    "表扬": "praise",
}
"""What a caller calls the call. Said outright, it outweighs every other cue."""

_OUTRIGHT = 6.0
OUTRIGHT = 5.0
"""A cue of this weight is the caller naming the call: nothing outweighs it."""
_NAMED = 3.0
_TOLD = 1.0
_PAST = ("了", "过")
_OPENING = re.compile(
    r"(?:我们?)(?:就|是|只|今天)?(?:要|想|来|得)?(?:跟你们?|向你们?)?(?:再)?(?:提[一个]*|做个?|说个?)?"
)

_CUES: dict[DemandType, dict[str, float]] = {
    "complaint": {
        "没人管": 2,
        "不给解决": 2,
        "给个说法": 2,
        "反映": 1.5,
        "态度": 1.5,
        "乱收费": 1.5,
        "拖欠": 1.5,
        "扰民": 1.5,
        "不作为": 1.5,
        "推诿": 1.5,
        "不满意": 1.5,
        "没人接": 1,
        "不退": 1,
        "退不": 1,
        "不给": 1,
        "一直没": 1,
        "一直不": 1,
        "好几次": 1,
        "尽快解决": 1.5,
        "尽快处理": 1,
        "影响": 0.7,
        "不合理": 1.5,
        "太坏": 1,
        "还没有": 1,
        "到现在": 0.7,
        "没有人管": 2,
        "没人处理": 1.5,
        "来处理": 0.7,
        "睡不着": 0.7,
        "臭": 0.7,
    },
    "report": {
        "非法": 2,
        "无证": 2,
        "违法": 2,
        "违规": 1.5,
        "偷偷": 2,
        "偷排": 2,
        "假冒": 1.5,
        "过期": 1,
        "赌": 1.5,
        "传销": 2,
        "诈骗": 1.5,
        "严查": 2,
        "查处": 2,
        "查一查": 1,
        "安全隐患": 1,
        "盗": 1,
    },
    "consult": {
        "请问": 2.5,
        "想问": 2.5,
        "问一下": 2,
        "想了解": 2,
        "什么材料": 1.5,
        "哪些材料": 1.5,
        "什么手续": 1.5,
        "怎么办理": 1.5,
        "怎么申请": 1.5,
        "什么条件": 1.5,
        "什么时候": 1,
        "多久": 1,
        "多长时间": 1,
        "需要几": 1,
        "需要什么": 1,
        "能不能办": 1.5,
        "可以办": 1,
        "符合条件": 1,
        "怎么": 0.7,
        "在哪里": 0.7,
        "在哪儿": 0.7,
        "多少钱": 0.7,
        "是不是": 0.7,
        "要不要": 0.7,
        "需不需要": 1,
        "政策": 0.7,
    },
    "suggestion": {
        "能不能多": 2,
        "能不能增": 2,
        "应该": 0.7,
        "希望增": 1.5,
        "希望政府": 1,
        "更方便": 1,
        "方便市民": 1.5,
    },
    "help": {
        "帮帮": 2.5,
        "能不能帮": 2.5,
        "帮我": 2,
        "帮忙": 2,
        "抢修": 2,
        "怎么办": 1.5,
        "派人": 1.5,
        "救": 1,
        "着急": 1,
        "走失": 1.5,
        "丢了": 1.2,
        "协调": 1,
        "赶快": 1,
        "赶紧": 1,
        "没地方": 1,
    },
    "praise": {"锦旗": 3, "非常感谢": 2, "特别感谢": 2, "感谢信": 3, "好人好事": 2},
    "other": {},
}

_ENOUGH = 1.0
"""Less weight than this is no evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One reason: the words as they stand in the text, and what they weigh."""

    demand: DemandType
    weight: float
    start: int
    end: int


def demand_cues(text: str) -> list[Cue]:
    """Every cue in the text, in no order. The type with the most weight is what is wanted."""
    cues = list(_declarations(text))
    for demand, words in _CUES.items():
        for word, weight in words.items():
            at = text.find(word)
            if at >= 0:
                cues.append(Cue(demand=demand, weight=weight, start=at, end=at + len(word)))
    return cues


def demand_type(cues: list[Cue]) -> DemandType | None:
    """The type the cues speak for; None when they weigh too little."""
    weights: dict[DemandType, float] = {}
    for cue in cues:
        weights[cue.demand] = weights.get(cue.demand, 0.0) + cue.weight
    best = max(weights, key=lambda demand: weights[demand], default=None)
    return best if best is not None and weights[best] >= _ENOUGH else None


def _declarations(text: str) -> list[Cue]:
    """Where the caller says outright what this is, also when it was misheard (几报 for 举报)."""
    found: list[Cue] = []
    for opening in _OPENING.finditer(text):
        said = text[opening.end() : opening.end() + 2]
        if text[opening.end() + 2 : opening.end() + 3] in _PAST:
            continue  # 我投诉了好几次 tells a story; it is not what this call is
        nearest = min(_DECLARED, key=lambda word: _off(word, said), default="")
        if len(said) == 2 and _off(nearest, said) <= HALF_SOUND:
            found.append(
                Cue(
                    demand=_DECLARED[nearest],
                    weight=_OUTRIGHT - 2 * _off(nearest, said),
                    start=opening.start(),
                    end=opening.end() + 2,
                )
            )
    for word, demand in _DECLARED.items():
        heard = find_sound(word, text, 0.0)
        if heard is not None and not any(c.start <= heard.start < c.end for c in found):
            weight = _TOLD if text[heard.end : heard.end + 1] in _PAST else _NAMED
            found.append(Cue(demand=demand, weight=weight, start=heard.start, end=heard.end))
    return found


def _off(word: str, said: str) -> float:
    if len(said) != len(word):
        return 9.0
    heard = find_sound(word, said, 2.0)
    return 9.0 if heard is None else heard.cost
