"""Other houses in the database: told once, kept in one order, messages owed once and sent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from cti.effects import WriteCall, WriteJournal
from cti.ids import CallId, CentreId
from records import linkage, messages
from records.draft import CaseOf, Evidence
from records.handing import GIVE_UP_AFTER
from records.leases import JobState
from records.linkage import CallUnknown, CaseDiffers, Taken
from records.messages import AnswerDiffers, Due, MessageUnknown
from records.store import CallStore
from records.tables import calls, work_orders
from records.told import Told
from tests.records.samples import CALL, NOON, arrived, ended
from tests.records.test_told import CASE, TOLD

HERE = CentreId("chifeng")
A_MINUTE = timedelta(minutes=1)
LONG_AFTER = NOON + timedelta(days=400)
"""Whatever the store's own clock says now, it is due by then."""


def line(what: str, call: CallId = CALL, **data: str) -> WriteJournal:
    return WriteJournal(call=call, at=NOON, what=what, data=tuple(sorted(data.items())))


async def take(store: CallStore, told: Told = CASE) -> Taken:
    async with store.database.writing() as connection:
        return await linkage.take(connection, told, NOON)


async def claim(store: CallStore) -> list[Due]:
    async with store.database.writing() as connection:
        return await messages.claim(connection, LONG_AFTER, A_MINUTE)


async def rows(store: CallStore) -> tuple[int, int]:
    async with store.database.reading() as connection:
        return (
            await connection.scalar(select(func.count()).select_from(calls)) or 0,
            await connection.scalar(select(func.count()).select_from(work_orders)) or 0,
        )


def speaking(store: CallStore) -> CallStore:
    """As if every house had an interface."""
    store.has_interface = lambda _centre, _line: True
    return store


async def test_a_case_is_one_order_however_often_it_is_told(store: CallStore) -> None:
    """Told otherwise under the same number it is refused, and nothing is changed."""
    first, again = await take(store), await take(store)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.order == again.order
    assert first.order.case == CaseOf(line="110", number="JJ-7")
    with pytest.raises(CaseDiffers):
        await take(store, replace(CASE, content="别的"))
    assert await rows(store) == (1, 1)
    async with store.database.reading() as connection:
        shown = await linkage.case(connection, HERE, "110", "JJ-7")
        nobody = await linkage.case(connection, HERE, "110", "JJ-8")
    assert shown is not None
    assert shown.order == first.order
    assert nobody is None


async def test_nobody_listens_to_what_was_not_recorded_here(store: CallStore) -> None:
    """Its order is complete, and a replay of the log owes it nothing."""
    taken = await take(store)
    kept = await store.order(taken.order.id)
    assert kept is not None
    assert kept.is_complete
    assert await store.without_job() == []
    await store.owe_draft(taken.call)
    assert await store.jobs(JobState.OWED) == []


async def test_text_no_database_keeps_is_taken_without_it(store: CallStore) -> None:
    taken = await take(store, replace(CASE, content="夜间\0装修"))
    assert taken.order.content == "夜间装修"


async def test_a_caller_who_was_handed_over_has_one_order_with_its_case(store: CallStore) -> None:
    """By the number that signalling told, or by our call's id; another centre's call is not known.

    Not if it was told days later: numbers may come again.
    """
    await store.write_facts([WriteCall(record=arrived()), line("arrived", case="JJ-7")])
    [order] = await store.orders()
    assert order.draft.case == CaseOf(number="JJ-7")
    taken = await take(store)
    assert (taken.call, taken.order.case) == (CALL, CaseOf(line="110", number="JJ-7"))
    named = await take(store, replace(TOLD, call=CALL))
    assert named.call == CALL
    assert await rows(store) == (1, 1)
    for stranger in (CallId("nobody"), CALL):
        told = replace(TOLD, number="S-10", call=stranger, centre=CentreId("wuhai"))
        with pytest.raises(CallUnknown):
            await take(store, told)
    async with store.database.writing() as connection:
        late = replace(CASE, line="119")
        found = await linkage.take(connection, late, NOON + timedelta(days=2))
    assert found.call == late.told_call


async def test_a_case_is_not_that_of_another_houses_caller_with_the_same_number(
    store: CallStore,
) -> None:
    """Numbers are a house's own: 119 must not read the order of whom 110 handed over."""
    came = (("case", "JJ-7"), ("from", "10.1.0.110"))
    from_110 = WriteJournal(call=CALL, at=NOON, what="arrived", data=came)
    await store.write_facts([WriteCall(record=arrived()), from_110])
    fire = replace(CASE, line="119", others=frozenset({"10.1.0.110"}))
    assert (await take(store, fire)).call == fire.told_call
    police = replace(CASE, others=frozenset({"10.1.0.119"}))
    assert (await take(store, police)).call == CALL
    assert (await take(store, replace(police, others=frozenset()))).is_new is False


async def test_a_worker_takes_nothing_away_that_was_told(store: CallStore) -> None:
    """Its fuller draft is written over the one that was open; the case stays in it."""
    await store.write_facts([WriteCall(record=ended()), line("arrived", case="JJ-7")])
    fresh = (await store.orders())[0].draft.model_copy(
        update={"case": None, "evidence": (), "title": "噪音"}
    )
    assert await store.save_draft(CALL, fresh, [])
    [order] = await store.orders()
    assert (order.draft.title, order.draft.case) == ("噪音", CaseOf(number="JJ-7"))


async def test_a_call_that_comes_soon_after_its_case_has_the_one_order(store: CallStore) -> None:
    """Houses tell the case first and put the caller through then: the call's order stays."""
    told = await take(store)
    await store.write_facts([WriteCall(record=arrived()), line("arrived", case="JJ-7")])
    await store.write_facts(
        [line("arrived", case="JJ-7"), line("arrived", CallId("gone"), case="x")]
    )
    order = await store.order_of(CALL)
    assert order is not None
    assert order.draft.case == CaseOf(line="110", number="JJ-7")
    said = [piece.text for piece in order.draft.evidence if piece.field == "case"]
    assert [text for text in said if "夜间装修" in text]
    assert said[-1] == "来电随信令转来，对方编号JJ-7"
    void = await store.order(told.order.id)
    assert void is not None
    assert void.draft.status == "void"
    assert order.draft.id in void.draft.evidence[-1].text
    assert (await take(store)).call == CALL


async def test_an_order_of_a_case_stays_when_it_is_worked_on_or_old(store: CallStore) -> None:
    """What an agent wrote is never taken away; the call's order names the other."""
    worked, old = replace(CASE, number="JJ-8"), replace(CASE, number="JJ-9")
    wrote = Evidence(field="title", kind="agent", text="噪音")
    async with store.database.writing() as connection:
        taken = await linkage.take(connection, worked, NOON)
        await linkage.put(
            connection,
            taken.call,
            lambda draft: draft.model_copy(update={"evidence": (*draft.evidence, wrote)}),
            NOON,
        )
        kept = await linkage.take(connection, old, NOON - timedelta(hours=2))
    for number, other in (("JJ-8", taken), ("JJ-9", kept)):
        call = CallId(f"call-{number}")
        record = replace(arrived(), call=call)
        await store.write_facts([WriteCall(record=record), line("arrived", call, case=number)])
        order = await store.order_of(call)
        assert order is not None
        said = [piece.text for piece in order.draft.evidence if piece.field == "case"]
        assert said == [f"来电随信令转来，对方编号{number}，已有工单{other.order.id}"]
        stays = await store.order(other.order.id)
        assert stays is not None
        assert stays.draft.status == "draft"


async def test_a_house_is_told_ahead_once_if_it_has_an_interface(store: CallStore) -> None:
    """In the same transaction as the journal's line, and only of a target that has a name."""
    begun = line("move-begun", move="m1", target="emergency:110")
    facts = (WriteCall(record=arrived()), begun)
    await store.write_facts(facts)
    assert await claim(store) == []
    rung: list[str] = []
    store.on_owed = lambda: rung.append("owed")
    speaking(store)
    await store.write_facts(facts)
    await store.write_facts([*facts, line("move-begun", move="m2", target="")])
    await store.write_facts([line("move-begun", move="m3", target="emergency")])
    await store.write_facts([line("move-begun", CallId("gone"), move="m4", target="emergency:1")])
    [due] = await claim(store)
    assert (due.message.key, due.message.line, due.attempts) == ("ahead-m1", "110", 1)
    assert due.message.body["caller"]["number"] == "13847652301"
    assert rung


async def test_a_message_is_held_by_one_sender_and_tried_until_it_arrives(store: CallStore) -> None:
    """Not given back it is due again after a minute; in vain for a day it has failed."""
    speaking(store)
    begun = line("move-begun", move="m1", target="emergency:110")
    await store.write_facts([WriteCall(record=arrived()), begun])
    now = LONG_AFTER
    async with store.database.writing() as connection:
        [first] = await messages.claim(connection, now, A_MINUTE)
        assert await messages.claim(connection, now, A_MINUTE) == []
        [again] = await messages.claim(connection, now + A_MINUTE, A_MINUTE)
        assert (first.attempts, again.attempts) == (1, 2)
        soon = first.made_at + A_MINUTE
        await messages.not_sent(connection, again, "refused", soon)
        assert await messages.count(connection) == {"owed": 1, "failed": 0}
        [third] = await messages.claim(connection, soon + timedelta(seconds=4), A_MINUTE)
        await messages.not_sent(connection, third, "refused", first.made_at + GIVE_UP_AFTER)
        assert await messages.count(connection) == {"owed": 0, "failed": 1}
        assert await messages.claim(connection, now + GIVE_UP_AFTER, A_MINUTE) == []


async def test_what_has_arrived_is_not_sent_again(store: CallStore) -> None:
    speaking(store)
    begun = line("move-begun", move="m1", target="emergency:110")
    await store.write_facts([WriteCall(record=arrived()), begun])
    async with store.database.writing() as connection:
        later = LONG_AFTER
        [due] = await messages.claim(connection, later, A_MINUTE)
        await messages.sent(connection, due.message.key, later)
        await messages.not_sent(connection, due, "late", later)
        assert await messages.count(connection) == {"owed": 0, "failed": 0}
        assert await messages.claim(connection, later + GIVE_UP_AFTER, A_MINUTE) == []


async def test_a_result_goes_back_to_who_told_the_case(store: CallStore) -> None:
    """Once it is handed in; a call that was told is nobody's question, and a house that cannot be
    told asks itself.
    """
    speaking(store)
    taken = await take(store)
    await take(store, replace(TOLD, call=taken.call))
    order = taken.order.model_copy(update={"status": "submitted", "decision": "accept"})
    async with store.database.writing() as connection:
        assert not await linkage.handed_in(connection, order, lambda _c, _l: False, NOON)
        for _ in range(2):
            assert await linkage.handed_in(connection, order, store.has_interface, NOON)
        [due] = await messages.claim(connection, NOON, A_MINUTE)
    assert (due.message.line, due.message.body["case"]) == ("110", "JJ-7")
    assert due.message.body["decision"] == "accept"


async def test_an_answer_is_taken_once_and_may_go_further(store: CallStore) -> None:
    """Taken on, then done; the same state otherwise is refused, another house knows nothing."""
    speaking(store)
    begun = line("move-begun", move="m1", target="emergency:110")
    await store.write_facts([WriteCall(record=arrived()), begun])
    taken = {"state": "taken", "case": "JJ-9", "result": ""}
    done = {"state": "done", "case": "JJ-9", "result": "已劝离"}
    async with store.database.writing() as connection:
        for answer in (taken, taken, done):
            of = await messages.answered(connection, HERE, "110", "ahead-m1", answer, NOON)
            assert of == CALL
        other = {**done, "result": "别的"}
        with pytest.raises(AnswerDiffers):
            await messages.answered(connection, HERE, "110", "ahead-m1", other, NOON)
        for house, key in (("119", "ahead-m1"), ("110", "ahead-m2")):
            with pytest.raises(MessageUnknown):
                await messages.answered(connection, HERE, house, key, taken, NOON)
        assert await messages.claim(connection, LONG_AFTER, A_MINUTE) == []
