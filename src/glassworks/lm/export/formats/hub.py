"""The hub's layout: a folder that the `transformers` library loads with its own classes, without any code of ours.

    config.json             the family's class and its sizes
    model.safetensors       the weights under that class's names
    tokenizer.json          as trained
    tokenizer_config.json   which special token plays which role
    generation_config.json  where generation ends

In: a checkpoint and its tokenizer. Out: the five files. Refused, with the field named, when no stock class computes what
this model computes: nothing is approximated.
"""

import json
from pathlib import Path
from typing import Any, ClassVar, Literal

import torch
from pydantic import Field
from safetensors.torch import save_file
from torch import Tensor

from glassworks.common.errors import InvalidSpec
from glassworks.lm.checkpoint.files import WEIGHTS, check_weights, read_architecture, read_weights
from glassworks.lm.export.families import choose_family
from glassworks.lm.export.formats.base import ExportFormat, ExportFormatConfig
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer

DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
HUB_DTYPES = {"fp32": "float32", "bf16": "bfloat16"}
HUB_ROLES = {"begin": "bos_token", "end": "eos_token", "pad": "pad_token", "mask": "mask_token"}


class HubConfig(ExportFormatConfig):
    kind: Literal["hub"] = Field(
        default="hub", description="The layout of the transformers library."
    )
    dtype: Literal["fp32", "bf16"] = Field(
        default="fp32", description="Precision of the weights: fp32 is exact, bf16 half as large."
    )


class Hub(ExportFormat):
    Config: ClassVar[type[ExportFormatConfig]] = HubConfig

    def __init__(self, config: HubConfig) -> None:
        self.config = config

    def write(self, checkpoint: Path, tokenizer: Path, target: Path) -> dict[str, Any]:
        architecture = read_architecture(checkpoint)
        speaker = load_tokenizer(tokenizer)
        if speaker.vocab_size > architecture.num_tokens:
            raise _other_tokenizer(speaker.vocab_size, architecture.num_tokens)
        family = choose_family(architecture)
        weights = read_weights(checkpoint / WEIGHTS)
        check_weights(weights, architecture, str(checkpoint / WEIGHTS))
        tensors = self._in_dtype(family.tensors(architecture, weights))

        ids = _role_ids(speaker)
        about = {
            "architectures": [family.model_class],
            "model_type": family.model_type,
            "dtype": HUB_DTYPES[self.config.dtype],
            **family.config(architecture),
            **ids,
        }
        _write_json(target / "config.json", about)
        _write_json(target / "generation_config.json", {"_from_model_config": True, **ids})
        _write_json(
            target / "tokenizer_config.json", _tokenizer_config(speaker, architecture.context)
        )
        target.joinpath("tokenizer.json").write_bytes((tokenizer / "tokenizer.json").read_bytes())
        save_file(tensors, target / "model.safetensors", metadata={"format": "pt"})
        return {
            "format": "hub",
            "class": family.model_class,
            "dtype": self.config.dtype,
            "parameters": sum(tensor.numel() for tensor in tensors.values()),
        }

    def _in_dtype(self, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
        dtype = DTYPES[self.config.dtype]
        return {name: tensor.to(dtype).contiguous() for name, tensor in tensors.items()}


def _role_ids(tokenizer: Tokenizer) -> dict[str, int | None]:
    """The three ids of config.json; null where no token plays the role, for a stock class would assume one."""
    names = {"bos_token_id": "begin", "eos_token_id": "end", "pad_token_id": "pad"}
    return {name: tokenizer.role_id(role) for name, role in names.items()}


def _tokenizer_config(tokenizer: Tokenizer, context: int) -> dict[str, Any]:
    """`split_special_tokens`: the spelling of a special token inside a text stays plain text, as in training."""
    roles = {
        HUB_ROLES[role]: special.token
        for role, special in tokenizer.roles.items()
        if role in HUB_ROLES
    }
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": context,
        "clean_up_tokenization_spaces": False,
        "split_special_tokens": True,
        **roles,
    }


def _other_tokenizer(num_spoken: int, num_known: int) -> InvalidSpec:
    return InvalidSpec(
        "wrong-tokenizer",
        f"The tokenizer has {num_spoken} tokens, the model knows {num_known}.",
        "Connect the tokenizer that the model was trained with.",
        "tokenizer",
    )


def _write_json(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
