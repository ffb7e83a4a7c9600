"""From the platform to the switch's plan: every centre with its own seats, skills and times."""

from dataclasses import replace
from datetime import timedelta

from config.ledger import Line, Mode
from config.platform import Platform
from config.profile import Office, Profile, SeatPlan
from cti.city import switch_plan
from cti.effects import OfferCall
from cti.events import CallWaiting
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, SeatId
from queues.seat import AgentState
from tests.cti.playbook import CALL, CHANNEL, NOON, Playbook, Wish, after, hung_up, ready, waiting

NUMBER = LineId("12333")
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
    plan = switch_plan(PLATFORM)
    assert plan.skill_of == {(HOME, NUMBER): "人社"}
    assert set(plan.seats) == {f"{name}-{e}" for name in (HOME, CITY) for e in (1001, 1002)}
    assert {seat.centre for seat in plan.seats.values()} == {HOME, CITY}


def test_each_centre_rings_and_wraps_up_as_long_as_it_says() -> None:
    """One that is not in the plan any more has the usual times."""
    plan = switch_plan(PLATFORM)
    times = [(plan.ring_of(c), plan.wrap_up_of(c)) for c in (HOME, CITY, CentreId("gone"))]
    assert [(ring.seconds, wrap_up.seconds) for ring, wrap_up in times] == [
        (15, 30),
        (9, 5),
        (15, 30),
    ]


def test_a_caller_is_offered_seats_of_its_own_centre_only() -> None:
    """However long nobody there is free, and however many are elsewhere."""
    p = Playbook(switch_plan(PLATFORM))
    p.sign_in(SeatId("qinghai-1001"), AgentId("qin"))
    p >> arriving(CITY, CALL, CHANNEL, 1)
    p.none(OfferCall)
    p.tick(after(600)).none(OfferCall)
    p.sign_in(SeatId("xining-1001"), AgentId("xi"), after(601))
    offers = [effect for effect in p.all if isinstance(effect, OfferCall)]
    assert [(offer.seat, offer.ring) for offer in offers] == [("xining-1001", timedelta(seconds=9))]


def test_the_lines_skill_and_the_centres_times_hold_through_a_call() -> None:
    """The province's 12333 rings the 人社 seat; after it that centre's wrap-up runs."""
    p = Playbook(switch_plan(PLATFORM))
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
