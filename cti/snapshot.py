"""What stands in Asterisk, read from its answers when the link is new. Pure, as ``wire`` is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from cti.ami.message import need
from cti.events import SnapshotTaken
from cti.ids import AgentId, CallId, CentreId, ChannelId, LegId, LineId, OfferId, PeerId
from cti.ports import Message
from cti.seen import SeenChannel, SeenMember
from cti.wire import (
    BLOCKED,
    EMERGENCY,
    FAREWELL,
    account_of,
    leg_of,
    listener_of,
    moment,
    path_of,
    peer_of,
    phone_of,
    revision,
    seat_at,
    seat_of,
)
from queues.seat import AgentState, SeatView
from transfer.step import Mode

SNAPSHOT_VARIABLES = (
    "ABOUT,CALL,CENTRE,LINE,DNIS,ANI,ARRIVED,SINCE,OFFER,ATTEMPT,REVISION,STATE,PROMPT,ROUTE,PEER,"
    "HANDED,MODE,MOVE,AWAY_LEG,GO,CAME_PATH,CAME_CASE,CAME_REASON"
)
"""What rides on the caller's channel, or on a seat's for a call-back: asked for with snapshots."""

TAKEN_OVER = frozenset({"seat-room", "hold"})
"""Where the phone of a supervisor stands who took a talk over."""
UNSET = "(null)"
"""How Asterisk writes a variable that a channel does not have; a seat's has hardly any."""


def _moment_or_none(epoch: str) -> datetime | None:
    return moment(epoch) if epoch else None


def variables(message: Message) -> dict[str, str]:
    """The ``Variable: name=value`` headers of a ``Status`` event; those not set are left out."""
    found = message.get("Variable", [])
    lines = [found] if isinstance(found, str) else found
    pairs = (line.partition("=") for line in lines)
    return {name: value for name, _, value in pairs if value != UNSET}


def seen_channel(message: Message, queue_position: int) -> SeenChannel:
    """A ``Status`` event asked for with ``SNAPSHOT_VARIABLES``, as the snapshot wants it."""
    channel = ChannelId(need(message, "Channel"))
    riding = variables(message)
    call = CallId(riding.get("CALL") or account_of(message))
    # A seat that dials 12345 is a caller: the call's id is its own channel's.
    # That of a call out is a seat's as well, which calls somebody else.
    about = CallId(riding["ABOUT"]) if riding.get("ABOUT") else None
    is_caller = need(message, "Uniqueid") == call and about is None
    seat = None if is_caller else seat_of(channel)
    peer = None if is_caller else peer_of(channel)
    attempt = int(riding.get("ATTEMPT") or 0)
    leg = leg_of(need(message, "Uniqueid"))
    speaks_for_caller = bool(attempt or about) or not (seat or peer or leg)
    seen = SeenChannel(
        channel=channel,
        call=call,
        seat=seat,
        context=need(message, "Context"),
        bridge=need(message, "BridgeID"),
        centre=CentreId(riding.get("CENTRE", "") if speaks_for_caller else ""),
        queue_position=queue_position,
        about=about,
        peer=peer,
        tried=PeerId(riding["PEER"]) if is_caller and riding.get("PEER") else None,
        attempt=attempt,
        leg=leg,
        hears=_hears(message, riding),
        move=riding.get("MOVE", "") if speaks_for_caller else "",
    )
    return _with_what_rides(seen, riding)


def _with_what_rides(seen: SeenChannel, riding: dict[str, str]) -> SeenChannel:
    """With what the channel says of its caller, whosever it is."""
    return replace(
        seen,
        ani=riding.get("ANI", ""),
        line=LineId(riding.get("LINE", "")),
        dnis=riding.get("DNIS", ""),
        offer=OfferId(riding.get("OFFER", "").partition(",")[0]),
        arrived_at=_moment_or_none(riding.get("ARRIVED", "")),
        since=_moment_or_none(riding.get("SINCE", "")),
        revision=revision(riding.get("REVISION", "")),
        line_state=riding.get("STATE", ""),
        prompt=riding.get("PROMPT", ""),
        is_farewell=riding.get("ROUTE", "") == FAREWELL,
        is_handed_over=riding.get("HANDED", "") != "",
        is_emergency=riding.get("HANDED", "") == EMERGENCY,
        is_blocked=riding.get("ROUTE", "") == BLOCKED,
        away=LegId(riding.get("AWAY_LEG", "")),
        goes=riding.get("GO", ""),
        path=path_of(riding.get("CAME_PATH", "")),
        case=riding.get("CAME_CASE", ""),
        handed_because=riding.get("CAME_REASON", ""),
    )


def _hears(message: Message, riding: dict[str, str]) -> Mode | None:
    """How a supervisor's phone is in a talk; None for any other channel.

    One that has taken the talk over is a leg like any: it stands in the room.
    """
    if listener_of(need(message, "Uniqueid")) is None or need(message, "Context") in TAKEN_OVER:
        return None
    modes = {mode.value: mode for mode in Mode}
    return modes.get(riding.get("MODE", ""), Mode.LISTEN)


def seen_member(message: Message) -> SeenMember | None:
    """A ``QueueMember`` event, as the snapshot wants it; None for a member that is no seat."""
    seat = seat_at(need(message, "Location"))
    if seat is None:
        return None
    return SeenMember(
        seat=seat,
        agent=AgentId(need(message, "Name")),
        is_paused=need(message, "Paused") == "1",
        reason=str(message.get("PausedReason") or ""),
        phone=phone_of(message),
    )


def snapshot(
    at: datetime,
    queues: Sequence[Message],
    channels: Sequence[Message],
    mirrored: Sequence[SeatView],
) -> SnapshotTaken:
    """Put the answers to ``QueueStatus`` and ``Status`` and the mirror's seats together."""
    positions = {
        need(message, "Channel"): int(need(message, "Position"))
        for message in queues
        if message.get("Event") == "QueueEntry"
    }
    members = [seen_member(message) for message in queues if message.get("Event") == "QueueMember"]
    return SnapshotTaken(
        at=at,
        channels=tuple(
            seen_channel(message, positions.get(need(message, "Channel"), 0))
            for message in channels
            if message.get("Event") == "Status"
        ),
        members=tuple(member for member in members if member is not None),
        wrapping_up=tuple(
            (view.seat, view.until, view.wraps_up)
            for view in mirrored
            if view.state is AgentState.WRAP_UP and view.until is not None
        ),
        not_ready=tuple(
            (view.seat, view.agent, view.reason) for view in mirrored if view.agent is not None
        ),
        reskilled=tuple(
            (view.seat, view.agent, view.skills)
            for view in mirrored
            if view.agent is not None and view.is_reskilled
        ),
    )
