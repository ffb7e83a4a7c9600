"""What callers say of the talk."""

import pytest

from cti.effects import WriteCall, WriteJournal
from cti.events import CallerRated
from cti.ids import CallId
from tests.cti.playbook import CALL, CHANNEL, SEAT, Playbook, Wish, after, hung_up, leg


@pytest.mark.parametrize("mark", [5, 1])
def test_the_mark_stands_in_the_calls_row(mark: int) -> None:
    """Noted with the seat that talked last, and written when the call ends."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 30, SEAT)
        p >> CallerRated(at=after(36), call=CALL, mark=mark)
        p << Wish(WriteJournal, what="rated", data=(("mark", str(mark)), ("seat", SEAT)))
        p >> hung_up(CHANNEL, 38)
        [record] = [e.record for e in p.effects if isinstance(e, WriteCall)]
        assert (record.satisfaction, record.talks[-1].seat) == (mark, SEAT)


def test_the_later_of_two_marks_holds() -> None:
    """As in Asterisk's log, so that both tell the same."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 30, SEAT)
        for mark in (1, 4):
            p >> CallerRated(at=after(36), call=CALL, mark=mark)
        p >> hung_up(CHANNEL, 38)
        [record] = [e.record for e in p.effects if isinstance(e, WriteCall)]
        assert record.satisfaction == 4


def test_a_caller_who_presses_nothing_has_said_nothing() -> None:
    """No mark is none, never a middle one."""
    with Playbook().sign_in().call_in().talk() as p:
        p >> hung_up(leg(SEAT), 30, SEAT) >> hung_up(CHANNEL, 38)
        [record] = [e.record for e in p.effects if isinstance(e, WriteCall)]
        assert record.satisfaction is None


def test_a_mark_without_its_call_or_its_talk_harms_nobody() -> None:
    """A talk that went unseen leaves the mark without a seat; an unknown call is left alone."""
    with Playbook().call_in() as p:
        p >> CallerRated(at=after(1), call=CallId("node1-9.9"), mark=5)
        assert p.effects == []
        p >> CallerRated(at=after(1), call=CALL, mark=5)
        p << Wish(WriteJournal, what="rated", data=(("mark", "5"), ("seat", "")))
