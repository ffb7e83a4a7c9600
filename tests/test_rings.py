"""The rings of ``docs/architecture.md``, as ``pyproject.toml`` holds them."""

import tomllib
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("cti", "ivr", "queues", "transfer", "records", "config")
CORE, WORDS = 2, 3
"""Places in the list of rings, the root first."""


def contracts() -> list[dict[str, object]]:
    settings = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    found = settings["tool"]["importlinter"]["contracts"]
    assert isinstance(found, list)
    return found


def rings() -> list[list[str]]:
    (layers,) = (contract["layers"] for contract in contracts() if contract["type"] == "layers")
    assert isinstance(layers, list)
    return [[name.strip(" ()") for name in ring.split(":")] for ring in layers]


def modules() -> list[str]:
    """Every module that holds anything; a package's own file is empty, or only re-exports."""
    return [
        str(path.relative_to(CHECKOUT).with_suffix("")).replace("/", ".")
        for room in ROOMS
        for path in sorted((CHECKOUT / room).rglob("*.py"))
        if path.name != "__init__.py" and "migrations" not in path.parts
    ]


def test_every_module_stands_in_one_ring() -> None:
    """Whoever adds a module says whether it is root, edge, core or words."""
    named = [name for ring in rings() for name in ring]
    homeless = [
        module
        for module in modules()
        if sum(module == name or module.startswith(f"{name}.") for name in named) != 1
    ]
    assert homeless == []


def test_the_pure_contract_names_the_core_and_the_words() -> None:
    """Settings alone are words that read the world: the environment."""
    (pure,) = (
        contract["source_modules"]
        for contract in contracts()
        if str(contract["name"]).startswith("the core and the words")
    )
    assert isinstance(pure, list)
    assert {*rings()[CORE], *rings()[WORDS]} - {"config.settings"} == set(pure)
