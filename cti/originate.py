"""The order by which the brain has Asterisk ring somebody of itself, whoever it is. Pure."""

from collections.abc import Mapping
from datetime import timedelta

from cti.ids import CallId


def headers(
    channel: str,
    name: str,
    context: str,
    ring: timedelta,
    carried: Mapping[str, str],
    *,
    shown: str = "",
    call: CallId | None = None,
) -> dict[str, str]:
    """The headers of an ``Originate``; whoever answers goes to ``context``.

    ``name`` becomes the channel's Uniqueid: while a channel has it, Asterisk refuses the same
    order a second time. ``carried`` are the channel's variables, from before it rings; a value with
    a comma in it comes quoted. ``shown`` is the number the phone shows. ``call``: whose leg it is.
    """
    asked = {
        "Channel": channel,
        "ChannelId": name,
        "Context": context,
        "Exten": "s",
        "Priority": "1",
        "Timeout": str(whole_seconds(ring) * 1000),
        "Async": "true",
        "Variable": ",".join(f"{what}={value}" for what, value in carried.items()),
    }
    if shown:
        asked["CallerID"] = f"<{shown}>"
    if call is not None:
        asked["Account"] = call
    return asked


def whole_seconds(ring: timedelta) -> int:
    """How long a phone rings, as Asterisk counts: never not at all."""
    return max(1, round(ring.total_seconds()))
