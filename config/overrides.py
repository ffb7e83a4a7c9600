"""What prompts say instead of what is made by rule (``prompts.csv``). Pure."""

import re
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.faults import Fault
from config.table import Row, read_table
from config.tabletext import remarks_of, table_text

PROMPTS = "prompts.csv"
_COLUMNS = ("提示音", "音色", "语速", "文字")
_REMARK = "# 个别提示音的音色、语速和文字，空着的照常；hotline prompts check --mend 也写在这里"
LONGEST_TEXT = 200
_SLOWEST, _FASTEST = 0.5, 2.0
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_VOICE = re.compile(r"z[fm]_[a-z0-9]+", re.ASCII)


class PromptOverride(BaseModel):
    """What a prompt says or how it is said instead of what is made by rule (``prompts.csv``)."""

    model_config = ConfigDict(frozen=True)

    voice: str = ""
    """The voice; '': the centre's own."""
    speed: float = 1.0
    """How fast, as a factor on the voice's own pace."""
    text: str = ""
    """The words; '': those made by rule."""
    row: int = 0


def read_overrides(text: str) -> tuple[dict[str, PromptOverride], list[Fault]]:
    """Read the overrides by prompt id. Whether there is such a prompt is not looked at here."""
    rows, faults = read_table(PROMPTS, text, ("提示音",))
    found: dict[str, PromptOverride] = {}
    for row in rows:
        told = partial(Fault, PROMPTS, row.line)
        name = row["提示音"]
        if not _ID.fullmatch(name):
            example = "提示音的编号，如chifeng-12345"
            faults.append(told("提示音", f"「{name}」不是提示音的编号", example))
        elif name in found:
            message = f"提示音{name}在第{found[name].row}行已有"
            faults.append(told("提示音", message, "每个提示音只写一行"))
        speed, wrong = _speed(row)
        faults += wrong
        if row["音色"] and not _VOICE.fullmatch(row["音色"]):
            faults.append(told("音色", f"「{row['音色']}」不是音色的名称", "zm_yunxi"))
        if row["文字"] and not re.search(r"\w", row["文字"]):
            message = f"「{row['文字']}」没有可说的话"
            faults.append(told("文字", message, "要说的话，或留空照常"))
        if len(row["文字"]) > LONGEST_TEXT:
            message = f"文字有{len(row['文字'])}个字，来电人等不了这么久"
            faults.append(told("文字", message, f"不超过{LONGEST_TEXT}个字"))
        override = PromptOverride(voice=row["音色"], speed=speed, text=row["文字"], row=row.line)
        found.setdefault(name, override)
    return found, faults


def _speed(row: Row) -> tuple[float, list[Fault]]:
    written = row["语速"] or "1"
    if re.fullmatch(r"\d(\.\d{1,3})?", written, re.ASCII):
        speed = float(written)
        if _SLOWEST <= speed <= _FASTEST:
            return speed, []
    better = f"{_SLOWEST}到{_FASTEST}之间的小数，1为正常"
    return 1.0, [Fault(PROMPTS, row.line, "语速", f"「{written}」不是语速", better)]


def with_override(text: str, prompt_id: str, override: PromptOverride) -> str:
    """Write a prompt's override into the table, instead of the one it had.

    '' is a table that is not there yet. Every other row stays, and so do remarks, further columns
    and the columns' order. ``ValueError``: the table cannot be read.
    """
    rows, faults = read_table(PROMPTS, text, _COLUMNS[:1]) if text else ([], [])
    if faults:
        raise ValueError(str(faults[0]))
    header = dict.fromkeys([*(column for row in rows for column in row.cells), *_COLUMNS])
    speed = "" if override.speed == 1.0 else f"{override.speed:g}"
    cells = dict(zip(_COLUMNS, (prompt_id, override.voice, speed, override.text), strict=True))
    kept = []
    for row in rows:
        if row[_COLUMNS[0]] == prompt_id:
            cells = {**row.cells, **cells}
        else:
            kept.append(row.cells)
    remarks = remarks_of(text) if text else [_REMARK]
    return table_text(remarks, [column for column in header if column], [*kept, cells])
