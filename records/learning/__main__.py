"""``python -m records.learning``: make the callers, learn from them, keep the weights.

With ``--held-out`` nothing is kept: callers whose matters were not learnt, every seventh, show how
far the words reach, and which sharpness makes the odds honest.
"""

import hashlib
import sys
from collections.abc import Mapping, Sequence

from records.learned import Learned
from records.learning.making import MATTERS, Made, make, read_matters
from records.learning.training import sharpness, train
from records.weights import KEPT, write

_EACH = 7


def sources() -> str:
    """The sum of everything that the weights are made of; another sum, and they are to be made."""
    here = MATTERS.parent
    parts = (MATTERS, *(here / f"{name}.py" for name in ("frames", "making", "training")))
    whole = b"".join(path.read_bytes() for path in (*parts, here.parent / "grams.py"))
    return hashlib.sha256(whole).hexdigest()


def learn() -> Learned:
    """The weights as they are kept."""
    return train(make(read_matters(MATTERS.read_text(encoding="utf-8"))))


def held_out() -> Sequence[str]:
    """What is understood of matters that were never seen."""
    matters = read_matters(MATTERS.read_text(encoding="utf-8"))
    learned = train(make([m for at, m in enumerate(matters) if at % _EACH]))
    callers = make([m for at, m in enumerate(matters) if not at % _EACH], each=2)
    guesses = [learned.guess(caller.text) for caller in callers]
    pairs = [(made, guess) for made, guess in zip(callers, guesses, strict=True) if guess]

    def right(count: int) -> float:
        hits = [made.trade in _likeliest(guess[1].likely, count) for made, guess in pairs]
        return round(100 * sum(hits) / len(callers), 1)

    kinds = sum(made.kind == guess[0].best for made, guess in pairs)
    told: Sequence[Made] = [made for made, _ in pairs]
    return [
        f"{len(callers)} callers, {len(learned.place)} grams",
        f"demand {100 * kinds / len(callers):.1f} %, office {right(1)} %, in three {right(3)} %",
        f"sharpness: {sharpness(learned, told)}",
    ]


def _likeliest(likely: Mapping[str, float], count: int) -> list[str]:
    return sorted(likely, key=lambda name: -likely[name])[:count]


if __name__ == "__main__":
    if "--held-out" in sys.argv:
        sys.stdout.write("\n".join(held_out()) + "\n")
    else:
        write(learn(), KEPT, sources())
