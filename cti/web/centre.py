"""What the page must know of the centre before anybody sits down: its seats and its name."""

from aiohttp import web
from pydantic import BaseModel

from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint


class SeatFacts(BaseModel):
    """A seat that may be chosen."""

    extension: str
    name: str
    taken_by: str | None
    """The agent signed in there."""
    has_phone: bool


class Centre(BaseModel):
    """A centre and its seats."""

    centre: str
    name: str
    city: str
    seats: list[SeatFacts]


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
        """The seats in the administrators' order; none of another centre's."""
        profile = self._hub.profile  # the newest: it may have been read again since the start
        seats = []
        for plan in profile.seats if ask.identity.centre == profile.centre else ():
            view = self._brain.seat(profile.seat_id(plan))
            seats.append(
                SeatFacts(
                    extension=plan.extension,
                    name=plan.name,
                    taken_by=view.agent if view else None,
                    has_phone=bool(view and view.has_phone),
                )
            )
        centre = Centre(
            centre=profile.centre,
            name=profile.name,
            city=profile.city,
            seats=seats,
        )
        return web.json_response(centre.model_dump())
