"""What the telephones of those to whom callers are moved show."""

from dataclasses import replace

import pytest

from cti.ids import PeerId
from cti.movewishes import RingRecipient, SendAway
from tests.cti.moved import COLLEAGUE, EXPERT, GROUP, MOVE_PLAN, POLICE, TAX_OFFICE, Moves, target
from tests.cti.playbook import ANI, BEN, CENTRE, OTHER, Wish
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

OUTSIDE = Route(number="04765550001")
OFFICE = target(TargetKind.OFFICE, "城管局", OUTSIDE)
SEATED = target(TargetKind.EXPERT, "公积金", Route(seat=OTHER))
WATER = target(TargetKind.UTILITY, "水务", Route(peer=PeerId("tax"), number="96100"))
ABOVE = target(TargetKind.CENTRE, "自治区", Route(peer=PeerId("tax"), number="12345"))
SERVED = [COLLEAGUE, SEATED, TAX_OFFICE, ABOVE]


def in_talk(whom: Target) -> Moves:
    targets = {CENTRE: {**MOVE_PLAN.targets[CENTRE], whom.id: whom}}
    return Moves(replace(MOVE_PLAN, targets=targets)).in_talk().sign_in(OTHER, BEN)


@pytest.mark.parametrize(
    ("whom", "shown"),
    [
        *((one, ANI) for one in (*SERVED, GROUP)),
        *((one, "12345") for one in (EXPERT, OFFICE, WATER)),
    ],
)
def test_who_calls_is_shown_only_where_callers_are_served(whom: Target, shown: str) -> None:
    """An office complained about does not learn the number of who complains, before a word."""
    in_talk(whom).asks(Kind.CONSULT, whom).aside(6) << Wish(RingRecipient, shown=shown)


@pytest.mark.parametrize(
    ("whom", "shown"),
    [*((one, ANI) for one in SERVED), *((one, "12345") for one in (EXPERT, OFFICE, WATER))],
)
def test_a_caller_sent_away_is_shown_likewise(whom: Target, shown: str) -> None:
    """The caller's own dialplan shows what it is told."""
    in_talk(whom).asks(Kind.BLIND, whom) << Wish(SendAway, shown=shown)


def test_an_emergency_line_sees_who_calls() -> None:
    """To find whoever is in need; no rule stands in the way."""
    Moves().in_talk().asks(Kind.EMERGENCY, POLICE) << Wish(RingRecipient, shown=ANI)


def test_a_typed_number_does_not_see_who_calls() -> None:
    """Nobody knows whose it is."""
    p = Moves().in_talk().asks(Kind.CONSULT, EXPERT, number="13812345678")
    p.aside(6) << Wish(RingRecipient, shown="12345")
