"""The rules of intake, as the order's form asks for them."""

import pytest

from config.platform import Platform
from config.profile import Limits, Profile
from config.rules import Refusal
from cti.web.desk import DeskHub
from tests.cti.web.conftest import Client, bearer

WHY = Refusal(
    id="litigation", reason="需通过诉讼解决", words="请您向人民法院咨询。", source="方案三"
)


@pytest.fixture
def hub(profile: Profile) -> DeskHub:
    """A centre with one reason to decline and one time limit."""
    ruled = profile.model_copy(update={"refusals": (WHY,), "limits": Limits(other_d=5)})
    return DeskHub(Platform(centres=(ruled,)))


async def test_the_form_is_told_reasons_offices_and_limits(client: Client) -> None:
    """Each reason with the sentence to say; offices from the ledger; a rule nobody made is null."""
    answer = await client.get("/api/v1/intake", headers=bearer("anna"))
    told = await answer.json()
    assert told["refusals"] == [
        {
            "id": "litigation",
            "reason": "需通过诉讼解决",
            "words": "请您向人民法院咨询。",
            "source": "方案三",
        }
    ]
    assert told["offices"] == ["市政府办公室"]
    assert (told["limits"]["other_d"], told["limits"]["dispatch_h"]) == (5, None)
