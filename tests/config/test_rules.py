"""Reasons for which a demand is not taken on."""

import pytest

from config.rules import Limits, read_refusals

HEADER = "编号,理由,话术,出处\n"


def test_a_reason_has_a_name_and_a_sentence() -> None:
    (refusal,), faults = read_refusals(HEADER + "state-secret,涉及国家秘密,请谅解。,方案三\n")

    assert faults == []
    assert (refusal.id, refusal.reason, refusal.words) == (
        "state-secret",
        "涉及国家秘密",
        "请谅解。",
    )
    assert (refusal.source, refusal.row) == ("方案三", 2)


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        ("State Secret,甲,乙", "编号", "state-secret"),
        ("秘密,甲,乙", "编号", "小写字母、数字和连字符，如state-secret"),
        ("old,甲,乙", "编号", "另一个编号"),
        ("new,,乙", "理由", "不予受理的理由"),
        ("new,甲,", "话术", "不予受理的话术"),
    ],
)
def test_a_wrong_reason_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    faults = read_refusals(f"{HEADER}old,甲,乙,\n{row}\n")[1]

    assert [(f.row, f.column, f.instead) for f in faults] == [(3, column, instead)]


def test_no_limit_is_said_where_a_document_says_none() -> None:
    assert set(Limits().model_dump().values()) == {None}
