"""A recording that grows as Asterisk's does: in blocks, without a header that says how long."""

import os
from pathlib import Path

from cti.ids import CallId
from records import wav
from records.live.spoken import Pcm


class Recording:
    """Two files of one part. ``clock``: seconds since 1970 at which it began."""

    def __init__(self, folder: Path, call: CallId, clock: float, part: str = "") -> None:
        self.rx, self.tx = (folder / f"{call}{part}-{side}.wav" for side in ("rx", "tx"))
        self._began = clock
        for path in (self.rx, self.tx):
            path.write_bytes(wav.header(0))
            os.utime(path, (clock, clock))

    def grow(self, rx: Pcm, tx: Pcm) -> None:
        """Write what was recorded next; the files are as old as their last sample."""
        for path, pcm in ((self.rx, rx), (self.tx, tx)):
            with path.open("ab") as file:
                file.write(pcm.astype("<i2").tobytes())
            at = self._began + wav.seconds(path)
            os.utime(path, (at, at))
