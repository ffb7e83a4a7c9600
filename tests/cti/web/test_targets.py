"""Where callers can be taken, over HTTP: who is there now, when next, and nobody's own number."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cti.ids import AgentId, CallId, CentreId, LineId, PeerId, SeatId
from cti.web.desk import DeskHub
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, FakeBrain, FakeStore, seat_view
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

PATH = "/api/v1/targets"
SEAT = SeatId("chifeng-1001")
MOBILE = "15400000011"


def expert(**parts: Any) -> Target:
    """Somebody who has a mobile."""
    routes = (Route(peer=PeerId("gongwang"), number=MOBILE),)
    told: dict[str, Any] = {
        "id": "expert:人社",
        "name": "人社专家",
        "kind": TargetKind.EXPERT,
        "routes": routes,
        "ways": (Kind.CONSULT, Kind.BLIND),
        "lines": frozenset({LineId("12333")}),
        "note": "张工",
    }
    return Target(**told | parts)


async def listed(client: Client, user: str = "anna") -> Any:
    answer = await client.get(PATH, headers=bearer(user))
    assert answer.status == 200
    return await answer.json()


async def test_a_target_is_shown_with_its_ways_but_never_with_what_is_dialled(
    client: Client, brain: FakeBrain
) -> None:
    """The usual way first; the syllables are for the search."""
    brain.places = [expert()]
    found = await listed(client)
    assert MOBILE not in str(found)
    assert found["items"] == [
        {
            "id": "expert:人社",
            "name": "人社专家",
            "kind": "expert",
            "kind_name": "专家座席",
            "ways": ["consult", "blind"],
            "is_open": True,
            "opens_at": None,
            "is_free": None,
            "number": "",
            "lines": ["12333"],
            "is_urgent": False,
            "note": "张工",
            "pinyin": ["ren", "she", "zhuan", "jia"],
        }
    ]


async def test_who_is_away_is_shown_with_when_somebody_comes(
    client: Client, brain: FakeBrain
) -> None:
    since = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=3)
    brain.places = [expert(open=((since, since + timedelta(hours=8)),))]
    [item] = (await listed(client))["items"]
    assert (item["is_open"], datetime.fromisoformat(item["opens_at"])) == (False, since)


async def test_of_our_own_seats_it_is_said_whether_one_is_free(
    client: Client, brain: FakeBrain
) -> None:
    """Of an exchange nobody knows before it is rung, so nothing is said."""
    brain.places = [expert(routes=(Route(seat=SEAT),))]
    brain.seats[SEAT] = replace(brain.seats[SEAT], state=AgentState.AVAILABLE)
    assert [item["is_free"] for item in (await listed(client))["items"]] == [True]
    brain.seats[SEAT] = replace(brain.seats[SEAT], state=AgentState.NOT_READY)
    assert [item["is_free"] for item in (await listed(client))["items"]] == [False]
    brain.places = [expert(routes=(Route(seat=SEAT), Route(number="9306401")))]
    assert [item["is_free"] for item in (await listed(client))["items"]] == [None]


async def test_what_the_profile_says_of_typed_numbers_and_of_first_answerers_is_told(
    client: Client, hub: DeskHub
) -> None:
    """A centre that was taken out of the city says the usual rule, and lets nobody type."""
    found = await listed(client)
    assert (found["centre"], found["typed_numbers"]) == ("chifeng", ["supervisor"])
    assert "谁先接听谁先受理" in found["first_answerer"]
    home = hub.platform.home.model_copy(update={"typed_numbers": ("agent",), "first_answerer": ""})
    hub.know(hub.platform.model_copy(update={"centres": (home,)}))
    found = await listed(client)
    assert (found["typed_numbers"], found["first_answerer"]) == (["agent"], "")


async def test_who_may_type_a_number_is_said_of_the_callers_own_centre(
    client: Client, brain: FakeBrain, hub: DeskHub
) -> None:
    """Over its carrier the number would be dialled."""
    brain.calls[CallId("node1-1.1")] = CentreId("hulunbuir")
    brain.seats[SEAT] = replace(seat_view("1001"), agent=AgentId("anna"), call=CallId("node1-1.1"))
    theirs = {"centre": CentreId("hulunbuir"), "typed_numbers": ("agent", "expert")}
    home = hub.platform.home
    hub.know(hub.platform.model_copy(update={"centres": (home, home.model_copy(update=theirs))}))
    assert (await listed(client))["typed_numbers"] == ["agent", "expert"]


async def test_each_centre_sees_its_own(client: Client, brain: FakeBrain, store: FakeStore) -> None:
    """Xia is of another centre: its callers are taken where that centre's table says."""
    brain.places = [expert()]
    found = await listed(client, "xia")
    assert (found["items"], found["typed_numbers"]) == ([], [])


async def test_who_has_a_caller_of_another_centre_sees_where_that_ones_callers_go(
    client: Client, brain: FakeBrain
) -> None:
    """The emergency lines of where the caller is. Without that call the own centre's again."""
    brain.places = [expert()]
    there, call = SeatId("hulunbuir-2001"), CallId("node1-1.1")
    brain.seats[there] = replace(seat_view("1001"), seat=there, agent=AgentId("xia"), call=call)
    assert (await listed(client, "xia"))["centre"] == "hulunbuir"
    brain.calls[call] = CHIFENG
    found = await listed(client, "xia")
    assert (found["centre"], len(found["items"])) == ("chifeng", 1)
