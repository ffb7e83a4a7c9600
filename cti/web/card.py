"""What the caller card says: who calls, which line, what it is for, and what was already said.

An agent must know without asking whom a number belongs to (two offices may share one), where the
line stands in its life, and which sentence the caller has just heard.
"""

import re
from typing import Final

from config.callers import ENTERPRISE
from config.ledger import HOTLINE, Line, LineState, Mode, Seating
from config.openings import Occasion, first_words
from config.platform import Platform
from config.profile import Profile
from config.whence import Whence
from config.workdays import CHINA
from cti.effects import PopScreen
from cti.ids import CentreId, LineId
from cti.web.wirecard import Card, CardHanded
from ivr import linetext
from ivr.text import prompt

STATES: Final = {
    LineState.PLANNED: "尚未归并",
    LineState.TRANSITION: "过渡期内",
    LineState.CANCELLED: "号码已取消",
    LineState.KEPT: "号码保留",
}
UNKNOWN: Final = "号码不在归并清单中"
RECORDED: Final = "（播放录音）"
DEPUTIES: Final = frozenset({"人大代表", "政协委员"})
_DIGEST: Final = re.compile(r"-[0-9a-f]{8}$")
"""A prompt's file is named for its id and a digest of its wording."""


class Cards:
    """Makes caller cards by the city in force. Made anew when that changes."""

    def __init__(self, platform: Platform, whence: Whence | None = None) -> None:
        """``whence`` None: where numbers belong is not known yet."""
        self._home, self._whence = platform.home, whence or Whence({})
        self._centres = {centre.centre: centre for centre in platform}
        self._lines: dict[tuple[CentreId, LineId], Line] = {
            (centre.centre, line.number): line for centre in platform for line in centre.lines
        }

    def card(self, wish: PopScreen) -> Card:
        """The card as JSON. A line or a centre that is gone by now is shown as 12345's own."""
        centre = self._centres.get(wish.centre, self._home)
        line = self._lines.get((centre.centre, wish.line), centre.hotline)
        state = _state(line, wish)
        prompt_id = _DIGEST.sub("", wish.prompt) or _greeting(centre, line, state, wish)
        occasion = _occasion(line, wish, state)
        is_unknown = prompt_id == linetext.unknown_prompt_id(centre.centre)
        return {
            "call": wish.call,
            "offer": wish.offer,
            "line": {
                "number": line.number,
                "name": line.name,
                "department": line.department,
                "mode": line.mode.value,
            },
            "entries": [
                {"name": entry.name, "department": entry.department or line.department}
                for entry in line.entries
            ],
            "state": state.value if state else "",
            "state_name": UNKNOWN if is_unknown else STATES[state] if state else "",
            "heard": "" if wish.about else _words(centre, prompt_id),
            "ani": wish.ani,
            "known": {"name": wish.known_as, "kind": wish.known_kind} if wish.known_as else None,
            "duty": wish.duty,
            "handed": _handed(wish),
            "to_dial": wish.to_dial,
            "about": wish.about,
            "dnis": wish.dnis,
            "attempt": wish.attempt,
            "kept_at": wish.kept_at.isoformat() if wish.kept_at is not None else None,
            "waited_s": _waited_s(wish),
            "at": wish.at.isoformat(),
            "place": self._whence.of(wish.ani, centre.city),
            "occasion": occasion.value,
            "first_words": _first_words(centre, line, occasion, wish),
            "past": None,
        }


def _occasion(line: Line, wish: PopScreen, state: LineState | None) -> Occasion:
    """Why the phone rings."""
    fits = {
        Occasion.EMERGENCY: wish.is_emergency,
        Occasion.HANDED: bool(wish.path or wish.case),
        Occasion.MOVED: wish.move is not None,
        Occasion.CALLED_BACK: bool(wish.about),
        Occasion.KEPT_PLACE: bool(wish.attempt),
        Occasion.DUTY: bool(wish.duty),
        Occasion.ENTERPRISE: wish.known_kind == ENTERPRISE,
        Occasion.DEPUTY: wish.known_kind in DEPUTIES,
        Occasion.MERGED: state is not None and line.name != line.number,
    }
    return next((one for one in Occasion if fits.get(one)), Occasion.PLAIN)


def _first_words(centre: Profile, line: Line, occasion: Occasion, wish: PopScreen) -> str:
    filled = {
        "热线": centre.name,
        "线路": line.name,
        "部门": line.department,
        "值班": wish.duty,
        "名称": wish.known_as,
        "来自": _from_whom(wish),
    }
    return first_words(centre.openings, occasion, line.number, filled)


def _from_whom(wish: PopScreen) -> str:
    return "紧急电话" if wish.is_emergency else "上一条热线" if wish.path or wish.case else ""


def _waited_s(wish: PopScreen) -> float:
    """How long the caller waited before anybody answered; a talk since was no waiting."""
    until = wish.answered_at or wish.at
    return round(max(0.0, (until - wish.since).total_seconds()), 1)


def _handed(wish: PopScreen) -> CardHanded | None:
    """Who hands the caller over, with the number of the case there; None: nobody does."""
    if not (wish.is_emergency or wish.path or wish.case):
        return None
    return {"is_emergency": wish.is_emergency, "path": list(wish.path), "case": wish.case}


def _state(line: Line, wish: PopScreen) -> LineState | None:
    """Where the line stood when the call came: as the dialplan told, else by the calendar."""
    if line.mode is Mode.OWN or line.number == HOTLINE:
        return None
    told = next((state for state in LineState if state.value == wish.line_state), None)
    return told or line.state(wish.arrived_at.astimezone(CHINA).date())


def _greeting(centre: Profile, line: Line, state: LineState | None, wish: PopScreen) -> str:
    """The sentence by the rule of the table, for a call whose dialplan did not tell."""
    if state is None:
        return linetext.hotline_prompt_id(centre.centre)
    at = wish.arrived_at.astimezone(CHINA)
    is_open = line.seating is Seating.MOVED_IN or line.hours.hold(
        at.time(), is_workday=centre.calendar.is_workday(at.date())
    )
    return linetext.greeting_id(centre, line, state, is_open=is_open)


def _words(centre: Profile, prompt_id: str) -> str:
    """What the prompt says; '' when it is none of the city in force any more."""
    try:
        said = prompt(centre, prompt_id)
    except KeyError:
        return ""
    return f"{RECORDED}{said.text}" if said.recording else said.text
