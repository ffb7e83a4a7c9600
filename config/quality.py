"""How a centre scores its calls (智能质检): what counts how much, by which words. Pure."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Points = Annotated[int, Field(ge=0, le=100)]
Phrase = Annotated[
    str, StringConstraints(min_length=1, max_length=30, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$")
]
Phrases = Annotated[tuple[Phrase, ...], Field(max_length=100)]


class Quality(BaseModel):
    """The ``[quality]`` of ``profile.toml``. Points of 0 leave a rule out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    greeting: Points = 15
    """The agent greets first."""
    closing: Points = 10
    """The agent takes leave, or is the last to thank."""
    forbidden: Points = 30
    """Nothing forbidden is said."""
    silence: Points = 15
    """Nobody is left in silence."""
    talking_over: Points = 15
    """The caller may finish."""
    clarity: Points = 15
    """The agent can be understood: neither hurried nor mumbled."""
    greetings: Phrases = ("您好", "你好", "为您服务", "很高兴")
    closings: Phrases = ("再见", "感谢您的来电", "感谢来电", "祝您", "请您评价", "满意度", "不客气")
    forbidden_words: Phrases = (
        *("不归我管", "不关我的事", "不关我事", "你去找别人", "爱找谁找谁", "爱投诉投诉", "随便你"),
        *(
            "你听不懂",
            "听不懂人话",
            "说了多少遍",
            "有完没完",
            "烦死了",
            "神经病",
            "闭嘴",
            "急什么急",
        ),
        *("自己不会看", "自己不会查", "我不知道你", "跟你说不清", "别废话", "你投诉去", "没空理你"),
    )
    waiting_words: Phrases = ("请稍等", "稍等", "请稍候", "稍候", "帮您查", "查询一下", "不要挂机")
    """After one of these a silence may last three times as long."""
    silence_s: Annotated[float, Field(ge=3, le=120)] = 10
    """A longer silence is one."""
    over_s: Annotated[float, Field(ge=0.3, le=10)] = 1.5
    """Talking at the same time as the caller for longer is talking over."""
    fastest: Annotated[float, Field(ge=3, le=15)] = 7
    """Syllables a second; faster is hurried."""
    least_confidence: Annotated[float, Field(ge=0, le=1)] = 0.35
    """An utterance that the engine believes less is mumbled."""
