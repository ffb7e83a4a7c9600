"""What agents ask of moves: to begin one, and the keys while it is under way. Rules of the switch.

Nothing that cannot be carried out is begun: the desk is told why, and the caller stays where it
is. In the way of an emergency stands nothing: what is under way makes room for it.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from config.dialled import key
from cti import movesteps, recipients
from cti.call import Call, CallState
from cti.ids import CentreId, ChannelId, SeatId, mask
from cti.move import Move
from cti.moveevents import AgentMoves, AgentSteers
from cti.picture import Picture
from transfer.step import KEYS, Kind, Step, What
from transfer.table import TABLES, begin
from transfer.target import Route, Target, TargetKind

UNSEEN_WITHIN: Final = timedelta(seconds=10)
"""So long does an emergency wait for Asterisk to be seen again; its desk is told after that."""


def moves(picture: Picture, event: AgentMoves, *, is_live: bool) -> None:
    """Begin a move, or tell the desk why not. Asked twice, it is made once."""
    call = picture.calls.get(event.call)
    if call is not None and (event.move in call.stand.made or event.move == _next(call)):
        return
    move = _asked(picture, call, event)
    if call is None or not is_live:
        if call is not None and event.kind is Kind.EMERGENCY and _waits(picture, call, event):
            return
        move.why = "no-call" if call is None else "no-link"
        _refuse(picture, call, move, event)
        return
    move.why = _why_not(picture, call, move, event.at)
    if move.why == "under-way" and event.kind is Kind.EMERGENCY:
        if _gives_way(picture, call, event):
            return
        move.why = _why_not(picture, call, move, event.at)
    if move.why:
        _refuse(picture, call, move, event)
    else:
        call.stand.made.add(move.id)
        _begin(picture, call, move, event)


def _next(call: Call) -> str:
    waits = call.stand.asked
    return waits.move if waits is not None else ""


def _asked(picture: Picture, call: Call | None, event: AgentMoves) -> Move:
    """The move that is asked for, as long as it has not begun."""
    target = _target(picture, call, event)
    channel, seat = _initiator(call, event)
    return Move(
        id=event.move,
        kind=event.kind,
        target=target,
        asker=event.seat,
        agent=event.agent,
        number=event.number,
        routes=target.routes_at(event.at),
        step=Step.RETURNED,
        begun_at=event.at,
        initiator=seat,
        channel=channel,
    )


def _target(picture: Picture, call: Call | None, event: AgentMoves) -> Target:
    if event.number:
        centre = call.centre if call is not None else CentreId("")
        dialled = picture.plan.typed.get(centre, Route())
        routes = (replace(dialled, number=key(event.number)),)
        name = mask(event.number)
        return Target(id="", name=name, kind=TargetKind.NUMBER, routes=routes)
    known = picture.plan.targets.get(call.centre, {}) if call is not None else {}
    nobody = Target(id=event.target, name="", kind=TargetKind.NUMBER, routes=())
    return known.get(event.target, nobody)


def _initiator(call: Call | None, event: AgentMoves) -> tuple[ChannelId | None, SeatId | None]:
    """The agent's own leg, if it is with the caller; for an emergency whosever is."""
    if call is None:
        return None, None
    heard = {party.seat for party in call.partners if party.seat is not None}
    here = {call.legs[one].seat for one in call.stand.room if one in call.legs}
    mine = event.seat if event.seat in heard | here else None
    if mine is None and event.kind is Kind.EMERGENCY:
        mine = min(heard, default=None)
    return (call.channel_of(mine), mine) if mine is not None else (None, None)


def _why_not(picture: Picture, call: Call, move: Move, at: datetime) -> str:
    """Why the move is not begun; '' when it is."""
    target, is_emergency = move.target, move.kind is Kind.EMERGENCY
    if not target.id and not move.number:
        return "no-target"
    if target.id and target.id not in picture.plan.targets.get(call.centre, {}):
        return "no-target"
    if is_emergency and target.kind is not TargetKind.EMERGENCY:
        return "no-emergency"
    if _is_other_way(target, move.kind):
        return "other-way"
    if call.left_at is not None or call.state is CallState.KEPT or not call.channel:
        return "no-caller"
    if call.move is not None:
        return "under-way"
    if move.channel is None and not is_emergency:
        return "not-yours"
    if target.kind is not TargetKind.EMERGENCY:
        if target.hotline and target.hotline in (*call.stand.path, call.centre):
            return "loop"
        if not target.is_open(at) or (target.routes and not move.routes):
            return "closed"
    if not target.routes:
        return "only-told"
    return "" if recipients.next_route(picture, call, move) is not None else "busy"


def _is_other_way(target: Target, kind: Kind) -> bool:
    """Whether callers are not taken there like that; to an emergency line only by its own key."""
    if target.kind is TargetKind.EMERGENCY:
        return kind is not Kind.EMERGENCY
    return bool(target.ways) and kind not in target.ways


def _refuse(picture: Picture, call: Call | None, move: Move, event: AgentMoves) -> None:
    """Tell the desk that asked. A number it can tell the caller goes with it."""
    centre = call.centre if call is not None else None
    if centre is None:
        seat = picture.seats.get(event.seat)
        if seat is None:
            return
        centre = seat.centre
    is_known = move.target.id != "" and move.target.name != ""
    move.tells = is_known and move.tells_number != ""
    picture.out.append(move.show(event.call, centre, event.at, Step.RETURNED))
    if call is not None:
        why = {"kind": move.kind.value, "target": move.target_id, "why": move.why}
        picture.journal(call, event.at, "move-refused", move=move.id, seat=event.seat, **why)


def _begin(picture: Picture, call: Call, move: Move, event: AgentMoves) -> None:
    has_initiator = move.channel is not None
    recipients.note_begun(picture, call, move, event.at)
    move.step, todo = begin(move.kind, has_initiator=has_initiator)
    call.move = move
    if call.partners and not has_initiator:  # whoever it talks with may go while it rings
        movesteps.arm(picture, call, "hold")
    elif not has_initiator and call.state is CallState.LEAVING:
        movesteps.keep(picture, call, event.at)
    movesteps.start(picture, call, move, todo, event.at)


# --- keys -------------------------------------------------------------------------------------


def steers(picture: Picture, event: AgentSteers, *, is_live: bool) -> None:
    """Take a key of whoever began the move, or has the caller. Others' keys change nothing.

    Nor do keys of a move that another has taken the place of since they were pressed.
    """
    call = picture.calls.get(event.call)
    if call is None or event.key not in KEYS:
        return
    asked, move = call.stand.asked, call.move
    if asked is not None and asked.move == event.move:
        if event.key is What.CANCEL and event.seat == asked.seat:
            _forget(picture, call, asked, event.at)
    elif move is not None and move.id == event.move and is_live:
        _press(picture, call, move, event)


def _press(picture: Picture, call: Call, move: Move, event: AgentSteers) -> None:
    if event.seat in (move.initiator, move.asker):
        movesteps.happened(picture, call, event.key, event.at)


def _forget(picture: Picture, call: Call, asked: AgentMoves, at: datetime) -> None:
    """Do not begin an emergency that was undone while it waited; nor if it is asked for again."""
    call.stand.asked = None
    call.stand.made.add(asked.move)
    move = _asked(picture, call, asked)
    picture.journal(call, at, "move-undone", move=move.id, seat=asked.seat, target=move.target_id)
    picture.out.append(move.show(call.id, call.centre, at, Step.RETURNED))


# --- an emergency while another move is under way ----------------------------------------------


def _gives_way(picture: Picture, call: Call, event: AgentMoves) -> bool:
    """End the move under way for an emergency; true when that takes a moment, and it waits.

    Whoever talks with the caller stays: only what still rings or is being put aside ends. Another
    emergency that rings is left to ring: this one begins once that is joined, or over.
    """
    move = call.move
    assert move is not None, "asked only while one is under way"
    is_emergency = move.kind is Kind.EMERGENCY
    if is_emergency and move.target_id == event.target:
        return False
    if is_emergency and (move.step, What.JOIN) in TABLES[move.kind]:
        movesteps.happened(picture, call, What.JOIN, event.at)  # nobody who answered is let go
    if move.step is Step.JOINED:
        move.step = Step.COMPLETED
        movesteps.end(picture, call, move, event.at)
        return False
    if not is_emergency and (move.step, What.CANCEL) in TABLES[move.kind]:
        movesteps.happened(picture, call, What.CANCEL, event.at)
        return False
    return _waits(picture, call, event)


def _waits(picture: Picture, call: Call, event: AgentMoves) -> bool:
    """Let an emergency wait until it can begin; false when another one waits already."""
    if call.stand.asked is not None:
        return False
    call.stand.asked = event
    picture.alarm(event.at + UNSEEN_WITHIN, "asked", call.id)
    return True


def waited(picture: Picture, call: Call, at: datetime, *, is_live: bool) -> None:
    """Something changed since an emergency had to wait: begin it now, or let it wait on.

    One asked for while Asterisk was out of sight is given up when it is so for long: its desk is
    told, and whoever asked has called by other means.
    """
    asked = call.stand.asked
    if asked is None or (not is_live and at < asked.at + UNSEEN_WITHIN):
        return
    call.stand.asked = None
    event = replace(asked, at=at)
    if is_live:
        moves(picture, event, is_live=True)
    else:
        move = _asked(picture, call, event)
        move.why = "no-link"
        _refuse(picture, call, move, event)


def look(picture: Picture, at: datetime) -> None:
    """Asterisk is in sight: emergencies that were asked for meanwhile begin, in a moment."""
    for call in picture.calls.values():
        if call.stand.asked is not None:
            picture.alarm(at, "asked", call.id)
