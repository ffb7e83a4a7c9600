"""What the switch has waiting callers told: their place, when it matters, and nobody else."""

from datetime import timedelta

from cti.effects import OfferCall, TellCaller
from cti.events import ClockSet, Event, LegBridged, LegStarted, LinkLost, SnapshotTaken
from cti.happened import OfferOutcome
from cti.ids import CallId, ChannelId
from queues.waiting import MOST_TELLINGS
from tests.cti.playbook import CALL, CHANNEL, SEAT, Playbook, Wish, after, hung_up, leg, waiting
from tests.cti.test_switch import ended, seen_waiting, started

SECOND_CALL, SECOND_CHANNEL = CallId("node1-1795310091.9"), ChannelId("PJSIP/trunk-00000009")


def two_waiting() -> Playbook:
    """Nobody is signed in; the second came a second later."""
    return Playbook().call_in().call_in(SECOND_CALL, SECOND_CHANNEL, at=1)


def test_callers_hear_their_place_after_ten_seconds() -> None:
    p = two_waiting()
    p.tick(after(9)).none(TellCaller)
    p.tick(after(20))
    p << Wish(TellCaller, call=CALL, channel=CHANNEL, prompts=("ahead-0",))
    p << Wish(TellCaller, call=SECOND_CALL, channel=SECOND_CHANNEL, prompts=("ahead-1",))


def test_nothing_new_is_not_told_at_once() -> None:
    """The place is the same half a minute later; after two minutes a sign of life."""
    p = two_waiting()
    p.tick(after(20)) << Wish(TellCaller, call=CALL)
    p.tick(after(100)).none(TellCaller)
    p.tick(after(200)) << Wish(TellCaller, call=CALL, prompts=("ahead-0",))


def test_who_is_being_offered_or_talks_is_told_nothing() -> None:
    p = Playbook().sign_in().call_in()
    p << Wish(OfferCall, call=CALL)
    p.tick(after(12)).none(TellCaller)
    p >> started(at=12.1)
    p.talk(at=13)
    p.tick(after(60)).none(TellCaller)


def test_what_a_lost_link_would_swallow_is_told_once_it_is_back() -> None:
    p = Playbook().call_in() >> LinkLost(at=after(5))
    p.tick(after(12)).none(TellCaller)
    p >> SnapshotTaken(at=after(14), channels=(seen_waiting(),))
    p.tick(after(20)) << Wish(TellCaller, call=CALL, channel=CHANNEL, prompts=("ahead-0",))


def test_a_missed_offer_does_not_begin_the_telling_anew() -> None:
    """Told at ten seconds, offered, missed: the next word still keeps its distance."""
    p = Playbook().call_in()
    p.tick(after(12)) << Wish(TellCaller, call=CALL)
    p.sign_in(at=after(14))
    p >> started(at=14.1) >> ended(OfferOutcome.MISSED, at=29) >> waiting(at=29.1)
    p.tick(after(38)).none(TellCaller)
    p.tick(after(200)) << Wish(TellCaller, call=CALL)


def take(p: Playbook, number: int, at: float) -> None:
    """A caller comes and is taken to the seat at once; both hang up soon."""
    call, channel = CallId(f"node1-1795310100.{number}"), ChannelId(f"PJSIP/trunk-000000a{number}")
    p.call_in(call, channel, at)
    events: tuple[Event, ...] = (
        LegStarted(at=after(at), call=call, channel=leg(SEAT, number), seat=SEAT),
        LegBridged(at=after(at), call=call, channel=leg(SEAT, number), seat=SEAT, bridge="b"),
        LegBridged(at=after(at), call=call, channel=channel, seat=None, bridge="b"),
        *(hung_up(one, at + 1, call=call) for one in (leg(SEAT, number), channel)),
    )
    for event in events:
        p >> event


def test_the_wait_is_told_once_the_queues_pace_is_known() -> None:
    """A caller taken every ten seconds: the next hears how long it takes; of two, nobody does."""
    for taken, expected in ((2, ("ahead-0",)), (3, ("ahead-0", "minutes-1"))):
        p = Playbook()
        for number in range(taken):
            take(p, number, at=10 * number)
        p.call_in(at=25)
        p.tick(after(40)) << Wish(TellCaller, call=CALL, prompts=expected)


def test_a_set_clock_moves_what_is_to_be_told() -> None:
    """Set forward by an hour, nobody is told twice at once."""
    p = two_waiting()
    p.tick(after(20)) << Wish(TellCaller, call=CALL)
    p >> ClockSet(at=after(3621), by=timedelta(hours=1))
    p.tick(after(3640)).none(TellCaller)
    p.tick(after(3800)) << Wish(TellCaller, call=CALL)


def test_the_telling_ends_however_long_the_wait() -> None:
    p = Playbook().call_in()
    p.tick(after(24 * 3600))
    told = [effect for effect in p.effects if isinstance(effect, TellCaller)]
    assert len(told) == MOST_TELLINGS
