"""What other houses tell becomes one order, with their number and their words."""

from dataclasses import replace
from datetime import timedelta

from cti.ids import CallId, CentreId
from records.callrecord import Direction, Disposition
from records.draft import CaseOf, Evidence, WorkOrderDraft, opening
from records.told import (
    Told,
    ToldKind,
    given_over,
    is_record_of_a_case,
    is_theirs,
    keep_told,
    order_of,
    record_of,
    taken_over,
    with_answer,
    with_told,
)
from tests.records.samples import CALL, NOON, arrived

CASE = Told(
    kind=ToldKind.CASE,
    centre=CentreId("chifeng"),
    line="110",
    house="公安报警",
    number="JJ-7",
    at=NOON,
    caller="13847652301",
    name="王先生",
    title="邻居装修噪音",
    content="夜间装修，非警务类",
    place="红山区哈达街道",
    demand_type="complaint",
    urgency="same_day",
)
TOLD = replace(
    CASE,
    kind=ToldKind.CALL,
    line="12366",
    house="税务分中心",
    number="S-9",
    answered_at=NOON + timedelta(seconds=9),
    ended_at=NOON + timedelta(seconds=99),
)


def said(draft: WorkOrderDraft, field: str) -> list[str]:
    return [piece.text for piece in draft.evidence if piece.field == field]


def test_a_case_is_an_order_with_its_number_and_their_words() -> None:
    """Every field says that they told it; nothing of it is a call of ours."""
    record, order = record_of(CASE), order_of(CASE)
    assert (record.call, record.direction) == (order.call_id, Direction.TOLD)
    assert (record.disposition, record.talks) == (Disposition.ANSWERED, ())
    assert order.case == CaseOf(line="110", number="JJ-7")
    assert (order.title, order.content) == (CASE.title, CASE.content)
    assert (order.caller.number, order.caller.name) == (CASE.caller, CASE.name)
    assert (order.demand_type, order.urgency) == ("complaint", "same_day")
    assert (order.place.text, order.dialled.name) == (CASE.place, "公安报警")
    for field in ("title", "content", "demand_type", "urgency", "place.text", "caller.name"):
        assert said(order, field)[0].startswith("公安报警告知：")
    [text] = said(order, "case")
    assert text.startswith("公安报警转来，编号JJ-7，2026-11-20 12:00:00：邻居装修噪音")


def test_what_is_not_told_stays_empty() -> None:
    """An agent fills a gap faster than finding an error."""
    bare = Told(
        kind=ToldKind.CASE,
        centre=CentreId("chifeng"),
        line="110",
        house="",
        number="JJ-8",
        at=NOON,
    )
    order = order_of(bare)
    assert (order.title, order.content, order.place.text, order.caller.name) == (None,) * 4
    assert (order.dialled.name, order.demand_type) == (None, None)
    assert said(order, "case") == ["转来，编号JJ-8，2026-11-20 12:00:00"]


def test_a_call_elsewhere_has_its_times() -> None:
    """Unanswered there it is abandoned; nobody of ours talked."""
    record = record_of(TOLD)
    assert (record.arrived_at, record.answered_at, record.ended_at) == (
        NOON,
        TOLD.answered_at,
        TOLD.ended_at,
    )
    assert [(talk.seat, talk.peer) for talk in record.talks] == [("", "")]
    missed = record_of(replace(TOLD, answered_at=None))
    assert (missed.disposition, missed.talks) == (Disposition.ABANDONED, ())


def test_what_is_told_is_known_by_its_number_and_its_words() -> None:
    """Another house, another kind, another number: another record. The same again is the same."""
    others = (
        replace(CASE, line="119"),
        replace(CASE, number="JJ-8"),
        replace(CASE, centre=CentreId("wuhai")),
        replace(CASE, kind=ToldKind.CALL),
    )
    assert len({one.told_call for one in (CASE, *others)}) == 5
    assert replace(CASE).digest == CASE.digest != replace(CASE, content="别的").digest
    assert replace(CASE, content="别的").told_call == CASE.told_call


def test_the_order_of_a_call_of_ours_keeps_its_words() -> None:
    """The case is named in it once, whoever comes first: its number by signalling, or its words."""
    mine = opening(arrived())
    signalled = mine.model_copy(update={"case": CaseOf(number="JJ-7")})
    for draft in (mine, signalled):
        told = with_told(draft, CASE)
        assert told.case == CaseOf(line="110", number="JJ-7")
        assert (told.content, told.call_id) == (None, CALL)
        assert with_told(told, CASE) == told
    other = with_told(with_told(mine, CASE), TOLD)
    assert other.case == CaseOf(line="110", number="JJ-7")
    assert len(said(other, "case")) == 2
    assert said(other, "case")[1].startswith("税务分中心受理的来电，编号S-9")


def test_an_answer_stands_in_the_order() -> None:
    """With their number if they gave one; none makes no case of it."""
    draft = with_answer(opening(arrived()), "110", "公安报警", {"state": "taken", "case": "JJ-9"})
    assert draft.case == CaseOf(line="110", number="JJ-9")
    draft = with_answer(draft, "110", "公安报警", {"state": "done", "case": "", "result": "已劝离"})
    assert said(draft, "case") == ["公安报警已受理，对方编号JJ-9", "公安报警已办结，已劝离"]
    bare = with_answer(opening(arrived()), "110", "公安报警", {"state": "refused"})
    assert (bare.case, said(bare, "case")) == (None, ["公安报警未受理"])


def test_a_workers_draft_keeps_what_was_told_meanwhile() -> None:
    """It is told once, whichever of the two is written last."""
    kept = with_told(opening(arrived()), CASE)
    fresh = opening(arrived()).model_copy(update={"title": "噪音"})
    both = keep_told(kept, fresh)
    assert (both.title, both.case) == ("噪音", kept.case)
    assert keep_told(kept, both) == both
    assert keep_told(opening(arrived()), fresh) == fresh


def test_the_order_of_a_call_takes_the_case_over_and_the_cases_own_is_void() -> None:
    """Unless somebody of ours wrote in it or handed it in; what is no case changes nothing."""
    theirs, ours = order_of(CASE), opening(arrived())
    order = taken_over(taken_over(ours, theirs), theirs)
    assert order.case == CaseOf(line="110", number="JJ-7")
    assert said(order, "case") == said(theirs, "case")
    assert taken_over(ours, opening(arrived())) == ours
    void = given_over(theirs, order.id)
    assert (void.status, said(void, "status")) == ("void", [f"来电已转来，并入工单{order.id}"])
    assert is_theirs(theirs)
    assert not is_theirs(void)
    wrote = Evidence(field="title", kind="agent", text="噪音")
    assert not is_theirs(theirs.model_copy(update={"evidence": (wrote,)}))
    assert is_record_of_a_case(theirs.call_id)
    assert not is_record_of_a_case(ours.call_id)


def test_the_id_is_safe_as_a_files_name() -> None:
    assert CASE.told_call == CallId("told-" + CASE.told_call[5:])
    assert CASE.told_call[5:].isalnum()
    assert isinstance(order_of(CASE).evidence[0], Evidence)
