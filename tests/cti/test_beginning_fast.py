"""A brain that died is back sooner when it loads only what calls need."""

import subprocess
import sys

import pytest

from config.settings import CHECKOUT

LOADED = "import sys, cti.app; print(*sys.modules)"


@pytest.mark.parametrize("heavy", ["openpyxl", "alembic", "onnxruntime"])
def test_what_no_call_needs_is_loaded_when_it_is_used(heavy: str, loaded: frozenset[str]) -> None:
    """Each costs a tenth of a second or more, several times that beside calls."""
    assert heavy not in loaded


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """What a brain has loaded before it does anything."""
    said = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True, cwd=CHECKOUT
    )
    return frozenset(said.stdout.split())
