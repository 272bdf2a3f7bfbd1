"""The contract of a model family, and the shape that most families share.

A family is one stock class of the `transformers` library. It says in which fields an architecture differs from what the
class computes, and how settings and weights are called there.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from glassworks.common.errors import InvalidSpec
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.attention._heads import HeadsConfig
from glassworks.lm.model.norm.rms_norm import RMSNormConfig
from glassworks.lm.model.position.rotary import RotaryConfig

SEES_ALL_AS = {"multi_head": "grouped", "multi_query": "grouped"}
"""Attentions that differ from `grouped` in how many key heads they have, which every class can be told."""


@dataclass(frozen=True)
class Misfit:
    """A field whose value the family does not have, and the value that it needs."""

    field: str
    value: str
    needed: str


def misfit(field: str, value: object, needed: object) -> Misfit:
    """The two values as they are written in an architecture."""
    return Misfit(field, json.dumps(value), json.dumps(needed))


def plain_misfits(architecture: ArchitectureConfig) -> list[Misfit]:
    """What hardly any class has: other orders of the parts, capped scores."""
    attention = architecture.attention
    score_cap = attention.score_cap if isinstance(attention, HeadsConfig) else None
    return [
        Misfit("norm_placement", architecture.norm_placement, "pre"),
        misfit("is_parallel", architecture.is_parallel, False),
        misfit("logit_cap", architecture.logit_cap, None),
        misfit("attention.score_cap", score_cap, None),
    ]


@dataclass(frozen=True)
class Reading:
    """An architecture's document as a `config.json` tells it; `notes`: what it says and we do not compute, in words."""

    document: dict[str, Any]
    notes: tuple[str, ...] = ()


class Family(ABC):
    model_type: str
    model_class: str

    def read(self, config: dict[str, Any]) -> Reading:
        """The other way round: the architecture that a `config.json` of this class describes. Raises InvalidSpec."""
        raise InvalidSpec(
            "not-importable",
            f"A config.json of {self.model_class} cannot be read yet; the class is for export only.",
            "Write the architecture by hand, or start from a preset.",
            "model_type",
        )

    @abstractmethod
    def misfits(self, architecture: ArchitectureConfig) -> list[Misfit]:
        """Every field that keeps the class from computing the same; none: it can be exported."""

    @abstractmethod
    def config(self, architecture: ArchitectureConfig) -> dict[str, Any]:
        """The family's part of `config.json`."""

    @abstractmethod
    def tensors(
        self, architecture: ArchitectureConfig, weights: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """The weights under the class's names; what we do not learn and the class does is filled in."""


@dataclass(frozen=True)
class LlamaLike(Family):
    """Families in the shape of Llama: rotary positions, RMSNorm before each part, heads side by side.

    `feed_forward`: our component; `activation`: the class's name for its function. `is_windowed`: attention over the
    newest positions only. `needs_even_heads`: the class refuses a width that its heads do not divide.
    `takes_attention_bias`: whether its attention may have biases.
    """

    model_type: str
    model_class: str
    feed_forward: str
    activation: str
    has_qk_norm: bool
    attention_norm: str = "input_layernorm"
    feed_forward_norm: str = "post_attention_layernorm"
    is_windowed: bool = False
    needs_even_heads: bool = False
    takes_attention_bias: bool = True

    def misfits(self, architecture: ArchitectureConfig) -> list[Misfit]:
        attention = architecture.attention
        kind = SEES_ALL_AS.get(attention.kind, attention.kind)
        found = [
            Misfit("attention.kind", kind, self._wanted_attention()),
            Misfit("position.kind", architecture.position.kind, "rotary"),
            Misfit("norm.kind", architecture.norm.kind, "rms_norm"),
            Misfit("feed_forward.kind", architecture.feed_forward.kind, self.feed_forward),
            *plain_misfits(architecture),
            misfit("feed_forward.has_bias", architecture.feed_forward.has_bias, False),
        ]
        if isinstance(attention, HeadsConfig):
            found += [
                misfit("attention.has_qk_norm", attention.has_qk_norm, self.has_qk_norm),
                *self._bias_misfits(attention),
            ]
            if self.needs_even_heads and architecture.width % attention.heads:
                value = str(attention.heads)
                needed = f"a number that divides the width of {architecture.width}"
                found.append(Misfit("attention.heads", value, needed))
        return [misfit for misfit in found if misfit.value != misfit.needed]

    def config(self, architecture: ArchitectureConfig) -> dict[str, Any]:
        attention, position, norm = _parts(architecture)
        settings: dict[str, Any] = {
            "vocab_size": architecture.num_tokens,
            "max_position_embeddings": architecture.context,
            "hidden_size": architecture.width,
            "num_hidden_layers": architecture.layers,
            "num_attention_heads": attention.heads,
            "num_key_value_heads": attention.num_kv_heads,
            "head_dim": attention.rotated_width(architecture.width),
            "attention_bias": attention.has_bias,
            "intermediate_size": architecture.feed_forward.hidden_width(architecture.width),
            "hidden_act": self.activation,
            "rms_norm_eps": norm.eps,
            "rope_parameters": {"rope_type": "default", "rope_theta": position.theta},
            "tie_word_embeddings": architecture.is_tied,
        }
        if self.is_windowed:
            settings["sliding_window"] = attention.look_back
        return settings

    def read(self, config: dict[str, Any]) -> Reading:
        if (found := config.get("hidden_act", self.activation)) != self.activation:
            raise unreadable("hidden_act", f"has the activation {found!r}", self.activation)
        heads, width = needed(config, "num_attention_heads"), needed(config, "hidden_size")
        look_back = config.get("sliding_window") if self.is_windowed else None
        attention = {
            "kind": "grouped" if look_back is None else "sliding_window",
            "heads": heads,
            "kv_heads": config.get("num_key_value_heads") or heads,
            "head_width": None
            if config.get("head_dim") == width / heads
            else config.get("head_dim"),
            "has_qk_norm": self.has_qk_norm,
            "has_bias": bool(config.get("attention_bias", False)),
            "has_output_bias": bool(config.get("attention_bias", False)),
            **({} if look_back is None else {"window": look_back}),
        }
        rope = config.get("rope_parameters") or config.get("rope_scaling") or {}
        theta = rope.get("rope_theta", config.get("rope_theta", 10_000.0))
        norm = {"kind": "rms_norm", "eps": config.get("rms_norm_eps", 1e-6), "has_weight": True}
        has_bias = bool(config.get("mlp_bias", False))
        hidden = needed(config, "intermediate_size")
        document = {
            "vocab_size": needed(config, "vocab_size"),
            "context": config.get("max_position_embeddings", 2048),
            "width": width,
            "layers": needed(config, "num_hidden_layers"),
            "is_tied": config.get("tie_word_embeddings", False),
            "attention": attention,
            "position": {"kind": "rotary", "theta": float(theta)},
            "norm": norm,
            "feed_forward": {"kind": self.feed_forward, "hidden": hidden, "has_bias": has_bias},
        }
        return Reading(document, tuple(_left_out(rope)))

    def tensors(
        self, architecture: ArchitectureConfig, weights: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        attention = _parts(architecture)[0]
        head_width = attention.rotated_width(architecture.width)
        named = {"model.embed_tokens.weight": weights["embedding.weight"]}
        for layer in range(architecture.layers):
            ours, theirs = f"layers.{layer}.", f"model.layers.{layer}."
            for name in ("q", "k", "v", "o"):
                for kind in ("weight", "bias"):
                    if (tensor := weights.get(f"{ours}attention.{name}.{kind}")) is not None:
                        named[f"{theirs}self_attn.{name}_proj.{kind}"] = tensor
            if self.has_qk_norm:
                for name in ("q_norm", "k_norm"):
                    scale = _scale(weights, f"{ours}attention.{name}.weight", head_width)
                    named[f"{theirs}self_attn.{name}.weight"] = scale
            for name in ("gate", "up", "down"):
                if (weight := weights.get(f"{ours}feed_forward.{name}.weight")) is not None:
                    named[f"{theirs}mlp.{name}_proj.weight"] = weight
            for our_name, their_name in self._norm_names():
                scale = _scale(weights, f"{ours}{our_name}.weight", architecture.width)
                named[f"{theirs}{their_name}.weight"] = scale
        named["model.norm.weight"] = _scale(weights, "norm.weight", architecture.width)
        if not architecture.is_tied:
            named["lm_head.weight"] = weights["head.weight"]
        return named

    def _bias_misfits(self, attention: HeadsConfig) -> list[Misfit]:
        """These classes have a bias on all four matrices of attention or on none."""
        needed = attention.has_bias and self.takes_attention_bias
        return [
            misfit("attention.has_bias", attention.has_bias, needed),
            misfit("attention.has_output_bias", attention.has_output_bias, needed),
        ]

    def _wanted_attention(self) -> str:
        return "sliding_window" if self.is_windowed else "grouped"

    def _norm_names(self) -> list[tuple[str, str]]:
        return [
            ("attention_norm", self.attention_norm),
            ("feed_forward_norm", self.feed_forward_norm),
        ]


def _parts(architecture: ArchitectureConfig) -> tuple[HeadsConfig, RotaryConfig, RMSNormConfig]:
    """The three parts, as what `misfits` made sure that they are."""
    attention, position, norm = architecture.attention, architecture.position, architecture.norm
    if not isinstance(attention, HeadsConfig) or not isinstance(position, RotaryConfig):
        raise TypeError("misfits() must be asked first")
    if not isinstance(norm, RMSNormConfig):
        raise TypeError("misfits() must be asked first")
    return attention, position, norm


def _scale(weights: Mapping[str, Tensor], name: str, width: int) -> Tensor:
    """A norm's weight; a norm without one multiplies by ones."""
    return weights[name] if name in weights else torch.ones(width)


def needed(config: dict[str, Any], field: str) -> Any:
    """A field without which the model's shape is not known. Raises InvalidSpec."""
    if config.get(field) is None:
        raise InvalidSpec(
            "not-importable",
            f"The config.json does not say {field}.",
            "Take the whole file from the model's page.",
            field,
        )
    return config[field]


def _left_out(rope: dict[str, Any]) -> list[str]:
    """What a config of this shape may ask for and our parts do not have."""
    kind = rope.get("rope_type", rope.get("type", "default"))
    if kind == "default":
        return []
    return [f"Positions are scaled ({kind}) beyond the trained context; that is left out."]


def unreadable(field: str, what: str, wanted: str) -> InvalidSpec:
    return InvalidSpec(
        "not-importable",
        f"The config.json {what}, and this class is read only with {wanted!r}.",
        "Write the architecture by hand, or start from a preset.",
        field,
    )
