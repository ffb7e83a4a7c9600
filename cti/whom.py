"""Whom a caller is put to first, said so that an administrator can read it. Ring 3, no rules."""

from collections.abc import Iterator
from datetime import datetime

from config.platform import Platform
from cti.city import switch_plan
from cti.ids import CentreId, LineId
from cti.plan import Duty
from cti.wanting import Wanting
from queues.acd import GENERAL


def whom(platform: Platform, centre: CentreId, line: LineId, ani: str, at: datetime) -> str:
    """The seats a caller who waits at that time wants, in order; and who the caller is known as.

    Nothing of the last seat: that is the records' to know.
    """
    plan = switch_plan(platform, at)
    wanting = Wanting(plan, at)
    known = wanting.known(centre, ani, at)

    def wanted() -> Iterator[str]:
        for want in wanting.first(centre, line, known):
            yield want if isinstance(want, str) else _duty(want)
        yield plan.skill_of.get((centre, line), "")
        yield GENERAL

    order = "、".join(dict.fromkeys(filter(None, wanted())))
    if known is None:
        return f"依次找{order}座席"
    head_start = round(known.head_start.total_seconds())
    early = f"，早算{head_start}秒" if head_start else ""
    return f"来电人是{known.kind}「{known.name}」{early}；依次找{order}座席"


def _duty(duty: Duty) -> str:
    seats = "、".join(sorted(seat.rpartition("-")[2] for seat in duty.seats))
    return f"值班「{duty.name}」（{seats}）"
