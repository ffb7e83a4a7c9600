"""Work orders over HTTP."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from config.owndays import DayKind, OwnDay
from config.platform import Platform
from config.profile import Profile
from config.rules import Limits
from config.settings import Settings
from config.workdays import CHINA
from cti.events import DraftSubmitted
from cti.ids import AgentId, CallId, CentreId, SeatId
from cti.web.desk import DeskHub
from queues.seat import AgentState
from records.draft import WorkOrderDraft
from records.engine.protocol import Segment
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore, seat_view
from tests.cti.web.sample import ANI, CALL, call_record, draft_of, fill

LIST = "/api/v1/work-orders"


@pytest.fixture
def order(store: FakeStore, settings: Settings) -> WorkOrderDraft:
    """Anna's order, with an abandoned call's and another centre's beside it."""
    draft = fill(store, settings.recordings)
    for call, agent, centre in (
        ("node1-2.1", None, CentreId("chifeng")),
        ("node1-3.1", "xia", CentreId("hulunbuir")),
    ):
        record = call_record(CallId(call), agent=agent, centre=centre, ani="13900000000")
        store.kept_calls[call] = record
        store.kept_orders[draft_of(record).id] = draft_of(record)
    return draft


async def get(client: Client, path: str, user: str) -> Any:
    answer = await client.get(path, headers=bearer(user))
    return answer.status, await answer.json()


async def test_a_list_shows_only_the_own_centre(client: Client, order: WorkOrderDraft) -> None:
    """Each row is scoped by the centre of whoever asks."""
    _, mine = await get(client, LIST, "anna")
    _, theirs = await get(client, LIST, "xia")
    assert (mine["total"], theirs["total"]) == (2, 1)
    assert {"chifeng"} == {item["centre"] for item in mine["items"]}


async def test_another_centres_order_does_not_exist(client: Client, order: WorkOrderDraft) -> None:
    """Not refused, not found: its existence is nobody's business."""
    assert (await get(client, f"{LIST}/{order.id}", "xia"))[0] == 404
    for method, path, body in (("PATCH", "", {"title": "x"}), ("POST", "/submit", None)):
        answer = await client.request(
            method, f"{LIST}/{order.id}{path}", json=body, headers=bearer("xia")
        )
        assert (answer.status, (await answer.json())["error"]["id"]) == (404, "order-unknown")


@pytest.mark.parametrize(
    ("user", "is_whole"),
    [("anna", True), ("chief", True), ("robot", True), ("bao", False), ("admin", False)],
)
async def test_the_callers_number_is_for_those_who_may_see_it(
    client: Client, order: WorkOrderDraft, user: str, is_whole: bool
) -> None:
    """Whole for the agent of the call, supervisor and system; for others not even in the text."""
    status, shown = await get(client, f"{LIST}/{order.id}", user)
    assert status == 200
    assert (ANI in str(shown)) == is_whole
    assert shown["caller"]["number"] == (ANI if is_whole else "*********01")


async def test_lists_mask_even_own_calls(client: Client, order: WorkOrderDraft) -> None:
    """A list on a screen shows no whole number, but to the supervisor and the system."""
    assert ANI not in str(await get(client, LIST, "anna"))
    assert ANI in str(await get(client, LIST, "chief"))


async def test_a_list_is_narrowed(client: Client, order: WorkOrderDraft) -> None:
    """By caller, call, status, time, and by pages."""
    for query, ids in (
        (f"from={ANI}", [order.id]),
        (f"call_id={CALL}", [order.id]),
        ("status=submitted", []),
        ("since=2026-11-22T12:00:00+08:00&limit=1", [order.id]),
        ("since=2026-11-22T12:00:01%2B08:00", []),
        ("until=2026-11-22T04:00:00Z", []),
    ):
        status, found = await get(client, f"{LIST}?{query}", "chief")
        assert (query, status, ids) == (query, 200, [item["id"] for item in found["items"]])


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "since=2026-11-22T12:00:00",
        "limit=0",
        "limit=201",
        "offset=-1",
        "offset=99999999999999999999",
        "status=lost",
        "from=%27%20OR%201=1",
        "call_id=../../etc",
        "who=anna",
        "limit=1&limit=2",
        "from=",
    ],
)
async def test_a_query_that_makes_no_sense_is_refused(
    client: Client, order: WorkOrderDraft, query: str
) -> None:
    """422, naming the field, never repeating what was sent."""
    status, answer = await get(client, f"{LIST}?{query}", "chief")
    assert (status, answer["error"]["id"]) == (422, "invalid-query")
    assert answer["error"]["details"]["fields"]


async def patch(client: Client, order: str, user: str, words: Any) -> Any:
    answer = await client.patch(f"{LIST}/{order}", json=words, headers=bearer(user))
    return answer.status, await answer.json()


async def test_the_agents_words_win(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """What the agent writes replaces the machine's, with the agent as evidence; null clears."""
    status, shown = await patch(
        client,
        order.id,
        "anna",
        {
            "title": " 供热不足 ",
            "place": {"text": "五号楼"},
            "summary": None,
            "demand_type": "help",
        },
    )
    assert status == 200
    assert (shown["title"], shown["summary"], shown["demand_type"]) == ("供热不足", None, "help")
    assert (shown["place"]["text"], shown["place"]["region"]) == ("五号楼", "松山区")
    agents = {(e["field"], e["text"]) for e in shown["evidence"] if e["kind"] == "agent"}
    assert agents == {
        ("title", "供热不足"),
        ("place.text", "五号楼"),
        ("summary", "（话务员删去）"),
        ("demand_type", "help"),
    }
    assert [e["kind"] for e in shown["evidence"] if e["field"] == "place.text"] == ["agent"]
    assert store.audit == [
        (
            "anna",
            "order-edited",
            {"order": order.id, "fields": "demand_type place.text summary title"},
        )
    ]


async def test_a_false_answer_is_an_answer(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """No to disclosure is kept as no, not as unknown."""
    _, shown = await patch(client, order.id, "anna", {"caller": {"disclosure_consent": False}})
    assert shown["caller"]["disclosure_consent"] is False


@pytest.mark.parametrize(
    ("words", "error"),
    [
        ({}, "invalid-body"),
        ({"title": "长" * 101}, "invalid-body"),
        ({"title": "a\u0000b"}, "invalid-body"),
        ({"title": 1}, "invalid-body"),
        ({"status": "void"}, "invalid-body"),
        ({"caller": {"number": "110"}}, "invalid-body"),
        ({"demand_type": "rage"}, "invalid-body"),
        ({"place": None}, "invalid-body"),
        ({"when": {"start": "2026-11-22T12:00:00"}}, "invalid-body"),
        ([], "invalid-body"),
    ],
)
async def test_an_edit_that_makes_no_sense_is_refused(
    client: Client, store: FakeStore, order: WorkOrderDraft, words: Any, error: str
) -> None:
    """422 and nothing changed."""
    status, answer = await patch(client, order.id, "anna", words)
    assert (status, answer["error"]["id"]) == (422, error)
    assert store.kept_orders[order.id] == order


@pytest.mark.parametrize(
    ("body", "media", "status", "error"),
    [
        (b"{", "application/json", 400, "malformed-json"),
        (b"\xff\xfe", "application/json", 400, "malformed-json"),
        (b"[" * 5000, "application/json", 400, "malformed-json"),
        (b'{"title": "\\ud800"}', "application/json", 400, "malformed-json"),
        (b"", "application/json", 400, "malformed-json"),
        (b"title=x", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        (b'"' + b"x" * 300_000 + b'"', "application/json", 413, "too-large"),
    ],
)
async def test_a_body_that_is_not_json_is_refused(
    client: Client, order: WorkOrderDraft, body: bytes, media: str, status: int, error: str
) -> None:
    """Each in the one shape of errors."""
    answer = await client.patch(
        f"{LIST}/{order.id}", data=body, headers={**bearer("anna"), "Content-Type": media}
    )
    assert (answer.status, (await answer.json())["error"]["id"]) == (status, error)


async def test_what_another_person_wrote_meanwhile_is_not_written_over(
    client: Client, order: WorkOrderDraft
) -> None:
    """Both looked, one wrote: the other is told what it says now, and nothing is changed."""
    seen = {"title": order.title, "place.text": order.place.text}
    await patch(client, order.id, "chief", {"title": "班长写的"})
    words = {"title": "话务员写的", "place": {"text": "五号楼"}, "was": seen}
    status, refused = await patch(client, order.id, "anna", words)
    assert (status, refused["error"]["id"]) == (409, "order-changed")
    assert refused["error"]["details"]["fields"] == [{"field": "title", "now": "班长写的"}]
    _, shown = await get(client, f"{LIST}/{order.id}", "anna")
    assert (shown["title"], shown["place"]["text"]) == ("班长写的", order.place.text)
    seen["title"] = "班长写的"
    status, shown = await patch(client, order.id, "anna", {**words, "was": seen})
    assert (status, shown["title"], shown["place"]["text"]) == (200, "话务员写的", "五号楼")


async def test_offices_are_a_persons_choice(client: Client, order: WorkOrderDraft) -> None:
    """The first leads; a lone name needs no why, and more offices than eight are refused."""
    chosen = [{"name": "松山区住建局", "why": "来电人要求"}, {"name": "市热力公司"}]
    status, shown = await patch(client, order.id, "anna", {"offices": chosen})
    assert status == 200
    assert [(one["name"], one["why"]) for one in shown["offices"]] == [
        ("松山区住建局", "来电人要求"),
        ("市热力公司", ""),
    ]
    [said] = [one for one in shown["evidence"] if one["field"] == "offices"]
    assert (said["kind"], said["text"]) == ("agent", "松山区住建局、市热力公司")
    for wrong in ([{"name": ""}], [{"name": "局"}] * 9, [{"why": "x"}]):
        assert (await patch(client, order.id, "anna", {"offices": wrong}))[0] == 422


async def test_whose_order_it_is_to_edit(client: Client, order: WorkOrderDraft) -> None:
    """The agent's of the call, and the supervisor's; anyone's when nobody talked."""
    abandoned = (await get(client, f"{LIST}?call_id=node1-2.1", "chief"))[1]["items"][0]["id"]
    statuses = [
        (await patch(client, id, user, {"title": "t"}))[0]
        for id, user in (
            (order.id, "bao"),
            (order.id, "expert"),
            (order.id, "anna"),
            (order.id, "chief"),
            (abandoned, "bao"),
        )
    ]
    assert statuses == [403, 403, 200, 200, 200]


async def test_a_draft_is_nobody_elses_while_its_call_is_at_a_seat(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """A call that is under way has no talk in the records yet, and still it is somebody's."""
    store.kept_calls[CALL] = replace(store.kept_calls[CALL], talks=())
    anna = {"agent": AgentId("anna"), "state": AgentState.TALKING}
    brain.seats[SeatId("chifeng-1001")] = seat_view("1001", call=CALL, **anna)
    statuses = [
        (await patch(client, order.id, user, {"title": "t"}))[0]
        for user in ("bao", "anna", "chief")
    ]
    assert statuses == [403, 200, 200]
    brain.seats[SeatId("chifeng-1001")] = seat_view("1001")
    assert (await patch(client, order.id, "bao", {"title": "u"}))[0] == 200


async def test_whoever_finishes_the_call_may_hand_its_order_in(
    client: Client, brain: FakeBrain, order: WorkOrderDraft
) -> None:
    """Also when the records do not know who sat there: the brain does, while it wraps up."""
    assert (await patch(client, order.id, "bao", {"title": "t"}))[0] == 403
    bao = {"agent": AgentId("bao"), "state": AgentState.WRAP_UP}
    brain.seats[SeatId("chifeng-1002")] = seat_view("1002", wraps_up=CallId("node1-9.9"), **bao)
    assert (await patch(client, order.id, "bao", {"title": "t"}))[0] == 403
    brain.seats[SeatId("chifeng-1002")] = seat_view("1002", wraps_up=CALL, **bao)
    status, shown = await patch(client, order.id, "bao", {"title": "t"})
    assert (status, shown["caller"]["number"]) == (200, ANI)
    answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("bao"))
    view = brain.seat_of(AgentId("bao"))
    assert view is not None
    assert (answer.status, view.state) == (200, AgentState.AVAILABLE)


async def test_a_submitted_order_stands(client: Client, order: WorkOrderDraft) -> None:
    """Submitting twice is submitting once; after it, no more edits."""
    for _ in range(2):
        answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
        assert (answer.status, (await answer.json())["status"]) == (200, "submitted")
    status, refused = await patch(client, order.id, "anna", {"title": "t"})
    assert (status, refused["error"]["id"]) == (409, "order-already-submitted")


async def test_submitting_ends_the_wrap_up_of_its_call(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """The brain is told each time, the audit once; an edit tells nobody."""
    await patch(client, order.id, "anna", {"title": "供热不足"})
    assert brain.submitted == []
    for _ in range(2):
        await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
    assert [type(event) for event in brain.submitted] == [DraftSubmitted] * 2
    assert {event.call for event in brain.submitted if isinstance(event, DraftSubmitted)} == {CALL}
    assert [what for _, what, _ in store.audit] == ["order-edited", "order-submitted"]


async def test_by_when_it_is_owed_follows_the_agents_words(
    client: Client, hub: DeskHub, profile: Profile, order: WorkOrderDraft
) -> None:
    """The city's rule: five working days, what is urgent today; handed in, it is settled."""
    ruled = profile.model_copy(update={"limits": Limits(other_d=5, urgent="same-day")})
    hub.platform = Platform(centres=(ruled,))
    words = {"demand_type": "complaint", "decision": "accept", "urgency": "normal"}
    _, usual = await patch(client, order.id, "anna", words)
    _, urgent = await patch(client, order.id, "anna", {"urgency": "urgent"})
    by = [datetime.fromisoformat(one["deadlines"]["finish_by"]) for one in (usual, urgent)]
    taken = order.received_at.astimezone(CHINA)
    assert by[1].astimezone(CHINA).date() == taken.date()
    assert by[0] - by[1] > timedelta(days=4)
    assert "紧要事项当天办结" in [piece["text"] for piece in urgent["evidence"]]
    _, declined = await patch(client, order.id, "anna", {"decision": "answered"})
    assert declined["deadlines"]["finish_by"] is None
    await patch(client, order.id, "anna", words)
    answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
    settled = (await answer.json())["deadlines"]
    assert (usual["deadlines"]["provisional"], settled["provisional"]) == (True, False)


async def test_a_citys_own_holiday_moves_by_when_it_is_owed(
    client: Client, hub: DeskHub, profile: Profile, order: WorkOrderDraft
) -> None:
    """By the calendar of the order's centre."""
    taken = order.received_at.astimezone(CHINA).date()
    day = OwnDay(first=taken, last=taken + timedelta(days=9), kind=DayKind.OFF)
    by = []
    for days in ((), (day,)):
        limits = Limits(other_d=1)
        hub.know(Platform(centres=(profile.model_copy(update={"limits": limits, "days": days}),)))
        words = {"demand_type": "complaint", "decision": "accept", "urgency": "normal"}
        _, told = await patch(client, order.id, "anna", words)
        by.append(datetime.fromisoformat(told["deadlines"]["finish_by"]).astimezone(CHINA).date())
    assert by[0] <= day.last < by[1]


async def test_an_order_that_says_too_little_is_not_handed_in(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Each missing field with a sentence; nothing changed, and the wrap-up goes on."""
    words = {"title": None, "demand_type": None, "decision": "decline"}
    await patch(client, order.id, "anna", words)
    answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
    error = (await answer.json())["error"]
    assert (answer.status, error["id"]) == (422, "order-incomplete")
    assert error["details"]["fields"] == [
        {"field": "title", "why": "请填写标题。"},
        {"field": "demand_type", "why": "请选择诉求类型。"},
        {"field": "decline_reason", "why": "不予受理的，请填写理由。"},
    ]
    assert (store.kept_orders[order.id].status, brain.submitted) == ("draft", [])
    assert [what for _, what, _ in store.audit] == ["order-edited"]


async def test_an_order_the_platform_has_already_is_found_done(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """It may be delivered before the agent is answered: the second click ends the wrap-up too."""
    store.kept_orders[order.id] = order.model_copy(update={"status": "delivered"})
    answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
    assert (answer.status, (await answer.json())["status"]) == (200, "delivered")
    assert (store.audit, len(brain.submitted)) == ([], 1)


async def test_what_is_beyond_submitting_is_not_submitted(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """A void order stays what it is."""
    store.kept_orders[order.id] = order.model_copy(update={"status": "void"})
    answer = await client.post(f"{LIST}/{order.id}/submit", headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (409, "order-already-submitted")
    assert (store.audit, brain.submitted) == ([], [])


@pytest.mark.parametrize(
    ("user", "mark"),
    [("anna", None), ("bao", None), ("expert", None), ("chief", 2), ("admin", 2), ("robot", 2)],
)
async def test_what_callers_say_of_a_talk_is_not_for_its_agents(
    client: Client, store: FakeStore, order: WorkOrderDraft, user: str, mark: int | None
) -> None:
    """Supervisors, administrators and programs see the mark, on order, list and call."""
    store.kept_orders[order.id] = order.model_copy(update={"satisfaction": 2})
    store.kept_calls[CALL] = replace(store.kept_calls[CALL], satisfaction=2)
    _, shown = await get(client, f"{LIST}/{order.id}", user)
    _, listed = await get(client, f"{LIST}?call_id={CALL}", user)
    _, call = await get(client, f"/api/v1/calls/{CALL}", user)
    marks = [shown["satisfaction"], listed["items"][0]["satisfaction"], call["satisfaction"]]
    assert marks == [mark] * 3


async def test_an_order_nobody_knows_is_not_found(client: Client) -> None:
    """404 with the order's own error id; addresses that cannot be orders with the general one."""
    assert (await get(client, f"{LIST}/x", "anna"))[1]["error"]["id"] == "order-unknown"
    assert (await get(client, f"{LIST}/%2e%2e%2fx", "anna"))[1]["error"]["id"] == "not-found"


async def test_an_order_is_looked_over_by_the_words_of_its_call(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """With the seconds; another centre's order does not exist."""
    number = Segment(
        channel="caller", start_s=7.5, end_s=9, text="电话是一三八四七六五二三一", confidence=0.9
    )
    store.spoken[CallId(order.call_id)] = (number,)
    status, told = await get(client, f"{LIST}/{order.id}/checks", "anna")
    assert status == 200
    (doubt,) = [item for item in told["items"] if item["field"] == "caller.number"]
    assert (doubt["kind"], doubt["channel"], doubt["start_s"]) == ("doubt", "caller", 7.5)
    assert (await get(client, f"{LIST}/{order.id}/checks", "xia"))[0] == 404


async def test_a_supervisor_reads_what_the_call_is_worth(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Each mark with its rule and seconds; nobody else reads it, and silence is not scored."""
    path = f"{LIST}/{order.id}/score"
    store.spoken[CallId(order.call_id)] = ()
    _, none = await get(client, path, "chief")
    assert none == {"order": order.id, "score": None}
    rude = Segment(channel="agent", start_s=1, end_s=3, text="喂，这个不归我管", confidence=0.9)
    store.spoken[CallId(order.call_id)] = (rude,)
    _, told = await get(client, path, "chief")
    marks = {mark["rule"]: mark["start_s"] for mark in told["score"]["marks"]}
    assert marks == {"greeting": 1, "closing": 1, "forbidden": 1}
    assert told["score"]["total"] == 60
    assert [(await get(client, path, user))[0] for user in ("anna", "xia")] == [403, 403]
