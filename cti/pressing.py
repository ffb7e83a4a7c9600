"""The page as the remote control of the telephone beside it. Part of the switch's rules.

Nothing of a call's state changes here: what comes of a key, the telephone's legs tell.
"""

from cti.call import Call
from cti.effects import PressPhone
from cti.happened import PhoneKey
from cti.ids import ChannelId
from cti.moveevents import AgentPresses
from cti.picture import Picture

OF_RINGING = frozenset({PhoneKey.ANSWER, PhoneKey.HANG_UP})
"""What can be pressed before the telephone is answered; answering is all that no talk wants."""


def press(picture: Picture, event: AgentPresses, *, is_live: bool) -> None:
    """Order it, if the telephone of that agent's seat rings or talks for the call."""
    found = _leg(picture, event)
    if not is_live or found is None or why_not(picture, event):
        return
    call, channel = found
    rings = channel not in call.bridges
    picture.out.append(PressPhone(call=call.id, channel=channel, key=event.key, rings=rings))


def why_not(picture: Picture, event: AgentPresses) -> str:
    """Why it would not be pressed now, as an error's id; '' when it would."""
    seat = picture.seats.get(event.seat)
    if seat is None or seat.agent != event.agent:
        return "not-signed-in"
    found = _leg(picture, event)
    if found is None:
        return "phone-idle"
    call, channel = found
    if channel in call.bridges:
        return "" if event.key is not PhoneKey.ANSWER else "phone-idle"
    return "" if event.key in OF_RINGING else "phone-idle"


def _leg(picture: Picture, event: AgentPresses) -> tuple[Call, ChannelId] | None:
    call = picture.calls.get(event.call)
    channel = call.channel_of(event.seat) if call is not None else None
    return (call, channel) if call is not None and channel is not None else None
