"""What the telephone says: JSON lines, and the one reason not to do as told."""

import json
import threading
import time
from typing import Any, TextIO

Command = dict[str, Any]
"""One line of input, or the facts of its answer."""


class Refused(Exception):  # noqa: N818  # named for what is wrong
    """The command cannot be done; its text says why."""


class Reporter:
    """Writes JSON lines to the real standard output, from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def tell(self, **line: Any) -> None:
        """Write one line; a reader that is gone is no concern of the phone's."""
        text = json.dumps(line, ensure_ascii=False)
        with self._lock:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except (BrokenPipeError, ValueError):
                pass

    def event(self, name: str, **facts: Any) -> None:
        """Tell what happened, with the monotonic time of now."""
        self.tell(event=name, at=time.monotonic(), **facts)
