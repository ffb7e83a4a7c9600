"""From a centre's tables to where its callers can be taken."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.city import parse_platform
from config.hours import read_hours
from config.linkage import Handling, Linkage, LinkageKind
from config.platform import Platform
from config.routes import EMERGENCY_RING, typed
from config.targets import SERVICE_NOTE, targets
from config.workdays import CHINA
from cti.ids import CentreId, LineId, PeerId, SeatId
from tests.config.anyplatform import any_platform
from tests.config.cities import FILES
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

FRIDAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 10, tzinfo=CHINA)
NIGHT = datetime(2026, 11, 21, 3, tzinfo=CHINA)
RING, OUTSIDE = timedelta(seconds=15), timedelta(seconds=20)

EXPERTS = """\
专业,姓名,座席,对端,号码,线路,次序,日期,时间,振铃秒,说明
救助,手机,,waishi,15400000011,8337772,9,,,,夜间
社保,李工,1001,,,,,每周六,09:00-11:00,,
救助,张工,1002,,,8337772,1,工作日,08:30-17:30,25,
"""
CONTACTS = """\
部门,类别,对端,号码,次序,日期,时间,振铃秒,告知号码,24小时响应,说明
住建厅,值班,waishi,9306502,2,,,,9306502,是,值班室
民政厅,咨询,waishi,9306504,,,,,,,
住建厅,值班,waishi,9306501,1,每周一至周五,,,,,
住建厅,咨询,waishi,9306503,,,,,,,
"""
SEATS = """\
分机,姓名,技能,类别,语言
1001,座席01,通用,话务员,藏语
1002,座席02,通用,专家,
1003,座席03,社保2,专家,
1004,座席04,社保、救助,专家,
"""


def platform(**texts: str | None) -> Platform:
    """The good platform with experts and departments' telephones; None: without that file."""
    home = FILES["profile.toml"].replace('["通用"]', '["通用", "社保", "救助", "医保"]')
    files: dict[str, str] = dict(FILES) | {"profile.toml": home, "seats.csv": SEATS}
    changes = {"experts": EXPERTS, "contacts": CONTACTS} | texts
    files |= {f"{name}.csv": text for name, text in changes.items() if text is not None}
    return parse_platform({path: text.encode() for path, text in files.items()})


def made(city: Platform | None = None, centre: str = "sheng") -> dict[str, Target]:
    """A centre's targets from Friday on, for a week."""
    city = city or platform()
    return targets(city, city.centre(CentreId(centre)), FRIDAY, 7)


def home(**parts: object) -> Platform:
    """The same with other values in the home profile, which are not checked."""
    city = platform()
    changed = city.home.model_copy(update=parts)
    return Platform(centres=(changed, *city.centres[1:]))


def dialled(number: str, ring: timedelta = OUTSIDE) -> Route:
    return Route(peer=PeerId("waishi"), number=number, ring=ring, host="10.1.0.3", port=5070)


def test_desks_show_them_in_this_order() -> None:
    """What is most urgent first; seats, which are many, last. Empty skills are no group."""
    assert list(made()) == [
        *(f"emergency:{number}" for number in (110, 119, 120, 122)),
        *("expert:救助", "expert:社保"),
        *("office:住建厅:咨询", "office:住建厅:值班", "office:民政厅:咨询"),
        *("sub-centre:12366", "sub-centre:12333", "centre:shi", "centre:waishi"),
        *("utility:95598", "utility:9301001"),
        *("group:通用", "group:社保", "group:救助", "group:语言藏语"),
        *("seat:1001", "seat:1002", "seat:1003", "seat:1004"),
    ]


def test_an_identifier_is_its_targets_key_and_fits_in_a_channels_variable() -> None:
    """The move under way stands on the caller's channel, its parts apart by a bar."""
    for name, target in made().items():
        assert target.id == name
        assert not set("|,\"'${}\\ ") & set(name)


# ---- emergencies


def test_an_emergency_line_has_ten_seconds_a_route() -> None:
    """By the table: its own exchange, then the other way; whatever the hour."""
    police = made()["emergency:110"]
    assert [(r.peer, r.number, r.ring) for r in police.routes] == [
        ("gongan", "110", EMERGENCY_RING),
        ("waishi", "0472110", EMERGENCY_RING),
    ]
    assert timedelta(seconds=10) == EMERGENCY_RING
    assert (police.name, police.number, police.ways) == ("公安", "110", (Kind.EMERGENCY,))
    assert police.open is None


def test_every_centre_knows_the_four_emergency_lines() -> None:
    """Without a row the number is told, or dialled over the centre's own carrier."""
    fire = made()["emergency:119"]
    assert (fire.name, fire.number, fire.routes) == ("火警", "119", ())
    carried = made(home(dial_out="10.9.9.9:5060", linkage=()))
    assert [carried[f"emergency:{n}"].routes for n in (110, 119, 120, 122)] == [
        (Route(number=str(n), ring=EMERGENCY_RING),) for n in (110, 119, 120, 122)
    ]


def test_an_emergency_line_that_cannot_be_rung_is_told() -> None:
    row = Linkage(
        number="12395",
        name="海上救助",
        kind=LinkageKind.EMERGENCY,
        handling=Handling.TELL,
    )
    found = made(home(linkage=(row,)))
    sea = found["emergency:12395"]
    assert (sea.routes, sea.number, sea.kind) == ((), "12395", TargetKind.EMERGENCY)
    assert list(found)[4] == "emergency:12395"


# ---- experts


def test_experts_of_one_trade_are_one_target_tried_in_turn() -> None:
    """Those who are there at that time; the hand-set when nobody else is."""
    aid = made()["expert:救助"]
    seat = Route(seat=SeatId("sheng-1002"), ring=timedelta(seconds=25), open=aid.routes[0].open)
    assert aid.routes == (seat, dialled("15400000011"))
    assert aid.routes_at(MORNING) == aid.routes
    assert aid.routes_at(NIGHT) == (dialled("15400000011"),)
    lines = frozenset({LineId("8337772")})
    assert (aid.open, aid.lines, aid.note) == (None, lines, "张工；手机：夜间")
    assert (aid.name, aid.kind, aid.ways[0]) == ("救助专家", TargetKind.EXPERT, Kind.CONSULT)


def test_an_expert_who_is_away_says_when_it_comes() -> None:
    """The table's row stands alone for its trade: seats of that skill are not added."""
    pay = made()["expert:社保"]
    assert [(route.seat, route.ring) for route in pay.routes] == [("sheng-1001", RING)]
    assert (pay.is_open(MORNING), pay.routes_at(MORNING)) == (False, ())
    assert pay.opens_at(MORNING) == datetime(2026, 11, 21, 9, tzinfo=CHINA)
    assert pay.lines == frozenset()


def test_an_expert_of_every_line_makes_the_target_everybodys() -> None:
    mixed = EXPERTS.replace("手机,,waishi,15400000011,8337772", "手机,,waishi,15400000011,")
    assert made(platform(experts=mixed))["expert:救助"].lines == frozenset()


def test_without_a_table_the_expert_seats_are_the_experts() -> None:
    """Of each skill but the general one, the best level first."""
    found = made(platform(experts=None))
    experts = {name: t for name, t in found.items() if t.kind is TargetKind.EXPERT}
    assert list(experts) == ["expert:社保", "expert:救助"]
    pay = experts["expert:社保"]
    assert [route.seat for route in pay.routes] == ["sheng-1004", "sheng-1003"]
    assert (pay.open, pay.note) == (None, "座席04；座席03")


@pytest.mark.parametrize("is_recorded", [True, False])
def test_consults_are_kept_where_the_profile_says_so(is_recorded: bool) -> None:
    """With experts and departments; not with another hotline, which records for itself."""
    found = made(home(consult_recorded=is_recorded))
    kept = {name for name, target in found.items() if target.is_consult_recorded}
    some = {"expert:救助", "office:住建厅:值班", "seat:1002"}
    assert (some <= kept) == is_recorded
    assert not {"seat:1001", "sub-centre:12366", "emergency:110"} & kept


# ---- departments


def test_a_departments_number_for_questions_has_working_hours() -> None:
    """Unless its row says others; it joins three-way."""
    ask = made(home(work_hours="每天 09:00-10:30"))["office:住建厅:咨询"]
    assert (ask.name, ask.ways[0], ask.is_urgent) == ("住建厅咨询", Kind.THREE_WAY, False)
    assert (ask.is_open(MORNING), ask.is_open(NIGHT)) == (True, False)
    assert ask.opens_at(NIGHT) == datetime(2026, 11, 21, 9, tzinfo=CHINA)
    always = CONTACTS.replace("9306503,,,", "9306503,,,全天")
    assert made(platform(contacts=always))["office:住建厅:咨询"].open is None


def test_a_departments_duty_number_is_for_urgent_matters_at_any_hour() -> None:
    """The roster's row first; who is bound to answer is known."""
    duty = made()["office:住建厅:值班"]
    assert [route.number for route in duty.routes_at(MORNING)] == ["9306501", "9306502"]
    assert [route.number for route in duty.routes_at(NIGHT)] == ["9306502"]
    assert (duty.is_urgent, duty.open, duty.number) == (True, None, "9306502")
    assert duty.note == "24小时响应单位；值班室"
    assert duty.lines == frozenset({LineId("12319")})


# ---- other hotlines, services


def test_a_sub_centre_is_reached_at_its_own_seats() -> None:
    """With the call's data; its number is what a caller is told."""
    tax, pay = made()["sub-centre:12366"], made()["sub-centre:12333"]
    assert tax.routes == (
        Route(peer=PeerId("shuiwu"), number="6001", ring=OUTSIDE, host="10.1.0.1", port=5060),
    )
    assert (tax.number, tax.note, tax.hotline) == ("12366", "税务局", "shuiwu")
    assert tax.ways[0] is Kind.HAND_OVER
    assert pay.note == "人社厅（座席保留在部门）"
    assert (pay.is_open(MORNING), pay.is_open(NIGHT)) == (True, False)


def test_a_hotline_on_this_platform_is_reached_without_an_exchange() -> None:
    """Its next free general seat. 12345 with its area code is what a caller is told."""
    city = made()["centre:shi"]
    assert city.routes == (Route(skill="通用", centre=CentreId("shi"), ring=OUTSIDE),)
    assert (city.number, city.note, city.hotline) == ("047612345", "下级", "shi")
    [above] = (t for t in made(centre="shi").values() if t.kind is TargetKind.CENTRE)
    assert (above.id, above.note) == ("centre:sheng", "上级")


def test_a_hotline_elsewhere_is_reached_by_its_exchange() -> None:
    assert made()["centre:waishi"].routes == (dialled("6345"),)


def test_in_our_own_area_nobody_is_told_to_dial_12345() -> None:
    """It would be ours again: a province shares its area with its capital."""
    assert made(home(area_code="0476"))["centre:shi"].number == ""


def test_a_hotline_that_takes_no_calls_is_no_target() -> None:
    """Chifeng's stations are sent orders, and ring nowhere."""
    city = platform()
    stations = tuple(r.model_copy(update={"peer": "", "number": ""}) for r in city.home.relations)
    assert "centre:waishi" not in made(home(relations=stations))


def test_a_public_service_is_transferred_or_its_number_told() -> None:
    found = made()
    water, power = found["utility:9301001"], found["utility:95598"]
    assert water.routes == (replace(dialled("9301001"), open=water.open),)
    assert (water.ways[0], water.is_open(MORNING), water.is_open(NIGHT)) == (
        Kind.BLIND,
        True,
        False,
    )
    assert (power.routes, power.ways, power.number) == ((), (), "95598")
    assert water.note == SERVICE_NOTE


@pytest.mark.parametrize(
    ("handling", "first"),
    [
        (Handling.THREE_WAY, Kind.THREE_WAY),
        (Handling.CONSULT, Kind.CONSULT),
        (Handling.TRANSFER, Kind.BLIND),
    ],
)
def test_a_row_says_how_callers_are_usually_taken_there_and_how_long_it_rings(
    handling: Handling, first: Kind
) -> None:
    """The other ways stay; an emergency line never rings longer than it should."""
    said = {"handling": handling, "ring_s": 7}
    city = platform()
    linkage = tuple(row.model_copy(update=said) for row in city.home.linkage)
    relations = tuple(row.model_copy(update=said) for row in city.home.relations)
    experts = tuple(row.model_copy(update={"handling": handling}) for row in city.home.experts)
    contacts = tuple(row.model_copy(update={"handling": handling}) for row in city.home.contacts)
    parts = {"linkage": linkage, "relations": relations, "experts": experts, "contacts": contacts}
    found = made(home(**parts))
    for name in ("utility:9301001", "expert:救助", "office:住建厅:值班"):
        assert (found[name].ways[0], len(found[name].ways)) == (first, 3)
    elsewhere = Kind.HAND_OVER if first is Kind.BLIND else first
    for name in ("centre:waishi", "centre:shi"):
        assert found[name].ways[0] is elsewhere
        assert found[name].routes[0].ring == timedelta(seconds=7)
    assert {route.ring.seconds for route in found["emergency:110"].routes} == {7}
    slow = tuple(row.model_copy(update={"ring_s": 60}) for row in city.home.linkage)
    patient = made(home(linkage=slow))
    assert {route.ring for route in patient["emergency:110"].routes} == {EMERGENCY_RING}
    assert patient["utility:9301001"].routes[0].ring == timedelta(minutes=1)


def test_a_number_that_is_only_told_has_no_way() -> None:
    """Of a department, as of a service; beside one that can be rung it is what is told."""
    rows = "部门,类别,对端,号码,告知号码,处理\n住建厅,咨询,,,9306503,告知号码\n"
    only = made(platform(contacts=rows))["office:住建厅:咨询"]
    assert (only.routes, only.ways, only.number, only.open) == ((), (), "9306503", None)
    both = made(platform(contacts=f"{rows}住建厅,咨询,waishi,9306504,,\n"))["office:住建厅:咨询"]
    assert [route.number for route in both.routes] == ["9306504"]
    assert (both.number, len(both.ways)) == ("9306503", 3)


def test_a_hotline_that_has_hours_is_closed_outside_them() -> None:
    """The tables of both: elsewhere, and on this platform."""
    hours = read_hours("每天 08:00-20:00")
    rows = tuple(row.model_copy(update={"hours": hours}) for row in platform().home.relations)
    found = made(home(relations=rows))
    for name in ("centre:shi", "centre:waishi"):
        assert (found[name].is_open(MORNING), found[name].is_open(NIGHT)) == (True, False)


# ---- seats and groups


def test_groups_and_seats_are_rung_as_long_as_the_centres_seats_are() -> None:
    found = made(home(ring_s=9))
    ring = timedelta(seconds=9)
    assert found["group:语言藏语"].routes == (Route(skill="语言:藏语", ring=ring),)
    assert found["group:语言藏语"].name == "藏语座席"
    assert found["seat:1002"].routes == (Route(seat=SeatId("sheng-1002"), ring=ring),)
    assert (found["seat:1001"].name, found["seat:1002"].note) == ("座席01（1001）", "专家")


def test_an_exchange_that_is_not_in_the_table_any_more_has_no_address() -> None:
    """A plan is made of what there is; the checks have said that it is missing."""
    [route] = made(home(peers=()))["sub-centre:12366"].routes
    assert (route.peer, route.host, route.port) == ("shuiwu", "", 0)


def test_of_two_rows_of_one_name_the_first_counts() -> None:
    """A hotline that is both above us and before us is one place."""
    city = platform()
    twice = (*city.home.relations, *city.home.relations)
    assert list(made(home(relations=twice))) == list(made(city))


def test_utc_is_as_good_as_the_citys_clock() -> None:
    """The switch counts in UTC."""
    pay = made()["expert:社保"]
    assert pay.is_open(datetime(2026, 11, 21, 1, 30, tzinfo=UTC))


def test_a_typed_number_is_dialled_over_the_exchange_that_the_profile_names() -> None:
    """Without one, over the centre's own carrier."""
    assert typed(home(typed_peer="waishi").home) == dialled("")
    assert typed(platform().home) == Route(ring=OUTSIDE)


@given(st.integers(0, 10_000), st.integers(0, 6 * 24 * 60))
def test_whatever_the_tables_say_a_target_is_there_when_some_route_is(
    seed: int, minute: int
) -> None:
    """Of any platform, at any moment that the plan knows. Emergency lines are always tried."""
    city = any_platform(seed)
    at = datetime.combine(FRIDAY, datetime.min.time(), CHINA) + timedelta(minutes=minute)
    for centre in city:
        for name, target in targets(city, centre, FRIDAY, 7).items():
            assert target.id == name
            if target.kind is TargetKind.EMERGENCY:
                assert target.routes_at(at) == target.routes
            elif target.routes:
                assert target.is_open(at) == bool(target.routes_at(at))
            assert bool(target.routes) == bool(target.ways) or target.number
