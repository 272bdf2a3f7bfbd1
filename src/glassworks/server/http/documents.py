"""The documents that findings and errors link to, as plain pages: guides and error codes, from the Markdown in `docs/`.

In: a name. Out: a page that needs no script; each heading is a place (`#the-loss-is-nan`), links between documents work. The
files come with the sources; where they are missing the answer is 404.
"""

import html
import re
from pathlib import Path

from fastapi.responses import HTMLResponse
from markdown_it import MarkdownIt
from starlette.exceptions import HTTPException

DOCS = Path(__file__).parents[4] / "docs"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>{title} · Glassworks</title>
<body style="font:17px/1.55 Georgia,serif;max-width:42rem;margin:3rem auto;padding:0 1rem;overflow-wrap:anywhere">
{body}"""
LINK_TO_FILE = re.compile(r"\.md(?=#|$)")


def guide_page(name: str) -> HTMLResponse:
    """A guide, e.g. `troubleshooting-training`."""
    return _page("guides", name)


def error_page(code: str) -> HTMLResponse:
    """What an error code means."""
    return _page("errors", code)


def _page(folder: str, name: str) -> HTMLResponse:
    found = DOCS / folder / f"{name}.md"
    if not name.replace("-", "").isalnum() or not found.is_file():
        raise HTTPException(404)
    body = rendered(found.read_text(encoding="utf-8"))
    return HTMLResponse(PAGE.format(title=html.escape(name), body=body))


def rendered(markdown: str) -> str:
    """HTML of a document of ours; raw HTML in it stays text."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(tokens[at + 1].content))
        for child in token.children or []:
            if child.type == "link_open":
                href = str(child.attrGet("href") or "")
                child.attrSet("href", LINK_TO_FILE.sub("", href))
    return str(parser.renderer.render(tokens, parser.options, {}))


def slug(heading: str) -> str:
    """`The loss is NaN` -> `the-loss-is-nan`, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
