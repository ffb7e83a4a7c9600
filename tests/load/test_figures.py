"""What is made of the numbers, without a telephone."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from bench.__main__ import main, present
from bench.amiears import Heard
from bench.calls import RATE_LASTS_S, Step, compare, is_clean
from bench.pop import judge, peer_waits, percentile, summary
from bench.sippload import Tally, read_tally
from bench.wavetools import chirp, level_db, likeness, load, tone, write_alaw, write_wav
from bench.weigh import cpu_seconds

TALLY = Tally(
    placed=60,
    done=60,
    failed=0,
    retransmissions=0,
    most_at_once=6,
    mean_s=0.5,
    answer_s=0.002,
    lasted_s=6,
)
STEP = Step(system="bare", rate=10, cpu={"asterisk": 0.6}, tally=TALLY, worst_r=1.0)


def test_a_clean_step_is_one_where_nobody_waited_or_repeated() -> None:
    """One lost call, a repeated message in a hundred, half a second more: not clean any more."""
    assert is_clean(STEP, 0.5)
    assert is_clean(STEP, 0.4)
    for spoilt in (
        replace(TALLY, failed=1),
        replace(TALLY, retransmissions=1),
        replace(TALLY, mean_s=1.1),
        replace(TALLY, answer_s=0.6),
        replace(TALLY, lasted_s=2.0 * RATE_LASTS_S),
    ):
        assert not is_clean(replace(STEP, tally=spoilt), 0.5)


@pytest.mark.parametrize(
    ("cpu_s", "best", "worst_r", "holds"),
    [
        (0.74, 8, 1.0, True),
        (0.76, 10, 1.0, False),
        (0.6, 7, 1.0, False),
        (0.6, 10, 0.5, False),
    ],
)
def test_ours_holds_within_both_ratios_and_whole_recordings(
    cpu_s: float, best: float, worst_r: float, holds: bool
) -> None:
    """At most 1.25 of the peer's CPU a call, at least 0.8 of its rate, every caller recorded."""
    ours = replace(
        STEP, system="ours", cpu={"brain": cpu_s / 2, "asterisk": cpu_s / 2}, worst_r=worst_r
    )
    result = compare([ours, STEP], {"ours": best, "bare": 10}, "ours", "bare")
    assert result.holds is holds
    assert result.figures["cpu_ratio"] == round(cpu_s / 0.6, 3)


def test_one_disturbed_round_does_not_decide() -> None:
    """The middle of the rounds counts."""
    rounds = [
        replace(STEP, system="ours", cpu={"brain": cpu_s / 2, "asterisk": cpu_s / 2})
        for cpu_s in (0.6, 0.61, 3.0)
    ]
    result = compare([*rounds, STEP], {"ours": 10, "bare": 10}, "ours", "bare")
    assert result.holds


def test_a_percentile_is_a_value_that_was_seen() -> None:
    """Nearest rank: of a hundred values the 99th; of few the last."""
    assert percentile(range(1, 101), 99) == 99
    assert percentile(range(1, 101), 50) == 50
    assert percentile([5.0], 99) == 5.0


def test_a_pop_that_never_came_is_told_and_fails() -> None:
    """Speed of the pops that came does not hide one that did not."""
    waits: dict[float, list[float]] = {5: [10.0] * 40, 15: [10.0] * 119, 30: [10.0] * 240}
    figures, holds = judge(waits, waits)
    assert figures["ours"]["15"]["missing"] == 1
    assert not holds
    assert judge({**waits, 15: [10.0] * 120}, waits)[1]
    assert not judge({**waits, 15: [101.0] * 120}, waits)[1]
    assert summary([], 3)["missing"] == 3


def test_the_peer_is_timed_from_joining_to_the_first_agent_called() -> None:
    """A queue that rings a second agent for the same caller is not timed again."""

    def heard(event: str, caller: str, raised: float, read: float) -> Heard:
        return Heard(raised, read, {"Event": event, "Uniqueid": caller})

    told = [
        heard("QueueCallerJoin", "a", 1.0, 1.001),
        heard("AgentCalled", "b", 1.0, 1.001),
        heard("AgentCalled", "a", 1.002, 1.25),
        heard("AgentCalled", "a", 9.0, 9.0),
    ]
    assert peer_waits(told) == [250.0]


def test_sipps_statistics_are_read(tmp_path: Path) -> None:
    """The last line counts; times come as hours, minutes, seconds and microseconds."""
    names = (
        "TotalCallCreated;SuccessfulCall(C);FailedCall(C);Retransmissions(C);CurrentCall;"
        "CallLength(C);ResponseTime1(C);ElapsedTime(C);"
    )
    rows = ["3;0;0;0;3;00:00:00:000000;00:00:00:001000;00:00:01;"]
    rows += ["4;3;1;2;0;00:01:02:500000;00:00:00:002000;00:00:02;"]
    (tmp_path / "s.csv").write_text("\n".join([names, *rows]) + "\n", encoding="ascii")
    tally = read_tally(tmp_path / "s.csv")
    assert (tally.placed, tally.done, tally.failed, tally.retransmissions) == (4, 3, 1, 2)
    assert (tally.most_at_once, tally.mean_s, tally.lasted_s) == (3, 62.5, 2.0)
    assert tally.call_seconds == 250.0


def test_likeness_finds_a_sound_where_it_stands(tmp_path: Path) -> None:
    """Through A-law, later in the recording and louder: the same sound, at its lag."""
    sent = chirp(1.0, seed=1)
    write_alaw(tmp_path / "sent.alaw", sent)
    write_wav(tmp_path / "sent.wav", sent)
    recorded = chirp(3.0, seed=2) * 0.01
    recorded[4000:12000] += 2 * load(tmp_path / "sent.alaw")
    found = likeness(load(tmp_path / "sent.wav"), recorded)
    assert found.r > 0.99
    assert found.lag_s == 0.5
    assert found.overlap_s == 1.0
    assert abs(likeness(sent, chirp(3.0, seed=3)).r) < 0.2
    assert likeness(sent, recorded * 0).r == 0.0
    assert likeness(recorded, sent).lag_s == -0.5


def test_levels_are_what_was_asked_for() -> None:
    """A tone and speech-like noise have the loudness they were made with."""
    assert abs(level_db(tone(440, 1, -20)) + 20) < 0.2
    assert abs(level_db(chirp(1, level_dbfs=-30)) + 30) < 0.1
    assert level_db(tone(440, 1) * 0) == -120


def test_cpu_time_is_of_the_living() -> None:
    """What this process has burnt is seen; one that is gone is an error, not nothing."""
    before = cpu_seconds([os.getpid()])
    sum(range(10_000_000))
    assert 0.02 <= cpu_seconds([os.getpid()]) - before < 10
    with pytest.raises(ProcessLookupError):
        cpu_seconds([2**22 + 1])


def test_an_unknown_bench_is_refused_with_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    """Misuse is exit 2, and says what there is."""
    assert main(["nonsense"]) == 2
    assert {"calls", "pop"} <= set(present())
    assert "calls pop" in capsys.readouterr().err
