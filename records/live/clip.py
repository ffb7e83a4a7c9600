"""A few seconds of a recording, also while it is being made: to hear a sentence again. An edge."""

from pathlib import Path
from typing import Final

from cti.ids import CallId
from records import wav
from records.live.tail import parts

LONGEST_S: Final = 30.0


def clip(
    recordings: Path, call: CallId, *, is_callers: bool, from_s: float, to_s: float
) -> bytes | None:
    """A WAV of one side from one second of the whole recording to another; None: not there (yet).

    At most ``LONGEST_S``. Blocks. Asterisk writes in blocks, so the last two seconds of a talk that
    goes on are not there yet: what there is of them is given.
    """
    part = next((one for one in reversed(parts(recordings, call)) if one.offset_s <= from_s), None)
    if part is None:
        return None
    begin, end = from_s - part.offset_s, min(to_s, from_s + LONGEST_S) - part.offset_s
    if end <= begin:
        return None
    try:
        with (part.rx if is_callers else part.tx).open("rb") as file:
            wav.check(file.read(wav.HEADER))
            file.seek(wav.HEADER + 2 * int(begin * wav.RATE))
            data = file.read(2 * int((end - begin) * wav.RATE))
    except (OSError, wav.NotARecording):
        return None
    data = data[: len(data) // 2 * 2]
    return wav.header(len(data)) + data if data else None
