"""What the page must know of the centre before anybody sits down: its seats and its name."""

from aiohttp import web
from pydantic import BaseModel

from cti.ids import seat_id
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint
from cti.web.sight import centres_seen


class SeatFacts(BaseModel):
    """A seat that may be chosen."""

    extension: str
    name: str
    taken_by: str | None
    """The agent signed in there."""
    has_phone: bool


class CentreSeen(BaseModel):
    """A centre whose calls and orders the reader may look at."""

    centre: str
    name: str


class Centre(BaseModel):
    """A centre and its seats."""

    centre: str
    name: str
    city: str
    seats: list[SeatFacts]
    sees: list[CentreSeen]
    """The own centre first; those below it for who watches over them."""


class CentreFacts:
    """Serves ``/api/v1/centre``."""

    def __init__(self, hub: DeskHub, brain: Brain) -> None:
        self._hub = hub
        self._brain = brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """One."""
        return (
            Endpoint(
                method="GET",
                path="/api/v1/centre",
                does="本中心的名称与座席。",
                roles=SEATED,
                handler=self.show,
                answer=Centre,
            ),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The seats of the reader's own centre, in the administrators' order."""
        platform = self._hub.platform  # the newest: it may have changed since the start
        mine = ask.identity.centre
        profile = next((centre for centre in platform if centre.centre == mine), None)
        seats = []
        for plan in profile.seats if profile else ():
            view = self._brain.seat(seat_id(mine, plan.extension))
            seats.append(
                SeatFacts(
                    extension=plan.extension,
                    name=plan.name,
                    taken_by=view.agent if view else None,
                    has_phone=bool(view and view.has_phone),
                )
            )
        # A centre that was taken out of the city has no seats any more.
        shown = profile or platform.home
        seen = centres_seen(ask.identity, platform)
        names = {centre.centre: centre.name for centre in platform}
        centre = Centre(
            centre=mine,
            name=shown.name,
            city=shown.city,
            seats=seats,
            sees=[CentreSeen(centre=each, name=names.get(each, each)) for each in seen],
        )
        return web.json_response(centre.model_dump())
