"""What is measured: something that takes calls, rings seats and records both ways."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol


class System(Protocol):
    """A running call system under load. Both of a comparison have this one face."""

    @property
    def name(self) -> str:
        """How figures call it."""
        ...

    @property
    def number(self) -> str:
        """The number callers dial to be answered, prompted, put to a seat and recorded."""
        ...

    @property
    def target(self) -> tuple[str, int]:
        """Host and SIP port."""
        ...

    @property
    def passwords(self) -> Mapping[str, str]:
        """SIP password of each seat's phone."""
        ...

    @property
    def recordings(self) -> Path:
        """Where ``…-rx.wav`` and ``…-tx.wav`` appear, two for each call."""
        ...

    @property
    def processes(self) -> Mapping[str, int]:
        """The processes whose CPU time is counted together: what it is → its pid."""
        ...
