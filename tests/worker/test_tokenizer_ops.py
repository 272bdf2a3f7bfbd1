"""What the helper answers about tokenizers: artifacts, files of other programs, and what everybody knows."""

import json
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from glassworks.lm.data.documents import DatasetWriter, Document
from glassworks.lm.tokenizer.analysis.probes import PROBES
from glassworks.lm.tokenizer.foreign import known
from glassworks.lm.tokenizer.tokenizer import Tokenizer, load_tokenizer, save_tokenizer
from glassworks.lm.tokenizer.trainers import TRAINERS
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.worker.ops import _tokenizers, _usage
from glassworks.worker.ops._usage import first_texts, usage_in
from tests.lm.tokenizer.plays import plays
from tests.worker.test_ops import ask, result

TEXT = plays()[0][:60_000]
SPECIALS = {"end": "<|end|>", "user": "<|user|>", "assistant": "<|assistant|>"}
MESSAGES = [
    {"role": "user", "content": "What is glass? <|end|>"},
    {"role": "assistant", "content": "Sand, melted."},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tokenizer artifact of 700 tokens without a chat template."""
    out = tmp_path_factory.mktemp("tokenizer")
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=700), iter([TEXT]))
    save_tokenizer(out, trained.inner, trained.roles)
    return out


@pytest.fixture(scope="module")
def tokenizer(folder: Path) -> Tokenizer:
    return load_tokenizer(folder)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dataset")
    with DatasetWriter(out) as writer:
        for number, start in enumerate(range(0, len(TEXT), 6_000)):
            writer.add(
                Document(id=str(number), text=TEXT[start : start + 6_000], source="plays", group="")
            )
    return out


def test_many_texts_are_encoded_in_one_question(folder: Path, tokenizer: Tokenizer) -> None:
    texts = ["To be", "", "größer <|end|>"]
    found = result("tokenizer_encode", tokenizer=str(folder), texts=texts, has_tokens=True)
    assert [one["ids"] for one in found["results"]] == tokenizer.encode_many(texts)
    shown = "".join(token["hex"] for token in found["results"][2]["tokens"])
    assert bytes.fromhex(shown).decode() == texts[2]
    special = result("tokenizer_encode", tokenizer=str(folder), texts=texts, with_special=True)
    assert special["results"][2]["ids"][-1] == tokenizer.role_id("end")


def test_a_question_has_limits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_tokenizers.check_length, "__defaults__", (100,))  # a small limit
    where = str(folder)
    asked: dict[str, dict[str, Any]] = {
        "tokenizer_encode": {"tokenizer": where, "texts": ["a" * 60, "b" * 60]},
        "tokenizer_decode": {"tokenizer": where, "ids": [[1] * 60, [1] * 60]},
        "tokenizer_compare": {"tokenizers": {"a": where}, "texts": ["a" * 101]},
    }
    for op, args in asked.items():
        wrong = ask(op, **args)
        assert wrong["error"]["code"] == "text-too-long", op
    long = ask("tokenizer_trace", tokenizer=str(folder), text="a" * 5_001)
    assert long["error"]["code"] == "trace-too-long"


def test_one_token_a_byte_needs_no_file() -> None:
    [found] = result("tokenizer_encode", tokenizer="known:bytes", texts=["ö\n"])["results"]
    assert found["ids"] == list("ö\n".encode())
    assert result("tokenizer_about", tokenizer="known:bytes")["vocab_size"] == 256


def test_known_tokenizers_are_found_where_their_package_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(known, "OF_THE_CHECKOUT", tmp_path / "none")
    missing = ask("tokenizer_about", tokenizer="known:gpt2")
    assert missing["error"]["code"] == "tokenizer-not-found"
    assert "js-tiktoken" in missing["error"]["hint"]
    ranks = tmp_path / "js-tiktoken/dist/ranks"
    ranks.mkdir(parents=True)
    (ranks / "gpt2.js").write_text("export default " + json.dumps(byte_ranks()))
    monkeypatch.setenv("GLASSWORKS_NODE_MODULES", str(tmp_path))
    found = result("tokenizer_encode", tokenizer="known:gpt2", texts=["the"])["results"]
    assert found == [{"ids": [257]}]


def byte_ranks() -> dict[str, Any]:
    """A file of ranks in the layout of js-tiktoken: the bytes, `th` and `the`."""
    from base64 import b64encode

    tokens = [*(bytes([byte]) for byte in range(256)), b"th", b"the"]
    lines = " ".join(b64encode(token).decode() for token in tokens)
    pattern = r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
    return {"pat_str": pattern, "special_tokens": {}, "bpe_ranks": f"! 0 {lines}"}


def test_a_file_of_another_program_is_read(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "tokenizer.json"
    file.write_text((folder / "tokenizer.json").read_text())
    same = result("tokenizer_encode", tokenizer=str(file), texts=["Whoever"])
    assert same == result("tokenizer_encode", tokenizer=str(folder), texts=["Whoever"])
    file.write_text("{}")
    assert ask("tokenizer_about", tokenizer=str(file))["error"]["code"] == "damaged-tokenizer"


def test_a_trace_counts_merges_and_tokens_in_the_dataset(
    folder: Path, dataset: Path, tokenizer: Tokenizer
) -> None:
    found = result("tokenizer_trace", tokenizer=str(folder), text="the king", dataset=str(dataset))
    texts = first_texts(str(dataset))
    assert found["counted_bytes"] == sum(len(text.encode()) for text in texts) > 50_000
    left_over = [id_ for text in texts for id_ in tokenizer.encode(text)]
    for id_ in found["ids"]:
        assert found["token_counts"][str(id_)] == left_over.count(id_)
    first = found["merges"][0]
    made = found["merge_counts"][str(first["rank"])]
    assert made >= found["token_counts"][str(first["id"])]
    assert usage_in(str(folder), str(dataset)).num_tokens == len(left_over)


def test_counting_stops_at_its_limit(
    folder: Path, dataset: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(map(len, first_texts(str(dataset), limit=10_000))) <= 10_000
    assert _usage.MAX_BYTES > 1 << 20


def test_tokenizers_are_compared_on_own_and_on_common_texts(folder: Path) -> None:
    both = {"mine": str(folder), "bytes": "known:bytes"}
    found = result("tokenizer_compare", tokenizers=both, texts=["To be"], has_probes=True)
    whole = {row["tokenizer"]: row for row in found["rows"] if row["by"] == "all"}
    assert whole["bytes"]["num_tokens"] == 5 > whole["mine"]["num_tokens"]
    groups = list(dict.fromkeys(row["group"] for row in found["probes"]))
    assert groups == list(PROBES)
    at = {(row["tokenizer"], row["group"]): row["bytes_per_token"] for row in found["probes"]}
    assert at["bytes", "German"]["value"] == 1.0
    here, there = at["mine", "Shakespeare"], at["mine", "Japanese"]
    assert here["low"] > there["high"], "it learned from plays"


def test_the_vocabulary_is_leafed_through(folder: Path, dataset: Path) -> None:
    where = {"tokenizer": str(folder), "dataset": str(dataset)}
    longest = result("tokenizer_vocabulary", **where, order="longest", limit=3)
    assert longest["total"] == 700 and len(longest["rows"]) == 3
    sizes = [row["num_bytes"] for row in longest["rows"]]
    assert sizes == sorted(sizes, reverse=True) and sizes[0] > 3
    second = result("tokenizer_vocabulary", **where, order="longest", offset=1, limit=2)
    assert second["rows"] == longest["rows"][1:]
    unused = result("tokenizer_vocabulary", **where, order="never_used", limit=1000)["rows"]
    assert unused and all(row["count"] == 0 for row in unused)
    found = result("tokenizer_vocabulary", **where, contains="th", limit=1000)["rows"]
    assert found and all("th" in row["token"]["text"] for row in found)


def test_a_larger_vocabulary_saves_tokens_and_costs_parameters(folder: Path, dataset: Path) -> None:
    args = {"tokenizer": str(folder), "dataset": str(dataset), "sizes": [300, 700], "width": 64}
    small, large = result("tokenizer_what_if", **args)["rows"]
    assert small["num_tokens"] > large["num_tokens"]
    assert (small["embedding_parameters"], large["embedding_parameters"]) == (300 * 64, 700 * 64)


def test_a_conversation_is_rendered_with_what_is_tried(folder: Path) -> None:
    asked = {"tokenizer": str(folder), "messages": MESSAGES}
    lacking = ask("tokenizer_render_chat", **asked)
    assert not lacking["ok"] and "user" in lacking["error"]["message"]
    tried = {name: SPECIALS[name] for name in ("user", "assistant")}
    found = result("tokenizer_render_chat", **asked, special_tokens=tried)
    assert found["text"] == (
        "<|user|>What is glass? <|end|><|end|><|assistant|>Sand, melted.<|end|>"
    )
    assert found["vocab_size"] == 702
    trained = "".join(piece["text"] for piece in found["pieces"] if piece["is_trained"])
    assert trained == "Sand, melted.<|end|>"
    specials = [t["text"] for p in found["pieces"] for t in p["tokens"] if t["is_special"]]
    assert specials == ["<|user|>", "<|end|>", "<|assistant|>", "<|end|>"], "not the typed one"
    lengths = [(len(piece["tokens"]), piece["is_trained"]) for piece in found["pieces"]]
    assert found["num_tokens"] == sum(length for length, _ in lengths)
    assert found["num_trained"] == sum(length for length, is_trained in lengths if is_trained)
    assert load_tokenizer(folder).vocab_size == 700, "nothing is saved"


def test_a_bad_template_or_message_is_told(folder: Path) -> None:
    asked = {"tokenizer": str(folder), "messages": MESSAGES}
    bad = ask("tokenizer_render_chat", **asked, template="{% for %}")
    assert bad["error"]["code"] == "bad-template"
    endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}"
    large = ask("tokenizer_render_chat", **asked, template=endless)
    assert large["error"]["code"] == "template-too-large"
    wrong = [{"role": "pirate", "content": "Arr"}]
    found = ask("tokenizer_render_chat", tokenizer=str(folder), messages=wrong)
    assert found["error"]["type"] == "InvalidSpec"


def test_what_is_lost_is_told(tmp_path: Path) -> None:
    from glassworks.lm.tokenizer.trainers.character import Character

    trained = Character.train(Character.Config(), texts())
    save_tokenizer(tmp_path, trained.inner, trained.roles)
    about = result("tokenizer_about", tokenizer=str(tmp_path))
    assert not about["is_lossless"] and about["losses"]
    assert {"token": "<|end|>", "id": 0, "role": "end"} in about["special_tokens"]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("byte_bpe", "byte-level BPE"),
        ("byte", "bytes"),
        ("character", "characters"),
        ("unigram", "Unigram"),
        ("wordpiece", "WordPiece"),
    ],
)
def test_the_kind_is_told_in_words(tmp_path: Path, kind: str, told: str) -> None:
    trainer = TRAINERS.load(kind)
    trained = trainer.train(trainer.Config(), iter([TEXT]))
    save_tokenizer(tmp_path, trained.inner, trained.roles)
    assert result("tokenizer_about", tokenizer=str(tmp_path))["kind"] == told


def texts() -> Iterator[str]:
    yield string.printable


def test_a_tokenizer_is_learned_from_files(tmp_path: Path) -> None:
    file, out = tmp_path / "plays.txt", tmp_path / "out"
    file.write_text(TEXT)
    out.mkdir()
    asked = {"paths": [str(file)], "output": str(out)}
    found = result("tokenizer_train", **asked, vocab_size=400)
    assert found["vocab_size"] == load_tokenizer(out).vocab_size == 400
    assert (found["num_documents"], found["left_out"]) == (1, [])
    assert found["num_bytes"] == len(TEXT.encode())
    expected = ByteBPE.train(ByteBPE.Config(vocab_size=400), iter([TEXT])).inner
    assert load_tokenizer(out).encode("the king") == expected.encode("the king").ids
    small = ask("tokenizer_train", **asked, vocab_size=3)
    assert small["error"]["code"] == "invalid-config"
    gone = ask("tokenizer_train", **{**asked, "paths": [str(tmp_path / "no")]}, vocab_size=400)
    assert gone["error"]["code"] == "file-not-found"
