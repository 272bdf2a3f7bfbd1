"""The filters that look at more than one page: furniture of pages and of documents, and the pass that goes ahead."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from glassworks.lm.data import DatasetReader, DatasetWriter, Document
from glassworks.lm.data.cleaning import Cleaning
from glassworks.lm.data.documents import documents_in
from glassworks.lm.data.filters import Changed, Removed, Verdict
from glassworks.lm.data.filters.language import Language
from glassworks.lm.data.filters.page_furniture import PageFurniture
from glassworks.lm.data.sketch import CountSketch, keys_of, scoped
from glassworks.lm.data.sources.files import Files
from tests.lm.text import made
from tests.lm.text.test_languages import TEXTS
from tests.stages.bench import run_stage

HEAD, MENU = "Manual of the lehr", "Home | Products | Imprint | Privacy"


def page(number: int) -> str:
    return f"{HEAD}\nPart {number} tells of fire {chr(96 + number)}.\nIt is hot.\n{number} / 9"


def clean(folder: Path, documents: list[Document], **settings: Any) -> list[Verdict]:
    folder.mkdir(exist_ok=True)
    one = PageFurniture(PageFurniture.Config(**settings), folder)
    for document in documents:
        one.survey(document)
    one.keep()
    one.close()
    kept = PageFurniture.kept(one.config, folder)
    try:
        return [kept.look(document) for document in documents]
    finally:
        kept.close()


def texts(verdicts: list[Verdict]) -> list[str]:
    assert all(isinstance(verdict, Changed) for verdict in verdicts), verdicts
    return [verdict.text for verdict in verdicts if isinstance(verdict, Changed)]


def of_pdf(folder: Path, pages: str) -> list[Document]:
    """A real PDF of five pages, read as the source `files` reads it."""
    folder.mkdir()
    (folder / "a.pdf").write_bytes(made.pdf([page(n) for n in range(1, 6)]))
    config = Files.Config(path=str(folder / "a.pdf"), pages=pages)  # type: ignore[arg-type]
    return list(Files.read(config).documents)


@pytest.mark.parametrize("pages", ["apart", "together"])
def test_headers_and_page_numbers_of_a_pdf(pages: str, tmp_path: Path) -> None:
    documents = of_pdf(tmp_path / "pdf", pages)
    found = "\n".join(texts(clean(tmp_path / "scratch", documents)))
    assert HEAD not in found and "/ 9" not in found
    for number in range(1, 6):
        assert f"Part {number} tells of fire {chr(96 + number)}." in found


def test_two_pages_are_too_few(tmp_path: Path) -> None:
    pages = [Document(f"{n}", page(n), "a.pdf", "a.pdf", {"page": n}) for n in (1, 2)]
    assert clean(tmp_path / "s", pages) == [None, None]


def test_each_file_has_its_own_furniture(tmp_path: Path) -> None:
    head = [
        Document(f"a{n}", f"Alpha\nText {chr(96 + n)}.", "a", "a", {"page": n}) for n in range(1, 5)
    ]
    text = f"Alpha\nOnly here, page {chr(99)}."
    other = [
        Document("b1", text, "b", "b", {"page": 1}),
        *(Document(f"b{n}", f"Beta {chr(96 + n)}", "b", "b", {"page": n}) for n in range(2, 6)),
    ]
    found = clean(tmp_path / "s", [*head, *other])
    assert isinstance(found[0], Changed) and found[0].reason == "1 line of page furniture: Alpha"
    assert found[4] is None, "in b it stands once"


def test_a_line_in_the_middle_of_a_page_stays(tmp_path: Path) -> None:
    pages = [
        Document(f"{w}", f"{w} one\n{w} two\nChorus\n{w} three\n{w} four", "a", "a", {"page": n})
        for n, w in enumerate("vwxyz", start=1)
    ]
    assert all(verdict is None for verdict in clean(tmp_path / "s", pages))


def test_the_menu_of_web_pages(tmp_path: Path) -> None:
    site = [Document(f"{n}", f"{MENU}\n\nStory {n}.\n\n}}", f"{n}.html", f"{n}") for n in range(6)]
    rest = [Document(f"r{n}", f"Other {n}.\n}}", f"r{n}", f"r{n}") for n in range(6)]
    found = clean(tmp_path / "s", [*site, *rest])
    assert texts(found[:6]) == [f"Story {n}.\n\n}}" for n in range(6)]
    assert found[6:] == [None] * 6, "a short line is in every document and stays"
    assert clean(tmp_path / "t", site, document_share=1.0, min_documents=7) == [None] * 6


def test_a_source_of_its_own_within_many(tmp_path: Path) -> None:
    """The line is in one document of ten of the dataset, but in all of its source."""
    site = [Document(f"{n}", f"{MENU}\nStory {n}.", "site.jsonl", f"{n}") for n in range(6)]
    rest = [Document(f"r{n}", f"Other text, number {n}.", "b.jsonl", f"{n}") for n in range(60)]
    found = clean(tmp_path / "s", [*site, *rest])
    assert texts(found[:6]) == [f"Story {n}." for n in range(6)]
    assert found[6:] == [None] * 60


def test_nothing_but_furniture(tmp_path: Path) -> None:
    documents = [Document(f"{n}", MENU, "s", f"{n}") for n in range(5)]
    assert all(isinstance(verdict, Removed) for verdict in clean(tmp_path / "s", documents))


def test_conversations_are_left_alone(tmp_path: Path) -> None:
    chats = [Document(f"{n}", f"{MENU}\n{n}", "s", f"{n}", {"messages": []}) for n in range(9)]
    assert clean(tmp_path / "s", chats) == [None] * 9


def test_a_sketch_counts_never_too_little_and_hardly_too_much() -> None:
    sketch = CountSketch(width_bits=12)
    true: dict[int, int] = {}
    for number in range(40):
        keys = [n for n in range(1000) if n % 40 <= number]
        sketch.add(keys_of([str(n) for n in keys]))
        for key in keys:
            true[key] = true.get(key, 0) + 1
    counts = sketch.counts(keys_of([str(n) for n in true]))
    over = counts.astype(np.int64) - np.array(list(true.values()))
    assert over.min() == 0
    assert (over <= sketch.noise).mean() >= 0.98
    scopes = [keys_of(["a"]), scoped(keys_of(["a"]), "x"), scoped(keys_of(["a"]), "y")]
    assert len({int(key[0]) for key in scopes}) == 3


def test_cleaning_looks_ahead_at_what_came(tmp_path: Path) -> None:
    """Also after a step that takes documents out: the pass ahead sees them all."""
    folder = tmp_path / "in"
    folder.mkdir()
    with DatasetWriter(folder) as writer:
        for number in range(6):
            writer.add(Document(f"{number}", f"{MENU}\nStory {number}.", "s", f"{number}"))
    steps = [{"kind": "exact_duplicates"}, {"kind": "page_furniture"}]
    context = run_stage("clean_dataset", tmp_path / "out", {"steps": steps}, dataset=folder)
    found = [document.text for document in DatasetReader(tmp_path / "out/dataset")]
    assert found == [f"Story {number}." for number in range(6)]
    assert [row[3] for row in context.progressed] == ["looking ahead"] * 6 + ["cleaning"] * 6
    assert not Cleaning([Language.Config()], tmp_path).is_surveying


def test_what_was_surveyed_is_known_in_every_process(tmp_path: Path) -> None:
    documents = [Document(f"{n}", f"{MENU}\nStory {n}.", "s", f"{n}") for n in range(8)]
    groups = []
    for name, part in (("a", documents[:4]), ("b", documents[4:])):
        (folder := tmp_path / name).mkdir()
        with DatasetWriter(folder) as writer:
            for document in part:
                writer.add(document)
        groups += DatasetReader(folder).row_groups()
    (scratch := tmp_path / "scratch").mkdir()
    cleaning = Cleaning([PageFurniture.Config()], scratch)
    cleaning.survey(documents)
    kept = [
        one.text for rows in cleaning.clean(groups, num_processes=2) for one in documents_in(rows)
    ]
    cleaning.close()
    assert kept == [f"Story {number}." for number in range(8)]


def test_languages_that_stay(tmp_path: Path) -> None:
    one = Language(Language.Config(keep=("de", "fr"), min_characters=100), tmp_path)

    def look(text: str) -> Verdict:
        return one.look(Document("d", text, "s", "d"))

    assert look(TEXTS["de"]) is None and look(TEXTS["fr"]) is None
    verdict = look(TEXTS["en"] * 3)
    assert isinstance(verdict, Removed) and verdict.reason.startswith("in the language en (")
    assert look(TEXTS["en"][:99]) is None, "too short to be judged"
    numbers = "1234 5678\n" * 100
    assert look(numbers) is None
    strict = Language(Language.Config(keep=("de",), unsure="remove"), tmp_path)
    assert isinstance(strict.look(Document("d", numbers, "s", "d")), Removed)
    with pytest.raises(ValueError, match="'klingon' is none of"):
        Language.Config(keep=("klingon",))
