"""What the desk's TypeScript takes from Python: ``python -m tests.cti.web.wirefiles`` writes it.

``link/wire.ts`` are the socket's messages and commands, ``link/fixtures.ts`` one message of every
kind in every form, as the hub made them, and ``api/answers.ts`` the bodies of the HTTP API.
"""

import json
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from config.settings import CHECKOUT, Settings
from cti.web import wire
from cti.web.app import ENDPOINTS, make_app
from cti.web.commands import COMMANDS
from cti.web.endpoint import Endpoint
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import FakeBrain, FakeStore
from tests.cti.web.messages import a_hub, every_message
from tests.cti.web.test_roles import plain
from tests.cti.web.typescript import declared, name_of

SOURCE: Final = CHECKOUT / "desk" / "src"
MADE: Final = "// Made by `python -m tests.cti.web.wirefiles` from %s; not to be edited.\n"
WIRE_END: Final = """
/** What has changed: names with their new values; null: a caller or a seat is gone. */
export type LiveChanges = {
  [Group in keyof Live]?: {
    [Name in keyof NonNullable<Live[Group]>]?: NonNullable<Live[Group]>[Name] | null;
  };
};

/** What a desk hears: all there is, then what changes, each with the next number. */
export type Message = Whole | Resumed | ({ seq: number } & Delta);
"""


def wire_ts() -> str:
    """The socket's types."""
    adapters: list[tuple[str, TypeAdapter[Any]]] = [
        ("Whole", TypeAdapter(wire.Whole)),
        ("Resumed", TypeAdapter(wire.Resumed)),
        ("Delta", TypeAdapter(wire.Delta)),
        ("Answer", TypeAdapter(wire.Answer)),
        ("Command", COMMANDS),
    ]
    found, whole = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in adapters]
    )
    types = {name_of(name): schema for name, schema in whole["$defs"].items()}
    for name, _ in adapters:
        types.setdefault(name, found[name, "validation"])
    types["LiveDelta"]["properties"]["live"] = {"$ref": "LiveChanges"}
    body = "\n".join(declared(name, types[name]) for name in sorted(types))
    return MADE % "cti/web/wire.py" + "\n" + body + WIRE_END


def fixtures_ts() -> str:
    """Every kind of message in every form."""
    kinds = []
    for kind, messages in sorted(every_message().items()):
        lines = "".join(f"    {json.dumps(one, ensure_ascii=False)},\n" for one in messages)
        kinds.append(f'  "{kind}": [\n{lines}  ],\n')
    return (
        MADE % "tests/cti/web/messages.py"
        + '\nimport type { Message } from "./wire";\n\n'
        + 'export const fixtures: { [Type in Message["type"]]: Extract<Message, { type: Type }>[] }'
        + " = {\n"
        + "".join(kinds)
        + "};\n"
    )


def answers_ts() -> str:
    """The types of what the API takes and gives, and which route does."""
    endpoints = [one for one in _endpoints() if one.is_documented]
    modes: list[tuple[type[BaseModel], Any]] = [
        *((one.answer, "serialization") for one in endpoints if one.answer is not None),
        *((one.body, "validation") for one in endpoints if one.body is not None),
    ]
    names, whole = models_json_schema(list(dict.fromkeys(modes)), ref_template="{model}")
    types = {name_of(name): schema for name, schema in whole["$defs"].items()}
    body = "\n".join(declared(name, types[name]) for name in sorted(types))

    def name(model: type[BaseModel], mode: Any) -> str:
        return name_of(str(names[model, mode]["$ref"]))

    answers = {plain(one): name(one.answer, "serialization") for one in endpoints if one.answer}
    bodies = {plain(one): name(one.body, "validation") for one in endpoints if one.body}
    return (
        MADE % "the endpoints of cti/web"
        + f"\n{body}"
        + _table("Answers", "What each route answers.", answers)
        + _table("Bodies", "What each route takes.", bodies)
    )


def _table(name: str, doc: str, routes: Mapping[str, str]) -> str:
    lines = "".join(f"  {json.dumps(route)}: {kind};\n" for route, kind in sorted(routes.items()))
    return f"\n/** {doc} */\nexport interface {name} {{\n{lines}}}\n"


def _endpoints() -> Iterable[Endpoint]:
    with tempfile.TemporaryDirectory() as home:
        app = make_app(Settings(home=Path(home)), FakeBrain(), FakeStore(), a_hub(), FakeLedger())
    endpoints: tuple[Endpoint, ...] = app[ENDPOINTS]
    return endpoints


def files() -> dict[Path, str]:
    """Each generated file and what must be in it."""
    return {
        SOURCE / "link" / "wire.ts": wire_ts(),
        SOURCE / "link" / "fixtures.ts": fixtures_ts(),
        SOURCE / "api" / "answers.ts": answers_ts(),
    }


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")
