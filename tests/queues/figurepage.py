"""``docs/figures.md``, made of the docstrings beside the code that counts.

``python -m tests.queues.figurepage`` writes it; ``test_figurepage`` fails while it differs.
"""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

from queues import figures
from queues.breakdown import BREAKDOWNS, PERIODS, ROW_NAMES
from queues.figures import CALLBACK_LABELS, LABELS, CallbackFigures, Figures
from queues.followfigures import FOLLOW_UP_LABELS, FollowUpFigures
from queues.seattimes import SEAT_LABELS, SeatFigures

PAGE = Path(__file__).resolve().parents[2] / "docs" / "figures.md"

HEAD = """\
# 统计指标 · What the figures mean

Each figure is defined once, beside the code that counts it (`queues/figures.py`,
`queues/followfigures.py`, `queues/seattimes.py`); the live panel, `hotline stats`, the API and
the workbook all count with that. This page is made of those definitions:
`python -m tests.queues.figurepage` writes it anew.
"""

RULES: tuple[Callable[..., Any] | type, ...] = (
    figures.wait,
    figures.is_answered,
    figures.is_judged,
    figures.is_short_abandon,
    figures.talked,
    figures.WorstDay,
)
"""What the figures' definitions speak of."""

LIMITS = ("ANSWER_WITHIN", "SHORT_ABANDON", "REACHED_AFTER", "UNJUDGED")


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            "## Calls\n",
            *_table(Figures, LABELS),
            "### What these words mean\n",
            *(f"- `{rule.__name__}`: {_flat(inspect.getdoc(rule))}" for rule in RULES),
            *(f"- `{name}`{_length(name)}: {_flat(_beside(figures, name))}" for name in LIMITS),
            "\n## Call-backs\n",
            f"{_flat(inspect.getdoc(CallbackFigures))}\n",
            *_table(CallbackFigures, CALLBACK_LABELS),
            "## Follow-up calls\n",
            f"{_flat(inspect.getdoc(FollowUpFigures))}\n",
            *_table(FollowUpFigures, FOLLOW_UP_LABELS),
            "## Seats' time\n",
            f"{_flat(inspect.getdoc(SeatFigures))}\n",
            *_table(SeatFigures, {**SEAT_LABELS, "not_ready_by_reason": "示忙原因"}),
            "## Rows\n",
            "What a report may be broken down by (`--by`), and to which rows a call belongs.\n",
            "| | name | rows |",
            "|---|---|---|",
            *(f"| {ROW_NAMES[name]} | `{name}` | {_row(name)} |" for name in BREAKDOWNS),
            "",
        ]
    )


def _row(name: str) -> str:
    if name in PERIODS:
        return f"the {name} in which the call arrived, or the seat's time passed, in China"
    return _flat(inspect.getdoc(BREAKDOWNS[name]))


def _table(kind: type, labels: Mapping[str, str]) -> Iterator[str]:
    told = docstrings(inspect.getsource(kind))
    yield "| | figure | definition |"
    yield "|---|---|---|"
    for name, definition in told.items():
        yield f"| {labels[name]} | `{name}` | {_flat(definition)} |"
    yield ""


def _length(name: str) -> str:
    value = getattr(figures, name)
    return f" ({value.total_seconds():g} s)" if isinstance(value, timedelta) else ""


def _beside(module: ModuleType, name: str) -> str:
    return docstrings(inspect.getsource(module))[name]


def docstrings(source: str) -> dict[str, str]:
    """Each name that is followed by a docstring, in a class's source or a module's."""
    tree: ast.Module | ast.ClassDef = ast.parse(source)
    if len(tree.body) == 1 and isinstance(tree.body[0], ast.ClassDef):
        tree = tree.body[0]
    found = {}
    for before, after in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name):
            match after:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    found[before.target.id] = text
    return found


def _flat(text: str | None) -> str:
    """One line of it, for a table."""
    return " ".join((text or "").replace("``", "`").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
