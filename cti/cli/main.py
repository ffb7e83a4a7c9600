"""The ``hotline`` command. Exit status: 0 done, 1 refused or found wrong, 2 misuse."""

import gc
import os

import typer

from cti import log
from cti.cli import (
    callbacks,
    events,
    hearing,
    houses,
    keys,
    nuisance,
    numbers,
    people,
    prompts,
    record,
    revisions,
    run,
    stats,
    targets,
)
from cti.cli.options import fit_paper

app = typer.Typer(
    help="12345 政务服务便民热线 来电受理服务器",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # locals hold numbers and names
)
app.command("up")(run.up)
app.command("serve")(run.serve)
app.command("work")(run.work)
app.command("follow")(run.follow)
app.command("doctor")(run.doctor)
app.command("demo")(run.demo)
app.command("models")(record.models)
app.command("stats")(stats.stats)
app.command("reconcile")(record.reconcile)
app.command("transcribe")(hearing.transcribe)
app.command("draft")(hearing.draft)
app.add_typer(numbers.numbers, name="numbers")
numbers.numbers.command("plan")(revisions.plan)
numbers.numbers.command("apply")(revisions.apply)
numbers.numbers.command("history")(revisions.history)
numbers.numbers.command("rollback")(revisions.rollback)
app.add_typer(prompts.prompts, name="prompts")
app.add_typer(targets.targets, name="targets")
app.add_typer(houses.houses, name="houses")
app.add_typer(events.events, name="events")
app.add_typer(events.deliveries, name="deliveries")
app.add_typer(record.orders, name="orders")
app.add_typer(record.calls, name="calls")
app.add_typer(callbacks.callbacks, name="callbacks")
app.add_typer(nuisance.nuisance, name="nuisance")
app.add_typer(keys.keys, name="keys")
app.add_typer(people.users, name="users")
app.add_typer(people.token, name="token")


def collect_seldom() -> None:
    """Look for dead circles a hundred times less often than Python does by itself.

    A table of ten thousand lines is hundreds of thousands of objects that all stay; looking
    through them again and again took a quarter of the time of every check and apply.
    """
    gc.set_threshold(100_000, 10, 10)


def main() -> None:
    """Run the command line. Logs go to standard error: standard output is for the answer.

    What it and its children write, callers' voices among it, is for its own user alone.
    """
    os.umask(0o077)
    collect_seldom()
    log.configure()
    fit_paper()
    app()


if __name__ == "__main__":
    main()
