"""What reaches a log."""

import io
import json
from contextlib import redirect_stderr

import pytest
import structlog

from cti import log


@pytest.fixture(autouse=True)
def _afterwards() -> "object":
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("13847652301", "*********01"),
        ("来电13847652301接通", "来电*********01接通"),
        ("+8613847652301", "************01"),
        ("04768337772", "*********72"),
        (["13847652301", {"ani": "13847652301"}], ["*********01", {"ani": "*********01"}]),
        ("150402199001011234", "****************34"),
        ("node1-1795310090.4", "node1-1795310090.4"),
        (42, 42),
    ],
)
def test_no_whole_number_reaches_a_log(said: object, kept: object) -> None:
    """Whatever the key, also inside Chinese text and lists; call ids stay readable."""
    written = io.StringIO()
    with redirect_stderr(written):
        log.configure(is_terminal=False)
        structlog.get_logger().info("something", what=said)
    assert json.loads(written.getvalue())["what"] == kept
