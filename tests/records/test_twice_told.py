"""One call told twice, to the switch as it happens and to Asterisk's log: the same record."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from cti.effects import WriteCall
from cti.events import (
    CallArrived,
    CallerRated,
    CallWaiting,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OutsideEnded,
    OutsideStarted,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, OfferId, PeerId, SeatId
from cti.switch import Switch
from cti.wire import DIAL_STATUS
from records.callrecord import CallRecord, Source
from records.cel import read_block
from records.rebuild import Replay
from tests.cti.playbook import PLAN, ready
from tests.records.cellog import SEAT, Logged
from tests.records.samples import NOON

PHONE, TRUNK = ChannelId(f"PJSIP/{SEAT}-00000001"), ChannelId("PJSIP/trunk-00000000")
TAX, TAX_LEG = PeerId("tax"), ChannelId("PJSIP/peer-tax-00000001")
REJECTING = {"NOANSWER": 16, "BUSY": 17, "CHANUNAVAIL": 16, "CONGESTION": 16}


@dataclass
class TwiceTold:
    """A caller's way. Each verb tells the switch its events and the log its lines."""

    log: Logged = field(default_factory=Logged)
    events: list[Event] = field(default_factory=list)
    at: float = 0.02
    offers: int = 0

    def __post_init__(self) -> None:
        self.log.arrive()
        self.events.append(
            CallArrived(
                at=self.time(),
                call=self.call,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani=self.log.ani,
                revision=12,
            )
        )

    @property
    def call(self) -> CallId:
        return CallId(self.log.call)

    def time(self, more: float = 0) -> datetime:
        return NOON + timedelta(seconds=round(self.at + more, 6))

    def go_on(self) -> float:
        self.at = round(self.at + 5.25, 6)
        return self.at

    def wait(self) -> None:
        self.log.wait(self.go_on())
        self.events.append(
            CallWaiting(
                at=self.time(),
                call=self.call,
                channel=TRUNK,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani=self.log.ani,
                since=self.time().replace(microsecond=0),
            )
        )

    def ring(self, peer: PeerId | None) -> None:
        """A seat, or the line's own seats, are rung."""
        at = self.go_on()
        if peer is None:
            self.offers += 1
            self.log.offer(SEAT, at)
            offer = OfferId(f"{self.call}/{self.offers}")
            started: Event = OfferStarted(
                at=self.time(), call=self.call, offer=offer, seat=SeatId(SEAT)
            )
        else:
            self.log.outside(peer, at)
            started = OutsideStarted(
                at=self.time(), call=self.call, peer=peer, line=LineId("8337772")
            )
        self.events += [started, self.leg(peer)]

    def leg(self, peer: PeerId | None) -> LegStarted:
        channel, seat = (PHONE, SeatId(SEAT)) if peer is None else (TAX_LEG, None)
        return LegStarted(at=self.time(0.01), call=self.call, channel=channel, seat=seat, peer=peer)

    def ended(self, peer: PeerId | None, status: str) -> None:
        outcome = DIAL_STATUS[status]
        if peer is not None:
            self.log.outside_end(peer, self.at + 0.01, status)
            self.events.append(
                OutsideEnded(at=self.time(0.01), call=self.call, peer=peer, outcome=outcome)
            )
            return
        if outcome is not OfferOutcome.ANSWERED:
            self.log.log("MISSED", self.at + 0.01, extra=f"seat={SEAT} status={status}")
        offer = OfferId(f"{self.call}/{self.offers}")
        self.events.append(
            OfferEnded(
                at=self.time(0.01), call=self.call, offer=offer, seat=SeatId(SEAT), outcome=outcome
            )
        )

    def unanswered(self, peer: PeerId | None, status: str) -> None:
        self.ring(peer)
        self.unring(peer, REJECTING[status])
        self.ended(peer, status)
        self.wait()

    def away(self) -> None:
        """Known to be away: not dialled."""
        self.go_on()
        self.ended(TAX, "CHANUNAVAIL")
        self.wait()

    def unring(self, peer: PeerId | None, cause: int = 16) -> None:
        at = self.go_on()
        name, channel = (SEAT, PHONE) if peer is None else (f"peer-{peer}", TAX_LEG)
        self.log.unring(name, at, cause)
        self.events.append(self.hung_up(channel, cause))

    def hung_up(self, channel: ChannelId, cause: int = 16, more: float = 0) -> LegHungUp:
        seat = SeatId(SEAT) if channel == PHONE else None
        return LegHungUp(
            at=self.time(more), call=self.call, channel=channel, seat=seat, cause=cause
        )

    def talk(self, peer: PeerId | None, *, is_told: bool = True) -> None:
        """Answered and over; ``is_told``: the caller is still there, so the dialplan goes on."""
        self.ring(peer)
        begun = self.go_on()
        name, channel = (SEAT, PHONE) if peer is None else (f"peer-{peer}", TAX_LEG)
        seat = SeatId(SEAT) if peer is None else None
        for leg, is_seat, more in ((channel, True, 0.0), (TRUNK, False, 0.001)):
            self.events.append(
                LegBridged(
                    at=self.time(more),
                    call=self.call,
                    channel=leg,
                    seat=seat if is_seat else None,
                    peer=peer if is_seat else None,
                    bridge="b1",
                )
            )
        self.log.talk(name, begun, self.go_on())
        left = LegUnbridged(
            at=self.time(0.001), call=self.call, channel=TRUNK, seat=None, bridge="b1"
        )
        self.events += [self.hung_up(channel), left]
        if is_told:
            self.ended(peer, "ANSWER")

    def broken_off(self, peer: PeerId | None) -> None:
        """The other side vanished in mid-talk."""
        self.talk(peer)
        if peer is None:
            self.log.log("SEATLOST", self.at + 0.02)
            self.events.append(SeatLost(at=self.time(0.02), call=self.call))
        self.wait()

    def served(self, peer: PeerId | None) -> None:
        """Answered, and the other side hung up."""
        self.talk(peer)
        self.log.log("BYE", self.at + 0.03)
        self.end()

    def rated(self, marks: str) -> None:
        """Answered by a seat that hung up, and the caller pressed those keys after it."""
        self.talk(None)
        for mark in marks:
            self.log.rated(mark, self.go_on(), SEAT)
            self.events.append(CallerRated(at=self.time(), call=self.call, mark=int(mark)))
        self.log.log("BYE", self.at + 0.03)
        self.end()

    def left_in_ring(self, peer: PeerId | None) -> None:
        self.ring(peer)
        self.unring(peer, 26)
        self.end(more=0.002)

    def left_in_talk(self, peer: PeerId | None) -> None:
        self.talk(peer, is_told=False)
        self.end(more=0.002)

    def end(self, more: float | None = None) -> None:
        if more is None:
            self.go_on()
            more = 0.0
        self.log.end(self.at + more)
        self.events.append(self.hung_up(TRUNK, more=more))

    # --- the two records ------------------------------------------------------------------

    def live(self) -> CallRecord:
        switch = Switch(PLAN, NOON)
        effects = switch.feed(SnapshotTaken(at=NOON))
        for event in ready(SeatId(SEAT), AgentId("anna"), NOON):
            effects += switch.feed(event)
        for event in self.events:
            effects += switch.feed(event)
            for again in ready(SeatId(SEAT), AgentId("anna"), event.at)[1:]:
                effects += switch.feed(again)  # no miss and no wrap-up keeps the agent away
        assert switch.live_calls == frozenset()
        return [effect.record for effect in effects if isinstance(effect, WriteCall)][-1]

    def replayed(self) -> CallRecord:
        replay = Replay(CentreId("chifeng"))
        replay.feed(read_block(b"".join(self.log.lines())).events)
        [record] = replay.take()
        return record


def plain(record: CallRecord) -> CallRecord:
    """Without what only one of the two can know: the agents' names, and who tells."""
    talks = tuple(replace(talk, agent=AgentId("")) for talk in record.talks)
    return replace(record, talks=talks, source=Source.LIVE)


Verb = Callable[[TwiceTold], None]
STATUSES = sorted(REJECTING)
TRIES: list[Verb] = [
    *(partial(TwiceTold.unanswered, peer=TAX, status=status) for status in STATUSES),
    partial(TwiceTold.broken_off, peer=TAX),
    TwiceTold.away,
    TwiceTold.wait,
]
"""How a caller comes to wait."""
GOES_ON: list[Verb] = [
    *(partial(TwiceTold.unanswered, peer=None, status=status) for status in STATUSES),
    partial(TwiceTold.broken_off, peer=None),
]
ENDS, OUTSIDE_ENDS = (
    [
        partial(TwiceTold.left_in_ring, peer=peer),
        partial(TwiceTold.left_in_talk, peer=peer),
        partial(TwiceTold.served, peer=peer),
        TwiceTold.end,
    ]
    for peer in (None, TAX)
)
ENDS += [partial(TwiceTold.rated, marks=marks) for marks in ("5", "1", "24")]


def told(verbs: list[Verb]) -> TwiceTold:
    call = TwiceTold()
    for verb in verbs:
        verb(call)
    return call


@given(
    st.one_of(
        st.sampled_from(OUTSIDE_ENDS).map(lambda end: [end]),
        st.tuples(
            st.sampled_from(TRIES),
            st.lists(st.sampled_from(GOES_ON), max_size=3),
            st.sampled_from(ENDS),
        ).map(lambda parts: [parts[0], *parts[1], parts[2]]),
    )
)
def test_the_log_tells_what_the_switch_saw(verbs: list[Verb]) -> None:
    """Number, revision, times, ringings, talks and end, here and at other exchanges."""
    call = told(verbs)
    assert plain(call.replayed()) == plain(call.live())
