"""AGI's bytes: read strictly, written safely."""

import pytest

from cti.agi.errors import StrangePeer
from cti.agi.wire import MAX_COMMAND, Reply, command, is_block_so_far, read_block, read_reply

BLOCK = (
    b"agi_network: yes\nagi_network_script: survey\nagi_channel: PJSIP/trunk-1\n"
    b"agi_uniqueid: node1-1.1\nagi_callerid:\nagi_threadid: 5\n"
)


def test_a_block_is_its_headers() -> None:
    """An empty value is a value."""
    headers = read_block(BLOCK)
    assert headers["agi_network_script"] == "survey"
    assert headers["agi_callerid"] == ""


@pytest.mark.parametrize(
    ("block", "why"),
    [
        (BLOCK + b"GET / HTTP/1.1\n", "no AGI header"),
        (BLOCK + b"agi_uniqueid: node1-9.9\n", "agi_uniqueid came twice"),
        (BLOCK.replace(b"agi_threadid: 5\n", b""), "no agi_threadid"),
    ],
)
def test_a_block_that_cannot_be_believed_is_a_strangers(block: bytes, why: str) -> None:
    """Other protocols, forged headers, and a block that a caller's name has cut."""
    with pytest.raises(StrangePeer, match=why):
        read_block(block)


def test_a_stranger_is_known_by_the_first_bytes() -> None:
    """A port scan is dropped at once, a slow Asterisk is not."""
    assert is_block_so_far(b"")
    assert is_block_so_far(b"agi_net")
    assert is_block_so_far(BLOCK)
    assert not is_block_so_far(b"GET /")


@pytest.mark.parametrize(
    ("line", "reply"),
    [
        ("200 result=1", Reply(200, "result=1", "1")),
        ("200 result=0 (timeout)", Reply(200, "result=0 (timeout)", "0", "timeout")),
        ("200 result=49 endpos=800", Reply(200, "result=49 endpos=800", "49", None, 800)),
        ("511 Command Not Permitted", Reply(511, "Command Not Permitted")),
        ("520-Invalid command syntax.", Reply(520, "-Invalid command syntax.")),
    ],
)
def test_a_reply_is_read_whole(line: str, reply: Reply) -> None:
    """Code, result, what stood in parentheses, and where the sound stopped."""
    assert read_reply(line) == reply


@pytest.mark.parametrize("line", ["", "HANGUP", "200 fine", "20 result=1"])
def test_what_is_no_reply_is_a_strangers(line: str) -> None:
    """Then replies and commands are out of step, and nothing more can be believed."""
    with pytest.raises(StrangePeer):
        read_reply(line)


def test_arguments_are_quoted() -> None:
    """Quotes and backslashes stay what they are."""
    assert command("EXEC", "Playback", 'a "b" \\c') == b'EXEC "Playback" "a \\"b\\" \\\\c"\n'


@pytest.mark.parametrize("argument", ["a\nHANGUP", "\x00", "\ud800", "x" * MAX_COMMAND])
def test_an_argument_that_would_leave_its_line_is_refused(argument: str) -> None:
    """Line ends would begin another command, bytes that are no text or too many would be cut."""
    with pytest.raises(ValueError, match="EXEC"):
        command("EXEC", argument)
