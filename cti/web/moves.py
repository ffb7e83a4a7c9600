"""Moves over HTTP: an agent has a call taken to somebody, presses the keys, a supervisor joins.

Nothing here waits for a database, a mirror or another machine: an emergency key works while they
are away. What becomes of a wish is told to the desks (``cti.web.moveboard``).
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from config.ledger import EMERGENCY
from cti.errors import NotSignedIn
from cti.ids import CallId, CentreId, MoveId, SeatId
from cti.moveevents import AgentMoves, AgentSteers
from cti.ports import Brain
from cti.web.calls import CALL
from cti.web.desk import DeskHub
from cti.web.endpoint import DOERS, SEATED, Ask, Endpoint, Identity
from cti.web.errors import Refused
from queues.seat import AgentState
from transfer.step import KEYS, Kind
from transfer.target import Target, TargetKind
from transfer.why import WhyNot

MOVE: Final = "{move:[A-Za-z0-9-]{8,64}}"
KEY: Final = "{key:[a-z-]{1,16}}"
NO_SEAT: Final = SeatId("")
"""Of who asks for an emergency line from no seat. It is never anybody's."""
REFUSED: Final[Mapping[WhyNot, str]] = {
    WhyNot.NO_CALL: "call-unknown",
    WhyNot.NO_CALLER: "caller-gone",
    WhyNot.NO_LINK: "switch-away",
    WhyNot.NO_TARGET: "target-unknown",
    WhyNot.NO_EMERGENCY: "not-an-emergency",
    WhyNot.OTHER_WAY: "target-other-way",
    WhyNot.UNDER_WAY: "move-under-way",
    WhyNot.ALREADY: "emergency-under-way",
    WhyNot.NOT_YOURS: "not-on-call",
    WhyNot.IS_YOU: "target-is-you",
    WhyNot.LOOP: "target-was-there",
    WhyNot.CLOSED: "target-closed",
    WhyNot.ONLY_TOLD: "target-told-only",
    WhyNot.BUSY: "target-busy",
}
"""What the brain would not begin is refused at once, for the same reason."""
TELLS: Final = frozenset({WhyNot.LOOP, WhyNot.CLOSED, WhyNot.ONLY_TOLD, WhyNot.BUSY})
"""Refusals after which the caller can be told the number, if there is one."""
_NUMBER: Final = re.compile(r"\+?[0-9]{3,16}", re.ASCII)
_BETWEEN: Final = re.compile(r"[\s()（）-]+")


class MoveWanted(BaseModel):
    """To whom a call is to be taken, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    move: str = Field(
        pattern=r"^[A-Za-z0-9-]{8,64}$",
        description="由请求方取的编号；同一编号重复提交只转接一次，没有收到答复可以照样再试",
    )
    kind: Kind
    target: str = Field(default="", max_length=128, description="转接目标；自行输入号码时不写")
    number: str = Field(default="", max_length=40, description="自行输入的号码，没有目标时才看")


class MoveTaken(BaseModel):
    """The wish was taken. What becomes of it the desk's ``move`` deltas say."""

    call_id: str
    move: str


class Moves:
    """Serves ``/api/v1/calls/{call}/moves``."""

    def __init__(self, hub: DeskHub, brain: Brain) -> None:
        self._hub, self._brain = hub, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Begin, and press a key."""
        path = f"/api/v1/calls/{CALL}/moves"
        return (
            Endpoint(
                method="POST",
                path=path,
                does="转接本座席正在通话的来电；紧急电话任何人、任何时候、等候中的来电也可以。",
                roles=DOERS,
                handler=self.begin,
                body=MoveWanted,
                answer=MoveTaken,
                status=202,
                is_urgent=True,
                refusals=(
                    *REFUSED.values(),
                    *("not-signed-in", "number-refused", "number-not-allowed", "not-your-move"),
                ),
            ),
            Endpoint(
                method="POST",
                path=f"{path}/{MOVE}/{KEY}",
                does="正在进行的转接：三方（join）、完成（complete）、切换（swap）、单独（part）、取消（cancel）。",
                roles=DOERS,
                handler=self.steer,
                answer=MoveTaken,
                status=202,
                is_urgent=True,
                refusals=(
                    *("not-found", "move-unknown", "not-your-move"),
                    *("move-key-refused", "switch-away"),
                ),
            ),
        )

    async def begin(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Have a call moved. Asked again under the same id, it is moved once."""
        who, wanted, now = ask.identity, ask.body, datetime.now(UTC)
        call, move = CallId(request.match_info["call"]), MoveId(wanted.move)
        if not self._brain.is_ready():
            raise Refused("switch-away")
        target, number = self._wanted(call, wanted)
        is_emergency = number in EMERGENCY if target is None else _is_emergency(target)
        seat = self._seat_for(who, call, is_urgent=is_emergency)
        if target is None and not is_emergency:
            self._may_type(who, call)
        if self._hub.moves.asker(move) not in (None, who.user):
            raise Refused("not-your-move")
        wish = AgentMoves(
            at=now,
            seat=seat,
            agent=who.user,
            call=call,
            move=move,
            kind=wanted.kind,
            target=target.id if target is not None else "",
            number=number if target is None else "",
        )
        if why := self._brain.why_not_move(wish):
            raise self._refused(why, call, target, now)
        self._hub.moves.ask(move, who.user)
        self._brain.submit(wish)
        return _taken(call, move)

    def _refused(self, why: WhyNot, call: CallId, target: Target | None, now: datetime) -> Refused:
        """With what whoever asked can do instead."""
        details: dict[str, object] = {}
        if why is WhyNot.UNDER_WAY and (standing := self._hub.moves.under_way(call)) is not None:
            details["move"] = standing.wish.move
        if target is not None and why is WhyNot.OTHER_WAY:
            details["ways"] = [way.value for way in target.ways]
        if target is not None and why is WhyNot.CLOSED:
            opens = target.opens_at(now)
            details["opens_at"] = opens.isoformat() if opens else None
        if target is not None and target.number and why in TELLS:
            details["number"] = target.number
        refused = Refused(REFUSED[why])
        refused.details = details
        return refused

    async def steer(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Press a key of a move under way."""
        who, said = ask.identity, request.match_info
        call, move = CallId(said["call"]), MoveId(said["move"])
        key = next((key for key in KEYS if key.value == said["key"]), None)
        if key is None:
            raise Refused("not-found")
        if not self._brain.is_ready():
            raise Refused("switch-away")
        standing = self._hub.moves.find(move)
        if standing is None:  # asked for a moment ago: the brain takes wishes in their order
            self._must_have_asked(move, who)
        elif standing.wish.call != call:
            raise Refused("move-unknown")
        elif not standing.is_of(who.user):
            raise Refused("not-your-move")
        elif key not in standing.keys:
            raise Refused("move-key-refused", step=standing.wish.step.value)
        view = self._brain.seat_of(who.user)
        self._brain.submit(
            AgentSteers(
                at=datetime.now(UTC),
                seat=view.seat if view is not None else NO_SEAT,
                agent=who.user,
                call=call,
                move=move,
                key=key,
            )
        )
        return _taken(call, move)

    def _must_have_asked(self, move: MoveId, who: Identity) -> None:
        asker = self._hub.moves.asker(move)
        if asker != who.user:
            raise Refused("not-your-move" if asker is not None else "move-unknown")

    def _wanted(self, call: CallId, wanted: MoveWanted) -> tuple[Target | None, str]:
        """The target, or None and the number typed. A number of an emergency line is that line."""
        centre = self._brain.centre_of(call)
        if centre is None:
            raise Refused("call-unknown")
        targets = self._brain.targets(centre)
        if wanted.target:
            found = targets.get(wanted.target)
            if found is None:
                raise Refused("target-unknown")
            return found, ""
        number = _BETWEEN.sub("", wanted.number)
        if not _NUMBER.fullmatch(number):
            raise Refused("number-refused")
        if urgent := self._hub.platform.emergency(centre, number):
            lines = (target for target in targets.values() if _is_emergency(target))
            return next((line for line in lines if line.number == urgent), None), urgent
        if self._hub.platform.answers(centre, number):  # it would come round as a new call
            raise Refused("number-refused")
        return None, number

    def _seat_for(self, who: Identity, call: CallId, *, is_urgent: bool) -> SeatId:
        """The seat that asks. It talks with the caller; for an emergency it need not."""
        view = self._brain.seat_of(who.user)
        if view is not None and view.call == call:
            if view.state is AgentState.TALKING or is_urgent:
                return view.seat
        elif not self._may_know(call, who.centre):
            raise Refused("call-unknown")
        if is_urgent:
            return view.seat if view is not None else NO_SEAT
        if who.role not in SEATED:
            raise Refused("role-refused")
        if view is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        raise Refused("not-on-call")

    def _may_know(self, call: CallId, centre: CentreId) -> bool:
        return self._brain.centre_of(call) == centre

    def _may_type(self, who: Identity, call: CallId) -> None:
        if who.role.value not in self._typists(self._brain.centre_of(call)):
            raise Refused("number-not-allowed")

    def _typists(self, centre: CentreId | None) -> tuple[str, ...]:
        """Which roles may have that centre's callers moved, over its carrier, to any number."""
        profiles = (one for one in self._hub.platform if one.centre == centre)
        return next((one.typed_numbers for one in profiles), ())


def _is_emergency(target: Target) -> bool:
    return target.kind is TargetKind.EMERGENCY


def _taken(call: CallId, move: MoveId) -> web.Response:
    answer: dict[str, Any] = MoveTaken(call_id=call, move=move).model_dump()
    return web.json_response(answer, status=202)
