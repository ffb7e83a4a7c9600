"""Whose citizen may be called, and about what."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cti.ids import CallId, CentreId, LineId
from records.callrecord import CallRecord, Direction
from records.citizen import about_of, why_not_call
from records.draft import opening

CALL = CallRecord(
    call=CallId("node1-1.1"),
    centre=CentreId("chifeng"),
    line=LineId("8337772"),
    dnis="8337772",
    ani="13847652301",
    arrived_at=datetime(2026, 11, 22, 4, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("13847652301", ""),
        ("04768337772", ""),
        ("+8613847652301", ""),
        ("", "number-missing"),
        ("anonymous", "number-missing"),
        ("1001", "number-missing"),
        ("110", "number-missing"),
        ("0476119", "number-missing"),
    ],
)
def test_only_a_callers_own_number_is_called(number: str, why: str) -> None:
    """No withheld one, no seat's, no emergency line's."""
    assert why_not_call(opening(replace(CALL, ani=number)), is_known=True) == why


def test_who_is_anonymous_is_called_only_by_whom_it_told() -> None:
    """Whoever talked with the caller, or watches over the talk; nobody else."""
    draft = opening(CALL)
    hidden = draft.model_copy(
        update={"caller": draft.caller.model_copy(update={"anonymous": True})}
    )
    assert why_not_call(hidden, is_known=False) == "order-anonymous"
    assert why_not_call(hidden, is_known=True) == ""
    assert why_not_call(draft, is_known=False) == ""


def test_calling_again_from_a_call_outs_own_order_is_about_the_same_call() -> None:
    """One matter, however often the citizen is called about it."""
    out = replace(CALL, call=CallId("out-1.1"), direction=Direction.OUT, about=CALL.call)
    assert about_of(opening(CALL), CALL) == CALL.call
    assert about_of(opening(out), out) == CALL.call
    assert about_of(opening(CALL), None) == CALL.call
