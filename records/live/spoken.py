"""A stretch of speech as samples. Words only."""

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Pcm: TypeAlias = NDArray[np.int16]
"""One channel at the telephone's rate, 8,000 samples a second."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """One utterance, or what there is of it so far. Seconds of the recording."""

    start_s: float
    end_s: float
    known_s: float
    """When it was known to be over: after its silence, or where a long one had to be cut."""
    pcm: Pcm
    is_cut: bool = False
    """The speaker went on: it was too long."""
