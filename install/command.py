"""Running the programs an installation is made with: output to one log, a failure with its tail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_TAIL_LINES = 12
_DEADLINE_S = 1200


class InstallError(Exception):
    """A step cannot be done. The message is for the administrator, in Chinese."""


class Shell:
    """Runs commands; what they say goes to the log, which is kept for the reader."""

    def __init__(self, log: Path) -> None:
        self._log = log
        log.parent.mkdir(parents=True, exist_ok=True)

    def run(
        self,
        argv: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
    ) -> str:
        """Run one command to its end and return what it wrote to its standard output.

        Raises ``InstallError`` with the last lines when it fails or lasts over 20 minutes.
        """
        words = [str(word) for word in argv]
        try:
            done = subprocess.run(
                words,
                env={**os.environ, **(env or {})},
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=_DEADLINE_S,
                check=False,
            )
        except FileNotFoundError:
            raise InstallError(f"找不到程序 {words[0]}") from None
        except subprocess.TimeoutExpired:
            raise InstallError(
                f"超过 {_DEADLINE_S // 60} 分钟仍未完成：{' '.join(words)}"
            ) from None
        self._note(words, done.stdout + done.stderr)
        if done.returncode != 0:
            raise InstallError(self._explain(words, done))
        return done.stdout

    def _note(self, words: list[str], output: str) -> None:
        with self._log.open("a", encoding="utf-8") as log:  # one write: lanes don't mix lines
            log.write(f"$ {' '.join(words)}\n{output}\n")

    def _explain(self, words: list[str], done: subprocess.CompletedProcess[str]) -> str:
        lines = (done.stdout + done.stderr).strip().splitlines()[-_TAIL_LINES:]
        tail = "\n".join(f"    {line}" for line in lines)
        head = f"命令失败（退出码 {done.returncode}）：{' '.join(words)}"
        return f"{head}\n{tail}\n    全部输出见 {self._log}"
