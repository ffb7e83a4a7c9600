"""Brings a caller's past to the card, behind the pop: no offer waits for the records.

Each pop is looked up in a task of its own. Records that are slow or away cost the agent the past
of that caller, and are said to be.
"""

import asyncio
from datetime import datetime
from typing import Final, Protocol

import structlog

from config.ledger import HOTLINE, Line
from config.profile import Profile
from cti.effects import PopScreen
from cti.ids import AgentId, CallId, CentreId
from cti.web import past as wire
from cti.web.desk import DeskHub
from cti.web.endpoint import Role
from cti.web.ports import STORE_FAULTS, Account
from records.callerpast import CallerPast, PastCall, PastOrder, same_matter

WITHIN_S: Final = 1.5
"""The agent has picked up by then."""
AT_ONCE: Final = 8
"""Lookups that run beside each other; more wait their turn."""
SEE_PAST: Final = frozenset({Role.AGENT.value, Role.SUPERVISOR.value})
"""Whose card says what the caller told others. Never an expert's: it may be of the very office
complained about."""

log = structlog.get_logger()


class Pasts(Protocol):
    """The records as this needs them. May raise ``STORE_FAULTS``."""

    async def account(self, user: AgentId) -> Account | None:
        """The person with that user name."""
        ...

    async def caller_past(
        self, centre: CentreId, ani: str, area_code: str, but: CallId, now: datetime
    ) -> CallerPast:
        """What that centre knows of that number, without that call."""
        ...


class CardPasts:
    """Looks up what the hub pops, until cancelled."""

    def __init__(self, hub: DeskHub, pasts: Pasts) -> None:
        self._hub, self._pasts = hub, pasts
        self._wanted: asyncio.Queue[PopScreen] = asyncio.Queue()
        self._room = asyncio.Semaphore(AT_ONCE)
        hub.on_pop = self._wanted.put_nowait

    async def run(self) -> None:
        """Answer every pop; a failure is that card's alone."""
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._tell(await self._wanted.get()))

    async def _tell(self, wish: PopScreen) -> None:
        past: CallerPast | None
        try:
            async with asyncio.timeout(WITHIN_S), self._room:
                past = await self._look(wish)
        except STORE_FAULTS as error:
            log.warning("caller's past not known", call=wish.call, why=type(error).__name__)
            past = None
        self._hub.show_past(wish, past_shown(past, wish, self._centre(wish)))

    def _centre(self, wish: PopScreen) -> Profile:
        return self._hub.platform.centre_or_home(wish.centre)

    async def _look(self, wish: PopScreen) -> CallerPast:
        centre = self._centre(wish)
        is_theirs = wish.seat.rpartition("-")[0] == wish.centre
        if not (is_theirs and wish.ani.lstrip("+").isdecimal()):
            return CallerPast()  # another centre's callers, and those who show no number
        account = await self._pasts.account(wish.agent)
        if account is None or account.role not in SEE_PAST:
            return CallerPast()
        return await self._pasts.caller_past(
            wish.centre, wish.ani, centre.area_code, wish.call, wish.at
        )


def past_shown(past: CallerPast | None, wish: PopScreen, centre: Profile) -> wire.CardPast:
    """The past as the desk is told it. None: it could not be read."""
    found = past or CallerPast()
    line = centre.line(wish.line)
    about = same_matter(found.open, line.number, HOTLINE, _offices(line))
    listed = found.nuisance
    return {
        "is_known": past is not None,
        "name": found.name,
        "count": found.count,
        "calls": [_call(one, centre) for one in found.calls],
        "open": [_order(one, centre) for one in found.open],
        "matter": {"order": about[0].id, "why": about[1]} if about else None,
        "nuisance": {
            "since": listed.since.isoformat(),
            "until": listed.until.isoformat(),
            "stands": listed.stands,
            "reason": listed.reason,
        }
        if listed
        else None,
    }


def _offices(line: Line) -> frozenset[str]:
    named = {line.department, *(entry.department for entry in line.entries)}
    return frozenset(name for name in named if name)


def _call(past: PastCall, centre: Profile) -> wire.PastCall:
    return {
        "call": past.call,
        "at": past.at.isoformat(),
        "line": past.line,
        "line_name": _name(past.line, centre),
        "is_out": past.is_out,
        "is_answered": past.is_answered,
        "agents": list(past.agents),
        "order": _order(past.order, centre) if past.order else None,
    }


def _order(order: PastOrder, centre: Profile) -> wire.PastOrder:
    return {
        "id": order.id,
        "at": order.at.isoformat(),
        "status": order.status,
        "line": order.line,
        "line_name": _name(order.line, centre),
        "is_open": order.is_open,
        "is_anonymous": order.is_anonymous,
        "demand_type": order.demand_type,
        "title": order.title,
        "office": order.office,
        "finish_by": order.finish_by.isoformat() if order.finish_by else None,
    }


def _name(number: str, centre: Profile) -> str:
    line = centre.by_number.get(number)
    return line.name if line is not None and line.name != number else ""
