"""GPT-2: learned positions, LayerNorm, GELU, biases everywhere.

Its matrices are stored the other way round, inputs first, and queries, keys and values are one matrix. What a model of ours
does without (a bias, a norm's scale) is filled in as what does nothing.
Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
Letters: D width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from glassworks.lm.export.families.base import (
    Family,
    Misfit,
    Reading,
    misfit,
    needed,
    plain_misfits,
    unreadable,
)
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.attention._heads import HeadsConfig
from glassworks.lm.model.feed_forward.gelu import GELUConfig
from glassworks.lm.model.norm.layer_norm import LayerNormConfig

ACTIVATIONS = {"tanh": "gelu_new", "exact": "gelu"}
"""Our form of GELU -> the class's name for it."""
MATRICES = {
    "attention.o": "attn.c_proj",
    "feed_forward.up": "mlp.c_fc",
    "feed_forward.down": "mlp.c_proj",
}
NORMS = {"attention_norm": "ln_1", "feed_forward_norm": "ln_2"}
JOINED = ("q", "k", "v")


@dataclass(frozen=True)
class _GPT2(Family):
    model_type: str = "gpt2"
    model_class: str = "GPT2LMHeadModel"

    def misfits(self, architecture: ArchitectureConfig) -> list[Misfit]:
        attention, width = architecture.attention, architecture.width
        found = [
            Misfit("position.kind", architecture.position.kind, "learned"),
            Misfit("norm.kind", architecture.norm.kind, "layer_norm"),
            Misfit("feed_forward.kind", architecture.feed_forward.kind, "gelu"),
            *plain_misfits(architecture),
        ]
        is_plain = isinstance(attention, HeadsConfig) and attention.look_back is None
        if not isinstance(attention, HeadsConfig) or not is_plain:
            return [Misfit("attention.kind", attention.kind, "multi_head"), *_real(found)]
        head_width = attention.rotated_width(width)
        found += [
            misfit("attention.kv_heads", attention.num_kv_heads, attention.heads),
            misfit("attention.has_qk_norm", attention.has_qk_norm, False),
            misfit("attention.head_width", head_width, width // attention.heads),
        ]
        if width % attention.heads:
            needed = f"a number that divides the width of {width}"
            found.append(Misfit("attention.heads", str(attention.heads), needed))
        return _real(found)

    def config(self, architecture: ArchitectureConfig) -> dict[str, Any]:
        attention, norm, feed_forward = _parts(architecture)
        return {
            "vocab_size": architecture.num_tokens,
            "n_positions": architecture.context,
            "n_embd": architecture.width,
            "n_layer": architecture.layers,
            "n_head": attention.heads,
            "n_inner": feed_forward.hidden_width(architecture.width),
            "activation_function": ACTIVATIONS[feed_forward.form],
            "layer_norm_epsilon": norm.eps,
            "attn_pdrop": 0.0,
            "embd_pdrop": 0.0,
            "resid_pdrop": 0.0,
            "tie_word_embeddings": architecture.is_tied,
        }

    def read(self, config: dict[str, Any]) -> Reading:
        for field in ("n_embd", "n_head", "n_layer", "n_positions", "vocab_size"):
            needed(config, field)
        known = ACTIVATIONS.values()
        if (found := config.get("activation_function", "gelu_new")) not in known:
            raise unreadable(
                "activation_function", f"has the activation {found!r}", " or ".join(known)
            )
        return Reading(self.document(config))

    def document(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """The other way round: the architecture that a `config.json` of this class describes."""
        forms = {theirs: ours for ours, theirs in ACTIVATIONS.items()}
        width = config["n_embd"]
        attention = {"kind": "multi_head", "heads": config["n_head"], "has_qk_norm": False}
        return {
            "vocab_size": config["vocab_size"],
            "context": config["n_positions"],
            "width": width,
            "layers": config["n_layer"],
            "is_tied": config.get("tie_word_embeddings", True),
            "attention": {**attention, "has_bias": True, "has_output_bias": True},
            "position": {"kind": "learned"},
            "norm": {"kind": "layer_norm", "eps": config.get("layer_norm_epsilon", 1e-5)},
            "feed_forward": {
                "kind": "gelu",
                "form": forms[config.get("activation_function", "gelu_new")],
                "hidden": config.get("n_inner") or 4 * width,
                "has_bias": True,
            },
        }

    def tensors(
        self, architecture: ArchitectureConfig, weights: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        named = {
            "transformer.wte.weight": weights["embedding.weight"],
            "transformer.wpe.weight": weights["position.weight"],
            **_norm(weights, "norm", "transformer.ln_f", architecture.width),
        }
        for layer in range(architecture.layers):
            ours, theirs = f"layers.{layer}.", f"transformer.h.{layer}."
            for our_name, their_name in NORMS.items():
                named |= _norm(weights, ours + our_name, theirs + their_name, architecture.width)
            for our_name, their_name in MATRICES.items():
                named |= _matrix(*_linear(weights, ours + our_name), theirs + their_name)
            parts = [_linear(weights, f"{ours}attention.{name}") for name in JOINED]
            weight, bias = (torch.cat(tensors) for tensors in zip(*parts, strict=True))
            named |= _matrix(weight, bias, f"{theirs}attn.c_attn")
        if not architecture.is_tied:
            named["lm_head.weight"] = weights["head.weight"]
        return named

    def weights(
        self, architecture: ArchitectureConfig, tensors: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """The other way round: the class's tensors under our names, for an architecture with all biases."""
        found = {
            "embedding.weight": tensors["transformer.wte.weight"],
            "position.weight": tensors["transformer.wpe.weight"],
        }
        pairs = [("norm", "transformer.ln_f")]
        for layer in range(architecture.layers):
            ours, theirs = f"layers.{layer}.", f"transformer.h.{layer}."
            pairs += [(ours + name, theirs + their_name) for name, their_name in NORMS.items()]
            for our_name, their_name in MATRICES.items():
                found[f"{ours}{our_name}.weight"] = tensors[f"{theirs}{their_name}.weight"].T
                found[f"{ours}{our_name}.bias"] = tensors[f"{theirs}{their_name}.bias"]
            weights = tensors[f"{theirs}attn.c_attn.weight"].T.chunk(len(JOINED))
            biases = tensors[f"{theirs}attn.c_attn.bias"].chunk(len(JOINED))
            for name, weight, bias in zip(JOINED, weights, biases, strict=True):
                found[f"{ours}attention.{name}.weight"] = weight
                found[f"{ours}attention.{name}.bias"] = bias
        for our_name, their_name in pairs:
            for kind in ("weight", "bias"):
                found[f"{our_name}.{kind}"] = tensors[f"{their_name}.{kind}"]
        if not architecture.is_tied:
            found["head.weight"] = tensors["lm_head.weight"]
        return {name: tensor.contiguous() for name, tensor in found.items()}


def _real(found: list[Misfit]) -> list[Misfit]:
    return [each for each in found if each.value != each.needed]


def _parts(architecture: ArchitectureConfig) -> tuple[HeadsConfig, LayerNormConfig, GELUConfig]:
    """The three parts, as what `misfits` made sure that they are."""
    attention, norm = architecture.attention, architecture.norm
    if not isinstance(attention, HeadsConfig) or not isinstance(norm, LayerNormConfig):
        raise TypeError("misfits() must be asked first")
    if not isinstance(architecture.feed_forward, GELUConfig):
        raise TypeError("misfits() must be asked first")
    return attention, norm, architecture.feed_forward


def _linear(weights: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    """Our matrix, and its bias or zeros."""
    weight = weights[f"{name}.weight"]
    bias = weights.get(f"{name}.bias")
    return weight, torch.zeros(len(weight)) if bias is None else bias


def _matrix(weight: Tensor, bias: Tensor, name: str) -> dict[str, Tensor]:
    return {f"{name}.weight": weight.T, f"{name}.bias": bias}


def _norm(weights: Mapping[str, Tensor], ours: str, theirs: str, width: int) -> dict[str, Tensor]:
    weight, bias = weights.get(f"{ours}.weight"), weights.get(f"{ours}.bias")
    return {
        f"{theirs}.weight": torch.ones(width) if weight is None else weight,
        f"{theirs}.bias": torch.zeros(width) if bias is None else bias,
    }


FAMILY = _GPT2()
