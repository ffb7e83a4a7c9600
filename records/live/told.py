"""What the brain and the listener tell each other, as JSON over Redis. Words only.

The brain tells which talks go on, all of them, each second and at every change: whoever begins to
listen, or missed something, knows within a second. The listener tells what was said. Nothing of it
is kept: what is lost stands in the final transcript.
"""

from datetime import datetime
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from cti.ids import CallId, CentreId
from records.engine.protocol import Channel
from records.live.marks import Mark

TALKS: Final = "hotline:live:talks"
HEARD: Final = "hotline:live:heard"


class LiveTalk(BaseModel):
    """A talk of a seat with a caller."""

    model_config = ConfigDict(frozen=True)

    call: CallId
    centre: CentreId
    since: datetime
    is_aside: bool = False
    """The caller hears music while the seat talks with somebody else."""


class LiveTalks(BaseModel):
    """All that go on."""

    model_config = ConfigDict(frozen=True)

    talks: tuple[LiveTalk, ...]


class Heard(BaseModel):
    """One utterance of a call, or that the call's draft has grown."""

    model_config = ConfigDict(frozen=True)

    call: CallId
    kind: Literal["interim", "final", "gap", "draft"]
    """``interim`` is replaced by what comes later under the same key; ``gap``: somebody spoke and
    there was no time, or no way, to write it down."""
    key: str = ""
    channel: Channel = "caller"
    start_s: float = 0.0
    end_s: float = 0.0
    text: str = ""
    marks: tuple[Mark, ...] = ()
    order: str = ""
    """Of ``draft``: the work order that has grown."""
