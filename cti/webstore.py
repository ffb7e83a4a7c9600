"""The records as the web edge wants them: ``cti.web.ports.Store`` on a ``CallStore``. Ring 3."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from config.dialled import key
from cti.audited import Audited, AuditWanted
from cti.ids import AgentId, CallId, CentreId
from cti.note import Note
from cti.nuisance import Listing, in_full
from cti.person import Changes, Person
from cti.web.ports import Audit, Change, FollowUpRule, OrdersWanted, Rule
from queues.callback import claim
from queues.followup import FollowUp
from queues.report import Report
from queues.task import Task
from records import (
    articlereports,
    callbacks,
    callerhistory,
    delivering,
    edits,
    followups,
    history,
    linkage,
    messages,
    notes,
    nuisance,
    people,
    topicrows,
)
from records.accounts import Account, Accounts
from records.audits import add_audit, audited
from records.callerpast import CallerPast
from records.callrecord import CallRecord
from records.hottopics import Said
from records.knowledge import ArticleReport
from records.live.clip import clip
from records.orders import Order, OrderFilter, Segment, find
from records.store import CallStore, RecordingFiles
from records.told import Told, with_answer


class WebStore:
    """Holds nothing of its own; as safe for many tasks as the store behind it."""

    def __init__(
        self,
        store: CallStore,
        relist: Callable[[], None] = lambda: None,
        recordings: Path = Path(),
    ) -> None:
        """``relist`` is called when the list of nuisance callers has changed."""
        self._store, self._relist, self._recordings = store, relist, recordings
        self._accounts = Accounts(store.database)

    async def check(self) -> None:
        """Raise what keeps us from SQL now."""
        await self._store.database.check()

    async def account(self, user: AgentId) -> Account | None:
        """The person of that user name."""
        return await self._accounts.account(user)

    async def account_of_token(self, digest: str) -> Account | None:
        """The program of that token."""
        return await self._accounts.account_of_token(digest)

    async def orders(self, wanted: OrdersWanted) -> Sequence[Order]:
        """List orders, newest first."""
        return await self._store.orders(_filter(wanted))

    async def count_orders(self, wanted: OrdersWanted) -> int:
        """Count them, whatever the limit."""
        return await self._store.count_orders(_filter(wanted))

    async def order(self, order: str) -> Order | None:
        """Read one order."""
        return await self._store.order(order)

    async def change_order(self, order: str, change: Change) -> Order | None:
        """Change one order in one transaction; handed in, it is owed to whom it concerns."""
        now, is_owed = datetime.now(UTC), False
        async with self._store.database.writing() as connection:
            changed = await edits.change(connection, order, change, now)
            if changed is not None and changed.draft.status == "submitted":
                known = self._store.has_interface
                is_owed = await linkage.handed_in(connection, changed.draft, known, now)
            if changed is not None:
                takes = self._store.takes_orders
                is_owed |= await delivering.note(connection, changed.draft, takes, now)
        if is_owed:
            self._store.on_owed()
        return changed

    async def call(self, call: CallId) -> CallRecord | None:
        """Read one call."""
        return await self._store.call(call)

    async def calls_about(self, call: CallId) -> Sequence[CallRecord]:
        """The calls out about that call."""
        return await self._store.calls_about(call)

    async def callback_of(self, centre: CentreId, call: CallId) -> Task | None:
        """The call-back task that a call left."""
        async with self._store.database.reading() as connection:
            found = await callbacks.tasks_of(connection, [call])
        return next((task for task in found if task.centre == centre), None)

    async def calls(
        self,
        *,
        centre: CentreId,
        since: datetime | None,
        until: datetime | None,
        limit: int,
        offset: int,
    ) -> Sequence[CallRecord]:
        """List a centre's calls, newest first."""
        return await self._store.calls(
            centre=centre, since=since, until=until, limit=limit, offset=offset
        )

    async def report(self, centre: CentreId, since: datetime, until: datetime, by: str) -> Report:
        """Count a centre's calls."""
        return await history.report(self._store.database, since, until, by=by, centre=centre)

    async def workbook(self, centre: CentreId, since: datetime, until: datetime, by: str) -> bytes:
        """The same as an Excel file, made beside the loop."""
        from records.workbook import workbook  # half a second that a brain's start need not take

        return await asyncio.to_thread(workbook, await self.report(centre, since, until, by))

    async def callbacks(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[Task]:
        """List a centre's call-back tasks, the most urgent first."""
        async with self._store.database.reading() as connection:
            return await callbacks.tasks(
                connection, centre, is_open=is_open, limit=limit, offset=offset
            )

    async def count_callbacks(self, centre: CentreId, now: datetime) -> Mapping[str, int]:
        """Count them by state."""
        async with self._store.database.reading() as connection:
            return await callbacks.count(connection, centre, now)

    async def claim_callback(
        self, centre: CentreId, call: CallId, agent: AgentId, now: datetime
    ) -> Task | None:
        """Give a task to an agent and write it into the audit, in one transaction."""
        async with self._store.database.writing() as connection:
            task = await callbacks.change(
                connection, call, centre, lambda kept: claim(kept, agent, now)
            )
            if task is not None:
                await add_audit(connection, now, centre, agent, "callback-claimed", {"call": call})
            return task

    async def change_callback(self, centre: CentreId, call: CallId, rule: Rule) -> Task | None:
        """Change one task in one transaction."""
        async with self._store.database.writing() as connection:
            return await callbacks.change(connection, call, centre, rule)

    async def report_article(
        self, centre: CentreId, article: str, *, why: str, by: AgentId, now: datetime
    ) -> int:
        """Keep that an agent finds an article outdated; the report's id."""
        async with self._store.database.writing() as connection:
            return await articlereports.add(connection, centre, article, why=why, by=by, now=now)

    async def article_reports(self, centre: CentreId) -> Sequence[ArticleReport]:
        """A centre's open reports, the newest first."""
        async with self._store.database.reading() as connection:
            return await articlereports.open_reports(connection, centre)

    async def count_reports(self, centre: CentreId, articles: Sequence[str]) -> Mapping[str, int]:
        """How many open reports each of those articles has."""
        async with self._store.database.reading() as connection:
            return await articlereports.count(connection, centre, articles)

    async def close_report(self, centre: CentreId, report: int, by: AgentId, now: datetime) -> bool:
        """Close one; False: there is none of that id in the centre."""
        async with self._store.database.writing() as connection:
            return await articlereports.close(connection, centre, report, by, now)

    async def caller_past(
        self, centre: CentreId, ani: str, area_code: str, but: CallId, now: datetime
    ) -> CallerPast:
        """What that centre knows of that number, without that call."""
        listed_as = in_full(key(ani), area_code)
        async with self._store.database.reading() as connection:
            return await callerhistory.caller_past(connection, centre, ani, listed_as, but, now)

    async def take_follow_up(self, fresh: FollowUp) -> FollowUp:
        """Owe a finished order's citizen the question."""
        async with self._store.database.writing() as connection:
            return await followups.take(connection, fresh)

    async def follow_ups_of(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[FollowUp]:
        """List a centre's follow-ups, the most urgent first."""
        async with self._store.database.reading() as connection:
            return await followups.listed(
                connection, centre, is_open=is_open, limit=limit, offset=offset
            )

    async def follow_up(self, centre: CentreId, order: str) -> FollowUp | None:
        """The follow-up of a centre's order."""
        async with self._store.database.reading() as connection:
            return await followups.find(connection, centre, order)

    async def change_follow_up(
        self, centre: CentreId, order: str, rule: FollowUpRule, audit: Audit
    ) -> FollowUp | None:
        """Change one and write it into the audit, in one transaction."""
        who, what, data = audit
        async with self._store.database.writing() as connection:
            task = await followups.change(connection, centre, order, rule)
            if task is not None:
                await add_audit(connection, datetime.now(UTC), centre, who, what, data)
        return task

    async def nuisance_standing(self, now: datetime) -> Sequence[Listing]:
        """Every centre's numbers that are refused now."""
        async with self._store.database.reading() as connection:
            return await nuisance.standing(connection, now)

    async def nuisance(
        self, *, centre: CentreId, is_standing: bool | None, limit: int, offset: int, now: datetime
    ) -> Sequence[tuple[Listing, int]]:
        """List a centre's numbers, each with how often it was refused."""
        async with self._store.database.reading() as connection:
            found = await nuisance.listings(
                connection, centre, now=now, is_standing=is_standing, limit=limit, offset=offset
            )
            blocked = await nuisance.count_blocked(connection, found)
        return [(one, blocked[one.id]) for one in found]

    async def nuisance_calls(
        self, centre: CentreId, *, limit: int, offset: int
    ) -> Sequence[CallRecord]:
        """A centre's refused calls, the latest first."""
        async with self._store.database.reading() as connection:
            return await nuisance.blocked_calls(connection, centre, limit=limit, offset=offset)

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
        """List a number, audit it, and have Asterisk told."""
        async with self._store.database.writing() as connection:
            made = await nuisance.add(
                connection, centre, number, reason=reason, until=until, who=who, now=now
            )
        self._relist()
        return made

    async def remove_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        """Take a number off, audit it, and have Asterisk told."""
        async with self._store.database.writing() as connection:
            found = await nuisance.remove(connection, centre, listing, who, now)
        self._relist()
        return found

    async def reveal_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        """Read a row whose number will be shown whole, and audit it."""
        async with self._store.database.writing() as connection:
            return await nuisance.reveal(connection, centre, listing, who, now)

    async def people(self, centre: CentreId) -> Sequence[Person]:
        """Everybody who may sign in there, blocked ones too."""
        async with self._store.database.reading() as connection:
            return await people.people(connection, centre)

    async def add_person(
        self, person: Person, password_hash: str, who: AgentId, now: datetime
    ) -> Person:
        """Let somebody sign in, audited."""
        async with self._store.database.writing() as connection:
            return await people.add(connection, person, password_hash, who, now)

    async def change_person(
        self, centre: CentreId, user: AgentId, changes: Changes, who: AgentId, now: datetime
    ) -> Person | None:
        """Change somebody of that centre, audited."""
        async with self._store.database.writing() as connection:
            return await people.change(connection, centre, user, changes, who, now)

    async def renew_password(
        self, user: AgentId, was: str, password_hash: str, now: datetime
    ) -> bool:
        """Keep the password that somebody gives themselves, audited."""
        async with self._store.database.writing() as connection:
            return await people.renew_password(connection, user, was, password_hash, now)

    async def add_notes(self, told: Note, to: Collection[AgentId]) -> list[Note]:
        """Keep what agents are told, audited."""
        async with self._store.database.writing() as connection:
            return await notes.add(connection, told, to)

    async def acknowledge_note(
        self, centre: CentreId, note: int, who: AgentId, now: datetime
    ) -> bool:
        """Note that it was read."""
        async with self._store.database.writing() as connection:
            return await notes.acknowledge(connection, centre, note, who, now)

    async def unread_notes(self, centre: CentreId, who: AgentId) -> list[Note]:
        """What was not read."""
        async with self._store.database.reading() as connection:
            return await notes.unread(connection, centre, who)

    async def latest_notes(self, centre: CentreId, limit: int) -> list[Note]:
        """What was told last."""
        async with self._store.database.reading() as connection:
            return await notes.latest(connection, centre, limit)

    async def segments(self, call: CallId) -> Sequence[Segment]:
        """Read a transcript."""
        return await self._store.segments(call)

    async def said_since(self, centre: CentreId, since: datetime) -> list[tuple[Said, str]]:
        """Read what orders are about."""
        async with self._store.database.reading() as connection:
            return await topicrows.said_since(connection, centre, since)

    async def recording(self, call: CallId) -> RecordingFiles | None:
        """Say where a recording is."""
        return await self._store.recording(call)

    async def clip(
        self, call: CallId, *, is_callers: bool, from_s: float, to_s: float
    ) -> bytes | None:
        """A few seconds of one side, as WAV; None: they are not there."""
        where = self._recordings
        return await asyncio.to_thread(
            lambda: clip(where, call, is_callers=is_callers, from_s=from_s, to_s=to_s)
        )

    async def take_told(self, told: Told) -> linkage.Taken:
        """Take in what another house tells, once."""
        async with self._store.database.writing() as connection:
            now = datetime.now(UTC)
            taken = await linkage.take(connection, told, now)
            takes, is_owed = self._store.takes_orders, False
            for order in await find(connection, OrderFilter(call=taken.call)):
                is_owed |= await delivering.note(connection, order.draft, takes, now)
        if is_owed:
            self._store.on_owed()
        return taken

    async def told_case(self, centre: CentreId, line: str, number: str) -> linkage.Taken | None:
        """Read what a house told under that number."""
        async with self._store.database.reading() as connection:
            return await linkage.case(connection, centre, line, number)

    async def answer_message(
        self, centre: CentreId, line: str, house: str, key: str, answer: Mapping[str, str]
    ) -> CallId:
        """Take in what a house says of what we told it, with its words in the order."""
        now = datetime.now(UTC)
        async with self._store.database.writing() as connection:
            call = await messages.answered(connection, centre, line, key, answer, now)
            await linkage.put(
                connection, call, lambda draft: with_answer(draft, line, house, answer), now
            )
        return call

    async def write_audit(
        self, centre: CentreId, who: str, what: str, data: Mapping[str, str]
    ) -> None:
        """Remember who did what."""
        await self._store.write_audit(centre, who, what, data)

    async def audited(self, wanted: AuditWanted) -> tuple[Sequence[Audited], int]:
        """What people did, the newest first."""
        async with self._store.database.reading() as connection:
            return await audited(connection, wanted)


def _filter(wanted: OrdersWanted) -> OrderFilter:
    return OrderFilter(**asdict(wanted))
