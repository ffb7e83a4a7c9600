"""The page steers the telephone beside it: what is ordered, and when nothing is."""

from cti.effects import PressPhone
from cti.events import LegStarted, LinkLost
from cti.happened import PhoneKey
from cti.ids import CallId
from cti.moveevents import AgentPresses
from tests.cti.playbook import ANNA, BEN, CALL, OTHER, SEAT, Playbook, Wish, after, leg


def presses(key: PhoneKey, *, seat: object = SEAT, agent: object = ANNA) -> AgentPresses:
    return AgentPresses(at=after(9), seat=seat, agent=agent, call=CALL, key=key)  # type: ignore[arg-type]  # only ids of the playbook


def ringing() -> Playbook:
    """The seat's telephone rings for the caller."""
    return Playbook().sign_in().call_in() >> LegStarted(
        at=after(1), call=CALL, channel=leg(SEAT), seat=SEAT
    )


def test_a_telephone_that_rings_is_answered_or_refused() -> None:
    """And nothing else is pressed on it."""
    with ringing() as p:
        for key in (PhoneKey.ANSWER, PhoneKey.HANG_UP):
            assert p.switch.why_not_press(presses(key)) == ""
            p >> presses(key) << Wish(PressPhone, channel=leg(SEAT), key=key, rings=True)
        for key in (PhoneKey.HOLD, PhoneKey.RESUME, PhoneKey.MUTE, PhoneKey.UNMUTE):
            assert p.switch.why_not_press(presses(key)) == "phone-idle"
            (p >> presses(key)).none(PressPhone)


def test_in_a_talk_it_holds_mutes_and_hangs_up() -> None:
    """It has been answered: that is pressed no more."""
    with Playbook().sign_in().call_in().talk() as p:
        for key in set(PhoneKey) - {PhoneKey.ANSWER}:
            p >> presses(key) << Wish(PressPhone, channel=leg(SEAT), key=key, rings=False)
        assert p.switch.why_not_press(presses(PhoneKey.ANSWER)) == "phone-idle"
        (p >> presses(PhoneKey.ANSWER)).none(PressPhone)


def test_nobody_presses_anothers_telephone() -> None:
    """Nor the own one in a call that it does not have."""
    with Playbook().sign_in().sign_in(OTHER, BEN).call_in().talk() as p:
        key = PhoneKey.HANG_UP
        assert p.switch.why_not_press(presses(key, agent=BEN)) == "not-signed-in"
        (p >> presses(key, agent=BEN)).none(PressPhone)
        assert p.switch.why_not_press(presses(key, seat=OTHER, agent=BEN)) == "phone-idle"
        (p >> presses(key, seat=OTHER, agent=BEN)).none(PressPhone)
        over = AgentPresses(at=after(9), seat=SEAT, agent=ANNA, call=CallId("no-1.1"), key=key)
        assert p.switch.why_not_press(over) == "phone-idle"


def test_without_a_link_nothing_is_pressed() -> None:
    """A key is for now: it is not kept for later."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> LinkLost(at=after(5))
        (p >> presses(PhoneKey.HANG_UP)).none(PressPhone)
