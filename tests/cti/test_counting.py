"""What the switch says of how many are where."""

from cti.effects import OfferCall
from cti.ids import CentreId
from tests.cti.playbook import CALL, CENTRE, Playbook, Wish, after

ELSEWHERE = CentreId("elsewhere")


def test_callers_and_seats_are_counted_by_state() -> None:
    """Each call and each seat of the plan stands in one state."""
    with Playbook().sign_in().call_in() as p:
        p << Wish(OfferCall)
        figures = p.switch.figures()
        assert (figures["calls_offered"], figures["calls_waiting"]) == (1, 0)
        assert (figures["seats_offered"], figures["seats_logged_out"]) == (1, 1)
        assert figures["calls_from_emergency"] == 0


def test_who_waits_is_counted_in_the_own_centre() -> None:
    """Whoever rings somewhere waits on the line no more; other centres are told of nobody."""
    with Playbook().call_in() as p:
        assert (p.switch.waiting_in(CENTRE), p.switch.waiting_in(ELSEWHERE)) == (1, 0)
        [one] = p.switch.standing(CENTRE)
        assert (one.record.call, p.switch.standing(ELSEWHERE)) == (CALL, [])
        p.sign_in(at=after(5))
        p << Wish(OfferCall)
        assert p.switch.waiting_in(CENTRE) == 0
