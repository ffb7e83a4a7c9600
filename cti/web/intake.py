"""What an agent goes by when an order is written: reasons to decline, offices, time limits."""

from typing import Literal

from aiohttp import web
from pydantic import BaseModel

from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint


class RefusalShown(BaseModel):
    """A reason for which a demand is not taken on."""

    id: str
    """What ``decline_reason`` of an order says."""
    reason: str
    words: str
    """The sentence to say to the caller."""
    source: str
    """Where the rule stands; '' if nobody wrote it down."""


class LimitsShown(BaseModel):
    """Time limits; null: the centre has no such rule."""

    dispatch_h: int | None
    """Working hours from intake until the order is with an office."""
    sign_d: int | None
    """Working days from dispatch until the office signs for it."""
    consult_d: int | None
    """Working days from signing to the answer of a question."""
    other_d: int | None
    """The same for every other demand."""
    hard_d: int | None
    """The same for hard ones."""
    urgent: Literal["same-day"] | None
    """When urgent ones must be done."""


class Intake(BaseModel):
    """A centre's own rules of intake."""

    centre: str
    refusals: list[RefusalShown]
    offices: list[str]
    """Names that may be proposed; others may be written."""
    limits: LimitsShown


class IntakeRules:
    """Serves ``/api/v1/intake``."""

    def __init__(self, hub: DeskHub) -> None:
        self._hub = hub

    def endpoints(self) -> tuple[Endpoint, ...]:
        """One."""
        return (
            Endpoint(
                method="GET",
                path="/api/v1/intake",
                does="本中心的受理规则：不予受理的理由和话术、可选的承办单位、办理时限。",
                roles=SEATED,
                handler=self.show,
                answer=Intake,
            ),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The rules of the reader's own centre, in the order of its tables."""
        platform = self._hub.platform  # the newest: it may have changed since the start
        mine = ask.identity.centre
        profile = platform.centre_or_home(mine)
        offices = [office.name for office in profile.offices]
        offices += [line.department for line in profile.lines if line.department]
        limits = profile.limits.model_dump(include=set(LimitsShown.model_fields))
        intake = Intake(
            centre=mine,
            refusals=[
                RefusalShown(id=one.id, reason=one.reason, words=one.words, source=one.source)
                for one in profile.refusals
            ],
            offices=list(dict.fromkeys(offices)),
            limits=LimitsShown(**limits),
        )
        return web.json_response(intake.model_dump())
