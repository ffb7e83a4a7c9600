"""What a work order must say before it is handed in."""

from typing import Any

import pytest

from records.draft import WorkOrderDraft, opening
from records.lacking import lacking
from tests.records.samples import ended


def filled(**changes: Any) -> WorkOrderDraft:
    """An order that may be handed in, changed as said."""
    words = {
        "title": "暖气不热",
        "demand_type": "complaint",
        "content": "三天不热",
        "summary": "不热",
    }
    return opening(ended()).model_copy(update={**words, **changes})


def test_an_order_that_says_what_it_is_about_may_be_handed_in() -> None:
    """Content or summary will do; place and time are not asked for."""
    assert lacking(filled()) == ()
    assert lacking(filled(summary=None)) == ()
    assert lacking(filled(content=None)) == ()
    assert lacking(filled(decision="decline", decline_reason="涉及诉讼")) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": "  "}, "title"),
        ({"demand_type": None}, "demand_type"),
        ({"content": "", "summary": " "}, "content"),
        ({"decision": "decline"}, "decline_reason"),
    ],
)
def test_what_is_missing_is_named(changes: dict[str, Any], field: str) -> None:
    """One field, and a sentence that says what to do."""
    [(name, asked)] = lacking(filled(**changes))
    assert name == field
    assert asked.startswith(("请", "不予受理的，请"))


def test_everything_missing_is_named_at_once() -> None:
    """In the order of the form, so that nobody submits four times."""
    names = [name for name, _ in lacking(opening(ended()))]
    assert names == ["title", "demand_type", "content"]
