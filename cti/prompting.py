"""Which prompts a platform needs and when, built with progress that people can watch. Ring 3."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from config.files import profile_directory
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from config.workdays import CHINA
from ivr import prompts
from ivr.linetext import greeting_id, hotline_prompt_id, unknown_prompt_id
from ivr.prompts import Built
from ivr.text import PromptText, line_prompts, prompt, queue_prompts, standing_prompts

PLAIN_EVERY = 10
"""Prompts between two lines where no progress bar can be drawn."""


def today() -> date:
    """The day that it is in the city."""
    return datetime.now(CHINA).date()


def needed(platform: Platform, day: date) -> list[PromptText]:
    """What must be in place before the first call of that day: what its calls can play."""
    found = standing_prompts(platform.home)
    for profile in platform:
        found += _of_the_day(profile, day)
    return list(dict.fromkeys(found))


def _of_the_day(profile: Profile, day: date) -> list[PromptText]:
    ids: list[str] = []
    for line in profile.lines:
        ids.append(greeting_id(profile, line, line.state(day)))
        if not line.hours.is_always:
            ids.append(greeting_id(profile, line, line.state(day), is_open=False))
    # the hotline's own comes second, not last: most calls need it, a demo needs the first line
    ids[1:1] = [hotline_prompt_id(profile.centre), unknown_prompt_id(profile.centre)]
    return [prompt(profile, prompt_id) for prompt_id in dict.fromkeys(filter(None, ids))]


def wanted(platform: Platform, day: date) -> list[PromptText]:
    """Everything, in the order in which it matters: today's, then what dates will bring."""
    later = [found for profile in platform for found in line_prompts(profile)]
    found = [*needed(platform, day), *later, *queue_prompts(platform.home)]
    return list(dict.fromkeys(found))


def recordings(settings: Settings) -> list[Path]:
    """The folders that recordings may lie in: the city's, its further centres', past ones'."""
    city = profile_directory(settings)
    kept = sorted(settings.home.glob("city/revisions/*/city"), reverse=True)
    folders = [folder / "prompts" for folder in (city, *kept)]
    return folders + sorted(
        found for folder in (city, *kept) for found in folder.glob("*/prompts") if found.is_dir()
    )


def make_prompts(
    settings: Settings,
    platform: Platform,
    wanted_prompts: Sequence[PromptText] | None = None,
    *,
    progress: prompts.Progress | None = None,
    workers: int | None = None,
    in_background: bool = False,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Built:
    """Put prompts in place; by default all that the platform can ever need, today's first.

    Only what is missing is made; ten thousand that are there take well under a second. Blocks;
    may be interrupted and called again. See ``ivr.prompts.build`` for the rest.
    """
    chosen = wanted(platform, today()) if wanted_prompts is None else wanted_prompts
    built = prompts.build(
        settings,
        chosen,
        recordings=recordings(settings),
        progress=progress,
        workers=workers,
        in_background=in_background,
        is_wanted=is_wanted,
    )
    _link_standing(settings, platform.home, chosen)
    return built


def _link_standing(settings: Settings, home: Profile, chosen: Iterable[PromptText]) -> None:
    """The dialplan and the brain play these by names that never change."""
    fixed = {found.id for found in (*standing_prompts(home), *queue_prompts(home))}
    for found in chosen:
        if found.id in fixed:
            prompts.link(settings, found.id, found)


def told_plainly(say: Callable[[str], None], done: int, total: int) -> None:
    """Say how far it is, now and then and at the end."""
    if done % PLAIN_EVERY == 0 or done == total:
        say(f"合成提示音 {done}/{total}")


def build_with_progress(
    settings: Settings,
    platform: Platform,
    chosen: Sequence[PromptText],
    console: Console,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Built:
    """Put the prompts in place and show how far it is. Blocks; safe to interrupt and repeat.

    A terminal gets a bar, a file a line now and then. ``is_wanted`` as for ``make_prompts``.
    """
    if not console.is_terminal:

        def say(line: str) -> None:
            console.print(line, soft_wrap=True, highlight=False)

        def tell(done: int, total: int, _prompt: PromptText) -> None:
            told_plainly(say, done, total)

        return make_prompts(settings, platform, chosen, progress=tell, is_wanted=is_wanted)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task("合成提示音", total=len(chosen))
        return make_prompts(
            settings,
            platform,
            chosen,
            progress=lambda done, _total, _prompt: shown.update(task, completed=done),
            is_wanted=is_wanted,
        )
