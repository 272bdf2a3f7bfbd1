"""What a model's process can do once it holds a model: generate, look at the next token, score, count.

In: requests as dictionaries. Out: `Answer`s; pieces of text on the way by a callback. Requests run in threads and share
the model, which is only read. Knows nothing of sockets.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import psutil
import torch
from pydantic import Field, TypeAdapter, ValidationError
from torch.nn.functional import cross_entropy

from glassworks.common.errors import Conflict, InvalidSpec, LimitReached
from glassworks.lm.checkpoint import Checkpoint, read_checkpoint
from glassworks.lm.generate.generate import generate, next_token_logits
from glassworks.lm.generate.insight import MAX_ALTERNATIVES, likeliest
from glassworks.lm.generate.settings import GenerateSettings
from glassworks.lm.tokenizer import Tokenizer, load_tokenizer
from glassworks.lm.tokenizer.chat import Message, encode_prompt, turn_ends
from glassworks.specs.base import invalid_spec
from glassworks.storage.store import Store

SendPiece = Callable[[dict[str, Any]], None]
IsCancelled = Callable[[], bool]
MAX_SCORED_TOKENS = 65_536
MAX_MESSAGES = 1000
MESSAGES = TypeAdapter(Annotated[tuple[Message, ...], Field(min_length=1, max_length=MAX_MESSAGES)])
NUM_NAMED = 256
"""How many of the likeliest next tokens `next` spells out."""


@dataclass(frozen=True)
class Loaded:
    checkpoint_id: str
    tokenizer_id: str
    checkpoint: Checkpoint
    tokenizer: Tokenizer


@dataclass(frozen=True)
class Answer:
    """What a request is answered, and bytes beside it."""

    done: dict[str, Any]
    binary: bytes = b""


class Room:
    """Holds at most one model; loading another replaces it, and what still runs ends on the one it began with."""

    def __init__(self, store: Path, threads: int) -> None:
        torch.set_num_threads(threads)
        self._store = Store(store)
        self._loaded: Loaded | None = None
        self._started = time.monotonic()
        self._lock = threading.Lock()
        self._num_generations = 0
        self._num_tokens = 0

    def answer(
        self, request: dict[str, Any], send_piece: SendPiece, is_cancelled: IsCancelled
    ) -> Answer:
        """Do one request. Raises errors of the tree."""
        match request.get("op"):
            case "load":
                return Answer(self._load(_text(request, "checkpoint"), _text(request, "tokenizer")))
            case "generate":
                return Answer(self._generate(request, send_piece, is_cancelled))
            case "next":
                return self._next(request)
            case "score":
                return Answer(self._score(request))
            case "stats":
                return Answer(self._stats())
        raise InvalidSpec(
            "bad-request",
            f"The model's process cannot do {request.get('op')!r}.",
            "It knows: load, generate, next, score, cancel, stats.",
        )

    def _load(self, checkpoint_id: str, tokenizer_id: str) -> dict[str, Any]:
        artifacts = self._store.artifacts
        tokenizer = load_tokenizer(artifacts.path(tokenizer_id))
        device = "cuda" if torch.cuda.is_available() else "cpu"
        checkpoint = read_checkpoint(artifacts.path(checkpoint_id), device, torch.float32)
        checkpoint.model.lay_out_for_writing()
        self._loaded = Loaded(checkpoint_id, tokenizer_id, checkpoint, tokenizer)
        return self._about(self._loaded)

    def _generate(
        self, request: dict[str, Any], send_piece: SendPiece, is_cancelled: IsCancelled
    ) -> dict[str, Any]:
        loaded = self._model()
        prompt_ids = _prompt(request, loaded.tokenizer)
        is_chat = request.get("messages") is not None
        settings = _settings(request.get("settings") or {})
        num_told = _num_alternatives(request)
        started, first_s, num_tokens, reason = time.monotonic(), None, 0, None
        if num_told is not None:
            send_piece({"text": "", "ids": [], **_spelled(loaded.tokenizer, prompt_ids)})
        for piece in generate(
            loaded.checkpoint,
            loaded.tokenizer,
            prompt_ids,
            settings,
            is_cancelled,
            num_told,
            turn_ends(loaded.tokenizer) if is_chat else frozenset(),
        ):
            first_s = first_s if first_s is not None else time.monotonic() - started
            num_tokens += len(piece.ids)
            reason = piece.finish_reason
            if piece.text or piece.ids or piece.tokens:
                told = {} if num_told is None else {"tokens": [asdict(t) for t in piece.tokens]}
                send_piece({"text": piece.text, "ids": list(piece.ids), **told})
        with self._lock:
            self._num_generations += 1
            self._num_tokens += num_tokens
        spent_s = max(time.monotonic() - started, 1e-9)
        return {
            "finish_reason": reason,
            "num_prompt_tokens": len(prompt_ids),
            "num_tokens": num_tokens,
            "first_piece_s": round(first_s or 0.0, 6),
            "tokens_per_s": round(num_tokens / spent_s, 3),
        }

    def _next(self, request: dict[str, Any]) -> Answer:
        """The logits of the token after the prompt, of the whole vocabulary, and the spelling of the likeliest."""
        loaded = self._model()
        prompt_ids = _prompt(request, loaded.tokenizer)
        logits = next_token_logits(loaded.checkpoint, loaded.tokenizer, prompt_ids)
        named = likeliest(logits, loaded.tokenizer, NUM_NAMED)
        done = {
            **_spelled(loaded.tokenizer, prompt_ids),
            "vocab_size": logits.numel(),
            "pieces": {str(one.id): one.text for one in named},
        }
        return Answer(done, logits.detach().cpu().float().numpy().astype("<f4").tobytes())

    def _score(self, request: dict[str, Any]) -> dict[str, Any]:
        """Nats of each token given those before it in its window (the model's context); None where nothing is before."""
        loaded = self._model()
        ids = _ids(request, "text", "ids", loaded.tokenizer)
        if len(ids) > MAX_SCORED_TOKENS:
            raise LimitReached(
                "text-too-long",
                f"The text has {len(ids):,} tokens; at most {MAX_SCORED_TOKENS:,} are scored at once.",
                "Score it in parts.",
            )
        pieces = [loaded.tokenizer.piece(one) for one in ids]
        return {"ids": ids, "pieces": pieces, "nats": _nats(loaded, ids)}

    def _stats(self) -> dict[str, Any]:
        loaded = self._loaded
        return {
            "model": self._about(loaded) if loaded else None,
            "uptime_s": round(time.monotonic() - self._started, 3),
            "num_generations": self._num_generations,
            "num_tokens": self._num_tokens,
            "memory_bytes": psutil.Process().memory_info().rss,
        }

    def _model(self) -> Loaded:
        if self._loaded is None:
            raise Conflict("no-model-loaded", "No model is loaded yet.", "Load a checkpoint first.")
        return self._loaded

    @staticmethod
    def _about(loaded: Loaded) -> dict[str, Any]:
        model, architecture = loaded.checkpoint.model, loaded.checkpoint.architecture
        return {
            "checkpoint": loaded.checkpoint_id,
            "tokenizer": loaded.tokenizer_id,
            "step": loaded.checkpoint.step,
            "parameters": sum(weight.numel() for weight in model.parameters()),
            "context": architecture.context,
            "vocab_size": architecture.vocab_size,
            "has_chat_template": loaded.tokenizer.chat_template is not None,
        }


def _nats(loaded: Loaded, ids: list[int]) -> list[float | None]:
    """Windows follow each other; the first token of the text is read after an end token, as a document's is."""
    model, context = loaded.checkpoint.model, loaded.checkpoint.architecture.context
    end_id = loaded.tokenizer.role_id("end")
    stream = ([] if end_id is None else [end_id]) + ids
    found: list[float | None] = [None] if end_id is None and ids else []
    device = next(model.parameters()).device
    with torch.no_grad():
        for first in range(0, len(stream) - 1, context):
            window = torch.tensor(stream[first : first + context + 1], device=device)
            logits = model(window[None, :-1])[0].float()
            found += cross_entropy(logits, window[1:], reduction="none").tolist()
    return found


def _settings(fields: Any) -> GenerateSettings:
    try:
        return GenerateSettings.model_validate(fields)
    except ValidationError as error:
        raise invalid_spec(error, "generate") from error


def _num_alternatives(request: dict[str, Any]) -> int | None:
    """How many alternatives each token is told with; None: nothing is told."""
    num = request.get("alternatives")
    is_number = isinstance(num, int) and not isinstance(num, bool)
    if num is None or (is_number and 0 <= num <= MAX_ALTERNATIVES):
        return num
    raise InvalidSpec(
        "bad-request",
        f"alternatives: {num!r} is no number from 0 to {MAX_ALTERNATIVES}.",
        "Ask for fewer.",
        "alternatives",
    )


def _spelled(tokenizer: Tokenizer, ids: list[int]) -> dict[str, Any]:
    """The tokens as a person reads them, special ones by their names."""
    named = set(tokenizer.special_ids.values())
    pieces = [tokenizer.spelling(i) if i in named else tokenizer.piece(i) for i in ids]
    return {"prompt_ids": ids, "prompt_pieces": pieces}


def _prompt(request: dict[str, Any], tokenizer: Tokenizer) -> list[int]:
    """The tokens of a prompt: a text, ids, or messages, which the tokenizer's chat template writes."""
    given = request.get("messages")
    if given is None:
        return _ids(request, "prompt", "prompt_ids", tokenizer)
    try:
        messages = MESSAGES.validate_python(given)
    except ValidationError as error:
        raise invalid_spec(error, "messages") from error
    return list(encode_prompt(tokenizer, messages).ids)


def _text(request: dict[str, Any], field: str) -> str:
    value = request.get(field)
    if not isinstance(value, str):
        raise InvalidSpec("bad-request", f"The request needs {field!r}, a text.", "", field)
    return value


def _ids(request: dict[str, Any], text: str, ids: str, tokenizer: Tokenizer) -> list[int]:
    """The tokens of a request, given as text or as ids."""
    given = request.get(ids)
    if given is None:
        return tokenizer.encode(_text(request, text))
    if not isinstance(given, list) or not all(_is_token(one, tokenizer) for one in given):
        raise InvalidSpec(
            "unknown-token",
            "Not every number given is a token of this tokenizer.",
            f"It has the tokens 0 to {tokenizer.vocab_size - 1}.",
            ids,
        )
    return given


def _is_token(value: Any, tokenizer: Tokenizer) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number and 0 <= value < tokenizer.vocab_size
