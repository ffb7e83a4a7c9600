"""Asterisk as a played day has it: the dialplan, the phones, and those who pick them up."""

import heapq
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from cti.effects import CallBack, OfferCall
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    CallArrived,
    CallWaiting,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    PhoneChanged,
    SeatLost,
)
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.seen import KeptPlace
from records.callrecord import Offered, Talk
from tests.records.dayparts import ANSWERED, CENTRE, LINE, MISSED, PLAN, Caller, Seat


class Asterisk:
    """Plays what happens to callers and agents. Whoever decides is told by ``feed``."""

    def __init__(self, rolls: Random, begins: datetime) -> None:
        self.rolls, self.now = rolls, begins
        self.closes = begins
        """After that nobody goes on a break any more."""
        self.seats = {seat: Seat(seat, AgentId(f"agent{n}")) for n, seat in enumerate(PLAN.seats)}
        self.callers: dict[CallId, Caller] = {}
        self.heap: list[tuple[datetime, int, Callable[[], object]]] = []
        self._tie = count()

    @property
    def is_beating(self) -> bool:
        """Whether a brain lives, as the dialplan sees it."""
        raise NotImplementedError

    def feed(self, event: Event) -> None:
        """Tell whoever listens."""
        raise NotImplementedError

    def at(self, seconds: float, what: Callable[[], object]) -> None:
        """Let something happen later."""
        when = self.now + timedelta(seconds=seconds)
        heapq.heappush(self.heap, (when, next(self._tie), what))

    # --- agents -----------------------------------------------------------------------------

    def sign_in(self, seat: Seat) -> None:
        self.feed(PhoneChanged(at=self.now, seat=seat.id, phone=Phone.FREE))
        self.feed(AgentSignedIn(at=self.now, seat=seat.id, agent=seat.agent))
        self.ready(seat)
        self.at(self.rolls.uniform(60, 4000), lambda: self.pause(seat))

    def ready(self, seat: Seat) -> None:
        if not self.is_beating:
            self.at(5, lambda: self.ready(seat))
        self.feed(AgentReady(at=self.now, seat=seat.id))

    def pause(self, seat: Seat) -> None:
        reason = self.rolls.choice(["小休", "用餐", "会议"])
        self.feed(AgentNotReady(at=self.now, seat=seat.id, reason=reason))
        self.at(self.rolls.uniform(30, 600), lambda: self.ready(seat))
        if self.now < self.closes:
            self.at(self.rolls.uniform(900, 5000), lambda: self.pause(seat))

    def phone(self, seat: Seat, phone: Phone) -> None:
        seat.phone = phone
        self.feed(PhoneChanged(at=self.now, seat=seat.id, phone=phone))

    # --- the caller's way -------------------------------------------------------------------

    def arrive(self, n: int, ani: str = "") -> None:
        epoch = int(self.now.timestamp())
        caller = Caller(
            CallId(f"node1-{epoch}.{n}"),
            ani or f"139{n:08d}",
            self.now,
            ChannelId(f"PJSIP/trunk-{n:08x}"),
        )
        self.callers[caller.id] = caller
        self.feed(
            CallArrived(
                at=self.now,
                call=caller.id,
                channel=caller.channel,
                centre=CENTRE,
                line=LINE,
                dnis="12345",
                ani=caller.ani,
            )
        )
        patience = self.rolls.choice([1.0, self.rolls.expovariate(1 / 15)])
        if self.rolls.random() < 0.1:
            self.at(patience, lambda: self.give_up(caller))
        self.at(self.rolls.uniform(30, 400), lambda: self.give_up(caller))
        self.at(3, lambda: self.wait(caller))

    def wait(self, caller: Caller) -> None:
        if caller.ended is not None:
            return
        caller.context, caller.seat, caller.bridge = "wait", None, ""
        caller.since = caller.since or self.now
        self.feed(
            CallWaiting(
                at=self.now,
                call=caller.id,
                channel=caller.channel,
                centre=CENTRE,
                line=LINE,
                dnis="12345",
                ani=caller.ani,
                since=caller.since,
            )
        )
        if not self.is_beating:
            self.at(3, lambda: self.fall_back(caller))

    def give_up(self, caller: Caller) -> None:
        if caller.ended is None and caller.context in ("arrive", "wait", "fallback"):
            if caller.seat is not None:
                return  # its phone rings: one waits for that
            self.over(caller)

    def over(self, caller: Caller) -> None:
        caller.ended, caller.context = self.now, "over"
        self.hung_up(caller, caller.channel)

    def hung_up(self, caller: Caller, channel: ChannelId, seat: Seat | None = None) -> None:
        of = seat.id if seat is not None else None
        self.feed(LegHungUp(at=self.now, call=caller.id, channel=channel, seat=of, cause=16))

    # --- served by the brain ----------------------------------------------------------------

    def connect(self, wish: OfferCall) -> None:
        caller, seat = self.callers[wish.call], self.seats[wish.seat]
        if caller.context != "wait" or caller.ended is not None:
            why = Refusal.OTHER if caller.ended is None else Refusal.GONE
            self.feed(OrderRefused(at=self.now, call=caller.id, offer=wish.offer, why=why))
            return
        caller.context, caller.offer = "connect", wish.offer
        caller.offers.append(Offered(seat=seat.id, at=self.now, outcome="live"))
        self.feed(OfferStarted(at=self.now, call=caller.id, offer=wish.offer, seat=seat.id))
        if seat.phone is not Phone.FREE:
            self.missed(caller, OfferOutcome.TAKEN)
            return
        self.ring(caller, seat)
        how = self.rolls.random()
        if how < 0.06:
            self.at(15, lambda: self.missed(caller, MISSED))
        elif how < 0.09:
            self.at(2, lambda: self.missed(caller, OfferOutcome.REJECTED))
        else:
            self.at(self.rolls.uniform(1, 4), lambda: self.talk(caller))

    def ring(self, caller: Caller, seat: Seat) -> None:
        caller.seat = seat
        self.feed(LegStarted(at=self.now, call=caller.id, channel=caller.leg, seat=seat.id))
        self.phone(seat, Phone.RINGING)

    def let_go(self, caller: Caller) -> Seat:
        """The seat's leg ends."""
        seat, leg = caller.seat, caller.leg
        assert seat is not None
        caller.seat, caller.bridge = None, ""
        self.hung_up(caller, leg, seat)
        self.phone(seat, Phone.FREE)
        return seat

    def close_offer(self, caller: Caller, outcome: OfferOutcome) -> None:
        if caller.offers and caller.offers[-1].outcome == "live":
            caller.offers[-1] = replace(caller.offers[-1], outcome=outcome.value)

    def missed(self, caller: Caller, outcome: OfferOutcome) -> None:
        seat = self.seats[caller.offers[-1].seat]
        if caller.seat is not None:
            self.let_go(caller)
            self.at(self.rolls.uniform(10, 60), lambda: self.ready(seat))
        self.close_offer(caller, outcome)
        offer = caller.offer
        self.feed(
            OfferEnded(at=self.now, call=caller.id, offer=offer, seat=seat.id, outcome=outcome)
        )
        self.wait(caller)

    def talk(self, caller: Caller) -> None:
        seat = caller.seat
        assert seat is not None
        self.close_offer(caller, ANSWERED)
        caller.context = "fallback" if caller.context == "fallback" else "talk"
        caller.bridge = f"b{caller.id}"
        for channel, of in ((caller.leg, seat.id), (caller.channel, None)):
            self.feed(
                LegBridged(
                    at=self.now, call=caller.id, channel=channel, seat=of, bridge=caller.bridge
                )
            )
        self.phone(seat, Phone.IN_USE)
        caller.talks.append(Talk(seat=seat.id, agent=AgentId(""), since=self.now, until=None))
        lasts = self.rolls.expovariate(1 / 55) + 0.5
        self.at(lasts, lambda: self.end_talk(caller, self.rolls.random()))

    def end_talk(self, caller: Caller, how: float) -> None:
        seat, bridge, leg = caller.seat, caller.bridge, caller.leg
        assert seat is not None
        caller.talks[-1] = replace(caller.talks[-1], until=self.now)
        self.feed(
            LegUnbridged(at=self.now, call=caller.id, channel=leg, seat=seat.id, bridge=bridge)
        )
        is_ours = not caller.attempt and caller.context == "talk"
        self.let_go(caller)
        if is_ours and how < 0.08:  # the seat's phone vanished: back to the head of the wait
            caller.lost += 1
            self.feed(SeatLost(at=self.now, call=caller.id))
            self.at(self.rolls.uniform(10, 60), lambda: self.ready(seat))
            self.wait(caller)
            return
        if caller.attempt:
            self.over(caller)
            self.said(caller, seat, ANSWERED)
            return
        if is_ours and how < 0.6:
            self.feed(
                OfferEnded(
                    at=self.now, call=caller.id, offer=caller.offer, seat=seat.id, outcome=ANSWERED
                )
            )
        self.over(caller)

    # --- served without it ------------------------------------------------------------------

    def fall_back(self, caller: Caller) -> None:
        if caller.context != "wait" or caller.ended is not None or self.is_beating:
            return
        caller.context, caller.has_fallen_back = "fallback", True
        self.serve(caller)

    def serve(self, caller: Caller) -> None:
        """Asterisk's own queue looks once a second for a free member."""
        if caller.context != "fallback" or caller.ended is not None or caller.seat is not None:
            return
        free = [
            seat
            for seat in self.seats.values()
            if seat.phone is Phone.FREE and seat.member is not None and not seat.member[0]
        ]
        if self.is_beating or not free:
            self.at(1, lambda: self.serve(caller))
            return
        self.ring(caller, self.rolls.choice(free))
        self.at(self.rolls.uniform(1, 4), lambda: self.talk(caller))

    def adopt(self, caller: Caller) -> None:
        if caller.context == "fallback" and caller.seat is None and caller.ended is None:
            self.wait(caller)

    # --- kept places ------------------------------------------------------------------------

    def press(self, caller: Caller) -> None:
        if caller.context != "wait" or caller.ended is not None or caller.since is None:
            return
        caller.context, caller.kept_at = "keep", self.now
        caller.place = KeptPlace(
            call=caller.id,
            centre=CENTRE,
            line=LINE,
            dnis="12345",
            ani=caller.ani,
            since=caller.since,
            arrived_at=caller.arrived,
            kept_at=self.now,
        )
        self.feed(PlaceKept(at=self.now, call=caller.id, kept=caller.place))
        self.at(2, lambda: self.leave(caller))

    def leave(self, caller: Caller) -> None:
        caller.context = "kept"
        self.hung_up(caller, caller.channel)
        if self.rolls.random() < 0.25:  # and calls in again, by itself
            n = 100_000 + len(self.callers)
            self.at(self.rolls.uniform(1, 90), lambda: self.arrive(n, caller.ani))

    def forget(self, caller: Caller) -> None:
        """Nothing is owed any more: called back, called in again, or not to be reached."""
        caller.place = None
        if caller.context == "kept" and caller.seat is None:
            caller.ended, caller.context = self.now, "over"

    def hang_up(self, caller: Caller) -> None:
        """A seat rings for somebody who is on the line again."""
        if caller.seat is not None and not caller.bridge:
            self.let_go(caller)
            self.close_offer(caller, OfferOutcome.CALLER_LEFT)
            caller.attempt = 0
            self.forget(caller)

    def call_back(self, wish: CallBack) -> None:
        caller, seat = self.callers[wish.call], self.seats[wish.seat]
        if caller.place is None or caller.seat is not None or seat.phone is not Phone.FREE:
            self.feed(
                OrderRefused(at=self.now, call=wish.call, offer=wish.offer, why=Refusal.OTHER)
            )
            return
        caller.offer, caller.attempt = wish.offer, wish.attempt
        caller.offers.append(Offered(seat=seat.id, at=self.now, outcome="live"))
        self.ring(caller, seat)
        self.at(self.rolls.uniform(1, 4), lambda: self.dial(caller, wish.attempt))

    def dial(self, caller: Caller, attempt: int) -> None:
        if caller.seat is None or caller.attempt != attempt:
            return
        if caller.place is None:
            self.said(caller, self.let_go(caller), OfferOutcome.TAKEN)
            self.forget(caller)
            return
        caller.place = replace(caller.place, attempts=attempt, tried_at=self.now)
        self.close_offer(caller, ANSWERED)
        seat, offer = caller.seat.id, caller.offer
        self.feed(
            CallbackStarted(at=self.now, call=caller.id, offer=offer, seat=seat, attempt=attempt)
        )
        then = self.reach if self.rolls.random() < 0.6 else self.vain
        self.at(self.rolls.uniform(2, 8), partial(then, caller))

    def reach(self, caller: Caller) -> None:
        if caller.seat is None:
            return
        caller.place, caller.channel = None, ChannelId(f"PJSIP/out-{caller.id[-8:]}")
        self.feed(LegStarted(at=self.now, call=caller.id, channel=caller.channel, seat=None))
        self.talk(caller)

    def vain(self, caller: Caller) -> None:
        """The citizen does not answer; after the last attempt nothing is owed any more."""
        if caller.place is None or caller.seat is None:
            return
        if caller.place.attempts >= PLAN.times_of(CENTRE).callback_attempts and not self.is_beating:
            self.at(5, lambda: self.vain(caller))  # the dialplan rings on; somebody must count
            return
        is_last = caller.place.attempts >= PLAN.times_of(CENTRE).callback_attempts
        seat = self.let_go(caller)
        if is_last:
            caller.ended, caller.context = self.now, "over"
        self.said(caller, seat, MISSED)

    def said(self, caller: Caller, seat: Seat, outcome: OfferOutcome) -> None:
        caller.attempt = 0
        offer = caller.offer
        self.feed(
            CallbackEnded(at=self.now, call=caller.id, offer=offer, seat=seat.id, outcome=outcome)
        )
