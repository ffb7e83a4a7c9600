"""From the platform to the switch's plan: every centre with its own seats, skills and times."""

import asyncio
import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from config.callers import Caller
from config.duties import DutyPlan, read_days
from config.experts import Expert
from config.hours import read_hours
from config.ledger import Line, Mode
from config.overflow import OverflowStep, Where
from config.owndays import DayKind, OwnDay
from config.peers import Peer
from config.platform import Platform
from config.profile import Office, Profile, SeatPlan
from config.reach import Reach, Shift
from config.workdays import CHINA
from cti.app import PLAN_AGAIN_S, plan_ahead
from cti.city import DUTY_DAYS, switch_plan
from cti.effects import OfferCall
from cti.events import CallWaiting
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, PeerId, SeatId
from cti.inbox import Inbox, Replan
from cti.overflow import is_night
from cti.plan import Duty, KnownCaller, Overflow, SwitchPlan
from queues.seat import AgentState
from tests.cti.playbook import CALL, CHANNEL, NOON, Playbook, Wish, after, hung_up, ready, waiting

NUMBER = LineId("12333")
TODAY = NOON.astimezone(CHINA).date()
HOME, CITY = CentreId("qinghai"), CentreId("xining")


def centre(name: CentreId, department: str, *, ring_s: int, wrap_up_s: int) -> Profile:
    """A centre with one seat for everything and one for 人社."""
    return Profile.model_validate(
        {
            "centre": name,
            "name": f"{name}12345",
            "city": name,
            "area_code": "0971",
            "trunks": ("127.0.0.1",),
            "skills": ("通用", "人社"),
            "ring_s": ring_s,
            "wrap_up_s": wrap_up_s,
            "lines": (
                Line(number=NUMBER, name="热线", department=department, mode=Mode.DUAL, row=1),
            ),
            "seats": (
                SeatPlan(extension="1001", name="一号", skills=frozenset({"通用"})),
                SeatPlan(extension="1002", name="二号", skills=frozenset({"人社"})),
            ),
            "offices": (Office(name="人力资源和社会保障厅", aliases=("人社厅",)),),
        }
    )


def test_places_are_kept_where_somebody_can_be_called_back() -> None:
    """A centre that has no carrier asks nobody; how often and when again is the profile's."""
    facts = {
        "dial_out": "10.1.2.3:5060",
        "dial_out_prefix": "9",
        "callback_attempts": 3,
        "callback_pause_s": 60,
    }
    home = PLATFORM.home.model_copy(update=facts)
    plan = switch_plan(Platform(centres=(home, PLATFORM.centres[1])), NOON)
    keeps = plan.times[HOME]
    assert (keeps.keeps_places, plan.times[CITY].keeps_places) == (True, False)
    assert (keeps.out_prefix, plan.times[CITY].out_prefix) == ("9", "")
    assert (keeps.callback_attempts, keeps.callback_pause) == (3, timedelta(minutes=1))


def test_the_plan_says_where_callers_overflow_to_and_when_it_is_night() -> None:
    """Each centre's own steps, with where the exchange is that a step leads to."""
    changed = PLATFORM.home.model_copy(
        update={
            "work_hours": "每天 08:00-20:00",
            "outside_ring_s": 25,
            "peers": (Peer(id="jia", name="甲", address="10.0.0.7", port=5070),),
            "overflow": (
                OverflowStep(order=1, wait_s=20, where=Where.SKILL, target="人社", per_seat=1.5),
                OverflowStep(order=2, wait_s=40, where=Where.CENTRE, target=CITY),
                OverflowStep(
                    order=3,
                    lines=(NUMBER,),
                    wait_s=60,
                    where=Where.PEER,
                    target="jia",
                    number="12345",
                    is_night=True,
                ),
                OverflowStep(order=4, wait_s=90, where=Where.FALLBACK),
            ),
        }
    )
    plan = switch_plan(Platform(centres=(changed, PLATFORM.centres[1])), NOON)
    assert plan.overflows == {
        HOME: (
            Overflow(after=timedelta(seconds=20), per_seat=1.5, skill="人社", ring=RING),
            Overflow(after=timedelta(seconds=40), centre=CITY, ring=RING),
            Overflow(
                after=timedelta(seconds=60),
                lines=frozenset({NUMBER}),
                peer=PeerId("jia"),
                number="12345",
                host="10.0.0.7",
                port=5070,
                ring=RING,
                is_night=True,
            ),
            Overflow(after=timedelta(seconds=90), is_fallback=True, ring=RING),
        )
    }
    assert list(plan.nights) == [HOME]
    assert is_night(plan, HOME, datetime(2026, 11, 20, 20, tzinfo=CHINA))
    assert not is_night(plan, HOME, datetime(2026, 11, 20, 19, 59, tzinfo=CHINA))
    assert plan.nights[HOME][-1][1] > NOON + timedelta(days=7)


def test_the_plan_says_where_each_centres_callers_can_be_taken() -> None:
    """With the hours of as many days as the duties; its own seats, nobody else's."""
    plan = switch_plan(PLATFORM, NOON)
    assert set(plan.targets) == {HOME, CITY}
    seat = plan.targets[CITY]["seat:1002"]
    assert [(route.seat, route.ring.seconds) for route in seat.routes] == [("xining-1002", 9)]
    expert = Expert(trade="人社", name="甲", reach=Reach(seat="1002", shift=Shift(hours=HOURS)))
    found = told(experts=(expert,)).targets[HOME]["expert:人社"]
    assert found.open is not None
    assert len(found.open) == DUTY_DAYS
    assert found.opens_at(NOON) is not None
    assert {name: route.peer for name, route in plan.typed.items()} == {HOME: None, CITY: None}


HOURS = read_hours("每天 08:00-09:00")
RING = timedelta(seconds=25)
PLATFORM = Platform(
    centres=(
        centre(HOME, "人力资源和社会保障厅", ring_s=15, wrap_up_s=30),
        centre(CITY, "市政府办公室", ring_s=9, wrap_up_s=5),
    )
)


def arriving(where: CentreId, call: CallId, channel: ChannelId, at: float) -> CallWaiting:
    return replace(waiting(call, channel, at, at), centre=where, line=NUMBER)


def test_the_same_number_wants_in_each_centre_what_it_is_there() -> None:
    """A line of several centres, of a department with a skill in one of them only."""
    plan = switch_plan(PLATFORM, NOON)
    assert plan.skill_of == {(HOME, NUMBER): "人社"}
    assert set(plan.seats) == {f"{name}-{e}" for name in (HOME, CITY) for e in (1001, 1002)}
    assert {seat.centre for seat in plan.seats.values()} == {HOME, CITY}


def test_each_centre_rings_and_wraps_up_as_long_as_it_says() -> None:
    """One that is not in the plan any more has the usual times."""
    plan = switch_plan(PLATFORM, NOON)
    times = [(plan.ring_of(c), plan.wrap_up_of(c)) for c in (HOME, CITY, CentreId("gone"))]
    assert [(ring.seconds, wrap_up.seconds) for ring, wrap_up in times] == [
        (15, 30),
        (9, 5),
        (15, 30),
    ]


def test_a_caller_is_offered_seats_of_its_own_centre_only() -> None:
    """However long nobody there is free, and however many are elsewhere."""
    p = Playbook(switch_plan(PLATFORM, NOON))
    p.sign_in(SeatId("qinghai-1001"), AgentId("qin"))
    p >> arriving(CITY, CALL, CHANNEL, 1)
    p.none(OfferCall)
    p.tick(after(600)).none(OfferCall)
    p.sign_in(SeatId("xining-1001"), AgentId("xi"), after(601))
    offers = [effect for effect in p.all if isinstance(effect, OfferCall)]
    assert [(offer.seat, offer.ring) for offer in offers] == [("xining-1001", timedelta(seconds=9))]


def test_the_lines_skill_and_the_centres_times_hold_through_a_call() -> None:
    """The province's 12333 rings the 人社 seat; after it that centre's wrap-up runs."""
    p = Playbook(switch_plan(PLATFORM, NOON))
    seat = SeatId("qinghai-1002")
    for number, where in enumerate(("qinghai-1001", "qinghai-1002")):
        for event in ready(SeatId(where), AgentId(f"a{number}"), NOON):
            p >> event
    p >> arriving(HOME, CALL, CHANNEL, 1)
    p << Wish(OfferCall, seat=seat, ring=timedelta(seconds=15))
    p.talk(seat, 5)
    p >> hung_up(ChannelId(f"PJSIP/{seat}-{5:08x}"), 60, seat) >> hung_up(CHANNEL, 60)
    view = p.switch.seat(seat)
    assert view is not None
    assert (view.state, view.until) == (AgentState.WRAP_UP, after(90))


# --- who wants whom -------------------------------------------------------------------------------


def told(**parts: object) -> SwitchPlan:
    """The plan of one centre of which that is said beside what ``centre`` says."""
    one = PLATFORM.centres[0].model_copy(update=parts)
    return switch_plan(Platform(centres=(one,)), NOON)


def test_levels_and_languages_go_into_the_plan() -> None:
    """The first level is no distance behind; a line's language is a skill of seats."""
    seat = SeatPlan(
        extension="1001",
        name="一号",
        skills=frozenset({"通用", "人社", "语言:藏语"}),
        levels={"通用": 3, "语言:藏语": 2},
    )
    line = PLATFORM.centres[0].lines[0].model_copy(update={"language": "藏语"})
    plan = told(seats=(seat,), lines=(line,))
    assert plan.seats[SeatId("qinghai-1001")].levels == {"通用": 2, "语言:藏语": 1}
    assert plan.language_of == {(HOME, NUMBER): "语言:藏语"}
    assert told().language_of == {}


def test_how_long_callers_wait_for_whom_they_want_goes_into_the_plan() -> None:
    times = told(widens_s=20, last_seat_s=5).times_of(HOME)
    assert (times.widens_after.seconds, times.last_seat_for.seconds) == (20, 5)


def test_a_known_caller_is_in_the_plan_in_every_form_its_number_shows() -> None:
    """With its class's head start, and until the end of its last day by China's clock."""
    caller = Caller(number="9331234", name="某代表", kind="人大代表", until=date(2026, 12, 31))
    plan = told(callers=(caller,), classes={"人大代表": 60})
    known = KnownCaller(
        name="某代表",
        kind="人大代表",
        head_start=timedelta(seconds=60),
        until=datetime(2026, 12, 31, 16, tzinfo=UTC),
    )
    assert plan.known == {(HOME, "9331234"): known, (HOME, "09719331234"): known}


@pytest.mark.parametrize(
    ("skills", "named", "wanted"),
    [
        (("通用", "政企通"), "", "政企通"),
        (("通用", "企业"), "", "企业"),
        (("通用",), "", ""),
        (("通用", "政企通", "税务"), "税务", "税务"),
    ],
)
def test_an_enterprise_wants_the_enterprise_seats_where_there_are_any(
    skills: tuple[str, ...], named: str, wanted: str
) -> None:
    """Or what its own entry names; a deputy wants nothing but its head start."""
    enterprise = Caller(number="13900000001", name="甲公司", kind="企业", skill=named)
    deputy = Caller(number="13900000002", name="李代表", kind="人大代表")
    plan = told(callers=(enterprise, deputy), skills=skills)
    assert [known.skill for known in plan.known.values()] == [wanted, ""]


def test_the_duties_of_the_days_around_go_into_the_plan() -> None:
    """From yesterday on, for longer than until the plan is made anew."""
    duty = DutyPlan(
        name="市长接听",
        kind="领导接听日",
        days=read_days("每天"),
        hours=read_hours("每天08:30-12:00"),
        lines=("12333",),
        seats=("1001",),
    )
    duties = told(duties=(duty,)).duties[HOME]
    assert len(duties) == DUTY_DAYS
    assert duties[1] == Duty(
        name="市长接听",
        since=datetime(2026, 11, 20, 0, 30, tzinfo=UTC),
        until=datetime(2026, 11, 20, 4, tzinfo=UTC),
        seats=frozenset({SeatId("qinghai-1001")}),
        lines=frozenset({NUMBER}),
    )
    assert timedelta(seconds=PLAN_AGAIN_S) < timedelta(days=DUTY_DAYS - 2)
    assert told().duties == {}


def test_a_citys_own_days_are_in_every_hour_of_its_plan() -> None:
    """Duties, experts, and the night."""
    off = OwnDay(first=TODAY, last=TODAY, kind=DayKind.OFF)
    duty = DutyPlan(
        name="值班", kind="部门值班", days=read_days("工作日"), hours=read_hours("全天")
    )
    shift = Shift(hours=read_hours("工作日 00:00-24:00"))
    rows = {
        "duties": (duty,),
        "experts": (Expert(trade="人社", name="甲", reach=Reach(seat="1002", shift=shift)),),
        "overflow": (OverflowStep(order=1, wait_s=20, where=Where.FALLBACK, is_night=True),),
    }

    def there(plan: SwitchPlan) -> list[bool]:
        open_ = plan.targets[HOME]["expert:人社"].open or ()
        duties = [(one.since, one.until) for one in plan.duties[HOME]]
        noon = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=CHINA)
        spans = (duties, open_, plan.nights[HOME])
        return [any(since <= noon < until for since, until in each) for each in spans]

    assert there(told(**rows)) == [True, True, False]
    assert there(told(**rows, days=(off,))) == [False, False, True]


async def test_the_plan_is_made_anew_while_the_brain_runs() -> None:
    """With the city in force then and the days around that time, as often as it takes."""
    days = itertools.count()
    inbox = Inbox(lambda: NOON + timedelta(days=next(days)))
    duty = DutyPlan(name="值班", kind="部门值班", days=read_days("每天"), hours=read_hours("全天"))
    one = PLATFORM.centres[0].model_copy(update={"duties": (duty,)})
    async with asyncio.TaskGroup() as group:
        task = group.create_task(plan_ahead(inbox, lambda: Platform(centres=(one,)), 0.01))
        planned = [await inbox.take(5) for _ in range(2)]
        task.cancel()
    assert [isinstance(item, Replan) for item in planned] == [True, True]
    begins = [item.plan.duties[HOME][0].since for item in planned if isinstance(item, Replan)]
    assert begins[0] < begins[1]
