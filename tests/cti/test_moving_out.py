"""Moves of calls that we made: a citizen called back, from a task or for a kept place."""

from dataclasses import replace

import pytest

from cti.call import Call, CallState
from cti.effects import CompleteDraft, HangUp, PopScreen, WriteCall
from cti.events import Event, LegBridged, LegHungUp, LegStarted, LegUnbridged, SnapshotTaken
from cti.happened import OfferOutcome, Phone
from cti.ids import CallId, ChannelId, LegId, SeatId
from cti.moveevents import AgentMoves, AgentSteers, CallerHeld, RoomEntered
from cti.movewishes import ArmCaller, RingRecipient, SendTo, SetAside, ShowMove
from cti.outevents import CallbackEnded, DialOutEnded
from cti.seen import SeenChannel, SeenMember
from queues.seat import AgentState
from records.callrecord import Direction, Offered, Talk
from tests.cti import test_calling as calling
from tests.cti.keeping import CITIZEN, KEEPING, answered, offer, seen_attempt, seen_citizen
from tests.cti.moved import COLLEAGUE, EXPERT, MOVE, Moves
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    LINE,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    leg,
)
from transfer.step import Kind, Step, What

TARGETS = {CENTRE: {EXPERT.id: EXPERT}}
RUNG = ChannelId("PJSIP/out-chifeng-000000e1")


def called_out() -> tuple[Playbook, CallId, ChannelId, str, Event]:
    """A citizen called from a task talks with the agent."""
    p = Playbook(replace(calling.DIALS_OUT, targets=TARGETS)).sign_in()
    calling.told(
        p,
        calling.dials(),
        calling.seat_leg(),
        *calling.agent_answers(),
        *calling.citizen_answers(),
    )
    ended = DialOutEnded(at=after(200), call=calling.OUT, outcome=OfferOutcome.ANSWERED)
    return p, calling.OUT, calling.CITIZEN, "b9", ended


def called_back() -> tuple[Playbook, CallId, ChannelId, str, Event]:
    """A citizen called back for a kept place talks with the agent."""
    times = {CENTRE: replace(KEEPING.times[CENTRE], dials_out=True)}
    p = answered(plan=replace(KEEPING, targets=TARGETS, times=times))
    ended = CallbackEnded(
        at=after(200), call=CALL, offer=offer(), seat=SEAT, outcome=OfferOutcome.ANSWERED
    )
    return p, CALL, CITIZEN, "b7", ended


@pytest.mark.parametrize("begun", [called_out, called_back])
def test_a_citizen_who_was_called_is_moved_as_any_caller(begun: object) -> None:
    """The agent's leg ran the talk: when it ends, only the agent has left."""
    assert callable(begun), "one of the two above"
    p, call, citizen, bridge, ended = begun()
    m1 = LegId(f"{call}-m1")
    expert = ChannelId("PJSIP/out-chifeng-000000e1")

    def tell(*events: Event) -> None:
        for event in events:
            p >> event

    def in_room(channel: ChannelId, at: float, *, is_seat: bool = False, of: str = "") -> None:
        seat, of_leg = SEAT if is_seat else None, LegId(of)
        tell(
            RoomEntered(at=after(at), call=call, channel=channel, seat=seat, leg=of_leg),
            LegBridged(
                at=after(at), call=call, channel=channel, seat=seat, bridge="room", leg=of_leg
            ),
        )

    p >> AgentMoves(
        at=after(150),
        seat=SEAT,
        agent=ANNA,
        call=call,
        move=MOVE,
        kind=Kind.CONSULT,
        target=EXPERT.id,
    )
    p << Wish(SetAside, channel=citizen, seat_channel=leg(SEAT), to="hold")
    tell(
        LegUnbridged(at=after(151), call=call, channel=leg(SEAT), seat=SEAT, bridge=bridge),
        LegUnbridged(at=after(151), call=call, channel=citizen, seat=None, bridge=bridge),
    )
    in_room(leg(SEAT), 151, is_seat=True)
    p >> CallerHeld(at=after(151), call=call)
    p << Wish(RingRecipient, channel=citizen, leg=m1)
    p >> LegStarted(at=after(152), call=call, channel=expert, seat=None, leg=m1)
    in_room(expert, 153, of=m1)
    p >> AgentSteers(at=after(160), seat=SEAT, agent=ANNA, call=call, move=MOVE, key=What.JOIN)
    p << Wish(SendTo, channel=citizen, to="room") << Wish(ShowMove, step=Step.JOINED)
    in_room(citizen, 160)
    tell(
        LegUnbridged(at=after(200), call=call, channel=leg(SEAT), seat=SEAT, bridge="room"),
        ended,
        LegHungUp(at=after(200), call=call, channel=leg(SEAT), seat=SEAT, cause=16),
    )
    p << Wish(ShowMove, step=Step.COMPLETED)
    view = p.switch.seat(SEAT)
    assert view is not None
    assert view.state is AgentState.WRAP_UP
    assert p.switch.call_state(call) is CallState.TALKING
    tell(
        LegHungUp(at=after(250), call=call, channel=expert, seat=None, cause=16),
        LegHungUp(at=after(251), call=call, channel=citizen, seat=None, cause=16),
    )
    p << Wish(CompleteDraft, call=call)
    record = [one.record for one in p.all if isinstance(one, WriteCall)][-1]
    assert [one.outcome for one in record.offers if not one.leg] == ["answered"]
    assert [(talk.leg, talk.until) for talk in record.talks[1:]] == [
        (m1, after(250)),
        ("", after(200)),
    ]


def restarted(call: CallId) -> Playbook:
    """A brain that has just come: agent and citizen talk, and an expert rings for a three-way."""
    m1, move = LegId(f"{call}-m1"), f"{MOVE}|three-way/ringing/{SEAT}/{ANNA}|{EXPERT.id}|{SEAT}|1"
    rung = SeenChannel(channel=RUNG, call=call, seat=None, context="x", bridge="", leg=m1)
    is_out = call == calling.OUT
    talk = calling.seen("dial-out", "b9") if is_out else seen_attempt(bridge="b9")
    called = calling.citizen("b9") if is_out else seen_citizen(bridge="b9")
    citizen = replace(called, move=move, goes="hold")
    plan = replace(calling.DIALS_OUT if is_out else KEEPING, targets=TARGETS)
    looked = SnapshotTaken(
        at=NOON, channels=(rung, replace(talk, channel=leg(SEAT)), citizen), members=(anna(),)
    )
    p = Playbook(plan, snapshot=looked)
    p.effects = list(p.all)
    return p


@pytest.mark.parametrize(("call", "citizen"), [(calling.OUT, calling.CITIZEN), (CALL, CITIZEN)])
def test_a_talk_we_called_for_that_was_just_being_taken_over_is_taken_over(
    call: CallId, citizen: ChannelId
) -> None:
    """The brain died in that moment: the supervisor in the room has the citizen, as of any call."""
    is_out = call == calling.OUT
    talk = calling.seen("dial-out", "b9") if is_out else seen_attempt(bridge="b9")
    called = calling.citizen("b9") if is_out else seen_citizen(bridge="b9")
    plan = replace(calling.DIALS_OUT if is_out else KEEPING, targets=TARGETS)
    boss = SeenChannel(
        channel=leg(OTHER, 9), call=call, seat=OTHER, context="seat-room", bridge="room"
    )
    chief = SeenMember(seat=OTHER, agent=BEN, is_paused=False, reason="", phone=Phone.IN_USE)
    for goes, there in (("room", (boss,)), ("room", ())):
        channels = (talk, replace(called, goes=goes), *there)
        looked = SnapshotTaken(at=NOON, channels=channels, members=(anna(), chief))
        p = Playbook(plan, snapshot=looked)
        p.effects = list(p.all)
        if there:
            p.none(ArmCaller).none(SendTo) << Wish(HangUp, channel=leg(SEAT))
            view = p.switch.seat(OTHER)
            assert view is not None
            assert (view.state, view.call) == (AgentState.TALKING, call)
        else:
            p.none(HangUp).none(SendTo) << Wish(ArmCaller, channel=citizen, to="")


def anna() -> SeenMember:
    return SeenMember(seat=SEAT, agent=ANNA, is_paused=False, reason="", phone=Phone.FREE)


@pytest.mark.parametrize(("call", "citizen"), [(calling.OUT, calling.CITIZEN), (CALL, CITIZEN)])
def test_a_brain_that_died_while_somebody_rang_for_a_citizen_we_called_goes_on(
    call: CallId, citizen: ChannelId
) -> None:
    """Whoever answers joins the two; nobody is let go, and the desk has its keys."""
    m1 = LegId(f"{call}-m1")
    p = restarted(call) << Wish(ShowMove, move=MOVE, step=Step.RINGING, seat=SEAT)
    assert [one for one in p.all if isinstance(one, HangUp | SendTo)] == []
    known = p.switch._picture.calls[call]  # noqa: SLF001  # what it believes is what is tested
    assert (known.channel, known.state) == (citizen, CallState.TALKING)
    p >> RoomEntered(at=after(5), call=call, channel=RUNG, seat=None, leg=m1)
    p << Wish(SetAside, channel=citizen, seat_channel=leg(SEAT), to="room")


@pytest.mark.parametrize(("call", "citizen"), [(calling.OUT, calling.CITIZEN), (CALL, CITIZEN)])
def test_a_citizen_we_called_is_passed_on_by_who_hung_up_after_the_brains_death(
    call: CallId, citizen: ChannelId
) -> None:
    """It was armed before: it holds, and whoever answers has it."""
    p = restarted(call)
    for one in (leg(SEAT), citizen):
        seat = SEAT if one == leg(SEAT) else None
        p >> LegUnbridged(at=after(2), call=call, channel=one, seat=seat, bridge="b9")
    p >> LegHungUp(at=after(2), call=call, channel=leg(SEAT), seat=SEAT, cause=16)
    p << Wish(ShowMove, step=Step.PASSING)
    p >> CallerHeld(at=after(2), call=call)
    p.none(SendTo)
    entered = RoomEntered(at=after(5), call=call, channel=RUNG, seat=None, leg=LegId(f"{call}-m1"))
    p >> entered << Wish(SendTo, channel=citizen, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)


def test_a_seat_that_rang_for_a_citizen_in_vain_answered_nothing() -> None:
    """Called out, moved to a skill, and gone while a seat of the queue rang."""
    call = Call(
        id=calling.OUT,
        channel=calling.CITIZEN,
        centre=CENTRE,
        line=LINE,
        dnis="12345",
        ani=ANI,
        arrived_at=NOON,
        direction=Direction.OUT,
        talks=[Talk(seat=SEAT, agent=ANNA, since=after(5), until=after(60))],
        offers=[
            Offered(seat=SeatId(""), at=NOON, outcome="live"),
            Offered(seat=OTHER, at=after(100), outcome="live"),
        ],
    )
    call.end_offers()
    assert [one.outcome for one in call.offers] == ["answered", "caller-left"]


def test_a_card_shows_the_wait_that_was_answered_first() -> None:
    """A colleague who gets the caller after a talk of minutes reads no wait of minutes."""
    p = Moves().sign_in(OTHER, BEN).in_talk(at=3)
    p.asks(Kind.BLIND, COLLEAGUE, 1200)
    first, moved = (one for one in p.all if isinstance(one, PopScreen))
    assert (first.answered_at, moved.answered_at) == (None, after(3))


def test_a_citizen_who_was_called_waits_after_the_first_talk() -> None:
    """What came before its wait did not answer it."""
    p, call, *_ = called_out()
    known = p.switch._picture.calls[call]  # noqa: SLF001  # what cards are made of
    assert known.first_answered_at == known.talks[0].since
    known.since = after(600)
    assert known.first_answered_at is None
