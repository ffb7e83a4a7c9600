"""The brain's loop with kept places: what it reads of them, and what it orders."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cti import picture
from cti.call import CallState
from cti.plan import CentreTimes
from queues.seat import AgentState
from tests.cti.ami.peer import until
from tests.cti.playbook import ANI, CALL, CENTRE, CHANNEL, LINE, PLAN, RING, SEAT, arrived, waiting
from tests.cti.test_driver import Brain, Link

KEEPING = replace(PLAN, times={CENTRE: CentreTimes(ring=RING, keeps_places=True)})


class Remembering(Link):
    """An Asterisk in whose database one place is kept."""

    async def ask_list(self, action: str, **headers: Any) -> Sequence[dict[str, str]]:
        found = await super().ask_list(action, **headers)
        if (action, headers.get("Family")) != ("DBGetTree", "kept"):
            return found
        at = int(datetime.now(UTC).timestamp()) - 90
        value = f"{CENTRE},{LINE},{LINE},{ANI},{at},{at},{at + 60},7,0,0"
        return [{"Event": "DBGetTreeResponse", "Key": f"/kept/{CALL}", "Val": value}]


def brain_with_a_kept_place() -> Brain:
    return Brain(plan=KEEPING, link=Remembering)


def originated(brain: Brain) -> list[Mapping[str, Any]]:
    return brain.link.given("Originate")


async def test_a_kept_place_found_is_called_back_once_a_seat_is_free() -> None:
    """The seat's phone is rung, with all that is known of the call."""
    async with brain_with_a_kept_place() as brain:
        assert brain.switch.call_state(CALL) is CallState.KEPT
        brain.sign_in()
        await until(lambda: bool(originated(brain)))
        (order,) = originated(brain)
        assert (order["Channel"], order["Account"]) == (f"PJSIP/{SEAT}", CALL)
        assert order["Context"] == "callback"
        assert order["ChannelId"].startswith(f"{CALL}-")
        assert brain.state() is AgentState.OFFERED


async def test_a_seat_that_does_not_answer_is_away_and_the_place_is_kept() -> None:
    """As with any offer it missed."""
    async with brain_with_a_kept_place() as brain:
        brain.sign_in()
        await until(lambda: bool(originated(brain)))
        (order,) = originated(brain)
        brain.inbox.put(
            {
                "Event": "OriginateResponse",
                "Response": "Failure",
                "Channel": f"PJSIP/{SEAT}",
                "Context": "callback",
                "Reason": "3",
                "Uniqueid": order["ChannelId"],
            }
        )
        await until(lambda: brain.state() is AgentState.NOT_READY)
        assert brain.switch.call_state(CALL) is CallState.KEPT
        assert len(originated(brain)) == 1


async def test_an_order_that_asterisk_refuses_is_given_again_only_later() -> None:
    """Nobody rang; the seat is free again."""
    brain = brain_with_a_kept_place()
    brain.link.fails["Originate"] = ["Channel not specified"]
    async with brain:
        brain.sign_in()
        await until(lambda: bool(originated(brain)))
        await until(lambda: brain.state() is AgentState.AVAILABLE)
        assert len(originated(brain)) == 1


async def test_a_place_is_forgotten_by_asterisk_when_its_holder_waits_on_the_line_again() -> None:
    """The same number calls in: it has the place, and nobody calls it back."""
    async with brain_with_a_kept_place() as brain:
        call = replace(arrived(), at=datetime.now(UTC), call=type(CALL)("node1-9.9"))
        brain.inbox.put(call)
        waits = replace(waiting(), at=datetime.now(UTC), since=datetime.now(UTC), call=call.call)
        brain.inbox.put(waits)
        await until(lambda: brain.link.given("DBDel") == [{"Family": "kept", "Key": CALL}])
        brain.sign_in()
        await until(lambda: brain.link.redirects() == 1)
        assert originated(brain) == []


async def test_a_caller_is_asked_after_it_was_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key 1 works from then on, and the question is the last thing said."""
    monkeypatch.setattr(picture, "TELL_EVERY", timedelta(0))
    long_ago = datetime.now(UTC) - timedelta(seconds=30)
    async with Brain(plan=KEEPING) as brain:
        brain.inbox.put(replace(arrived(), at=long_ago))
        brain.inbox.put(replace(waiting(), at=datetime.now(UTC), since=long_ago))

        def set_to() -> dict[str, str]:
            own = [said for said in brain.link.given("Setvar") if said.get("Channel") == CHANNEL]
            return {said["Variable"]: said["Value"] for said in own}

        await until(lambda: "SAY" in set_to())
        assert set_to()["KEEP"] == "yes"
        assert set_to()["SAY"] == "ahead-0,keep-offer"
