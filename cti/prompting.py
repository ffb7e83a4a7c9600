"""Which prompts a city needs, built with progress that people can watch. Ring 3."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.profile import Profile
from config.settings import Settings
from ivr.prompts import Built, build
from ivr.text import PromptText, line_prompts, queue_prompts, standing_prompts

PLAIN_EVERY = 10
"""Prompts between two lines where no progress bar can be drawn."""


def needed(profile: Profile) -> list[PromptText]:
    """What must be in place before the first call: each line's sentence and the standing ones."""
    return [*standing_prompts(profile.announce_recording), *line_prompts(profile)]


def wanted(profile: Profile) -> list[PromptText]:
    """Everything, in the order in which it matters."""
    return [*needed(profile), *queue_prompts()]


def told_plainly(say: Callable[[str], None], done: int, total: int) -> None:
    """Say how far it is, now and then and at the end."""
    if done % PLAIN_EVERY == 0 or done == total:
        say(f"合成提示音 {done}/{total}")


def build_with_progress(
    settings: Settings,
    profile: Profile,
    prompts: Sequence[PromptText],
    console: Console,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Built:
    """Put the prompts in place and show how far it is. Blocks; safe to interrupt and repeat.

    A terminal gets a bar, a file a line now and then. ``is_wanted`` as for ``build``.
    """
    if not console.is_terminal:

        def say(line: str) -> None:
            console.print(line, soft_wrap=True, highlight=False)

        def tell(done: int, total: int, _prompt: PromptText) -> None:
            told_plainly(say, done, total)

        return build(settings, prompts, voice=profile.voice, progress=tell, is_wanted=is_wanted)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("合成提示音", total=len(prompts))
        return build(
            settings,
            prompts,
            voice=profile.voice,
            progress=lambda done, _total, _prompt: progress.update(task, completed=done),
            is_wanted=is_wanted,
        )
