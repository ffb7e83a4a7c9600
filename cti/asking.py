"""What agents ask of moves: to begin one, and the keys while it is under way. Rules of the switch.

Nothing that cannot be carried out is begun (``cti.beginning``): the desk is told why, and the
caller stays where it is. In the way of an emergency stands nothing: what is under way makes room
for it, and as long as it cannot, the emergency waits; any number of them, in the order in which
they were asked for.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cti import beginning, movesteps, recipients
from cti.call import Call, CallState
from cti.move import Move, Waiting, Waits
from cti.moveevents import AgentMoves, AgentSteers
from cti.picture import Picture
from transfer.step import KEYS, Kind, Step, What
from transfer.table import TABLES, begin
from transfer.why import WhyNot

UNSEEN_WITHIN: Final = timedelta(seconds=10)
"""So long does an emergency wait for Asterisk to be seen again; its desk is told after that."""


def moves(picture: Picture, event: AgentMoves, *, is_live: bool) -> None:
    """Begin a move, or tell the desk why not. Asked twice, it is made once."""
    call = picture.calls.get(event.call)
    if call is not None and beginning.was_asked(call, event):
        return
    move = beginning.asked(picture, call, event)
    why = beginning.hinders(picture, call, move, event.at, is_live=is_live)
    if call is None or why is not None:
        _refuse(picture, call, move, event, why or WhyNot.NO_CALL)
    elif is_live and _has_room(picture, call, event.at):
        _start(picture, call, event)
    else:
        _wait(picture, call, move, event)


def _start(picture: Picture, call: Call, event: AgentMoves) -> None:
    """Begin it, now that nothing else is under way; if nothing has come between."""
    move = beginning.asked(picture, call, event)
    call.stand.made.add(move.id)
    why = beginning.hinders(picture, call, move, event.at, is_live=True)
    if why is not None:
        _refuse(picture, call, move, event, why)
        return
    _begin(picture, call, move, event)


def _refuse(
    picture: Picture, call: Call | None, move: Move, event: AgentMoves, why: WhyNot
) -> None:
    """Tell the desk that asked. A number it can tell the caller goes with it."""
    move.why = why.value
    centre = call.centre if call is not None else None
    if centre is None:
        seat = picture.seats.get(event.seat)
        if seat is None:
            return
        centre = seat.centre
    is_known = move.target.name != ""
    move.tells = is_known and move.target.number != ""
    picture.out.append(move.show(event.call, centre, event.at, Step.RETURNED))
    if call is not None:
        data = {"kind": move.kind.value, "target": move.target_id, "why": move.why}
        picture.journal(call, event.at, "move-refused", move=move.id, seat=event.seat, **data)


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
    move = call.move
    waits = next((one for one in call.stand.asked if one.event.move == event.move), None)
    if waits is not None:
        if event.key is What.CANCEL and event.seat in (waits.event.seat, waits.shown.seat):
            _forget(picture, call, waits, event.at)
    elif move is not None and move.id == event.move and is_live:
        _press(picture, call, move, event)


def _press(picture: Picture, call: Call, move: Move, event: AgentSteers) -> None:
    if event.seat in (move.initiator, move.asker):
        movesteps.happened(picture, call, event.key, event.at)


def _forget(picture: Picture, call: Call, waits: Waiting, at: datetime) -> None:
    """Do not begin an emergency that was undone while it waited; nor if it is asked for again."""
    asked = waits.event
    call.stand.asked.remove(waits)
    call.stand.made.add(asked.move)
    target = waits.shown.target
    picture.journal(call, at, "move-undone", move=asked.move, seat=asked.seat, target=target)
    picture.out.append(replace(waits.shown, at=at, step=Step.RETURNED))
    movesteps.note(picture, call)


# --- an emergency while another move is under way ----------------------------------------------


def _has_room(picture: Picture, call: Call, at: datetime) -> bool:
    """End the move under way for an emergency, if there is one; false when that takes a moment.

    Whoever talks with the caller stays: only what still rings or is being put aside ends. Another
    emergency that rings is left to ring: this one begins once that is joined, or over.
    """
    move = call.move
    if move is None:
        return True
    is_emergency = move.kind is Kind.EMERGENCY
    if is_emergency and (move.step, What.JOIN) in TABLES[move.kind]:
        movesteps.happened(picture, call, What.JOIN, at)  # nobody who answered is let go
    if move.step is Step.JOINED:
        move.step = Step.COMPLETED
        movesteps.end(picture, call, move, at)
    elif not is_emergency and (move.step, What.CANCEL) in TABLES[move.kind]:
        movesteps.happened(picture, call, What.CANCEL, at)
    return call.move is None


def _wait(picture: Picture, call: Call, move: Move, event: AgentMoves) -> None:
    """Let an emergency wait until it can begin. Its desk sees that it does, and can undo it.

    So does a brain that comes after us: it is written down.
    """
    shown = move.show(call.id, call.centre, event.at, Step.ASKED)
    call.stand.asked.append(Waiting(event, shown, since=event.at))
    picture.alarm(event.at + UNSEEN_WITHIN, "asked", call.id)
    picture.out.append(shown)
    movesteps.note(picture, call)


def waited(picture: Picture, call: Call, at: datetime, *, is_live: bool) -> None:
    """Something changed since an emergency had to wait: begin it now, or let it wait on.

    One asked for while Asterisk was out of sight is given up when it is so for long: its desk is
    told, and whoever asked has called by other means.
    """
    asked = call.stand.asked
    if not is_live:
        for one in [one for one in asked if at >= one.since + UNSEEN_WITHIN]:
            asked.remove(one)
            call.stand.made.add(one.event.move)
            event = replace(one.event, at=at)
            move = beginning.asked(picture, call, event)
            _refuse(picture, call, move, event, WhyNot.NO_LINK)
        return
    while asked and _has_room(picture, call, at):
        _start(picture, call, replace(asked.pop(0).event, at=at))
        movesteps.note(picture, call)


def lost(picture: Picture, at: datetime) -> None:
    """Asterisk went out of sight: emergencies that wait are given up when it stays so for long."""
    for call in picture.calls.values():
        for one in call.stand.asked:
            one.since = at
            picture.alarm(at + UNSEEN_WITHIN, "asked", call.id)


def recall(picture: Picture, call: Call, waits: Sequence[Waits], at: datetime) -> None:
    """Let the emergencies wait on that a brain before us let wait, in their order."""
    for one in waits:
        event = AgentMoves(
            at=at,
            seat=one.seat,
            agent=one.agent,
            call=call.id,
            move=one.move,
            kind=Kind.EMERGENCY,
            target=one.target,
            number=one.number,
        )
        if not beginning.was_asked(call, event):
            move = beginning.asked(picture, call, event)
            shown = move.show(call.id, call.centre, at, Step.ASKED)
            call.stand.asked.append(Waiting(event, shown, since=at))
            picture.out.append(shown)


def look(picture: Picture, at: datetime) -> None:
    """Asterisk is in sight: emergencies that were asked for meanwhile begin, in a moment."""
    for call in picture.calls.values():
        if call.stand.asked:
            picture.alarm(at, "asked", call.id)
