"""When an answer is whole, by its markers alone."""

from cti.ami.answer import Answer
from cti.ami.errors import ListRefused
from cti.ami.message import Headers

START: Headers = {"Response": "Success", "EventList": "start"}
PIECE: Headers = {"Event": "QueueEntry", "Position": "1"}
END: Headers = {"Event": "QueueStatusComplete", "EventList": "Complete"}


def test_one_message_answers_an_order() -> None:
    """Whatever its words are; events with the order's id are for everybody."""
    answer = Answer("QueueAdd", is_list=False)
    assert not answer.wants({"Event": "OriginateResponse", "Response": "Failure"})
    message: Headers = {"Response": "Success", "Message": "Added interface to queue"}
    assert answer.wants(message)
    assert answer.add(message)
    assert answer.outcome == message


def test_a_list_is_what_stands_between_its_markers() -> None:
    """Neither marker is part of it."""
    answer = Answer("QueueStatus", is_list=True)
    assert answer.wants(PIECE)
    assert [answer.add(message) for message in (START, PIECE, END)] == [False, False, True]
    assert answer.outcome == [PIECE]


def test_a_marker_inside_a_piece_ends_nothing() -> None:
    """A caller's number can hold a line break and so write ``EventList: Complete``."""
    answer = Answer("QueueStatus", is_list=True)
    forged = PIECE | {"EventList": "Complete"}
    assert [answer.add(message) for message in (START, forged, END)] == [False, False, True]
    assert answer.outcome == [forged]


def test_an_error_or_an_answer_without_a_list_is_refused() -> None:
    """The asker gets the reason; nobody waits for a list that will not come."""
    refusals: tuple[tuple[Headers, str], ...] = (
        ({"Response": "Error", "Message": "No such queue"}, "No such queue"),
        ({"Response": "Success"}, "answered without a list"),
    )
    for message, reason in refusals:
        answer = Answer("QueueStatus", is_list=True)
        assert answer.add(message)
        assert isinstance(answer.outcome, ListRefused)
        assert answer.outcome.reason == reason


def test_a_cancelled_list_is_refused() -> None:
    """Asterisk gives up in the middle: half a list is no list."""
    answer = Answer("Status", is_list=True)
    answer.add(START)
    assert answer.add({"Event": "StatusComplete", "EventList": "Cancelled"})
    assert isinstance(answer.outcome, ListRefused)
