"""The generated dialplan: a plan for every key of every line, and nothing else."""

import re
from datetime import date, timedelta
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.city import parse_platform
from config.dialled import keys
from config.dialplan import (
    ENDINGS,
    extension,
    read_dialplan,
    render_numbers,
    wrong_extensions,
)
from config.hours import read_hours
from config.ledger import Line, Mode, Seating
from config.numberplan import NumberPlan
from config.owners import Place
from config.platform import Platform
from config.workdays import is_workday
from cti.ids import LineId
from tests.config.pace import SQUARED_S
from tests.config.platforms import city, province, province_files

ledger_numbers = st.sets(
    st.from_regex(r"[2-9][0-9]{6,7}|1[0-9]{4}|9[0-9]{4}|1[3-9][0-9]{9}", fullmatch=True).filter(
        lambda number: number != "12345"
    ),
    min_size=1,
    max_size=40,
)
area_codes = st.from_regex(r"010|02[0-9]|0[3-9][0-9]{2}", fullmatch=True)


def _lines(numbers: list[str], **facts: object) -> tuple[Line, ...]:
    made = Line(number=LineId("0"), name="甲", department="乙", mode=Mode.WHOLE, row=0)
    return tuple(
        made.model_copy(update={"number": number, "row": row, **facts})
        for row, number in enumerate(numbers, 2)
    )


def _platform(numbers: list[str], area_code: str = "0476", **facts: object) -> Platform:
    profile = city().home.model_copy(
        update={"lines": _lines(numbers, **facts), "area_code": area_code}
    )
    return Platform(centres=(profile,), revision=41)


@given(ledger_numbers, area_codes)
def test_every_key_of_every_line_has_its_plan(found: set[str], area_code: str) -> None:
    """What a trunk can dial is exactly what the ledger says, each leading to its own line."""
    contexts = read_dialplan(render_numbers(_platform(sorted(found), area_code)))

    wanted = {key: n for n in (*found, "12345") for key in keys(n, area_code)}
    for key, number in wanted.items():
        first, second = contexts[f"numbers-{key[-2:]}"][key]
        assert first.startswith(f"Set(PLAN=41,testcity,{number},")
        assert second == "Goto(arrive,s,1)"
    assert sum(len(contexts[f"numbers-{ending}"]) for ending in ENDINGS) == len(wanted)


def test_a_plan_is_written_by_what_its_cases_share() -> None:
    """First what is the same on all days, then conditions in the order of the cases."""
    text = render_numbers(_platform(["8337772"], begins=date(2026, 1, 1), ends=date(2026, 12, 31)))
    plan = read_dialplan(text)["numbers-72"]["8337772"][0]

    digests = re.sub(r"-[0-9a-f]{8}", "", plan)
    assert digests == (
        "Set(PLAN=41,testcity,8337772,${IF($[${DATE}<=20251231]?planned,testcity-12345,queue,,,,,:"
        "${IF($[${DATE}>=20260101 & ${DATE}<=20261231]?"
        "transition,testcity-8337772-transition,queue,,,,,:"
        "cancelled,testcity-8337772-cancelled,queue,,,,,)})})"
    )


def test_a_plan_for_seats_elsewhere_says_where() -> None:
    """Peer, number, ring time, and the address that calls must not come from."""
    contexts = read_dialplan(render_numbers(province()))

    sub_centre = contexts["numbers-66"]["12366"][0]
    assert "dial,shuiwu,6612366,12,10.8.0.1,5060" in sub_centre
    kept = contexts["numbers-33"]["12333"][0]
    assert "$[${WORKDAY} & ((${MINUTE}>=510 & ${MINUTE}<720))]?" in kept
    fronted = contexts["numbers-19"]["0797**12319"][0]
    assert "dial,ganzhou,07979306263,20,10.9.0.1,5060" in fronted


def test_callers_and_trunks_have_extensions_of_their_own() -> None:
    """An area, a trunk's centre, or both stand before the key."""
    places = [Place("", ""), Place("0791", ""), Place("", "shi"), Place("0791", "shi")]

    assert [extension(place, "12319") for place in places] == [
        "12319",
        "0791**12319",
        "*shi*12319",
        "0791*shi*12319",
    ]
    contexts = read_dialplan(render_numbers(province()))
    assert {"12345", "0791**12345", "0792**12345", "*shi*12345"} <= set(contexts["numbers-45"])
    assert {"unknown", "0791**unknown", "*shi*unknown"} <= set(contexts["numbers-unknown"])
    assert contexts["areas-97"]["1390797"] == ["Set(AREA=0797)", "Goto(enter,s,placed)"]


def test_centres_that_ask_how_it_was_are_named() -> None:
    """Those whose profile says ``survey = false`` are not; all others are."""
    platform = province()
    home, *others = platform.centres
    silent = platform.model_copy(
        update={"centres": (home.model_copy(update={"survey": False}), *others)}
    )
    named = {each.centre for each in platform}
    assert set(read_dialplan(render_numbers(platform))["surveyed"]) == named
    assert set(read_dialplan(render_numbers(silent))["surveyed"]) == named - {home.centre}


ASKED_FOR = ("holiday", "makeup", "surveyed")
"""Contexts whose extensions are only asked for: they need not do anything."""


def test_nobody_stands_in_what_is_generated() -> None:
    """Every extension sets and goes, or is only asked for: a reload may remove it."""
    for platform in (city(), province()):
        for name, context in read_dialplan(render_numbers(platform)).items():
            does = {tuple(step.partition("(")[0] for step in steps) for steps in context.values()}
            assert does <= ({("NoOp",)} if name in ASKED_FOR else {("Set", "Goto")})


def test_all_contexts_are_always_there() -> None:
    """The fixed dialplan includes them, also where no number ends so."""
    contexts = read_dialplan(render_numbers(city()))

    assert {f"{kind}-{ending}" for kind in ("numbers", "areas") for ending in ENDINGS} <= set(
        contexts
    )
    assert {"anything", "holiday", "makeup", "numbers-unknown"} <= set(contexts)


def test_the_table_says_which_it_is_before_it_is_asked() -> None:
    """A call that met two tables is told by the revision of its plan, and asks again."""
    steps = read_dialplan(render_numbers(province()))["revision"]["s"]

    assert steps == ["Set(ASKED=7)", "Goto(enter,s,meant)"]


def test_a_number_taken_away_still_has_a_plan() -> None:
    """Whatever key a caller stands at, the same two priorities lead on."""
    anything = read_dialplan(render_numbers(province()))["anything"]

    assert list(anything) == ["_[0-9a-z*]!"]
    assert [step.partition("(")[0] for step in anything["_[0-9a-z*]!"]] == ["Set", "Goto"]
    assert "PLAN=7,sheng,12345,kept,sheng-unknown-" in anything["_[0-9a-z*]!"][0]


def test_the_calendar_holds_what_the_week_gets_wrong() -> None:
    """National Day is a Thursday off; the make-up Saturday is worked."""
    contexts = read_dialplan(render_numbers(city()))

    assert "20261001" in contexts["holiday"]
    assert "20261010" in contexts["makeup"]
    assert "20261003" not in contexts["holiday"]  # a Saturday anyway
    day = date(2026, 1, 1)
    while day.year == 2026:
        name = f"{day:%Y%m%d}"
        week = day.isoweekday() <= 5
        said = (week and name not in contexts["holiday"]) or name in contexts["makeup"]
        assert said == is_workday(day)
        day += timedelta(days=1)


def test_a_centres_own_days_are_asked_before_the_countrys() -> None:
    """Where a centre has some, its lines' hours look at them; elsewhere nothing is longer."""
    files = province_files() | {
        "days.csv": "日期,类别\n2026-08-18,放假\n2026-08-22,上班\n".encode()
    }
    contexts = read_dialplan(render_numbers(parse_platform(files)))

    home = parse_platform(files).home.centre
    assert list(contexts[f"off-{home}"]) == ["20260818"]
    assert list(contexts[f"worked-{home}"]) == ["20260822"]
    assert (
        f"$[((${{WORKDAY}} & !${{DIALPLAN_EXISTS(off-{home},${{DATE}},1)}}) | "
        f"${{DIALPLAN_EXISTS(worked-{home},${{DATE}},1)}}) & ((${{MINUTE}}>=510"
    ) in contexts["numbers-33"]["12333"][0]
    assert not any(
        name.startswith(("off-", "worked-")) for name in read_dialplan(render_numbers(province()))
    )
    only = files | {"days.csv": "日期,类别\n2026-08-18,放假\n".encode()}
    assert f"worked-{home}" not in read_dialplan(render_numbers(parse_platform(only)))


def test_seats_may_call_seats_and_the_hotline() -> None:
    """A seat's context holds its centre's seats and 12345, nothing of the trunk's."""
    contexts = read_dialplan(render_numbers(province()))

    assert set(contexts["from-seat-shi"]) == {"12345", "1001", "1002"}
    assert contexts["from-seat-shi"]["1001"] == ["Set(SEAT=shi-1001)", "Goto(seat-call,s,1)"]
    assert contexts["from-seat-shi"]["12345"] == ["Set(DIALLED=12345)", "Goto(enter,s,1)"]


def test_what_a_number_means_must_fit_into_a_line() -> None:
    """Asterisk would cut a longer one; no table that passes its check comes near."""
    long = "a" * 4000
    profile = city().home
    kept = profile.line("12366").model_copy(update={"peer": long, "destination": "1"})
    platform = Platform(centres=(profile.model_copy(update={"lines": (kept,)}),))

    with pytest.raises(ValueError, match="12366: what it means takes 4"):
        render_numbers(platform)


def test_a_line_with_many_hours_and_three_states_fits() -> None:
    """The longest plan that a ledger can ask for is far from too long."""
    hours = read_hours("工作日 00:30-02:30,03:30-05:30,06:30-08:30,12:30-14:30,15:30-17:30")
    platform = _platform(
        ["8337772"],
        mode=Mode.DUAL,
        seating=Seating.KEPT,
        begins=date(2026, 1, 1),
        ends=date(2026, 12, 31),
        peer="abcdefghijklmnop",
        destination="1" * 16,
        hours=hours,
    )

    plan = read_dialplan(render_numbers(platform))["numbers-72"]["8337772"][0]
    assert plan.count("${IF(") == 5
    assert len(plan) < 2000


def test_missing_and_surplus_keys_are_named() -> None:
    """A rendering is read back before it is used."""
    platform = _platform(["8337772", "8820813"])
    text = render_numbers(platform)

    assert wrong_extensions(platform, text) == set()
    assert wrong_extensions(platform, text.replace("exten => 8337772,", "exten => 8337773,")) == {
        "8337772@numbers-72",
        "8337773@numbers-72",
    }
    assert wrong_extensions(province(), render_numbers(province())) == set()


def test_ten_thousand_lines_are_rendered_one_by_one() -> None:
    """Once their prompts are named, which takes as long as saying them over."""
    numbers = [str(8_000_000 + 7 * count) for count in range(10_000)]
    platform = _platform(numbers, begins=date(2026, 1, 1), ends=date(2027, 1, 1))
    render_numbers(platform)

    began = process_time()
    text = render_numbers(platform)
    assert process_time() - began < SQUARED_S
    assert len(list(NumberPlan(platform).keys)) == text.count("exten => 0476") * 2


@pytest.mark.parametrize("cut", [0.1, 0.3, 0.55, 0.9])
def test_a_cut_file_does_not_read_as_whole(cut: float) -> None:
    """A text cut anywhere is refused, or read back with something missing."""
    text = render_numbers(city())
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
