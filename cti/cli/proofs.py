"""``hotline prompts check``: what came through of each prompt, and what was done about the rest."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.progress import track
from rich.table import Table

from config.platform import Platform
from config.settings import Settings
from cti.cli.options import Refused, answer, err, os_user, out, say_refused
from cti.prompting import build_with_progress
from cti.prooflistening import (
    Proof,
    difference,
    figures,
    keep_override,
    mend,
    prove,
    report_text,
    to_prove,
)
from records.engine.protocol import Engine
from records.engine.registry import EngineMissing, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What is checked, and what is done about it."""

    only: str = ""
    """Beginning of the prompts' ids."""
    is_mended: bool = False
    report: Path | None = None


def check(settings: Settings, platform: Platform, wished: Wishes, *, as_json: bool) -> bool:
    """Make what is missing, listen to all of it, print what was heard; say whether all is right.

    Mended: what is not right is said in another way, which is written into the working copy.
    What cannot be mended is named for a person to record.
    """
    chosen = [pair for pair in to_prove(platform) if pair[1].id.startswith(wished.only)]
    build_with_progress(settings, platform, [prompt for _, prompt in chosen], err)
    engine = _engine(settings)
    watched = track(chosen, "听写提示音", console=err, transient=True, disable=not err.is_terminal)
    proofs = [prove(engine, settings, profile, prompt) for profile, prompt in watched]
    failed = [proof for proof in proofs if not proof.is_right]
    mended = _mended(engine, settings, platform, failed) if wished.is_mended else {}
    if wished.report is not None:
        wished.report.parent.mkdir(parents=True, exist_ok=True)
        now = [mended.get(proof.prompt.id, proof) for proof in proofs]
        wished.report.write_text(report_text(engine, now), encoding="utf-8")
    value = {
        "engine": engine.name,
        **asdict(figures(proofs)),
        "failed": [_told(proof, mended.get(proof.prompt.id)) for proof in failed],
    }
    left = [proof for proof in failed if proof.prompt.id not in mended]
    answer(value, as_json=as_json, show=lambda: _show(proofs, failed, mended))
    if left:
        say_refused("请用真人录音代替 (hotline prompts replace 编号 文件):")
        for proof in left:
            say_refused(f"  {proof.prompt.id}  {proof.prompt.text}")
    return not left


def _engine(settings: Settings) -> Engine:
    try:
        return load(settings, threads=2)
    except EngineMissing as missing:
        say_refused(str(missing))
        raise Refused from None


def _mended(
    engine: Engine, settings: Settings, platform: Platform, failed: list[Proof]
) -> dict[str, Proof]:
    """Those that are understood when said in another way, which is written down."""
    found: dict[str, Proof] = {}
    for proof in failed:
        better = mend(engine, settings, platform, proof)
        if better is not None:
            profile = next(one for one in platform if one.centre == proof.centre)
            keep_override(settings, profile, difference(proof, better), who=os_user())
            found[proof.prompt.id] = better
    return found


def _told(proof: Proof, better: Proof | None) -> dict[str, Any]:
    return {
        "id": proof.prompt.id,
        "text": proof.prompt.text,
        "heard": proof.heard,
        "seconds": round(proof.seconds, 2),
        "is_name_right": proof.understood.is_name_right,
        "wrong_numbers": list(proof.understood.wrong_numbers),
        "mended": _way(proof, better) if better else None,
    }


def _show(proofs: list[Proof], failed: list[Proof], mended: dict[str, Proof]) -> None:
    if failed:
        table = Table("编号", "应说", "听到", "秒", "结果")
        for proof in failed:
            better = mended.get(proof.prompt.id)
            result = _way(proof, better) if better else _wrong(proof)
            seconds = f"{proof.seconds:.1f}"
            table.add_row(proof.prompt.id, proof.prompt.text, proof.heard, seconds, result)
        out.print(table)
    counted = figures([mended.get(proof.prompt.id, proof) for proof in proofs])
    out.print(
        f"名称 {counted.names_right}/{counted.names}, 号码 {counted.numbers_right}/"
        f"{counted.numbers}, 最长 {counted.longest_s:.1f} 秒, {len(mended)} 条已换说法",
        soft_wrap=True,
        highlight=False,
    )


def _wrong(proof: Proof) -> str:
    wrong = [] if proof.understood.is_name_right else ["名称"]
    wrong += [f"号码 {number}" for number in proof.understood.wrong_numbers]
    return "听不清: " + ", ".join(wrong) if wrong else "太长"


def _way(proof: Proof, better: Proof) -> str:
    _, override = difference(proof, better)
    pace = f"语速 {override.speed:g}" if override.speed != 1.0 else ""
    return "改用 " + ", ".join(filter(None, [override.voice, pace, override.text]))
