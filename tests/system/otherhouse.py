"""Another hotline beside ours: an Asterisk of its own, whose numbers are telephones with people.

A sub-centre or an emergency centre for tests. It notes of every call what our headers told it,
rings the telephone of the number for as long as it takes, and passes on how that ended: busy,
refused, hung up. Frozen (``SIGSTOP``), it has vanished.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from bench.bare import HOST, BareAsterisk, far_endpoint
from bench.ports import free_block, free_port

RTP_PORTS = 400
TOLD = ("Call", "Path", "Case", "Reason", "Order")
"""What our headers ``X-Hotline-…`` may tell."""


class OtherHouse(BareAsterisk):
    """``numbers``: number → the telephone it rings at. ``async with`` starts and stops it.

    Its telephones register with ``passwords``; what they dial goes to the hotline at ``to``. Its
    AMI user is ``hotline``, so that a ``tests.asterisk.tap.AmiTap`` can listen there.
    """

    def __init__(
        self,
        home: Path,
        numbers: Mapping[str, str],
        *,
        to: tuple[str, int],
        root: Path | None = None,
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        rtp = free_block(RTP_PORTS)
        self.numbers = numbers
        self._to = to
        super().__init__(
            home,
            sip_port=free_port(),
            ami_port=free_port(),
            rtp=(rtp, rtp + RTP_PORTS - 1),
            seats=sorted(set(numbers.values())),
            root=root,
        )

    @property
    def pid(self) -> int:
        """Of its Asterisk."""
        return self.processes["asterisk"]

    def vanish(self) -> None:
        """Say nothing more to anybody, as when the line is cut."""
        os.kill(self.pid, signal.SIGSTOP)

    def come_back(self) -> None:
        """Be there again. Harmless when it was."""
        os.kill(self.pid, signal.SIGCONT)

    async def _stop(self) -> None:
        if self.processes and self._process is not None and self._process.returncode is None:
            self.come_back()
        await super()._stop()

    def _modules(self) -> str:
        # It mixes what it passes on itself: see docs/decisions/048-handed-over-streams.md.
        mixes = super()._modules().replace("bridge_native_rtp", "")
        return mixes + " res_pjsip_header_funcs func_strings app_exec app_stack"

    def _files(self) -> dict[str, str]:
        files = super()._files()
        files["manager.conf"] = f"""
[general]
enabled = yes
bindaddr = {HOST}
port = {self.ami_port}
[hotline]
secret = {self.ami_secret}
read = call,user
write = system,call
"""
        return files

    def _pjsip_conf(self) -> str:
        return super()._pjsip_conf() + far_endpoint("hotline", *self._to)

    def _extensions_conf(self) -> str:
        facts = [f"{name}: ${{PJSIP_HEADER(read,X-Hotline-{name})}}" for name in TOLD]
        told = ",".join(["Number: ${EXTEN}", "Ani: ${CALLERID(num)}", *facts])
        rows = "".join(
            f"exten => {number},1,UserEvent(Came,{told})\n"
            f" same => n,Dial(PJSIP/{phone},600)\n"
            " same => n,Hangup(${HANGUPCAUSE})\n"
            for number, phone in self.numbers.items()
        )
        return f"""
[general]
static=yes
writeprotect=yes
[bare]
{rows}
exten => _X!,1,Dial(PJSIP/${{EXTEN}}@hotline,60,b(tell^s^1))
 same => n,Hangup(${{HANGUPCAUSE}})
[tell]
exten => s,1,ExecIf($["${{CASE}}"!=""]?Set(PJSIP_HEADER(add,X-Hotline-Case)=${{CASE}}))
 same => n,Return()
"""
