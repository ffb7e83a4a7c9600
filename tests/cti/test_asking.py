"""What agents may ask of moves, why some are not begun, and that nothing stops an emergency."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.call import CallState
from cti.effects import HangUp, PopScreen, WithdrawPop, WriteJournal
from cti.events import (
    CallArrived,
    LegBridged,
    LegStarted,
    LinkLost,
    OfferStarted,
    SnapshotTaken,
)
from cti.ids import CentreId, ChannelId, LegId, MoveId, OfferId, PeerId
from cti.moveevents import AgentMoves
from cti.movewishes import ArmCaller, RingRecipient, SayNumber, SendAway, SendTo, SetAside, ShowMove
from queues.seat import AgentState
from records.draft import order_id
from tests.cti.moved import (
    COLLEAGUE,
    EXPERT,
    GROUP,
    M1,
    M2,
    MOVE,
    MOVE_PLAN,
    POLICE,
    TAX_OFFICE,
    WATER,
    Moves,
    recipient,
    target,
)
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
    SEAT,
    Wish,
    after,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What
from transfer.target import Route, Target, TargetKind
from transfer.why import WhyNot

SECOND = MoveId("move-2")
HELD = ChannelId("PJSIP/peer-police-00000001")


def with_target(one: Target) -> Moves:
    targets = {CENTRE: {**MOVE_PLAN.targets[CENTRE], one.id: one}}
    return Moves(replace(MOVE_PLAN, targets=targets))


def test_a_desk_may_ask_whose_call_it_is_and_where_it_can_be_taken() -> None:
    """Nothing of a call that is over, nor of a centre that has no targets."""
    p = Moves().call_in()
    assert p.switch.centre_of(CALL) == CENTRE
    p.gone(CHANNEL, 2)
    assert p.switch.centre_of(CALL) is None
    assert p.switch.targets(CENTRE) == MOVE_PLAN.targets[CENTRE]
    assert p.switch.targets(CentreId("elsewhere")) == {}


# --- what is not begun --------------------------------------------------------------------------


def not_begun(p: Moves, why: str, number: str = "") -> None:
    p << Wish(ShowMove, step=Step.RETURNED, why=why, number=number)
    for kind in (SetAside, SendAway, SendTo, RingRecipient, HangUp, ArmCaller):
        p.none(kind)


def test_a_move_of_no_call_is_told_to_the_desk() -> None:
    """The call may just have ended. A seat nobody knows is told nothing."""
    not_begun(Moves().asks(Kind.CONSULT, EXPERT), "no-call")
    Moves().asks(Kind.CONSULT, EXPERT, seat=leg(SEAT)).none(ShowMove)  # type: ignore[arg-type]


def test_without_a_link_nothing_is_begun() -> None:
    """And the desk need not wait to know it. Keys are void, too."""
    p = Moves().in_talk()
    p >> LinkLost(at=after(4))
    not_begun(p.asks(Kind.CONSULT, EXPERT), "no-link")
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7)
    p >> LinkLost(at=after(8))
    p.presses(What.CANCEL, 9).none(HangUp)


def test_whom_nobody_knows_nobody_is_moved_to() -> None:
    """A target that the profile has no more; and an emergency is one the profile calls so."""
    nowhere = target(TargetKind.EXPERT, "无")
    not_begun(Moves().in_talk().asks(Kind.CONSULT, nowhere), "no-target")
    empty = replace(nowhere, id="")
    not_begun(Moves().in_talk().asks(Kind.CONSULT, empty), "no-target")
    not_begun(Moves().in_talk().asks(Kind.EMERGENCY, EXPERT), "no-emergency")


def test_callers_are_taken_nowhere_in_a_way_it_does_not_know() -> None:
    """An emergency line joins the talk, whatever is written of its ways: nobody leaves for it."""
    handed = replace(TAX_OFFICE, ways=(Kind.HAND_OVER,))
    not_begun(with_target(handed).in_talk().asks(Kind.BLIND, handed), "other-way", "12366")
    with_target(handed).in_talk().asks(Kind.HAND_OVER, handed) << Wish(SendAway, number="12366")
    for police in (POLICE, replace(POLICE, ways=(Kind.BLIND, Kind.EMERGENCY))):
        for kind in (Kind.BLIND, Kind.HAND_OVER, Kind.CONSULT, Kind.THREE_WAY):
            not_begun(with_target(police).in_talk().asks(kind, police), "other-way", "110")


def test_only_who_is_with_the_caller_moves_it() -> None:
    """Anybody else's key, and a second move beside the first, change nothing."""
    p = Moves().sign_in(OTHER, BEN).in_talk()
    not_begun(p.asks(Kind.CONSULT, EXPERT, seat=OTHER, agent=BEN), "not-yours")
    p.asks(Kind.CONSULT, EXPERT, move=SECOND)
    not_begun(p.asks(Kind.CONSULT, GROUP, move=MoveId("move-3")), "under-way")


def test_nobody_moves_a_caller_to_the_own_seat() -> None:
    """It has the caller."""
    own = replace(COLLEAGUE, id="seat:1001", routes=(Route(seat=SEAT),))
    not_begun(with_target(own).in_talk().asks(Kind.CONSULT, own), "is-you")


def test_what_would_become_of_a_wish_can_be_asked_before() -> None:
    """The web edge refuses what would be refused; what was asked for already is not."""
    p = Moves()
    assert p.switch.why_not_move(wish(Kind.CONSULT, EXPERT)) is WhyNot.NO_CALL
    p.in_talk()
    assert p.switch.why_not_move(wish(Kind.CONSULT, EXPERT)) is None
    assert p.switch.why_not_move(wish(Kind.BLIND, WATER)) is WhyNot.ONLY_TOLD
    p.asks(Kind.CONSULT, EXPERT)
    assert p.switch.why_not_move(wish(Kind.CONSULT, EXPERT)) is None
    other = replace(wish(Kind.CONSULT, EXPERT), move=SECOND)
    assert p.switch.why_not_move(other) is WhyNot.UNDER_WAY
    p >> LinkLost(at=after(6))
    assert p.switch.why_not_move(other) is WhyNot.NO_LINK
    assert p.switch.why_not_move(replace(other, target=POLICE.id, kind=Kind.EMERGENCY)) is None


def wish(kind: Kind, whom: Target) -> AgentMoves:
    return AgentMoves(
        at=after(5), seat=SEAT, agent=ANNA, call=CALL, move=MOVE, kind=kind, target=whom.id
    )


def test_who_has_gone_is_moved_nowhere() -> None:
    """Its legs may still be ending."""
    p = Moves().in_talk().gone(CHANNEL, 4)
    not_begun(p.asks(Kind.EMERGENCY, POLICE), "no-caller", "110")


def test_a_target_that_only_has_a_number_is_told() -> None:
    """The agent reads it out. So is one that is closed, or busy, if it has a number."""
    not_begun(Moves().in_talk().asks(Kind.BLIND, WATER), "only-told", "96100")
    closed = replace(TAX_OFFICE, open=((after(100), after(200)),))
    not_begun(with_target(closed).in_talk().asks(Kind.BLIND, closed), "closed", "12366")
    route = replace(EXPERT.routes[0], open=())
    nobody_there = replace(EXPERT, routes=(route,))
    not_begun(with_target(nobody_there).in_talk().asks(Kind.CONSULT, nobody_there), "closed")
    not_begun(Moves().in_talk().asks(Kind.CONSULT, COLLEAGUE), "busy")
    not_begun(Moves().in_talk().asks(Kind.CONSULT, GROUP), "busy")


def test_without_a_trunk_nobody_is_dialled_over_it() -> None:
    """What needs a trunk is busy for ever; what stands at a peer's is not."""
    plan = replace(MOVE_PLAN, times={})
    not_begun(Moves(plan).in_talk().asks(Kind.CONSULT, EXPERT), "busy")
    Moves(plan).in_talk().asks(Kind.BLIND, TAX_OFFICE) << Wish(SendAway, number="12366")


def test_a_hotline_that_had_the_caller_does_not_get_it_again() -> None:
    """Loops between centres are cut where they begin; each next one is told the whole path."""
    upper = replace(
        target(TargetKind.CENTRE, "省", Route(peer=PeerId("sheng"), number="12345")),
        hotline="sheng",
    )
    other = replace(
        target(TargetKind.CENTRE, "市", Route(peer=PeerId("shi"), number="12345")), hotline="shi"
    )
    targets = {CENTRE: {upper.id: upper, other.id: other}}
    p = Moves(replace(MOVE_PLAN, targets=targets)).sign_in()
    p >> CallArrived(
        at=NOON,
        call=CALL,
        channel=CHANNEL,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        path=(CentreId("sheng"),),
        case="S-17",
    )
    p >> waiting()
    p.tell(*talking_legs())
    not_begun(p.asks(Kind.HAND_OVER, upper), "loop")
    p.asks(Kind.HAND_OVER, other, move=SECOND) << Wish(
        SendAway,
        headers=(
            ("X-Hotline-Call", CALL),
            ("X-Hotline-Path", f"sheng/{CENTRE}"),
            ("X-Hotline-Case", "S-17"),
            ("X-Hotline-Reason", "hand-over/8337772"),
            ("X-Hotline-Order", order_id(CALL, NOON)),
        ),
    )


def talking_legs() -> list[LegBridged]:
    return [
        LegBridged(at=after(2), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b1"),
        LegBridged(at=after(2), call=CALL, channel=CHANNEL, seat=None, bridge="b1"),
    ]


def test_a_move_asked_twice_is_made_once() -> None:
    """A double click, or a desk that asks again after its socket broke."""
    p = Moves().in_talk().asks(Kind.THREE_WAY, EXPERT)
    p.asks(Kind.THREE_WAY, EXPERT).none(RingRecipient).none(ShowMove)
    p.presses(What.CANCEL, 6).asks(Kind.THREE_WAY, EXPERT, 7).none(RingRecipient).none(ShowMove)


def test_a_typed_number_is_dialled_over_the_trunk_and_written_nowhere() -> None:
    """Masked in the journal and on desks; in the record its target is nobody's."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT, number="13812345678")
    p << Wish(ShowMove, target="", name="*********78")
    p.aside(6) << Wish(RingRecipient, number="913812345678")
    lines = [dict(one.data) for one in p.all if isinstance(one, WriteJournal)]
    begun = next(data for data in lines if "number" in data)
    assert (begun["target"], begun["number"]) == ("", "*********78")
    assert not any("13812345678" in value for data in lines for value in data.values())
    p.unanswered(M1, 20) << Wish(ShowMove, number="13812345678")


def test_an_emergency_number_that_nobody_wrote_down_is_called_all_the_same() -> None:
    """Over the centre's own trunk, and shown as what it is; only by its own key."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE, number="122")
    p << Wish(RingRecipient, number="9122", ring=timedelta(seconds=10))
    p << Wish(ShowMove, name="122", target="", target_kind=TargetKind.EMERGENCY)
    p.asks(Kind.EMERGENCY, POLICE, 6, number="119", move=SECOND)
    p << Wish(ShowMove, name="119", step=Step.ASKED)
    p.asks(Kind.EMERGENCY, POLICE, 6, number="122", move=MoveId("move-3"))
    p << Wish(ShowMove, name="122", step=Step.RETURNED, why="already")
    p.unanswered(M1, 16) << Wish(ShowMove, step=Step.RETURNED, number="122")
    not_begun(Moves().in_talk().asks(Kind.BLIND, POLICE, number="122"), "other-way", "122")


def test_keys_of_others_change_nothing() -> None:
    """Only who began a move, or has its caller, steers it; and only by keys."""
    p = Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7)
    p.presses(What.CANCEL, 8, seat=OTHER).none(HangUp)
    p.presses(What.CALLER_GONE, 8).none(ShowMove)
    p.presses(What.JOIN, 8).none(ShowMove)  # nobody has answered
    p.presses(What.CANCEL, 8) << Wish(HangUp, channel=recipient(M1))
    p.presses(What.CANCEL, 9).none(HangUp)


def test_a_key_is_of_the_move_it_was_shown_with() -> None:
    """Pressed for a consult, and read when an emergency has taken its place: 110 rings on."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7)
    p.asks(Kind.EMERGENCY, POLICE, 8, move=SECOND) << Wish(RingRecipient, leg=M2)
    p.presses(What.CANCEL, 8).none(ShowMove).none(HangUp)
    p.rings(M2, 9).presses(What.CANCEL, 9).none(ShowMove).none(HangUp)
    p.presses(What.CANCEL, 9, move=SECOND) << Wish(HangUp, channel=recipient(M2))
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED)


# --- emergencies --------------------------------------------------------------------------------


def test_an_emergency_rings_while_the_agent_keeps_the_caller_talking() -> None:
    """No route rings longer than ten seconds; the next follows; then the number is read out."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE)
    p << Wish(RingRecipient, peer=PeerId("police"), number="110", ring=timedelta(seconds=10))
    p.rings(M1, 6).unanswered(M1, 16) << Wish(RingRecipient, leg=M2, number="904765552110")
    p.unanswered(M2, 26) << Wish(ArmCaller, to="")
    p << Wish(ShowMove, step=Step.RETURNED, number="110")
    p.none(SayNumber)


def test_an_emergency_is_three_way_until_the_other_side_has_it() -> None:
    """All three talk; the agent leaves when the police say that they have it."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room") << Wish(ShowMove, step=Step.JOINED)
    p.presses(What.COMPLETE, 20) << Wish(HangUp, channel=leg(SEAT))
    p << Wish(ShowMove, step=Step.COMPLETED)


def test_an_emergency_is_asked_for_a_caller_who_waits() -> None:
    """It keeps its place while 110 rings, and goes there from the queue."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE) << Wish(RingRecipient, leg=M1)
    p << Wish(ShowMove, step=Step.PASSING, seat=SEAT)
    assert p.switch.waiting == [CALL]
    p.rings(M1, 6).answers(M1, 7) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    assert p.switch.waiting == []
    assert p.switch.call_state(CALL) is CallState.HELD
    p.enters(7)
    assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_waiting_caller_hears_the_number_when_nobody_answers() -> None:
    """It waits on, and no agent is with it."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE).unanswered(M1, 15).unanswered(M2, 25)
    p << Wish(SayNumber, channel=CHANNEL, number="110")
    p.none(SendTo)
    assert p.switch.waiting == [CALL]


def test_a_seat_that_rings_for_the_caller_is_let_go_when_110_answers() -> None:
    """Its phone stops by itself; it was not missed."""
    p = Moves().sign_in().call_in()
    p.tell(
        OfferStarted(at=after(1), call=CALL, offer=OfferId(f"{CALL}/1"), seat=SEAT),
        LegStarted(at=after(1), call=CALL, channel=leg(SEAT), seat=SEAT),
    )
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN).rings(M1, 6)
    p.answers(M1, 7) << Wish(WithdrawPop, seat=SEAT) << Wish(SendTo, to="room")
    p.gone(leg(SEAT), 7, SEAT)
    view = p.switch.seat(SEAT)
    assert view is not None
    assert view.state is AgentState.AVAILABLE


def test_a_seat_that_answers_while_110_rings_becomes_the_initiator() -> None:
    """From then on it is as if its agent had pressed the key."""
    p = Moves().sign_in().call_in().asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN)
    p.rings(M1, 6).talk(SEAT, 7)
    shown = [one for one in p.all if isinstance(one, ShowMove)]
    assert (shown[-1].seat, shown[-1].step) == (SEAT, Step.RINGING)
    p.answers(M1, 8) << Wish(SetAside, seat_channel=leg(SEAT), to="room")


def test_an_emergency_may_be_asked_by_whoever_sees_the_call() -> None:
    """The agent who has the caller is its initiator, whoever pressed."""
    p = Moves().sign_in(OTHER, BEN).in_talk()
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN) << Wish(ShowMove, seat=SEAT)
    p.presses(What.CANCEL, 6, seat=OTHER) << Wish(HangUp)


def test_an_emergency_ends_what_rings_or_consults() -> None:
    """The caller comes back first, and nobody who talks with it is sent away."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7)
    p.asks(Kind.EMERGENCY, POLICE, 8, move=SECOND) << Wish(HangUp, channel=recipient(M1))
    p << Wish(SendTo, channel=CHANNEL, to="room") << Wish(RingRecipient, leg=M2)
    p.enters(8).rings(M2, 9).answers(M2, 10) << Wish(ShowMove, move=SECOND, step=Step.JOINED)


def test_an_emergency_in_a_three_way_talk_makes_it_four() -> None:
    """The expert stays; the other move is over."""
    p = Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").asks(Kind.EMERGENCY, POLICE, 8, move=SECOND)
    p << Wish(ShowMove, step=Step.COMPLETED) << Wish(RingRecipient, leg=M2)
    p.none(HangUp)
    p.rings(M2, 9).answers(M2, 10) << Wish(ShowMove, move=SECOND, step=Step.JOINED)


def test_an_emergency_waits_while_the_caller_is_being_put_aside() -> None:
    """A few milliseconds: until that is done or refused. Asked twice, it waits once."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED, seat=SEAT)
    p.asks(Kind.EMERGENCY, POLICE, move=SECOND).none(ShowMove)
    p.aside(6).unanswered(M1, 6)  # the step changed twice before the clock rang
    p.tick(after(6)) << Wish(HangUp) << Wish(RingRecipient, number="110")
    p.none(ShowMove, why="already")
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.refused("SetAside", 6).tick(after(6)) << Wish(RingRecipient, number="110")
    p.tick(after(7)).none(ShowMove)


def test_an_emergency_is_undone_while_it_waits() -> None:
    """It never rings, not when the desk asks for it again either; the consult goes on.

    Others' keys and other keys do not undo it; without a link it can be undone, too.
    """
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.presses(What.CANCEL, 5, move=SECOND) << Wish(
        ShowMove, move=SECOND, step=Step.RETURNED, why="", number=""
    )
    p.none(HangUp).presses(What.CANCEL, 5, move=SECOND).none(ShowMove)
    p.asks(Kind.EMERGENCY, POLICE, move=SECOND).none(ShowMove)
    p.aside(6) << Wish(RingRecipient, leg=M1, number="913900000002")
    p.tick(after(7)).none(RingRecipient).none(HangUp)
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.presses(What.CANCEL, 5, seat=OTHER, move=SECOND).none(ShowMove)
    p.presses(What.JOIN, 5, move=SECOND).none(ShowMove)
    p >> LinkLost(at=after(5))
    p.presses(What.CANCEL, 5, move=SECOND) << Wish(ShowMove, move=SECOND, step=Step.RETURNED)


def test_who_has_the_caller_undoes_what_another_asked_for() -> None:
    """A supervisor pressed 110 while the agent was putting the caller aside."""
    p = Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, EXPERT)
    p.asks(Kind.EMERGENCY, POLICE, seat=OTHER, agent=BEN, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED, seat=SEAT)
    p.presses(What.CANCEL, 6, seat=SEAT, move=SECOND)
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED)


def test_the_end_of_the_call_is_the_end_of_what_waits() -> None:
    """The desk that pressed the key is told so: nothing of it stays."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p.gone(CHANNEL, 6).tick(after(6))
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED, why="no-caller")
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p >> SnapshotTaken(at=after(6))
    p << Wish(ShowMove, move=SECOND, step=Step.ABANDONED)


def test_an_emergency_for_who_talks_with_a_recipient_leaves_them_together() -> None:
    """No agent is with the caller any more: armed while it rings, and left alone in vain."""
    p = Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").presses(What.COMPLETE, 8).gone(leg(SEAT), 8, SEAT)
    p.asks(Kind.EMERGENCY, POLICE, 9, move=SECOND) << Wish(ArmCaller, to="hold")
    p.rings(M2, 10).unanswered(M2, 15)
    p.unanswered(LegId(f"{CALL}-m3"), 25) << Wish(ArmCaller, to="")
    p << Wish(ShowMove, step=Step.RETURNED, number="110")
    p.none(SendTo)
    p.asks(Kind.EMERGENCY, POLICE, 30, move=MoveId("move-3"))
    p.gone(recipient(M1), 31).held(31)
    p.unanswered(LegId(f"{CALL}-m4"), 35).unanswered(LegId(f"{CALL}-m5"), 45)
    p << Wish(SendTo, channel=CHANNEL, to="wait")


def test_a_recipient_rung_for_a_caller_who_has_gone_is_let_go() -> None:
    """Asterisk had not begun to ring it when the caller hung up."""
    p = Moves().call_in().asks(Kind.EMERGENCY, POLICE).gone(CHANNEL, 6)
    p.rings(M1, 6) << Wish(HangUp, channel=recipient(M1))


@pytest.mark.parametrize("step", ["ringing", "joined"])
def test_the_same_emergency_is_not_asked_for_twice(step: str) -> None:
    """It is under way already: the desk is told so."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    if step == "joined":
        p.answers(M1, 7).aside(7, to="room")
    p.asks(Kind.EMERGENCY, POLICE, 8, move=SECOND)
    p << Wish(ShowMove, step=Step.RETURNED, why="already")


def test_no_state_of_a_seat_stands_in_the_way_of_an_emergency() -> None:
    """Nor hours: whoever has a caller can have 110 rung."""
    closed = replace(POLICE, open=((after(100), after(200)),), hotline=CENTRE)
    p = with_target(closed).in_talk()
    p.asks(Kind.EMERGENCY, closed) << Wish(RingRecipient, number="110")
    p.none(PopScreen)
