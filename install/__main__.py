"""``python3 -m install run|install|test|soak``: what the Makefile calls, through bootstrap.sh."""

import os
import sys
import time

from install import asterisk, desk, node, redis, stages, words
from install.apt import install as apt_install
from install.command import InstallError, Shell
from install.machine import RUN_NEEDS, TEST_NEEDS, Machine, Need, refusal, unmet
from install.packages import Packages
from install.place import Place, place
from install.steps import Step, perform

SYSTEM = "系统软件包"
ASTERISK = "Asterisk"
ENVIRONMENT = "Python 环境"
PYTHON = "Python 软件包"
MODELS = "语音模型"
VOICES = "语音音色"
WORDS = "纠错词库"

_LOCK = {"run": "demo", "install": "base", "test": "dev", "soak": "dev"}


def main(words: list[str]) -> int:
    """Put in place what is missing, then become the service or run the checks."""
    if len(words) != 1 or words[0] not in _LOCK:
        print("用法：make run | install | test | soak", file=sys.stderr)
        return 2
    wish = words[0]
    here = place()
    is_test = wish in ("test", "soak")
    needs = (*RUN_NEEDS, *TEST_NEEDS) if is_test else RUN_NEEDS
    if not _install(here, needs, lock=_LOCK[wish]):
        return 1
    if wish == "run":
        hotline = here.venv / "bin" / "hotline"
        os.execv(hotline, [str(hotline), "up", "--demo"])
    if is_test:
        wanted = stages.TEST if wish == "test" else stages.SOAK
        environment = {**os.environ, "PYTHONASYNCIODEBUG": "1"}
        return stages.run(wanted, here.venv / "bin", here.checkout, environment)
    return 0


def _install(here: Place, needs: tuple[Need, ...], *, lock: str) -> bool:
    begun = time.monotonic()
    try:
        version = asterisk.present(here)
    except InstallError as fault:
        _say(str(fault))
        return False
    missing = unmet(needs)
    is_fresh = not here.python.exists()
    machine = Machine.here(here.cache)
    lines = refusal(machine, missing, needs_asterisk=version is None, is_fresh=is_fresh)
    if lines:
        _say("无法安装，尚未改动本机任何内容：")
        for line in lines:
            _say(line)
        return False
    is_good = perform(_steps(here, needs, lock=lock), _say)
    if is_good and (loud := asterisk.remark(asterisk.present(here) or "?")):
        _say(loud)
    if is_good:
        _say(f"安装就绪，共 {time.monotonic() - begun:.0f} 秒")
    else:
        _say("安装未完成。已完成的步骤会保留，排除问题后重新运行即可继续。")
    return is_good


def _steps(here: Place, needs: tuple[Need, ...], *, lock: str) -> list[Step]:
    shell = Shell(here.log)
    packages = Packages(shell, here, lock)

    def system() -> None:
        if missing := unmet(needs):
            apt_install(shell, [need.package for need in missing])
        redis.name_it(here)

    def voices() -> None:
        if found := node.find(here):  # else its step has failed, and this one is not begun
            packages.fetch_voices(found.npm_argv())

    return [
        Step(title=SYSTEM, is_done=lambda: not unmet(needs) and redis.is_named(here), do=system),
        Step(
            title=ASTERISK,
            is_done=lambda: asterisk.present(here) is not None,
            do=lambda: asterisk.put_in_place(shell, here),
        ),
        Step(title=ENVIRONMENT, is_done=packages.has_venv, do=packages.make_venv),
        Step(
            title=PYTHON,
            is_done=packages.is_installed,
            do=packages.install,
            after=(ENVIRONMENT,),
        ),
        Step(
            title=MODELS,
            is_done=packages.has_models,
            do=packages.fetch_models,
            after=(ENVIRONMENT,),
        ),
        Step(
            title=VOICES,
            is_done=packages.has_voices,
            do=voices,
            after=(desk.NODE,),
        ),
        Step(
            title=WORDS,
            is_done=lambda: words.is_there(here),
            do=lambda: words.put_in_place(shell, here),
        ),
        *desk.steps(shell, here, packages, ENVIRONMENT),
    ]


def _say(line: str) -> None:
    print(f"{line}\n", end="", flush=True)  # in one piece: steps run side by side


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        print("\n已中断。重新运行即可继续。", file=sys.stderr)
        os._exit(130)  # lanes are daemon threads; their programs got the same Ctrl-C
