"""A moved call told twice, to the switch as it happens and to Asterisk's log: the same record."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import given, settings
from hypothesis import strategies as st

from cti.ids import AgentId, CentreId, SeatId
from queues.figures import figures
from records.callrecord import CallRecord, Source
from records.moves import with_targets
from tests.cti.playbook import PLAN
from tests.records.cellog import OTHER
from tests.records.movehouse import TAX, House
from transfer.step import Kind, What
from transfer.target import Route, Target, TargetKind

SKILL = "通用"
TARGETS = {
    target.id: target
    for target in (
        Target(
            id="expert:人社",
            name="社保专家",
            kind=TargetKind.EXPERT,
            routes=(Route(peer=TAX, number="1"), Route(seat=SeatId(OTHER))),
        ),
        Target(id="group:通用", name="通用", kind=TargetKind.GROUP, routes=(Route(skill=SKILL),)),
        Target(
            id="emergency:110",
            name="110",
            kind=TargetKind.EMERGENCY,
            routes=(Route(peer=TAX, number="110"),),
            number="110",
        ),
    )
}
MOVING = replace(PLAN, targets={CentreId("chifeng"): TARGETS})

Verb = Callable[[House], None]
KINDS: list[Verb] = [
    *(partial(House.move, kind=kind, target="expert:人社") for kind in Kind),
    partial(House.move, kind=Kind.EMERGENCY, target="emergency:110"),
    partial(House.move, kind=Kind.CONSULT, target="group:通用"),
    partial(House.move, kind=Kind.BLIND, target="group:通用"),
]
PEOPLE: list[Verb] = [
    House.answer,
    *(partial(House.refuse, cause=cause) for cause in (17, 19, 1)),
    lambda house: house.part(house.seat, is_lost=False),
    lambda house: house.part(house.seat, is_lost=True),
    lambda house: house.part(next(iter(house.recipients), None), is_lost=False),
    lambda house: house.part(next(iter(house.recipients), None), is_lost=True),
    House.be_ready,
]
PRESSES: list[Verb] = [
    partial(House.press, key=key)
    for key in (What.JOIN, What.COMPLETE, What.CANCEL, What.SWAP, What.PART)
]
VERBS = [*KINDS, *PEOPLE, House.answer, *PRESSES]


def told(verbs: list[Verb], *, is_full: bool = False) -> House:
    house = House(MOVING, is_full=is_full)
    house.obey()
    for verb in verbs:
        if house.is_over:
            break
        house.let(partial(verb, house))
    house.finish()
    return house


def plain(record: CallRecord) -> CallRecord:
    """Without what only one of the two can know: the agents' names, and who tells."""
    talks = tuple(replace(talk, agent=AgentId("")) for talk in record.talks)
    offers = tuple(sorted(record.offers, key=lambda one: (one.at, one.seat, one.peer, one.leg)))
    return replace(record, talks=talks, offers=offers, source=Source.LIVE)


def same(verbs: list[Verb], *, is_full: bool = False) -> CallRecord:
    """Both tell one record, and the same; it. The recipients of moves are in no figure but the
    time talked: a person had answered before anybody could move the caller.
    """
    house = told(verbs, is_full=is_full)
    [record] = house.replayed()
    assert plain(with_targets(record, house.journal())) == plain(house.live())
    assert figures([record]) == figures([house.live()])
    unmoved = replace(
        record,
        offers=record.rung,
        talks=tuple(talk for talk in record.talks if not talk.leg),
    )
    assert replace(figures([record]), talk_s=None) == replace(figures([unmoved]), talk_s=None)
    return record


def test_a_consult_that_became_three_way_is_told_the_same() -> None:
    """Before the hold, together, and the expert alone with the caller."""
    consult = partial(House.move, kind=Kind.CONSULT, target="expert:人社")
    record = same([House.answer, consult, House.answer, PRESSES[0], PRESSES[1]])
    assert [(talk.seat, talk.peer) for talk in record.talks] == [
        ("chifeng-1001", ""),
        ("", "tax"),
        ("chifeng-1001", ""),
    ]


def test_a_caller_sent_away_blind_is_told_the_same() -> None:
    """The second route answers, at a seat of ours."""
    blind = partial(House.move, kind=Kind.BLIND, target="expert:人社")
    record = same([House.answer, blind, partial(House.refuse, cause=17)])
    assert [offer.outcome for offer in record.offers][:2] == ["answered", "rejected"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(VERBS), max_size=10), st.booleans())
def test_the_log_tells_what_the_switch_saw_of_a_moved_call(
    verbs: list[Verb], is_full: bool
) -> None:
    """Whoever moves it, whoever answers, refuses, hangs up or vanishes, in whatever order."""
    same([House.answer, *verbs], is_full=is_full)
