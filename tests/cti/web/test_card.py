"""The caller card: whom a number belongs to, where its line stands, what the caller was told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from config.ledger import Entry, Line, Mode, Seating
from config.openings import Occasion, Opening
from config.platform import Platform
from config.profile import Profile
from config.whence import Whence
from cti.effects import PopScreen
from cti.ids import AgentId, CallId, CentreId, LineId, MoveId, OfferId, SeatId
from cti.web.card import RECORDED, UNKNOWN, Cards
from ivr import linetext
from ivr.text import prompt
from tests.cti.web.fakes import CHIFENG, NOON

SHARED = Line(
    number=LineId("8820813"),
    name="户政咨询、治安咨询",
    department="市公安局、市公安局交警支队",
    mode=Mode.WHOLE,
    row=20,
    entries=(
        Entry(row=20, name="户政咨询", department="市公安局"),
        Entry(row=21, name="治安咨询", department="市公安局交警支队"),
    ),
    begins=date(2026, 11, 1),
    ends=date(2026, 12, 31),
)
KEPT = Line(
    number=LineId("12366"),
    name="纳税服务热线",
    department="市税务局",
    mode=Mode.DUAL,
    row=5,
    entries=(Entry(row=5, name="纳税服务热线"),),
    seating=Seating.KEPT,
    peer="tax",
    destination="8000",
)


@pytest.fixture
def platform(profile: Profile) -> Platform:
    """Two more lines, and another centre where one of the numbers is another office's."""
    lines = (*profile.lines, SHARED, KEPT)
    other = SHARED.model_copy(update={"name": "别处", "department": "别的局", "entries": ()})
    return Platform(
        centres=(
            profile.model_copy(update={"lines": lines}),
            profile.model_copy(update={"centre": CentreId("hulunbuir"), "lines": (other,)}),
        )
    )


def card(platform: Platform, **changes: Any) -> dict[str, Any]:
    """The card of a call to the shared number, changed as said."""
    facts: dict[str, Any] = {
        "seat": SeatId("chifeng-1001"),
        "agent": AgentId("anna"),
        "call": CallId("node1-1.1"),
        "offer": OfferId("node1-1.1/1"),
        "centre": CHIFENG,
        "line": SHARED.number,
        "dnis": SHARED.number,
        "ani": "13847652301",
        "since": NOON,
        "at": NOON + timedelta(seconds=3),
        "arrived_at": NOON,
    }
    return {**Cards(platform).card(PopScreen(**facts | changes))}


def test_a_call_back_says_which_attempt_it_is_and_since_when_it_is_owed(
    platform: Platform,
) -> None:
    """The agent hears nobody yet: the citizen is dialled once the own phone is picked up."""
    assert (card(platform)["attempt"], card(platform)["kept_at"]) == (0, None)
    shown = card(platform, attempt=2, kept_at=NOON)
    assert (shown["attempt"], shown["kept_at"]) == (2, NOON.isoformat())


def test_a_card_of_a_moved_call_shows_its_first_wait(platform: Platform) -> None:
    """The talk of twenty minutes before the move was no waiting."""
    moved = card(
        platform, at=NOON + timedelta(seconds=1205), answered_at=NOON + timedelta(seconds=5)
    )
    assert (moved["waited_s"], card(platform)["waited_s"]) == (5, 3)


def test_both_offices_of_one_number_are_named_with_their_departments(platform: Platform) -> None:
    """8820813 serves two: the agent sees both, and answers for both."""
    shown = card(platform)
    assert shown["entries"] == [
        {"name": "户政咨询", "department": "市公安局"},
        {"name": "治安咨询", "department": "市公安局交警支队"},
    ]
    assert shown["line"] == {
        "number": "8820813",
        "name": SHARED.name,
        "department": SHARED.department,
        "mode": "whole",
    }


def test_a_number_is_the_line_of_the_calls_centre(platform: Platform) -> None:
    """One number may be a line of several centres; an entry without department has the line's."""
    assert card(platform, centre=CentreId("hulunbuir"))["line"]["name"] == "别处"
    assert card(platform, line=KEPT.number)["entries"] == [
        {"name": "纳税服务热线", "department": "市税务局"}
    ]


def test_the_agent_knows_what_the_dialplan_said(platform: Platform) -> None:
    """State and sentence as they were for that very call, whatever the calendar says by now."""
    told = linetext.line_prompt_id(CHIFENG, SHARED.number, SHARED.state(date(2027, 1, 1)))
    shown = card(platform, line_state="cancelled", prompt=f"{told}-1a2b3c4d")
    assert (shown["state"], shown["state_name"]) == ("cancelled", "号码已取消")
    assert shown["heard"] == prompt(platform.home, told).text
    assert "已取消" in shown["heard"]


def test_a_call_whose_dialplan_did_not_tell_is_judged_by_the_table(platform: Platform) -> None:
    """On the day it came, by China's calendar: two hours before midnight UTC it is tomorrow."""
    for arrived_at, state, name in (
        (datetime(2026, 10, 31, 15, 59, tzinfo=UTC), "planned", "尚未归并"),
        (datetime(2026, 10, 31, 16, 0, tzinfo=UTC), "transition", "过渡期内"),
        (datetime(2026, 12, 31, 16, 0, tzinfo=UTC), "cancelled", "号码已取消"),
    ):
        shown = card(platform, arrived_at=arrived_at)
        assert (shown["state"], shown["state_name"]) == (state, name)
        assert shown["heard"]
    kept = card(platform, line=KEPT.number)
    assert (kept["state"], kept["heard"]) == (
        "transition",
        prompt(platform.home, "chifeng-12366-transition").text,
    )


def test_12345_itself_has_no_state_and_an_unknown_number_is_said_to_be_one(
    platform: Platform,
) -> None:
    """The agent of an unknown number is told that nobody gave it to us."""
    own = card(platform, line=LineId("12345"))
    assert (own["state"], own["state_name"], own["entries"]) == ("", "", [])
    assert own["heard"] == prompt(platform.home, "chifeng-12345").text
    unknown = card(platform, line=LineId("12345"), prompt="chifeng-unknown-1a2b3c4d")
    assert (unknown["state_name"], unknown["heard"]) == (
        UNKNOWN,
        prompt(platform.home, "chifeng-unknown").text,
    )


def test_a_recording_is_said_to_be_one(profile: Profile) -> None:
    """Its words are its own; the text says what it stands for."""
    told = "chifeng-12345"
    platform = Platform(centres=(profile.model_copy(update={"recorded": {told: "ab" * 32}}),))
    shown = card(platform, line=LineId("12345"), prompt=told)
    assert shown["heard"] == f"{RECORDED}{prompt(profile, told).text}"


def test_what_is_gone_from_the_city_leaves_a_card_all_the_same(platform: Platform) -> None:
    """A line, a centre or a sentence that an apply took away while the caller waited."""
    shown = card(
        platform, centre=CentreId("gone"), line=LineId("8888888"), prompt="gone-8888888-transition"
    )
    assert (shown["line"]["number"], shown["heard"]) == ("12345", "")


def test_a_known_caller_and_the_duty_are_named(platform: Platform) -> None:
    """A deputy is marked, and the agent knows why the call rings here; else neither is there."""
    shown = card(platform, known_as="李代表", known_kind="人大代表", duty="市长接听")
    assert (shown["known"], shown["duty"]) == ({"name": "李代表", "kind": "人大代表"}, "市长接听")
    assert (card(platform)["known"], card(platform)["duty"]) == (None, "")


def test_the_card_says_who_hands_the_caller_over(platform: Platform) -> None:
    """An emergency line, or the hotlines it has been at, and the number of the case there."""
    assert card(platform)["handed"] is None
    assert card(platform)["to_dial"] == ""
    shown = card(platform, is_emergency=True, case="JJ-7")
    assert shown["handed"] == {"is_emergency": True, "path": [], "case": "JJ-7"}
    shown = card(platform, path=(CentreId("wuhai"),))
    assert shown["handed"] == {"is_emergency": False, "path": ["wuhai"], "case": ""}


@pytest.mark.parametrize(
    ("changes", "occasion", "said"),
    [
        ({"line": LineId("12345")}, "来电", "这里是"),
        ({}, "归并号码", f"您拨打的{SHARED.name}现由12345统一受理"),
        ({"known_as": "某公司", "known_kind": "企业"}, "企业", "政企通专席"),
        ({"known_as": "李某", "known_kind": "人大代表"}, "代表委员", "李某您好"),
        ({"known_as": "李某", "known_kind": "其他"}, "归并号码", "统一受理"),
        ({"duty": "市长接听日", "known_kind": "企业"}, "值班", "由市长接听日接听"),
        ({"attempt": 1, "kept_at": NOON}, "保留位置", "让您久等了"),
        ({"about": CallId("node1-1.0")}, "回拨", "没有接通"),
        ({"move": MoveId("m1")}, "座席转来", "不用从头再说"),
        ({"path": (CentreId("wuhai"),), "move": MoveId("m1")}, "热线转来", "上一条热线"),
        ({"is_emergency": True, "path": (CentreId("wuhai"),)}, "紧急电话转来", "在哪里"),
    ],
)
def test_what_to_say_first_follows_from_why_the_phone_rings(
    platform: Platform, changes: dict[str, Any], occasion: str, said: str
) -> None:
    """The most urgent reason counts; nobody who was moved is asked to tell it all again."""
    shown = card(platform, **changes)
    assert shown["occasion"] == occasion
    assert said in shown["first_words"]
    assert "{" not in shown["first_words"]


def test_a_line_may_have_first_words_of_its_own(platform: Platform) -> None:
    """The centre's table is asked first; any other line keeps the usual ones."""
    own = Opening(occasion=Occasion.MERGED, words="{线路}请讲", lines=(SHARED.number,))
    home = platform.home.model_copy(update={"openings": (own,)})
    changed = Platform(centres=(home,))
    assert card(changed)["first_words"] == f"{SHARED.name}请讲"
    assert "统一受理" in card(changed, line=KEPT.number)["first_words"]


def test_the_card_says_which_city_the_number_belongs_to(platform: Platform) -> None:
    """Once the table is there; a number of our own area says so without one."""
    wish = PopScreen(
        seat=SeatId("chifeng-1001"),
        agent=AgentId("anna"),
        call=CallId("node1-1.1"),
        offer=OfferId("1"),
        centre=CHIFENG,
        line=LineId("12345"),
        dnis="12345",
        ani="13847652301",
        since=NOON,
        at=NOON,
        arrived_at=NOON,
    )
    assert Cards(platform).card(wish)["place"] == ""
    known = Whence({"138476": "内蒙古赤峰市"})
    assert Cards(platform, known).card(wish)["place"] == "内蒙古赤峰市"
