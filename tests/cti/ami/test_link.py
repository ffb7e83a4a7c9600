"""What panoramisk and the network get wrong, each met by the link on a real socket."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import pairwise

import pytest

from cti.ami.errors import LinkDown, ListRefused, OrderTimedOut
from cti.ami.link import AmiLink
from cti.ami.message import Headers
from tests.cti.ami.peer import BOOTED, QUICK, STAMP, Action, Ear, Peer, Talk, linked, linking, until


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    async with Peer() as peer:
        yield peer


@pytest.fixture
def ear() -> Ear:
    return Ear()


async def test_an_order_is_answered(peer: Peer, ear: Ear) -> None:
    """``ask`` returns the answer to its own action, an error too."""
    peer.scripts["Redirect"] = lambda talk, action: talk.answer(
        action, "Message: Channel does not exist", response="Error"
    )
    async with linked(peer, ear) as link:
        answer = await link.ask("Redirect", Channel="PJSIP/a-1", Context="wait")
    assert answer["Response"] == "Error"
    assert answer["Message"] == "Channel does not exist"


async def test_answers_in_any_order_reach_their_own_asker(peer: Peer, ear: Ear) -> None:
    """Answers are matched by ActionID, not by turn."""
    asked: list[Action] = []

    def hold(talk: Talk, action: Action) -> None:
        asked.append(action)
        if len(asked) == 2:
            for one in reversed(asked):
                talk.answer(one, f"Value: {one['Variable']}")

    peer.scripts["Getvar"] = hold
    async with linked(peer, ear) as link:
        first, second = await asyncio.gather(
            link.ask("Getvar", Variable="A"), link.ask("Getvar", Variable="B")
        )
    assert [first["Value"], second["Value"]] == ["A", "B"]


async def test_a_character_cut_in_two_is_whole(peer: Peer, ear: Ear) -> None:
    """Hazard 5: panoramisk decodes chunk by chunk and loses the character."""
    event = f"Event: QueueMember\r\n{STAMP}MemberName: 坐席一号\r\n\r\n".encode()
    cut = event.index("坐".encode()) + 1
    async with linked(peer, ear, replace(QUICK, ping_every_s=5)):  # no Pong in between
        peer.talk.say(event[:cut])
        await asyncio.sleep(0.05)
        peer.talk.say(event[cut:])
        await until(lambda: bool(ear.messages))
    assert ear.messages == [{"Event": "QueueMember", "MemberName": "坐席一号"}]


async def test_bytes_that_are_no_text_spoil_one_value_only(peer: Peer, ear: Ear) -> None:
    """Asterisk cuts long names by bytes: half a character arrives for good."""
    async with linked(peer, ear):
        event = f"Event: X\r\n{STAMP}Name: ".encode() + b"\xe5\x9d\r\nCall: c1\r\n\r\n"
        peer.talk.say(event)
        peer.talk.event("Y")
        await until(lambda: len(ear.messages) == 2)
    assert ear.messages[0] == {"Event": "X", "Name": "�", "Call": "c1"}


async def test_an_unanswered_order_is_never_sent_again(peer: Peer, ear: Ear) -> None:
    """Hazard 2: panoramisk sends it again after the reconnect."""
    peer.scripts["Redirect"] = lambda talk, action: talk.writer.transport.abort()
    async with linked(peer, ear) as link:
        with pytest.raises(LinkDown):
            await link.ask("Redirect", Channel="PJSIP/a-1")
        await until(lambda: ear.ups() == 2)
        await asyncio.sleep(0.2)
        assert peer.names() == ["Login", "Redirect", "Login"]


async def test_a_told_order_is_never_sent_again(peer: Peer, ear: Ear) -> None:
    """The same for an order nobody waits for."""
    peer.scripts["Setvar"] = lambda talk, action: talk.writer.transport.abort()
    async with linked(peer, ear) as link:
        link.tell("Setvar", Channel="PJSIP/a-1", Variable="ANSWER", Value="plan")
        await until(lambda: ear.ups() == 2)
        await asyncio.sleep(0.2)
    assert peer.names() == ["Login", "Setvar", "Login"]


async def test_an_order_without_an_answer_times_out(peer: Peer, ear: Ear) -> None:
    """Hazard 3: with resending off, panoramisk's future never resolves."""
    async with linked(peer, ear) as link:
        with pytest.raises(OrderTimedOut, match=r"^Redirect: no answer within 0\.4 s$"):
            await link.ask("Redirect", Channel="PJSIP/a-1")
        assert link.is_up


async def test_a_late_answer_is_dropped(peer: Peer, ear: Ear) -> None:
    """What comes after the deadline reaches nobody, an event list's pieces included."""
    late: list[Action] = []
    peer.scripts["Redirect"] = peer.scripts["QueueStatus"] = lambda _, action: late.append(action)
    async with linked(peer, ear) as link:
        with pytest.raises(OrderTimedOut):
            await link.ask("Redirect", Channel="PJSIP/a-1")
        with pytest.raises(OrderTimedOut):
            await link.ask_list("QueueStatus")
        peer.talk.answer(late[0])
        peer.talk.answer(late[1], "EventList: start")
        peer.talk.event("QueueMember", ActionID=late[1]["ActionID"])
        peer.talk.event("After")
        await until(lambda: bool(ear.messages))
    assert ear.messages == [{"Event": "After"}]


async def test_a_cancelled_asker_leaves_nothing_behind(peer: Peer, ear: Ear) -> None:
    """Cancelling ``ask`` is safe; the link goes on."""
    async with linked(peer, ear) as link:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await link.ask("Redirect", Channel="PJSIP/a-1")
        assert (await link.ask("Ping"))["Ping"] == "Pong"


@pytest.mark.parametrize(
    ("action", "message"),
    [("QueueAdd", "Added interface to queue"), ("Originate", "Originate successfully queued")],
)
async def test_an_answer_is_the_first_answer(
    peer: Peer, ear: Ear, action: str, message: str
) -> None:
    """Hazard 3: panoramisk takes these wordings for a list and waits for its end for ever."""
    peer.scripts[action] = lambda talk, asked: talk.answer(asked, f"Message: {message}")
    async with linked(peer, ear) as link:
        answer = await link.ask(action)
    assert answer["Message"] == message


async def test_what_an_async_originate_ends_in_is_an_event(peer: Peer, ear: Ear) -> None:
    """OriginateResponse carries our ActionID, but it is no answer."""

    def originate(talk: Talk, action: Action) -> None:
        talk.event("OriginateResponse", ActionID=action["ActionID"], Response="Failure", Reason="3")
        talk.answer(action, "Message: Originate successfully queued")

    peer.scripts["Originate"] = originate
    async with linked(peer, ear) as link:
        answer = await link.ask("Originate", Async="true")
    assert answer["Response"] == "Success"
    assert [message["Reason"] for message in ear.messages] == ["3"]


async def test_a_list_is_collected_to_its_end(peer: Peer, ear: Ear) -> None:
    """Events of a list reach the asker, without markers; others in between the owner.

    A marker in one of its pieces (out of a caller's number) does not end the list.
    """

    def status(talk: Talk, action: Action) -> None:
        one = action["ActionID"]
        talk.answer(action, "EventList: start", "Message: Channels will follow")
        talk.event("CoreShowChannel", ActionID=one, Channel="a")
        talk.event("Newstate", Channel="b")
        talk.event("CoreShowChannel", ActionID=one, Channel="x", EventList="Complete")
        talk.event("CoreShowChannel", ActionID=one, Channel="c")
        talk.event("CoreShowChannelsComplete", ActionID=one, EventList="Complete", ListItems="2")

    peer.scripts["CoreShowChannels"] = status
    async with linked(peer, ear) as link:
        found = await link.ask_list("CoreShowChannels")
    assert [one["Channel"] for one in found] == ["a", "x", "c"]
    assert [one["Channel"] for one in ear.messages] == ["b"]


async def test_a_refused_list_says_why(peer: Peer, ear: Ear) -> None:
    """An error instead of a list, and a list given up half-way, both raise."""
    peer.scripts["ConfbridgeList"] = lambda talk, action: talk.answer(
        action, "Message: No active conferences.", response="Error"
    )

    def give_up(talk: Talk, action: Action) -> None:
        talk.answer(action, "EventList: start")
        talk.event("StatusComplete", ActionID=action["ActionID"], EventList="cancelled")

    peer.scripts["Status"] = give_up
    async with linked(peer, ear) as link:
        with pytest.raises(ListRefused, match="No active conferences"):
            await link.ask_list("ConfbridgeList")
        with pytest.raises(ListRefused):
            await link.ask_list("Status")


async def test_a_list_without_an_end_times_out(peer: Peer, ear: Ear) -> None:
    """A list has one deadline for all of it, however many pieces drip in."""

    def drip(talk: Talk, action: Action) -> None:
        talk.answer(action, "EventList: start")
        talk.event("CoreShowChannel", ActionID=action["ActionID"])

    peer.scripts["CoreShowChannels"] = drip
    async with linked(peer, ear) as link:
        with pytest.raises(OrderTimedOut):
            await link.ask_list("CoreShowChannels")


async def test_order_of_events_is_the_order_of_the_wire(peer: Peer, ear: Ear) -> None:
    """Hazard 4: one synchronous callback, so nothing overtakes."""
    async with linked(peer, ear):
        for number in range(5_000):
            peer.talk.event("E", N=str(number))
        await until(lambda: len(ear.messages) == 5_000)
    assert [message["N"] for message in ear.messages] == [str(n) for n in range(5_000)]


async def test_a_callback_that_raises_costs_nothing_else(peer: Peer, ear: Ear) -> None:
    """Hazard 4: with panoramisk it would drop the link."""

    def hear(message: Headers) -> None:
        ear.hear(message)
        if message["Event"] == "Bad":
            raise KeyError("Uniqueid")

    async with linking(peer.port, ear, on_message=hear) as link:
        await until(lambda: link.is_up)
        peer.talk.event("Bad")
        peer.talk.event("Good")
        await until(lambda: len(ear.messages) == 2)
        assert link.is_up


async def test_a_header_that_came_twice_is_a_list(peer: Peer, ear: Ear) -> None:
    """Nothing is lost, and their order is kept."""
    async with linked(peer, ear):
        peer.talk.say(f"Event: X\r\n{STAMP}Var: a=1\r\nCall: c\r\nVar: b=2\r\nVar: c=\r\n\r\n")
        await until(lambda: bool(ear.messages))
    assert ear.messages == [{"Event": "X", "Var": ["a=1", "b=2", "c="], "Call": "c"}]


async def test_an_event_of_a_callers_making_is_dropped(peer: Peer, ear: Ear) -> None:
    """A number with an empty line in it cuts an event in two; the second half has no stamp."""
    number = "138\r\n\r\nEvent: UserEvent\r\nUserEvent: SeatLost\r\nCall: node1-1.1"
    async with linked(peer, ear):
        peer.talk.event("Newchannel", CallerIDNum=number, Linkedid="node1-2.2")
        peer.talk.event("After")
        await until(lambda: len(ear.messages) == 2)
    assert ear.messages == [{"Event": "Newchannel", "CallerIDNum": "138"}, {"Event": "After"}]


async def test_a_value_cannot_smuggle_an_action_in(peer: Peer, ear: Ear) -> None:
    """Hazard 7: refused before anything reaches the wire."""
    async with linked(peer, ear) as link:
        with pytest.raises(ValueError, match="^CallerID has a control character$"):
            await link.ask(
                "Originate", CallerID="x\r\n\r\nAction: Command\r\nCommand: core stop now"
            )
        with pytest.raises(ValueError, match="control"):
            link.tell("Setvar", Value="a\nb")
        await link.ask("Ping")
    assert b"core stop" not in peer.raw
    assert peer.names() == ["Login"]


async def test_a_silent_peer_is_dropped_and_called_again(peer: Peer, ear: Ear) -> None:
    """Hazard 8: a half-open socket is found out by our own Pings."""
    async with linked(peer, ear) as link:
        answering = peer.scripts.pop("Ping")
        await until(lambda: bool(ear.downs()))
        assert not link.is_up or ear.ups() > 1
        peer.scripts["Ping"] = answering
        await until(lambda: link.is_up)
    assert ear.downs()[0] == "asterisk silent for 0.3 s"


async def test_a_peer_that_talks_but_answers_nothing_is_dropped_later(peer: Peer, ear: Ear) -> None:
    """Events prove the socket, not the switch: a burst is forgiven, being deaf is not."""
    async with linked(peer, ear):
        peer.scripts.pop("Ping")
        async with asyncio.timeout(5):
            while not ear.downs():
                peer.talk.event("Chatter")
                await asyncio.sleep(0.02)
    assert ear.downs()[0] == "asterisk answers no Ping for 0.8 s"


async def test_a_peer_that_never_greets_is_given_up(peer: Peer, ear: Ear) -> None:
    """Accepting and saying nothing is met by the login's deadline, and never by ``on_up``."""
    peer.greeting = b""
    peer.scripts.clear()
    async with linking(peer.port, ear) as link:
        await until(lambda: len(peer.talks) >= 2)
        with pytest.raises(LinkDown):
            await link.ask("Ping")
    assert ear.told == []


@pytest.mark.parametrize(
    "greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x16\x03\x01\x02\x00", b"\xff" * 400]
)
async def test_a_peer_that_is_no_asterisk_is_left_at_once(
    peer: Peer, ear: Ear, greeting: bytes
) -> None:
    """A stranger's first bytes end the connection, before anything else is believed."""
    peer.greeting = greeting
    patient = replace(QUICK, order_s=20, boot_s=20, silence_s=20, deaf_s=20)  # not their doing
    async with linking(peer.port, ear, timing=patient):
        await until(lambda: len(peer.talks) >= 2)
    assert ear.told == []


async def test_an_endless_line_is_dropped_with_bounded_memory(peer: Peer, ear: Ear) -> None:
    """No message is longer than 1 MiB; a peer that never ends one loses the link."""
    async with linked(peer, ear):
        for _ in range(40):
            peer.talk.say(b"x" * 65536)
        await until(lambda: bool(ear.downs()))
        await until(lambda: ear.ups() == 2)
    assert ear.downs()[0] == "no Asterisk there: a message of more than 1048576 bytes"


async def test_a_lost_link_fails_everyone_who_waits_at_once(peer: Peer, ear: Ear) -> None:
    """Nobody hangs till a deadline, and ``on_down`` comes before the exceptions."""
    patient = replace(QUICK, order_s=20, list_s=20)
    async with linked(peer, ear, patient) as link:

        async def wait(asked: int) -> str:
            with pytest.raises(LinkDown):
                await (link.ask("Getvar") if asked % 2 else link.ask_list("Status"))
            return ear.told[-1]

        async with asyncio.TaskGroup() as tasks:
            waiting = [tasks.create_task(wait(asked)) for asked in range(20)]
            await until(lambda: len(peer.names()) == 21)  # the login was one
            peer.cut()
            async with asyncio.timeout(2):
                await asyncio.wait(waiting)
    assert {one.result() for one in waiting} == {ear.downs()[0]}


async def test_no_order_without_a_link(peer: Peer, ear: Ear) -> None:
    """Orders are refused at once, not kept for later."""
    async with linked(peer, ear) as link:
        await peer.stop()
        await until(lambda: not link.is_up)
        with pytest.raises(LinkDown):
            await link.ask("Redirect")
        with pytest.raises(LinkDown):
            await link.ask_list("Status")
        with pytest.raises(LinkDown):
            link.tell("Setvar")
        await peer.start()
        await until(lambda: link.is_up)
        await asyncio.sleep(0.1)
    assert peer.names() == ["Login", "Login"]


async def test_up_and_down_alternate(peer: Peer, ear: Ear) -> None:
    """However often the peer cuts, each ``on_up`` has its one ``on_down``."""
    async with linked(peer, ear):
        for _ in range(5):
            ups = ear.ups()
            peer.cut()
            await until(lambda before=ups: ear.ups() > before)  # type: ignore[misc]
    lost = "connection closed by Asterisk"
    assert ear.told == ["up", lost] * 5 + ["up", "link ended"]


async def test_a_refused_login_waits_longer_each_time(
    peer: Peer, ear: Ear, capsys: pytest.CaptureFixture[str]
) -> None:
    """No storm of logins that would trip Asterisk's ``authlimit``; and it is said clearly."""
    tried: list[float] = []

    def refuse(talk: Talk, action: Action) -> None:
        tried.append(time.monotonic())
        talk.answer(action, "Message: Authentication failed", response="Error")

    peer.scripts["Login"] = refuse
    timing = replace(QUICK, refused_first_s=0.2, refused_most_s=60)
    async with linking(peer.port, ear, timing=timing, secret="wrong-one"):
        await until(lambda: len(tried) == 5, 20)
    gaps = [later - earlier for earlier, later in pairwise(tried)]
    # Half of a pause is by chance, so each is at least half of what it may be.
    assert [gap >= 0.1 * 2**n for n, gap in enumerate(gaps)] == [True] * 4, gaps
    said = capsys.readouterr().out
    assert "ami login refused" in said
    assert "Authentication failed" in said
    assert "wrong-one" not in said


async def test_a_dead_port_is_tried_again_with_longer_pauses(peer: Peer, ear: Ear) -> None:
    """Until Asterisk is there the link only tries, and then it comes up."""
    await peer.stop()
    async with linking(peer.port, ear) as link:
        await asyncio.sleep(0.3)
        assert not link.is_up
        await peer.start()
        await until(lambda: link.is_up)


async def test_up_means_fully_booted(peer: Peer, ear: Ear) -> None:
    """Before FullyBooted no order is taken and no event told; too long and it starts over."""

    def login(talk: Talk, action: Action) -> None:
        talk.answer(action)
        talk.event("Reload")

    peer.scripts["Login"] = login
    async with linking(peer.port, ear) as link:
        await until(lambda: peer.names() == ["Login"])
        with pytest.raises(LinkDown):
            await link.ask("Status")
        await asyncio.sleep(0.1)
        assert ear.told == []
        await until(lambda: len(peer.talks) == 2)
        peer.talk.say(BOOTED)
        peer.talk.event("First")
        await until(lambda: bool(ear.messages))
        assert ear.told == ["up", "message"]


async def test_a_slow_consumer_makes_the_link_wait(peer: Peer, ear: Ear) -> None:
    """Above ``most_behind`` nothing is read, so memory is bounded; below, all comes in order."""
    queue: list[Headers] = []
    async with linking(
        peer.port, ear, on_message=queue.append, backlog=lambda: len(queue), most_behind=1_000
    ) as link:
        await until(lambda: link.is_up)
        filler = "x" * 900
        for number in range(20_000):
            peer.talk.event("E", N=str(number), Filler=filler)
        await asyncio.sleep(0.2)
        # One read may bring 256 KiB more than the mark.
        assert 1_000 < len(queue) < 1_400
        got: list[str] = []
        async with asyncio.timeout(10):
            while len(got) < 20_000:
                got += [str(message["N"]) for message in queue]
                queue.clear()
                await asyncio.sleep(0.001)
        assert got == [str(number) for number in range(20_000)]
        assert link.is_up


async def test_a_stuck_consumer_loses_the_link(peer: Peer, ear: Ear) -> None:
    """Rather a new snapshot than an ever older picture."""
    async with linking(peer.port, ear, backlog=lambda: 10, most_behind=5) as link:
        await until(lambda: link.is_up)
        await until(lambda: bool(ear.downs()))
    assert ear.downs()[0] == "the consumer does not keep up"


async def test_a_peer_that_does_not_read_loses_the_link(peer: Peer, ear: Ear) -> None:
    """Orders Asterisk does not take are not heaped up."""
    async with linked(peer, ear, QUICK) as link:
        peer.talk.writer.transport.pause_reading()  # type: ignore[attr-defined]  # it can read
        with pytest.raises(LinkDown):  # noqa: PT012 - whichever of the orders is one too many
            for _ in range(20_000):
                link.tell("Setvar", Value="x" * 1_000)
    assert ear.downs()[0] == "Asterisk does not read its orders"


def test_a_secret_that_would_break_the_login_is_refused() -> None:
    """At the start, not at the first connection."""
    ear = Ear()
    with pytest.raises(ValueError, match="^Secret has a control character$"):
        AmiLink(
            "127.0.0.1",
            1,
            "cti",
            "a\r\nb",
            on_message=ear.hear,
            on_up=lambda: None,
            on_down=ear.told.append,
        )
