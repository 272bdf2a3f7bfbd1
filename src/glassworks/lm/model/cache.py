"""The KV cache: what attention computed for earlier positions, kept so that a new token costs one position only.

In: `model.new_cache(...)` makes an empty one; each `model(ids, cache)` appends its positions. Out: tensors for attention.
Memory is taken once, for `capacity` positions; nothing is copied when it grows.

Letters: B rows, S positions.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from glassworks.common.errors import LimitReached

LayerBuffers = dict[str, Tensor]


class LayerCache:
    """One layer's buffers by name, each (B, ..., capacity, numbers): the position is the last dimension but one."""

    def __init__(self, buffers: LayerBuffers) -> None:
        self.buffers = buffers
        self.length = 0

    def append(self, **new: Tensor) -> tuple[Tensor, ...]:
        """Add the pass's positions to the named buffers; returns each from position 0 to the newest."""
        num_new = next(iter(new.values())).shape[-2]
        end = self.length + num_new
        for name, values in new.items():
            self.buffers[name].narrow(-2, self.length, num_new).copy_(values)
        self.length = end
        return tuple(self.buffers[name].narrow(-2, 0, end) for name in new)


class KVCache:
    """All layers' caches. `length` positions are held; all rows have the same length."""

    def __init__(self, layers: Sequence[LayerBuffers], capacity: int) -> None:
        self.layers = [LayerCache(buffers) for buffers in layers]
        self.capacity = capacity

    @property
    def length(self) -> int:
        return self.layers[0].length

    @property
    def num_bytes(self) -> int:
        buffers = [b for layer in self.layers for b in layer.buffers.values()]
        return sum(b.numel() * b.element_size() for b in buffers)

    def check_room(self, num_new: int) -> None:
        """Raises LimitReached when `num_new` more positions do not fit."""
        if self.length + num_new > self.capacity:
            raise LimitReached(
                "context-full",
                f"The cache holds {self.length} of {self.capacity} positions; {num_new} more do not fit.",
                "Ask for fewer tokens, shorten the text, or use a model with a longer context.",
            )

    def truncate(self, length: int) -> None:
        """Forget all positions from `length` on."""
        for layer in self.layers:
            layer.length = min(layer.length, length)

    def select_rows(self, rows_B: Tensor) -> "KVCache":
        """A new cache whose row i is this one's row `rows_B[i]`: repeat one prompt, drop finished rows."""
        layers = [
            {name: torch.index_select(b, 0, rows_B) for name, b in layer.buffers.items()}
            for layer in self.layers
        ]
        chosen = KVCache(layers, self.capacity)
        for new, old in zip(chosen.layers, self.layers, strict=True):
            new.length = old.length
        return chosen
