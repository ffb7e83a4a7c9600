"""The switch: takes in what happened, decides what should be done. Pure; the driver does it.

``Switch.feed`` takes every event of ``cti.events``, one at a time and in order, and returns the
effects to carry out, in order. Between events nothing happens by itself: feed a ``ClockTicked``
at ``due()`` at the latest. After a ``LinkLost`` no order is given until ``SnapshotTaken``.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, assert_never

from cti import (
    arriving,
    asking,
    beginning,
    calling,
    counting,
    keeping,
    legs,
    meeting,
    movelate,
    moving,
    offers,
    outside,
    overflowing,
    pressing,
    rating,
    resync,
    seating,
    superviseasks,
    supervisesteps,
    supervising,
)
from cti.call import Call, CallState
from cti.effects import AdoptCaller, Effect
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    CallArrived,
    CallerRated,
    CallFellBack,
    CallWaiting,
    ClockSet,
    ClockTicked,
    DraftSubmitted,
    Event,
    LastSeatKnown,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    LinkLost,
    MachineEvent,
    MemberUnknown,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    OutsideEnded,
    OutsideStarted,
    PhoneChanged,
    Reskilled,
    SeatLost,
    SnapshotTaken,
)
from cti.ids import AgentId, CallId, CentreId, OfferId, SeatId
from cti.moveevents import (
    AgentMoves,
    AgentPresses,
    AgentSteers,
    AwayEnded,
    AwayStarted,
    CallerHeld,
    MonitorEnded,
    MonitorStarted,
    MoveEvent,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.outevents import (
    AgentDials,
    CallbackEnded,
    CallbackStarted,
    DialOutEnded,
    DialOutRefused,
    DialOutStarted,
    OutEvent,
    PlaceKept,
)
from cti.picture import ADOPT_AFTER, Picture
from cti.plan import SwitchPlan
from queues.live import Standing
from queues.seat import SeatView
from queues.seatlife import SeatInput
from transfer.target import Target
from transfer.why import WhyNot

ADOPTION_WITHIN = timedelta(seconds=2)
"""After a snapshot: offers wait this long at most for the adopted to be back in the wait."""

_UNTOLD: Final = {"offer-unseen": offers.unseen, "callback-unsaid": keeping.unsaid}
"""What to do when an order's beginning was not told in time."""


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
        due, opening = self._picture.due(), self._picture.acd.next_opening()
        if opening is None or not self._may_offer:
            return due
        return opening if due is None else min(due, opening)

    def seat(self, seat: SeatId) -> SeatView | None:
        """How a seat stands."""
        known = self._picture.seats.get(seat)
        return known.view() if known else None

    def seat_of(self, agent: AgentId) -> SeatView | None:
        """Where an agent is signed in."""
        seats = self._picture.seats.values()
        return next((seat.view() for seat in seats if seat.agent == agent), None)

    def seats(self) -> list[SeatView]:
        """Every seat of the plan."""
        return [seat.view() for seat in self._picture.seats.values()]

    @property
    def live_calls(self) -> frozenset[CallId]:
        """Calls that are not over."""
        return frozenset(self._picture.calls)

    def standing(self, centre: CentreId) -> list[Standing]:
        """The centre's calls that are not over, each with its row as it stands now.

        Without those out for which no citizen has been dialled: they may never have a row.
        """
        return counting.standing(self._picture, centre)

    def waiting_in(self, centre: CentreId) -> int:
        """How many callers of that centre wait on the line."""
        return counting.waiting_in(self._picture, centre)

    @property
    def waiting(self) -> list[CallId]:
        """Who waits, in order."""
        return self._picture.acd.callers

    def call_state(self, call: CallId) -> CallState | None:
        """Where a caller is; None once the call is over."""
        known = self._picture.calls.get(call)
        return known.state if known else None

    def rings(self, call: CallId, offer: OfferId) -> bool:
        """Whether that ringing of a seat is still wanted."""
        return offers.is_wanted(self._picture, call, offer)

    def centre_of(self, call: CallId) -> CentreId | None:
        """Whose call it is; None once it is over."""
        known = self._picture.calls.get(call)
        return known.centre if known else None

    def targets(self, centre: CentreId) -> Mapping[str, Target]:
        """Where that centre's callers can be taken, by ``Target.id``."""
        return self._picture.plan.targets.get(centre, {})

    def why_not_supervise(self, event: SupervisorJoins | SupervisorTakes) -> str:
        """Why a supervisor's wish would not be carried out now; '' when it would."""
        return superviseasks.why_not(self._picture, event)

    def why_not_dial(self, event: AgentDials) -> str:
        """Why a citizen would not be called out to now; '' when they would."""
        return calling.why_not(self._picture, event)

    def why_not_press(self, event: AgentPresses) -> str:
        """Why the telephone beside the page would not be steered now; '' when it would."""
        return pressing.why_not(self._picture, event)

    def figures(self) -> dict[str, float]:
        """Gauges: callers by state, those whom emergency lines handed over, seats by state."""
        return counting.gauges(self._picture)

    def why_not_move(self, event: AgentMoves) -> WhyNot | None:
        """Why a move would not be begun now; None when it would, or would wait its turn."""
        return beginning.why_not(self._picture, event, is_live=self.is_live)

    def replan(self, plan: SwitchPlan, at: datetime) -> list[Effect]:
        """Go on with another city."""
        self._picture.replan(plan, at)
        return self._hunt(at)

    # --- what happens ---------------------------------------------------------------------

    def feed(self, event: Event) -> list[Effect]:
        """Take one event in and return what should be done about it."""
        self._read(event)
        return self._hunt(event.at)

    @property
    def _may_offer(self) -> bool:
        return self.is_live and not self._adopting

    def _hunt(self, at: datetime) -> list[Effect]:
        picture = self._picture
        if self._may_offer:
            for match in picture.acd.hunt(at):
                offers.make(picture, match, at)
        out, picture.out = picture.out, []
        return out

    def _read(self, event: Event) -> None:
        """Callers and seats; all else is read below."""
        match event:
            case CallArrived():
                arriving.arrived(self._picture, event)
            case CallWaiting():
                self._adopting.discard(event.call)
                arriving.waits(self._picture, event)
            case CallFellBack():
                arriving.falls_back(self._picture, event)
            case OfferStarted():
                offers.started(self._picture, event)
            case OfferEnded():
                offers.ended(self._picture, event)
            case OutsideStarted():
                outside.started(self._picture, event)
            case OutsideEnded():
                outside.ended(self._picture, event)
            case LastSeatKnown():
                arriving.knows_last_seat(self._picture, event)
            case SeatLost():
                seating.seat_lost(self._picture, event)
            case CallerRated():
                rating.rated(self._picture, event)
            case DraftSubmitted():
                seating.draft_submitted(self._picture, event)
            case LegStarted() | LegBridged() | LegUnbridged() | LegHungUp():
                legs.moved(self._picture, event)
                if isinstance(event, LegHungUp):
                    supervising.leg_ended(self._picture, event)
                if event.call not in self._picture.calls:
                    self._adopting.discard(event.call)
            case PhoneChanged():
                seating.phone_changed(self._picture, event)
            case AgentSignedIn() | AgentReady() | AgentNotReady() | AgentSignedOut() | Reskilled():
                seating.agent_said(self._picture, event)
            case _:
                self._read_moves(event)

    def _read_moves(self, event: MoveEvent | OutEvent | MachineEvent) -> None:
        """Callers who are moved, talks that are listened to, citizens who are called."""
        match event:
            case AgentMoves():
                asking.moves(self._picture, event, is_live=self.is_live)
            case AgentSteers():
                asking.steers(self._picture, event, is_live=self.is_live)
            case AgentPresses():
                pressing.press(self._picture, event, is_live=self.is_live)
            case AwayEnded() | AwayStarted() | CallerHeld() | PartyLost() | RecipientUnanswered():
                moving.read(self._picture, event)
            case RoomEntered():
                moving.read(self._picture, event)
                supervising.entered(self._picture, event)
            case SupervisorJoins() | SupervisorTakes():
                superviseasks.wished(self._picture, event, is_live=self.is_live)
            case MonitorStarted() | MonitorEnded():
                supervising.read(self._picture, event)
            case PlaceKept():
                keeping.kept(self._picture, event)
            case CallbackStarted():
                keeping.started(self._picture, event)
            case CallbackEnded():
                keeping.ended(self._picture, event)
            case AgentDials():
                if self.is_live:
                    calling.dial(self._picture, event)
            case DialOutStarted():
                calling.started(self._picture, event)
            case DialOutEnded():
                calling.ended(self._picture, event)
            case DialOutRefused():
                calling.refused(self._picture, event)
            case _:
                self._read_machine(event)

    def _read_machine(self, event: MachineEvent) -> None:
        match event:
            case ClockTicked():
                for kind, key in self._picture.rung(event.at):
                    self._rang(kind, key, event.at)
            case ClockSet():
                self._picture.shift_clock(event.by)
                self._picture.change_duties(event.at)
                self._adopting_until += event.by
            case MemberUnknown():
                self._picture.doubt_member(event)
            case LinkLost():
                if self.is_live:
                    asking.lost(self._picture, event.at)
                self.is_live = False
            case OrderRefused():
                self._adopting.discard(event.call)
                offers.refused(self._picture, event)
                overflowing.refused(self._picture, event)
                if self.is_live:  # else the next look says more, and no other order is given
                    supervising.refused(self._picture, event)
                    movelate.refused(self._picture, event)
            case SnapshotTaken():
                self._resync(event)
            case _:
                assert_never(event)

    # --- the clock and the link -----------------------------------------------------------

    def _rang(self, kind: str, key: str, at: datetime) -> None:
        picture = self._picture
        if kind == "wrap-up":
            seat = picture.seats.get(SeatId(key))
            if seat is not None and seat.until is not None and seat.until <= at:
                picture.move_seat(seat, SeatInput.WRAP_UP_OVER, at)
        elif kind == "member" and (seat := picture.seats.get(SeatId(key))) is not None:
            picture.refresh(seat)
        elif kind == "duty":
            if (edge := picture.wanting.until) is not None and at >= edge:
                picture.change_duties(at)
        elif kind in _UNTOLD:
            if self.is_live and (call := offers.call_of(picture, key)) is not None:
                _UNTOLD[kind](picture, call)
        elif kind == supervisesteps.ALARM:
            supervising.rang(picture, SeatId(key), at, is_live=self.is_live)
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
            is_left_alone = call.state is CallState.FALLEN_BACK and call.ringing_seat is None
            is_ours = is_left_alone and not call.is_sent_back
            if self.is_live and is_ours and call.left_at is None:
                picture.out.append(AdoptCaller(call=call.id, channel=call.channel))
                picture.alarm(at + ADOPT_AFTER, "adopt", call.id)
            else:
                self._adopting.discard(call.id)
        elif kind == "gone":
            legs.unheard(picture, call)
        elif kind == "kept-alone":
            meeting.alone(picture, call, at)
        elif kind == "dial-out":
            calling.unseen(picture, call, at)
        elif kind == "tell":
            picture.tell(call, at, is_linked=self.is_live)
        elif kind == "overflow":
            if self.is_live:
                overflowing.look(picture, call, at)
            else:
                picture.overflow_later(call, at)
        elif kind == "sent-unseen":
            overflowing.unseen(picture, call)
        elif kind in movelate.LATER:
            if self.is_live:
                movelate.LATER[kind](picture, call, at)
        elif kind == "asked":
            asking.waited(picture, call, at, is_live=self.is_live)
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
        asking.look(picture, event.at)
        for each in event.meanwhile:  # before anybody is ordered anywhere
            self._read(each)
