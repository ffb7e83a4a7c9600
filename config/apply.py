"""A changed table put in force: whole, checked, read back, or not at all. Edge.

The only way anything of a city changes while callers are on the telephone. Blocks; for a thread
of its own where a loop runs. Killed at any step, it leaves the old table in force or the new one,
and the next to come here, or the brain, ends what it began.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from config.applylock import one_apply
from config.changeover import OnStep, is_open
from config.faults import ProfileFaults
from config.files import load_platform, parse_platform
from config.platform import Platform
from config.render import DialplanRefused, make_directories
from config.revisions import Revision, Revisions
from config.settings import Settings
from config.turn import Candidate, MakePrompts, Turn, working_copy

STEPS = (
    "locked",  # nobody else changes anything; what an earlier one left open is ended
    "judged",  # the working copy is read, without a fault, and allowed
    "prompts",  # all it can say is there as sound
    "placed",  # the revision lies on the disk, whole, not in force
    "flipped",  # it is in force on disk: one rename
    "reloaded",  # Asterisk was told
    "compared",  # Asterisk holds it, in full
    "applied",  # and that is remembered
    "restored",  # a rollback's content stands in the working copy again
    "pruned",  # what need not be kept is gone
)
"""The steps, in order; ``on_step`` hears each when it is done. After ``flipped`` a failure adds
``flipped back`` and ``refused`` instead of the rest."""

WAIT_S = 30.0
"""How long one apply waits for another, where nothing else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What an installation starts with. ``refused``: why the working copy is not it."""

    platform: Platform
    revision: Revision
    refused: ProfileFaults | DialplanRefused | None = None


def apply(
    settings: Settings,
    *,
    who: str,
    why: str,
    make_prompts: MakePrompts,
    on_step: OnStep = lambda _step: None,
    wait_s: float | None = None,
) -> Revision:
    """Put the working copy in force and return its revision, or the old one if it is the same.

    Nobody on the telephone notices. Raises ``ProfileFaults`` (faults, or changes that the rules
    forbid), ``DialplanRefused`` (Asterisk or the disk did not take it), ``ApplyBusy``, what
    ``make_prompts`` raises, or ``ValueError`` as ``render_files``; the old table is in force then.
    """
    with _turn(settings, who, wait_s, on_step) as turn:
        files = working_copy(settings)
        candidate = Candidate(
            kind="apply", who=who, why=why, files=files, platform=parse_platform(files)
        )
        turn.judge(candidate)
        return turn.carry_out(candidate, make_prompts)


def rollback(
    settings: Settings,
    number: int,
    *,
    who: str,
    why: str,
    make_prompts: MakePrompts,
    on_step: OnStep = lambda _step: None,
    wait_s: float | None = None,
) -> Revision:
    """Put an old revision's table in force again, as a new revision, and into the working copy.

    A working copy that cannot be written (``restore`` is ``impossible`` then) is left as it is:
    it does not come into force by itself again unless somebody changes it, but the next ``apply``
    reads it. Raises as ``apply`` does, and ``RevisionUnknown``; ``ProfileFaults`` when it would
    bring a cancelled number back.
    """
    with _turn(settings, who, wait_s, on_step) as turn:
        candidate = Candidate(
            kind="rollback",
            who=who,
            why=why,
            files=turn.revisions.files(number),
            platform=turn.revisions.platform(number),
            of=number,
        )
        turn.judge(candidate)
        return turn.carry_out(candidate, make_prompts)


def start(
    settings: Settings,
    *,
    who: str,
    make_prompts: MakePrompts,
    on_step: OnStep = lambda _step: None,
    wait_s: float | None = None,
) -> Started:
    """Put in force what the installation is to start with; Asterisk may run already, or not.

    That is the working copy if it was changed since the last revision, else the last revision,
    made anew if this program or its settings now render it otherwise. A working copy that is
    refused leaves the last revision in force (``Started.refused`` says why); without one its
    faults are raised. Everything else is raised as ``apply`` does.
    """
    with _turn(settings, who, wait_s, on_step) as turn:
        current = turn.revisions.current()
        try:
            changed = turn.changed_working_copy(who)
            if changed is not None:
                turn.judge(changed)
                return _started(changed, turn.carry_out(changed, make_prompts))
        except (ProfileFaults, DialplanRefused) as error:
            if current is None:
                raise
            refused: ProfileFaults | DialplanRefused | None = error
        else:
            refused = None
        assert current is not None, "without a revision any working copy is a changed one"
        again = Candidate(
            kind="start",
            who=who,
            why="程序或设置有变, 按原号码表重新生成",
            files=turn.revisions.files(current.number),
            platform=turn.revisions.platform(current.number),
            of=current.number,
        )
        return _started(again, turn.carry_out(again, make_prompts), refused)


def _started(
    candidate: Candidate,
    revision: Revision,
    refused: ProfileFaults | DialplanRefused | None = None,
) -> Started:
    platform = candidate.platform.model_copy(update={"revision": revision.number})
    return Started(platform=platform, revision=revision, refused=refused)


def recover(
    settings: Settings, *, who: str = "recover", wait_s: float | None = None
) -> Revision | None:
    """End what a killed process left open, and return what is in force now.

    Raises ``DialplanRefused`` while Asterisk runs and does not answer, and ``ApplyBusy``.
    """
    with _turn(settings, who, wait_s, lambda _step: None) as turn:
        return turn.revisions.current()


def is_left_open(revisions: Revisions) -> bool:
    """Whether ``recover`` has something to do, or an apply is under way. Cheap."""
    newest = revisions.newest()
    return newest is not None and (is_open(newest) or newest.restore == "owed")


def in_force(settings: Settings) -> Platform:
    """The centres as callers meet them; before the first revision, the working copy.

    Raises ``ProfileFaults`` when there is neither.
    """
    return Revisions(settings).in_force() or load_platform(settings)


@contextmanager
def _turn(settings: Settings, who: str, wait_s: float | None, on_step: OnStep) -> Iterator[Turn]:
    make_directories(settings)
    revisions = Revisions(settings)
    with one_apply(revisions.city / "lock", who, WAIT_S if wait_s is None else wait_s):
        turn = Turn(settings, revisions, on_step)
        turn.settle()
        on_step("locked")
        yield turn
