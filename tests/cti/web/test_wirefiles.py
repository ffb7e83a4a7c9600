"""The desk's types and fixtures are what Python says, and the hub says nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ConfigDict, TypeAdapter, ValidationError

from config.settings import CHECKOUT
from cti.web import wire
from tests.cti.web.messages import Message, every_message
from tests.cti.web.wirefiles import files

CLOSED = ConfigDict(extra="forbid")
FIRST: TypeAdapter[Any] = TypeAdapter(wire.Whole | wire.Resumed, config=CLOSED)
DELTA: TypeAdapter[wire.Delta] = TypeAdapter(wire.Delta, config=CLOSED)
LIVE: TypeAdapter[wire.Live | None] = TypeAdapter(wire.Live | None, config=CLOSED)
FIRST_KINDS = {"snapshot", "resumed"}


def check(message: Message) -> None:
    """Raises when the message is not one that ``wire`` describes, to the last key."""
    if message["type"] in FIRST_KINDS:
        FIRST.validate_python(message)
        return
    assert isinstance(message["seq"], int)
    DELTA.validate_python({name: value for name, value in message.items() if name != "seq"})


@pytest.fixture(scope="module")
def messages() -> dict[str, list[Message]]:
    """As the hub made them."""
    return every_message()


@pytest.mark.parametrize(
    ("path", "text"), files().items(), ids=lambda one: getattr(one, "name", "")
)
def test_generated_files_are_up_to_date(path: Path, text: str) -> None:
    """When they are not: ``python -m tests.cti.web.wirefiles`` writes them anew."""
    name = path.relative_to(CHECKOUT)
    assert path.read_text(encoding="utf-8") == text, f"{name}: run tests.cti.web.wirefiles"


def test_the_hub_says_what_the_description_says(messages: dict[str, list[Message]]) -> None:
    """Every key of every message is described, and each has its type."""
    for message in (one for some in messages.values() for one in some):
        check(message)


def test_a_key_that_is_not_described_is_found(messages: dict[str, list[Message]]) -> None:
    """On any level: what the page's types do not have cannot be sent by accident."""
    for kind, path in (("seat", ("seat",)), ("pop", ("card", "line")), ("snapshot", ("desk",))):
        message = messages[kind][0]
        inner = message
        for name in path:
            inner = inner[name]
        inner["surprise"] = 1
        with pytest.raises(ValidationError):
            check(message)
        del inner["surprise"]


def test_what_is_said_of_a_centre_has_a_type(messages: dict[str, list[Message]]) -> None:
    """A change names groups and names that the whole has, and once folded in it is valid."""
    whole: dict[str, dict[str, Any]] = {}
    for message in messages["live"]:
        for group, told in message["live"].items():
            now = {**whole.get(group, {}), **told}
            whole[group] = {
                name: one for name, one in now.items() if one is not None or _is_fact(group)
            }
        LIVE.validate_python(whole)
    assert whole.keys() == wire.Live.__annotations__.keys()


def _is_fact(group: str) -> bool:
    """Whether null is a value there, and does not mean that somebody is gone."""
    return group not in ("seats", "waiting", "hands")


def test_every_kind_has_a_fixture(messages: dict[str, list[Message]]) -> None:
    """And every value that a message may hold is in one of them."""
    schema = DELTA.json_schema()
    kinds = {name_of_kind(one, schema) for one in schema["anyOf"]}
    assert {*kinds, *FIRST_KINDS} == messages.keys()
    missing = set()
    for one in schema["anyOf"]:
        kind = name_of_kind(one, schema)
        missing |= set(unmet(one, messages[kind], schema["$defs"], kind))
    assert missing == set()


def test_snapshots_are_of_empty_and_of_full_desks(messages: dict[str, list[Message]]) -> None:
    """Each thing on a desk is there in one of them and is not in another."""
    desks = [one["desk"] for one in messages["snapshot"]]
    assert [name for name in desks[0] if all(desk[name] for desk in desks)] == ["agent", "at"]
    assert [name for name in desks[0] if not any(desk[name] for desk in desks)] == []


def name_of_kind(one: dict[str, str], schema: dict[str, Any]) -> str:
    kind: str = schema["$defs"][one["$ref"].rpartition("/")[2]]["properties"]["type"]["const"]
    return kind


def unmet(schema: Any, values: list[Any], defs: Any, path: str) -> Iterator[str]:
    """Where none of the values holds one of the things that it may be."""
    if "$ref" in schema:
        schema = defs[schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            is_null = option.get("type") == "null"
            fitting = [one for one in values if (one is None) == is_null]
            if not fitting:
                yield f"{path} {'null' if is_null else 'set'}"
            elif not is_null:
                yield from unmet(option, fitting, defs, path)
    for value in schema.get("enum", ()):
        if value not in values:
            yield f"{path} = {value!r}"
    for name, inner in schema.get("properties", {}).items():
        found = [one[name] for one in values if isinstance(one, dict) and name in one]
        yield from unmet(inner, found, defs, f"{path}.{name}")
    if schema.get("type") == "array":
        yield from unmet(schema["items"], [x for one in values for x in one], defs, f"{path}[]")
    if schema.get("type") == "boolean":
        yield from (f"{path} = {one}" for one in (True, False) if one not in values)
