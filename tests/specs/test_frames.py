"""Frames survive any cutting of the stream, and nothing malformed passes."""

import json
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glassworks.common.errors import InvalidSpec
from glassworks.specs.frames import MAX_HEADER_BYTES, Frame, FrameDecoder, encode_frame

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
HEADERS = st.dictionaries(st.text().filter(lambda key: key != "binary"), JSON, max_size=4)


@given(st.lists(st.tuples(HEADERS, st.binary(max_size=300)), max_size=5), st.randoms())
def test_frames_round_trip_however_the_stream_is_cut(
    messages: list[tuple[dict[str, Any], bytes]], random: Any
) -> None:
    stream = b"".join(encode_frame(header, binary) for header, binary in messages)
    decoder = FrameDecoder()
    found: list[Frame] = []
    while stream:
        cut = random.randint(1, len(stream))
        found += decoder.feed(stream[:cut])
        stream = stream[cut:]
    assert found == [Frame(header, binary) for header, binary in messages]
    assert decoder.is_between_frames


@pytest.mark.parametrize(
    "stream",
    [
        struct.pack(">I", MAX_HEADER_BYTES + 1),
        struct.pack(">I", 3) + b"{]}",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 4) + b"\xff\xfe{}",
        struct.pack(">I", 15) + b'{"binary": -10}',
        struct.pack(">I", 15) + b'{"binary":true}',
        struct.pack(">I", 22) + b'{"binary":99999999999}',
    ],
)
def test_a_malformed_frame_is_refused(stream: bytes) -> None:
    with pytest.raises(InvalidSpec) as caught:
        list(FrameDecoder().feed(stream))
    assert caught.value.code == "bad-frame"


@given(st.binary(max_size=200))
def test_any_bytes_give_frames_or_one_clear_error(stream: bytes) -> None:
    try:
        found = list(FrameDecoder().feed(stream))
    except InvalidSpec:
        return
    assert all(isinstance(json.loads(json.dumps(frame.header)), dict) for frame in found)


def test_a_cut_frame_is_noticed() -> None:
    decoder = FrameDecoder()
    assert list(decoder.feed(encode_frame({"op": "stats"})[:-1])) == []
    assert not decoder.is_between_frames


def test_the_reserved_field_is_refused() -> None:
    with pytest.raises(InvalidSpec):
        encode_frame({"binary": 3})
