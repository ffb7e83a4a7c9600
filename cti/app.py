"""The brain, put together: link, switch, driver, web, facts. Ring 3, holds no rules.

``serve`` runs until it is cancelled or asked to stop. Everything it starts ends with it; callers
and talks do not: those live in Asterisk.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import structlog

from config.platform import Platform
from config.render import secret
from config.settings import LOOPBACK, Settings
from cti import whencetable
from cti.agi.plan import PlanDialogue
from cti.agi.server import AgiServer, Dialogue
from cti.ami.link import AmiLink
from cti.city import switch_plan
from cti.driver import Driver
from cti.events import Event
from cti.housepost import EVENTS, ORDERS, HousePost
from cti.ids import AgentId, CallId, CentreId, SeatId
from cti.inbox import Inbox, Replan
from cti.ledger import CityLedger
from cti.liveboard import Stamp, Told, remember
from cti.livetext import LiveText
from cti.moveevents import AgentMoves, AgentPresses, SupervisorJoins, SupervisorTakes
from cti.onlyone import only_one
from cti.outevents import AgentDials
from cti.ports import Groups
from cti.refusing import RefusalList
from cti.reload import ProfileReload
from cti.room import RecordingRoom
from cti.switch import Switch
from cti.web.app import make_app
from cti.web.cardpast import CardPasts
from cti.web.desk import DeskHub
from cti.web.live import push_live
from cti.web.serving import serving
from cti.web.taskoffers import TaskOffers
from cti.webstore import WebStore
from queues.live import LiveBoard
from queues.mirror import RedisMirror
from queues.seat import SeatView
from records.jobs import Doorbell
from records.keyring import PatientRing
from records.lastseat import LastSeats
from records.outbox import FactOutbox
from records.reconcile import reconcile
from records.store import CallStore
from transfer.target import Target
from transfer.why import WhyNot

log = structlog.get_logger()

REPLAY_AFTER_S = 1.0
"""CEL is written a moment after AMI tells; the replay of an unseen call waits this long."""
REPLAY_EVERY_S = 300.0
"""The replay also runs by itself: what nobody noticed is found within five minutes."""
PLAN_AGAIN_S = 6 * 3600.0
"""How often the days to come are planned anew."""
NICER = -5
"""Whoever decides must not stand behind whoever transcribes, or the dialplan takes over."""
SETTLE_S = 5.0
"""How long a stopping brain waits for SQL; what is not there then is in the outbox's file."""


class Brain:
    """The brain as the web edge sees it (``cti.ports.Brain``)."""

    def __init__(
        self,
        inbox: Inbox,
        driver: Driver,
        outbox: FactOutbox,
        room: RecordingRoom,
        board: LiveBoard,
        posts: tuple[HousePost, ...],
    ) -> None:
        self._inbox, self._driver, self._outbox, self._room = inbox, driver, outbox, room
        self._board, self._posts = board, posts

    def submit(self, event: Event) -> None:
        """Put one event into the inbox."""
        self._inbox.put(event)

    def seat_of(self, agent: AgentId) -> SeatView | None:
        """Where the agent is signed in."""
        return self._driver.switch.seat_of(agent)

    def seat(self, seat: SeatId) -> SeatView | None:
        """How that seat stands."""
        return self._driver.switch.seat(seat)

    def agents_at(self, call: CallId) -> frozenset[AgentId]:
        """At whose seats that call is right now."""
        seats = self._driver.switch.seats()
        return frozenset(s.agent for s in seats if s.agent and call in (s.call, s.wraps_up))

    def live(self, centre: CentreId) -> Groups:
        """What the centre's supervisors see now."""
        switch = self._driver.switch
        return self._board.live(centre, self._inbox.now(), switch.standing(centre), switch.seats())

    def centre_of(self, call: CallId) -> CentreId | None:
        """Whose call it is; None once it is over."""
        return self._driver.switch.centre_of(call)

    def targets(self, centre: CentreId) -> Mapping[str, Target]:
        """Where that centre's callers can be taken, by ``Target.id``."""
        return self._driver.switch.targets(centre)

    def why_not_supervise(self, event: SupervisorJoins | SupervisorTakes) -> str:
        """Why a supervisor's wish would not be carried out now; '' when it would."""
        return self._driver.switch.why_not_supervise(event)

    def why_not_dial(self, event: AgentDials) -> str:
        """Why a citizen would not be called out to now; '' when they would."""
        return self._driver.switch.why_not_dial(event)

    def why_not_press(self, event: AgentPresses) -> str:
        """Why the telephone beside the page would not be steered now; '' when it would."""
        return self._driver.switch.why_not_press(event)

    def why_not_move(self, event: AgentMoves) -> WhyNot | None:
        """Why a move would not be begun now; None when it would, or would wait its turn."""
        return self._driver.switch.why_not_move(event)

    def is_ready(self) -> bool:
        """Linked, with a whole picture, making offers."""
        return self._driver.switch.is_live

    def figures(self) -> Mapping[str, float]:
        """Gauges of loop, switch, outbox, disk and what other houses are owed."""
        posts = (post.figures() for post in self._posts)
        others = (self._outbox.figures(), self._room.figures(), *posts)
        return self._driver.figures() | {name: n for one in others for name, n in one.items()}


async def serve(settings: Settings) -> None:
    """Run the brain until SIGTERM or SIGINT.

    Raises ``ProfileFaults`` when there is no readable profile, and ``AlreadyRunning`` when another
    brain serves this home: two would offer every caller twice.
    """
    with suppress(PermissionError):  # only root may; without it the brain is one among others
        os.nice(NICER)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)  # too early: it is being read anyway
    async with running(settings) as brain:
        loop.add_signal_handler(signal.SIGHUP, brain.reload)
        log.info("brain running", profile=settings.profile, port=settings.http_port)
        await stop.wait()
        log.info("brain stopping")


class Running:
    """A running brain, for those who started it in their own process."""

    def __init__(self, driver: Driver, outbox: FactOutbox, profiles: ProfileReload) -> None:
        self.driver, self.outbox = driver, outbox
        self._profiles = profiles

    def reload(self) -> None:
        """Take a changed profile over; a faulty one is refused and the last good one kept."""
        self._profiles.want()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Run a brain inside the block."""
    profiles = ProfileReload(settings, lambda platform: made.take_over(platform))
    with only_one(settings.home / "run" / "brain.lock"):
        store = await CallStore.open(settings.sql_url, PatientRing(settings))
        made = _Made(settings, store, profiles)
        app = make_app(settings, made.brain, made.web, made.hub, CityLedger(settings))
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(work, name=name) for name, work in made.works().items()]
                async with serving(app, settings.host, settings.http_port):
                    yield Running(made.driver, made.outbox, made.profiles)
                with suppress(TimeoutError):
                    async with asyncio.timeout(SETTLE_S):
                        await made.outbox.settled()
                for task in tasks:
                    task.cancel()
        finally:
            await made.doorbell.close()
            await store.close()


class _Made:
    """The parts of a brain, joined to each other. ``works`` is what they do all the time."""

    def __init__(self, settings: Settings, store: CallStore, profiles: ProfileReload) -> None:
        self._settings, self._store, self.profiles = settings, store, profiles
        self._inbox = inbox = Inbox()
        self._begun = begun = datetime.now(UTC)
        self._stamp = Stamp(settings.home / "run" / "brain.seen")
        self._board = board = LiveBoard(begun)
        store.on_record = board.see
        self.doorbell = Doorbell(settings)
        self.outbox = FactOutbox(store, settings.home / "outbox.jsonl", self.doorbell.ring)
        self._mirror, memory = RedisMirror(settings.redis), LastSeats(store.database)
        self.hub = DeskHub(profiles.current)
        self._switch = Switch(switch_plan(profiles.current, begun), begun)
        self._replay = Replay(settings, store, self._switch, profiles)
        self._link = link = _link(settings, inbox, lambda: self._refusals.want())
        self.web = WebStore(store, lambda: self._refusals.want(), settings.recordings)
        self._refusals = RefusalList(link, self.web.nuisance_standing, lambda: profiles.current)
        centres = tuple(one.centre for one in profiles.current.centres)
        self.outbox.put(self._stamp.closing(centres, begun))
        told, want = Told(self.outbox, board), self._replay.want
        self.driver = Driver(inbox, self._switch, link, self.hub, told, self._mirror, want, memory)
        self._room = RecordingRoom(settings.recordings)
        houses = HousePost(settings, store.database, lambda: profiles.current)
        programs = HousePost(settings, store.database, lambda: profiles.current, EVENTS)
        platforms = HousePost(settings, store.database, lambda: profiles.current, ORDERS)
        self._posts = posts = (houses, programs, platforms)
        store.takes_orders = platforms.takes_orders
        store.has_interface, store.hears_events = houses.has_interface, programs.hears_events
        store.on_owed = self._want_posts
        self.brain = Brain(inbox, self.driver, self.outbox, self._room, board, posts)

    def _want_posts(self) -> None:
        for post in self._posts:
            post.want()

    def take_over(self, platform: Platform) -> None:
        """Serve another city: its profile was changed and read."""
        self.hub.know(platform)
        self._refusals.want()
        self._inbox.put(Replan(switch_plan(platform, datetime.now(UTC))))

    def works(self) -> dict[str, Coroutine[None, None, None]]:
        """By name; each runs until it is cancelled."""
        inbox, hub, board = self._inbox, self.hub, self._board
        seen_at = self._stamp.seen_at
        return {
            "outbox": self.outbox.run(),
            "mirror": self._mirror.run(),
            "driver": self.driver.run(),
            "replay": self._replay.run(),
            "link": self._link.run(),
            "refusals": self._refusals.run(),
            "profiles": self.profiles.run(),
            "room": self._room.run(),
            "duties": plan_ahead(inbox, lambda: self.profiles.current),
            "stamp": self._stamp.run(),
            "houses": self._posts[0].run(),
            "events": self._posts[1].run(),
            "orders": self._posts[2].run(),
            "past": remember(self._store.database, board, self._begun, seen_at),
            "live": push_live(hub, self.brain, self.web),
            "said": LiveText(self._settings.redis, hub).run(),
            "pasts": CardPasts(hub, self.web).run(),
            "whence": whencetable.load(hub.know_places, self._settings.cache),
            "tasks": TaskOffers(self._switch, self.web, hub, inbox.now).run(),
            "agi": _lead_dialogues(self._settings, self.profiles),
        }


def _link(settings: Settings, inbox: Inbox, also_on_up: Callable[[], None]) -> AmiLink:
    def on_up() -> None:
        inbox.on_up()
        also_on_up()

    return AmiLink(
        LOOPBACK,
        settings.ami_port,
        "hotline",
        secret(settings, "ami"),
        on_message=inbox.on_message,
        on_up=on_up,
        on_down=inbox.on_down,
        backlog=inbox.backlog,
    )


async def plan_ahead(
    inbox: Inbox, current: Callable[[], Platform], every_s: float = PLAN_AGAIN_S
) -> None:
    """Plan the days to come, until cancelled: the plan knows the duties of some days only."""
    while True:
        await asyncio.sleep(every_s)
        inbox.put(Replan(switch_plan(current(), inbox.now())))


async def _lead_dialogues(settings: Settings, profiles: ProfileReload) -> None:
    """Listen for FastAGI. Callers are served without it, so a taken port is only said."""
    plan = PlanDialogue(lambda: profiles.current, lambda: datetime.now(UTC))
    await asyncio.to_thread(plan.load)
    dialogues: Mapping[str, Dialogue] = {"plan": plan}
    try:
        await AgiServer(LOOPBACK, settings.agi_port, dialogues).run()
    except OSError as error:
        log.error("no dialogues", port=settings.agi_port, why=str(error))


class Replay:
    """Replays Asterisk's own log when something may have gone unseen, and now and then."""

    def __init__(
        self, settings: Settings, store: CallStore, switch: Switch, profiles: ProfileReload
    ) -> None:
        self._settings, self._store, self._switch = settings, store, switch
        self._profiles = profiles
        self._wanted = asyncio.Event()

    def want(self, _call: CallId | None) -> None:
        """Ask for a replay soon. Asking ten times is one replay."""
        self._wanted.set()

    async def run(self) -> None:
        """Replay until cancelled. A failure is said and tried again the next time."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(REPLAY_EVERY_S):
                    await self._wanted.wait()
            await asyncio.sleep(REPLAY_AFTER_S)
            self._wanted.clear()
            try:
                live = self._switch.live_calls if self._switch.is_live else None
                home = self._profiles.current.home.centre
                await reconcile(self._settings, self._store, live=live, whole=False, home=home)
            except Exception:  # noqa: BLE001 - the brain outlives a failed replay
                log.exception("replay failed")
                await asyncio.sleep(REPLAY_AFTER_S * 5)
                self._wanted.set()
