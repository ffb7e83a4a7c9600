"""Where a call was moved, told from its record and its journal."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.effects import WriteJournal
from cti.ids import AgentId, LegId, PeerId, SeatId
from records.callrecord import CallRecord, Offered, Talk
from records.moves import Moved, evidence, moves, shown, with_targets
from tests.records.samples import CALL, NOON, SEAT, ended

LEG = LegId(f"{CALL}-m1")
SECOND = LegId(f"{CALL}-m2")


def note(second: float, what: str, move: str = "a", **data: str) -> WriteJournal:
    told = tuple(sorted({**data, "move": move}.items()))
    return WriteJournal(call=CALL, at=NOON + timedelta(seconds=second), what=what, data=told)


def begun(second: float = 20, move: str = "a", **data: str) -> WriteJournal:
    told = {
        "kind": "consult",
        "target": "expert:人社",
        "name": "社保专家",
        "target_kind": "expert",
        "seat": SEAT,
        **data,
    }
    return note(second, "move-begun", move, **told)


def rung(leg: str, outcome: str, second: float = 21, peer: str = "tax") -> Offered:
    return Offered(
        seat=SeatId(""),
        at=NOON + timedelta(seconds=second),
        outcome=outcome,
        peer=PeerId(peer),
        leg=LegId(leg),
    )


def talked(leg: str, since: float, until: float | None) -> Talk:
    return Talk(
        seat=SeatId(""),
        agent=AgentId(""),
        since=NOON + timedelta(seconds=since),
        until=None if until is None else NOON + timedelta(seconds=until),
        peer=PeerId("tax"),
        leg=LegId(leg),
    )


def called(*more: Offered | Talk) -> CallRecord:
    """An answered call, with what a move added."""
    plain = ended()
    return replace(
        plain,
        offers=(*plain.offers, *(one for one in more if isinstance(one, Offered))),
        talks=(*plain.talks, *(one for one in more if isinstance(one, Talk))),
    )


JOURNAL = [
    note(5, "talking", move=""),
    begun(),
    note(20.1, "move-rung", leg=LEG),
    note(40.1, "move-rung", leg=SECOND),
    note(40.2, "move-rung", leg=SECOND),
    note(45, "move-step", step="consulting"),
    note(60, "move-over", step="completed", rule="三方明确"),
]
RECORD = called(rung(LEG, "missed"), rung(SECOND, "answered", 41), talked(SECOND, 50, 62.4))


def test_a_move_is_told_whole() -> None:
    """Who asked for it, whom it rang in turn, and how it ended."""
    assert moves(RECORD, JOURNAL) == [
        Moved(
            begun_at=NOON + timedelta(seconds=20),
            move="a",
            kind="consult",
            target="expert:人社",
            name="社保专家",
            target_kind="expert",
            seat=SEAT,
            step="completed",
            over_at=NOON + timedelta(seconds=60),
            rule="三方明确",
            legs=(LEG, SECOND),
        )
    ]


def test_a_work_order_says_where_the_call_was_moved() -> None:
    """In words with their times by China's clock, from what signalling knows."""
    [line] = evidence(RECORD, JOURNAL)
    assert (line.field, line.kind) == ("moves", "signalling")
    assert line.text == (
        "12:00:20 咨询 社保专家（专家座席），12:00:21 振铃（无人接听），12:00:41 振铃（已接听），"
        "12:00:50 起与来电人通话12秒，已转交，首接规则：三方明确"
    )
    [moved] = shown(RECORD, JOURNAL)
    assert moved.model_dump() == {
        "at": NOON + timedelta(seconds=20),
        "kind": "consult",
        "target": "expert:人社",
        "name": "社保专家",
        "result": "completed",
        "rule": "三方明确",
    }


def test_a_call_that_was_never_moved_says_nothing() -> None:
    assert evidence(ended(), JOURNAL[:1]) == []
    assert shown(ended(), ()) == ()


def test_moves_come_in_the_order_in_which_they_began() -> None:
    """However late a line was written; begun is begun once."""
    lines = [begun(50, "b"), begun(20), begun(30), note(60, "move-over", "b", step="abandoned")]
    found = moves(ended(), lines)
    assert [(one.move, one.step) for one in found] == [("a", ""), ("b", "abandoned")]
    assert found[0].begun_at == NOON + timedelta(seconds=20)


def test_what_the_journal_does_not_know_the_record_still_tells() -> None:
    """The brain was dead: the legs stand in Asterisk's log, and lines of no move say nothing."""
    record = called(
        rung(LEG, "caller-left"), talked(SECOND, 50, None), rung(SECOND, "answered", 41)
    )
    lines = [note(20, "move-rung", leg=LEG), note(30, "move-over", step="returned")]
    assert [one.legs for one in moves(record, lines)] == [(LEG,), (SECOND,)]
    assert [line.text for line in evidence(record, lines)] == [
        "12:00:21 转接 tax，12:00:21 振铃（未接听时已取消）",
        "12:00:41 转接 tax，12:00:41 振铃（已接听），12:00:50 起与来电人通话",
    ]


def test_a_typed_number_is_no_target() -> None:
    """It stands in no record; the journal has it masked."""
    lines = [begun(target="", name="", number="*******8000", target_kind="number")]
    assert [one.text for one in evidence(ended(), lines)] == [
        "12:00:20 咨询 *******8000（其他号码）"
    ]
    unknown = called(rung(LEG, "rejected", peer=""))
    [shown_] = shown(unknown, ())
    assert (shown_.name, shown_.target, shown_.kind) == ("其他号码", None, None)


@pytest.mark.parametrize("known", ["", "emergency:110"])
def test_the_journal_names_whom_the_log_only_knows_by_the_leg(known: str) -> None:
    """What the log knows itself stays."""
    record = called(replace(rung(LEG, "answered"), target=known), talked(LEG, 30, 40))
    named = with_targets(record, JOURNAL)
    assert [one.target for one in named.offers] == ["", known or "expert:人社"]
    assert [one.target for one in named.talks] == ["", "expert:人社"]
    assert with_targets(named, ()) == named


def test_a_move_that_rang_nobody_is_told_too() -> None:
    """An order that Asterisk refused leaves no leg."""
    lines = [begun(), note(20.1, "move-rung"), note(22, "move-over", step="returned", why="other")]
    [one] = moves(ended(), lines)
    assert (one.legs, one.why) == ((), "other")
    assert [line.text for line in evidence(ended(), lines)] == [
        "12:00:20 咨询 社保专家（专家座席），回到原座席或队列"
    ]
