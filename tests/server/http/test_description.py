"""The interface describes itself: a summary and a text for each call, and examples that are true."""

from typing import Any

import pytest

from glassworks.server.http.described import PUBLIC, example_of
from tests.server.house import House

Json = dict[str, Any]


@pytest.fixture(scope="module")
def document(house: House) -> Json:
    found: Json = house.api.get("/api/openapi.json").json()
    return found


def operations(document: Json) -> list[tuple[str, Json]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


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
            is_binary = content.get("schema", {}) in ({}, {"type": "string", "format": "binary"})
            assert has_one or is_binary, name


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
    assert example_of({"type": "object"}, schemas) is None
