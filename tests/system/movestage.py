"""A city whose callers are moved, with two other hotlines beside it, and everybody in a tone.

``stage()`` opens it all: our Asterisk, brain and Redis; an emergency centre and a public network
with whom else can be called, each an Asterisk of its own; agents with phone and desk; people at
the telephones over there. What is done with a caller in it is in ``tests.system.movescene``.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.deskclient import DeskClient, DeskRefused
from bench.phone import Softphone
from bench.wavetools import tone, write_wav
from config.files import load_platform
from config.linkage import LINKAGE
from config.profile import RELATIONS
from config.render import secret
from config.settings import LOOPBACK
from cti.ids import CallId
from ivr.text import standing_texts
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import ASKED_AFTER_THE_TALK, find_root
from tests.standstill import Watch
from tests.system.city import City, until
from tests.system.neighbours import move_peers
from tests.system.otherhouse import OtherHouse
from tests.system.people import Agent, People, people_of
from tests.system.sending import Sending, may_look

MUSIC, WORD, RINGS = 330, 380, 450
"""Tones of the music, of every sentence, and of a telephone that rings elsewhere."""
HOLDS, SENDS = 280, 230
"""Of the sentences that a caller hears who is put on hold, or sent to somebody else."""
WORD_S = 0.3
"""Of every sentence, and of every digit that is read out."""
CALLERS, AGENTS, THERE, BEHIND = 500, 700, 900, 1300
"""The first tone of each sort of people; whoever is next speaks ``APART`` higher."""
APART = 9
LEVEL = -20.0
EMERGENCIES = ("110", "119", "120", "122", *(f"9110{n:02}" for n in range(4, 20)))
EMERGENCY_PEER, OUT_PEER = "jinji", "gongwang"
HOTLINES = (
    ("sub-centre:12366", "12366", "shuiwu", "9306366"),
    ("sub-centre:12313", "12313", "yancao", "9306313"),
    ("centre:neimenggu", "047112345", "neimenggu", "04719306345"),
    *((f"centre:xia{n}", "047612345", OUT_PEER, f"93070{n:02}") for n in range(3, 20)),
)
"""Target, number, peer and number there: three are the profile's, the others we add."""
LEFT_S = 15.0
"""Within which nothing is left of calls that are over: no channel, and no seat in them."""
STRAY = r"sip_transport.c Dropping \d+ bytes packet from UDP 127\.0\.0\.1"
"""Sound that was meant for a port which somebody else's test on this machine had a moment ago."""
GONE_MEANWHILE = r"func_global.c.*Channel '[^']+' not found! +Variable '(WHO|LEFT)' not set"
"""A caller who went in the instant between being looked for and being told who left: nobody misses
it, and a hang-up handler of Asterisk cannot look and tell in one step."""
HEADINGS = "号码,名称,类别,处理,对端,转接号码,备用对端,备用号码,座席时间,接口"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a caller can be taken: a target, and who answers there, one route after the other."""

    target: str
    number: str
    """What the caller is told to dial when nobody answers."""
    people: tuple[Agent, ...]


@dataclass(slots=True, eq=False)
class Stage:
    """All of it. Made by ``stage``."""

    city: City
    people: People
    tap: AmiTap
    houses: Mapping[str, OtherHouse]
    """Peer → the house that is reached by it."""
    watch: Watch
    sending: Sending | None
    """When callers' telephones sent; None: nobody here may look at that."""
    desks: dict[str, DeskClient] = field(default_factory=dict)
    """Extension → the agent's desk."""
    out_of_reach: set[str] = field(default_factory=set)
    """Extensions whose telephones have no network just now."""
    late: list[CallId] = field(default_factory=list)
    """Calls whose caller's telephone was late with a packet, on a machine that is full of them."""
    lost: dict[CallId, int] = field(default_factory=dict)
    """Calls of which our recorder lost packets, and how many: see ``movedoing.is_whole``."""
    tones: dict[Path, int] = field(default_factory=dict)
    """The file of a hum → its tone."""
    callers: list[Path] = field(default_factory=list)
    """Each slot's caller's hum."""
    emergency: list[Place] = field(default_factory=list)
    """Two routes each."""
    once: list[Place] = field(default_factory=list)
    """Utilities with one route."""
    twice: list[Place] = field(default_factory=list)
    """Utilities with two."""
    hotline: list[Place] = field(default_factory=list)
    """Sub-centres and the hotline above, one route each; three slots have one."""

    def stood_s(self, since: float, until: float | None = None) -> float:
        """How long the machine stood still in that time (CLOCK_MONOTONIC; till now): whoever
        should have spoken or noted something then had no processor.
        """
        return self.watch.longest(since, until)

    def hertz(self, who: Agent) -> int:
        """In which tone somebody speaks."""
        return self.tones[who.hum]

    @property
    def voices(self) -> set[int]:
        """Every tone that is a person's, and the music's."""
        return {*self.tones.values(), MUSIC}

    async def staff(self) -> None:
        """Everybody sits down, again if the brain was away."""
        opened = await self.city.staff(len(self.people.agents))
        extensions = (agent.extension for agent in self.people.agents)
        self.desks |= dict(zip(extensions, opened, strict=True))

    async def is_ready_again(self) -> None:
        """Who lost its telephone in a talk, or missed a call, says that it works again."""
        for extension, state in self.city.seat_states().items():
            if state == "not-ready" and extension not in self.out_of_reach:
                with suppress(DeskRefused):  # it has said so already, for somebody else
                    await self.desks[extension].do("ready")

    def hum(self, hertz: int) -> Path:
        """The file of a tone somebody speaks in."""
        path = self.city.folder / f"hum-{hertz}.wav"
        if path not in self.tones:
            self.tones[write_wav(path, tone(hertz, 1.0, LEVEL))] = hertz
        return path


@dataclass(frozen=True, slots=True)
class _Ours:
    """Our own Asterisk, for an ``AmiTap``."""

    ami_port: int
    ami_secret: str


@asynccontextmanager
async def stage(
    folder: Path,
    phones: Softphone,
    watch: Watch,
    *,
    slots: int = 1,
    agents: int = 0,
    workers: int = 0,
    interface: str = "",
    host: str = LOOPBACK,
) -> AsyncIterator[Stage]:
    """``slots`` calls (twenty at most) can be moved at once; ``agents`` take them, all ready.

    By default one more than slots: who comes back to the queue is answered by somebody.
    ``watch``: by what it notes of the machine, what is heard late is judged.
    ``interface``: where the emergency lines are told of callers. ``host``: where ours is reached.
    """
    agents = agents or slots + 1
    prompt = tone(WORD, WORD_S, LEVEL)
    city = City(folder, seats=agents, workers=workers, prompt=prompt, host=host)
    houses = _houses(folder, slots, city.target)
    _write_tables(city, houses, slots, interface)
    ringing = city.settings.home / "sounds" / "ringback"
    ringing.mkdir(parents=True, exist_ok=True)  # Asterisk looks once, at its start
    write_wav(ringing / "ringback.wav", tone(RINGS, 5.0, LEVEL))
    async with AsyncExitStack() as stack:
        async with asyncio.TaskGroup() as starting:
            for house in houses.values():
                starting.create_task(stack.enter_async_context(house))
        await stack.enter_async_context(city)
        _write_sounds(city)
        people = await stack.enter_async_context(people_of(city, phones, agents))
        ours = _Ours(city.settings.ami_port, secret(city.settings, "ami"))
        tap = await stack.enter_async_context(AmiTap(ours))
        rtp = city.settings.rtp_first, city.settings.rtp_last
        sending = stack.enter_context(Sending(*rtp)) if may_look() else None
        made = Stage(city, people, tap, houses, watch, sending)
        for n, agent in enumerate(people.agents):
            agent.hum = made.hum(AGENTS + APART * n)
            agent.answers_after_s = 0.05
        made.callers += [made.hum(CALLERS + APART * slot) for slot in range(slots)]
        work = await _move_in(made, phones, slots)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(who.work()) for who in work]
            await made.staff()
            for peer in dict.fromkeys((*houses, *(peer for _, _, peer, _ in HOTLINES))):
                await _seen(city, peer)
            yield made
            for task in tasks:
                task.cancel()


def _houses(folder: Path, slots: int, ours: tuple[str, int]) -> dict[str, OtherHouse]:
    """``a0`` … at the emergency centre; ``b0`` … and, behind a second route, ``c0`` … elsewhere."""
    first = {EMERGENCIES[n]: f"a{n}" for n in range(slots)}
    others = {f"930{which}0{n:02}": f"b{n}" for n in range(slots) for which in (1, 2)}
    others |= {f"93030{n:02}": f"c{n}" for n in range(slots)}
    others |= {f"9306{EMERGENCIES[n]}": f"c{n}" for n in range(slots)}
    others |= {there: f"b{n}" for n, (_, _, _, there) in enumerate(HOTLINES[:slots])}
    root = find_root()
    return {
        EMERGENCY_PEER: OtherHouse(folder / "emergency", first, to=ours, root=root),
        OUT_PEER: OtherHouse(folder / "beyond", others, to=ours, root=root),
    }


def _write_tables(city: City, houses: Mapping[str, OtherHouse], slots: int, interface: str) -> None:
    """Peers at the houses' ports, and a row for each place."""
    rows = [HEADINGS]
    for n in range(slots):
        number = EMERGENCIES[n]
        rows += [
            f"{number},紧急{n},紧急,三方,{EMERGENCY_PEER},{number},{OUT_PEER},9306{number},全天,"
            f"{interface}",
            f"93010{n:02},一路{n},公共服务,转接,{OUT_PEER},93010{n:02},,,全天,",
            f"93020{n:02},两路{n},公共服务,转接,{OUT_PEER},93020{n:02},{OUT_PEER},93030{n:02},全天,",
        ]
    profile = city.settings.home / "profile"
    (profile / LINKAGE).write_text("\n".join(rows) + "\n", encoding="utf-8")
    ports = {peer: house.sip_port for peer, house in houses.items()}
    ports |= {peer: ports[OUT_PEER] for _, _, peer, _ in HOTLINES}
    relations = [
        f"下级,{target.partition(':')[2]},下级热线,0476,{peer},{there},"
        for target, _, peer, there in HOTLINES[3:slots]
    ]
    with (profile / RELATIONS).open("a", encoding="utf-8") as table:
        table.writelines(f"{row}\n" for row in relations)
    move_peers(profile, ports)
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home


def _write_sounds(city: City) -> None:
    """Every standing sentence and the music, each in a tone."""
    own = {"hold-transfer": HOLDS, "transfer-now": SENDS}
    sounds = city.settings.home / "sounds"
    for told in standing_texts():
        if told.id != ASKED_AFTER_THE_TALK:
            write_wav(sounds / "zh" / f"{told.id}.wav", tone(own.get(told.id, WORD), WORD_S, LEVEL))
    write_wav(sounds / "moh" / "music.wav", tone(MUSIC, 10.0, LEVEL))


async def _move_in(made: Stage, phones: Softphone, slots: int) -> Sequence[Agent]:
    """A telephone in the houses for each name, with somebody who answers when told to."""
    folder = made.city.folder / "there"
    folder.mkdir()
    found: dict[str, Agent] = {}
    for house in made.houses.values():
        for name in house.passwords:
            line = await phones.register(name, house.passwords[name], *house.target)
            first = BEHIND if name.startswith("c") else THERE
            over = 20 if name.startswith("b") else 0
            hum = made.hum(first + APART * (int(name[1:]) + over))
            found[name] = Agent(name, line, folder, hum, answers_after_s=None)
    for n in range(slots):
        a, b, c = (found[f"{letter}{n}"] for letter in "abc")
        made.emergency.append(Place(f"emergency:{EMERGENCIES[n]}", EMERGENCIES[n], (a, c)))
        made.once.append(Place(f"utility:93010{n:02}", f"93010{n:02}", (b,)))
        made.twice.append(Place(f"utility:93020{n:02}", f"93020{n:02}", (b, c)))
        made.hotline += [Place(*at[:2], (b,)) for at in HOTLINES[n : n + 1]]
    return list(found.values())


def rooms(city: City) -> list[str]:
    """The conferences that are open, one a line."""
    return city.rx("confbridge list").strip().splitlines()[2:]


async def _seen(city: City, peer: str) -> None:
    """Asterisk asks each peer now and then; until it has answered once it may count as away."""

    def is_seen() -> bool:
        city.rx(f"pjsip qualify peer-{peer}")
        contacts = city.rx("pjsip show contacts").splitlines()
        return any(f"peer-{peer}/" in line and " Avail " in line for line in contacts)

    await until(is_seen, 20, f"{peer} is seen", every_s=0.3)
