"""The expressions by which known tokenizers cut text into words.

Two engines run them, the one inside `tokenizers` and the one inside `tiktoken`. They are not the same program; on these
patterns the tests have compared both on every character of Unicode and on invented texts.
"""

from glassworks.lm.tokenizer.bpe.pieces import GPT2_PATTERN

_ENDINGS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_ENDINGS_SPELLED = (
    "('s|'S|'t|'T|'re|'rE|'Re|'RE|'ve|'vE|'Ve|'VE|'m|'M|'ll|'lL|'Ll|'LL|'d|'D)"  # JavaScript's way
)
_UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
_LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_REST = r"\s*[\r\n]+|\s+(?!\S)|\s+"

GPT4_PATTERN = rf"{_ENDINGS}|[^\r\n\p{{L}}\p{{N}}]?\p{{L}}+|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n]*|{_REST}"
"""GPT-4 (`cl100k_base`) and Llama 3: at most three digits together, a line end stays with the sign before it."""

QWEN_PATTERN = GPT4_PATTERN.replace(r"\p{N}{1,3}", r"\p{N}")
"""Qwen 2 and 3: every digit alone."""

GPT4O_PATTERN = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+{_ENDINGS}?"
    rf"|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*{_ENDINGS}?"
    rf"|\p{{N}}{{1,3}}| ?[^\s\p{{L}}\p{{N}}]+[\r\n/]*|{_REST}"
)
"""GPT-4o (`o200k_base`): a capital in mid-word begins a new one."""

TEKKEN_PATTERN = GPT4O_PATTERN.replace(f"{_ENDINGS}?", "").replace(r"\p{N}{1,3}", r"\p{N}")
"""Mistral's `tekken.json`: GPT-4o's without English endings, every digit alone."""

PATTERNS = {
    "gpt2": GPT2_PATTERN,
    "gpt4": GPT4_PATTERN,
    "gpt4_javascript": GPT4_PATTERN.replace(_ENDINGS, _ENDINGS_SPELLED),
    "gpt4o": GPT4O_PATTERN,
    "gpt4o_javascript": GPT4O_PATTERN.replace(_ENDINGS, _ENDINGS_SPELLED),
    "mistral": TEKKEN_PATTERN,
    "qwen": QWEN_PATTERN,
}
