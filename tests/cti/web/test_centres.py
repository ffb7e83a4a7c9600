"""Several centres on one platform: each sees its own; the province above also reads those below."""

import pytest

from config.facts import Level
from config.platform import Platform
from config.profile import Profile, SeatPlan
from config.settings import Settings
from cti.ids import AgentId, CallId, CentreId
from cti.web.desk import DeskHub
from cti.web.endpoint import Identity, Role
from cti.web.sight import centres_seen
from records.draft import WorkOrderDraft
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, FakeRecording, FakeStore
from tests.cti.web.sample import ANI, CALL, call_record, draft_of, fill, write_wav

BELOW = CentreId("hulunbuir")
THEIRS = CallId("node1-1795310091.9")


@pytest.fixture
def platform(profile: Profile) -> Platform:
    """A province, and a city below it with one seat of the same extension."""
    home = profile.model_copy(update={"level": Level.PROVINCE})
    city = profile.model_copy(
        update={
            "centre": BELOW,
            "name": "呼伦贝尔市12345热线",
            "city": "呼伦贝尔市",
            "seats": (SeatPlan(extension="1001", name="呼伦贝尔一号", skills=frozenset({"通用"})),),
        }
    )
    return Platform(centres=(home, city), revision=3)


@pytest.fixture(autouse=True)
def theirs(
    store: FakeStore, settings: Settings, hub: DeskHub, platform: Platform
) -> WorkOrderDraft:
    """A call and an order of each centre; Xia and her chief work in the city."""
    hub.know(platform)
    fill(store, settings.recordings)
    store.add("xia-chief", "supervisor", BELOW)
    record = call_record(THEIRS, agent="xia", centre=BELOW)
    draft = draft_of(record).model_copy(update={"centre": BELOW})
    store.kept_calls[THEIRS] = record
    store.kept_orders[draft.id] = draft
    store.recordings[THEIRS] = FakeRecording(stereo=f"{THEIRS}.wav", seconds=1.0)
    write_wav(settings.recordings / f"{THEIRS}.wav", 1.0)
    return draft


async def got(client: Client, path: str, user: str) -> tuple[int, dict[str, object]]:
    answer = await client.get(path, headers=bearer(user))
    return answer.status, await answer.json()


def test_who_reads_which_centre(platform: Platform) -> None:
    """Own centre always; below it only supervisors and administrators of a province's own."""
    city = platform.model_copy(
        update={"centres": (platform.home.model_copy(update={"level": Level.CITY}),)}
    )
    both = (CHIFENG, BELOW)
    for centre, role, seen in (
        (CHIFENG, Role.SUPERVISOR, both),
        (CHIFENG, Role.ADMIN, both),
        (CHIFENG, Role.AGENT, (CHIFENG,)),
        (CHIFENG, Role.EXPERT, (CHIFENG,)),
        (CHIFENG, Role.SYSTEM, (CHIFENG,)),
        (BELOW, Role.SUPERVISOR, (BELOW,)),
        (BELOW, Role.ADMIN, (BELOW,)),
    ):
        who = Identity(user=AgentId("x"), name="x", centre=centre, role=role)
        assert (centre, role, centres_seen(who, platform)) == (centre, role, seen)
        assert centres_seen(who, city) == (centre,)


async def test_lists_are_of_the_own_centre_unless_one_below_is_asked_for(client: Client) -> None:
    """Nobody gets another centre's rows without asking, nor by asking without the right."""
    for path, key in (("/api/v1/calls", "call_id"), ("/api/v1/work-orders", "call_id")):
        for user, wanted, found in (
            ("chief", "", [CALL]),
            ("xia", "", [THEIRS]),
            ("chief", f"?centre={BELOW}", [THEIRS]),
            ("admin", f"?centre={BELOW}", [THEIRS]),
            ("chief", f"?centre={CHIFENG}", [CALL]),
        ):
            status, body = await got(client, path + wanted, user)
            items = body["items"]
            assert isinstance(items, list)
            assert (user, wanted, status, [item[key] for item in items]) == (
                user,
                wanted,
                200,
                found,
            )
        for user, wanted in (
            ("anna", BELOW),
            ("robot", BELOW),
            ("xia", CHIFENG),
            ("xia-chief", CHIFENG),
            ("chief", "nowhere"),
        ):
            status, body = await got(client, f"{path}?centre={wanted}", user)
            error = body["error"]
            assert isinstance(error, dict)
            assert (user, wanted, status, error["id"]) == (user, wanted, 403, "other-centre")


async def test_figures_are_of_the_own_centre_unless_one_below_is_asked_for(
    client: Client,
) -> None:
    """Each centre counts its own calls; the province may count a city's, never the other way."""
    span = "?since=2026-11-22T00:00:00Z&until=2026-11-23T00:00:00Z&by=line"
    for user, wanted, offered in (
        ("chief", "", 1),
        ("chief", f"&centre={BELOW}", 1),
        ("xia-chief", "", 1),
        ("robot", f"&centre={CHIFENG}", 1),
    ):
        status, body = await got(client, f"/api/v1/stats{span}{wanted}", user)
        whole = body["whole"]
        assert isinstance(whole, dict)
        assert (user, wanted, status, whole["offered"]) == (user, wanted, 200, offered)
    for path in ("/api/v1/stats", "/api/v1/stats/workbook"):
        for user, centre in (("xia-chief", CHIFENG), ("robot", BELOW)):
            status, body = await got(client, f"{path}{span}&centre={centre}", user)
            assert (path, user, status) == (path, user, 403)


async def test_one_call_or_order_of_another_centre_is_not_there(
    client: Client, theirs: WorkOrderDraft
) -> None:
    """404 for those beside and below; whole for the supervisor above, masked for the admin."""
    for user, status, number in (
        ("xia", 200, ANI),
        ("chief", 200, ANI),
        ("admin", 200, "*********01"),
        ("anna", 404, None),
        ("robot", 404, None),
    ):
        found, call = await got(client, f"/api/v1/calls/{THEIRS}", user)
        assert (user, found, call.get("ani")) == (user, status, number)
        found, order = await got(client, f"/api/v1/work-orders/{theirs.id}", user)
        assert (user, found) == (user, status)
    status, _ = await got(client, f"/api/v1/calls/{CALL}", "xia-chief")
    assert status == 404


async def test_the_centre_above_changes_nothing_below(
    client: Client, store: FakeStore, theirs: WorkOrderDraft
) -> None:
    """It reads; editing and submitting are the own centre's."""
    path = f"/api/v1/work-orders/{theirs.id}"
    for method, address, body in (
        ("PATCH", path, {"title": "新标题"}),
        ("POST", f"{path}/submit", None),
    ):
        answer = await client.request(method, address, json=body, headers=bearer("chief"))
        assert (answer.status, (await answer.json())["error"]["id"]) == (403, "other-centre")
    assert store.kept_orders[theirs.id] == theirs
    answer = await client.patch(path, json={"title": "新标题"}, headers=bearer("xia"))
    assert answer.status == 200


async def test_who_is_listened_to_from_above_is_told_so(client: Client, store: FakeStore) -> None:
    """The hearing stands in the audit of the centre that was heard, with where it came from."""
    answer = await client.get(f"/api/v1/calls/{THEIRS}/recording", headers=bearer("chief"))
    assert answer.status == 200
    await answer.read()
    assert store.audit == [("chief", "recording-heard", {"call": THEIRS, "from": CHIFENG})]
    assert store.audited_centres == [BELOW]


async def test_a_page_shows_the_seats_of_its_own_centre(client: Client) -> None:
    """And which centres its reader may look at."""
    for user, extensions, seen in (
        ("anna", ["1001", "1002"], [CHIFENG]),
        ("chief", ["1001", "1002"], [CHIFENG, BELOW]),
        ("xia", ["1001"], [BELOW]),
    ):
        status, body = await got(client, "/api/v1/centre", user)
        seats, sees = body["seats"], body["sees"]
        assert isinstance(seats, list)
        assert isinstance(sees, list)
        assert (user, status, [seat["extension"] for seat in seats]) == (user, 200, extensions)
        assert [each["centre"] for each in sees] == seen


async def test_an_agent_signs_in_at_a_seat_of_the_own_centre_only(client: Client) -> None:
    """The same extension elsewhere is another seat: Xia's brain knows none of her centre's here."""
    async with client.ws_connect(
        "/api/v1/desk", headers={**bearer("xia"), "Origin": str(client.make_url("/").origin())}
    ) as ws:
        await ws.receive_json()
        await ws.send_json({"id": 1, "do": "sign-in", "extension": "1002"})
        answer = await ws.receive_json()
    assert answer["error"]["id"] == "seat-unknown"
