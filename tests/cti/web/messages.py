"""One message of every kind in every form that the hub makes of it: the desk's fixtures.

They are not written by hand: a hub is driven and what its desks hear is kept.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count, product
from typing import Any, get_args

from config.ledger import Entry, Line, LineState, Mode, Seating
from config.platform import Platform
from config.profile import Profile
from cti.call import CallState
from cti.effects import PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, LineId, MoveId, OfferId
from cti.movewishes import ShowSupervised
from cti.web import wire
from cti.web.cardpast import past_shown
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from cti.web.streams import Since
from queues.live import LiveBoard, Standing
from queues.seat import AgentState
from queues.task import Task
from records.callerpast import CallerPast, Nuisance, PastCall, PastOrder
from records.draft import DemandType, Status
from records.engine.protocol import Channel
from records.live.marks import Mark, MarkKind
from records.live.told import Heard
from tests.cti.web.fakes import CHIFENG, NOON, seat_view
from tests.cti.web.movesample import ANNA, BAO, CALL, MOVE, OTHER_SEAT, SEAT, shown
from tests.cti.web.sample import call_record, missed_task
from transfer.step import Kind, Phase, Step
from transfer.step import Mode as Hearing
from transfer.target import TargetKind

CHIEF = AgentId("chief")
ANI = "13800000000"
Message = dict[str, Any]


def a_hub() -> DeskHub:
    """Desks of a city with a line merged in every way, at noon."""
    modes = [mode for mode in Mode if mode is not Mode.OWN]
    lines = tuple(_line(row, mode) for row, mode in enumerate(modes, start=1))
    profile = Profile.model_validate(
        {
            "centre": CHIFENG,
            "name": "赤峰市12345政务服务便民热线",
            "city": "赤峰市",
            "area_code": "0476",
            "trunks": ("127.0.0.1",),
            "skills": ("通用",),
            "dial_out": "127.0.0.1:5070",
            "lines": lines,
            "seats": (),
        }
    )
    return DeskHub(Platform(centres=(profile,)), now=lambda: NOON)


def _line(row: int, mode: Mode) -> Line:
    own_seats = mode in (Mode.SUB_CENTRE, Mode.KEPT_CENTRE)
    return Line(
        number=LineId(f"833777{row}"),
        name=f"热线{row}",
        department="市税务局",
        mode=mode,
        row=row,
        entries=(Entry(row=row, name="咨询", department="市税务局"), Entry(row=90, name="投诉")),
        seating=Seating.KEPT if own_seats else Seating.MOVED_IN,
        peer="tax" if own_seats else "",
        destination="8000" if own_seats else "",
    )


def heard(desk: Desk) -> list[Message]:
    """All that the desk is owed."""
    return [json.loads(text) for text, _ in desk._owed]


def every_message() -> dict[str, list[Message]]:
    """By kind."""
    found: dict[str, list[Message]] = {}
    acts = (_seats, _cards, _callbacks, _moves, _supervised, _said, _along, _told, _board)
    for act in acts:
        for message in act(a_hub()):
            found.setdefault(message["type"], []).append(message)
    return found


def _seats(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    for state in sorted(AgentState, key=lambda one: one is AgentState.LOGGED_OUT):
        is_in = state is not AgentState.LOGGED_OUT
        has_call = state in (AgentState.OFFERED, AgentState.TALKING)
        in_wrap_up = state is AgentState.WRAP_UP
        view = replace(
            seat_view("1001"),
            agent=ANNA if is_in else None,
            state=state,
            reason="小休" if state is AgentState.NOT_READY else "",
            until=NOON + timedelta(seconds=30) if in_wrap_up else None,
            call=CALL if has_call else None,
            wraps_up=CALL if in_wrap_up else None,
            has_phone=has_call,
        )
        hub.show_seat(ShowSeat(view=view))
    return heard(desk)[1:]


def pop(number: str = "8337771", **changes: Any) -> PopScreen:
    """The wish to show a card, changed as said."""
    wish = PopScreen(
        seat=SEAT,
        agent=ANNA,
        call=CALL,
        offer=OfferId("1"),
        centre=CHIFENG,
        line=LineId(number),
        dnis=number,
        ani=ANI,
        since=NOON - timedelta(seconds=8),
        at=NOON,
        arrived_at=NOON - timedelta(seconds=20),
    )
    return replace(wish, **changes)


def _cards(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    for line in hub.platform.home.lines:
        hub.pop(pop(line.number))
    for state in LineState:
        hub.pop(pop(line_state=state.value))
    hub.pop(pop("12345", ani="", known_as="某企业", known_kind="企业", duty="市长接听日"))
    handed: dict[str, Any] = {"is_emergency": True, "path": (CentreId("hulunbuir"),), "case": "A-1"}
    hub.pop(pop(attempt=2, kept_at=NOON - timedelta(hours=1), to_dial="96789", **handed))
    hub.pop(pop(path=(CentreId("hulunbuir"), CentreId("tongliao"))))
    hub.pop(pop(about=CallId("node1-1"), known_as="张某", known_kind="人大代表"))
    _pasts(hub)
    hub.withdraw(WithdrawPop(seat=SEAT, call=CALL, offer=OfferId("1")))
    return heard(desk)[1:]


def _pasts(hub: DeskHub) -> None:
    """A caller who called before, about several matters; one whose past cannot be read."""
    wish, home = pop(), hub.platform.home
    hub.pop(wish)
    for past in (a_past(), None, *_of_every_kind()):
        hub.show_past(wish, past_shown(past, wish, home))
        hub.pop(wish)
    _open_again(hub)
    hub.pop(replace(wish, duty="市长接听日"))
    hub.pop(pop("12345"))
    hub.pop(replace(wish, known_as="某企业", known_kind="企业"))
    hub.pop(replace(wish, known_as="张某", known_kind="政协委员"))
    hub.pop(replace(wish, attempt=1))
    hub.pop(replace(wish, move=MOVE))


def _of_every_kind() -> Iterator[CallerPast]:
    """Orders of every type in every state, whole and with gaps."""
    order, call = a_past().open[0], a_past().calls[0]
    listed = Nuisance(since=NOON, until=NOON + timedelta(days=9), stands=True, reason="骚扰")
    for status, kind in product(get_args(Status), (*get_args(DemandType), None)):
        one = replace(order, line="12345", demand_type=kind, status=status)
        yield CallerPast(calls=(replace(call, order=one),), open=(one,), nuisance=listed)
    bare = replace(order, title=None, office=None, finish_by=None, is_open=False, is_anonymous=True)
    yield CallerPast(calls=(replace(call, order=bare),), open=(bare,))


def _open_again(hub: DeskHub) -> None:
    """The page is refreshed: the card has its past."""
    view = seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CALL)
    hub.open(ANNA, view)


def a_past() -> CallerPast:
    """An order still open, one that was anonymous, a call in vain, a listing that ended."""
    order = PastOrder(
        id="C1",
        call="node1-5",
        at=NOON - timedelta(days=2),
        status="submitted",
        line="8337771",
        is_open=True,
        is_anonymous=False,
        demand_type="complaint",
        title="路灯不亮",
        office="市税务局",
        finish_by=NOON + timedelta(days=3),
    )
    hidden = replace(
        order, id="C2", is_open=False, is_anonymous=True, title=None, office=None, finish_by=None
    )
    call = PastCall(
        call="node1-5",
        at=NOON - timedelta(days=2),
        line="8337771",
        is_out=False,
        is_answered=True,
        agents=("anna", "bao"),
        order=order,
    )
    in_vain = replace(call, call="node1-4", is_answered=False, agents=(), order=None)
    out = replace(call, call="out-1", line="12345", is_out=True, order=hidden)
    listed = Nuisance(since=NOON - timedelta(days=9), until=NOON, stands=False, reason="反复骚扰")
    return CallerPast(
        name="张某", calls=(call, in_vain, out), count=7, open=(order,), nuisance=listed
    )


def task_at_noon(call: str, hours: int) -> Task:
    """A caller who called in vain, to be called back by then."""
    task = replace(missed_task(call), number=ANI, missed_at=NOON)
    return replace(task, due_at=NOON + timedelta(hours=hours))


def _callbacks(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    hub.tasks.offer(ANNA, task_at_noon("node1-7", 2), NOON)
    hub.tasks.withdraw(ANNA, CallId("node1-7"))
    hub.tasks.offer(ANNA, task_at_noon("node1-8", -1), NOON)
    return heard(desk)[1:]


def _moves(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    talking = seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CALL)
    hub.show_seat(ShowSeat(view=talking))
    for step in Step:
        hub.show_move(shown(step))
    for n, (kind, target) in enumerate(zip(count(), TargetKind, strict=False)):
        hub.show_move(
            shown(
                Step.RINGING,
                move=MoveId(f"move-{n}"),
                kind=list(Kind)[kind % len(Kind)],
                target_kind=target,
                target=f"{target.value}:{n}",
                name=f"去处{n}",
            )
        )
    hub.moves.ask(MoveId("asked"), ANNA)
    hub.show_move(shown(Step.PASSING, move=MoveId("asked"), seat=None, call=CallId("node1-9")))
    hub.show_move(shown(Step.PASSING, move=MoveId("unknown"), seat=OTHER_SEAT))
    hub.show_move(shown(Step.RETURNED, why="missed", number="96789", was_answered=True))
    hub.show_move(shown(Step.JOINED, kind=Kind.CONSULT, move=MOVE))
    hub.show_seat(ShowSeat(view=replace(talking, call=None, state=AgentState.AVAILABLE)))
    return [one for one in heard(desk) if one["type"].startswith("move")]


def _told(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    at = NOON.isoformat()
    note: wire.Note = {"id": 7, "sender": CHIEF, "text": "请到培训室", "at": at}
    hub.show_note(ANNA, {"type": "note", "note": note})
    hub.show_note(ANNA, {"type": "note-read", "note": 7})
    hub.hands.rise(ANNA, CHIFENG, NOON)
    hub.hands.fall(ANNA)
    return heard(desk)[1:]


def a_talk() -> list[Heard]:
    """What may be heard in the call, in the order in which it is."""
    channels = get_args(Channel)
    kinds = get_args(MarkKind)
    words = "红山区步行街附近有人晕倒"
    return [
        Heard(call=CALL, kind="interim", key="caller-0", text="红山区"),
        *(
            Heard(
                call=CALL,
                kind="final",
                key=f"{channels[n % len(channels)]}-{n}",
                channel=channels[n % len(channels)],
                start_s=2.0 * n,
                end_s=2.0 * n + 1.5,
                text=words,
                marks=(Mark(start=0, end=3, kind=kind),),
            )
            for n, kind in enumerate(kinds)
        ),
        Heard(call=CALL, kind="gap", key="caller-9", start_s=20.0, end_s=22.0),
        Heard(call=CALL, kind="interim", key="caller-8", start_s=23.0, text="就在"),
        Heard(call=CALL, kind="draft", order="20261122-1"),
    ]


def _said(hub: DeskHub) -> list[Message]:
    desk = hub.open(ANNA, None)
    talking = seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CALL)
    hub.show_seat(ShowSeat(view=talking))
    for said in a_talk():
        hub.show_said(said)
    other = hub.open(BAO, None)
    hub.show_seat(ShowSeat(view=replace(talking, seat=OTHER_SEAT, agent=BAO)))
    told = [one for one in heard(other) if one["type"] == "text"]
    return [*heard(desk)[2:], *told]


def _along(hub: DeskHub) -> list[Message]:
    """A supervisor hears a talk, leaves it, and comes back."""
    desk = hub.open(CHIEF, None, CHIFENG)
    hub.show_seat(ShowSeat(view=seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CALL)))
    for phase in (Phase.HEARING, Phase.OVER, Phase.HEARING):
        hub.show_supervised(hearing(phase))
        for said in a_talk():
            hub.show_said(said)
    return [one for one in heard(desk) if "along" in one["type"]]


def hearing(phase: Phase) -> ShowSupervised:
    """The supervisor listens to the call."""
    listen = Hearing.LISTEN
    return ShowSupervised(
        call=CALL, seat=OTHER_SEAT, agent=CHIEF, mode=listen, wanted=listen, phase=phase, at=NOON
    )


def _supervised(hub: DeskHub) -> list[Message]:
    desk = hub.open(CHIEF, None, CHIFENG)
    hearings = list(Hearing)
    for n, phase in enumerate(Phase):
        hub.show_supervised(
            ShowSupervised(
                call=CALL,
                seat=SEAT,
                agent=CHIEF,
                mode=hearings[n % len(hearings)],
                wanted=hearings[(n + 1) % len(hearings)],
                phase=phase,
                at=NOON,
                why="call-over" if n == 0 else "",
            )
        )
    return [one for one in heard(desk) if one["type"] == "supervised"]


def _board(hub: DeskHub) -> list[Message]:
    """A supervisor's: nothing yet, all of it, a change, one gone; and a whole new snapshot."""
    desk = hub.open(CHIEF, None, CHIFENG)
    nothing = {**heard(desk)[0], "epoch": "0123456789ab"}
    record = replace(call_record(CALL, at=NOON), ended_at=None, talks=(), offers=(), ani=ANI)
    views = [
        seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CallId("node1-2")),
        seat_view("1002", agent=BAO, state=AgentState.NOT_READY, reason="小休", has_phone=False),
    ]
    waits = Standing(record=record, state=CallState.WAITING)
    board = LiveBoard(NOON)
    hub.show_live(CHIFENG, board.live(CHIFENG, NOON, [waits], views))
    rings = replace(waits, state=CallState.OFFERED)
    hub.show_live(CHIFENG, board.live(CHIFENG, NOON, [rings], views))
    hub.show_live(CHIFENG, {"callbacks": {"owed": 3, "overdue": 1}})
    hub.hands.rise(ANNA, CHIFENG, NOON)
    hub.hands.fall(ANNA)
    hub.show_live(CHIFENG, board.live(CHIFENG, NOON, [], views[:1]))
    hub.show_blocked(
        ShowBlocked(call=CALL, centre=CHIFENG, line=LineId("8337771"), ani=ANI, at=NOON)
    )
    hub.show_live(CHIFENG, board.live(CHIFENG, NOON, [waits], views))
    hub.show_supervised(hearing(Phase.HEARING))
    stream = hub._streams.open(CHIEF, CHIFENG)
    stream.epoch = "0123456789ab"  # else every run would make other fixtures
    again = hub.open(CHIEF, None, CHIFENG, since=Since(stream.epoch, stream.seq - 1))
    fresh = hub.open(CHIEF, views[0], CHIFENG)
    seated = replace(views[0], agent=CHIEF, call=CALL)
    hub.show_seat(ShowSeat(view=seated))
    hub.pop(pop(agent=CHIEF))
    hub.show_move(shown(Step.CONSULTING))
    hub.tasks.offer(CHIEF, task_at_noon("node1-7", 2), NOON)
    hub.hands.rise(CHIEF, CHIFENG, NOON)
    for heard_now in a_talk():
        hub.show_said(heard_now)
    last = hub.open(CHIEF, seated, CHIFENG)
    said = [one for one in heard(desk)[1:] if one["type"] in ("live", "blocked")]
    return [nothing, *said, heard(again)[0], heard(fresh)[0], *heard(last)]
