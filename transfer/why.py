"""Why a move is not begun, or came to nothing: each reason, and the words people read. Ring 0."""

from collections.abc import Mapping
from enum import Enum
from typing import Final


class WhyNot(Enum):
    """Why a move that is asked for is not begun: everybody stays where they are."""

    NO_CALL = "no-call"
    """The call is over, or there never was one of that id."""
    NO_CALLER = "no-caller"
    """The caller has hung up, and the call's other ends are still ending."""
    NO_LINK = "no-link"
    """Asterisk is out of sight. An emergency waits for it for a while."""
    NO_TARGET = "no-target"
    """The centre has no such target, or has it no more."""
    NO_EMERGENCY = "no-emergency"
    """Only an emergency line is called as one."""
    OTHER_WAY = "other-way"
    """Callers are not taken there like that."""
    UNDER_WAY = "under-way"
    """Another move of the call is. In the way of an emergency that does not stand."""
    ALREADY = "already"
    """That emergency line rings already, or is to ring next."""
    NOT_YOURS = "not-yours"
    """The seat that asks does not talk with the caller."""
    IS_YOU = "is-you"
    """The target is the seat that asks."""
    LOOP = "loop"
    """The caller has been at that hotline."""
    CLOSED = "closed"
    """Nobody is there at this hour."""
    ONLY_TOLD = "only-told"
    """Nobody is taken there: the number is read out."""
    BUSY = "busy"
    """Nobody of it can be rung now."""


CHINESE: Final[Mapping[str, str]] = {
    WhyNot.NO_CALL.value: "这通电话已经结束",
    WhyNot.NO_CALLER.value: "来电人已不在线上",
    WhyNot.NO_LINK.value: "与话务交换机的连接正在恢复，请再试",
    WhyNot.NO_TARGET.value: "没有这个转接目标",
    WhyNot.NO_EMERGENCY.value: "不是紧急电话",
    WhyNot.OTHER_WAY.value: "不能用这种方式转到这里",
    WhyNot.UNDER_WAY.value: "这通电话正在转接",
    WhyNot.ALREADY.value: "这个紧急电话已在呼叫或等候呼叫",
    WhyNot.NOT_YOURS.value: "这通电话不在您的座席上",
    WhyNot.IS_YOU.value: "不能转接给自己",
    WhyNot.LOOP.value: "来电已经过那里，不能再转回去",
    WhyNot.CLOSED.value: "现在没有人值守",
    WhyNot.ONLY_TOLD.value: "不接受转接",
    WhyNot.BUSY.value: "现在都在忙",
    "queued": "已排队等候",
    "missed": "无人接听",
    "rejected": "占线或拒接",
    "unreachable": "无法接通",
    "caller-left": "来电人已离开",
    "taken": "座席刚被占用",
    "gone": "话机已挂断",
    "not-up": "话机正忙",
    "timed-out": "交换机没有及时答复",
    "other": "交换机没有接受",
}
"""Every ``why`` that desks are told of a move: why it was not begun, that its caller waits for a
group, how the last one who was rung did not answer, or why an order was not carried out."""
