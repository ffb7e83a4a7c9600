"""Emergencies asked for while the caller is elsewhere, another rings, or nobody can be seen."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import HangUp, SendOutside
from cti.events import (
    ClockSet,
    LegBridged,
    LegStarted,
    LegUnbridged,
    LinkLost,
    OutsideEnded,
    OutsideStarted,
    SnapshotTaken,
)
from cti.happened import OfferOutcome
from cti.ids import ChannelId, MoveId
from cti.move import over, read
from cti.movewishes import ArmCaller, RingRecipient, SendTo, SetMove, ShowMove
from cti.plan import Overflow
from cti.seen import SeenChannel
from tests.cti.moved import EXPERT, M1, M2, MOVE_PLAN, POLICE, TAX, Moves, out_of_talk, recipient
from tests.cti.playbook import (
    ANI,
    CALL,
    CENTRE,
    CHANNEL,
    LINE,
    NOON,
    SEAT,
    Wish,
    after,
    hung_up,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What
from transfer.target import Route

SECOND, THIRD = MoveId("move-2"), MoveId("move-3")
SICK = replace(
    POLICE, id="emergency:120", name="120", routes=(Route(peer=TAX, number="120"),), number="120"
)
FIRE = replace(SICK, id="emergency:119", name="119", routes=(Route(number="119"),), number="119")
PEER_LEG = ChannelId("PJSIP/peer-tax-0000002a")


# --- a caller who talks with the line's own seats, elsewhere ------------------------------------


def outside(p: Moves, at: float, *, talks_at: float) -> Moves:
    """The line's own seats are rung by the dialplan, and answer."""
    return p.tell(
        OutsideStarted(at=after(at), call=CALL, peer=TAX, line=LINE),
        LegStarted(at=after(at), call=CALL, channel=PEER_LEG, seat=None, peer=TAX),
        LegBridged(
            at=after(talks_at), call=CALL, channel=PEER_LEG, seat=None, bridge="b9", peer=TAX
        ),
        LegBridged(at=after(talks_at), call=CALL, channel=CHANNEL, seat=None, bridge="b9"),
    )


def lets_go(p: Moves, at: float) -> Moves:
    """The line's own seats hang up: the caller is armed, so it goes on hold."""
    return p.tell(
        LegUnbridged(at=after(at), call=CALL, channel=PEER_LEG, seat=None, bridge="b9"),
        LegUnbridged(at=after(at), call=CALL, channel=CHANNEL, seat=None, bridge="b9"),
        hung_up(PEER_LEG, at),
        OutsideEnded(at=after(at), call=CALL, peer=TAX, outcome=OfferOutcome.ANSWERED),
    ).held(at)


def test_own_seats_that_go_while_110_rings_leave_the_caller_on_hold_for_it() -> None:
    """Answered by 110 it is fetched from there; in vain it comes to the queue."""
    p = outside(Moves().call_in(), 3, talks_at=4).asks(Kind.EMERGENCY, POLICE)
    p << Wish(ArmCaller, to="hold")
    lets_go(p.rings(M1, 6), 7).answers(M1, 8) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    p = outside(Moves().call_in(), 3, talks_at=4).asks(Kind.EMERGENCY, POLICE)
    lets_go(p.rings(M1, 6), 7).unanswered(M1, 16)
    p.unanswered(M2, 26) << Wish(SendTo, channel=CHANNEL, to="wait")


def test_own_seats_that_answer_while_110_rings_do_not_end_the_call_with_their_talk() -> None:
    """The caller was armed for nothing when they were rung; disarmed again if 110 is in vain."""
    p = outside(Moves().call_in().asks(Kind.EMERGENCY, POLICE, 2), 3, talks_at=4)
    p << Wish(ArmCaller, channel=CHANNEL, to="hold")
    p.rings(M1, 6).unanswered(M1, 12).unanswered(M2, 22) << Wish(ArmCaller, to="")
    p.none(SendTo)
    assert p.switch.call_state(CALL) is CallState.OUTSIDE


def test_nobody_overflows_from_under_an_emergency() -> None:
    """Who is rung for it fetches it from the queue; once that is over it goes where it would."""
    out = Overflow(
        after=timedelta(seconds=10),
        peer=TAX,
        number="12366",
        host="10.0.0.7",
        port=5060,
        ring=timedelta(seconds=25),
    )
    p = Moves(replace(MOVE_PLAN, overflows={CENTRE: (out,)})).call_in()
    p.asks(Kind.EMERGENCY, POLICE, 8).rings(M1, 9)
    p.tick(after(16)).none(SendOutside)
    p.unanswered(M1, 17).unanswered(M2, 18).tick(after(40)) << Wish(SendOutside, peer=TAX)


# --- a talk that ends as the key is pressed ------------------------------------------------------


def test_who_hears_goodbye_while_110_rings_is_held_for_it() -> None:
    """The talk had ended before the caller was armed: its own dialplan lets it go."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE) << Wish(ArmCaller, to="hold")
    p.tell(*out_of_talk(5.01), hung_up(leg(SEAT), 5.01, SEAT)).none(SendTo)
    p.rings(M1, 5.1).tick(after(5.31)) << Wish(SendTo, channel=CHANNEL, to="hold")
    p.held(5.4).answers(M1, 7) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)


def test_who_has_said_that_it_holds_is_not_held_again() -> None:
    """Nor who is in the queue again, has been fetched, or has hung up."""
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE)
    left = (*out_of_talk(5.01), hung_up(leg(SEAT), 5.01, SEAT))
    p.tell(*left).held(5.05).tick(after(6)).none(SendTo)
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE)
    p.tell(*left, waiting(at=5.05)).tick(after(6)).none(SendTo)
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 5)
    p.tell(*left).answers(M1, 5.1) << Wish(SendTo, to="room")
    p.tick(after(6)).none(SendTo)
    p = Moves().in_talk().asks(Kind.BLIND, EXPERT)
    p.away(M1, 5.1).tick(after(6)).none(SendTo)
    p = Moves().in_talk().asks(Kind.EMERGENCY, POLICE)
    p.tell(*left).gone(CHANNEL, 5.1).tick(after(6)).none(SendTo)


# --- a second emergency ---------------------------------------------------------------------------


def ambulance() -> Moves:
    """A plan that knows 119 and 120, too."""
    known = {**MOVE_PLAN.targets[CENTRE], FIRE.id: FIRE, SICK.id: SICK}
    return Moves(replace(MOVE_PLAN, targets={CENTRE: known}))


def test_a_second_emergency_makes_it_four_once_the_first_is_joined() -> None:
    """A traffic accident: 110 has answered and stays; the agent presses 120."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").asks(Kind.EMERGENCY, SICK, 8, move=SECOND)
    p << Wish(ShowMove, step=Step.COMPLETED) << Wish(RingRecipient, leg=M2, number="120")
    p.none(HangUp)
    p.rings(M2, 9).answers(M2, 10) << Wish(ShowMove, move=SECOND, step=Step.JOINED)
    p.none(HangUp)
    p.presses(What.CANCEL, 20, move=SECOND) << Wish(HangUp, channel=recipient(M2))
    p.none(HangUp, channel=recipient(M1))


def test_a_second_emergency_brings_the_first_back_from_a_word_apart() -> None:
    """The agent talks with 110 while the caller holds: all three, and 120 rings."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6).answers(M1, 7)
    p.aside(7, to="room").presses(What.PART, 8).held(8)
    p.asks(Kind.EMERGENCY, SICK, 9, move=SECOND) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED) << Wish(RingRecipient, number="120")
    p.none(HangUp)


def test_a_second_emergency_waits_until_the_first_has_answered_or_not() -> None:
    """What rings for 110 is not taken away from the caller; nothing is asked for in vain."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND).none(HangUp)
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED)
    p.answers(M1, 8).aside(8, to="room").none(RingRecipient)
    p.tick(after(8)) << Wish(ShowMove, step=Step.COMPLETED) << Wish(RingRecipient, number="120")
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND).unanswered(M1, 16)
    p.tick(after(18)).none(RingRecipient, number="120")  # the second route of 110 rings
    p.unanswered(M2, 26).tick(after(26)) << Wish(RingRecipient, number="120")
    p.tick(after(27)).none(RingRecipient)


def test_a_third_emergency_follows_the_second() -> None:
    """In the order of the keys; each is shown as it waits, and can be undone by itself."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    p.asks(Kind.EMERGENCY, FIRE, 7.5, move=THIRD) << Wish(ShowMove, move=THIRD, step=Step.ASKED)
    p.answers(M1, 8).aside(8, to="room").tick(after(8)) << Wish(RingRecipient, number="120")
    p.none(RingRecipient, number="9119")
    p.tick(after(9)).none(RingRecipient)
    p.rings(M2, 9).unanswered(M2, 10).tick(after(10)) << Wish(RingRecipient, number="9119")
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND).asks(Kind.EMERGENCY, FIRE, 7.5, move=THIRD)
    p.presses(What.CANCEL, 8, move=SECOND) << Wish(ShowMove, move=SECOND, step=Step.RETURNED)
    p.presses(What.CANCEL, 9).tick(after(9)) << Wish(RingRecipient, number="9119")


def test_one_that_cannot_be_called_when_its_turn_comes_does_not_hold_up_the_next() -> None:
    """It was taken out of the profile meanwhile."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND).asks(Kind.EMERGENCY, FIRE, 7.5, move=THIRD)
    left = {one.id: one for one in (POLICE, FIRE)}
    p.switch.replan(replace(MOVE_PLAN, targets={CENTRE: left}), after(8))
    p.presses(What.CANCEL, 9).tick(after(9))
    p << Wish(ShowMove, move=SECOND, step=Step.RETURNED, why="no-target")
    p << Wish(RingRecipient, number="9119")


def test_what_rings_or_waits_already_is_not_asked_for_again() -> None:
    """It comes of itself: the desk is told so."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    p.asks(Kind.EMERGENCY, SICK, 7, move=THIRD)
    p << Wish(ShowMove, move=THIRD, step=Step.RETURNED, why="already")
    p.presses(What.CANCEL, 8).tick(after(8)) << Wish(RingRecipient, number="120")


# --- a brain that dies while one waits ----------------------------------------------------------


def written(p: Moves) -> str:
    """What stands in ``MOVE`` on the caller's channel."""
    return [one.state for one in p.all if isinstance(one, SetMove)][-1]


def rung_beside(at: float, state: str) -> tuple[SeenChannel, ...]:
    """Anna's talk, beside which 110 rings, and what was written on its caller's channel."""
    caller, agent = sight(at).channels
    rung = SeenChannel(
        channel=recipient(M1), call=CALL, seat=None, context="from-trunk", bridge="", leg=M1
    )
    return (replace(caller, move=state, goes="hold"), agent, rung)


def test_emergencies_that_waited_when_the_brain_died_wait_on() -> None:
    """Another shows them to their desks, and begins them in their order."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    p.asks(Kind.EMERGENCY, FIRE, 7, move=THIRD, number="119")
    p = ambulance().tell(replace(sight(8), channels=rung_beside(8, written(p))))
    p << Wish(ShowMove, move=SECOND, step=Step.ASKED, seat=SEAT)
    p << Wish(ShowMove, move=THIRD, step=Step.ASKED)
    p.none(RingRecipient)
    known = replace(sight(9), channels=rung_beside(9, written(p)))
    p.tell(known).none(ShowMove, step=Step.ASKED)
    p.presses(What.CANCEL, 10).tick(after(10)) << Wish(RingRecipient, number="120")
    p.presses(What.CANCEL, 12, move=SECOND).tick(after(12)) << Wish(RingRecipient, number="9119")


def test_an_emergency_that_waits_no_more_is_begun_by_no_brain() -> None:
    """It has begun, was undone, or its desk was told that it was in vain."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    assert SECOND in written(p)
    p.presses(What.CANCEL, 8, move=SECOND)
    assert SECOND not in written(p)
    p.asks(Kind.EMERGENCY, SICK, 9, move=THIRD).presses(What.CANCEL, 10).tick(after(10))
    assert written(p).count(THIRD) == 1  # that is the move under way
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    state = written(p)
    p >> LinkLost(at=after(8))
    p.tick(after(18)) << Wish(ShowMove, move=SECOND, step=Step.RETURNED, why="no-link")
    told = replace(sight(19).channels[0], move=state, goes="hold")
    p.tell(replace(sight(19), channels=(told, sight(19).channels[1])))
    p.none(ShowMove, move=SECOND).tick(after(60)).none(RingRecipient, number="120")


def test_what_cannot_be_read_of_waiting_emergencies_is_left_out() -> None:
    """The rest of what was written stands."""
    known = read("||||2|m1/emergency:110//chifeng-1001/anna;m2/two")
    assert [one.move for one in known.waits] == ["m1"]
    assert known.legs_made == 2
    assert over(0) == ""
    assert read(over(0, "m1/emergency:110//chifeng-1001/anna")).waits == known.waits


# --- asked for while Asterisk is out of sight ---------------------------------------------------


def sight(at: float, caller: str = "connect", agent: str = "from-seat") -> SnapshotTaken:
    """What Asterisk shows of Anna's talk once it can be seen again."""
    bridge = "b1" if caller == "connect" else ""
    its = SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=caller,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        since=NOON,
    )
    seat = SeenChannel(channel=leg(SEAT), call=CALL, context=agent, seat=SEAT, bridge="b1")
    return SnapshotTaken(at=after(at), channels=(its, seat))


def test_an_emergency_asked_for_out_of_sight_rings_as_soon_as_asterisk_is_seen() -> None:
    """The desk was told yes: no frozen second and no broken link makes a no of it."""
    p = Moves().in_talk()
    p >> LinkLost(at=after(5))
    p.asks(Kind.EMERGENCY, POLICE, 6) << Wish(ShowMove, step=Step.ASKED)
    p.tick(after(7)).none(RingRecipient)
    p >> sight(7.5)
    p.tick(after(7.5)) << Wish(RingRecipient, number="110")
    p.none(ShowMove, step=Step.RETURNED)


def test_who_was_left_while_110_could_not_be_rung_is_held_for_it() -> None:
    """The agent pressed the key and hung up: no goodbye before 110 has the caller."""
    p = Moves().in_talk()
    p >> LinkLost(at=after(5))
    p.asks(Kind.EMERGENCY, POLICE, 6)
    over = replace(sight(7).channels[0], context="survey", bridge="")
    p >> SnapshotTaken(at=after(7), channels=(over,))
    p.tick(after(7)) << Wish(SendTo, channel=CHANNEL, to="hold")
    p << Wish(RingRecipient, number="110")
    p.held(7.1).rings(M1, 8).answers(M1, 9) << Wish(SendTo, channel=CHANNEL, to="room")
    p << Wish(ShowMove, step=Step.COMPLETED)


def test_an_emergency_that_waited_when_the_link_broke_waits_on() -> None:
    """It is not refused by the clock that would have begun it."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT).asks(Kind.EMERGENCY, POLICE, move=SECOND)
    p >> LinkLost(at=after(5.1))
    p.aside(5.2).tick(after(6)).none(ShowMove, move=SECOND)
    p >> sight(7, caller="hold", agent="seat-room")
    p.tick(after(20)) << Wish(RingRecipient, number="110")


def test_an_emergency_that_stays_out_of_sight_is_told_to_its_desk() -> None:
    """With the number to read out, after ten seconds; so is one pressed beside it."""
    p = ambulance().in_talk()
    p >> LinkLost(at=after(5))
    p.asks(Kind.EMERGENCY, POLICE, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND)
    p.tick(after(15.9)).none(ShowMove)
    p.tick(after(16)) << Wish(ShowMove, step=Step.RETURNED, why="no-link", number="110")
    p.none(ShowMove, move=SECOND)
    p.tick(after(17)) << Wish(ShowMove, move=SECOND, step=Step.RETURNED, number="120")
    p >> sight(17)
    p.tick(after(18)).none(RingRecipient)


def test_an_emergency_whose_turn_had_not_come_is_told_when_asterisk_stays_away() -> None:
    """Ten seconds after it went, however long it had waited before."""
    p = ambulance().in_talk().asks(Kind.EMERGENCY, POLICE).rings(M1, 6)
    p.asks(Kind.EMERGENCY, SICK, 7, move=SECOND).tick(after(18))
    p >> LinkLost(at=after(18))
    p.tick(after(20))
    p >> LinkLost(at=after(20))  # it is away already
    p.tick(after(27.9)).none(ShowMove)
    p.tick(after(28)) << Wish(ShowMove, move=SECOND, step=Step.RETURNED, why="no-link")
    p.tick(after(60)).none(ShowMove)


def test_a_clock_that_is_set_hurries_no_waiting_emergency() -> None:
    """Nor does it keep one waiting for what never comes."""
    for by in (-100, 100):
        p = Moves().in_talk()
        p >> LinkLost(at=after(5))
        p.asks(Kind.EMERGENCY, POLICE, 6)
        p >> ClockSet(at=after(7 + by), by=timedelta(seconds=by))
        p.tick(after(15.9 + by)).none(ShowMove)
        p.tick(after(16 + by)) << Wish(ShowMove, step=Step.RETURNED, why="no-link")
