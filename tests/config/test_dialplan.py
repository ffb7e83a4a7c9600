"""The generated dialplan: every spelling of every line, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.dialplan import numbers, read_dialplan, render_numbers, shown
from config.ledger import Line, Mode
from config.profile import Profile
from cti.ids import LineId
from tests.config.profiles import good_profile

ledger_numbers = st.sets(
    st.from_regex(r"[2-9][0-9]{6,7}|1[0-9]{4}|9[0-9]{4}", fullmatch=True).filter(
        lambda number: number != "12345"
    ),
    min_size=1,
    max_size=40,
)
area_codes = st.from_regex(r"0[1-9][0-9]{1,2}", fullmatch=True)


def _profile(found: set[str], area_code: str) -> Profile:
    lines = tuple(
        Line(number=LineId(n), name="甲", department="乙", mode=Mode.WHOLE, row=row)
        for row, n in enumerate(sorted(found), 2)
    )
    return good_profile().model_copy(update={"lines": lines, "area_code": area_code})


@given(ledger_numbers, area_codes)
def test_from_trunk_holds_every_spelling_of_every_line_and_nothing_else(
    found: set[str], area_code: str
) -> None:
    """What a trunk can dial is exactly what the ledger says, each leading to its own line."""
    profile = _profile(found, area_code)
    context = read_dialplan(render_numbers(profile))["from-trunk"]

    wanted = dict(numbers(profile))
    assert set(context) == set(wanted)
    for spelling, steps in context.items():
        assert steps == [
            f"MSet(CENTRE=testcity,LINE={wanted[spelling]},DNIS={spelling},"
            f"PROMPT=${{SOUNDS}}/line-{wanted[spelling]})",
            "Goto(arrive,s,1)",
        ]


def test_generated_text_only_sets_and_goes() -> None:
    """Nobody ever stands in a generated extension: a reload may remove it."""
    for context in read_dialplan(render_numbers(good_profile())).values():
        for steps in context.values():
            assert [step.partition("(")[0] for step in steps] in (["MSet", "Goto"], ["Set", "Goto"])


def test_unknown_numbers_are_digits_of_fixed_length() -> None:
    """No pattern takes "anything": line ends in a dialled number would reach AMI."""
    patterns = set(read_dialplan(render_numbers(good_profile()))["from-trunk-unknown"])

    assert patterns == {"s"} | {"_" + "[+*#0-9]" * n for n in range(1, 25)}


def test_seats_may_call_seats_and_the_hotline() -> None:
    """A seat's context holds the seats and 12345, nothing of the trunk's."""
    context = read_dialplan(render_numbers(good_profile()))["from-seat-testcity"]

    assert set(context) == {"12345", "1001", "1002"}
    assert context["1001"] == ["Set(SEAT=testcity-1001)", "Goto(seat-call,s,1)"]


@pytest.mark.parametrize("cut", [0.3, 0.55, 0.9])
def test_a_cut_file_does_not_read_as_whole(cut: float) -> None:
    """A text cut anywhere is refused, or read back with numbers missing."""
    text = render_numbers(good_profile())
    half = text[: int(len(text) * cut)]

    try:
        found = read_dialplan(half)
    except ValueError:
        return
    assert found != read_dialplan(text)


@pytest.mark.parametrize(
    "text",
    [
        "exten => 1,1,Set(X=1)",
        "[a]\n same => n,Goto(x)",
        "[a]\nexten => 1,1,Set(X=1\n",
        "[a]\nexten => 1,1,Set(X=1)\nexten => 1,1,Set(X=2)",
        "[a b]\n",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    """Reading back believes only what it knows."""
    with pytest.raises(ValueError, match=r"line \d"):
        read_dialplan(text)


def test_what_asterisk_shows_is_read() -> None:
    """Only the extensions of the context itself, whatever else is on the screen."""
    output = (
        "[ Context 'from-trunk' created by 'pbx_config' ]\n"
        "  '+8647612345' =>  1. MSet(X=1)   [numbers.conf:9]\n"
        "                    2. Goto(arrive,s,1)  [numbers.conf:10]\n"
        "  '12345' =>        1. MSet(X=1)\n"
        "  Include =>        'from-trunk-unknown'   [pbx_config]\n"
    )

    assert shown(output) == {"+8647612345", "12345"}
