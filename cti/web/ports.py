"""What the web edge needs of the others, as Protocols. Fakes stand here and nowhere else."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from cti.audited import Audited, AuditWanted
from cti.ids import AgentId, CallId, CentreId
from cti.note import Note
from cti.nuisance import Listing
from cti.person import Changes, Person
from queues.followup import FollowUp
from queues.report import Report
from queues.task import Task
from records.callrecord import CallRecord
from records.draft import Spoken, WorkOrderDraft
from records.hottopics import Said
from records.knowledge import ArticleReport
from records.told import Told

STORE_FAULTS = (TimeoutError, OSError, OperationalError, InterfaceError, PoolTimeout)
"""What a store raises while its database is away. Anything else is a fault of ours."""


class Account(Protocol):
    """A person who may sign in, or a program with a token."""

    @property
    def user(self) -> AgentId:
        """The user name; a token's own name."""
        ...

    @property
    def name(self) -> str:
        """How people call them."""
        ...

    @property
    def centre(self) -> CentreId:
        """Whose rows they may see."""
        ...

    @property
    def role(self) -> str:
        """A ``Role`` value."""
        ...

    @property
    def password_hash(self) -> str:
        """Argon2; '' for a program."""
        ...


class Accounts(Protocol):
    """Who exists. Blocked people and withdrawn tokens are not found."""

    async def account(self, user: AgentId) -> Account | None:
        """The person with that user name."""
        ...

    async def account_of_token(self, digest: str) -> Account | None:
        """The program whose token has that SHA-256, in hexadecimal."""
        ...


class Checks(Protocol):
    """Something that can say whether it works."""

    async def check(self) -> None:
        """Raise one of ``STORE_FAULTS`` when it does not work now."""
        ...


class Order(Protocol):
    """A work order as kept."""

    @property
    def draft(self) -> WorkOrderDraft:
        """The order itself, numbers whole."""
        ...

    @property
    def is_complete(self) -> bool:
        """Whether the worker has been through it."""
        ...


class Recording(Protocol):
    """Where a call's recording is."""

    @property
    def stereo(self) -> str | None:
        """File name under ``settings.recordings``; None until the worker made it."""
        ...

    @property
    def seconds(self) -> float:
        """How long it is."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersWanted:
    """Which orders to list, newest first. Every given field narrows the list."""

    centre: CentreId
    since: datetime | None = None
    until: datetime | None = None
    caller: str | None = None
    call: CallId | None = None
    status: str | None = None
    limit: int = 50
    offset: int = 0


class Taken(Protocol):
    """What another house told, and where it is kept."""

    @property
    def number(self) -> str:
        """Its number there."""
        ...

    @property
    def call(self) -> CallId:
        """Our call, or the record that was made for it."""
        ...

    @property
    def order(self) -> WorkOrderDraft:
        """Its order as it is now, numbers whole."""
        ...

    @property
    def is_new(self) -> bool:
        """It was not known before."""
        ...


Rule = Callable[[Task], Task]
"""Makes the new call-back task from the kept one. May raise to leave it as it is."""
FollowUpRule = Callable[[FollowUp], FollowUp]
"""Makes the new follow-up from the kept one. May raise to leave it as it is."""
Audit = tuple[str, str, Mapping[str, str]]
"""Who did what, with what: written in the same transaction."""
Change = Callable[[WorkOrderDraft], WorkOrderDraft]
"""Makes the new order from the kept one. May raise to leave it as it is."""


class Store(Accounts, Checks, Protocol):
    """What is kept about calls. Every method is one transaction and may raise ``STORE_FAULTS``."""

    async def orders(self, wanted: OrdersWanted) -> Sequence[Order]:
        """List orders, newest first."""
        ...

    async def count_orders(self, wanted: OrdersWanted) -> int:
        """Count the orders a filter lets through, whatever its limit."""
        ...

    async def order(self, order: str) -> Order | None:
        """Read one order, of any centre."""
        ...

    async def change_order(self, order: str, change: Change) -> Order | None:
        """Read, change and write one order so that nobody writes between; None: no such order."""
        ...

    async def call(self, call: CallId) -> CallRecord | None:
        """Read one call, of any centre."""
        ...

    async def calls_about(self, call: CallId) -> Sequence[CallRecord]:
        """The calls out about that call, in the order they were made."""
        ...

    async def callback_of(self, centre: CentreId, call: CallId) -> Task | None:
        """The call-back task that a call left at that centre, if any."""
        ...

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
        ...

    async def report(self, centre: CentreId, since: datetime, until: datetime, by: str) -> Report:
        """Count a centre's calls. ``by``: a name of ``queues.breakdown.BREAKDOWNS``."""
        ...

    async def workbook(self, centre: CentreId, since: datetime, until: datetime, by: str) -> bytes:
        """The same report as an Excel file."""
        ...

    async def callbacks(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[Task]:
        """List a centre's call-back tasks, the most urgent first; None: open or over."""
        ...

    async def count_callbacks(self, centre: CentreId, now: datetime) -> Mapping[str, int]:
        """How many of a centre's tasks stand in which state now, and how many are ``overdue``."""
        ...

    async def claim_callback(
        self, centre: CentreId, call: CallId, agent: AgentId, now: datetime
    ) -> Task | None:
        """Give a task to an agent by ``queues.callback.claim``; None: no such task there.

        That the agent sees the number is in the audit when this returns, or nothing was claimed.
        """
        ...

    async def change_callback(self, centre: CentreId, call: CallId, rule: Rule) -> Task | None:
        """Change a centre's task so that nobody writes between; None: no such task there."""
        ...

    async def report_article(
        self, centre: CentreId, article: str, *, why: str, by: AgentId, now: datetime
    ) -> int:
        """Keep that an agent finds an article outdated, once for each; the report's id."""
        ...

    async def article_reports(self, centre: CentreId) -> Sequence[ArticleReport]:
        """A centre's open reports, the newest first."""
        ...

    async def count_reports(self, centre: CentreId, articles: Sequence[str]) -> Mapping[str, int]:
        """How many open reports each of those articles has."""
        ...

    async def close_report(self, centre: CentreId, report: int, by: AgentId, now: datetime) -> bool:
        """Close one; False: there is none of that id in the centre."""
        ...

    async def take_follow_up(self, fresh: FollowUp) -> FollowUp:
        """Owe a finished order's citizen the question, by ``queues.followup.handled``."""
        ...

    async def follow_ups_of(
        self, *, centre: CentreId, is_open: bool | None, limit: int, offset: int
    ) -> Sequence[FollowUp]:
        """List a centre's follow-ups, the most urgent first; None: open or over."""
        ...

    async def follow_up(self, centre: CentreId, order: str) -> FollowUp | None:
        """The follow-up of a centre's order."""
        ...

    async def change_follow_up(
        self, centre: CentreId, order: str, rule: FollowUpRule, audit: Audit
    ) -> FollowUp | None:
        """Change one so that nobody writes between, audited; None: no such follow-up there."""
        ...

    async def nuisance(
        self, *, centre: CentreId, is_standing: bool | None, limit: int, offset: int, now: datetime
    ) -> Sequence[tuple[Listing, int]]:
        """List a centre's nuisance callers, the latest first, with how often each was refused."""
        ...

    async def nuisance_calls(
        self, centre: CentreId, *, limit: int, offset: int
    ) -> Sequence[CallRecord]:
        """A centre's refused calls, the latest first."""
        ...

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
        """List a number, audited. Raises ``records.nuisance.AlreadyListed``."""
        ...

    async def remove_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        """Take a number off the list, audited; again changes nothing. None: no such row there."""
        ...

    async def reveal_nuisance(
        self, centre: CentreId, listing: int, who: AgentId, now: datetime
    ) -> Listing | None:
        """Read a row whose number will be shown whole, audited; None: no such row there."""
        ...

    async def people(self, centre: CentreId) -> Sequence[Person]:
        """Everybody who may sign in there, blocked ones too, by user name."""
        ...

    async def add_person(
        self, person: Person, password_hash: str, who: AgentId, now: datetime
    ) -> Person:
        """Let somebody sign in, audited. Raises ``UserTaken``."""
        ...

    async def change_person(
        self, centre: CentreId, user: AgentId, changes: Changes, who: AgentId, now: datetime
    ) -> Person | None:
        """Change somebody of that centre, audited; None: nobody. Raises ``LastAdministrator``."""
        ...

    async def renew_password(
        self, user: AgentId, was: str, password_hash: str, now: datetime
    ) -> bool:
        """Keep the password that somebody gives themselves, audited. False: the hash is not ``was``
        any more, or they are blocked.
        """
        ...

    async def add_notes(self, told: Note, to: Collection[AgentId]) -> list[Note]:
        """Keep what is told once for each of them, audited, in their order."""
        ...

    async def acknowledge_note(
        self, centre: CentreId, note: int, who: AgentId, now: datetime
    ) -> bool:
        """Its recipient has read it; again changes nothing. False: no such note to them."""
        ...

    async def unread_notes(self, centre: CentreId, who: AgentId) -> list[Note]:
        """What that agent was told and has not read, the oldest first."""
        ...

    async def latest_notes(self, centre: CentreId, limit: int) -> list[Note]:
        """What the centre's agents were told last, the newest first."""
        ...

    async def segments(self, call: CallId) -> Sequence[Spoken]:
        """Read a call's transcript in the order it was spoken."""
        ...

    async def said_since(self, centre: CentreId, since: datetime) -> list[tuple[Said, str]]:
        """What the centre's orders since then are about, each with its text."""
        ...

    async def recording(self, call: CallId) -> Recording | None:
        """Say where a call's recording is, if one is known."""
        ...

    async def clip(
        self, call: CallId, *, is_callers: bool, from_s: float, to_s: float
    ) -> bytes | None:
        """A few seconds of one side, as WAV, also of a call that goes on; None: not there."""
        ...

    async def take_told(self, told: Told) -> Taken:
        """Take in what another house tells, once; its order is open when this returns."""
        ...

    async def told_case(self, centre: CentreId, line: str, number: str) -> Taken | None:
        """What a house told under that number, with its order as it is now."""
        ...

    async def answer_message(
        self, centre: CentreId, line: str, house: str, key: str, answer: Mapping[str, str]
    ) -> CallId:
        """Take in what a house says of what we told it; it stands in the order of the call."""
        ...

    async def write_audit(
        self, centre: CentreId, who: str, what: str, data: Mapping[str, str]
    ) -> None:
        """Remember who did what. Never with a caller's number in it."""
        ...

    async def audited(self, wanted: AuditWanted) -> tuple[Sequence[Audited], int]:
        """What people did, the newest first, and how much in all."""
        ...
