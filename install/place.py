"""Where things go: the checkout, its state, the cache. The same defaults as ``config.settings``."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One installation's directories, absolute. Nothing is made by looking."""

    checkout: Path
    home: Path
    cache: Path
    asterisk_root: Path | None = None
    """An Asterisk root of the operator's own; nothing is installed then."""

    @property
    def venv(self) -> Path:
        """The virtual environment."""
        return self.checkout / ".venv"

    @property
    def python(self) -> Path:
        """The virtual environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def models(self) -> Path:
        """Where the speech models stand."""
        return self.cache / "models"

    @property
    def log(self) -> Path:
        """What the commands said, for when one fails."""
        return self.home / "log" / "install.log"


def place(environment: Mapping[str, str] = os.environ, checkout: Path = CHECKOUT) -> Place:
    """Read the directories from ``HOTLINE_HOME``, ``HOTLINE_CACHE``, ``HOTLINE_ASTERISK_ROOT``."""
    root = environment.get("HOTLINE_ASTERISK_ROOT")
    return Place(
        checkout=checkout,
        home=_absolute(environment.get("HOTLINE_HOME") or checkout / "var"),
        cache=_absolute(environment.get("HOTLINE_CACHE") or "~/.cache/hotline"),
        asterisk_root=_absolute(root) if root else None,
    )


def _absolute(path: str | Path) -> Path:
    return Path(path).expanduser().resolve()
