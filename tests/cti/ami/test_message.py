"""The wire format of AMI, however the bytes are cut and whatever somebody puts into a value."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ami.errors import MalformedMessage, StrangePeer
from cti.ami.message import (
    MAX_HEADERS,
    MAX_LINE,
    Headers,
    Reader,
    checked,
    is_stamped,
    need,
    read,
)

GREETING = b"Asterisk Call Manager/11.0.0\r\n"
# What a value may hold: anything but control characters and lone surrogates.
PRINTABLE = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="\u2028\u2029"), max_size=80
)
NAME = st.text(string.ascii_letters + string.digits, min_size=1, max_size=20).map("H".__add__)
HEADERS = st.dictionaries(NAME, PRINTABLE | st.lists(PRINTABLE, min_size=2, max_size=4), max_size=8)
CONTROL = st.characters(categories=["Cc"]) | st.sampled_from("\u2028\u2029")


def wire(message: Headers) -> bytes:
    """The message as Asterisk would write it."""
    lines = []
    for name, value in message.items():
        values = [value] if isinstance(value, str) else value
        lines += [f"{name}: {one}" for one in values]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def read_in_pieces(data: bytes, cuts: list[int]) -> list[Headers]:
    """Feed the bytes to a new reader, cut at those places."""
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    reader = Reader()
    out: list[Headers] = []
    for start, end in zip(places, places[1:], strict=False):
        out += reader.feed(data[start:end])
    return out


@given(
    messages=st.lists(HEADERS.map(lambda headers: {"Event": "E", **headers}), max_size=5),
    cuts=st.lists(st.integers(min_value=0), max_size=30),
)
def test_any_cut_gives_the_same_messages(messages: list[Headers], cuts: list[int]) -> None:
    """A message is what was written, wherever TCP cut it, even inside a character."""
    data = GREETING + b"".join(wire(message) for message in messages)
    assert read_in_pieces(data, cuts) == messages


@given(st.lists(HEADERS.map(lambda headers: {"Event": "E", **headers}), max_size=3))
def test_byte_by_byte_gives_the_same_messages(messages: list[Headers]) -> None:
    """The worst cut of all."""
    data = GREETING + b"".join(wire(message) for message in messages)
    assert read_in_pieces(data, list(range(len(data)))) == messages


@given(NAME, PRINTABLE)
def test_any_printable_value_goes_round(name: str, value: str) -> None:
    """What the builder lets through, the reader reads back."""
    built = checked("Setvar", {name: value})
    assert read(wire(built).decode().removesuffix("\r\n\r\n"))[name] == value


@given(NAME, st.text(max_size=20), CONTROL, st.text(max_size=20))
def test_no_control_character_reaches_the_wire(
    name: str, before: str, control: str, after: str
) -> None:
    """In a value, in a list of values, in a name, in the action's own name: refused."""
    value = before + control + after
    with pytest.raises(ValueError, match=f"^{name} "):
        checked("Setvar", {name: value})
    with pytest.raises(ValueError, match=f"^{name} "):
        checked("Setvar", {name: ["fine", value]})
    with pytest.raises(ValueError, match="is no header name"):
        checked("Setvar", {name + control: "fine"})
    with pytest.raises(ValueError, match="^Action "):
        checked(value, {})


@given(st.binary(max_size=4000), st.lists(st.integers(min_value=0), max_size=10))
def test_any_bytes_are_read_or_refused(data: bytes, cuts: list[int]) -> None:
    """After the greeting, no bytes at all make the reader raise anything."""
    for message in read_in_pieces(GREETING + data, cuts):
        assert all(isinstance(name, str) for name in message)


@given(st.binary(min_size=1, max_size=200).filter(lambda data: not GREETING.startswith(data[:22])))
def test_a_stranger_is_refused(data: bytes) -> None:
    """Whoever does not greet as Asterisk does is no Asterisk."""
    with pytest.raises(StrangePeer):
        Reader().feed(data)


def test_a_greeting_may_come_in_pieces() -> None:
    """The banner is waited for, and its version kept."""
    reader = Reader()
    assert reader.feed(GREETING[:5]) == []
    assert reader.version is None
    assert reader.feed(GREETING[5:] + b"Event: A\r\n\r\n") == [{"Event": "A"}]
    assert reader.version == "11.0.0"


def test_an_endless_greeting_is_refused() -> None:
    """A banner is one short line."""
    with pytest.raises(StrangePeer, match="more than 128 bytes"):
        Reader().feed(b"Asterisk Call Manager/" + b"1" * 200)


def test_a_message_without_end_is_refused() -> None:
    """Memory is bounded by the longest message allowed."""
    reader = Reader(max_message=1_000)
    reader.feed(GREETING)
    for _ in range(10):
        assert reader.feed(b"x" * 100) == []
    with pytest.raises(StrangePeer, match="more than 1000 bytes"):
        reader.feed(b"x")


def test_an_empty_value_is_empty_and_not_missing() -> None:
    """``Name: `` and ``Name:`` both say: there, and empty."""
    assert read("Event: X\r\nA: \r\nB:") == {"Event": "X", "A": "", "B": ""}


def test_a_line_that_is_no_header_is_left_out() -> None:
    """The rest of the message stands."""
    assert read("Event: X\r\nno header\r\nA: 1") == {"Event": "X", "A": "1"}


def test_only_the_first_colon_parts() -> None:
    """Values hold colons: SIP addresses, times, JSON."""
    assert read("Event: X\r\nUri: sip:a@b: c") == {"Event": "X", "Uri": "sip:a@b: c"}


def test_a_needed_header_must_be_there_once() -> None:
    """Hazard 6: panoramisk reads a missing header as an empty string."""
    assert need({"Event": "UserEvent", "Call": "c1"}, "Call") == "c1"
    assert need({"Event": "UserEvent", "Call": ""}, "Call") == ""
    with pytest.raises(MalformedMessage, match="^UserEvent has no Call$"):
        need({"Event": "UserEvent"}, "Call")
    with pytest.raises(MalformedMessage, match="^UserEvent has 2 Call$"):
        need({"Event": "UserEvent", "Call": ["c1", "c2"]}, "Call")
    with pytest.raises(MalformedMessage, match="^Success has no Value$"):
        need({"Response": "Success"}, "Value")


def test_a_header_smuggled_in_by_a_callers_name_is_noticed() -> None:
    """A line break in a name makes a second header of one that is there: not believed."""
    message = read("Event: UserEvent\r\nName: x\r\nCall: forged\r\nCall: real")
    with pytest.raises(MalformedMessage):
        need(message, "Call")


def test_an_over_long_line_is_refused() -> None:
    """Asterisk would drop the line and read on in the middle of it."""
    fits = "x" * (MAX_LINE - len("Value: "))
    assert checked("Setvar", {"Value": fits})["Value"] == fits
    with pytest.raises(ValueError, match=f"^Value is longer than {MAX_LINE} bytes$"):
        checked("Setvar", {"Value": fits + "x"})
    with pytest.raises(ValueError, match="^Value is longer"):
        checked("Setvar", {"Value": "字" * 400})


def test_too_many_headers_are_refused() -> None:
    """Asterisk drops what exceeds its table, silently."""
    checked("Originate", {"Variable": ["a=1"] * MAX_HEADERS})
    with pytest.raises(ValueError, match="more than 126 headers"):
        checked("Originate", {"Variable": ["a=1"] * (MAX_HEADERS + 1)})


@pytest.mark.parametrize("name", ["Action", "action", "ActionID", "actionid"])
def test_an_actions_own_headers_cannot_be_given(name: str) -> None:
    """Answers are matched by an ActionID of the link's own."""
    with pytest.raises(ValueError, match="set already"):
        checked("Setvar", {name: "x"})


def test_half_a_character_is_refused() -> None:
    """A lone surrogate has no bytes."""
    with pytest.raises(ValueError, match="^Value is no text$"):
        checked("Setvar", {"Value": "\ud800"})


def test_an_event_without_asterisks_own_headers_is_not_its_own() -> None:
    """An empty line in a caller's number ends an event and begins another, which has no stamp."""
    assert is_stamped({"Event": "Hangup", "Privilege": "call,all", "Timestamp": "1.5"})
    assert not is_stamped({"Event": "Hangup", "Timestamp": "1.5"})
    assert not is_stamped({"Event": "Hangup", "Privilege": "call,all"})
