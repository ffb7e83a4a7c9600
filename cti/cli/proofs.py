"""``hotline prompts check``: what came through of each prompt, and what was done about the rest."""

from dataclasses import asdict
from typing import Any

from rich.progress import track
from rich.table import Table

from config.overrides import PromptOverride
from config.platform import Platform
from config.settings import Settings
from cti.cli.options import Refused, answer, err, os_user, out, say_refused
from cti.prompting import build_with_progress
from cti.prooflistening import Proof, figures, keep_override, mend, prove, to_prove
from records.engine.protocol import Engine
from records.engine.registry import EngineMissing, load


def check(
    settings: Settings, platform: Platform, *, only: str, is_mended: bool, as_json: bool
) -> bool:
    """Make what is missing, listen to all of it, print what was heard; say whether all is right.

    With ``is_mended`` what is not right is said in another way, which is written into the working
    copy; what cannot be mended is named for a person to record.
    """
    chosen = [pair for pair in to_prove(platform) if pair[1].id.startswith(only)]
    build_with_progress(settings, platform, [prompt for _, prompt in chosen], err)
    engine = _engine(settings)
    watched = track(chosen, "听写提示音", console=err, transient=True, disable=not err.is_terminal)
    proofs = [prove(engine, settings, profile, prompt) for profile, prompt in watched]
    failed = [proof for proof in proofs if not proof.is_right]
    mended = _mended(engine, settings, platform, failed) if is_mended else {}
    value = {
        "engine": engine.name,
        **asdict(figures(proofs)),
        "failed": [_told(proof, mended.get(proof.prompt.id)) for proof in failed],
    }
    left = [proof for proof in failed if mended.get(proof.prompt.id) is None]
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
) -> dict[str, PromptOverride]:
    found: dict[str, PromptOverride] = {}
    for proof in failed:
        override = mend(engine, settings, platform, proof)
        if override is not None:
            profile = next(one for one in platform if one.centre == proof.centre)
            keep_override(settings, profile, proof.prompt.id, override, who=os_user())
            found[proof.prompt.id] = override
    return found


def _told(proof: Proof, override: PromptOverride | None) -> dict[str, Any]:
    return {
        "id": proof.prompt.id,
        "text": proof.prompt.text,
        "heard": proof.heard,
        "seconds": round(proof.seconds, 2),
        "is_name_right": proof.understood.is_name_right,
        "wrong_numbers": list(proof.understood.wrong_numbers),
        "mended": override.model_dump(exclude={"row"}) if override else None,
    }


def _show(proofs: list[Proof], failed: list[Proof], mended: dict[str, PromptOverride]) -> None:
    if failed:
        table = Table("编号", "应说", "听到", "秒", "结果")
        for proof in failed:
            override = mended.get(proof.prompt.id)
            result = _way(override) if override else _wrong(proof)
            seconds = f"{proof.seconds:.1f}"
            table.add_row(proof.prompt.id, proof.prompt.text, proof.heard, seconds, result)
        out.print(table)
    counted = figures(proofs)
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


def _way(override: PromptOverride) -> str:
    ways = [override.voice, f"语速 {override.speed:g}" if override.speed != 1.0 else ""]
    return "改用 " + ", ".join(filter(None, [*ways, override.text]))
