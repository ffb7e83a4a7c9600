"""Why a call goes where it goes, in the administrators' words. Pure."""

from collections.abc import Mapping
from typing import assert_never

from config.ledger import HOTLINE, Line, LineState, Mode, Seating
from config.owners import Front
from config.profile import Profile
from cti.ids import CentreId

_UNANSWERED = ["对方无人接听、占线或无法接通时，告知来电人", f"再由{HOTLINE}座席受理"]


def met(area: str, centre: str, centres: Mapping[CentreId, Profile]) -> str:
    """What of the caller decided, as the beginning of a reason."""
    told = [f"来电人在区号{area}的地区"] if area else []
    if centre:
        told.append(f"经{centres[CentreId(centre)].name}的中继呼入")
    return "，".join(told) + "；"


def said(line: Line, state: LineState, *, is_known: bool, is_open: bool = True) -> str:
    """Why the caller hears that sentence."""
    if not is_known:
        return f"归并清单中没有这个号码，告知来电人后由{HOTLINE}受理"
    if line.mode is Mode.OWN:
        return "拨打的是热线本号"
    told = f"清单第{line.row}行：{line.department}「{line.name}」{line.mode.chinese}"
    if not is_open:
        return f"{told}，此时不在座席时间内，播报非工作时间提示"
    match state:
        case LineState.PLANNED:
            return f"{told}，过渡期从{line.begins}开始，此前不播报归并提示"
        case LineState.TRANSITION:
            until = f"过渡期到{line.ends}为止" if line.ends else "过渡期内"
            return f"{told}，{until}，播报归并提示"
        case LineState.CANCELLED:
            return f"{told}，过渡期在{line.ends}结束，号码已取消，播报告别提示"
        case LineState.KEPT:
            return f"{told}，过渡期在{line.ends}结束，号码保留"
        case _:
            assert_never(state)


def queued(line: Line, *, is_known: bool) -> str:
    """Why 12345's own seats answer at once."""
    if not is_known:
        return f"按{HOTLINE}排队"
    if line.seating is Seating.KEPT:
        return f"座席保留的对端没有写明，由{HOTLINE}座席受理"
    match line.mode:
        case Mode.OWN:
            return f"由{HOTLINE}座席受理"
        case Mode.WHOLE:
            return f"原号码的功能由{HOTLINE}座席统一提供"
        case Mode.FRONTED:
            return f"来电人所在地区没有前置的热线，由本中心{HOTLINE}座席受理"
        case Mode.FORWARDED:
            return f"原号码呼叫转移，由{HOTLINE}座席受理"
        case Mode.DUAL | Mode.SUB_CENTRE | Mode.KEPT_CENTRE:
            return f"话务座席已并入{HOTLINE}平台，由{HOTLINE}座席受理"
        case _:
            assert_never(line.mode)


def closed(line: Line) -> str:
    """Why the line's own seats are not rung at that hour."""
    return f"该号码的座席时间是{line.hours.chinese}，此时由{HOTLINE}座席受理"


def dialled(profile: Profile, line: Line, ring_s: int) -> list[str]:
    """Why the line's own seats are rung, and what if nobody answers."""
    there = f"话务座席保留在{_peer(profile, line.peer)}，转接{line.destination}，振铃{ring_s}秒"
    return [there, *_UNANSWERED]


def fronted_here(front: Front) -> str:
    """Why another centre of the platform answers."""
    return f"由来电人所在地区的{front.name}前置受理，在同一平台上排队"


def fronted(front: Front, ring_s: int) -> list[str]:
    """Why another centre, elsewhere, is rung, and what if nobody answers."""
    there = f"由来电人所在地区的{front.name}前置受理，转接{front.number}，振铃{ring_s}秒"
    return [there, *_UNANSWERED]


HUNG_UP = "本热线规定号码取消后播完提示即挂机（after_cancel）"


def _peer(profile: Profile, peer: str) -> str:
    found = profile.peer(peer)
    return found.name if found else peer
