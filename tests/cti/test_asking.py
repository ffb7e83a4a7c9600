"""What agents may ask of moves, why some are not begun, and that nothing stops an emergency."""

from dataclasses import replace
from datetime import timedelta

from cti.effects import HangUp, WriteJournal
from cti.events import (
    CallArrived,
    LegBridged,
    LinkLost,
)
from cti.ids import CentreId, ChannelId, MoveId, PeerId
from cti.moveevents import AgentMoves
from cti.movewishes import ArmCaller, RingRecipient, SendAway, SendTo, SetAside, ShowMove
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
    with_target,
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
