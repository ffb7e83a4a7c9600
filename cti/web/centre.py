"""What the page must know of the centre before anybody sits down: its seats and its name."""

from aiohttp import web
from pydantic import BaseModel

from config.profile import Profile
from cti.ports import Brain
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

    def __init__(self, profile: Profile, brain: Brain) -> None:
        self._profile = profile
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
        seats = []
        for plan in self._profile.seats if ask.identity.centre == self._profile.centre else ():
            view = self._brain.seat(self._profile.seat_id(plan))
            seats.append(
                SeatFacts(
                    extension=plan.extension,
                    name=plan.name,
                    taken_by=view.agent if view else None,
                    has_phone=bool(view and view.has_phone),
                )
            )
        centre = Centre(
            centre=self._profile.centre,
            name=self._profile.name,
            city=self._profile.city,
            seats=seats,
        )
        return web.json_response(centre.model_dump())
