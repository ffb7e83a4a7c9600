"""All lines and calls of one process, and the commands that move them."""

import argparse
import json
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pjsua2 as pj

from bench.softphone.calls import Line, PhoneCall, Players, is_whole, status, user_of
from bench.softphone.words import Command, Refused, Reporter

LINES = 7
CALLS = 4
POLL_MS = 10
FREES_WITHIN_S = 2.0
TOO_MANY = 70010
"""``PJ_ETOOMANY``, which the library's Python lacks."""
LEAVE_S = 1.0
CLOSE_S = 1.0
"""How long a recording may take to be written after the end of its call."""


class Program:
    """All lines and calls of this process. Everything here runs in the main thread."""

    def __init__(self, reporter: Reporter, arguments: argparse.Namespace) -> None:
        self.reporter = reporter
        self._arguments = arguments
        self._lines: dict[str, Line] = {}
        self._calls: dict[int, PhoneCall] = {}
        self._trunk: Line | None = None
        self._last_call = 0
        self._later: list[tuple[float, Callable[[], None]]] = []
        self.leaving = False
        self.players = Players()
        self._endpoint = pj.Endpoint()
        self.silence = self._start_library()

    def _start_library(self) -> Any:
        self._endpoint.libCreate()
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = self._arguments.log_level
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = CALLS
        config.medConfig.clockRate = 8000
        config.medConfig.audioFramePtime = 20
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        config.medConfig.threadCnt = 1
        self._endpoint.libInit(config)
        transport = pj.TransportConfig()
        transport.port = self._arguments.sip_port
        transport.boundAddress = transport.publicAddress = self._arguments.host
        number = self._endpoint.transportCreate(pj.PJSIP_TRANSPORT_UDP, transport)
        self._endpoint.libStart()
        self._endpoint.audDevManager().setNullDev()
        for codec in self._endpoint.codecEnum2():
            is_ours = codec.codecId.startswith("PCMA")
            self._endpoint.codecSetPriority(codec.codecId, 255 if is_ours else 0)
        silence = silent_player()
        address = self._endpoint.transportGetInfo(number).localAddress
        self.reporter.event("ready", sip=address, lines=LINES, calls=CALLS)
        return silence

    def _account(self, name: str, command: Command) -> Line:
        host, port = str(command["host"]), int(command["port"])
        line = Line(self, name, host, port)
        config = pj.AccountConfig()
        config.idUri = f"sip:{name}@{host}:{port}"
        if "password" in command:
            config.regConfig.registrarUri = f"sip:{host}:{port}"
            config.regConfig.timeoutSec = int(command.get("expires_s") or 300)
            login = pj.AuthCredInfo("digest", "*", name, 0, str(command["password"]))
            config.sipConfig.authCreds.append(login)
        config.callConfig.timerUse = pj.PJSUA_SIP_TIMER_INACTIVE
        media = config.mediaConfig.transportConfig
        media.boundAddress = self._arguments.host
        media.port = self._arguments.rtp_first
        media.portRange = self._arguments.rtp_last - self._arguments.rtp_first
        line.create(config)
        return line

    def do_register(self, command: Command) -> Command:
        """Make a line; that it is registered is told by an event."""
        name = str(command["line"])
        if name in self._lines:
            raise Refused(f"line {name} is there already")
        if len(self._lines) >= LINES:
            raise Refused(f"no more than {LINES} lines in one process")
        self._lines[name] = self._account(name, command)
        return {}

    def do_auto_answer(self, command: Command) -> Command:
        """Answer every later call to that line by itself, or no more."""
        self._line(command).auto = command if command.get("after_s") is not None else None
        return {}

    def do_call(self, command: Command) -> Command:
        """Dial from a line, or from the trunk with any number as From."""
        self._room()
        option = pj.CallOpParam(True)
        if "line" in command:
            line = self._line(command)
            target = line.target
        else:
            if self._trunk is None:
                self._trunk = self._account("trunk", command)
            line, target = self._trunk, f"{command['host']}:{command['port']}"
            option.txOption.localUri = f"sip:{command['ani']}@{self._arguments.host}"
        call = self._new_call(line)
        try:
            self._prepare(call, command)
            self._make(call, f"sip:{command['number']}@{target}", option)
        except Exception:
            del self._calls[call.number]  # it never was one, and takes no place
            raise
        return {"call": call.number}

    def _make(self, call: PhoneCall, address: str, option: Any) -> None:
        """The library has told of a call's end some time before it frees its place."""
        ends = time.monotonic() + FREES_WITHIN_S
        while True:
            try:
                call.makeCall(address, option)
                return
            except pj.Error as error:
                if error.status != TOO_MANY or time.monotonic() > ends:
                    raise
            self._endpoint.libHandleEvents(POLL_MS)

    def do_answer(self, command: Command) -> Command:
        """Answer now, or after a while unless it has ended by then."""
        call = self._call(command)
        self._prepare(call, command)
        self._answer_later(call, float(command.get("after_s") or 0))
        return {}

    def do_reject(self, command: Command) -> Command:
        """Refuse a call that rings."""
        call = self._call(command)
        call.ended_by = "local"
        call.hangup(status(int(command.get("code") or 486)))
        return {}

    def do_hangup(self, command: Command) -> Command:
        """End a call in whatever state it is; one that has ended already is left alone."""
        call = self._call(command, ended_too=True)
        if not call.is_over:
            call.ended_by = "local"
            call.hangup(status(0))
        return {}

    def do_dtmf(self, command: Command) -> Command:
        """Send keys as RFC 4733 events."""
        self._call(command).dialDtmf(str(command["digits"]))
        return {}

    def do_play(self, command: Command) -> Command:
        """Play a file into the call; before there is audio: as soon as there is."""
        self._call(command).change_sound(readable(command["path"]), loop=bool(command.get("loop")))
        return {}

    def do_record(self, command: Command) -> Command:
        """Record what this phone hears, from now to the end."""
        call = self._call(command)
        call.file = str(command["path"])
        call.connect_file()
        return {}

    def do_quit(self, _command: Command) -> Command:
        """Leave, in order."""
        self.leaving = True
        return {}

    def take_in(self, line: Line, library_id: int) -> None:
        """Ring for a call that came in, and answer it if the line is told to."""
        call = self._new_call(line, library_id)
        call.answer(status(180))
        info = call.getInfo()
        ani, dialled = user_of(info.remoteUri), user_of(info.localUri)
        call.report("incoming", line=line.name, ani=ani, dialled=dialled)
        if line.auto is not None:
            self._prepare(call, line.auto)
            self._answer_later(call, float(line.auto["after_s"]))

    def close(self, call: int, end: Command, recording: Path | None) -> None:
        """Tell that a call is over, at once or when its recording is whole."""
        at = time.monotonic()

        def tell() -> None:
            now = time.monotonic()
            if recording is None or is_whole(recording) or now - at > CLOSE_S:
                self.reporter.tell(event="disconnected", at=at, call=call, **end)
            else:
                self._later.append((now + POLL_MS / 1000, tell))

        tell()

    def _prepare(self, call: PhoneCall, command: Command) -> None:
        if command.get("play"):
            call.sound = (readable(command["play"]), bool(command.get("loop")))
        if command.get("record"):
            call.file = str(command["record"])

    def _answer_later(self, call: PhoneCall, after_s: float) -> None:
        def answer() -> None:
            if not call.is_over:
                call.answer(status(200))

        if after_s > 0:
            self._later.append((time.monotonic() + after_s, answer))
        else:
            answer()

    def _new_call(self, line: Line, library_id: int | None = None) -> PhoneCall:
        self._last_call += 1
        call = PhoneCall(self, self._last_call, line, library_id)
        self._calls[call.number] = call
        return call

    def _room(self) -> None:
        if sum(not call.is_over for call in self._calls.values()) >= CALLS:
            raise Refused(f"no more than {CALLS} calls in one process")

    def _line(self, command: Command) -> Line:
        line = self._lines.get(str(command["line"]))
        if line is None:
            raise Refused(f"no line {command['line']}")
        return line

    def _call(self, command: Command, *, ended_too: bool = False) -> PhoneCall:
        call = self._calls.get(int(command["call"]))
        if call is None or (call.is_over and not ended_too):
            raise Refused(f"no call {command['call']}")
        return call

    def obey(self, text: str) -> None:
        """Do one command line and answer it, whatever is in it."""
        number = None
        try:
            command = json.loads(text)
            number = command.get("id")
            action = getattr(self, "do_" + str(command["do"]).replace("-", "_"), None)
            if action is None:
                raise Refused(f"unknown command {command['do']}")
            self.reporter.tell(re=number, ok=True, **action(command))
        except pj.Error as error:
            self.reporter.tell(re=number, error=error.info())
        except (Refused, KeyError, ValueError, TypeError, AttributeError, OSError) as error:
            self.reporter.tell(re=number, error=f"{type(error).__name__}: {error}")

    def turn(self) -> None:
        """One round: the library's events, then what is due."""
        self._endpoint.libHandleEvents(POLL_MS)
        now = time.monotonic()
        due = [act for at, act in self._later if at <= now]
        self._later = [(at, act) for at, act in self._later if at > now]
        for act in due:
            try:
                act()
            except pj.Error as error:
                self.reporter.event("trouble", text=error.info())

    def leave(self) -> None:
        """Hang up and unregister, and wait a little for both to be told."""
        self._endpoint.hangupAllCalls()
        for line in self._lines.values():
            line.setRegistration(False)
        end = time.monotonic() + LEAVE_S
        is_open = True
        while is_open and time.monotonic() < end:
            self.turn()
            is_open = (
                bool(self._later)
                or any(not call.is_over for call in self._calls.values())
                or any(line.getInfo().regIsActive for line in self._lines.values())
            )


def readable(path: Any) -> str:
    """That path, if it can be read; the library says only 'not found' much later."""
    with Path(path).open("rb"):
        return str(path)


def silent_player() -> Any:
    """A player of silence for ever, shared by all calls."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(8000)
            sound.writeframes(bytes(16000) * 600)
        file.flush()
        player = pj.AudioMediaPlayer()
        player.createPlayer(file.name)
    return player
