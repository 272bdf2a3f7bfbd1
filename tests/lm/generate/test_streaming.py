"""Streamed text: never half a character, never part of a stop string, and nothing lost."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from glassworks.lm.generate.streaming import TextStream

texts = st.text(alphabet="abé東🙂 \n", max_size=30)


def pieces_of(data: bytes, cuts: list[int]) -> list[bytes]:
    borders = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(borders)]


@settings(deadline=None)
@given(texts, st.lists(st.integers(0, 200)))
def test_the_pieces_are_the_text_wherever_the_bytes_are_cut(text: str, cuts: list[int]) -> None:
    stream = TextStream()
    parts = [stream.push(piece) for piece in pieces_of(text.encode(), cuts)]
    assert "�" not in "".join(parts)
    assert "".join([*parts, stream.finish()]) == text


@settings(deadline=None)
@given(
    texts,
    st.lists(st.integers(0, 200)),
    st.lists(st.text(alphabet="abé東 ", min_size=1, max_size=4), min_size=1, max_size=3),
)
def test_text_ends_before_the_first_stop_string(
    text: str, cuts: list[int], stop: list[str]
) -> None:
    stream, shown, stops = TextStream(tuple(stop)), "", tuple(stop)
    for piece in pieces_of(text.encode(), cuts):
        shown += stream.push(piece)
        assert not any(s in shown for s in stops)
        if stream.is_stopped:
            break
    shown += stream.finish()
    ends = [at for s in stops if (at := text.find(s)) >= 0]
    assert stream.is_stopped == bool(ends)
    if (
        ends
    ):  # a longer stop string that begins earlier may be complete only later than a shorter one
        assert text.startswith(shown)
        assert any(text.startswith(s, len(shown)) for s in stops)
        assert not any(s in shown for s in stops)
    else:
        assert shown == text


def test_what_may_become_a_stop_string_waits() -> None:
    stream = TextStream(("\n\nKING",))
    assert stream.push(b"yes\n") == "yes"
    assert stream.push(b"\nKIN") == ""
    assert stream.push(b"D") == "\n\nKIND"
    assert stream.push(b"\n\nKING LEAR") == ""
    assert stream.is_stopped
    assert stream.finish() == ""


def test_half_a_character_waits_and_a_broken_one_is_shown_as_such() -> None:
    stream = TextStream()
    assert [stream.push(bytes([b])) for b in "é".encode()] == ["", "é"]
    assert stream.push(b"\xe6\x9d") == ""
    assert stream.finish() == "�"


def test_an_empty_stop_string_stops_nothing() -> None:
    stream = TextStream(("",))
    assert stream.push(b"a") == "a"
    assert not stream.is_stopped
