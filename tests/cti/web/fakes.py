"""Named fakes at the web edge's ports: a brain and a store that keep everything in memory."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher

from cti.audited import Audited, AuditWanted
from cti.events import (
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    DraftSubmitted,
    Event,
    Reskilled,
)
from cti.ids import AgentId, CallId, CentreId, SeatId
from cti.moveevents import AgentMoves, AgentPresses, AgentSteers, SupervisorJoins, SupervisorTakes
from cti.note import Note
from cti.nuisance import Listing
from cti.outevents import AgentDials
from cti.person import Changes, Person, UserTaken
from cti.ports import Groups
from cti.web.ports import Audit, Change, FollowUpRule, OrdersWanted, Rule
from queues.breakdown import BREAKDOWNS, breakdown
from queues.callback import claim
from queues.figures import callback_figures, figures
from queues.followfigures import FollowUpTally
from queues.followup import OPEN as FOLLOW_UP_OPEN
from queues.followup import FollowUp, handled
from queues.live import LiveBoard
from queues.report import Report
from queues.seat import AgentState, SeatView
from queues.seattimes import SeatTally
from queues.task import OPEN, Task, TaskState
from records.callrecord import CallRecord, Disposition
from records.draft import Spoken, WorkOrderDraft
from records.hottopics import Said
from records.knowledge import ArticleReport
from records.linkage import Taken
from records.messages import MessageUnknown
from records.told import Told, order_of
from transfer.target import Target
from transfer.why import WhyNot

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
CHIFENG = CentreId("chifeng")
PASSWORD = "correct horse 电话"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
HASH = HASHER.hash(PASSWORD)


def seat_view(extension: str, **changes: object) -> SeatView:
    """A signed-out seat of Chifeng with a working phone, changed as said."""
    view = SeatView(
        seat=SeatId(f"chifeng-{extension}"),
        centre=CHIFENG,
        extension=extension,
        agent=None,
        state=AgentState.LOGGED_OUT,
        reason="",
        since=NOON,
        until=None,
        call=None,
        has_phone=True,
    )
    return replace(view, **changes)  # type: ignore[arg-type]  # keyword names are checked by replace


class FakeBrain:
    """Keeps what was submitted, and moves seats at once the way the real one would."""

    def __init__(self) -> None:
        self.submitted: list[Event] = []
        self.seats = {v.seat: v for v in (seat_view("1001"), seat_view("1002"))}
        self.ready = True
        self.keeps_from_dialling = ""
        """Why no citizen would be called out to now."""
        self.keeps_from_pressing = ""
        """Why the telephone beside the page would not be steered now."""
        self.asked_to_dial: list[AgentDials] = []
        self.hinders = ""
        """Why no supervisor's wish would be carried out now."""
        self.refuses: WhyNot | None = None
        """Why no move would be begun now."""
        self.calls: dict[CallId, CentreId] = {}
        self.places: list[Target] = []
        self.board: dict[CentreId, Groups] = {
            CHIFENG: LiveBoard(NOON).live(CHIFENG, NOON, [], self.seats.values())
        }

    def submit(self, event: Event) -> None:
        self.submitted.append(event)
        match event:
            case AgentSignedIn():
                self._set(event.seat, agent=event.agent, state=AgentState.NOT_READY)
            case AgentReady():
                self._set(event.seat, state=AgentState.AVAILABLE, reason="")
            case AgentNotReady():
                self._set(event.seat, state=AgentState.NOT_READY, reason=event.reason)
            case AgentSignedOut():
                self._set(event.seat, agent=None, state=AgentState.LOGGED_OUT)
            case Reskilled():
                skills = tuple(sorted((event.skills or {}).items()))
                self._set(event.seat, skills=skills, is_reskilled=event.skills is not None)
            case AgentDials():
                self._set(event.seat, state=AgentState.OFFERED, call=event.call)
            case (
                AgentMoves()
                | AgentPresses()
                | AgentSteers()
                | SupervisorJoins()
                | SupervisorTakes()
            ):
                pass  # the test says what comes of it, by the hub
            case DraftSubmitted():
                for view in self.seats.values():
                    if view.wraps_up == event.call:
                        self._set(view.seat, state=AgentState.AVAILABLE, wraps_up=None)
            case _:
                raise AssertionError(f"the web edge has no business with {event}")

    def _set(self, seat: SeatId, **changes: object) -> None:
        self.seats[seat] = replace(self.seats[seat], **changes)  # type: ignore[arg-type]  # as above

    def agents_at(self, call: CallId) -> frozenset[AgentId]:
        seats = self.seats.values()
        return frozenset(v.agent for v in seats if v.agent and call in (v.call, v.wraps_up))

    def seat_of(self, agent: AgentId) -> SeatView | None:
        return next((v for v in self.seats.values() if v.agent == agent), None)

    def seat(self, seat: SeatId) -> SeatView | None:
        return self.seats.get(seat)

    def live(self, centre: CentreId) -> Groups:
        return self.board[centre]

    def centre_of(self, call: CallId) -> CentreId | None:
        return self.calls.get(call)

    def targets(self, centre: CentreId) -> Mapping[str, Target]:
        return {target.id: target for target in self.places} if centre == CHIFENG else {}

    def why_not_supervise(self, event: SupervisorJoins | SupervisorTakes) -> str:
        return self.hinders

    def why_not_dial(self, event: AgentDials) -> str:
        self.asked_to_dial.append(event)
        return self.keeps_from_dialling

    def why_not_press(self, event: AgentPresses) -> str:
        return self.keeps_from_pressing

    def why_not_move(self, event: AgentMoves) -> WhyNot | None:
        return self.refuses

    def is_ready(self) -> bool:
        return self.ready

    def figures(self) -> Mapping[str, float]:
        return {"calls_waiting": 2.0, "calls_talking": 1.0, "seats_available": 0.0}


@dataclass(frozen=True, kw_only=True)
class FakeAccount:
    """A person or a program."""

    user: AgentId
    name: str
    centre: CentreId
    role: str
    password_hash: str = HASH


@dataclass(frozen=True, kw_only=True)
class FakeOrder:
    draft: WorkOrderDraft
    is_complete: bool = True


@dataclass(frozen=True, kw_only=True)
class FakeRecording:
    stereo: str | None
    seconds: float


@dataclass
class FakeStore:
    """Everything in dictionaries. ``is_away`` makes it fail as a database that is away does."""

    accounts: dict[str, FakeAccount] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, FakeAccount] = field(default_factory=dict)
    kept_orders: dict[str, WorkOrderDraft] = field(default_factory=dict)
    kept_calls: dict[str, CallRecord] = field(default_factory=dict)
    tasks: dict[CallId, Task] = field(default_factory=dict)
    follow_ups: dict[str, FollowUp] = field(default_factory=dict)
    spoken: dict[str, Sequence[Spoken]] = field(default_factory=dict)
    said: dict[str, list[tuple[Said, str]]] = field(default_factory=dict)
    recordings: dict[str, FakeRecording] = field(default_factory=dict)
    reports: list[tuple[CentreId, ArticleReport]] = field(default_factory=list)
    cannot_count: bool = False
    is_renewed_meanwhile: bool = False
    """Somebody else is just faster with another password."""
    clips: dict[tuple[str, bool], bytes] = field(default_factory=dict)
    audit: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    audited_centres: list[CentreId] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    blocked: dict[int, int] = field(default_factory=dict)
    told: dict[tuple[str, str], Told] = field(default_factory=dict)
    is_away: bool = False
    keeps_audit: bool = True
    hangs: bool = False
    """It takes questions about people and never answers."""

    def add(self, user: str, role: str, centre: CentreId = CHIFENG) -> str:
        """Add a person and a token of the same name and rights; returns the token."""
        account = FakeAccount(user=AgentId(user), name=f"{user}先生", centre=centre, role=role)
        self.accounts[user] = account
        token = f"token-of-{user}"
        self.tokens[hashlib.sha256(token.encode()).hexdigest()] = account
        return token

    def _reach(self) -> None:
        if self.is_away:
            raise TimeoutError("the database is away")

    async def check(self) -> None:
        self._reach()

    async def account(self, user: AgentId) -> FakeAccount | None:
        self._reach()
        if self.hangs:
            await asyncio.Event().wait()
        return self.accounts.get(user)

    async def account_of_token(self, digest: str) -> FakeAccount | None:
        self._reach()
        return self.tokens.get(digest)

    async def orders(self, wanted: OrdersWanted) -> Sequence[FakeOrder]:
        found = self._found(wanted)[wanted.offset : wanted.offset + wanted.limit]
        return [FakeOrder(draft=draft) for draft in found]

    async def count_orders(self, wanted: OrdersWanted) -> int:
        return len(self._found(wanted))

    def _found(self, wanted: OrdersWanted) -> list[WorkOrderDraft]:
        self._reach()
        found = [
            draft
            for draft in self.kept_orders.values()
            if draft.centre == wanted.centre
            and (wanted.call is None or draft.call_id == wanted.call)
            and (wanted.status is None or draft.status == wanted.status)
            and (wanted.caller is None or draft.caller.number == wanted.caller)
            and (wanted.since is None or draft.received_at >= wanted.since)
            and (wanted.until is None or draft.received_at < wanted.until)
        ]
        return sorted(found, key=lambda draft: draft.received_at, reverse=True)

    async def order(self, order: str) -> FakeOrder | None:
        self._reach()
        draft = self.kept_orders.get(order)
        return FakeOrder(draft=draft) if draft else None

    async def change_order(self, order: str, change: Change) -> FakeOrder | None:
        self._reach()
        draft = self.kept_orders.get(order)
        if draft is None:
            return None
        self.kept_orders[order] = change(draft)
        return FakeOrder(draft=self.kept_orders[order])

    async def call(self, call: CallId) -> CallRecord | None:
        self._reach()
        return self.kept_calls.get(call)

    async def calls_about(self, call: CallId) -> Sequence[CallRecord]:
        self._reach()
        found = [one for one in self.kept_calls.values() if one.about == call]
        return sorted(found, key=lambda one: one.arrived_at)

    async def callback_of(self, centre: CentreId, call: CallId) -> Task | None:
        self._reach()
        task = self.tasks.get(call)
        return task if task is not None and task.centre == centre else None

    async def calls(
        self,
        *,
        centre: CentreId,
        since: datetime | None,
        until: datetime | None,
        limit: int,
        offset: int,
    ) -> Sequence[CallRecord]:
        self._reach()
        found = [
            record
            for record in self.kept_calls.values()
            if record.centre == centre
            and (since is None or record.arrived_at >= since)
            and (until is None or record.arrived_at < until)
        ]
        return found[offset : offset + limit]

    async def report(self, centre: CentreId, since: datetime, until: datetime, by: str) -> Report:
        found = await self.calls(centre=centre, since=since, until=until, limit=1000, offset=0)
        rows = breakdown(found, BREAKDOWNS[by])
        return Report(
            since=since,
            until=until,
            by=by,
            whole=figures(found),
            rows=rows,
            worst_24_h=None,
            callbacks=callback_figures(self.tasks.values(), until),
            follow_ups=FollowUpTally(until).figures(),
            seats=SeatTally().figures(),
            seat_rows={},
        )

    async def workbook(self, centre: CentreId, since: datetime, until: datetime, by: str) -> bytes:
        return repr(await self.report(centre, since, until, by)).encode()

    async def callbacks(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[Task]:
        self._reach()
        found = [
            task
            for task in self.tasks.values()
            if task.centre == centre and is_open in (None, task.state in OPEN)
        ]
        return sorted(found, key=lambda task: task.due_at)[offset : offset + limit]

    async def count_callbacks(self, centre: CentreId, now: datetime) -> Mapping[str, int]:
        self._reach()
        mine = [task for task in self.tasks.values() if task.centre == centre]
        counts = {s.value: sum(t.stands(now) is s for t in mine) for s in TaskState}
        return counts | {"overdue": sum(task.is_overdue(now) for task in mine)}

    async def claim_callback(
        self, centre: CentreId, call: CallId, agent: AgentId, now: datetime
    ) -> Task | None:
        found = await self.change_callback(centre, call, lambda task: claim(task, agent, now))
        if found is not None:
            await self.write_audit(centre, agent, "callback-claimed", {"call": call})
        return found

    async def change_callback(self, centre: CentreId, call: CallId, rule: Rule) -> Task | None:
        self._reach()
        task = self.tasks.get(call)
        if task is None or task.centre != centre:
            return None
        self.tasks[call] = rule(task)
        return self.tasks[call]

    async def report_article(
        self, centre: CentreId, article: str, *, why: str, by: AgentId, now: datetime
    ) -> int:
        self._reach()
        made = ArticleReport(id=len(self.reports) + 1, article=article, why=why, by=by, at=now)
        self.reports.append((centre, made))
        return made.id

    async def article_reports(self, centre: CentreId) -> Sequence[ArticleReport]:
        self._reach()
        return [one for where, one in self.reports if where == centre]

    async def count_reports(self, centre: CentreId, articles: Sequence[str]) -> Mapping[str, int]:
        if self.cannot_count:
            raise TimeoutError("the database went away")
        return Counter(one.article for where, one in self.reports if where == centre)

    async def close_report(self, centre: CentreId, report: int, by: AgentId, now: datetime) -> bool:
        self._reach()
        kept = [(where, one) for where, one in self.reports if (where, one.id) != (centre, report)]
        is_known = len(kept) < len(self.reports)
        self.reports[:] = kept
        return is_known

    async def take_follow_up(self, fresh: FollowUp) -> FollowUp:
        self._reach()
        self.follow_ups[fresh.order] = handled(self.follow_ups.get(fresh.order), fresh)
        return self.follow_ups[fresh.order]

    async def follow_ups_of(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[FollowUp]:
        self._reach()
        found = [
            one
            for one in self.follow_ups.values()
            if one.centre == centre and is_open in (None, one.state in FOLLOW_UP_OPEN)
        ]
        return sorted(found, key=lambda one: one.due_at)[offset : offset + limit]

    async def follow_up(self, centre: CentreId, order: str) -> FollowUp | None:
        self._reach()
        found = self.follow_ups.get(order)
        return found if found is not None and found.centre == centre else None

    async def change_follow_up(
        self, centre: CentreId, order: str, rule: FollowUpRule, audit: Audit
    ) -> FollowUp | None:
        found = await self.follow_up(centre, order)
        if found is None:
            return None
        self.follow_ups[order] = rule(found)
        who, what, data = audit
        await self.write_audit(centre, who, what, data)
        return self.follow_ups[order]

    async def nuisance(
        self, *, centre: CentreId, is_standing: bool | None, limit: int, offset: int, now: datetime
    ) -> Sequence[tuple[Listing, int]]:
        self._reach()
        found = [
            (one, self.blocked.get(one.id, 0))
            for one in self.listings
            if one.centre == centre and is_standing in (None, one.stands(now))
        ]
        return found[offset : offset + limit]

    async def nuisance_calls(
        self, centre: CentreId, *, limit: int, offset: int
    ) -> Sequence[CallRecord]:
        self._reach()
        found = [
            one
            for one in self.kept_calls.values()
            if one.centre == centre and one.disposition is Disposition.BLOCKED
        ]
        return found[offset : offset + limit]

    async def add_nuisance(
        self,
        centre: CentreId,
        number: str,
        *,
        reason: str,
        until: datetime,
        who: AgentId,
        now: datetime,
    ) -> Listing:
        self._reach()
        self.listings.append(
            Listing(
                id=len(self.listings) + 1,
                centre=centre,
                number=number,
                reason=reason,
                added_by=who,
                added_at=now,
                until=until,
            )
        )
        return self.listings[-1]

    async def remove_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        for place, one in enumerate(self.listings):
            if (one.id, one.centre) == (listing, centre):
                self.listings[place] = replace(one, removed_by=who, removed_at=now)
                return self.listings[place]
        return None

    async def reveal_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        found = [one for one in self.listings if (one.id, one.centre) == (listing, centre)]
        if found:
            await self.write_audit(centre, who, "nuisance-revealed", {"id": str(listing)})
        return next(iter(found), None)

    async def people(self, centre: CentreId) -> Sequence[Person]:
        self._reach()
        return sorted(
            (p for p in self.persons.values() if p.centre == centre), key=lambda p: p.user
        )

    async def add_person(
        self, person: Person, password_hash: str, who: AgentId, now: datetime
    ) -> Person:
        if person.user in self.persons:
            raise UserTaken("the name is somebody's")
        await self.write_audit(person.centre, who, "user-added", {"user": person.user})
        self.hashes[person.user] = password_hash
        return self.persons.setdefault(person.user, person)

    async def change_person(
        self, centre: CentreId, user: AgentId, changes: Changes, who: AgentId, now: datetime
    ) -> Person | None:
        found = self.persons.get(user)
        if found is None or found.centre != centre:
            return None
        self.hashes[user] = str(changes.get("password", self.hashes.get(user, "")))
        known = {name: value for name, value in changes.items() if name != "password"}
        self.persons[user] = replace(found, **known)  # type: ignore[arg-type]  # a fake trusts
        return self.persons[user]

    async def renew_password(
        self, user: AgentId, was: str, password_hash: str, now: datetime
    ) -> bool:
        self._reach()
        found = self.accounts.get(user)
        if found is None or found.password_hash != was or self.is_renewed_meanwhile:
            return False
        self.accounts[user] = replace(found, password_hash=password_hash)
        await self.write_audit(found.centre, user, "own-password-changed", {"user": user})
        return True

    async def add_notes(self, told: Note, to: Collection[AgentId]) -> list[Note]:
        await self.write_audit(told.centre, told.sender, "note-sent", {"to": "、".join(to)})
        made = [
            replace(told, id=n, to=agent) for n, agent in enumerate(to, start=len(self.notes) + 1)
        ]
        self.notes += made
        return made

    async def acknowledge_note(
        self, centre: CentreId, note: int, who: AgentId, now: datetime
    ) -> bool:
        for place, one in enumerate(self.notes):
            if (one.id, one.centre, one.to) == (note, centre, who):
                self.notes[place] = replace(one, read_at=one.read_at or now)
                return True
        return False

    async def unread_notes(self, centre: CentreId, who: AgentId) -> list[Note]:
        return [n for n in self.notes if (n.centre, n.to, n.read_at) == (centre, who, None)]

    async def latest_notes(self, centre: CentreId, limit: int) -> list[Note]:
        return [n for n in reversed(self.notes) if n.centre == centre][:limit]

    async def segments(self, call: CallId) -> Sequence[Spoken]:
        return self.spoken.get(call, ())

    async def said_since(self, centre: CentreId, since: datetime) -> list[tuple[Said, str]]:
        return self.said.get(centre, [])

    async def recording(self, call: CallId) -> FakeRecording | None:
        return self.recordings.get(call)

    async def clip(
        self, call: CallId, *, is_callers: bool, from_s: float, to_s: float
    ) -> bytes | None:
        self._reach()
        return self.clips.get((call, is_callers))

    async def take_told(self, told: Told) -> Taken:
        self._reach()
        is_new = (told.line, told.number) not in self.told
        self.told.setdefault((told.line, told.number), told)
        return Taken(number=told.number, call=told.told_call, order=order_of(told), is_new=is_new)

    async def told_case(self, centre: CentreId, line: str, number: str) -> Taken | None:
        found = self.told.get((line, number))
        return None if found is None else replace(await self.take_told(found), is_new=False)

    async def answer_message(
        self, centre: CentreId, line: str, house: str, key: str, answer: Mapping[str, str]
    ) -> CallId:
        raise MessageUnknown("nothing was told")

    async def write_audit(
        self, centre: CentreId, who: str, what: str, data: Mapping[str, str]
    ) -> None:
        if not self.keeps_audit:
            raise TimeoutError("the database is away")
        self.audit.append((who, what, dict(data)))
        self.audited_centres.append(centre)

    async def audited(self, wanted: AuditWanted) -> tuple[list[Audited], int]:
        done = zip(self.audit, self.audited_centres, strict=True)
        found = [
            Audited(at=NOON + timedelta(minutes=n), who=who, data=data)
            for n, ((who, what, data), centre) in enumerate(done)
            if (what, centre) == (wanted.what, wanted.centre)
        ][::-1]
        return found[wanted.offset :][: wanted.limit], len(found)
