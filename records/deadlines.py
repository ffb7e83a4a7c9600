"""By when an order must be sent, signed for and done: the centre's limits, in working days. Pure.

A day on which something happens is not counted; the last day ends when offices close (民法典
第二百零一条、第二百零三条). Limits that count from the office's signing are provisional, for nobody
knows yet when it signs: they then count from the latest moment at which it may.
"""

from datetime import datetime, time, timedelta
from typing import Final

from config.hours import Hours
from config.rules import Limits
from config.workdays import CHINA, NATIONAL, Calendar
from records.draft import Deadlines, Evidence, WorkOrderDraft

FIELD: Final = "deadlines."
"""Where the evidence of these fields begins."""
DECIDES: Final = frozenset({"decision", "demand_type", "urgency"})
"""What it depends on that a person may write."""
_LAST_MINUTE: Final = time(23, 59)


def with_deadlines(
    draft: WorkOrderDraft,
    limits: Limits,
    work: Hours,
    sent_at: datetime | None = None,
    calendar: Calendar = NATIONAL,
) -> WorkOrderDraft:
    """Say by when each step is owed, and why; again after whatever they depend on has changed.

    ``work`` and ``calendar``: the centre's working hours and days. ``sent_at``: when the order went
    to its office; until then it counts as sent when it must be. What is answered at once or
    declined owes nothing.
    """
    reckoned = _Reckoned(limits, work, calendar)
    if draft.decision == "accept":
        reckoned.reckon(draft, sent_at)
    others = tuple(piece for piece in draft.evidence if not piece.field.startswith(FIELD))
    return draft.model_copy(
        update={
            "deadlines": reckoned.deadlines(is_sent=sent_at is not None),
            "evidence": (*others, *reckoned.evidence),
        }
    )


class _Reckoned:
    """The moments found so far, each with the rule that says so."""

    def __init__(self, limits: Limits, work: Hours, calendar: Calendar) -> None:
        self._limits, self._work, self._calendar = limits, work, calendar
        self._by: dict[str, datetime] = {}
        self.evidence: list[Evidence] = []

    def deadlines(self, *, is_sent: bool) -> Deadlines:
        """What the draft says. An office that must sign may do so earlier."""
        is_settled = is_sent and self._limits.sign_d is None
        return Deadlines(**self._by, provisional=not is_settled)

    def reckon(self, draft: WorkOrderDraft, sent_at: datetime | None) -> None:
        """Step by step: each may count from the one before it."""
        limits, since, said = self._limits, draft.received_at.astimezone(CHINA), "受理"
        if limits.dispatch_h is not None:
            by = since + timedelta(hours=limits.dispatch_h)
            self._note("dispatch_by", by, f"自受理起{limits.dispatch_h}小时内转派")
            since, said = by, "转派期限"
        if sent_at is not None:
            since, said = sent_at.astimezone(CHINA), "转派"
        if limits.sign_d is not None:
            by = self._after(since, limits.sign_d)
            self._note("sign_by", by, f"自{said}起{limits.sign_d}个工作日内签收")
            since, said = by, "签收期限"
        if draft.urgency not in (None, "normal") and limits.urgent == "same-day":
            taken = draft.received_at.astimezone(CHINA)
            by = taken.replace(hour=23, minute=59, second=0, microsecond=0)
            self._note("finish_by", by, "紧要事项当天办结")
            return
        is_question = draft.demand_type == "consult" and limits.consult_d is not None
        days = limits.consult_d if is_question else limits.other_d
        if days is not None and draft.demand_type is not None:
            kind = "咨询" if is_question else "转办"
            by = self._after(since, days)
            rule = f"{kind}事项自{said}起{days}个工作日内办结"
            hard = "" if limits.hard_d is None else f"；情况复杂的可到{limits.hard_d}个工作日"
            self._note("finish_by", by, rule + ("" if is_question else hard))

    def _note(self, name: str, by: datetime, rule: str) -> None:
        self._by[name] = by
        self.evidence.append(Evidence(field=FIELD + name, kind="rule", text=rule))

    def _after(self, since: datetime, days: int) -> datetime:
        """When that many working days after that day are over."""
        day = since.date()
        while days:
            day += timedelta(days=1)
            days -= self._calendar.is_workday(day)
        closes = max((span.closes for span in self._work.spans), default=24 * 60)
        last = time(*divmod(closes, 60)) if closes < 24 * 60 else _LAST_MINUTE
        return datetime.combine(day, last, CHINA)
