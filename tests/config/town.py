"""A small town's working copy on disk, which tests change and put in force."""

from pathlib import Path

from config.platform import Platform
from config.profile import NUMBERS, PROFILE, SEATS
from config.settings import Settings
from tests.config.profiles import SEATS as SEAT_TABLE
from tests.config.profiles import TOML

HEADER = "序号,部门,电话名称,电话号码,归并方式,过渡结束,例外理由"
ROWS = (
    ",市政府办公室,市长热线,8337772,整体并入,,",
    ",公安局,户政咨询电话,8820813,整体并入,,",
    ",人社局,社保服务电话,12333,双号并行,,",
)


def row(number: str, *, ends: str = "", name: str = "咨询电话") -> str:
    """A line that the rules let through."""
    return f",体育局,{name}{number},{number},整体并入,{ends},市政府批准"


class Town:
    """The directory. It holds the rows of ``ROWS`` until ``write`` gives it others."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / PROFILE).write_text(TOML, encoding="utf-8")
        (folder / SEATS).write_text(SEAT_TABLE, encoding="utf-8")
        self.write()

    @property
    def table(self) -> Path:
        """``numbers.csv``."""
        return self.folder / NUMBERS

    def write(self, *more: str) -> None:
        """Let the table hold the usual rows and these."""
        self.table.write_text("\n".join([HEADER, *ROWS, *more]) + "\n", encoding="utf-8")

    def spoil(self) -> None:
        """Put a mistake into it."""
        self.write(",体育局,体育馆,8990009,整体合并,,")


def without_asterisk(home: Path, town: Town) -> Settings:
    """An installation of that town whose Asterisk is there as files only and never runs."""
    root = home.parent / "root"
    for name in ("usr/sbin/asterisk", "usr/lib64/ld-linux-x86-64.so.2"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / "usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True, exist_ok=True)
    return Settings(home=home, asterisk_root=root, profile=str(town.folder))


def silent(_platform: Platform) -> None:
    """Make no prompts."""
