"""How far a change of the ledger is: a bar on a terminal, lines elsewhere. On standard error."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

PLAIN_EVERY = 10
"""Prompts between two lines where no bar can be drawn."""


class Watcher:
    """``async``-less context manager; ``tell`` is a ``config.ledgerview.Tell``."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._bars: Progress | None = None
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
            )
            self._bars = Progress(*columns, console=self._console, transient=True)
            self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bars is not None:
            self._bars.stop()

    def tell(self, what: str, done: int, total: int) -> None:
        """Show that so many of so many are done."""
        if total == 1:
            self._say(f"✓ {what}")
        elif self._bars is None:
            if done % PLAIN_EVERY == 0 or done == total:
                self._say(f"{what} {done}/{total}")
        else:
            task = self._tasks.get(what)
            if task is None:
                task = self._tasks[what] = self._bars.add_task(what, total=total)
            self._bars.update(task, completed=done)  # type: ignore[arg-type]

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True, highlight=False, markup=False)
