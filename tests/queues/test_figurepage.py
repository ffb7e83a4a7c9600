"""The page that says what each figure means says what the code says."""

from dataclasses import fields
from inspect import getsource

import pytest

from queues.figures import CallbackFigures, Figures
from queues.seattimes import SeatFigures
from tests.queues.figurepage import PAGE, docstrings, page


def test_the_page_is_what_the_definitions_say() -> None:
    """Whoever changes a definition writes the page anew: ``python -m tests.queues.figurepage``."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("kind", [Figures, CallbackFigures, SeatFigures])
def test_every_figure_is_defined_and_stands_on_the_page(kind: type) -> None:
    """None is shown to anybody without saying what it counts."""
    names = [field.name for field in fields(kind)]
    assert list(docstrings(getsource(kind))) == names
    rows = page().splitlines()
    assert [name for name in names if not any(f"| `{name}` |" in row for row in rows)] == []


def test_a_definition_is_read_where_it_stands() -> None:
    """Beside its name, in a class or a module; a name without one has none."""
    assert docstrings('class A:\n    """Of A."""\n    a: int\n    """One."""\n    b: int\n') == {
        "a": "One."
    }
    assert docstrings('A: int = 1\n"""One,\ntwo."""\nB: int = 2\n') == {"A": "One,\ntwo."}
