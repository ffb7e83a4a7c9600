"""What a program beside us is told of calls, and under which keys."""

import json
from datetime import timedelta

from cti.effects import WriteJournal
from records.callevents import is_over, of_end, of_line, seat_told
from records.callrecord import Direction
from records.handing import GIVE_UP_AFTER, MessageKind, packed
from tests.records.samples import CALL, NOON, SEAT, arrived, ended


def line(what: str, **data: str) -> WriteJournal:
    return WriteJournal(call=CALL, at=NOON, what=what, data=tuple(data.items()))


def test_ringing_and_talking_of_a_seat_are_told() -> None:
    """Not what a peer or a recipient does, nor anything else of the journal."""
    assert seat_told(line("offered", seat=SEAT)) == SEAT
    assert seat_told(line("talking", seat=SEAT)) == SEAT
    assert seat_told(line("talking", peer="gongwang")) == ""
    assert seat_told(line("talk-ended", seat=SEAT)) == ""


def test_an_event_is_known_by_call_and_moment() -> None:
    """The same again has the same key; the next seat that rings has another."""
    first = of_line(line("offered", seat=SEAT), arrived(), "O-1", "王芳")
    again = of_line(line("offered", seat=SEAT), arrived(), "O-1", "王芳")
    later = WriteJournal(
        call=CALL, at=NOON + timedelta(seconds=16), what="offered", data=(("seat", SEAT),)
    )
    assert first == again
    assert first.key != of_line(later, arrived(), "O-1", "王芳").key
    assert first.kind is MessageKind.ANNOUNCE
    assert of_line(line("talking", seat=SEAT), arrived(), "O-1", "").kind is MessageKind.ANSWER
    told = json.loads(packed(first))
    assert (told["kind"], told["order"], told["seat"], told["agent"]) == (
        "announce",
        "O-1",
        SEAT,
        "王芳",
    )


def test_no_event_tells_a_whole_number() -> None:
    """Its last two digits; and nothing where none is known."""
    told = packed(of_end(ended(), "O-1")).decode()
    assert "13847652301" not in told
    assert json.loads(told)["caller"]["number"].endswith("01")
    assert json.loads(packed(of_end(ended(ani=""), "")))["caller"]["number"] is None


def test_the_end_tells_how_it_went() -> None:
    """Once a call; with whom the caller talked last, if with anybody."""
    told = of_end(ended(satisfaction=5), "O-1")
    assert told.key == f"end-{CALL}"
    assert told.body["agent"] == "王芳"
    assert (told.body["disposition"], told.body["satisfaction"]) == ("answered", 5)
    assert told.body["answered_at"] == (NOON + timedelta(seconds=5)).isoformat()
    missed = of_end(ended(talks=()), "").body
    assert (missed["agent"], missed["answered_at"], missed["order"]) == ("", None, None)


def test_only_news_of_our_own_calls_is_told() -> None:
    """Not a call that goes on, nor another house's, nor what a replay finds days later."""
    assert is_over(ended(), NOON + timedelta(minutes=2))
    assert not is_over(arrived(), NOON)
    assert not is_over(ended(direction=Direction.TOLD), NOON)
    assert not is_over(ended(), NOON + GIVE_UP_AFTER + timedelta(minutes=2))
