"""What the next agent may know of a caller's earlier orders."""

from datetime import timedelta
from typing import Any

import pytest

from config.ledger import HOTLINE
from records.callerpast import OPEN_FOR, PastOrder, past_order, same_matter
from records.draft import Office, WorkOrderDraft, opening
from tests.records.samples import NOON, ended

LATER = NOON + timedelta(days=1)


def order(**changes: Any) -> WorkOrderDraft:
    draft = opening(ended("node1-1.1"))
    return draft.model_copy(update={"title": "路灯不亮", **changes})


def past(**changes: Any) -> PastOrder:
    return past_order(order(**changes), LATER)


def test_an_earlier_order_is_told_with_its_title_and_first_office() -> None:
    """The numbers in its words are covered: this agent was not on that call."""
    offices = (Office(name="市住建局", score=1, why=""), Office(name="其他", score=0, why=""))
    told = past(title="来电13847659999反映路灯不亮", offices=offices)
    assert (told.title, told.office) == ("来电*********99反映路灯不亮", "市住建局")
    assert past(title=None, summary="路灯").title == "路灯"
    assert past(offices=()).office is None


def test_of_an_anonymous_order_only_how_it_stands_is_told() -> None:
    """Neither what it was about nor with whom it is."""
    draft = order(offices=(Office(name="市住建局", score=1, why=""),))
    hidden = draft.model_copy(
        update={"caller": draft.caller.model_copy(update={"anonymous": True})}
    )
    told = past_order(hidden, LATER)
    assert (told.is_anonymous, told.title, told.office) == (True, None, None)
    assert (told.status, told.is_open) == ("draft", True)


@pytest.mark.parametrize(
    "settled",
    [
        {"status": "void"},
        {"decision": "answered"},
        {"decision": "decline"},
        {"demand_type": "praise"},
    ],
)
def test_an_order_by_which_nothing_is_owed_is_not_open(settled: dict[str, str]) -> None:
    """Nor is one that is too old."""
    assert past().is_open
    assert not past(**settled).is_open
    assert not past_order(order(), order().received_at + OPEN_FOR + timedelta(seconds=1)).is_open


def test_the_same_matter_is_an_open_order_of_the_same_line_or_office() -> None:
    """The hotline itself is everybody's, so it says nothing; the line comes before the office."""
    with_office = past(id="A", offices=(Office(name="市住建局", score=1, why=""),))
    of_line = past(id="B")
    both = (with_office, of_line)
    line = of_line.line
    assert same_matter(both, line, HOTLINE, {"市住建局"}) == (with_office, "line")
    assert same_matter((of_line,), line, HOTLINE, ()) == (of_line, "line")
    assert same_matter(both, "12333", HOTLINE, {"市住建局"}) == (with_office, "office")
    assert same_matter(both, "12333", HOTLINE, {"市人社局"}) is None
    assert same_matter(both, line, line, ()) is None
    assert same_matter((past(status="void"),), line, HOTLINE, ()) is None
