"""Examples of what is taken and answered about tokenizers, for the description of the interface."""

from typing import Any

Json = dict[str, Any]
REF = "tokenizer/plays"
DATASET = "dataset/plays"
TOKEN: Json = {"id": 286, "text": " the", "hex": "20746865", "is_special": False}
THE: Json = {**TOKEN, "id": 301, "text": "the", "hex": "746865"}
SPAN: Json = {**THE, "start": 0, "end": 3}
TOKENIZER: Json = {
    "ref": REF,
    "label": "plays@2",
    "kind": "item",
    "name": "plays",
    "version": 2,
    "artifact": "7b1f" * 16,
    "run": "r4k7m2p9xq",
    "created_at": "2026-03-01T12:00:00.000000Z",
    "vocab_size": 2048,
    "type": "byte_bpe",
    "is_present": True,
    "note": "",
    "package": "",
}
KNOWN: Json = {
    **TOKENIZER,
    "ref": "known:gpt2",
    "label": "GPT-2",
    "kind": "known",
    "name": "gpt2",
    "version": None,
    "artifact": None,
    "run": None,
    "created_at": None,
    "vocab_size": None,
    "type": None,
    "is_present": False,
    "note": "OpenAI, 2019",
    "package": "js-tiktoken",
}
ABOUT: Json = {
    "ref": REF,
    "label": "plays@2",
    "kind": "item",
    "artifact": "7b1f" * 16,
    "run": "r4k7m2p9xq",
    "dataset": "2c9e" * 16,
    "type": "byte-level BPE",
    "vocab_size": 2048,
    "num_merges": 1791,
    "pattern": "\\s?\\p{L}+",
    "encoder": "tiktoken",
    "is_lossless": True,
    "losses": [],
    "special_tokens": [{"token": "<|end|>", "id": 2047, "role": "end"}],
    "chat_template": "{{ messages[0].content }}",
}
ENCODED: Json = {"ids": [301], "tokens": [SPAN], "num_bytes": 3, "num_characters": 3}
DECODED: Json = {"text": "the", "hex": "746865", "tokens": [THE]}
WORD: Json = {
    "text": "the",
    "hex": "746865",
    "symbols": ["t", "h", "e"],
    "base_ids": [116, 104, 101],
    "tokens": [THE],
}
MERGE: Json = {
    "rank": 2,
    "word": 0,
    "position": 0,
    "left": "t",
    "right": "h",
    "left_text": "t",
    "right_text": "h",
    "left_id": 116,
    "right_id": 104,
    "id": 258,
    "text": "th",
    "count": 96_211,
}
TRACED: Json = {
    "words": [WORD],
    "merges": [MERGE],
    "ids": [301],
    "counted_bytes": 5_300_000,
    "token_counts": {"258": 1204, "301": 11_843},
}
ROW: Json = {
    "tokenizer": REF,
    "by": "all",
    "group": "all",
    "num_texts": 6,
    "num_bytes": 448,
    "num_tokens": 140,
    "lost_share": 0.0,
    "bytes_per_token": {"value": 3.2, "low": 3.0, "high": 3.4},
    "tokens_to_first": {"value": 1.0, "low": 1.0, "high": 1.0},
}
COMPARED: Json = {"rows": [ROW], "probes": [{**ROW, "group": "Shakespeare"}]}
ENTRY: Json = {
    "token": TOKEN,
    "num_bytes": 4,
    "rank": 29,
    "parts": [268, 101],
    "num_within": 14,
    "depth": 3,
    "count": 27_378,
}
VOCABULARY: Json = {"items": [ENTRY], "next": None, "total": 1, "counted_bytes": 5_300_000}
SIZE: Json = {
    "vocab_size": 1024,
    "num_tokens": 2_011_000,
    "bytes_per_token": 2.63,
    "embedding_parameters": 131_072,
    "flops": 1.6e12,
}
WHAT_IF: Json = {"rows": [SIZE], "dataset": "2c9e" * 16, "counted_bytes": 5_300_000}
CHAT_ASK: Json = {
    "ref": REF,
    "messages": [
        {"role": "user", "content": "What is glass?"},
        {"role": "assistant", "content": "Sand, melted."},
    ],
}
CHAT: Json = {
    "text": "<|user|>What is glass?<|end|>",
    "pieces": [{"text": "What is glass?", "is_trained": False, "tokens": [TOKEN]}],
    "ids": [286],
    "mask": [False],
    "num_tokens": 1,
    "num_trained": 0,
    "template": "{{ messages[0].content }}",
    "vocab_size": 2050,
}
