"""What a bench hands back, in the shape the contract promises."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One run of one bench.

    ``figures`` holds what was measured, ours and the peer's side by side; ``reach`` says what
    must be reached, in the same names; ``holds`` is whether it was.
    """

    bench: str
    figures: Mapping[str, Any]
    reach: Mapping[str, Any]
    holds: bool

    def as_json(self) -> dict[str, Any]:
        """The contract's object."""
        return asdict(self)
