"""The agent's words win, whoever writes last."""

from datetime import UTC, datetime

from config.hours import ALWAYS
from config.rules import Limits
from cti.ids import CallId, CentreId, LineId
from records.agentwords import (
    CLEARED,
    keep_agents_words,
    with_agents_words,
    written_over,
)
from records.callrecord import CallRecord
from records.deadlines import with_deadlines
from records.draft import Evidence, Office, opening

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)
OPENED = opening(
    CallRecord(
        call=CallId("node1-1.1"),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        dnis="8337772",
        ani="13847652301",
        arrived_at=NOON,
    )
)


def test_a_worker_that_comes_later_changes_nothing_an_agent_wrote() -> None:
    """Agent first, worker second: the agent's fields and their evidence stay, the rest is new."""
    kept = with_agents_words(OPENED, {"title": "供热", "place.text": None})
    heard = Evidence(field="place.text", kind="speech", channel="caller", text="松山区")
    place = OPENED.place.model_copy(update={"text": "松山区", "region": "松山区"})
    fresh = OPENED.model_copy(
        update={
            "title": "机器写的",
            "summary": "机器写的",
            "place": place,
            "evidence": (*OPENED.evidence, heard),
        }
    )
    both = keep_agents_words(kept, fresh)
    assert (both.title, both.summary) == ("供热", "机器写的")
    assert (both.place.text, both.place.region) == (None, "松山区")
    assert [(piece.field, piece.text) for piece in both.evidence if piece.kind == "agent"] == [
        ("title", "供热"),
        ("place.text", CLEARED),
    ]
    assert heard not in both.evidence


def test_an_order_no_agent_touched_is_the_workers() -> None:
    """Without the agent's evidence the fuller draft is taken as it is."""
    fresh = OPENED.model_copy(update={"title": "机器写的"})
    assert fresh == keep_agents_words(OPENED, fresh)


def test_an_agents_second_thought_replaces_the_first() -> None:
    """One field, one piece of the agent's evidence: the last."""
    twice = with_agents_words(with_agents_words(OPENED, {"title": "一"}), {"title": "二"})
    assert [piece.text for piece in twice.evidence if piece.field == "title"] == ["二"]
    assert twice.title == "二"


def test_only_another_persons_later_word_stands_in_the_way() -> None:
    """Not a machine's, not one that was seen, not one that says the same, not an unsaid one."""
    named = OPENED.caller.model_copy(update={"name": "刘海英"})
    opened = OPENED.model_copy(update={"caller": named})
    machine = opened.model_copy(update={"title": "机器写的", "summary": "刘海英说停水"})
    kept = with_agents_words(machine, {"title": "甲写的", "place.text": "五号楼"})
    words = {"title": "乙写的", "place.text": "五号楼", "summary": "乙写的"}
    was = {"title": "机器写的", "place.text": None, "summary": None}
    assert written_over(kept, words, was) == [{"field": "title", "now": "甲写的"}]
    assert written_over(kept, words, {**was, "title": "甲写的"}) == []
    assert written_over(kept, words, {}) == []
    told = with_agents_words(machine, {"summary": "刘海英说停水了"})
    assert written_over(told, words, {"summary": "刘**说停水了"}) == []


def test_offices_are_told_by_their_names() -> None:
    """Who else wrote other offices meanwhile is told which; none at all is said, too."""
    water, heat = (Office(name=name, score=1.0, why="话务员") for name in ("水利局", "住建局"))
    kept = with_agents_words(OPENED, {"offices": (water, heat)})
    (over,) = written_over(kept, {"offices": (water,)}, {"offices": ()})
    assert over["field"] == "offices"
    assert [one["name"] for one in over["now"]] == ["水利局", "住建局"]
    assert [piece.text for piece in kept.evidence if piece.field == "offices"] == ["水利局、住建局"]
    none = with_agents_words(OPENED, {"offices": ()})
    assert [piece.text for piece in none.evidence if piece.field == "offices"] == [CLEARED]


def test_what_was_reckoned_from_an_agents_words_stays_with_them() -> None:
    """The worker read a complaint, the agent wrote a question: it is owed as a question."""
    limits = Limits(consult_d=1, other_d=5)
    read = OPENED.model_copy(update={"demand_type": "complaint", "decision": "accept"})
    fresh = with_deadlines(read, limits, ALWAYS)
    kept = with_agents_words(OPENED, {"demand_type": "consult", "decision": "accept"})
    kept = with_deadlines(kept, limits, ALWAYS)
    both = keep_agents_words(kept, fresh)
    assert both.deadlines == kept.deadlines != fresh.deadlines
    assert [piece.text for piece in both.evidence if piece.field == "deadlines.finish_by"] == [
        "咨询事项自受理起1个工作日内办结"
    ]
