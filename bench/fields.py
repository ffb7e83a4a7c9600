"""How often a draft's fields are right: on true text, and on speech as it was written down.

``python -m bench fields CORPUS.json … [--heard TEXTS.json] [--blind] [--wrong]``. A corpus is a
list of callers with labels (city, type, dept, district, when, phone, amount, text). ``--heard``
gives other texts for the same callers, by id: what speech became. ``--blind`` measures the archive
of callers that nobody tunes on, once its SHA-256 is the one that decision 023 names; what it holds
is never printed, only the table.
"""

import argparse
import hashlib
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from bench.result import Result
from config.files import load_platform
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from cti.ids import CallId, CentreId, LineId
from records.callrecord import CallRecord, Disposition
from records.demand import CHINESE
from records.draft import WorkOrderDraft
from records.engine.protocol import Segment, Transcript
from records.extract import extract
from records.learned import Learned
from records.trades import trade_of
from records.weights import kept

BLIND: Final = CHECKOUT / "bench" / "speechset" / "texts_third.zip"
DECISION: Final = CHECKOUT / "docs" / "decisions" / "023-blind-set.md"
PROFILES: Final = {
    "赤峰市": "chifeng",
    "邵阳市": "shaoyang",
    "西宁市": "qinghai/xining",
    "南昌市": "jiangxi",
    "长沙市": "hunan",
}
REACH: Final = {
    "type": 95.0,
    "office": 85.0,
    "office_in_three": 95.0,
    "district": 92.0,
    "when": 80.0,
    "phone": 90.0,
    "amount": 90.0,
}
NOON: Final = datetime(2026, 11, 20, 4, tzinfo=UTC)

Caller = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One field of one caller: what the label says, what the draft says."""

    field: str
    wanted: str
    found: str
    is_right: bool
    text: str


def run(folder: Path, arguments: Sequence[str] = ()) -> Result:
    """Measure what the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m bench fields")
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--heard", type=Path, help="texts by id, as speech became them")
    parser.add_argument("--blind", action="store_true", help="the archive that nobody opens")
    parser.add_argument("--rules", action="store_true", help="without the learnt weights")
    parser.add_argument("--wrong", action="store_true", help="print every wrong field")
    options = parser.parse_args(arguments)
    if options.blind:
        callers: list[Caller] = unseal(BLIND, DECISION.read_text(encoding="utf-8"))
        options.wrong = False
    else:
        if not options.corpora:
            parser.error("name a corpus, or --blind")
        callers = [
            caller for path in options.corpora for caller in json.loads(path.read_text("utf-8"))
        ]
    heard = json.loads(options.heard.read_text("utf-8")) if options.heard else {}
    learned = None if options.rules else kept()
    marks = [m for caller in callers for m in examine(caller, _text(caller, heard), learned)]
    if options.wrong:
        for mark in marks:
            if not mark.is_right:
                print(f"{mark.field}: {mark.wanted} ≠ {mark.found}\n    {mark.text}")
    figures = table(marks)
    (folder / "fields.json").write_text(json.dumps(figures, ensure_ascii=False), encoding="utf-8")
    return Result(
        bench="fields",
        figures={"callers": len(callers), "heard": bool(heard), **figures},
        reach=REACH,
        holds=bool(figures)
        and all(row["percent"] >= REACH.get(name, 0.0) for name, row in figures.items()),
    )


def unseal(archive: Path, decision: str) -> list[Caller]:
    """The callers in the archive. Raises ``ValueError`` unless the decision names its sum."""
    whole = archive.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        (name,) = [name for name in packed.namelist() if name.endswith(".json")]
        inner = packed.read(name)
    sums = {hashlib.sha256(part).hexdigest() for part in (whole, inner)}
    if not sums & set(re.findall(r"\b[0-9a-f]{64}\b", decision)):
        raise ValueError(f"{archive.name}: its SHA-256 is not the one the decision names")
    callers: list[Caller] = json.loads(inner)
    return callers


def table(marks: Sequence[Mark]) -> dict[str, dict[str, float]]:
    """Right and asked for, field by field."""
    fields: dict[str, list[bool]] = {}
    for mark in marks:
        fields.setdefault(mark.field, []).append(mark.is_right)
    return {
        field: {
            "right": sum(are_right),
            "of": len(are_right),
            "percent": round(100 * sum(are_right) / len(are_right), 1),
        }
        for field, are_right in fields.items()
    }


def examine(caller: Caller, text: str, learned: Learned | None) -> Iterator[Mark]:
    """Hold the draft of one caller's words against the labels that there are."""
    draft = drafted(text, caller["city"], learned)
    offices = [trade_of(office.name) for office in draft.offices]
    kind = CHINESE[draft.demand_type] if draft.demand_type else ""
    amounts = [f"{amount.yuan:g}" for amount in draft.amounts if not amount.about]

    def mark(field: str, found: str, is_right: bool, label: str = "") -> Iterator[Mark]:
        wanted = str(caller.get(label or field) or "")
        if wanted:
            yield Mark(field=field, wanted=wanted, found=found, is_right=is_right, text=text)

    office = trade_of(str(caller.get("dept") or ""))
    yield from mark("type", kind, kind == caller.get("type"))
    yield from mark("office", "、".join(offices), offices[:1] == [office], "dept")
    yield from mark("office_in_three", "、".join(offices), office in offices, "dept")
    region = draft.place.region or ""
    yield from mark("district", region, _is_district(str(caller.get("district") or ""), region))
    when = draft.when.text or ""
    yield from mark("when", when, _is_time(str(caller.get("when") or ""), when))
    number = draft.caller.number or ""
    yield from mark("phone", number, number == caller.get("phone"))
    yield from mark("amount", "、".join(amounts), str(caller.get("amount")) in amounts)
    for field, found in (("phone", number), ("amount", "、".join(amounts))):
        if field in caller and not caller[field]:
            yield Mark(field=f"no_{field}", wanted="", found=found, is_right=not found, text=text)


def drafted(text: str, city: str, learned: Learned | None) -> WorkOrderDraft:
    """The draft of a call whose caller said this at once, without a known number."""
    record = CallRecord(
        call=CallId("bench-1.1"),
        centre=CentreId("bench"),
        line=LineId("12345"),
        dnis="12345",
        ani="",
        arrived_at=NOON,
        ended_at=NOON + timedelta(seconds=60),
        disposition=Disposition.ANSWERED,
    )
    said = Segment(channel="caller", start_s=1.0, end_s=20.0, text=text, confidence=1.0)
    heard = Transcript(engine="text", segments=(said,))
    return extract(record, heard, profile_of(city), 60.0, learned=learned)


@cache
def profile_of(city: str) -> Profile:
    """The city's places and terms; offices by their usual names, which labels are held against."""
    name, _, folder = PROFILES[city].partition("/")
    platform = load_platform(Settings(profile=name))
    profile = next(each for each in platform if each.folder == folder)
    return profile.model_copy(update={"offices": (), "lines": ()})


def _text(caller: Caller, heard: Mapping[str, str]) -> str:
    return heard.get(str(caller.get("id")), "") if heard else str(caller["text"])


def _is_district(wanted: str, found: str) -> bool:
    """大通县 is 大通回族土族自治县."""
    is_short = found[:2] == wanted[:2] and found[-1:] == wanted[-1:]
    return bool(found) and (found == wanted or is_short)


def _is_time(wanted: str, found: str) -> bool:
    """The same words, or one within the other that leaves out no more than half of it."""
    one, other = sorted((_digits(wanted), _digits(found)), key=len)
    return bool(one) and one in other and 2 * len(one) >= len(other)


def _digits(said: str) -> str:
    """Every number as digits: 二零二三年十二月三十一号 and 2023年12月31日 are one time."""
    plain = said.replace("号", "日")
    plain = re.sub(r"[零〇一二三四五六七八九]{4}(?=年)", lambda m: _each(m[0]), plain)
    return re.sub(r"[一二两三四五六七八九十]+", lambda m: str(_small(m[0])), plain)


def _each(said: str) -> str:
    return "".join(str("零一二三四五六七八九".index(s.replace("〇", "零"))) for s in said)


def _small(said: str) -> int:
    tens, ten, ones = said.replace("两", "二").partition("十")
    value = {sign: n for n, sign in enumerate("零一二三四五六七八九")}
    if not ten:
        return value.get(tens[-1:], 0)
    return 10 * (value.get(tens, 1) if tens else 1) + value.get(ones, 0)
