"""Whether a move that is asked for can be begun now. Rules of the switch; changes nothing.

One answer for all who ask: the switch before it begins one, and the web edge before it says yes.
"""

from dataclasses import replace
from datetime import datetime

from config.dialled import key
from config.ledger import EMERGENCY
from cti import recipients
from cti.call import Call, CallState
from cti.ids import CentreId, ChannelId, SeatId, mask
from cti.move import Move
from cti.moveevents import AgentMoves
from cti.picture import Picture
from transfer.step import Kind, Step
from transfer.target import Route, Target, TargetKind
from transfer.why import WhyNot


def why_not(picture: Picture, event: AgentMoves, *, is_live: bool) -> WhyNot | None:
    """Why it would not be begun now; None: it would be, or is already, or waits its turn."""
    call = picture.calls.get(event.call)
    if call is not None and was_asked(call, event):
        return None
    return hinders(picture, call, asked(picture, call, event), event.at, is_live=is_live)


def was_asked(call: Call, event: AgentMoves) -> bool:
    """Whether that very move was asked for before: it is made once."""
    waits = (one.event.move for one in call.stand.asked)
    return event.move in call.stand.made or event.move in waits


# --- what is asked for --------------------------------------------------------------------------


def asked(picture: Picture, call: Call | None, event: AgentMoves) -> Move:
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
        return _typed(picture, call, event.number)
    known = picture.plan.targets.get(call.centre, {}) if call is not None else {}
    nobody = Target(id=event.target, name="", kind=TargetKind.NUMBER, routes=())
    return known.get(event.target, nobody)


def _typed(picture: Picture, call: Call | None, number: str) -> Target:
    """An emergency line that the centre has not written down is dialled like any other number."""
    centre = call.centre if call is not None else CentreId("")
    routes = (replace(picture.plan.typed.get(centre, Route()), number=key(number)),)
    if number in EMERGENCY:
        line = TargetKind.EMERGENCY
        return Target(id="", name=number, kind=line, routes=routes, number=number)
    return Target(id="", name=mask(number), kind=TargetKind.NUMBER, routes=routes)


def _initiator(call: Call | None, event: AgentMoves) -> tuple[ChannelId | None, SeatId | None]:
    """The agent's own leg, if it is with the caller; for an emergency whosever is."""
    if call is None:
        return None, None
    heard = {party.seat for party in call.partners if party.seat is not None}
    there = (call.stand.room | call.stand.brought) & call.legs.keys()
    here = {call.legs[one].seat for one in there}
    mine = event.seat if event.seat in heard | here else None
    if mine is None and event.kind is Kind.EMERGENCY:
        mine = min(heard, default=None)
    return (call.channel_of(mine), mine) if mine is not None else (None, None)


# --- what stands in its way ---------------------------------------------------------------------


def hinders(
    picture: Picture, call: Call | None, move: Move, at: datetime, *, is_live: bool
) -> WhyNot | None:
    """What does. In the way of an emergency stand neither another move nor Asterisk out of sight:
    it waits for these.
    """
    if call is None:
        return WhyNot.NO_CALL
    is_emergency = move.kind is Kind.EMERGENCY
    if not is_live and not is_emergency:
        return WhyNot.NO_LINK
    if why := _why_never(picture, call, move):
        return why
    if call.left_at is not None or call.state is CallState.KEPT or not call.channel:
        return WhyNot.NO_CALLER
    if is_emergency and is_coming(call, move):
        return WhyNot.ALREADY
    if _is_under_way(picture, call, move) and not is_emergency:
        return WhyNot.UNDER_WAY
    if move.channel is None and not is_emergency:
        return WhyNot.NOT_YOURS
    return _why_not_there(picture, call, move, at)


def _is_under_way(picture: Picture, call: Call, move: Move) -> bool:
    """Whether the caller is being taken somewhere already: by a move, or by a supervisor."""
    others = (one for one in picture.listeners.values() if one.call == call.id)
    is_brought = any(one.is_armed_for for one in others)
    return call.move is not None or is_brought or move.channel in call.stand.let_go


def is_coming(call: Call, move: Move) -> bool:
    """Whether that emergency line is being called for the caller already, or will be next."""
    waiting = [(one.shown.target, one.event.number) for one in call.stand.asked]
    if call.move is not None and call.move.kind is Kind.EMERGENCY:
        waiting.append((call.move.target.id, call.move.number))
    return (move.target.id, move.number) in waiting


def _why_never(picture: Picture, call: Call, move: Move) -> WhyNot | None:
    """Why that can never be: no such target, or not like that."""
    target = move.target
    if not move.number and target.id not in picture.plan.targets.get(call.centre, {}):
        return WhyNot.NO_TARGET
    if move.kind is Kind.EMERGENCY and target.kind is not TargetKind.EMERGENCY:
        return WhyNot.NO_EMERGENCY
    if _is_other_way(target, move.kind):
        return WhyNot.OTHER_WAY
    is_own = target.routes != () and all(route.seat == move.asker for route in target.routes)
    return WhyNot.IS_YOU if is_own else None


def _is_other_way(target: Target, kind: Kind) -> bool:
    """Whether callers are not taken there like that; to an emergency line only by its own key."""
    if target.kind is TargetKind.EMERGENCY:
        return kind is not Kind.EMERGENCY
    return bool(target.ways) and kind not in target.ways


def _why_not_there(picture: Picture, call: Call, move: Move, at: datetime) -> WhyNot | None:
    """Why nobody of the target can be reached now. An emergency line is asked at any hour."""
    target = move.target
    if target.kind is not TargetKind.EMERGENCY:
        if target.hotline and target.hotline in (*call.stand.path, call.centre):
            return WhyNot.LOOP
        if not target.is_open(at) or (target.routes and not move.routes):
            return WhyNot.CLOSED
    if not target.routes:
        return WhyNot.ONLY_TOLD
    has_route = recipients.next_route(picture, call, move) is not None
    return None if has_route else WhyNot.BUSY
