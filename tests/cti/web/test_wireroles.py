"""Every message and every command has its roles; each desk is told of its own business only."""

import random
from collections.abc import Callable, Iterator
from typing import Any, get_args

import pytest

from config.platform import Platform
from config.profile import Profile
from cti.effects import ShowBlocked, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, LineId, OfferId
from cti.movewishes import ShowSupervised
from cti.web import wire
from cti.web.cardpast import past_shown
from cti.web.commands import Command
from cti.web.desk import DeskHub
from cti.web.endpoint import Role
from cti.web.frames import Desk
from cti.web.wireroles import ASKED, TOLD
from queues.seat import AgentState
from records.live.told import Heard
from tests.cti.web.fakes import CHIFENG, NOON, seat_view
from tests.cti.web.lives import Life
from tests.cti.web.messages import a_hub, a_past, every_message, heard, pop, task_at_noon
from tests.cti.web.movesample import CALL, OTHER_SEAT, SEAT, shown
from transfer.step import Mode, Phase, Step

ANNA, EXPERT, CHIEF = AgentId("anna"), AgentId("expert"), AgentId("chief")
XIA, FAR_CHIEF = AgentId("xia"), AgentId("far-chief")
FAR = CentreId("hulunbuir")
ROLES = {ANNA: Role.AGENT, EXPERT: Role.EXPERT, CHIEF: Role.SUPERVISOR, XIA: Role.AGENT}
ROLES[FAR_CHIEF] = Role.SUPERVISOR


class Room:
    """Five people with a desk each; the agent and the expert each talk with a caller."""

    def __init__(self) -> None:
        self.hub = a_hub()
        watches = {CHIEF: CHIFENG, FAR_CHIEF: FAR}
        for extension, agent in (("1001", ANNA), ("1002", EXPERT)):
            call = CALL if agent == ANNA else CallId("the-expert-s")
            view = seat_view(extension, agent=agent, state=AgentState.TALKING, call=call)
            self.hub.show_seat(ShowSeat(view=view))
        self.desks: dict[AgentId, Desk] = {
            agent: self.hub.open(agent, None, watches.get(agent)) for agent in ROLES
        }

    def told(self, kind: str) -> set[AgentId]:
        """Who was told something of that kind."""
        return {
            agent
            for agent, desk in self.desks.items()
            if any(one["type"] == kind for one in heard(desk)[1:])
        }


def _talks(hub: DeskHub, **changes: Any) -> None:
    state = {"agent": ANNA, "state": AgentState.TALKING, "call": CALL} | changes
    hub.show_seat(ShowSeat(view=seat_view("1001", **state)))


def _card(hub: DeskHub) -> None:
    hub.pop(pop())
    hub.show_past(pop(), past_shown(a_past(), pop(), hub.platform.home))
    hub.withdraw(WithdrawPop(seat=SEAT, call=CALL, offer=OfferId("1")))


def _callback(hub: DeskHub) -> None:
    hub.tasks.offer(ANNA, task_at_noon("node1-7", 2), NOON)
    hub.tasks.withdraw(ANNA, CallId("node1-7"))


def _move(hub: DeskHub) -> None:
    hub.show_move(shown(Step.COMPLETED))
    _talks(hub, state=AgentState.AVAILABLE, call=None)


def _words(hub: DeskHub) -> None:
    hub.show_said(Heard(call=CALL, kind="final", key="caller-0", text="您好"))
    hub.show_said(Heard(call=CALL, kind="draft", order="1"))
    away = seat_view("1003", agent=AgentId("bao"), state=AgentState.TALKING, call=CALL)
    hub.show_seat(ShowSeat(view=away))  # so that the words are kept
    _talks(hub, state=AgentState.AVAILABLE, call=None)
    _talks(hub)


def _supervised(hub: DeskHub) -> None:
    for agent in (CHIEF, ANNA):  # nobody who watches nothing, whatever the brain says
        hub.show_supervised(
            ShowSupervised(
                call=CALL,
                seat=OTHER_SEAT,
                agent=agent,
                mode=Mode.LISTEN,
                wanted=Mode.LISTEN,
                phase=Phase.HEARING,
                at=NOON,
            )
        )

    hub.show_said(Heard(call=CALL, kind="final", key="caller-0", text="您好"))


def _note(hub: DeskHub) -> None:
    note: wire.Note = {"id": 7, "sender": "班长", "text": "请来", "at": NOON.isoformat()}
    hub.show_note(ANNA, {"type": "note", "note": note})
    hub.show_note(ANNA, {"type": "note-read", "note": 7})
    hub.hands.rise(ANNA, CHIFENG, NOON)


def _centre(hub: DeskHub) -> None:
    hub.show_live(CHIFENG, {"callbacks": {"owed": 1, "overdue": 0}})
    line = LineId("8337771")
    hub.show_blocked(ShowBlocked(call=CALL, centre=CHIFENG, line=line, ani="1", at=NOON))


ACTS: dict[str, tuple[Callable[[DeskHub], None], AgentId]] = {
    "seat": (_talks, ANNA),
    **dict.fromkeys(("pop", "card-past", "withdraw"), (_card, ANNA)),
    **dict.fromkeys(("callback-offered", "callback-withdrawn"), (_callback, ANNA)),
    **dict.fromkeys(("move", "move-gone"), (_move, ANNA)),
    **dict.fromkeys(("said", "text", "draft-grown"), (_words, ANNA)),
    **dict.fromkeys(("supervised", "along", "said-along"), (_supervised, CHIEF)),
    **dict.fromkeys(("note", "note-read", "hand"), (_note, ANNA)),
    **dict.fromkeys(("live", "blocked"), (_centre, CHIEF)),
}
"""What makes the hub say each kind, and whose business that is."""


def test_every_kind_and_every_command_is_in_the_table() -> None:
    """None can be added without saying whose it is."""
    assert every_message().keys() == TOLD.keys()
    assert set(TOLD) - set(ACTS) == {"snapshot", "resumed"}
    said = {do for one in get_args(Command) for do in get_args(one.model_fields["do"].annotation)}
    assert said == ASKED.keys()


@pytest.mark.parametrize("kind", sorted(ACTS))
def test_each_is_told_of_the_own_business_only(kind: str) -> None:
    """Of agent, expert, supervisor and those of another centre, exactly the one concerned."""
    act, whose = ACTS[kind]
    room = Room()
    act(room.hub)
    assert {whose} == room.told(kind)
    assert ROLES[whose] in TOLD[kind]


def test_snapshots_hold_what_is_for_the_role() -> None:
    """Figures and supervised talks are a supervisor's; nobody is shown another's seat or call."""
    room = Room()
    for act in (_card, _callback, _words, _supervised, _note, _centre):
        act(room.hub)
    room.hub.pop(pop())
    desks = {agent: heard(room.hub.open(agent, None))[0]["desk"] for agent in (ANNA, EXPERT, XIA)}
    assert [one["live"] or one["supervised"] for one in desks.values()] == [None] * 3
    for agent in (EXPERT, XIA):
        mine = desks[agent]
        names = ("seat", "card", "callback", "hand", "moves", "said", "along")
        assert [mine[name] for name in names] == [*(None, None, None, None, [], [], [])]


def test_in_no_life_is_anybody_told_of_another(profile: Profile) -> None:
    """Whatever happens: only kinds of the own role, and only seats of one's own."""
    for seed in range(30):
        life = Life(Platform(centres=(profile,)), random.Random(seed))
        pairs = life.run()
        for watcher, (frames, _) in zip(life.watchers, pairs, strict=True):
            role = ROLES[watcher.agent]
            assert {one["type"] for one in frames} <= {kind for kind in TOLD if role in TOLD[kind]}
            assert set(strangers(frames, watcher.agent)) == set()


def strangers(frames: list[dict[str, Any]], agent: AgentId) -> Iterator[str]:
    """Others at whose seat something happened that this desk was told of."""
    for one in frames:
        seat = one.get("seat") or {}
        if seat.get("agent") not in (None, agent) or (
            seat.get("agent") is None and seat.get("call")
        ):
            yield str(seat)
