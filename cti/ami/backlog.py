"""When the link stops reading, because whoever works off what it reads is too far behind."""

from collections.abc import Callable


class Backlog:
    """What the consumer has not worked off: long above ``most``, until half of that is done.

    Without a ``size`` to ask it is never long.
    """

    def __init__(self, size: Callable[[], int] | None, most: int) -> None:
        self._size = size
        self._most = most
        self._was_long = False

    def is_long(self) -> bool:
        """Whether nothing more should be read now. Ask again: the answer depends on the last."""
        if self._size is None:
            return False
        most = self._most // 2 if self._was_long else self._most
        self._was_long = self._size() > most
        return self._was_long
