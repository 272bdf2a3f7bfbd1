"""A tiny model with its tokenizer in a store, made on the spot: fresh weights, so it writes nonsense, but it writes.

The tokenizer of `make_tiny_model` has no end token, so it writes until it is stopped; `make_chat_model` learns two answers.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

from glassworks.lm.checkpoint import write_checkpoint
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import Transformer, build_model
from glassworks.lm.tokenizer import Tokenizer
from glassworks.lm.tokenizer.chat import Message, encode_chat
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.storage.store import Store, open_store

TEXT = "To be, or not to be, that is the question. " * 20


@dataclass(frozen=True)
class TinyModel:
    store: Store
    checkpoint: str
    tokenizer: str


def make_tiny_model(root: Path, scratch: Path | None = None) -> TinyModel:
    """scratch: where its files lie before they are published; the root itself if it is not given."""
    store = open_store(root / "store")
    root = scratch or root
    folder = root / "tokenizer"
    folder.mkdir()
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=270, special_tokens={}), iter([TEXT]))
    tokenizer = save_tokenizer(folder, trained.inner, trained.roles)
    tokenizer_id = store.artifacts.publish_folder("tokenizer", folder, {}).id
    document = {"width": 16, "layers": 1, "context": 32, "attention": {"heads": 2}}
    architecture = parse_architecture(document).with_vocab_size(tokenizer.vocab_size)
    model = build_model(architecture)
    folder = root / "checkpoint"
    folder.mkdir()
    write_checkpoint(folder, dict(model.named_parameters()), architecture, 7, tokenizer_id)
    checkpoint = store.artifacts.publish_folder("checkpoint", folder, {}).id
    return TinyModel(store, checkpoint, tokenizer_id)


TURNS = {
    "user": "<|user|>",
    "assistant": "<|assistant|>",
    "turn_end": "<|turn|>",
    "end": "<|end|>",
}
TEMPLATE = (
    "{% for m in messages %}{{ tokens[m.role] ~ m.content ~ tokens.turn_end }}{% endfor %}"
    "{% if add_generation_prompt %}{{ tokens.assistant }}{% endif %}"
)
"""A turn does not end with the token that ends a document, as in most published models."""
ANSWERS = {"ping": "pong", "knock": "who is there"}


def make_chat_model(root: Path) -> TinyModel:
    """A model that has learned two answers by heart, as turns of its tokenizer's chat template."""
    store = open_store(root / "store")
    folder = root / "tokenizer"
    folder.mkdir()
    trained = ByteBPE.train(ByteBPE.Config(vocab_size=280, special_tokens=TURNS), iter([TEXT]))
    tokenizer = save_tokenizer(folder, trained.inner, trained.roles, TEMPLATE)
    tokenizer_id = store.artifacts.publish_folder("tokenizer", folder, {}).id
    document = {"width": 32, "layers": 1, "context": 64, "attention": {"heads": 2}}
    architecture = parse_architecture(document).with_vocab_size(tokenizer.vocab_size)
    model = build_model(architecture)
    _learn_by_heart(model, tokenizer)
    folder = root / "checkpoint"
    folder.mkdir()
    write_checkpoint(folder, dict(model.named_parameters()), architecture, 7, tokenizer_id)
    checkpoint = store.artifacts.publish_folder("checkpoint", folder, {}).id
    return TinyModel(store, checkpoint, tokenizer_id)


def _learn_by_heart(model: Transformer, tokenizer: Tokenizer) -> None:
    talks = [
        [Message(role="user", content=asked), Message(role="assistant", content=answer)]
        for asked, answer in ANSWERS.items()
    ]
    rows = [torch.tensor([encode_chat(tokenizer, talk).ids]) for talk in talks]
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    for _ in range(80):
        for ids_BT in rows:
            logits = model.logits(model.hidden(ids_BT[:, :-1]))
            loss = cross_entropy(logits[0], ids_BT[0, 1:])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    assert loss.item() < 0.5
