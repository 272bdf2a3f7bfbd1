"""The piece of a text that shows the searched words, against a plain search and against SQLite itself."""

import sqlite3

from hypothesis import given
from hypothesis import strategies as st

from glassworks.lm.data.snippets import Term, find, fold, make_snippet, make_term
from glassworks.specs.description import apart

LETTERS = st.text("aAäÄé ßз-_'\u0301\n9ö.日語カ・ー", max_size=40)


def shown(text: str, *terms: Term, width: int = 60) -> list[str]:
    snippet = make_snippet(text, list(terms), width)
    assert text[snippet.start : snippet.start + len(snippet.text)] == snippet.text
    assert len(snippet.text) <= width
    return [snippet.text[begin:end] for begin, end in snippet.marks]


def test_words_are_found_without_case_and_accents() -> None:
    text = "Der größere KÖNIG, der Konig und der Königin Kind."
    assert shown(text, make_term("könig")) == ["KÖNIG", "Konig"]
    assert shown(text, make_term("konig", is_prefix=True)) == ["KÖNIG", "Konig", "Königin"]
    assert shown(text, make_term("GRÖSSERE")) == []
    assert shown("Cafe\u0301 noir, café.", make_term("cafe")) == ["Cafe\u0301", "café"]


def test_words_that_follow_each_other_are_one_mark() -> None:
    text = "To be, or not to be: be to it"
    assert shown(text, make_term("to be")) == ["To be", "to be"]
    assert shown(text, make_term("to be"), make_term("be or")) == ["To be, or", "to be"]
    assert shown(text, make_term("not to b", is_prefix=True)) == ["not to be"]
    assert shown("a b a", make_term("b a c")) == []


def test_of_chinese_and_japanese_each_character_is_a_word() -> None:
    assert shown("日本語のテスト", make_term("本語")) == ["本語"]
    assert shown("GPT模型v2", make_term("模型")) == ["模型"]
    assert shown("日本語", make_term("日語")) == []


def test_the_window_holds_the_most_terms() -> None:
    text = "king " + "x " * 400 + "the queen and the king walk " + "y " * 400
    terms = [make_term("king"), make_term("queen")]
    snippet = make_snippet(text, terms, 80)
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["queen", "king"]
    assert snippet.start > 700 and snippet.text[0] == "x"
    assert shown(text, make_term("king")) == ["king"]


def test_no_hit_shows_the_beginning() -> None:
    snippet = make_snippet("word " * 100, [make_term("king")], 50)
    assert (snippet.start, snippet.marks, len(snippet.text)) == (0, (), 50)
    assert make_snippet("", [make_term("king")], 50).text == ""
    assert make_snippet("word", [], 50).marks == ()


@given(LETTERS, LETTERS)
def test_the_same_texts_are_found_as_by_the_index(text: str, query: str) -> None:
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='unicode61 remove_diacritics 2')")
    db.execute("INSERT INTO t VALUES (?)", (apart(text),))
    term = make_term(query)
    if term.words:
        asked = '"' + apart(query).replace('"', " ") + '"'
        found = db.execute("SELECT count(*) FROM t WHERE t MATCH ?", (asked,)).fetchone()[0]
        assert found == any(True for _ in find(text, [term])), (term, fold(text))
    db.close()
