"""The guide that findings link to: every diagnostic has its place on the page, and so has each link to one."""

import re
from pathlib import Path

import glassworks
from glassworks.server.http.documents import rendered, slug
from tests.server.house import House

RULES = Path(glassworks.__file__).parent / "lm" / "train" / "diagnostics"


def test_each_diagnostic_has_its_section(house: House) -> None:
    names = {file.stem for file in RULES.glob("[!_]*.py")} - {"base"}
    assert "nan" in names
    answer = house.guest().get("/docs/guides/troubleshooting-training")
    assert answer.status_code == 200
    places = set(re.findall(r'<h\d id="([^"]+)"', answer.text))
    assert {name.replace("_", "-") for name in names} <= places
    assert set(re.findall(r'href="#([^"]+)"', answer.text)) <= places
    assert 'href="../errors/diverged"' in answer.text


def test_an_error_links_to_its_symptom(house: House) -> None:
    answer = house.guest().get("/docs/errors/diverged")
    assert 'href="../guides/troubleshooting-training#the-loss-is-nan"' in answer.text


def test_no_other_file_is_a_guide(house: House) -> None:
    for name in ("nobody", "..%2Ferrors%2Fdiverged", "..%2F..%2FREADME"):
        answer = house.guest().get(f"/docs/guides/{name}")
        assert "What happened" not in answer.text


def test_html_in_a_document_stays_text() -> None:
    assert "<script>" not in rendered(
        "# A <script>alert(1)</script>\n\n<script>alert(2)</script>\n"
    )
    assert slug("Copied, or composed?") == "copied-or-composed"
