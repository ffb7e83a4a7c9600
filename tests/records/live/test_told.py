"""What brain and listener tell each other survives the line."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from cti.ids import CallId, CentreId
from records.live.marks import Mark
from records.live.told import Heard, LiveTalk, LiveTalks

CALL = CallId("node1-7.0")


def test_what_is_told_is_what_is_heard() -> None:
    """Times keep their zone, marks their places."""
    since = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
    talk = LiveTalk(call=CALL, centre=CentreId("chifeng"), since=since, is_aside=True)
    talks = LiveTalks(talks=(talk,))
    assert LiveTalks.model_validate_json(talks.model_dump_json()) == talks
    mark = Mark(start=0, end=3, kind="place")
    heard = Heard(call=CALL, kind="final", key="caller-0", text="红山区", marks=(mark,))
    assert Heard.model_validate_json(heard.model_dump_json()) == heard


def test_what_nobody_can_mean_is_refused() -> None:
    """A kind that no page knows is no message."""
    with pytest.raises(ValidationError):
        Heard.model_validate({"call": CALL, "kind": "song"})
