"""Moves found again when Asterisk is looked at: each goes on in the step that its channels show."""

from dataclasses import replace

from cti.call import CallState
from cti.effects import HangUp, PopScreen, WriteJournal
from cti.events import LinkLost, SnapshotTaken
from cti.happened import OfferOutcome
from cti.ids import ChannelId, LegId, PeerId
from cti.move import Where
from cti.moveevents import AwayEnded, RoomEntered
from cti.movewishes import ArmCaller, RingRecipient, SendAway, SendTo, SetMove, ShowMove
from cti.seen import SeenChannel
from queues.seat import AgentState
from records.callrecord import Direction
from tests.cti import test_calling as calling
from tests.cti.looked import (
    MEMBERS,
    agent,
    caller,
    colleague,
    effects,
    expert,
    found,
    state,
    step_of,
    written,
)
from tests.cti.moved import (
    COLLEAGUE,
    EXPERT,
    GROUP,
    M1,
    M2,
    MOVE,
    MOVE_PLAN,
    POLICE,
    TAX,
    TAX_OFFICE,
    Moves,
    recipient,
)
from tests.cti.playbook import (
    ANNA,
    CALL,
    CHANNEL,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
)
from transfer.step import Kind, Step

PHONE, ROOM = leg(SEAT), "room-1"
AWAY = ChannelId("PJSIP/peer-tax-0000000b")
WAITS = (CallState.WAITING, CallState.OFFERED)


def test_a_consult_goes_on_where_it_was() -> None:
    """Both seats talk though the caller holds; the desks are told, and the next key works."""
    move = written(Kind.CONSULT, Step.CONSULTING, COLLEAGUE)
    with effects(found(caller("hold", move), agent(), colleague())) as p:
        p << Wish(ShowMove, move=MOVE, step=Step.CONSULTING, target=COLLEAGUE.id, seat=SEAT)
        assert (state(p), state(p, OTHER)) == (AgentState.TALKING, AgentState.TALKING)
        assert p.switch.call_state(CALL) is CallState.HELD
        p >> hung_up(leg(OTHER, 9), 3, OTHER)
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.RETURNED, was_answered=True)


def test_what_the_journal_may_lack_of_a_move_is_told_again() -> None:
    """A brain that dies takes with it what it had not written yet: whom the call was moved to."""
    move = written(Kind.CONSULT, Step.CONSULTING, EXPERT)
    with effects(found(caller("hold", move), agent(), expert())) as p:
        told = {"move": MOVE, "target": EXPERT.id, "name": EXPERT.name}
        begun = {"kind": "consult", "target_kind": "expert", "seat": SEAT, "agent": ANNA}
        data = tuple(sorted({**told, **begun, "number": ""}.items()))
        p << Wish(WriteJournal, what="move-begun", data=data)
        data = tuple(sorted({**told, "leg": M1}.items()))
        p << Wish(WriteJournal, what="move-rung", data=data)
    move = written(Kind.BLIND, Step.SENDING, EXPERT, made=0)
    with effects(found(caller("connect", move), agent())) as p:
        assert "move-rung" not in [one.what for one in p.effects if isinstance(one, WriteJournal)]


def test_whoever_answered_out_of_sight_has_answered() -> None:
    """The initiator had left by then: the caller is brought to the recipient."""
    move = written(Kind.CONSULT, Step.RINGING, EXPERT)
    with effects(found(caller("hold", move), expert())) as p:
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p << Wish(ShowMove, step=Step.COMPLETED)
        p << Wish(SetMove, state="||||1")
    with effects(found(caller("hold", move), agent(), expert())) as p:
        p << Wish(ShowMove, step=Step.CONSULTING)
        assert step_of(p) is Step.CONSULTING


def test_a_recipients_seat_that_rings_is_offered_the_call() -> None:
    """With its card, which the desk of a brain before us had; an answer goes on from there."""
    move = written(Kind.CONSULT, Step.RINGING, COLLEAGUE)
    rings = colleague(context="from-seat-chifeng", bridge="")
    with effects(found(caller("hold", move), agent(), rings)) as p:
        p << Wish(PopScreen, seat=OTHER, call=CALL, move=MOVE)
        assert state(p, OTHER) is AgentState.OFFERED
        assert step_of(p) is Step.RINGING
        p >> RoomEntered(at=after(2), call=CALL, channel=leg(OTHER, 9), seat=OTHER, leg=M1)
        assert step_of(p) is Step.CONSULTING


def test_a_recipients_seat_that_is_not_ready_is_not_offered() -> None:
    """It rings there all the same."""
    move = written(Kind.CONSULT, Step.RINGING, COLLEAGUE)
    rings = colleague(context="from-seat-chifeng", bridge="")
    away = (MEMBERS[0], replace(MEMBERS[1], is_paused=True, reason="用餐"))
    shown = SnapshotTaken(at=NOON, channels=(caller("hold", move), agent(), rings), members=away)
    with effects(Playbook(MOVE_PLAN, snapshot=shown)) as p:
        p.none(PopScreen)
        assert step_of(p) is Step.RINGING


def test_a_swap_goes_on_with_the_recipient_on_hold() -> None:
    """And when the agent leaves, the recipient is brought back to the caller."""
    move = written(Kind.CONSULT, Step.SWAPPED, EXPERT)
    stands = (caller("room", move, ROOM), agent(), expert(context="hold", bridge=""))
    with effects(found(*stands)) as p:
        assert step_of(p) is Step.SWAPPED
        p >> hung_up(PHONE, 2, SEAT)
        p << Wish(SendTo, channel=recipient(M1), to="seat-room")


def test_a_seat_that_rings_for_something_else_is_left_to_that() -> None:
    """A call may be put to a seat by its own queue as well."""
    second = SeenChannel(channel=leg(OTHER, 9), call=CALL, seat=OTHER, context="nowhere", bridge="")
    move = written(Kind.CONSULT, Step.CONSULTING, EXPERT)
    with effects(found(caller("hold", move), agent(), expert(), second)) as p:
        p.none(PopScreen)
        assert state(p, OTHER) is not AgentState.TALKING


def test_a_route_that_ended_out_of_sight_is_followed_by_the_next() -> None:
    """Which one it was is not known: they are tried from the first."""
    move = written(Kind.CONSULT, Step.RINGING, EXPERT)
    with effects(found(caller("hold", move), agent())) as p:
        p << Wish(RingRecipient, leg=M2)
        assert step_of(p) is Step.RINGING


def test_the_next_route_is_the_one_after_that_which_rings() -> None:
    """As far as a channel tells which it is."""
    move = written(Kind.EMERGENCY, Step.RINGING, POLICE)
    rings = SeenChannel(
        channel=ChannelId("PJSIP/peer-police-0000000b"),
        call=CALL,
        seat=None,
        peer=PeerId("police"),
        context="nowhere",
        bridge="",
        leg=M1,
    )
    seen = (caller("connect", move, "b1"), agent("from-seat-chifeng", "b1"), rings)
    with effects(found(*seen)) as p:
        assert step_of(p) is Step.RINGING
        p >> hung_up(rings.channel, 2)
        p << Wish(RingRecipient, leg=M2, number="904765552110")


def test_a_move_to_a_number_that_was_typed_goes_on_with_the_leg_alone() -> None:
    """Nobody knows the number any more; nobody else can be tried."""
    move = f"{MOVE}|consult/ringing/{SEAT}/{ANNA}||{SEAT}|1"
    with effects(found(caller("hold", move), agent(), expert(bridge="", context="x"))) as p:
        assert step_of(p) is Step.RINGING
        p >> hung_up(recipient(M1), 2)
        p << Wish(ShowMove, step=Step.RETURNED)
    nothing = f"{MOVE}|three-way/passing/{SEAT}/{ANNA}||{SEAT}|0"
    with effects(found(caller("wait", nothing))) as p:
        p << Wish(ShowMove, step=Step.RETURNED)
        assert p.switch.call_state(CALL) in WAITS


def test_an_order_that_was_never_carried_out_is_taken_back() -> None:
    """Both still talk: the caller is armed no more."""
    for kind in (Kind.CONSULT, Kind.BLIND):
        step = Step.SETTING_ASIDE if kind is Kind.CONSULT else Step.SENDING
        move = written(kind, step, EXPERT)
        talk = (caller("connect", move, "b1", goes="hold"), agent("from-seat", "b1"))
        with effects(found(*talk)) as p:
            p << Wish(ArmCaller, to="")
            p << Wish(ShowMove, step=Step.RETURNED)
            assert state(p) is AgentState.TALKING


def test_of_a_move_whose_recipient_has_gone_nothing_is_left() -> None:
    """The caller is brought to the agent who is still in the room."""
    move = written(Kind.CONSULT, Step.CONSULTING, EXPERT)
    with effects(found(caller("hold", move), agent())) as p:
        p << Wish(SetMove, state="||||1")
        p << Wish(SendTo, channel=CHANNEL, to="room")
        assert step_of(p) is None
    with effects(found(caller("hold", move))) as p:
        p << Wish(SendTo, channel=CHANNEL, to="wait")


def test_whom_the_callers_dialplan_dials_is_the_recipient() -> None:
    """Known by nothing else than that; the talk with it completes the move."""
    move = written(Kind.HAND_OVER, Step.SENDING, TAX_OFFICE)
    dialled = SeenChannel(
        channel=AWAY, call=CALL, seat=None, peer=TAX, context="nowhere", bridge=""
    )
    with effects(found(caller("away", move, away=M1), dialled)) as p:
        assert step_of(p) is Step.PASSING
        assert p.switch._picture.calls[CALL].legs[AWAY].leg == M1
    talk = (caller("away", move, "b2", away=M1), replace(dialled, bridge="b2"))
    with effects(found(*talk)) as p:
        p << Wish(ShowMove, step=Step.COMPLETED)
        assert p.switch.call_state(CALL) is CallState.TALKING


def test_whom_a_caller_was_sent_to_last_is_the_recipient_though_it_is_not_written_yet() -> None:
    """The brain died between the two orders. When that one does not answer the move goes on."""
    move = written(Kind.BLIND, Step.PASSING, EXPERT)
    with found(caller("away", move, away=M2)) as p:
        p >> AwayEnded(at=after(3), call=CALL, leg=M2, outcome=OfferOutcome.MISSED)
        p << Wish(SendAway, channel=CHANNEL, number="913900000002")


def test_a_caller_on_its_way_to_a_skill_is_brought_to_the_queue() -> None:
    """By hold: nobody is dialled there, so nobody has not answered."""
    with Moves() as p:
        p.in_talk().asks(Kind.BLIND, GROUP)
        p >> LinkLost(at=after(6))
        p >> SnapshotTaken(at=after(7), channels=(caller("hold"),), members=MEMBERS)
        p << Wish(SendTo, channel=CHANNEL, to="wait")


def test_who_hears_a_number_read_out_holds_or_waits() -> None:
    """It holds as long as a move is under way."""
    with effects(found(caller("tell"))) as p:
        assert p.switch.call_state(CALL) in WAITS
    move = written(Kind.CONSULT, Step.CONSULTING, EXPERT)
    with effects(found(caller("tell", move), agent(), expert())) as p:
        assert p.switch._picture.calls[CALL].stand.caller is Where.HOLD
    with Moves() as p:
        p.in_talk()
        p >> LinkLost(at=after(6))
        p >> SnapshotTaken(at=after(7), channels=(caller("tell"),), members=MEMBERS)
        assert p.switch.call_state(CALL) in WAITS


def test_a_leg_that_rings_for_no_move_is_let_go() -> None:
    """Its brain died before it had written the move down; its name is not used again."""
    rings = expert(M2, "nowhere", "")
    with effects(found(caller("wait"), rings)) as p:
        p << Wish(HangUp, channel=rings.channel)
        assert p.switch._picture.calls[CALL].stand.legs_made == 2


def test_legs_of_a_caller_who_is_not_there_are_let_go() -> None:
    """Who rings, and who waits in the room; a seat that calls a seat is left alone."""
    with effects(found(expert(context="nowhere", bridge=""), agent("seat-call", "b1"))) as p:
        p << Wish(HangUp, channel=recipient(M1))
        p.none(HangUp, channel=PHONE)
    with Moves() as p:
        p.in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6)
        p >> LinkLost(at=after(7))
        rings = expert(context="nowhere", bridge="")
        p >> SnapshotTaken(at=after(8), channels=(rings,), members=MEMBERS)
        p << Wish(HangUp, channel=recipient(M1))
        p >> hung_up(recipient(M1), 9)
        assert p.switch.live_calls == frozenset()


def test_who_talks_while_somebody_rings_for_it_is_armed() -> None:
    """Whoever of the two hangs up then has passed the caller on. Once is enough."""
    move = written(Kind.THREE_WAY, Step.RINGING, EXPERT)
    rings = expert(context="nowhere", bridge="")
    for goes, orders in (("", 1), ("hold", 0)):
        talk = (caller("connect", move, "b1", goes=goes), agent("from-seat", "b1"), rings)
        with effects(found(*talk)) as p:
            armed = [one for one in p.all if isinstance(one, ArmCaller)]
            assert [one.to for one in armed] == ["hold"] * orders


def test_who_is_left_while_somebody_rings_is_held() -> None:
    """It was not armed in time, and is being asked how it was: once it is fetched from there."""
    rings = expert(context="nowhere", bridge="")
    passing = written(Kind.THREE_WAY, Step.RINGING, EXPERT)
    with effects(found(caller("survey", passing), rings)) as p:
        p << Wish(SendTo, channel=CHANNEL, to="hold") << Wish(ShowMove, step=Step.PASSING)
        assert p.switch.call_state(CALL) is CallState.HELD
        p >> SnapshotTaken(
            at=after(0.5), channels=(caller("survey", passing), rings), members=MEMBERS
        )
        p.none(SendTo)


def test_who_is_with_both_is_armed_no_more() -> None:
    """It was while one of them rang or held; now somebody stays if the other goes."""
    move = written(Kind.CONSULT, Step.SWAPPED, EXPERT)
    with effects(found(caller("room", move, ROOM, goes="hold"), agent(), expert())) as p:
        p << Wish(ArmCaller, channel=CHANNEL, to="") << Wish(ShowMove, step=Step.JOINED)


def test_what_is_armed_for_nothing_is_armed_no_more() -> None:
    """The order before it was lost; else its talk would end on hold."""
    talk = (caller("connect", "", "b1", goes="away", away=M1), agent("from-seat", "b1"))
    with effects(found(*talk)) as p:
        p << Wish(ArmCaller, to="")
        assert p.switch._picture.calls[CALL].stand.legs_made == 1


def test_a_talk_that_is_just_being_taken_over_is_taken_over() -> None:
    """The supervisor is in the room already: the agent is let go, and the caller follows."""
    boss = SeenChannel(
        channel=leg(OTHER, 9), call=CALL, seat=OTHER, context="seat-room", bridge=ROOM
    )
    talk = (caller("connect", "", "b1", goes="room"), agent("from-seat", "b1"), boss)
    with effects(found(*talk)) as p:
        p << Wish(HangUp, channel=PHONE)
        p.none(ArmCaller)


def test_a_citizen_whom_a_seat_called_and_moved_is_found_as_such() -> None:
    """In the room with an expert: a call out, about the missed call, with its own id."""
    move = f"{MOVE}|consult/joined/{SEAT}/{ANNA}|{EXPERT.id}|{SEAT}|1"
    citizen = replace(caller("room", move, ROOM), call=calling.OUT, channel=calling.CITIZEN)
    seat = replace(agent(), call=calling.OUT, about=calling.MISSED)
    rung = LegId(f"{calling.OUT}-m1")
    other = replace(expert(rung), call=calling.OUT)
    with effects(found(seat, other, citizen)) as p:
        call = p.switch._picture.calls[calling.OUT]
        assert (call.channel, call.direction, call.about) == (
            calling.CITIZEN,
            Direction.OUT,
            calling.MISSED,
        )
        assert call.move is not None
        assert call.move.step is Step.JOINED
        assert state(p) is AgentState.TALKING


def test_while_an_agent_talks_with_a_citizen_who_was_called_an_expert_is_not_the_citizen() -> None:
    """It rings for a three-way; whoever was dialled first is whom the call is with."""
    talk = replace(calling.seen("dial-out", "b9"), channel=PHONE)
    rung = replace(expert(LegId(f"{calling.OUT}-m1"), "x", ""), call=calling.OUT)
    with effects(found(rung, calling.citizen("b9"), talk)) as p:
        assert p.switch._picture.calls[calling.OUT].channel == calling.CITIZEN
