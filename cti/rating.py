"""What callers say of the talk, by one key after it. Part of the switch's rules.

The dialplan asks, once, whoever's seat has hung up (``[survey]``); nobody is reminded. The mark
belongs to the call and to the seat that talked last.
"""

from cti.events import CallerRated
from cti.picture import Picture


def rated(picture: Picture, event: CallerRated) -> None:
    """Note the caller's mark. Of two the later one holds, as in Asterisk's log."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    call.satisfaction = event.mark
    last = call.talks[-1].seat if call.talks else ""
    picture.journal(call, event.at, "rated", mark=str(event.mark), seat=last)
