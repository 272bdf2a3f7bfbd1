"""What is exported loads in the stock class of the `transformers` library and gives equal logits and token ids."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
import transformers
from safetensors import safe_open

from glassworks.common.errors import BadData, InvalidSpec
from glassworks.lm.export.families import FAMILIES, choose_family
from glassworks.lm.export.families.gpt2 import FAMILY as GPT2_FAMILY
from glassworks.lm.export.formats.hub import Hub, HubConfig
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.shapes import shape_table
from glassworks.lm.model.transformer import Transformer
from tests.lm.export.speaker import TEXT, make_checkpoint, make_tokenizer

FIRST_MODEL = {
    "context": 128,
    "width": 128,
    "layers": 4,
    "attention": {"heads": 2, "has_qk_norm": True},
    "feed_forward": {"kind": "squared_relu"},
}
GPT2: dict[str, Any] = {
    "attention": {
        "kind": "multi_head",
        "heads": 4,
        "has_qk_norm": False,
        "has_bias": True,
        "has_output_bias": True,
    },
    "position": {"kind": "learned"},
    "norm": {"kind": "layer_norm"},
    "feed_forward": {"kind": "gelu", "form": "tanh", "hidden": 64, "has_bias": True},
    "is_tied": True,
}
COVERED: list[tuple[str, dict[str, Any]]] = [
    ("gpt2", GPT2),
    (
        "gpt2",
        {
            **GPT2,
            "attention": {"heads": 2, "has_qk_norm": False, "has_output_bias": True},
            "norm": {"kind": "layer_norm", "eps": 0.01, "has_weight": False, "has_bias": False},
            "feed_forward": {"kind": "gelu", "hidden": 20},
            "is_tied": False,
        },
    ),
    ("apertus", FIRST_MODEL),
    ("qwen3", {**FIRST_MODEL, "feed_forward": {"kind": "swiglu"}}),
    (
        "apertus",
        {
            "attention": {"heads": 4, "kv_heads": 2, "head_width": 6},
            "norm": {"has_weight": True, "eps": 0.01},
            "is_tied": True,
        },
    ),
    ("arcee", {"attention": {"has_qk_norm": False}, "position": {"theta": 500.0}}),
    (
        "llama",
        {
            "attention": {"heads": 4, "kv_heads": 1, "has_qk_norm": False},
            "norm": {"has_weight": True},
            "feed_forward": {"kind": "swiglu", "hidden": 20},
        },
    ),
    (
        "qwen3",
        {
            "attention": {"heads": 4, "kv_heads": 2, "head_width": 8},
            "norm": {"has_weight": True, "eps": 0.01},
            "feed_forward": {"kind": "swiglu"},
            "is_tied": True,
        },
    ),
    (
        "llama",
        {
            "attention": {"kind": "multi_query", "heads": 4, "has_qk_norm": False},
            "feed_forward": {"kind": "swiglu", "hidden": 20},
        },
    ),
    (
        "llama",
        {
            "attention": {"has_qk_norm": False, "has_bias": True, "has_output_bias": True},
            "feed_forward": {"kind": "swiglu", "hidden": 20},
        },
    ),
    (
        "qwen3",
        {
            "attention": {"kv_heads": 1, "has_bias": True, "has_output_bias": True},
            "feed_forward": {"kind": "swiglu", "hidden": 20},
        },
    ),
    ("apertus", {"attention": {"kv_heads": 1, "has_bias": True, "has_output_bias": True}}),
    ("qwen3", {"attention": {"kind": "multi_head"}, "feed_forward": {"kind": "swiglu"}}),
    (
        "mistral",
        {
            "attention": {"kind": "sliding_window", "window": 5, "has_qk_norm": False},
            "feed_forward": {"kind": "swiglu"},
        },
    ),
]


@pytest.mark.parametrize(("family", "document"), COVERED)
def test_the_stock_class_gives_equal_logits(
    tmp_path: Path, family: str, document: dict[str, Any]
) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    ours = make_checkpoint(tmp_path / "checkpoint", document)
    export(tmp_path)
    about = json.loads((tmp_path / "export" / "config.json").read_text("utf-8"))

    theirs = load_stock(tmp_path / "export")

    assert type(theirs).__name__ == about["architectures"][0] == FAMILIES.load(family).model_class
    num_positions = min(24, ours.architecture.context)
    ids_BT = torch.randint(0, 300, (2, num_positions), generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        torch.testing.assert_close(theirs(ids_BT).logits, ours(ids_BT), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("is_tied", [True, False])
def test_a_stock_gpt2_becomes_one_of_ours(is_tied: bool) -> None:
    torch.manual_seed(3)
    sizes = {"vocab_size": 50, "n_positions": 16, "n_embd": 16, "n_layer": 2, "n_head": 4}
    config = transformers.GPT2Config(**sizes, tie_word_embeddings=is_tied)
    theirs = transformers.GPT2LMHeadModel(config).eval()
    with torch.no_grad():
        for parameter in theirs.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))

    architecture = parse_architecture(GPT2_FAMILY.document(config.to_dict()))
    ours = Transformer(architecture).eval()
    found = GPT2_FAMILY.weights(architecture, theirs.state_dict())
    ours.load_state_dict(found)

    assert GPT2_FAMILY.misfits(architecture) == []
    assert ours.num_parameters == sum(parameter.numel() for parameter in theirs.parameters())
    ids_BT = torch.randint(0, 50, (2, 16), generator=torch.Generator().manual_seed(4))
    with torch.no_grad():
        torch.testing.assert_close(ours(ids_BT), theirs(ids_BT).logits, atol=1e-4, rtol=1e-4)
    back = GPT2_FAMILY.tensors(architecture, found)
    assert all(torch.equal(tensor, theirs.state_dict()[name]) for name, tensor in back.items())


def test_the_published_sizes_have_the_published_numbers_of_parameters() -> None:
    for width, layers, heads, published in (
        (768, 12, 12, 124_439_808),
        (1600, 48, 25, 1_557_611_200),
    ):
        config = transformers.GPT2Config(n_embd=width, n_layer=layers, n_head=heads).to_dict()
        architecture = parse_architecture(GPT2_FAMILY.document(config))
        assert shape_table(architecture).num_parameters == published


def test_every_family_is_covered_above() -> None:
    assert {family for family, _ in COVERED} == set(FAMILIES.names())


def test_the_stock_tokenizer_gives_equal_ids(tmp_path: Path) -> None:
    ours = make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {})
    export(tmp_path)

    theirs = transformers.AutoTokenizer.from_pretrained(tmp_path / "export")

    assert theirs(TEXT)["input_ids"] == ours.encode(TEXT)
    assert theirs.decode(ours.encode(TEXT)) == TEXT
    assert (theirs.bos_token_id, theirs.eos_token_id) == (
        ours.role_id("begin"),
        ours.role_id("end"),
    )
    assert theirs.model_max_length == 16


def test_generation_of_the_stock_class_ends_at_our_end(tmp_path: Path) -> None:
    ours = make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {})
    export(tmp_path)
    assert load_stock(tmp_path / "export").generation_config.eos_token_id == ours.role_id("end")


def test_bf16_halves_the_file(tmp_path: Path) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {})
    export(tmp_path, HubConfig(dtype="bf16"))
    with safe_open(tmp_path / "export" / "model.safetensors", framework="pt") as file:
        assert {file.get_tensor(name).dtype for name in file.keys()} == {torch.bfloat16}  # noqa: SIM118
        assert file.metadata() == {"format": "pt"}


@pytest.mark.parametrize(
    ("document", "field"),
    [
        ({"position": {"kind": "none"}}, "position.kind"),
        ({"attention": {"kind": "sliding_window"}}, "attention.kind"),
        ({**GPT2, "attention": {**GPT2["attention"], "head_width": 6}}, "attention.head_width"),
        (
            {**GPT2, "attention": {"kind": "multi_query", "has_qk_norm": False}},
            "attention.kv_heads",
        ),
        ({**GPT2, "attention": {"kind": "sliding_window"}}, "attention.kind"),
        ({"norm_placement": "post"}, "norm_placement"),
        ({"is_parallel": True}, "is_parallel"),
        ({"logit_cap": 30.0}, "logit_cap"),
        ({"attention": {"score_cap": 50.0}}, "attention.score_cap"),
        ({"attention": {"has_bias": True}}, "attention.has_output_bias"),
        ({"attention": {"has_output_bias": True}}, "attention.has_output_bias"),
        ({"feed_forward": {"has_bias": True}}, "feed_forward.has_bias"),
        (
            {
                "width": 15,
                "attention": {"heads": 4, "head_width": 4, "has_qk_norm": False},
            },
            "attention.has_qk_norm",
        ),
    ],
)
def test_what_no_class_covers_is_refused_with_its_field(
    document: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidSpec) as caught:
        choose_family(parse_architecture(document))
    assert caught.value.where == field
    assert field in caught.value.message
    assert field in caught.value.hint


def test_nothing_is_written_for_a_tokenizer_that_does_not_fit(tmp_path: Path) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {"vocab_size": 200})
    with pytest.raises(InvalidSpec, match="has 300 tokens, the model knows 200"):
        export(tmp_path)
    assert list((tmp_path / "export").iterdir()) == []


def test_damaged_weights_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    make_tokenizer(tmp_path / "tokenizer")
    make_checkpoint(tmp_path / "checkpoint", {})
    weights = tmp_path / "checkpoint" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-9])
    with pytest.raises(BadData, match="not a whole safetensors file"):
        export(tmp_path)
    assert list((tmp_path / "export").iterdir()) == []


def export(folder: Path, config: HubConfig | None = None) -> None:
    (folder / "export").mkdir()
    Hub(config or HubConfig()).write(folder / "checkpoint", folder / "tokenizer", folder / "export")


def load_stock(folder: Path) -> Any:
    return transformers.AutoModelForCausalLM.from_pretrained(folder, trust_remote_code=False).eval()
