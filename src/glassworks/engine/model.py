"""A model that a person uses: a reference resolved to an exact checkpoint, loaded in a process of its own."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from glassworks.common.errors import NotFound
from glassworks.common.settings import DEFAULT_PROJECT
from glassworks.engine.closing import Closing
from glassworks.engine.references import Resolved, resolve_artifact
from glassworks.engine.serve_client import ServeClient
from glassworks.engine.workshop import Workshop
from glassworks.storage.atomic import read_json
from glassworks.storage.store import Store

CHAT_TEMPLATE_FILE = "chat_template.jinja"


class Model(Closing):
    """`generate` starts the model's process on first use; `close` (or leaving a `with`) ends it."""

    def __init__(self, workshop: Workshop, source: Resolved, tokenizer: str) -> None:
        self.label = source.label
        """The exact checkpoint in words, e.g. `model/first-model@2`."""
        self.checkpoint = source.artifact
        self.tokenizer = tokenizer
        self.has_chat_template = has_chat_template(workshop.store, tokenizer)
        """Whether `chat` works: its tokenizer knows how a conversation is written."""
        self._workshop = workshop
        self._client: ServeClient | None = None

    def generate(self, prompt: str, **settings: Any) -> str:
        """The model's continuation of `prompt`.

        settings: temperature, top_k, top_p, min_p, repetition_penalty, frequency_penalty, presence_penalty, seed,
        max_tokens, stop. Raises InvalidSpec for a wrong one.
        """
        return "".join(self.stream(prompt, **settings))

    def stream(self, prompt: str, **settings: Any) -> Iterator[str]:
        """The continuation, piece by piece, as the model writes it."""
        yield from self._opened().generate(prompt, settings)

    def chat(self, messages: Sequence[Mapping[str, str]], **settings: Any) -> Iterator[str]:
        """The answer to a conversation, piece by piece. messages: `{"role": "user", "content": "..."}`, oldest first.

        settings: as for `generate`. Raises InvalidSpec where the model's tokenizer has no chat template.
        """
        yield from self._opened().generate({"messages": [dict(m) for m in messages]}, settings)

    def _opened(self) -> ServeClient:
        if self._client is None:
            client = ServeClient(self._workshop.store.root)
            client.load(self.checkpoint, self.tokenizer)
            self._client = client
        return self._client

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
        self._workshop.close()


def load_model(workshop: Workshop, ref: str, project: str = DEFAULT_PROJECT) -> Model:
    """Resolve `ref` to a checkpoint and its tokenizer; nothing is started yet. Raises NotFound, InvalidSpec."""
    source = resolve_artifact(workshop.store, ref, "checkpoint", project)
    return Model(workshop, source, tokenizer_of(workshop.store, source))


def has_chat_template(store: Store, tokenizer: str) -> bool:
    """Whether a tokenizer's artifact has a chat template."""
    return (store.artifacts.path(tokenizer) / CHAT_TEMPLATE_FILE).is_file()


def tokenizer_of(store: Store, source: Resolved) -> str:
    """Artifact id of the tokenizer that a checkpoint speaks through. Raises NotFound when it is gone."""
    folder = store.artifacts.path(source.artifact)
    tokenizer = str(read_json(folder / "checkpoint.json").get("tokenizer", ""))
    if not tokenizer or not store.artifacts.has(tokenizer):
        raise NotFound(
            "tokenizer-missing",
            f"The tokenizer of {source.label} is not in the store.",
            "Run its recipe again: the tokenizer is made anew, the model is reused.",
        )
    return tokenizer
