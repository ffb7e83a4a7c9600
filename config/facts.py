"""What ``profile.toml`` says of a centre: its name and area, its trunks, its times. Pure."""

import json
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    IPvAnyNetwork,
    StringConstraints,
    ValidationError,
)

from config.faults import Fault, nearest
from config.hours import read_hours
from config.quality import Quality
from config.rules import Limits
from cti.ids import CentreId

PROFILE = "profile.toml"
RECORDINGS = "prompts"
"""The folder of recordings, each named by its prompt's id; so no centre's folder."""

Text = Annotated[
    str,
    StringConstraints(
        min_length=1, max_length=64, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"
    ),
]
"""One line of text."""
_ADDRESS = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
_PORT = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
Folder = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
OfficeKind = Literal["政府", "党群", "社会团体", "公共企业", "垂管"]

CallerKind = Literal["企业", "人大代表", "政协委员", "其他"]
Typist = Literal["agent", "expert", "supervisor"]
Sentence = Annotated[
    str,
    StringConstraints(max_length=200, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f-\x9f]*$"),
]
"""One line of text that may be long, or none."""
FIRST_ANSWERER = "明确属于对方的，一键转接；不明确的，三方通话；仍不明确的，谁先接听谁先受理。"
"""What 国办发〔2022〕12号 says of calls that may be 12345's or 110's."""


def _hours(written: str) -> str:
    return read_hours(written).chinese


class Level(Enum):
    """Whose hotline it is (层级)."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"

    @property
    def chinese(self) -> str:
        """The word administrators use."""
        return {Level.PROVINCE: "省级", Level.CITY: "市级", Level.COUNTY: "县级"}[self]

    @property
    def rank(self) -> int:
        """0 for a province; the lower in the country, the higher."""
        return list(Level).index(self)


_SITE = rf"https?://([A-Za-z0-9.-]{{1,200}}|\[[0-9A-Fa-f:]{{2,40}}\])(:{_PORT})?"
_PATH = r"""[^\s"'<>{}\\]{0,400}"""
WebUrl = Annotated[str, StringConstraints(pattern=rf"^({_SITE}(/{_PATH})?)?$")]
"""Where a program of the centre's is told something; '': nowhere."""
PopUrl = Annotated[str, StringConstraints(pattern=rf"^({_SITE}/{_PATH}\{{key\}}{_PATH})?$")]
"""A page of another system, with ``{key}`` once and after the host; '': none."""
Origin = Annotated[str, StringConstraints(pattern=rf"^{_SITE}$")]
"""Whose pages: scheme, host and port, as browsers name them."""


class Facts(BaseModel):
    """What ``profile.toml`` says. An unknown key is a fault: it is a misspelt one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: Annotated[CentreId, StringConstraints(pattern=r"^[a-z][a-z0-9]{0,31}$")]
    name: Text
    city: Text
    area_code: Annotated[str, StringConstraints(pattern=r"^0[1-9][0-9]{1,2}$")]
    level: Level = Level.CITY
    trunks: tuple[IPvAnyNetwork, ...] = ()
    """Addresses that calls may come from. Whoever sends from there is a trunk of this centre. A
    further centre may have none: its callers then come over the trunks of the others."""
    skills: tuple[Text, ...] = Field(min_length=1)
    wrap_up_s: float = Field(default=30, ge=0, le=600)
    ring_s: int = Field(default=15, ge=5, le=60)
    widens_s: int = Field(default=0, ge=0, le=120)
    """How long a caller waits for what it wants most (the line's skill, the seats on duty, a
    language) before any general seat will do; not at all while nobody of that kind is there."""
    last_seat_s: int = Field(default=0, ge=0, le=60)
    """How long a caller with an open demand waits for the agent who knows it; 0: for nobody."""
    classes: Mapping[CallerKind, Annotated[int, Field(ge=0, le=300)]] = {}
    """What being a known caller of that kind is worth, in seconds of waiting."""
    work_hours: Annotated[str, AfterValidator(_hours)] = "工作日 08:30-17:30"
    """Outside them it is night for ``overflow.csv``."""
    emergency_head_start_s: int = Field(default=300, ge=0, le=900)
    """What being handed over by an emergency line is worth, in seconds of waiting."""
    outside_ring_s: int = Field(default=20, ge=5, le=60)
    """How long the seats behind a peer ring before the call comes back to 12345."""
    dial_out: Annotated[str, StringConstraints(pattern=rf"^({_ADDRESS}:{_PORT})?$")] = ""
    """Where the carrier takes calls from us, ``address:port``; '': nobody is ever called back."""
    dial_out_prefix: Annotated[str, StringConstraints(pattern=r"^[0-9*#]{0,8}$")] = ""
    """What the carrier wants dialled before a citizen's number."""
    callback_attempts: int = Field(default=2, ge=1, le=5)
    """How often somebody whose place is kept is dialled before it is over."""
    callback_pause_s: int = Field(default=300, ge=1, le=3600)
    """From one attempt in vain to the next."""
    tasks_after_s: int = Field(default=20, ge=5, le=600)
    """How long nobody must have waited, and a seat been free, before it is offered call-backs."""
    tasks_hours: Annotated[str, AfterValidator(_hours)] = "每天 08:00-21:00"
    """When seats are offered call-backs: nobody is called by night unasked."""
    announce_recording: bool = True
    survey: bool = True
    """Whether callers are asked by one sentence how it was, after a seat has hung up."""
    voice: Text = "zm_yunxi"
    after_cancel: Literal["connect", "hangup"] = "connect"
    """What follows the farewell of a cancelled number: 12345's seats, or the end of the call."""
    transition_begins: date | None = None
    transition_ends: date | None = None
    """The transition of lines that have no dates of their own."""
    consult_recorded: bool = False
    """Whether what an agent says to an expert before the caller joins is kept, as its own file."""
    supervise_tone: bool = False
    """Whether a tone tells those who talk that a supervisor begins to listen."""
    typed_numbers: tuple[Typist, ...] = ("supervisor",)
    """Whose calls may be moved to a number that is in no table, but typed; empty: nobody's."""
    typed_peer: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9]{0,15})?$")] = ""
    """The peer over which a typed number is dialled; '': over the centre's own carrier."""
    first_answerer: Sentence = FIRST_ANSWERER
    """Who takes a matter that may be ours or an emergency line's: shown while one is called."""
    events_url: WebUrl = ""
    """Where a program is told that calls ring, are answered, are over; '': nobody is."""
    orders_url: WebUrl = ""
    """Where the city's order platform takes work orders that were handed in; '': nowhere."""
    pop_url: PopUrl = ""
    """The page of another system that opens for a call; ``{key}`` stands for a key that is good
    once and for a minute, and says nothing by itself. '': none opens."""
    pop_whole_number: bool = False
    """Whether that system is told the caller's whole number for the key."""
    page_origins: tuple[Origin, ...] = Field(default=(), max_length=20)
    """Whose pages may hold ours in a frame and be told of calls (``/embed.js``)."""
    scope_out: tuple[OfficeKind, ...] = ()
    """Kinds of offices whose numbers are not merged here."""
    centres: tuple[Folder, ...] = ()
    """Folders of further centres below this one; in the home profile only."""
    limits: Limits = Limits()
    quality: Quality = Quality()


EXAMPLES: Mapping[str, str] = {
    "centre": '"chifeng"（小写字母开头，只用小写字母和数字）',
    "name": '"赤峰市12345政务服务便民热线"',
    "city": '"赤峰市"',
    "area_code": '"0476"（带0的区号，加引号）',
    "level": '"province"（省级）、"city"（市级）或 "county"（县级）',
    "trunks": '["127.0.0.1"]（IP地址或网段的列表）',
    "skills": '["通用"]（至少一种技能）',
    "wrap_up_s": "30（0到600，单位秒，可以有小数）",
    "ring_s": "15（5到60的整数，单位秒）",
    "emergency_head_start_s": "300（0到900的整数，单位秒；紧急电话转来的早算几秒）",
    "outside_ring_s": "20（5到60的整数，单位秒）",
    "dial_out": '"10.1.2.3:5060"（运营商接收呼出的地址和端口；不回呼则写 ""）',
    "dial_out_prefix": '"9"（拨打市民号码前加拨的数字；没有则写 ""）',
    "callback_attempts": "2（1到5的整数）",
    "callback_pause_s": "300（1到3600的整数，单位秒）",
    "tasks_after_s": "20（5到600的整数，单位秒）",
    "tasks_hours": '"每天 08:00-21:00"（此时段内才派回拨任务）',
    "announce_recording": "true 或 false",
    "survey": "true 或 false",
    "voice": '"zm_yunxi"',
    "after_cancel": '"connect"（播报后转接12345）或 "hangup"（播报后挂机）',
    "transition_begins": "2026-01-01（不加引号）",
    "transition_ends": "2026-12-31（不加引号）",
    "consult_recorded": "true 或 false",
    "supervise_tone": "true 或 false",
    "typed_numbers": '["supervisor"]（agent话务员、expert专家、supervisor班长；没有则写 []）',
    "typed_peer": '"gongwang"（peers.csv中出局的对端；由dial_out拨出则写 ""）',
    "first_answerer": f'"{FIRST_ANSWERER}"（200字以内）',
    "events_url": '"https://crm.example/hotline/events"（接收来电事件的地址；没有则写 ""）',
    "orders_url": '"https://orders.example/hotline"（工单平台接收工单的地址；没有则写 ""）',
    "pop_url": '"https://crm.example/pop?key={key}"（{key}写一次，在主机名之后；没有则写 ""）',
    "pop_whole_number": "true 或 false（对方系统换取来电信息时，是否给完整号码）",
    "page_origins": '["https://crm.example"]（协议、主机和端口，不带路径；没有则写 []）',
    "scope_out": '["党群"]（政府、党群、社会团体、公共企业、垂管中的几类）',
    "centres": '["xining"]（下级目录名的列表，小写字母开头）',
    "work_hours": '"工作日 08:30-12:00,14:30-17:30"（此外为夜间）',
    "widens_s": "0（0到120的整数，单位秒）",
    "last_seat_s": "5（0到60的整数，单位秒；0为不等待）",
    "classes": '写成一节：[classes]，下面每行一类来电人，如 "人大代表" = 60',
    "limits": "写成一节：[limits]，下面每行一项，如 sign_d = 1",
    "quality": "写成一节：[quality]，下面每行一项，如 greeting = 15",
    "quality.greeting": "15（0到100的整数，各项分值）",
    "limits.urgent": '"same-day"',
    "limits.dispatch_h": "2（1到1000的整数，单位小时）",
    "classes.人大代表": "60（0到300的整数，单位秒）",
}


INSIDE: Mapping[str, str] = {
    "limits": "limits.dispatch_h",
    "quality": "quality.greeting",
    "classes": "classes.人大代表",
}
"""Sections, each with an item of it whose example does for the others."""


def read_facts(text: str, *, is_home: bool = True) -> tuple[Facts | None, list[Fault]]:
    """Read the file. Without facts there is at least one fault; with them there may be some."""
    try:
        facts = Facts.model_validate(tomllib.loads(text))
    except ValidationError as error:
        return None, [_fact_fault(text, dict(detail)) for detail in error.errors()]
    except (ValueError, RecursionError) as error:  # tomllib's own is a ValueError; so are giants
        found = re.search(r"at line (\d+)", str(error))
        row = int(found[1]) if found else text.count("\n") + 1
        better = '每行写成：名称 = 值，文字加英文引号，如 city = "赤峰市"'
        return None, [Fault(PROFILE, row, "", f"不是有效的TOML（{error}）", better)]
    return facts, list(_clashes(text, facts, is_home=is_home))


def further_centres(text: str) -> tuple[str, ...]:
    """The folders of further centres as far as they can be made out; a broken file names none."""
    try:
        named = tomllib.loads(text).get("centres")
    except (ValueError, RecursionError):
        return ()
    found = named if isinstance(named, list) else []
    return tuple(
        dict.fromkeys(
            name
            for name in found
            if isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9-]{0,31}", name, re.ASCII)
        )
    )


def _clashes(text: str, facts: Facts, *, is_home: bool) -> list[Fault]:
    """What the values contradict each other in."""
    faults = []

    def tell(key: str, message: str, instead: str) -> None:
        faults.append(Fault(PROFILE, row_of(text, key), key, message, instead))

    if is_home and not facts.trunks:
        tell("trunks", "没有来电中继的地址", f"trunks = {EXAMPLES['trunks']}")
    if not is_home and facts.centres:
        tell("centres", "下级中心不能再有下级目录", "删去这一项，写在最上级的profile.toml中")
    if RECORDINGS in facts.centres:
        tell("centres", f"{RECORDINGS}是录音的目录", "另一个目录名")
    if len(set(facts.centres)) < len(facts.centres):
        tell("centres", "同一个目录写了两次", f"centres = {sorted(set(facts.centres))}")
    begins, ends = facts.transition_begins, facts.transition_ends
    if begins is not None and ends is not None and ends < begins:
        message = f"过渡期从{begins}开始，却在{ends}结束"
        tell("transition_ends", message, f"{begins}或以后的日期")
    return faults


def _fields(section: str) -> list[str]:
    sections: dict[str, type[BaseModel]] = {"limits": Limits, "quality": Quality}
    return list(sections.get(section, Facts).model_fields)


def _fact_fault(text: str, detail: Mapping[str, Any]) -> Fault:
    where = [str(part) for part in detail["loc"]]
    is_inside = where[0] in INSIDE and len(where) > 1
    key = ".".join(where[:2]) if is_inside else where[0]
    row = row_of(text, key)
    example = EXAMPLES.get(key, EXAMPLES[INSIDE.get(where[0], "limits.dispatch_h")])
    name = key.rpartition(".")[2]
    advice = f"{name if name.isascii() else json.dumps(name, ensure_ascii=False)} = {example}"
    if detail["type"] == "missing":
        return Fault(PROFILE, 0, key, "缺少这一项", advice)
    if detail["type"] == "extra_forbidden":
        known = _fields(where[0] if is_inside else "")
        return Fault(PROFILE, row, key, "没有这一项", nearest(where[-1], known))
    if where[-1] == "[key]":
        kinds = get_args(CallerKind)
        return Fault(PROFILE, row, key, f"没有「{name}」这类来电人", nearest(name, kinds))
    return Fault(PROFILE, row, key, f"「{str(detail['input'])[:60]}」不能用在这里", advice)


def row_of(text: str, key: str) -> int:
    """The line on which that key stands; 0 when it cannot be found."""
    section, _, name = key.rpartition(".")
    now = ""
    for row, line in enumerate(text.splitlines(), 1):
        if found := re.match(r"\s*\[([^\[\]]*)\]\s*(#.*)?$", line):
            now = found[1].strip()
            if now == key:
                return row
        elif now == section and re.match(rf"\s*[\"']?{re.escape(name)}[\"']?\s*=", line):
            return row
    return 0
