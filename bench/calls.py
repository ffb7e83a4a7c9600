"""CPU per concurrent call and calls a second, beside a bare Asterisk doing only the least.

Both systems run the same Asterisk, stand side by side and are loaded in turn, A B A B, by the
same callers and seats, so that a neighbour on the machine hurts both alike. A call is: answer, a
prompt of ``PROMPT_S``, a seat that answers at once, speech both ways, the seat hangs up. Ours
adds what it is for: the question to the brain, the wait, the offer, CEL, events, the pop. Its
brain and its Asterisk are counted together.

- CPU per call: CPU seconds / call seconds, at ``CONCURRENT`` calls at once.
- Calls a second: the highest rate of short calls at which every call is served, nothing is
  retransmitted and no caller is held up (``is_clean``); rates grow until a rate fails twice.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.bare import BareAsterisk
from bench.ours import Ours
from bench.picture import draw_calls
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Seats, Tally, Traffic, call_in, invented_numbers
from bench.system import System
from bench.wavetools import chirp, likeness, load, pieces, write_alaw, write_wav
from bench.weigh import cpu_seconds

SEATS = 120
PROMPT_S = 2.0
TALK_S = 30.0
"""A short talk for a hotline, whose talks last minutes. The shorter the talk, the more the work of
putting a call through weighs: where 30 s gave 1.22, 8 s gave 1.37."""
CONCURRENT = 25
ROUNDS = 2
STEADY_CALLS = 40
SHORT_PROMPT_S = 0.2
SHORT_TALK_S = 0.3
RATES = (20, 30, 40, 50, 60, 75, 90, 110, 140, 170, 200)
RATE_LASTS_S = 6
MOST_AT_ONCE = 120
LATE_S = 0.5
"""A short call that takes so much longer than at the lowest rate was held up."""
MOST_RETRANSMITTED = 0.01
CPU_REACH = 1.25
RATE_REACH = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One load on one system."""

    system: str
    rate: float
    cpu: Mapping[str, float]
    """CPU seconds of each process."""
    tally: Tally
    worst_r: float
    """The least of all callers' likenesses: sent audio against the caller's recording."""

    @property
    def cpu_s(self) -> float:
        """CPU seconds in all."""
        return sum(self.cpu.values())

    @property
    def cpu_share(self) -> float:
        """Share of one core that one concurrent call takes."""
        return self.cpu_s / self.tally.call_seconds

    def shown(self) -> dict[str, Any]:
        """For the figures."""
        tally = self.tally
        return {
            "system": self.system,
            "rate": self.rate,
            "cpu_s": {name: round(spent, 2) for name, spent in self.cpu.items()},
            "cpu_percent_per_call": round(100 * self.cpu_share, 3),
            "cpu_ms_each": round(1000 * self.cpu_s / max(1, tally.done + tally.failed), 1),
            "worst_r": round(self.worst_r, 4),
            **{key: round(value, 3) for key, value in asdict(tally).items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one call of a load is like."""

    talk_s: float
    audio: Path
    seat_audio: Path
    seconds: float
    """How long the caller speaks, once."""


async def put_load(
    system: System, shape: Shape, *, rate: float, count: int, at_once: int, folder: Path
) -> Step:
    """Register seats at the system, place the calls, weigh and listen. Recordings are deleted."""
    media = free_block(1200)
    for old in system.recordings.glob("*.wav"):
        old.unlink()
    seats = Seats(
        system.passwords,
        system.target,
        Endpoint(sip_port=free_port(), media_port=media),
        folder / "seats",
        audio=shape.seat_audio,
        talk_s=shape.talk_s,
    )
    traffic = Traffic(
        number=system.number,
        rate=rate,
        count=count,
        at_once=at_once,
        stay_s=PROMPT_S + shape.talk_s + 20,
        audio=shape.audio,
        anis=invented_numbers(count),
        times=1,
    )
    source = Endpoint(sip_port=free_port(), media_port=media + 600)
    async with seats, asyncio.timeout(120):
        before = weigh(system)
        tally = await call_in(traffic, system.target, source, folder / "callers")
        spent = {name: after - before[name] for name, after in weigh(system).items()}
    worst = await asyncio.to_thread(worst_likeness, system.recordings, shape.audio, tally.done)
    return Step(system=system.name, rate=rate, cpu=spent, tally=tally, worst_r=worst)


def weigh(system: System) -> dict[str, float]:
    """CPU seconds of each of the system's processes up to now."""
    return {name: cpu_seconds([pid]) for name, pid in system.processes.items()}


def worst_likeness(recordings: Path, audio: Path, calls: int) -> float:
    """The least likeness of what a caller said and what is recorded; 0 when a file is missing.

    On a full machine SIPp sends late and a frame of silence is recorded in between, which shifts
    the rest: so the sound is looked for in pieces, of which one in ten may hold such a seam.
    """
    sent = load(audio)
    worst = []
    for path in sorted(recordings.glob("*-rx.wav")):
        recorded = load(path)
        found = sorted(piece.r for piece in pieces(sent, recorded))
        worst.append(found[len(found) // 10] if found else likeness(sent, recorded).r)
    return min(worst) if len(worst) >= calls else 0.0


def is_clean(step: Step, usual_s: float) -> bool:
    """Every call was served in time, and nobody had to say anything twice."""
    tally = step.tally
    return (
        tally.failed == 0
        and tally.retransmissions <= MOST_RETRANSMITTED * tally.placed
        and tally.mean_s <= usual_s + LATE_S
        and tally.answer_s <= LATE_S
        and tally.rate >= 0.85 * step.rate * RATE_LASTS_S / (RATE_LASTS_S + usual_s)
    )


async def weigh_steady(systems: Sequence[System], shape: Shape, folder: Path) -> list[Step]:
    """``CONCURRENT`` calls at once, each system in turn, ``ROUNDS`` times."""
    rate = CONCURRENT / (PROMPT_S + shape.talk_s)
    steps: list[Step] = []
    for _ in range(ROUNDS):
        for system in systems:
            steps.append(
                await put_load(
                    system,
                    shape,
                    rate=rate,
                    count=STEADY_CALLS,
                    at_once=CONCURRENT * 2,
                    folder=folder,
                )
            )
    return steps


async def find_rate(
    systems: Sequence[System], shape: Shape, rates: Sequence[float], folder: Path
) -> tuple[dict[str, float], list[Step]]:
    """The highest clean rate of each system, and every step on the way there."""
    best = {system.name: 0.0 for system in systems}
    usual: dict[str, float] = {}
    steps: list[Step] = []
    climbing = list(systems)
    for rate in rates:
        for system in list(climbing):
            for _attempt in range(2):
                step = await put_load(
                    system,
                    shape,
                    rate=rate,
                    count=round(rate * RATE_LASTS_S),
                    at_once=MOST_AT_ONCE,
                    folder=folder,
                )
                steps.append(step)
                if is_clean(step, usual.setdefault(system.name, step.tally.mean_s)):
                    best[system.name] = rate
                    break
            else:
                climbing.remove(system)
    return best, steps


def make_shape(folder: Path, prompt_s: float, talk_s: float) -> Shape:
    """Sounds for calls of that length: the caller speaks from the answer to the end."""
    seconds = prompt_s + talk_s - 0.1
    return Shape(
        talk_s=talk_s,
        audio=write_alaw(folder / f"caller-{talk_s:g}.alaw", chirp(seconds, seed=1)),
        seat_audio=write_alaw(folder / f"seat-{talk_s:g}.alaw", chirp(talk_s, seed=2)),
        seconds=seconds,
    )


def bare(folder: Path, prompt_s: float, name: str = "bare", seats: int = SEATS) -> BareAsterisk:
    """The peer, with a prompt of that length."""
    rtp = free_block(1000)
    peer = BareAsterisk(
        folder / name,
        sip_port=free_port(),
        ami_port=free_port(),
        rtp=(rtp, rtp + 999),
        seats=[f"bare-{n}" for n in range(1001, 1001 + seats)],
        prompt=write_wav(folder / f"prompt-{prompt_s:g}.wav", chirp(prompt_s, seed=9)),
    )
    peer.name = name
    return peer


def compare(steady: Sequence[Step], best: Mapping[str, float], ours: str, peer: str) -> Result:
    """Put both beside each other and judge. Medians: one disturbed round must not decide."""
    shares = {
        name: median(step.cpu_share for step in steady if step.system == name)
        for name in (ours, peer)
    }
    cpu_ratio = shares[ours] / shares[peer]
    rate_ratio = best[ours] / best[peer] if best[peer] else 0.0
    unheard = sum(step.worst_r < 0.98 for step in steady)
    figures = {
        "cpu_percent_per_call": {name: round(100 * share, 3) for name, share in shares.items()},
        "cpu_ms_a_call": {
            name: {
                part: round(median(1000 * s.cpu[part] / s.tally.done for s in mine), 1)
                for part in mine[0].cpu
            }
            for name in (ours, peer)
            if (mine := [step for step in steady if step.system == name and step.tally.done])
        },
        "cpu_ratio": round(cpu_ratio, 3),
        "calls_a_second": dict(best),
        "rate_ratio": round(rate_ratio, 3),
        "failed": sum(step.tally.failed for step in steady),
        "loads_with_a_spoilt_recording": unheard,
        "rounds": [step.shown() for step in steady],
    }
    reach = {"cpu_ratio": f"<= {CPU_REACH}", "rate_ratio": f">= {RATE_REACH}", "failed": 0}
    holds = (
        cpu_ratio <= CPU_REACH
        and rate_ratio >= RATE_REACH
        and figures["failed"] == 0
        and unheard == 0
    )
    return Result(bench="calls", figures=figures, reach=reach, holds=holds)


async def _measure(folder: Path) -> tuple[list[Step], dict[str, float], list[Step]]:
    long = make_shape(folder, PROMPT_S, TALK_S)
    short = make_shape(folder, SHORT_PROMPT_S, SHORT_TALK_S)
    async with (
        Ours(folder, seats=SEATS, prompt=chirp(PROMPT_S, seed=9)) as ours,
        ours.staffed(),
        bare(folder, PROMPT_S) as peer,
    ):
        steady = await weigh_steady([ours, peer], long, folder)
    async with (
        Ours(folder, seats=SEATS, prompt=chirp(SHORT_PROMPT_S, seed=9)) as ours,
        ours.staffed(),
        bare(folder, SHORT_PROMPT_S) as peer,
    ):
        best, climb = await find_rate([ours, peer], short, RATES, folder)
    return steady, best, climb


def run(folder: Path) -> Result:
    """Measure, judge, draw."""
    steady, best, climb = asyncio.run(_measure(folder))
    result = compare(steady, best, "ours", "bare")
    shares = {name: [step.cpu_share for step in steady if step.system == name] for name in best}
    usual = {name: next(s.tally.mean_s for s in climb if s.system == name) for name in best}
    climbs = {
        name: [
            (step.rate, step.cpu_s / step.tally.lasted_s, is_clean(step, usual[name]))
            for step in climb
            if step.system == name
        ]
        for name in best
    }
    draw_calls(folder / "calls.png", shares, climbs)
    return result
