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
PUBLIC = {("post", "/api/session")}
"""What may be asked without signing in; the address and method as the document writes them."""


class DescribedApp(FastAPI):
    """FastAPI, with a complete description."""

    def openapi(self) -> Json:
        if self.openapi_schema is None:
            self.openapi_schema = _complete(super().openapi())
        return self.openapi_schema


def example_of(schema: Json, schemas: Json) -> Any:
    """The example of a schema: its own, or composed from those of its parts; None when there is none."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if schema.get("type") == "array":
        item = example_of(schema.get("items", {}), schemas)
        return None if item is None else [item]
    if {"items", "next", "total"} <= schema.get("properties", {}).keys():
        items = example_of(schema["properties"]["items"], schemas)
        return None if items is None else {"items": items, "next": None, "total": 1}
    for member in schema.get("oneOf", ()):
        if (found := example_of(member, schemas)) is not None:
            return found
    return None


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
        if found is not None:
            content["example"] = found
