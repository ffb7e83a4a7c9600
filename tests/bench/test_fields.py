"""How often a draft's fields are right, and that the blind callers stay blind."""

import hashlib
import json
import zipfile
from pathlib import Path

import pytest

from bench.fields import BLIND, DECISION, examine, table, unseal
from records.weights import kept

CALLER = {
    "id": 0,
    "city": "赤峰市",
    "type": "投诉",
    "dept": "市场监管局",
    "district": "松山区",
    "when": "昨天",
    "phone": "",
    "amount": "500",
    "text": "我要投诉，我昨天在松山区一家美发店充了五百块钱，今天就关门了，钱也不退。",
}


def test_right_and_wrong_fields_are_told_apart() -> None:
    """What has no label is not counted, but a number where there is none is."""
    figures = table(list(examine(CALLER, str(CALLER["text"]), kept())))
    assert {field: row["percent"] for field, row in figures.items()} == dict.fromkeys(
        ("type", "office", "office_in_three", "district", "when", "amount", "no_phone"), 100.0
    )
    wrong = table(list(examine({**CALLER, "district": "红山区"}, str(CALLER["text"]), None)))
    assert wrong["district"]["right"] == 0


def test_the_blind_archive_is_opened_only_when_its_sum_is_the_one_named(tmp_path: Path) -> None:
    """The archive's own or that of the file in it; anything else is refused."""
    archive = tmp_path / "blind.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("texts.json", json.dumps([CALLER]))
    inner = hashlib.sha256(json.dumps([CALLER]).encode()).hexdigest()
    assert unseal(archive, f"sum: {inner}") == [CALLER]
    with pytest.raises(ValueError, match="SHA-256"):
        unseal(archive, f"sum: {'0' * 64}")


def test_the_kept_archive_is_the_one_that_the_decision_names() -> None:
    """Its sum alone is looked at."""
    assert hashlib.sha256(BLIND.read_bytes()).hexdigest() in DECISION.read_text(encoding="utf-8")
