"""The switch: takes in what happened, decides what should be done. Pure; the driver does it.

``Switch.feed`` takes every event of ``cti.events``, one at a time and in order, and returns the
effects to carry out, in order. Between events nothing happens by itself: feed a ``ClockTicked``
at ``due()`` at the latest. After a ``LinkLost`` no order is given until ``SnapshotTaken``.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from cti import legs, resync, seating
from cti.call import Call, CallState
from cti.effects import (
    AdoptCaller,
    AnswerAsk,
    Effect,
    OfferCall,
    TakeSnapshot,
    WriteCall,
)
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallArrived,
    CallFellBack,
    CallWaiting,
    ClockSet,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    LinkLost,
    MemberUnknown,
    OfferEnded,
    OfferOutcome,
    OfferStarted,
    OrderRefused,
    PhoneChanged,
    Refusal,
    SeatLost,
    SnapshotTaken,
)
from cti.ids import AgentId, CallId, SeatId
from cti.picture import ADOPT_AFTER, OFFER_SEEN_WITHIN, Picture
from cti.plan import SwitchPlan
from queues.acd import Match
from queues.seat import AgentState, SeatView
from queues.seatlife import SeatInput
from records.callrecord import Offered

ORDER_AGAIN_AFTER = timedelta(milliseconds=50)
"""A channel that was not up is busy with an earlier order; this is when to offer again."""
TAKEN_AGAIN_AFTER = timedelta(milliseconds=500)
"""Two calls met at one seat and both stepped back."""
ADOPTION_WITHIN = timedelta(seconds=2)
"""After a snapshot: offers wait this long at most for the adopted to be back in the wait."""

AFTER_OFFER: Mapping[OfferOutcome, SeatInput] = {
    OfferOutcome.ANSWERED: SeatInput.TALK_OVER,
    OfferOutcome.MISSED: SeatInput.MISSED,
    OfferOutcome.REJECTED: SeatInput.MISSED,
    OfferOutcome.UNREACHABLE: SeatInput.MISSED,
    OfferOutcome.CALLER_LEFT: SeatInput.WITHDRAWN,
    OfferOutcome.TAKEN: SeatInput.WITHDRAWN,
}
"""What an offer's end means for the seat."""


class Switch:
    """The brain's rules. Driven by ``feed`` alone; see the module's docstring."""

    def __init__(self, plan: SwitchPlan, at: datetime) -> None:
        self._picture = Picture(plan, at)
        self.is_live = False
        """Whether the picture is whole and orders may be given."""
        self.has_history = False
        """Whether this process ever had a whole picture; then it knows who is signed in."""
        self._adopting: set[CallId] = set()
        """Being taken back from the fall-back queue: nobody is offered before they wait again."""
        self._adopting_until = at

    # --- what others may ask --------------------------------------------------------------

    def due(self) -> datetime | None:
        """When to feed a ``ClockTicked`` at the latest."""
        return self._picture.due()

    def seat(self, seat: SeatId) -> SeatView | None:
        """How a seat stands."""
        known = self._picture.seats.get(seat)
        return known.view() if known else None

    def seat_of(self, agent: AgentId) -> SeatView | None:
        """Where an agent is signed in."""
        for seat in self._picture.seats.values():
            if seat.agent == agent:
                return seat.view()
        return None

    def seats(self) -> list[SeatView]:
        """Every seat of the plan."""
        return [seat.view() for seat in self._picture.seats.values()]

    @property
    def live_calls(self) -> frozenset[CallId]:
        """Calls that are not over."""
        return frozenset(self._picture.calls)

    @property
    def waiting(self) -> list[CallId]:
        """Who waits, in order."""
        return self._picture.acd.callers

    def call_state(self, call: CallId) -> CallState | None:
        """Where a caller is; None once the call is over."""
        known = self._picture.calls.get(call)
        return known.state if known else None

    def figures(self) -> dict[str, float]:
        """Gauges: callers by state, seats by state."""
        figures = {f"calls_{state.name.lower()}": 0.0 for state in CallState}
        figures |= {f"seats_{state.name.lower()}": 0.0 for state in AgentState}
        for call in self._picture.calls.values():
            figures[f"calls_{call.state.name.lower()}"] += 1
        for seat in self._picture.seats.values():
            figures[f"seats_{seat.state.name.lower()}"] += 1
        return figures

    def replan(self, plan: SwitchPlan, at: datetime) -> list[Effect]:
        """Go on with another profile."""
        self._picture.replan(plan, at)
        return self._hunt(at)

    # --- what happens ---------------------------------------------------------------------

    def feed(self, event: Event) -> list[Effect]:
        """Take one event in and return what should be done about it."""
        self._read(event)
        return self._hunt(event.at)

    def _hunt(self, at: datetime) -> list[Effect]:
        picture = self._picture
        if self.is_live and not self._adopting:
            for match in picture.acd.hunt(at):
                self._offer(match, at)
        out, picture.out = picture.out, []
        return out

    def _read(self, event: Event) -> None:
        match event:
            case CallArrived():
                self._arrived(event)
            case CallWaiting():
                self._waiting(event)
            case CallFellBack():
                self._fell_back(event)
            case OfferStarted():
                self._offer_started(event)
            case OfferEnded():
                self._offer_ended(event)
            case SeatLost():
                seating.seat_lost(self._picture, event)
            case LegStarted() | LegBridged() | LegUnbridged() | LegHungUp():
                legs.moved(self._picture, event)
                if event.call not in self._picture.calls:
                    self._adopting.discard(event.call)
            case PhoneChanged():
                seating.phone_changed(self._picture, event)
            case AgentSignedIn() | AgentReady() | AgentNotReady() | AgentSignedOut():
                seating.agent_said(self._picture, event)
            case ClockTicked():
                for kind, key in self._picture.rung(event.at):
                    self._rang(kind, key, event.at)
            case ClockSet():
                self._picture.shift_clock(event.by)
                self._adopting_until += event.by
            case MemberUnknown():
                self._picture.doubt_member(event)
            case LinkLost():
                self.is_live = False
            case OrderRefused():
                self._refused(event)
            case SnapshotTaken():
                self._resync(event)
            case _:
                assert_never(event)

    # --- the caller's way -----------------------------------------------------------------

    def _arrived(self, event: CallArrived) -> None:
        picture = self._picture
        if event.call not in picture.calls:
            call = Call(
                id=event.call,
                channel=event.channel,
                centre=event.centre,
                line=event.line,
                dnis=event.dnis,
                ani=event.ani,
                arrived_at=event.at,
            )
            call.legs[event.channel] = None
            picture.calls[event.call] = call
            picture.out.append(WriteCall(record=call.record()))
            picture.journal(call, event.at, "arrived", line=event.line)
        picture.out.append(AnswerAsk(call=event.call, channel=event.channel, answer="plan"))

    def _waiting(self, event: CallWaiting) -> None:
        picture = self._picture
        self._adopting.discard(event.call)
        call = picture.calls.get(event.call)
        if call is None:
            call = Call(
                id=event.call,
                channel=event.channel,
                centre=event.centre,
                line=event.line,
                dnis=event.dnis,
                ani=event.ani,
                arrived_at=event.since,
                is_partial=True,  # it came out of sight
            )
            call.legs[event.channel] = None
            picture.calls[event.call] = call
            picture.out.append(WriteCall(record=call.record()))
        if call.since is None:
            call.since = _precise(event)
            picture.journal(call, event.at, "waiting")
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        picture.end_talk(call, event.at, SeatInput.TALK_OVER)
        picture.enqueue(call, event.at, pause=call.pause)
        call.pause = timedelta(0)

    def _fell_back(self, event: CallFellBack) -> None:
        picture = self._picture
        call = picture.calls.get(event.call)
        if call is None:
            picture.out.append(TakeSnapshot(why="a call in the fall-back queue is not known"))
            return
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        picture.acd.leave(call.id)
        call.since = call.since or event.since
        call.state = CallState.FALLEN_BACK
        call.has_fallen_back = True
        picture.journal(call, event.at, "fell-back")
        picture.alarm(event.at + ADOPT_AFTER, "adopt", call.id)

    # --- offers ---------------------------------------------------------------------------

    def _offer(self, match: Match, at: datetime) -> None:
        picture = self._picture
        call, seat = picture.calls[match.call], picture.seats[match.seat]
        assert seat.agent is not None, "a free seat has somebody sitting there, by its table"
        offer = call.next_offer()
        call.state, call.offer, call.offer_seat = CallState.OFFERED, offer, seat.id
        call.is_offer_seen, call.ordered_at = False, at
        picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
        picture.pop(call, seat, offer, at)
        ring = picture.plan.ring
        picture.out.append(
            OfferCall(call=call.id, channel=call.channel, seat=seat.id, offer=offer, ring=ring)
        )
        picture.alarm(at + OFFER_SEEN_WITHIN, "offer-unseen", offer)

    def _call_of_offer(self, offer: str) -> Call | None:
        call = self._picture.calls.get(CallId(offer.rpartition("/")[0]))
        return call if call is not None and call.offer == offer else None

    def _offer_started(self, event: OfferStarted) -> None:
        call = self._call_of_offer(event.offer)
        if call is None:
            return
        call.is_offer_seen = True
        call.offers.append(Offered(seat=event.seat, at=event.at, outcome="live"))
        self._picture.journal(call, event.at, "offered", seat=event.seat)

    def _offer_ended(self, event: OfferEnded) -> None:
        picture = self._picture
        call = picture.calls.get(event.call)
        if call is None:
            return
        if call.offers and call.offers[-1].outcome == "live":
            call.offers[-1] = replace(call.offers[-1], outcome=event.outcome.value)
        if event.outcome is OfferOutcome.ANSWERED:
            # Whether the caller goes on to the end or back to the wait, the dialplan will say.
            picture.end_talk(call, event.at, SeatInput.TALK_OVER)
            picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
            return
        if call.offer != event.offer:
            return
        picture.journal(call, event.at, "offer-ended", outcome=event.outcome.value)
        picture.end_offer(call, event.at, AFTER_OFFER[event.outcome], event.outcome.value)
        call.state = CallState.LEAVING
        if event.outcome is OfferOutcome.TAKEN:
            call.pause = TAKEN_AGAIN_AFTER

    def _refused(self, event: OrderRefused) -> None:
        picture = self._picture
        call = picture.calls.get(event.call)
        self._adopting.discard(event.call)
        if call is None or event.offer is None or call.offer != event.offer:
            return
        if event.why is Refusal.TIMED_OUT:
            picture.out.append(TakeSnapshot(why="an order was not answered"))
            return
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        if event.why is Refusal.GONE:
            call.state = CallState.LEAVING
            picture.alarm(event.at + OFFER_SEEN_WITHIN, "gone", call.id)
        else:
            picture.enqueue(call, event.at, pause=ORDER_AGAIN_AFTER)

    # --- the clock and the link -----------------------------------------------------------

    def _rang(self, kind: str, key: str, at: datetime) -> None:
        picture = self._picture
        if kind == "wrap-up":
            seat = picture.seats.get(SeatId(key))
            if seat is not None and seat.until is not None and seat.until <= at:
                picture.move_seat(seat, SeatInput.WRAP_UP_OVER, at)
        elif kind == "member" and (seat := picture.seats.get(SeatId(key))) is not None:
            picture.refresh(seat)
        elif kind == "offer-unseen":
            call = self._call_of_offer(key)
            if self.is_live and call is not None and not call.is_offer_seen:
                picture.out.append(TakeSnapshot(why="an offer was ordered and did not begin"))
        elif kind == "adopting":
            if at >= self._adopting_until:  # else it belongs to a snapshot before the last
                self._adopting.clear()
        else:
            self._rang_for_call(kind, picture.calls.get(CallId(key)), at)

    def _rang_for_call(self, kind: str, call: Call | None, at: datetime) -> None:
        picture = self._picture
        if call is None:
            return
        if kind == "adopt":
            is_left_alone = call.state is CallState.FALLEN_BACK and not call.has_seat_leg
            if self.is_live and is_left_alone and call.left_at is None:
                picture.out.append(AdoptCaller(call=call.id, channel=call.channel))
                picture.alarm(at + ADOPT_AFTER, "adopt", call.id)
            else:
                self._adopting.discard(call.id)
        elif kind == "gone":
            if call.state is CallState.LEAVING and call.left_at is None and not call.has_seat_leg:
                picture.out.append(TakeSnapshot(why="a channel is gone and nobody hung up"))
        elif kind == "over" and call.left_at is not None:
            picture.finish(call, at)

    def _resync(self, event: SnapshotTaken) -> None:
        picture = self._picture
        self._adopting = resync.resync(
            picture, event, has_history=self.has_history, has_gap=not self.is_live
        )
        self.is_live = self.has_history = True
        if self._adopting:
            self._adopting_until = event.at + ADOPTION_WITHIN
            picture.alarm(self._adopting_until, "adopting", "")
        for each in event.meanwhile:  # before anybody is ordered anywhere
            self._read(each)


def _precise(event: CallWaiting) -> datetime:
    """When a caller began to wait. The dialplan knows whole seconds; a fresh event knows more."""
    is_fresh = timedelta(0) <= event.at - event.since < timedelta(seconds=2)
    return event.at if is_fresh else event.since
