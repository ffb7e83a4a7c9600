"""Numbers that somebody typed, and targets of a real city's tables, as the switch rings them."""

from dataclasses import replace
from datetime import datetime, timedelta

from config.files import load_platform
from config.settings import Settings
from config.workdays import CHINA
from cti.city import switch_plan
from cti.ids import PeerId, SeatId
from cti.movewishes import RingRecipient, SendAway
from tests.cti.moved import M1, MOVE_PLAN, TAX, WATER, Moves
from tests.cti.playbook import CENTRE, Wish
from transfer.step import Kind
from transfer.target import Route

SATURDAY_NIGHT = datetime(2026, 11, 21, 3, tzinfo=CHINA)
MONDAY = datetime(2026, 11, 23, 10, tzinfo=CHINA)


def test_a_typed_number_is_dialled_at_the_exchange_that_the_profile_names() -> None:
    """In the one form in which exchanges take numbers; with nothing before it."""
    way = Route(peer=TAX, ring=timedelta(seconds=25))
    p = Moves(replace(MOVE_PLAN, typed={CENTRE: way})).in_talk()
    p.asks(Kind.THREE_WAY, WATER, number="+8613900000009")
    p << Wish(RingRecipient, leg=M1, peer=TAX, number="13900000009", ring=way.ring)


def test_without_one_it_is_dialled_over_the_centres_own_carrier() -> None:
    """With what the carrier wants before it."""
    p = Moves().in_talk().asks(Kind.BLIND, WATER, number="13900000009")
    p << Wish(SendAway, leg=M1, peer=None, number="913900000009")


def test_chifengs_expert_is_who_is_on_duty_then() -> None:
    """On Monday the seat, which nobody has taken: the department's telephone after it is rung."""
    plan = switch_plan(load_platform(Settings(profile="chifeng")), MONDAY)
    aid = plan.targets[CENTRE]["expert:人社"]
    assert [route.seat or route.number for route in aid.routes_at(MONDAY)] == [
        SeatId("chifeng-1025"),
        "9306401",
        "15400000011",
    ]
    assert [route.number for route in aid.routes_at(SATURDAY_NIGHT)] == ["15400000011"]
    p = Moves(plan).in_talk()
    p.asks(Kind.THREE_WAY, aid)
    rung = [effect for effect in p.all if isinstance(effect, RingRecipient)]
    assert [(one.peer, one.records) for one in rung] == [(PeerId("gongwang"), True)]
