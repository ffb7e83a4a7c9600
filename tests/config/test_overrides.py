"""Words chosen for prompts instead of those made by rule."""

import pytest

from config.overrides import LONGEST_TEXT, PromptOverride, read_overrides

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
    ],
)
def test_a_wrong_override_is_named(row: str, column: str) -> None:
    faults = read_overrides(f"{HEADER}bye,,,再见。\n{row}\n")[1]

    assert [(f.row, f.column) for f in faults] == [(3, column)]
    assert all(fault.instead for fault in faults)
