"""What a page's telephone is told, and who is told."""

from pathlib import Path

import pytest

from config.settings import Settings
from cti.happened import PhoneKey
from cti.ids import AgentId
from cti.moveevents import AgentPresses
from cti.web.deskphone import phone_url
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, seat_view

SEAT = "chifeng-1001"


def keep_password(settings: Settings) -> None:
    folder = settings.home / "secrets"
    folder.mkdir(exist_ok=True)
    (folder / f"seat-{SEAT}-web").write_text("word\n", encoding="ascii")


def sit(brain: FakeBrain) -> None:
    """Anna is signed in at the seat."""
    view = seat_view("1001", agent=AgentId("anna"), state=AgentState.NOT_READY)
    brain.seats[view.seat] = view


async def test_who_sits_at_a_seat_gets_its_phone(
    client: Client, brain: FakeBrain, settings: Settings
) -> None:
    """Where Asterisk takes websockets on the host the page came from, and the seat's own name."""
    keep_password(settings)
    sit(brain)
    answer = await client.get("/api/v1/desk/phone", headers=bearer("anna"))
    assert await answer.json() == {
        "url": "ws://127.0.0.1:8088/ws",
        "user": f"{SEAT}-web",
        "password": "word",
    }


async def test_nobody_gets_the_phone_of_another(
    client: Client, brain: FakeBrain, settings: Settings
) -> None:
    """Who is not signed in at a seat is told no password, whoever else sits where."""
    keep_password(settings)
    sit(brain)
    answer = await client.get("/api/v1/desk/phone", headers=bearer("bao"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (409, "not-signed-in")


async def test_a_seat_without_a_phone_for_pages_says_so(client: Client, brain: FakeBrain) -> None:
    """A seat that was made before pages had phones has no password yet."""
    sit(brain)
    answer = await client.get("/api/v1/desk/phone", headers=bearer("anna"))
    assert (await answer.json())["error"]["id"] == "page-phone-missing"


@pytest.mark.parametrize(
    ("host", "settings", "url"),
    [
        ("desk.city:12345", {}, "ws://desk.city:8088/ws"),
        ("[2001:db8::1]:12345", {}, "ws://[2001:db8::1]:8088/ws"),
        ("desk.city", {"phone_certificate": Path("/c.pem")}, "wss://desk.city:8089/ws"),
        ("desk.city", {"phone_url": "wss://voice.city/ws"}, "wss://voice.city/ws"),
        ("desk.city; script-src *", {}, ""),
    ],
)
def test_the_phone_goes_where_the_page_came_from(
    host: str, settings: dict[str, object], url: str
) -> None:
    """Encrypted with a certificate, to a proxy where one is named, nowhere for what is no host."""
    assert phone_url(Settings.model_validate(settings), host) == url


async def test_the_page_may_talk_to_its_phone_and_to_nobody_else(client: Client) -> None:
    """The page's policy names the one address beside its own."""
    policy = (await client.get("/healthz")).headers["Content-Security-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:8088; " in policy


async def test_a_key_of_the_telephone_beside_the_page_is_passed_on(
    client: Client, brain: FakeBrain
) -> None:
    """For the call that the page means, as who sits there; else it is refused, with why."""
    keys = "/api/v1/desk/phone/keys"
    wanted = {"call": "node1-1.2", "key": "hang-up"}
    answer = await client.post(keys, json=wanted, headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (409, "not-signed-in")
    sit(brain)
    answer = await client.post(keys, json=wanted, headers=bearer("anna"))
    assert (answer.status, await answer.json()) == (202, {"call_id": "node1-1.2"})
    [wish] = [one for one in brain.submitted if isinstance(one, AgentPresses)]
    assert (wish.seat, wish.agent, wish.key) == (SEAT, "anna", PhoneKey.HANG_UP)
    brain.keeps_from_pressing = "phone-idle"
    answer = await client.post(keys, json=wanted, headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (409, "phone-idle")
    brain.ready = False
    answer = await client.post(keys, json=wanted, headers=bearer("anna"))
    assert (await answer.json())["error"]["id"] == "switch-away"
    assert len([one for one in brain.submitted if isinstance(one, AgentPresses)]) == 1
