"""What queueing theory says of a hotline: Erlang C and, with patience, Erlang A.

Both from the stationary birth-and-death chain of M/M/n(+M): no table, no approximation. Source:
A. K. Erlang 1917; C. Palm 1946; Garnett, Mandelbaum, Reiman 2002.
"""

from dataclasses import dataclass

import numpy as np

LEAST = 1e-16
"""Where the chain is cut off: states less likely than this, relative to the likeliest."""


@dataclass(frozen=True, slots=True)
class Theory:
    """Long-run figures over all callers."""

    probability_of_waiting: float
    mean_wait_s: float
    """Over all callers, those who are served at once and those who give up included."""
    share_abandoned: float


def theory(
    seats: int, calls_per_s: float, talk_s: float, patience_s: float | None = None
) -> Theory:
    """Figures of ``seats`` seats, Poisson calls, exponential talks and (or no) patience.

    Raises ``ValueError`` where callers without patience come faster than they can be served.
    """
    if patience_s is None and calls_per_s * talk_s >= seats:
        raise ValueError("the queue grows without end")
    weights = [1.0]
    for callers in range(1, 1_000_000):
        leaving = min(callers, seats) / talk_s
        if patience_s is not None:
            leaving += max(0, callers - seats) / patience_s
        weights.append(weights[-1] * calls_per_s / leaving)
        if callers > seats and weights[-1] < LEAST * max(weights):
            break
    chances = np.array(weights) / sum(weights)
    queued = np.maximum(0, np.arange(len(chances)) - seats)
    in_queue = float(chances @ queued)
    abandoned = 0.0 if patience_s is None else in_queue / patience_s / calls_per_s
    return Theory(
        probability_of_waiting=float(chances[seats:].sum()),
        mean_wait_s=in_queue / calls_per_s,  # Little
        share_abandoned=abandoned,
    )
