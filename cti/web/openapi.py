"""The OpenAPI document, made from the endpoints themselves: it cannot say what is not served."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from aiohttp import web
from pydantic import BaseModel

from cti.web.endpoint import PUBLIC, Ask, Endpoint
from cti.web.errors import saying

OF_ALL = ("malformed-request", "method-not-allowed", "store-unavailable", "internal-error")
OF_CLOSED = ("not-authenticated", "role-refused", "origin-refused")
_PARAMETER = re.compile(r"\{(\w+)(?::((?:[^{}]|\{[^{}]*\})+))?\}")
Schema = dict[str, Any]


class ErrorSaid(BaseModel):
    """What went wrong."""

    id: str
    message: str
    details: dict[str, Any]


class Error(BaseModel):
    """The one shape of every error."""

    error: ErrorSaid


class OpenApi:
    """Serves ``/api/v1/openapi.json``."""

    def __init__(self, endpoints: Sequence[Endpoint]) -> None:
        self.endpoint = Endpoint(
            method="GET",
            path="/api/v1/openapi.json",
            does="本文档。",
            roles=PUBLIC,
            handler=self.show,
        )
        self.document = describe([*endpoints, self.endpoint])

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the document."""
        return web.json_response(self.document)


def describe(endpoints: Iterable[Endpoint]) -> Schema:
    """Make the document of these endpoints."""
    schemas: Schema = {}
    paths: Schema = {}
    for endpoint in endpoints:
        if endpoint.is_documented:
            path = _PARAMETER.sub(r"{\1}", endpoint.path)
            paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "12345 热线话务接入", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "hotline_session"},
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: Schema) -> Schema:
    operation: Schema = {
        "summary": endpoint.does,
        "operationId": _name(endpoint),
        "parameters": [*_path_parameters(endpoint.path), *_query_parameters(endpoint, schemas)],
        "responses": _responses(endpoint, schemas),
        "security": [] if endpoint.is_public else [{"bearer": []}, {"cookie": []}],
        "x-roles": sorted(role.value for role in endpoint.roles),
    }
    if endpoint.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(endpoint.body, schemas)}},
        }
    if endpoint.upload:
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {
            "required": True,
            "content": dict.fromkeys(endpoint.upload, file),
        }
    return operation


def _responses(endpoint: Endpoint, schemas: Schema) -> Schema:
    media: Schema = {}
    if endpoint.answer is not None:
        media = {endpoint.media: {"schema": _schema(endpoint.answer, schemas, "serialization")}}
    elif endpoint.status == 200:
        media = {endpoint.media: {}}
    responses: Schema = {str(endpoint.status): {"description": endpoint.does, "content": media}}
    for also in endpoint.also:
        responses[str(also)] = {"description": endpoint.does, "content": media}
    if not media:
        del responses[str(endpoint.status)]["content"]
    error = {"application/json": {"schema": _schema(Error, schemas)}}
    for id in _refusals(endpoint):
        status, sentence = saying(id)
        known = responses.setdefault(str(status), {"description": "", "content": error})
        if known["content"] is error:
            known["description"] = f"{known['description']} {id}：{sentence}".strip()
    return responses


def _refusals(endpoint: Endpoint) -> Iterable[str]:
    yield from endpoint.refusals
    yield from OF_ALL
    if not endpoint.is_public:
        yield from OF_CLOSED
    if "{" in endpoint.path:
        yield "not-found"
    if endpoint.query is not None:
        yield "invalid-query"
    if endpoint.body is not None:
        yield from ("malformed-json", "invalid-body")
    if endpoint.body is not None or endpoint.upload:
        yield from ("unsupported-media-type", "too-large")


def _path_parameters(path: str) -> Iterable[Schema]:
    for name, pattern in _PARAMETER.findall(path):
        schema = {"type": "string", "pattern": f"^{pattern or '[^/]+'}$"}
        yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(endpoint: Endpoint, schemas: Schema) -> Iterable[Schema]:
    if endpoint.query is None:
        return
    whole = endpoint.query.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(whole.pop("$defs", {}))
    for name, schema in whole["properties"].items():
        plain = _without_null(schema)
        yield {"name": name, "in": "query", "required": False, "schema": plain}


def _without_null(schema: Schema) -> Schema:
    """A query parameter is left out, never null."""
    kept = {k: v for k, v in schema.items() if k not in ("anyOf", "default", "title")}
    kinds = [kind for kind in schema.get("anyOf", []) if kind.get("type") != "null"]
    if len(kinds) == 1:
        return {**kept, **kinds[0]}
    return {**kept, "anyOf": kinds} if kinds else kept


def _schema(model: type[BaseModel], schemas: Schema, mode: Any = "validation") -> Schema:
    whole = model.model_json_schema(mode=mode, ref_template="#/components/schemas/{model}")
    schemas.update(whole.pop("$defs", {}))
    schemas[model.__name__] = whole
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _name(endpoint: Endpoint) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", _PARAMETER.sub(r"\1", endpoint.path)).strip("-")
    return f"{endpoint.method.lower()}-{words}"
