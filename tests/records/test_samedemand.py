"""Which of a caller's open orders a new one belongs to."""

from datetime import timedelta
from typing import Any

import pytest

from records.draft import Office, WorkOrderDraft
from records.samedemand import MOST, with_same_demand
from tests.records.test_agentwords import NOON, OPENED

WATER = "小区又停水了，没有人管"


def order(name: str = "new", days: float = 0, **facts: object) -> WorkOrderDraft:
    """An order of that caller, so many days before now."""
    said = {"id": name, "received_at": NOON - timedelta(days=days), "summary": WATER}
    return OPENED.model_copy(update=said | facts)


def office(name: str) -> tuple[Office, ...]:
    return (Office(name=name, score=0.9, why="w"),)


def test_the_same_word_of_a_trade_is_the_same_matter() -> None:
    """The newest first, each with its day and the word."""
    told = with_same_demand(order(), [order("a", 3), order("b", 1, summary="自来水停水一天了")])
    assert told.duplicates == ("b", "a")
    assert [piece.text for piece in told.evidence if piece.field == "duplicates"] == [
        "同一号码11月21日已反映：都说到停水",
        "同一号码11月19日已反映：都说到停水",
    ]
    assert with_same_demand(told, []).duplicates == ()
    assert with_same_demand(told, []).evidence == order().evidence


@pytest.mark.parametrize(
    "other",
    [
        order("a", 16),
        order("a", -1),
        order("new", 1),
        order("a", 1, status="void"),
        order("a", 1, decision="answered"),
        order("a", 1, decision="decline"),
        order("a", 1, demand_type="praise"),
        order("a", 1, summary="公交车不进站"),
        order("a", 1, summary="说不清楚"),
        order("a", 1, caller=OPENED.caller.model_copy(update={"anonymous": True})),
        order("a", 1, place=OPENED.place.model_copy(update={"region": "松山区"})),
        order("a", 1, place=OPENED.place.model_copy(update={"township": "王府镇"})),
    ],
)
def test_another_matter_place_or_time_is_another_order(other: WorkOrderDraft) -> None:
    """So is one that is settled, later, or whose caller asked to be anonymous."""
    place = OPENED.place.model_copy(update={"region": "红山区", "township": "哈达街道"})
    assert with_same_demand(order(place=place), [other]).duplicates == ()


def test_who_is_anonymous_now_has_not_called_before() -> None:
    """Nothing ties the call to an earlier one."""
    caller = OPENED.caller.model_copy(update={"anonymous": True})
    assert with_same_demand(order(caller=caller), [order("a", 1)]).duplicates == ()


def test_without_any_such_word_office_and_kind_decide() -> None:
    """Both must be known and the same."""
    said: dict[str, Any] = {
        "summary": "还是上次那件事",
        "demand_type": "help",
        "offices": office("教育局"),
    }
    told = with_same_demand(order(**said), [order("a", 1, **said)])
    assert told.duplicates == ("a",)
    assert told.evidence[-1].text == "同一号码11月21日已反映：同是教育局的同类诉求"
    for other in ({"demand_type": "consult"}, {"offices": office("民政局")}, {"offices": ()}):
        assert with_same_demand(order(**said), [order("a", 1, **(said | other))]).duplicates == ()
    unknown = said | {"demand_type": None}
    assert with_same_demand(order(**unknown), [order("a", 1, **unknown)]).duplicates == ()


def test_few_are_named() -> None:
    """Somebody who calls every hour has one matter, not a list."""
    told = with_same_demand(order(), [order(f"o{n}", n / 24) for n in range(1, 12)])
    assert told.duplicates == tuple(f"o{n}" for n in range(1, MOST + 1))
