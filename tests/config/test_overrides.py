"""Words chosen for prompts instead of those made by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.overrides import LONGEST_TEXT, PromptOverride, read_overrides, with_override

HEADER = "提示音,音色,语速,文字\n"


def test_a_prompt_may_have_other_words_another_voice_or_another_pace() -> None:
    found, faults = read_overrides(HEADER + "a-12345,zm_yunxi,0.9,您好。\nbye,,,\n")

    assert faults == []
    assert found == {
        "a-12345": PromptOverride(voice="zm_yunxi", speed=0.9, text="您好。", row=2),
        "bye": PromptOverride(row=3),
    }


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("欢迎词,,,您好。", "提示音"),
        (",,,您好。", "提示音"),
        ("bye,,,您好。", "提示音"),
        ("a-12345,云希,,您好。", "音色"),
        ("a-12345,,快,您好。", "语速"),
        ("a-12345,,0.4,您好。", "语速"),
        ("a-12345,,3,您好。", "语速"),
        (f"a-12345,,,{'好' * (LONGEST_TEXT + 1)}", "文字"),
        ("a-12345,,,。", "文字"),
    ],
)
def test_a_wrong_override_is_named(row: str, column: str) -> None:
    faults = read_overrides(f"{HEADER}bye,,,再见。\n{row}\n")[1]

    assert [(f.row, f.column) for f in faults] == [(3, column)]
    assert all(fault.instead for fault in faults)


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(["", "好，的", '说"您"好'])), max_size=6
    )
)
def test_what_is_written_for_a_prompt_is_read_back_and_nothing_else_changes(
    writes: list[tuple[str, str]],
) -> None:
    table = ""
    expected: dict[str, tuple[str, float, str]] = {}
    for name, words in writes:
        override = PromptOverride(voice="zm_yunxi", speed=0.92, text=words)
        table = with_override(table, name, override)
        expected[name] = ("zm_yunxi", 0.92, words)
    found, faults = read_overrides(table) if writes else ({}, [])
    assert faults == []
    assert {name: (o.voice, o.speed, o.text) for name, o in found.items()} == expected


def test_remarks_and_other_rows_stay_where_a_prompt_is_written() -> None:
    before = f"# 我们的说明\n{HEADER}bye,zf_xiaoyi,,\nwait-1,,,稍候。\n"
    after = with_override(before, "bye", PromptOverride(speed=1.0, text="再见。"))
    assert after == f"# 我们的说明\n{HEADER}wait-1,,,稍候。\nbye,,,再见。\n"


def test_a_table_with_other_columns_keeps_them() -> None:
    """In any order, with columns of the city's own, and as office programs save it."""
    before = '\ufeff"# 说明"\n文字,提示音,备注\n再见。,bye,甲\n稍候。,wait-1,乙\n'
    after = with_override(before, "bye", PromptOverride(speed=0.92))
    assert after == ('"# 说明"\n文字,提示音,备注,音色,语速\n稍候。,wait-1,乙,,\n,bye,甲,,0.92\n')


def test_a_table_that_cannot_be_read_is_left_alone() -> None:
    with pytest.raises(ValueError, match="提示音"):
        with_override("编号,文字\nbye,再见。\n", "bye", PromptOverride())
