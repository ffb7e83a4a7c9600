"""Figures of calls and seats as they are shown: what programs read and wallboards are told."""

from pydantic import AwareDatetime, BaseModel, ConfigDict


class _Shown(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FiguresShown(_Shown):
    """The figures of some calls; shares from 0 to 1, null where nothing was counted."""

    offered: int
    live: int
    answered: int
    answered_outside: int
    abandoned: int
    short_abandoned: int
    told: int
    blocked: int
    cut: int
    connection_share: float | None
    answered_within_15_s: int
    within_15_s_share: float | None
    speed_of_answer_s: float | None
    longest_wait_s: float | None
    talk_s: float | None
    rated: int
    satisfaction: float | None
    satisfied_share: float | None
    dialled_out: int
    reached_out: int


class NowShown(_Shown):
    """Callers at this moment."""

    day: str
    is_whole: bool
    waiting: int
    waiting_since: AwareDatetime | None
    ringing: int
    talking: int
    outside: int
    kept: int


class WaiterShown(_Shown):
    """One caller who waits."""

    line: str
    number: str
    """Masked."""
    since: AwareDatetime
    rings: bool
    """A seat is being rung for this caller."""


class SeatNowShown(_Shown):
    """One signed-in seat at this moment."""

    extension: str
    agent: str
    state: str
    reason: str
    since: AwareDatetime
    call: str | None
    """The call that rings or talks there."""
    has_phone: bool
    skills: dict[str, int]
    """What it takes now, each with its level: 1 rings first."""
    is_reskilled: bool
    """A supervisor has said so for this sitting; else the plan does."""


class TodayShown(FiguresShown):
    """The figures of the calls that arrived today, and how the seats spent it."""

    occupancy: float | None
    wrap_up_s: float | None


class OwedShown(_Shown):
    """Callers still to be called back, whenever they called in vain."""

    owed: int
    overdue: int


class LiveShown(_Shown):
    """A centre as its supervisors see it."""

    at: AwareDatetime
    now: NowShown
    waiting: dict[str, WaiterShown]
    """By call; those who have waited longest, 50 at most."""
    states: dict[str, int]
    seats: dict[str, SeatNowShown]
    today: TodayShown
    callbacks: OwedShown
    name: str
    """The centre's."""
    hands: dict[str, AwareDatetime]
    """Agents who ask for help, and since when."""
