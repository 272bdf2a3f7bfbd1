"""The interface, described: FastAPI's OpenAPI document, with how one signs in and an example for every call.

In: the app. Out: the document. An example stands with its schema; lists and pages of it are composed from there, so that it
is written once.
"""

from typing import Any

from fastapi import FastAPI

from glassworks.server.http.people import CSRF_HEADER

Json = dict[str, Any]
SECURITY: Json = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "The token in `server.json` of the home folder.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "With a session's cookie, whatever changes something needs `csrf_token` of `GET /api/session`.",
    },
}
MISSING = object()
PUBLIC = {("post", "/api/session")}
"""What may be asked without signing in; the address and method as the document writes them."""


class DescribedApp(FastAPI):
    """FastAPI, with a complete description."""

    def openapi(self) -> Json:
        if self.openapi_schema is None:
            self.openapi_schema = _complete(super().openapi())
        return self.openapi_schema


def example_of(schema: Json, schemas: Json) -> Any:
    """The example of a schema: its own, or composed from those of its parts; MISSING when a needed part has none."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    for key in ("const", "example", "default"):
        if key in schema:
            return schema[key]
    if schema.get("enum"):
        return schema["enum"][0]
    for members in ("anyOf", "oneOf", "allOf"):
        if members in schema:
            found = (example_of(member, schemas) for member in schema[members])
            return next((one for one in found if one is not MISSING), MISSING)
    if schema.get("type") == "array":
        item = example_of(schema.get("items", {}), schemas)
        return MISSING if item is MISSING else [item]
    if "properties" in schema:
        return _composed(schema, schemas)
    return MISSING


def _composed(schema: Json, schemas: Json) -> Any:
    """An object of its properties' examples; what has none and is not needed is left out."""
    names = schema["properties"].keys()
    if {"items", "next", "total"} <= names and len(names) == 3:
        items = example_of(schema["properties"]["items"], schemas)
        return MISSING if items is MISSING else {"items": items, "next": None, "total": 1}
    found = {name: example_of(part, schemas) for name, part in schema["properties"].items()}
    given = {name: value for name, value in found.items() if value is not MISSING}
    return given if given.keys() >= set(schema.get("required", ())) and given else MISSING


def _complete(document: Json) -> Json:
    schemas = document.get("components", {}).get("schemas", {})
    document["components"]["securitySchemes"] = SECURITY
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if (method, path) not in PUBLIC:
                operation["security"] = [{"token": []}, {"csrf": []}]
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for body in bodies:
                _give_example(body, schemas)
    return document


def _give_example(body: Json, schemas: Json) -> None:
    for content in body.get("content", {}).values():
        if "example" in content or "examples" in content:
            continue
        found = example_of(content.get("schema", {}), schemas)
        if found is not MISSING:
            content["example"] = found
