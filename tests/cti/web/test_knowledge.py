"""The knowledge base over HTTP."""

from typing import Any

import pytest

from config.files import load_profile
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.web.desk import DeskHub
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeStore

SEARCH = "/api/v1/knowledge/search"
ARTICLE = "/api/v1/knowledge/flexible-pension"


@pytest.fixture(autouse=True)
def _articles(hub: DeskHub, profile: Profile) -> None:
    """The home city's."""
    articles = load_profile(Settings()).knowledge
    hub.know(Platform(centres=(profile.model_copy(update={"knowledge": articles}),)))


async def search(client: Client, text: str, user: str = "anna") -> list[dict[str, Any]]:
    answer = await client.post(SEARCH, json={"text": text}, headers=bearer(user))
    assert answer.status == 200
    items: list[dict[str, Any]] = (await answer.json())["items"]
    return items


async def test_it_is_searched_while_they_speak(client: Client) -> None:
    """With answer, office and source; what is past its day says so."""
    (card, *_) = await search(client, "我的身份证丢了怎么补办")
    assert (card["id"], card["office"], card["is_outdated"], card["reports"]) == (
        "id-card-lost",
        "公安局",
        False,
        0,
    )
    assert "派出所" in card["answer"]
    (pension, *_) = await search(client, "没有单位个人怎么交养老保险")
    assert (pension["id"], pension["is_outdated"]) == ("flexible-pension", True)


async def test_outdated_is_told_seen_and_closed(client: Client, store: FakeStore) -> None:
    """By an agent; seen with the article by everybody, and in the list by its keepers."""
    told = await client.post(
        f"{ARTICLE}/outdated", json={"why": "费率变了"}, headers=bearer("anna")
    )
    assert told.status == 204
    (pension, *_) = await search(client, "没有单位个人怎么交养老保险")
    assert pension["reports"] == 1
    listed = await client.get("/api/v1/knowledge/reports", headers=bearer("chief"))
    (report,) = (await listed.json())["items"]
    assert (report["article"], report["why"], report["by"]) == (
        "flexible-pension",
        "费率变了",
        "anna",
    )
    close = f"/api/v1/knowledge/reports/{report['id']}/close"
    assert (await client.post(close, headers=bearer("chief"))).status == 204
    assert store.reports == []
    again = await client.post(close, headers=bearer("chief"))
    assert (again.status, (await again.json())["error"]["id"]) == (404, "report-unknown")


async def test_what_is_not_there_is_not_reported(client: Client) -> None:
    """Neither an article that never was, nor one without a reason."""
    answer = await client.post(
        "/api/v1/knowledge/no-such/outdated", json={"why": "?"}, headers=bearer("anna")
    )
    assert (answer.status, (await answer.json())["error"]["id"]) == (404, "article-unknown")
    answer = await client.post(f"{ARTICLE}/outdated", json={"why": " "}, headers=bearer("anna"))
    assert answer.status == 422


async def test_without_a_database_it_is_searched_all_the_same(
    client: Client, store: FakeStore
) -> None:
    """Only how often it was reported is not known then."""
    store.cannot_count = True
    (card, *_) = await search(client, "身份证丢了")
    assert card["reports"] is None
