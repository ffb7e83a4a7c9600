"""Moves told as stories: whoever is left, orders that fail or are late, and what is told."""

from datetime import timedelta

from cti.call import CallState
from cti.effects import (
    CompleteDraft,
    HangUp,
    TakeSnapshot,
    WriteJournal,
)
from cti.events import CallFellBack, ClockSet, LinkLost, OrderRefused, SeatLost, SnapshotTaken
from cti.happened import Refusal
from cti.ids import CallId, ChannelId
from cti.moveevents import CallerHeld, PartyLost, RoomEntered
from cti.movewishes import (
    ArmCaller,
    RingRecipient,
    SendTo,
    SetAside,
    SetMove,
    ShowMove,
)
from queues.seat import AgentState
from tests.cti.moved import (
    COLLEAGUE,
    EXPERT,
    M1,
    M2,
    MOVE,
    POLICE,
    THIRD,
    Moves,
    consulting,
    joined,
    recipient,
    state,
)
from tests.cti.playbook import (
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
    waiting,
)
from transfer.step import Kind, Step, What

# --- whoever is left ----------------------------------------------------------------------------


def test_the_callers_hanging_up_ends_every_leg() -> None:
    """Ringing, talking, in a step or after the move: nobody is left in a room."""
    with Moves() as p:
        consulting(p).gone(CHANNEL, 9) << Wish(HangUp, channel=recipient(M1))
        p << Wish(HangUp, channel=leg(SEAT)) << Wish(ShowMove, step=Step.ABANDONED)
        p.none(CompleteDraft)
        p.gone(leg(SEAT), 9, SEAT).gone(recipient(M1), 9) << Wish(CompleteDraft)
    with Moves() as p:
        joined(p).gone(CHANNEL, 11).none(HangUp)  # its dialplan takes them with it
        p << Wish(ShowMove, step=Step.ABANDONED)
        p.tick(after(12)) << Wish(HangUp, channel=leg(SEAT))
        p << Wish(HangUp, channel=recipient(M1))
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:  # nobody rings as yet
        p.gone(CHANNEL, 6) << Wish(ShowMove, step=Step.ABANDONED)
        p.none(HangUp)
    with Moves() as p:  # the recipient holds, and the caller was alone with the agent
        consulting(p).presses(What.SWAP, 9).enters(9)
        p.gone(CHANNEL, 10) << Wish(HangUp, channel=recipient(M1))
        p.none(HangUp, channel=leg(SEAT))


def test_a_recipient_who_answers_too_late_is_let_go() -> None:
    """The stop and the answer passed each other by; or there was nobody to stop as yet."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.presses(What.CANCEL, 8) << Wish(HangUp, channel=recipient(M1))
        p.answers(M1, 8).none(HangUp)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.presses(What.CANCEL, 7) << Wish(HangUp, channel=ChannelId(M1))
        p.rings(M1, 7) << Wish(HangUp, channel=recipient(M1))
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.presses(What.CANCEL, 7)
        p.answers(M1, 8) << Wish(HangUp, channel=recipient(M1))


def test_a_caller_on_hold_without_a_move_is_fetched() -> None:
    """To whoever is in the room, else to the queue."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6) as p:
        p.presses(What.CANCEL, 7).gone(leg(SEAT), 7, SEAT)
        p.held(7) << Wish(SendTo, channel=CHANNEL, to="wait")
    with Moves() as p:
        joined(p).presses(What.CANCEL, 10).gone(recipient(M1), 10)
        p.held(11) << Wish(SendTo, channel=CHANNEL, to="room")


def test_a_caller_who_fell_back_to_the_queue_ends_the_move() -> None:
    """Its own dialplan knew no better; whoever is left in the room is let go."""
    with Moves() as p:
        consulting(p) >> waiting(at=9)
        p << Wish(HangUp, channel=recipient(M1)) << Wish(ShowMove, step=Step.RETURNED)
        p << Wish(HangUp, channel=leg(SEAT))
        assert p.switch.waiting == [CALL]


def test_a_caller_who_fell_back_while_somebody_rings_is_still_fetched() -> None:
    """Asterisk's own queue has it for a moment; whoever answers gets it from there."""
    with Moves().call_in().asks(Kind.EMERGENCY, POLICE) as p:
        p >> CallFellBack(at=after(6), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(0))
        p.rings(M1, 6).answers(M1, 7) << Wish(SendTo, channel=CHANNEL, to="room")
    with Moves() as p:
        consulting(p) >> CallFellBack(
            at=after(9), call=CALL, channel=CHANNEL, centre=CENTRE, since=after(0)
        )
        p << Wish(ShowMove, step=Step.RETURNED)
        assert p.switch.call_state(CALL) is CallState.FALLEN_BACK


def test_a_lost_recipient_after_the_move_sends_the_caller_to_the_queue() -> None:
    """Not the agent's fault, whose wrap-up goes on."""
    with Moves() as p:
        joined(p).presses(What.COMPLETE, 10).gone(leg(SEAT), 10, SEAT)
        p.tell(PartyLost(at=after(12), call=CALL, channel=recipient(M1)))
        p.gone(recipient(M1), 12).tell(SeatLost(at=after(12), call=CALL))
        p >> waiting(at=12)
        assert p.switch.waiting == [CALL]
        assert state(p) is AgentState.WRAP_UP


# --- orders and deadlines -----------------------------------------------------------------------


def test_an_order_whose_channel_was_busy_is_given_again() -> None:
    """After 50 ms, and so often; then it counts as refused, and both talk on."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5, Refusal.NOT_UP).none(SetAside)
        p.tick(after(5.05)) << Wish(SetAside, to="hold")
        for _ in range(19):
            p.refused("SetAside", 5.1, Refusal.NOT_UP)
        p.none(ShowMove)
        p.refused("SetAside", 5.2, Refusal.NOT_UP) << Wish(ArmCaller, to="")
        p << Wish(ShowMove, step=Step.RETURNED, why="not-up")
        p.tick(after(5.4)).none(SetAside)


def test_a_refused_order_ends_what_it_began() -> None:
    """Both talk on, and the desk knows."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5.1) << Wish(ShowMove, step=Step.RETURNED, why="other")
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.refused("SetAside", 5.1).none(ShowMove)  # an older one
        p.refused("SendAway", 5.1) << Wish(ShowMove, step=Step.RETURNED)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6) as p:
        p.refused("RingRecipient", 6.1) << Wish(RingRecipient, leg=M2)


def test_an_order_to_a_channel_that_is_gone_waits_for_its_end() -> None:
    """Its end says the rest. One nobody answered may have been carried out: look."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.refused("SetAside", 5, Refusal.GONE).none(ShowMove)
        p.refused("SetAside", 5, Refusal.TIMED_OUT) << Wish(TakeSnapshot)
        p.refused("", 5).none(ShowMove)
        gone = CallId("node1-1.1")
        p >> OrderRefused(at=after(5), call=gone, offer=None, why=Refusal.GONE, order="SendTo")
        p.none(TakeSnapshot)


def test_whoever_was_sent_somewhere_and_refused_is_sent_again() -> None:
    """And looked for, if it does not arrive."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9).refused("SendTo", 9, Refusal.NOT_UP)
        p.tick(after(9.05)) << Wish(SendTo, channel=CHANNEL, to="room")
        p.none(TakeSnapshot)
        p.tick(after(11.1)) << Wish(TakeSnapshot)
        p.tick(after(13.2)) << Wish(TakeSnapshot)
        p.enters(14)
        p.tick(after(20)).none(TakeSnapshot)
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9)
        p.tell(
            OrderRefused(
                at=after(9),
                call=CALL,
                offer=None,
                why=Refusal.OTHER,
                order="SendTo",
                channel=recipient(M1),
            )
        )
        p.tick(after(9.06)) << Wish(SendTo, channel=recipient(M1), to="hold")
        p.none(SendTo, channel=CHANNEL)


def test_a_recipient_on_hold_is_known_by_its_leaving_the_room() -> None:
    """Its dialplan says no word of it. Was it not in the room's bridge, one look will tell."""
    with Moves() as p:
        consulting(p).presses(What.SWAP, 9).enters(9)
        p.tell(*p._leaves(recipient(M1), 9))  # noqa: SLF001  # the verb's own step
        p.tick(after(20)).none(TakeSnapshot)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.tell(RoomEntered(at=after(8), call=CALL, channel=recipient(M1), seat=None, leg=M1))
        p.presses(What.SWAP, 9).enters(9)
        p.tick(after(11)) << Wish(TakeSnapshot)
        p.tick(after(20)).none(TakeSnapshot)


def test_a_step_that_comes_to_nothing_is_looked_at_and_then_given_up() -> None:
    """First a look at Asterisk; if that changes nothing, it has failed."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p.tick(after(7)) << Wish(TakeSnapshot)
        p.tick(after(9)) << Wish(ShowMove, step=Step.RETURNED, why="timed-out")
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7) as p:
        p.tick(after(30.9)).none(TakeSnapshot)
        p.tick(after(31)) << Wish(TakeSnapshot)
        p.tick(after(33)) << Wish(HangUp, channel=recipient(M1)) << Wish(RingRecipient, leg=M2)
    with Moves().in_talk().asks(Kind.BLIND, EXPERT) as p:
        p.tick(after(7)) << Wish(TakeSnapshot)
        p.tick(after(9)) << Wish(ShowMove, step=Step.RETURNED, why="timed-out")


def test_without_a_link_no_deadline_orders_anything() -> None:
    """The next snapshot will say."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p >> LinkLost(at=after(6))
        p.refused("SetAside", 7).none(ShowMove)
        p.tick(after(20)).none(TakeSnapshot).none(ShowMove)


def test_a_clock_that_is_set_keeps_every_deadline_as_far_away() -> None:
    """Neither given up at once, nor an hour later."""
    with Moves() as p:
        consulting(p).presses(What.JOIN, 9) >> ClockSet(at=after(3609), by=timedelta(hours=1))
        p.tick(after(3610)).none(TakeSnapshot)
        p.tick(after(3611)) << Wish(TakeSnapshot)
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        p >> ClockSet(at=after(3605), by=timedelta(hours=1))
        p.tick(after(3606)).none(TakeSnapshot)
        p.tick(after(3607)) << Wish(TakeSnapshot)


def test_a_call_that_ended_out_of_sight_ends_its_move() -> None:
    """Nobody's seat goes on ringing or talking for it, and desks know."""
    with Moves().sign_in(OTHER, BEN).in_talk().asks(Kind.CONSULT, COLLEAGUE).aside(6) as p:
        assert state(p, OTHER) is AgentState.OFFERED
        p.tell(LinkLost(at=after(7)), SnapshotTaken(at=after(30)))
        p << Wish(ShowMove, step=Step.ABANDONED)
        assert state(p, OTHER) is AgentState.AVAILABLE
        assert state(p) is AgentState.WRAP_UP


def test_a_move_of_a_call_nobody_knows_is_looked_at() -> None:
    """It came while we were away."""
    with Moves() as p:
        p >> CallerHeld(at=after(1), call=CALL)
        p << Wish(TakeSnapshot)


# --- what is told -------------------------------------------------------------------------------


def test_a_move_is_written_down_for_a_brain_that_comes_back() -> None:
    """On the caller's channel, at each step; how many legs were rung stays there after it."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT) as p:
        state_ = f"{MOVE}|consult/setting-aside/{SEAT}/anna|{EXPERT.id}|{SEAT}|0"
        p << Wish(SetMove, channel=CHANNEL, state=state_)
        p.aside(6).rings(M1, 7).answers(M1, 8).presses(What.CANCEL, 9) << Wish(
            SetMove, state="||||1"
        )


def test_the_journal_tells_a_move_from_its_key_to_its_end() -> None:
    """In words that the work order and the rebuilding of calls read."""
    with Moves() as p:
        joined(p).presses(What.COMPLETE, 10)
        lines = [(one.what, dict(one.data)) for one in p.all if isinstance(one, WriteJournal)]
        found = [(what, data) for what, data in lines if what.startswith("move-")]
        assert found == [
            (
                "move-begun",
                {
                    "move": MOVE,
                    "kind": "consult",
                    "target": EXPERT.id,
                    "name": "社保",
                    "target_kind": "expert",
                    "seat": SEAT,
                    "agent": "anna",
                    "number": "",
                },
            ),
            ("move-step", {"move": MOVE, "step": "setting-aside"}),
            ("move-rung", {"move": MOVE, "leg": M1, "target": EXPERT.id, "name": "社保"}),
            ("move-step", {"move": MOVE, "step": "ringing"}),
            ("move-step", {"move": MOVE, "step": "consulting"}),
            ("move-step", {"move": MOVE, "step": "joined"}),
            ("move-over", {"move": MOVE, "step": "completed", "why": ""}),
        ]


def test_the_room_may_be_told_before_the_end_of_the_talk() -> None:
    """Events of two channels pass each other by: the talk ends when it ends."""
    with Moves().in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7) as p:
        p.tell(RoomEntered(at=after(7), call=CALL, channel=CHANNEL, seat=None))
        assert p.switch.call_state(CALL) is CallState.TALKING


def test_a_party_that_nobody_announced_is_in_the_room_all_the_same() -> None:
    """As after a look at Asterisk that came too early for it."""
    with Moves() as p:
        consulting(p)
        stranger = leg(THIRD, 12)
        p.tell(RoomEntered(at=after(9), call=CALL, channel=stranger, seat=THIRD))
        p.gone(CHANNEL, 10) << Wish(HangUp, channel=stranger)
