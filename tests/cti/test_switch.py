"""The switch's rules, told as calls."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import (
    AdoptCaller,
    AnswerAsk,
    CompleteDraft,
    OfferCall,
    PopScreen,
    RemoveMember,
    ReplayCel,
    SetMember,
    ShowBlocked,
    ShowSeat,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
)
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedOut,
    CallFellBack,
    ClockTicked,
    LegBridged,
    LegStarted,
    LinkLost,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    PhoneChanged,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import CallId, ChannelId, OfferId, SeatId
from cti.seen import SeenChannel, SeenMember
from cti.switch import Switch
from queues.seat import AgentState
from records.callrecord import CallRecord, Disposition, Source
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    OTHER,
    PLAN,
    RING,
    SEAT,
    WRAP_UP,
    Playbook,
    Wish,
    after,
    arrived,
    hung_up,
    leg,
    talking,
    waiting,
)

FIRST = OfferId(f"{CALL}/1")
SECOND = OfferId(f"{CALL}/2")
NO_OFFER = OfferId("")


def started(at: float = 1, seat: SeatId = SEAT, offer: OfferId = FIRST) -> OfferStarted:
    return OfferStarted(at=after(at), call=CALL, offer=offer, seat=seat)


def ended(
    outcome: OfferOutcome, at: float = 16, seat: SeatId = SEAT, offer: OfferId = FIRST
) -> OfferEnded:
    return OfferEnded(at=after(at), call=CALL, offer=offer, seat=seat, outcome=outcome)


def record_of(p: Playbook) -> CallRecord:
    return [effect.record for effect in p.all if isinstance(effect, WriteCall)][-1]


def state_of(p: Playbook, seat: SeatId = SEAT) -> AgentState:
    view = p.switch.seat(seat)
    assert view is not None
    return view.state


def test_a_caller_is_answered_popped_and_offered_before_anything_rings() -> None:
    """The question is answered at once; the screen pops before the order to ring goes out."""
    with Playbook().sign_in() as p:
        p >> arrived()
        p << Wish(WriteCall) << Wish(AnswerAsk, call=CALL, channel=CHANNEL, answer="plan")
        p >> waiting()
        p << Wish(PopScreen, seat=SEAT, agent=ANNA, call=CALL, ani=ANI, dnis=DNIS, line=LINE)
        p << Wish(OfferCall, call=CALL, channel=CHANNEL, seat=SEAT, offer=FIRST, ring=RING)


def test_an_answered_call_ends_in_wrap_up_and_one_draft() -> None:
    """A talk ends in wrap-up with a deadline; the call's row and its one draft follow."""
    with Playbook().sign_in().call_in() as p:
        p >> started()
        p.talk(at=3)
        assert state_of(p) is AgentState.TALKING
        p >> hung_up(leg(SEAT), 60, SEAT) >> ended(OfferOutcome.ANSWERED, 60)
        assert state_of(p) is AgentState.WRAP_UP
        p >> hung_up(CHANNEL, 61)
        p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
        record = record_of(p)
        assert record.disposition is Disposition.ANSWERED
        assert record.talks[0].agent == ANNA
        assert (record.talks[0].since, record.talks[0].until) == (after(3), after(60))
        assert record.ended_at == after(61)
        p.tick(after(60) + WRAP_UP)
        assert state_of(p) is AgentState.AVAILABLE
        assert sum(isinstance(effect, CompleteDraft) for effect in p.all) == 1


def test_a_missed_offer_makes_the_seat_not_ready_and_keeps_the_callers_place() -> None:
    """Ring no answer: the seat is out, the caller goes to the next seat before later callers."""
    later = CallId("node1-1795310095.9")
    with Playbook().sign_in().call_in() as p:
        p >> started()
        p.call_in(later, ChannelId("PJSIP/trunk-00000009"), at=5)
        p >> ended(OfferOutcome.MISSED)
        p << Wish(WithdrawPop, seat=SEAT) << Wish(SetMember, seat=SEAT, is_paused=True)
        assert state_of(p) is AgentState.NOT_READY
        p >> waiting(at=16, since=0)
        assert p.switch.waiting == [CALL, later]
        p.sign_in(OTHER, BEN, after(17))
        assert [e.call for e in p.all if isinstance(e, OfferCall)] == [CALL, CALL]
        p >> ended(OfferOutcome.MISSED, 30, OTHER, SECOND)
        assert record_of(p).call == later


def test_every_unanswered_end_of_an_offer_leaves_the_caller_in_the_queue() -> None:
    """Missed, rejected, unreachable, taken: the caller waits again; nobody is lost."""
    for outcome in (
        OfferOutcome.MISSED,
        OfferOutcome.REJECTED,
        OfferOutcome.UNREACHABLE,
        OfferOutcome.TAKEN,
    ):
        p = Playbook().sign_in().call_in()
        p >> started() >> ended(outcome) >> waiting(at=16, since=0)
        waits = CALL in p.switch.waiting
        offered_again = p.switch.call_state(CALL) is CallState.OFFERED
        assert waits or offered_again, outcome


def test_two_callers_who_met_at_one_seat_are_not_offered_again_at_once() -> None:
    """After TAKEN the next offer waits half a second, so nothing spins."""
    p = Playbook().sign_in().call_in()
    p >> ended(OfferOutcome.TAKEN, 1) >> waiting(at=1.1, since=0)
    p.none(OfferCall)
    p.tick(after(1.7)) << Wish(OfferCall, offer=SECOND)


def test_an_order_to_a_busy_channel_is_given_again_50_ms_later_as_a_new_offer() -> None:
    """An answer of "channel not up" means an earlier order is being carried out."""
    p = Playbook().sign_in().call_in()
    p >> OrderRefused(at=after(0.01), call=CALL, offer=FIRST, why=Refusal.NOT_UP)
    p << Wish(WithdrawPop, offer=FIRST)
    p.none(OfferCall)
    p.tick(after(0.07)) << Wish(OfferCall, offer=SECOND)


def test_a_ringing_is_wanted_while_its_offer_or_its_move_stands() -> None:
    """Whoever orders it a moment later asks: what has ended meanwhile must not ring."""
    p = Playbook().sign_in().call_in()
    assert p.switch.rings(CALL, FIRST)
    assert not p.switch.rings(CALL, SECOND)
    assert not p.switch.rings(CallId("node1-9.9"), FIRST)
    p >> ended(OfferOutcome.TAKEN, 1)
    assert not p.switch.rings(CALL, FIRST)


def test_an_unanswered_order_makes_us_look_and_is_never_given_again_blindly() -> None:
    """A time-out may still have been carried out: take a snapshot, order nothing."""
    p = Playbook().sign_in().call_in()
    p >> OrderRefused(at=after(2), call=CALL, offer=FIRST, why=Refusal.TIMED_OUT)
    p << Wish(TakeSnapshot)
    p.none(OfferCall)


def test_an_offer_that_never_begins_makes_us_look() -> None:
    """Redirect's Success is not an offer: without its own event within 1 s we look."""
    p = Playbook().sign_in().call_in()
    p.tick(after(1.1)) << Wish(TakeSnapshot)
    q = Playbook().sign_in().call_in()
    q >> started(0.2)
    q.tick(after(1.1)).none(TakeSnapshot)


def test_a_wait_told_of_late_takes_nobody_out_of_the_ringing_that_was_ordered() -> None:
    """Who came to the wait twice says so twice; once brought to the seat, it is offered anew."""
    p = Playbook().sign_in().call_in()
    p >> waiting(at=0.1, since=0)
    p.none(OfferCall).none(WithdrawPop)
    p >> started(0.2) >> replace(waiting(at=3, since=0), offer=FIRST)
    p << Wish(WithdrawPop, offer=FIRST) << Wish(OfferCall, offer=SECOND)
    p >> replace(waiting(at=3.1, since=0), offer=FIRST)
    p.none(OfferCall)
    p >> replace(waiting(at=3.2, since=0), offer=SECOND)  # taken out of it before it rang
    p << Wish(OfferCall)


def test_who_was_told_where_to_call_is_not_lost() -> None:
    """A given-up number's sentence ends the call: nobody was to answer, nobody is called back."""
    p = Playbook()
    p >> replace(arrived(), is_farewell=True) >> hung_up(CHANNEL, 8)
    assert record_of(p).disposition is Disposition.TOLD
    p = Playbook()
    p >> replace(arrived(), is_farewell=True) >> hung_up(CHANNEL, 3, cause=38)
    assert record_of(p).disposition is Disposition.CUT


def test_a_refused_nuisance_caller_is_shown_to_supervisors_and_owed_nothing() -> None:
    """It is in no queue and neither given up nor cut, however its call ends."""
    for cause in (16, 38):
        p = Playbook().sign_in()
        p >> replace(arrived(), is_blocked=True)
        p << Wish(ShowBlocked, call=CALL, centre=CENTRE, line=LINE, ani=ANI, at=NOON)
        assert p.switch.waiting == []
        p >> hung_up(CHANNEL, 8, cause=cause)
        assert record_of(p).disposition is Disposition.BLOCKED
    snapshot = SnapshotTaken(
        at=NOON,
        channels=(
            SeenChannel(
                channel=CHANNEL,
                call=CALL,
                seat=None,
                context="arrive",
                bridge="",
                centre=CENTRE,
                is_blocked=True,
            ),
        ),
    )
    q = Playbook(snapshot=snapshot)
    q >> hung_up(CHANNEL, 2)
    assert record_of(q).disposition is Disposition.BLOCKED


def test_a_caller_who_hangs_up_in_mid_offer_frees_the_seat() -> None:
    """The seat is ready for the next at once, and the card goes away."""
    p = Playbook().sign_in().call_in()
    p >> started() >> hung_up(CHANNEL, 4)
    p << Wish(WithdrawPop, seat=SEAT) << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
    assert state_of(p) is AgentState.AVAILABLE
    assert record_of(p).disposition is Disposition.ABANDONED


def test_a_call_is_over_when_its_last_leg_is() -> None:
    """The caller's hang-up alone does not end it while a seat's leg lives; 10 s bound that."""
    p = Playbook().sign_in().call_in().talk()
    p >> hung_up(CHANNEL, 30)
    p.none(CompleteDraft)
    p >> hung_up(leg(SEAT), 30.1, SEAT)
    p << Wish(CompleteDraft, call=CALL)
    q = Playbook().sign_in().call_in().talk()
    q >> hung_up(CHANNEL, 30)
    q.tick(after(41)) << Wish(CompleteDraft, call=CALL)


def test_a_lost_seat_sends_the_caller_back_and_the_seat_out() -> None:
    """A phone that vanished in mid-talk: caller waits with its first place, seat is not ready."""
    p = Playbook().sign_in().call_in().talk()
    p >> hung_up(leg(SEAT), 50, SEAT, 44) >> ended(OfferOutcome.ANSWERED, 50)
    p >> SeatLost(at=after(50), call=CALL)
    assert state_of(p) is AgentState.NOT_READY
    p >> waiting(at=50, since=0)
    assert p.switch.waiting == [CALL]
    p.sign_in(OTHER, BEN, after(51))
    p.none(TakeSnapshot)
    assert [e.seat for e in p.all if isinstance(e, OfferCall)] == [SEAT, OTHER]


def test_no_offer_goes_to_a_seat_without_a_phone_or_an_agent() -> None:
    """Signed in without a phone: nothing. Signed out: nothing."""
    p = Playbook().sign_in()
    p >> PhoneChanged(at=NOON, seat=SEAT, phone=Phone.GONE)
    p.call_in()
    p.none(OfferCall)
    p >> PhoneChanged(at=after(1), seat=SEAT, phone=Phone.FREE)
    p << Wish(ShowSeat) << Wish(OfferCall, seat=SEAT)
    q = Playbook().sign_in()
    q >> AgentSignedOut(at=NOON, seat=SEAT)
    q << Wish(RemoveMember, seat=SEAT)
    q.call_in().none(OfferCall)


def test_a_break_asked_for_in_a_talk_begins_after_it() -> None:
    """The agent's wish is kept: no wrap-up, no further offer; ready takes it back."""
    p = Playbook().sign_in().call_in().talk()
    p >> AgentNotReady(at=after(20), seat=SEAT, reason="用餐")
    assert state_of(p) is AgentState.TALKING
    p >> hung_up(leg(SEAT), 30, SEAT)
    view = p.switch.seat(SEAT)
    assert view is not None
    assert (view.state, view.reason) == (AgentState.NOT_READY, "用餐")
    q = Playbook().sign_in().call_in().talk()
    (
        q
        >> AgentNotReady(at=after(20), seat=SEAT, reason="用餐")
        >> AgentReady(at=after(21), seat=SEAT)
    )
    q >> hung_up(leg(SEAT), 30, SEAT)
    assert state_of(q) is AgentState.WRAP_UP


def test_nothing_is_ordered_without_a_link() -> None:
    """After the link is lost callers and seats are followed but nobody is offered."""
    p = Playbook().sign_in()
    p >> LinkLost(at=NOON)
    p.call_in()
    p.none(OfferCall)
    p >> SnapshotTaken(at=after(3), channels=(seen_waiting(),), members=(member(),))
    p << Wish(OfferCall, call=CALL, seat=SEAT)


def seen_waiting(
    since: float = 0, call: CallId = CALL, channel: ChannelId = CHANNEL
) -> SeenChannel:
    return seen("wait", since=since, call=call, channel=channel)


def seen(
    context: str,
    *,
    since: float = 0,
    call: CallId = CALL,
    channel: ChannelId = CHANNEL,
    position: int = 0,
    bridge: str = "",
    offer: OfferId = NO_OFFER,
) -> SeenChannel:
    return SeenChannel(
        channel=channel,
        call=call,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        offer=offer,
        arrived_at=after(since),
        since=after(since),
        queue_position=position,
    )


def seen_seat(call: CallId = CALL, bridge: str = "", seat: SeatId = SEAT) -> SeenChannel:
    return SeenChannel(channel=leg(seat), call=call, seat=seat, context="connect", bridge=bridge)


def member(
    seat: SeatId = SEAT, *, is_paused: bool = False, phone: Phone = Phone.FREE
) -> SeenMember:
    agent = ANNA if seat == SEAT else BEN
    return SeenMember(seat=seat, agent=agent, is_paused=is_paused, reason="", phone=phone)


def test_a_new_brain_knows_who_is_signed_in_from_asterisk_alone() -> None:
    """Members of the fall-back queue are the people at work; paused ones are away."""
    taken = SnapshotTaken(at=NOON, members=(member(), member(OTHER, is_paused=True)))
    p = Playbook(snapshot=taken)
    assert (state_of(p), state_of(p, OTHER)) == (AgentState.AVAILABLE, AgentState.NOT_READY)
    p.call_in() << Wish(OfferCall, seat=SEAT)


def test_a_new_brain_goes_on_with_wrap_up_and_breaks_from_the_mirror() -> None:
    """What Asterisk forgot at its own restart comes from the mirror and is told to it again."""
    taken = SnapshotTaken(
        at=NOON,
        members=(member(),),
        wrapping_up=((SEAT, after(20), CALL),),
        not_ready=((SEAT, ANNA, ""), (OTHER, BEN, "用餐")),
    )
    p = Playbook(snapshot=taken)
    p << Wish(SetMember, seat=OTHER, agent=BEN, is_paused=True, reason="用餐")
    assert (state_of(p), state_of(p, OTHER)) == (AgentState.WRAP_UP, AgentState.NOT_READY)
    p.tick(after(20))
    assert state_of(p) is AgentState.AVAILABLE


def test_waiting_places_come_back_with_the_snapshot() -> None:
    """The longest waiting is offered first, whatever order the channels are listed in."""
    young, old = CallId("node1-1.8"), CallId("node1-1.7")
    taken = SnapshotTaken(
        at=after(60),
        channels=(
            seen_waiting(50, young, ChannelId("PJSIP/trunk-00000008")),
            seen_waiting(10, old, ChannelId("PJSIP/trunk-00000007")),
        ),
        members=(member(),),
    )
    p = Playbook(snapshot=taken)
    p << Wish(OfferCall, call=old)
    assert p.switch.waiting == [young]


def test_callers_in_the_fall_back_queue_are_taken_back_in_order_and_before_any_offer() -> None:
    """Nobody newer gets the seat first; who is being rung there is left alone."""
    first, second, rung = CallId("node1-1.1"), CallId("node1-1.2"), CallId("node1-1.3")
    channels = [ChannelId(f"PJSIP/trunk-0000000{n}") for n in (1, 2, 3)]
    taken = SnapshotTaken(
        at=after(60),
        channels=(
            seen("fallback", since=20, call=second, channel=channels[1], position=2),
            seen("fallback", since=10, call=first, channel=channels[0], position=1),
            seen("fallback", since=5, call=rung, channel=channels[2], position=3),
            seen_seat(rung, seat=OTHER),
            seen_waiting(30),
        ),
        members=(member(), member(OTHER, phone=Phone.RINGING)),
    )
    p = Playbook(snapshot=taken).tick(after(60))
    assert [e.call for e in p.all if isinstance(e, AdoptCaller)] == [first, second]
    p.none(OfferCall)
    p >> waiting(second, channels[1], 60, 20)
    p.none(OfferCall)
    p >> waiting(first, channels[0], 60, 10)
    p << Wish(OfferCall, call=first, seat=SEAT)
    assert p.switch.call_state(rung) is CallState.FALLEN_BACK


def test_an_adoption_that_never_comes_does_not_hold_the_others() -> None:
    """Offers wait for the adopted two seconds at most."""
    taken = SnapshotTaken(
        at=NOON,
        channels=(seen("fallback", position=1), seen_waiting(1, CallId("node1-1.9"), leg(SEAT, 9))),
        members=(member(),),
    )
    p = Playbook(snapshot=taken)
    p.none(OfferCall)
    p.tick(after(2)) << Wish(OfferCall, call=CallId("node1-1.9"))


def test_a_talk_of_the_blackout_goes_on_and_its_row_comes_from_cel() -> None:
    """Asterisk kept the talk; the seat is talking; the replay writes what we did not see."""
    taken = SnapshotTaken(
        at=after(60),
        channels=(seen("connect", bridge="b1", offer=FIRST), seen_seat(bridge="b1")),
        members=(member(phone=Phone.IN_USE),),
    )
    p = Playbook(snapshot=taken)
    assert state_of(p) is AgentState.TALKING
    p >> hung_up(leg(SEAT), 90, SEAT) >> hung_up(CHANNEL, 91)
    p << Wish(WriteCall) << Wish(ReplayCel, call=CALL)
    assert record_of(p).source is Source.GLIMPSED
    p.tick(after(125)).call_in(CallId("node1-2.1"), ChannelId("PJSIP/trunk-00000011"), 130)
    p >> PhoneChanged(at=after(131), seat=SEAT, phone=Phone.FREE)
    p << Wish(OfferCall, seat=SEAT)


def test_an_offer_ringing_through_the_blackout_is_followed_to_its_end() -> None:
    """Found ringing: the offer's own id still counts, and the next one is another."""
    taken = SnapshotTaken(
        at=after(60),
        channels=(seen("connect", offer=OfferId(f"{CALL}/7")), seen_seat()),
        members=(member(phone=Phone.RINGING),),
    )
    p = Playbook(snapshot=taken)
    assert state_of(p) is AgentState.OFFERED
    p >> ended(OfferOutcome.MISSED, 70, offer=OfferId(f"{CALL}/7")) >> waiting(at=70)
    p.sign_in(OTHER, BEN, after(71))
    assert [e.offer for e in p.all if isinstance(e, OfferCall)] == [OfferId(f"{CALL}/8")]


def test_calls_cut_by_asterisks_death_are_closed_and_left_to_cel() -> None:
    """Known before, not in the snapshot: ended out of sight; its row is provisional."""
    p = Playbook().sign_in().call_in().talk()
    p >> LinkLost(at=after(10))
    p >> SnapshotTaken(at=after(20), members=())
    p << Wish(SetMember, seat=SEAT, agent=ANNA)
    assert p.switch.live_calls == frozenset()
    assert (record_of(p).cause, record_of(p).source) == (27, Source.GLIMPSED)
    assert state_of(p) is AgentState.WRAP_UP


def test_no_offer_stays_open_in_a_call_that_is_over() -> None:
    """Whoever hangs up in mid-ring or mid-talk leaves the dialplan before it tells how it ended."""
    p = Playbook().sign_in().call_in()
    p >> started() >> hung_up(CHANNEL, 3)
    p.tick(after(20))
    assert [offer.outcome for offer in record_of(p).offers] == ["caller-left"]
    q = Playbook().sign_in().call_in()
    q >> started()
    q.talk()
    q >> hung_up(leg(SEAT), 30, SEAT) >> hung_up(CHANNEL, 30)
    assert [offer.outcome for offer in record_of(q).offers] == ["answered"]


def test_a_caller_left_alone_in_the_fall_back_queue_is_taken_back() -> None:
    """Only when nobody rang for it for three seconds; one being rung is not touched."""
    p = Playbook().sign_in()
    (
        p
        >> arrived()
        >> CallFellBack(at=after(1), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(1))
    )
    p.tick(after(4.1)) << Wish(AdoptCaller, call=CALL)
    q = Playbook().sign_in()
    (
        q
        >> arrived()
        >> CallFellBack(at=after(1), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(1))
    )
    q >> LegStarted(at=after(1), call=CALL, channel=leg(SEAT), seat=SEAT)
    q.tick(after(4.1)).none(AdoptCaller)


def test_events_told_twice_change_nothing() -> None:
    """What was buffered during a snapshot may repeat what it shows."""
    p = Playbook().sign_in().call_in()
    p >> started() >> started()
    p.talk().talk()
    p >> hung_up(CHANNEL, 9) >> hung_up(leg(SEAT), 9, SEAT)
    p >> hung_up(CHANNEL, 9) >> ended(OfferOutcome.ANSWERED, 9)
    assert sum(isinstance(effect, CompleteDraft) for effect in p.all) == 1
    assert len(record_of(p).talks) == 1


def test_events_of_unknown_calls_and_seats_are_harmless() -> None:
    """A seat calling a seat, a seat no profile has: nothing happens."""
    p = Playbook()
    for event in (*talking(), hung_up(CHANNEL, 3), started(), ended(OfferOutcome.MISSED)):
        p >> event
        assert p.effects == []
    p >> PhoneChanged(at=NOON, seat=SeatId("chifeng-9999"), phone=Phone.FREE)
    p >> SeatLost(at=NOON, call=CALL) >> ClockTicked(at=NOON)
    p >> AgentReady(at=NOON, seat=SeatId("chifeng-9999"))
    assert p.effects == []


def test_a_caller_back_from_the_dead_without_arrival_is_taken_on() -> None:
    """A wait seen without its arrival carries all that is needed."""
    p = Playbook().sign_in()
    p >> waiting(at=5, since=2)
    p << Wish(WriteCall) << Wish(OfferCall, call=CALL)


def test_a_fallback_of_an_unknown_call_makes_us_look() -> None:
    p = Playbook()
    p >> CallFellBack(at=NOON, call=CALL, channel=CHANNEL, centre=CENTRE, since=NOON)
    p << Wish(TakeSnapshot)


def test_a_talk_in_the_fall_back_queue_is_a_talk_like_any_other() -> None:
    """Served by Asterisk's own queue: the seat talks, wraps up, and the row says so."""
    p = Playbook().sign_in()
    (
        p
        >> arrived()
        >> CallFellBack(at=after(1), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(1))
    )
    p.talk()
    assert state_of(p) is AgentState.TALKING
    p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(CHANNEL, 9)
    assert (record_of(p).has_fallen_back, len(record_of(p).talks)) == (True, 1)


def test_the_clock_is_asked_for_no_later_than_the_next_deadline() -> None:
    """``due`` never lies behind a wrap-up's end."""
    p = Playbook().sign_in().call_in().talk()
    p >> hung_up(leg(SEAT), 30, SEAT)
    due = p.switch.due()
    assert due is not None
    assert due <= after(30) + WRAP_UP
    assert p.switch.figures()["seats_wrap_up"] == 1.0


def test_a_seat_taken_out_of_the_profile_stays_while_somebody_sits_there() -> None:
    """A new profile is taken over without cutting anybody."""
    p = Playbook().sign_in()
    smaller = PLAN.__class__(seats={OTHER: PLAN.seats[OTHER]}, skill_of={}, times=PLAN.times)
    p.switch.replan(smaller, after(1))
    assert state_of(p) is AgentState.AVAILABLE
    p >> AgentSignedOut(at=after(2), seat=SEAT)
    p.switch.replan(smaller, after(3))
    assert p.switch.seat(SEAT) is None


def test_switch_without_snapshot_gives_no_orders() -> None:
    """A brain that has not looked yet offers nothing."""
    switch = Switch(PLAN, NOON)
    assert switch.feed(LegBridged(at=NOON, call=CALL, channel=CHANNEL, seat=None, bridge="b")) == []
    switch.feed(arrived())
    assert [e for e in switch.feed(waiting()) if isinstance(e, OfferCall)] == []
    assert timedelta(0) < RING


def test_a_look_without_a_gap_leaves_calls_whole() -> None:
    """A snapshot taken while the link stood lost nothing: the call's row and draft are ours."""
    p = Playbook().sign_in().call_in().talk()
    p >> SnapshotTaken(
        at=after(5),
        channels=(seen("connect", bridge="b1", offer=FIRST), seen_seat(bridge="b1")),
        members=(member(phone=Phone.IN_USE),),
    )
    p >> hung_up(leg(SEAT), 30, SEAT) >> hung_up(CHANNEL, 31)
    p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
    assert record_of(p).source is Source.LIVE


def test_a_stale_alarm_is_harmless() -> None:
    """Of a call that is not over, or of an order given before Asterisk went out of sight."""
    p = Playbook().call_in()
    p.switch._picture.alarm(after(1), "over", CALL)  # noqa: SLF001 - no event leaves one alone
    p.tick(after(2))
    assert p.switch.waiting == [CALL]
    q = Playbook().sign_in().call_in()
    q.switch._picture.alarm(after(1), "callback-unsaid", FIRST)  # noqa: SLF001 - as above
    q >> LinkLost(at=after(0.5))
    q.tick(after(2)).none(TakeSnapshot)


def test_a_seat_that_dials_12345_is_a_caller() -> None:
    """Whoever answers is the talking seat, not the seat that called."""
    mine = leg(OTHER, 7)
    p = Playbook().sign_in().call_in(channel=mine)
    for channel, seat in ((leg(SEAT), SEAT), (mine, OTHER)):
        p >> LegBridged(at=after(2), call=CALL, channel=channel, seat=seat, bridge="b1")
    assert (state_of(p), state_of(p, OTHER)) == (AgentState.TALKING, AgentState.LOGGED_OUT)
    p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(mine, 9, OTHER)
    assert [talk.seat for talk in record_of(p).talks] == [SEAT]


def test_whom_only_the_mirror_remembers_is_not_rung_unless_asterisk_forgot_everybody() -> None:
    """Asterisk that knows others has likely heard this one sign out: not ready until it is said."""
    stale = ((OTHER, BEN, ""),)
    p = Playbook(snapshot=SnapshotTaken(at=NOON, members=(member(),), not_ready=stale))
    assert state_of(p, OTHER) is AgentState.NOT_READY
    q = Playbook(snapshot=SnapshotTaken(at=NOON, not_ready=stale))
    assert state_of(q, OTHER) is AgentState.AVAILABLE
