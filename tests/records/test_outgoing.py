"""What the city's order platform is told of an order, and what it is not."""

import json
from datetime import timedelta
from typing import Any

import pytest

from records.draft import Caller, CaseOf, Office, Place, WorkOrderDraft, opening
from records.handing import MessageKind, packed
from records.outgoing import is_hidden, told, version_of
from tests.records.samples import NOON, arrived

NUMBER = "13847652301"


def order(**other: Any) -> WorkOrderDraft:
    """An order that was handed in: somebody named, at home, with a number in the text."""
    filled: dict[str, Any] = {
        "status": "submitted",
        "caller": Caller(number=NUMBER, name="王芳"),
        "demand_type": "help",
        "title": "路灯不亮",
        "content": f"王芳说家住松山区玉龙街3号楼，路灯坏了，请回电{NUMBER}。",
        "place": Place(text="玉龙街3号楼", region="松山区", detail="3号楼"),
        "offices": (Office(name="市城管局", score=0.9, why="路灯"),),
        "case": CaseOf(line="110", number="X-1"),
    }
    return opening(arrived()).model_copy(update={**filled, **other})


def test_a_version_has_a_key_that_sorts_and_says_of_which_format_it_is() -> None:
    """So that whoever gets two knows which is the later one."""
    first, tenth = version_of(order(), 1, NOON), version_of(order(), 10, NOON)
    assert first.kind is MessageKind.ORDER
    assert first.key < tenth.key
    said = json.loads(packed(tenth))
    assert (said["format"], said["version"], said["order"]) == (1, 10, order().id)
    assert (said["status"], said["case"]["number"]) == ("submitted", "X-1")
    assert said["offices"] == [{"name": "市城管局", "score": 0.9}]


def test_two_states_that_tell_the_same_are_one() -> None:
    """Delivered or not is ours to know; void is not."""
    assert told(order()) == told(order(status="delivered", hot_topic="路灯"))
    assert told(order(status="void"))["status"] == "void"
    assert version_of(order(), 1, NOON).key == version_of(order(), 1, NOON + timedelta(1)).key


def test_the_platform_knows_who_called_and_texts_never_say_it() -> None:
    """The caller stands in its own field; beside it, what may be handed on to offices."""
    said = told(order(caller=Caller(number=NUMBER, name="王芳", disclosure_consent=True)))
    assert (said["caller"]["number"], said["caller"]["name"]) == (NUMBER, "王芳")
    assert (said["for_offices"]["caller_number"], said["for_offices"]["withheld"]) == (NUMBER, "")
    assert told(order())["for_offices"]["withheld"] != ""
    assert NUMBER not in said["content"]
    assert "王芳" not in said["content"]


@pytest.mark.parametrize("kind", ["complaint", "report"])
def test_the_office_complained_about_never_learns_who_complained(kind: str) -> None:
    """The platform knows; what it may hand on does not say, in no field."""
    said = told(order(demand_type=kind))
    assert said["caller"]["number"] == NUMBER
    text = json.dumps(said["for_offices"], ensure_ascii=False)
    assert [word for word in (NUMBER, "王芳") if word in text] == []


def test_of_an_anonymous_caller_neither_number_nor_name_nor_home_leaves() -> None:
    """Whatever they consented to, and wherever it was written."""
    hidden = Caller(number=NUMBER, name="王芳", anonymous=True, disclosure_consent=True)
    said = told(order(caller=hidden))
    assert (said["caller"]["number"], said["caller"]["name"]) == (None, None)
    assert said["caller"]["anonymous"] is True
    text = json.dumps(said, ensure_ascii=False)
    assert [word for word in (NUMBER, "王", "3号楼", "01。") if word in text] == []
    assert said["place"]["region"] == "松山区"
    assert "路灯坏了" in said["content"]


def test_who_is_hidden_is_not_told_by_an_earlier_order_of_theirs() -> None:
    """That one may name them; of anybody else the platform is told which orders belong together."""
    hidden = Caller(number=NUMBER, anonymous=True)
    assert told(order(caller=hidden, duplicates=("o1",)))["duplicates"] == []
    assert told(order(title="工地夜里噪声", duplicates=("o1",)))["duplicates"] == []
    assert told(order(duplicates=("o1",)))["duplicates"] == ["o1"]


def test_an_anonymous_callers_matter_keeps_its_place() -> None:
    """Only what they named as their home is kept back; empty fields stay empty."""
    hidden = Caller(number=NUMBER, anonymous=True)
    said = told(order(caller=hidden, content="广场的路灯坏了", place=Place(text="广场")))
    assert (said["place"]["text"], said["place"]["detail"]) == ("广场", None)
    assert said["summary"] is None


@pytest.mark.parametrize("matter", ["楼下饭店油烟大", "工地夜里噪声", "邻居违建", "拆迁补偿"])
def test_some_matters_disclose_nothing_without_consent(matter: str) -> None:
    """Illegal building, demolition, fumes and noise: the caller has to say yes."""
    assert told(order(title=matter))["caller"]["number"] is None
    consents = Caller(number=NUMBER, disclosure_consent=True)
    assert not is_hidden(order(title=matter, caller=consents))
    assert not is_hidden(order())
