"""The brain's loop while callers are moved: what it orders, and what comes of its orders."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from cti.events import AgentReady, OrderRefused
from cti.happened import Refusal
from cti.ids import CallId, OfferId
from cti.inbox import Inbox, LinkUp
from cti.moveevents import AgentMoves, SupervisorJoins, SupervisorTakes
from cti.movewishes import ShowMove, ShowSupervised
from tests.cti.ami.peer import until
from tests.cti.moved import COLLEAGUE, EXPERT, M1, MOVE, MOVE_PLAN, TAX_OFFICE
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    OTHER,
    SEAT,
    arrived,
    leg,
    ready,
    waiting,
)
from tests.cti.test_driver import Brain, Desks, Link
from transfer.step import Kind, Mode, Phase, Step
from transfer.target import Target

PHONE = leg(SEAT)
OWN = leg(OTHER, 9)
EXPERTS = "PJSIP/out-chifeng-0000000b"


def now() -> datetime:
    return datetime.now(UTC)


def user(name: str, channel: str = CHANNEL, **headers: str) -> Mapping[str, str]:
    """A user event, as Asterisk writes it."""
    return {"Event": "UserEvent", "UserEvent": name, "Channel": channel, "Call": CALL, **headers}


def of(name: str, channel: str, uniqueid: str, **headers: str) -> Mapping[str, str]:
    """What Asterisk says of a channel."""
    told = {"Event": name, "Channel": channel, "Uniqueid": uniqueid, "Linkedid": CALL}
    return told | {"AccountCode": CALL} | headers


@dataclass
class Told(Desks):
    """Desks that note how moves stand."""

    moves: list[ShowMove] = field(default_factory=list)
    unpainted: dict[OfferId, asyncio.Event] = field(default_factory=dict)
    """Cards that no desk has painted yet, and what says that one has."""
    phases: list[Phase] = field(default_factory=list)
    """Of supervisors."""

    async def seen(self, offer: OfferId) -> None:
        if offer in self.unpainted:
            await self.unpainted[offer].wait()

    def show_move(self, wish: ShowMove) -> None:
        self.moves.append(wish)

    def show_supervised(self, wish: ShowSupervised) -> None:
        self.phases.append(wish.phase)

    def step(self) -> Step | None:
        return self.moves[-1].step if self.moves else None


class Moving(Brain):
    """A brain whose first seat talks with a caller."""

    def __init__(self, link: Any = Link) -> None:
        self.told = Told()
        super().__init__(self.told, plan=MOVE_PLAN, link=link)

    async def in_talk(self) -> None:
        self.sign_in()
        since = (now() - NOON).total_seconds()
        self.inbox.put(arrived(at=since))
        self.inbox.put(waiting(at=since, since=since))
        await until(lambda: self.link.redirects() == 1)
        self.hears(
            user("Offer", Offer=f"{CALL}/1", Seat=SEAT),
            of("Newchannel", PHONE, "node1-1.5"),
            of("BridgeEnter", PHONE, "node1-1.5", BridgeUniqueid="b1"),
            of("BridgeEnter", CHANNEL, CALL, BridgeUniqueid="b1"),
        )
        self.link.orders.clear()

    def hears(self, *messages: Mapping[str, str]) -> None:
        for message in messages:
            self.inbox.put(message)

    def asks(self, kind: Kind, whom: Target) -> None:
        at = now()
        self.inbox.put(
            AgentMoves(
                at=at, seat=SEAT, agent=ANNA, call=CALL, move=MOVE, kind=kind, target=whom.id
            )
        )

    def written(self) -> list[tuple[str, str, str]]:
        """Variables that were set, the heartbeat left out."""
        sets = self.link.given("Setvar")
        return [(one["Channel"], one["Variable"], one["Value"]) for one in sets if "Channel" in one]

    def sent(self) -> list[tuple[str, str]]:
        """Who was redirected where."""
        return [(one["Channel"], one["Context"]) for one in self.link.given("Redirect")]


async def test_a_consult_is_one_order_after_another_each_when_the_last_has_shown() -> None:
    """The caller is armed before the seat is moved; the expert rings when both have arrived."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.asks(Kind.CONSULT, EXPERT)
        await until(lambda: brain.link.redirects() == 1)
        assert brain.sent() == [(PHONE, "seat-room")]
        armed = brain.link.orders.index(
            ("Setvar", {"Channel": CHANNEL, "Variable": "GO", "Value": "hold"})
        )
        redirected = [name for name, _ in brain.link.orders].index("Redirect")
        assert armed < redirected
        assert brain.link.given("Originate") == []
        brain.hears(
            of("BridgeLeave", PHONE, "node1-1.5", BridgeUniqueid="b1"),
            user("Room", PHONE),
            of("BridgeLeave", CHANNEL, CALL, BridgeUniqueid="b1"),
            user("Held"),
        )
        await until(lambda: bool(brain.link.given("Originate")))
        (rung,) = brain.link.given("Originate")
        assert (rung["Channel"], rung["ChannelId"]) == ("PJSIP/913900000002@out-chifeng", M1)
        assert (rung["Context"], rung["Account"]) == ("joins", CALL)
        assert f"CALLER={CHANNEL}" in rung["Variable"]
        state = f"{MOVE}|consult/ringing/{SEAT}/{ANNA}|{EXPERT.id}|{SEAT}|1"
        assert (CHANNEL, "MOVE", state) in brain.written()
        brain.hears(of("Newchannel", EXPERTS, M1), user("Room", EXPERTS, Leg=M1))
        await until(lambda: brain.told.step() is Step.CONSULTING)


async def test_a_phone_that_does_not_answer_is_followed_by_the_next() -> None:
    """Asterisk tells it of the order by its leg."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.asks(Kind.THREE_WAY, EXPERT)
        await until(lambda: len(brain.link.given("Originate")) == 1)
        brain.hears(
            {
                "Event": "OriginateResponse",
                "Response": "Failure",
                "Channel": "PJSIP/913900000002@out-chifeng",
                "Context": "joins",
                "Uniqueid": M1,
                "Reason": "3",
            }
        )
        await until(lambda: len(brain.link.given("Originate")) == 2)
        assert brain.link.given("Originate")[1]["Channel"] == "PJSIP/913900000003@out-chifeng"


async def test_a_refusal_is_of_the_leg_that_was_to_ring() -> None:
    """One is followed by the next, once each."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.link.fails["Originate"] = ["Extension does not exist."]
        brain.asks(Kind.THREE_WAY, EXPERT)
        await until(lambda: len(brain.link.given("Originate")) == 2)
        late = OrderRefused(
            at=now(), call=CALL, offer=None, why=Refusal.OTHER, order="RingRecipient", leg=M1
        )
        brain.inbox.put(late)
        brain.inbox.put(AgentReady(at=now(), seat=OTHER))
        await until(lambda: brain.inbox.backlog() == 0)
        assert brain.told.step() is Step.RINGING
        assert len(brain.link.given("Originate")) == 2


async def test_what_is_refused_while_the_link_is_down_changes_nothing() -> None:
    """Whom the next look shows ringing rings: no other route is used up meanwhile."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.asks(Kind.THREE_WAY, EXPERT)
        await until(lambda: len(brain.link.given("Originate")) == 1)
        brain.link.drop("a cable was pulled")
        await until(lambda: not brain.switch.is_live)
        before = len(brain.told.moves)
        brain.inbox.put(
            OrderRefused(
                at=now(), call=CALL, offer=None, why=Refusal.OTHER, order="RingRecipient", leg=M1
            )
        )
        brain.inbox.put(AgentReady(at=now(), seat=OTHER))
        await until(lambda: brain.inbox.backlog() == 0)
        assert len(brain.told.moves) == before


async def test_an_order_that_is_refused_leaves_both_talking() -> None:
    """And the caller is armed no more."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.link.fails["Redirect"] = ["Permission denied"]
        brain.asks(Kind.CONSULT, EXPERT)
        await until(lambda: brain.told.step() is Step.RETURNED)
        await until(lambda: (CHANNEL, "GO", "") in brain.written())
        assert brain.link.given("Originate") == []


async def test_a_channel_that_is_busy_with_an_earlier_order_gets_it_again() -> None:
    """A little later, and not as a failure of the move."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.link.fails["Redirect"] = ["Channel not up"]
        brain.asks(Kind.CONSULT, EXPERT)
        await until(lambda: brain.link.redirects() == 2)
        assert brain.sent() == [(PHONE, "seat-room")] * 2
        assert brain.told.step() is Step.SETTING_ASIDE


async def test_a_blind_move_is_the_callers_own_dialplans() -> None:
    """All that it needs is on the caller's channel before the seat's leg is ended."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.asks(Kind.HAND_OVER, TAX_OFFICE)
        await until(lambda: bool(brain.link.given("Hangup")))
        assert [one["Channel"] for one in brain.link.given("Hangup")] == [PHONE]
        facts = {name: value for channel, name, value in brain.written() if channel == CHANNEL}
        assert (facts["AWAY_PEER"], facts["AWAY_NUMBER"], facts["AWAY_LEG"]) == ("tax", "12366", M1)
        assert (facts["GO"], facts["AWAY_PATH"]) == ("away", "chifeng")
        brain.hears(
            of("BridgeLeave", PHONE, "node1-1.5", BridgeUniqueid="b1"),
            of("Hangup", PHONE, "node1-1.5", Cause="16"),
            user("Away", Leg=M1),
        )
        await until(lambda: brain.told.step() is Step.PASSING)
        brain.hears(user("AwayEnd", Leg=M1, Status="BUSY"), user("Held"))
        await until(lambda: brain.told.step() is Step.RETURNED)
        await until(lambda: (CHANNEL, "wait") in brain.sent())


async def test_the_phone_of_a_colleague_rings_when_its_card_is_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As for any caller; an expert outside has no card, and is rung at once (above)."""
    monkeypatch.setattr("cti.announced.SEEN_WITHIN_S", 30.0)
    async with Moving() as brain:
        await brain.in_talk()
        for event in ready(OTHER, BEN, now()):
            brain.inbox.put(event)
        painted = brain.told.unpainted[OfferId(M1)] = asyncio.Event()
        brain.asks(Kind.THREE_WAY, COLLEAGUE)
        await until(lambda: brain.told.step() is Step.RINGING)
        await asyncio.sleep(0.05)
        assert brain.link.given("Originate") == []
        painted.set()
        await until(lambda: len(brain.link.given("Originate")) == 1)


async def test_a_blind_move_to_a_colleague_is_armed_at_once_and_goes_when_the_card_is_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An agent who hangs up meanwhile sends the caller there all the same."""
    monkeypatch.setattr("cti.announced.SEEN_WITHIN_S", 30.0)
    async with Moving() as brain:
        await brain.in_talk()
        for event in ready(OTHER, BEN, now()):
            brain.inbox.put(event)
        painted = brain.told.unpainted[OfferId(M1)] = asyncio.Event()
        brain.asks(Kind.BLIND, COLLEAGUE)
        await until(lambda: (CHANNEL, "GO", "away") in brain.written())
        await asyncio.sleep(0.05)
        assert brain.link.given("Hangup") == []
        painted.set()
        await until(lambda: [one["Channel"] for one in brain.link.given("Hangup")] == [PHONE])


async def test_a_move_asked_for_without_a_link_is_answered() -> None:
    """The desk is told so at once: nothing is done late that somebody has given up."""
    async with Moving() as brain:
        await brain.in_talk()
        brain.link.drop("a cable was pulled")
        brain.asks(Kind.CONSULT, EXPERT)
        await until(lambda: bool(brain.told.moves))
        assert (brain.told.moves[-1].step, brain.told.moves[-1].why) == (Step.RETURNED, "no-link")


async def test_a_supervisor_hears_the_talk_and_takes_it_over() -> None:
    """Rung once, moved once in each mode, and then the agent is let go; told of every step."""
    async with Moving() as brain:
        await brain.in_talk()
        for event in ready(OTHER, BEN, now()):
            brain.inbox.put(event)
        brain.inbox.put(
            SupervisorJoins(at=now(), seat=OTHER, agent=BEN, call=CALL, mode=Mode.WHISPER)
        )
        await until(lambda: bool(brain.link.given("Originate")))
        (rung,) = brain.link.given("Originate")
        assert (rung["Channel"], rung["Context"]) == (f"PJSIP/{OTHER}", "monitor")
        assert f"SPIED={PHONE}" in rung["Variable"]
        brain.hears(user("Monitor", OWN, Seat=OTHER, Mode="whisper"))
        brain.inbox.put(
            SupervisorJoins(at=now(), seat=OTHER, agent=BEN, call=CALL, mode=Mode.BARGE)
        )
        await until(lambda: brain.sent() == [(PHONE, "seat-room")])
        assert brain.written()[-1] == (CHANNEL, "GO", "room")
        brain.hears(user("Room", PHONE))
        await until(lambda: brain.sent()[-1] == (OWN, "monitor"))
        assert (OWN, "MODE", "barge") in brain.written()
        brain.hears(user("Monitor", OWN, Seat=OTHER, Mode="barge"))
        await until(lambda: brain.told.phases[-1] is Phase.HEARING)
        brain.inbox.put(SupervisorTakes(at=now(), seat=OTHER, agent=BEN, call=CALL))
        await until(lambda: brain.sent()[-1] == (OWN, "seat-room"))
        assert brain.written()[-1] == (CHANNEL, "GO", "room")
        assert brain.link.given("Hangup") == []
        brain.hears(user("MonitorEnd", OWN, Seat=OTHER), user("Room", OWN))
        await until(lambda: [one["Channel"] for one in brain.link.given("Hangup")] == [PHONE])
        assert brain.told.phases[-3:] == [Phase.TAKING, Phase.ON_WAY, Phase.OVER]


class Standing(Link):
    """An Asterisk in which a consult stands: the caller holds, the two others talk."""

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(inbox)
        self.asked: list[str] = []

    async def ask_list(self, action: str, **headers: Any) -> Sequence[dict[str, Any]]:
        found = await super().ask_list(action, **headers)
        if action != "Status":
            return found
        self.asked += headers["Variables"].split(",")
        move = f"{MOVE}|consult/consulting/{SEAT}/{ANNA}|{COLLEAGUE.id}|{SEAT}|1"
        caller = {
            "CALL": CALL,
            "CENTRE": "chifeng",
            "LINE": LINE,
            "DNIS": DNIS,
            "ANI": ANI,
            "MOVE": move,
        }
        return [
            _status(CHANNEL, CALL, "hold", "", **caller),
            _status(PHONE, CallId("node1-1.5"), "seat-room", "room", CALL=CALL),
            _status(leg(OTHER), CallId(M1), "joins", "room", CALL=CALL),
        ]


def _status(channel: str, uniqueid: str, context: str, bridge: str, **riding: str) -> Any:
    return {
        "Event": "Status",
        "Channel": channel,
        "Uniqueid": uniqueid,
        "Linkedid": uniqueid,
        "AccountCode": CALL,
        "Context": context,
        "BridgeID": bridge,
        "Variable": [f"{name}={value}" for name, value in riding.items()],
    }


async def test_a_brain_that_comes_back_reads_the_move_from_the_channels() -> None:
    """It is where it was, its seats talk, and the next key is carried out."""
    async with Moving(Standing) as brain:
        assert isinstance(brain.link, Standing)
        assert {"MOVE", "AWAY_LEG", "GO", "MODE"} <= set(brain.link.asked)
        await until(lambda: brain.told.step() is Step.CONSULTING)
        shown = brain.told.moves[-1]
        assert (shown.move, shown.seat, shown.target) == (MOVE, SEAT, COLLEAGUE.id)
        brain.hears(of("Hangup", leg(OTHER), M1, Cause="16"))
        await until(lambda: brain.told.step() is Step.RETURNED)
        await until(lambda: (CHANNEL, "room") in brain.sent())


async def test_a_second_look_finds_the_same_move() -> None:
    """A link that broke and came back changes nothing of it."""
    async with Moving(Standing) as brain:
        await until(lambda: brain.told.step() is Step.CONSULTING)
        brain.link.drop("a cable was pulled")
        await until(lambda: not brain.switch.is_live)
        brain.link.is_up = True
        brain.inbox.put(LinkUp())
        await until(lambda: brain.switch.is_live)
        assert brain.told.step() is Step.CONSULTING
        assert {one.move for one in brain.told.moves} == {MOVE}
