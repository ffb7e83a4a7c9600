"""Options every command takes, and how a command answers: for people, or as one JSON value."""

import json
import os
import pwd
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from pydantic import ValidationError
from rich.console import Console

from config.settings import Settings

out = Console()
"""Standard output. With ``--json`` nothing but one JSON value is written there."""
err = Console(stderr=True)

ProfileOption = Annotated[
    str | None, typer.Option("--profile", help="城市配置 (config/profiles 下的目录名)")
]
JsonOption = Annotated[bool, typer.Option("--json", help="只输出一个 JSON 值")]

TIME_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"]
"""How a time may be written in an option."""


PAPER: Final = 200
"""Columns of what goes to a file or a pipe: a table's words are not to be cut there."""


def fit_paper() -> None:
    """Let tables be as wide as their words need where no terminal sets an edge."""
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = PAPER


def say_refused(why: str) -> None:
    """Print why something is refused, on standard error."""
    err.print(why, style="red", markup=False, highlight=False, soft_wrap=True)


class Refused(typer.Exit):
    """The command was understood and refused, or found something wrong: exit status 1."""

    def __init__(self) -> None:
        super().__init__(code=1)


def os_user() -> str:
    """The account that runs this, as the system knows it: what a variable says can be anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container may run under a number that has no name
        return f"uid-{os.getuid()}"


def settings_for(profile: str | None) -> Settings:
    """Read the settings; every fault of the environment is named at once, exit status 2."""
    try:
        return Settings(profile=profile) if profile else Settings()
    except ValidationError as error:
        for fault in error.errors():
            name = "HOTLINE_" + "_".join(str(part) for part in fault["loc"]).upper()
            err.print(f"[red]环境变量 {name}:[/] {fault['msg']}")
        raise typer.Exit(code=2) from None


def answer(value: Any, *, as_json: bool, show: Callable[[], None]) -> None:
    """Print ``value`` as JSON, or let ``show`` print it for people."""
    if as_json:
        typer.echo(json.dumps(value, ensure_ascii=False, default=_plain))
    else:
        show()


def _plain(value: object) -> str:
    return str(value) if isinstance(value, Path) else getattr(value, "value", None) or str(value)
