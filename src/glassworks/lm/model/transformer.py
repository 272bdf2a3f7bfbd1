"""The transformer: token ids in, one score for every possible next token out.

    ids_BT -> embedding -> layers x [ x + attention(norm(x)),  x + feed_forward(norm(x)) ] -> norm -> head -> logits_BTV

The residual stream x_BTD runs through; each part reads it, normalized, and adds what it found; `block.py` has the other
orders (norm after the sum, both parts at once). All parts are chosen by the architecture. `build_model` makes one with fresh weights; `lm/checkpoint` reads one with learned weights.

Unusual: weights are drawn from a generator of their own, so building a model disturbs no other random stream. What a
part adds to the stream starts at zero (each layer begins as the identity), and so does an untied head: the first loss is
exactly ln(vocabulary). Of a tied head `expected_first_loss` says what to expect.

Letters: B rows, T positions, S positions with those in the cache, D width, V vocabulary.
"""

from math import exp, log, sqrt, tanh

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

from glassworks.common.errors import LimitReached
from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.block import Block, make_norm
from glassworks.lm.model.cache import KVCache
from glassworks.lm.model.component import fill_normal, soft_cap
from glassworks.lm.model.forward import ForwardPass, Wish
from glassworks.lm.model.lookup import lookup
from glassworks.lm.model.position import POSITIONS
from glassworks.lm.model.position.base import Position

TIED_STD = 0.02
"""Size of tied embeddings at the start: they are the head too, and its scores should start small."""


class Embedding(nn.Module):
    """A vector for each token: weight (V, D)."""

    def __init__(self, vocab_size: int, width: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocab_size, width))

    def forward(self, ids_BT: Tensor) -> Tensor:
        return lookup(self.weight, ids_BT)


class Transformer(nn.Module):
    """A decoder-only transformer of an architecture whose `vocab_size` is known; weights are left unset."""

    def __init__(self, architecture: ArchitectureConfig) -> None:
        super().__init__()
        self.architecture = architecture
        config, width = architecture, architecture.width
        rotated_width = config.attention.rotated_width(width)
        make_position = POSITIONS.load(config.position.kind)
        self.embedding = Embedding(config.num_tokens, width)
        self.position = make_position(config.position, width, config.context, rotated_width)
        self.layers = nn.ModuleList(Block(config) for _ in range(config.layers))
        # with the norm after each part, the last part's is the last one
        self.norm = make_norm(config, width) if config.norm_placement == "pre" else None
        self.head = None if config.is_tied else Embedding(config.num_tokens, width)

    def initialize(self, generator: torch.Generator) -> None:
        """Fill all weights, in a fixed order."""
        std = TIED_STD if self.head is None else 1.0
        fill_normal(self.embedding.weight, std, generator)
        self.position.initialize(generator, std)
        for block in self.blocks:
            block.initialize(generator)
        if self.norm is not None:
            self.norm.initialize(generator)
        if self.head is not None:
            nn.init.zeros_(self.head.weight)

    @property
    def blocks(self) -> list[Block]:
        return [block for block in self.layers if isinstance(block, Block)]

    @property
    def device(self) -> torch.device:
        return self.embedding.weight.device

    @property
    def dtype(self) -> torch.dtype:
        return self.embedding.weight.dtype

    @property
    def head_weight(self) -> Tensor:
        """What turns the stream into scores, (V, D): the head's own, or the embedding where it is tied."""
        head = self.embedding if self.head is None else self.head
        return head.weight

    @property
    def vocab_size(self) -> int:
        return self.architecture.num_tokens

    @property
    def num_parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.parameters())

    @property
    def has_wishes(self) -> bool:
        """Whether parts have losses of their own."""
        return any(block.feed_forward.has_wishes for block in self.blocks)

    @property
    def has_open_shapes(self) -> bool:
        """Whether the sizes of some products depend on the numbers."""
        return any(block.feed_forward.has_open_shapes for block in self.blocks)

    def forward(
        self,
        ids_BT: Tensor,
        cache: KVCache | None = None,
        segments_BS: Tensor | None = None,
        wishes: list[Wish] | None = None,
    ) -> Tensor:
        """Scores of the next token after each position: ids_BT (int) -> logits_BTV, in the weights' dtype.

        `cache`: go on after the positions that it holds, and add these. `segments_BS`: the document number of every
        position from the cache's first one on; attention then stays inside documents. `wishes`: takes the losses that
        parts have of their own, such as the balance of a mixture of experts.
        """
        return self.logits(self.hidden(ids_BT, cache, segments_BS, wishes))

    def hidden(
        self,
        ids_BT: Tensor,
        cache: KVCache | None = None,
        segments_BS: Tensor | None = None,
        wishes: list[Wish] | None = None,
    ) -> Tensor:
        """The stream after the last norm: ids_BT -> x_BTD. Raises LimitReached beyond the context."""
        scope = self._scope(ids_BT, cache, segments_BS)
        scope.wishes = wishes
        x_BTD = self.position.embed(self.embedding(ids_BT), scope.start)
        for number, block in enumerate(self.layers):
            layer_cache = None if cache is None else cache.layers[number]
            x_BTD = block(x_BTD, self.position, scope, layer_cache)
        y_BTD: Tensor = x_BTD if self.norm is None else self.norm(x_BTD)
        return y_BTD

    def logits(self, x_BTD: Tensor) -> Tensor:
        """The head alone: the stream at some positions -> their scores, (..., D) -> (..., V)."""
        return soft_cap(linear(x_BTD, self.head_weight), self.architecture.logit_cap)

    def lay_out_for_writing(self) -> "Transformer":
        """Let one product do where several read the same; returns the model itself.

        No value changes. For a model that learns nothing more, once it has its dtype and its place.
        """
        for block in self.blocks:
            block.attention.join()
        return self

    def new_cache(self, num_rows: int = 1, capacity: int | None = None) -> KVCache:
        """An empty cache for `num_rows` texts of at most `capacity` positions (default: the context)."""
        capacity = min(capacity or self.architecture.context, self.architecture.context)
        buffers = [block.attention.new_buffers(num_rows, capacity) for block in self.blocks]
        return KVCache(buffers, capacity)

    def _scope(
        self, ids_BT: Tensor, cache: KVCache | None, segments_BS: Tensor | None
    ) -> ForwardPass:
        num_positions, start = ids_BT.shape[1], 0
        if cache is not None:
            cache.check_room(num_positions)
            start = cache.length
        if start + num_positions > self.architecture.context:
            raise LimitReached(
                "context-full",
                f"The text has {start + num_positions} tokens; the model looks at most at "
                f"{self.architecture.context}.",
                "Ask for fewer tokens, shorten the text, or use a model with a longer context.",
            )
        score_bias = self.position.score_bias if self.position.has_score_bias else None
        return ForwardPass(num_positions, start, segments_BS, score_bias)


def build_model(
    architecture: ArchitectureConfig, vocab_size: int | None = None, seed: int = 1337
) -> Transformer:
    """A model with fresh weights (fp32, CPU): equal seeds give equal bits, whatever was drawn before."""
    if vocab_size is not None:
        architecture = architecture.with_vocab_size(vocab_size)
    model = Transformer(architecture)
    model.initialize(torch.Generator(device="cpu").manual_seed(seed))
    return model


def expected_first_loss(architecture: ArchitectureConfig) -> float:
    """The loss of a model that has learned nothing, in nats a token: ln V with a head of its own, which begins at zero.

    A tied head begins as the embedding e, with numbers of size s, and reads the embedding of the last token again, turned
    to length sqrt(D): that token gets the score a = s D, or s D / sqrt(2) where a position of the same size was added
    to it, and all others scores of size s sqrt(D): ln(V exp(s^2 D / 2) + exp(a)). It is wrong about the token that it just read.
    """
    num_tokens, width = architecture.num_tokens, architecture.width
    if not architecture.is_tied:
        return log(num_tokens)
    has_added = POSITIONS.load(architecture.position.kind).embed is not Position.embed
    own = TIED_STD * width / (sqrt(2) if has_added else 1)
    if cap := architecture.logit_cap:
        own = cap * tanh(own / cap)
    return log(num_tokens * exp(TIED_STD**2 * width / 2) + exp(own))
