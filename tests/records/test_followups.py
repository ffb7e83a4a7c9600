"""Follow-ups in the database."""

from dataclasses import replace
from datetime import timedelta

from queues.followup import FollowUp, FollowUpState, claim, dialling
from queues.task import AttemptOutcome
from records import followups
from records.history import report
from records.store import CallStore
from tests.queues.test_callback import called_out
from tests.queues.test_followup import ANNA, FRESH, OUT
from tests.records.samples import NOON, arrived, ended


async def a_finished_order(store: CallStore) -> FollowUp:
    await store.write_call(ended())
    [kept] = await store.orders()
    return replace(FRESH, order=kept.draft.id, call=arrived().call, centre=arrived().centre)


async def test_a_follow_up_is_kept_whole_and_noted_by_its_call_out(store: CallStore) -> None:
    """Told twice it is one; the call out that was dialled for it is its attempt; it is counted."""
    fresh = await a_finished_order(store)
    async with store.database.writing() as connection:
        assert await followups.take(connection, fresh) == fresh
        assert await followups.take(connection, fresh) == fresh
        held = await followups.change(
            connection,
            fresh.centre,
            fresh.order,
            lambda kept: dialling(claim(kept, ANNA, NOON), ANNA, OUT, NOON),
        )
    assert held is not None
    made = replace(called_out(), call=OUT, about=fresh.call, centre=fresh.centre)
    await store.write_call(made)
    async with store.database.reading() as connection:
        [kept] = await followups.listed(connection, fresh.centre, is_open=True, limit=9, offset=0)
    assert (kept.state, [one.outcome for one in kept.attempts]) == (
        FollowUpState.OWED,
        [AttemptOutcome.NO_ANSWER],
    )
    hour = timedelta(hours=1)
    counted = await report(store.database, NOON - hour, NOON + hour, now=NOON)
    assert counted.follow_ups.owed == 1
