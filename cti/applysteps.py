"""What each step of an apply is called, for whoever watches it."""

from collections.abc import Callable, Mapping
from typing import Final

from config.ledgerview import Tell

STEPS: Final[Mapping[str, str]] = {
    "locked": "锁定，别人不能同时应用",
    "judged": "读取并检查",
    "prompts": "提示音齐备",
    "placed": "新版本写入磁盘",
    "flipped": "切换到新版本",
    "reloaded": "Asterisk 重新读取",
    "compared": "读回并逐条比对",
    "applied": "应用完成",
    "restored": "写回工作副本",
    "pruned": "清理不再保留的",
    "flipped back": "切换回原来的版本",
    "refused": "未生效，原来的版本继续使用",
}
"""What each step of an apply is called (``config.apply.STEPS``)."""


def steps_to(tell: Tell) -> Callable[[str], None]:
    """Tell each step by its name, as done."""
    return lambda step: tell(STEPS.get(step, step), 1, 1)
