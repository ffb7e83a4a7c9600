"""Work that takes longer than a request may: one at a time, in a thread, with progress to look at.

The thread is a daemon: a brain that stops does not wait for it. What it does may be cut off at
any step (``config.apply``), and the next start finds the old city or the new one.
"""

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import structlog
from aiohttp import web
from pydantic import BaseModel

from config.ledgerview import RevisionShown, Tell
from cti.web.errors import Refused, answer_of, error_answer, error_body, told_of

WAIT_S: Final = 25.0
"""How long an answer is held back for work that may be done by then."""
KEPT: Final = 100
STEPS: Final = 50

log = structlog.get_logger()


class StepTold(BaseModel):
    """How far one step of the work is."""

    what: str
    done: int
    total: int


class OperationShown(BaseModel):
    """A piece of work under way, or over."""

    id: str
    kind: str
    state: str
    """running | done | refused"""
    who: str
    began_at: datetime
    steps: list[StepTold]
    revision: RevisionShown | None
    """What it made, when it is done."""
    error: dict[str, object] | None
    """As in ``error`` of every refusal, when it was refused."""


@dataclass(slots=True, eq=False)
class Operation:
    """One piece of work. Its fields are changed in the loop only."""

    id: str
    kind: str
    who: str
    began_at: datetime
    over: asyncio.Event = field(default_factory=asyncio.Event)
    steps: dict[str, StepTold] = field(default_factory=dict)
    revision: RevisionShown | None = None
    refused: Exception | None = None

    def told(self, what: str, done: int, total: int) -> None:
        """Note how far it is."""
        if what in self.steps or len(self.steps) < STEPS:
            self.steps[what] = StepTold(what=what, done=done, total=total)

    def ended(self, revision: RevisionShown | None, refused: Exception | None) -> None:
        """Note how it ended, and wake whoever waits."""
        self.revision, self.refused = revision, refused
        self.over.set()

    def shown(self) -> OperationShown:
        """As it stands now."""
        state = "refused" if self.refused else "done" if self.over.is_set() else "running"
        return OperationShown(
            id=self.id,
            kind=self.kind,
            state=state,
            who=self.who,
            began_at=self.began_at,
            steps=list(self.steps.values()),
            revision=self.revision,
            error=_error(self.refused),
        )


class Operations:
    """Starts work and keeps what became of the last ``KEPT``."""

    def __init__(self, wait_s: float = WAIT_S) -> None:
        self._wait_s = wait_s
        self._kept: OrderedDict[str, Operation] = OrderedDict()

    def start(self, kind: str, who: str, work: Callable[[Tell], RevisionShown]) -> Operation:
        """Begin. Raises ``Refused`` while another one is under way: it names that one."""
        running = next((one for one in self._kept.values() if not one.over.is_set()), None)
        if running is not None:
            raise Refused("operation-under-way", operation=running.id, who=running.who)
        operation = Operation(secrets.token_hex(8), kind, who, datetime.now(UTC))
        self._kept[operation.id] = operation
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        loop = asyncio.get_running_loop()

        def safely(what: Callable[..., None], *told: object) -> None:
            if not loop.is_closed():  # a brain that stopped has nobody to tell
                loop.call_soon_threadsafe(what, *told)

        def run() -> None:
            try:
                made = work(lambda what, done, total: safely(operation.told, what, done, total))
            except Exception as error:  # noqa: BLE001 - told to whoever asks, below
                safely(operation.ended, None, error)
            else:
                safely(operation.ended, made, None)

        threading.Thread(target=run, name=f"{kind}-{operation.id}", daemon=True).start()
        return operation

    def find(self, id: str) -> Operation:
        """The work of that id, or ``Refused``."""
        if id not in self._kept:
            raise Refused("operation-unknown")
        return self._kept[id]

    async def answer(self, operation: Operation) -> web.StreamResponse:
        """What it made, or its refusal; 202 and where to ask when it is not over in time."""
        try:
            async with asyncio.timeout(self._wait_s):
                await operation.over.wait()
        except TimeoutError:
            where = f"/api/v1/numbers/operations/{operation.id}"
            told = operation.shown().model_dump(mode="json")
            return web.json_response(told, status=202, headers={"Location": where})
        if operation.refused is not None:
            return _answer(operation.refused, operation)
        return web.json_response(operation.shown().model_dump(mode="json"))


def _answer(refused: Exception, operation: Operation) -> web.StreamResponse:
    answer = answer_of(refused)
    if answer is not None:
        return answer
    log.error("operation failed", kind=operation.kind, exc_info=refused)
    return error_answer("internal-error", {"operation": operation.id})


def _error(refused: Exception | None) -> dict[str, object] | None:
    if refused is None:
        return None
    told = told_of(refused) or ("internal-error", {})
    error: dict[str, object] = error_body(*told)["error"]
    return error
