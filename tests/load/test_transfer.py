"""How soon a key of a move is carried out: what is made of the times, and when a tone begins."""

from pathlib import Path

import numpy as np
import pytest

from bench.transfer import EXPERT_HZ, Measured, first_heard_s, judge
from bench.wavetools import tone, write_wav

PEER = Measured(rings=(1.0, 2.0), heard=(20.0, 30.0), plain=0.006, moved=0.006)


@pytest.mark.parametrize(
    ("rings", "heard", "holds"),
    [
        ((5.0, 300.0), (10.0, 150.0), True),
        ((5.0, 301.0), (10.0,), False),
        ((5.0,), (151.0,), False),
    ],
)
def test_both_tails_must_be_reached(
    rings: tuple[float, ...], heard: tuple[float, ...], *, holds: bool
) -> None:
    """300 ms to the ringing and 150 ms to the ear, of the slowest in a hundred."""
    figures, is_held = judge(Measured(rings, heard, 0.006, 0.0109), PEER)
    assert is_held is holds
    assert figures["ours"]["cpu_percent_per_moved_call"] == 1.09
    assert figures["bare_ami"]["key_to_ring"] == {"count": 2, "p50_ms": 1.0, "p99_ms": 2.0}


def test_a_tone_is_found_where_it_begins(tmp_path: Path) -> None:
    """To 20 ms, after the moment that is asked about, whatever sounds besides."""
    before = tone(700, 1.5, -20.0)
    sound = np.concatenate([tone(EXPERT_HZ, 0.3, -20.0), before, tone(EXPERT_HZ, 0.5, -20.0)])
    file = write_wav(tmp_path / "heard.wav", sound)
    assert first_heard_s(file, EXPERT_HZ, since_s=0.5) == pytest.approx(1.8, abs=0.02)
    assert first_heard_s(file, 1300, since_s=0.0) == float("inf")
