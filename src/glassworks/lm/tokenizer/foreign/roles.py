"""Guessing the roles of a foreign tokenizer's special tokens.

In: the spellings, and the settings that came with them (`tokenizer_config.json`). Out: role -> spelling. The settings say
it where they are there; else the usual spellings of known families decide. A person may correct the guess.
"""

from collections.abc import Collection, Mapping
from typing import Any

SETTINGS = {
    "begin": ("bos_token", "cls_token"),
    "end": ("eos_token", "sep_token"),
    "pad": ("pad_token",),
    "mask": ("mask_token",),
}
SPELLINGS = {
    "begin": ("<|begin_of_text|>", "<s>", "<bos>", "<|startoftext|>", "[CLS]"),
    "end": ("<|end_of_text|>", "<|endoftext|>", "</s>", "<eos>", "<|end|>", "[SEP]"),
    "pad": ("<pad>", "<|pad|>", "[PAD]", "<|finetune_right_pad_id|>"),
    "mask": ("<mask>", "<|mask|>", "[MASK]"),
    "user": ("<|user|>", "[INST]"),
    "assistant": ("<|assistant|>", "[/INST]"),
    "system": ("<|system|>", "[SYSTEM_PROMPT]"),
    "tool": ("<|tool|>", "<|python_tag|>", "[TOOL_RESULTS]"),
}


def guess_roles(spellings: Collection[str], settings: Mapping[str, Any]) -> dict[str, str]:
    """Each role that one of the special tokens seems to play."""
    roles = {}
    for role, usual in SPELLINGS.items():
        named = (_content(settings.get(name)) for name in SETTINGS.get(role, ()))
        fitting = (spelling for spelling in (*named, *usual) if spelling in spellings)
        found = next(fitting, None)
        if found is not None:
            roles[role] = found
    return roles


def _content(setting: Any) -> str:
    """Settings name a token by its spelling, or as a table with `content`."""
    return str(setting.get("content", "")) if isinstance(setting, dict) else str(setting or "")
