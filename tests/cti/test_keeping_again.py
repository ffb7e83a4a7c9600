"""Kept places after a look at Asterisk: a brain that died, a link that was lost, both clocks."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

import pytest

from cti.call import CallState
from cti.effects import (
    CallBack,
    CompleteDraft,
    Effect,
    ForgetKept,
    HandPlace,
    OfferCall,
    PopScreen,
    ReplayCel,
    WithdrawPop,
)
from cti.events import LinkLost, SnapshotTaken
from cti.happened import OfferOutcome, Phone
from cti.ids import SeatId
from cti.seen import KeptPlace, SeenChannel, SeenMember
from queues.seat import AgentState
from records.callrecord import Disposition
from tests.cti.keeping import (
    AGAIN,
    AGAIN_CHANNEL,
    ANOTHER,
    ANOTHER_CHANNEL,
    CITIZEN,
    KEEPING,
    answered,
    bridged,
    came_to,
    dialled,
    dials,
    in_vain,
    keeping,
    missed,
    place,
    pressed,
    record_of,
    rings,
    rung,
    seen_attempt,
    seen_caller,
    seen_citizen,
)
from tests.cti.playbook import (
    ANNA,
    BEN,
    CALL,
    CHANNEL,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    arrived,
    hung_up,
    leg,
    waiting,
)


def snapshot(
    at: float, *channels: SeenChannel, kept: Iterable[KeptPlace] = (), seat: bool = True
) -> SnapshotTaken:
    """All that stands in Asterisk; ``seat``: somebody is signed in, and ready."""
    member = SeenMember(seat=SEAT, agent=ANNA, is_paused=False, reason="", phone=Phone.FREE)
    return SnapshotTaken(
        at=after(at), channels=channels, kept=tuple(kept), members=(member,) if seat else ()
    )


def new_brain(
    *channels: SeenChannel, kept: Iterable[KeptPlace] = (), seat: bool = True
) -> Playbook:
    """Another brain, that knows nothing, looks at a hundred seconds."""
    return Playbook(KEEPING, snapshot=snapshot(100, *channels, kept=kept, seat=seat))


E = TypeVar("E", bound=Effect)


def found(p: Playbook, kind: type[E]) -> list[E]:
    return [effect for effect in p.all if isinstance(effect, kind)]


def seat_state(p: Playbook) -> AgentState:
    view = p.switch.seat(SEAT)
    assert view is not None
    return view.state


# --- the brain was dead -----------------------------------------------------------------------


def test_a_new_brain_finds_every_place_in_its_order() -> None:
    """Who holds and who keeps, by since when they wait; and calls back when its turn comes."""
    waits = seen_caller("wait", ANOTHER, ANOTHER_CHANNEL)
    p = new_brain(
        replace(waits, since=after(-5), ani="13900000009"), kept=[place(since=-9)], seat=False
    )
    assert p.switch.waiting == [CALL, ANOTHER]
    assert p.switch.call_state(CALL) is CallState.KEPT
    p.sign_in(at=after(101)) << Wish(
        CallBack, call=CALL, since=after(-9), arrived_at=after(-9), attempt=1
    )


def test_a_new_brain_knows_how_often_and_when_it_was_tried() -> None:
    """Dialled at a hundred: not before four hundred, and that is the last attempt."""
    p = new_brain(kept=[place(attempts=1)])
    p.tick(after(399)).none(CallBack)
    p.tick(after(401)) << Wish(CallBack, call=CALL, attempt=2)
    number = int(found(p, CallBack)[-1].offer.rpartition("/")[2])
    assert number > 100  # no offer's name is ever used twice, also those of a brain before
    p >> rings(401.1) >> dials(403, number, attempt=2)
    p >> came_to(OfferOutcome.MISSED, 430, number)
    assert found(p, ForgetKept)
    assert record_of(p).disposition is Disposition.ABANDONED
    assert found(p, ReplayCel)  # part of it went unseen
    assert not found(p, CompleteDraft)


def test_a_new_brain_calls_nobody_about_a_place_of_long_ago() -> None:
    """Kept in the evening, found in the night: a task for people, and no phone rings."""
    p = new_brain(kept=[place(since=-9000, kept=-8000)])
    p << Wish(ForgetKept, call=CALL)
    assert (p.switch.live_calls, found(p, CallBack)) == (frozenset(), [])
    assert record_of(p).disposition is Disposition.ABANDONED


@pytest.mark.parametrize("has_entry", [True, False])
def test_an_attempt_goes_on_under_a_new_brain(has_entry: bool) -> None:
    """The seat rings, or dials, already: the card is shown again, nobody is ordered twice."""
    entries = [place(attempts=1)] if has_entry else []
    p = new_brain(seen_attempt(), seen_citizen(), kept=entries)
    p << Wish(PopScreen, call=CALL, attempt=1, kept_at=after(40) if has_entry else None)
    assert found(p, CallBack) == []
    assert seat_state(p) is AgentState.OFFERED
    p >> bridged(leg(SEAT), 105, SEAT) >> bridged(CITIZEN, 105)
    assert p.switch.call_state(CALL) is CallState.TALKING
    p >> came_to(OfferOutcome.ANSWERED, 130)
    p >> hung_up(leg(SEAT), 130, SEAT) >> hung_up(CITIZEN, 130)
    assert record_of(p).disposition is Disposition.ANSWERED
    assert p.switch.live_calls == frozenset()


def test_an_attempt_found_ringing_may_be_missed() -> None:
    """Its seat is out, and the place is kept by the new brain as well."""
    p = new_brain(seen_attempt(), kept=[place()]) >> missed(105)
    assert seat_state(p) is AgentState.NOT_READY
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.KEPT, [CALL])


def test_an_attempt_found_without_a_place_that_comes_to_nothing_is_over() -> None:
    """The entry is gone, so nobody is owed anything, whoever took it out."""
    p = new_brain(seen_attempt(), seen_citizen()) >> came_to(OfferOutcome.MISSED, 105)
    assert p.switch.live_calls == frozenset()
    assert found(p, CallBack) == []


def test_a_talk_found_is_a_talk() -> None:
    """The citizen had answered: the entry is gone, and nothing is owed."""
    p = new_brain(seen_attempt(bridge="b7"), seen_citizen(bridge="b7"))
    assert (p.switch.call_state(CALL), seat_state(p)) == (CallState.TALKING, AgentState.TALKING)
    assert found(p, CallBack) == []


def test_an_attempt_at_a_seat_that_the_city_lacks_goes_on() -> None:
    """The seat was taken out meanwhile; the citizen is being dialled all the same."""
    gone = replace(seen_attempt(), seat=SeatId("chifeng-1999"), channel=leg(SEAT, 99))
    p = new_brain(gone, kept=[place()])
    assert p.switch.call_state(CALL) is CallState.KEPT
    assert found(p, CallBack) == []


def test_who_says_goodbye_is_not_offered() -> None:
    """The caller has pressed 1 and is still on the line; its channel's end lines it up."""
    p = new_brain(seen_caller("keep"), kept=[place()])
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.KEPT, [])
    p >> hung_up(CHANNEL, 101) << Wish(CallBack, call=CALL)


def test_who_waits_with_a_kept_place_waits() -> None:
    """The order had won and the seat missed: in the music, and kept if it hangs up."""
    p = new_brain(seen_caller("wait"), kept=[place()])
    p << Wish(OfferCall, call=CALL)
    p >> hung_up(CHANNEL, 101) << Wish(CallBack, call=CALL)


def test_who_talks_is_owed_nothing() -> None:
    """The brain died between the talk's begin and the order to forget the place."""
    seat = SeenChannel(channel=leg(SEAT), call=CALL, seat=SEAT, context="", bridge="b1")
    p = new_brain(replace(seen_caller("connect"), bridge="b1"), seat, kept=[place()])
    p << Wish(ForgetKept, call=CALL)
    p >> hung_up(CHANNEL, 120) >> hung_up(leg(SEAT), 120, SEAT)
    assert p.switch.live_calls == frozenset()


def test_who_has_called_in_again_meets_its_place_under_a_new_brain() -> None:
    """It waits already: the place is handed on, and nobody calls back."""
    caller = replace(
        seen_caller("wait", AGAIN, AGAIN_CHANNEL), since=after(95), arrived_at=after(90)
    )
    p = new_brain(caller, kept=[place()], seat=False)
    p << Wish(HandPlace, call=AGAIN, since=after(0)) << Wish(ForgetKept, call=CALL)
    assert p.switch.waiting == [AGAIN]


def test_who_was_served_while_no_brain_lived_is_not_called_back() -> None:
    """It called in again and talks by Asterisk's own queue: that is what the place was for."""
    caller = replace(
        seen_caller("fallback", AGAIN, AGAIN_CHANNEL), arrived_at=after(90), bridge="b1"
    )
    seat = SeenChannel(channel=leg(OTHER), call=AGAIN, seat=OTHER, context="", bridge="b1")
    p = new_brain(caller, seat, kept=[place()])
    p << Wish(ForgetKept, call=CALL)
    assert p.switch.call_state(CALL) is None
    p >> hung_up(AGAIN_CHANNEL, 120, call=AGAIN) >> hung_up(leg(OTHER), 120, OTHER, call=AGAIN)
    p.tick(after(600))
    assert found(p, CallBack) == []


@pytest.mark.parametrize("talks", [True, False])
def test_who_has_got_one_of_two_places_is_not_given_the_other_by_a_look(talks: bool) -> None:
    """Two callers of one number kept theirs; the one who called in again has the earlier."""
    second = place(ANOTHER, since=10, kept=41)
    p = new_brain(kept=[place(), second], seat=False)
    p >> arrived(AGAIN, AGAIN_CHANNEL, 110) >> waiting(AGAIN, AGAIN_CHANNEL, 112, 112)
    caller = replace(seen_caller("wait", AGAIN, AGAIN_CHANNEL), arrived_at=after(110))
    channels = [caller]
    if talks:
        seat = SeenChannel(channel=leg(OTHER), call=AGAIN, seat=OTHER, context="", bridge="b1")
        channels = [replace(caller, context="connect", bridge="b1"), seat]
    p >> snapshot(120, *channels, kept=[second], seat=False)
    assert p.switch.call_state(ANOTHER) is CallState.KEPT
    assert p.switch.waiting == ([ANOTHER] if talks else [AGAIN, ANOTHER])


def test_who_is_just_calling_in_again_is_not_called_back_by_a_new_brain() -> None:
    """It hears the first sentence; then it waits, with its place."""
    caller = replace(seen_caller("arrive", AGAIN, AGAIN_CHANNEL), since=None, arrived_at=after(99))
    p = new_brain(caller, kept=[place()])
    assert found(p, CallBack) == []
    p >> waiting(AGAIN, AGAIN_CHANNEL, 101, 101) << Wish(HandPlace, call=AGAIN)
    p << Wish(OfferCall, call=AGAIN)


# --- the link was lost ------------------------------------------------------------------------


def test_nobody_is_called_back_while_asterisk_cannot_be_reached() -> None:
    p = keeping() >> LinkLost(at=after(50))
    p.sign_in(at=after(60))
    assert found(p, CallBack) == []
    p >> snapshot(70, kept=[place()]) << Wish(CallBack, call=CALL)
    assert p.switch.call_state(CALL) is CallState.KEPT


def test_a_place_that_went_unseen_is_found() -> None:
    """Pressed 1 and hung up while the link was down."""
    p = Playbook(KEEPING).call_in() >> LinkLost(at=after(30))
    p.sign_in(at=after(60))
    p >> snapshot(70, kept=[place()]) << Wish(CallBack, call=CALL)
    assert record_of(p).kept_at == after(40)


def test_a_place_that_is_gone_is_not_called() -> None:
    """Called back and talked while the link was down: the log tells how it went."""
    p = keeping() >> LinkLost(at=after(50)) >> snapshot(300)
    p << Wish(ReplayCel, call=CALL)
    assert found(p, CallBack) == []
    assert p.switch.live_calls == frozenset()


def test_a_place_that_was_over_is_not_called_because_the_order_to_forget_it_was_lost() -> None:
    """The link broke before Asterisk heard of it: it is told again, and nobody is called."""
    p = keeping() >> arrived(AGAIN, AGAIN_CHANNEL, 90) >> waiting(AGAIN, AGAIN_CHANNEL, 95, 95)
    p >> LinkLost(at=after(95)) >> snapshot(97, kept=[place()])
    p << Wish(ForgetKept, call=CALL)
    assert found(p, CallBack) == []
    assert p.switch.call_state(CALL) is None


def test_who_is_found_talking_after_it_called_in_again_is_not_called_back() -> None:
    """It called in, was served by Asterisk's own queue, and the brain sees only the talk."""
    p = keeping() >> arrived(AGAIN, AGAIN_CHANNEL, 90) >> LinkLost(at=after(91))
    seat = SeenChannel(channel=leg(SEAT), call=AGAIN, seat=SEAT, context="", bridge="b1")
    talking = replace(seen_caller("fallback", AGAIN, AGAIN_CHANNEL), bridge="b1")
    p.sign_in(OTHER, BEN, at=after(92)) >> snapshot(97, talking, seat, kept=[place()])
    p << Wish(ForgetKept, call=CALL)
    assert found(p, CallBack) == []
    assert p.switch.call_state(CALL) is None


def test_whoever_keeps_a_place_again_after_a_talk_is_owed_it() -> None:
    """An order won, they talked, the seat was lost, and the caller pressed 1 in the music again."""
    p = Playbook(KEEPING).call_in().sign_in(at=after(39.9)) >> pressed()
    p.talk(at=42) << Wish(ForgetKept, call=CALL)
    p >> hung_up(leg(SEAT), 60, SEAT) >> waiting(at=61) >> pressed(80) >> hung_up(CHANNEL, 83)
    p >> LinkLost(at=after(90)) >> snapshot(97, kept=[place(kept=80)], seat=False)
    p.none(ForgetKept)
    assert p.switch.call_state(CALL) is CallState.KEPT


def test_an_attempt_whose_end_went_unseen_is_made_again_later() -> None:
    """Its legs are gone; the count and the time are Asterisk's, and the seat is free."""
    p = rung() >> dials(102) >> dialled(102.1) >> LinkLost(at=after(110))
    p >> snapshot(150, kept=[place(attempts=1)])
    p << Wish(WithdrawPop, call=CALL)
    assert seat_state(p) is AgentState.AVAILABLE
    p.tick(after(399)).none(CallBack)
    p.tick(after(402)) << Wish(CallBack, call=CALL, attempt=2)


def reached_out_of_sight(context: str) -> Playbook:
    """The citizen answered while the link was lost, and the seat is gone again."""
    p = rung() >> dials(102) >> dialled(102.1) >> LinkLost(at=after(110))
    return p >> snapshot(150, seen_caller(context, CALL, CITIZEN))


def test_a_citizen_reached_out_of_sight_who_waits_again_is_offered_on_that_leg() -> None:
    """The seat's phone vanished in mid-talk: the citizen is in the music, at the old place."""
    p = reached_out_of_sight("wait") << Wish(OfferCall, call=CALL, channel=CITIZEN, seat=SEAT)
    p >> hung_up(CITIZEN, 151)
    assert p.switch.live_calls == frozenset()
    assert len(found(p, CallBack)) == 1
    assert found(p, ReplayCel)  # the log knows of the talk


def test_a_citizen_reached_out_of_sight_who_hangs_up_is_owed_nothing() -> None:
    """It rates the talk, and that is the end."""
    p = reached_out_of_sight("survey")
    assert p.switch.call_state(CALL) is CallState.LEAVING
    p >> hung_up(CITIZEN, 160)
    assert p.switch.live_calls == frozenset()
    p.tick(after(4000))
    assert len(found(p, CallBack)) == 1


def test_an_order_given_just_now_is_not_given_again() -> None:
    """Asterisk shows no leg yet: half a second later it will."""
    p = keeping().sign_in(at=after(100)) >> snapshot(100.3, kept=[place()])
    p.none(CallBack).none(WithdrawPop)
    p >> rings(100.5) >> dials(102) >> dialled(102.1)
    p >> bridged(leg(SEAT), 110, SEAT) >> bridged(CITIZEN, 110)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_an_attempt_that_is_known_goes_on_through_a_look() -> None:
    """Neither card nor order again, and the count goes on."""
    p = rung() >> dials(102) >> dialled(102.1)
    p >> snapshot(105, seen_attempt(), seen_citizen(), kept=[place(attempts=1)])
    p.none(PopScreen).none(CallBack).none(WithdrawPop)
    p >> came_to(OfferOutcome.MISSED, 130)
    p.tick(after(300)).none(CallBack)
    p.tick(after(410)) << Wish(CallBack, attempt=2)


def test_a_kept_place_stays_kept_through_a_look() -> None:
    """Somebody had called in again before the look, and hangs up after it."""
    p = keeping() >> arrived(AGAIN, AGAIN_CHANNEL, 90)
    caller = replace(seen_caller("arrive", AGAIN, AGAIN_CHANNEL), since=None, arrived_at=after(90))
    p >> snapshot(91, caller, kept=[place()])
    p.sign_in(at=after(92))
    assert found(p, CallBack) == []
    p >> hung_up(AGAIN_CHANNEL, 93, call=AGAIN)
    p.tick(after(94)) << Wish(CallBack, call=CALL)


def test_a_talk_through_a_look_goes_on() -> None:
    p = answered()
    p >> snapshot(115, seen_attempt(bridge="b7"), seen_citizen(bridge="b7"))
    assert p.switch.call_state(CALL) is CallState.TALKING
    assert len(found(p, PopScreen)) == 1


def test_what_is_told_twice_across_a_look_counts_once() -> None:
    """The key came while the snapshot was taken, and shows in it already."""
    p = Playbook(KEEPING).call_in()
    p >> LinkLost(at=after(39))
    p.sign_in(at=after(39))
    p >> replace(snapshot(44, kept=[place()]), meanwhile=(pressed(40.5), hung_up(CHANNEL, 43)))
    p << Wish(CallBack, call=CALL)
    in_vain(p >> rings(44.5), 46)
    assert len(found(p, CallBack)) == 1
