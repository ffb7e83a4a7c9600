"""Callers whom the dialplan puts through to the line's own seats at another exchange."""

from dataclasses import replace

from cti.call import CallState
from cti.effects import (
    CompleteDraft,
    OfferCall,
    PopScreen,
    ReplayCel,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
    WriteJournal,
)
from cti.events import (
    Event,
    LegBridged,
    LegStarted,
    LegUnbridged,
    LinkLost,
    OutsideEnded,
    OutsideStarted,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome
from cti.ids import CallId, ChannelId, OfferId, PeerId, SeatId
from cti.seen import SeenChannel
from records.callrecord import CallRecord, Disposition, Offered, Source, Talk
from tests.cti.playbook import (
    ANI,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    SEAT,
    Playbook,
    Wish,
    after,
    arrived,
    hung_up,
    leg,
    waiting,
)

TAX = PeerId("tax")
TAX_LEG = ChannelId("PJSIP/peer-tax-0000002a")


def put_through(at: float = 3) -> OutsideStarted:
    return OutsideStarted(at=after(at), call=CALL, peer=TAX, line=LINE)


def rung(at: float = 3.1) -> LegStarted:
    return LegStarted(at=after(at), call=CALL, channel=TAX_LEG, seat=None, peer=TAX)


def came_back(outcome: OfferOutcome = OfferOutcome.MISSED, at: float = 23) -> OutsideEnded:
    return OutsideEnded(at=after(at), call=CALL, peer=TAX, outcome=outcome)


def bridged(channel: ChannelId, at: float = 8) -> LegBridged:
    peer = TAX if channel == TAX_LEG else None
    return LegBridged(at=after(at), call=CALL, channel=channel, seat=None, bridge="b9", peer=peer)


def outside() -> Playbook:
    """A caller whose line's own seats are being rung, and a free seat that is none of theirs."""
    return Playbook().sign_in() >> arrived() >> put_through() >> rung()


def talking() -> Playbook:
    """The same, answered five seconds later."""
    return outside() >> bridged(TAX_LEG) >> bridged(CHANNEL)


def record_of(p: Playbook) -> CallRecord:
    return [effect.record for effect in p.all if isinstance(effect, WriteCall)][-1]


def told(p: Playbook) -> list[tuple[str, dict[str, str]]]:
    """The call's journal."""
    return [(each.what, dict(each.data)) for each in p.all if isinstance(each, WriteJournal)]


def seen(context: str = "outside", *, bridge: str = "") -> SeenChannel:
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=NOON,
        since=after(3),
        revision=12,
    )


def seen_peer(*, bridge: str = "") -> SeenChannel:
    return SeenChannel(
        channel=TAX_LEG, call=CALL, seat=None, context="", bridge=bridge, peer=TAX, centre=CENTRE
    )


def test_nobody_is_offered_a_caller_who_is_put_through() -> None:
    """The dialplan does it alone: no order, no card, no place in the queue; a seat stays free."""
    p = outside()
    assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.OUTSIDE, [])
    p >> bridged(TAX_LEG) >> bridged(CHANNEL)
    assert p.switch.call_state(CALL) is CallState.OUTSIDE
    assert [e for e in p.all if isinstance(e, OfferCall | PopScreen)] == []
    figures = p.switch.figures()
    assert (figures["calls_outside"], figures["calls_waiting"], figures["calls_talking"]) == (
        *(1.0, 0.0, 0.0),
    )


def test_a_talk_elsewhere_is_answered_and_owes_its_draft_like_any_other() -> None:
    """The other side hung up: one record with peer and times, no seat, no agent; one draft."""
    p = talking() >> hung_up(TAX_LEG, 60) >> came_back(OfferOutcome.ANSWERED, 60)
    assert p.switch.call_state(CALL) is CallState.LEAVING
    p >> hung_up(CHANNEL, 62)
    p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
    record = record_of(p)
    assert (record.disposition, record.waited_since) == (Disposition.ANSWERED, None)
    assert record.offers == (Offered(seat=SeatId(""), peer=TAX, at=after(3), outcome="answered"),)
    [talk] = record.talks
    assert talk == Talk(
        seat=SeatId(""), agent=talk.agent, peer=TAX, since=after(8), until=after(60)
    )
    assert talk.agent == ""
    assert told(p)[1:] == [
        ("outside", {"peer": "tax", "line": LINE}),
        ("talking", {"peer": "tax"}),
        ("talk-ended", {"peer": "tax"}),
        ("outside-ended", {"peer": "tax", "outcome": "answered"}),
        ("ended", {"disposition": "answered"}),
    ]


def test_whom_the_other_exchange_does_not_answer_waits_from_when_it_was_asked() -> None:
    """Whatever the status: the caller is before those who came meanwhile, and is offered a seat."""
    later = CallId("node1-1795310095.9")
    for outcome in (OfferOutcome.MISSED, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE):
        p = Playbook() >> arrived() >> put_through() >> rung()
        p.call_in(later, ChannelId("PJSIP/trunk-00000009"), at=10)
        p >> hung_up(TAX_LEG, 23) >> came_back(outcome)
        assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.LEAVING, [later])
        p >> waiting(at=26, since=26)
        assert p.switch.waiting == [CALL, later]
        p.sign_in(at=after(27))
        assert [e.call for e in p.all if isinstance(e, OfferCall)] == [CALL]
        p >> hung_up(CHANNEL, 30)
        record = record_of(p)
        assert [(o.peer, o.outcome) for o in record.offers] == [("tax", outcome.value)]
        assert (record.waited_since, record.disposition) == (after(3), Disposition.ABANDONED)


def test_a_peer_that_is_known_to_be_away_is_an_attempt_too() -> None:
    """Not dialled, so only its end is told."""
    p = Playbook() >> arrived() >> came_back(OfferOutcome.UNREACHABLE, 3) >> waiting(at=6, since=6)
    assert p.switch.waiting == [CALL]
    p >> hung_up(CHANNEL, 9)
    assert record_of(p).offers == (
        Offered(seat=SeatId(""), peer=TAX, at=after(3), outcome="unreachable"),
    )


def test_a_talk_elsewhere_whose_line_breaks_comes_back_to_the_wait() -> None:
    """The other side's leg vanished: the talk stands in the record, the caller is served by us."""
    p = talking() >> hung_up(TAX_LEG, 40, cause=44) >> came_back(OfferOutcome.ANSWERED, 40)
    p >> SeatLost(at=after(40), call=CALL) >> waiting(at=43, since=3)
    p << Wish(OfferCall, call=CALL, seat=SEAT)
    p >> hung_up(CHANNEL, 50)
    assert [talk.peer for talk in record_of(p).talks] == ["tax"]
    assert record_of(p).disposition is Disposition.ANSWERED


def test_a_caller_who_hangs_up_at_any_moment_ends_the_call_once() -> None:
    """Before the ring, in it, in the talk, after it: one record, its attempt closed, one draft."""
    story: list[Event] = [
        put_through(),
        rung(),
        bridged(TAX_LEG),
        bridged(CHANNEL),
        LegUnbridged(at=after(40), call=CALL, channel=TAX_LEG, seat=None, bridge="b9"),
        hung_up(TAX_LEG, 40),
        came_back(OfferOutcome.ANSWERED, 40),
    ]
    for cut in range(len(story) + 1):
        p = Playbook().sign_in() >> arrived()
        for event in story[:cut]:
            p >> event
        p >> hung_up(CHANNEL, 50) >> hung_up(TAX_LEG, 50)
        p.tick(after(70))
        assert p.switch.live_calls == frozenset()
        assert sum(isinstance(effect, CompleteDraft) for effect in p.all) == 1
        outcomes = [offered.outcome for offered in record_of(p).offers]
        assert outcomes == ([] if cut == 0 else ["caller-left"] if cut < 4 else ["answered"])
        assert all(talk.until is not None for talk in record_of(p).talks)


def test_a_brain_that_does_not_know_the_call_looks() -> None:
    """It came while nobody listened; the end of one that is over says nothing."""
    p = Playbook() >> put_through()
    p << Wish(TakeSnapshot)
    p >> came_back()
    assert p.effects == []


def test_a_new_brain_finds_callers_elsewhere_and_leaves_them_there() -> None:
    """Being told, rung, talking: never offered; the log writes what was not seen."""
    for channels in (
        (seen(),),
        (seen(), seen_peer()),
        (seen_peer(bridge="b9"), seen(bridge="b9")),
        (seen("connect", bridge="b9"), seen_peer(bridge="b9")),
    ):
        p = Playbook(snapshot=SnapshotTaken(at=after(20), channels=channels)).sign_in()
        assert (p.switch.call_state(CALL), p.switch.waiting) == (CallState.OUTSIDE, [])
        p >> hung_up(TAX_LEG, 30) >> came_back(OfferOutcome.MISSED, 30)
        assert p.switch.call_state(CALL) is CallState.LEAVING
        p >> waiting(at=33, since=3)
        p << Wish(OfferCall, call=CALL)
        p >> hung_up(CHANNEL, 40)
        p << Wish(WriteCall) << Wish(ReplayCel, call=CALL)
        assert (record_of(p).source, record_of(p).revision) == (Source.GLIMPSED, 12)


def test_a_peers_leg_that_is_dying_does_not_hold_a_caller_who_waits_already() -> None:
    """Asterisk still lists it: the caller's own place is what counts."""
    p = Playbook(snapshot=SnapshotTaken(at=after(26), channels=(seen("wait"), seen_peer())))
    assert p.switch.waiting == [CALL]
    p >> hung_up(TAX_LEG, 26.1)
    p.sign_in(at=after(27))
    assert [e.call for e in p.all if isinstance(e, OfferCall)] == [CALL]


def test_a_look_in_mid_ring_counts_the_attempt_once_and_as_it_was() -> None:
    """Seen before it was told, or told before it was seen: one attempt, from when it began."""
    told_first = outside() >> SnapshotTaken(at=after(5), channels=(seen(), seen_peer()))
    look = SnapshotTaken(at=after(3.2), channels=(seen(), seen_peer()))
    seen_first = Playbook() >> arrived() >> replace(look, meanwhile=(put_through(), rung()))
    for p in (told_first, seen_first):
        p >> hung_up(TAX_LEG, 23) >> came_back() >> waiting(at=26, since=3) >> hung_up(CHANNEL, 30)
        p << Wish(WriteCall) << Wish(CompleteDraft, call=CALL)
        record = record_of(p)
        assert record.offers == (Offered(seat=SeatId(""), peer=TAX, at=after(3), outcome="missed"),)
        assert record.waited_since == after(3)


def test_a_look_at_a_caller_who_never_waited_gives_it_no_waiting() -> None:
    """The dialplan notes the place before it dials; that is no waiting yet."""
    p = talking() >> SnapshotTaken(
        at=after(20), channels=(seen(bridge="b9"), seen_peer(bridge="b9"))
    )
    p >> hung_up(TAX_LEG, 60) >> came_back(OfferOutcome.ANSWERED, 60) >> hung_up(CHANNEL, 61)
    assert record_of(p).waited_since is None
    assert len(record_of(p).talks) == 1


def test_an_outside_talk_that_ended_out_of_sight_is_closed() -> None:
    """The link was lost meanwhile; the caller hears the farewell."""
    p = talking() >> LinkLost(at=after(10))
    p >> SnapshotTaken(at=after(30), channels=(seen("bye"),))
    assert p.switch.call_state(CALL) is CallState.LEAVING
    p >> hung_up(CHANNEL, 31)
    p << Wish(ReplayCel, call=CALL)
    assert record_of(p).talks[0].until == after(30)


def test_a_card_that_stands_is_withdrawn_when_the_caller_is_put_through() -> None:
    """Told out of order after a look: the seat is let go, nobody waits for a caller elsewhere."""
    p = Playbook().sign_in().call_in() >> put_through()
    p << Wish(WithdrawPop, seat=SEAT, call=CALL, offer=OfferId(f"{CALL}/1"))
    assert p.switch.waiting == []


def test_a_peer_that_dials_12345_is_a_caller() -> None:
    """Its exchange may be a trunk too: whoever answers is the other side, not the peer."""
    p = Playbook().sign_in().call_in(channel=TAX_LEG)
    for channel, seat, peer in ((leg(SEAT), SEAT, None), (TAX_LEG, None, TAX)):
        p >> LegBridged(at=after(2), call=CALL, channel=channel, seat=seat, bridge="b1", peer=peer)
    assert p.switch.call_state(CALL) is CallState.TALKING
    p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(TAX_LEG, 9)
    assert [(talk.seat, talk.peer) for talk in record_of(p).talks] == [(SEAT, "")]


def test_the_revision_that_routed_a_call_is_in_its_record() -> None:
    """From arrival to the row; 0 where the dialplan tells none."""
    p = Playbook() >> replace(arrived(), revision=12) >> hung_up(CHANNEL, 3)
    assert record_of(p).revision == 12
    q = Playbook() >> arrived() >> hung_up(CHANNEL, 3)
    assert record_of(q).revision == 0


def test_a_new_brains_card_knows_what_the_caller_was_told() -> None:
    """State and sentence stand on the caller's channel."""
    found = replace(seen("wait"), line_state="kept", prompt="chifeng-8337772-kept-1a2b3c4d")
    p = Playbook(snapshot=SnapshotTaken(at=after(20), channels=(found,))).sign_in()
    [pop] = [effect for effect in p.all if isinstance(effect, PopScreen)]
    assert (pop.line_state, pop.prompt) == ("kept", "chifeng-8337772-kept-1a2b3c4d")


def test_the_card_knows_what_the_caller_was_told() -> None:
    """The line's state and the sentence ride from arrival to the pop."""
    p = Playbook().sign_in()
    p >> replace(arrived(), line_state="transition", prompt="chifeng-8337772-transition")
    p >> waiting()
    p << Wish(
        PopScreen,
        centre=CENTRE,
        line_state="transition",
        prompt="chifeng-8337772-transition",
        arrived_at=NOON,
    )
