"""By when orders are owed: the two published rules, over weekends and holidays."""

from datetime import date, datetime

import pytest

from config.hours import ALWAYS, read_hours
from config.rules import Limits
from config.workdays import CHINA, Calendar
from records.deadlines import with_deadlines
from records.draft import Deadlines, WorkOrderDraft
from tests.records.test_agentwords import OPENED

SHAOYANG = Limits(dispatch_h=2, sign_d=1, consult_d=1, other_d=5, hard_d=10)
"""暂行办法第十三、十四条。"""
CHIFENG = Limits(other_d=5, hard_d=10, urgent="same-day", return_d=1)
"""方案五（三）。"""
OFFICE = read_hours("工作日 08:30-12:00,14:30-17:30")
FRIDAY = datetime(2026, 11, 20, 16, 30, tzinfo=CHINA)


def order(at: datetime = FRIDAY, **facts: object) -> WorkOrderDraft:
    said = {"received_at": at, "decision": "accept", "demand_type": "complaint", "evidence": ()}
    return OPENED.model_copy(update=said | facts)


def owed(draft: WorkOrderDraft) -> dict[str, str]:
    """Each moment by China's clock, in short."""
    given = draft.deadlines.model_dump(exclude={"provisional"}, exclude_none=True)
    return {step: f"{by.astimezone(CHINA):%m-%d %H:%M}" for step, by in given.items()}


def test_each_step_counts_from_the_one_before_it() -> None:
    """Sent within hours, signed on the next working day, done on the fifth after it."""
    told = with_deadlines(order(), SHAOYANG, OFFICE)
    assert owed(told) == {
        "dispatch_by": "11-20 18:30",
        "sign_by": "11-23 17:30",
        "finish_by": "11-30 17:30",
    }
    assert told.deadlines.provisional
    assert [(piece.field, piece.kind, piece.text) for piece in told.evidence] == [
        ("deadlines.dispatch_by", "rule", "自受理起2小时内转派"),
        ("deadlines.sign_by", "rule", "自转派期限起1个工作日内签收"),
        (
            "deadlines.finish_by",
            "rule",
            "转办事项自签收期限起5个工作日内办结；情况复杂的可到10个工作日",
        ),
    ]


def test_the_longer_limit_of_hard_matters_is_said_where_there_is_one() -> None:
    """Nobody but a person knows what is hard: the moment stays, the rule names the limit."""

    def rule(limits: Limits, demand: str) -> str:
        told = with_deadlines(order(demand_type=demand), limits, OFFICE)
        return next(one.text for one in told.evidence if one.field == "deadlines.finish_by")

    assert rule(CHIFENG, "complaint").endswith("；情况复杂的可到10个工作日")
    assert "复杂" not in rule(CHIFENG.model_copy(update={"hard_d": None}), "complaint")
    assert "复杂" not in rule(SHAOYANG, "consult")


def test_a_question_is_answered_sooner() -> None:
    """Where the centre has a limit of its own for questions; else the one for everything."""
    told = with_deadlines(order(demand_type="consult"), SHAOYANG, OFFICE)
    assert owed(told)["finish_by"] == "11-24 17:30"
    assert owed(with_deadlines(order(demand_type="consult"), CHIFENG, OFFICE)) == {
        "finish_by": "11-27 17:30"
    }


def test_holidays_and_the_days_worked_for_them_count_as_they_are() -> None:
    """The National Day of 2026: off from the 1st to the 7th, and the 10th is a Saturday at work."""
    eve = datetime(2026, 9, 30, 9, 0, tzinfo=CHINA)
    assert owed(with_deadlines(order(eve), CHIFENG, OFFICE)) == {"finish_by": "10-13 17:30"}


def test_a_citys_own_days_count_in_the_place_of_the_countrys() -> None:
    """A holiday that only it has, and a Saturday that it works for it."""
    own = Calendar(
        off=frozenset({date(2026, 11, 23), date(2026, 11, 24)}),
        worked=frozenset({date(2026, 11, 28)}),
    )
    told = with_deadlines(order(), CHIFENG, OFFICE, calendar=own)
    assert owed(told) == {"finish_by": "11-30 17:30"}
    assert owed(with_deadlines(order(), CHIFENG, OFFICE)) == {"finish_by": "11-27 17:30"}


@pytest.mark.parametrize("urgency", ["same_day", "within_1h", "urgent"])
def test_what_is_urgent_is_owed_on_its_own_day(urgency: str) -> None:
    """By the calendar: also on a Sunday, and also late in the evening."""
    night = datetime(2026, 11, 22, 23, 30, tzinfo=CHINA)
    told = with_deadlines(order(night, urgency=urgency), CHIFENG, OFFICE)
    assert owed(told) == {"finish_by": "11-22 23:59"}
    assert owed(with_deadlines(order(night, urgency=urgency), SHAOYANG, OFFICE)) == {
        "dispatch_by": "11-23 01:30",
        "sign_by": "11-24 17:30",
        "finish_by": "12-01 17:30",
    }


def test_an_order_that_was_sent_counts_from_then() -> None:
    """It is settled where nobody signs; where somebody must, it is known when that is at last."""
    sent = datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
    told = with_deadlines(order(), SHAOYANG, OFFICE, sent)
    assert owed(told) == {
        "dispatch_by": "11-20 18:30",
        "sign_by": "11-25 17:30",
        "finish_by": "12-02 17:30",
    }
    assert told.deadlines.provisional
    told = with_deadlines(order(), CHIFENG, OFFICE, sent)
    assert owed(told) == {"finish_by": "12-01 17:30"}
    assert not told.deadlines.provisional


def test_told_again_after_a_change_it_forgets_what_it_said() -> None:
    """Once declined, answered at once or not decided, nothing is owed and nothing is said."""
    told = with_deadlines(order(), SHAOYANG, OFFICE)
    assert with_deadlines(told, SHAOYANG, OFFICE) == told
    for decision in ("decline", "answered", None):
        over = with_deadlines(told.model_copy(update={"decision": decision}), SHAOYANG, OFFICE)
        assert (over.deadlines, over.evidence) == (Deadlines(), ())


def test_a_centre_without_rules_owes_nothing_by_rule() -> None:
    """Nor does a demand of which nobody knows yet what it is."""
    assert owed(with_deadlines(order(), Limits(), OFFICE)) == {}
    assert owed(with_deadlines(order(demand_type=None), CHIFENG, OFFICE)) == {}


def test_an_office_that_never_closes_has_until_midnight() -> None:
    """The last minute of the day, so that it is shown on that day."""
    assert owed(with_deadlines(order(), CHIFENG, ALWAYS)) == {"finish_by": "11-27 23:59"}
