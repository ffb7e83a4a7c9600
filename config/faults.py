"""What is wrong with a profile, told so that an administrator can mend it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from cti.errors import DomainError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where it stands and what to write instead, in Chinese.

    ``row`` is the line of the file as an editor shows it, from 1; 0 when the whole file is
    meant. ``instead`` is the very text to write when we can know it, else a sentence.
    """

    file: str
    row: int
    column: str
    message: str
    instead: str = ""
    cell: str = ""
    """The cell's name in a spreadsheet, as it is seen there: ``归并清单!D7``."""

    def __str__(self) -> str:
        place = self.file
        if self.row:
            place += f" 第{self.row}行"
        if self.column:
            kind = "项" if self.file.endswith(".toml") else "列"
            place += f"「{self.column}」{kind}"
        if self.cell:
            place += f"（{self.cell}）"
        advice = f"；请改为：{self.instead}" if self.instead else ""
        return f"{place}：{self.message}{advice}"


class ProfileFaults(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The profile cannot be used. ``faults`` holds every fault found, in file order."""

    id = "profile-faults"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def nearest(written: str, valid: Sequence[str]) -> str:
    """Name the valid value that ``written`` most likely stands for, else list them all."""
    close = get_close_matches(written, valid, n=1, cutoff=0.3)
    return close[0] if close else " / ".join(valid)
