"""What is wrong with this installation and how to mend it, for ``hotline doctor``.

Looks at the real machine and changes nothing. Each check is a function of its own that takes
what it judges, so that a test can break exactly that.
"""

import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.asteriskroot import (
    AsteriskMissingError,
    asterisk_argv,
    is_too_old,
    parse_version,
    pin,
)
from config.facts import PROFILE
from config.faults import ProfileFaults
from config.files import load_platform
from config.linkage import LINKAGE
from config.platform import Platform
from config.redisbinary import redis_server
from config.settings import BUILT_DESK, LOOPBACK, Settings
from config.speechmodels import EVERY_FILE, WORDS
from config.targets import targets
from cti.listeners import Transport, holder, is_taken
from transfer.target import TargetKind

ROOM_BYTES = 2 << 30
"""Less free space than this is a fault: about nine hours of recorded talk."""

_REINSTALL = "重新运行 make run，会自动补装"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. ``id`` is stable; ``what`` and ``mend`` are Chinese.

    ``mend`` may be there although all is ``ok``: then it is a note worth reading.
    """

    id: str
    ok: bool
    what: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything, good or bad, in a fixed order. Takes about a second; blocks.

    Ports that this installation's own running processes hold are in order.
    """
    home = settings.home
    return [
        *check_profile(settings),
        check_root(),
        *check_asterisk(settings),
        *check_models(settings.cache / "models"),
        check_mending(settings.cache / "models"),
        check_page(BUILT_DESK),
        *([] if settings.redis_url else [check_redis(home)]),
        *check_ports(settings),
        check_disk(home),
        check_clock(os.environ, Path("/etc/localtime")),
    ]


def check_root() -> Finding:
    """Root rights are needed to install system packages, not to serve."""
    if os.geteuid() == 0:
        return Finding(id="root", ok=True, what="以 root 运行")
    return Finding(
        id="root",
        ok=False,
        what="当前用户不是 root，无法安装缺少的系统软件包",
        mend="首次安装请以 root 运行 make run；软件包齐全后可以用普通用户运行",
    )


def check_asterisk(settings: Settings) -> Iterator[Finding]:
    """Asterisk is there, runs, is new enough; another version than the tested one is noted."""
    try:
        argv = asterisk_argv(settings)
    except AsteriskMissingError as fault:
        yield Finding(
            id="asterisk-missing", ok=False, what=f"找不到 Asterisk：{fault}", mend=_REINSTALL
        )
        return
    version = asterisk_version(argv)
    if version is None:
        yield Finding(
            id="asterisk-broken",
            ok=False,
            what=f"Asterisk 无法运行：{' '.join(argv)} -V",
            mend=f"删除 {settings.home / 'asterisk'} 后{_REINSTALL}",
        )
    elif is_too_old(version):
        yield Finding(
            id="asterisk-too-old",
            ok=False,
            what=f"Asterisk {version} 版本过低，需要 20 或更高",
            mend=f"卸载或升级本机的 Asterisk，再{_REINSTALL} {pin().version}",
        )
    else:
        yield _tested(version)


def _tested(version: str) -> Finding:
    if version == pin().version:
        return Finding(id="asterisk", ok=True, what=f"Asterisk {version}")
    return Finding(
        id="asterisk-untested",
        ok=True,
        what=f"Asterisk {version}",
        mend=f"经过测试的版本是 {pin().version}；这个版本可以运行，上线前请先运行 make test",
    )


def asterisk_version(argv: list[str]) -> str | None:
    """Ask Asterisk for its version; None when it does not start. Takes some milliseconds."""
    try:
        done = subprocess.run(
            [*argv, "-V"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return parse_version(done.stdout)


def check_page(page: Path) -> Finding:
    """The desk's page was built. Without it the telephones and the interface work all the same."""
    if (page / "index.html").is_file():
        return Finding(id="page", ok=True, what="座席页面已构建")
    return Finding(
        id="page-missing", ok=False, what=f"座席页面尚未构建：{page}", mend="运行 make install"
    )


def check_models(models: Path) -> Iterator[Finding]:
    """Every model file is there and its content is what was pinned. Reads 240 MB."""
    is_good = True
    for file in EVERY_FILE:
        where = models / file.path
        if not where.exists():
            is_good = False
            yield Finding(
                id="model-missing", ok=False, what=f"缺少语音模型文件 {where}", mend=_REINSTALL
            )
        elif not file.is_whole(models):
            is_good = False
            yield Finding(
                id="model-damaged",
                ok=False,
                what=f"语音模型文件已损坏（SHA-256 不符）：{where}",
                mend=f"删除该文件后{_REINSTALL}",
            )
    if is_good:
        yield Finding(id="models", ok=True, what=f"语音模型完整（{models}）")


def check_mending(models: Path, library: str = "kenlm") -> Finding:
    """Transcripts are mended. Without it everything works, with more homophones in the texts."""
    if not (models / WORDS).is_file():
        lack = "缺少词库（软件包 libime-data-language-model）"
    elif importlib.util.find_spec(library) is None:
        lack = f"缺少 Python 软件包 {library}"
    else:
        return Finding(id="mending", ok=True, what="转写纠错词库已就绪")
    return Finding(
        id="mending-off",
        ok=True,
        what="转写照常，但不纠正同音字",
        mend=f"{lack}；{_REINSTALL}",
    )


def check_redis(home: Path, path: str | None = None) -> Finding:
    """The private Redis has a program. ``path``: as the environment's ``PATH``."""
    program = redis_server(home, path)
    if program is None:
        return Finding(
            id="redis-missing",
            ok=False,
            what="找不到 redis-server",
            mend=f"{_REINSTALL}；或用 HOTLINE_REDIS_URL 指定已有的 Redis",
        )
    return Finding(id="redis", ok=True, what=f"Redis：{program}")


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Every port we listen on is free, or held by this installation itself."""
    ours = _own_pids(settings.home / "run")
    is_good = True
    for host, name, port, transport, setting in _ports(settings):
        finding = _check_port(host, port, transport, name, setting, ours)
        if finding is not None:
            is_good = False
            yield finding
    if is_good:
        yield Finding(id="ports", ok=True, what="各服务端口可用")


def _ports(settings: Settings) -> Iterator[tuple[str, str, int, Transport, str]]:
    host = settings.host
    yield host, "SIP（电话）", settings.sip_port, Transport.UDP, "HOTLINE_SIP_PORT"
    yield host, "网页与接口", settings.http_port, Transport.TCP, "HOTLINE_HTTP_PORT"
    yield host, "WebRTC 座席", settings.ws_port, Transport.TCP, "HOTLINE_WS_PORT"
    yield LOOPBACK, "Asterisk 管理接口", settings.ami_port, Transport.TCP, "HOTLINE_AMI_PORT"
    yield LOOPBACK, "FastAGI", settings.agi_port, Transport.TCP, "HOTLINE_AGI_PORT"
    if not settings.redis_url:
        yield LOOPBACK, "Redis", settings.redis_port, Transport.TCP, "HOTLINE_REDIS_PORT"


def _check_port(
    host: str, port: int, transport: Transport, name: str, setting: str, ours: frozenset[int]
) -> Finding | None:
    where = f"{name}端口 {host}:{port}/{transport.value}"
    try:
        if not is_taken(host, port, transport):
            return None
    except OSError as fault:
        return Finding(
            id="port-forbidden",
            ok=False,
            what=f"{where} 无法监听：{fault.strerror}",
            mend=f"检查 HOTLINE_HOST 是否为本机地址，或用 {setting} 换一个端口",
        )
    by = holder(port, transport)
    if by is not None and by.ancestors & ours:
        return None
    who = (
        f"被进程 {by.name}（pid {by.pid}）占用"
        if by
        else "已被占用（查不到占用者，请用 root 查看）"
    )
    return Finding(
        id="port-taken",
        ok=False,
        what=f"{where} {who}",
        mend=f"停止该进程，或用环境变量 {setting} 换一个端口",
    )


def _own_pids(run: Path) -> frozenset[int]:
    found: set[int] = set()
    for file in run.glob("*.pid"):
        try:
            found.add(int(file.read_text(encoding="ascii")))
        except (OSError, ValueError):  # being written or removed just now
            continue
    return frozenset(found)


def check_disk(home: Path, room: int = ROOM_BYTES) -> Finding:
    """The disk that holds recordings has ``room`` bytes free."""
    there = home
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    said = f"{home} 所在磁盘剩余 {free / (1 << 30):.1f} GiB"
    if free >= room:
        return Finding(id="disk", ok=True, what=said)
    return Finding(
        id="disk-full",
        ok=False,
        what=f"{said}，即将写满，录音会丢失",
        mend=f"清理磁盘，至少留出 {room / (1 << 30):.0f} GiB；或用 HOTLINE_HOME 换到更大的磁盘",
    )


def check_clock(environment: Mapping[str, str], localtime: Path) -> Finding:
    """The machine knows its time zone. UTC will do: times are shown in the profile's zone."""
    zone = environment.get("TZ") or (_zone_of(localtime) if localtime.exists() else "")
    if not zone:
        return Finding(
            id="clock-without-zone",
            ok=False,
            what="本机没有设置时区，日志时间可能有误",
            mend="执行 timedatectl set-timezone Asia/Shanghai，或设置环境变量 TZ=Asia/Shanghai",
        )
    is_utc = zone.lstrip(":").rpartition("/")[2] in ("UTC", "UCT", "Universal", "Zulu", "UTC0")
    note = "本机为 UTC；工单与报表按配置的时区 Asia/Shanghai 显示" if is_utc else ""
    return Finding(id="clock", ok=True, what=f"时区：{zone}", mend=note)


def _zone_of(localtime: Path) -> str:
    path = str(localtime.resolve())
    return path.partition("/zoneinfo/")[2] or path


def check_profile(settings: Settings) -> list[Finding]:
    """The profile can be read; every fault of it is a finding of its own."""
    try:
        platform = load_platform(settings)
    except ProfileFaults as error:
        return [
            Finding(
                id="profile-fault",
                ok=False,
                what=str(fault),
                mend="按提示修改配置文件；运行中的服务仍使用上一份正确的配置",
            )
            for fault in error.faults
        ]
    home = platform.home
    what = f"配置：{home.name}，{len(home.lines)} 条线路"
    return [Finding(id="profile", ok=True, what=what), *check_emergencies(platform)]


def check_emergencies(platform: Platform) -> Iterator[Finding]:
    """Every centre can reach 110, 119, 120 and 122: else their key can only tell the number."""
    for centre in platform:
        numbers = [
            target.number
            for target in targets(platform, centre, date.min, 0).values()
            if target.kind is TargetKind.EMERGENCY and not target.routes
        ]
        if numbers:
            yield Finding(
                id="profile-emergency",
                ok=False,
                what=f"{centre.name}：{'、'.join(numbers)}没有路由，一键转接时只能告知号码",
                mend=f"在{centre.file(LINKAGE)}写明对端和转接号码，或在{PROFILE}写dial_out",
            )
