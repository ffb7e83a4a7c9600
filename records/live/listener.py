"""Follows the talks that go on and tells what is said in them. An edge; its rules stand beside it.

One engine, one utterance at a time: whose turn it is and what is let go, ``turns`` says. Killed, it
begins again with what is said then; the final transcript misses nothing of it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from config.platform import Platform
from config.profile import Profile
from config.workdays import CHINA
from cti.ids import CallId
from records.complete import hotwords
from records.engine.protocol import Engine
from records.live.following import Following
from records.live.grown import Growing
from records.live.marks import marks
from records.live.told import HEARD, Heard, LiveTalk, LiveTalks
from records.live.turns import Piece, Turns
from records.transcribe import for_engine

LOOK_S = 0.1
"""How often the recordings are looked at."""
SILENT_S = 5.0
"""A brain that tells nothing for so long is not there: nobody reads what would be written."""
GROWS_S = 3.0
"""A call's draft is written at most so often while it talks."""

log = structlog.get_logger()


class Tell(Protocol):
    """The line to the brain (``records.live.line``)."""

    async def tell(self, channel: str, text: str) -> bool:
        """Tell it, or lose it."""
        ...


class LiveListener:
    """``told`` takes what the brain says; ``run`` listens until it is cancelled."""

    def __init__(
        self,
        recordings: Path,
        line: Tell,
        engine: Engine,
        city: Callable[[], Platform],
        growing: Growing,
        now: Callable[[], float] = time.time,  # noqa: TID251 - compared with times of files
    ) -> None:
        self._recordings, self._line, self._engine, self._city = recordings, line, engine, city
        self._growing, self._now = growing, now
        self._talks: dict[CallId, LiveTalk] = {}
        self._followed: dict[CallId, Following] = {}
        self._turns = Turns()
        self._told_at = 0.0
        self._grown: dict[CallId, tuple[float, int]] = {}
        """When each call's draft was written last, and from how many segments."""

    def told(self, text: bytes) -> None:
        """Take the brain's word on which talks go on. What cannot be read is left out."""
        try:
            talks = LiveTalks.model_validate_json(text).talks
        except ValueError:
            log.warning("talks cannot be read")
            return
        self._talks = {talk.call: talk for talk in talks}
        self._told_at = self._now()

    @property
    def followed(self) -> Sequence[CallId]:
        """Which calls are listened to."""
        return tuple(self._followed)

    async def run(self) -> None:
        """Look and write down, for ever."""
        while True:
            await self.step()
            if not len(self._turns):
                await asyncio.sleep(LOOK_S)

    async def step(self) -> None:
        """Look at every recording once, then write down at most one utterance."""
        if self._now() - self._told_at > SILENT_S:
            self._talks = {}
        for ended in await asyncio.to_thread(self._look):
            self._turns.put(ended)
        for late in self._turns.shed(self._now()):
            log.info("utterance too late", call=late.call, late_s=self._age(late))
            await self._let_go(late)
        piece = self._turns.take()
        if piece is None:
            piece = await asyncio.to_thread(self._under_way)
        if piece is not None:
            await self._write_down(piece)
        for call in [call for call in self._followed if call in self._talks]:
            await self._grow(call)
        self._drop()

    def _look(self) -> list[Piece]:
        pieces: list[Piece] = []
        for call, talk in self._talks.items():
            one = self._followed.setdefault(call, Following.of(talk))
            one.is_aside = talk.is_aside
            if one.is_begun or self._begin(one, talk):
                pieces += one.hear()
        for call, one in self._followed.items():
            if call not in self._talks and not one.is_over:
                one.is_over = True
                pieces += one.finish()
        return pieces

    def _begin(self, one: Following, talk: LiveTalk) -> bool:
        try:
            is_begun = one.begin(self._recordings, talk, self._now())
        except OSError:
            return False
        if is_begun:
            log.info("talk followed", call=talk.call)
        return is_begun

    def _under_way(self) -> Piece | None:
        """Nothing waits: the engine may read what is still being said.

        Of all talks what pauses first: it may be over, and its text is there the sooner.
        """
        talks = [one for one in self._followed.values() if not one.is_over]
        for one in sorted(talks, key=lambda talk: not talk.is_ending):
            if (piece := one.under_way()) is not None:
                return piece
        return None

    async def _write_down(self, piece: Piece) -> None:
        one = self._followed[piece.call]
        profile = self._profile(one)
        known = one.noted(piece) if piece.is_final else None
        text, confidence = known or await self._read(piece, profile)
        if not piece.is_final:
            if text:
                one.note(piece, text, confidence)
                await self._say(piece, one, text, "interim", profile)
            return
        if not text:
            log.info("utterance not understood", call=piece.call, late_s=self._age(piece))
            await self._gap(piece)
            return
        one.keep(piece, text, confidence)
        await self._say(piece, one, text, "final", profile)

    async def _read(self, piece: Piece, profile: Profile) -> tuple[str, float]:
        # A city's words make a decode half as long again: not for what is read again soon.
        is_passing = not piece.is_final and not piece.is_pause
        pcm, words = for_engine(piece.spoken.pcm), () if is_passing else hotwords(profile)
        heard = await asyncio.to_thread(self._engine.transcribe, pcm, words)
        found = [part for part in heard if not part.is_foreign]
        text = "".join(part.text for part in found)
        return text, min((part.confidence for part in found), default=0.0)

    def _age(self, piece: Piece) -> float:
        return round(self._now() - piece.known_at, 1)

    async def _let_go(self, piece: Piece) -> None:
        """There was no time to read it: what an interim said of it stays, else a gap."""
        one = self._followed.get(piece.call)
        text, confidence = one.half(piece) if one is not None else ("", 0.0)
        if one is None or not text:
            await self._gap(piece)
            return
        one.keep(piece, text, confidence)
        await self._say(piece, one, text, "final", self._profile(one))

    async def _gap(self, piece: Piece) -> None:
        one = self._followed.get(piece.call)
        if one is not None:
            one.keep(piece, "", 0.0)
            await self._say(piece, one, "", "gap", None)

    async def _say(
        self, piece: Piece, one: Following, text: str, kind: str, profile: Profile | None
    ) -> None:
        now = datetime.now(CHINA)
        heard = Heard.model_validate(
            {
                "call": piece.call,
                "kind": kind,
                "key": piece.key,
                "channel": piece.channel,
                "start_s": round(piece.spoken.start_s + one.offset_s, 2),
                "end_s": round(piece.spoken.end_s + one.offset_s, 2),
                "text": text,
                "marks": marks(text, profile, now) if profile else (),
            }
        )
        await self._line.tell(HEARD, heard.model_dump_json())

    async def _grow(self, call: CallId) -> None:
        """Write the call's draft from what was said so far, now and then."""
        one = self._followed[call]
        at, count = self._grown.get(call, (0.0, 0))
        if len(one.segments) == count or self._now() - at < GROWS_S:
            return
        self._grown[call] = (self._now(), len(one.segments))
        try:
            order = await self._growing.write(
                call, one.transcript(self._engine.name), self._profile(one)
            )
        except (SQLAlchemyError, OSError) as error:
            log.warning("draft could not grow", call=call, error=type(error).__name__)
            return
        if order:
            await self._line.tell(
                HEARD, Heard(call=call, kind="draft", order=order).model_dump_json()
            )

    def _drop(self) -> None:
        """Forget the talks that are over and of which nothing waits."""
        waiting = self._turns.calls()
        for call, one in list(self._followed.items()):
            if one.is_over and call not in waiting:
                del self._followed[call]
                self._grown.pop(call, None)
                self._turns.forget(call)

    def _profile(self, one: Following) -> Profile:
        city = self._city()
        return next((each for each in city if each.centre == one.centre), city.home)
