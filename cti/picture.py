"""The live picture: every call and seat, and what follows from a seat's change.

``Switch`` reads events into it, ``resync`` rebuilds it. Effects are collected in ``out`` in the
order in which they must be carried out.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count

from cti import overflow
from cti.call import NO_LEG, Call, CallState, Party
from cti.card import card
from cti.effects import (
    CompleteDraft,
    Effect,
    RemoveMember,
    ReplayCel,
    SetMember,
    ShowSeat,
    TellCaller,
    WithdrawPop,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.events import MemberUnknown
from cti.happened import Refusal
from cti.ids import AgentId, CallId, CentreId, LegId, MoveId, OfferId, SeatId
from cti.listener import SUPERVISING, Listener
from cti.plan import SwitchPlan
from cti.wanting import Wanting
from ivr.text import ahead_id, minutes_id
from queues.acd import Acd
from queues.seat import AgentState
from queues.seatlife import Seat, SeatInput
from queues.seattimes import SeatBook
from queues.waiting import Pace, ask_again_at, tell
from transfer.step import Step

ADOPT_AFTER = timedelta(seconds=3)
"""A caller in the fall-back queue while we live: nobody rang for it this long, so it is ours."""
OFFER_SEEN_WITHIN = timedelta(seconds=1)
"""An ordered offer that has not shown itself by then makes us look again."""
LEGS_END_WITHIN = timedelta(seconds=10)
"""The caller is gone; a leg that has not ended by then is not waited for."""
MEMBER_AGAIN_AFTER = timedelta(seconds=1)
"""An order to the fall-back queue that was not answered is given again; it may be given twice."""
MEMBER_REFUSED_AGAIN_AFTER = timedelta(seconds=10)
"""One that was refused, too: the queue may be there by then, and an hour of noes fills no log."""
TELL_EVERY = timedelta(seconds=5)
"""How often to look whether a waiting caller's place has changed enough to be told."""
FORGOTTEN = 1000
"""So many places are remembered to be over; an order that was lost is one of the last."""
UNKNOWN_MEMBER = (AgentId(""), False, "")
"""What no seat ever is, so that the next look gives the order whatever the seat is by then."""

Alarm = tuple[str, str]
"""Something to look at later: what kind, and whose id. A stale one is harmless."""


class Picture:
    """All that the switch knows. Nothing here decides who rings; ``Acd`` does."""

    def __init__(self, plan: SwitchPlan, at: datetime) -> None:
        self.plan, self.wanting = plan, Wanting(plan, at)
        self.calls: dict[CallId, Call] = {}
        self.seats: dict[SeatId, Seat] = {}
        self.members: dict[SeatId, tuple[AgentId, bool, str]] = {}
        self.promised: dict[tuple[CentreId, str], list[CallId]] = {}
        """Whose place is kept, by centre and caller. One that is over may still stand here."""
        self.forgotten: deque[CallId] = deque(maxlen=FORGOTTEN)
        """Whose place was to be forgotten; a link that broke may have lost that order."""
        self.listeners: dict[SeatId, Listener] = {}
        """Supervisors in talks of others, by their own seat."""
        self.acd = Acd()
        self.book = SeatBook()
        """How long each seat was in which state."""
        self.out: list[Effect] = []
        self._paces: dict[CentreId, Pace] = {}
        self._alarms: list[tuple[datetime, int, Alarm]] = []
        self._tie = count()
        self.replan(plan, at)

    def replan(self, plan: SwitchPlan, at: datetime) -> None:
        """Take the profile's seats over. A seat that is gone stays while somebody sits there."""
        self.plan = plan
        for seat_id, planned in plan.seats.items():
            seat = self.seats.get(seat_id)
            if seat is None:
                self.seats[seat_id] = Seat(
                    id=seat_id,
                    centre=planned.centre,
                    extension=planned.extension,
                    skills=planned.skills,
                    levels=planned.levels,
                    since=at,
                )
            else:
                seat.skills, seat.levels = planned.skills, planned.levels
        for seat_id in [s for s in self.seats if s not in plan.seats]:
            if self.seats[seat_id].state is AgentState.LOGGED_OUT:
                del self.seats[seat_id]
        self.change_duties(at)

    def change_duties(self, at: datetime) -> None:
        """A duty began or ended, or the clock or the plan changed: want what is wanted now."""
        self.wanting = Wanting(self.plan, at)
        for seat in self.seats.values():
            self.refresh(seat)
        for call in self.calls.values():
            self.want_again(call, at)
            if call.state is CallState.WAITING:
                self.overflow_later(call, at)
        if self.wanting.until is not None:
            self.alarm(self.wanting.until, "duty", "")

    def want_again(self, call: Call, at: datetime) -> None:
        """Something the caller's wants are made of changed. Nothing else does, nor its place."""
        waits = self.acd.waiter(call.id)
        if waits is not None:
            seats, pause = self.seats.values(), waits.not_before
            further = overflow.pools(self.plan, call)
            wants = self.wanting.waiter(call, at, seats, not_before=pause, overflows=further)
            self.acd.join(replace(wants, since=waits.since))

    # --- later ----------------------------------------------------------------------------

    def alarm(self, when: datetime, kind: str, key: str) -> None:
        """Ask to be reminded of something at a time."""
        heapq.heappush(self._alarms, (when, next(self._tie), (kind, key)))

    def due(self) -> datetime | None:
        """When the next alarm rings."""
        return self._alarms[0][0] if self._alarms else None

    def rung(self, now: datetime) -> Iterator[Alarm]:
        """Take out and yield every alarm whose time has come."""
        while self._alarms and self._alarms[0][0] <= now:
            yield heapq.heappop(self._alarms)[2]

    def shift_clock(self, by: timedelta) -> None:
        """Keep every deadline as far away as it was, now that the clock was set."""
        self._alarms = [(when + by, tie, alarm) for when, tie, alarm in self._alarms]
        self.acd.shift_clock(by)
        self.book.shift_clock(by)
        for seat in self.seats.values():
            seat.since += by
            seat.until = seat.until and seat.until + by
            self.refresh(seat)
        for call in self.calls.values():
            call.shift_clock(by)
        for listener in self.listeners.values():
            listener.until = listener.until and listener.until + by

    # --- seats ----------------------------------------------------------------------------

    def move_seat(
        self,
        seat: Seat,
        what: SeatInput,
        at: datetime,
        *,
        reason: str = "",
        call: CallId | None = None,
    ) -> None:
        """Let something happen to a seat and tell everybody whom it concerns.

        Whoever listens to somebody else's talk is not ready until that is over.
        """
        is_heard = seat.id in self.listeners
        if is_heard and what is SeatInput.READY and seat.reason == SUPERVISING:
            return  # ready it will be, when the listening ends
        has_changed = seat.take(what, at, reason=reason, call=call, wrap_up=self._wrap_up(seat))
        if is_heard and seat.state is AgentState.AVAILABLE:
            has_changed = seat.take(SeatInput.NOT_READY, at, reason=SUPERVISING) or has_changed
        if has_changed:
            self.out.append(ShowSeat(view=seat.view()))
            if seat.until is not None:
                self.alarm(seat.until, "wrap-up", seat.id)
        self.refresh(seat)

    def listens(self, listener: Listener, at: datetime) -> None:
        """Keep in mind who listens, or is rung to; a seat that was free is so no more."""
        self.listeners[listener.seat] = listener
        seat = self.seats.get(listener.seat)
        if seat is not None and seat.state is AgentState.AVAILABLE:
            self.move_seat(seat, SeatInput.NOT_READY, at, reason=SUPERVISING)

    def _wrap_up(self, seat: Seat) -> timedelta:
        """How long the agent has after the talk; nothing once the order has been handed in."""
        call = self.calls.get(seat.call) if seat.call is not None else None
        is_done = call is not None and call.is_submitted
        return timedelta(0) if is_done else self.plan.wrap_up_of(seat.centre)

    def refresh(self, seat: Seat) -> None:
        """Make the ACD, the fall-back queue and the book of seats' time know the seat as it is."""
        self.out += [WriteSeatTime(stretch=one) for one in self.book.note(seat.view())]
        if seat.is_free:
            self.acd.free(self.wanting.free_seat(seat))
        else:
            self.acd.occupy(seat.id)
        if seat.agent is None:
            if self.members.pop(seat.id, None) is not None:
                self.out.append(RemoveMember(centre=seat.centre, seat=seat.id))
            return
        wanted = (seat.agent, seat.state is AgentState.NOT_READY, seat.reason)
        if self.members.get(seat.id) != wanted:
            self.members[seat.id] = wanted
            self.out.append(
                SetMember(
                    centre=seat.centre,
                    seat=seat.id,
                    agent=wanted[0],
                    is_paused=wanted[1],
                    reason=wanted[2],
                )
            )

    def doubt_member(self, event: MemberUnknown) -> None:
        """Look again soon at what the fall-back queue should know of the seat."""
        if event.seat not in self.seats:
            return
        self.members[event.seat] = UNKNOWN_MEMBER
        is_unanswered = event.why is Refusal.TIMED_OUT
        pause = MEMBER_AGAIN_AFTER if is_unanswered else MEMBER_REFUSED_AGAIN_AFTER
        self.alarm(event.at + pause, "member", event.seat)

    # --- calls ----------------------------------------------------------------------------

    def enqueue(self, call: Call, at: datetime, *, pause: timedelta = timedelta(0)) -> None:
        """Put a caller into the queue at the place its waiting time gives it."""
        call.state = CallState.WAITING
        call.is_sent = call.is_sent_back = False
        call.offer = call.offer_seat = None
        self.stand(call, at, not_before=at + pause if pause else None)
        self.tell_later(call, at)
        self.overflow_later(call, at)

    def stand(self, call: Call, at: datetime, *, not_before: datetime | None) -> None:
        """Put a call into the queue, at the place its waiting gives it."""
        further, seats = overflow.pools(self.plan, call), self.seats.values()
        wants = self.wanting.waiter(call, at, seats, not_before=not_before, overflows=further)
        self.acd.join(wants)

    def overflow_later(self, call: Call, at: datetime) -> None:
        """Look again when a waiting caller may take a step of the overflow plan, if ever."""
        call.overflows_at = overflow.next_look(self.plan, call, at)
        if call.overflows_at is not None:
            self.alarm(call.overflows_at, "overflow", call.id)

    def tell_later(self, call: Call, at: datetime) -> None:
        """Look again when a waiting caller may have to be told something, if ever."""
        call.tells_at = ask_again_at(call.told, since=call.since or at, now=at + TELL_EVERY)
        if call.tells_at is not None:
            self.alarm(call.tells_at, "tell", call.id)

    def tell(self, call: Call, at: datetime, *, is_linked: bool = True) -> None:
        """Tell a waiting caller its place and about how long it takes, if that matters now.

        Without a link nothing would be heard, so nothing counts as told.
        """
        if call.state is not CallState.WAITING or call.tells_at is None or at < call.tells_at:
            return  # an alarm of an earlier waiting
        if not is_linked:
            self.tell_later(call, at)
            return
        ahead = self.acd.place(call.id) - 1
        wait = self.pace(call.centre).expected_wait(ahead, at)
        may_ask = self.plan.times_of(call.centre).keeps_places and call.can_be_called_back
        before, since = call.told, call.since or at
        told = tell(before, since=since, now=at, ahead=ahead, wait=wait, may_ask=may_ask)
        if told is not None:
            call.told = told
            keeps = told.asked > (before.asked if before is not None else 0)
            prompts: tuple[str, ...] = (ahead_id(ahead),)
            if wait is not None:
                prompts = (*prompts, minutes_id(wait.total_seconds()))
            self.out.append(
                TellCaller(call=call.id, channel=call.channel, prompts=prompts, keeps=keeps)
            )
        self.tell_later(call, at)

    def pace(self, centre: CentreId) -> Pace:
        """How quickly the centre's queue moves."""
        return self._paces.setdefault(centre, Pace())

    def pop(
        self,
        call: Call,
        seat: Seat,
        offer: OfferId,
        at: datetime,
        *,
        attempt: int = 0,
        move: MoveId | None = None,
    ) -> None:
        """Show the caller card to whoever sits there.

        ``attempt``: of which call-back, if any; ``move``: which move rings the seat, if one does.
        """
        if seat.agent is not None:
            shown = card(
                call, seat, seat.agent, offer, at, self.wanting, attempt=attempt, move=move
            )
            self.out.append(shown)

    def end_offer(self, call: Call, at: datetime, what: SeatInput, reason: str = "") -> None:
        """Take the offer from call and seat, if it still stands."""
        offer, seat_id = call.offer, call.offer_seat
        call.offer = call.offer_seat = None
        if offer is None or seat_id is None:
            return
        seat = self.seats.get(seat_id)
        if seat is None or seat.agent is None:
            return
        is_here = seat.state is AgentState.TALKING and seat.call == call.id
        if not is_here and seat.wraps_up != call.id:  # the card stays while its order is written
            self.out.append(WithdrawPop(seat=seat_id, call=call.id, offer=offer))
        if seat.state is AgentState.OFFERED and seat.call == call.id:
            self.move_seat(seat, what, at, reason=reason)

    def end_talk(self, call: Call, at: datetime, what: SeatInput) -> None:
        """Close the open talks and let their seats go on to wrap-up (or where ``what`` leads)."""
        for party in call.talk_partners:
            self.close_talk(call, party, at, what)

    def end_dial(self, call: Call, at: datetime, leg: LegId = NO_LEG) -> None:
        """Close the talk with whom the caller's own dialplan had dialled: the queue's, or a leg's.

        A look may have shown already with whom it talks since: that talk goes on.
        """
        for party in call.talk_partners:
            if party.leg == leg:
                self.close_talk(call, party, at, SeatInput.TALK_OVER)

    def close_talk(self, call: Call, party: Party, at: datetime, what: SeatInput) -> None:
        """Close one open talk. Its seat goes on, unless a move keeps it in the call."""
        call.end_talk(party, at)
        if call.state in (CallState.TALKING, CallState.OUTSIDE) and not call.talk_partners:
            is_over = call.move is None and not call.stand.brought
            call.state = CallState.LEAVING if is_over else CallState.HELD
        who = {"seat": party.seat} if party.seat else {"peer": party.peer} if party.peer else {}
        self.journal(call, at, "talk-ended", **who, **({"leg": party.leg} if party.leg else {}))
        seat = self.seats.get(party.seat) if party.seat is not None else None
        if seat is not None and seat.call == call.id and not call.keeps(seat.id):
            self.move_seat(seat, what, at, reason=what.value)

    def finish(self, call: Call, at: datetime) -> None:
        """Let go of a call that is over and owe its draft.

        A call of which part went unseen gets its row and draft from the replay of CEL.
        """
        self.acd.leave(call.id)
        self.end_offer(call, at, SeatInput.WITHDRAWN)
        if call.is_nothing_yet:
            del self.calls[call.id]  # nobody was dialled: no row, and the task stands as it was
            note = WriteJournal(call=call.about or call.id, at=at, what="not-called-back")
            self.out.append(note)
            return
        call.legs.clear()  # whoever a move kept in the call is let go
        self.end_talk(call, at, SeatInput.TALK_OVER)
        self._let_go(call, at)
        call.end_offers()
        call.left_at = call.left_at or at
        del self.calls[call.id]
        if call.meets is not None:
            self.alarm(at, "kept-alone", call.meets)
        record = call.record()
        self.out.append(WriteCall(record=record))
        self.journal(call, call.left_at, "ended", disposition=record.disposition.value)
        if call.is_partial:
            self.out.append(ReplayCel(call=call.id))
        else:
            self.out.append(CompleteDraft(call=call.id))

    def _let_go(self, call: Call, at: datetime) -> None:
        """End the move that the end of the call has overtaken, and what it did to seats."""
        if call.move is not None:
            self.out.append(call.move.show(call.id, call.centre, at, Step.ABANDONED))
            call.move = None
        for one in call.stand.asked:
            self.out.append(replace(one.shown, at=at, step=Step.ABANDONED))
        call.stand.asked.clear()
        was_moved = bool(call.stand.recipients or call.stand.room)
        talks = AgentState.TALKING  # one that was on its way to the room, too
        here = (one for one in self.seats.values() if one.call == call.id)
        for seat in [one for one in here if was_moved or one.state is talks]:
            what = SeatInput.TALK_OVER if seat.state is talks else SeatInput.WITHDRAWN
            self.move_seat(seat, what, at)

    def journal(self, call: Call, at: datetime, what: str, **data: str) -> None:
        """Write one line into the call's journal."""
        self.out.append(
            WriteJournal(call=call.id, at=at, what=what, data=tuple(sorted(data.items())))
        )
