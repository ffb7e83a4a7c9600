"""Whoever may not know who called finds neither number nor name anywhere in the order."""

from datetime import UTC, datetime

import pytest

from records.covering import masked
from records.draft import Caller, Dialled, Evidence, Place, WorkOrderDraft

NUMBER, NAME, LINE = "13847652301", "王小明", "8337772"
TOLD = f"{NAME}（电话{NUMBER}，另一号码一三九四七六五二三一九）反映{LINE}无人接听"
COVERED = f"王**（电话*********01，另一号码*********19）反映{LINE}无人接听"


def order(caller: Caller, **fields: object) -> WorkOrderDraft:
    opened = WorkOrderDraft(
        id="20261122-x",
        centre="chifeng",
        call_id="node1-1.1",
        received_at=datetime(2026, 11, 22, 4, tzinfo=UTC),
        dialled=Dialled(number=LINE),
        caller=caller,
    )
    return opened.model_copy(update=fields)


@pytest.mark.parametrize("field", ["title", "content", "summary", "decline_reason"])
def test_name_and_numbers_are_covered_in_every_text(field: str) -> None:
    """The number of our own line stays: it says which line the complaint is about."""
    shown = masked(order(Caller(number=NUMBER, name=NAME), **{field: TOLD}))
    assert getattr(shown, field) == COVERED


def test_a_place_names_nobody() -> None:
    """What was spoken and what was found; region and township come from the gazetteer."""
    place = Place(text=TOLD, detail=TOLD, region="红山区", township="哈达街道")
    shown = masked(order(Caller(number=NUMBER, name=NAME), place=place))
    assert shown.place == place.model_copy(update={"text": COVERED, "detail": COVERED})


def test_the_evidence_names_nobody_and_keeps_its_times() -> None:
    """A time has as many digits as a number and is none."""
    at = "2026-11-22T12:00:00+08:00"
    evidence = (
        Evidence(field="received_at", kind="signalling", text=at),
        Evidence(field="caller.number", kind="signalling", text=NUMBER),
        Evidence(field="caller.name", kind="speech", channel="caller", text=f"我叫{NAME}"),
    )
    shown = masked(order(Caller(number=NUMBER, name=NAME), evidence=evidence))
    assert [piece.text for piece in shown.evidence] == [at, "*********01", "我叫王**"]


def test_a_short_number_is_covered_too() -> None:
    """A caller from a switchboard's extension shows four digits."""
    shown = masked(order(Caller(number="6021"), content="回电6021"))
    assert (shown.caller.number, shown.content) == ("**21", "回电**21")


def test_the_caller_is_named_by_the_family_name_only() -> None:
    assert masked(order(Caller(name="王"))).caller.name == "王*"
    assert masked(order(Caller(name=NAME))).caller.name == "王**"


def test_what_is_unknown_stays_so() -> None:
    nothing = order(Caller())
    assert masked(nothing) == nothing


def test_whoever_hides_the_own_number_may_still_have_said_another() -> None:
    assert masked(order(Caller(), content="回电13947652319")).content == "回电*********19"
