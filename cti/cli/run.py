"""``hotline up | serve | work | demo | doctor``: running the system."""

import asyncio
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from time import monotonic

import typer
from sqlalchemy.exc import SQLAlchemyError

from config.applylock import ApplyBusy
from config.asteriskroot import AsteriskMissingError
from config.faults import ProfileFaults
from config.files import load_platform
from config.platform import Platform
from config.render import DialplanRefused
from config.revisions import Revisions
from config.settings import Settings
from cti import log
from cti.cli.faults import profile_or_refuse, show_faults
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.cli.record import drafts_json, order_json, show_order
from cti.machine import Machine, NotReady
from cti.onlyone import AlreadyRunning, only_one
from records.keyring import KeyFileError, ring
from records.sealing import KeyMissingError
from records.store import CallStore


def serve(profile: ProfileOption = None) -> None:
    """运行大脑进程: 排队分配、呼叫状态、座席页面与接口."""
    from cti.app import serve as run

    settings = settings_for(profile)
    log.configure()
    try:
        asyncio.run(run(settings))
    except* ProfileFaults as faults:
        for fault in faults.exceptions:
            if isinstance(fault, ProfileFaults):
                show_faults(fault)
        raise Refused from None
    except* AlreadyRunning as running:
        say_refused(f"大脑进程已在运行 ({running.exceptions[0]})")
        raise Refused from None


def work(profile: ProfileOption = None) -> None:
    """运行转写进程: 录音转文字, 生成工单草稿."""
    from cti.worker import run

    settings = settings_for(profile)
    log.configure()
    asyncio.run(run(settings))


def follow(profile: ProfileOption = None) -> None:
    """运行实时转写进程: 通话进行中的文字与草稿."""
    from cti.follower import run

    settings = settings_for(profile)
    log.configure()
    asyncio.run(run(settings))


def doctor(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """检查本机: 端口、权限、模型、Asterisk、磁盘、时区, 并说明如何修复."""
    from cti.doctor import examine

    findings = examine(settings_for(profile))

    def show() -> None:
        for finding in findings:
            mark = "[green]✓[/]" if finding.ok else "[red]✗[/]"
            out.print(f"{mark} {finding.what}")
            if finding.mend:
                out.print(f"  → {finding.mend}", style="dim" if finding.ok else "yellow")

    answer([asdict(finding) for finding in findings], as_json=json, show=show)
    if not all(finding.ok for finding in findings):
        raise Refused


def up(
    profile: ProfileOption = None,
    demo: bool = typer.Option(False, "--demo", help="就绪后拨打一通演示电话"),
    workers: int = typer.Option(1, min=1, max=64, help="转写进程数"),
) -> None:
    """启动全部: Asterisk、Redis、大脑进程、转写进程, 直到 Ctrl-C."""
    settings = settings_for(profile)
    log.configure(is_terminal=True)
    try:
        with only_one(settings.home / "run" / "up.lock"):
            _refuse_taken_ports(settings)
            code = asyncio.run(_up(settings, demo=demo, workers=workers))
    except ProfileFaults as faults:
        show_faults(faults)
        raise Refused from None
    except AlreadyRunning as other:
        say_refused(
            f"hotline up 已在运行 (pid {other.pid}, {settings.home}); "
            "请先在它的终端按 Ctrl-C 停止, 或用 HOTLINE_HOME 另选目录"
        )
        raise Refused from None
    except AsteriskMissingError as missing:
        say_refused(f"找不到 Asterisk ({missing}), 请运行 make run 补装")
        raise Refused from None
    except DialplanRefused as refused:
        say_refused(f"号码表没有写入: {refused} {refused.details.get('why', '')}")
        raise Refused from None
    except ApplyBusy as busy:
        who, pid = busy.details["who"], busy.details["pid"]
        say_refused(f"{who} (pid {pid}) 正在更改号码表, 请稍后再启动")
        raise Refused from None
    except (NotReady, ValueError) as failure:  # ValueError: a setting that Asterisk cannot take
        say_refused(str(failure))
        raise Refused from None
    sys.exit(code)


def _refuse_taken_ports(settings: Settings) -> None:
    """A port somebody else holds would only show as a process that never gets ready."""
    from cti.doctor import check_ports

    faults = [finding for finding in check_ports(settings) if not finding.ok]
    for finding in faults:
        say_refused(f"{finding.what}; {finding.mend}")
    if faults:
        raise Refused


async def _up(settings: Settings, *, demo: bool, workers: int) -> int:
    from ivr.cache import Unwanted

    say = Clock()
    stopping = asyncio.Event()
    is_wanted = threading.Event()
    is_wanted.set()

    def stop() -> None:
        stopping.set()
        is_wanted.clear()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    if Revisions(settings).pointed() is None:
        load_platform(settings)  # its faults, before anything else is said
    try:
        platform = await asyncio.to_thread(_put_in_force, settings, say, is_wanted.is_set)
    except Unwanted:
        say("已全部停止")
        return 0
    machine = Machine(
        settings,
        workers=workers,
        has_live_text=settings.live,
        on_restart=lambda name, why: say(f"[red]{name} 意外退出, 正在重启[/] ({why})"),
    )
    code = 0
    try:
        async with asyncio.TaskGroup() as group:
            work = group.create_task(
                _bring_up(machine, settings, platform, say, is_wanted.is_set, demo=demo)
            )
            ended = group.create_task(stopping.wait())
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            is_wanted.clear()
            work.cancel()
            ended.cancel()
    except* NotReady as failures:
        say_refused(str(failures.exceptions[0]))
        code = 1
    finally:
        is_wanted.clear()
        say("正在停止")
        await machine.stop()
        say("已全部停止")
    return code


def _put_in_force(settings: Settings, say: "Clock", is_wanted: Callable[[], bool]) -> Platform:
    """The working copy if it may be, else the last good table; with what is said on its first day.

    Raises ``Unwanted`` once ``is_wanted`` says no.
    """
    from config.apply import start
    from config.revisions import Revisions
    from cti.audit import note_in_database, note_revision
    from cti.prompting import build_with_progress, needed, today
    from ivr.hold import place_hold_music

    def prompts(platform: Platform) -> None:
        chosen = needed(platform, today())
        made = build_with_progress(settings, platform, chosen, out, is_wanted)
        say(f"提示音已就绪 (新合成 {made.sentences_made} 句)")

    before = Revisions(settings).pointed()
    started = start(settings, who="hotline up", make_prompts=prompts)
    note_revision(note_in_database(settings), started.revision, before)
    if isinstance(started.refused, ProfileFaults):
        show_faults(started.refused)
    elif started.refused is not None:
        say_refused(f"Asterisk 没有接受新的号码表: {started.refused}")
    number, at = started.revision.number, started.revision.at.astimezone()
    if started.refused is not None:
        say_refused(f"仍使用第 {number} 版号码表 ({at:%Y-%m-%d %H:%M})")
    place_hold_music(settings)
    say(f"第 {number} 版号码表已就绪")
    return started.platform


class Clock:
    """Says what happens, with the seconds since the start."""

    def __init__(self) -> None:
        self._began = monotonic()

    def __call__(self, text: str) -> None:
        """Say one thing that happened."""
        out.print(f"[dim]{monotonic() - self._began:6.1f} 秒[/]  {text}", soft_wrap=True)


async def _bring_up(
    machine: Machine,
    settings: Settings,
    platform: Platform,
    say: Clock,
    is_wanted: Callable[[], bool],
    *,
    demo: bool,
) -> None:
    from cti.prompting import make_prompts

    async with asyncio.TaskGroup() as group:
        group.create_task(machine.hold())
        await machine.ready(say)
        if machine.brain.is_taken_over and machine.brain.pid is not None:
            say("接管了仍在运行的进程, 通话没有中断")
        if demo:
            await _show_demo(settings, say)
        say(f"座席页面与接口: http://{settings.reach}:{settings.http_port}/")
        if lost := await _lost_keys(settings):
            say(f"[red]密钥不在: {lost}[/]")
            say("[red]来电照常接听、录音, 记录暂存, 密钥恢复后自动写入; 见 docs/operations.md[/]")
        say(f"来电请拨 SIP {settings.reach}:{settings.sip_port}, 停止请按 Ctrl-C")
        # What later dates and long queues need is made beside the work.
        await asyncio.to_thread(
            make_prompts,
            settings,
            platform,
            workers=1,
            in_background=True,
            is_wanted=is_wanted,
        )


async def _lost_keys(settings: Settings) -> str:
    """Why what is sealed cannot be read; '' when it can, or when the database itself is away."""
    try:
        await (await CallStore.open(settings.sql_url, ring(settings))).close()
    except (KeyFileError, KeyMissingError) as lost:
        return str(lost)
    except (SQLAlchemyError, OSError):
        return ""
    return ""


async def _show_demo(settings: Settings, say: Clock) -> None:
    """Place the demo call; that it failed is said, and the system goes on serving."""
    from cti.demo import DemoFailed
    from cti.demo import demo as place

    try:
        show_order(await order_json(settings, await place(settings, say)), settings)
    except DemoFailed as error:
        say_refused(str(error))


def demo(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """在运行中的系统上拨打一通演示电话, 并显示生成的工单草稿."""
    from cti.demo import DemoFailed
    from cti.demo import demo as place

    settings = settings_for(profile)
    profile_or_refuse(settings, as_json=json)
    say = Clock()
    try:
        call = asyncio.run(place(settings, (lambda _text: None) if json else say))
    except DemoFailed as error:
        say_refused(str(error))
        raise Refused from None
    order = asyncio.run(order_json(settings, call))
    [value] = drafts_json([order.draft])
    answer(value, as_json=json, show=lambda: show_order(order, settings))
