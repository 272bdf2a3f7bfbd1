"""The interface describes itself: a summary and a text for each call, and examples that are true."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import TypeAdapter

from glassworks.app import open_context
from glassworks.common.settings import Settings
from glassworks.server.http.app import create_app
from glassworks.server.http.described import MISSING, PUBLIC, example_of
from glassworks.storage.store import open_home
from tests.server.house import House

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(house: House) -> Json:
    found: Json = house.api.get("/api/openapi.json").json()
    return found


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """The app of an empty home, which nobody serves."""
    home = tmp_path_factory.mktemp("described") / "home"
    settings = Settings(home=home, store=home / "store")
    open_home(settings)
    context = open_context(settings)
    yield create_app(context)
    context.close()
    context.database.close()


def operations(document: Json) -> list[tuple[str, Json]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def is_not_json(schema: Json) -> bool:
    """Bytes, or nothing at all."""
    return not schema or schema.get("type") == "string"


def contents(operation: Json) -> list[Json]:
    """What it takes and what it answers when all goes well."""
    answers = [a for status, a in operation["responses"].items() if status.startswith("2")]
    bodies = [operation.get("requestBody", {}), *answers]
    return [content for body in bodies for content in body.get("content", {}).values()]


def test_every_call_has_a_summary_a_text_and_examples(document: Json) -> None:
    for name, operation in operations(document):
        assert operation.get("summary"), name
        assert operation.get("description"), name
        for content in contents(operation):
            has_one = "example" in content or "examples" in content
            assert has_one or is_not_json(content.get("schema", {})), name


def test_examples_are_true(app: FastAPI) -> None:
    """What the description shows is what the code would take and answer."""
    document = app.openapi()
    num_checked = 0
    for method, path, route in calls(app.routes):
        operation = document["paths"].get(path, {}).get(method.lower())
        for kind, content in typed_contents(route, operation) if operation else ():
            adapter: TypeAdapter[Any] = TypeAdapter(kind)
            adapter.validate_json(json.dumps(content["example"]))
            num_checked += 1
    assert num_checked > 30


def calls(routes: Any) -> Iterator[tuple[str, str, Any]]:
    for route in routes:
        if hasattr(route, "effective_candidates"):
            yield from calls(route.effective_candidates())
        else:
            for method in getattr(route, "methods", None) or ():
                yield method, route.path, route


def typed_contents(route: Any, operation: Json) -> Iterator[tuple[Any, Json]]:
    """(type, content with an example) of what a call takes and answers."""
    body = getattr(route, "body_field", None)
    if body is not None:
        kind = body.field_info.annotation
        yield from with_example(kind, operation.get("requestBody", {}))
    if getattr(route, "response_model", None) is not None:
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                yield from with_example(route.response_model, answer)


def with_example(kind: Any, part: Json) -> list[tuple[Any, Json]]:
    contents = part.get("content", {}).values()
    return [(kind, content) for content in contents if "example" in content]


def test_every_parameter_is_explained(document: Json) -> None:
    silent = [
        f"{name}: {parameter['name']}"
        for name, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["in"] != "path" and not parameter.get("description")
    ]
    assert silent == []


def test_every_call_but_the_public_ones_says_how_one_signs_in(document: Json) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert ("security" in operation) == ((method, path) not in PUBLIC), path


def test_every_call_answers_problems(document: Json) -> None:
    for name, operation in operations(document):
        assert "application/problem+json" in operation["responses"]["default"]["content"], name


def test_names_of_calls_are_unique(document: Json) -> None:
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))


def test_the_page_needs_no_network_and_no_inline_script(house: House) -> None:
    page = house.api.get("/api/docs").text
    assert "http://" not in page and "https://" not in page
    assert page.count("<script") == page.count('<script src="/swagger/')


def test_an_example_is_composed_from_its_parts() -> None:
    schemas = {"Run": {"examples": [{"id": "r1"}]}}
    run = {"$ref": "#/components/schemas/Run"}
    assert example_of(run, schemas) == {"id": "r1"}
    assert example_of({"type": "array", "items": run}, schemas) == [{"id": "r1"}]
    page = {"items": {"type": "array", "items": run}, "next": {}, "total": {}}
    assert example_of({"properties": page}, schemas) == {
        "items": [{"id": "r1"}],
        "next": None,
        "total": 1,
    }
    choice = {"anyOf": [{"type": "string"}, run]}
    body = {"properties": {"run": choice, "note": {}, "kind": {"const": "flow"}}}
    assert example_of(body, schemas) == {"run": {"id": "r1"}, "kind": "flow"}
    assert example_of({**body, "required": ["note"]}, schemas) is MISSING
    assert example_of({"type": "object"}, schemas) is MISSING
