"""What a dialled number means: which line, what the caller hears, where the caller goes, and why.

Pure. The dialplan is rendered from this, and ``hotline numbers explain`` shows it, so the two
cannot disagree.
"""

from dataclasses import dataclass
from typing import Literal, assert_never

from config.ledger import Line, Mode
from config.profile import Profile
from cti.ids import LineId

UNKNOWN_PROMPT = "unknown-number"
"""Prompt for a number that is not in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done with the call: ``say`` a prompt, or ``queue`` for the seats of a line."""

    do: Literal["say", "queue"]
    prompt: str = ""
    line: LineId = LineId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done with a call to a number. ``why`` is Chinese, one reason a step."""

    dialled: str
    line: Line
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    is_known: bool

    @property
    def prompt(self) -> str:
        """The prompt the caller hears first."""
        return self.steps[0].prompt


def line_prompt_id(line: Line) -> str:
    """The id of the sentence that greets callers of the line: its file's name without extension."""
    return f"line-{line.number}"


def spellings(number: str, area_code: str) -> tuple[str, ...]:
    """Every way a number can arrive from a trunk, the plain one first.

    >>> spellings("8337772", "0476")
    ('8337772', '04768337772', '+864768337772', '864768337772')
    """
    national = area_code.removeprefix("0") + number
    return (number, f"0{national}", f"+86{national}", f"86{national}")


def explain(profile: Profile, dialled: str) -> Plan:
    """Say what a dialled number means. Every number has a plan; none is refused."""
    line = _find(profile, dialled)
    if line is None:
        hotline = profile.hotline
        return Plan(
            dialled=dialled,
            line=hotline,
            steps=(Step(do="say", prompt=UNKNOWN_PROMPT), Step(do="queue", line=hotline.number)),
            why=("归并清单中没有这个号码，告知来电人后由12345受理", "按12345排队"),
            is_known=False,
        )
    said, queued = _reasons(line)
    if line.number != dialled:
        said = f"{dialled}是{line.number}的另一种写法；{said}"
    return Plan(
        dialled=dialled,
        line=line,
        steps=(
            Step(do="say", prompt=line_prompt_id(line)),
            Step(do="queue", line=line.number),
        ),
        why=(said, queued),
        is_known=True,
    )


def _find(profile: Profile, dialled: str) -> Line | None:
    return next(
        (
            line
            for line in (profile.hotline, *profile.lines)
            if dialled in spellings(line.number, profile.area_code)
        ),
        None,
    )


def _reasons(line: Line) -> tuple[str, str]:
    """Why the caller hears that sentence, and why the caller goes there."""
    match line.mode:
        case Mode.OWN:
            return "拨打的是热线本号", "由12345座席受理"
        case Mode.WHOLE:
            return (
                f"清单第{line.row}行：{line.department}「{line.name}」整体并入，播报归并提示",
                "原号码的功能由12345座席统一提供",
            )
        case Mode.DUAL:
            return (
                f"清单第{line.row}行：{line.department}「{line.name}」双号并行，播报双号提示",
                "话务座席已并入12345平台，由12345座席受理",
            )
        case Mode.SUB_CENTRE | Mode.FRONTED | Mode.KEPT_CENTRE | Mode.FORWARDED:
            return (
                f"清单第{line.row}行：{line.department}「{line.name}」{line.mode.chinese}，播报提示",
                "转接的功能尚未启用，先由12345座席受理",
            )
        case _:
            assert_never(line.mode)
