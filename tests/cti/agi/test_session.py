"""Commands and replies, one for one, whatever comes in between."""

import asyncio
import string
from collections.abc import Awaitable, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.agi.errors import AgiError, CallerLeft, CommandRefused, ReplyTimedOut, StrangePeer
from cti.agi.session import AgiSession
from cti.agi.wire import MAX_COMMAND, command, read_block, read_reply
from tests.cti.agi.phone import BLOCK, Line, block, calling, serving

PRINTABLE = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), max_size=60
)


async def talk(
    dialogue: Callable[[AgiSession], Awaitable[object]], script: Callable[[Line], Awaitable[None]]
) -> object:
    """Lead the dialogue against the script; what it returned, or the error it ended with."""
    ends: list[object] = []

    async def lead(session: AgiSession) -> None:
        try:
            ends.append(await dialogue(session))
        except AgiError as exc:
            ends.append(exc)

    async with serving({"survey": lead}) as server, calling(server) as line:
        line.say(block())
        await script(line)
        assert await line.is_closed()
    return ends[0]


def replies(*turns: tuple[str, bytes]) -> Callable[[Line], Awaitable[None]]:
    """A script: that command is expected, that reply given, turn by turn."""

    async def script(line: Line) -> None:
        for expected, reply in turns:
            await line.answer(expected, reply)

    return script


async def test_a_dialogue_in_words() -> None:
    """Every command and what its reply means."""

    async def survey(session: AgiSession) -> tuple[object, ...]:
        await session.answer()
        whole = await session.play("zh/welcome")
        cut = await session.play("zh/menu", "12*")
        key = await session.wait_for_digit(2.5)
        none = await session.wait_for_digit(1)
        value = await session.get_variable("CALLERID(name)")
        await session.set_variable("SCORE", "5")
        await session.execute("Playback", "zh/bye", "noanswer")
        await session.hang_up()
        return whole, cut, key, none, value

    name = "%E5%9D%90%0A%22"
    assert await talk(
        survey,
        replies(
            ("ANSWER", b"200 result=0\n"),
            ('STREAM FILE "zh/welcome" ""', b"200 result=0 endpos=8000\n"),
            ('STREAM FILE "zh/menu" "12*"', b"200 result=42 endpos=1200\n"),
            ('WAIT FOR DIGIT "2500"', b"200 result=49\n"),
            ('WAIT FOR DIGIT "1000"', b"200 result=0\n"),
            (
                'GET FULL VARIABLE "${URIENCODE(x${CALLERID(name)})}"',
                f"200 result=1 (x{name})\n".encode(),
            ),
            ('SET VARIABLE "SCORE" "5"', b"200 result=1\n"),
            ('EXEC "Playback" "zh/bye,noanswer"', b"200 result=0\n"),
            ("HANGUP", b"200 result=1\n"),
        ),
    ) == (None, "*", "1", None, '坐\n"')


async def test_an_asynchronous_hangup_shifts_no_reply() -> None:
    """``HANGUP`` before a reply is a fact, not the reply; what works on the dead still works."""

    async def survey(session: AgiSession) -> object:
        score = await session.get_variable("SCORE")
        await session.set_variable("DONE", score)
        with pytest.raises(CallerLeft):
            await session.play("zh/bye")  # never sent
        return score, session.is_hung_up

    assert await talk(
        survey,
        replies(
            ('GET FULL VARIABLE "${URIENCODE(x${SCORE})}"', b"HANGUP\n200 result=1 (x7)\n"),
            ('SET VARIABLE "DONE" "7"', b"200 result=1\n"),
        ),
    ) == ("7", True)


@pytest.mark.parametrize(
    "reply",
    [
        b"HANGUP\n200 result=0 endpos=800\n",
        b"511 Command Not Permitted on a dead channel or intercept routine\n",
    ],
)
async def test_playing_to_a_caller_who_left(reply: bytes) -> None:
    """However Asterisk says it, the dialogue hears ``CallerLeft``."""
    end = await talk(lambda s: s.play("zh/a"), replies(('STREAM FILE "zh/a" ""', reply)))
    assert isinstance(end, CallerLeft)


@pytest.mark.parametrize(
    ("status", "end"),
    [
        (b"HANGUP\n200 result=6\n", CallerLeft),
        (b"511 Command Not Permitted on a dead channel or intercept routine\n", CallerLeft),
        (b"200 result=6\n", CommandRefused),
    ],
)
async def test_minus_one_is_asked_about(status: bytes, end: type[AgiError]) -> None:
    """-1 is a caller who left as well as a sound that is not there: silence is no prompt."""
    script = replies(
        ('STREAM FILE "zh/a" ""', b"200 result=-1 endpos=0\n"), ("CHANNEL STATUS", status)
    )
    assert isinstance(await talk(lambda s: s.play("zh/a"), script), end)


async def test_a_closed_session_is_a_caller_who_left() -> None:
    """Asterisk's end of it, with or without a word."""

    async def script(line: Line) -> None:
        await line.hear()
        line.writer.write_eof()

    assert isinstance(await talk(lambda s: s.answer(), script), CallerLeft)


async def test_a_usage_text_is_one_reply() -> None:
    """520 comes in many lines; the next command's reply is the next command's."""

    async def survey(session: AgiSession) -> object:
        with pytest.raises(CommandRefused) as refused:
            await session.execute("Wait")
        await session.set_variable("A", "b")
        return refused.value.code

    usage = (
        b"520-Invalid command syntax.  Proper usage follows:\n"
        b" Usage: EXEC <application> <options>\n\n"
        b"520 End of proper usage.\n"
    )
    script = replies(('EXEC "Wait" ""', usage), ('SET VARIABLE "A" "b"', b"200 result=1\n"))
    assert await talk(survey, script) == 520


async def test_a_usage_text_has_an_end() -> None:
    """A peer that never ends it is no Asterisk."""
    usage = b"520-Invalid\n" + b"more\n" * 200
    end = await talk(lambda s: s.answer(), replies(("ANSWER", usage)))
    assert isinstance(end, StrangePeer)


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (b"510 Invalid or unknown command\n", 510),
        (b"520 Invalid command syntax.  Proper usage not available.\n", 520),
    ],
)
async def test_a_refused_command_says_so(reply: bytes, code: int) -> None:
    """The code is Asterisk's."""
    end = await talk(lambda s: s.play("zh/a"), replies(('STREAM FILE "zh/a" ""', reply)))
    assert isinstance(end, CommandRefused)
    assert end.code == code


async def test_an_application_that_is_not_there_is_refused() -> None:
    """Asterisk says 200 and -2."""
    end = await talk(
        lambda s: s.execute("NoSuch"), replies(('EXEC "NoSuch" ""', b"200 result=-2\n"))
    )
    assert isinstance(end, CommandRefused)


async def test_a_function_that_is_not_loaded_is_refused() -> None:
    """Without URIENCODE every variable would read as empty."""
    end = await talk(
        lambda s: s.get_variable("A"),
        replies(('GET FULL VARIABLE "${URIENCODE(x${A})}"', b"200 result=1 ()\n")),
    )
    assert isinstance(end, CommandRefused)


async def test_trying_is_no_reply_yet() -> None:
    """``100`` announces the reply."""
    end = await talk(
        lambda s: s.answer(), replies(("ANSWER", b"100 result=0 Trying...\n200 result=0\n"))
    )
    assert end is None


@pytest.mark.parametrize(
    "reply",
    [b"hello\n", b"\n", b"200\n", b"200 ok\n", b"2000 result=1\n", b"\xff\xfe\n", b"x" * 70_000],
)
async def test_a_reply_that_is_none_ends_the_session(reply: bytes) -> None:
    """Better no dialogue than one that is out of step."""
    end = await talk(lambda s: s.answer(), replies(("ANSWER", reply)))
    assert isinstance(end, StrangePeer)


async def test_a_key_that_is_no_key_is_not_believed() -> None:
    """A result is 0, -1 or the code of a telephone key."""
    end = await talk(
        lambda s: s.wait_for_digit(1), replies(('WAIT FOR DIGIT "1000"', b"200 result=65\n"))
    )
    assert isinstance(end, StrangePeer)


async def test_no_reply_is_waited_for_without_end() -> None:
    """A silent Asterisk, or half a line, ends the dialogue."""
    end = await talk(
        lambda s: s.execute("Wait", "9", within_s=0.2),
        replies(('EXEC "Wait" "9"', b"200 resu")),
    )
    assert isinstance(end, ReplyTimedOut)


async def test_a_control_character_reaches_no_command() -> None:
    """A value with a line break would be two commands."""

    async def survey(session: AgiSession) -> str:
        for value in ("a\nHANGUP", "a\r", "a\x00", "a\x1b[2J"):
            with pytest.raises(ValueError, match="control character"):
                await session.set_variable("A", value)
        await asyncio.sleep(0)
        return "whole"

    assert await talk(survey, replies()) == "whole"


def unquote_as_asterisk(line: str) -> list[str]:
    """``parse_args`` of Asterisk's ``res_agi.c``."""
    words: list[str] = []
    quoted = escaped = False
    between = True
    for char in line:
        if char == '"' and not escaped:
            quoted = not quoted
            if quoted and between:
                words.append("")
                between = False
        elif char in " \t" and not quoted and not escaped:
            between = True
        elif char == "\\" and not escaped:
            escaped = True
            continue
        else:
            if between:
                words.append("")
                between = False
            words[-1] += char
        escaped = False
    return words


@given(st.lists(PRINTABLE, max_size=5))
def test_any_printable_argument_arrives_as_it_is(arguments: list[str]) -> None:
    """Quotes, blanks, backslashes, Chinese: read back by Asterisk's own rules."""
    line = command("VERB", *arguments).decode()
    assert line.endswith("\n")
    assert "\n" not in line[:-1]
    assert unquote_as_asterisk(line[:-1]) == ["VERB", *arguments]


@given(st.text(max_size=10), st.characters(categories=["Cc"]), st.text(max_size=10))
def test_no_control_character_is_written(before: str, control: str, after: str) -> None:
    """Wherever it stands."""
    with pytest.raises(ValueError, match="control character"):
        command("SET VARIABLE", "A", before + control + after)


def test_an_over_long_command_is_refused() -> None:
    """Asterisk would cut it and read on in its middle."""
    assert len(command("V", "x" * (MAX_COMMAND - 5))) == MAX_COMMAND
    with pytest.raises(ValueError, match="longer than 8000 bytes"):
        command("V", "x" * (MAX_COMMAND - 4))


@given(st.binary(max_size=2_000))
def test_any_block_is_read_or_refused(data: bytes) -> None:
    """No bytes make the block's reader raise anything else."""
    try:
        headers = read_block(data)
    except StrangePeer:
        return
    assert headers["agi_threadid"] is not None


@given(st.text(max_size=300))
def test_any_reply_is_read_or_refused(line: str) -> None:
    """No line makes the reply's reader raise anything else."""
    try:
        assert 0 <= read_reply(line).code <= 999
    except StrangePeer:
        return


@given(PRINTABLE)
def test_any_callers_name_is_read_whole(name: str) -> None:
    """Headers are not trimmed, split or guessed at."""
    data = block(agi_calleridname=name).removesuffix(b"\n")
    assert read_block(data) == {**BLOCK, "agi_calleridname": name}


@given(st.text(string.digits, min_size=1, max_size=5), st.none() | PRINTABLE)
def test_a_reply_with_data_is_read_whole(result: str, data: str | None) -> None:
    """What stands in parentheses may hold parentheses."""
    tail = "" if data is None else f" ({data})"
    reply = read_reply(f"200 result={result}{tail}")
    assert (reply.result, reply.data) == (result, data)
