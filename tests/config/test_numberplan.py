"""What a dialled number means."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.city import parse_platform
from config.dialled import area_of, is_short, keys, spellings
from config.ledger import LineState, Mode
from config.numberplan import NumberPlan, Plan, When, cases, explain
from config.platform import Platform
from config.workdays import CHINA
from ivr.text import has_prompt
from tests.config.platforms import city, province, province_files

NOON = datetime(2026, 5, 6, 11, 30, tzinfo=CHINA)  # a Wednesday, offices are open
"""In the transition of most lines."""
LATER, BEFORE = NOON.replace(year=2027), NOON.replace(year=2025)

ALL = province()


def _told(plan: Plan) -> list[str]:
    """Each step in one word or two."""
    return [
        " ".join(filter(None, (step.do, step.prompt, step.peer, step.number or step.line)))
        for step in plan.steps
    ]


def _ask(dialled: str, at: datetime = NOON, *, ani: str = "", trunk: str = "sheng") -> Plan:
    return explain(ALL, dialled, ani=ani, at=at, trunk=trunk)


@pytest.mark.parametrize("number", ["8337772", "12333", "12366", "12345"])
def test_a_number_is_known_in_every_spelling(number: str) -> None:
    """Plain, with area code, in all international forms, with a hyphen."""
    for spelled in spellings(number, "0476"):
        plan = explain(city(), spelled, at=NOON)
        assert (plan.line.number, plan.is_known, plan.revision) == (number, True, 3)


@pytest.mark.parametrize(
    ("dialled", "at", "state", "steps"),
    [
        # whole: the hotline's own sentence, then the line's, then the farewell; never silence
        ("93617113", NOON, "transition", ["say sheng-93617113-transition", "queue 93617113"]),
        ("93617113", LATER, "cancelled", ["say sheng-93617113-cancelled", "queue 93617113"]),
        ("07918337772", BEFORE, "planned", ["say shi-12345", "queue 8337772"]),
        ("07918337772", LATER, "cancelled", ["say shi-8337772-cancelled", "hangup"]),
        # seats moved in
        ("079112333", NOON, "transition", ["say shi-12333-transition", "queue 12333"]),
        ("079112333", LATER, "kept", ["say shi-12333-kept", "queue 12333"]),
        ("12316", BEFORE, "planned", ["say sheng-12345", "queue 12316"]),
        ("12316", NOON, "transition", ["say sheng-12316-transition", "queue 12316"]),
        # seats that stay: rung first, inside their hours
        (
            "12366",
            NOON,
            "transition",
            [
                "say zhou-12366-transition",
                "dial shuiwu 6612366",
                "say unreachable",
                "queue 12366",
            ],
        ),
        (
            "12333",
            NOON,
            "transition",
            [
                "say sheng-12333-transition",
                "dial renshe 93612333",
                "say unreachable",
                "queue 12333",
            ],
        ),
        ("12333", NOON.replace(hour=12), "transition", ["say sheng-12333-closed", "queue 12333"]),
        ("12333", NOON.replace(day=3), "transition", ["say sheng-12333-closed", "queue 12333"]),
        # before their merger a word about it would be wrong; recording is announced if asked for
        ("12366", BEFORE, "planned", ["dial shuiwu 6612366", "say unreachable", "queue 12366"]),
        ("12345", NOON, "kept", ["say sheng-12345", "queue 12345"]),
        ("88888888", NOON, "kept", ["say sheng-unknown", "queue 12345"]),
    ],
)
def test_what_happens_to_a_call(dialled: str, at: datetime, state: str, steps: list[str]) -> None:
    """Mode, seats, day and hour decide."""
    plan = _ask(dialled, at)

    assert (plan.state.value, _told(plan)) == (state, steps)
    assert len(plan.why) == len(plan.steps)
    assert all(plan.why)


def test_a_planned_line_with_its_own_seats_says_that_it_is_recorded() -> None:
    """Nothing else is said before the merger."""
    sheng, *rest = ALL.centres
    line = sheng.line("12333").model_copy(update={"begins": NOON.date() + timedelta(days=1)})
    planned = ALL.model_copy(
        update={"centres": (sheng.model_copy(update={"lines": (line,)}), *rest)}
    )

    open_, closed = (
        explain(planned, "12333", at=at, trunk="sheng") for at in (NOON, NOON.replace(hour=3))
    )
    assert (open_.prompt, open_.route, open_.steps[1].ring_s) == ("sheng-recorded", "dial", 20)
    assert (closed.prompt, closed.route) == ("sheng-12333-closed", "queue")


@pytest.mark.parametrize(
    ("ani", "centre", "steps"),
    [
        ("0791-8337772", "shi", ["say sheng-12319-transition", "queue 12319"]),
        ("13907928123", "zhou", ["say sheng-12319-transition", "queue 12319"]),
        (
            "+86 13907978123",
            "sheng",
            [
                "say sheng-12319-transition",
                "dial ganzhou 07979306263",
                "say unreachable",
                "queue 12319",
            ],
        ),
        ("13800138000", "sheng", ["say sheng-12319-transition", "queue 12319"]),
        ("", "sheng", ["say sheng-12319-transition", "queue 12319"]),
    ],
)
def test_the_callers_city_answers_for_the_province(ani: str, centre: str, steps: list[str]) -> None:
    """On the platform in its own queue, elsewhere over its peer; unknown area: the province."""
    plan = _ask("12319", ani=ani)

    assert (plan.centre, _told(plan)) == (centre, steps)
    assert _ask("12319", BEFORE, ani=ani).route == "queue"


def test_what_decided_is_said() -> None:
    """Caller's area, trunk, other spelling and state stand in the reasons."""
    fronted = _ask("12319", ani="13907978123").why
    assert "来电人在区号0797的地区" in fronted[0]
    assert "丙市12345热线前置受理" in fronted[1]
    assert "甲市12345热线前置受理" in _ask("12319", ani="07918337772").why[1]
    assert "经乙州12345热线的中继呼入" in _ask("8337772", trunk="zhou").why[0]
    assert "0791-8337772是8337772的另一种写法" in _ask("0791-8337772").why[0]
    assert "没有前置的热线" in _ask("12319").why[1]
    assert "座席保留在人社中心" in _ask("12333").why[1]
    assert "座席时间是工作日 08:30-12:00" in _ask("12333", NOON.replace(hour=3)).why[1]
    assert "after_cancel" in _ask("07918337772", LATER).why[1]
    assert "从2026-05-01开始" in _ask("12316", BEFORE).why[0]
    assert "没有写明" in explain(city(), "12366", at=NOON).why[1]
    moved = ALL.home.model_copy(
        update={"lines": (ALL.home.line("12333").model_copy(update={"peer": "gone"}),)}
    )
    assert "保留在gone" in explain(Platform(centres=(moved,)), "12333", at=NOON).why[1]


@pytest.mark.parametrize("dialled", ["8888888", "0108337772", "", "110", "833777", "+8610 12345"])
def test_an_unknown_number_is_served_as_12345(dialled: str) -> None:
    """Told so, then served by the hotline. Never refused."""
    plan = explain(city(), dialled, at=NOON)

    assert not plan.is_known
    assert (plan.line.number, plan.prompt) == ("12345", "testcity-unknown")
    assert [step.do for step in plan.steps] == ["say", "queue"]


@pytest.mark.parametrize(
    ("dialled", "ani", "trunk", "centre"),
    [
        ("88888888", "13907928123", "shi", "shi"),
        ("12399", "13907928123", "shi", "zhou"),
        ("079288888888", "", "shi", "zhou"),
        ("079188888888", "", "sheng", "shi"),
        ("099988888888", "", "shi", "shi"),
        ("12399", "", None, "sheng"),
    ],
)
def test_an_unknown_number_is_answered_where_it_belongs(
    dialled: str, ani: str, trunk: str | None, centre: str
) -> None:
    """By its own area code, a short one by the caller's; then by the trunk."""
    plan = explain(ALL, dialled, ani=ani, at=NOON, trunk=trunk)

    assert (plan.centre, plan.prompt, plan.is_known) == (centre, f"{centre}-unknown", False)


def test_a_key_has_the_places_of_its_cases() -> None:
    """Where calls come from, as far as it makes a difference, without their cases."""
    plan = NumberPlan(ALL)

    for key in plan.keys:
        assert plan.places(key) == [place for place, _ in plan.known(key)]


def test_days_begin_and_end_at_midnight_in_china() -> None:
    """The machine's own time zone does not matter."""
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=CHINA)

    states = [_ask("079112333", at).state for at in (last, last + timedelta(seconds=1))]
    assert states == [LineState.TRANSITION, LineState.KEPT]
    assert _ask("079112333", last.astimezone(UTC)).state is LineState.TRANSITION


def test_a_case_holds_from_its_first_to_its_last_day() -> None:
    """Both included."""
    when = When(since=NOON.date(), until=NOON.date())
    days = [NOON + timedelta(days=shift) for shift in (-1, 0, 1)]

    assert [when.holds(area="", centre="", at=day) for day in days] == [False, True, False]


@given(
    st.sampled_from([*NumberPlan(ALL).keys, "99999", "079299999", "77777777"]),
    st.integers(-500 * 1440, 700 * 1440).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.sampled_from(["", "0791", "0792", "0797", "0999"]),
    st.sampled_from(["sheng", "shi", "zhou"]),
)
def test_every_call_has_a_case_and_every_case_a_voice(
    key: str, at: datetime, area: str, centre: str
) -> None:
    """The last case holds for every call; what is played exists; a dialled peer exists."""
    found = cases(ALL, key)
    last = replace(found[-1].when)
    assert last == When()
    case = next(c for c in found if c.when.holds(area=area, centre=centre, at=at))
    if case.prompt:
        assert has_prompt(ALL.centre(case.prompt.partition("-")[0]), case.prompt)  # type: ignore[arg-type]  # a prompt's id begins with its centre
    if case.route.do == "dial":
        assert case.route.peer in {peer.id for profile in ALL for peer in profile.peers}
    assert len(case.steps) == len(case.why)
    assert case.is_known == any(
        key in keys(line.number, p.area_code) for p in ALL for line in (p.hotline, *p.lines)
    )
    assert case.line.mode is not Mode.OWN or case.state is LineState.KEPT
    assert not (case.when.area and area_of(key) and not case.is_known)
    assert not (case.when.area and not case.is_known and not is_short(key))


def test_a_citys_own_holiday_closes_its_lines_and_a_worked_weekend_opens_them() -> None:
    """By the calendar of the line's own centre; the day before is as ever."""
    days = "日期,类别\n2026-05-06,放假\n2026-05-16,上班\n"
    platform = parse_platform(province_files() | {"days.csv": days.encode()})

    def prompts(day: int) -> list[str]:
        plans = (explain(each, "12333", at=NOON.replace(day=day)) for each in (ALL, platform))
        return [plan.prompt.split("-")[2] for plan in plans]

    assert prompts(6) == ["transition", "closed"]
    assert prompts(16) == ["closed", "transition"]  # a Saturday
    assert prompts(7) == ["transition", "transition"]
