"""One real call, start to finish: a softphone dials, a scripted seat answers, a draft stands.

Everything is as a city would have it: SIP and RTP through Asterisk, the agent signed in over the
desk's websocket, speech made with two voices, the draft read back from the API. The phones run
as a program of their own (``bench.softphone``).
"""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import aiohttp

from bench.phone import (
    CallEnded,
    NotRegistered,
    PhoneCall,
    PhoneLine,
    PhoneRefused,
    Softphone,
)
from config.files import load_profile
from config.profile import Profile
from config.render import secret
from config.settings import Settings
from cti.ids import CallId
from ivr.prompts import Utterance, say_all
from records.accounts import Accounts, NameTaken
from records.keyring import ring
from records.store import CallStore

DIALLED = "8337772"
ANI = "13900004762"
"""Invented; no such subscriber is meant."""
AGENT_VOICE, CALLER_VOICE = "zf_xiaobei", "zm_yunxi"
GREETING = "您好，赤峰市12345热线，请问有什么可以帮您？"
COMPLAINT = (
    "您好，我要投诉。我家住在红山区哈达街道，从昨天晚上开始一直停水，到现在也没有来水。"
    "家里有老人和孩子，生活很不方便，希望你们尽快解决。"
)
REPLY = "好的，您反映的停水问题我已经记录，会马上转给供水部门处理，请保持电话畅通。"
THANKS = "好的，谢谢你。"
MARK = "5"
"""What the caller presses when asked how it was."""
USER = "demo"
DRAFT_WITHIN_S = 180.0


class DemoFailed(RuntimeError):  # noqa: N818 - an error is named for what is wrong
    """A step of the demo call did not happen. The text says which."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The sound files of the demo's sentences."""

    greeting: Utterance
    complaint: Utterance
    reply: Utterance
    thanks: Utterance


def scene(settings: Settings) -> Scene:
    """Speak the sentences, unless they are cached. Blocks."""
    folder = settings.home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    made = Scene(
        *(
            Utterance(text=text, voice=voice, path=folder / f"{name}.wav")
            for name, text, voice in (
                ("greeting", GREETING, AGENT_VOICE),
                ("complaint", COMPLAINT, CALLER_VOICE),
                ("reply", REPLY, AGENT_VOICE),
                ("thanks", THANKS, CALLER_VOICE),
            )
        )
    )
    say_all(settings, [made.greeting, made.complaint, made.reply, made.thanks])
    return made


class ScriptedDesk:
    """An agent's page without the page: signs in, is popped, says ready.

    ``read`` must run beside it, as a page's own loop does: a desk that does not answer the
    server's pings is closed.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._count = 0

    async def read(self) -> None:
        """Take in what the server says until the socket closes."""
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                self._heard.put_nowait(json.loads(message.data))

    async def say(self, do: str, **facts: str) -> None:
        """Send one order and wait until it is done."""
        self._count += 1
        await self._socket.send_json({"id": self._count, "do": do, **facts})
        answer = await self.until(lambda message: message.get("re") == self._count)
        if not answer.get("ok"):
            raise DemoFailed(f"座席操作 {do} 被拒绝: {answer['error']['message']}")

    async def until(
        self, fits: Callable[[dict[str, Any]], bool], within_s: float = 15.0
    ) -> dict[str, Any]:
        """The next message that fits; others are passed over."""
        async with asyncio.timeout(within_s):
            while True:
                message = await self._heard.get()
                if fits(message):
                    return message


@asynccontextmanager
async def desk_of(url: str, password: str) -> AsyncIterator[ScriptedDesk]:
    """Sign in as the scripted agent and keep its desk open inside the block."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        body = {"user": USER, "password": password}
        async with session.post(f"{url}/api/v1/session", json=body) as answer:
            if answer.status != 200:
                raise DemoFailed(f"座席登录被拒绝: {await answer.text()}")
        async with (
            session.ws_connect(f"{url}/api/v1/desk", origin=url) as socket,
            asyncio.TaskGroup() as group,
        ):
            desk = ScriptedDesk(socket)
            group.create_task(desk.read())
            yield desk
            await socket.close()


async def demo(settings: Settings, say: Callable[[str], None]) -> CallId:
    """Place the demo call on a running system and wait for its draft. Raises ``DemoFailed``."""
    profile = load_profile(settings)
    say("正在合成演示对话的四句话, 已合成过的不再合成")
    sounds = await asyncio.to_thread(scene, settings)
    password = secrets.token_urlsafe(12)
    store = await CallStore.open(settings.sql_url, ring(settings))
    url = f"http://{settings.reach}:{settings.http_port}"
    try:
        await _let_in(store, profile, password)
        async with desk_of(url, password) as desk, Softphone(host=settings.reach) as phones:
            call = await _call(settings, profile, sounds, desk, phones, say)
            await desk.say("sign-out")
        say("通话结束, 正在转写录音并生成工单草稿")
        await _draft(store, call)
        return call
    except* (TimeoutError, aiohttp.ClientError, CallEnded, NotRegistered) as errors:
        why = str(errors.exceptions[0]) or "等待超时"
        raise DemoFailed(f"演示通话没有完成: {why}") from errors
    finally:
        await Accounts(store.database).block(USER)
        await store.close()


async def _let_in(store: CallStore, profile: Profile, password: str) -> None:
    """Let the scripted agent sign in with this password; at the end it is kept out again."""
    try:
        await Accounts(store.database).add_person(USER, profile.centre, "agent", password)
    except NameTaken:
        await Accounts(store.database).change_password(USER, password)
        await Accounts(store.database).block(USER, is_active=True)


async def _call(
    settings: Settings,
    profile: Profile,
    sounds: Scene,
    desk: ScriptedDesk,
    phones: Softphone,
    say: Callable[[str], None],
) -> CallId:
    seat = profile.seats[0]
    name = profile.seat_id(seat)
    password = secret(settings, f"seat-{name}")
    line = await phones.register(name, password, settings.reach, settings.sip_port)
    await desk.say("sign-in", extension=seat.extension)
    await desk.say("ready")
    say(f"座席 {seat.extension} 已签入, 话机已注册")
    caller = await phones.call(DIALLED, ani=ANI, host=settings.reach, port=settings.sip_port)
    say(f"来电人拨打 {DIALLED} ({profile.line(DIALLED).name})")
    pop = await desk.until(lambda message: message.get("type") == "pop", 30)
    say(f"座席屏幕弹出: {pop['card']['line']['name']}, 来电尾号 {pop['card']['ani'][-2:]}")
    await _talk(line, caller, sounds)
    return CallId(pop["card"]["call"])


async def _talk(line: PhoneLine, caller: PhoneCall, sounds: Scene) -> None:
    ringing = await line.incoming()
    await ringing.answer(after_s=0.8)
    await ringing.connected()
    for who, sentence in (
        (ringing, sounds.greeting),
        (caller, sounds.complaint),
        (ringing, sounds.reply),
        (caller, sounds.thanks),
    ):
        await asyncio.sleep(0.4)  # people leave a breath between turns
        await who.play(sentence.path)
        await who.played()
    await asyncio.sleep(0.3)
    await ringing.hangup()
    await asyncio.sleep(1.0)  # long enough to hear that something is asked
    with suppress(PhoneRefused):  # a centre that asks nothing is gone by then
        await caller.dtmf(MARK)
    await caller.ended(30)


async def _draft(store: CallStore, call: CallId) -> None:
    async with asyncio.timeout(DRAFT_WITHIN_S):
        while True:
            order = await store.order_of(call)
            if order is not None and order.is_complete:
                return
            await asyncio.sleep(0.3)
