"""Architectures from text and back: YAML, JSON, a hub's config.json."""

import json
from typing import Any

import pytest

from glassworks.common.errors import InvalidSpec
from glassworks.lm.export.families import FAMILIES
from glassworks.lm.export.reading import hub_config, read_text, write_text
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.presets import load_preset, preset_names

PUBLISHED = [
    name
    for name in preset_names()
    if load_preset(name).is_published and load_preset(name).family in FAMILIES.names()
]
LLAMA: dict[str, Any] = {
    "model_type": "llama",
    "vocab_size": 128256,
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
}


@pytest.mark.parametrize("form", ["yaml", "json"])
@pytest.mark.parametrize("name", preset_names())
def test_what_is_written_is_read_again(name: str, form: str) -> None:
    architecture = parse_architecture(load_preset(name).document)
    found = read_text(write_text(architecture, form))
    assert found.format == form
    assert parse_architecture(found.document) == architecture


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_hub_config_describes_the_same_model(name: str) -> None:
    architecture = parse_architecture(load_preset(name).document)
    found = read_text(write_text(architecture, "hub"))
    assert (found.format, found.notes) == ("hub", ())
    assert hub_config(parse_architecture(found.document)) == hub_config(architecture)
    assert parse_architecture(found.document) == architecture


GPT2: dict[str, Any] = {
    "model_type": "gpt2",
    "vocab_size": 50257,
    "n_positions": 1024,
    "n_embd": 64,
    "n_layer": 2,
    "n_head": 4,
}


@pytest.mark.parametrize("family", FAMILIES.names())
def test_every_family_that_is_written_is_read(family: str) -> None:
    config = GPT2 if family == "gpt2" else {**LLAMA, "model_type": family}
    document = FAMILIES.load(family).read(config).document
    assert parse_architecture(document).width == 64


def test_older_files_say_theta_in_another_place() -> None:
    old = {**LLAMA, "rope_theta": 500000.0, "torch_dtype": "bfloat16", "bos_token_id": 1}
    found = read_text(json.dumps(old)).document
    assert found["position"]["theta"] == 500000.0
    assert found["norm"] == {"kind": "rms_norm", "eps": 1e-6, "has_weight": True}


def test_what_our_parts_do_not_compute_is_said() -> None:
    asked = {**LLAMA, "rope_scaling": {"rope_type": "llama3", "factor": 8.0}, "mlp_bias": True}
    found = read_text(json.dumps(asked))
    assert len(found.notes) == 1
    assert "llama3" in found.notes[0]
    assert found.document["feed_forward"]["has_bias"] is True, "biases are computed"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1, 2]", "no named fields"),
        ("a: [", "neither YAML nor JSON"),
        (json.dumps({**LLAMA, "model_type": "mamba"}), "'mamba'"),
        (json.dumps({**LLAMA, "hidden_act": "gelu_new"}), "gelu_new"),
        (json.dumps({**GPT2, "activation_function": "relu"}), "relu"),
        (json.dumps({**GPT2, "n_embd": None}), "n_embd"),
        (json.dumps({"model_type": "llama", "vocab_size": 9}), "hidden_size|num_attention_heads"),
        ("width: 100\nattention: {heads: 3}\n", "do not divide"),
        ("widht: 100\n", "no such field"),
    ],
)
def test_what_cannot_be_read_says_why(text: str, words: str) -> None:
    with pytest.raises(InvalidSpec, match=words) as caught:
        read_text(text)
    assert caught.value.hint
