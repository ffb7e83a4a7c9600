"""What a supervisor asks of a talk: begun as asked, or refused with a word."""

from dataclasses import replace

import pytest

from cti.effects import WriteJournal
from cti.events import (
    LegBridged,
    LinkLost,
    PhoneChanged,
)
from cti.happened import Phone
from cti.ids import ChannelId, MoveId, SeatId
from cti.listener import SUPERVISING
from cti.moveevents import (
    AgentMoves,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import Monitor, SendTo, SetAside, ShowSupervised
from queues.seat import AgentState
from tests.cti.moved import TAX_OFFICE
from tests.cti.playbook import (
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    OTHER,
    RING,
    SEAT,
    Wish,
    after,
    hung_up,
    leg,
    talking,
)
from tests.cti.supervised import (
    BOSS,
    ELSEWHERE,
    OWN,
    agent_in_room,
    boss,
    caller_in_room,
    hears,
    joins,
    no_more,
    takes,
    talk,
    told,
)
from transfer.step import Kind, Mode, Phase


def test_a_supervisors_own_phone_is_rung_to_hear_the_agents_talk() -> None:
    """With the tone that the centre asks for; meanwhile nobody else is put to that seat."""
    with talk() as p:
        p >> joins(Mode.WHISPER)
        p << Wish(
            Monitor,
            call=CALL,
            caller=CHANNEL,
            centre=CENTRE,
            seat=BOSS,
            channel=leg(SEAT),
            mode=Mode.WHISPER,
            ring=RING,
            has_tone=True,
            own="",
        )
        assert boss(p) == (AgentState.NOT_READY, SUPERVISING)
        p >> hears(Mode.WHISPER)
        p << Wish(WriteJournal, what="supervised", data=(("mode", "whisper"), ("seat", BOSS)))
        p >> no_more()
        p << Wish(WriteJournal, what="supervised-no-more")
        assert boss(p) == (AgentState.AVAILABLE, "")


def test_another_mode_is_ordered_on_the_channel_that_hears_already() -> None:
    """It rings once; while it still rings, or hears another talk, nothing is ordered."""
    with talk() as p:
        p >> joins()
        p >> joins(Mode.WHISPER)
        p.none(Monitor)
        p << told(Phase.RINGING, wanted=Mode.WHISPER)
        p >> hears()
        p << told(Phase.HEARING, mode=Mode.LISTEN)
        p << Wish(Monitor, own=OWN, mode=Mode.WHISPER, channel=leg(SEAT)) << told(Phase.CHANGING)
        p >> joins(Mode.LISTEN, at=8)
        p.none(Monitor)
        p >> hears(Mode.WHISPER, at=8)
        p << Wish(WriteJournal, what="supervised", data=(("mode", "whisper"), ("seat", BOSS)))
        p << Wish(Monitor, own=OWN, mode=Mode.LISTEN, channel=leg(SEAT))
        p >> hears(Mode.LISTEN, at=8)
        p.none(Monitor)
        p << told(Phase.HEARING)


@pytest.mark.parametrize(
    "wish",
    [
        joins(call=ELSEWHERE),
        replace(joins(), seat=SeatId("chifeng-1999")),
        replace(joins(), agent=BEN),
        replace(joins(), seat=SEAT, agent=ANNA),
    ],
)
def test_what_is_not_there_is_not_heard(wish: SupervisorJoins) -> None:
    """No such talk or seat, somebody else's seat, or the own talk."""
    with talk() as p:
        p >> wish
        p.none(Monitor)


def test_nobody_hears_a_caller_who_waits_or_has_gone() -> None:
    """There is no agent's talk to hear; nor is there at a phone that is away."""
    with talk() as p:
        p >> hung_up(CHANNEL, 3)
        p >> joins()
        p.none(Monitor)
    with talk() as p:
        p >> hung_up(leg(SEAT), 3, SEAT)
        p >> joins()
        p.none(Monitor)
    with talk() as p:
        p >> PhoneChanged(at=after(4), seat=BOSS, phone=Phone.GONE)
        p >> joins()
        p.none(Monitor)


def test_an_agent_who_consults_while_the_caller_holds_is_heard_too() -> None:
    """Whoever is with the caller comes first."""
    with talk() as p:
        p >> LegBridged(at=after(4), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="room")
        p >> joins()
        p << Wish(Monitor, channel=leg(SEAT))


@pytest.mark.parametrize(
    "wish", [takes(agent=BEN), takes(call=ELSEWHERE), replace(takes(), seat=OTHER, agent=BEN)]
)
def test_only_who_hears_a_talk_may_take_it_over(wish: SupervisorTakes) -> None:
    with talk() as p:
        p >> joins()
        p >> takes()
        p.none(SendTo)
        p >> hears() >> wish
        p.none(SendTo)


def test_nobody_takes_over_what_is_being_moved_or_is_no_talk_any_more() -> None:
    """The caller has gone, or the agent has."""
    for channel, seat in ((CHANNEL, None), (leg(SEAT), SEAT)):
        with talk() as p:
            p >> joins() >> hears()
            p >> hung_up(channel, 9, seat)
            p >> takes()
            p.none(SendTo)


def test_who_is_in_the_room_already_is_not_brought_there() -> None:
    """After a consult, or when another supervisor is heard by both."""
    with talk() as p:
        p >> agent_in_room(3) >> caller_in_room(3)
        for channel, seat in ((leg(SEAT), SEAT), (CHANNEL, None)):
            p >> LegBridged(at=after(3), call=CALL, channel=channel, seat=seat, bridge="room")
        p >> joins(Mode.BARGE)
        p << Wish(Monitor, mode=Mode.BARGE, own="")
        p >> hears(Mode.BARGE)
        p.none(SetAside)
        p.none(Monitor)


@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (joins(call=ELSEWHERE), "call-unknown"),
        (replace(joins(), seat=SeatId("chifeng-1999")), "not-signed-in"),
        (replace(joins(), agent=BEN), "not-signed-in"),
        (replace(joins(), seat=SEAT, agent=ANNA), "not-talking"),
        (takes(), "not-hearing"),
    ],
)
def test_what_is_not_there_is_refused_with_a_word(
    wish: SupervisorJoins | SupervisorTakes, why: str
) -> None:
    """By the same rule as the edge asks before."""
    with talk() as p:
        assert p.switch.why_not_supervise(wish) == why
        p >> wish
        p << Wish(ShowSupervised, phase=Phase.OVER, agent=wish.agent, why=why)
        p.none(Monitor)


def test_a_phone_that_is_busy_or_away_is_refused_with_a_word() -> None:
    for phone, why in ((Phone.GONE, "phone-missing"), (Phone.IN_USE, "seat-busy")):
        with talk() as p:
            p >> PhoneChanged(at=after(4), seat=BOSS, phone=phone) >> joins()
            p << told(Phase.OVER, why=why)
            p << Wish(WriteJournal, what="supervise-failed", data=(("seat", BOSS), ("why", why)))


def test_one_hears_one_talk_at_a_time() -> None:
    """What it hears stands as it was."""
    with talk() as p:
        p.call_in(ELSEWHERE, ChannelId("PJSIP/trunk-00000099"))
        p >> joins() >> hears() >> joins(call=ELSEWHERE, at=8)
        p << told(Phase.OVER, call=ELSEWHERE, why="hears-another")
        assert p.switch._picture.listeners[BOSS].call == CALL
        assert p.switch.why_not_supervise(joins()) == ""


def test_a_key_that_comes_too_early_is_refused_with_a_word() -> None:
    """The phone still rings, or the talk is being brought to the room, or taken over already."""
    with talk() as p:
        p >> joins() >> takes()
        p << told(Phase.RINGING, why="not-hearing")
        p >> hears() >> joins(Mode.BARGE, at=8)
        assert p.switch.why_not_supervise(takes()) == "supervise-under-way"
        p >> takes()
        p << told(Phase.GATHERING, why="supervise-under-way")
        p >> agent_in_room() >> hears(Mode.BARGE, at=9) >> takes() >> joins(at=10)
        p << told(Phase.TAKING, why="supervise-under-way")


def test_what_is_being_moved_is_neither_taken_over_nor_brought_to_the_room() -> None:
    """The supervisor is told why; it hears on."""
    consult = AgentMoves(
        at=after(8),
        seat=SEAT,
        agent=ANNA,
        call=CALL,
        move=MoveId("move-1"),
        kind=Kind.CONSULT,
        target=TAX_OFFICE.id,
    )
    with talk() as p:
        p >> joins() >> hears() >> consult
        for wish in (takes(), joins(Mode.BARGE, at=10)):
            assert p.switch.why_not_supervise(wish) == "move-under-way"
            p >> wish
            p << told(Phase.HEARING, why="move-under-way")
            p.none(SendTo)
            p.none(SetAside)
        p >> agent_in_room(10)
        assert p.switch.why_not_supervise(joins(Mode.BARGE, at=10)) == ""
        p >> joins(Mode.BARGE, at=10)
        p << Wish(Monitor, mode=Mode.BARGE)
        p.none(SetAside)
    with talk() as p:
        p >> joins() >> hears() >> consult >> joins(Mode.WHISPER, at=10)
        p << Wish(Monitor, mode=Mode.WHISPER)
    with talk() as p:
        p >> joins(Mode.BARGE) >> consult >> hears()
        p << told(Phase.HEARING, mode=Mode.LISTEN, wanted=Mode.LISTEN, why="move-under-way")
        p.none(SetAside)


def test_out_of_sight_nothing_is_begun_and_the_desk_is_told() -> None:
    """Asterisk is looked at again first."""
    with talk() as p:
        p >> LinkLost(at=after(4)) >> joins()
        p << told(Phase.OVER, why="switch-away")
        p >> takes()
        p << told(Phase.OVER, why="switch-away", mode=Mode.LISTEN)


def test_to_ask_why_not_changes_nothing() -> None:
    """Which agent's leg is meant is taken down only when something is begun."""
    with talk() as p:
        p >> joins() >> hears() >> hung_up(leg(SEAT), 8, SEAT)
        for event in talking(OTHER, 9):
            p >> event
        assert p.switch.why_not_supervise(joins(Mode.BARGE, at=10)) == ""
        assert p.switch._picture.listeners[BOSS].spied == leg(SEAT)
        p >> joins(Mode.BARGE, at=10)
        p << Wish(SetAside, seat_channel=leg(OTHER))
