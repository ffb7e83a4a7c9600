"""Reading Asterisk's log: from anywhere, whatever stands in it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.cel import LogFile, plan, read_block, read_line
from tests.records.cellog import EPOCH, answered


def test_a_line_is_an_event() -> None:
    """Times are aware, marks give their pairs, Asterisk's own JSON stands beside them."""
    line = {
        "eventtype": "OFFER",
        "eventtime": f"{EPOCH}",
        "linkedid": "node1-1.1",
        "uniqueid": "node1-1.2",
        "channame": "PJSIP/trunk-1",
        "accountcode": "node1-1.1",
        "eventextra": json.dumps({"extra": "seat=chifeng-1001 word k=", "hangupcause": 16}),
    }
    event = read_line(json.dumps(line).encode())
    assert (event.type, event.time) == ("OFFER", datetime(2026, 11, 20, 4, tzinfo=UTC))
    assert (event.account, event.uniqueid) == ("node1-1.1", "node1-1.2")
    assert event.extra == {"seat": "chifeng-1001", "k": "", "hangupcause": "16"}


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"eventtype": 5}',
        b'{"eventtype":"A","eventtime":"x","linkedid":"","uniqueid":"","channame":""}',
        b'{"eventtype":"A","eventtime":"nan","linkedid":"","uniqueid":"","channame":""}',
        b'{"eventtype":"A","eventtime":"1e99","linkedid":"","uniqueid":"","channame":""}',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: bytes) -> None:
    """Whatever it is, it is one kind of error."""
    with pytest.raises(ValueError):  # noqa: PT011 - any of ValueError's kinds
        read_line(line)


@given(st.binary())
def test_any_bytes_are_read(data: bytes) -> None:
    """Events, bad lines and a rest: nothing raises, no byte is counted twice."""
    block = read_block(data)
    assert len(block.events) + block.bad == data.count(b"\n")
    assert block.length == data.rfind(b"\n") + 1


@given(cut=st.integers(0, 10_000))
def test_a_torn_last_line_is_read_with_what_follows(cut: int) -> None:
    """Cut anywhere, the two halves together hold every event once, at its own offset."""
    data = b"".join(answered().lines())
    first = read_block(data[:cut])
    second = read_block(data[first.length :], first.length)
    assert [*first.events, *second.events] == list(read_block(data).events)
    assert first.bad == second.bad == 0
    assert all(data[event.offset :].startswith(b"{") for event in second.events)


def test_reading_goes_on_in_the_renamed_file() -> None:
    """Rotation by rename: the rest of the old file, then the new one; older ones are done."""
    oldest = LogFile(1, "cel.jsonl.2", 10, 500)
    old = LogFile(2, "cel.jsonl.1", 11, 900)
    new = LogFile(3, "cel.jsonl", 12, 50)
    assert plan([new, oldest, old], 11, 700) == [(old, 700), (new, 0)]
    assert plan([new, oldest, old], 12, 50) == [(new, 50)]


def test_a_lost_place_reads_everything() -> None:
    """The file is gone, or its number was given to a smaller one: replaying twice is harmless."""
    new = LogFile(3, "cel.jsonl", 12, 50)
    assert plan([new], 11, 700) == [(new, 0)]
    assert plan([new], 12, 51) == [(new, 0)]
    assert plan([], 12, 51) == []


def test_what_an_event_carries_and_is_no_json_is_left_out() -> None:
    """The event itself still happened."""
    line = {
        "eventtype": "HANGUP",
        "eventtime": f"{EPOCH}",
        "linkedid": "node1-1.1",
        "uniqueid": "node1-1.2",
        "channame": "PJSIP/trunk-1",
    }
    for extra in ("{torn", "[1, 2]", None):
        event = read_line(json.dumps({**line, "eventextra": extra}).encode())
        assert (event.type, event.extra) == ("HANGUP", {})
