"""The library's calls and lines, with what we add: a player, a recorder, and telling."""

import io
import math
import re
import wave
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import monotonic
from typing import Any, Protocol

import pjsua2 as pj

from bench.softphone.words import Command, Reporter


class Host(Protocol):
    """The program, as its calls and lines see it."""

    reporter: Reporter
    silence: Any
    players: "Players"

    def take_in(self, line: "Line", library_id: int) -> None:
        """A call came in on that line."""
        ...

    def close(self, call: int, end: Command, recording: Path | None) -> None:
        """A call is over: tell it once its recording is whole."""
        ...


class Player(pj.AudioMediaPlayer):  # type: ignore[misc]  # pjsua2 has no types
    """One file playing into one call; tells its end unless it loops."""

    def __init__(self, path: str, *, loop: bool) -> None:
        super().__init__()
        self.call: PhoneCall | None = None
        self.path = path
        self.loops = loop
        if not loop:
            self.createPlayer(path, pj.PJMEDIA_FILE_NO_LOOP)
            return
        with NamedTemporaryFile(suffix=".wav") as file:
            file.write(lengthened(Path(path)))
            file.flush()
            self.createPlayer(file.name, 0)  # it keeps the file open

    def onEof2(self) -> None:  # noqa: N802  # the library's name
        """The file has ended, or begins again."""
        if self.call is not None and not self.loops:
            self.call.report("played", path=self.path)


class Players:
    """Every player of this program: those that loop are used again, others are dropped late.

    The library tells of a file's end, and so of each time it begins again, in a thread of its own
    and some time later: a player that was dropped meanwhile is called all the same, and the program
    dies of it. So what loops is also made long: it seldom begins again in a call.
    """

    LATE_S = 2.0

    def __init__(self) -> None:
        self._idle: dict[str, list[Player]] = {}
        self._dropped: list[tuple[float, Player]] = []

    def take(self, call: "PhoneCall", path: str, *, loop: bool) -> Player:
        """A player of that file, at its beginning."""
        idle = self._idle.get(path) if loop else None
        if idle:
            player = idle.pop()
            player.setPos(0)
        else:
            player = Player(path, loop=loop)
        player.call = call
        return player

    def give_back(self, player: Player | None, audio: Any) -> None:
        """It plays into that call no more."""
        if player is None:
            return
        player.call = None
        if audio is not None:
            with suppress(pj.Error):  # the call's own end has parted them
                player.stopTransmit(audio)
        now = monotonic()
        self._dropped = [(at, dropped) for at, dropped in self._dropped if at > now]
        if player.loops:
            self._idle.setdefault(player.path, []).append(player)
        else:
            self._dropped.append((now + self.LATE_S, player))


def lengthened(path: Path, seconds: float = 120.0) -> bytes:
    """The WAV file of that sound, over and over for so long."""
    with wave.open(str(path), "rb") as file:
        how, sound = file.getparams(), file.readframes(file.getnframes())
    if not how.nframes:
        return path.read_bytes()
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams(how)
        file.writeframes(sound * math.ceil(seconds * how.framerate / how.nframes))
    return made.getvalue()


class PhoneCall(pj.Call):  # type: ignore[misc]  # pjsua2 has no types
    """One call: keeps its player and recorder until it ends, then drops them."""

    def __init__(
        self, program: "Host", number: int, line: pj.Account, library_id: int | None = None
    ) -> None:
        super().__init__(line, pj.PJSUA_INVALID_ID if library_id is None else library_id)
        self._program = program
        self.number = number
        self.sound: tuple[str, bool] | None = None
        self.file: str | None = None
        self._audio: Any = None
        self._player: Player | None = None
        self._recorder: Any = None
        self.ended_by = "remote"
        self.is_over = False

    def report(self, name: str, **facts: Any) -> None:
        """Tell an event of this call."""
        self._program.reporter.event(name, call=self.number, **facts)

    def onCallState(self, event: Any) -> None:  # noqa: N802  # the library's name
        """Tell what became of the call."""
        info = self.getInfo()
        if info.state == pj.PJSIP_INV_STATE_EARLY and info.role == pj.PJSIP_ROLE_UAC:
            self.report("ringing", code=info.lastStatusCode)
        elif info.state == pj.PJSIP_INV_STATE_CONFIRMED:
            self.report("connected")
        elif info.state == pj.PJSIP_INV_STATE_DISCONNECTED:
            self.is_over = True
            had_recorder = self._recorder is not None
            self._program.players.give_back(self._player, self._audio)
            # Dropped, a recorder writes its header, but some time later in the audio thread.
            self._player = self._recorder = self._audio = None
            end = {
                "code": info.lastStatusCode,
                "reason": info.lastReason,
                "cause": q850(event),
                "by": self.ended_by,
            }
            file = Path(self.file) if had_recorder and self.file else None
            self._program.close(self.number, end, file)

    def onCallMediaState(self, _event: Any) -> None:  # noqa: N802  # the library's name
        """Join audio to what plays and records, at every (re)negotiation."""
        info = self.getInfo()  # held: its list is freed with it, whoever still reads it
        for index, media in enumerate(info.media):
            if media.type == pj.PJMEDIA_TYPE_AUDIO and media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                self._audio = self.getAudioMedia(index)
                # Always something to send: a phone that is silent still sends packets.
                self._program.silence.startTransmit(self._audio)
                self.connect_sound()
                self.connect_file()
                local = self.getMedTransportInfo(index).localRtpName
                self.report("media", port=int(local.rpartition(":")[2]))

    def onCallTsxState(self, event: Any) -> None:  # noqa: N802  # the library's name
        """Do what the server asks a telephone to do in the call's own dialogue.

        ``Event: talk`` answers and resumes, ``Event: hold`` holds: desk telephones know both.
        """
        change = event.e.body.tsxState
        if change.type != pj.PJSIP_EVENT_RX_MSG:
            return
        said = change.src.rdata.wholeMsg
        asked = re.search(r"^Event:\s*(talk|hold)\b", said, re.M)
        if asked is None or not said.startswith("NOTIFY "):
            return
        self.report("told", what=asked.group(1))
        confirmed = self.getInfo().state == pj.PJSIP_INV_STATE_CONFIRMED
        if asked.group(1) == "hold":
            self.setHold(pj.CallOpParam(True))
        elif confirmed:
            option = pj.CallOpParam(True)
            option.opt.flag = pj.PJSUA_CALL_UNHOLD
            self.reinvite(option)
        else:
            self.answer(status(200))

    def onDtmfDigit(self, event: Any) -> None:  # noqa: N802  # the library's name
        """Tell a key that was heard."""
        self.report("dtmf", digit=event.digit)

    def connect_sound(self) -> None:
        """Start the sound asked for, when there is audio to send it into."""
        if self._audio is None or self.sound is None:
            return
        if self._player is None:
            path, loop = self.sound
            self._player = self._program.players.take(self, path, loop=loop)
        self._player.startTransmit(self._audio)

    def connect_file(self) -> None:
        """Start the recording asked for, when there is audio to record."""
        if self._audio is None or self.file is None:
            return
        if self._recorder is None:
            self._recorder = pj.AudioMediaRecorder()
            self._recorder.createRecorder(self.file)
        self._audio.startTransmit(self._recorder)

    def change_sound(self, path: str, *, loop: bool) -> None:
        """Play that file from its beginning, instead of what played until now."""
        self._program.players.give_back(self._player, self._audio)
        self._player = None
        self.sound = (path, loop)
        self.connect_sound()


class Line(pj.Account):  # type: ignore[misc]  # pjsua2 has no types
    """One account: a registered phone, or the trunk side that only calls out."""

    def __init__(self, program: "Host", name: str, host: str, port: int) -> None:
        super().__init__()
        self._program = program
        self.name = name
        self.target = f"{host}:{port}"
        self.auto: Command | None = None

    def onRegState(self, event: Any) -> None:  # noqa: N802  # the library's name
        """Tell the registrar's answer."""
        self._program.reporter.event(
            "registered", line=self.name, code=event.code, expires_s=event.expiration
        )

    def onIncomingCall(self, event: Any) -> None:  # noqa: N802  # the library's name
        """Hand the call to the program."""
        self._program.take_in(self, event.callId)


def status(code: int) -> Any:
    """The library's way to say an answer's status code."""
    option = pj.CallOpParam()
    option.statusCode = code
    return option


def q850(event: Any) -> int | None:
    """The network's cause in the message that ended the call, if it carried one."""
    try:
        change = event.e.body.tsxState
        if change.type != pj.PJSIP_EVENT_RX_MSG:
            return None
        found = re.search(r"^Reason:\s*Q\.850\s*;\s*cause=(\d+)", change.src.rdata.wholeMsg, re.M)
    except (AttributeError, pj.Error):
        return None
    return int(found.group(1)) if found else None


def user_of(uri: str) -> str:
    """The user part of a SIP address, with or without a display name."""
    found = re.search(r"sips?:([^@>;]+)@", uri)
    return found.group(1) if found else ""


def is_whole(recording: Path) -> bool:
    """The recorder has closed that file: its header knows its length, be it without any sound."""
    size = recording.stat().st_size
    with recording.open("rb") as file:
        file.seek(4)
        told = int.from_bytes(file.read(4), "little")
    return told > 0 and told == size - 8
