"""Who leaves the caller to somebody else goes once that one has come, and stays if it does not."""

from dataclasses import replace
from datetime import timedelta

from cti.effects import HangUp, TakeSnapshot, WriteJournal
from cti.events import ClockSet, LinkLost, SnapshotTaken
from cti.ids import MoveId
from cti.movewishes import ArmCaller, SendTo, ShowMove
from cti.seen import SeenChannel
from tests.cti.looked import agent, caller, expert
from tests.cti.moved import EXPERT, GROUP, M1, M2, MOVE, ROOM, Moves, recipient
from tests.cti.playbook import (
    ANNA,
    BEN,
    CHANNEL,
    OTHER,
    SEAT,
    Wish,
    after,
    leg,
)
from transfer.step import Kind, Step, What

SECOND = MoveId("move-2")
NOT_COMPLETED = {"move": MOVE, "step": "returned"}


def swapped(p: Moves) -> Moves:
    """The agent talks with the caller, and the expert holds."""
    p.in_talk().asks(Kind.CONSULT, EXPERT).aside(5).rings(M1, 6).answers(M1, 7)
    p.presses(What.SWAP, 8).enters(8)
    return p.tell(*p._leaves(recipient(M1), 8))  # noqa: SLF001  # the verb's own step


def completed(p: Moves) -> Moves:
    """The agent leaves the caller to the expert, who has to come from hold first."""
    swapped(p).presses(What.COMPLETE, 10) << Wish(SendTo, channel=recipient(M1), to="seat-room")
    p << Wish(ShowMove, step=Step.COMPLETED)
    return p.none(HangUp)


def gathering(p: Moves) -> Moves:
    """The agent leaves the caller to an expert, and the caller is being fetched to that one."""
    p.in_talk().asks(Kind.THREE_WAY, EXPERT).rings(M1, 6).answers(M1, 7)
    p.presses(What.COMPLETE, 10) << Wish(SendTo, channel=CHANNEL, to="room")
    return p.none(HangUp)


CALLER = caller("room", bridge=ROOM)
ARMED = replace(CALLER, goes="hold")
AGENT, CAME, HOLDS = agent(), expert(), expert(context="hold", bridge="")


def looks(p: Moves, at: float, *channels: SeenChannel) -> Moves:
    """Asterisk is looked at."""
    return p.tell(SnapshotTaken(at=after(at), channels=channels))


def returned(p: Moves, why: str) -> Moves:
    """The desk and the journal are told that the caller is with the agent after all."""
    data = tuple(sorted({**NOT_COMPLETED, "why": why}.items()))
    p << Wish(WriteJournal, what="move-over", data=data)
    return p << Wish(ShowMove, move=MOVE, step=Step.RETURNED, why=why)


def test_nobody_leaves_by_the_clock_whose_recipient_has_not_come() -> None:
    """A slow redirect tears a good talk apart else: first Asterisk is looked at."""
    with completed(Moves()) as p:
        p.tick(after(12)) << Wish(TakeSnapshot)
        p.none(HangUp)
        p.enters(12.1, recipient(M1)) << Wish(HangUp, channel=leg(SEAT))
        p.tick(after(60)).none(HangUp)


def test_an_order_to_come_that_was_not_carried_out_is_given_once_more() -> None:
    """The look shows the recipient on hold still; or in the room, and nobody had said so."""
    with completed(Moves()) as p:
        p.tick(after(12)).none(HangUp)
        looks(p, 12.1, ARMED, AGENT, HOLDS)
        p << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p.none(HangUp).enters(12.2, recipient(M1)) << Wish(HangUp, channel=leg(SEAT))
    with completed(Moves()) as p:
        p.tick(after(12)).none(HangUp)
        looks(p, 12.1, ARMED, AGENT, CAME) << Wish(HangUp, channel=leg(SEAT))


def test_a_look_for_anothers_sake_gives_who_comes_its_time() -> None:
    """It was ordered a moment ago."""
    with completed(Moves()) as p:
        looks(p, 10.1, ARMED, AGENT, HOLDS).none(SendTo).none(HangUp)
        p.enters(10.2, recipient(M1)) << Wish(HangUp, channel=leg(SEAT))


def test_an_agent_to_whose_caller_nobody_comes_keeps_it() -> None:
    """What was completed is taken back, and who would hold for ever is let go."""
    with completed(Moves()) as p:
        p.tick(after(14)) << Wish(ArmCaller, channel=CHANNEL, to="")
        returned(p, "timed-out") << Wish(HangUp, channel=recipient(M1))
        p.none(HangUp, channel=leg(SEAT))
        p.tick(after(60)).none(HangUp)


def test_an_agent_whose_recipient_hangs_up_instead_of_coming_keeps_the_caller() -> None:
    """Their talk ends as any other does: the caller does not hold for who has gone."""
    with completed(Moves()) as p:
        p.gone(recipient(M1), 10.1) << Wish(ArmCaller, channel=CHANNEL, to="")
        returned(p, "gone").none(HangUp).none(SendTo)
        p.tick(after(60)).none(HangUp)
    with completed(Moves()) as p:  # a second move may be under way by then, and wants it to hold
        p.asks(Kind.THREE_WAY, EXPERT, 10.05, move=SECOND) << Wish(ArmCaller, to="hold")
        p.gone(recipient(M1), 10.1).none(ArmCaller)
        returned(p, "gone")


def test_a_caller_who_is_being_fetched_to_a_recipient_that_goes_is_left_to_its_agent() -> None:
    """Nobody is let go of: they meet in the room, or talk on."""
    with gathering(Moves()) as p:
        returned(p.gone(recipient(M1), 10.1), "gone").none(ArmCaller)
        p.aside(10.2, to="room").none(HangUp)
        p.tick(after(60)).none(HangUp)


def test_who_hangs_up_has_left_without_us() -> None:
    """Agent or caller: nothing is taken back, and nobody is waited for."""
    for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
        with completed(Moves()) as p:
            p.gone(channel, 10.1, seat).none(ShowMove, move=MOVE, step=Step.RETURNED)
            p.tick(after(13)).none(ShowMove, step=Step.RETURNED)


def test_whoever_else_goes_makes_nobody_stay() -> None:
    """Who was rung for another move is not waited for."""
    with completed(Moves()) as p:
        p.asks(Kind.THREE_WAY, EXPERT, 10.05, move=SECOND).rings(M2, 10.1).gone(recipient(M2), 10.2)
        p.none(ShowMove, move=MOVE)
        p.enters(10.3, recipient(M1)) << Wish(HangUp, channel=leg(SEAT))


def test_a_deadline_of_an_earlier_leaving_is_not_the_next_ones() -> None:
    """Each has its own two seconds, also when the clock is set."""
    with completed(Moves()) as p:
        p.gone(recipient(M1), 10.1)
        p.asks(Kind.CONSULT, EXPERT, 10.2, move=SECOND).held(10.3).rings(M2, 10.4)
        p.answers(M2, 10.5).presses(What.SWAP, 11, move=SECOND).enters(11)
        p.presses(What.COMPLETE, 11.5, move=SECOND)
        p.tick(after(13)).none(TakeSnapshot, why="who has the caller cannot leave it yet")
        p.tick(after(13.5)) << Wish(TakeSnapshot, why="who has the caller cannot leave it yet")
    with completed(Moves()) as p:
        p.tell(ClockSet(at=after(110), by=timedelta(seconds=100)))
        p.tick(after(111.9)).none(TakeSnapshot)
        p.tick(after(112)) << Wish(TakeSnapshot, why="who has the caller cannot leave it yet")


# --- with the link lost ---------------------------------------------------------------------------


def dark(p: Moves, since: float, until: float) -> Moves:
    """Asterisk is out of sight; what was ordered just then is lost."""
    return p.tell(LinkLost(at=after(since))).tick(after(until))


def test_who_came_out_of_sight_has_come() -> None:
    """Else the agent would hear on though its desk and the record say that it has left."""
    with completed(Moves()) as p:
        dark(p, 10.05, 14)
        looks(p, 14, CALLER, AGENT, CAME) << Wish(HangUp, channel=leg(SEAT))
        p.tick(after(60)).none(HangUp)
    with gathering(Moves()) as p:
        dark(p, 10.05, 14)
        looks(p, 14, CALLER, AGENT, CAME) << Wish(HangUp, channel=leg(SEAT))


def test_an_order_to_come_that_was_lost_is_given_again() -> None:
    """And waited for as the first."""
    with completed(Moves()) as p:
        dark(p, 10.05, 14)
        looks(p, 14, ARMED, AGENT, HOLDS)
        p << Wish(SendTo, channel=recipient(M1), to="seat-room")
        p.none(HangUp).tick(after(15.9)).none(HangUp)
        returned(p.tick(after(16)), "timed-out")
    talks = agent("from-seat", "b1")
    with gathering(Moves()) as p:
        dark(p, 10.05, 14)
        looks(p, 14, caller("connect", bridge="b1"), talks, CAME)
        p << Wish(SendTo, channel=CHANNEL, to="room")
        p.none(HangUp, channel=leg(SEAT))


def test_who_went_out_of_sight_is_waited_for_no_more() -> None:
    """The recipient: its agent keeps the caller. The agent: it has left."""
    with completed(Moves()) as p:
        dark(p, 10.05, 14)
        returned(looks(p, 14, ARMED, AGENT), "gone").none(HangUp)
    with completed(Moves()) as p:
        dark(p, 10.05, 14)
        looks(p, 14, CALLER, CAME).none(ShowMove).none(HangUp)
        p.tick(after(60)).none(HangUp)


def test_whose_hanging_up_was_lost_is_hung_up_when_it_is_seen() -> None:
    """Three would hear each other, and one of them is believed gone."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(5).rings(M1, 6).answers(M1, 7) as p:
        p.presses(What.JOIN, 8).enters(8).presses(What.COMPLETE, 9)
        p << Wish(HangUp, channel=leg(SEAT))
        dark(p, 9.01, 12)
        looks(p, 12, CALLER, AGENT, CAME) << Wish(HangUp, channel=leg(SEAT))
        p.none(HangUp, channel=recipient(M1))
        looks(p, 13, CALLER, AGENT, CAME).none(HangUp)  # given a moment ago


def test_who_alone_is_left_with_the_caller_is_let_go_no_more() -> None:
    """The recipient hung up out of sight: the agent has the caller."""
    with Moves().in_talk().asks(Kind.CONSULT, EXPERT).aside(5).rings(M1, 6).answers(M1, 7) as p:
        p.presses(What.JOIN, 8).enters(8).presses(What.COMPLETE, 9)
        dark(p, 9.01, 12)
        looks(p, 12, CALLER, AGENT).none(HangUp)


def test_whom_a_lost_order_left_in_its_talk_can_be_let_go_later() -> None:
    """It is not taken for one who is hung up already."""
    state = f"{MOVE}|blind/sending/{SEAT}/{ANNA}|{GROUP.id}|{SEAT}|0"
    with Moves().in_talk().sign_in(OTHER, BEN) as p:
        p.asks(Kind.BLIND, GROUP) << Wish(HangUp, channel=leg(SEAT))
        dark(p, 5.01, 9)
        talks = agent("connect", "b1")
        told = caller("connect", bridge="b1", goes="hold", move=state)
        looks(p, 9, told, talks) << Wish(ShowMove, step=Step.RETURNED)
        p.asks(Kind.THREE_WAY, EXPERT, 20, move=SECOND).rings(M1, 21).answers(M1, 22)
        p.aside(22.1, to="room").presses(What.COMPLETE, 30, move=SECOND)
        p << Wish(HangUp, channel=leg(SEAT))
