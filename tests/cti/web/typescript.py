"""JSON schemas written as TypeScript: small, and just enough for what the desk is told."""

import json
from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
PLAIN: Final = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
MANY: Final = 100
"""Characters of a line; a union that is longer is written one below the other."""


def declared(name: str, schema: Schema) -> str:
    """An exported type of that name."""
    doc = _doc(schema, "")
    if "properties" in schema:
        return f"{doc}export interface {name} {{\n{_members(schema)}}}\n"
    line = f"export type {name} = {written(schema)};"
    if len(line) > MANY and " | " in line:
        options = "".join(f"\n  | {written(one)}" for one in schema.get("anyOf", [schema]))
        line = f"export type {name} ={options};"
    return f"{doc}{line}\n"


def written(schema: Schema) -> str:
    """The type itself."""
    if "$ref" in schema:
        return name_of(str(schema["$ref"]).rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"], ensure_ascii=False)
    if "enum" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    for many in ("anyOf", "oneOf", "allOf"):
        if many in schema:
            kinds = list(dict.fromkeys(written(one) for one in schema[many]))
            return " | ".join(kinds)
    match schema.get("type"):
        case "array":
            return _array(schema)
        case "object":
            return _object(schema)
        case None:
            return "unknown"
        case kind:
            return PLAIN[kind]


def name_of(definition: str) -> str:
    """How a definition is called: ``Line-Input`` and ``Line-Output`` are two types."""
    return definition.removesuffix("-Output").replace("-", "")


def _array(schema: Schema) -> str:
    if "prefixItems" in schema:
        return "[" + ", ".join(written(one) for one in schema["prefixItems"]) + "]"
    item = written(schema.get("items", {}))
    return f"({item})[]" if " | " in item else f"{item}[]"


def _object(schema: Schema) -> str:
    if "properties" in schema:
        parts = [f"{name}: {written(one)}" for name, one in schema["properties"].items()]
        return "{ " + "; ".join(parts) + " }"
    rest = schema.get("additionalProperties", True)
    return f"Record<string, {written(rest) if isinstance(rest, Mapping) else 'unknown'}>"


def _members(schema: Schema) -> str:
    required = schema.get("required", ())
    lines = []
    for name, one in schema["properties"].items():
        key = name if name.isidentifier() else json.dumps(name)
        lines.append(
            f"{_doc(one, '  ')}  {key}{'' if name in required else '?'}: {written(one)};\n"
        )
    return "".join(lines)


def _doc(schema: Schema, indent: str) -> str:
    words = " ".join(str(schema.get("description", "")).split("\n\n")[0].split())
    return f"{indent}/** {words} */\n" if words else ""
