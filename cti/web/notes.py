"""What supervisors tell agents: one of the centre or all who sit there; kept until it is read."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cti.ids import AgentId
from cti.note import Note
from cti.ports import Brain
from cti.web import wire
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.ports import Store

PATH: Final = "/api/v1/notes"
NOTE: Final = "{note:[^/]+}"
WATCHERS: Final = frozenset({Role.SUPERVISOR})
LONGEST: Final = 200
SHOWN: Final = 50


class NoteWanted(BaseModel):
    """What to tell, and whom: an agent who sits in the centre, or null: all who do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to: str | None = Field(max_length=64)
    text: str = Field(min_length=1, max_length=LONGEST, pattern=r"\S")


class NoteSent(BaseModel):
    """To how many."""

    sent: int


class NoteShown(BaseModel):
    """One note to one agent."""

    id: int
    sender: str
    to: str
    text: str
    at: AwareDatetime
    read_at: AwareDatetime | None


class NotesShown(BaseModel):
    """Some notes."""

    items: list[NoteShown]


class Acknowledged(BaseModel):
    """It is read."""

    id: int


class Notes:
    """Serves ``/api/v1/notes``."""

    def __init__(self, store: Store, hub: DeskHub, brain: Brain) -> None:
        self._store, self._hub, self._brain = store, hub, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Tell, see who has read, read."""
        return (
            Endpoint(
                method="POST",
                path=PATH,
                does="班长给一位在座话务员或全体在座话务员发消息，对方确认已读前一直显示；留痕。",
                roles=WATCHERS,
                handler=self.tell,
                body=NoteWanted,
                answer=NoteSent,
                status=201,
                refusals=("agent-away", "nobody-seated"),
            ),
            Endpoint(
                method="GET",
                path=PATH,
                does="本中心最近的消息，以及各人何时已读。",
                roles=WATCHERS,
                handler=self.latest,
                answer=NotesShown,
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/unread",
                does="发给本人而尚未确认的消息，先发的在前。",
                roles=SEATED,
                handler=self.unread,
                answer=NotesShown,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{NOTE}/read",
                does="确认一条发给本人的消息已读；再次确认不变。",
                roles=SEATED,
                handler=self.read,
                answer=Acknowledged,
                refusals=("note-unknown",),
            ),
        )

    async def tell(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Keep it, then show it."""
        who, wish = ask.identity, ask.body
        to = self._seated(who)
        if wish.to is not None:
            to = [agent for agent in to if agent == wish.to]
        if not to:
            raise Refused("nobody-seated" if wish.to is None else "agent-away")
        text = " ".join("".join(c if c.isprintable() else " " for c in wish.text).split())
        told = Note(
            id=0,
            centre=who.centre,
            sender=who.user,
            sender_name=who.name,
            to=to[0],
            text=text,
            sent_at=datetime.now(UTC),
        )
        made = await self._store.add_notes(told, to)
        for note in made:
            self._hub.show_note(note.to, {"type": "note", "note": note_shown(note)})
        return web.json_response(NoteSent(sent=len(made)).model_dump(), status=201)

    async def latest(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The newest first."""
        return _answer(await self._store.latest_notes(ask.identity.centre, SHOWN))

    async def unread(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """One's own."""
        who = ask.identity
        return _answer(await self._store.unread_notes(who.centre, who.user))

    async def read(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take it from all desks of the reader."""
        who, written = ask.identity, request.match_info["note"]
        if not re.fullmatch(r"[0-9]{1,18}", written, re.ASCII):
            raise Refused("note-unknown")
        note, now = int(written), datetime.now(UTC)
        if not await self._store.acknowledge_note(who.centre, note, who.user, now):
            raise Refused("note-unknown")
        self._hub.show_note(who.user, {"type": "note-read", "note": note})
        return web.json_response(Acknowledged(id=note).model_dump())

    def _seated(self, who: Identity) -> list[AgentId]:
        """Who sits in the centre now, but for who asks."""
        seats = self._brain.live(who.centre)["seats"].values()
        return sorted({AgentId(seat["agent"]) for seat in seats} - {who.user})


def note_shown(note: Note) -> wire.Note:
    """As a desk gets it."""
    at = note.sent_at.astimezone(UTC).isoformat()
    return {"id": note.id, "sender": note.sender_name, "text": note.text, "at": at}


def _answer(notes: list[Note]) -> web.Response:
    shown: list[dict[str, Any]] = [
        NoteShown(
            id=note.id,
            sender=note.sender_name,
            to=note.to,
            text=note.text,
            at=note.sent_at,
            read_at=note.read_at,
        ).model_dump(mode="json")
        for note in notes
    ]
    return web.json_response({"items": shown})
