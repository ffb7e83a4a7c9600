"""The peer of every load bench: an Asterisk that only answers, prompts, dials and records.

The same binary, codecs, transports and seats as ours, the fewest modules that do the work, no
brain, no CEL, no CDR. It also serves the phone tests, which need a switch that does nothing clever.

=======  ==================================================================
9000     Answer, two-file MixMonitor, prompt, Dial the next seat in turn
9100     Answer, prompt, Queue over all seats (the peer of the pop bench)
9200     Answer, echo
SEAT     Dial that seat, unrecorded
=======  ==================================================================
"""

import asyncio
import secrets
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from config.asteriskroot import asterisk
from config.settings import Settings

HOST = "127.0.0.1"
BOOT_S = 15.0
STOP_S = 5.0

_MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb bridge_simple
bridge_native_rtp bridge_builtin_features res_rtp_asterisk res_musiconhold codec_alaw format_pcm
format_wav res_pjproject res_pjsip res_pjsip_session res_pjsip_authenticator_digest
res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_ip res_pjsip_registrar
res_pjsip_pubsub res_pjsip_caller_id res_pjsip_nat res_pjsip_sdp_rtp res_pjsip_rfc3326
res_pjsip_dlg_options chan_pjsip pbx_config app_dial app_playback app_queue app_mixmonitor app_echo
app_userevent func_channel func_global func_logic func_math func_callerid
"""

_SILENT = ("ccss", "features", "indications", "acl", "udptl", "pjproject", "queuerules")
"""Files whose absence Asterisk reports as an error, though their defaults are right."""


def far_endpoint(name: str, host: str, port: int) -> str:
    """Where a call to ``PJSIP/<number>@<name>`` goes: another exchange, known by its address."""
    return f"""
[{name}]
type=endpoint
transport=udp
context=bare
identify_by=username
disallow=all
allow=alaw
direct_media=no
rtp_symmetric=yes
dtmf_mode=rfc4733
aors={name}
[{name}]
type=aor
contact=sip:{host}:{port}
"""


class BareAsterisk:
    """One bare Asterisk in a directory of its own. ``async with`` starts and stops it.

    ``seats`` are endpoint names; their passwords are in ``passwords``. Callers come in
    unauthenticated from ``HOST``, dialling ``sip:<number>@HOST:sip_port``. ``root`` is an
    unpacked Asterisk; without one the settings say which is used, as for ours.
    """

    def __init__(
        self,
        home: Path,
        *,
        sip_port: int,
        ami_port: int,
        rtp: tuple[int, int],
        seats: Sequence[str],
        prompt: Path | None = None,
        root: Path | None = None,
    ) -> None:
        self.home = home
        self.sip_port = sip_port
        self.ami_port = ami_port
        self.ami_secret = secrets.token_hex(8)
        self.passwords: Mapping[str, str] = {seat: secrets.token_hex(8) for seat in seats}
        self._rtp = rtp
        self._prompt = prompt
        self._asterisk = asterisk(Settings() if root is None else Settings(asterisk_root=root))
        self._process: asyncio.subprocess.Process | None = None

    name = "bare"
    number = "9000"

    @property
    def target(self) -> tuple[str, int]:
        """Host and SIP port."""
        return HOST, self.sip_port

    @property
    def processes(self) -> Mapping[str, int]:
        """Asterisk alone."""
        return {} if self._process is None else {"asterisk": self._process.pid}

    @property
    def recordings(self) -> Path:
        """Where ``<uniqueid>-rx.wav`` (caller says) and ``-tx.wav`` (caller hears) stand."""
        return self.home / "recordings"

    async def __aenter__(self) -> Self:
        self._render()
        log = (self.home / "console.log").open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._asterisk.argv,
                "-f",
                "-C",
                str(self.home / "etc/asterisk.conf"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        finally:
            log.close()
        try:
            await self._booted()
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def command(self, text: str) -> str:
        """Run one console command and return what it prints."""
        process = await asyncio.create_subprocess_exec(
            *self._asterisk.argv,
            "-C",
            str(self.home / "etc/asterisk.conf"),
            "-rx",
            text,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return output.decode(errors="replace")

    async def _booted(self) -> None:
        async with asyncio.timeout(BOOT_S):
            while "fully booted" not in await self.command("core waitfullybooted"):
                if self._process is not None and self._process.returncode is not None:
                    raise RuntimeError((self.home / "console.log").read_text()[-2000:])
                await asyncio.sleep(0.05)

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    def _render(self) -> None:
        for name in ("etc", "var/keys", "spool", "run", "log", "recordings", "moh"):
            (self.home / name).mkdir(parents=True, exist_ok=True)
        if self._prompt is not None:
            shutil.copy(self._prompt, self.home / "prompt.wav")
            shutil.copy(self._prompt, self.home / "moh/music.wav")
        for name, text in self._files().items():
            (self.home / "etc" / name).write_text(text.strip() + "\n")

    def _files(self) -> dict[str, str]:
        return {
            "asterisk.conf": self._asterisk_conf(),
            "modules.conf": "[modules]\nautoload=no\n"
            + "\n".join(f"require = {name}.so" for name in self._modules().split()),
            "cdr.conf": "[general]\nenable=no",
            "cel.conf": "[general]\nenable=no",
            **{f"{name}.conf": "" for name in _SILENT},
            "logger.conf": "[logfiles]\nfull => notice,warning,error",
            "manager.conf": f"""
[general]
enabled = yes
bindaddr = {HOST}
port = {self.ami_port}
timestampevents = yes
[bench]
secret = {self.ami_secret}
read = call,agent,user
write = system
writetimeout = 5000
""",
            "rtp.conf": f"[general]\nrtpstart={self._rtp[0]}\nrtpend={self._rtp[1]}\nstrictrtp=yes",
            "musiconhold.conf": f"[default]\nmode=files\ndirectory={self.home}/moh",
            "queues.conf": "[general]\npersistentmembers=no\nautofill=yes\n[bench]\n"
            "musicclass=default\nstrategy=rrmemory\ntimeout=15\nretry=1\nwrapuptime=0\n"
            "ringinuse=no\njoinempty=yes\nleavewhenempty=no\n"
            + "\n".join(f"member => PJSIP/{seat}" for seat in self.passwords),
            "pjsip.conf": self._pjsip_conf(),
            "extensions.conf": self._extensions_conf(),
        }

    def _modules(self) -> str:
        return _MODULES

    def _asterisk_conf(self) -> str:
        return f"""
[directories]
astetcdir => {self.home}/etc
astmoddir => {self._asterisk.modules}
astvarlibdir => {self.home}/var
astdbdir => {self.home}/var
astkeydir => {self.home}/var
astdatadir => {self._asterisk.data}
astagidir => {self.home}/var
astspooldir => {self.home}/spool
astrundir => {self.home}/run
astlogdir => {self.home}/log
astcachedir => {self.home}/var
astsbindir => {self.home}
[options]
nocolor = yes
documentation_language = en_US
rtp_use_dynamic = yes
transmit_silence = yes
systemname = bare
"""

    def _pjsip_conf(self) -> str:
        seats = "".join(
            f"[{seat}](seat)\nauth={seat}\naors={seat}\n"
            f"[{seat}](login)\nusername={seat}\npassword={password}\n[{seat}](place)\n"
            for seat, password in self.passwords.items()
        )
        return f"""
[global]
type=global
endpoint_identifier_order=username,ip
[udp]
type=transport
protocol=udp
bind={HOST}:{self.sip_port}
[trunk]
type=endpoint
transport=udp
context=bare
disallow=all
allow=alaw
direct_media=no
rtp_symmetric=yes
dtmf_mode=rfc4733
trust_id_inbound=yes
[trunk]
type=identify
endpoint=trunk
match={HOST}
[seat](!)
type=endpoint
transport=udp
context=bare
disallow=all
allow=alaw
direct_media=no
rtp_symmetric=yes
rewrite_contact=yes
force_rport=yes
dtmf_mode=rfc4733
[login](!)
type=auth
auth_type=userpass
[place](!)
type=aor
max_contacts=1
remove_existing=yes
minimum_expiration=30
{seats}"""

    def _extensions_conf(self) -> str:
        count = max(1, len(self.passwords))
        names = "\n".join(f"SEAT{n}={seat}" for n, seat in enumerate(self.passwords))
        prompt = f" same => n,Playback({self.home}/prompt)\n" if self._prompt else ""
        direct = "".join(
            f"exten => {seat},1,Dial(PJSIP/{seat},20)\n same => n,Hangup()\n"
            for seat in self.passwords
        )
        files = f"{self.recordings}/${{UNIQUEID}}"
        return f"""
[general]
static=yes
writeprotect=yes
[globals]
TURN=0
{names}
[bare]
exten => 9000,1,Answer()
 same => n,MixMonitor(,r({files}-rx.wav)t({files}-tx.wav))
{prompt} same => n,Set(GLOBAL(TURN)=$[(${{GLOBAL(TURN)}}+1)%{count}])
 same => n,Dial(PJSIP/${{GLOBAL(SEAT${{GLOBAL(TURN)}})}},20)
 same => n,Hangup()
exten => 9100,1,Answer()
{prompt} same => n,Queue(bench)
 same => n,Hangup()
exten => 9200,1,Answer()
 same => n,Echo()
{direct}"""
