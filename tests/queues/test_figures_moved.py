"""The figures of seats stay right when a call is moved: whose time, whose talk, whose ringing."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from cti.effects import WriteSeatTime
from cti.ids import SeatId
from queues.breakdown import BREAKDOWNS, breakdown
from queues.figures import figures
from queues.seat import AgentState, SeatStretch
from queues.seattimes import SeatTally
from records.callrecord import CallRecord
from tests.records.cellog import OTHER, SEAT
from tests.records.movehouse import House
from tests.records.samples import NOON
from tests.records.test_twice_told_moves import MOVING
from transfer.step import Kind, What

S = AgentState


def stretches(house: House, seat: str) -> list[SeatStretch]:
    """The seat's time as it was written, each stretch as it ended."""
    last: dict[object, SeatStretch] = {}
    for effect in house.effects:
        if isinstance(effect, WriteSeatTime) and effect.stretch.seat == SeatId(seat):
            last[effect.stretch.since] = effect.stretch
    return list(last.values())


def states(house: House, seat: str) -> list[AgentState]:
    """What it did with the call."""
    return [one.state for one in stretches(house, seat) if one.call is not None]


def begun(*, is_full: bool = False) -> House:
    """A talk at the first seat."""
    house = House(MOVING, is_full=is_full)
    house.obey()
    house.let(house.answer)
    return house


def test_a_seat_talks_as_long_as_it_has_the_call() -> None:
    """The hold, the consult and the three-way are one stretch of talking, and one wrap-up follows;
    the talk with the caller is what the caller heard of it, and the wait is the caller's own.
    """
    house = begun()
    talking_since = house.at
    house.let(partial(house.move, Kind.CONSULT, "expert:人社"))
    house.let(house.answer)
    house.pass_time(30)
    house.let(partial(house.press, What.JOIN))
    house.pass_time(20)
    house.let(partial(house.press, What.COMPLETE))
    released_at = house.at
    house.finish()
    assert states(house, SEAT) == [S.OFFERED, S.TALKING, S.WRAP_UP]
    [talked] = [one for one in stretches(house, SEAT) if one.state is S.TALKING]
    assert talked.until is not None
    assert (talked.until - talked.since).total_seconds() > 50
    assert abs((talked.since - talking_since).total_seconds()) < 0.1
    assert abs((talked.until - released_at).total_seconds()) < 0.1
    record = house.live()
    own = breakdown([record], BREAKDOWNS["seat"])[SEAT]
    whole = figures([record])
    assert own.talk_s is not None
    assert whole.talk_s is not None
    assert 20 < own.talk_s < 30 < (talked.until - talked.since).total_seconds() - 20
    assert own.talk_s < whole.talk_s
    assert own.speed_of_answer_s == whole.speed_of_answer_s
    assert [offer.seat for offer in record.rung] == [SEAT]


def test_a_seat_that_is_a_recipient_rings_talks_and_wraps_up_as_any_other() -> None:
    """Its ringing is in its time, and in no figure of the queue."""
    house = begun(is_full=True)
    first = house.agent
    second = OTHER if first == SEAT else SEAT
    house.let(partial(house.move, Kind.CONSULT, "group:通用"))
    house.let(house.answer)
    house.let(partial(house.press, What.COMPLETE))
    house.pass_time(40)
    house.finish()
    assert states(house, second) == [S.OFFERED, S.TALKING, S.WRAP_UP]
    assert states(house, first) == [S.OFFERED, S.TALKING, S.WRAP_UP]
    record = house.live()
    assert [offer.seat for offer in record.rung] == [first]
    assert [(offer.seat, offer.outcome) for offer in record.offers if offer.leg] == [
        (second, "answered")
    ]
    rows = breakdown([record], BREAKDOWNS["seat"])
    talk_s = rows[second].talk_s
    assert talk_s is not None
    assert talk_s > 40
    assert (rows[first].answered, rows[second].answered, figures([record]).answered) == (1, 1, 1)
    assert queues_own(record) == queues_own(replace(record, offers=record.rung))


def queues_own(record: CallRecord) -> tuple[object, ...]:
    """The figures by which the queue is judged."""
    of = figures([record])
    shares = (of.connection_share, of.within_15_s_share, of.speed_of_answer_s, of.longest_wait_s)
    return of.offered, of.answered, of.answered_outside, of.abandoned, of.cut, *shares


Verbs = list[Callable[[House], None]]
BLIND: Verbs = [partial(House.move, kind=Kind.BLIND, target="expert:人社")]
STORIES: dict[str, Verbs] = {
    "nobody moved it": [],
    "sent away, and answered there": [*BLIND, House.answer],
    "sent away, and nobody answered": [*BLIND, *[partial(House.refuse, cause=17)] * 2],
    "handed over": [partial(House.move, kind=Kind.HAND_OVER, target="expert:人社"), House.answer],
    "back in the queue": [partial(House.move, kind=Kind.BLIND, target="group:通用")],
    "110": [partial(House.move, kind=Kind.EMERGENCY, target="emergency:110"), House.answer],
}


@pytest.mark.parametrize("story", STORIES)
def test_whatever_becomes_of_a_moved_caller_the_queue_is_judged_the_same(story: str) -> None:
    """Offered once, answered once by the seat that the queue rang, after its own wait."""
    house = begun()
    for verb in STORIES[story]:
        house.let(partial(verb, house))
        house.pass_time(60)
    house.finish()
    record = house.live()
    [first, *_] = record.talks
    waited = (first.since - record.arrived_at).total_seconds()
    of = figures([record])
    assert (of.offered, of.answered, of.answered_outside) == (1, 1, 0)
    assert (of.abandoned, of.cut, of.live) == (0, 0, 0)
    assert (of.connection_share, of.within_15_s_share) == (1, 1)
    assert of.speed_of_answer_s == of.longest_wait_s
    assert of.speed_of_answer_s is not None
    assert 0 < of.speed_of_answer_s <= waited < 15


def test_a_seat_that_consults_is_occupied_all_the_time() -> None:
    """With the caller on hold it is with a caller: rung, in the talk, writing down."""
    house = begun()
    house.let(partial(house.move, Kind.CONSULT, "expert:人社"))
    house.let(house.answer)
    house.pass_time(100)
    house.let(partial(house.press, What.COMPLETE))
    house.finish()
    tally = SeatTally()
    for one in stretches(house, SEAT):
        tally.add(one, NOON, house.at)
    spent = tally.figures()
    assert spent.talking_s > 100
    of_the_call = [one for one in stretches(house, SEAT) if one.call is not None]
    ended = of_the_call[-1].until
    assert ended is not None
    busy = (ended - of_the_call[0].since).total_seconds()
    assert spent.occupancy == pytest.approx(busy / (busy + spent.ready_s))


def test_a_seat_that_asked_for_a_move_in_vain_has_one_talk_and_one_wrap_up() -> None:
    """Nobody answered; the caller came back from hold."""
    house = begun()
    house.let(partial(house.move, Kind.CONSULT, "expert:人社"))
    house.let(partial(house.refuse, 17))
    house.let(house.be_ready)
    house.finish()
    assert states(house, SEAT) == [S.OFFERED, S.TALKING, S.WRAP_UP]
    assert len(house.live().talks) == 2
