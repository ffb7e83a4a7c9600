"""Every reason that desks are told has its words, and programs can look them up."""

import re
from pathlib import Path

from cti.happened import OfferOutcome, Refusal
from transfer.why import CHINESE, WhyNot

INTEGRATION = Path(__file__).parents[2] / "docs" / "integration.md"


def test_every_reason_has_words() -> None:
    """Why a move was not begun; how the last who was rung ended; why an order was refused."""
    ends = {one.value for one in (*OfferOutcome, *Refusal)} - {OfferOutcome.ANSWERED.value}
    assert set(CHINESE) == ends | {one.value for one in WhyNot} | {"queued"}
    assert len(set(CHINESE.values())) == len(CHINESE)


def test_the_document_lists_every_reason_in_the_same_words() -> None:
    """Whoever reads the desks' deltas finds each `why` there, and no other."""
    rows = re.findall(r"^\| `([a-z-]+)` \| ([^|]+) \| .* \|$", INTEGRATION.read_text("utf-8"), re.M)
    assert dict(rows) == CHINESE
