"""Steps, in order where one needs another, side by side where they can, each with its seconds."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from install.command import InstallError


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to put in place.

    ``is_done`` looks and changes nothing; ``do`` may return a sentence worth showing. ``after``
    names the steps that must have ended before this one starts.
    """

    title: str
    is_done: Callable[[], bool]
    do: Callable[[], str | None]
    after: tuple[str, ...] = ()


def perform(steps: Sequence[Step], say: Callable[[str], None]) -> bool:
    """Perform the steps that are not done yet; return whether all of them stand.

    A step whose forerunner failed is not begun. Every step is idempotent, so the next run goes
    on where this one stopped.
    """
    ended = {step.title: threading.Event() for step in steps}
    good: set[str] = set()

    def lane(number: int, step: Step) -> None:
        try:
            for forerunner in step.after:
                ended[forerunner].wait()
            if good.issuperset(step.after) and _one(
                f"[{number}/{len(steps)}] {step.title}", step, say
            ):
                good.add(step.title)
        finally:
            ended[step.title].set()

    threads = [
        threading.Thread(target=lane, args=(number, step), daemon=True)
        for number, step in enumerate(steps, start=1)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(good) == len(steps)


def _one(label: str, step: Step, say: Callable[[str], None]) -> bool:
    begun = time.monotonic()
    try:
        if step.is_done():
            say(f"{label}：已就绪")
            return True
        say(f"{label}：开始")
        remark = step.do()
    except InstallError as fault:
        say(f"{label}：失败\n{fault}")
        return False
    except OSError as fault:  # a full disk or a forbidden directory: said like any other failure
        say(f"{label}：失败：{fault}")
        return False
    say(f"{label}：完成，{time.monotonic() - begun:.0f} 秒" + (f"（{remark}）" if remark else ""))
    return True
