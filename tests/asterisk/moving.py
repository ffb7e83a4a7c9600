"""Steps that tests of moves share: a talk whose parties each send a tone, and orders as the brain
gives them, by hand.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.phone import PhoneCall, PhoneLine, Softphone
from tests.asterisk.caller import Waiting, dial, seat_phone
from tests.asterisk.ear import Ear, write_long_tone
from tests.asterisk.tap import AmiTap, Heard
from tests.asterisk.world import AsteriskWorld, eventually

CALLER_HZ, AGENT_HZ, EXPERT_HZ, CHIEF_HZ = 800, 1200, 1000, 1450
MUSIC_HZ, PROMPT_HZ = 330, 440


@dataclass(eq=False)
class Scene:
    """A caller, seats, and somebody who orders as the brain does."""

    world: AsteriskWorld
    tap: AmiTap
    phones: Softphone
    folder: Path
    desks: list[Softphone] = field(default_factory=list)
    lines: dict[str, PhoneLine] = field(default_factory=dict)
    caller: Waiting | None = None
    channels: dict[str, str] = field(default_factory=dict)
    """Asterisk's names of the parties' channels."""

    @property
    def call(self) -> str:
        """The call's id."""
        assert self.caller is not None
        return self.caller.call

    def ear(self, who: str) -> Ear:
        """What that party hears."""
        return Ear(self.folder / f"{who}.wav")

    def tone(self, who: str, hertz: int) -> Path:
        """The file of that party's voice."""
        path = self.folder / f"{who}-voice.wav"
        write_long_tone(path, hertz)  # a looped one pauses for 20 ms at each seam
        return path

    async def call_in(self, ani: str, number: str = "8337772") -> None:
        """The caller waits in line."""
        await self.tap.beat()
        before = len(self.tap.said("Wait", Ani=ani))
        phone = await dial(
            self.world,
            self.phones,
            number,
            ani=ani,
            play=self.tone("caller", CALLER_HZ),
            record=self.folder / "caller.wav",
        )
        arrived = await self.tap.user_event("Arrived", Ani=ani)
        await self.set(arrived["Channel"], ANSWER="plan")
        heard = await self.tap.user_event("Wait", Ani=ani, after=before)
        self.caller = Waiting(phone, heard["Call"], heard["Channel"], heard["Since"])
        self.channels["caller"] = heard["Channel"]

    async def phone(self, extension: str) -> PhoneLine:
        """A registered seat's telephone, in a phone program of its own or a neighbour's."""
        if extension not in self.lines:
            desk = Softphone()
            await desk.__aenter__()
            self.desks.append(desk)
            self.lines[extension] = await seat_phone(self.world, desk, extension)
        return self.lines[extension]

    async def talk(self, extension: str, who: str = "agent", hertz: int = AGENT_HZ) -> PhoneCall:
        """Put the waiting caller to that seat, which answers."""
        line = await self.phone(extension)
        assert self.caller is not None
        await self.tap.offer(self.channels["caller"], f"{self.call}/1", f"chifeng-{extension}", 5)
        return await self.answer(line, who, hertz)

    async def answer(self, line: PhoneLine, who: str, hertz: int) -> PhoneCall:
        """Take a call that rings, and come to hear something."""
        ringing = await line.incoming()
        known = len(self.channels_of(line.user))
        await ringing.answer(
            play=self.tone(who, hertz), loop=True, record=self.folder / f"{who}.wav"
        )
        await eventually(f"{who}'s channel", lambda: len(self.channels_of(line.user)) >= known)
        self.channels[who] = self.channels_of(line.user)[-1]
        return ringing

    def channels_of(self, user: str) -> list[str]:
        """All channels of that phone so far, in order of birth."""
        return [
            event["Channel"]
            for event in self.tap.events
            if event.get("Event") == "Newchannel" and event["Channel"].startswith(f"PJSIP/{user}-")
        ]

    # --- orders ------------------------------------------------------------------------------

    async def set(self, channel: str, **facts: str) -> None:
        """Set variables of a channel."""
        for name, value in facts.items():
            answer = await self.tap.ask("Setvar", Channel=channel, Variable=name, Value=value)
            assert answer["Response"] == "Success", answer

    async def redirect(self, who: str, context: str) -> None:
        """Move one channel."""
        answer = await self.tap.ask(
            "Redirect", Channel=self.channels[who], Context=context, Exten="s", Priority="1"
        )
        assert answer["Response"] == "Success", answer

    async def set_aside(self, to: str = "hold", who: str = "agent") -> None:
        """Out of a plain talk: the seat into the room, the caller follows by itself."""
        before = self.count("Held" if to == "hold" else "Room")
        await self.set(self.channels["caller"], GO=to)
        await self.redirect(who, "seat-room")
        await self.told("Held" if to == "hold" else "Room", after=before)

    async def ring(self, extension: str, count: int = 1, ring_s: int = 5, **facts: str) -> str:
        """Ring a recipient into the call's room; its leg."""
        await self.phone(extension)
        leg = f"{self.call}-m{count}"
        carried = {"CALL": self.call, "CALLER": self.channels["caller"], "LEG": leg} | {
            "CENTRE": "chifeng",
            "SEAT": f"chifeng-{extension}",
            **facts,
        }
        answer = await self.tap.ask(
            "Originate",
            Channel=f"PJSIP/chifeng-{extension}",
            ChannelId=leg,
            Account=self.call,
            Context="joins",
            Exten="s",
            Priority="1",
            Timeout=str(ring_s * 1000),
            CallerID="<13900000000>",
            Async="true",
            Variable=",".join(f"{name}={value}" for name, value in carried.items()),
        )
        assert answer["Response"] == "Success", answer
        return leg

    async def expert(self, extension: str, count: int = 1, **facts: str) -> PhoneCall:
        """Ring a recipient that answers."""
        leg = await self.ring(extension, count, **dict[str, Any](facts))
        rung = await self.answer(self.lines[extension], "expert", EXPERT_HZ)
        await self.told("Room", leg=leg)
        return rung

    async def consult(self, agent: str, expert: str) -> tuple[PhoneCall, PhoneCall]:
        """From a talk to a consultation: the caller holds, seat and expert talk."""
        asking = await self.talk(agent)
        await self.bridged("caller")
        await self.set_aside()
        return asking, await self.expert(expert)

    async def away(
        self, count: int = 1, *, seat: str = "", peer: str = "", number: str = "", ring_s: int = 5
    ) -> str:
        """Tell the caller's dialplan whom to dial; the leg. It still has to be sent there."""
        leg = f"{self.call}-m{count}"
        facts = {"LEG": leg, "SEAT": seat, "PEER": peer, "NUMBER": number, "RING": str(ring_s)}
        await self.set(self.channels["caller"], **{f"AWAY_{k}": v for k, v in facts.items()})
        return leg

    async def send_away(self, who: str = "agent") -> None:
        """Out of a plain talk: the caller's dialplan goes on by itself when that seat is let go."""
        await self.set(self.channels["caller"], GO="away")
        answer = await self.tap.ask("Hangup", Channel=self.channels[who], Cause="16")
        assert answer["Response"] == "Success", answer

    # --- what is told --------------------------------------------------------------------------

    def count(self, name: str) -> int:
        """How often the call's dialplan has told that."""
        return len(self.tap.said(name, Call=self.call))

    async def told(self, name: str, *, after: int = 0, leg: str = "") -> Heard:
        """Wait until the call's dialplan tells that."""
        facts = {"Call": self.call} | ({"Leg": leg} if leg else {})
        return await self.tap.user_event(name, after=after, **dict[str, Any](facts))

    async def bridged(self, who: str) -> None:
        """Wait until that party is in a bridge."""
        await eventually(
            f"{who} in a bridge",
            lambda: any(
                event.get("Event") == "BridgeEnter" and event["Channel"] == self.channels[who]
                for event in self.tap.events
            ),
        )

    def marks(self) -> list[str]:
        """The call's own marks in the CEL file, in order, whoever's channel made them."""
        lines = self.world.settings.cel_file.read_text(encoding="utf-8").splitlines()
        events = [json.loads(line) for line in lines]
        mine = (e for e in events if e["userdeftype"] and e["accountcode"] == self.call)
        return [event["userdeftype"] for event in mine]

    def rooms(self) -> list[str]:
        """The conferences that stand, this call's among them."""
        return [line for line in self.world.rx("confbridge list").splitlines() if self.call in line]

    def is_gone(self, who: str) -> bool:
        """Whether that channel has hung up."""
        return any(
            event.get("Event") == "Hangup" and event["Channel"] == self.channels[who]
            for event in self.tap.events
        )


@asynccontextmanager
async def scene(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, folder: Path
) -> AsyncIterator[Scene]:
    """A scene in a world that others use, too; nobody is left of it, and no complaint in
    Asterisk's log.
    """
    here = Scene(world, tap, phones, folder)
    try:
        yield here
        assert world.complaints() == []
    finally:
        for desk in reversed(here.desks):
            await desk.__aexit__(None, None, None)
        if here.caller is not None and not here.caller.phone.is_over:
            await here.caller.phone.hangup()
