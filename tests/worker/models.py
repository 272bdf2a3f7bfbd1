"""A tiny model with its tokenizer in a store, made on the spot: fresh weights, so it writes nonsense, but it writes.

Its tokenizer has no end token, so it writes until it is stopped.
"""

from dataclasses import dataclass
from pathlib import Path

from glassworks.lm.checkpoint import write_checkpoint
from glassworks.lm.model.architecture import parse_architecture
from glassworks.lm.model.transformer import build_model
from glassworks.lm.tokenizer.tokenizer import save_tokenizer
from glassworks.lm.tokenizer.trainers.byte_bpe import ByteBPE
from glassworks.storage.store import Store, open_store

TEXT = "To be, or not to be, that is the question. " * 20


@dataclass(frozen=True)
class TinyModel:
    store: Store
    checkpoint: str
    tokenizer: str


def make_tiny_model(root: Path) -> TinyModel:
    store = open_store(root / "store")
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
