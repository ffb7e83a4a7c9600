"""A supervisor in somebody else's talk: its seat, what its phone tells, and what a look shows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cti.effects import HangUp, ShowSeat, TakeSnapshot, WriteJournal
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedOut,
    Event,
    LegBridged,
    LinkLost,
    SnapshotTaken,
)
from cti.happened import Refusal
from cti.listener import SUPERVISING
from cti.movewishes import ArmCaller, Monitor, SendTo, SetAside, ShowSupervised
from cti.supervisesteps import UNSEEN_AFTER
from queues.seat import AgentState
from tests.cti.playbook import (
    CALL,
    CHANNEL,
    NOON,
    RING,
    SEAT,
    WRAP_UP,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
)
from tests.cti.supervised import (
    BOSS,
    ELSEWHERE,
    LISTENER,
    MEMBERS,
    OWN,
    PHONE,
    TONED,
    boss,
    boss_in_room,
    caller,
    hears,
    joins,
    no_more,
    refused,
    takes,
    talk,
    told,
)
from transfer.step import Mode, Phase


def test_whoever_was_away_is_away_again_afterwards() -> None:
    """A supervisor need not take calls to listen."""
    with talk(is_ready=False) as p:
        p >> joins()
        p << Wish(Monitor)
        p >> hears() >> no_more()
        assert boss(p) == (AgentState.NOT_READY, "sign-in")


def test_whoever_listens_is_not_ready_until_that_is_over() -> None:
    """Asked for meanwhile, it holds afterwards; so does a break, which takes nothing of it back."""
    with talk() as p:
        p >> joins() >> hears()
        p >> AgentReady(at=after(8), seat=BOSS)
        p.none(ShowSeat)
        assert p.switch.seats()[-1].since == after(5)
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")
    with talk(is_ready=False) as p:
        p >> joins() >> hears()
        p >> AgentReady(at=after(8), seat=BOSS)
        p << Wish(ShowSeat)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        assert p.switch.figures()["seats_available"] == 0
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")
    with talk() as p:
        p >> joins() >> hears()
        p >> AgentNotReady(at=after(8), seat=BOSS, reason="meal")
        p >> no_more()
        assert boss(p) == (AgentState.NOT_READY, "meal")


def test_a_wrap_up_that_ends_while_its_agent_listens_makes_nobody_ready() -> None:
    """Its time is over; the seat is free when the listening is."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> boss_in_room()
        for channel, seat in ((OWN, BOSS), (CHANNEL, None)):
            p >> LegBridged(at=after(11), call=CALL, channel=channel, seat=seat, bridge="room")
        p >> hung_up(OWN, 16, BOSS)
        assert boss(p)[0] is AgentState.WRAP_UP
        p >> hears(at=17)
        assert boss(p)[0] is AgentState.WRAP_UP
        p.tick(after(16) + WRAP_UP)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> no_more(at=200)
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_a_phone_that_was_heard_of_late_makes_its_seat_not_ready() -> None:
    """A brain before us rang it, and we took the seat for free."""
    with talk() as p:
        p >> hears()
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> no_more()
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_the_end_of_another_call_or_of_nothing_changes_nothing() -> None:
    with talk() as p:
        p >> no_more()
        p >> joins() >> no_more(call=ELSEWHERE)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p.tick(after(5) + RING + UNSEEN_AFTER)
        p >> joins(at=40)
        p << Wish(Monitor)


def test_a_brain_that_comes_back_knows_who_hears_which_talk() -> None:
    """The phone is no leg of the call, and may change its mode or take the talk over."""
    seen = SnapshotTaken(at=NOON, channels=(caller(), PHONE, LISTENER), members=MEMBERS)
    with Playbook(TONED, snapshot=seen) as p:
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        assert OWN not in p.switch._picture.calls[CALL].legs
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p >> boss_in_room()
        p << Wish(HangUp, channel=leg(SEAT))


def test_a_phone_that_answers_for_a_brain_before_us_is_known_by_that() -> None:
    with talk() as p:
        p >> replace(hears(), call=ELSEWHERE)
        p.none(WriteJournal)
        p >> hears()
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")


def test_who_has_stopped_hearing_out_of_sight_is_free_again() -> None:
    """In this brain's own memory, and in one that finds only the reason."""
    seen = SnapshotTaken(at=NOON, channels=(caller(), PHONE), members=MEMBERS)
    with Playbook(TONED, snapshot=seen) as p:
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears()
        p >> LinkLost(at=after(8))
        p >> joins(Mode.BARGE, at=8)
        p.none(Monitor)
        p >> replace(seen, at=after(9))
        assert boss(p)[0] is AgentState.AVAILABLE


def test_a_take_over_out_of_sight_is_gone_on_with_as_asterisk_shows() -> None:
    """In the room already: the agent is let go. Gone: the caller stays with the agent."""
    there = replace(LISTENER, hears=None, context="seat-room", bridge="room")
    armed = replace(caller(), goes="room")
    for shown, wished in (
        ((armed, PHONE, there), Wish(HangUp, channel=leg(SEAT))),
        ((armed, PHONE), Wish(ArmCaller, channel=CHANNEL, to="")),
    ):
        with talk() as p:
            p >> joins() >> hears() >> takes()
            p >> LinkLost(at=after(10))
            p >> SnapshotTaken(at=after(11), channels=shown, members=MEMBERS)
            p << wished


def test_a_phone_that_still_hears_stays_as_it_was() -> None:
    """What it hears is what Asterisk shows."""
    seen = SnapshotTaken(at=after(9), channels=(caller(), PHONE, LISTENER), members=MEMBERS)
    with talk() as p:
        p >> joins() >> hears()
        p >> LinkLost(at=after(8)) >> seen
        listener = p.switch._picture.listeners[BOSS]
        assert (listener.mode, listener.spied) == (Mode.WHISPER, leg(SEAT))


@pytest.mark.parametrize(
    ("heard", "channel"), [(True, OWN), (False, f"{CALL}-s-{BOSS}")], ids=["hears", "rings"]
)
def test_who_signs_out_hears_no_more(channel: str, *, heard: bool) -> None:
    """Whoever hears a talk has a name; also when the phone still rings for it."""
    with talk() as p:
        p >> joins()
        if heard:
            p >> hears()
        p >> AgentSignedOut(at=after(9), seat=BOSS)
        p << Wish(HangUp, call=CALL, channel=channel)
        p >> no_more()
        assert boss(p) == (AgentState.LOGGED_OUT, "")
        p >> takes(30) >> AgentSignedOut(at=after(31), seat=BOSS)
        p.none(HangUp)


def test_who_signs_out_on_the_way_to_the_room_talks_there() -> None:
    """The agent is let go for it: the caller must not be left alone."""
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> AgentSignedOut(at=after(10), seat=BOSS)
        p.none(HangUp)
        p >> boss_in_room()
        p << Wish(HangUp, call=CALL, channel=leg(SEAT))


def test_who_signed_out_on_the_way_and_never_came_hears_no_more() -> None:
    """The caller stays with the agent, and nobody without a name listens."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> AgentSignedOut(at=after(10), seat=BOSS)
        p >> refused("SendTo", channel=OWN)
        p << Wish(ArmCaller, to="") << Wish(HangUp, call=CALL, channel=OWN)


def test_a_look_shows_that_the_agent_has_come() -> None:
    """The room's own word was missed."""
    shown = replace(LISTENER, hears=Mode.LISTEN)
    there = replace(PHONE, context="seat-room", bridge="room")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> SnapshotTaken(at=after(10), channels=(caller("room"), there, shown), members=MEMBERS)
        p << Wish(Monitor, own=OWN, mode=Mode.BARGE)
        barges = replace(LISTENER, hears=Mode.BARGE)
        p >> SnapshotTaken(at=after(11), channels=(caller("room"), there, barges), members=MEMBERS)
        p << told(Phase.HEARING, mode=Mode.BARGE)


# --- out of sight -----------------------------------------------------------------------------


IN_ROOM = replace(LISTENER, hears=None, context="seat-room", bridge="room")


@pytest.mark.parametrize(
    "answers", [(), (refused("SendTo", Refusal.OTHER, OWN),)], ids=["none", "lost"]
)
def test_a_take_over_is_neither_late_nor_refused_out_of_sight(answers: Sequence[Event]) -> None:
    """The supervisor came unseen, or its order's answer went with the link: the next look says so,
    and lets the agent go. Both gone, the caller would be with nobody.
    """
    armed = replace(caller(), goes="room")
    with talk() as p:
        p >> joins() >> hears() >> takes() >> LinkLost(at=after(10.1))
        for answer in answers:
            p >> answer
        p.tick(after(16))
        p >> SnapshotTaken(at=after(16), channels=(armed, PHONE, IN_ROOM), members=MEMBERS)
        p << told(Phase.OVER, why="") << Wish(WriteJournal, what="taken-over")
        let_go = [one.channel for one in p.all if isinstance(one, HangUp)]
        assert let_go == [leg(SEAT)]


def test_what_never_came_is_late_as_soon_as_it_can_be_seen() -> None:
    """The order was lost with the link: the supervisor hears on, and may press again. Meanwhile an
    emergency may be asked for, and the caller has to hold for it.
    """
    with talk() as p:
        p >> joins() >> hears() >> takes() >> LinkLost(at=after(10.1))
        p.tick(after(16))
        p.none(ShowSupervised)
        p >> SnapshotTaken(at=after(16), channels=(caller(), PHONE, LISTENER), members=MEMBERS)
        p << told(Phase.HEARING, why="late")
        p.tick(after(21))
        p.none(TakeSnapshot)
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=10) >> LinkLost(at=after(10.1))
        armed = replace(caller(), goes="room")
        p >> SnapshotTaken(at=after(11), channels=(armed, PHONE, LISTENER), members=MEMBERS)
        p << Wish(ArmCaller, to="") << told(Phase.HEARING, why="late")


def test_who_signed_out_out_of_sight_hears_no_more() -> None:
    """A talk is heard by nobody whose name is not known; what was ordered then came to nothing."""
    seen = SnapshotTaken(at=after(10), channels=(caller(), PHONE, LISTENER), members=(MEMBERS[0],))
    ended = Wish(HangUp, call=CALL, channel=OWN)
    for told_before in ((), (hears(),)):
        with talk() as p:
            p >> joins(Mode.BARGE)
            for event in told_before:
                p >> event
            p >> LinkLost(at=after(8)) >> AgentSignedOut(at=after(9), seat=BOSS) >> seen
            p << ended
            p.none(Monitor)
            p.none(SetAside)
            p >> no_more(at=11)
            assert boss(p) == (AgentState.LOGGED_OUT, "")
    with Playbook(TONED, snapshot=seen) as p:
        p << ended


# --- a caller who was taken over and never met ---------------------------------------------------


def test_who_took_over_a_caller_who_is_gone_is_free_again() -> None:
    """They were in no bridge together, so no talk's end frees the seat; its own leg's end does."""
    with talk() as p:
        p >> joins() >> hears() >> hung_up(leg(BOSS, 1), 8, BOSS, call=ELSEWHERE)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> takes() >> no_more(10) >> boss_in_room(10)
        p >> LegBridged(at=after(10), call=CALL, channel=OWN, seat=BOSS, bridge="room")
        p >> hung_up(leg(SEAT), 10.1, SEAT) >> hung_up(CHANNEL, 10.2)
        p >> hung_up(leg(BOSS, 1), 10.3, BOSS, call=ELSEWHERE)
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> hung_up(OWN, 10.4, BOSS)
        assert boss(p) == (AgentState.AVAILABLE, "")
