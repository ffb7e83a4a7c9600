"""What others may ask the switch, and what it makes of what comes late."""

from datetime import timedelta

from cti.call import CallState
from cti.effects import (
    AdoptCaller,
    AnswerAsk,
    OfferCall,
    SetMember,
    ShowSeat,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
)
from cti.events import (
    AgentReady,
    ClockSet,
    MemberUnknown,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import AgentId, CallId, CentreId, ChannelId, OfferId
from cti.seen import SeenChannel
from queues.seat import AgentState
from tests.cti.playbook import (
    ANNA,
    CALL,
    CENTRE,
    CHANNEL,
    NOON,
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

FIRST, STALE = OfferId(f"{CALL}/1"), OfferId(f"{CALL}/9")


def test_whoever_asks_finds_seats_agents_and_figures() -> None:
    """Every seat of the plan, where somebody sits, how many are in which state."""
    with Playbook().sign_in().call_in() as p:
        found = p.switch.seat_of(ANNA)
        assert found is not None
        assert found.seat == SEAT
        assert p.switch.seat_of(AgentId("nobody")) is None
        assert [view.seat for view in p.switch.seats()] == [SEAT, OTHER]
        figures = p.switch.figures()
        assert (figures["calls_offered"], figures["calls_waiting"]) == (1, 0)
        assert (figures["seats_offered"], figures["seats_logged_out"]) == (1, 1)
        assert p.switch.live_calls == {CALL}


def test_a_question_asked_twice_is_answered_twice_and_written_once() -> None:
    """The dialplan waits for its answer; the call is one."""
    with Playbook() as p:
        p >> arrived()
        p << Wish(WriteCall) << Wish(AnswerAsk, call=CALL)
        p >> arrived()
        p << Wish(AnswerAsk, call=CALL)
        p.none(WriteCall)


def test_the_end_of_an_earlier_offer_does_not_end_the_present_one() -> None:
    """Offers are told apart by their ids."""
    with Playbook().sign_in().call_in() as p:
        p >> OfferStarted(at=after(1), call=CALL, offer=FIRST, seat=SEAT)
        p >> OfferEnded(
            at=after(2), call=CALL, offer=STALE, seat=OTHER, outcome=OfferOutcome.MISSED
        )
        p.none(WithdrawPop)
        assert p.switch.call_state(CALL) is CallState.OFFERED


def test_a_refusal_of_an_earlier_order_changes_nothing() -> None:
    """Nor does one that is no offer's, or of a call that is over."""
    with Playbook().sign_in().call_in() as p:
        gone = CallId("node1-1.1")
        for call, offer in ((CALL, STALE), (CALL, None), (gone, OfferId(f"{gone}/1"))):
            p >> OrderRefused(at=after(1), call=call, offer=offer, why=Refusal.OTHER)
            p.none(WithdrawPop)
        assert p.switch.call_state(CALL) is CallState.OFFERED


def test_a_caller_who_is_gone_is_waited_for_a_second_then_looked_for() -> None:
    """The order found no channel: its hang-up is on its way, or was missed."""
    with Playbook().sign_in().call_in() as p:
        p >> OrderRefused(at=after(1), call=CALL, offer=FIRST, why=Refusal.GONE)
        p.none(TakeSnapshot).none(OfferCall)
        assert p.switch.call_state(CALL) is CallState.LEAVING
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.AVAILABLE
        p.tick(after(2))
        p << Wish(TakeSnapshot)
    with Playbook().sign_in().call_in() as p:
        p >> OrderRefused(at=after(1), call=CALL, offer=FIRST, why=Refusal.GONE)
        p >> hung_up(CHANNEL, 1.5)
        p.tick(after(2))
        p.none(TakeSnapshot)


def test_reminders_of_what_is_over_do_nothing() -> None:
    """Wrap-up left early, a profile without the seat, an alarm for a call that came back."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(CHANNEL, 10)
        p >> AgentReady(at=after(12), seat=SEAT)
        p.tick(after(60))
        p.none(ShowSeat)
    with Playbook().sign_in().call_in() as p:
        p >> OrderRefused(at=after(1), call=CALL, offer=FIRST, why=Refusal.NOT_UP)
        p.tick(after(2))
        p << Wish(OfferCall, call=CALL, offer=OfferId(f"{CALL}/2"))
        p >> OrderRefused(at=after(2), call=CALL, offer=OfferId(f"{CALL}/2"), why=Refusal.GONE)
        p >> waiting(at=2.5)
        p.tick(after(3.2))
        p.none(TakeSnapshot)


def test_the_fall_back_queue_is_told_again_when_it_may_not_have_heard() -> None:
    """An order that was not answered is given again a second later."""
    with Playbook().sign_in() as p:
        p >> MemberUnknown(at=after(5), seat=SEAT, why=Refusal.TIMED_OUT)
        p.tick(after(6)) << Wish(SetMember, seat=SEAT, agent=ANNA)


def test_waiting_for_the_adopted_ends_in_time_though_the_clock_is_set() -> None:
    """Offers wait two seconds for those taken back, not an hour and two seconds."""
    hour = timedelta(hours=1)
    stuck = SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context="fallback",
        bridge="",
        centre=CENTRE,
        since=NOON,
        queue_position=1,
    )
    with Playbook(snapshot=SnapshotTaken(at=NOON, channels=(stuck,))).sign_in() as p:
        p.tick(NOON) << Wish(AdoptCaller, call=CALL)
        p >> ClockSet(at=after(1) - hour, by=-hour)
        p >> waiting(CallId("node1-1.7"), ChannelId("PJSIP/trunk-00000007"), -3599)
        p.none(OfferCall)
        p.tick(after(2) - hour) << Wish(OfferCall, seat=SEAT)


def test_who_stands_where_is_told_with_the_row_as_it_is() -> None:
    """For live figures: the centre's calls that are not over, each as it would be written now."""
    p = Playbook().sign_in().call_in().talk()
    [one] = p.switch.standing(CENTRE)
    assert (one.state, one.record.call, len(one.record.talks)) == (CallState.TALKING, CALL, 1)
    assert one.record.ended_at is None
    assert p.switch.standing(CentreId("ningcheng")) == []
