"""Every error code that a person may see has a page, and every page is about a code that exists."""

import ast
from collections.abc import Iterator

from glassworks.common import errors
from tests.architecture.sources import ROOT, Source, called_name, package_sources

PAGES = ROOT / "docs" / "errors"
ERROR_CLASSES = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.GlassworksError)
}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    codes = {code for source in package_sources() for code in error_codes(source)}
    pages = {page.stem for page in PAGES.glob("*.md")} - {"README"}
    assert sorted(codes - pages) == [], "write docs/errors/<code>.md for these"
    assert sorted(pages - codes) == [], "no code uses these pages"


def test_every_page_says_what_why_and_what_to_do() -> None:
    for page in sorted(PAGES.glob("*.md")):
        if page.stem == "README":
            continue
        lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.strip()]
        assert lines[0] == f"# {page.stem}", f"{page.name} must open with its code"
        assert len(lines) >= 3, f"{page.name} is too short to help"


def test_codes_are_found_in_code() -> None:
    text = (
        "raise InvalidSpec('a-code', 'm')\n"
        "raise errors.NotFound(code='b-code', message='m')\n"
        "raise Conflict('c-code' if x else 'd-code', 'm')\n"
        "ErrorSpec(code='e-code', message='m')\n"
        "fields = {'type': 'InvalidSpec', 'code': 'f-code'}\n"
        "code = 'x' + y\nStageFailed(code, 'm')\n"
    )
    assert sorted(error_codes(Source("made_up.py", ast.parse(text)))) == [
        "a-code",
        "b-code",
        "c-code",
        "d-code",
        "e-code",
        "f-code",
    ]


def error_codes(source: Source) -> Iterator[str]:
    """The literal codes of the errors that a file makes."""
    for call in source.calls():
        name = called_name(call).rpartition(".")[2]
        if name not in ERROR_CLASSES | {"ErrorSpec"}:
            continue
        given = [keyword.value for keyword in call.keywords if keyword.arg == "code"]
        yield from literals(given[0] if given else call.args[0] if call.args else None)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Dict):
            yield from code_in_json(node)


def code_in_json(node: ast.Dict) -> Iterator[str]:
    """The code of an error that is written as JSON: `{"type": ..., "code": ..., ...}`."""
    fields = {
        k.value: v
        for k, v in zip(node.keys, node.values, strict=True)
        if isinstance(k, ast.Constant)
    }
    if "type" in fields and "code" in fields:
        yield from literals(fields["code"])


def literals(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
