"""``python -m bench NAME [--json] [ARGUMENT …]``: run one bench beside its named peer.

A bench is a module of this package with ``run(folder) -> Result``, or ``run(folder, arguments)``
where it is given something to measure. Its figures and pictures go to ``var/bench/NAME``. Exit:
0 the reach is held, 1 it is not, 2 there is no such bench or it can't take those arguments.
"""

import argparse
import importlib
import importlib.util
import inspect
import json
import sys
from pathlib import Path

from bench.result import Result
from config.settings import Settings

NAMES = (
    "calls",
    "pop",
    "draft",
    "fields",
    "numbers",
    "acd",
    "ring",
    "transfer",
    "desk",
    "deskring",
    "load",
    "speech",
    "live",
)


def present() -> list[str]:
    """The benches this checkout has."""
    return [name for name in NAMES if importlib.util.find_spec(f"bench.{name}") is not None]


def show(result: Result, folder: Path) -> None:
    """Print for people."""
    print(f"{result.bench}: {'达标' if result.holds else '未达标'}（holds: {result.holds}）")
    for name, value in result.figures.items():
        print(f"  {name}: {json.dumps(value, ensure_ascii=False)}")
    print(f"  reach: {json.dumps(result.reach, ensure_ascii=False)}")
    print(f"  {folder}")


def main(arguments: list[str] | None = None) -> int:
    """Run the bench that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="run one bench")
    parser.add_argument("name")
    parser.add_argument("--json", action="store_true", help="print one JSON object, nothing else")
    options, further = parser.parse_known_args(arguments)
    if options.name not in present():
        print(f"no bench {options.name}; there are: {' '.join(present())}", file=sys.stderr)
        return 2
    run = importlib.import_module(f"bench.{options.name}").run
    takes_arguments = "arguments" in inspect.signature(run).parameters
    if further and not takes_arguments:
        print(f"bench {options.name} takes no {' '.join(further)}", file=sys.stderr)
        return 2
    folder = Settings().home / "bench" / options.name
    folder.mkdir(parents=True, exist_ok=True)
    result: Result = run(folder, further) if takes_arguments else run(folder)
    text = json.dumps(result.as_json(), ensure_ascii=False, indent=1)
    (folder / "result.json").write_text(text + "\n", encoding="utf-8")
    if options.json:
        print(text)
    else:
        show(result, folder)
    return 0 if result.holds else 1


if __name__ == "__main__":
    sys.exit(main())
