"""Calls out of the channel event log: what the switch would have written, had it lived.

A call is a channel that reached ``[arrive]`` (our mark ARRIVED), or was answered in a trunk's
context; its legs carry the call's id as account code. Events may come in any order within a few
dozen channels, and more than once.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from cti.call import NETWORK_FAILED
from cti.ids import CALLED_OUT, CallId, CentreId, LineId
from cti.wire import BLOCKED, FAREWELL, call_of, revision
from records import keptlog, marklog, movelog, offerlog, talklog
from records.callrecord import (
    NORMAL_CLEARING,
    SWITCH_STOPPED,
    CallRecord,
    Disposition,
    Source,
)
from records.cel import CelEvent
from records.rebuildout import DIALLED, rebuild_out

SWITCH_DIED: Final = 27
"""Q.850 cause written for a call that the death of Asterisk cut: destination out of order."""
_SLOP_S: Final = 1.0
"""Two channels born at once may be numbered in one order and logged in the other."""
_NUMBER: Final = re.compile(rf"(?!{CALLED_OUT}).*\.(\d+)")
"""The number that Asterisk gave a channel. We name those of seats that call out or back."""
_COMING: Final = frozenset({"from-trunk", "from-trunk-unknown", "enter", "plans", "arrive"})
"""Contexts in which a caller is answered: those it came through a moment ago. No other leg is."""


@dataclass(slots=True)
class _Visit:
    """Everything logged under one call id."""

    events: list[CelEvent] = field(default_factory=list)
    caller: str = ""
    first_offset: tuple[int, int] = (0, 0)
    open: set[str] = field(default_factory=set)
    closed: set[str] = field(default_factory=set)
    is_cut: bool = False
    is_owed: bool = False
    """The caller hung up to be called back, and was not reached yet."""

    @property
    def is_over(self) -> bool:
        return self.is_cut or not (self.open or self.is_owed)

    def is_open_since(self, at: float) -> bool:
        """Whether a channel born by then is open. A call-back's may be younger than its call."""
        return any(event.uniqueid in self.open and event.at <= at for event in self.events)

    @property
    def end(self) -> Mapping[str, bool]:
        return {"is_cut": self.is_cut, "is_owed": self.is_owed}


class Replay:
    """Collects events into calls. ``feed`` them as they stand in the log, ``take`` what is over.

    Memory holds the calls that are not over yet, and those over since the last ``take``.
    """

    def __init__(self, centre: CentreId) -> None:
        """``centre`` owns the calls that were cut before they could say whose they are."""
        self._centre = centre
        self._visits: dict[str, _Visit] = {}
        # this life's highest channel number, and when it was born
        self._newest: tuple[int, float] = (-1, 0)

    def feed(self, events: Iterable[CelEvent], file: int = 0) -> None:
        """Take events of the ``file``-th log file in."""
        for event in events:
            if event.type == "CHAN_START":
                self._look_for_restart(event)
            key = event.account or call_of(event.linkedid)
            visit = self._visits.get(key)
            if visit is None:
                visit = self._visits[key] = _Visit(first_offset=(file, event.offset))
            if not visit.is_cut:
                _add(visit, event)

    def cut(self, unless: Collection[CallId], before: datetime) -> None:
        """Say that no call lives but these: others, if silent since ``before``, were cut."""
        for key, visit in self._visits.items():
            if key not in unless and visit.events and visit.events[-1].time < before:
                visit.is_cut = bool(visit.open)
                visit.is_owed = False

    def take(self) -> list[CallRecord]:
        """Give the calls that are over, in the order they arrived, and forget them."""
        over = {key: visit for key, visit in self._visits.items() if visit.is_over}
        for key in over:
            del self._visits[key]
        return self._records(over)

    def rest(self) -> list[CallRecord]:
        """Give the calls that nobody has seen end, as far as they got."""
        return self._records(self._visits)

    def oldest(self) -> tuple[int, int] | None:
        """Say in which file and at which offset the oldest of the ``rest`` begins."""
        starts = [visit.first_offset for visit in self._visits.values() if visit.caller]
        return min(starts, default=None)

    def _records(self, visits: Mapping[str, _Visit]) -> list[CallRecord]:
        records = [
            rebuild(visit.events, CallId(key), visit.caller, self._centre, **visit.end)
            for key, visit in visits.items()
            if visit.caller
        ]
        return sorted(records, key=lambda record: (record.arrived_at, record.call))

    def _look_for_restart(self, birth: CelEvent) -> None:
        """Cut what a restart cut. Asterisk numbers its channels from 0 at each start.

        In one life a later channel has a higher number; so a lower one that is later is of
        another life.
        """
        found = _NUMBER.fullmatch(birth.uniqueid)
        if found is None:
            return
        number, (highest, newest) = int(found[1]), self._newest
        is_restart = number <= highest and birth.at > newest + _SLOP_S
        if is_restart:
            for visit in self._visits.values():
                visit.is_cut = visit.is_cut or visit.is_open_since(newest)
        if is_restart or number > highest:
            self._newest = (number, birth.at)


def _add(visit: _Visit, event: CelEvent) -> None:
    visit.events.append(event)
    is_coming = event.context in _COMING and event.type == "ANSWER"
    if event.type in ("ARRIVED", DIALLED) or (is_coming and not visit.caller):
        visit.caller = event.uniqueid
    if event.type in (keptlog.KEPT, keptlog.REACHED):
        visit.is_owed = event.type == keptlog.KEPT
    if event.type in ("CHAN_END", "HANGUP"):
        visit.closed.add(event.uniqueid)
        visit.open.discard(event.uniqueid)
    elif event.type != "LINKEDID_END" and event.uniqueid not in visit.closed:
        visit.open.add(event.uniqueid)


def rebuild(
    events: Sequence[CelEvent],
    call: CallId,
    caller: str,
    centre: CentreId,
    *,
    is_cut: bool,
    is_owed: bool = False,
) -> CallRecord:
    """Write the record of one call from all its events.

    ``caller`` is the uniqueid of the caller's channel. ``is_cut``: no more events will ever come.
    ``is_owed``: the caller is to be called back, so nobody on the line is no end.
    """
    once = {(event.uniqueid, event.type, event.at): event for event in events}
    ordered = sorted(once.values(), key=lambda event: (event.at, event.offset))
    is_over = is_cut or (_all_ended(ordered) and not is_owed)
    died = SWITCH_DIED if is_cut else NORMAL_CLEARING
    out = rebuild_out(ordered, call, is_over=is_over, cause=died if is_over else 0)
    if out is not None:
        return out
    callers = keptlog.callers(ordered, caller)
    marks = [event for event in ordered if event.uniqueid in callers]
    start = next(event for event in marks if event.uniqueid == caller)
    arrived = next((event for event in marks if event.type == "ARRIVED"), start)
    hangups = [event for event in marks if event.type == "HANGUP"]
    ended_at = None
    if is_over:
        is_kept = any(event.type == keptlog.KEPT for event in ordered)
        is_callers = not is_kept or movelog.is_moved(ordered, callers)
        ended_at = _end(ordered, hangups if is_callers else ())
    talks = talklog.talks(ordered, callers, ended_at)
    cause = 0
    if hangups:
        cause = _cause(hangups[-1].extra)
    elif is_over:
        cause = SWITCH_DIED
    return CallRecord(
        call=call,
        centre=CentreId(arrived.extra.get("centre", "")) or centre,
        line=LineId(arrived.extra.get("line", "")),
        dnis=arrived.extra.get("dnis") or ("" if start.exten == "s" else start.exten),
        ani=arrived.extra.get("ani", start.num),
        arrived_at=arrived.time,
        waited_since=marklog.waited_since(marks),
        ended_at=ended_at,
        disposition=_disposition(is_over, bool(talks), cause, route=arrived.extra.get("route", "")),
        cause=cause,
        has_fallen_back=any(event.type == "FALLBACK" for event in marks),
        offers=offerlog.offers(ordered, callers, talks, is_over=is_over),
        talks=talks,
        source=Source.LOG,
        revision=revision(arrived.extra.get("rev", "")),
        satisfaction=marklog.satisfaction(ordered),
        kept_at=keptlog.kept_at(ordered, caller),
    )


def _cause(told: Mapping[str, str]) -> int:
    """Why the caller's channel ended.

    Asterisk gives no cause to a caller who hangs up while the dialplan runs. It always names who
    did it: a phone, the trunk or the dialplan; nobody is named when it hangs everybody up itself.
    """
    cause = _number(told.get("hangupcause", "")) or NORMAL_CLEARING
    is_unasked = cause == NORMAL_CLEARING and told.get("hangupsource") == ""
    return SWITCH_STOPPED if is_unasked else cause


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _all_ended(events: Iterable[CelEvent]) -> bool:
    channels = {event.uniqueid for event in events if event.type != "LINKEDID_END"}
    ended = {event.uniqueid for event in events if event.type in ("CHAN_END", "HANGUP")}
    return channels <= ended


def _end(ordered: Sequence[CelEvent], callers: Sequence[CelEvent]) -> datetime:
    """The caller's end; without one (cut, or kept) the last leg's, or the last thing that was seen.

    Whoever else was on the line may take a little longer to notice.
    """
    hangups = [event.at for event in callers or ordered if event.type == "HANGUP"]
    seen = [event.at for event in ordered if event.type not in ("CHAN_END", "LINKEDID_END")]
    return datetime.fromtimestamp(max(hangups or seen or [ordered[-1].at]), UTC)


def _disposition(is_over: bool, is_answered: bool, cause: int, *, route: str) -> Disposition:
    if not is_over:
        return Disposition.LIVE
    if is_answered:
        return Disposition.ANSWERED
    if route == BLOCKED:
        return Disposition.BLOCKED
    if cause in NETWORK_FAILED:
        return Disposition.CUT
    return Disposition.TOLD if route == FAREWELL else Disposition.ABANDONED
