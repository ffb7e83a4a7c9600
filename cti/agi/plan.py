"""The dialogue ``plan``: tells another switch's dialplan what happens to a number, as ``explain``.

``AGI(agi://host:4573/plan[,DIALLED[,CALLER[,CENTRE]]])``; what is not given is taken from the
channel. Sets ``PLAN``, the fields of ``FIELDS`` joined by commas, and each as ``PLAN_<FIELD>``.
Nothing is set when there is no answer in time: look at ``PLAN``, never at ``AGISTATUS``.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from config.numberplan import NumberPlan, Plan
from config.platform import Platform
from cti.agi.session import AgiSession
from cti.ids import CentreId
from ivr.text import has_prompt, prompt, prompt_name

FIELDS: Final = (
    "revision",
    "centre",
    "line",
    "state",
    "prompt",
    "route",
    "peer",
    "number",
    "ring",
    "address",
)
"""As ``PLAN`` of our own dialplan. ``prompt``: the sound's name under ``home/sounds/zh``, without
extension; '' for silence. The last four are for the route ``dial``; ``ring`` is in seconds."""
WITHIN_S: Final = 2.0
_ANY_MOBILE: Final = "13900001111"
"""Where a mobile number was issued stands in a large table (``config/areas.py``)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a dialplan is told, and what the caller is to hear, in words."""

    fields: tuple[str, ...]
    words: str


class PlanDialogue:
    """Answers from the platform in force; ``platform`` is asked anew for each call."""

    def __init__(
        self,
        platform: Callable[[], Platform],
        now: Callable[[], datetime],
        within_s: float = WITHIN_S,
    ) -> None:
        self._platform, self._now = platform, now
        self._within_s = within_s
        self._known: NumberPlan | None = None

    def load(self) -> None:
        """Load what an answer needs, so that no caller waits for it. Blocks for a second."""
        self._answer("12345", _ANY_MOBILE, "")

    async def __call__(self, session: AgiSession) -> None:
        """Answer one channel. Raises ``TimeoutError`` when that takes more than ``within_s``."""
        async with asyncio.timeout(self._within_s):
            # in a thread: the first question after a change walks all lines
            answer = await asyncio.to_thread(self._answer, *_asked(session.headers))
            for name, value in zip(FIELDS, answer.fields, strict=True):
                await session.set_variable(f"PLAN_{name.upper()}", value)
            await session.set_variable("PLAN_TEXT", answer.words)
            await session.set_variable("PLAN", ",".join(answer.fields))

    def _answer(self, dialled: str, caller: str, centre: str) -> Answer:
        platform = self._platform()
        known = self._known
        if known is None or known.platform is not platform:
            known = self._known = NumberPlan(platform)
        trunk = centre if any(profile.centre == centre for profile in platform) else None
        plan = known.explain(dialled, ani=caller, at=self._now(), trunk=trunk)
        return _told(platform, plan)


def _asked(headers: Mapping[str, str]) -> tuple[str, str, str]:
    """Dialled number, caller and centre: the arguments, else what the channel says."""
    dialled, caller, centre = (headers.get(f"agi_arg_{n}", "") for n in (1, 2, 3))
    return (
        dialled or _known(headers.get("agi_dnid", "")) or headers.get("agi_extension", ""),
        caller or _known(headers.get("agi_callerid", "")),
        centre,
    )


def _known(written: str) -> str:
    return "" if written == "unknown" else written


def _told(platform: Platform, plan: Plan) -> Answer:
    dial = next((step for step in plan.steps if step.do == "dial"), None)
    whose = next((one for one in platform if has_prompt(one, plan.prompt)), None)
    rest: tuple[str, ...] = ("", "", "", "")
    if dial is not None:
        address = _address(platform, plan.centre, dial.peer)
        rest = (dial.peer, dial.number, str(dial.ring_s), address)
    facts = (
        str(plan.revision),
        plan.centre,
        plan.line.number,
        plan.state.value,
        prompt_name(whose, plan.prompt) if whose else "",
        plan.route,
    )
    return Answer((*facts, *rest), prompt(whose, plan.prompt).text if whose else "")


def _address(platform: Platform, centre: CentreId, peer: str) -> str:
    found = (one for one in platform.centre(centre).peers if one.id == peer)
    return next((f"{one.address}:{one.port}" for one in found), "")
