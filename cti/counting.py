"""How many callers and seats stand where. Pure: whoever asks the switch is told from here."""

from cti.call import CallState
from cti.ids import CentreId
from cti.picture import Picture
from queues.live import Standing
from queues.seat import AgentState

ON_THE_LINE = (CallState.WAITING, CallState.FALLEN_BACK)


def gauges(picture: Picture) -> dict[str, float]:
    """Callers by state, those whom emergency lines handed over, seats by state."""
    found = {f"calls_{state.name.lower()}": 0.0 for state in CallState}
    found["calls_from_emergency"] = 0.0
    found |= {f"seats_{state.name.lower()}": 0.0 for state in AgentState}
    for call in picture.calls.values():
        found[f"calls_{call.state.name.lower()}"] += 1
        found["calls_from_emergency"] += call.is_emergency
    for seat in picture.seats.values():
        found[f"seats_{seat.state.name.lower()}"] += 1
    return found


def standing(picture: Picture, centre: CentreId) -> list[Standing]:
    """The centre's calls that are not over, without those out that may never have a row."""
    calls = [call for call in picture.calls.values() if call.centre == centre]
    return [Standing(record=c.record(), state=c.state) for c in calls if not c.is_nothing_yet]


def waiting_in(picture: Picture, centre: CentreId) -> int:
    """How many callers of that centre wait on the line."""
    calls = picture.calls.values()
    return sum(call.centre == centre and call.state in ON_THE_LINE for call in calls)
