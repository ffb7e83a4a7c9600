"""A supervisor goes from step to step in a talk, and none of them loses the caller."""

from dataclasses import replace
from datetime import timedelta

from cti.call import CallState
from cti.effects import HangUp, ShowSeat, TakeSnapshot, WriteJournal
from cti.events import (
    AgentSignedIn,
    ClockSet,
    LegBridged,
    LegUnbridged,
    PhoneChanged,
)
from cti.happened import Phone, Refusal
from cti.ids import AgentId, SeatId
from cti.listener import SUPERVISING
from cti.move import Where
from cti.moveevents import (
    RoomEntered,
)
from cti.movewishes import ArmCaller, Monitor, SendTo, SetAside
from cti.supervisesteps import UNSEEN_AFTER
from queues.seat import AgentState
from tests.cti.playbook import (
    CALL,
    CHANNEL,
    NOON,
    OTHER,
    RING,
    SEAT,
    Playbook,
    Wish,
    after,
    hung_up,
    leg,
    talking,
)
from tests.cti.supervised import (
    BOSS,
    CHIEF,
    OWN,
    TONED,
    agent_in_room,
    boss,
    boss_in_room,
    caller_in_room,
    hears,
    joins,
    no_more,
    refused,
    takes,
    talk,
    told,
)
from transfer.step import Mode, Phase


def test_an_unanswered_phone_is_given_up_and_the_seat_is_free_again() -> None:
    """By the order's own answer, by its refusal, or when nothing was told at all."""
    with talk() as p:
        p >> joins() >> no_more(at=6)
        p << told(Phase.OVER, why="unanswered")
        p.none(WriteJournal, what="supervised-no-more")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("SendTo", Refusal.OTHER) >> refused("Hangup", Refusal.OTHER)
        assert boss(p)[0] is AgentState.NOT_READY
        p >> refused("Monitor", Refusal.OTHER)
        p << told(Phase.OVER, why="refused")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> refused("Monitor", Refusal.TIMED_OUT)
        assert boss(p)[0] is AgentState.NOT_READY
        p.tick(after(5) + RING + UNSEEN_AFTER)
        p << Wish(TakeSnapshot) << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears()
        p.tick(after(5) + RING + UNSEEN_AFTER)
        assert boss(p)[0] is AgentState.NOT_READY


def test_taking_over_lets_the_agent_go_only_when_the_supervisor_is_there() -> None:
    """The caller is armed to follow, the supervisor goes to the room, then the agent leaves."""
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p << Wish(ArmCaller, channel=CHANNEL, to="room")
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p.none(HangUp)
        p >> takes()
        p.none(SendTo)
        p >> joins(Mode.BARGE, at=10)
        p.none(Monitor)
        p >> boss_in_room()
        p.none(ArmCaller)  # or the caller would go to the queue when the agent goes
        p << Wish(HangUp, channel=leg(SEAT)) << told(Phase.OVER, why="")
        p << Wish(WriteJournal, what="taken-over", data=(("seat", BOSS),))
        p >> hung_up(leg(SEAT), 11, SEAT)
        p >> RoomEntered(at=after(11), call=CALL, channel=CHANNEL, seat=None)
        for channel, seat in ((OWN, BOSS), (CHANNEL, None)):
            p >> LegBridged(at=after(11), call=CALL, channel=channel, seat=seat, bridge="room")
        assert boss(p)[0] is AgentState.TALKING
        p >> no_more(at=12)
        assert boss(p)[0] is AgentState.TALKING
        p.tick(after(15))
        p.none(ArmCaller)
        p >> hung_up(OWN, 16, BOSS)
        assert boss(p)[0] is AgentState.WRAP_UP


def test_a_phone_stops_listening_on_its_way_to_the_room() -> None:
    """That is no reason to leave the talk as it was: the room's own word follows."""
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=10)
        p.none(ArmCaller)
        p >> boss_in_room()
        p << Wish(HangUp, channel=leg(SEAT))


def test_a_supervisor_who_comes_to_the_room_after_the_agent_left_lets_nobody_go() -> None:
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> hung_up(leg(SEAT), 10, SEAT)
        p >> boss_in_room()
        p.none(HangUp, channel=leg(SEAT))
        p << Wish(WriteJournal, what="taken-over")


def test_a_take_over_that_comes_to_nothing_leaves_the_caller_with_the_agent() -> None:
    """Refused, given up by the supervisor, or not seen in time: the caller is armed no more."""
    disarmed = Wish(ArmCaller, channel=CHANNEL, to="")
    with talk() as p:
        p >> joins() >> hears() >> takes() >> refused("SendTo", channel=leg(OTHER))
        p.none(ArmCaller)
        p >> refused("SendTo", channel=OWN)
        p << disarmed
        p >> boss_in_room()
        p.none(HangUp, channel=leg(SEAT))
        p << Wish(HangUp, channel=OWN) << told(Phase.OVER, why="late")
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p.tick(after(13))
        p.none(ArmCaller)
        p << Wish(TakeSnapshot)
        p.tick(after(15.1))
        p << disarmed << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes() >> no_more(at=11)
        p >> refused("SendTo", channel=OWN)
        p << disarmed
        assert boss(p)[0] is AgentState.AVAILABLE
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p.tick(after(13))
        p << Wish(TakeSnapshot)
        p.none(ArmCaller)
        p.tick(after(15))
        p << disarmed << told(Phase.HEARING, why="late")
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)


def test_from_the_room_only_the_supervisor_is_moved() -> None:
    """The caller stays where it is, and must not be sent anywhere when its talk ends."""
    with talk() as p:
        p >> joins() >> hears()
        call = p.switch._picture.calls[CALL]
        call.stand.caller = Where.ROOM
        p >> takes()
        p << Wish(SendTo, channel=OWN, to="seat-room")
        p >> refused("SendTo", channel=OWN)
        assert not [one for one in p.all if isinstance(one, ArmCaller)]


def test_to_be_heard_by_both_all_three_come_to_the_room() -> None:
    """The agent is brought there, the caller follows by itself, then the supervisor: there alone
    is a third voice on the caller's recording, and out of the ear of a caller who holds.
    """
    with talk() as p:
        p >> joins(Mode.BARGE)
        p << Wish(Monitor, mode=Mode.LISTEN, own="") << told(Phase.RINGING, wanted=Mode.BARGE)
        p >> hears()
        p << told(Phase.HEARING)
        p << Wish(SetAside, channel=CHANNEL, seat_channel=leg(SEAT), to="room")
        p << told(Phase.GATHERING)
        p.none(Monitor)
        p >> agent_in_room()
        p.none(ArmCaller)  # the caller is still to follow
        p << Wish(Monitor, mode=Mode.BARGE, own=OWN) << told(Phase.CHANGING)
        p >> caller_in_room() >> hears(Mode.BARGE, at=9)
        p << told(Phase.HEARING, mode=Mode.BARGE, why="")
        p.none(Monitor)


def test_the_agent_talks_all_the_way_to_the_room() -> None:
    """No wrap-up, no other state is shown meanwhile; one that never comes wraps up in the end."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegUnbridged(at=after(8.1), call=CALL, channel=channel, seat=seat, bridge="b1")
            p.none(ShowSeat)
        p >> agent_in_room(8.2) >> caller_in_room(8.2)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegBridged(at=after(8.3), call=CALL, channel=channel, seat=seat, bridge="room")
            p.none(ShowSeat)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert (view.state, view.since) == (AgentState.TALKING, after(2))
        p >> hung_up(leg(SEAT), 20, SEAT)
        p << Wish(ShowSeat)
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> LegUnbridged(at=after(8.1), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b1")
        p >> hung_up(leg(SEAT), 8.2, SEAT)
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP


def test_two_supervisors_bring_the_talk_to_the_room_once() -> None:
    """Moved twice, the agent would leave the room again, and the caller with it."""
    other = SeatId("chifeng-1008")
    desk = replace(TONED.seats[BOSS], extension="1008")
    plan = replace(TONED, seats={**TONED.seats, other: desk})
    with Playbook(plan).sign_in().call_in().talk() as p:
        for seat, agent in ((BOSS, CHIEF), (other, AgentId("deputy"))):
            p >> PhoneChanged(at=NOON, seat=seat, phone=Phone.FREE)
            p >> AgentSignedIn(at=NOON, seat=seat, agent=agent)
            p >> replace(joins(Mode.BARGE), seat=seat, agent=agent)
            p >> replace(hears(), seat=seat, channel=leg(seat, 9))
        assert len([one for one in p.all if isinstance(one, SetAside)]) == 1
        p >> LegUnbridged(at=after(8), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b1")
        p.none(ShowSeat)  # the agent is on its way for both of them
        p >> agent_in_room()
        p << Wish(Monitor, own=OWN, mode=Mode.BARGE) << Wish(Monitor, own=leg(other, 9))


def test_a_talk_that_cannot_be_brought_to_the_room_stays_as_it_was() -> None:
    """Refused, or not seen there in time: the caller goes nowhere when the talk ends."""
    disarmed = Wish(ArmCaller, channel=CHANNEL, to="")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p >> refused("SetAside", Refusal.NOT_UP, leg(SEAT))
        p << disarmed << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        p.tick(after(10))
        p << Wish(TakeSnapshot)
        p.none(ArmCaller)
        p.tick(after(12))
        p << disarmed << told(Phase.HEARING, why="late")
        p >> agent_in_room(13)
        p.none(Monitor)


def test_who_hangs_up_while_the_talk_is_brought_to_the_room_disarms_nobody() -> None:
    """The agent may be there already: the caller must follow. Until then nothing else is begun."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8) >> no_more(9)
        p.none(ArmCaller)
        p << told(Phase.BRINGING)
        p >> joins(at=9)
        p << told(Phase.BRINGING, why="supervise-under-way")
        p.none(Monitor)
        p >> agent_in_room()
        p.none(Monitor)
        p << told(Phase.OVER, why="")
        assert boss(p)[0] is AgentState.AVAILABLE


def test_a_talk_that_is_over_meanwhile_is_nobodys_to_bring() -> None:
    """The caller has gone while both were on their way: nobody is armed or looked for in vain."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8) >> no_more(9)
        p >> hung_up(leg(SEAT), 9, SEAT) >> hung_up(CHANNEL, 9)
        p.tick(after(30))
        p.none(ArmCaller)
        p << told(Phase.OVER, why="late")
        assert boss(p)[0] is AgentState.AVAILABLE
    for mode, phase, why in (
        (Mode.BARGE, Phase.HEARING, "not-talking"),
        (Mode.WHISPER, Phase.CHANGING, ""),
    ):
        with talk() as p:
            p >> joins() >> joins(mode) >> hung_up(leg(SEAT), 6, SEAT) >> hung_up(CHANNEL, 6)
            p >> hears()
            p << told(Phase.HEARING) << told(phase, why=why)
            p.none(Monitor)


def test_a_phone_that_found_nobody_in_the_room_hears_and_its_desk_is_told() -> None:
    """The dialplan says in which mode it is; what was wanted is not ordered again by itself."""
    with talk() as p:
        p >> joins(Mode.BARGE) >> hears() >> agent_in_room() >> hears(Mode.LISTEN, at=11)
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
        p.none(Monitor)


def test_a_mode_that_was_refused_or_never_told_leaves_the_one_that_is() -> None:
    """The desk is told, and the supervisor may press again."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.WHISPER, at=8)
        p >> refused("Monitor", Refusal.OTHER, OWN)
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="refused")
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.WHISPER, at=8)
        p.tick(after(12))
        p << Wish(TakeSnapshot) << told(Phase.HEARING, wanted=Mode.LISTEN, why="late")
        p >> hears(Mode.WHISPER, at=13)
        p << told(Phase.HEARING, mode=Mode.WHISPER, wanted=Mode.WHISPER)


def test_deadlines_stay_as_far_away_when_the_clock_is_set() -> None:
    looks = Wish(TakeSnapshot, why="what a supervisor ordered did not show")
    with talk() as p:
        p >> joins() >> hears() >> takes()
        p >> ClockSet(at=after(3610), by=timedelta(hours=1))
        p.tick(after(3611.9))
        assert not [one for one in p.effects if looks.fits(one)]
        p.tick(after(3612))
        p << looks


def test_an_agent_who_hangs_up_on_the_way_to_the_room_is_on_it_no_more() -> None:
    """The caller's next talk ends as any does: nobody is to be brought anywhere for it."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8) >> hung_up(leg(SEAT), 8.5, SEAT)
        for event in talking(OTHER, 9):
            p >> event
        p >> hung_up(leg(OTHER), 9.5, OTHER)
        assert p.switch.call_state(CALL) is CallState.LEAVING


def test_who_was_on_the_way_to_the_room_of_a_call_that_is_over_talks_no_more() -> None:
    """The caller has gone, and the end of the agent's leg was never told."""
    with talk() as p:
        p >> joins() >> hears() >> joins(Mode.BARGE, at=8)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegUnbridged(at=after(8.1), call=CALL, channel=channel, seat=seat, bridge="b1")
        p >> hung_up(CHANNEL, 8.2)
        p.tick(after(20))
        assert p.switch.call_state(CALL) is None
        view = p.switch.seat(SEAT)
        assert view is not None
        assert view.state is AgentState.WRAP_UP
