"""The web application, put together. Holds no rules of its own."""

import asyncio
from pathlib import Path
from typing import Final

from aiohttp import web

from config.settings import BUILT_DESK, Settings
from cti.ports import Brain
from cti.web.callbacks import Callbacks
from cti.web.callouts import CallOuts
from cti.web.calls import Calls
from cti.web.centre import CentreFacts
from cti.web.clips import Clips
from cti.web.desk import DeskHub
from cti.web.deskphone import DeskPhones, phone_url
from cti.web.desksocket import DeskSocket
from cti.web.endpoint import BODY_LIMIT, Endpoint
from cti.web.files import page_endpoints
from cti.web.followups import FollowUps
from cti.web.gate import Gate, put_headers
from cti.web.health import Health
from cti.web.intake import IntakeRules
from cti.web.knowledge import Knowledge
from cti.web.ledgerport import Ledger
from cti.web.linkage import Linkage
from cti.web.live import Live
from cti.web.metrics import Metrics
from cti.web.moves import Moves
from cti.web.notes import Notes
from cti.web.nuisance import NuisanceCallers
from cti.web.numbers import Numbers
from cti.web.openapi import OpenApi
from cti.web.operations import Operations
from cti.web.orders import Orders
from cti.web.otherpages import PageRoutes
from cti.web.ownpassword import OwnPassword
from cti.web.passwords import Passwords
from cti.web.people import People
from cti.web.ports import Store
from cti.web.prompts import PromptRoutes
from cti.web.reveals import Reveals
from cti.web.scores import Scores
from cti.web.seats import Seats
from cti.web.session import RECHECK_S, Sessions, read_key
from cti.web.signin import SignIn
from cti.web.stats import Stats
from cti.web.supervise import Supervise
from cti.web.tables import Tables
from cti.web.targets import TargetRoutes
from cti.web.topics import HotTopics

ENDPOINTS: Final = web.AppKey("endpoints", tuple[Endpoint, ...])
"""Every endpoint served: what the test of roles walks."""


def make_app(
    settings: Settings,
    brain: Brain,
    store: Store,
    hub: DeskHub,
    ledger: Ledger,
    recheck_s: float = RECHECK_S,
    page: Path = BUILT_DESK,
) -> web.Application:
    """Make the application. ``hub`` is also the driver's ``Desks``.

    Run it with ``serving.serving``: it writes its own access log, without addresses that hold
    numbers. Stopping it closes the desks first. ``page``: where the desk's page was built.
    """
    metrics = Metrics(brain, hub)
    sessions = Sessions(read_key(settings.home / "secrets" / "session"), store, recheck_s)
    gate = Gate(sessions, metrics)
    passwords = Passwords(store)
    orders = Orders(store, hub, brain)
    endpoints = (
        *SignIn(passwords, sessions, metrics, hub.framers).endpoints(),
        OwnPassword(passwords, sessions, store).endpoint,
        DeskSocket(hub, brain, metrics, sessions).endpoint,
        *DeskPhones(settings, brain).endpoints(),
        *orders.endpoints(),
        Scores(orders, store).endpoint,
        *Reveals(orders, store).endpoints(),
        *CallOuts(orders, store).endpoints(),
        *FollowUps(orders, store).endpoints(),
        *IntakeRules(hub).endpoints(),
        *Calls(store, settings.recordings, hub).endpoints(),
        Clips(store, hub).endpoint,
        *Knowledge(store, hub).endpoints(),
        *Moves(hub, brain).endpoints(),
        *TargetRoutes(hub, brain).endpoints(),
        *Supervise(store, brain).endpoints(),
        *Seats(store, hub, brain).endpoints(),
        *Notes(store, hub, brain).endpoints(),
        *Callbacks(store, hub, brain).endpoints(),
        *Linkage(store, hub).endpoints(),
        *Stats(store, hub).endpoints(),
        HotTopics(store, hub).endpoint,
        *NuisanceCallers(store, hub).endpoints(),
        *People(store, hub).endpoints(),
        *PageRoutes(store, hub).endpoints(),
        Live(brain, store, hub).endpoint,
        *CentreFacts(hub, brain).endpoints(),
        *Numbers(ledger, Operations()).endpoints(),
        *PromptRoutes(ledger).endpoints(),
        *Tables(ledger).endpoints(),
        *Health(brain, store, metrics).endpoints(),
        *page_endpoints(page),
    )
    endpoints += (OpenApi(endpoints).endpoint,)
    app = web.Application(middlewares=[gate.middleware], client_max_size=BODY_LIMIT)
    for endpoint in endpoints:
        app.router.add_route(endpoint.method, endpoint.path, gate.serve(endpoint))
    app[ENDPOINTS] = endpoints
    app.on_response_prepare.append(put_headers(lambda host: phone_url(settings, host), hub.framers))

    async def close_desks(_app: web.Application) -> None:
        hub.close_all()
        await asyncio.sleep(0)  # lets the writers see it before the server counts connections

    app.on_shutdown.append(close_desks)
    return app
