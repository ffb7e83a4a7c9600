"""Has people do in a ``Scene`` what a ``Story`` says, and looks who hears whom after each thing."""

import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import cycle, islice, pairwise
from time import monotonic

from cti.ids import seat_id
from records.callrecord import CallRecord
from tests.system import movestories as told
from tests.system.city import until
from tests.system.ears import longest_silence_s
from tests.system.movescene import Scene, calling, waited_s
from tests.system.movestage import LEFT_S, MUSIC, Place, Stage
from tests.system.movestories import Story, heard, settled
from tests.system.movewords import is_told_each_change
from tests.system.people import Agent, Caller, hearing
from transfer.step import FINAL, KEYS, Kind, Step, What
from transfer.table import begin

GAP_S = 0.06
"""The longest that a caller who hums without end may be silent in its recording: the seam of the
hum, and two packets that its telephone sent late.
"""
REFUSALS = (486, 480, 603, 408)
"""How a telephone refuses: busy, nobody there, no, and nobody answered in time."""
GONE_S = 10.0
"""Within which a telephone whose talk was ended elsewhere is off the line."""
SEAM_S = 1.0
"""From a telephone's being connected to its first packet, and from the last to its end."""
PACKET_S = 0.02
UNRECORDED = 5
"""Packets of a call that its recording may lack: those before the recorder begins and after it has
ended, two at either end, and the seam of the hum."""
SEAM = 3
"""Packets that are not recorded where a caller who has talked is recorded anew, before the next
telephone (``[record]`` of the dialplan): two, and one on a busy machine."""
HOLE_S = 1.0
CROWD_LOSES = 0.1
"""And so long a hole may be in the recording of one call, and such a share of it be lost, on a
machine that is crowded.
"""
CROWDED = 0.5
"""A share of the time."""
SILENCE_S = 2.0
"""A caller who hears nothing for so long thinks that the line is dead."""


class Played:
    """A scene in which a move is under way to a place. ``recipient``: who is rung or talks."""

    def __init__(self, scene: Scene, kind: Kind, place: Place) -> None:
        self.scene, self.kind, self.place = scene, kind, place
        self._route = 0
        self._lost = ""
        first = sum(map(ord, kind.value + place.target))  # each kind and place has its own order
        self._refusals = islice(cycle(REFUSALS), first % len(REFUSALS), None)

    @property
    def recipient(self) -> Agent:
        """At whose telephone the present route ends."""
        return self.place.people[self._route]

    async def start(self) -> None:
        """The agent who talks with the caller begins the move; the first telephone rings."""
        await self.scene.begin(self.kind, self.place.target)
        await self.scene.reaches(settled(self.kind, begin(self.kind)[0]))
        await self.scene.rung(self.recipient)

    async def do(self, what: What) -> None:
        """Have it happen."""
        scene, agent = self.scene, self.scene.agent
        assert agent is not None
        match what:
            case What.ANSWERED:
                await self.recipient.answer()
            case What.UNANSWERED:
                await self._refuse()
            case What.EXHAUSTED:
                while self._route < len(self.place.people) - 1:
                    await self._refuse()
                await self._reject()
            case What.CALLER_GONE:
                await scene.caller.phone.hangup()
            case What.INITIATOR_GONE:
                await agent.hang_up()
            case What.INITIATOR_LOST:
                centre = scene.stage.city.profile.centre
                self._lost = agent.extension
                await scene.lose(f"PJSIP/{seat_id(centre, agent.extension)}-")
            case What.RECIPIENT_GONE:
                await self.recipient.hang_up()
            case What.RECIPIENT_LOST:
                await scene.lose("PJSIP/peer-")
            case _:
                assert what in KEYS, what
                await scene.press(what)

    async def _reject(self) -> None:
        ring = self.recipient.now
        assert ring is not None
        await ring.phone.reject(next(self._refusals))
        await ring.phone.ended(GONE_S)

    async def _refuse(self) -> None:
        await self._reject()
        self._route += 1
        await self.scene.rung(self.recipient)

    async def initiator_is_back(self) -> None:
        """The agent whose telephone had vanished says that it works again, if that was noticed."""
        on = self.scene.stage
        states = on.city.seat_states
        idle = ("not-ready", "available")
        await until(lambda: states()[self._lost] in idle, LEFT_S, f"{self._lost} talks no more")
        if states()[self._lost] == "not-ready":
            await on.desks[self._lost].do("ready")

    async def is_heard(self, step: Step, *, is_left: bool) -> None:
        """Everybody hears whom they should, and who should be gone is gone."""
        scene = self.scene
        wanted = heard(self.kind, step, is_left=is_left)
        if told.AGENT not in wanted and scene.agent is not None:
            await self._is_off(scene.agent, "the initiator")
        if step in FINAL and told.RECIPIENT not in wanted:
            for who in self.place.people:
                await self._is_off(who, "the recipient")
        if not wanted:
            await scene.caller.phone.ended(GONE_S)
            return
        if is_left and step is Step.RETURNED:
            scene.agent = None
            await scene.talks()
        await scene.hears(self._in_tones(wanted))

    async def _is_off(self, who: Agent, name: str) -> None:
        scene = self.scene
        await until(
            lambda: who.now is None or not scene.is_for_us(who.now),
            GONE_S,
            f"{scene.caller.ani}: {name} is off the line",
        )

    def _in_tones(
        self, wanted: Mapping[str, Collection[str]]
    ) -> dict[Caller | Agent, Collection[int]]:
        scene = self.scene
        people: dict[str, Caller | Agent] = {told.CALLER: scene.caller}
        tones = {told.CALLER: scene.hertz, told.MUSIC: MUSIC}
        for name, who in ((told.AGENT, scene.agent), (told.RECIPIENT, self.recipient)):
            if who is not None:
                people[name], tones[name] = who, scene.stage.hertz(who)
        return {people[who]: [tones[one] for one in heard] for who, heard in wanted.items()}


def place_for(stage: Stage, slot: int, story: Story) -> Place:
    """Where that story takes its caller: with a second route, if it needs one."""
    match story.kind:
        case Kind.EMERGENCY:
            return stage.emergency[slot]
        case Kind.HAND_OVER:
            return stage.hotline[slot]
        case _:
            needs_two = What.UNANSWERED in (*story.way, story.last)
            return (stage.twice if needs_two else stage.once)[slot]


async def play(stage: Stage, slot: int, story: Story) -> Scene:
    """One whole story: everybody is heard as they should be after each thing.

    The caller has hung up when this returns, and whoever was in that slot is free for the next;
    what must be left of the call is in ``is_kept``.
    """
    scene = await calling(stage, slot)
    played = Played(scene, story.kind, place_for(stage, slot, story))
    try:
        await scene.talks()
        await played.start()
        first = settled(story.kind, begin(story.kind)[0])
        await played.is_heard(first, is_left=story.is_left(0))
        for done, (what, step) in enumerate(story.steps(), start=1):
            await played.do(what)
            await scene.reaches(step)
            await played.is_heard(step, is_left=story.is_left(done))
    finally:
        await scene.caller.phone.hangup()
        await _are_let_go(played.place.people)
    await scene.caller.phone.ended(GONE_S)
    if What.INITIATOR_LOST in (*story.way, story.last):
        await played.initiator_is_back()
    return scene


async def _are_let_go(people: Collection[Agent]) -> None:
    """Whoever rings or talks for a caller who has gone is let go; else they go by themselves."""
    try:
        await until(lambda: all(who.now is None for who in people), GONE_S, "all are let go")
    finally:
        for who in people:
            if who.now is not None:
                await who.now.phone.hangup()


async def is_kept(scene: Scene, story: Story) -> None:
    """The record of a call that is over, once it is written; nothing else is left of it. At each
    change the caller was told of it.
    """
    await is_left_clean(scene, await scene.over())
    is_told_each_change(scene, story)


async def is_left_clean(scene: Scene, record: CallRecord) -> None:
    """Nobody is still connected to the call and its talks have ends; every packet the caller spoke
    is in its recording, and it never heard nothing for long.
    """
    city = scene.stage.city
    is_whole(scene, record)
    assert [talk for talk in record.talks if talk.until is None] == []
    assert [offer for offer in record.offers if offer.outcome == "live"] == []
    _, told = city.recording(record.call)
    assert longest_silence_s(told) < SILENCE_S, (record.call, scene.shown)

    async def is_alone() -> bool:
        return record.call not in await asyncio.to_thread(city.rx, "core show channels concise")

    await until(is_alone, LEFT_S, f"no channel of {record.call}", every_s=0.2)


def is_whole(scene: Scene, record: CallRecord) -> None:
    """All that the caller's telephone sent is recorded, and no hole is in it but the telephone's
    own, by when its packets left it.

    On a crowded machine the recorder loses some: they are counted; a second and a tenth is wrong.
    Where nobody may look at packets it is no other.
    """
    stage = scene.stage
    said = hearing(stage.city.recording(record.call)[0], scene.hertz)
    at = {event.name: event for event in scene.caller.phone.events}
    assert record.ended_at is not None, "it is over"
    began, ended = at["connected"].at, at["disconnected"].at
    # A telephone that has said goodbye speaks on until it is answered.
    ended = min(ended, monotonic() - (datetime.now(UTC) - record.ended_at).total_seconds())
    stood_s = stage.stood_s(scene.began)
    late_s, lost = stood_s, UNRECORDED
    unrecorded = UNRECORDED + SEAM * seams(scene)
    if stage.sending is not None:
        sent = stage.sending.by(int(str(at["media"].facts["port"])), began, ended)
        pause_s = max((after - before for before, after in pairwise(sent)), default=0.0)
        late_s = max(pause_s - PACKET_S, 0.0)
        lost = len(sent) - round((said.lasted_s - said.gaps_s) / PACKET_S)
    if said.longest_gap_s > GAP_S:
        stage.late.append(record.call)
    if lost > unrecorded:
        stage.lost[record.call] = lost
    if stage.sending is None or is_crowded(scene):
        spoke_s = (ended - began) * (1 - CROWD_LOSES)
        assert said.lasted_s > spoke_s - SEAM_S - stood_s, (record.call, said, spoke_s)
        assert said.longest_gap_s <= GAP_S + max(stood_s, late_s, HOLE_S), (record.call, said)
    else:
        assert lost <= unrecorded, (record.call, said, lost)
        assert said.longest_gap_s <= GAP_S + late_s, (record.call, said, late_s)


def seams(scene: Scene) -> int:
    """How often the caller was recorded anew at most: each time it came back to the wait, or was
    dialled away.
    """
    waits, aways = (len(scene.stage.tap.said(what, Call=scene.call)) for what in ("Wait", "Away"))
    return max(waits - 1, 0) + aways


def is_crowded(scene: Scene) -> bool:
    """Whether somebody here has waited for a processor for most of the time since it began."""
    return waited_s() - scene.waited_s > CROWDED * (monotonic() - scene.began)
