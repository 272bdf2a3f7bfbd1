"""One layer: look around, then think; each adds what it found to the stream.

The norm stands before a part (`norm_placement: pre`), so that the stream itself runs through untouched and deep models
train from the first step on, or after the sum (`post`, the first transformers), which bounds the stream but wants a slow
start. Both parts may read the same input (`is_parallel`): one norm less, and no part waits for the other.

    pre               x = x + attention(norm(x));  x = x + feed_forward(norm(x))
    post              x = norm(x + attention(x));  x = norm(x + feed_forward(x))
    pre, parallel     y = norm(x);  x = x + attention(y) + feed_forward(y)
    post, parallel    x = norm(x + attention(x) + feed_forward(x))

Source: Vaswani et al. 2017 (post); Xiong et al. 2020, "On Layer Normalization in the Transformer Architecture" (pre);
Wang & Komatsuzaki 2021, GPT-J (parallel).
Letters: B rows, T positions, D width.
"""

import torch
from torch import Tensor, nn

from glassworks.lm.model.architecture import ArchitectureConfig
from glassworks.lm.model.attention import ATTENTIONS
from glassworks.lm.model.cache import LayerCache
from glassworks.lm.model.feed_forward import FEED_FORWARDS
from glassworks.lm.model.forward import ForwardPass
from glassworks.lm.model.norm import NORMS
from glassworks.lm.model.norm.base import Norm
from glassworks.lm.model.position.base import Position


def make_norm(architecture: ArchitectureConfig, width: int) -> Norm:
    norm: Norm = NORMS.load(architecture.norm.kind)(architecture.norm, width)
    return norm


class Block(nn.Module):
    """One layer, its parts one after the other."""

    def __init__(self, architecture: ArchitectureConfig) -> None:
        super().__init__()
        width, config = architecture.width, architecture
        attention = ATTENTIONS.load(config.attention.kind)
        feed_forward = FEED_FORWARDS.load(config.feed_forward.kind)
        self.is_pre = config.norm_placement == "pre"
        self.attention_norm = make_norm(config, width)
        self.attention = attention(config.attention, width, lambda size: make_norm(config, size))
        self.feed_forward_norm = None if config.is_parallel else make_norm(config, width)
        self.feed_forward = feed_forward(config.feed_forward, width)

    def initialize(self, generator: torch.Generator) -> None:
        self.attention_norm.initialize(generator)
        self.attention.initialize(generator)
        if self.feed_forward_norm is not None:
            self.feed_forward_norm.initialize(generator)
        self.feed_forward.initialize(generator)

    def forward(
        self, x_BTD: Tensor, position: Position, scope: ForwardPass, cache: LayerCache | None
    ) -> Tensor:
        if self.feed_forward_norm is None:
            return self._parallel(x_BTD, position, scope, cache)
        if self.is_pre:
            x_BTD = x_BTD + self.attention(self.attention_norm(x_BTD), position, scope, cache)
            y_BTD: Tensor = x_BTD + self.feed_forward(self.feed_forward_norm(x_BTD), scope)
        else:
            x_BTD = self.attention_norm(x_BTD + self.attention(x_BTD, position, scope, cache))
            y_BTD = self.feed_forward_norm(x_BTD + self.feed_forward(x_BTD, scope))
        return y_BTD

    def _parallel(
        self, x_BTD: Tensor, position: Position, scope: ForwardPass, cache: LayerCache | None
    ) -> Tensor:
        """Both parts read the same; `attention_norm` is the norm of the whole layer."""
        read_BTD = self.attention_norm(x_BTD) if self.is_pre else x_BTD
        looked_BTD = self.attention(read_BTD, position, scope, cache)
        y_BTD: Tensor = x_BTD + looked_BTD + self.feed_forward(read_BTD, scope)
        return y_BTD if self.is_pre else self.attention_norm(y_BTD)
