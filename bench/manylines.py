"""A city with as many lines as wanted, and its Asterisk alone: the load of the ledger's bench.

The table is invented from its size only: every mode, dates before, in and after the transition,
half of the lines with seats of their own behind a peer at certain hours.
"""

import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from bench.ours import private_root
from bench.ports import free_block, free_port
from bench.wavetools import chirp, write_wav
from config.asteriskroot import asterisk_argv
from config.profile import NUMBERS, PROFILE, SEATS
from config.render import cli, etc
from config.settings import CHECKOUT, Settings

FIRST: Final = 2_000_000
APART: Final = 613
"""Between two numbers: none begins another, and their order is not the table's."""
PEERS: Final = 40
BOOT_S: Final = 60.0
STOP_S: Final = 10.0
RTP_PORTS: Final = 1000
PROMPT_S: Final = 0.05

COLUMNS = "序号,部门,电话名称,电话号码,归并方式,座席安排,过渡开始,过渡结束,对端,转接号码,座席时间"
_MOVED = ("整体并入", "双号并行", "保留号码呼叫转移")
_KEPT = ("双号并行", "设分中心", "保留中心在线转办")
_HOURS = ("工作日 08:30-12:00,14:30-17:30", "每天 08:00-20:00", "全天")


def number(index: int) -> str:
    """The digits of the line in that row, from 0."""
    return str(FIRST + index * APART)


def rows(count: int, day: date) -> Iterator[str]:
    """The table's rows, a third of the lines planned, a third in transition, a third after it."""
    for index in range(count):
        begins = day + timedelta(days=(-400, -30, 30)[index // 6 % 3])
        dates = f"{begins},{begins + timedelta(days=90)}"
        turn = index // 2
        whose = f"第{index // 20}局,第{index}号服务热线,{number(index)}"
        if index % 2:
            yield f"{index + 1},{whose},{_MOVED[turn % 3]},,{dates},,,"
        else:
            mode = _KEPT[turn % 3]
            hours = "全天" if mode == "设分中心" else f'"{_HOURS[turn % 3]}"'
            way = f"peer{turn % PEERS},{6_000_000 + index}"
            yield f"{index + 1},{whose},{mode},保留,{dates},{way},{hours}"


def write_city(folder: Path, count: int, day: date) -> Path:
    """Write the profile of a city with so many lines; its seats are Chifeng's."""
    folder.mkdir(parents=True, exist_ok=True)
    chifeng = CHECKOUT / "config" / "profiles" / "chifeng"
    (folder / PROFILE).write_bytes((chifeng / PROFILE).read_bytes())
    (folder / SEATS).write_bytes((chifeng / SEATS).read_bytes())
    (folder / NUMBERS).write_text("\n".join([COLUMNS, *rows(count, day)]) + "\n", encoding="utf-8")
    peers = [f"peer{n},第{n}个部门,127.0.0.1,{40000 + n}" for n in range(PEERS)]
    peers.append(f"gongwang,公网,127.0.0.1,{40000 + PEERS}")  # where typed numbers are dialled
    (folder / "peers.csv").write_text("\n".join(["对端,名称,地址,端口", *peers]) + "\n", "utf-8")
    return folder


def another_destination(folder: Path, index: int, destination: int) -> None:
    """Change where one line's own seats are: the smallest change that Asterisk must be told."""
    path = folder / NUMBERS
    text = path.read_text(encoding="utf-8")
    row = re.search(rf"(?m)^{index + 1},.*$", text)
    if row is None:
        raise LookupError(index)
    cells = row[0].split(",")
    cells[9] = str(destination)
    path.write_text(text[: row.start()] + ",".join(cells) + text[row.end() :], encoding="utf-8")


def settings_for(home: Path, city: Path) -> Settings:
    """Ports of its own; the installation's Asterisk."""
    rtp = free_block(RTP_PORTS)
    return Settings(
        home=home,
        asterisk_root=private_root(),
        profile=str(city),
        sip_port=free_port(),
        rtp_first=rtp,
        rtp_last=rtp + RTP_PORTS - 1,
        ami_port=free_port(),
        ws_port=free_port(),
        http_port=free_port(),
        agi_port=free_port(),
        redis_port=free_port(),
    )


def write_sounds(settings: Settings, names: Iterator[str]) -> None:
    """One tiny sound under every prompt's name."""
    folder = settings.home / "sounds" / "zh"
    folder.mkdir(parents=True, exist_ok=True)
    sound = write_wav(settings.home / "sounds" / "prompt.wav", chirp(PROMPT_S))
    for name in names:
        if not (folder / f"{name}.wav").exists():
            os.link(sound, folder / f"{name}.wav")
    music = settings.home / "sounds" / "moh"
    music.mkdir(exist_ok=True)
    write_wav(music / "music.wav", chirp(10.0, seed=7))
    rings = settings.home / "sounds" / "ringback"
    rings.mkdir(exist_ok=True)
    write_wav(rings / "ringback.wav", chirp(1.0, seed=8))


@contextmanager
def asterisk_running(settings: Settings) -> Iterator[int]:
    """Asterisk alone, from files that are rendered already; gives its process id."""
    log = (settings.home / "console.log").open("ab")
    argv = [*asterisk_argv(settings), "-f", "-C", str(etc(settings) / "asterisk.conf")]
    with log:
        process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_booted(settings, process)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_booted(settings: Settings, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + BOOT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if "fully booted" in cli(settings, "core waitfullybooted"):
                return
        except (subprocess.SubprocessError, OSError):
            time.sleep(0.1)
    raise RuntimeError((settings.home / "console.log").read_text(errors="replace")[-2000:])
